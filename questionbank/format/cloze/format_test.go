package cloze

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/questionbank"
)

const fixture = "Ibu kota Jawa Barat adalah {1:SHORTANSWER:=Bandung#Tepat~%50%Kota Bandung}.\n" +
	"Berkas disimpan dengan {2:MULTICHOICE_S:=Ctrl+S~Ctrl+C#Itu menyalin~Ctrl+V}, dan 2 pangkat 3 adalah {1:NUMERICAL:=8:0}.\n"

func TestFormat(t *testing.T) {
	parsed, err := Format().Read(questionbank.Input{Content: []byte(fixture)})
	if err != nil || len(parsed.Items) != 1 || len(parsed.Messages) != 0 {
		t.Fatalf("%+v, %v", parsed, err)
	}
	item := parsed.Items[0]
	want := "Ibu kota Jawa Barat adalah [[1]].\\\nBerkas disimpan dengan [[2]], dan 2 pangkat 3 adalah [[3]]."
	c := item.Content.Normalise()
	c.Indicator, c.Level = "A1.4", questionbank.L2
	if err := c.Validate(); err != nil || c.Stem != want || item.At != "baris 1" || item.Type != "cloze" {
		t.Errorf("stem %q, at %s, %s, %v", c.Stem, item.At, item.Type, err)
	}
	if string(item.Raw) != fixture {
		t.Errorf("raw %q", item.Raw)
	}
}

func TestOldEncoding(t *testing.T) {
	parsed, err := Format().Read(questionbank.Input{Content: []byte("\xe9 {1:SA:=a}")})
	if err != nil || parsed.Encoding != "windows-1252" || len(parsed.Messages) != 1 || parsed.Items[0].Content.Stem != "é [[1]]" {
		t.Errorf("%+v, %v", parsed, err)
	}
}

// A text that cannot be used is no item: it is the file itself.
func TestBrokenFile(t *testing.T) {
	parsed, err := Format().Read(questionbank.Input{Content: []byte("x {1:MULTICHOICE:=Apel}")})
	if err != nil || len(parsed.Items) != 0 || len(parsed.Messages) != 1 || parsed.Messages[0].At != "baris 1" {
		t.Errorf("%+v, %v", parsed, err)
	}
}

func TestForeignFiles(t *testing.T) {
	for _, text := range []string{"", "Halo.", "q {=a ~b}", "<?xml version=\"1.0\"?><quiz>{1:SA:=a}</quiz>", "a\x00 {1:SA:=a}", "{1:FOO:=a}"} {
		if _, err := Format().Read(questionbank.Input{Content: []byte(text)}); fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Moodle's own broken files: nothing is imported of any, and all say why.
func TestCorpus(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "corpus", "cloze")
	for file, want := range map[string]string{
		"moodle__broken_multianswer_1.txt": "one_choice", "moodle__broken_multianswer_3.txt": "number", "moodle__broken_multianswer_4.txt": "no_answer",
	} {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Skip("no corpus beside the repository: " + err.Error())
		}
		parsed, err := Format().Read(questionbank.Input{Name: file, Content: content})
		said := parsed.Messages
		if f := fault.Of(err); f != nil {
			said = append(said, f)
		}
		if len(parsed.Items) != 0 || len(said) != 1 || said[0].Key != "questionbank.cloze."+want || said[0].At == "" {
			t.Errorf("%s: %d items, %v; want %s", file, len(parsed.Items), said, want)
		}
	}
}

// check reads whatever comes, and writes what was read.
func check(t *testing.T, data []byte) {
	t.Helper()
	parsed, err := Format().Read(questionbank.Input{Content: data})
	if err != nil && fault.Of(err) == nil {
		t.Errorf("no fault: %v", err)
	}
	for _, item := range parsed.Items {
		c := item.Content.Normalise()
		_ = c.Validate()
		text, _ := Write(questionbank.HoldGaps(c.Stem), c.Interactions)
		if _, parts, _ := Parse(text); len(parts) == 0 && len(c.Interactions) > 0 {
			t.Errorf("no parts in what was written: %q", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{fixture, "{1:MC:=a~b", "{1:MR:=a~%-50%b#c\\}~d}", "{1:NM:=1e9:0.1~*}", "{1:SA:=\\*a*}"} {
		f.Add([]byte(s))
	}
	if files, err := filepath.Glob("../../../../shared/corpus/cloze/*.txt"); err == nil {
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(check)
}

func TestDamagedFiles(t *testing.T) {
	for i := range 20 {
		check(t, []byte(fixture[:len(fixture)*i/20]))
	}
	r := rand.New(rand.NewPCG(3, 1)) // the same damage every time
	for range 200 {
		data := []byte(fixture)
		for range 1 + len(data)/100 {
			data[r.IntN(len(data))] ^= byte(1 + r.IntN(255))
		}
		check(t, data)
	}
}

func TestHostileSizes(t *testing.T) {
	for name, text := range map[string]string{
		"unclosed": strings.Repeat("{1:MC:=a", 1<<18),
		"parts":    strings.Repeat("{1:SA:=a}", 1<<16),
		"unknown":  strings.Repeat("{1:FOO:=a}", 1<<17),
		"choices":  "{1:MC:=a" + strings.Repeat("~b", 1<<16) + "}",
	} {
		start := time.Now()
		_, parts, found := Parse(text)
		if len(parts) > maxParts || len(found) > maxFaults || len(found) == 0 {
			t.Errorf("%s: %d parts, %d faults", name, len(parts), len(found))
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestLongFile(t *testing.T) {
	_, err := Format().Read(questionbank.Input{Content: []byte(fixture + strings.Repeat("a", maxFile))})
	if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge {
		t.Errorf("%v", err)
	}
}
