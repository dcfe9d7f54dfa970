// Package xlsx reads and writes questions in spreadsheets: our own template,
// which carries everything of an item and comes back without loss, and the
// sheets of other Indonesian test programs, whose columns are found by their
// titles or named by the user (Preview, questionbank.Input.Columns). It reads
// .xlsx, .xls and separated values, alone or in a .zip with the files they name.
//
// In the template people fill in plain columns (help.go tells them how). What
// those cannot say of an item stands beside them in hidden cells, sealed with a
// hash of what is seen: a row that somebody changed counts as it is seen, and a
// warning says what went (data.go). Whether the plain columns say everything is
// never guessed: the writer reads its own cells back (values.go).
//
// Every cell is plain text: nothing in it is run, fetched or taken for markup.
// What is written is text too ("@"), so that no formula can hide in an option;
// in separated values an apostrophe stands before what would be one.
package xlsx
