package docx_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/conformance"
	"cakap/questionbank/format/docx"
	"cakap/questionbank/format/docx/docxtest"
	"cakap/questionbank/questionbanktest"
)

const corpus = "../../../../shared/corpus"

// TestCorpus holds the reader against strangers' files, and counts what
// EXPECTED.csv says in words: the pictures, and what stands against a question.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("corpus not beside the repository")
	}
	rows, err := conformance.Run(corpus, docx.Format().Read)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range rows {
		if !strings.HasPrefix(r.File, "docx_soal/") {
			continue
		}
		if seen++; !r.Equal {
			t.Errorf("%s: %s, got %d %s, want %d %s", r.File, r.Why, r.Got, r.GotTypes, r.Want, r.WantTypes)
		}
	}
	if seen < 4 {
		t.Errorf("%d files of the corpus are ours, want 4", seen)
	}
	for _, tt := range []struct {
		file         string
		pictures     int
		at           string
		fault        string
		twins, empty int
	}{
		{"candy_contoh_soal_pg.docx", 12, "tabel 1 baris 1", "questionbank.option_twice", 0, 0},
		{"candy_contoh_soal_pg_esai.docx", 12, "tabel 1 baris 1", "questionbank.option_twice", 0, 0},
		{"candy_contoh_soal_esai.docx", 0, "", "", 5, 0},
		{"garuda_format_soal.docx", 2, "tabel 1 baris 4", "questionbank.key_empty", 0, 37},
	} {
		p := read(t, corpusFile(t, tt.file))
		pictures, twins := 0, 0
		for _, item := range p.Items {
			pictures += len(item.Files)
			twins += count(item.Warnings, "questionbank.text.stem_twice")
			if item.At == tt.at && !slices.Contains(verdict(item), tt.fault) {
				t.Errorf("%s %s: %v, want %s", tt.file, item.At, verdict(item), tt.fault)
			}
		}
		if pictures != tt.pictures || twins != tt.twins {
			t.Errorf("%s: %d pictures, %d twins, want %d, %d", tt.file, pictures, twins, tt.pictures, tt.twins)
		}
		if tt.empty > 0 && (len(p.Messages) == 0 || p.Messages[0].Args[0] != tt.empty) {
			t.Errorf("%s: messages %v, want %d empty rows", tt.file, p.Messages, tt.empty)
		}
	}
	candy := read(t, corpusFile(t, "candy_contoh_soal_pg.docx"))
	var options []string
	for _, o := range candy.Items[2].Content.Choice().Options {
		options = append(options, o.Text)
	}
	if options[0] != "Bahan Keras Alam" || strings.HasPrefix(candy.Items[3].Content.Choice().Options[1].Text, "B.") {
		t.Errorf("options keep labels of their own: %q", options)
	}
}

func corpusFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, "docx_soal", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t *testing.T, data []byte) questionbank.Parsed {
	t.Helper()
	p, err := docx.Format().Read(questionbank.Input{Name: "x.docx", Content: data})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// verdict is every key that stands against saving an item.
func verdict(item questionbank.ParsedItem) []string {
	var keys []string
	for _, f := range item.Rejects {
		keys = append(keys, f.Key)
	}
	c := item.Content.Normalise()
	c.Indicator, c.Level = "A1.1", questionbank.L2
	if f := fault.Of(c.Validate()); f != nil {
		for _, each := range f.Faults {
			keys = append(keys, each.Key)
		}
	}
	return keys
}

func count(faults []*fault.Fault, key string) int {
	n := 0
	for _, f := range faults {
		if f.Key == key {
			n++
		}
	}
	return n
}

// TestRefusals says what other files, and broken ones, are told.
func TestRefusals(t *testing.T) {
	zip := func(main string, more ...string) []byte {
		names, parts := []string{"word/document.xml"}, map[string][]byte{"word/document.xml": []byte(main)}
		for _, name := range more {
			names = append(names, name)
			parts[name] = []byte("x")
		}
		return docxtest.Zip(names, parts)
	}
	old := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), []byte("...W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00")...)
	for _, tt := range []struct {
		name string
		data []byte
		kind fault.Kind
		key  string
	}{
		{"text", []byte("1. Apa?"), fault.Unsupported, "questionbank.docx.not_word"},
		{"other zip", docxtest.Zip([]string{"imsmanifest.xml"}, nil), fault.Unsupported, "questionbank.docx.not_word"},
		{"damaged zip", []byte("PK\x03\x04…"), fault.Unsupported, "questionbank.docx.not_word"},
		{"damaged document", docxtest.Build(docxtest.Text("1. Apa?"))[:900], fault.Invalid, "questionbank.zip.damaged"},
		{"old Word", old, fault.Invalid, "questionbank.docx.old_word"},
		{"old Excel", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...Workbook"), fault.Unsupported, "questionbank.docx.not_word"},
		{"RTF", []byte(`{\rtf1 1. Apa?}`), fault.Invalid, "questionbank.docx.old_word"},
		{"macros", zip("<d><body/></d>", "word/vbaProject.bin"), fault.Invalid, "questionbank.docx.macros"},
		{"no body", zip("<document/>"), fault.Invalid, "questionbank.docx.no_body"},
		{"a letter", docxtest.Build(docxtest.Text("Yth. Kepala Dinas"), docxtest.Item(1, 0, docxtest.T("Pembukaan")), docxtest.Item(1, 0, docxtest.T("Laporan"))), fault.Invalid, "questionbank.text.no_questions"},
		{"empty", docxtest.Build(), fault.Invalid, "questionbank.text.no_questions"},
		{"not XML", zip("<document><body><p>"), fault.Invalid, "questionbank.xml.broken"},
		{"entities", zip(`<!DOCTYPE d [<!ENTITY a "x">]><d><body><p><r><t>&a;</t></r></p></body></d>`), fault.Invalid, "questionbank.xml.doctype"},
		{"unknown entity", zip(`<d><body><p><r><t>&a;</t></r></p></body></d>`), fault.Invalid, "questionbank.xml.broken"},
		{"deep", zip("<d><body>" + strings.Repeat("<p><r>", 5000)), fault.TooLarge, "questionbank.xml.too_deep"},
		{"long", zip("<d><body>" + strings.Repeat("<p/>", 60_000) + "</body></d>"), fault.TooLarge, "questionbank.docx.too_long"},
		{"large", zip("<d><body><p><r><t>" + strings.Repeat("x ", 9<<20) + "</t></r></p></body></d>"), fault.TooLarge, "questionbank.xml.too_large"},
		{"leaves its folder", docxtest.Zip([]string{"word/document.xml", "../x"}, nil), fault.Invalid, "questionbank.zip.name"},
	} {
		_, err := docx.Format().Read(questionbank.Input{Content: tt.data})
		if f := fault.Of(err); f == nil || f.Kind != tt.kind || f.Key != tt.key {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
		}
	}
}

// TestPicturesComeAlong with their bytes and descriptions, one that is shown
// twice once for each question.
func TestPicturesComeAlong(t *testing.T) {
	p := read(t, docxtest.Build(
		docxtest.P(docxtest.T("1. Apa ini? "), picture("a.png", "Alat [1]")), docxtest.Text("A. x"), docxtest.Text("B. y"), docxtest.Text("Kunci: A"),
		docxtest.P(docxtest.T("2. Dan ini? "), picture("a.png", "A picture containing text Description automatically generated")),
		docxtest.P(docxtest.T("A. "), picture("a.png", "")), docxtest.Text("B. y"), docxtest.Text("Kunci: A"),
	))
	if len(p.Items) != 2 {
		t.Fatalf("%d items, want 2", len(p.Items))
	}
	for i, alt := range []string{"Alat (1)", "A picture containing text"} {
		item := p.Items[i]
		if len(item.Files) != 1 || item.Files[0].Name != "a.png" || !bytes.Equal(item.Files[0].Data, questionbanktest.Picture()) {
			t.Errorf("files of %s: %d", item.At, len(item.Files))
		}
		if diff := cmp.Diff([]questionbank.Media{{Name: "a.png", Alt: alt}}, item.Content.Media); diff != "" {
			t.Errorf("%s (-want +got):\n%s", item.At, diff)
		}
	}
}

// TestPictureKinds are judged by their bytes, not by their names.
func TestPictureKinds(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       bool
	}{
		{"a.png", string(questionbanktest.Picture()), true}, {"a.jpg", "\xff\xd8\xff\xe0", true}, {"a.gif", "GIF89a", true},
		{"a.png", "<svg xmlns='http://www.w3.org/2000/svg'/>", false}, {"a.png", "<html>", false}, {"a.emf", "\x01\x00\x00\x00", false}, {"a.wmf", "\xd7\xcd\xc6\x9a", false}, {"a.png", "", false},
	} {
		p := read(t, docxtest.Build(docxtest.P(docxtest.T("1. Apa ini? "), docxtest.Picture(tt.name, []byte(tt.data), "Alat")), docxtest.Text("Kunci: ya")))
		if len(p.Items) != 1 || len(p.Items[0].Files) == 1 != tt.want || count(p.Items[0].Warnings, "questionbank.docx.picture_kind") == 1 == tt.want {
			t.Errorf("%s %q: %+v", tt.name, tt.data[:min(len(tt.data), 8)], p.Items)
		}
	}
}

// TestWordCountsLists as Word shows them: a second use of a list goes on, one
// with a start of its own begins anew, and a deeper level restarts.
func TestWordCountsLists(t *testing.T) {
	p := read(t, docxtest.Build(
		docxtest.Item(1, 0, docxtest.T("Satu?")), docxtest.Item(1, 1, docxtest.T("a")), docxtest.Item(1, 1, docxtest.T("b")), docxtest.Text("Kunci: B"),
		docxtest.Item(1, 0, docxtest.T("Dua: pilih.")), docxtest.Item(2, 0, docxtest.T("butir")), docxtest.Item(1, 1, docxtest.T("c")), docxtest.Item(1, 1, docxtest.T("d")), docxtest.Text("Kunci: A"),
		docxtest.Item(1, 0, docxtest.T("Tiga?")), docxtest.Item(11, 0, docxtest.T("e")), docxtest.Item(11, 0, docxtest.T("f")), docxtest.Text("Kunci: B"),
	))
	var got []string
	for _, item := range p.Items {
		in := item.Content.Choice()
		s := item.Content.Stem + " |"
		for _, o := range in.Options {
			s += " " + o.ID + o.Text
		}
		got = append(got, s+" | "+strings.Join(in.Correct, ""))
	}
	want := []string{"Satu? | Aa Bb | B", "Dua: pilih.\n\n• butir | Ac Bd | A", "Tiga? | Ae Bf | B"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDeletedAndOldTextNeverShows of tracked changes and of fields.
func TestDeletedAndOldTextNeverShows(t *testing.T) {
	raw := docxtest.RawRun
	p := read(t, docxtest.Build(docxtest.P(docxtest.T("1. Apa "),
		raw(`<w:del><w:r><w:delText>KENARI1</w:delText><w:t>KENARI2</w:t></w:r></w:del><w:moveFrom><w:r><w:t>KENARI3</w:t></w:r></w:moveFrom>`),
		raw(`<w:r><w:instrText>KENARI4</w:instrText></w:r><w:r><w:t xml:space="preserve">warna daun?</w:t></w:r>`)),
		docxtest.Raw(`<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>KENARI5</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`),
		docxtest.Text("Kunci: hijau"),
	))
	if len(p.Items) != 1 || p.Items[0].Content.Stem != "Apa warna daun?" || strings.Contains(string(p.Items[0].Content.JSON()), "KENARI") {
		t.Errorf("%+v", p.Items)
	}
}
