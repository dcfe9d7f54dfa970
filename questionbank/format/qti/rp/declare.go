package rp

import (
	"math/big"
	"strings"

	"cakap/questionbank/format/tree"
)

// Declaration is a variable of an item.
type Declaration struct {
	ID, Base, Card string
	Default        Value
	Correct        Value
	Mapping        *Mapping // nil where there is none
	areas          *areaMapping
	table          *table
	normalMax      *big.Rat
}

// Mapping gives each value of a response what it is worth.
type Mapping struct {
	Entries             []MapEntry
	Default             *big.Rat
	LowerBound, UpBound *big.Rat // nil for none
}

// MapEntry is one worth; Case says whether capitals count.
type MapEntry struct {
	Key   string
	Value *big.Rat
	Case  bool
	key   scalar
}

// defaultCase is what a mapEntry without caseSensitive means: QTI 2.1 says that
// capitals count, 2.2 and 3.0 that they do not.
func defaultCase(space string) bool {
	return strings.HasSuffix(space, "v2p1") || strings.HasSuffix(space, "v2p0")
}

func declare(n *tree.Node, kind string) *Declaration {
	d := &Declaration{ID: n.Get("identifier"), Base: n.Get("baseType"), Card: n.Get("cardinality")}
	if d.Card == "" {
		d.Card = single
	}
	d.Default = d.values(n.Find("defaultValue"))
	if plain := n.Get("defaultValue"); d.Default.Null() && plain != "" {
		d.Default = newValue(d.Base, d.Card, plain)
	}
	if kind == "outcomeDeclaration" && d.Default.Null() && d.Card == single && (d.Base == "integer" || d.Base == "float") {
		d.Default = number(d.Base, new(big.Rat)) // QTI 2.1, 5.2
	}
	d.Correct = d.values(n.Find("correctResponse"))
	if m := n.Find("mapping"); m != nil {
		d.Mapping = d.mapping(m)
	}
	if m := n.Find("areaMapping"); m != nil {
		d.areas = newAreas(m)
	}
	d.table = newTable(n)
	if x, ok := parseNumber(n.Get("normalMaximum")); ok {
		d.normalMax = x
	}
	return d
}

// values reads the value children of a defaultValue or correctResponse.
func (d *Declaration) values(n *tree.Node) Value {
	v := Value{base: d.Base, card: d.Card}
	for _, c := range n.All("value") {
		base, content := d.Base, strings.TrimSpace(c.Content()) // files indent their values
		if d.Card == record {
			if v.fields == nil {
				v.fields = map[string]Value{}
			}
			v.fields[c.Get("fieldIdentifier")] = newValue(c.Get("baseType"), single, content)
			continue
		}
		if s, ok := read(base, content); ok && (d.Card != single || len(v.items) == 0) {
			v.items = append(v.items, s)
		}
	}
	return v
}

func (d *Declaration) mapping(n *tree.Node) *Mapping {
	m := &Mapping{Default: new(big.Rat), LowerBound: bound(n, "lowerBound"), UpBound: bound(n, "upperBound")}
	if x, ok := parseNumber(n.Get("defaultValue")); ok {
		m.Default = x
	}
	byDefault := boolean(n, "caseSensitive", defaultCase(n.Space))
	for _, e := range n.All("mapEntry") {
		key, ok := read(d.Base, e.Get("mapKey"))
		worth, numeric := parseNumber(e.Get("mappedValue"))
		if !ok || !numeric {
			continue
		}
		m.Entries = append(m.Entries, MapEntry{Key: key.text, Value: worth, Case: boolean(e, "caseSensitive", byDefault), key: key})
	}
	return m
}

// of is what a value is worth; capitals matter only in texts, never in names.
func (m *Mapping) of(s scalar, base string) *big.Rat {
	for _, e := range m.Entries {
		if same(s, e.key) || base == "string" && !e.Case && strings.EqualFold(s.text, e.key.text) {
			return e.Value
		}
	}
	return m.Default
}

func (m *Mapping) clip(x *big.Rat) *big.Rat { return clip(x, m.LowerBound, m.UpBound) }

func clip(x, low, high *big.Rat) *big.Rat {
	if low != nil && x.Cmp(low) < 0 {
		return low
	}
	if high != nil && x.Cmp(high) > 0 {
		return high
	}
	return x
}

func bound(n *tree.Node, attr string) *big.Rat {
	if x, ok := parseNumber(n.Get(attr)); ok {
		return x
	}
	return nil
}

func boolean(n *tree.Node, attr string, otherwise bool) bool {
	switch n.Get(attr) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}

// table is a matchTable or an interpolationTable.
type table struct {
	rows      []row
	otherwise string
	stepwise  bool // interpolation: the first row whose source is reached
}

type row struct {
	source *big.Rat
	target string
	open   bool // the source itself is not reached
}

// newTable reads the table that stands in n; nil where there is none.
func newTable(n *tree.Node) *table {
	for _, kind := range []string{"matchTable", "interpolationTable"} {
		t := n.Find(kind)
		if t == nil {
			continue
		}
		out := &table{otherwise: t.Get("defaultValue"), stepwise: kind == "interpolationTable"}
		for _, e := range t.All(kind + "Entry") {
			if source, ok := parseNumber(e.Get("sourceValue")); ok {
				out.rows = append(out.rows, row{source, e.Get("targetValue"), !boolean(e, "includeBoundary", true)})
			}
		}
		return out
	}
	return nil
}

// of looks a number up; nothing gives the table's default.
func (t *table) of(v Value, base string) Value {
	if x, ok := v.Number(); ok {
		for _, r := range t.rows {
			order := x.Cmp(r.source)
			if order == 0 && !r.open || t.stepwise && order > 0 {
				return newValue(base, single, r.target)
			}
		}
	}
	return newValue(base, single, t.otherwise)
}

// Worth is what a value of a base type is worth before any bound.
func (m *Mapping) Worth(value, base string) *big.Rat {
	s, ok := read(base, value)
	if !ok {
		return m.Default
	}
	return m.of(s, base)
}
