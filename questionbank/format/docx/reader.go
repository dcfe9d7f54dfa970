package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"

	"cakap/internal/fault"
	"cakap/questionbank/format/text"
)

// What a document may hold.
const (
	maxDepth  = 200
	maxBlocks = 50_000
	maxCells  = 100_000
)

// block is a paragraph, which may be several lines, or a table.
type block struct {
	lines []text.Line
	table *table
}

type table struct {
	rows []row
	n    int // which of the document
}

type row struct {
	cells []cell
	at    string
}

type cell struct {
	lines  []text.Line
	joined bool // goes on with the cell above
}

// reader walks the document once. Its functions are called behind a start tag
// and return behind the end tag that belongs to it.
type reader struct {
	doc    *document
	dec    *xml.Decoder
	depth  int
	blocks int
	cells  int
	paras  int    // body paragraphs, as people count them
	tables int    // likewise
	at     string // of what is being read
	inCell int
}

func (d *document) body(main []byte) ([]block, error) {
	r := &reader{doc: d, dec: xml.NewDecoder(bytes.NewReader(main))}
	for {
		t, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil, fault.New(fault.Invalid, "questionbank.docx.no_body").Place(d.main)
		}
		if err != nil {
			return nil, r.broken(err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "questionbank.xml.doctype").Place(d.main)
		case xml.StartElement:
			if t.Name.Local != "body" {
				continue
			}
			blocks, err := r.flow()
			if err != nil {
				return nil, err
			}
			return blocks, nil
		}
	}
}

func (r *reader) broken(err error) error {
	if f := fault.Of(err); f != nil {
		return err
	}
	line, _ := r.dec.InputPos()
	return fault.New(fault.Invalid, "questionbank.xml.broken", line).Place(r.doc.main + " baris " + strconv.Itoa(line)).Because(err)
}

// each calls visit for every child element, until the end tag of the element
// that is open. What visit does not read itself, it must skip.
func (r *reader) each(visit func(xml.StartElement) error) error {
	if r.depth++; r.depth > maxDepth {
		return fault.New(fault.TooLarge, "questionbank.xml.too_deep", maxDepth).Place(r.doc.main)
	}
	for {
		t, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.depth--
			return nil
		case xml.Directive:
			return fault.New(fault.Invalid, "questionbank.xml.doctype").Place(r.doc.main)
		}
	}
}

func (r *reader) skip() error {
	return r.each(func(xml.StartElement) error { return r.skip() })
}

// chars is the text of an element.
func (r *reader) chars() (string, error) {
	var b bytes.Buffer
	if r.depth++; r.depth > maxDepth {
		return "", fault.New(fault.TooLarge, "questionbank.xml.too_deep", maxDepth).Place(r.doc.main)
	}
	for {
		t, err := r.dec.Token()
		if err != nil {
			return "", r.broken(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if err := r.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			r.depth--
			return b.String(), nil
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// wrapper elements hold what is to be read as if they were not there.
var wrapper = map[string]bool{
	"sdt": true, "sdtContent": true, "ins": true, "moveTo": true, "customXml": true, "smartTag": true,
	"AlternateContent": true, "Choice": true, "hyperlink": true, "fldSimple": true, "dir": true, "bdo": true, "ruby": true, "rubyBase": true,
}

// flow is paragraphs and tables.
func (r *reader) flow() ([]block, error) {
	var blocks []block
	err := r.each(func(e xml.StartElement) error { return r.block(&blocks, e) })
	return blocks, err
}

func (r *reader) block(blocks *[]block, e xml.StartElement) error {
	switch {
	case e.Name.Local == "p":
		if r.blocks++; r.blocks > maxBlocks {
			return fault.New(fault.TooLarge, "questionbank.docx.too_long", maxBlocks)
		}
		if r.inCell == 0 {
			r.paras++
			r.at = "paragraf " + strconv.Itoa(r.paras)
		}
		lines, err := r.paragraph()
		*blocks = append(*blocks, block{lines: lines})
		return err
	case e.Name.Local == "tbl":
		t, err := r.table()
		*blocks = append(*blocks, block{table: t})
		return err
	case wrapper[e.Name.Local]:
		return r.each(func(e xml.StartElement) error { return r.block(blocks, e) })
	case e.Name.Local == "altChunk":
		*blocks = append(*blocks, block{lines: []text.Line{{At: r.at, Notes: []*fault.Fault{r.note("questionbank.docx.lost", "altChunk")}}}})
	}
	return r.skip()
}

func (r *reader) note(key string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, args...).Place(r.at)
}

func (r *reader) table() (*table, error) {
	t := &table{}
	if r.inCell == 0 {
		r.tables++
	}
	t.n = r.tables
	err := r.each(func(e xml.StartElement) error { return r.rowIn(t, e) })
	return t, err
}

func (r *reader) rowIn(t *table, e xml.StartElement) error {
	switch {
	case e.Name.Local == "tr":
		if r.inCell == 0 {
			r.at = "tabel " + strconv.Itoa(t.n) + " baris " + strconv.Itoa(len(t.rows)+1)
		}
		row, deleted, err := r.row()
		if err == nil && !deleted {
			t.rows = append(t.rows, row)
		}
		return err
	case wrapper[e.Name.Local]:
		return r.each(func(e xml.StartElement) error { return r.rowIn(t, e) })
	}
	return r.skip()
}

func (r *reader) row() (row, bool, error) {
	out, deleted := row{at: r.at}, false
	var visit func(e xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch {
		case e.Name.Local == "tc":
			if r.cells++; r.cells > maxCells {
				return fault.New(fault.TooLarge, "questionbank.docx.too_long", maxCells)
			}
			c, err := r.cell()
			out.cells = append(out.cells, c)
			return err
		case e.Name.Local == "trPr":
			return r.each(func(e xml.StartElement) error {
				deleted = deleted || e.Name.Local == "del"
				return r.skip()
			})
		case wrapper[e.Name.Local]:
			return r.each(visit)
		}
		return r.skip()
	}
	err := r.each(visit)
	return out, deleted, err
}

func (r *reader) cell() (cell, error) {
	var c cell
	var blocks []block
	r.inCell++
	err := r.each(func(e xml.StartElement) error {
		if e.Name.Local != "tcPr" {
			return r.block(&blocks, e)
		}
		return r.each(func(e xml.StartElement) error {
			if e.Name.Local == "vMerge" && attr(e, "val") != "restart" {
				c.joined = true
			}
			return r.skip()
		})
	})
	r.inCell--
	c.lines = flat(blocks)
	return c, err
}

// flat is blocks as lines; a table among them becomes one line that shows it.
func flat(blocks []block) []text.Line {
	var lines []text.Line
	for _, b := range blocks {
		if b.table != nil {
			lines = append(lines, b.table.line())
			continue
		}
		lines = append(lines, b.lines...)
	}
	return lines
}
