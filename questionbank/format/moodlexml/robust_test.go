package moodlexml

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/questionbank"
)

func TestNotMoodle(t *testing.T) {
	for _, content := range []string{
		"", "::soal:: {T}", "<html><quiz/></html>", `<?xml version="1.0"?><tcexamquestions></tcexamquestions>`, "PK\x03\x04", "Soal\nA. x\nANSWER: A",
		`<!-- <quiz> --><questestinterop/>`, "<", "<?xml", "<!--", "\xff\xfe<\x00", "quiz",
	} {
		if _, err := Read(questionbank.Input{Content: []byte(content)}); fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	deep := "<quiz>" + strings.Repeat("<a>", 20_000)
	for _, tt := range []struct{ name, content, key, at string }{
		{"not closed", "<?xml version=\"1.0\"?>\n<quiz>\n<question type=\"essay\">\n</quiz>", "questionbank.xml.broken", "baris 4"},
		{"entity", "<!DOCTYPE quiz [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<quiz><question>&x;</question></quiz>", "questionbank.xml.doctype", "baris 1"},
		{"second root", "<quiz></quiz>\n<quiz></quiz>", "questionbank.xml.second_root", "baris 2"},
		{"depth", deep, "questionbank.xml.too_deep", "baris 1"},
		{"not UTF-8", "<quiz>\n<question type=\"essay\"><name><text>\xff</text></name></question></quiz>", "questionbank.xml.broken", "baris 2"},
	} {
		_, err := Read(questionbank.Input{Content: []byte(tt.content)})
		f := fault.Of(err)
		if f == nil || f.Key != tt.key || f.At != tt.at || f.Kind == fault.Unsupported {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestQuestionWithoutQuiz(t *testing.T) {
	parsed, err := Read(questionbank.Input{Content: []byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n<question type=\"description\"><questiontext><text>Baca</text></questiontext></question>")})
	if err != nil || len(parsed.Items) != 1 || parsed.Items[0].Content.Stem != "Baca" || parsed.Items[0].At != "baris 3" {
		t.Fatalf("%+v, %v", parsed, err)
	}
	if got := short(parsed.Messages); len(got) != 1 || got[0] != "no_quiz" {
		t.Errorf("messages %v", got)
	}
	parsed, err = Read(questionbank.Input{Content: []byte("<quiz/>")})
	if got := short(parsed.Messages); err != nil || len(got) != 1 || got[0] != "no_questions" {
		t.Errorf("an empty quiz: %v, %v", got, err)
	}
}

// check reads whatever it is given and writes what came of it: neither may
// panic, and a file read must be written as one that is read again.
func check(t *testing.T, content []byte) {
	t.Helper()
	parsed, err := Read(questionbank.Input{Content: content})
	if err != nil {
		if fault.Of(err) == nil {
			t.Fatalf("no fault: %v", err)
		}
		return
	}
	media := shelf{}
	bank := questionbank.Export{Media: media.media}
	for _, p := range parsed.Items {
		if p.At == "" || p.Type == "" {
			t.Fatalf("item without place or type: %+v", p)
		}
		for _, name := range p.Content.MediaNames() {
			if strings.ContainsAny(name, `/\`) {
				t.Fatalf("medium %q", name)
			}
		}
		bank.Items = append(bank.Items, questionbank.Exported{Code: p.Code, Content: media.stored(p)})
	}
	var file bytes.Buffer
	if _, err := Write(&file, bank); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(questionbank.Input{Content: file.Bytes()}); err != nil {
		t.Fatalf("what was written is not read: %v\n%s", err, file.String())
	}
}

// damage cuts a file at twenty places and flips a hundredth of its bytes.
func damage(content []byte) [][]byte {
	var out [][]byte
	for i := range 20 {
		out = append(out, content[:len(content)*i/20])
	}
	random := rand.New(rand.NewPCG(7, 11))
	for range 10 {
		flipped := bytes.Clone(content)
		for range len(content)/100 + 1 {
			flipped[random.IntN(len(flipped))] ^= byte(1 + random.IntN(255))
		}
		out = append(out, flipped)
		soft := bytes.Clone(content) // letters only, so that it stays XML
		for range len(content)/100 + 1 {
			if i := random.IntN(len(soft)); soft[i] >= '0' && soft[i] <= '9' || soft[i] >= 'a' && soft[i] <= 'z' {
				soft[i] = "09az-*,;"[random.IntN(8)]
			}
		}
		out = append(out, soft)
	}
	return out
}

func TestDamaged(t *testing.T) {
	for _, content := range damage(fixture(t)) {
		check(t, content)
	}
}

func TestDamagedCorpus(t *testing.T) {
	for _, r := range corpusRows(t) {
		content := corpusFile(t, r.file)
		if len(content) > 60_000 {
			continue // their like is among the smaller ones
		}
		for _, broken := range damage(content) {
			check(t, broken)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(fixture(f))
	files, err := filepath.Glob(filepath.Join(corpus, name, "*", "*.xml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(content) < 20_000 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) { check(t, content) })
}

// A question may have no more of anything than an item can hold; what a hostile
// file repeats is refused with its place, and costs little.
func TestTooMuch(t *testing.T) {
	repeat := func(s string) string { return strings.Repeat(s, 30_000) }
	for _, tt := range []struct{ name, qtype, inner, want string }{
		{"answers", "multichoice", text("questiontext", "x") + repeat(`<answer fraction="0"><text>a</text></answer>`), "too_many"},
		{"pairs", "matching", text("questiontext", "x") + repeat(`<subquestion><text>a</text><answer><text>b</text></answer></subquestion>`), "too_many"},
		{"gaps", "cloze", text("questiontext", repeat("{:MC:a}")), "too_many"},
		{"files", "essay", `<questiontext format="html"><text>x</text>` + repeat(`<file name="a.png">QUJD</file>`) + "</questiontext>", "too_many"},
		{"pictures in the text", "essay", text("questiontext", repeat("<img src='data:image/png;base64,A'>")), "too_many"},
		{"pictures between gaps", "cloze", text("questiontext", repeat("<img src='data:image/png;base64,A'>")), "too_many"},
		{"text", "essay", text("questiontext", repeat("<b>panjang")), "text_long"},
	} {
		p := one(t, tt.qtype, tt.inner)
		if got := short(p.Rejects); len(got) == 0 || got[0] != tt.want || p.Rejects[0].At == "" {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	p := one(t, "gapselect", text("questiontext", repeat("[[1]]")[:100_000])+"<selectoption><text>a</text></selectoption><selectoption><text>b</text></selectoption>")
	if n := len(p.Content.Interactions); n != most || p.Content.Normalise().Validate() == nil {
		t.Errorf("%d gaps were accepted", n)
	}
	_, err := Read(questionbank.Input{Content: []byte("<quiz>" + strings.Repeat(`<question type="essay"/>`, maxQuestions+1) + "</quiz>")})
	if fault.KindOf(err) != fault.TooLarge {
		t.Errorf("too many questions: %v", err)
	}
}
