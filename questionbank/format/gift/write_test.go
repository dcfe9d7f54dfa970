package gift

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

func export(t *testing.T, contents ...questionbank.Content) (string, []*fault.Fault) {
	t.Helper()
	bank := questionbank.Export{}
	for i, c := range contents {
		bank.Items = append(bank.Items, questionbank.Exported{Code: fmt.Sprintf("A1-%d", i+1), Content: c})
	}
	var b bytes.Buffer
	losses, err := write(&b, bank)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range losses {
		if f.At == "" {
			t.Errorf("loss %s names no item", f.Key)
		}
	}
	return b.String(), losses
}

// back reads what was written and compares it with what went out.
func back(t *testing.T, text string, want questionbank.Content) {
	t.Helper()
	parsed := parse(t, text)
	got := parsed.Items[0]
	if len(got.Rejects) > 0 {
		t.Errorf("rejects %q of:\n%s", keys(got.Rejects), text)
	}
	if diff := cmp.Diff(string(want.JSON()), string(got.Content.Normalise().JSON())); diff != "" {
		t.Errorf("(-out +back):\n%s\nfile:\n%s", diff, text)
	}
}

func TestSamplesRoundTrip(t *testing.T) {
	skipped := map[questionbank.Type]bool{questionbank.Matrix: true, questionbank.Hotspot: true, questionbank.Survey: true, questionbank.Cloze: true}
	for _, c := range questionbanktest.Samples() {
		t.Run(string(c.Type), func(t *testing.T) {
			text, losses := export(t, c)
			if skipped[c.Type] {
				if text != "" || len(losses) != 1 || losses[0].Key != "questionbank.gift.loss_type" {
					t.Errorf("wrote %q, losses %q", text, keys(losses))
				}
				return
			}
			back(t, text, c)
		})
	}
}

// A file of all samples is compared as people would read it.
func TestGolden(t *testing.T) {
	got, losses := export(t, questionbanktest.Samples()...)
	got += strings.Join(keys(losses), "\n") + "\n"
	path := filepath.Join("testdata", "samples.gift")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("UPDATE=1 writes it anew (-want +got):\n%s", diff)
	}
}

func choice(typ questionbank.Type, correct []int, texts ...string) questionbank.Content {
	options := make([]questionbank.Option, len(texts))
	for i, text := range texts {
		options[i] = questionbank.Option{Text: text}
	}
	return questionbank.Content{Type: typ, Stem: "Mana?", Interactions: []questionbank.Interaction{questionbank.NewChoice(typ, options, correct)}}
}

// What is awkward in one way or another comes back as it was.
func TestAwkwardRoundTrips(t *testing.T) {
	single := choice(questionbank.Single, []int{0}, "a", "b")
	with := func(change func(*questionbank.Content)) questionbank.Content {
		c := choice(questionbank.Single, []int{0}, "a", "b")
		change(&c)
		return c.Normalise()
	}
	for name, c := range map[string]questionbank.Content{
		"signs": choice(questionbank.Single, []int{2}, "=a", "~b", "#c", "{d}", "e:f", `g\h`, "i -> j", "// k", "[html]l", "%50%m", "75%n", "<b>o</b>"),
		"stem": with(func(c *questionbank.Content) {
			c.Stem = "**Tebal** dan *miring*, `kode`:\n\n- satu\n- dua\n\n```\nx = {1}\n\n  y\n```\n\n$CATEGORY: x, ::y::, // z, {T}"
		}),
		"other Markdown": with(func(c *questionbank.Content) { c.Stem = "__Tebal__ dan _miring_\n* satu\n* dua" }),
		"comment alike":  with(func(c *questionbank.Content) { c.Stem = "// bukan komentar" }),
		"format alike":   with(func(c *questionbank.Content) { c.Stem = `\[html]bukan format` }),
		"title":          with(func(c *questionbank.Content) { c.Title = "a::b: {c} // d" }),
		"rich options": with(func(c *questionbank.Content) {
			c.Interactions[0].Options[1] = questionbank.Option{ID: "B", Text: "**b**\\\nc -> d", Rich: true, Reason: "*Karena* a -> b"}
		}),
		"html stem": with(func(c *questionbank.Content) {
			c.Stem = "**x** \\<y>"
			c.Interactions[0].Options[0].Text = "a < b & c"
		}),
		"stimulus":  with(func(c *questionbank.Content) { c.Stimulus = "Bacalah.\n\nDua alinea." }),
		"no mixing": with(func(c *questionbank.Content) { c.Interactions[0].Shuffle = false }),
		"fixed":     with(func(c *questionbank.Content) { c.Interactions[0].Options[1].Fixed = true }),
		"extras": with(func(c *questionbank.Content) {
			c.Lang, c.Seconds, c.Worth, c.Basis, c.Expires, c.DigComp = "en", 90, 2*scoring.Point, `Perpres [95] \`, "2028-12-31", []string{"1.1", "4.2"}
			c.Feedback = &questionbank.Feedback{Correct: "Ya ]\n\nbaris", Hints: []string{`\n [a]`}}
			c.Tags = []string{`a\`, "b]c", "cakap"}
		}),
		"negative points": with(func(c *questionbank.Content) {
			c.Interactions[0].Options[0].Points, c.Interactions[0].Options[1].Points = scoring.Point, -333333
		}),
		"two of five": choice(questionbank.Multiple, []int{0, 3}, "a", "b", "c", "d", "e"),
		"all or nothing": with(func(c *questionbank.Content) {
			*c = choice(questionbank.Multiple, []int{0, 1}, "a", "b", "c")
			c.Interactions[0].Rule = scoring.AllOrNothing
			c.Interactions[0].Max = 2
		}),
		"map": with(func(c *questionbank.Content) {
			*c = choice(questionbank.Multiple, []int{0, 1}, "a", "b", "c")
			in := &c.Interactions[0]
			in.Rule, in.Cap = scoring.Mapped, 3*scoring.Point
			in.Options[0].Points, in.Options[1].Points, in.Options[2].Points = 3*scoring.Point, scoring.Point, -4*scoring.Point
		}),
		"sjt of two": with(func(c *questionbank.Content) {
			*c = choice(questionbank.SJT, nil, "a", "b", "c")
			c.Interactions[0].Options[1].Points = 4 * scoring.Point
		}),
		"match out of order": {Type: questionbank.Match, Stem: "Jodohkan.", Interactions: []questionbank.Interaction{{
			Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true,
			Options: []questionbank.Option{{ID: "A", Text: "a -> b"}, {ID: "B", Text: "c"}},
			Targets: []questionbank.Option{{ID: "1", Text: "x"}, {ID: "2", Text: "y", Reason: "sebab"}, {ID: "3", Text: "z = 1"}}, Correct: []string{"A 3", "B 2"},
		}}},
		"order out of order": {Type: questionbank.Order, Stem: "Urutkan.", Interactions: []questionbank.Interaction{{
			Kind: questionbank.OrderKind, Rule: scoring.OrderLongestRun, Shuffle: true,
			Options: []questionbank.Option{{ID: "A", Text: "dua"}, {ID: "B", Text: "// satu"}, {ID: "C", Text: "tiga"}}, Correct: []string{"B", "A", "C"},
		}}},
		"texts": {Type: questionbank.Short, Stem: "Isi", Interactions: []questionbank.Interaction{{
			Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}, Lines: 20,
			Texts: []questionbank.TextAnswer{
				{Text: "a -> <b> & c", Points: scoring.Point, Reason: "x -> y"}, {Text: "d*e", Points: scoring.Point / 2}, {Text: `f*\*`, Wild: true, Case: true, Points: 0},
			},
		}}},
		"numbers": {Type: questionbank.Numeric, Stem: "Isi", Interactions: []questionbank.Interaction{{
			Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{},
			Numbers: []questionbank.Number{
				{Value: "200", Tolerance: "0.05", Relative: true, Points: scoring.Point}, {Low: "1", High: "2", OpenLow: true, Points: scoring.Point / 4}, {Any: true, Reason: "Jauh: ~"},
			},
		}}},
		"cloze of one gap": {Type: questionbank.Cloze, Stem: `Ibu kota \_\_\_\_\_ adalah [[1]] sejak *1810*.`, Interactions: []questionbank.Interaction{{
			Kind: questionbank.InlineKind, Rule: scoring.AllOrNothing, Shuffle: true, Options: []questionbank.Option{{ID: "A", Text: "Bandung"}, {ID: "B", Text: "Bogor"}}, Correct: []string{"A"},
		}}},
		"gap at the end": {Type: questionbank.Cloze, Stem: `Ibu kota adalah [[1]]`, Interactions: []questionbank.Interaction{{
			Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}, Texts: []questionbank.TextAnswer{{Text: "Bandung", Points: scoring.Point}},
		}}},
		"plain": single,
	} {
		t.Run(name, func(t *testing.T) {
			text, _ := export(t, c)
			back(t, text, c.Normalise())
		})
	}
}

// A missing-word question keeps its answer in the middle.
func TestMissingWordGoesBack(t *testing.T) {
	item := only(t, "Ibu kota {=Bandung ~Bogor} adalah kota.")
	text, _ := export(t, item.Content)
	if !strings.Contains(text, "Ibu kota {\n") || !strings.Contains(text, "} adalah kota.") {
		t.Errorf("wrote:\n%s", text)
	}
	back(t, text, item.Content.Normalise())
}

func TestLosses(t *testing.T) {
	picture := choice(questionbank.Single, []int{0}, "a", "b")
	picture.Stem = "Lihat " + questionbank.MediaLink("bagan.png", "Bagan [1]") + "!"
	uneven := choice(questionbank.SJT, nil, "a", "b", "c")
	for i, points := range []scoring.Micro{7, 3, 0} {
		uneven.Interactions[0].Options[i].Points = points * scoring.Point
	}
	closed := questionbanktest.Sample(questionbank.Numeric)
	closed.Interactions[0].Numbers[1].OpenHigh = true
	info := questionbanktest.Sample(questionbank.Info)
	for _, tt := range []struct {
		name string
		c    questionbank.Content
		want []string
	}{
		{"single", questionbanktest.Sample(questionbank.Single), nil},
		{"sjt", questionbanktest.Sample(questionbank.SJT), nil},
		{"multiple", questionbanktest.Sample(questionbank.Multiple), nil},
		{"rubric", questionbanktest.Sample(questionbank.Essay), []string{"loss_rubric"}},
		{"reasons", questionbanktest.Sample(questionbank.Order), []string{"loss_reasons"}},
		{"info", info, []string{"loss_rationale"}},
		{"picture", picture, []string{"loss_media"}},
		{"grades", uneven, []string{"moodle_grades"}},
		{"open range", closed, []string{"loss_open_range"}},
		{"hotspot", questionbanktest.Sample(questionbank.Hotspot), []string{"loss_type"}},
	} {
		text, losses := export(t, tt.c)
		var got []string
		for _, f := range losses {
			got = append(got, f.Key[strings.LastIndex(f.Key, ".")+1:])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if strings.Contains(text, "media:") {
			t.Errorf("%s names a file that does not come along:\n%s", tt.name, text)
		}
	}
}

func TestMoodleGradesNamesWhatIsRefused(t *testing.T) {
	c := choice(questionbank.SJT, nil, "a", "b", "c")
	for i, points := range []scoring.Micro{7, 3, 0} {
		c.Interactions[0].Options[i].Points = points * scoring.Point
	}
	_, losses := export(t, c)
	if len(losses) != 1 || losses[0].Key != "questionbank.export.moodle_grades" || losses[0].Args[0] != "42.8571%" || losses[0].At != "A1-1" {
		t.Errorf("losses = %v", losses)
	}
}

// Points that somebody changed in the file win over the noted ones.
func TestEditedPointsWin(t *testing.T) {
	text, _ := export(t, questionbanktest.Sample(questionbank.SJT))
	edited := strings.Replace(text, "~%75%", "~%60%", 1)
	if edited == text {
		t.Fatalf("no 75%% in:\n%s", text)
	}
	var got []scoring.Micro
	for _, o := range only(t, edited).Content.Choice().Options {
		got = append(got, o.Points)
	}
	if diff := cmp.Diff([]scoring.Micro{250_000, 500_000, 600_000, scoring.Point}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCategoriesAreWrittenOnce(t *testing.T) {
	a, b := choice(questionbank.Single, []int{0}, "a", "b"), choice(questionbank.Single, []int{0}, "c", "d")
	a.Category, b.Category = "Dasar", "Dasar"
	text, _ := export(t, a, b, choice(questionbank.Single, []int{0}, "e", "f"))
	if strings.Count(text, "$CATEGORY:") != 2 || !strings.HasPrefix(text, "$CATEGORY: Dasar\n\n") || !strings.Contains(text, "$CATEGORY: top\n\n") {
		t.Errorf("wrote:\n%s", text)
	}
	parsed := parse(t, text)
	for i, want := range []string{"Dasar", "Dasar", ""} {
		if got := parsed.Items[i].Content.Category; got != want {
			t.Errorf("item %d is in %q, want %q", i+1, got, want)
		}
	}
}
