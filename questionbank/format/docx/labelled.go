package docx

import (
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank/format/text"
)

var (
	stemLabel   = regexp.MustCompile(`^(?:Q|SOAL|PERTANYAAN|QUESTION|SOAL NO|NO SOAL|SOAL NOMOR|NOMOR|NO)? ?(\d{1,3})$`)
	stemTitle   = regexp.MustCompile(`^(?:SOAL|PERTANYAAN|QUESTION|Q|POKOK SOAL|TEKS SOAL|ISI SOAL|BUTIR SOAL|PERNYATAAN)$`)
	numberTitle = regexp.MustCompile(`^(?:NO|NOMOR|NO SOAL|NOMOR SOAL)$`)
	colonRow    = regexp.MustCompile(`^\s*([\pL][\pL ]{0,30}?)\s*[:=]\)?\s*`)
)

// labelled reads a table whose rows each say what they hold: "Q:1) | …",
// "A:) | …", "Kunci: A"; or "Pertanyaan | …", "Opsi A | …", "Jawaban | …".
// nil where the table is another.
func labelled(t *table) []*text.Draft {
	known, rows, stems, others := 0, 0, 0, 0
	for _, r := range t.rows {
		if r.empty() {
			continue
		}
		rows++
		label, value := r.label()
		if label == "" {
			continue
		}
		known++
		if label == colStem && len(value) > 0 || label == colNumber {
			stems++
		} else {
			others++
		}
	}
	questions := others > 0 || stems > 1 && stems == known
	if stems == 0 || !questions || known*10 < rows*6 {
		return nil
	}
	a := labelReader{drafts: []*text.Draft{}}
	for _, r := range t.rows {
		a.row(r)
	}
	for _, d := range a.drafts {
		d.Options = filled(d.Options)
	}
	return a.drafts
}

// label is what a row holds, and its lines; a number goes with colNumber.
func (r row) label() (string, []text.Line) {
	first := slices.IndexFunc(r.cells, func(c cell) bool { return c.word() != "" })
	if first < 0 {
		return "", nil
	}
	var value []text.Line
	for _, c := range r.cells[first+1:] {
		value = append(value, c.content()...)
	}
	word := r.cells[first].word()
	rest := slices.ContainsFunc(value, func(l text.Line) bool { return !l.Blank() })
	if !rest {
		if label, lines := r.colon(first); label != "" {
			return label, lines
		}
	}
	switch column := columnOf(word); {
	case stemLabel.MatchString(word), stemTitle.MatchString(word):
		return colStem, value
	case numberTitle.MatchString(word):
		return colNumber, value
	case column == colNumber:
		return "", nil
	default:
		return column, value
	}
}

// colon reads a row of one cell: "Kunci: A".
func (r row) colon(i int) (string, []text.Line) {
	lines := r.cells[i].content()
	at := slices.IndexFunc(lines, func(l text.Line) bool { return !l.Blank() })
	if at < 0 {
		return "", nil
	}
	m := colonRow.FindStringSubmatchIndex(lines[at].String())
	if m == nil {
		return "", nil
	}
	column := columnOf(text.Word(lines[at].String()[m[2]:m[3]]))
	if column == "" || column == colNumber {
		return "", nil
	}
	if rest := lines[at].Tail(m[1]); !rest.Blank() {
		return column, append([]text.Line{rest}, lines[at+1:]...)
	}
	return "", nil // a label whose cell beside it is empty
}

type labelReader struct {
	drafts []*text.Draft
	open   string // what a row without a label goes on with
	notes  []*fault.Fault
}

func (a *labelReader) row(r row) {
	label, value := r.label()
	number := ""
	if label == colStem {
		first := slices.IndexFunc(r.cells, func(c cell) bool { return c.word() != "" })
		if m := stemLabel.FindStringSubmatch(r.cells[first].word()); m != nil {
			number = m[1]
		}
	}
	if label == colNumber {
		number = text.Word((cell{lines: value}).plain())
	}
	if len(a.drafts) == 0 && label == "" {
		if !r.empty() {
			a.notes = append(a.notes, r.skipped())
		}
		return
	}
	if len(a.drafts) == 0 || label == colNumber || label == colStem && a.begins(number) {
		if r.empty() {
			return
		}
		a.drafts = append(a.drafts, &text.Draft{At: r.at, Number: number, Notes: a.notes})
		a.notes = nil
	}
	d := a.drafts[len(a.drafts)-1]
	if !r.empty() {
		d.Raw = append(d.Raw, r.raw())
	}
	a.put(d, r, label, value)
}

// begins reports whether a row with a stem is that of the next question.
func (a *labelReader) begins(number string) bool {
	d := a.drafts[len(a.drafts)-1]
	return number != "" && number != d.Number || len(d.Stem) > 0
}

func (a *labelReader) put(d *text.Draft, r row, label string, value []text.Line) {
	value = unmarked(d, r, value)
	switch {
	case label == colStem:
		d.Stem = append(d.Stem, value...)
	case label == colKey:
		d.Key = append(d.Key, value...)
	case label == colOptions:
		d.Options = append(d.Options, (cell{lines: value}).options()...)
	case label == colPicture:
		d.Stem = append(d.Stem, value...)
	case strings.HasPrefix(label, colOption):
		d.Options = append(d.Options, text.Option{Label: label[len(colOption):], Lines: value, At: r.at})
	case label == colNumber:
	case label == "":
		a.more(d, r)
	default:
		d.Set(label, value...)
	}
	if label != "" {
		a.open = label
	}
}

// more puts a row without a label to what stands above it.
func (a *labelReader) more(d *text.Draft, r row) {
	if r.empty() {
		return
	}
	var lines []text.Line
	for _, c := range r.cells {
		lines = append(lines, c.content()...)
	}
	switch {
	case strings.HasPrefix(a.open, colOption) && len(d.Options) > 0:
		o := &d.Options[len(d.Options)-1]
		o.Lines = append(o.Lines, lines...)
	case a.open == colKey:
		d.Key = append(d.Key, lines...)
	case a.open == colStem, a.open == colNumber, a.open == "", a.open == colPicture, a.open == colOptions:
		d.Stem = append(d.Stem, lines...)
	default:
		d.Set(a.open, lines...)
	}
}

var (
	fileMark  = regexp.MustCompile(`^\s*(?:[A-L][.)]\s*)?File[QO]\s*:\s*$`)
	breakMark = regexp.MustCompile(`(?i)\s*<br\s*/?>\s*$`)
)

// unmarked takes out what CandyCBT wants written into cells: "FileQ:" before a
// picture, and a break in HTML at the end of a line.
func unmarked(d *text.Draft, r row, value []text.Line) []text.Line {
	pictured := slices.ContainsFunc(value, func(l text.Line) bool {
		return slices.ContainsFunc(l.Spans, func(s text.Span) bool { return s.Picture != nil })
	})
	var out []text.Line
	for _, l := range value {
		s := l.String()
		if pictured && fileMark.MatchString(s) {
			continue
		}
		if m := breakMark.FindStringIndex(s); m != nil {
			l = l.Head(m[0])
			d.Notes = append(d.Notes, fault.New(fault.Invalid, "questionbank.import.html_removed").Place(r.at))
		}
		out = append(out, l)
	}
	return out
}
