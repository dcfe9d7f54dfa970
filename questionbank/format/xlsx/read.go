package xlsx

import (
	"slices"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// Format is this format, for questionbank.Service. It reads .xls, .csv and .tsv
// as well, and a .zip with one of them and the pictures it names.
func Format() questionbank.Format {
	return questionbank.Format{Name: "xlsx", Ext: ".xlsx", Extension: Extension, Read: Read, Write: WriteExport}
}

// Read finds the questions of a spreadsheet, on every sheet that has a header
// we know. Of our own template only the sheet of questions is read, for the
// examples beside it are not meant.
func Read(in questionbank.Input) (questionbank.Parsed, error) {
	src, err := open(in)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	parsed := questionbank.Parsed{Format: src.book.Format, Encoding: src.book.Encoding}
	tables, err := src.tables(in.Columns)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	for _, t := range tables {
		parsed.Messages = append(parsed.Messages, notices(t.Table)...)
		items, messages, err := src.items(t)
		if err != nil {
			return questionbank.Parsed{}, err
		}
		parsed.Items = append(parsed.Items, items...)
		parsed.Messages = append(parsed.Messages, messages...)
	}
	parsed.Messages = append(parsed.Messages, src.unused()...)
	if len(parsed.Items) == 0 {
		parsed.Messages = append(parsed.Messages, invalid("questionbank.import.no_items"))
	}
	return parsed, nil
}

// table is a sheet with questions and how they stand on it.
type table struct {
	*sheet.Table
	own bool
	qa  *qaColumns // one question takes several rows
}

// tables is the sheets with questions. The refusal of the most promising sheet
// is kept for a book where none has any.
func (s *source) tables(columns map[string]string) ([]table, error) {
	var found []table
	var refusal error
	chosen, err := parseColumns(columns)
	if err != nil {
		return nil, err
	}
	for _, sh := range s.book.Sheets() {
		if sh.Hidden {
			continue
		}
		t, err := s.table(sh, chosen[sh.Name])
		switch {
		case fault.KindOf(err) == fault.TooLarge:
			return nil, err
		case err != nil && fault.Of(err) == nil:
			return nil, err
		case err != nil:
			if refusal == nil || fault.Of(err).Key == "sheet.no_column" {
				refusal = err
			}
		case t.own && sh.Name == sheetItems:
			return []table{t}, nil
		default:
			found = append(found, t)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case refusal != nil:
		return nil, invalid("questionbank.import.no_header").Because(refusal)
	default:
		return nil, invalid("sheet.all_hidden")
	}
}

// needed is what a header must have: something to ask, and one thing more.
var needed = []string{fStem, optionField(0) + "|" + fCorrect + "|" + fType + "|" + fOptions}

// table finds the header of a sheet; what the user said of its columns comes first.
func (s *source) table(sh sheet.Sheet, chosen chosenColumns) (table, error) {
	t, err := s.book.TableIn(sh, aliases, needed...)
	if len(chosen.fields) > 0 {
		if fault.KindOf(err) == fault.TooLarge {
			return table{}, err
		}
		if t, err = chosen.apply(s.book, sh, t, err); err != nil {
			return table{}, err
		}
		return table{Table: t, own: own(t)}, nil
	}
	if err == nil && own(t) {
		return table{Table: t, own: true}, nil
	}
	qa, qaErr := s.qaLayout(sh)
	if qaErr != nil {
		return table{}, qaErr
	}
	if qa != nil {
		return table{Table: qa.table, qa: qa}, nil
	}
	return table{Table: t}, err
}

// own reports whether a table is our template's: its texts are Markdown then.
func own(t *sheet.Table) bool {
	return sheet.Title(t.HeaderTitle(fStem)) == "POKOK SOAL" && sheet.Title(t.HeaderTitle(fCode)) == "KODE BUTIR"
}

// notices says what of a table is left out.
func notices(t *sheet.Table) []*fault.Fault {
	var found []*fault.Fault
	for _, d := range t.Duplicates {
		found = append(found, invalid("questionbank.import.column_twice", d.Title, d.Kept).Place(d.Left))
	}
	return found
}

// maxQuestions is far beyond any bank, and keeps memory in bounds.
const maxQuestions = 50_000

// items reads a table's questions and gives them their pictures.
func (s *source) items(t table) ([]questionbank.ParsedItem, []*fault.Fault, error) {
	if t.qa != nil {
		return s.qaItems(t)
	}
	fields := fieldsOf(t.Table)
	pictures, err := s.pictures(t.Sheet)
	if err != nil {
		return nil, nil, err
	}
	var items []questionbank.ParsedItem
	for record, err := range t.Rows() {
		if err != nil {
			return nil, nil, err
		}
		r := row{record: line{record, t.Table}, own: t.own, csv: !s.book.Lettered(), fields: fields, files: s.files}
		r.files.pictures = pictures.take(record.N, record.N)
		for i := range r.files.pictures {
			r.files.pictures[i].option = optionUnder(t.Table, r.files.pictures[i].column)
		}
		if r.empty() && len(r.files.pictures) == 0 {
			continue
		}
		if len(items) >= maxQuestions {
			return nil, nil, fault.New(fault.TooLarge, "questionbank.import.too_many", maxQuestions)
		}
		items = append(items, r.item())
	}
	return items, pictures.lost(s.book, t.Sheet), nil
}

// fieldsOf is the fields that a table has columns for, in order.
func fieldsOf(t *sheet.Table) []string {
	fields := slices.DeleteFunc(t.Fields(), func(f string) bool { return f == fNumber || f == fCheck })
	return fields
}

// empty reports whether the row asks nothing: sheets come with their rows
// numbered in advance, and some with the type filled in too.
func (r *row) empty() bool {
	if r.own && r.text(fCode) != "" {
		return false
	}
	for _, field := range []string{fStem, fCorrect, fStimulus, fRationale, fOptions} {
		if r.text(field) != "" {
			return false
		}
	}
	for i := range mostOptions {
		field := optionField(i)
		if r.has(field) && r.text(field) != "" {
			return false
		}
	}
	return true
}
