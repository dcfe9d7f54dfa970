package moodlexml

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
)

const corpus = "../../../../shared/corpus"

// ours is what the corpus's words for types are here (VOCABULARY.md).
var ours = map[string][]string{
	"multichoice_single": {"single", "sjt"}, "multichoice_multi": {"multiple"}, "truefalse": {"truefalse"}, "shortanswer": {"short"},
	"numerical": {"numeric"}, "match": {"match"}, "multianswer": {"cloze"}, "gapselect": {"cloze"}, "ddwtos": {"cloze"}, "ddimageortext": {"hotspot"},
	"description": {"info"}, "ordering": {"order"},
}

type row struct {
	file  string
	want  int
	types map[string]int // in the words of the corpus
	title string
	must  string
}

func corpusRows(t testing.TB) []row {
	t.Helper()
	f, err := os.Open(filepath.Join(corpus, "EXPECTED.csv"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the corpus is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, r := range records[1:] {
		if r[1] != name {
			continue
		}
		n, err := strconv.Atoi(r[2])
		if err != nil {
			t.Fatal(err)
		}
		types := map[string]int{}
		for _, each := range strings.Split(r[3], "; ") {
			if word, count, ok := strings.Cut(each, "="); ok {
				types[word], _ = strconv.Atoi(count)
			}
		}
		rows = append(rows, row{file: r[0], want: n, types: types, title: r[4], must: r[5]})
	}
	if len(rows) < 20 {
		t.Fatalf("only %d rows of the corpus", len(rows))
	}
	return rows
}

func corpusFile(t testing.TB, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(corpus, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestCorpus(t *testing.T) {
	for _, r := range corpusRows(t) {
		parsed, err := Read(questionbank.Input{Name: r.file, Content: corpusFile(t, r.file)})
		if err != nil {
			if f := fault.Of(err); f == nil || f.Kind == fault.Unsupported || r.want > 0 || f.At == "" {
				t.Errorf("%s: %v", r.file, err)
			}
			continue
		}
		if len(parsed.Items) != r.want {
			t.Errorf("%s: %d items, want %d", r.file, len(parsed.Items), r.want)
			continue
		}
		got := map[string]int{}
		for _, item := range parsed.Items {
			for word, types := range ours {
				if slices.Contains(types, item.Type) && r.types[word] > 0 {
					got[word]++
				}
			}
		}
		if r.want > 0 {
			if diff := cmp.Diff(r.types, got); diff != "" {
				t.Errorf("%s: types (-want +got):\n%s", r.file, diff)
			}
			if first := parsed.Items[0].Content.Title; first != r.title {
				t.Errorf("%s: first title %q, want %q", r.file, first, r.title)
			}
		}
		if r.want == 0 { // plugins' questions only: one message each
			content := string(corpusFile(t, r.file))
			want := strings.Count(content, "<question type=") - strings.Count(content, `<question type="category"`)
			if len(parsed.Messages) != want || want == 0 || parsed.Messages[want-1].At == "" {
				t.Errorf("%s: %d messages, want %d for %q", r.file, len(parsed.Messages), want, r.must)
			}
		}
		if strings.Contains(r.must, "WARN") && len(parsed.Items[0].Warnings) == 0 {
			t.Errorf("%s: no warning for %q", r.file, r.must)
		}
	}
}

// shelf keeps media as the bank does.
type shelf map[string][]byte

func (s shelf) media(sum string) ([]byte, error) {
	data, ok := s[sum]
	if !ok {
		return nil, errors.New("no medium " + sum)
	}
	return data, nil
}

// stored is a parsed item as the importer would save it.
func (s shelf) stored(p questionbank.ParsedItem) questionbank.Content {
	c := p.Content.Normalise()
	for i := range c.Media {
		for _, f := range p.Files {
			if f.Name == c.Media[i].Name {
				sum := sha256.Sum256(f.Data)
				c.Media[i].SHA256 = hex.EncodeToString(sum[:])
				s[c.Media[i].SHA256] = f.Data
			}
		}
	}
	return c
}

func TestCorpusRoundTrip(t *testing.T) {
	importable := 0
	for _, r := range corpusRows(t) {
		parsed, err := Read(questionbank.Input{Content: corpusFile(t, r.file)})
		if err != nil {
			continue
		}
		media := shelf{}
		var bank questionbank.Export
		bank.Media = media.media
		for _, p := range parsed.Items {
			c := media.stored(p)
			if c.Indicator, c.Level = "A1.1", questionbank.L2; len(p.Rejects) > 0 || c.Normalise().Validate() != nil {
				t.Logf("%s %s is refused: %v %v", r.file, p.At, p.Rejects, c.Normalise().Validate())
				continue
			}
			bank.Items = append(bank.Items, questionbank.Exported{Code: p.Code, Content: c.Normalise()})
		}
		var file bytes.Buffer
		losses, err := Write(&file, bank)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Read(questionbank.Input{Content: file.Bytes()})
		if err != nil {
			t.Fatalf("%s: %v", r.file, err)
		}
		if len(back.Items) != len(bank.Items) {
			t.Errorf("%s: %d items came back of %d; lost: %v", r.file, len(back.Items), len(bank.Items), losses)
			continue
		}
		for i, p := range back.Items {
			want, got := bank.Items[i].Content, media.stored(p)
			if diff := cmp.Diff(want, got); diff != "" || string(want.JSON()) != string(got.JSON()) {
				t.Errorf("%s: %q (-want +got):\n%s", r.file, want.Title, diff)
			}
			if p.Code != bank.Items[i].Code {
				t.Errorf("%s: code %q, want %q", r.file, p.Code, bank.Items[i].Code)
			}
			importable++
		}
	}
	if importable < 300 {
		t.Errorf("only %d items went round", importable)
	}
}
