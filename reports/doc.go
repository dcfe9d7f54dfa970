// Package reports turns the results of an event into what officers take away:
// a workbook per agency, a zip of all of them, and the figures and charts of
// the dashboard. It reads and writes nothing back.
//
// Everything printed is a function of the data alone. The time on a report is
// the time of the last change in its data, never of the download, so the same
// data give the same bytes, and the verification code on the cover is the
// SHA-256 of the scores inside.
//
// Workbooks go through excelize's stream writer. Three of its traps shape the
// code (see book.go): whatever is set on a sheet after Flush is lost in
// silence, AutoFilter forgets sheet properties set before it, and the order of
// parts in the file is that of a Go map.
package reports
