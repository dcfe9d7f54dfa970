package integrity

import (
	"cmp"
	"math"
	"slices"
)

// Wrong is an answer that earned less than the full points: the item (with its
// revision), and what was answered, in the author's numbering so that the order
// on display does not matter.
type Wrong struct {
	Item   string
	Answer string
}

// Pair is two people with more identical wrong answers than chance explains.
type Pair struct {
	A, B      int     // places in the list that was given
	Shared    int     // items both got wrong
	Same      int     // of these, with the same wrong answer
	Expected  float64 // how many chance would give
	Chance    float64 // of at least Same, were they independent
	Corrected float64 // Chance times the number of pairs compared, at most 1
}

// MostPeople is how many are compared with each other at once: the work grows
// with the square.
const MostPeople = 5000

const (
	sameLeast = 5     // fewer identical wrong answers are never reported
	pairAlpha = 0.001 // of a false alarm among all pairs, after correction
)

// Similar compares every two people by their identical wrong answers, after
// van der Linden and Sotaridona (Journal of Educational Measurement 41(4),
// 2004): right answers agree because people know, so only the wrong ones count.
//
// For an item that both got wrong, two people who do not know of each other
// agree with probability p = Σ f(o)², where f(o) is the share of wrong answer o
// among all who got the item wrong here. The number of agreements over the items
// that both got wrong is then a sum of independent trials with different p (a
// Poisson binomial), whose tail is computed exactly. It is multiplied by the
// number of pairs (Bonferroni), for who compares everybody with everybody finds
// something by chance.
//
// The shares hold the pair itself, which makes p too large and the test milder.
// An item that many miss in the same way, as one with a wrong key, has p near 1
// and says nothing.
func Similar(people [][]Wrong) []Pair {
	coded, agree := encode(people)
	pairs := float64(len(people)) * float64(len(people)-1) / 2
	var out []Pair
	for a := range coded {
		for b := a + 1; b < len(coded); b++ {
			shared, same := overlap(coded[a], coded[b])
			if same < sameLeast {
				continue
			}
			p := Pair{A: a, B: b, Shared: shared, Same: same}
			var chances []float64
			each(coded[a], coded[b], func(item int32, _ bool) {
				chances = append(chances, agree[item])
				p.Expected += agree[item]
			})
			p.Chance = tail(chances, same)
			if p.Corrected = math.Min(1, p.Chance*pairs); p.Corrected < pairAlpha {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Pair) int { return cmp.Compare(x.Chance, y.Chance) })
	return out
}

// wrong is a Wrong with small numbers for its texts.
type wrong struct{ item, answer int32 }

// encode numbers items and answers, sorts each person's by item, and says for
// each item with what chance two who got it wrong agree.
func encode(people [][]Wrong) (coded [][]wrong, agree []float64) {
	items, answers := map[string]int32{}, map[Wrong]int32{}
	var counts []map[int32]int
	number := func(w Wrong) wrong {
		item, ok := items[w.Item]
		if !ok {
			item = int32(len(items))
			items[w.Item], counts = item, append(counts, map[int32]int{})
		}
		answer, ok := answers[w]
		if !ok {
			answer = int32(len(answers))
			answers[w] = answer
		}
		counts[item][answer]++
		return wrong{item, answer}
	}
	for _, all := range people {
		var one []wrong
		for _, w := range all {
			one = append(one, number(w))
		}
		slices.SortFunc(one, func(a, b wrong) int { return cmp.Compare(a.item, b.item) })
		coded = append(coded, one)
	}
	for _, of := range counts {
		total, squares := 0, 0
		for _, n := range of {
			total += n
			squares += n * n
		}
		agree = append(agree, float64(squares)/float64(total*total))
	}
	return coded, agree
}

// each calls fn for every item that both have wrong. Both are sorted by item.
func each(a, b []wrong, fn func(item int32, same bool)) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].item < b[j].item:
			i++
		case a[i].item > b[j].item:
			j++
		default:
			fn(a[i].item, a[i].answer == b[j].answer)
			i, j = i+1, j+1
		}
	}
}

func overlap(a, b []wrong) (shared, same int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].item < b[j].item:
			i++
		case a[i].item > b[j].item:
			j++
		default:
			shared++
			if a[i].answer == b[j].answer {
				same++
			}
			i, j = i+1, j+1
		}
	}
	return shared, same
}

// tail is the chance of at least k successes in independent trials, each with
// its own.
func tail(chances []float64, k int) float64 {
	dist := make([]float64, len(chances)+1)
	dist[0] = 1
	for n, p := range chances {
		for i := n + 1; i > 0; i-- {
			dist[i] = dist[i]*(1-p) + dist[i-1]*p
		}
		dist[0] *= 1 - p
	}
	sum := 0.0
	for i := len(dist) - 1; i >= max(k, 0); i-- { // the small ones first, for exactness
		sum += dist[i]
	}
	return math.Min(1, sum)
}
