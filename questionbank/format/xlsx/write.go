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
	stamp     = "TEMPLAT-SOAL v2"
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
// filled-in template; files that items show stay behind.
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

// Write writes items into the template; total says how many there will be. The
// same items give the same bytes.
func Write(w io.Writer, total int, items iter.Seq2[Item, error]) error {
	rows := make([]texts, 0, total)
	for item, err := range items {
		if err != nil {
			return err
		}
		cells, _ := values(item)
		rows = append(rows, cells)
	}
	return writeRows(w, rows)
}

// optionColumns is how many columns for options the rows need.
func optionColumns(rows []texts) int {
	n := templateOptions
	for _, cells := range rows {
		for n < mostOptions && (cells[optionField(n)] != "" || cells[reasonField(n)] != "" || beyond(cells, n)) {
			n++
		}
	}
	return n
}

func beyond(cells texts, n int) bool {
	for i := n + 1; i < mostOptions; i++ {
		if cells[optionField(i)] != "" || cells[reasonField(i)] != "" {
			return true
		}
	}
	return false
}

func writeRows(w io.Writer, rows []texts) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	b := &builder{f: f, layout: newLayout(optionColumns(rows)), last: headerRow + max(emptyRows, len(rows)+spareRows)}
	if err := b.prepare(); err != nil {
		return fmt.Errorf("write question template: %w", err)
	}
	for _, fill := range []func() error{
		b.guide, func() error { return b.items(rows) }, b.example, b.lists,
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
	layout
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
	last, err := excelize.CoordinatesToCellName(len(b.columns)+1, b.last)
	if err != nil {
		return err
	}
	return b.f.SetSheetDimension(sheetItems, "A1:"+last)
}

// items writes the entry sheet.
func (b *builder) items(rows []texts) error {
	sw, err := b.f.NewStreamWriter(sheetItems)
	if err != nil {
		return err
	}
	if err := b.frame(sw); err != nil {
		return err
	}
	n := firstRow
	for _, cells := range rows {
		if err := sw.SetRow(cell(0, n), b.row(cells, n), b.height(cells)); err != nil {
			return err
		}
		n++
	}
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
	for i, c := range b.columns {
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := sw.SetColWidth(len(b.columns)+1, len(b.columns)+1, 44); err != nil {
		return err
	}
	if err := sw.SetColVisible(len(b.columns)+2, len(b.columns)+1+dataColumns, false); err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: headerRow, TopLeftCell: cell(1, firstRow), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", []any{excelize.Cell{StyleID: b.s.stamp, Value: stamp}}); err != nil {
		return err
	}
	header := make([]any, 0, len(b.columns)+1+dataColumns)
	for _, c := range b.columns {
		style := b.s.optional
		if c.required {
			style = b.s.required
		}
		header = append(header, excelize.Cell{StyleID: style, Value: c.title})
	}
	header = append(header, excelize.Cell{StyleID: b.s.required, Value: checkTitle})
	for i := range dataColumns {
		header = append(header, excelize.Cell{StyleID: b.s.stamp, Value: dataTitle(i)})
	}
	return sw.SetRow(cell(0, headerRow), header, excelize.RowOpts{Height: 32})
}

// row is the cells of row n: text where there is one, else an unlocked blank
// (nil, never "": programs disagree on counting empty texts), PERIKSA, and the
// data that the item needs beside them.
func (b *builder) row(cells texts, n int) []any {
	all := make([]any, 0, len(b.columns)+1+dataColumns)
	for _, col := range b.columns {
		c := excelize.Cell{StyleID: b.s.entry}
		if text := cells[col.field]; text != "" {
			c.Value = text
		}
		all = append(all, c)
	}
	all = append(all, excelize.Cell{StyleID: b.s.check, Formula: b.checkFormula(n)})
	for i := 0; cells[dataField(i)] != ""; i++ {
		all = append(all, excelize.Cell{StyleID: b.s.stamp, Value: cells[dataField(i)]})
	}
	return all
}

// height is a row high enough for its longest text; other programs do not fit
// rows by themselves when they open a file.
func (b *builder) height(cells texts) excelize.RowOpts {
	lines := 1
	for _, col := range b.columns {
		text := cells[col.field]
		n := strings.Count(text, "\n") + 1 + utf8.RuneCountInString(text)*10/int(col.width*10)
		lines = max(lines, n)
	}
	return excelize.RowOpts{Height: float64(15 * min(lines, 20))}
}

// cell is a place, both counted as sheet.Ref does: column from 0, row from 1.
func cell(col, row int) string { return sheet.Ref(row, col) }

func (b *builder) area(field string, last int) string {
	col := sheet.Letters(b.index(field))
	return col + strconv.Itoa(firstRow) + ":" + col + strconv.Itoa(last)
}
