// Package format lists the question formats that Cakap reads and writes, in
// the order in which a file's content is tried.
package format

import (
	"bytes"
	"path"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
	"cakap/questionbank/format/docx"
	"cakap/questionbank/format/gift"
	"cakap/questionbank/format/jsonsoal"
	"cakap/questionbank/format/moodlexml"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/format/qti"
	"cakap/questionbank/format/qti12"
	"cakap/questionbank/format/qtiexport"
	"cakap/questionbank/format/tcexam"
	"cakap/questionbank/format/text"
	"cakap/questionbank/format/xlsx"
)

// All is every format. Those that know their files by unmistakable marks come
// first; the tolerant reader of plain text, who finds a question in almost
// anything, comes last.
func All() []questionbank.Format {
	return []questionbank.Format{
		docx.Format(), qti.Format(), qti12.Format(), moodlexml.Format(), tcexam.Format(), jsonsoal.Format(),
		gift.Format(), cloze.Format(), sheets(), text.Aiken(), text.Format(),
		xlsx.CSV(), qtiexport.Format21(), qtiexport.Format30(),
	}
}

// Read is what the bank's service does with a file: the first format that
// takes it reads it.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	return (&questionbank.Service{Formats: All()}).Parse(in, "")
}

// sheets is the spreadsheet reader. Any text is a sheet of one column to it;
// where it finds no header in one that does not call itself a sheet, the next
// reader is asked.
func sheets() questionbank.Format {
	f := xlsx.Format()
	read := f.Read
	f.Read = func(in questionbank.Input) (questionbank.Parsed, error) {
		parsed, err := read(in)
		if err != nil && plainText(in) {
			return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.import.format_unknown", "").Because(err)
		}
		return parsed, err
	}
	return f
}

func plainText(in questionbank.Input) bool {
	switch strings.ToLower(path.Ext(in.Name)) {
	case ".csv", ".tsv", ".xlsx", ".xls":
		return false
	}
	return !pack.IsZip(in.Content) && !bytes.HasPrefix(in.Content, []byte("\xd0\xcf\x11\xe0"))
}
