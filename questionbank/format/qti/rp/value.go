package rp

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// The cardinalities of QTI variables.
const (
	single   = "single"
	multiple = "multiple"
	ordered  = "ordered"
	record   = "record"
)

// Value is what a variable holds: nothing, one value, a bag or a sequence of
// them, or a record. An empty container and an empty text are nothing, as QTI
// has it.
type Value struct {
	base   string
	card   string
	items  []scalar
	fields map[string]Value
}

// scalar is a single value in a canonical form, so that equal values are equal
// texts; numbers carry their exact value too.
type scalar struct {
	text string
	num  *big.Rat
}

// Null reports that the value is nothing.
func (v Value) Null() bool { return len(v.items) == 0 && len(v.fields) == 0 }

// Texts is what the value holds, as text.
func (v Value) Texts() []string {
	out := make([]string, len(v.items))
	for i, s := range v.items {
		out[i] = s.text
	}
	return out
}

// Number is the value as a number; false for one that is none.
func (v Value) Number() (*big.Rat, bool) {
	if len(v.items) != 1 || v.items[0].num == nil {
		return nil, false
	}
	return v.items[0].num, true
}

// Many reports whether the value is a container.
func (v Value) Many() bool { return v.card == multiple || v.card == ordered }

func isNumber(base string) bool { return base == "integer" || base == "float" || base == "duration" }

func number(base string, x *big.Rat) Value {
	if base == "integer" && !x.IsInt() {
		base = "float"
	}
	return Value{base: base, card: single, items: []scalar{{text: decimal(x), num: x}}}
}

func truth(b bool) Value {
	text := "false"
	if b {
		text = "true"
	}
	return Value{base: "boolean", card: single, items: []scalar{{text: text}}}
}

func text(base, s string) Value { return newValue(base, single, s) }

// newValue reads texts as values of a base type; what cannot be read is left out.
func newValue(base, card string, texts ...string) Value {
	v := Value{base: base, card: card}
	for _, t := range texts {
		if s, ok := read(base, t); ok {
			v.items = append(v.items, s)
		}
	}
	if card == single && len(v.items) > 1 {
		v.items = v.items[:1]
	}
	return v
}

func read(base, s string) (scalar, bool) {
	switch base {
	case "integer", "float":
		x, ok := parseNumber(s)
		if !ok {
			return scalar{}, false
		}
		return scalar{decimal(x), x}, true
	case "duration":
		x, ok := parseDuration(s)
		if !ok {
			return scalar{}, false
		}
		return scalar{decimal(x), x}, true
	case "boolean":
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "1":
			return scalar{text: "true"}, true
		case "false", "0":
			return scalar{text: "false"}, true
		}
		return scalar{}, false
	case "pair":
		parts := strings.Fields(s)
		slices.Sort(parts)
		return scalar{text: strings.Join(parts, " ")}, len(parts) == 2
	case "directedPair", "point":
		parts := strings.Fields(s)
		return scalar{text: strings.Join(parts, " ")}, len(parts) == 2
	case "string":
		return scalar{text: s}, s != ""
	}
	s = strings.Join(strings.Fields(s), " ")
	return scalar{text: s}, s != ""
}

var (
	numeral  = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)
	duration = regexp.MustCompile(`^P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?$`)
)

// maxNumeral bounds what reading a number may cost.
const maxNumeral = 80

func parseNumber(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxNumeral || !numeral.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// parseDuration reads seconds, or an ISO 8601 period without months.
func parseDuration(s string) (*big.Rat, bool) {
	if x, ok := parseNumber(s); ok {
		return x, true
	}
	m := duration.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return nil, false
	}
	total := new(big.Rat)
	for i, seconds := range []int64{86400, 3600, 60, 1} {
		if x, ok := parseNumber(m[i+1]); ok {
			total.Add(total, x.Mul(x, big.NewRat(seconds, 1)))
		}
	}
	return total, true
}

// decimal writes a number so that equal ones look equal.
func decimal(x *big.Rat) string {
	if x.IsInt() {
		return x.Num().String()
	}
	if digits, exact := x.FloatPrec(); exact && digits <= maxNumeral {
		return x.FloatString(digits)
	}
	return x.RatString()
}

// same compares two single values; numbers of any kind by their worth.
func same(a, b scalar) bool {
	if a.num != nil && b.num != nil {
		return a.num.Cmp(b.num) == 0
	}
	return a.text == b.text
}

// matches is QTI's match for two values that are not nothing.
func matches(a, b Value) bool {
	if a.base == "pair" || b.base == "pair" {
		a, b = a.unordered(), b.unordered()
	}
	switch {
	case a.card == record || b.card == record:
		return a.card == b.card && sameFields(a.fields, b.fields)
	case len(a.items) != len(b.items):
		return false
	case a.card == ordered && b.card == ordered:
		return slices.EqualFunc(a.items, b.items, same)
	}
	left := slices.Clone(b.items)
	for _, x := range a.items {
		i := slices.IndexFunc(left, func(y scalar) bool { return same(x, y) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// unordered writes pairs with their ends sorted.
func (v Value) unordered() Value {
	return newValue("pair", v.card, v.Texts()...)
}

func sameFields(a, b map[string]Value) bool {
	if len(a) != len(b) {
		return false
	}
	for name, x := range a {
		if y, ok := b[name]; !ok || !matches(x, y) {
			return false
		}
	}
	return true
}

// holds is the value where a condition is wanted: nothing, zero, false and the
// empty text do not hold.
func (v Value) holds() bool {
	switch {
	case v.Null():
		return false
	case v.card != single:
		return true
	case v.items[0].num != nil:
		return v.items[0].num.Sign() != 0
	case v.base == "boolean":
		return v.items[0].text == "true"
	}
	return true
}

// as converts a value for the variable that will hold it.
func (v Value) as(base, card string) Value {
	if v.card == record || card == record || v.Null() {
		if v.Null() {
			return Value{base: base, card: card}
		}
		return v
	}
	out := Value{base: base, card: card}
	for _, s := range v.items {
		switch {
		case base == "" || base == v.base || s.num != nil && isNumber(base):
			out.items = append(out.items, s)
		default:
			if converted, ok := read(base, s.text); ok {
				out.items = append(out.items, converted)
			}
		}
	}
	if card == single && len(out.items) > 1 {
		out.items = out.items[:1]
	}
	if base == "" {
		out.base = v.base
	}
	return out
}
