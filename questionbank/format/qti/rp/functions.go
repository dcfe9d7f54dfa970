package rp

import (
	"math"
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank/format/tree"
)

// statistic is the numbers of a container put into one.
func statistic(name string) func(*machine, *tree.Node, []Value) Value {
	return func(_ *machine, _ *tree.Node, args []Value) Value {
		all, ok := numbers(args)
		if !ok {
			return Value{}
		}
		count := big.NewRat(int64(len(all)), 1)
		mean := new(big.Rat)
		for _, x := range all {
			mean.Add(mean, x)
		}
		mean.Quo(mean, count)
		if name == "mean" {
			return number("float", mean)
		}
		if strings.HasPrefix(name, "sample") {
			if len(all) < 2 {
				return Value{}
			}
			count.Sub(count, big.NewRat(1, 1))
		}
		variance := new(big.Rat)
		for _, x := range all {
			d := new(big.Rat).Sub(x, mean)
			variance.Add(variance, d.Mul(d, d))
		}
		variance.Quo(variance, count)
		if strings.HasSuffix(name, "SD") {
			v, _ := variance.Float64()
			return fromFloat(math.Sqrt(v))
		}
		return number("float", variance)
	}
}

// mathFunctions are what a mathOperator may be called.
var mathFunctions = map[string]func(float64) float64{
	"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "exp": math.Exp, "ln": math.Log, "log": math.Log10, "signum": signum,
	"sec": func(x float64) float64 { return 1 / math.Cos(x) }, "csc": func(x float64) float64 { return 1 / math.Sin(x) },
	"cot": func(x float64) float64 { return 1 / math.Tan(x) }, "toRadians": func(x float64) float64 { return x * math.Pi / 180 },
	"toDegrees": func(x float64) float64 { return x * 180 / math.Pi },
}

// exactFunctions need no float.
var exactFunctions = map[string]func(*big.Rat) *big.Rat{
	"abs":   func(x *big.Rat) *big.Rat { return new(big.Rat).Abs(x) },
	"floor": floor,
	"ceil":  func(x *big.Rat) *big.Rat { return new(big.Rat).Neg(floor(new(big.Rat).Neg(x))) },
}

var statistics = []string{"mean", "sampleVariance", "sampleSD", "popVariance", "popSD"}

// knownName reports whether an expression that says in an attribute what it
// does says something known.
func knownName(n *tree.Node) bool {
	name := n.Get("name")
	switch n.Name {
	case "mathOperator":
		return mathFunctions[name] != nil || exactFunctions[name] != nil || name == "atan2"
	case "statsOperator":
		return slices.Contains(statistics, name)
	case "mathConstant":
		return constants[name] != 0
	}
	return true
}

var constants = map[string]float64{"pi": math.Pi, "e": math.E}

func signum(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func mathOperator(_ *machine, n *tree.Node, args []Value) Value {
	all, ok := numbers(args)
	name := n.Get("name")
	if !ok || (len(all) == 2) != (name == "atan2") {
		return Value{}
	}
	if exact := exactFunctions[name]; exact != nil {
		return number(kind(args), exact(all[0]))
	}
	x, _ := all[0].Float64()
	if name == "atan2" {
		y, _ := all[1].Float64()
		return fromFloat(math.Atan2(x, y))
	}
	return fromFloat(mathFunctions[name](x))
}

// rational is a float's value to fifteen figures, so that 0.1 is a tenth again;
// nil for none.
func rational(x float64) *big.Rat {
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) > 1e100 {
		return nil
	}
	r := new(big.Rat).SetFloat64(x)
	if short, ok := rounded(r, "significantFigures", 15); ok {
		return short
	}
	return r
}

func fromFloat(x float64) Value { return numberOrNothing("float", rational(x)) }
