package assessment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/scoring"
)

func TestValidValue(t *testing.T) {
	const shape = "DeB" // four options, five of which several, two
	for _, tt := range []struct {
		position int
		value    string
		want     bool
	}{
		{1, "", true}, {1, "A", true}, {1, "D", true}, {1, "E", false}, {1, "AB", false}, {1, "a", false}, {1, "@", false}, {1, " A", false},
		{2, "", true}, {2, "AD", true}, {2, "ABCDE", true}, {2, "E", true}, {2, "DA", false}, {2, "AA", false}, {2, "ABCDEF", false}, {2, "ad", false},
		{3, "B", true}, {3, "C", false}, {0, "A", false}, {4, "A", false}, {-1, "", false}, {4, "", false},
	} {
		if got := ValidValue(shape, tt.position, tt.value); got != tt.want {
			t.Errorf("ValidValue(%d, %q) = %t", tt.position, tt.value, got)
		}
	}
}

func FuzzValidValue(f *testing.F) {
	f.Add("DeB", 2, "AD")
	f.Add("", 1, "")
	f.Fuzz(func(t *testing.T, shape string, position int, value string) {
		if !ValidValue(shape, position, value) {
			return
		}
		if len(value) > 26 {
			t.Errorf("%q is accepted", value)
		}
		for i := range len(value) {
			if value[i] < 'A' || value[i] > 'Z' {
				t.Skip() // a shape no form has
			}
		}
		if got := Letters(split(value)); got != value {
			t.Errorf("%q comes back as %q", value, got)
		}
	})
}

func split(s string) []string {
	var out []string
	for i := range len(s) {
		out = append(out, s[i:i+1])
	}
	return out
}

func TestLetters(t *testing.T) {
	for want, in := range map[string][]string{
		"": nil, "A": {"A"}, "ADE": {"E", "A", "D"}, "B": {"B", "B", "", "x", "AB"},
	} {
		if got := Letters(in); got != want {
			t.Errorf("Letters(%v) = %q, want %q", in, got, want)
		}
	}
}

func TestChosenFollowsTheFormsOrder(t *testing.T) {
	item := FormItem{Options: []int{2, 0, 3, 1}}
	for value, want := range map[string][]int{"": nil, "A": {2}, "D": {1}, "BC": {0, 3}, "E": {-1}} {
		if diff := cmp.Diff(want, item.Chosen(value)); diff != "" {
			t.Errorf("%q:\n%s", value, diff)
		}
	}
	f := Form{Items: []FormItem{item, {Options: []int{0, 1, 2, 3, 4}, Many: true}}}
	if got := f.Shape(); got != "De" {
		t.Errorf("shape = %q", got)
	}
}

// The stored text of a form is part of its hash; a change of its fields would
// make every old form look forged.
func TestFormContentIsStable(t *testing.T) {
	items := []FormItem{
		{Ref: questionbank.Ref{Item: 7, Rev: 2}, Aspect: scoring.BasicMedia, Options: []int{1, 0}},
		{Ref: questionbank.Ref{Item: 8, Rev: 1}, Aspect: scoring.EthicsSecurity, Many: true, Options: []int{2, 0, 1}},
	}
	const want = `[{"item":7,"rev":2,"aspect":1,"options":[1,0]},{"item":8,"rev":1,"aspect":4,"many":true,"options":[2,0,1]}]`
	if got := content(items); got != want {
		t.Errorf("content = %s", got)
	}
	back, err := parseContent(want)
	if diff := cmp.Diff(items, back); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestResponses(t *testing.T) {
	single := scoring.Key{Rule: scoring.AllOrNothing, Options: 2, Correct: []int{1}, Max: scoring.Point}
	form := Form{}
	keys := make([]scoring.Key, 5)
	for i := range keys {
		form.Items = append(form.Items, FormItem{Aspect: scoring.BasicMedia, Options: []int{1, 0}})
		keys[i] = single
	}
	rows := []Row{{Position: 1, Seq: 1, Value: "A"}, {Position: 2, Seq: 2, Value: "A"}, {Position: 2, Seq: 4, Value: ""}, {Position: 3, Seq: 3, Value: "B"}}
	for ended, want := range map[Ending][]scoring.State{
		ByParticipant: {scoring.Answered, scoring.Omitted, scoring.Answered, scoring.Omitted, scoring.Omitted},
		ByDeadline:    {scoring.Answered, scoring.Omitted, scoring.Answered, scoring.NotReached, scoring.NotReached},
		ByOfficer:     {scoring.Answered, scoring.Omitted, scoring.Answered, scoring.NotReached, scoring.NotReached},
	} {
		var got []scoring.State
		var points scoring.Micro
		for _, r := range responses(form, keys, rows, ended) {
			got = append(got, r.State)
			points += r.Points
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", ended, diff)
		}
		if points != scoring.Point { // "A" on display is option 1, the key
			t.Errorf("%s: points = %d", ended, points)
		}
	}
}

func TestJournalHashSeesEveryField(t *testing.T) {
	rows := []Row{{1, 1, "A", false, 100, false}, {2, 2, "B", true, 200, true}}
	whole := journalHash(rows)
	if got := journalHash([]Row{rows[1], rows[0]}); got != whole {
		t.Error("the order of reading matters")
	}
	for i, change := range []func(*Row){
		func(r *Row) { r.Position = 3 }, func(r *Row) { r.Seq = 9 }, func(r *Row) { r.Value = "C" },
		func(r *Row) { r.Doubt = false }, func(r *Row) { r.ReceivedMS++ }, func(r *Row) { r.Late = false },
	} {
		changed := []Row{rows[0], rows[1]}
		change(&changed[1])
		if journalHash(changed) == whole {
			t.Errorf("change %d is not seen", i)
		}
	}
}

func TestGaps(t *testing.T) {
	for _, tt := range []struct {
		have, without []int64
		last          int64
		want          []int64
	}{
		{nil, nil, 0, nil}, {[]int64{1, 2}, nil, 2, nil}, {[]int64{3, 1, 3}, nil, 4, []int64{2, 4}}, {[]int64{1}, []int64{2, 3}, 3, nil}, {[]int64{9}, nil, 1, []int64{1}},
	} {
		if diff := cmp.Diff(tt.want, gaps(tt.have, tt.last, tt.without)); diff != "" {
			t.Errorf("%+v:\n%s", tt, diff)
		}
	}
}
