package qti_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/qti"
	"cakap/questionbank/questionbanktest"
)

func mustOpen(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func add(t *testing.T, w *zip.Writer, name string, content []byte) {
	t.Helper()
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
}

// packed is a zip of names and contents in turn.
func packed(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		add(t, w, files[i], []byte(files[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// manifest is a manifest with an item resource for each address.
func manifest(hrefs ...string) string {
	var b strings.Builder
	b.WriteString(`<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>`)
	for i, href := range hrefs {
		fmt.Fprintf(&b, "\n"+`<resource identifier="R%d" type="imsqti_item_xmlv2p1" href="%s"><file href="%s"/></resource>`, i, href, href)
	}
	return b.String() + `</resources></manifest>`
}

// question is a small item whose stem names it.
func question(stem string) string {
	return `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="` + "x" + `" title="T">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>
<itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>` + stem + `</prompt>
<simpleChoice identifier="A">Ya</simpleChoice><simpleChoice identifier="B">Tidak</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>`
}

// said is the items and messages of a package, for comparison.
func said(parsed questionbank.Parsed) []string {
	var out []string
	for _, item := range parsed.Items {
		out = append(out, item.At+": "+item.Content.Stem)
		for _, f := range item.Warnings {
			out = append(out, "  "+message(f))
		}
	}
	for _, f := range parsed.Messages {
		out = append(out, message(f))
	}
	return out
}

func TestPackages(t *testing.T) {
	picture := string(questionbanktest.Picture())
	for _, tt := range []struct {
		name  string
		files []string
		want  []string
	}{
		{
			"percent-encoded address, nested root, rubbish of macOS",
			[]string{
				"Soal/imsmanifest.xml", manifest("butir%20satu/soal%20%26%20jawab.xml"),
				"Soal/butir satu/soal & jawab.xml", question("Satu"), "__MACOSX/Soal/._soal.xml", "\x00\x05\x16", "Soal/._x.xml", question("hantu"),
			},
			[]string{"Soal/butir satu/soal & jawab.xml baris 1: Satu"},
		},
		{
			"order of the manifest; what it forgot comes last",
			[]string{"imsmanifest.xml", manifest("z.xml", "a.xml"), "a.xml", question("A"), "m.xml", question("M"), "z.xml", question("Z")},
			[]string{"z.xml baris 1: Z", "a.xml baris 1: A", "m.xml baris 1: M"},
		},
		{
			"a copy that the manifest does not know is read once",
			[]string{"imsmanifest.xml", manifest("a.xml"), "a.xml", question("A"), "lama/a.xml", question("A")},
			[]string{"a.xml baris 1: A", "lama/a.xml  questionbank.qti.copy_skipped [a.xml]"},
		},
		{
			"absent item, malformed item among good ones, entity",
			[]string{
				"imsmanifest.xml", manifest("a.xml", "b.xml", "c.xml", "d.xml"), "a.xml", question("A"), "b.xml", strings.Replace(question("B"), "</prompt>", "</promt>", 1),
				"d.xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + strings.Replace(question("&e;"), "T", "&e;", 1),
			},
			[]string{
				"a.xml baris 1: A", "imsmanifest.xml baris 4  questionbank.qti.manifest_missing [c.xml]",
				"b.xml baris 3  questionbank.xml.broken [3]", "d.xml baris 1  questionbank.xml.doctype []",
			},
		},
		{
			"no manifest at all",
			[]string{"a.xml", question("A"), "readme.txt", "halo"},
			[]string{"a.xml baris 1: A"},
		},
		{
			"a test is named, its items are not invented",
			[]string{"imsmanifest.xml", manifest("a.xml"), "a.xml", question("A"), "tes/test.xml", `<assessmentTest title="Ujian"><assessmentItemRef href="../a.xml"/>
<assessmentItemRef href="../b.xml"/></assessmentTest>`},
			[]string{
				"a.xml baris 1: A", "tes/test.xml  questionbank.qti.test_ignored [Ujian]",
				"tes/test.xml baris 2  questionbank.qti.manifest_missing [../b.xml]",
			},
		},
		{
			"pictures: beside the item, absent, without description, remote",
			[]string{
				"imsmanifest.xml", manifest("a/a.xml"), "a/gambar/layar%201.png", picture,
				"a/a.xml", question(`<img src="gambar/layar%25201.png" alt=""/><img src="tiada.png" alt="Tiada"/><img src="//jauh/x.png" alt=""/>`),
			},
			[]string{
				"a/a.xml baris 1: ![](media:layar_201.png)Tiada",
				"  a/a.xml baris 3  questionbank.import.alt_missing [layar_201.png]",
				"  a/a.xml baris 3  questionbank.qti.lost [img tiada.png, img //jauh/x.png]",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, said(read(t, packed(t, tt.files...)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

const stimulusItem = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q" title="Q">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
<qti-assessment-stimulus-ref identifier="s" href="../bacaan/s.xml"/><qti-assessment-stimulus-ref identifier="t" href="t.xml"/>
<qti-item-body><p>Bacalah.</p><qti-extended-text-interaction response-identifier="RESPONSE"><qti-prompt>Jelaskan.</qti-prompt></qti-extended-text-interaction></qti-item-body>
</qti-assessment-item>`

// TestSharedPassages reads the stimulus that items of QTI 3 refer to, with the
// pictures beside it.
func TestSharedPassages(t *testing.T) {
	parsed := read(t, packed(t,
		"imsmanifest.xml", strings.ReplaceAll(manifest("butir/q.xml"), "v2p1", "v3p0"), "butir/q.xml", stimulusItem, "bacaan/gambar.png", string(questionbanktest.Picture()),
		"bacaan/s.xml", `<qti-assessment-stimulus identifier="s" title="S"><qti-stimulus-body><p>Surel <b>palsu</b>.</p><img src="gambar.png" alt="Surel"/></qti-stimulus-body></qti-assessment-stimulus>`))
	item := parsed.Items[0]
	if want := "Surel **palsu**.\n\n![Surel](media:gambar.png)\n\nBacalah."; item.Content.Stimulus != want {
		t.Errorf("stimulus %q, want %q", item.Content.Stimulus, want)
	}
	if len(item.Files) != 1 || !bytes.Equal(item.Files[0].Data, questionbanktest.Picture()) {
		t.Errorf("got %d files", len(item.Files))
	}
	if len(item.Warnings) != 1 || item.Warnings[0].Key != "questionbank.qti.stimulus_missing" {
		t.Errorf("warnings %v, want one of the stimulus that is not there", item.Warnings)
	}
}

func TestKeywordsBecomeTags(t *testing.T) {
	file := strings.Replace(manifest("a.xml"), `<file`, `<metadata><lom><general><keyword><string>surel</string></keyword><keyword><string> sandi </string></keyword></general></lom></metadata><file`, 1)
	item := read(t, packed(t, "imsmanifest.xml", file, "a.xml", question("A"))).Items[0]
	if diff := cmp.Diff([]string{"surel", "sandi"}, item.Content.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

// TestRefused tells what is another format's from what is a broken file of ours.
func TestRefused(t *testing.T) {
	good := packed(t, "imsmanifest.xml", manifest("a.xml"), "a.xml", question("A"))
	for _, tt := range []struct {
		name string
		file []byte
		want fault.Kind
		key  string
	}{
		{"QTI 1.2", []byte(`<?xml version="1.0"?><questestinterop><item/></questestinterop>`), fault.Unsupported, "questionbank.qti.not_qti"},
		{"Moodle XML", []byte(`<quiz><question type="essay"/></quiz>`), fault.Unsupported, "questionbank.qti.not_qti"},
		{"GIFT", []byte("::x:: <b>y</b> {=z}"), fault.Unsupported, "questionbank.qti.not_qti"},
		{"nothing", nil, fault.Unsupported, "questionbank.qti.not_qti"},
		{"a Word file", packed(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<document/>"), fault.Unsupported, "questionbank.qti.not_qti"},
		{"a package of QTI 1.2", packed(t, "imsmanifest.xml", strings.ReplaceAll(manifest("a.xml"), "item_xmlv2p1", "xmlv1p2"), "a.xml", "<questestinterop/>"), fault.Unsupported, "questionbank.qti.not_qti"},
		{"half a package", good[:len(good)/2], fault.Invalid, "questionbank.zip.damaged"},
		{"a path out of the package", packed(t, "imsmanifest.xml", manifest("a.xml"), "../a.xml", question("A")), fault.Invalid, "questionbank.zip.name"},
		{"a broken item", []byte(question("A")[:200]), fault.Invalid, "questionbank.xml.broken"},
		{"two items in a file", []byte(question("A") + question("B")), fault.Invalid, "questionbank.xml.second_root"},
		{"entities", []byte(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + question("&b;")), fault.Invalid, "questionbank.xml.doctype"},
		{"too deep", []byte(strings.Replace(question("X"), "X", strings.Repeat("<b>", 20_000), 1)), fault.TooLarge, "questionbank.xml.too_deep"},
		{"a bomb", bomb(t), fault.TooLarge, "questionbank.zip.bomb"},
	} {
		parsed, err := qti.Read(questionbank.Input{Content: tt.file})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != tt.want || f.Key != tt.key {
			t.Errorf("%s: got %v with %d items, want %v %s", tt.name, err, len(parsed.Items), tt.want, tt.key)
		}
	}
}

// bomb is a small package that unpacks to 300 MiB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add(t, w, "imsmanifest.xml", []byte(manifest("a.xml")))
	f, err := w.Create("a.xml")
	if err != nil {
		t.Fatal(err)
	}
	block := bytes.Repeat([]byte{' '}, 1<<20)
	for range 300 {
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUTF16 reads an item that is not UTF-8 but says so by its first bytes.
func TestUTF16(t *testing.T) {
	out := []byte{0xff, 0xfe}
	for _, r := range `<?xml version="1.0" encoding="UTF-16"?>` + question("Halo") {
		out = append(out, byte(r), byte(r>>8))
	}
	if got := read(t, out).Items[0].Content.Stem; got != "Halo" {
		t.Errorf("stem %q, want %q", got, "Halo")
	}
}
