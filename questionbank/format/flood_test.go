package format_test

import (
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/locale"
)

// A file of nothing but tiny questions costs far more than its size. Each
// format says how many it takes, before it holds them all.
func TestFloodOfQuestions(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("large files")
	}
	const room = 4 << 20
	for _, tt := range []struct{ name, head, each, tail string }{
		{"x.gift", "", "a{}\n\n", ""},
		{"unggah.txt", "", "MC\ta\ta\tcorrect\n", ""},
		{"x.tsv", "M\t1\tm\nS\t1\ts\n", "Q\t1\ta\t\tT\t1\n", ""},
		{"x.json", "[", `{"question":"a","answer":"b"},`, "{}]"},
		{"x.csv", "SOAL,A,B,KUNCI\n", "a,b,c,A\n", ""},
		{"moodle.xml", "<quiz>", `<question type="essay"/>`, "</quiz>"},
		{"canvas.xml", "<questestinterop>", `<item ident="a"/>`, "</questestinterop>"},
		{"tcexam.xml", "<tcexamquestions><body><module><subject>", "<question/>", "</subject></module></body></tcexamquestions>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parsed, err := bounded(t, tt.name, []byte(tt.head+strings.Repeat(tt.each, room/len(tt.each))+tt.tail))
			if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge || !locale.Has(f.Key) {
				t.Errorf("%d questions, %v; want the file refused for their number", len(parsed.Items), err)
			}
		})
	}
}

// One question of a file full of answers is one question, read or refused.
func TestFloodOfAnswers(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("large files")
	}
	const room = 4 << 20
	for _, tt := range []struct{ name, head, each, tail string }{
		{"x.gift", "::n:: a {", "=a ~b ", "}"},
		{"x.tsv", "M\t1\tm\nS\t1\ts\nQ\t1\ta\t\tS\t1\n", "A\t1\ta\n", ""},
		{"x.json", `[{"question":"a","options":[`, `"a",`, `"b"]}]`},
		{"x.txt", "1. Apa?\n", "A. a\n", "Kunci: A\n"},
		{"moodle.xml", `<quiz><question type="multichoice"><questiontext><text>a</text></questiontext>`, `<answer fraction="0"><text>a</text></answer>`, "</question></quiz>"},
		{"tcexam.xml", "<tcexamquestions><body><module><subject><question><type>single</type>", "<answer/>", "</question></subject></module></body></tcexamquestions>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parsed, err := bounded(t, tt.name, []byte(tt.head+strings.Repeat(tt.each, room/len(tt.each))+tt.tail))
			if err == nil && len(parsed.Items) == 0 {
				t.Error("neither a question nor a word about it")
			}
		})
	}
}
