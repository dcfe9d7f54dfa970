// Package gift reads and writes Moodle's GIFT, text files such as
//
//	::Ibu kota:: Ibu kota Jawa Barat adalah {=Bandung ~Bogor#Bukan ~Bekasi}.
//
// It reads what Moodle's own importer reads (question/format/gift/format.php),
// in the same order of decisions, but speaks where Moodle silently makes
// something else of a slip: every doubt is a warning with its line, and what
// cannot be understood is a rejected question, never a lost one.
//
// What GIFT has no place for travels in tags of our own in a comment
// ("// [tag:cakap:indicator=A1.4]"), which Moodle keeps and our reader takes
// back; whatever cannot travel even so is listed as a loss.
package gift
