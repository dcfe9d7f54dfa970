package qtiexport

import (
	"math/big"
	"strconv"
	"strings"

	"cakap/scoring"
)

// texts maps each text to its points. Stars are no part of QTI's mappings: a
// pattern goes out as the shortest text that fits it.
func (k keyed) texts() {
	m := mapping(k.part.most)
	seen := map[string]bool{}
	right := ""
	for _, t := range k.in.Texts {
		key := strings.Join(strings.Fields(literal(t.Text, t.Wild)), " ")
		if key != t.Text {
			k.w.lose("questionbank.qtiexport.wildcard", t.Text)
		}
		fold := key
		if !t.Case {
			fold = strings.ToLower(key)
		}
		if key == "" || seen[fold] {
			continue
		}
		seen[fold] = true
		if right == "" && t.Points == scoring.Point {
			right = key
		}
		m.add(entry(key, new(big.Rat).Mul(micro(t.Points), k.part.most)).with("caseSensitive", strconv.FormatBool(t.Case)))
	}
	if len(m.kids) == 0 {
		return
	}
	if right != "" {
		k.correct(right)
	}
	k.byMap(m)
}

// literal is a pattern with nothing where its stars are.
func literal(pattern string, wild bool) string {
	if !wild {
		return pattern
	}
	const star = "\x00"
	s := strings.ReplaceAll(strings.ReplaceAll(pattern, `\*`, star), "*", "")
	return strings.ReplaceAll(s, star, "*")
}

// numbers tries the ranges one after the other.
func (k keyed) numbers() {
	chain := el("responseCondition")
	var right *big.Rat
	for _, n := range k.in.Key().Numbers {
		low, okLow := scoring.ParseNumber(n.Low)
		high, okHigh := scoring.ParseNumber(n.High)
		if !n.Any && (!okLow || !okHigh) {
			continue
		}
		name := "responseIf"
		if len(chain.kids) > 0 {
			name = "responseElseIf"
		}
		if right == nil && n.Points == scoring.Point && !n.Any {
			right = middle(low, high)
		}
		points := new(big.Rat).Mul(micro(min(max(n.Points, 0), scoring.Point)), k.part.most)
		chain.add(el(name, k.holds(n, low, high), add(base("float", number(points)))))
		if n.Any {
			break
		}
	}
	if len(chain.kids) == 0 {
		return
	}
	if right != nil {
		k.correct(number(right))
	}
	k.part.steps = []*node{chain}
}

func middle(low, high *big.Rat) *big.Rat {
	m := new(big.Rat).Add(low, high)
	return m.Quo(m, big.NewRat(2, 1))
}

// holds is the condition that the answer lies in the range.
func (k keyed) holds(n scoring.NumberKey, low, high *big.Rat) *node {
	answer := variable(k.id)
	switch {
	case n.Any:
		return el("not", el("isNull", answer))
	case low.Cmp(high) == 0:
		return el("equal", answer, base("float", number(low))).with("toleranceMode", "exact")
	case !n.OpenLo && !n.OpenHi:
		half := new(big.Rat).Sub(high, middle(low, high))
		return el("equal", base("float", number(middle(low, high))), answer).
			with("toleranceMode", "absolute", "tolerance", number(half)+" "+number(half))
	}
	from, to := "gte", "lte"
	if n.OpenLo {
		from = "gt"
	}
	if n.OpenHi {
		to = "lt"
	}
	return el("and", el(from, answer, base("float", number(low))), el(to, answer, base("float", number(high))))
}

// order is the right sequence. Entries in their places and right successors can
// be told by index; the longest runs cannot.
func (k keyed) order() {
	ids := identifiers(k.in.Options, "")
	var right []string
	for _, o := range k.in.Key().Correct {
		if o >= 0 {
			right = append(right, ids[o])
		}
	}
	k.correct(right...)
	switch k.in.Rule {
	case scoring.OrderAbsolute:
		each := new(big.Rat).Quo(k.part.most, big.NewRat(int64(max(len(right), 1)), 1))
		for place, id := range right {
			k.part.steps = append(k.part.steps, when(k.at(place, id), each))
		}
	case scoring.OrderNext:
		k.neighbours(right, new(big.Rat).Quo(k.part.most, big.NewRat(int64(max(len(right)-1, 1)), 1)))
	case scoring.OrderPrevNext: // each neighbourhood is seen from both sides, the ends have one of their own
		each := new(big.Rat).Quo(k.part.most, big.NewRat(int64(max(2*len(right), 1)), 1))
		k.neighbours(right, new(big.Rat).Add(each, each))
		if last := len(right) - 1; last > 0 {
			k.part.steps = append(k.part.steps, when(k.at(0, right[0]), each), when(k.at(last, right[last]), each))
		}
	case scoring.OrderExact:
		k.byMatch()
	default:
		k.w.lose("questionbank.qtiexport.order", string(k.in.Rule))
		k.byMatch()
	}
}

// neighbours gives points for every two entries that follow each other rightly,
// wherever they stand.
func (k keyed) neighbours(right []string, each *big.Rat) {
	for i := 1; i < len(right); i++ {
		somewhere := el("or")
		for place := 1; place < len(right); place++ {
			somewhere.add(el("and", k.at(place-1, right[i-1]), k.at(place, right[i])))
		}
		k.part.steps = append(k.part.steps, when(somewhere, each))
	}
}

// at is the condition that an entry stands at a place, counted from 0.
func (k keyed) at(place int, id string) *node {
	return el("match", el("index", variable(k.id)).with("n", strconv.Itoa(place+1)), base("identifier", id))
}
