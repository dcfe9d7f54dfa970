// Package rp runs the response processing of QTI items: given what a person
// answered, the outcomes that the item's own rules come to. It is the subset of
// the language that always gives the same outcomes for the same answer; items
// that draw random numbers, call a vendor's operator or ask about the whole
// test are refused by the name of the element, never half understood.
//
// Arithmetic is exact (decimals, no floats) wherever the language allows, so
// that 3.175 rounded to two places is 3.18. A program is bounded: it has no
// loops, containers and numbers have a largest size, and nothing is fetched.
package rp
