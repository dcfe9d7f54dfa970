package moodlexml

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
)

var update = flag.Bool("update", false, "write the golden files")

func fixture(t testing.TB) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/contoh.xml")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// said lists faults, one a line.
func said(mark string, faults []*fault.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintf(&b, "  %s %s %s: %s %v\n", mark, f.At, f.Field, strings.TrimPrefix(f.Key, "questionbank."), f.Args)
	}
	return b.String()
}

// The fixture has every qtype; the golden file is what becomes of it.
func TestGolden(t *testing.T) {
	parsed, err := Read(questionbank.Input{Name: "contoh.xml", Content: fixture(t)})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, p := range parsed.Items {
		fmt.Fprintf(&b, "%s [%s] %s\n", p.At, p.Code, p.Type)
		fmt.Fprintf(&b, "  %s\n", p.Content.Normalise().JSON())
		b.WriteString(said("!", p.Rejects) + said("?", p.Warnings))
		for _, f := range p.Files {
			fmt.Fprintf(&b, "  + %s %d\n", f.Name, len(f.Data))
		}
		if !strings.Contains(string(p.Raw), "<questiontext") {
			t.Errorf("%s: the raw fragment is %q", p.At, p.Raw)
		}
	}
	b.WriteString(said("?", parsed.Messages))
	golden := filepath.Join("testdata", "contoh.golden")
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got, run with -update if it is right):\n%s", diff)
	}
}

// Whatever of the fixture can be saved goes round unchanged; the matrix has no
// qtype in Moodle and is listed.
func TestFixtureRoundTrip(t *testing.T) {
	parsed, err := Read(questionbank.Input{Content: fixture(t)})
	if err != nil {
		t.Fatal(err)
	}
	media := shelf{}
	bank := questionbank.Export{Media: media.media}
	for _, p := range parsed.Items {
		if len(p.Rejects) == 0 {
			bank.Items = append(bank.Items, questionbank.Exported{Code: p.Code, Content: media.stored(p)})
		}
	}
	var file bytes.Buffer
	losses, err := Write(&file, bank)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Read(questionbank.Input{Content: file.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, e := range bank.Items {
		if e.Content.Type != questionbank.Matrix {
			want = append(want, string(e.Content.JSON()))
		}
	}
	for _, p := range back.Items {
		got = append(got, string(media.stored(p).JSON()))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, file.String())
	}
	if !strings.Contains(said("", losses), "lost_item [matrix]") {
		t.Errorf("the matrix was dropped without a word: %s", said("", losses))
	}
}

// Every message that the package has in it has an Indonesian text.
func TestMessagesHaveTexts(t *testing.T) {
	texts := map[string]string{}
	files, err := filepath.Glob("../../../internal/locale/id/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, &texts); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(questionbank\.[a-z_.]*[a-z])"`)
	for _, f := range sources {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, m := range key.FindAllStringSubmatch(string(content), -1) {
			if texts[m[1]] == "" {
				t.Errorf("%s: %s has no text", f, m[1])
			}
		}
	}
}
