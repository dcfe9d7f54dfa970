package scoring

import (
	"math/big"
	"strings"
)

// TextKey is one text that earns points.
type TextKey struct {
	Pattern string `json:"pattern"`          // "*" stands for any run of characters where Wild
	Wild    bool   `json:"wild,omitempty"`   // "\*" is a star then
	Case    bool   `json:"case,omitempty"`   // capitals count
	Points  Micro  `json:"points,omitempty"` // up to the key's Max
}

// NumberKey is one range of numbers that earns points; decimals as text, so
// that no rounding decides. Of Value and a tolerance the ends belong to the
// range.
type NumberKey struct {
	Low    string `json:"low"`
	High   string `json:"high"`
	OpenLo bool   `json:"open_lo,omitempty"` // Low itself is not in the range
	OpenHi bool   `json:"open_hi,omitempty"`
	Any    bool   `json:"any,omitempty"` // whatever number is given
	Points Micro  `json:"points,omitempty"`
}

// validList wants an entry that earns the maximum, and none that earns more.
func (k Key) validList() bool {
	best := Micro(-1)
	for _, t := range k.Texts {
		if strings.TrimSpace(t.Pattern) == "" {
			return false
		}
		best = max(best, t.Points)
	}
	for _, n := range k.Numbers {
		low, okLow := ParseNumber(n.Low)
		high, okHigh := ParseNumber(n.High)
		if !n.Any && (!okLow || !okHigh || low.Cmp(high) > 0) {
			return false
		}
		best = max(best, n.Points)
	}
	return best == k.Max && (k.Rule == TextList) == (len(k.Texts) > 0) && (k.Rule == NumberList) == (len(k.Numbers) > 0)
}

// text is the points of the first pattern that matches, in the author's order
// (Moodle qtype_shortanswer). Spaces at the ends and repeated ones do not
// count; capitals only where the pattern says so.
func (k Key) text(given string) Micro {
	given = strings.Join(strings.Fields(given), " ")
	if given == "" {
		return 0
	}
	for _, t := range k.Texts {
		if t.matches(given) {
			return min(max(t.Points, 0), k.Max)
		}
	}
	return 0
}

func (t TextKey) matches(given string) bool {
	pattern := strings.Join(strings.Fields(t.Pattern), " ")
	if !t.Case {
		pattern, given = strings.ToLower(pattern), strings.ToLower(given)
	}
	if !t.Wild {
		return pattern == given
	}
	return wild(pieces(pattern), given)
}

// pieces splits a pattern at its stars; "\*" is a star in the text.
func pieces(pattern string) []string {
	const star = "\x00"
	parts := strings.Split(strings.ReplaceAll(pattern, `\*`, star), "*")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], star, "*")
	}
	return parts
}

// wild matches greedily from the left, which is exact for a pattern whose only
// freedom is the stars.
func wild(parts []string, text string) bool {
	if len(parts) == 1 {
		return parts[0] == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, p := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, p)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// number is the points of the first range that holds the number given.
func (k Key) number(given string) Micro {
	x, ok := ParseNumber(given)
	if !ok {
		return 0
	}
	for _, n := range k.Numbers {
		if n.holds(x) {
			return min(max(n.Points, 0), k.Max)
		}
	}
	return 0
}

func (n NumberKey) holds(x *big.Rat) bool {
	if n.Any {
		return true
	}
	low, okLow := ParseNumber(n.Low)
	high, okHigh := ParseNumber(n.High)
	if !okLow || !okHigh {
		return false
	}
	atLow, atHigh := x.Cmp(low), x.Cmp(high)
	return (atLow > 0 || atLow == 0 && !n.OpenLo) && (atHigh < 0 || atHigh == 0 && !n.OpenHi)
}

// maxDigits bounds what a number may cost to read.
const maxDigits = 40

// ParseNumber reads a number as people write it: a sign, digits, and one comma
// or one point for the decimals ("3,5", "-0.25"), with an exponent where a file
// has one. Several commas or points, which might be thousands, are refused:
// nobody can tell 1.234.567 from a slip.
func ParseNumber(text string) (*big.Rat, bool) {
	text = strings.Join(strings.Fields(text), "")
	text = strings.Replace(text, "−", "-", 1)
	if len(text) == 0 || len(text) > maxDigits || strings.Count(text, ",")+strings.Count(text, ".") > 1 {
		return nil, false
	}
	text = strings.Replace(text, ",", ".", 1)
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific && (len(exponent) > 3 || strings.Trim(exponent, "+-0123456789") != "" || exponent == "") {
		return nil, false
	}
	if strings.Trim(mantissa, "+-.0123456789") != "" || !strings.ContainsAny(mantissa, "0123456789") {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
