package xlsx

import (
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// Some programs (ZYA CBT) give a question several rows: one marked Q with the
// stem, then one marked A for each option with 1 beside the right one. Their
// titles vary and are merged; the marks themselves do not.

// qaColumns is where such a sheet keeps what, from 0; status is -1 where nothing
// says which answers are right.
type qaColumns struct {
	mark, text, status int
	table              *sheet.Table
}

// qaWithin is how many rows are looked at for the marks.
const qaWithin = 400

// qaLayout finds the marks; nil where the sheet has none.
func (s *source) qaLayout(sh sheet.Sheet) (*qaColumns, error) {
	var rows []sheet.Row
	for row, err := range s.book.Rows(sh) {
		if err != nil {
			return nil, err
		}
		if rows = append(rows, row.Clone()); len(rows) == qaWithin {
			break
		}
	}
	mark, ok := markColumn(rows)
	if !ok {
		return nil, nil //nolint:nilnil // no layout is no error
	}
	q := &qaColumns{mark: mark}
	q.text = longest(rows, mark)
	header := 0
	for _, row := range rows {
		if markOf(row.Cell(mark)) != "" {
			break
		}
		if !row.Blank() {
			header = row.N
		}
	}
	q.status = statusColumn(rows, mark, q.text)
	var err error
	q.table, err = s.book.TableAt(sh, header, map[int]string{q.text: fStem})
	return q, err
}

func markOf(c sheet.Cell) string {
	switch title := sheet.Title(c.Text); title {
	case "Q", "A":
		return title
	}
	return ""
}

// markColumn wants questions and answers in turn, and at least as many of these.
func markColumn(rows []sheet.Row) (int, bool) {
	best, most := 0, 0
	for col := range 12 {
		questions, answers, others := 0, 0, 0
		for _, row := range rows {
			switch mark := markOf(row.Cell(col)); {
			case mark == "Q":
				questions++
			case mark == "A" && questions > 0:
				answers++
			case !row.Cell(col).Blank() && questions > 0:
				others++
			}
		}
		if questions > 0 && answers >= 2*questions && others*10 <= answers && questions+answers > most {
			best, most = col, questions+answers
		}
	}
	return best, most > 0
}

// longest is the column with the most text in marked rows.
func longest(rows []sheet.Row, mark int) int {
	sums := map[int]int{}
	best := mark + 1
	for _, row := range rows {
		if markOf(row.Cell(mark)) == "" {
			continue
		}
		for col, c := range row.Cells {
			if col != mark && !c.Number {
				sums[col] += len(strings.TrimSpace(c.Text))
			}
			if sums[col] > sums[best] {
				best = col
			}
		}
	}
	return best
}

// statusColumn is where the answers' rows have 1 and 0: the one with a title that
// says so, else the first.
func statusColumn(rows []sheet.Row, mark, text int) int {
	first := -1
	for col := range 20 {
		if col == mark || col == text {
			continue
		}
		ones, others, titled := 0, 0, false
		for _, row := range rows {
			switch value := sheet.Title(row.Cell(col).Text); {
			case markOf(row.Cell(mark)) == "":
				titled = titled || ones+others == 0 && (strings.Contains(value, "STATUS") || strings.Contains(value, "BENAR") || strings.Contains(value, "KUNCI"))
			case markOf(row.Cell(mark)) == "Q":
			case value == "1":
				ones++
			case value != "" && value != "0":
				others++
			}
		}
		switch {
		case titled:
			return col
		case ones > 0 && others == 0 && first < 0:
			first = col
		}
	}
	return first
}

// qaRecord is the rows of one question.
type qaRecord struct {
	cells  map[string]sheet.Cell
	places map[string]string
}

func (q qaRecord) Cell(field string) sheet.Cell { return q.cells[field] }
func (q qaRecord) Has(field string) bool        { _, ok := q.cells[field]; return ok }

func (q qaRecord) At(field string) string {
	if at, ok := q.places[field]; ok {
		return at
	}
	return q.places[fStem]
}

// qaItems gathers the rows to questions. Blocks that are numbered in advance and
// hold nothing are left out.
func (s *source) qaItems(t table) ([]questionbank.ParsedItem, []*fault.Fault, error) {
	pictures, err := s.pictures(t.Sheet)
	if err != nil {
		return nil, nil, err
	}
	g := qaGatherer{source: s, table: t, pictures: pictures}
	for row, err := range s.book.Rows(t.Sheet) {
		if err != nil {
			return nil, nil, err
		}
		if row.N > t.Last {
			g.add(row)
		}
	}
	g.flush()
	return g.items, pictures.lost(s.book, t.Sheet), nil
}

type qaGatherer struct {
	*source
	table       table
	pictures    *pictureSet
	first, last int // rows of the question at hand; 0 for none
	answers     int
	record      qaRecord
	items       []questionbank.ParsedItem
}

func (g *qaGatherer) add(row sheet.Row) {
	qa := g.table.qa
	put := func(field string, col int) {
		g.record.cells[field] = row.Cell(col)
		g.record.places[field] = g.book.At(g.table.Sheet, row.N, col)
	}
	switch markOf(row.Cell(qa.mark)) {
	case "Q":
		g.flush()
		g.first, g.answers = row.N, 0
		g.record = qaRecord{cells: map[string]sheet.Cell{}, places: map[string]string{}}
		put(fStem, qa.text)
		put(fCorrect, -1)
		g.record.places[fCorrect] = g.record.places[fStem]
	case "A":
		if g.first == 0 || g.answers >= mostOptions {
			return
		}
		put(optionField(g.answers), qa.text)
		if qa.status >= 0 && g.answers < strangeOptions {
			put(flagFields[g.answers], qa.status)
		}
		g.answers++
	default:
		if g.first > 0 && !row.Cell(qa.text).Blank() { // a stem or an option that goes on below
			g.append(row.Cell(qa.text))
		}
	}
	g.last = row.N
}

// append adds a row without a mark to what stands above it.
func (g *qaGatherer) append(c sheet.Cell) {
	field := fStem
	if g.answers > 0 {
		field = optionField(g.answers - 1)
	}
	above := g.record.cells[field]
	above.Text = strings.TrimSpace(above.Text + "\n" + c.Text)
	g.record.cells[field] = above
}

func (g *qaGatherer) flush() {
	if g.first == 0 {
		return
	}
	fields := make([]string, 0, len(g.record.cells))
	for field := range g.record.cells {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	r := row{record: g.record, csv: !g.book.Lettered(), fields: fields, files: g.files}
	r.files.pictures = g.pictures.take(g.first, g.last)
	for i := range r.files.pictures {
		r.files.pictures[i].option = g.optionAt(r.files.pictures[i].row)
	}
	g.first = 0
	if r.empty() && len(r.files.pictures) == 0 {
		return
	}
	g.items = append(g.items, r.item())
}

// optionAt is the option on whose row a picture lies, -1 for none.
func (g *qaGatherer) optionAt(n int) int {
	for i := range g.answers {
		if g.record.cells[optionField(i)].Row() == n {
			return i
		}
	}
	return -1
}
