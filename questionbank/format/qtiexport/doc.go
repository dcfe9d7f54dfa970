// Package qtiexport writes items as IMS QTI packages: version 2.1, which every
// test system of the last fifteen years reads, and 3.0.
//
// An item is built once, in the words of 2.1; writing it as 3.0 only changes
// the names. Where a response processing template says what our rule does, it
// is used (match_correct, map_response); the rest is written out with few and
// plain expressions:
//
//	number lists                    equal, gte, lte, gt, lt in an if–else chain
//	items of several parts          sum of the parts' scores
//	matrices with many per row      a row at a time: member, not, and
//	order_absolute, order_next, …   index
//
// What QTI has no place for (indicator, level, reasons, weights, wildcards …)
// stands as JSON in the metadata of the item's resource in the manifest, as an
// element of our own namespace, which other systems skip. A fingerprint of the
// item file stands beside it: Restore takes the JSON only where the item still
// says what it said when it was written, so an edited file always wins.
package qtiexport
