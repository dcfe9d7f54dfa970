package moodlexml

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// trip writes contents and reads them again.
func trip(t *testing.T, contents ...questionbank.Content) (questionbank.Parsed, []*fault.Fault, string) {
	t.Helper()
	bank := questionbank.Export{Media: shelf{questionbanktest.PictureSHA256: questionbanktest.Picture()}.media}
	for i, c := range contents {
		bank.Items = append(bank.Items, questionbank.Exported{Code: "A1-" + string(rune('1'+i)), Content: c})
	}
	var file bytes.Buffer
	losses, err := Write(&file, bank)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Read(questionbank.Input{Content: file.Bytes()})
	if err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	return parsed, losses, file.String()
}

// same compares what came back with what went out; what only storing a file
// can tell is taken over.
func same(t *testing.T, want questionbank.Content, p questionbank.ParsedItem, file string) {
	t.Helper()
	got := p.Content.Normalise()
	for i := range got.Media {
		if i < len(want.Media) && i < len(p.Files) && bytes.Equal(p.Files[i].Data, questionbanktest.Picture()) {
			alt := got.Media[i].Alt
			got.Media[i] = want.Media[i]
			got.Media[i].Alt = alt
		}
	}
	if diff := cmp.Diff(string(want.JSON()), string(got.JSON())); diff != "" {
		t.Errorf("%s (-want +got):\n%s\n%s", want.Type, diff, file)
	}
	if err := got.Validate(); err != nil {
		t.Errorf("%s: %v", want.Type, err)
	}
	if len(p.Rejects) > 0 {
		t.Errorf("%s is refused: %v", want.Type, p.Rejects)
	}
}

func keys(faults []*fault.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Key)
	}
	return all
}

func TestSamples(t *testing.T) {
	lost := map[questionbank.Type][]string{
		questionbank.Matrix:  {"questionbank.moodlexml.lost_item"},
		questionbank.Survey:  {"questionbank.moodlexml.lost_item"},
		questionbank.Match:   {"questionbank.moodlexml.lost_reasons"},
		questionbank.Order:   {"questionbank.moodlexml.lost_reasons"},
		questionbank.Hotspot: {"questionbank.moodlexml.lost_clicks"},
	}
	for _, c := range questionbanktest.Samples() {
		parsed, losses, file := trip(t, c)
		if diff := cmp.Diff(lost[c.Type], keys(losses)); diff != "" {
			t.Errorf("%s loses (-want +got):\n%s", c.Type, diff)
		}
		for _, l := range losses {
			if l.At != "A1-1" {
				t.Errorf("%s: loss %v is of no item", c.Type, l)
			}
		}
		if slices.Contains(lost[c.Type], "questionbank.moodlexml.lost_item") {
			if len(parsed.Items) != 0 {
				t.Errorf("%s came back as %d items", c.Type, len(parsed.Items))
			}
			continue
		}
		if len(parsed.Items) != 1 {
			t.Errorf("%s came back as %d items", c.Type, len(parsed.Items))
			continue
		}
		same(t, c, parsed.Items[0], file)
		if parsed.Items[0].Code != "A1-1" {
			t.Errorf("%s: code %q", c.Type, parsed.Items[0].Code)
		}
	}
}

// change makes a sample harder to carry.
func change(typ questionbank.Type, how func(*questionbank.Content)) questionbank.Content {
	c := questionbanktest.Sample(typ)
	c.Interactions = slices.Clone(c.Interactions)
	for i := range c.Interactions {
		in := &c.Interactions[i]
		in.Options, in.Targets, in.Correct = slices.Clone(in.Options), slices.Clone(in.Targets), slices.Clone(in.Correct)
		in.Texts, in.Numbers = slices.Clone(in.Texts), slices.Clone(in.Numbers)
	}
	how(&c)
	return c.Normalise()
}

func points(in *questionbank.Interaction, values ...float64) {
	for i, v := range values {
		in.Options[i].Points = scoring.Micro(v * float64(scoring.Point))
	}
}

// Moodle knows fewer rules, weights and places than we do; what it has no field
// for comes back by the tags.
func TestHardRoundTrips(t *testing.T) {
	type c = questionbank.Content
	for _, tt := range []struct {
		name string
		item c
		lost []string
	}{
		{"all or nothing", change(questionbank.Multiple, func(x *c) { x.Interactions[0].Rule = scoring.AllOrNothing }), []string{"lost_rule"}},
		{"map with a cap", change(questionbank.Multiple, func(x *c) {
			in := &x.Interactions[0]
			in.Rule, in.Cap = scoring.Mapped, 2*scoring.Point
			points(in, 2, -2, 1, -1)
		}), nil},
		{"map beyond Moodle's list", change(questionbank.Multiple, func(x *c) {
			x.Interactions[0].Rule = scoring.Mapped
			points(&x.Interactions[0], 0.37, -0.9, 0.63, -0.55)
		}), []string{"grade_moved", "grade_moved", "grade_moved"}},
		{"sjt beyond Moodle's list", change(questionbank.SJT, func(x *c) { points(&x.Interactions[0], 0, 3, 7, 8) }), []string{"grade_moved", "grade_moved"}},
		{"sjt with one that pays", change(questionbank.SJT, func(x *c) { points(&x.Interactions[0], 0, 0, 0, 5) }), nil},
		{"fixed option", change(questionbank.Single, func(x *c) { x.Interactions[0].Options[2].Fixed = true }), []string{"lost_fixed"}},
		{"no title", change(questionbank.Single, func(x *c) { x.Title = "" }), nil},
		{"worth and times", change(questionbank.Single, func(x *c) {
			x.Worth, x.Seconds, x.Lang, x.Expires, x.Basis = 2_500_000, 90, "en", "2028-12-31", "UU 5/2014"
		}), nil},
		{"stimulus", change(questionbank.Single, func(x *c) { x.Stimulus = "Teks **bersama**.\n\nAlinea dua." }), nil},
		{"feedback", change(questionbank.Single, func(x *c) {
			x.Feedback = &questionbank.Feedback{Correct: "Benar *sekali*.", Partial: "Hampir.", Wrong: "Belum.", Hints: []string{"Ingat tabel.", "Baca lagi."}}
		}), nil},
		{"feedback that Moodle does not show", change(questionbank.Short, func(x *c) { x.Feedback = &questionbank.Feedback{Wrong: "Belum."} }), []string{"lost_feedback"}},
		{"marks that look like others", change(questionbank.Single, func(x *c) {
			x.Stem = `\[\[1]] \<b> & \&lt; 2 \< 3 ]]> 1\. x`
			x.Interactions[0].Options[0].Text = `a < b && c > d * "e" ]]>`
			x.Title = `x > 1 & x < 2 "y"`
		}), nil},
		{"Markdown that HTML cannot hold", change(questionbank.Single, func(x *c) { x.Stem = "# Judul\n\nTeks  dengan `kode`" }), nil},
		{"Markdown that HTML cannot hold, with a picture", change(questionbank.Single, func(x *c) {
			x.Media = questionbanktest.Sample(questionbank.Hotspot).Media
			x.Stem = "# Judul\n\n![Jendela aplikasi](media:jendela.png)"
		}), nil},
		{"stimulus that HTML cannot hold above gaps", change(questionbank.Cloze, func(x *c) { x.Stimulus = "# Judul" }), nil},
		{"crossed pairs", change(questionbank.Match, func(x *c) { x.Interactions[0].Correct = []string{"A 3", "B 1"} }), []string{"lost_reasons"}},
		{"row without a pair", change(questionbank.Match, func(x *c) { x.Interactions[0].Correct = []string{"B 1"} }), []string{"lost_row", "lost_reasons"}},
		{"order from another", change(questionbank.Order, func(x *c) { x.Interactions[0].Correct = []string{"C", "A", "D", "B"} }), []string{"lost_reasons"}},
		{"stars and capitals", change(questionbank.Short, func(x *c) {
			x.Interactions[0].Texts[0].Text, x.Interactions[0].Texts[0].Case = "a*b", true
			x.Interactions[0].Texts[1].Points = scoring.Point / 7 * 2
		}), []string{"lost_case", "grade_moved"}},
		{"ranges", change(questionbank.Numeric, func(x *c) {
			x.Interactions[0].Numbers = []questionbank.Number{
				{Low: "7,0", High: "9", OpenHigh: true, Points: scoring.Point}, {Value: "-8", Tolerance: "0.1", Relative: true, Points: scoring.Point / 2},
				{Value: "3,5", Points: scoring.Point / 4}, {Any: true},
			}
		}), []string{"lost_open"}},
		{"marker's note", change(questionbank.Essay, func(x *c) { x.Rubric = []questionbank.Criterion{{Name: rubricName, Guide: "Lihat *isi*.", Points: 10}} }), nil},
		{"zones", change(questionbank.Hotspot, func(x *c) {
			x.Interactions[0] = questionbank.Interaction{
				Kind: questionbank.PairsKind, Rule: scoring.PerPair, Image: "jendela.png", Many: true,
				Options: []questionbank.Option{{Text: "Tombol"}, {Text: "Judul **tebal**", Rich: true}, {Text: "Bukan"}},
				Targets: []questionbank.Option{
					{Text: "kiri", Shape: &questionbank.Shape{Form: "circle", Coords: []int{5, 5, 4}}},
					{Text: "", Shape: &questionbank.Shape{Form: "rect", Coords: []int{20, 0, 40, 20}}},
					{Text: "", Shape: &questionbank.Shape{Form: "poly", Coords: []int{50, 0, 60, 0, 55, 10}}},
					{Text: "kosong", Shape: &questionbank.Shape{Form: "circle", Coords: []int{90, 5, 4}}},
				}, Correct: []string{"A 1", "A 3", "B 2"},
			}
		}), []string{"lost_zone"}},
		{"picture in texts", change(questionbank.Single, func(x *c) {
			x.Media = questionbanktest.Sample(questionbank.Hotspot).Media
			x.Stem = "Lihat ![Jendela aplikasi](media:jendela.png) ini."
			x.Interactions[0].Options[1] = questionbank.Option{Text: "![Jendela aplikasi](media:jendela.png)", Rich: true, Reason: "ya"}
		}), nil},
	} {
		if err := tt.item.Validate(); err != nil {
			t.Errorf("%s is no item: %v", tt.name, err)
			continue
		}
		parsed, losses, file := trip(t, tt.item)
		var got []string
		for _, key := range keys(losses) {
			got = append(got, key[len("questionbank.moodlexml."):])
		}
		if diff := cmp.Diff(tt.lost, got); diff != "" {
			t.Errorf("%s loses (-want +got):\n%s", tt.name, diff)
		}
		if len(parsed.Items) != 1 {
			t.Errorf("%s came back as %d items", tt.name, len(parsed.Items))
			continue
		}
		t.Run(tt.name, func(t *testing.T) { same(t, tt.item, parsed.Items[0], file) })
	}
}
