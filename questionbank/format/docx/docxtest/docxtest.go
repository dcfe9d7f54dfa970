// Package docxtest builds small Word files, for the tests of whatever reads
// questions from them.
package docxtest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
)

// Block is a paragraph or a table; it writes itself into a document.
type Block func(*document) string

// Run is text of one style, or a picture, in a paragraph.
type Run func(*document) string

type document struct {
	rels  []string
	media map[string][]byte
	order []string
}

// P is a paragraph.
func P(runs ...Run) Block {
	return func(d *document) string { return "<w:p>" + join(d, runs) + "</w:p>" }
}

// Text is a paragraph of plain text; a newline in it is a line break.
func Text(s string) Block { return P(T(s)) }

// Item is a paragraph that Word numbers. List 1 counts "1." on level 0 and "A."
// on level 1; of the lists 11 to 60 each counts "A." anew.
func Item(list, level int, runs ...Run) Block {
	return func(d *document) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>%s</w:p>`, level, list, join(d, runs))
	}
}

// Raw is whatever WordprocessingML a test wants in the body.
func Raw(xml string) Block { return func(*document) string { return xml } }

// Table is rows of cells.
func Table(rows ...[]Cell) Block {
	return func(d *document) string {
		var b strings.Builder
		b.WriteString("<w:tbl><w:tblPr/>")
		for _, row := range rows {
			b.WriteString("<w:tr>")
			for _, c := range row {
				b.WriteString("<w:tc><w:tcPr>" + c.merge + "</w:tcPr>")
				for _, block := range c.blocks {
					b.WriteString(block(d))
				}
				b.WriteString("</w:tc>")
			}
			b.WriteString("</w:tr>")
		}
		return b.String() + "</w:tbl>"
	}
}

// Cell is one of a table's.
type Cell struct {
	blocks []Block
	merge  string
}

// C is a cell of blocks; without any it is empty.
func C(blocks ...Block) Cell {
	if len(blocks) == 0 {
		blocks = []Block{P()}
	}
	return Cell{blocks: blocks}
}

// Top is a cell that reaches down over those of Under.
func Top(blocks ...Block) Cell {
	c := C(blocks...)
	c.merge = `<w:vMerge w:val="restart"/>`
	return c
}

// Under is a cell that belongs to the one above.
func Under() Cell { return Cell{blocks: []Block{P()}, merge: "<w:vMerge/>"} }

// Row is a row of texts.
func Row(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, s := range texts {
		cells[i] = C(Text(s))
	}
	return cells
}

// T is plain text; a newline is a line break.
func T(s string) Run { return Styled("", s) }

// Bold is bold text.
func Bold(s string) Run { return Styled("<w:b/>", s) }

// Styled is text with the run properties given.
func Styled(properties, s string) Run {
	return func(*document) string {
		var b strings.Builder
		b.WriteString("<w:r>")
		if properties != "" {
			b.WriteString("<w:rPr>" + properties + "</w:rPr>")
		}
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				b.WriteString("<w:br/>")
			}
			b.WriteString(`<w:t xml:space="preserve">` + html.EscapeString(line) + "</w:t>")
		}
		return b.String() + "</w:r>"
	}
}

// RawRun is whatever a test wants in a paragraph.
func RawRun(xml string) Run { return func(*document) string { return xml } }

// Picture is a picture with its description, "" for none.
func Picture(name string, data []byte, alt string) Run {
	return func(d *document) string {
		id := d.add(name, data)
		return fmt.Sprintf(`<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="%s"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>`+
			`<a:blip r:embed="%s"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, html.EscapeString(alt), id)
	}
}

// OldPicture is a picture as Word 2003 drew it.
func OldPicture(name string, data []byte, alt string) Run {
	return func(d *document) string {
		return fmt.Sprintf(`<w:r><w:pict><v:shape alt="%s"><v:imagedata r:id="%s"/></v:shape></w:pict></w:r>`, html.EscapeString(alt), d.add(name, data))
	}
}

// Linked is a picture that lies elsewhere.
func Linked(url string) Run {
	return func(d *document) string {
		id := fmt.Sprintf("rId%d", len(d.rels)+1)
		d.rels = append(d.rels, fmt.Sprintf(`<Relationship Id="%s" Type="%s/image" Target="%s" TargetMode="External"/>`, id, relTypes, html.EscapeString(url)))
		return `<w:r><w:drawing><wp:inline><wp:docPr descr=""/><a:blip r:link="` + id + `"/></wp:inline></w:drawing></w:r>`
	}
}

func (d *document) add(name string, data []byte) string {
	id := fmt.Sprintf("rId%d", len(d.rels)+1)
	d.rels = append(d.rels, fmt.Sprintf(`<Relationship Id="%s" Type="%s/image" Target="media/%s"/>`, id, relTypes, name))
	if _, known := d.media[name]; !known {
		d.order = append(d.order, name)
	}
	d.media[name] = data
	return id
}

func join(d *document, runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r(d))
	}
	return b.String()
}

const (
	relTypes   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="` + relTypes + `"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml"` +
		` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
		` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:o="urn:schemas-microsoft-com:office:office"`
	relsHead     = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>`
)

// Build writes the document as a .docx file.
func Build(blocks ...Block) []byte {
	d := &document{media: map[string][]byte{}}
	var body strings.Builder
	for _, b := range blocks {
		body.WriteString(b(d))
	}
	parts := map[string][]byte{
		"[Content_Types].xml":          []byte(xmlHead + contentTypes),
		"_rels/.rels":                  []byte(xmlHead + relsHead + `<Relationship Id="rId1" Type="` + relTypes + `/officeDocument" Target="word/document.xml"/></Relationships>`),
		"word/document.xml":            []byte(xmlHead + `<w:document ` + namespaces + `><w:body>` + body.String() + `<w:sectPr/></w:body></w:document>`),
		"word/numbering.xml":           []byte(xmlHead + numbering()),
		"word/_rels/document.xml.rels": []byte(xmlHead + relsHead + strings.Join(d.rels, "") + `</Relationships>`),
	}
	names := []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/numbering.xml", "word/_rels/document.xml.rels"}
	for _, name := range d.order {
		parts["word/media/"+name] = d.media[name]
		names = append(names, "word/media/"+name)
	}
	return Zip(names, parts)
}

// Zip packs parts in the order of their names, for files that are no proper
// document.
func Zip(names []string, parts map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(parts[name])
		}
		if err != nil {
			panic(err) // a buffer takes every write
		}
	}
	if err := z.Close(); err != nil {
		panic(err) // likewise
	}
	return b.Bytes()
}

// numbering is the lists that Item names.
func numbering() string {
	var b strings.Builder
	b.WriteString(`<w:numbering ` + namespaces + `><w:abstractNum w:abstractNumId="0">`)
	for i, format := range []string{"decimal", "upperLetter", "lowerRoman"} {
		fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%%%d."/></w:lvl>`, i, format, i+1)
	}
	b.WriteString(`</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>`)
	b.WriteString(`<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>`)
	b.WriteString(`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>`)
	for n := 11; n <= 60; n++ {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`, n)
	}
	return b.String() + `</w:numbering>`
}
