package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// Annotate gives an uploaded sheet back as .xlsx with what the report says: the
// cells it names tinted, and the messages of each row in a column CATATAN behind
// the last (PERIKSA, in our own template). A workbook keeps its looks; of an .xls
// or a text file the values come in a new one. render makes the texts.
func Annotate(w io.Writer, name string, content []byte, report questionbank.Report, render func(*fault.Fault) string) error {
	src, err := open(questionbank.Input{Name: name, Content: content}) // judges the archive before excelize unpacks it
	if err != nil {
		return err
	}
	a := &annotator{notes: map[place][]string{}, tinted: map[int]int{}}
	a.collect(report, render)
	var raw bytes.Buffer
	if src.book.Format == "xlsx" {
		err = a.original(&raw, src)
	} else {
		err = a.copy(&raw, src.book)
	}
	if err != nil && fault.Of(err) == nil {
		return fault.New(fault.Malformed, "questionbank.import.annotate_failed").Because(err)
	}
	if err != nil {
		return err
	}
	return reproducible(w, raw.Bytes())
}

// original writes into the workbook itself.
func (a *annotator) original(w io.Writer, src *source) (err error) {
	defer func() {
		if r := recover(); r != nil { // excelize panics on files that contradict themselves
			err = fmt.Errorf("excelize: %v", r)
		}
	}()
	a.f, err = excelize.OpenReader(bytes.NewReader(src.content), excelize.Options{UnzipSizeLimit: 1 << 30, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.f.Close()) }()
	if _, macros := a.f.Pkg.Load("xl/vbaProject.bin"); macros {
		return fault.New(fault.Unsupported, "questionbank.import.annotate_macros")
	}
	if err := a.write(src.book); err != nil {
		return err
	}
	_, err = a.f.WriteTo(w)
	return err
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
			p, ref, ok := locate(m.At)
			if !ok {
				if p, _, ok = locate(item.At); !ok {
					continue
				}
			} else if ref != "" {
				a.cells = append(a.cells, mark{p.sheet, ref})
			}
			bare := *m
			bare.At = ""
			a.notes[p] = append(a.notes[p], render(&bare))
		}
	}
}

// textLine is how a place in a text file is called; its sheet has no name.
var textLine = regexp.MustCompile(`^baris (\d+)( kolom .*)?$`)

// locate reads "'Soal A'!G4" and "baris 7 kolom kunci"; of the latter the row
// is all there is.
func locate(at string) (p place, ref string, ok bool) {
	if m := textLine.FindStringSubmatch(at); m != nil {
		p.row, _ = strconv.Atoi(m[1])
		return p, "", true
	}
	p.sheet, ref, ok = split(at)
	if !ok {
		return p, "", false
	}
	_, row, err := excelize.CellNameToCoordinates(ref)
	p.row = row
	return p, ref, err == nil
}

// split takes the sheet's name off a reference.
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
			if err := a.f.SetCellStr(s.Name, cell(column, header), noteTitle); err != nil {
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
	switch {
	case err != nil && (fault.Of(err) == nil || fault.KindOf(err) == fault.TooLarge):
		return 0, 0, err
	case err != nil: // a layout without titles, or titles that the user explained
		header = 0
	default:
		header = t.Last
		if column, ok := t.Column(fCheck); ok && own(t) {
			return column, 0, nil
		}
	}
	for row, err := range book.Rows(s) {
		if err != nil {
			return 0, 0, err
		}
		column = max(column, len(row.Cells))
	}
	return column, header, nil
}

const (
	noteTitle  = "CATATAN"
	tintColour = "FCE9B8"
)

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
