package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// What a user may say of a file's columns, in questionbank.Input.Columns: the key
// "Soal!C" is a column of the sheet Soal ("!C" in a text file, whose sheet has
// no name), the value a field of Fields, or "-" for a column to leave out. The
// key "Soal!#" gives the row of the titles, "0" where there are none. What is not
// said is found by its title.

// chosenColumns is what was said of one sheet.
type chosenColumns struct {
	fields map[int]string
	header int // -1 where nothing was said
}

func parseColumns(columns map[string]string) (map[string]chosenColumns, error) {
	found := map[string]chosenColumns{}
	for key, field := range columns {
		i := strings.LastIndexByte(key, '!')
		name, letters := key[:max(i, 0)], key[i+1:]
		chosen, ok := found[name]
		if !ok {
			chosen = chosenColumns{fields: map[int]string{}, header: -1}
		}
		if letters == "#" {
			n, err := strconv.Atoi(field)
			if err != nil || n < 0 || n > 1<<20 {
				return nil, invalid("questionbank.xlsx.mapping_column", key)
			}
			chosen.header = n
		} else {
			column, ok := sheet.ColumnOf(letters)
			if !ok || field != "-" && !assignable(field) {
				return nil, invalid("questionbank.xlsx.mapping_column", key)
			}
			chosen.fields[column] = field
		}
		found[name] = chosen
	}
	return found, nil
}

// apply lays what the user said over what was found; refusal is why nothing was.
func (c chosenColumns) apply(book *sheet.Book, sh sheet.Sheet, found *sheet.Table, refusal error) (*sheet.Table, error) {
	fields, header := map[int]string{}, c.header
	if refusal == nil {
		for _, field := range found.Fields() {
			column, _ := found.Column(field)
			fields[column] = field
		}
		if header < 0 {
			header = found.Last
		}
	}
	if header < 0 {
		var err error
		if header, err = likelyHeader(book, sh); err != nil {
			return nil, err
		}
	}
	for column, field := range c.fields {
		for other, taken := range fields {
			if taken == field {
				delete(fields, other)
			}
		}
		if fields[column] = field; field == "-" {
			delete(fields, column)
		}
	}
	for _, field := range fields {
		if field == fStem {
			return book.TableAt(sh, header, fields)
		}
	}
	if refusal != nil {
		return nil, refusal
	}
	return nil, invalid("questionbank.xlsx.mapping_stem").Place(sh.Name)
}

// likelyHeader is the first row with more than one filled cell: what stands above
// it is the sheet's own title.
func likelyHeader(book *sheet.Book, sh sheet.Sheet) (int, error) {
	for row, err := range book.Rows(sh) {
		if err != nil {
			return 0, err
		}
		filled := 0
		for _, c := range row.Cells {
			if !c.Blank() {
				filled++
			}
		}
		if filled > 1 {
			return row.N, nil
		}
	}
	return 0, nil
}

// Field is something that a column can be said to be.
type Field struct{ Name, Label string }

// Fields is everything that a column can be, in the order a screen lists it.
func Fields() []Field {
	all := []Field{
		{fStem, "Pokok soal"}, {fType, "Tipe soal"}, {fCorrect, "Kunci"}, {fOptions, "Semua opsi dalam satu sel"}, {fTargets, "Pasangan (menjodohkan, tabel)"},
		{fPoints, "Bobot opsi (A=1;B=4)"}, {fRationale, "Pembahasan"}, {fStimulus, "Stimulus atau bacaan"}, {fAspect, "Aspek"}, {fIndicator, "Indikator"},
		{fLevel, "Level kognitif"}, {fCode, "Kode butir"}, {fBasis, "Rujukan"}, {fDigComp, "DigComp"}, {fExpires, "Kedaluwarsa"}, {fShuffle, "Acak opsi (Ya/Tidak)"},
		{fMedia, "Nama berkas gambar"}, {fMedia2, "Nama berkas kedua"}, {fAlt, "Teks alternatif gambar"}, {fSeconds, "Waktu (detik)"}, {fTags, "Tag"},
		{fCategory, "Kategori"}, {fTitle, "Judul"}, {fWorth, "Nilai butir"},
	}
	for i := range strangeOptions {
		l := questionbank.OptionID(i)
		all = append(all, Field{optionField(i), "Opsi " + l}, Field{reasonField(i), "Alasan opsi " + l}, Field{flagFields[i], "Tanda benar opsi " + l},
			Field{truthFields[i], "Benar/salah pernyataan " + strconv.Itoa(i+1)}, Field{mediaFields[i], "Gambar opsi " + l})
	}
	return all
}

var fieldList = Fields()

func assignable(field string) bool {
	return slices.ContainsFunc(fieldList, func(f Field) bool { return f.Name == field })
}

// Mapping is what a screen needs to let a user say what the columns are.
type Mapping struct {
	Format string
	Sheets []SheetMapping
}

// SheetMapping is one sheet that is not hidden.
type SheetMapping struct {
	Name    string
	Header  int    // row of the titles, 0 for none
	Layout  string // "template", "rows", "qa" (a question takes several rows) or "unknown"
	Columns []ColumnMapping
}

// ColumnMapping is one column with something in it.
type ColumnMapping struct {
	Key     string // in questionbank.Input.Columns: "Soal!C"
	Letters string
	Title   string
	Field   string   // what it is taken for, "" for nothing
	Samples []string // the first values below the title
}

const (
	sampleCount  = 3
	sampleLength = 120
	sampleRows   = 60
)

// Preview says what Read takes a file's columns for. in.Columns counts already.
func Preview(in questionbank.Input) (Mapping, error) {
	src, err := open(in)
	if err != nil {
		return Mapping{}, err
	}
	chosen, err := parseColumns(in.Columns)
	if err != nil {
		return Mapping{}, err
	}
	m := Mapping{Format: src.book.Format}
	for _, sh := range src.book.Sheets() {
		if sh.Hidden {
			continue
		}
		each, err := src.preview(sh, chosen[sh.Name])
		if err != nil {
			return Mapping{}, err
		}
		m.Sheets = append(m.Sheets, each)
	}
	return m, nil
}

func (s *source) preview(sh sheet.Sheet, chosen chosenColumns) (SheetMapping, error) {
	m := SheetMapping{Name: sh.Name, Layout: "unknown"}
	t, err := s.table(sh, chosen)
	fields := map[int]string{}
	switch {
	case err != nil && (fault.Of(err) == nil || fault.KindOf(err) == fault.TooLarge):
		return m, err
	case err != nil:
		if m.Header, err = likelyHeader(s.book, sh); err != nil {
			return m, err
		}
	default:
		m.Header, m.Layout = t.Last, "rows"
		if t.own {
			m.Layout = "template"
		}
		if t.qa != nil {
			m.Layout = "qa"
		}
		for _, field := range t.Fields() {
			column, _ := t.Column(field)
			fields[column] = field
		}
	}
	m.Columns, err = s.columns(sh, m.Header, fields)
	return m, err
}

func (s *source) columns(sh sheet.Sheet, header int, fields map[int]string) ([]ColumnMapping, error) {
	byPlace := map[int]*ColumnMapping{}
	last := -1
	seen := 0
	for row, err := range s.book.Rows(sh) {
		if err != nil {
			return nil, err
		}
		if row.N < header {
			continue
		}
		for i, c := range row.Cells {
			text, _ := sheet.Clean(c.Text)
			if text == "" {
				continue
			}
			col := byPlace[i]
			if col == nil {
				letters := sheet.Letters(i)
				col = &ColumnMapping{Key: sh.Name + "!" + letters, Letters: letters, Field: fields[i]}
				byPlace[i], last = col, max(last, i)
			}
			switch {
			case row.N == header:
				col.Title = shorten(text)
			case len(col.Samples) < sampleCount:
				col.Samples = append(col.Samples, shorten(text))
			}
		}
		if seen++; seen > sampleRows {
			break
		}
	}
	var all []ColumnMapping
	for i := range last + 1 {
		if col := byPlace[i]; col != nil {
			all = append(all, *col)
		}
	}
	return all, nil
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > sampleLength {
		return string(runes[:sampleLength-1]) + "…"
	}
	return text
}
