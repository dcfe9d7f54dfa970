package gift

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cakap/questionbank"
	"cakap/questionbank/format/conformance"
	"cakap/questionbank/questionbanktest"
)

// excused are the rows that differ, with the reason.
var excused = map[string]string{
	"gift/tsugi/quiz_questions.txt":      "no GIFT: refused as a whole, as the row says",
	"gift/pegjs/TFTwoFeedback.gift":      "nothing wrong in it: the row only explains the feedback's order",
	"gift/tsugi/example_true_false.gift": "likewise",
}

// ours are the corpus's folders that this package reads.
func ours(file string) bool {
	return strings.HasPrefix(file, "gift/") || strings.HasPrefix(file, "missingword/")
}

func TestCorpus(t *testing.T) {
	rows, err := conformance.Run(corpus(t), read)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range rows {
		if !ours(row.File) {
			if row.Got > 0 {
				t.Errorf("%s is no GIFT, but %d items were read", row.File, row.Got)
			}
			continue
		}
		seen++
		if _, ok := excused[row.File]; !row.Equal && !ok {
			t.Errorf("%s: %s; want %d (%s), got %d (%s), %d diagnostics", row.File, row.Why, row.Want, row.WantTypes, row.Got, row.GotTypes, row.Diagnostics)
		}
	}
	if seen < 40 {
		t.Errorf("%d rows, want at least 40", seen)
	}
}

// Items of strangers that are not rejected come back as they went out.
func TestCorpusRoundTrip(t *testing.T) {
	items := 0
	for _, row := range corpusFiles(t) {
		content, err := os.ReadFile(row)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := read(questionbank.Input{Content: content})
		if err != nil {
			continue
		}
		for _, item := range parsed.Items {
			c := item.Content.Normalise()
			judged := c
			judged.Indicator, judged.Level = "A1.1", questionbank.L2
			if len(item.Rejects) > 0 || judged.Validate() != nil {
				continue
			}
			items++
			text, _ := export(t, c)
			back(t, text, c)
		}
	}
	if items < 300 {
		t.Errorf("%d items went round, want at least 300", items)
	}
}

func corpusFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"gift/*.txt", "gift/*/*", "missingword/*"} {
		found, err := filepath.Glob(filepath.Join(corpus(t), filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func TestForeignFiles(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "plain": "Halo dunia.\n\nApa kabar?", "aiken": "Mana {T}?\nA) a\nB) b\nANSWER: A", "json": `{"a": {}}`, "list": "[\n {\"q\": \"a {T}\"}]",
		"xml": "<?xml version=\"1.0\"?><quiz>{=a ~b}</quiz>", "zip": "PK\x03\x04\x00{T}", "cloze": "Ibu kota {1:SA:=Bandung}.", "code": "func f() {\n\treturn {1, 2}\n}\n\nif x {\n y\n}",
		"yaml": "- typeName: multipleChoice\n  prompt: x\n\n- a: b",
	} {
		parsed, err := read(questionbank.Input{Name: name, Content: []byte(text)})
		if want := "questionbank.gift.no_braces"; err == nil || !strings.Contains(err.Error(), want) || len(parsed.Items) > 0 {
			t.Errorf("%s: %d items, %v; want %s", name, len(parsed.Items), err, want)
		}
	}
	if _, err := read(questionbank.Input{Content: questionbanktest.Picture()}); err == nil {
		t.Error("a picture was read")
	}
}
