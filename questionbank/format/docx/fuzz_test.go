package docx_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/docx"
	"cakap/questionbank/format/docx/docxtest"
	"cakap/questionbank/format/pack"
)

// sane fails where the reader breaks its promises, whatever it was given.
func sane(t *testing.T, data []byte) {
	t.Helper()
	p, err := docx.Format().Read(questionbank.Input{Name: "x.docx", Content: data})
	if err != nil {
		if fault.Of(err) == nil {
			t.Fatalf("an error that nobody may read: %v", err)
		}
		return
	}
	for _, item := range p.Items {
		if item.At == "" || item.Type == "" {
			t.Fatalf("an item without a place or a type: %+v", item)
		}
		if len(item.Files) != len(item.Content.Media) {
			t.Fatalf("%s: %d files, %d media", item.At, len(item.Files), len(item.Content.Media))
		}
		c := item.Content.Normalise()
		c.JSON()
		if err := c.Validate(); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range documents() {
		f.Add(s)
	}
	files, err := filepath.Glob(corpus + "/docx_soal/*esai.docx")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(sane)
}

// TestDamaged cuts the fixtures at 20 places and turns one byte in a hundred,
// of the file, and of the document inside a file that is whole.
func TestDamaged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 14))
	all := documents()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		z, err := pack.Open(s)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string][]byte{}
		for _, part := range z.Names() {
			if parts[part], err = z.Read(part); err != nil {
				t.Fatal(err)
			}
		}
		main := parts["word/document.xml"]
		for i := range 20 {
			sane(t, s[:len(s)*i/20])
			sane(t, flip(rnd, s, len(s)/100))
			parts["word/document.xml"] = main[:len(main)*i/20]
			sane(t, docxtest.Zip(z.Names(), parts))
			parts["word/document.xml"] = flip(rnd, main, 2) // more, and it never parses
			sane(t, docxtest.Zip(z.Names(), parts))
			parts["word/document.xml"] = main
			numbering := parts["word/numbering.xml"]
			parts["word/numbering.xml"] = flip(rnd, numbering, 2)
			sane(t, docxtest.Zip(z.Names(), parts))
			parts["word/numbering.xml"] = numbering
		}
	}
}

func flip(rnd *rand.Rand, s []byte, n int) []byte {
	s = bytes.Clone(s)
	for range max(n, 1) {
		s[rnd.IntN(len(s))] = byte(rnd.IntN(256))
	}
	return s
}

// TestHostileNumbering neither hangs nor counts without end.
func TestHostileNumbering(t *testing.T) {
	item := `<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="%s"/><w:numId w:val="%s"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>`
	var body strings.Builder
	for _, level := range []string{"", "0", "8", "9", "-1", "99999999999999999999", "x"} {
		for _, num := range []string{"", "0", "1", "2", "404"} {
			body.WriteString(strings.NewReplacer("%s\"/><w:numId", level+"\"/><w:numId", "%s", num).Replace(item))
		}
	}
	ns := `xmlns:w="w"`
	parts := map[string][]byte{
		"word/document.xml": []byte(`<w:document ` + ns + `><w:body>` + body.String() + `</w:body></w:document>`),
		"word/styles.xml":   []byte(`<w:styles ` + ns + `><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>`),
		"word/numbering.xml": []byte(`<w:numbering ` + ns + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="2147483647"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1%9%0"/></w:lvl>` +
			`<w:lvl w:ilvl="8"><w:start w:val="-5"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%9"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>`),
	}
	sane(t, docxtest.Zip([]string{"word/document.xml", "word/styles.xml", "word/numbering.xml"}, parts))
}
