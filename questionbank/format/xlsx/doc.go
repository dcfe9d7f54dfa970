// Package xlsx reads and writes questions in spreadsheets: our own template,
// which carries everything of an item and comes back without loss, and the
// sheets of other Indonesian test programs, whose columns are found by their
// titles.
//
// Every cell is plain text: nothing in it is run, fetched or taken for markup.
// What is written is text too ("@"), so that no formula can hide in an option.
package xlsx
