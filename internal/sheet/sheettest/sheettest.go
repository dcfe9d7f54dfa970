// Package sheettest writes small workbooks for tests, down to the raw XML of a
// number: the faults that matter (a NIP stored as 1.99301E+17, a date serial, a
// merged title) are in the file and not in what a library makes of it.
package sheettest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cakap/internal/sheet"
)

// Sheet is one sheet of a workbook to write. A cell is nil (nothing), a string,
// an int or float64, a bool, a Raw number, an Inline string, a time.Time (a
// date serial), or Styled (formatted but blank).
type Sheet struct {
	Name   string
	Hidden bool
	Rows   [][]any
	Merge  []string // "A1:H1"
	Start  int      // row number of the first row; 0 is 1
}

// Raw is a number exactly as it shall stand in the XML: "1.99301212020121E+17".
type Raw string

// Inline is text kept in the cell instead of the shared table, as streaming
// writers do.
type Inline string

// Styled is a cell with a format and nothing in it.
type Styled struct{}

// Workbook writes an .xlsx file.
func Workbook(sheets ...Sheet) []byte {
	w := &writer{shared: map[string]int{}}
	parts := map[string]string{}
	var list, rels, types strings.Builder
	for i, s := range sheets {
		n := i + 1
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", n)] = w.sheet(s)
		state := ""
		if s.Hidden {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, escape(s.Name), n, state, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
	}
	parts["[Content_Types].xml"] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>` + types.String() + `</Types>`
	parts["_rels/.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	parts["xl/workbook.xml"] = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list.String() + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	parts["xl/sharedStrings.xml"] = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="` + strconv.Itoa(len(w.shared)) + `" uniqueCount="` + strconv.Itoa(len(w.shared)) + `">` + w.strings.String() + `</sst>`
	return Zip(parts)
}

// Zip packs parts into an archive, for workbooks that no program would write.
func Zip(parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) { // "[Content_Types].xml" first, as readers expect
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(parts[name]))
		}
		if err != nil {
			panic(err) // a bytes.Buffer does not fail
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

type writer struct {
	shared  map[string]int
	strings strings.Builder
}

func (w *writer) sheet(s Sheet) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i, row := range s.Rows {
		n := i + max(s.Start, 1)
		fmt.Fprintf(&b, `<row r="%d">`, n)
		for j, value := range row {
			w.cell(&b, sheet.Ref(n, j), value)
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	if len(s.Merge) > 0 {
		b.WriteString(`<mergeCells>`)
		for _, m := range s.Merge {
			fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, m)
		}
		b.WriteString(`</mergeCells>`)
	}
	b.WriteString(`</worksheet>`)
	return b.String()
}

func (w *writer) cell(b *strings.Builder, ref string, value any) {
	number := func(text string) { fmt.Fprintf(b, `<c r="%s"><v>%s</v></c>`, ref, text) }
	switch v := value.(type) {
	case nil:
	case Styled:
		fmt.Fprintf(b, `<c r="%s" s="0"/>`, ref)
	case string:
		fmt.Fprintf(b, `<c r="%s" t="s"><v>%d</v></c>`, ref, w.share(v))
	case Inline:
		fmt.Fprintf(b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, escape(string(v)))
	case int:
		number(strconv.Itoa(v))
	case float64:
		number(strconv.FormatFloat(v, 'g', -1, 64))
	case Raw:
		number(string(v))
	case bool:
		fmt.Fprintf(b, `<c r="%s" t="b"><v>%d</v></c>`, ref, map[bool]int{true: 1}[v])
	case time.Time:
		number(strconv.Itoa(serial(v)))
	default:
		panic(fmt.Sprintf("sheettest: no cell for a %T", value))
	}
}

// serial is the day as a workbook counts it.
func serial(t time.Time) int {
	return int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

func (w *writer) share(text string) int {
	i, ok := w.shared[text]
	if !ok {
		i = len(w.shared)
		w.shared[text] = i
		w.strings.WriteString(`<si><t xml:space="preserve">` + escape(text) + `</t></si>`)
	}
	return i
}

// escape writes control characters as Excel does, "_x000B_", because XML
// cannot hold them.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < ' ' && r != '\t' && r != '\n':
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			if err := xml.EscapeText(&b, []byte(string(r))); err != nil {
				panic(err) // a strings.Builder does not fail
			}
		}
	}
	return b.String()
}
