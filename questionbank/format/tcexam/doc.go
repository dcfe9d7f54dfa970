// Package tcexam reads and writes the questions of TCExam: its XML both ways,
// its tab-separated values only in.
//
// TCExam marks text with codes in brackets ("[b]tebal[/b]"), multiplies a
// question's points by what it calls difficulty, and leaves partial credit to
// the test. Questions go out with all that TCExam understands; what it does not
// (indicator, level, weights, rules) stands as JSON in an element of the
// question that its importer skips, with a fingerprint of the rest: where
// somebody changed the question in between, the change wins.
package tcexam
