package xlsx

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// record is what holds one question's cells by field: a row of a sheet, several
// rows together, or cells that are about to be written.
type record interface {
	Cell(field string) sheet.Cell
	At(field string) string // the place of a cell, or of the row where there is no such column
	Has(field string) bool
}

// texts is a record of cells that stand in no file.
type texts map[string]string

func (t texts) Cell(field string) sheet.Cell { return sheet.Cell{Text: t[field]} }
func (t texts) At(string) string             { return "" }
func (t texts) Has(string) bool              { return true }

// line is one row of a table.
type line struct {
	sheet.Record
	table *sheet.Table
}

func (l line) Has(field string) bool { return l.table.Has(field) }

// row is a question on its way from its cells.
type row struct {
	record
	own    bool // of our template: its texts are Markdown
	csv    bool // of a text file, where an apostrophe guards against formulas
	html   bool // the row was told that its tags went
	fields []string
	files  fileSource
	found  questionbank.ParsedItem
}

func invalid(key string, args ...any) *fault.Fault { return fault.New(fault.Invalid, key, args...) }

func (r *row) has(field string) bool { return r.Has(field) }

// text is a cell's text with its line breaks.
func (r *row) text(field string) string {
	text := r.Cell(field).Text
	if r.csv {
		text = unguard(text)
	}
	return tidyCell(text)
}

// tidyCell is a cell's text without what a spreadsheet program may change of it
// when it saves: the kind of line breaks, spaces at the ends.
func tidyCell(text string) string {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
}

func (r *row) reject(f *fault.Fault, field string) {
	r.found.Rejects = append(r.found.Rejects, f.On(field).Place(r.At(field)))
}

func (r *row) warn(f *fault.Fault, field string) {
	r.found.Warnings = append(r.found.Warnings, f.On(field).Place(r.At(field)))
}

// markdown is a cell as Markdown: of our template as it stands, of another
// sheet with everything escaped that Markdown would take for a mark.
func (r *row) markdown(field string) string {
	text := r.plain(field)
	if r.own {
		return text
	}
	return questionbank.Markdown(text)
}

var (
	htmlStart = regexp.MustCompile(`(?i)^\s*<(p|div|span|b|strong)\b[^>]*>`)
	htmlBreak = regexp.MustCompile(`(?i)<br\s*/?>|</p>\s*<p[^>]*>`)
	htmlTag   = regexp.MustCompile(`(?i)</?(p|div|span|br|b|strong|i|em|u)(\s[^>]*)?/?>`)
)

// plain is a cell as text. A cell that begins with a paragraph tag was meant
// as HTML by the program it comes from: its simplest tags go, with a word.
// Any other "<" is what the author asks about.
func (r *row) plain(field string) string {
	text := r.text(field)
	if r.own || !htmlStart.MatchString(text) {
		return text
	}
	bare := strings.TrimSpace(html.UnescapeString(htmlTag.ReplaceAllString(htmlBreak.ReplaceAllString(text, "\n"), "")))
	if bare == "" {
		return text // a lone tag is what is asked about
	}
	if !r.html {
		r.warn(invalid("questionbank.import.html_removed"), field)
	}
	r.html = true
	return bare
}

// raw is the cells as they stood, by place.
func (r *row) raw() []byte {
	cells := map[string]string{}
	for _, field := range r.fields {
		if text := r.Cell(field).Text; text != "" {
			cells[r.At(field)] = text
		}
	}
	body, err := json.Marshal(cells)
	if err != nil {
		panic(err) // texts always encode
	}
	return body
}

// guard makes a text safe in a file of separated values, where a spreadsheet
// program takes what begins like a formula for one. unguard is its inverse.
func guard(text string) string {
	if sheet.FormulaStart(text) || strings.HasPrefix(text, "'") {
		return "'" + text
	}
	return text
}

func unguard(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && guard(rest) != rest {
		return rest
	}
	return text
}
