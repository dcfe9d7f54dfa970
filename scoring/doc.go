// Package scoring turns answers into scores. It is pure: no clock, no chance,
// no storage, so every rule can be read and tested as arithmetic, and a result
// computed twice from the same input is the same to the last digit.
//
// Points are integers (Micro, millionths of a point) and scores are integers
// (Mark, hundredths of a percent), because sums of binary fractions differ
// between machines and orders of addition and a stored result must not.
package scoring

// RulesVersion names the rules of this package as they stand. It is stored
// with every result; a change of any formula changes it.
const RulesVersion = "2026.1"
