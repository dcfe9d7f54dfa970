package qti

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// cell is a stretch of the numbers over which the score does not change: a
// single number, or what lies between two.
type cell struct {
	low, high *big.Rat // equal for a single number
	points    *big.Rat
}

func (c cell) single() bool { return c.low.Cmp(c.high) == 0 }

// number finds the ranges that earn points by trying every number at which the
// rules could change their mind, and what lies between them.
func (s *scorer) number(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	cells := s.cells(i)
	for _, c := range cells {
		middle := scoring.Answer{Text: plain(between(c.low, c.high))}
		f.trials = append(f.trials, middle)
		if c.points.Cmp(f.best) > 0 {
			f.best, f.right = c.points, middle
		}
		if third := new(big.Rat).Add(c.low, new(big.Rat).Quo(new(big.Rat).Sub(c.high, c.low), big.NewRat(3, 1))); !c.single() && len(cells) > 1 {
			f.trials = append(f.trials, scoring.Answer{Text: plain(third)})
		}
	}
	if f.best.Sign() <= 0 {
		return f
	}
	if d := s.program.Response(p.response); d != nil {
		if key, ok := d.Correct.Number(); ok && s.try(i, scoring.Answer{Text: plain(key)}).Cmp(f.best) == 0 {
			f.right = scoring.Answer{Text: plain(key)}
		}
	}
	p.Numbers = ranges(cells, f.best)
	p.Interaction = s.fit(i, &f, []questionbank.Interaction{p.Interaction})
	return f
}

// far is a number beyond every one that a person would answer.
var far = big.NewRat(1_000_000_000_000, 1)

// cells divides the numbers at the breakpoints.
func (s *scorer) cells(i int) []cell {
	points := s.breakpoints(s.parts[i])
	if len(points) == 0 {
		points = []*big.Rat{new(big.Rat)}
	}
	try := func(x *big.Rat) *big.Rat { return s.try(i, scoring.Answer{Text: plain(x)}) }
	var out []cell
	last := new(big.Rat).Neg(far)
	for _, x := range points {
		out = append(out, cell{last, x, try(between(last, x))}, cell{x, x, try(x)})
		last = x
	}
	return append(out, cell{last, far, try(between(last, far))})
}

func between(a, b *big.Rat) *big.Rat {
	middle := new(big.Rat).Add(a, b)
	return middle.Quo(middle, big.NewRat(2, 1))
}

// breakpoints are the numbers that the item names, and the ends of the
// tolerances around them, ascending.
func (s *scorer) breakpoints(p *part) []*big.Rat {
	const most = 120
	var all []*big.Rat
	add := func(x *big.Rat) {
		if len(all) < most && x.Cmp(far) < 0 && x.Cmp(new(big.Rat).Neg(far)) > 0 && len(plain(x)) <= 30 &&
			!slices.ContainsFunc(all, func(y *big.Rat) bool { return x.Cmp(y) == 0 }) {
			all = append(all, x)
		}
	}
	var named []*big.Rat
	for _, text := range s.literals(p) {
		if x, ok := scoring.ParseNumber(text); ok {
			named = append(named, x)
			add(x)
		}
	}
	for _, x := range named {
		for _, d := range s.distances(x) {
			add(new(big.Rat).Sub(x, d))
			add(new(big.Rat).Add(x, d))
		}
	}
	slices.SortFunc(all, (*big.Rat).Cmp)
	return all
}

// distances are the tolerances that the rules allow around x.
func (s *scorer) distances(x *big.Rat) []*big.Rat {
	var out []*big.Rat
	rules := s.root.Find("responseProcessing")
	for _, n := range rules.Descendants("equal") {
		for _, text := range strings.Fields(n.Get("tolerance")) {
			d, ok := scoring.ParseNumber(text)
			if !ok {
				continue
			}
			if n.Get("toleranceMode") == "relative" {
				d.Mul(d, new(big.Rat).Quo(new(big.Rat).Abs(x), big.NewRat(100, 1)))
			}
			out = append(out, d)
		}
	}
	rounds := func(name string) bool { return len(rules.Descendants(name)) > 0 }
	if slices.ContainsFunc([]string{"equalRounded", "roundTo", "round", "truncate"}, rounds) {
		for _, step := range []string{"1", "0.5", "0.05", "0.005", "0.0005", "0.00005"} {
			if d, ok := scoring.ParseNumber(step); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// ranges joins cells of the same worth, the best first: a number is worth what
// the first range that holds it says, so a lesser range may lie around a better
// one.
func ranges(cells []cell, best *big.Rat) []questionbank.Number {
	var levels []*big.Rat
	for _, c := range cells {
		if c.points.Sign() > 0 && !slices.ContainsFunc(levels, func(l *big.Rat) bool { return l.Cmp(c.points) == 0 }) {
			levels = append(levels, c.points)
		}
	}
	slices.SortFunc(levels, func(a, b *big.Rat) int { return b.Cmp(a) })
	var out []questionbank.Number
	for _, level := range levels {
		for from := 0; from < len(cells); from++ {
			to, own := from, false
			for to < len(cells) && cells[to].points.Cmp(level) >= 0 {
				own = own || cells[to].points.Cmp(level) == 0
				to++
			}
			if own && part1(level, best) > 0 {
				n := rangeOf(cells[from], cells[to-1], from == 0 && to == len(cells))
				n.Points = part1(level, best)
				out = append(out, n)
			}
			from = to
		}
	}
	return out
}

// rangeOf is the numbers from one cell to another; around a middle with both
// ends it is the middle and a tolerance.
func rangeOf(first, last cell, every bool) questionbank.Number {
	switch {
	case every:
		return questionbank.Number{Any: true}
	case first.single() && last.single() && first.low.Cmp(last.low) == 0:
		return questionbank.Number{Value: plain(first.low)}
	case first.single() && last.single():
		middle := between(first.low, last.low)
		if text, half := plain(middle), plain(new(big.Rat).Sub(last.low, middle)); len(text) <= 12 && len(half) <= 12 {
			return questionbank.Number{Value: text, Tolerance: half}
		}
	}
	return questionbank.Number{Low: plain(first.low), High: plain(last.high), OpenLow: !first.single(), OpenHigh: !last.single()}
}

// plain writes a number without an exponent.
func plain(x *big.Rat) string {
	digits, exact := x.FloatPrec()
	if !exact {
		digits = 12
	}
	return x.FloatString(digits)
}
