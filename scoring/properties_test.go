package scoring

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// sets is every set of numbers below n.
func sets(n int) [][]int {
	all := make([][]int, 0, 1<<n)
	for mask := range 1 << n {
		var set []int
		for i := range n {
			if mask>>i&1 == 1 {
				set = append(set, i)
			}
		}
		all = append(all, set)
	}
	return all
}

// randomKey is a valid key of a rule by which several options may be chosen.
func randomKey(r *rand.Rand, rule Rule) Key {
	for {
		n := 2 + r.IntN(5)
		k := Key{Rule: rule, Options: n, Max: Point / Micro(1+r.IntN(3)), Many: true}
		switch rule {
		case AllOrNothing, PerOption:
			for i := range n {
				if r.IntN(2) == 0 {
					k.Correct = append(k.Correct, i)
				}
			}
		case Mapped:
			for range n {
				k.Points = append(k.Points, Micro(r.IntN(2_000_001)-1_000_000))
			}
		case PerPair:
			k.Targets = 2 + r.IntN(3)
			for range n {
				k.Pairs = append(k.Pairs, sets(k.Targets)[r.IntN(1<<k.Targets)])
			}
		}
		if k.Valid() {
			return k
		}
	}
}

// everything is the answer of somebody who ticks whatever can be ticked.
func everything(k Key) Answer {
	every := func(n int) []int { return sets(n)[1<<n-1] }
	if k.Rule != PerPair {
		return Answer{Chosen: every(k.Options)}
	}
	a := Answer{}
	for range k.Options {
		a.Pairs = append(a.Pairs, every(k.Targets))
	}
	return a
}

// Choosing everything earns nothing, so no honest answer is beaten by it; and
// the best answer there is earns all points.
func TestChoosingEverythingNeverPays(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, rule := range []Rule{AllOrNothing, PerOption, Mapped, PerPair} {
		for range 2000 {
			k := randomKey(random, rule)
			if got := k.Mark(everything(k)); got != 0 {
				t.Fatalf("%+v: everything earns %d", k, got)
			}
			best := Micro(0)
			if rule == PerPair {
				best = k.Mark(Answer{Pairs: k.Pairs})
			} else {
				for _, set := range sets(k.Options) {
					best = max(best, k.Mark(Answer{Chosen: set}))
				}
			}
			if best != k.Max {
				t.Fatalf("%+v: the best answer earns %d", k, best)
			}
		}
	}
}

// For options of a set, more right ones and fewer wrong ones never earn less.
func TestPerOptionIsMonotone(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		k := randomKey(random, PerOption)
		for _, set := range sets(k.Options) {
			for o := range k.Options {
				if slices.Contains(set, o) {
					continue
				}
				more := append(slices.Clone(set), o)
				slices.Sort(more)
				if rose := k.Score(more) - k.Score(set); rose < 0 && slices.Contains(k.Correct, o) || rose > 0 && !slices.Contains(k.Correct, o) {
					t.Fatalf("%+v: adding %d to %v changes the points by %d", k, o, set, rose)
				}
			}
		}
	}
}

// Whatever is answered, honest or not, earns between nothing and all.
func TestMarksStayInRange(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	rules := []Rule{
		AllOrNothing, PerOption, Mapped, PerPair, Graded, TextList, NumberList, Manual, None,
		OrderExact, OrderAbsolute, OrderNext, OrderPrevNext, OrderLongestSubset, OrderLongestRun,
	}
	numbers := func() []int {
		out := make([]int, random.IntN(8))
		for i := range out {
			out[i] = random.IntN(9) - 1
		}
		return out
	}
	words := []string{"", "a", "A", "8", "8,5", "-1", "1.000.000", "∞", "é", "x*y"}
	for range 20_000 {
		k := Key{Rule: rules[random.IntN(len(rules))], Options: 4, Max: Point, Targets: 3}
		switch k.Rule {
		case AllOrNothing, PerOption, Mapped, PerPair:
			k = randomKey(random, k.Rule)
			k.Many = random.IntN(2) == 0
		case Graded:
			k.Points = []Micro{0, Point / 3, Point, Point / 2}
		case TextList:
			k.Texts = []TextKey{{Pattern: "a*", Wild: true, Points: Point}, {Pattern: "8", Points: 3 * Point}, {Pattern: "é", Points: -Point}}
		case NumberList:
			k.Numbers = []NumberKey{{Low: "7.5", High: "8.5", Points: Point}, {Any: true, Points: -Point}}
		default:
			k.Correct = random.Perm(4)
		}
		a := Answer{Chosen: numbers(), Text: words[random.IntN(len(words))]}
		for range random.IntN(6) {
			a.Pairs = append(a.Pairs, numbers())
		}
		whole := Key{Parts: []Key{k, k}, Max: 2 * k.Max}
		for _, got := range []Micro{k.Mark(a), whole.Mark(Answer{Parts: []Answer{a, {}}})} {
			if got < 0 || got > k.Max {
				t.Fatalf("%+v: %+v earns %d", k, a, got)
			}
		}
	}
}

// slowOrder says what Moodle says of a sequence, by looking at every pair and
// every subset. The right order is 0, 1, 2 …
func slowOrder(rule Rule, got []int) (part, whole int) {
	n := len(got)
	at := func(i int) int { // nothing stands before the first and behind the last
		if i < 0 || i >= n {
			return -1
		}
		return got[i]
	}
	right := func(v int) int {
		if v < 0 || v >= n {
			return -1
		}
		return v
	}
	for i, v := range got {
		switch rule {
		case OrderAbsolute:
			if i == v {
				part++
			}
		case OrderNext:
			if v < n-1 && at(i+1) == v+1 {
				part++
			}
		case OrderPrevNext:
			if at(i-1) == right(v-1) {
				part++
			}
			if at(i+1) == right(v+1) {
				part++
			}
		}
	}
	switch rule {
	case OrderExact:
		if slices.IsSorted(got) {
			part = n
		}
	case OrderLongestSubset, OrderLongestRun:
		for _, places := range sets(n) {
			fits := len(places) > 1
			for i := 1; i < len(places); i++ {
				a, b := got[places[i-1]], got[places[i]]
				fits = fits && a < b && (rule == OrderLongestSubset || b == a+1 && places[i] == places[i-1]+1)
			}
			if fits {
				part = max(part, len(places))
			}
		}
	}
	switch rule {
	case OrderNext:
		return part, n - 1
	case OrderPrevNext:
		return part, 2 * n
	}
	return part, n
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}

func TestOrderAgainstASlowOracle(t *testing.T) {
	for _, rule := range []Rule{OrderExact, OrderAbsolute, OrderNext, OrderPrevNext, OrderLongestSubset, OrderLongestRun} {
		for n := 2; n <= 6; n++ {
			// The author wrote the entries backwards, so numbers are no places.
			k := Key{Rule: rule, Options: n, Max: Point}
			for i := range n {
				k.Correct = append(k.Correct, n-1-i)
			}
			for _, got := range permutations(n) {
				given := make([]int, n)
				for i, v := range got {
					given[i] = k.Correct[v]
				}
				part, whole := slowOrder(rule, got)
				if want := (2*Point*Micro(part) + Micro(whole)) / Micro(2*whole); k.Score(given) != want {
					t.Fatalf("%s: %v earns %d, want %d", rule, got, k.Score(given), want)
				}
			}
		}
	}
}

// What Moodle's own tests of qtype_ordering expect of "Modular Object Oriented
// Dynamic Learning Environment".
func TestOrderAsInMoodle(t *testing.T) {
	var (
		right     = []int{0, 1, 2, 3, 4, 5}
		backwards = []int{5, 4, 3, 2, 1, 0}
		swapped   = []int{5, 1, 2, 3, 4, 0} // Environment Object Oriented Dynamic Learning Modular
		turned    = []int{2, 1, 3, 4, 5, 0} // Oriented Object Dynamic Learning Environment Modular
		moved     = []int{1, 2, 3, 4, 5, 0} // Object Oriented Dynamic Learning Environment Modular
	)
	for _, tt := range []struct {
		rule Rule
		got  []int
		want string
	}{
		{OrderExact, right, "1.000"}, {OrderExact, swapped, "0.000"},
		{OrderAbsolute, right, "1.000"}, {OrderAbsolute, backwards, "0.000"}, {OrderAbsolute, swapped, "0.667"}, {OrderAbsolute, turned, "0.167"},
		{OrderNext, right, "1.000"}, {OrderNext, backwards, "0.000"}, {OrderNext, swapped, "0.600"}, {OrderNext, turned, "0.400"},
		{OrderPrevNext, right, "1.000"}, {OrderPrevNext, backwards, "0.000"}, {OrderPrevNext, turned, "0.333"},
		{OrderLongestSubset, right, "1.000"}, {OrderLongestSubset, backwards, "0.000"}, {OrderLongestSubset, moved, "0.833"},
		{OrderLongestRun, right, "1.000"}, {OrderLongestRun, backwards, "0.000"}, {OrderLongestRun, moved, "0.833"},
	} {
		k := Key{Rule: tt.rule, Options: 6, Correct: right, Max: Point}
		if got := fmt.Sprintf("%.3f", float64(k.Score(tt.got))/float64(Point)); got != tt.want {
			t.Errorf("%s: %v earns %s, want %s", tt.rule, tt.got, got, tt.want)
		}
	}
}

// A pending answer counts nowhere, and no level is named until it is marked.
func TestPendingWithholdsTheLevel(t *testing.T) {
	in := append(aspect(BasicMedia, 8, 2, 0, 0, 0), Response{Aspect: BasicMedia, State: Pending, Max: Point})
	in = append(in, aspect(AdvancedMedia, 8, 2, 0, 0, 0)...)
	r := Compute(in, ipASN, DefaultEvidence)
	if got := r.Of(BasicMedia); got.Verdict != Unmarked || got.Level != 0 || got.Items != 11 || got.Pending != 1 || got.Max != 10*Point {
		t.Errorf("%+v", got)
	}
	if got := r.Of(AdvancedMedia); got.Verdict != Supported || got.Pending != 0 {
		t.Errorf("%+v", got)
	}
	if got := r.Total; got.Verdict != Unmarked || got.Level != 0 || got.Pending != 1 {
		t.Errorf("%+v", got)
	}
}
