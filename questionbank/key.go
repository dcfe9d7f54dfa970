package questionbank

import (
	"math/big"
	"slices"
	"strings"

	"cakap/scoring"
)

// Key is what scoring needs. Every item is worth one point, so that an aspect
// weighs what its number of items says; the parts of a composite item share it
// by their weights. The worst option of a situational-judgement item earns
// nothing and the best one the whole point, whatever numbers the author wrote:
// of 1, 2, 3, 4 the 3 earns two thirds.
func (c Content) Key() scoring.Key {
	switch len(c.Interactions) {
	case 0:
		return scoring.Key{Rule: scoring.None}
	case 1:
		return c.Interactions[0].key(scoring.Point)
	}
	k := scoring.Key{Parts: make([]scoring.Key, len(c.Interactions))}
	for i, share := range shares(c.Interactions) {
		k.Parts[i] = c.Interactions[i].key(share)
		k.Max += share
	}
	return k
}

// shares divides one point among the scored parts by their weights; what
// rounding leaves goes to the last of them.
func shares(parts []Interaction) []scoring.Micro {
	out := make([]scoring.Micro, len(parts))
	total, last := 0, -1
	for i, in := range parts {
		if in.Rule != scoring.None {
			total, last = total+max(in.Share, 1), i
		}
	}
	if last < 0 {
		return out
	}
	left := scoring.Point
	for i, in := range parts {
		if in.Rule != scoring.None && i != last {
			out[i] = scoring.Point * scoring.Micro(max(in.Share, 1)) / scoring.Micro(total)
			left -= out[i]
		}
	}
	out[last] = left
	return out
}

// key is the key of one interaction that is worth most.
func (in Interaction) key(most scoring.Micro) scoring.Key {
	k := scoring.Key{Rule: in.Rule, Options: len(in.Options), Max: most, Many: in.Many}
	switch in.Rule {
	case scoring.None:
		k.Max = 0
	case scoring.Graded:
		k.Points = normalise(in.Options, most)
	case scoring.Mapped:
		k.Points = in.mapPoints(most)
	case scoring.PerPair:
		k.Targets, k.Pairs = len(in.Targets), in.pairs()
	case scoring.TextList:
		k.Texts = in.textKeys(most)
	case scoring.NumberList:
		k.Numbers = in.numberKeys(most)
	case scoring.Manual:
	case scoring.AllOrNothing, scoring.PerOption:
		for i, o := range in.Options {
			if slices.Contains(in.Correct, o.ID) {
				k.Correct = append(k.Correct, i)
			}
		}
	default: // a sequence
		for _, id := range in.Correct {
			k.Correct = append(k.Correct, in.option(id))
		}
	}
	return k
}

// option is the place of an option's id, −1 for none.
func (in Interaction) option(id string) int {
	return slices.IndexFunc(in.Options, func(o Option) bool { return o.ID == id })
}

func (in Interaction) target(id string) int {
	return slices.IndexFunc(in.Targets, func(o Option) bool { return o.ID == id })
}

// pairs reads Correct as the right targets of each row.
func (in Interaction) pairs() [][]int {
	rows := make([][]int, len(in.Options))
	for _, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		if r, t := in.option(row), in.target(target); r >= 0 && t >= 0 && !slices.Contains(rows[r], t) {
			rows[r] = append(rows[r], t)
		}
	}
	for _, row := range rows {
		slices.Sort(row)
	}
	return rows
}

// mapPoints scales the author's points so that the most they can add up to is
// most.
func (in Interaction) mapPoints(most scoring.Micro) []scoring.Micro {
	best := scoring.Micro(0)
	for _, o := range in.Options {
		best += max(o.Points, 0)
	}
	if in.Cap > 0 {
		best = min(best, in.Cap)
	}
	points := make([]scoring.Micro, len(in.Options))
	for i, o := range in.Options {
		points[i] = scaled(o.Points, most, best)
	}
	return points
}

// scaled is points·most/best, rounded half away from zero.
func scaled(points, most, best scoring.Micro) scoring.Micro {
	switch {
	case best <= 0:
		return 0
	case points < 0:
		return -scaled(-points, most, best)
	}
	return (2*points*most + best) / (2 * best)
}

func (in Interaction) textKeys(most scoring.Micro) []scoring.TextKey {
	keys := make([]scoring.TextKey, len(in.Texts))
	for i, t := range in.Texts {
		keys[i] = scoring.TextKey{Pattern: t.Text, Wild: t.Wild, Case: t.Case, Points: scaled(t.Points, most, scoring.Point)}
	}
	return keys
}

func (in Interaction) numberKeys(most scoring.Micro) []scoring.NumberKey {
	keys := make([]scoring.NumberKey, len(in.Numbers))
	for i, n := range in.Numbers {
		low, high := n.Range()
		keys[i] = scoring.NumberKey{Low: low, High: high, OpenLo: n.OpenLow, OpenHi: n.OpenHigh, Any: n.Any, Points: scaled(n.Points, most, scoring.Point)}
	}
	return keys
}

// Range is the ends of what counts as the number, as exact decimals; "" where
// the number cannot be read.
func (n Number) Range() (low, high string) {
	if n.Value == "" {
		return n.Low, n.High
	}
	value, ok := scoring.ParseNumber(n.Value)
	if !ok {
		return "", ""
	}
	if n.Tolerance == "" {
		return exact(value), exact(value)
	}
	tolerance, ok := scoring.ParseNumber(n.Tolerance)
	if !ok {
		return "", ""
	}
	tolerance.Abs(tolerance)
	if n.Relative {
		tolerance.Mul(tolerance, new(big.Rat).Abs(value))
	}
	return exact(new(big.Rat).Sub(value, tolerance)), exact(new(big.Rat).Add(value, tolerance))
}

// exact writes a decimal; products and sums of decimals always end.
func exact(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	return x.FloatString(digits)
}

// normalise maps the authors' points to 0 for the worst and most for the best,
// rounded half up. Options that are all alike earn nothing; Validate refuses
// them.
func normalise(options []Option, most scoring.Micro) []scoring.Micro {
	points := make([]scoring.Micro, len(options))
	if len(options) == 0 {
		return points
	}
	byPoints := func(a, b Option) int { return int(a.Points - b.Points) }
	worst, best := slices.MinFunc(options, byPoints).Points, slices.MaxFunc(options, byPoints).Points
	if best == worst {
		return points
	}
	for i, o := range options {
		points[i] = scaled(o.Points-worst, most, best-worst)
	}
	return points
}
