package xlsx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"cakap/internal/sheet"
	"cakap/questionbank"
)

// The sheets of the template.
const (
	sheetGuide   = "Petunjuk"
	sheetItems   = "Soal"
	sheetExample = "Contoh"
	sheetLists   = "Daftar"
)

const (
	stamp     = "TEMPLAT-SOAL v1"
	headerRow = 3
	firstRow  = headerRow + 1
	emptyRows = 500 // rows ready to be filled in
	spareRows = 100 // behind the items of an export
)

// Item is one item to write.
type Item struct {
	Code    string
	Content questionbank.Content
}

// Template writes the workbook with nothing filled in.
func Template(w io.Writer) error {
	return Write(w, 0, func(func(Item, error) bool) {})
}

// Export writes the latest revision of every item the filter finds, as a
// filled-in template.
func Export(ctx context.Context, w io.Writer, bank *questionbank.Service, f questionbank.Filter) error {
	page, err := bank.List(ctx, f)
	if err != nil {
		return err
	}
	stop := errors.New("stop")
	return Write(w, page.Total, func(yield func(Item, error) bool) {
		err := bank.Export(ctx, f, func(r questionbank.Revision) error {
			if !yield(Item{Code: r.Code, Content: r.Content}, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Item{}, err)
		}
	})
}

// Write writes items into the template, one at a time; total says how many
// there will be. The same items give the same bytes.
func Write(w io.Writer, total int, items iter.Seq2[Item, error]) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	b := &builder{f: f, last: headerRow + max(emptyRows, total+spareRows)}
	if err := b.prepare(); err != nil {
		return fmt.Errorf("write question template: %w", err)
	}
	for _, fill := range []func() error{
		b.guide, func() error { return b.items(items) }, b.example, b.lists,
	} {
		if err := fill(); err != nil {
			return fmt.Errorf("write question template: %w", err)
		}
	}
	var raw bytes.Buffer
	if _, err := f.WriteTo(&raw); err != nil {
		return fmt.Errorf("write question template: %w", err)
	}
	return reproducible(w, raw.Bytes())
}

// builder is a workbook being written. excelize loses silently what comes in
// the wrong order, so everything about the workbook and the sheets' properties
// is done in prepare, before the first stream is opened.
type builder struct {
	f    *excelize.File
	last int // last row of the entry sheet
	s    styles
}

func (b *builder) prepare() error {
	for i, name := range []string{sheetGuide, sheetItems, sheetExample, sheetLists} {
		if i == 0 {
			if err := b.f.SetSheetName("Sheet1", name); err != nil {
				return err
			}
			continue
		}
		if _, err := b.f.NewSheet(name); err != nil {
			return err
		}
	}
	if err := b.f.SetSheetVisible(sheetLists, false, true); err != nil {
		return err
	}
	b.f.SetActiveSheet(0)
	if err := b.properties(); err != nil {
		return err
	}
	if err := b.names(); err != nil {
		return err
	}
	return b.makeStyles()
}

// created stands in every workbook: a time of writing would make two files of
// the same items differ.
const created = "2026-01-01T00:00:00Z"

func (b *builder) properties() error {
	if err := b.f.SetDocProps(&excelize.DocProperties{
		Creator: "Cakap", LastModifiedBy: "Cakap", Created: created, Modified: created,
		Title: "Templat bank soal Cakap", Identifier: stamp, Language: "id-ID",
	}); err != nil {
		return err
	}
	wide := "landscape"
	for _, name := range []string{sheetItems, sheetExample} {
		if err := b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &wide}); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(columns)+1, b.last)
	if err != nil {
		return err
	}
	return b.f.SetSheetDimension(sheetItems, "A1:"+last)
}

// items writes the entry sheet.
func (b *builder) items(items iter.Seq2[Item, error]) error {
	sw, err := b.f.NewStreamWriter(sheetItems)
	if err != nil {
		return err
	}
	if err := b.frame(sw); err != nil {
		return err
	}
	n := firstRow
	for item, err := range items {
		if err != nil {
			return err
		}
		texts := values(item)
		if err := sw.SetRow(cell(0, n), b.row(texts, n), height(texts)); err != nil {
			return err
		}
		n++
	}
	b.last = max(b.last, n)
	for ; n <= b.last; n++ {
		if err := sw.SetRow(cell(0, n), b.row(nil, n)); err != nil {
			return err
		}
	}
	if err := b.validations(sheetItems, b.last); err != nil {
		return err
	}
	if err := b.marks(); err != nil {
		return err
	}
	if err := b.f.ProtectSheet(sheetItems, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true, FormatCells: true, FormatColumns: true, FormatRows: true, Sort: true, AutoFilter: true,
	}); err != nil {
		return err
	}
	return sw.Flush()
}

// frame writes what stands above the rows: stamp and header.
func (b *builder) frame(sw *excelize.StreamWriter) error {
	for i, c := range columns {
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := sw.SetColWidth(len(columns)+1, len(columns)+1, 44); err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: headerRow, TopLeftCell: cell(1, firstRow), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", []any{excelize.Cell{StyleID: b.s.stamp, Value: stamp}}); err != nil {
		return err
	}
	header := make([]any, 0, len(columns)+1)
	for _, c := range columns {
		style := b.s.optional
		if c.required {
			style = b.s.required
		}
		header = append(header, excelize.Cell{StyleID: style, Value: c.title})
	}
	header = append(header, excelize.Cell{StyleID: b.s.required, Value: checkTitle})
	return sw.SetRow(cell(0, headerRow), header, excelize.RowOpts{Height: 32})
}

// row is the cells of row n: text where there is one, else an unlocked blank
// (nil, never "": programs disagree on counting empty texts), and PERIKSA.
func (b *builder) row(texts []string, n int) []any {
	cells := make([]any, 0, len(columns)+1)
	for i := range columns {
		c := excelize.Cell{StyleID: b.s.entry}
		if i < len(texts) && texts[i] != "" {
			c.Value = texts[i]
		}
		cells = append(cells, c)
	}
	return append(cells, excelize.Cell{StyleID: b.s.check, Formula: checkFormula(n, b.last)})
}

// height is a row high enough for its longest text; other programs do not fit
// rows by themselves when they open a file.
func height(texts []string) excelize.RowOpts {
	lines := 1
	for i, text := range texts {
		n := strings.Count(text, "\n") + 1 + utf8.RuneCountInString(text)*10/int(columns[i].width*10)
		lines = max(lines, n)
	}
	return excelize.RowOpts{Height: float64(15 * min(lines, 20))}
}

// values is an item in the columns of the template.
func values(item Item) []string {
	c, in := item.Content, item.Content.Choice()
	fw := questionbank.StandardFramework()
	v := map[string]string{
		fCode: item.Code, fAspect: aspectName(c), fIndicator: c.Indicator, fType: typeNames[c.Type], fLevel: string(c.Level),
		fStimulus: c.Stimulus, fStem: c.Stem, fCorrect: strings.Join(in.Correct, ","), fRationale: c.Rationale,
		fBasis: c.Basis, fDigComp: strings.Join(c.DigComp, ", "), fExpires: c.Expires,
	}
	if ind, ok := fw.Indicator(c.Indicator); ok {
		v[fIndicator] = indicatorName(ind)
	}
	for i, o := range in.Options {
		v[questionbank.OptionField("option", i)] = o.Text
		v[questionbank.OptionField("reason", i)] = o.Reason
	}
	switch c.Type {
	case questionbank.TrueFalse:
		v[fCorrect] = "SALAH"
		if len(in.Correct) > 0 && in.Correct[0] == "A" {
			v[fCorrect] = "BENAR"
		}
	case questionbank.SJT:
		v[fPoints] = formatPoints(in.Options)
		var letters []string
		for _, i := range best(in.Options) {
			letters = append(letters, questionbank.OptionID(i))
		}
		v[fCorrect] = strings.Join(letters, ",")
	}
	if c.Type != questionbank.TrueFalse && !in.Shuffle {
		v[fShuffle] = "Tidak"
	}
	out := make([]string, len(columns))
	for i, col := range columns {
		out[i] = v[col.field]
	}
	return out
}

func aspectName(c questionbank.Content) string {
	a := c.Aspect()
	return a.Code() + " " + questionbank.StandardFramework().AspectName(a)
}

func indicatorName(ind questionbank.Indicator) string { return ind.Code + " " + ind.Name }

// cell is a place, both counted as sheet.Ref does: column from 0, row from 1.
func cell(col, row int) string { return sheet.Ref(row, col) }

func area(field string, last int) string {
	col := sheet.Letters(indexOf(field))
	return col + strconv.Itoa(firstRow) + ":" + col + strconv.Itoa(last)
}
