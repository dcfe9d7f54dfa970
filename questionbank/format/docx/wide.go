package docx

import (
	"regexp"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/text"
)

// The columns of a wide table that are no field of package text.
const (
	colNumber  = "number"
	colStem    = "stem"
	colKey     = "key"
	colOptions = "options" // all of them in one cell
	colOption  = "option_" // with the letter
	colPicture = "picture" // of the stem
)

var (
	optionTitle = regexp.MustCompile(`^(?:OPSI|OPTION|PILIHAN|PILIHAN JAWABAN|PIL|JAWABAN|JAWAB|CHOICE|OPT|ALTERNATIF)?\s?([A-L]|\d{1,2})$`)
	wideWords   = map[string]string{
		"NO": colNumber, "NOMOR": colNumber, "NO SOAL": colNumber, "NOMOR SOAL": colNumber, "NUMBER": colNumber,
		"SOAL": colStem, "PERTANYAAN": colStem, "QUESTION": colStem, "BUTIR SOAL": colStem, "POKOK SOAL": colStem, "ISI SOAL": colStem, "PERNYATAAN": colStem,
		"TEKS SOAL": colStem, "RUMUSAN SOAL": colStem, "NASKAH SOAL": colStem, "QUESTION TEXT": colStem,
		"KUNCI": colKey, "KUNCI JAWABAN": colKey, "JAWABAN BENAR": colKey, "JAWABAN YANG BENAR": colKey, "KJ": colKey, "ANSWER": colKey, "CORRECT ANSWER": colKey,
		"KEY": colKey, "ANSWER KEY": colKey, "CORRECT": colKey, "BENAR": colKey, "JAWAB": colKey, "JAWABAN": colKey, "ANSWERS": colKey,
		"OPSI": colOptions, "OPTIONS": colOptions, "PILIHAN": colOptions, "PILIHAN JAWABAN": colOptions, "OPTION": colOptions, "CHOICES": colOptions,
		"GAMBAR": colPicture, "IMAGE": colPicture, "MEDIA": colPicture,
	}
)

// columnOf is what a title names, "" for nothing known.
func columnOf(word string) string {
	if c, ok := wideWords[word]; ok {
		return c
	}
	if f, ok := text.Field(word); ok {
		return f
	}
	if m := optionTitle.FindStringSubmatch(word); m != nil {
		letter := m[1]
		if n := letter[0]; n >= '1' && n <= '9' && len(letter) == 1 && word != letter {
			letter = string('A' + n - '1')
		}
		if letter[0] >= 'A' {
			return colOption + letter
		}
	}
	return ""
}

// wide reads a table with a title row and a question in every row below; nil
// where the table is another.
func wide(t *table) []*text.Draft {
	head, columns := header(t)
	if head < 0 {
		return nil
	}
	drafts := []*text.Draft{}
	var section questionbank.Type
	var notes []*fault.Fault
	for _, r := range t.rows[head+1:] {
		if repeated(r, columns) {
			continue // the title row of the next page
		}
		if len(r.cells) == 1 && len(columns) > 1 { // a heading across
			if kind, ok := text.Kind(r.raw()); ok {
				section = kind
			} else if !r.empty() {
				notes = append(notes, r.skipped())
			}
			continue
		}
		d := r.question(columns)
		d.Section = section
		d.Notes, notes = append(d.Notes, notes...), nil
		drafts = append(drafts, d)
	}
	return drafts
}

// header finds the title row and the columns that it names.
func header(t *table) (int, []string) {
	for i, r := range t.rows[:min(len(t.rows), 10)] {
		columns := make([]string, len(r.cells))
		for j, c := range r.cells {
			columns[j] = columnOf(c.word())
		}
		if !slices.Contains(columns, colStem) {
			continue
		}
		option := slices.ContainsFunc(columns, func(c string) bool { return strings.HasPrefix(c, colOption) || c == colOptions })
		if option || slices.Contains(columns, colKey) && len(columns) > 2 {
			settle(columns, r)
			return i, columns
		}
	}
	return -1, nil
}

// settle decides which of two columns named alike is the key, and where
// "Jawaban" beside a "Kunci" holds the options.
func settle(columns []string, r row) {
	var keys []int
	for j, c := range columns {
		if c == colKey {
			keys = append(keys, j)
		}
	}
	if len(keys) < 2 {
		return
	}
	for _, j := range keys {
		word := r.cells[j].word()
		if word != "JAWABAN" && word != "JAWAB" {
			continue
		}
		columns[j] = ""
		if !slices.ContainsFunc(columns, func(c string) bool { return strings.HasPrefix(c, colOption) || c == colOptions }) {
			columns[j] = colOptions
		}
	}
}

func repeated(r row, columns []string) bool {
	if len(r.cells) != len(columns) {
		return false
	}
	same := 0
	for j, c := range r.cells {
		if !c.empty() && columns[j] != "" && columnOf(c.word()) == columns[j] && len(c.plain()) > 1 {
			same++
		}
	}
	return same > 2
}

// question is the draft of a row.
func (r row) question(columns []string) *text.Draft {
	d := &text.Draft{At: r.at, Raw: []string{r.raw()}}
	var options []text.Option
	for j, c := range r.cells {
		if j >= len(columns) || columns[j] == "" {
			continue
		}
		lines := c.content()
		switch column := columns[j]; {
		case column == colNumber:
			d.Number = strings.Trim(c.word(), " ")
		case column == colStem, column == colPicture:
			d.Stem = append(d.Stem, lines...)
		case column == colKey:
			d.Key = append(d.Key, lines...)
		case column == colOptions:
			options = append(options, c.options()...)
		case strings.HasPrefix(column, colOption):
			options = append(options, text.Option{Label: column[len(colOption):], Lines: lines, At: r.at})
		case !c.empty():
			d.Set(column, lines...)
		}
	}
	d.Options = filled(options)
	return d
}

// filled drops the empty options at the end; one between others is kept, so
// that somebody is told of it.
func filled(options []text.Option) []text.Option {
	for len(options) > 0 {
		if last := options[len(options)-1]; !(cell{lines: last.Lines}).empty() {
			break
		}
		options = options[:len(options)-1]
	}
	return options
}

// options is a cell with one on each line.
func (c cell) options() []text.Option {
	var out []text.Option
	for _, l := range c.lines {
		l.Label, l.Soft = "", false
		if strings.TrimSpace(l.String()) != "" {
			out = append(out, text.Option{Lines: []text.Line{l}, At: l.At})
		}
	}
	return out
}
