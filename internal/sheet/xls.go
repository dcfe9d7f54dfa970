package sheet

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"

	"cakap/internal/fault"
	"cakap/internal/sheet/biff"
)

// openXLS reads a workbook of Excel 97 to 2003. What shares its container is
// refused by name: a workbook with a password, for Excel wraps the encrypted
// package into the same, and an old Word file. What cannot be read is for Excel
// itself to open and save anew.
func (b *Book) openXLS(r io.ReaderAt, size int64) error {
	content := make([]byte, size)
	if _, err := r.ReadAt(content, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	book, err := biff.Open(content)
	switch {
	case err == nil:
		w := &oldWorkbook{book: book}
		if book.Date1904 {
			w.epoch = 1
		}
		for _, s := range book.Sheets {
			b.sheets = append(b.sheets, Sheet{Name: s.Name, Hidden: s.Hidden, old: s})
		}
		b.Format, b.source = "xls", w
		return nil
	case errors.Is(err, biff.ErrEncrypted), bytes.Contains(content, utf16Text("EncryptedPackage")):
		return fault.New(fault.Unsupported, "sheet.encrypted")
	case bytes.Contains(content, utf16Text("WordDocument")):
		return fault.New(fault.Unsupported, "sheet.unsupported")
	default:
		return unreadableXLS(err)
	}
}

func unreadableXLS(err error) error {
	if errors.Is(err, biff.ErrTooLarge) {
		return fault.New(fault.TooLarge, "sheet.bomb").Because(err)
	}
	return fault.New(fault.Unsupported, "sheet.old_xls").Because(err)
}

func utf16Text(s string) []byte {
	wide := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		wide = append(wide, s[i], 0)
	}
	return wide
}

// oldWorkbook is a workbook of Excel 97 to 2003.
type oldWorkbook struct {
	book  *biff.Book
	epoch uint8
}

// rows gathers cells into rows. The row given away is made anew in place.
func (w *oldWorkbook) rows(s Sheet, limits Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		g := gatherer{limits: limits, yield: yield}
		err := w.book.Cells(s.old, func(c biff.Cell) bool { return g.take(w.cell(c)) })
		switch {
		case g.done:
		case g.err != nil:
			yield(Row{}, g.err)
		case err != nil:
			yield(Row{}, unreadableXLS(err))
		default:
			if !g.flush() && g.err != nil {
				yield(Row{}, g.err)
			}
		}
	}
}

func (w *oldWorkbook) cell(c biff.Cell) Cell {
	out := Cell{Text: c.Text, row: c.Row + 1, col: c.Col, epoch: w.epoch}
	if c.Number {
		out.Number, out.Text = true, plainNumber(strconv.FormatFloat(c.Value, 'G', -1, 64))
	}
	return out
}

// OldPictures is how many pictures lie on a sheet of an .xls; nobody reads them,
// but a reader should say so.
func (b *Book) OldPictures(s Sheet) int {
	if w, ok := b.source.(*oldWorkbook); ok {
		return w.book.Pictures(s.old)
	}
	return 0
}

// gatherer makes rows of cells that come one by one.
type gatherer struct {
	limits Limits
	yield  func(Row, error) bool
	row    Row
	filled int
	done   bool  // the reader has enough
	err    error // a limit was passed
}

// take adds a cell; false ends the reading.
func (g *gatherer) take(c Cell) bool {
	if c.row != g.row.N && !g.flush() {
		return false
	}
	g.row.N = c.row
	if c.col >= g.limits.Columns {
		if !c.Blank() {
			g.err = fault.New(fault.TooLarge, "sheet.columns", g.limits.Columns).Place(c.Ref())
		}
		return g.err == nil
	}
	for len(g.row.Cells) <= c.col {
		g.row.Cells = append(g.row.Cells, Cell{row: c.row, col: len(g.row.Cells), epoch: c.epoch})
	}
	g.row.Cells[c.col] = c
	return true
}

// flush gives the row away that is complete now.
func (g *gatherer) flush() bool {
	if len(g.row.Cells) == 0 {
		return true
	}
	if !g.row.Blank() {
		g.filled++
	}
	if g.filled > g.limits.Rows {
		g.err = fault.New(fault.TooLarge, "sheet.rows", g.limits.Rows)
		return false
	}
	g.done = !g.yield(g.row, nil)
	g.row = Row{Cells: g.row.Cells[:0]}
	return !g.done
}
