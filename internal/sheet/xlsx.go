package sheet

import (
	"errors"
	"io"
	"iter"
	"path"
	"strconv"
	"strings"

	"cakap/internal/fault"
)

const (
	maxSheetRows = 1_048_576 // of the format itself
	maxSheets    = 500
)

// workbook is an Office Open XML workbook. Its shared strings are in memory,
// its sheets are streamed.
type workbook struct {
	parts  archive
	epoch  uint8
	shared sharedStrings
}

func (b *Book) openWorkbook(r io.ReaderAt, size int64) error {
	parts, err := openArchive(r, size, b.limits)
	if err != nil {
		return err
	}
	main, err := parts.target("_rels/.rels", "", "officeDocument")
	if err != nil {
		main = "xl/workbook.xml"
	}
	if !parts.has(main) || strings.HasSuffix(main, ".bin") {
		return refuseZip(parts, main)
	}
	w := &workbook{parts: parts}
	if b.sheets, err = w.readWorkbook(main); err != nil {
		return unreadable(err)
	}
	if strings, err := parts.target(relsOf(main), path.Dir(main), "sharedStrings"); err == nil && parts.has(strings) {
		if w.shared, err = w.readShared(strings); err != nil {
			return unreadable(err)
		}
	}
	b.Format, b.source = "xlsx", w
	return nil
}

// refuseZip names the way out for what people take for a workbook.
func refuseZip(parts archive, main string) error {
	switch {
	case strings.HasSuffix(main, ".bin"), parts.has("xl/workbook.bin"):
		return fault.New(fault.Unsupported, "sheet.xlsb")
	case parts.has("content.xml") && parts.has("mimetype"):
		return fault.New(fault.Unsupported, "sheet.ods")
	default:
		return fault.New(fault.Unsupported, "sheet.unsupported")
	}
}

// unreadable turns what went wrong inside a part into a refusal.
func unreadable(err error) error {
	switch {
	case fault.Of(err) != nil:
		return err
	case errors.Is(err, errXMLToken):
		return fault.New(fault.TooLarge, "sheet.bomb").Because(err)
	default:
		return damaged(err)
	}
}

func relsOf(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}

// scan calls tag for each start tag of a part.
func (a archive) scan(part string, tag func(s *scanner) error) (err error) {
	r, err := a.open(part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	s := newScanner(r)
	for {
		switch kind, err := s.next(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case kind != tokenStart:
		default:
			if err := tag(s); err != nil {
				return err
			}
		}
	}
}

// targets are the parts a part refers to, by relation id, with their types.
func (a archive) targets(rels, folder string) (parts, types map[string]string, err error) {
	parts, types = map[string]string{}, map[string]string{}
	err = a.scan(rels, func(s *scanner) error {
		if string(s.name) != "Relationship" || s.attrText("TargetMode") == "External" {
			return nil
		}
		target := s.attrText("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", folder, target)
		}
		id := s.attrText("Id")
		parts[id] = strings.TrimPrefix(path.Clean(target), "/")
		types[id] = path.Base(s.attrText("Type"))
		return nil
	})
	return parts, types, err
}

func (a archive) target(rels, folder, kind string) (string, error) {
	parts, types, err := a.targets(rels, folder)
	if err != nil {
		return "", err
	}
	for id, t := range types {
		if t == kind {
			return parts[id], nil
		}
	}
	return "", errors.New("no relation " + kind)
}

func (w *workbook) readWorkbook(main string) ([]Sheet, error) {
	parts, types, err := w.parts.targets(relsOf(main), path.Dir(main))
	if err != nil {
		return nil, err
	}
	var sheets []Sheet
	err = w.parts.scan(main, func(s *scanner) error {
		switch string(s.name) {
		case "workbookPr":
			if v := s.attrText("date1904"); v == "1" || v == "true" {
				w.epoch = 1
			}
		case "sheet":
			state := s.attrText("state")
			id := s.attrText("id")
			if types[id] != "worksheet" || !w.parts.has(parts[id]) {
				return nil // a chart or macro sheet
			}
			sheets = append(sheets, Sheet{Name: s.attrText("name"), Hidden: state == "hidden" || state == "veryHidden", part: parts[id]})
		}
		if len(sheets) > maxSheets {
			return fault.New(fault.TooLarge, "sheet.bomb")
		}
		return nil
	})
	if err == nil && len(sheets) == 0 {
		err = errors.New("no worksheet")
	}
	return sheets, err
}

func (w *workbook) rows(sh Sheet, limits Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r, err := w.parts.open(sh.part)
		if err != nil {
			yield(Row{}, unreadable(err))
			return
		}
		defer func() { _ = r.Close() }() // a reader; what matters was read
		rows := rowReader{scanner: newScanner(r), workbook: w, limits: limits}
		filled := 0
		for {
			row, err := rows.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, unreadable(err))
				return
			}
			if len(row.Cells) == 0 {
				continue
			}
			if !row.Blank() {
				filled++
			}
			if filled > limits.Rows {
				yield(Row{}, fault.New(fault.TooLarge, "sheet.rows", limits.Rows))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// rowReader takes a worksheet part apart, row by row.
type rowReader struct {
	*scanner
	*workbook
	limits Limits
	row    Row
	cell   Cell
	kind   string // the cell's t attribute
	value  []byte
	rich   richText
	inV    bool
}

// next reads to the end of the next row; io.EOF after the sheet's data.
func (r *rowReader) next() (Row, error) {
	for {
		kind, err := r.scanner.next()
		if err != nil {
			return Row{}, err
		}
		if kind == tokenText {
			if r.inV || r.rich.visible() {
				r.value = r.appendText(r.value)
			}
			continue
		}
		switch string(r.name) {
		case "row":
			if kind == tokenStart {
				if err := r.startRow(); err != nil {
					return Row{}, err
				}
			}
			if kind == tokenEnd || r.empty {
				return r.row, nil
			}
		case "c":
			if kind == tokenStart {
				if err := r.startCell(); err != nil {
					return Row{}, err
				}
			}
			if kind == tokenEnd || r.empty {
				if err := r.endCell(); err != nil {
					return Row{}, err
				}
			}
		case "v":
			r.inV = kind == tokenStart && !r.empty
		case "sheetData":
			if kind == tokenEnd || r.empty {
				return Row{}, io.EOF
			}
		default:
			r.rich.tag(kind, r.scanner)
		}
	}
}

func (r *rowReader) startRow() error {
	n := r.row.N + 1
	if given := r.attr("r"); given != nil {
		var err error
		if n, err = strconv.Atoi(string(given)); err != nil || n < 1 || n > maxSheetRows {
			return errXML
		}
	}
	if n > maxSheetRows {
		return errXML
	}
	r.row = Row{N: n, Cells: r.row.Cells[:0]}
	r.cell.col = -1
	return nil
}

func (r *rowReader) startCell() error {
	column := r.cell.col + 1
	if ref := r.attr("r"); ref != nil {
		var ok bool
		if column, ok = columnOf(ref); !ok {
			return errXML
		}
	}
	r.cell = Cell{row: r.row.N, col: column, epoch: r.epoch}
	r.kind = cellKind(r.attr("t"))
	r.value, r.inV, r.rich = r.value[:0], false, richText{}
	return nil
}

// cellKind spares an allocation per cell.
func cellKind(t []byte) string {
	for _, known := range [...]string{"n", "s", "str", "inlineStr", "b", "e", "d"} {
		if string(t) == known {
			return known
		}
	}
	return "n"
}

func (r *rowReader) endCell() error {
	if err := r.setText(); err != nil {
		return err
	}
	c := r.cell
	if c.col < 0 {
		return errXML // the end of a cell that never began
	}
	if c.col >= r.limits.Columns {
		if c.Blank() {
			return nil
		}
		return fault.New(fault.TooLarge, "sheet.columns", r.limits.Columns).Place(c.Ref())
	}
	for len(r.row.Cells) <= c.col {
		r.row.Cells = append(r.row.Cells, Cell{row: r.row.N, col: len(r.row.Cells), epoch: r.epoch})
	}
	r.row.Cells[c.col] = c
	return nil
}

func (r *rowReader) setText() error {
	if len(r.value) == 0 {
		return nil
	}
	switch r.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(string(r.value)))
		text, ok := r.shared.at(i)
		if err != nil || !ok {
			return errXML
		}
		r.cell.Text = text
	case "n":
		r.cell.Text, r.cell.Number = plainNumber(strings.TrimSpace(string(r.value))), true
	case "b":
		r.cell.Text = "FALSE"
		if string(r.value) == "1" || string(r.value) == "true" {
			r.cell.Text = "TRUE"
		}
	default:
		r.cell.Text = unescapeHex(string(r.value))
	}
	return nil
}

// columnOf is the column of a reference such as "BC12", from 0.
func columnOf(ref []byte) (int, bool) {
	n := 0
	for i, c := range ref {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0
		}
		if i == 3 {
			return 0, false // the format ends at XFD
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1, n > 0
}
