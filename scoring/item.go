package scoring

import "slices"

// Micro is a number of millionths of a point.
type Micro int64

// Point is one whole point.
const Point Micro = 1_000_000

// Rule is how an answer becomes points.
type Rule string

// The rules. Each is documented where it is computed, with its source.
const (
	// AllOrNothing gives every point for exactly the keyed set, else none.
	AllOrNothing Rule = "all_or_nothing"
	// PerOption gives each keyed option chosen +1/k and each other option
	// chosen −1/d, for k keys and d distractors, never below zero. Choosing
	// everything, like choosing nothing, gives zero.
	PerOption Rule = "per_option"
	// Graded gives the points of the one option chosen.
	Graded Rule = "graded"
	// Mapped gives the sum of the chosen options' points, which may be
	// negative, between zero and the maximum.
	Mapped Rule = "map"
	// PerPair gives each row of a match or matrix an equal share, for exactly
	// its keyed targets.
	PerPair Rule = "per_pair"
	// OrderExact and its kin judge a sequence; see Key.order.
	OrderExact         Rule = "order_exact"
	OrderAbsolute      Rule = "order_absolute"
	OrderNext          Rule = "order_next"
	OrderPrevNext      Rule = "order_prev_next"
	OrderLongestSubset Rule = "order_longest_subset"
	OrderLongestRun    Rule = "order_longest_run"
	// TextList and NumberList give the points of the first entry that matches.
	TextList   Rule = "text_list"
	NumberList Rule = "number_list"
	// Manual answers wait for a marker; None is never scored.
	Manual Rule = "manual"
	None   Rule = "none"
)

// Key is what scoring needs of an item: how many options it has, which are
// right or what each is worth, and the rule. Options, targets and entries are
// numbered from 0 as the author wrote them. An item of several parts has a key
// for each in Parts, and no rule of its own.
type Key struct {
	Rule    Rule        `json:"rule"`
	Options int         `json:"options"`           // choices, rows of a match, or entries to be ordered
	Correct []int       `json:"correct,omitempty"` // ascending, for AllOrNothing and PerOption; the right sequence for orders
	Points  []Micro     `json:"points,omitempty"`  // one per option, for Graded and Mapped
	Max     Micro       `json:"max"`               // most points the item can give
	Many    bool        `json:"many,omitempty"`    // more than one option may be chosen, of a row in a matrix
	Targets int         `json:"targets,omitempty"` // columns of a match
	Pairs   [][]int     `json:"pairs,omitempty"`   // right targets of each row, ascending; an empty row is not scored
	Texts   []TextKey   `json:"texts,omitempty"`   // in the order they are tried
	Numbers []NumberKey `json:"numbers,omitempty"` // in the order they are tried
	Parts   []Key       `json:"parts,omitempty"`   // of a composite item: each part's share is its Max
}

// Answer is what a person gave, in the author's numbering. Only the fields
// that the key's rule reads are set.
type Answer struct {
	Chosen []int    // options of a choice; the whole sequence of an order
	Pairs  [][]int  // targets chosen for each row of a match
	Text   string   // of a text or a number
	Parts  []Answer // of a composite item, one a part
}

// Empty reports that nothing was answered.
func (a Answer) Empty() bool {
	row := func(r []int) bool { return len(r) > 0 }
	part := func(p Answer) bool { return !p.Empty() }
	return len(a.Chosen) == 0 && a.Text == "" && !slices.ContainsFunc(a.Pairs, row) && !slices.ContainsFunc(a.Parts, part)
}

// Scored reports whether the key gives points by itself or by a marker. What
// is not scored counts nowhere.
func (k Key) Scored() bool {
	if len(k.Parts) > 0 {
		return slices.ContainsFunc(k.Parts, Key.Scored)
	}
	return k.Rule != None
}

// ByHand reports whether a marker has to look at the answer.
func (k Key) ByHand() bool { return k.Rule == Manual || slices.ContainsFunc(k.Parts, Key.ByHand) }

// Valid reports whether the key can score anything.
func (k Key) Valid() bool {
	if len(k.Parts) > 0 {
		return k.validParts()
	}
	switch k.Rule {
	case None:
		return true
	case Manual:
		return k.Max > 0
	case TextList, NumberList:
		return k.Max > 0 && k.validList()
	case PerPair:
		return k.Max > 0 && k.validPairs()
	}
	if k.Options < 2 || k.Max <= 0 {
		return false
	}
	switch k.Rule {
	case Graded:
		return len(k.Points) == k.Options && slices.Max(k.Points) == k.Max && slices.Min(k.Points) >= 0
	case Mapped:
		return k.validMap()
	case OrderExact, OrderAbsolute, OrderNext, OrderPrevNext, OrderLongestSubset, OrderLongestRun:
		return permutation(k.Correct, k.Options)
	case AllOrNothing, PerOption:
		return k.validSet()
	}
	return false
}

func (k Key) validSet() bool {
	inRange := func(o int) bool { return o < 0 || o >= k.Options }
	return len(k.Correct) > 0 && len(k.Correct) < k.Options && !slices.ContainsFunc(k.Correct, inRange) &&
		slices.IsSorted(k.Correct) && len(slices.Compact(slices.Clone(k.Correct))) == len(k.Correct)
}

func (k Key) validParts() bool {
	var sum Micro
	for _, p := range k.Parts {
		if len(p.Parts) > 0 || !p.Valid() {
			return false
		}
		if p.Scored() {
			sum += p.Max
		}
	}
	return sum == k.Max
}

// Score is the points that chosen, a set of option numbers, earns.
func (k Key) Score(chosen []int) Micro { return k.Mark(Answer{Chosen: chosen}) }

// Mark is the points an answer earns by itself; a part for a marker earns none
// here. An option that the item does not have, one named twice, or several
// where one is asked, earns nothing: such a value was never offered to an
// honest browser.
func (k Key) Mark(a Answer) Micro {
	if len(k.Parts) > 0 {
		var sum Micro
		for i, p := range k.Parts {
			if i < len(a.Parts) {
				sum += p.Mark(a.Parts[i])
			}
		}
		return sum
	}
	switch k.Rule {
	case Manual, None:
		return 0
	case TextList:
		return k.text(a.Text)
	case NumberList:
		return k.number(a.Text)
	case PerPair:
		return k.pairs(a.Pairs)
	}
	if len(a.Chosen) == 0 {
		return 0
	}
	switch k.Rule {
	case OrderExact, OrderAbsolute, OrderNext, OrderPrevNext, OrderLongestSubset, OrderLongestRun:
		return k.order(a.Chosen)
	}
	if !k.offered(a.Chosen) {
		return 0
	}
	switch k.Rule {
	case Graded:
		return k.Points[a.Chosen[0]]
	case Mapped:
		return k.mapped(a.Chosen)
	case PerOption:
		return k.perOption(a.Chosen)
	case AllOrNothing:
		set := slices.Clone(a.Chosen)
		slices.Sort(set)
		if slices.Equal(set, k.Correct) {
			return k.Max
		}
	}
	return 0
}

func (k Key) offered(chosen []int) bool {
	return (len(chosen) <= 1 || k.Many) && distinct(chosen, k.Options)
}

// distinct reports whether all of set are below n and none is there twice.
func distinct(set []int, n int) bool {
	seen := make([]bool, n)
	for _, o := range set {
		if o < 0 || o >= n || seen[o] {
			return false
		}
		seen[o] = true
	}
	return true
}

func permutation(set []int, n int) bool { return len(set) == n && distinct(set, n) }

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

// mapped is QTI's map_response with lower bound 0 and the maximum as upper
// bound, which is also Moodle's multichoice with several answers.
func (k Key) mapped(chosen []int) Micro {
	var sum Micro
	for _, o := range chosen {
		sum += k.Points[o]
	}
	return min(max(sum, 0), k.Max)
}

// validMap refuses a map by which choosing everything pays: the sum of all
// points must not exceed what one careless choice is worth, nothing.
func (k Key) validMap() bool {
	var all, best Micro
	if len(k.Points) != k.Options {
		return false
	}
	for _, p := range k.Points {
		all += p
		best += max(p, 0)
	}
	return k.Many && all <= 0 && best >= k.Max
}

// roundDiv is a/b rounded half up, for a ≥ 0 and b > 0.
func roundDiv(a, b int64) int64 { return (2*a + b) / (2 * b) }
