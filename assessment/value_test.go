package assessment

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

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

// The ways to answer that take no single letters, each by its byte.
func TestValidValueOfEveryKind(t *testing.T) {
	letters := func(n int) []int { return make([]int, n) }
	f := Form{Items: []FormItem{
		{Kind: questionbank.OrderKind, Options: letters(4)},
		{Kind: questionbank.PairsKind, Options: letters(3), Targets: letters(3)},
		{Kind: questionbank.PairsKind, Options: letters(2), Targets: letters(3), Many: true},
		{Kind: questionbank.TextKind}, {Kind: questionbank.EssayKind}, {Kind: NothingKind},
		{Options: letters(3), Rest: []FormPart{{Kind: questionbank.TextKind}, {Kind: questionbank.NumberKind}}},
		{Kind: questionbank.OrderKind, Options: letters(26)}, {Kind: questionbank.PairsKind, Options: letters(1)},
	}}
	shape := f.Shape()
	for _, tt := range []struct {
		position int
		value    string
		want     bool
	}{
		{1, "CABD", true}, {1, "C--D", true}, {1, "", true}, {1, "----", false}, {1, "CABE", false}, {1, "CAAD", false}, {1, "CAB", false}, {1, "CABDA", false},
		{2, "B,A,C", true}, {2, "B,,C", true}, {2, "B,B,B", true}, {2, ",,", false}, {2, "B,A", false}, {2, "AB,,C", false}, {2, "b,,", false}, {2, "B,A,C,A", false},
		{3, "AB,C", true}, {3, ",ABC", true}, {3, "BA,C", false}, {3, "AA,", false}, {3, ",", false},
		{4, "uniform resource", true}, {4, strings.Repeat("é", MaxLine), true}, {4, strings.Repeat("é", MaxLine+1), false}, {4, "a\nb", false}, {4, "a\x00", false}, {4, "\xff", false},
		{5, "baris\n\tdua", true}, {5, strings.Repeat("é", MaxEssay), true}, {5, strings.Repeat("a", MaxEssay+1), false}, {5, "a\x1b[0m", false},
		{6, "", true}, {6, "A", false},
		{7, "A\nFormat\n8", true}, {7, "\n\n8", true}, {7, "A\n8", false}, {7, "A\nB\nC\nD", false}, {7, "A\n\x01\n", false},
		{8, "ZYXWVUTSRQPONMLKJIHGFEDCBA", true}, {9, "A", true}, {9, "A,B", false},
	} {
		if got := ValidValue(shape, tt.position, tt.value); got != tt.want {
			t.Errorf("ValidValue(%d, %.40q) = %t", tt.position, tt.value, got)
		}
	}
}

// No two ways to answer share a byte.
func TestShapesAreDistinct(t *testing.T) {
	seen := map[byte]string{}
	note := func(name string, item FormItem) {
		s := shapeOf(item)
		if old, twice := seen[s]; twice {
			t.Errorf("%s and %s are both %#x", old, name, s)
		}
		seen[s] = name
	}
	for n := 1; n <= questionbank.MaxRows; n++ {
		list := make([]int, n)
		note(fmt.Sprintf("one of %d", n), FormItem{Options: list})
		note(fmt.Sprintf("some of %d", n), FormItem{Options: list, Many: true})
		note(fmt.Sprintf("%d rows", n), FormItem{Kind: questionbank.PairsKind, Options: list})
		note(fmt.Sprintf("%d rows with several", n), FormItem{Kind: questionbank.PairsKind, Options: list, Many: true})
		if n > 1 {
			note(fmt.Sprintf("order of %d", n), FormItem{Kind: questionbank.OrderKind, Options: list})
		}
	}
	for n := 2; n <= questionbank.MaxParts; n++ {
		note(fmt.Sprintf("%d parts", n), FormItem{Rest: make([]FormPart, n-1)})
	}
	note("line", FormItem{Kind: questionbank.TextKind})
	note("essay", FormItem{Kind: questionbank.EssayKind})
	note("nothing", FormItem{Kind: NothingKind})
}

func TestCanonical(t *testing.T) {
	shape := string([]byte{shapeLine, shapeEssay, shapeParts + 2, 'D'})
	for _, tt := range []struct {
		position int
		in, want string
	}{
		{1, "  cafe\u0301\n baru ", "caf\u00e9  baru"}, {1, " \t ", ""}, {2, "satu\r\ndua\n", "satu\ndua"}, {2, "\n \n", ""},
		{3, " x\ny ", "x\ny"}, {3, " \n ", ""}, {3, `a\\b` + "\n" + `c\nd`, `a\\b` + "\n" + `c\nd`}, {4, " A", " A"}, {9, " A", " A"},
	} {
		if got := canonical(shape, tt.position, tt.in); got != tt.want {
			t.Errorf("canonical(%d, %q) = %q, want %q", tt.position, tt.in, got, tt.want)
		}
	}
}

func TestJoinAndSplit(t *testing.T) {
	for value, parts := range map[string][]string{
		"A": {"A"}, "": {"", ""}, "A\n": {"A", ""}, `a\nb` + "\n" + `c\\nd`: {"a\nb", `c\nd`}, "\n\nx": {"", "", "x"},
	} {
		if got := Join(parts); got != value {
			t.Errorf("Join(%q) = %q, want %q", parts, got, value)
		}
		if diff := cmp.Diff(parts, Split(value, len(parts))); diff != "" {
			t.Errorf("Split(%q): %s", value, diff)
		}
	}
	if diff := cmp.Diff([]string{"A", "", ""}, Split("A", 3)); diff != "" {
		t.Error(diff)
	}
}

func TestRowsAndPlaces(t *testing.T) {
	if got := Rows([]string{"B", "", "AC"}); got != "B,,AC" || TargetsOf(got, 2) != "AC" || TargetsOf(got, 9) != "" {
		t.Errorf("Rows = %q", got)
	}
	if got := Rows([]string{"", "", ""}); got != "" {
		t.Errorf("no row is %q", got)
	}
	for _, tt := range []struct {
		places []int
		want   string
		clash  bool
	}{
		{[]int{2, 1, 3}, "BAC", false}, {[]int{0, 1, 0}, "B--", false}, {[]int{0, 0, 0}, "", false}, {[]int{1, 1, 2}, "AC-", true}, {[]int{4, -1, 2}, "-C-", false},
	} {
		if got, clash := Places(tt.places); got != tt.want || clash != tt.clash {
			t.Errorf("Places(%v) = %q, %t", tt.places, got, clash)
		}
	}
	if Place("BAC", 0) != 2 || Place("B--", 0) != 0 {
		t.Error("Place is wrong")
	}
}

func FuzzValidValue(f *testing.F) {
	f.Add("DeB", 2, "AD")
	f.Add("", 1, "")
	f.Add("\x84\xa3\xc2\xe0\xe1\xe2\x03", 1, "C--D")
	f.Add("\x84\xa3\xc2\xe0\xe1\xe2\x03", 7, "A\nb\nc")
	f.Fuzz(func(t *testing.T, shape string, position int, value string) {
		value = canonical(shape, position, value)
		if again := canonical(shape, position, value); again != value {
			t.Errorf("%q becomes %q", value, again)
		}
		if !ValidValue(shape, position, value) {
			return
		}
		if utf8.RuneCountInString(value) > maxParts {
			t.Errorf("%d characters are accepted", len(value))
		}
		if s := shape[position-1]; s < 'A' || s > 'Z' && s < 'a' || s > 'z' {
			return
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
		for _, r := range responses(form, keys, rows, ended, nil) {
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
