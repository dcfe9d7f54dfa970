package scoring

import "slices"

// validPairs wants a key for at least one row, and no row whose right answer is
// every target: of several targets, choosing all must not pay.
func (k Key) validPairs() bool {
	if k.Options < 1 || k.Targets < 2 || len(k.Pairs) != k.Options {
		return false
	}
	scored := 0
	for _, row := range k.Pairs {
		if !distinct(row, k.Targets) || !slices.IsSorted(row) || len(row) > 1 && !k.Many || k.Many && len(row) == k.Targets {
			return false
		}
		if len(row) > 0 {
			scored++
		}
	}
	return scored > 0
}

// pairs gives each keyed row an equal share of the points for exactly its
// targets (Moodle qtype_match: right/total; in a matrix every row is all or
// nothing, so that ticking everything earns nothing). A row without a key, a
// distractor among the rows, counts nowhere.
func (k Key) pairs(rows [][]int) Micro {
	right, total := int64(0), int64(0)
	for i, want := range k.Pairs {
		if len(want) == 0 {
			continue
		}
		total++
		if i < len(rows) && k.rowRight(rows[i], want) {
			right++
		}
	}
	if total == 0 {
		return 0
	}
	return Micro(roundDiv(int64(k.Max)*right, total))
}

func (k Key) rowRight(got, want []int) bool {
	set := slices.Clone(got)
	slices.Sort(set)
	return slices.Equal(set, want)
}

// order judges a whole sequence; one that leaves entries out or repeats any
// earns nothing. The rules are those of Moodle's qtype_ordering:
//
//   - order_exact: all points for the right sequence, else none
//   - order_absolute: entries in their place / entries
//   - order_next: entries followed by their right successor / (entries − 1)
//   - order_prev_next: right neighbours before and after / (2·entries); nothing is
//     the right neighbour before the first and behind the last
//   - order_longest_subset: longest ascending subsequence / entries; one alone is none
//   - order_longest_run: longest unbroken run in right order / entries; one alone is none
func (k Key) order(got []int) Micro {
	n := k.Options
	if !permutation(got, n) || n < 2 {
		return 0
	}
	rank := make([]int, n) // right place of each entry
	for place, entry := range k.Correct {
		rank[entry] = place
	}
	places := make([]int, n) // right places in the order given
	for i, entry := range got {
		places[i] = rank[entry]
	}
	share := func(part, whole int) Micro { return Micro(roundDiv(int64(k.Max)*int64(part), int64(whole))) }
	switch k.Rule {
	case OrderAbsolute:
		return share(inPlace(places), n)
	case OrderNext:
		return share(successors(places), n-1)
	case OrderPrevNext: // each right neighbourhood is right seen from both sides
		return share(2*successors(places)+ends(places), 2*n)
	case OrderLongestSubset:
		return share(unlessOne(ascending(places)), n)
	case OrderLongestRun:
		return share(unlessOne(run(places)), n)
	default:
		if inPlace(places) == n {
			return k.Max
		}
		return 0
	}
}

func unlessOne(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

func inPlace(places []int) int {
	n := 0
	for i, p := range places {
		if i == p {
			n++
		}
	}
	return n
}

// successors counts the neighbours that belong together.
func successors(places []int) int {
	n := 0
	for i := 1; i < len(places); i++ {
		if places[i] == places[i-1]+1 {
			n++
		}
	}
	return n
}

// ends counts the first and the last entry in their places.
func ends(places []int) int {
	n := 0
	if places[0] == 0 {
		n++
	}
	if last := len(places) - 1; places[last] == last {
		n++
	}
	return n
}

// ascending is the length of the longest ascending subsequence.
func ascending(places []int) int {
	var tails []int // smallest last value of an ascending subsequence of each length
	for _, p := range places {
		i, _ := slices.BinarySearch(tails, p)
		if i == len(tails) {
			tails = append(tails, p)
		} else {
			tails[i] = p
		}
	}
	return len(tails)
}

// run is the length of the longest unbroken right sequence.
func run(places []int) int {
	best, length := 1, 1
	for i := 1; i < len(places); i++ {
		if places[i] == places[i-1]+1 {
			length++
		} else {
			length = 1
		}
		best = max(best, length)
	}
	return best
}
