// Package sheet reads spreadsheets as people really make them: .xlsx with
// title rows, merged headers and stray formatting, .xls as Excel 97 left it, .csv
// in whatever encoding and with whatever separator the office's Excel chose.
//
// Every file is hostile until read: content is sniffed and never the extension
// believed, an archive is judged by its directory before a byte of it is
// unpacked, nothing is ever written to disk, and each limit has its own
// refusal. Rows stream in constant memory.
//
// Workbooks are read by a scanner of our own and not by excelize: excelize's row
// stream hides whether a cell held a number, and that is the one thing that
// tells a NIP which Excel has damaged from a sound one. Reading 5,000 × 70 cells
// also takes it four times as long and 300 MB of garbage where this package
// makes 7 (BenchmarkRows, BenchmarkExcelizeRows). What both can read, both read
// alike: TestReadsLikeExcelize.
package sheet
