package text

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// TestAikenCarriesWhatItCan writes every sample and reads it back: stem,
// options and key stay, what is lost is named, and the rest is not written.
func TestAikenCarriesWhatItCan(t *testing.T) {
	carried := map[questionbank.Type]bool{questionbank.Single: true, questionbank.TrueFalse: true}
	for _, c := range questionbanktest.Samples() {
		t.Run(string(c.Type), func(t *testing.T) {
			var b bytes.Buffer
			lost, err := Aiken().Write(&b, questionbank.Export{Items: []questionbank.Exported{{Code: "K-1", Content: c}}})
			if err != nil {
				t.Fatal(err)
			}
			if len(lost) != 1 || lost[0].At != "K-1" {
				t.Errorf("losses %v, want one for the item", lost)
			}
			if strings.Contains(b.String(), questionbanktest.Canary) {
				t.Errorf("reasons have no place in Aiken:\n%s", b.String())
			}
			if !carried[c.Type] {
				if b.Len() > 0 {
					t.Errorf("wrote %q", b.String())
				}
				return
			}
			p, err := Format().Read(questionbank.Input{Content: b.Bytes()})
			if err != nil || p.Format != AikenName || len(p.Items) != 1 {
				t.Fatalf("%v, %s, %d items", err, p.Format, len(p.Items))
			}
			if diff := cmp.Diff(bare(c).JSON(), p.Items[0].Content.Normalise().JSON()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// bare is what Aiken has a place for.
func bare(c questionbank.Content) questionbank.Content {
	in := c.Choice()
	options := make([]questionbank.Option, len(in.Options))
	for i, o := range in.Options {
		options[i] = questionbank.Option{Text: o.Text}
	}
	right := strings.Index("ABCDEFGHIJKL", in.Correct[0])
	stem := questionbank.Markdown(questionbank.Plain(c.Stem))
	return questionbank.Content{Type: c.Type, Stem: stem, Interactions: []questionbank.Interaction{questionbank.NewChoice(c.Type, options, []int{right})}}.Normalise()
}

func TestAikenLeavesOutWhatItWouldMisread(t *testing.T) {
	choice := func(stem string, options ...questionbank.Option) questionbank.Content {
		return questionbank.Content{Type: questionbank.Single, Stem: stem, Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, options, []int{0})}}
	}
	yes, no := questionbank.Option{Text: "ya"}, questionbank.Option{Text: "tidak"}
	sjt := questionbanktest.Sample(questionbank.SJT)
	for _, tt := range []struct {
		name string
		item questionbank.Content
		want string
	}{
		{"stem like an option", choice("A. Yani lahir di mana?", yes, no), "questionbank.aiken.stem"},
		{"stem like a key", choice("ANSWER: apa artinya?", yes, no), "questionbank.aiken.stem"},
		{"stem of a picture", choice("![](media:x.png)", yes, no), "questionbank.aiken.stem"},
		{"option of a picture", choice("Mana?", questionbank.Option{Text: "![](media:x.png)", Rich: true}, no), "questionbank.aiken.option_picture"},
		{"graded options", sjt, "questionbank.aiken.type"},
	} {
		var b bytes.Buffer
		lost, err := Aiken().Write(&b, questionbank.Export{Items: []questionbank.Exported{{Code: "K-1", Content: tt.item}}})
		if err != nil || len(lost) != 1 || lost[0].Key != tt.want || b.Len() > 0 {
			t.Errorf("%s: %v, %v, wrote %q", tt.name, err, lost, b.String())
		}
	}
	described := choice("Lihat ![peta kota](media:x.png), di mana **pusatnya**?", yes, no)
	var b bytes.Buffer
	if _, err := Aiken().Write(&b, questionbank.Export{Items: []questionbank.Exported{{Content: described}, {Content: choice("Dua?", no, yes)}}}); err != nil {
		t.Fatal(err)
	}
	const want = "Lihat (peta kota), di mana pusatnya?\nA. ya\nB. tidak\nANSWER: A\n\nDua?\nA. tidak\nB. ya\nANSWER: A\n"
	if b.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", b.String(), want)
	}
}

// TestAikenReportsAFullDisk passes the writer's error on.
func TestAikenReportsAFullDisk(t *testing.T) {
	c := questionbanktest.Sample(questionbank.Single)
	if _, err := Aiken().Write(full{}, questionbank.Export{Items: []questionbank.Exported{{Content: c}}}); !errors.Is(err, errFull) {
		t.Errorf("error %v, want that of the writer", err)
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestKeys reads what people write behind "Kunci:".
func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want []string
	}{
		{"A", []string{"A"}}, {"b", []string{"B"}}, {"A, C", []string{"A", "C"}}, {"A dan C", []string{"A", "C"}}, {"AC", []string{"A", "C"}},
		{"(b)", []string{"B"}}, {"C. tiga", []string{"C"}}, {"tiga", []string{"C"}}, {"3", []string{"C"}}, {"opsi D", []string{"D"}},
		{"A; B & D", []string{"A", "B", "D"}}, {"F", nil}, {"tidak ada", nil}, {"AA", nil}, {"0", nil},
	} {
		file := "1. Mana?\nA. satu\nB. dua\nC. tiga\nD. empat\nKunci: " + tt.key + "\n"
		p, err := Format().Read(questionbank.Input{Content: []byte(file)})
		if err != nil || len(p.Items) != 1 {
			t.Errorf("%q: %v, %d items", tt.key, err, len(p.Items))
			continue
		}
		if diff := cmp.Diff(tt.want, p.Items[0].Content.Choice().Correct); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.key, diff)
		}
		if rejected := len(p.Items[0].Rejects) > 0; rejected != (tt.want == nil) {
			t.Errorf("%q: rejects %v", tt.key, p.Items[0].Rejects)
		}
	}
}

// TestNumbers reads ranges and tolerances.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want questionbank.Number
	}{
		{"3,5", questionbank.Number{Value: "3,5"}}, {"10..12", questionbank.Number{Low: "10", High: "12"}}, {"10 sampai 12", questionbank.Number{Low: "10", High: "12"}},
		{"-2 – 4", questionbank.Number{Low: "-2", High: "4"}}, {"8 ± 0,5", questionbank.Number{Value: "8", Tolerance: "0,5"}}, {"8:0.5", questionbank.Number{Value: "8", Tolerance: "0.5"}},
	} {
		p, err := Format().Read(questionbank.Input{Content: []byte("ISIAN\n\n1. Berapa?\nKunci: " + tt.key + "\n")})
		tt.want.Points = scoring.Point
		if err != nil || len(p.Items) != 1 || len(p.Items[0].Content.Choice().Numbers) != 1 {
			t.Errorf("%q: %v, %+v", tt.key, err, p.Items)
			continue
		}
		if diff := cmp.Diff(tt.want, p.Items[0].Content.Choice().Numbers[0]); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.key, diff)
		}
	}
}
