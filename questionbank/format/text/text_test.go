package text

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/questionbank/format/conformance"
)

const corpus = "../../../../shared/corpus"

// TestCorpus holds the reader against strangers' files.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("corpus not beside the repository")
	}
	rows, err := conformance.Run(corpus, Format().Read)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range rows {
		if !strings.HasPrefix(r.File, "aiken/") && !strings.HasPrefix(r.File, "text_soal/") {
			continue
		}
		if seen++; !r.Equal {
			t.Errorf("%s: %s, got %d %s, want %d %s", r.File, r.Why, r.Got, r.GotTypes, r.Want, r.WantTypes)
		}
	}
	if seen < 4 {
		t.Errorf("%d files of the corpus are ours, want 4", seen)
	}
}

// TestAikenErrorLines is Moodle's own file of errors, made anew.
func TestAikenErrorLines(t *testing.T) {
	const file = "Kurang jawaban\nA) Satu\nANSWER: A\n\nA) Tanpa soal\n\nANSWER: tanpa soal\n\nBaik <b>&amp;\nA) Ya <\nB) Tidak\nANSWER: B\n\n" +
		"Tidak selesai\nA) Ya\nB) Tidak\n\nBaik lagi\nA)Ya\nB)Tidak\nANSWER: C\nAkhir tanpa kunci\nA. x"
	p, err := Aiken().Read(questionbank.Input{Content: []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range p.Messages {
		got = append(got, m.At+" "+m.Key)
	}
	want := []string{
		"baris 3 questionbank.aiken.few_answers", "baris 5 questionbank.aiken.not_started", "baris 7 questionbank.aiken.not_started",
		"baris 18 questionbank.aiken.unfinished", "baris 22 questionbank.aiken.unfinished_end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if len(p.Items) != 2 {
		t.Fatalf("%d items, want 2", len(p.Items))
	}
	if got := questionbank.Plain(p.Items[0].Content.Stem); got != "Baik <b>&amp;" {
		t.Errorf("stem %q is not literal", got)
	}
	if r := p.Items[1].Rejects; len(r) != 1 || r[0].Key != "questionbank.key_no_option" || r[0].At != "baris 21" {
		t.Errorf("a key beyond the options is rejected with %v", r)
	}
	if raw := string(p.Items[0].Raw); raw != "Baik <b>&amp;\nA) Ya <\nB) Tidak\nANSWER: B" {
		t.Errorf("raw %q", raw)
	}
}

// TestStrictOrTolerant says which files are Aiken.
func TestStrictOrTolerant(t *testing.T) {
	const aiken = "Satu?\nA. x\nB. y\nANSWER: A\n"
	for _, tt := range []struct{ name, file, want string }{
		{"Aiken", aiken, AikenName},
		{"Windows line ends", strings.ReplaceAll(aiken, "\n", "\r\n"), AikenName},
		{"indented", "Satu?\n  A. x\n  B. y\nANSWER: A\n", AikenName},
		{"numbered", "1. " + aiken, Name},
		{"another word for the key", aiken + "\nDua?\nA. x\nB. y\nKunci: A\n", Name},
		{"stem of two lines", "Baca ini.\n" + aiken, Name},
		{"options on one line", "Satu?\nA. x B. y C. z\nANSWER: A\n", Name},
		{"heading", "PILIHAN GANDA\n" + aiken, Name},
		{"small letters", "Satu?\na. x\nb. y\nANSWER: A\n", Name},
	} {
		p, err := Format().Read(questionbank.Input{Content: []byte(tt.file)})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if p.Format != tt.want || len(p.Items) == 0 || len(p.Items[0].Content.Choice().Options) < 2 {
			t.Errorf("%s is read as %s with %d items, want %s", tt.name, p.Format, len(p.Items), tt.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	const file = "1. Apa “awan” itu?\nA.\u00a0Layanan\nB. Cuaca\nKunci: A\n"
	wide := func(low bool) []byte {
		out := []byte{0xfe, 0xff}
		if low {
			out = []byte{0xff, 0xfe}
		}
		for _, u := range utf16.Encode([]rune(file)) {
			if low {
				out = append(out, byte(u), byte(u>>8))
			} else {
				out = append(out, byte(u>>8), byte(u))
			}
		}
		return out
	}
	old := strings.NewReplacer("“", "\x93", "”", "\x94", "\u00a0", "\xa0").Replace(file)
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"UTF-8", "utf-8", []byte(file)}, {"BOM", "utf-8", []byte("\ufeff" + file)}, {"CR", "utf-8", []byte(strings.ReplaceAll(file, "\n", "\r"))},
		{"CRLF", "utf-8", []byte(strings.ReplaceAll(file, "\n", "\r\n"))}, {"tabs", "utf-8", []byte(strings.ReplaceAll(file, "\n", "\t\n\t"))},
		{"UTF-16 LE", "utf-16le", wide(true)}, {"UTF-16 BE", "utf-16be", wide(false)}, {"Windows-1252", "windows-1252", []byte(old)},
	} {
		p, err := Format().Read(questionbank.Input{Content: tt.data})
		if err != nil || len(p.Items) != 1 || p.Encoding != tt.want {
			t.Errorf("%s: %d items, %s, %v", tt.name, len(p.Items), p.Encoding, err)
			continue
		}
		c := p.Items[0].Content
		if c.Stem != "Apa “awan” itu?" || len(c.Choice().Options) != 2 || c.Choice().Options[0].Text != "Layanan" || len(c.Choice().Correct) != 1 {
			t.Errorf("%s: %+v", tt.name, c)
		}
	}
}

// TestOthersAreRefused with the fault that lets the next format try.
func TestOthersAreRefused(t *testing.T) {
	for name, file := range map[string]string{
		"nothing": "", "blank": "\n \n", "XML": "<?xml version=\"1.0\"?><quiz/>", "HTML": "<p>1. Apa?</p>", "JSON": `{"soal": "1. Apa?"}`,
		"YAML": "---\nname: 1. Apa?\n", "zip": "PK\x03\x04", "binary": "1. Apa?\x00\x00", "PDF": "%PDF-1.7\n1. Apa?",
		"prose": "Rapat dibuka pukul 09.00.\n\nAgenda:\n1. Pembukaan\n2. Laporan\n\nDemikian.", "letter": "Yth. Kepala Dinas\n\nBersama ini kami sampaikan laporan.\nA. Yani",
	} {
		_, err := Format().Read(questionbank.Input{Content: []byte(file)})
		if fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%s: %v, want it left to the other formats", name, err)
		}
		if _, err := Aiken().Read(questionbank.Input{Content: []byte(file)}); fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%s as Aiken: %v", name, err)
		}
	}
}

// TestPlaces says where each part of a question stood.
func TestPlaces(t *testing.T) {
	p, err := Format().Read(questionbank.Input{Content: []byte("1. Apa?\nA. x\nB. y\nKunci: A\nBobot: 2\n")})
	if err != nil || len(p.Items) != 1 {
		t.Fatalf("%v, %d items", err, len(p.Items))
	}
	want := map[string]string{"stem": "baris 1", "option_a": "baris 2", "option_b": "baris 3", "correct": "baris 4", "worth": "baris 5"}
	if diff := cmp.Diff(want, p.Items[0].Places); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEveryMessageHasAText reads the keys out of the sources of the two readers.
func TestEveryMessageHasAText(t *testing.T) {
	key := regexp.MustCompile(`"(questionbank\.[a-z0-9_.]+)"`)
	seen := 0
	for _, pattern := range []string{"*.go", "../docx/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllStringSubmatch(string(source), -1) {
				if seen++; !locale.Has(m[1]) {
					t.Errorf("%s: %s has no text", file, m[1])
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d keys found", seen)
	}
}
