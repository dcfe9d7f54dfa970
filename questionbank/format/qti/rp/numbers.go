package rp

import (
	"math"
	"math/big"
	"strings"

	"cakap/questionbank/format/tree"
)

var half = big.NewRat(1, 2)

// numbers is every number of the operands, containers taken apart; false where
// one is nothing or no number.
func numbers(args []Value) ([]*big.Rat, bool) {
	var all []*big.Rat
	for _, a := range args {
		if a.Null() {
			return nil, false
		}
		for _, s := range a.items {
			x := s.num
			if x == nil {
				var ok bool
				if x, ok = parseNumber(s.text); !ok {
					return nil, false
				}
			}
			all = append(all, x)
		}
	}
	return all, len(all) > 0
}

// kind is integer where every operand is.
func kind(args []Value) string {
	for _, a := range args {
		if a.base != "integer" {
			return "float"
		}
	}
	return "integer"
}

func fold(join func(a, b *big.Rat) *big.Rat) func(*machine, *tree.Node, []Value) Value {
	return func(_ *machine, _ *tree.Node, args []Value) Value {
		all, ok := numbers(args)
		if !ok {
			return Value{}
		}
		total := all[0]
		for _, x := range all[1:] {
			if total = join(total, x); total == nil || tooLong(total) {
				break
			}
		}
		return numberOrNothing(kind(args), total)
	}
}

func numberOrNothing(base string, x *big.Rat) Value {
	if x == nil {
		return Value{}
	}
	return number(base, x)
}

func two(do func(a, b *big.Rat) *big.Rat) func(*machine, *tree.Node, []Value) Value {
	return func(_ *machine, _ *tree.Node, args []Value) Value {
		all, ok := numbers(args)
		if !ok || len(all) != 2 {
			return Value{}
		}
		return numberOrNothing(kind(args), do(all[0], all[1]))
	}
}

func oneNumber(base string, do func(*big.Rat) *big.Rat) func(*machine, *tree.Node, []Value) Value {
	return func(_ *machine, _ *tree.Node, args []Value) Value {
		all, ok := numbers(args)
		if !ok || len(all) != 1 {
			return Value{}
		}
		return number(base, do(all[0]))
	}
}

func compare(holds func(order int) bool) operator {
	return operator{2, 2, func(_ *machine, _ *tree.Node, args []Value) Value {
		all, ok := numbers(args)
		if !ok || len(all) != 2 {
			return Value{}
		}
		return truth(holds(all[0].Cmp(all[1])))
	}}
}

func larger(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func divide(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// power is exact for small whole exponents, else as good as a float.
func power(a, b *big.Rat) *big.Rat {
	const exactUpTo = 64
	if b.IsInt() && b.Num().IsInt64() && b.Sign() >= 0 && b.Num().Int64() <= exactUpTo {
		result := big.NewRat(1, 1)
		for range b.Num().Int64() {
			if result.Mul(result, a); tooLong(result) {
				return nil
			}
		}
		return result
	}
	x, _ := a.Float64()
	y, _ := b.Float64()
	return rational(math.Pow(x, y))
}

func floor(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom())) // Euclidean: the divisor is positive
}

func truncate(x *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
}

func integerDivide(a, b *big.Rat) *big.Rat {
	q := divide(a, b)
	if q == nil {
		return nil
	}
	return floor(q)
}

func modulus(a, b *big.Rat) *big.Rat {
	q := integerDivide(a, b)
	if q == nil {
		return nil
	}
	return new(big.Rat).Sub(a, q.Mul(q, b))
}

func wholes(join func(a, b *big.Int) *big.Int) func(*machine, *tree.Node, []Value) Value {
	return fold(func(a, b *big.Rat) *big.Rat {
		if !a.IsInt() || !b.IsInt() {
			return nil
		}
		return new(big.Rat).SetInt(join(a.Num(), b.Num()))
	})
}

func gcd(a, b *big.Int) *big.Int {
	return new(big.Int).GCD(nil, nil, new(big.Int).Abs(a), new(big.Int).Abs(b))
}

func lcm(a, b *big.Int) *big.Int {
	d := gcd(a, b)
	if d.Sign() == 0 {
		return d
	}
	product := new(big.Int).Mul(a, b)
	return product.Abs(product.Quo(product, d))
}

// rounded rounds half up to so many places after the point, or figures that
// count.
func rounded(x *big.Rat, mode string, figures int) (*big.Rat, bool) {
	const most = 30
	if figures < 0 || figures > most {
		return nil, false
	}
	places := figures
	if strings.HasPrefix(mode, "significantFigure") || mode == "" {
		if figures == 0 {
			return nil, false
		}
		if x.Sign() == 0 {
			return x, true
		}
		places = figures - magnitude(x)
	}
	if places > maxNumeral || places < -maxNumeral {
		return nil, false
	}
	scale := tenTo(places)
	scaled := new(big.Rat).Mul(x, scale)
	return scaled.Quo(floor(scaled.Add(scaled, half)), scale), true
}

// magnitude is how many digits stand before the point; of 0.05 it is −1.
func magnitude(x *big.Rat) int {
	size, n := new(big.Rat).Abs(x), 0
	one := big.NewRat(1, 1)
	for tenth := big.NewRat(1, 10); size.Cmp(one) >= 0 && n <= maxNumeral; n++ {
		size.Mul(size, tenth)
	}
	for ten := big.NewRat(10, 1); size.Cmp(big.NewRat(1, 10)) < 0 && n >= -maxNumeral; n-- {
		size.Mul(size, ten)
	}
	return n
}

func tenTo(n int) *big.Rat {
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
	if n < 0 {
		return power.Inv(power)
	}
	return power
}

func roundTo(m *machine, n *tree.Node, args []Value) Value {
	all, ok := numbers(args)
	figures, given := m.wholeAttr(n, "figures")
	if !ok || !given {
		return Value{}
	}
	x, ok := rounded(all[0], n.Get("roundingMode"), figures)
	if !ok {
		return Value{}
	}
	return number("float", x)
}

func equalRounded(m *machine, n *tree.Node, args []Value) Value {
	all, ok := numbers(args)
	figures, given := m.wholeAttr(n, "figures")
	if !ok || !given || len(all) != 2 {
		return Value{}
	}
	a, okA := rounded(all[0], n.Get("roundingMode"), figures)
	b, okB := rounded(all[1], n.Get("roundingMode"), figures)
	if !okA || !okB {
		return Value{}
	}
	return truth(a.Cmp(b) == 0)
}

// equal compares numbers, with the tolerance around the first; other values it
// compares as match does.
func equal(m *machine, n *tree.Node, args []Value) Value {
	if len(args[0].items) == 1 && len(args[1].items) == 1 && (args[0].items[0].num == nil || args[1].items[0].num == nil) {
		if all, ok := numbers(args); !ok || len(all) != 2 {
			return truth(matches(args[0], args[1]))
		}
	}
	all, ok := numbers(args)
	if !ok || len(all) != 2 {
		return Value{}
	}
	x, y := all[0], all[1]
	low, high := x, x
	if mode := n.Get("toleranceMode"); mode == "absolute" || mode == "relative" {
		if low, high, ok = m.tolerance(n, x, mode == "relative"); !ok {
			return Value{}
		}
	}
	atLow, atHigh := y.Cmp(low), y.Cmp(high)
	return truth((atLow > 0 || atLow == 0 && boolean(n, "includeLowerBound", true)) &&
		(atHigh < 0 || atHigh == 0 && boolean(n, "includeUpperBound", true)))
}

// tolerance is the ends of what equals x: one or two distances, or per cent.
func (m *machine) tolerance(n *tree.Node, x *big.Rat, relative bool) (low, high *big.Rat, ok bool) {
	given := strings.Fields(n.Get("tolerance"))
	if len(given) == 0 {
		return x, x, false
	}
	below, ok := m.numberAttr(given[0])
	if !ok {
		return x, x, false
	}
	above := below
	if len(given) > 1 {
		if above, ok = m.numberAttr(given[1]); !ok {
			return x, x, false
		}
	}
	if relative {
		hundredth := new(big.Rat).Quo(new(big.Rat).Abs(x), big.NewRat(100, 1))
		below, above = new(big.Rat).Mul(hundredth, below), new(big.Rat).Mul(hundredth, above)
	}
	return new(big.Rat).Sub(x, below), new(big.Rat).Add(x, above), true
}
