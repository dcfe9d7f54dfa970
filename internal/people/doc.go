// Package people holds who is measured: agencies and their unit trees, civil
// servants with their NIP, and the roster import that brings them in from the
// spreadsheets that agencies really have.
//
// A person is a surrogate id. The NIP is an attribute with a history, because a
// PPPK who changes agency, or becomes PNS, gets a new number. A NIP is text of
// 18 digits and never a number; it stands in no log, no URL and no audit entry.
//
// Units are keyed by their UNOR id or by their full path, never by name: one
// province has 546 units called "Fungsional".
package people
