package rp

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank/format/tree"
)

// operator is an expression with operands: how many it takes (most −1 for any
// number) and what it makes of them.
type operator struct {
	least, most int
	do          func(m *machine, n *tree.Node, args []Value) Value
}

const unbounded = -1

var operators = map[string]operator{
	"null":     {0, 0, func(*machine, *tree.Node, []Value) Value { return Value{} }},
	"multiple": {0, unbounded, func(_ *machine, _ *tree.Node, args []Value) Value { return container(multiple, args) }},
	"ordered":  {0, unbounded, func(_ *machine, _ *tree.Node, args []Value) Value { return container(ordered, args) }},
	"containerSize": {1, 1, func(_ *machine, _ *tree.Node, args []Value) Value {
		return number("integer", big.NewRat(int64(len(args[0].items)), 1))
	}},
	"index":      {1, 1, index},
	"fieldValue": {1, 1, func(_ *machine, n *tree.Node, args []Value) Value { return args[0].fields[n.Get("fieldIdentifier")] }},
	"member":     {2, 2, member},
	"delete":     {2, 2, remove},
	"contains":   {2, 2, contains},
	"repeat":     {1, unbounded, repeat},
	"lookupTable": {1, 1, func(_ *machine, n *tree.Node, args []Value) Value {
		return newTable(n).of(args[0], "float")
	}},

	"isNull":       {1, 1, func(_ *machine, _ *tree.Node, args []Value) Value { return truth(args[0].Null()) }},
	"isNotNull":    {1, 1, func(_ *machine, _ *tree.Node, args []Value) Value { return truth(!args[0].Null()) }},
	"preCondition": {1, 1, func(_ *machine, _ *tree.Node, args []Value) Value { return truth(args[0].holds()) }},
	"isTypeOf":     {2, 2, isTypeOf},
	"not": {1, 1, func(_ *machine, _ *tree.Node, args []Value) Value {
		return unless(args, func() Value { return truth(!args[0].holds()) })
	}},
	"and":  {1, unbounded, func(_ *machine, _ *tree.Node, args []Value) Value { return junction(args, false) }},
	"or":   {1, unbounded, func(_ *machine, _ *tree.Node, args []Value) Value { return junction(args, true) }},
	"anyN": {1, unbounded, anyN},

	"match": {2, 2, func(_ *machine, _ *tree.Node, args []Value) Value {
		return unless(args, func() Value { return truth(matches(args[0], args[1])) })
	}},
	"equal":        {2, 2, equal},
	"equalRounded": {2, 2, equalRounded},
	"stringMatch":  {2, 2, stringMatch},
	"patternMatch": {1, 1, func(m *machine, n *tree.Node, args []Value) Value {
		return unless(args, func() Value { return truth(m.patterns[n.Get("pattern")].MatchString(args[0].items[0].text)) })
	}},
	"substring":   {2, 3, substring},
	"inside":      {1, 1, inside},
	"lt":          compare(func(c int) bool { return c < 0 }),
	"lte":         compare(func(c int) bool { return c <= 0 }),
	"gt":          compare(func(c int) bool { return c > 0 }),
	"gte":         compare(func(c int) bool { return c >= 0 }),
	"durationLT":  compare(func(c int) bool { return c < 0 }),
	"durationGTE": compare(func(c int) bool { return c >= 0 }),

	"sum":     {1, unbounded, fold(func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) })},
	"product": {1, unbounded, fold(func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) })},
	"max":     {1, unbounded, fold(larger)},
	"min": {1, unbounded, fold(func(a, b *big.Rat) *big.Rat {
		return new(big.Rat).Neg(larger(new(big.Rat).Neg(a), new(big.Rat).Neg(b)))
	})},
	"gcd":            {1, unbounded, wholes(gcd)},
	"lcm":            {1, unbounded, wholes(lcm)},
	"subtract":       {2, 2, two(func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) })},
	"divide":         {2, 2, two(divide)},
	"power":          {2, 2, two(power)},
	"integerDivide":  {2, 2, two(integerDivide)},
	"integerModulus": {2, 2, two(modulus)},
	"mod":            {2, 2, two(modulus)},
	"round":          {1, 1, oneNumber("integer", func(x *big.Rat) *big.Rat { return floor(new(big.Rat).Add(x, half)) })},
	"truncate":       {1, 1, oneNumber("integer", truncate)},
	"roundTo":        {1, 1, roundTo},
	"integerToFloat": {1, 1, oneNumber("float", func(x *big.Rat) *big.Rat { return x })},
	"mean":           {1, 1, statistic("mean")},
	"sampleVariance": {1, 1, statistic("sampleVariance")},
	"sampleSD":       {1, 1, statistic("sampleSD")},
	"popVariance":    {1, 1, statistic("popVariance")},
	"popSD":          {1, 1, statistic("popSD")},
	"statsOperator": {1, 1, func(m *machine, n *tree.Node, args []Value) Value {
		return statistic(n.Get("name"))(m, n, args)
	}},
	"mathOperator": {1, 2, mathOperator},
	"mathConstant": {0, 0, func(_ *machine, n *tree.Node, _ []Value) Value { return fromFloat(constants[n.Get("name")]) }},
}

// unless is nothing where an operand is nothing.
func unless(args []Value, do func() Value) Value {
	if slices.ContainsFunc(args, Value.Null) {
		return Value{}
	}
	return do()
}

func container(card string, args []Value) Value {
	out := Value{card: card}
	for _, a := range args {
		if out.base == "" {
			out.base = a.base
		}
		out.items = append(out.items, a.items...)
	}
	return out
}

func index(m *machine, n *tree.Node, args []Value) Value {
	i, ok := m.wholeAttr(n, "n")
	if !ok || i < 1 || i > len(args[0].items) {
		return Value{}
	}
	return Value{base: args[0].base, card: single, items: args[0].items[i-1 : i]}
}

func member(_ *machine, _ *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		value, in := args[0], args[1]
		if value.Many() && !in.Many() {
			value, in = in, value
		}
		if value.base == "pair" {
			in = in.unordered()
		}
		return truth(slices.ContainsFunc(in.items, func(s scalar) bool { return same(s, value.items[0]) }))
	})
}

// remove takes the value out of the container, whichever of the two comes first.
func remove(_ *machine, _ *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		value, from := args[0], args[1]
		if value.Many() {
			value, from = from, value
		}
		out := Value{base: from.base, card: from.card}
		for _, s := range from.items {
			if !same(s, value.items[0]) {
				out.items = append(out.items, s)
			}
		}
		return out
	})
}

// contains looks for a sub-bag, or for an unbroken part of a sequence.
func contains(_ *machine, _ *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		whole, part := args[0].items, args[1].items
		if args[0].card == ordered {
			for i := 0; i+len(part) <= len(whole); i++ {
				if slices.EqualFunc(whole[i:i+len(part)], part, same) {
					return truth(true)
				}
			}
			return truth(false)
		}
		left := slices.Clone(whole)
		for _, p := range part {
			i := slices.IndexFunc(left, func(s scalar) bool { return same(s, p) })
			if i < 0 {
				return truth(false)
			}
			left = slices.Delete(left, i, i+1)
		}
		return truth(true)
	})
}

func repeat(m *machine, n *tree.Node, args []Value) Value {
	times, ok := m.wholeAttr(n, "numberRepeats")
	out := Value{card: ordered}
	if !ok || times < 1 {
		return out
	}
	once := container(ordered, args)
	out.base = once.base
	for i := 0; i < times && len(once.items) > 0 && len(out.items) <= maxItems; i++ {
		out.items = append(out.items, once.items...)
	}
	return out
}

func isTypeOf(_ *machine, _ *tree.Node, args []Value) Value {
	return unless(args, func() Value { return truth(args[0].base == args[1].items[0].text) })
}

// junction is and, or with the absorbing truth; nothing stays nothing unless
// another operand decides.
func junction(args []Value, absorbing bool) Value {
	unknown := false
	for _, a := range args {
		switch {
		case a.Null():
			unknown = true
		case a.holds() == absorbing:
			return truth(absorbing)
		}
	}
	if unknown {
		return Value{}
	}
	return truth(!absorbing)
}

func anyN(m *machine, n *tree.Node, args []Value) Value {
	least, okLeast := m.wholeAttr(n, "min")
	most, okMost := m.wholeAttr(n, "max")
	if !okLeast || !okMost {
		return Value{}
	}
	yes, unknown := 0, 0
	for _, a := range args {
		switch {
		case a.Null():
			unknown++
		case a.holds():
			yes++
		}
	}
	switch {
	case yes > most || yes+unknown < least:
		return truth(false)
	case yes >= least && yes+unknown <= most:
		return truth(true)
	}
	return Value{}
}

func stringMatch(_ *machine, n *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		a, b := folded(n, args[0]), folded(n, args[1])
		if boolean(n, "substring", false) {
			return truth(strings.Contains(a, b))
		}
		return truth(a == b)
	})
}

func folded(n *tree.Node, v Value) string {
	if len(v.items) == 0 {
		return ""
	}
	if boolean(n, "caseSensitive", true) {
		return v.items[0].text
	}
	return strings.ToLower(v.items[0].text)
}

// substring asks with two operands whether the first stands in the second; with
// three it cuts a text, counted from 1.
func substring(_ *machine, n *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		if len(args) == 2 {
			return truth(strings.Contains(folded(n, args[1]), folded(n, args[0])))
		}
		runes := []rune(args[0].items[0].text)
		from, okFrom := whole(args[1])
		length, okLength := whole(args[2])
		if !okFrom || !okLength || from < 1 || from > len(runes) || length < 0 {
			return Value{}
		}
		return text("string", string(runes[from-1:min(from-1+length, len(runes))]))
	})
}

func inside(_ *machine, n *tree.Node, args []Value) Value {
	return unless(args, func() Value {
		a := area{shape: n.Get("shape"), coords: coords(n.Get("coords"))}
		return truth(slices.ContainsFunc(args[0].items, func(s scalar) bool { return a.holds(s.text) }))
	})
}
