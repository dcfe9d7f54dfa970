package tcexam

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
)

var update = flag.Bool("update", false, "write the golden files anew")

var fixtures = []string{"soal.xml", "soal.tsv"}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t *testing.T, data []byte) questionbank.Parsed {
	t.Helper()
	p, err := Format().Read(questionbank.Input{Content: data})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// described is a file as people compare it.
func described(p questionbank.Parsed) string {
	var b strings.Builder
	for _, item := range p.Items {
		c := item.Content.Normalise()
		fmt.Fprintf(&b, "== %s %s (%d berkas)\n", item.At, item.Type, len(item.Files))
		for _, part := range []struct{ name, text string }{
			{"kategori", c.Category}, {"stem", c.Stem}, {"pembahasan", c.Rationale}, {"tcexam", string(c.Ext["tcexam"])},
		} {
			if part.text != "" {
				fmt.Fprintf(&b, "%s: %s\n", part.name, strings.ReplaceAll(part.text, "\n", "⏎"))
			}
		}
		if c.Worth != 0 || c.Seconds != 0 {
			fmt.Fprintf(&b, "bobot %d, %d detik\n", c.Worth, c.Seconds)
		}
		for _, in := range c.Interactions {
			text, _ := json.Marshal(in)
			fmt.Fprintf(&b, "%s\n", text)
		}
		for _, f := range item.Rejects {
			fmt.Fprintf(&b, "TOLAK %s %v\n", f.Field, f)
		}
		for _, f := range item.Warnings {
			fmt.Fprintf(&b, "ingat %s %v\n", f.Field, f)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestFixtures(t *testing.T) {
	for _, name := range fixtures {
		golden(t, name, described(parsed(t, fixture(t, name))))
	}
}

func TestAcceptedItemsAreValid(t *testing.T) {
	for _, name := range fixtures {
		for _, item := range parsed(t, fixture(t, name)).Items {
			c := item.Content.Normalise()
			c.Indicator, c.Level = "A1.1", questionbank.L1
			if err := c.Normalise().Validate(); len(item.Rejects) == 0 && err != nil {
				t.Errorf("%s %s: %v", name, item.At, fault.Of(err).Faults)
			}
			if len(item.Raw) == 0 {
				t.Errorf("%s %s has no source", name, item.At)
			}
		}
	}
}

func TestOtherKinds(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "text": "1. Soal?\nA. satu", "Moodle": "<quiz/>", "inside": "<rss><tcexamquestions/></rss>", "Blackboard": "MC\tSoal\ta\tcorrect",
	} {
		_, err := Format().Read(questionbank.Input{Content: []byte(data)})
		if fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%s: %v, want that it is of another kind", name, err)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	for name, data := range map[string]string{
		"cut off":      "<tcexamquestions><body>",
		"curly quotes": "<?xml version=”1.0” encoding=”UTF-8” ?>\n<tcexamquestions version=“11”></tcexamquestions>",
		"entities":     `<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><tcexamquestions>&x;</tcexamquestions>`,
		"other bytes":  "M\t1\tModul\nQ\t1\tSoal \xff\t\tT\t1\n",
	} {
		_, err := Format().Read(questionbank.Input{Content: []byte(data)})
		if k := fault.KindOf(err); k == fault.Unsupported || k == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := parsed(t, []byte("<tcexamquestions/>"))
	if len(p.Messages) != 1 || p.Messages[0].Key != "questionbank.tcexam.no_items" {
		t.Errorf("messages of an empty file: %v", p.Messages)
	}
}

// Whatever is cut off or damaged is refused or read in part, and nothing panics.
func TestDamagedFiles(t *testing.T) {
	for _, name := range fixtures {
		data := fixture(t, name)
		for i := range 20 {
			_, _ = Format().Read(questionbank.Input{Content: data[:len(data)*i/20]})
		}
		flipped := bytes.Clone(data)
		for i := 7; i < len(flipped); i += 100 {
			flipped[i] ^= byte(i)
		}
		_, _ = Format().Read(questionbank.Input{Content: flipped})
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range fixtures {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Format().Read(questionbank.Input{Content: data})
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, item := range p.Items {
			_ = item.Content.Normalise().Validate()
			_ = item.Content.JSON()
		}
	})
}
