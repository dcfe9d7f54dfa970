package trainer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// posted is the form as a browser would send it back unchanged.
func posted(dr draft) func(string) string {
	f := map[string]string{
		"type": string(dr.Type), "indicator": dr.Indicator, "level": string(dr.Level), "stimulus": dr.Stimulus, "stem": dr.Stem, "rationale": dr.Rationale,
		"basis": dr.Basis, "expires": dr.Expires, "digcomp": dr.Comp, "title": dr.Title, "tags": dr.Tags, "seconds": dr.Seconds,
		"fb_correct": dr.Correct, "fb_partial": dr.Partial, "fb_wrong": dr.Wrong, "rule": dr.Rule, "image": dr.Image, "lines": dr.Lines,
	}
	tick := func(name string, on bool) {
		if on {
			f[name] = "ya"
		}
	}
	count := func(list string, n int) { f["n_"+list] = questionbank.TargetID(n - 1) }
	tick("shuffle", dr.Shuffle)
	tick("many", dr.Many)
	for _, r := range dr.Options {
		f[r.Field("option")], f[r.Field("reason")], f[r.Field("points")], f[r.Field("pair")], f[r.Field("area")] = r.Text, r.Reason, r.Points, r.Pair, r.Area
		tick(r.Field("correct"), r.Key)
	}
	for _, r := range dr.Targets {
		f[r.Field("target")] = r.Text
	}
	for _, r := range dr.Answers {
		f[r.Field("answer")], f[r.Field("why")], f[r.Field("percent")] = r.Text, r.Reason, r.Points
		tick(r.Field("case"), r.Case)
		tick(r.Field("wild"), r.Wild)
	}
	for _, p := range dr.Parts {
		f[p.Field("kind")], f[p.Field("key")], f[p.Field("share")] = p.Kind, p.Key, p.Share
	}
	for _, r := range dr.Criteria {
		f[r.Field("criterion")], f[r.Field("guide")], f[r.Field("worth")] = r.Name, r.Guide, r.Points
	}
	for _, m := range dr.Media {
		f[m.Field("media_name")], f[m.Field("media_sha")], f[m.Field("media_mime")], f[m.Field("media_alt")] = m.Name, m.SHA256, m.MIME, m.Alt
		f[m.Field("media_w")], f[m.Field("media_h")], f[m.Field("media_size")] = itoa(m.Width), itoa(m.Height), itoa(m.Size)
	}
	for list, n := range map[string]int{"option": len(dr.Options), "target": len(dr.Targets), "answer": len(dr.Answers), "part": len(dr.Parts), "criterion": len(dr.Criteria), "media": len(dr.Media)} {
		count(list, n)
	}
	return func(name string) string { return strings.TrimSpace(f[name]) }
}

func itoa(n int) string { return questionbank.TargetID(n - 1) }

// An item that is opened and saved without a change is the same item, also
// where the form does not show all of it.
func TestFormKeepsEveryType(t *testing.T) {
	all := questionbanktest.Samples()
	composite := questionbanktest.Sample(questionbank.Single)
	composite.Interactions = append(composite.Interactions, questionbanktest.Sample(questionbank.Essay).Interactions...)
	mapped := questionbanktest.Sample(questionbank.Multiple)
	for i, points := range []scoring.Micro{500_000, -750_000, 500_000, -250_000} {
		mapped.Interactions[0].Options[i].Points = points
	}
	mapped.Interactions[0].Rule = scoring.Mapped
	ranges := questionbanktest.Sample(questionbank.Numeric)
	ranges.Interactions[0].Numbers[1].OpenHigh = true
	ranges.Feedback = &questionbank.Feedback{Correct: "Benar.", Hints: []string{"Ingat bita."}}
	ranges.Ext = map[string]json.RawMessage{"moodle": json.RawMessage(`{"penalty":"0.3"}`)}
	placed := questionbanktest.Sample(questionbank.Order)
	placed.Interactions[0].Correct = []string{"C", "A", "D", "B"}
	for _, c := range append(all, composite.Normalise(), mapped.Normalise(), ranges.Normalise(), placed.Normalise()) {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.Type, err)
		}
		got, err := readDraft(posted(draftOf(c)), c).content()
		if err != nil {
			t.Errorf("%s: %v", c.Type, err)
		}
		if diff := cmp.Diff(string(c.JSON()), string(got.Normalise().JSON())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Type, diff)
		}
	}
}

// Typed into an empty form, every type becomes a valid item.
func TestFormMakesEveryType(t *testing.T) {
	for _, c := range questionbanktest.Samples() {
		got, err := readDraft(posted(draftOf(c)), questionbank.Content{}).content()
		if err != nil {
			t.Errorf("%s: %v", c.Type, err)
		}
		if err := got.Normalise().Validate(); err != nil {
			t.Errorf("%s: %v", c.Type, err)
		}
	}
}

func TestMove(t *testing.T) {
	dr := draftOf(questionbanktest.Sample(questionbank.Single))
	for _, tt := range []struct {
		act, want string
		ok        bool
	}{
		{"turun:option:0", "Lembar sebar|Pengolah kata|Peramban|", true},
		{"naik:option:2", "Lembar sebar|Peramban|Pengolah kata|", true},
		{"naik:option:0", "Lembar sebar|Peramban|Pengolah kata|", true},
		{"hapus:option:1", "Lembar sebar|Pengolah kata|", true},
		{"tambah:option", "Lembar sebar|Pengolah kata||", true},
		{"hapus:option:99", "Lembar sebar|Pengolah kata||", true},
		{"tambah:apa", "Lembar sebar|Pengolah kata||", false},
		{"simpan", "Lembar sebar|Pengolah kata||", false},
	} {
		if ok := dr.move(tt.act); ok != tt.ok {
			t.Errorf("%s: %v", tt.act, ok)
		}
		var texts []string
		for i, r := range dr.Options {
			if r.I != i {
				t.Errorf("%s: row %d says it is %d", tt.act, i, r.I)
			}
			texts = append(texts, r.Text)
		}
		if got := strings.Join(texts, "|"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.act, got, tt.want)
		}
	}
}

func TestSmallTexts(t *testing.T) {
	for _, n := range []questionbank.Number{{Value: "8"}, {Value: "-8.5", Tolerance: "0.25"}, {Value: "8", Tolerance: "0.1", Relative: true}, {Low: "7", High: "9.5"}, {Any: true}} {
		if got := parseNumber(numberText(n)); got != n {
			t.Errorf("%s came back as %+v, want %+v", numberText(n), got, n)
		}
	}
	for text, want := range map[string]scoring.Micro{"": scoring.Point, "50": 500_000, "33,333%": 333_330, "33,3333": 333_333, " 100 % ": scoring.Point} {
		if got, ok := parsePercent(text); !ok || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"abc", "120", "-5", "1.2.3"} {
		if got, ok := parsePercent(text); ok {
			t.Errorf("%q is read as %d", text, got)
		}
	}
	if s := parseArea("rect 1,2,3,4"); areaText(*s) != "rect 1,2,3,4" || parseArea(" ") != nil {
		t.Errorf("area %+v", s)
	}
}
