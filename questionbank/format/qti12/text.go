package qti12

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// texts are the values that earn points, in the order of the conditions.
func (a *answering) texts(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	in.Kind, in.Rule = questionbank.TextKind, scoring.TextList
	best := new(big.Rat)
	var points []*big.Rat
	a.leaves(r, func(_ rule, c *tree.Node) {
		value := strings.TrimSpace(c.Content())
		t := questionbank.TextAnswer{Text: value, Case: caseMatters(c)}
		switch c.Name {
		case "varequal", "varsubset":
		case "varsubstring":
			t.Text, t.Wild = "*"+strings.ReplaceAll(value, "*", `\*`)+"*", true
		default:
			return
		}
		earned := a.given(r, value)
		known := slices.ContainsFunc(in.Texts, func(o questionbank.TextAnswer) bool { return o.Text == t.Text && o.Case == t.Case })
		if value == "" || known || earned.Sign() <= 0 {
			return
		}
		t.Reason = a.markdown("answers", a.feedback.of(a.rules, r, value))
		in.Texts, points = append(in.Texts, t), append(points, earned)
		if earned.Cmp(best) > 0 {
			best = earned
		}
	})
	for i := range in.Texts {
		in.Texts[i].Points = share(points[i], best)
	}
	if len(in.Texts) == 0 {
		a.reject("answers", "questionbank.key_empty")
	}
	return questionbank.Short, best
}

// blanks are Canvas' fields that are written as lists of what is accepted. All
// of the list is right, though the conditions name only the first.
func (a *answering) blanks(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	in.Kind, in.Rule = questionbank.TextKind, scoring.TextList
	best := new(big.Rat)
	for _, l := range r.labels {
		if earned := a.given(r, l.id); earned.Cmp(best) > 0 {
			best = earned
		}
		text := questionbank.Plain(a.markdown("answers", l.html))
		if text == "" || slices.ContainsFunc(in.Texts, func(t questionbank.TextAnswer) bool { return strings.EqualFold(t.Text, text) }) {
			continue
		}
		in.Texts = append(in.Texts, questionbank.TextAnswer{
			Text: text, Points: scoring.Point, Reason: a.markdown("answers", a.feedback.of(a.rules, r, l.id)),
		})
	}
	if len(in.Texts) == 0 {
		a.reject("answers", "questionbank.key_empty")
	}
	return questionbank.Short, best
}

var comparisons = []string{"vargt", "vargte", "varlt", "varlte"}

// numeric reports whether a response asks for a number.
func (a *answering) numeric(r *response) bool {
	if a.kind == "numerical" || a.kind == "numeric" || r.element == "response_num" {
		return true
	}
	if r.fib != nil && slices.Contains([]string{"decimal", "integer", "scientific"}, strings.ToLower(r.fib.Get("fibtype"))) {
		return true
	}
	compared := false
	a.leaves(r, func(_ rule, c *tree.Node) { compared = compared || slices.Contains(comparisons, c.Name) })
	return compared
}

// numbers are the values and ranges that earn points.
func (a *answering) numbers(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	in.Kind, in.Rule = questionbank.NumberKind, scoring.NumberList
	a.rules.numbers[r.id] = true
	best := new(big.Rat)
	var points []*big.Rat
	for _, rule := range a.rules.rules {
		if len(rule.sets) == 0 || rule.when == nil {
			continue
		}
		for _, n := range ranges(rule.when.Node, r.id) {
			earned := a.given(r, inside(n))
			if earned.Sign() <= 0 {
				if inside(n) == "" {
					a.reject("answers", "questionbank.number_unreadable", strings.TrimSpace(n.Value+n.Low+n.High))
				}
				continue
			}
			for _, f := range rule.feedback {
				n.Reason = joined(n.Reason, a.markdown("answers", a.feedback.own(f)))
			}
			in.Numbers, points = append(in.Numbers, n), append(points, earned)
			if earned.Cmp(best) > 0 {
				best = earned
			}
		}
	}
	for i := range in.Numbers {
		in.Numbers[i].Points = share(points[i], best)
	}
	if len(in.Numbers) == 0 {
		a.reject("answers", "questionbank.key_empty")
	}
	return questionbank.Numeric, best
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// inside is a number that lies in the range, "" where it cannot be read.
func inside(n questionbank.Number) string {
	low, high := n.Range()
	x, okLow := scoring.ParseNumber(low)
	y, okHigh := scoring.ParseNumber(high)
	if !okLow || !okHigh {
		return ""
	}
	middle := x.Add(x, y)
	return plainDecimal(middle.Quo(middle, big.NewRat(2, 1)))
}

// ranges reads a condition as numbers: what stands together bounds one range,
// what stands in an "or" are several.
func ranges(n *tree.Node, id string) []questionbank.Number {
	var out []questionbank.Number
	var bound questionbank.Number
	for _, c := range n.Elements() {
		text := strings.TrimSpace(c.Content())
		own := c.Get("respident") == id
		switch c.Name {
		case "and", "or":
			out = append(out, ranges(c, id)...)
		case "varequal":
			if own {
				out = append(out, exactly(c, text))
			}
		case "vargt", "vargte":
			if own {
				bound.Low, bound.OpenLow = text, c.Name == "vargt"
			}
		case "varlt", "varlte":
			if own {
				bound.High, bound.OpenHigh = text, c.Name == "varlt"
			}
		}
	}
	if bound.Low != "" || bound.High != "" {
		out = append(out, bound)
	}
	return merged(out)
}

func exactly(c *tree.Node, text string) questionbank.Number {
	n := questionbank.Number{Value: text}
	if m := decimal(c.Get("margin")); m != nil && m.Sign() > 0 {
		if n.Relative = strings.EqualFold(c.Get("margintype"), "percent"); n.Relative {
			m.Quo(m, big.NewRat(100, 1))
		}
		n.Tolerance = plainDecimal(m)
	}
	return n
}

func plainDecimal(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 12
	}
	return r.FloatString(digits)
}

// merged joins a value with the range around it: Canvas writes both.
func merged(numbers []questionbank.Number) []questionbank.Number {
	if len(numbers) != 2 || numbers[0].Value == "" || numbers[1].Value != "" {
		return numbers
	}
	value, around := numbers[0], numbers[1]
	x, low, high := decimal(value.Value), decimal(around.Low), decimal(around.High)
	switch {
	case x == nil || low == nil || high == nil || x.Cmp(low) < 0 || x.Cmp(high) > 0:
		return numbers
	case value.Tolerance != "" || low.Cmp(high) == 0:
		return []questionbank.Number{value}
	}
	below, above := new(big.Rat).Sub(x, low), new(big.Rat).Sub(high, x)
	if below.Cmp(above) == 0 && !around.OpenLow && !around.OpenHigh {
		value.Tolerance = plainDecimal(below)
		return []questionbank.Number{value}
	}
	return []questionbank.Number{around}
}
