package xlsx

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"cakap/internal/sheet"
)

// copy writes the values of a file that excelize cannot open into a new workbook
// with the notes. Everything is written as text, so that no cell of a stranger's
// becomes a formula and no long number loses a digit.
func (a *annotator) copy(w io.Writer, book *sheet.Book) (err error) {
	a.f = excelize.NewFile()
	defer func() { err = errors.Join(err, a.f.Close()) }()
	tint, err := a.f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{tintColour}}})
	if err != nil {
		return fmt.Errorf("annotate copy: %w", err)
	}
	marked := map[mark]bool{}
	for _, m := range a.cells {
		marked[m] = true
	}
	for i, s := range book.Sheets() {
		if err := a.copySheet(book, s, i, func(m mark) int {
			if marked[m] {
				return tint
			}
			return 0
		}); err != nil {
			return err
		}
	}
	if _, err := a.f.WriteTo(w); err != nil {
		return fmt.Errorf("annotate copy: %w", err)
	}
	return nil
}

// copyName is what the copy calls a sheet; that of a text file has no name.
func copyName(s sheet.Sheet) string {
	if s.Name == "" {
		return sheetItems
	}
	return s.Name
}

func (a *annotator) copySheet(book *sheet.Book, s sheet.Sheet, i int, style func(mark) int) error {
	name := copyName(s)
	var err error
	if i == 0 {
		err = a.f.SetSheetName("Sheet1", name)
	} else {
		_, err = a.f.NewSheet(name)
	}
	if err == nil && s.Hidden {
		err = a.f.SetSheetVisible(name, false)
	}
	if err != nil {
		return fmt.Errorf("annotate copy: %w", err)
	}
	column, header := -1, 0
	if len(a.rowsOf(s.Name)) > 0 {
		if column, header, err = noteColumn(book, s); err != nil {
			return err
		}
	}
	sw, err := a.f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("annotate copy: %w", err)
	}
	if column >= 0 {
		if err := sw.SetColWidth(column+1, column+1, 60); err != nil {
			return fmt.Errorf("annotate copy: %w", err)
		}
	}
	for row, err := range book.Rows(s) {
		if err != nil {
			return err
		}
		if err := sw.SetRow(cell(0, row.N), a.copyRow(s.Name, row, column, header, style)); err != nil {
			return fmt.Errorf("annotate copy: %w", err)
		}
	}
	return sw.Flush()
}

func (a *annotator) copyRow(name string, row sheet.Row, column, header int, style func(mark) int) []any {
	cells := make([]any, max(len(row.Cells), column+1))
	for i := range cells {
		text, id := row.Cell(i).Text, style(mark{name, cell(i, row.N)})
		if text != "" || id != 0 {
			cells[i] = excelize.Cell{Value: text, StyleID: id}
		}
	}
	switch notes := a.notes[place{name, row.N}]; {
	case column < 0:
	case row.N == header:
		cells[column] = excelize.Cell{Value: noteTitle}
	case len(notes) > 0:
		cells[column] = excelize.Cell{Value: strings.Join(notes, "\n")}
	}
	return cells
}
