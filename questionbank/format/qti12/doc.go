// Package qti12 reads questions in IMS QTI 1.2 and what grew out of it: Canvas
// exports (one file, a quiz package, a Common Cartridge), files of the classic
// specification, and Blackboard's test files (.dat with bbmd_questiontype,
// classic pools, the tab-separated upload, and packages of them).
//
// QTI 1.2 says how an answer is scored in conditions, and its many writers use
// them in many ways. So nothing is guessed from their form: the conditions are
// run on every answer that matters, and the rule that gives the same points is
// taken. Where none does, the question is refused and says so.
package qti12
