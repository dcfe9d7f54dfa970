package sheet

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cakap/internal/fault"
)

// Aliases are the titles under which each field may stand, best first. Case,
// spaces and punctuation do not matter: "Gol./Ruang *" is "GOL RUANG". A title
// belongs to one field.
type Aliases map[string][]string

// headerWithin is how many rows with something in them are looked at for the header.
const headerWithin = 15

// Table is a sheet with a header that was found by its titles.
type Table struct {
	Sheet       Sheet
	First, Last int         // header rows; they differ when a merged title stands above two columns
	Duplicates  []Duplicate // columns left out because their field stands twice
	Ignored     []string    // titles that are no field's

	book    *Book
	columns map[string]column
}

// Duplicate is a second column for the same field.
type Duplicate struct {
	Field, Title string
	Kept, Left   string // the places of both titles
}

type column struct {
	index int
	title string
	rank  int // 0 is best
	row   int
	words [2]string // what stands in the header rows here, as Title has it
}

// Record is a row of a table, by field.
type Record struct {
	Row
	table *Table
}

// FindTable looks for the header on every sheet that is not hidden and takes
// the one with the most fields, the first of equals. Each required entry is a
// field, or several with "|" between of which one is enough.
func (b *Book) FindTable(aliases Aliases, required ...string) (*Table, error) {
	var best *Table
	var refusal error
	for _, s := range b.sheets {
		if s.Hidden {
			continue
		}
		t, err := b.TableIn(s, aliases, required...)
		switch {
		case fault.KindOf(err) == fault.TooLarge:
			return nil, err
		case err != nil:
			if refusal == nil || fault.Of(err).Key == "sheet.no_column" {
				refusal = err
			}
		case best == nil || len(t.columns) > len(best.columns):
			best = t
		}
	}
	switch {
	case best != nil:
		return best, nil
	case refusal == nil:
		return nil, fault.New(fault.Invalid, "sheet.all_hidden")
	default:
		return nil, refusal
	}
}

// TableIn looks for the header on one sheet.
func (b *Book) TableIn(s Sheet, aliases Aliases, required ...string) (*Table, error) {
	var top []Row
	for row, err := range b.Rows(s) {
		if err != nil {
			return nil, err
		}
		if !row.Blank() {
			top = append(top, row.Clone())
		}
		if len(top) > headerWithin {
			break
		}
	}
	known := aliases.lookup()
	best := &Table{book: b, Sheet: s}
	for i := range min(len(top), headerWithin) {
		t := b.header(s, known, top[i], Row{})
		if i+1 < len(top) && top[i+1].N == top[i].N+1 && !numbering(top[i+1]) {
			// Of equals the merged one: a row of data would have hidden the
			// titles above it.
			if merged := b.header(s, known, top[i], top[i+1]); len(merged.columns) >= len(t.columns) {
				t = merged
			}
		}
		if len(t.columns) > len(best.columns) {
			best = t
		}
	}
	return best, best.require(aliases, required)
}

// TableAt is a table whose columns somebody has named: the field of each, by its
// place from 0. Its titles stand in row header, 0 for none.
func (b *Book) TableAt(s Sheet, header int, fields map[int]string) (*Table, error) {
	t := &Table{book: b, Sheet: s, First: header, Last: header, columns: map[string]column{}}
	var titles Row
	for row, err := range b.Rows(s) {
		if err != nil {
			return nil, err
		}
		if row.N >= header {
			if row.N == header {
				titles = row.Clone()
			}
			break
		}
	}
	for index, field := range fields {
		title, ok := Clean(titles.Cell(index).Text)
		if !ok || title == "" {
			title = Letters(index)
		}
		t.columns[field] = column{index: index, title: title, row: header, words: [2]string{Title(title), Title(title)}}
	}
	return t, nil
}

func (t *Table) require(aliases Aliases, required []string) error {
	var missing []string
	for _, group := range required {
		fields := strings.Split(group, "|")
		if !slices.ContainsFunc(fields, t.Has) {
			missing = append(missing, aliases[fields[0]][0])
		}
	}
	switch {
	case len(missing) == 0:
		return nil
	case len(missing) == len(required):
		return fault.New(fault.Invalid, "sheet.no_header", strings.Join(missing, ", ")).Place(t.Sheet.Name)
	default:
		return fault.New(fault.Invalid, "sheet.no_column", strings.Join(missing, ", ")).Place(t.book.At(t.Sheet, t.First, 0))
	}
}

type alias struct {
	field string
	rank  int
}

func (a Aliases) lookup() map[string]alias {
	known := map[string]alias{}
	fields := make([]string, 0, len(a))
	for field := range a {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	for _, field := range fields {
		for rank, title := range a[field] {
			title = Title(title)
			if _, taken := known[title]; !taken {
				known[title] = alias{field, rank}
			}
		}
	}
	return known
}

// longestTitle is in bytes; hostile cells have megabytes.
const longestTitle = 2000

// Title is a column title with everything left out that people vary: case,
// punctuation, spaces, signs for "required". A cell too long for a title is
// read as far as one could be.
func Title(raw string) string {
	text, ok := Clean(raw[:min(len(raw), longestTitle)])
	if !ok {
		return ""
	}
	return strings.Join(strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// header reads upper, and below it lower unless that is blank, as column titles.
func (b *Book) header(s Sheet, known map[string]alias, upper, lower Row) *Table {
	t := &Table{book: b, Sheet: s, First: upper.N, Last: max(upper.N, lower.N), columns: map[string]column{}}
	above := ""
	for i := range max(len(upper.Cells), len(lower.Cells)) {
		over, under := upper.Cell(i), lower.Cell(i)
		if !over.Blank() {
			above = over.Text
		} else if under.Blank() {
			above = "" // a merged title ends here
		}
		a, title, ok := match(known, above, over, under)
		if !ok {
			if title != "" {
				t.Ignored = append(t.Ignored, title)
			}
			continue
		}
		t.add(a, column{
			index: i, title: title, rank: a.rank, row: upper.N,
			words: [2]string{Title(over.Text), Title(under.Text)},
		})
	}
	return t
}

// penalty ranks a title that had to be read without the one above it behind
// every title that stood by itself: under "PENDIDIKAN" a "NAMA" is no person.
const penalty = 1000

func match(known map[string]alias, above string, over, under Cell) (alias, string, bool) {
	if under.Blank() {
		if over.Blank() {
			return alias{}, "", false
		}
		return lookup(known, over.Text, 0)
	}
	if strings.TrimSpace(above) == "" {
		return lookup(known, under.Text, 0)
	}
	if a, ok := known[Title(above+" "+under.Text)]; ok {
		title, _ := Clean(above + " " + under.Text)
		return a, title, true
	}
	if _, title, taken := lookup(known, above, 0); taken {
		return alias{}, title + " " + under.Text, false
	}
	return lookup(known, under.Text, penalty)
}

func lookup(known map[string]alias, raw string, rank int) (alias, string, bool) {
	shown, _ := Clean(raw)
	a, ok := known[Title(raw)]
	if !ok {
		// "NIP (18 angka)" is a NIP.
		before, _, hint := strings.Cut(shown, "(")
		if a, ok = known[Title(before)]; !ok || !hint {
			return alias{}, shown, false
		}
	}
	a.rank += rank
	return a, shown, true
}

func (t *Table) add(a alias, c column) {
	old, twice := t.columns[a.field]
	if !twice {
		t.columns[a.field] = c
		return
	}
	if c.rank < old.rank {
		t.columns[a.field] = c
		return
	}
	if c.rank == old.rank {
		t.Duplicates = append(t.Duplicates, Duplicate{
			Field: a.field, Title: c.title,
			Kept: t.book.At(t.Sheet, old.row, old.index), Left: t.book.At(t.Sheet, c.row, c.index),
		})
	}
}

// Has reports whether the table has a column for field.
func (t *Table) Has(field string) bool { _, ok := t.columns[field]; return ok }

// Fields lists the fields that have columns, in the order of these.
func (t *Table) Fields() []string {
	fields := make([]string, 0, len(t.columns))
	for field := range t.columns {
		fields = append(fields, field)
	}
	slices.SortFunc(fields, func(a, b string) int { return t.columns[a].index - t.columns[b].index })
	return fields
}

// Column is the place of field's column, from 0.
func (t *Table) Column(field string) (int, bool) {
	c, ok := t.columns[field]
	return c.index, ok
}

// HeaderTitle is the title of field's column as it stands in the file.
func (t *Table) HeaderTitle(field string) string { return t.columns[field].title }

// At names the cell of field in row n: "Pegawai!C17", or "baris 17 kolom NIP".
func (t *Table) At(n int, field string) string {
	c, ok := t.columns[field]
	switch {
	case !t.book.Lettered() && ok:
		return t.book.At(t.Sheet, n, 0) + " kolom " + c.title
	case ok:
		return t.book.At(t.Sheet, n, c.index)
	default:
		return t.Line(n)
	}
}

// Line names the whole row n: "Pegawai baris 17".
func (t *Table) Line(n int) string {
	line := "baris " + strconv.Itoa(n)
	if t.Sheet.Name != "" {
		return t.Sheet.Name + " " + line
	}
	return line
}

// Rows streams what stands below the header. Blank rows come too, so that a
// caller can say that there were some; left out are a row that only numbers
// the columns, and the header where a long print-out repeats it.
func (t *Table) Rows() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		looked := 0
		for row, err := range t.book.Rows(t.Sheet) {
			if err != nil {
				yield(Record{}, err)
				return
			}
			if row.N <= t.Last {
				continue
			}
			if looked < 3 && !row.Blank() {
				looked++
				if numbering(row) {
					continue
				}
			}
			if t.repeats(row) {
				continue
			}
			if !yield(Record{row, t}, nil) {
				return
			}
		}
	}
}

// numbering reports whether row counts its columns, "1 2 3" or "(1) (2) (3)",
// as official forms do below their header.
func numbering(row Row) bool {
	seen, last := 0, 0
	for _, c := range row.Cells {
		if c.Blank() {
			continue
		}
		n, err := strconv.Atoi(Title(c.Text))
		if err != nil || last != 0 && n != last+1 || n > 999 {
			return false
		}
		seen, last = seen+1, n
	}
	return seen >= 2
}

func (t *Table) repeats(row Row) bool {
	seen := 0
	for _, c := range t.columns {
		cell := row.Cell(c.index)
		if cell.Blank() {
			continue
		}
		if !slices.Contains(c.words[:], Title(cell.Text)) {
			return false
		}
		seen++
	}
	return seen >= 2
}

// Cell is the cell of field, blank where there is no such column.
func (r Record) Cell(field string) Cell {
	c, ok := r.table.columns[field]
	if !ok {
		return Cell{row: r.N, col: -1}
	}
	return r.Row.Cell(c.index)
}

// At names the cell of field in this row.
func (r Record) At(field string) string { return r.table.At(r.N, field) }
