// Package qti reads IMS QTI 2.1, 2.2 and 3.0: single items, and packages with a
// manifest. The names of QTI 3 are turned into those of QTI 2 first, so there
// is one reader for all.
//
// How an item scores is found by trying: its response processing is run (package
// rp) with every answer that matters, and the canonical rule that gives the same
// points for all of them is taken. Where none does, the item is rejected with
// an answer that would score differently; two differences that are Cakap's own
// policy are warnings instead: parts of an all-or-nothing item earn their share,
// and wrong pairs do not take away what right ones earned.
package qti
