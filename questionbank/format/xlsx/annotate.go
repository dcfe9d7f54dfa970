package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// Annotate gives an uploaded workbook back with what the report says: the
// cells it names tinted, and the messages of each row in a column CATATAN
// behind the last (PERIKSA, in our own template). render makes the texts.
func Annotate(w io.Writer, name string, content []byte, report questionbank.Report, render func(*fault.Fault) string) (err error) {
	book, err := sheet.OpenBytes(name, content, sheet.Limits{Bytes: questionbank.MaxFile}) // judges the archive before excelize unpacks it
	if err != nil {
		return err
	}
	if book.Format != "xlsx" {
		return fault.New(fault.Unsupported, "questionbank.import.annotate_xlsx")
	}
	defer func() {
		if r := recover(); r != nil { // excelize panics on files that contradict themselves
			err = fault.New(fault.Malformed, "questionbank.import.annotate_failed").Because(fmt.Errorf("excelize: %v", r))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: 1 << 30, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return fault.New(fault.Malformed, "questionbank.import.annotate_failed").Because(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, macros := f.Pkg.Load("xl/vbaProject.bin"); macros {
		return fault.New(fault.Unsupported, "questionbank.import.annotate_macros")
	}
	a := &annotator{f: f, notes: map[place][]string{}, tinted: map[int]int{}}
	a.collect(report, render)
	if err := a.write(book); err != nil {
		return fault.New(fault.Malformed, "questionbank.import.annotate_failed").Because(err)
	}
	var raw bytes.Buffer
	if _, err := f.WriteTo(&raw); err != nil {
		return fmt.Errorf("annotate workbook: %w", err)
	}
	return reproducible(w, raw.Bytes())
}

// place is a row of a sheet.
type place struct {
	sheet string
	row   int
}

type annotator struct {
	f      *excelize.File
	notes  map[place][]string
	cells  []mark
	tinted map[int]int // style → the same style with a tint
}

type mark struct{ sheet, cell string }

// collect sorts the messages by row. A message without a cell belongs to the
// row of its question.
func (a *annotator) collect(report questionbank.Report, render func(*fault.Fault) string) {
	for _, item := range report.Items {
		for _, m := range item.Messages {
			name, ref, ok := split(m.At)
			if ok {
				a.cells = append(a.cells, mark{name, ref})
			} else if name, ref, ok = split(item.At); !ok {
				continue
			}
			_, row, err := excelize.CellNameToCoordinates(ref)
			if err != nil {
				continue
			}
			bare := *m
			bare.At = ""
			a.notes[place{name, row}] = append(a.notes[place{name, row}], render(&bare))
		}
	}
}

// split reads "'Soal A'!G4".
func split(at string) (name, ref string, ok bool) {
	i := strings.LastIndexByte(at, '!')
	if i < 0 {
		return "", "", false
	}
	name, ref = at[:i], at[i+1:]
	if inner, quoted := strings.CutPrefix(name, "'"); quoted {
		name = strings.ReplaceAll(strings.TrimSuffix(inner, "'"), "''", "'")
	}
	return name, ref, true
}

func (a *annotator) write(book *sheet.Book) error {
	if _, styled := a.f.Pkg.Load("xl/styles.xml"); !styled {
		a.cells = nil // some programs write none, and excelize cannot add to nothing
	}
	for _, m := range a.cells {
		if err := a.tint(m); err != nil {
			return err
		}
	}
	for _, s := range book.Sheets() {
		rows := a.rowsOf(s.Name)
		if len(rows) == 0 {
			continue
		}
		column, header, err := noteColumn(book, s)
		if err != nil {
			return err
		}
		if header > 0 {
			if err := a.f.SetCellStr(s.Name, cell(column, header), "CATATAN"); err != nil {
				return err
			}
		}
		for _, row := range rows {
			note := strings.Join(a.notes[place{s.Name, row}], "\n")
			if err := a.f.SetCellStr(s.Name, cell(column, row), note); err != nil {
				return err
			}
		}
		letters := sheet.Letters(column)
		if err := a.f.SetColWidth(s.Name, letters, letters, 60); err != nil {
			return err
		}
	}
	return nil
}

func (a *annotator) rowsOf(name string) []int {
	var rows []int
	for p := range a.notes {
		if p.sheet == name {
			rows = append(rows, p.row)
		}
	}
	slices.Sort(rows)
	return rows
}

// noteColumn is where notes go, and the header row to title them in: 0 for our
// template, whose PERIKSA has a title.
func noteColumn(book *sheet.Book, s sheet.Sheet) (column, header int, err error) {
	t, err := book.TableIn(s, aliases, fStem)
	if err != nil {
		return 0, 0, err
	}
	if own(t) {
		return len(columns), 0, nil
	}
	for row, err := range book.Rows(s) {
		if err != nil {
			return 0, 0, err
		}
		column = max(column, len(row.Cells))
	}
	return column, t.Last, nil
}

const tintColour = "FCE9B8"

// tint colours a cell and leaves the rest of its look as it was.
func (a *annotator) tint(m mark) error {
	id, err := a.f.GetCellStyle(m.sheet, m.cell)
	if err != nil {
		return err
	}
	tinted, ok := a.tinted[id]
	if !ok {
		style, err := a.f.GetStyle(id)
		if err != nil {
			return err
		}
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{tintColour}}
		if tinted, err = a.f.NewStyle(style); err != nil {
			return err
		}
		a.tinted[id] = tinted
	}
	return a.f.SetCellStyle(m.sheet, m.cell, m.cell, tinted)
}
