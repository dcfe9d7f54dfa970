package scoring

import "slices"

// Micro is a number of millionths of a point.
type Micro int64

// Point is one whole point.
const Point Micro = 1_000_000

// Rule is how an item's chosen options become points.
type Rule string

// The rules of choice items.
const (
	// AllOrNothing gives every point for exactly the keyed set, else none.
	AllOrNothing Rule = "all_or_nothing"
	// PerOption gives each keyed option chosen +1/k and each other option
	// chosen −1/d, for k keys and d distractors, never below zero. Choosing
	// everything, like choosing nothing, gives zero.
	PerOption Rule = "per_option"
	// Graded gives the points of the one option chosen.
	Graded Rule = "graded"
)

// Key is what scoring needs of an item: how many options it has, which are
// right or what each is worth, and the rule.
type Key struct {
	Rule    Rule    `json:"rule"`
	Options int     `json:"options"`           // options are numbered 0 … Options−1 as the author wrote them
	Correct []int   `json:"correct,omitempty"` // ascending, for AllOrNothing and PerOption
	Points  []Micro `json:"points,omitempty"`  // one per option, for Graded
	Max     Micro   `json:"max"`               // most points the item can give
	Many    bool    `json:"many,omitempty"`    // more than one option may be chosen
}

// Valid reports whether the key can score anything.
func (k Key) Valid() bool {
	if k.Options < 2 || k.Max <= 0 {
		return false
	}
	if k.Rule == Graded {
		return len(k.Points) == k.Options && slices.Max(k.Points) == k.Max && slices.Min(k.Points) >= 0
	}
	if k.Rule != AllOrNothing && k.Rule != PerOption {
		return false
	}
	inRange := func(o int) bool { return o < 0 || o >= k.Options }
	return len(k.Correct) > 0 && len(k.Correct) < k.Options && !slices.ContainsFunc(k.Correct, inRange) &&
		slices.IsSorted(k.Correct) && len(slices.Compact(slices.Clone(k.Correct))) == len(k.Correct)
}

// Score is the points that chosen, a set of option numbers, earns. An option
// that the item does not have, one named twice, or several where one is asked,
// earns nothing: such a value was never offered to an honest browser.
func (k Key) Score(chosen []int) Micro {
	if len(chosen) == 0 || !k.offered(chosen) {
		return 0
	}
	switch k.Rule {
	case Graded:
		return k.Points[chosen[0]]
	case PerOption:
		return k.perOption(chosen)
	default:
		set := slices.Clone(chosen)
		slices.Sort(set)
		if slices.Equal(set, k.Correct) {
			return k.Max
		}
		return 0
	}
}

func (k Key) offered(chosen []int) bool {
	if len(chosen) > 1 && !k.Many {
		return false
	}
	seen := make([]bool, k.Options)
	for _, o := range chosen {
		if o < 0 || o >= k.Options || seen[o] {
			return false
		}
		seen[o] = true
	}
	return true
}

// perOption works over the common denominator k·d, so that it rounds once.
func (k Key) perOption(chosen []int) Micro {
	keys, distractors := int64(len(k.Correct)), int64(k.Options-len(k.Correct))
	var hits, misses int64
	for _, o := range chosen {
		if slices.Contains(k.Correct, o) {
			hits++
		} else {
			misses++
		}
	}
	share := hits*distractors - misses*keys // over keys·distractors
	if share <= 0 {
		return 0
	}
	return Micro(roundDiv(int64(k.Max)*share, keys*distractors))
}

// roundDiv is a/b rounded half up, for a ≥ 0 and b > 0.
func roundDiv(a, b int64) int64 { return (2*a + b) / (2 * b) }
