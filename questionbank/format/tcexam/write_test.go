package tcexam

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

func written(t *testing.T, items ...questionbank.Exported) (string, []string) {
	t.Helper()
	var b bytes.Buffer
	losses, err := Format().Write(&b, questionbank.Export{Items: items})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, l := range losses {
		keys = append(keys, l.At+" "+strings.TrimPrefix(l.Key, "questionbank.tcexam."))
	}
	return b.String(), keys
}

func samples() []questionbank.Exported {
	var out []questionbank.Exported
	for _, c := range questionbanktest.Samples() {
		out = append(out, questionbank.Exported{Code: "A1-" + string(c.Type), Content: c})
	}
	return out
}

func TestGolden(t *testing.T) {
	text, _ := written(t, samples()...)
	golden(t, "samples.xml", text)
}

// What TCExam can ask comes back as it was; the rest is named.
func TestRoundTrip(t *testing.T) {
	text, losses := written(t, samples()...)
	p := parsed(t, []byte(text))
	byCode := map[string]questionbank.ParsedItem{}
	for _, item := range p.Items {
		byCode[item.Code] = item
	}
	for _, e := range samples() {
		item, there := byCode[e.Code]
		if kinds[e.Content.Type] == "" {
			if want := e.Code + " skipped"; there || !strings.Contains(strings.Join(losses, "\n"), want) {
				t.Errorf("%s: written %v, losses %v", e.Code, there, losses)
			}
			continue
		}
		if diff := cmp.Diff(string(e.Content.JSON()), string(item.Content.Normalise().JSON())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.Code, diff)
		}
		if len(item.Rejects)+len(item.Warnings) > 0 {
			t.Errorf("%s: %v %v", e.Code, item.Rejects, item.Warnings)
		}
	}
}

// A question that somebody changed is read as it stands; so is one without our
// note.
func TestEditedQuestions(t *testing.T) {
	text, _ := written(t, questionbank.Exported{Code: "A1-1", Content: questionbanktest.Sample(questionbank.Single)})
	edited := parsed(t, []byte(strings.Replace(text, "<description>Peramban", "<description>Penjelajah", 1))).Items[0]
	if got := edited.Content.Interactions[0].Options[2].Text; got != "Penjelajah" || edited.Content.Indicator != "" || edited.Code != "" {
		t.Errorf("option %q, indicator %q, code %q; want the edited file's", got, edited.Content.Indicator, edited.Code)
	}
	if got, want := edited.Content.Stem, "Aplikasi mana yang dipakai untuk **mengolah angka**?"; got != want {
		t.Errorf("stem %q, want %q", got, want)
	}
	if got := edited.Content.Interactions[0].Correct; !cmp.Equal(got, []string{"B"}) {
		t.Errorf("key %v, want B", got)
	}
	indented := parsed(t, []byte(strings.ReplaceAll(text, "\t", "  "))).Items[0]
	if indented.Code != "A1-1" {
		t.Error("other white space made it another question")
	}
}

func TestLosses(t *testing.T) {
	sample := questionbanktest.Sample(questionbank.Single)
	sample.Worth = scoring.Point / 2
	sample.Feedback = &questionbank.Feedback{Correct: "Ya"}
	sample.Stem = "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n![x](media:x.png) teks \\[b] biasa"
	sample.Media = []questionbank.Media{{Name: "x.png", Alt: "x"}}
	text, losses := written(t,
		questionbank.Exported{Code: "1", Content: sample},
		questionbank.Exported{Code: "2", Content: questionbanktest.Sample(questionbank.Short)},
		questionbank.Exported{Code: "3", Content: questionbanktest.Sample(questionbank.Multiple)},
		questionbank.Exported{Code: "4", Content: questionbanktest.Sample(questionbank.Hotspot)})
	want := []string{"1 worth", "1 layout", "1 media", "1 layout", "1 feedback", "2 text", "3 partial", "4 skipped"}
	if diff := cmp.Diff(want, losses); diff != "" {
		t.Errorf("losses (-want +got):\n%s", diff)
	}
	if strings.Count(text, "<cakap ") != 2 {
		t.Error("an item whose picture stays behind must not come back as if it had it")
	}
}

// Markup survives on its way there and back.
func TestCodes(t *testing.T) {
	for _, want := range []string{
		"Satu **dua** *tiga* `kode`", "Satu\\\ndua", "Awal\n\n- satu\n- **dua**\n\nAkhir", "1. satu\n2. dua", "Paragraf\n\nlain",
		"a \\< b & c \\*", "```\nx = 1\n  y\n```",
	} {
		code := coded(want, func(string, string) string { return "" }, func(what string) { t.Errorf("%q lost %s", want, what) })
		s := source{kind: "text", description: code}
		if got := s.item().Content.Stem; got != want {
			t.Errorf("%q went out as %q and came back as %q", want, code, got)
		}
	}
}

// What Validate would refuse is written or skipped, and never panics: a file
// must not fail for one damaged item.
func TestDamagedItems(t *testing.T) {
	for _, c := range questionbanktest.Samples() {
		for i, damage := range []func(in *questionbank.Interaction){
			func(in *questionbank.Interaction) { *in = questionbank.Interaction{Kind: in.Kind, Rule: in.Rule} },
			func(in *questionbank.Interaction) { in.Correct = []string{"Z 9", "Q", ""} },
			func(in *questionbank.Interaction) { in.Options, in.Many = nil, !in.Many },
			func(in *questionbank.Interaction) { in.Targets, in.Texts, in.Numbers = nil, nil, nil },
			func(in *questionbank.Interaction) {
				in.Rule, in.Numbers = scoring.NumberList, []questionbank.Number{{Low: "x"}, {Any: true}}
			},
			func(in *questionbank.Interaction) {
				in.Rule, in.Texts = scoring.TextList, []questionbank.TextAnswer{{Text: "*", Wild: true}}
			},
			func(in *questionbank.Interaction) { in.Rule = scoring.OrderLongestSubset },
			func(in *questionbank.Interaction) { in.Rule = scoring.PerPair },
			func(in *questionbank.Interaction) { in.Rule = scoring.Graded },
			func(in *questionbank.Interaction) { in.Kind, in.Prompt = questionbank.InlineKind, "a\n\n- \x00b" },
		} {
			damaged := c
			damaged.Interactions = slices.Clone(c.Interactions)
			for j := range damaged.Interactions {
				damage(&damaged.Interactions[j])
			}
			damaged.Stem += " [[1]] [[9]]"
			damaged.Title = strings.Repeat("\x01", 100)
			text, _ := written(t, questionbank.Exported{Code: "1", Content: damaged})
			if _, err := tree.Parse([]byte(text)); err != nil {
				t.Errorf("%s with damage %d: %v", c.Type, i, err)
			}
		}
	}
}
