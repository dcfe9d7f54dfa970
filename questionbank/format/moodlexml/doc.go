// Package moodlexml reads and writes Moodle's XML of questions.
//
// What it makes of each qtype follows Moodle's own importer
// (question/format/xml/format.php and the qtypes' import_from_xml), but for
// what that importer does in silence: every element whose meaning is lost, and
// every question that is left out, is spoken of with its line.
//
// Moodle has no place for some of what an item of ours holds. Where a tag can
// carry it ("cakap:indicator=A1.4") it travels there and comes back; such a
// hint about weights is believed only where the weights in the file are still
// those that it would give, so that a change made in Moodle wins.
package moodlexml

import "cakap/questionbank"

const name = "moodlexml"

// Format is Moodle XML.
func Format() questionbank.Format {
	return questionbank.Format{Name: name, Ext: ".xml", Read: Read, Write: Write}
}
