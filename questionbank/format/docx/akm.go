package docx

import (
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/text"
)

// The columns of GarudaCBT's tables: no, soal, jenis, and then as the kind of
// question wants. Its importer counts them in the same way.
const (
	akmKind    = 2
	akmLetter  = 3
	akmOption  = 4
	akmRight   = 5
	akmRow     = 3
	akmRowText = 4
	akmCol     = 5
	akmColText = 6
	akmKeyRow  = 7
	akmKeyCols = 8
	akmAnswer  = 3
	akmChoice  = 6 // cells of a row of each kind
	akmPairs   = 9
	akmOpen    = 4
)

// akmKinds is what the digit in the column jenis means.
var akmKinds = map[string]questionbank.Type{
	"1": questionbank.Single, "2": questionbank.Multiple, "3": questionbank.Match, "4": questionbank.Short, "5": questionbank.Essay,
}

// akm reads the five kinds of GarudaCBT's AKM template: a row for each option,
// with the number, the question and the kind merged downwards; nil where the
// table is another.
func akm(t *table) []*text.Draft {
	first := -1
	for i, r := range t.rows[:min(len(t.rows), 4)] {
		if len(r.cells) > akmKind && akmKinds[r.cells[akmKind].word()] != "" && r.fits(akmKinds[r.cells[akmKind].word()]) {
			first = i
			break
		}
	}
	if first < 0 {
		return nil
	}
	a := akmReader{drafts: []*text.Draft{}}
	for _, r := range t.rows[first:] {
		a.row(r)
	}
	return a.drafts
}

func (r row) fits(t questionbank.Type) bool {
	switch t {
	case questionbank.Match:
		return len(r.cells) == akmPairs
	case questionbank.Short, questionbank.Essay:
		return len(r.cells) == akmOpen
	}
	return len(r.cells) == akmChoice
}

type akmReader struct {
	drafts []*text.Draft
	kind   questionbank.Type
	keys   map[string]string // of a match: row's code → columns' codes
}

func (a *akmReader) row(r row) {
	if len(r.cells) <= akmKind {
		return
	}
	if k := akmKinds[r.cells[akmKind].word()]; k != "" && r.fits(k) {
		a.kind = k
	}
	if !r.fits(a.kind) {
		if n := len(a.drafts); n > 0 && !r.empty() {
			a.drafts[n-1].Notes = append(a.drafts[n-1].Notes, r.skipped())
		}
		return
	}
	if !r.cells[0].joined && (r.cells[0].word() != "" || !r.cells[1].joined && !r.cells[1].empty()) || len(a.drafts) == 0 {
		a.keys = map[string]string{}
		a.drafts = append(a.drafts, &text.Draft{At: r.at, Number: r.cells[0].word(), Type: a.kind, Stem: r.cells[1].content()})
	}
	d := a.drafts[len(a.drafts)-1]
	if raw := r.raw(); strings.TrimSpace(raw) != "" {
		d.Raw = append(d.Raw, raw)
	}
	switch a.kind {
	case questionbank.Match:
		a.pairs(d, r)
	case questionbank.Short, questionbank.Essay:
		d.Key = r.cells[akmAnswer].content()
	default:
		if o := r.cells[akmOption]; !o.empty() {
			d.Options = append(d.Options, text.Option{
				Label: r.cells[akmLetter].plain(), Lines: o.content(), Right: ticked(r.cells[akmRight].plain()), At: r.at,
			})
		}
	}
}

// pairs takes one row of a match: a row, a column, and what belongs to a row,
// each in cells of its own.
func (a *akmReader) pairs(d *text.Draft, r row) {
	if c := r.cells[akmRowText]; !c.empty() {
		d.Options = append(d.Options, text.Option{Label: r.cells[akmRow].plain(), Lines: c.content(), At: r.at})
	}
	if c := r.cells[akmColText]; !c.empty() {
		d.Targets = append(d.Targets, text.Option{Label: r.cells[akmCol].plain(), Lines: c.content(), At: r.at})
	}
	if key := r.cells[akmKeyCols].plain(); key != "" {
		a.keys[strings.ToUpper(r.cells[akmKeyRow].plain())] = key
	}
	for i := range d.Options {
		d.Options[i].Pairs = a.keys[strings.ToUpper(d.Options[i].Label)]
	}
}

// ticked reads the marks that authors put beside a right option.
func ticked(s string) bool {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "V", "✓", "√", "✔", "☑", "X", "1", "YA", "BENAR", "B", "*", "TRUE":
		return true
	}
	return false
}
