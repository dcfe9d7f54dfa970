package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// column is one column of a table: its head, its width, and what it means,
// which Kamus Data prints.
type column struct {
	head  string
	width float64
	means string
}

// page is how a sheet is laid out, which must be known before its first row.
type page struct {
	widths   []float64
	lastRow  int
	printed  int // columns on paper; 0 is all of them
	portrait bool
	letter   bool // margins of a letter, and no header: the cover
	one      bool // on one page
	repeat   int  // last row of the heading that every page repeats
	from     int  // first row of that heading; 0 is repeat itself
	freeze   int  // columns that stay, with the rows up to repeat
	filter   bool // on the row repeat
}

// sheet is a worksheet being streamed, row by row from the top.
type sheet struct {
	*book
	name string
	sw   *excelize.StreamWriter
	next int // number of the next row

	columns   []column
	nameWidth float64 // of the column of names, where rows are fitted to it
}

// open sets a sheet up in the one order that keeps everything: filter, then
// properties, then the stream, widths and panes (reference/excel.md 8.3).
func (b *book) open(name string, p page) *sheet {
	s := &sheet{book: b, name: name, next: 1}
	last := cellName(len(p.widths), p.lastRow)
	if p.filter {
		b.fail(b.f.AutoFilter(name, fmt.Sprintf("A%d:%s", p.repeat, last), nil))
	}
	s.names(p)
	yes, no := true, false
	b.fail(b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.fail(b.f.SetSheetDimension(name, "A1:"+last))
	b.fail(b.f.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &no}))
	sw, err := b.f.NewStreamWriter(name)
	if err != nil {
		b.fail(err)
		return s
	}
	s.sw = sw
	// excelize puts each new column before the others, and Excel repairs a file
	// whose columns do not rise, so the last comes first.
	for i := len(p.widths); i > 0; i-- {
		b.fail(sw.SetColWidth(i, i, p.widths[i-1]))
	}
	if p.repeat > 0 && p.freeze >= 0 {
		b.fail(sw.SetPanes(panes(p.freeze, p.repeat)))
	}
	s.print(p)
	return s
}

func panes(columns, rows int) *excelize.Panes {
	pane := "bottomRight"
	if columns == 0 {
		pane = "bottomLeft"
	}
	return &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: cellName(columns+1, rows+1), ActivePane: pane}
}

// names sets print area and print titles.
func (s *sheet) names(p page) {
	columns := p.printed
	if columns == 0 {
		columns = len(p.widths)
	}
	s.define("_xlnm.Print_Area", s.name, fmt.Sprintf("$A$1:$%s$%d", columnName(columns), p.lastRow))
	if p.repeat > 0 {
		from := p.from
		if from == 0 {
			from = p.repeat
		}
		s.define("_xlnm.Print_Titles", s.name, fmt.Sprintf("$%d:$%d", from, p.repeat))
	}
}

// define names a range of this sheet; an empty scope is the whole workbook.
func (s *sheet) define(name, scope, ref string) {
	s.fail(s.f.SetDefinedName(&excelize.DefinedName{Name: name, Scope: scope, RefersTo: fmt.Sprintf("'%s'!%s", s.name, ref)}))
}

// print sets paper, margins, header and footer.
func (s *sheet) print(p page) {
	size, wide, high, orientation := s.paper.size(), 1, 0, "landscape"
	if p.portrait {
		orientation = "portrait"
	}
	if p.one {
		high = 1
	}
	s.fail(s.f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}))
	centimetres := func(cm float64) *float64 { inches := cm / 2.54; return &inches }
	margins := &excelize.PageLayoutMarginsOptions{
		Left: centimetres(1), Right: centimetres(1), Top: centimetres(1.7), Bottom: centimetres(1.5), Header: centimetres(0.7), Footer: centimetres(0.6),
	}
	header := fmt.Sprintf("&L%s%s&C%s%s&R%sRAHASIA - data pribadi", headerFont, headerText(s.d.Agency.Name, 90), headerFont, headerText(s.name, 31), headerFont)
	if p.one {
		yes := true
		margins.Horizontally = &yes
	}
	if p.letter {
		margins.Left, margins.Right, margins.Top, margins.Bottom = centimetres(3), centimetres(2), centimetres(2), centimetres(2.5)
		margins.Footer = centimetres(1.2)
		header = ""
	}
	s.fail(s.f.SetPageMargins(s.name, margins))
	footer := fmt.Sprintf("&L%sData s.d. %s · kode %s&C%sHalaman &P dari &N&R%sCakap", headerFont, s.cutText(), s.d.code(), headerFont, headerFont)
	if p.letter {
		footer = fmt.Sprintf("&L%sKode %s&R%sHalaman &P dari &N", headerFont, s.d.code(), headerFont)
	}
	s.fail(s.f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddHeader: header, OddFooter: footer}))
}

// headerFont ends with a space, or a text that begins with a digit would be
// read as part of the size.
const headerFont = `&"Calibri,Regular"&8 `

// headerText makes a text safe and short enough: the whole header may have 255
// characters, and & begins a code.
func headerText(s string, most int) string {
	s = strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "&", "&&")
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimRight(string([]rune(s)[:most-1]), "& ") + "…"
	}
	return s
}

// row writes the next row; height 0 leaves it to the application, which fits
// it to wrapped text. A nil cell is not written at all.
func (s *sheet) row(height float64, cells ...any) {
	if s.err != nil {
		return
	}
	if s.next%1024 == 0 {
		s.fail(s.ctx.Err())
	}
	opts := []excelize.RowOpts(nil)
	if height > 0 {
		opts = []excelize.RowOpts{{Height: height}}
	}
	s.fail(s.sw.SetRow(cellName(1, s.next), cells, opts...))
	s.next++
}

// skip leaves n rows empty.
func (s *sheet) skip(n int) { s.next += n }

// wide writes one text over columns first to last of a row.
func (s *sheet) wide(height float64, first, last int, l look, text string) {
	cells := make([]any, last)
	for i := first - 1; i < last; i++ {
		cells[i] = s.blank(l)
	}
	cells[first-1] = s.text(l, text)
	s.merge(first, last)
	s.row(height, cells...)
}

// merge joins columns first to last of the row that is written next.
func (s *sheet) merge(first, last int) {
	if s.err == nil && last > first {
		s.fail(s.sw.MergeCell(cellName(first, s.next), cellName(last, s.next)))
	}
}

// head writes the heads of a table, in a row of at least this height.
func (s *sheet) head(least float64, columns []column) {
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = s.text(lookHead, c.head)
	}
	s.row(max(least, headHeight(columns)), cells...)
}

// headHeight fits a row to heads; columns without a width are merged ones.
func headHeight(columns []column) float64 {
	most := 0.0
	for _, c := range columns {
		if c.width > 0 {
			most = max(most, height(lines(c.head, c.width, 10.5), 10))
		}
	}
	return most
}

// titles writes the two lines above a table.
func (s *sheet) titles(title string) {
	s.row(21, s.text(lookTitle, title))
	s.row(14, s.text(lookSub, s.source()))
}

// text is a cell with a text, which is never a formula; an empty one is blank.
func (b *book) text(l look, text string) any {
	if text == "" {
		return b.blank(l)
	}
	return excelize.Cell{StyleID: b.style(l), Value: text}
}

// blank is a cell with a style and nothing in it: "" would count as filled.
func (b *book) blank(l look) any { return excelize.Cell{StyleID: b.style(l)} }

func (b *book) number(l look, x float64) any {
	return excelize.Cell{StyleID: b.style(l), Value: x}
}

func (b *book) count(l look, n int) any { return excelize.Cell{StyleID: b.style(l), Value: n} }

// flush ends the sheet: whatever is set on it afterwards is lost.
func (s *sheet) flush() {
	if s.err == nil {
		s.fail(s.sw.Flush())
	}
}

func widths(columns []column) []float64 {
	all := make([]float64, len(columns))
	for i, c := range columns {
		all[i] = c.width
	}
	return all
}

func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // both are positive and small
	}
	return name
}

func columnName(column int) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		panic(err) // positive and small
	}
	return name
}
