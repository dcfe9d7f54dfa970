// Package docx reads questions from Word files.
//
// The document is read as a stream: paragraphs with the styles of their runs,
// the numbers and letters that Word counts for them and never stores, tables,
// pictures and text boxes. Tables in the layouts that Indonesian test programs
// hand out become drafts of questions; everything else goes, paragraph by
// paragraph, to package text. Insertions that wait for approval are taken,
// deletions are not; headers, footers, comments and macros are never read.
// What Word can show and an item cannot is named in the item's warnings.
package docx
