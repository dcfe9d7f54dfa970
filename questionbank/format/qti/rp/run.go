package rp

import (
	"errors"
	"math/big"
	"strconv"
	"strings"

	"cakap/questionbank/format/tree"
)

// ErrTooMuch is a program that makes more of an answer than any honest one.
var ErrTooMuch = errors.New("response processing: too much to compute")

// What a running program may hold.
const (
	maxItems = 1000
	maxBits  = 4096
)

// errExit ends the processing early, as the item asked.
var errExit = errors.New("exit")

type machine struct {
	*Program
	values  map[string]Value
	correct map[string]Value
}

// Run computes the outcomes of an answer. Responses that are not given are
// nothing; those of the wrong name are ignored.
func (p *Program) Run(responses map[string]Value) (map[string]Value, error) {
	m := &machine{Program: p, values: make(map[string]Value, len(p.byID)), correct: map[string]Value{}}
	for _, d := range p.responses {
		m.values[d.ID], m.correct[d.ID] = d.Default.as(d.Base, d.Card), d.Correct
	}
	for _, list := range [][]*Declaration{p.templates, p.outcomes} {
		for _, d := range list {
			m.values[d.ID] = d.Default
		}
	}
	if err := m.section(p.prepare); err != nil {
		return nil, err
	}
	for _, d := range p.responses {
		if v, ok := responses[d.ID]; ok {
			m.values[d.ID] = v
		}
	}
	for _, rules := range [][]*tree.Node{p.rules, p.finish} {
		if err := m.section(rules); err != nil {
			return nil, err
		}
	}
	out := make(map[string]Value, len(p.outcomes))
	for _, d := range p.outcomes {
		out[d.ID] = m.values[d.ID]
	}
	return out, nil
}

func (m *machine) section(rules []*tree.Node) error {
	if err := m.execute(rules); !errors.Is(err, errExit) {
		return err
	}
	return nil
}

func (m *machine) execute(rules []*tree.Node) error {
	for _, r := range rules {
		if err := m.rule(r); err != nil {
			return err
		}
	}
	return nil
}

func (m *machine) rule(r *tree.Node) error {
	switch {
	case strings.HasPrefix(r.Name, "exit"):
		return errExit
	case strings.HasSuffix(r.Name, "Fragment"):
		return m.execute(r.Elements())
	case strings.HasSuffix(r.Name, "Condition"):
		return m.condition(r)
	}
	v, err := m.eval(r.Elements()[0])
	if err != nil {
		return err
	}
	d := m.byID[r.Get("identifier")]
	switch r.Name {
	case "lookupOutcomeValue":
		if d.table == nil {
			return &Unsupported{"lookupOutcomeValue " + d.ID, r.Line}
		}
		m.values[d.ID] = d.table.of(v, d.Base)
	case "setCorrectResponse":
		m.correct[d.ID] = v.as(d.Base, d.Card)
	default:
		m.values[d.ID] = v.as(d.Base, d.Card)
	}
	return nil
}

func (m *machine) condition(n *tree.Node) error {
	for _, branch := range n.Elements() {
		rules := branch.Elements()
		if strings.HasSuffix(branch.Name, "Else") {
			return m.execute(rules)
		}
		v, err := m.eval(rules[0])
		if err != nil {
			return err
		}
		if v.holds() {
			return m.execute(rules[1:])
		}
	}
	return nil
}

// eval computes an expression that check let pass.
func (m *machine) eval(n *tree.Node) (Value, error) {
	id := n.Get("identifier")
	switch n.Name {
	case "baseValue":
		return m.constants[n], nil
	case "variable":
		return m.values[id], nil
	case "correct":
		return m.correct[id], nil
	case "default":
		return m.byID[id].Default, nil
	case "mapResponse", "mapOutcome":
		return m.mapped(m.byID[id]), nil
	case "mapResponsePoint":
		areas := m.byID[id].areas
		if areas == nil {
			return number("float", new(big.Rat)), nil
		}
		return number("float", areas.of(m.values[id].items)), nil
	case "record":
		return m.record(n)
	}
	args := make([]Value, 0, 4)
	for _, a := range arguments(n) {
		v, err := m.eval(a)
		if err != nil {
			return Value{}, err
		}
		args = append(args, v)
	}
	v := operators[n.Name].do(m, n, args)
	if len(v.items) > maxItems || len(v.items) == 1 && v.items[0].num != nil && tooLong(v.items[0].num) {
		return Value{}, ErrTooMuch
	}
	return v, nil
}

func tooLong(x *big.Rat) bool { return x.Num().BitLen() > maxBits || x.Denom().BitLen() > maxBits }

// mapped adds up what the values are worth. A variable without a mapping, as
// one of points, is worth nothing.
func (m *machine) mapped(d *Declaration) Value {
	sum := new(big.Rat)
	if d.Mapping == nil {
		return number("float", sum)
	}
	v := m.values[d.ID]
	for _, s := range v.items {
		sum.Add(sum, d.Mapping.of(s, d.Base))
	}
	return number("float", d.Mapping.clip(sum))
}

func (m *machine) record(n *tree.Node) (Value, error) {
	out := Value{card: record, fields: map[string]Value{}}
	for _, f := range n.Elements() {
		v, err := m.eval(f.Elements()[0])
		if err != nil {
			return Value{}, err
		}
		if !v.Null() {
			out.fields[f.Get("fieldIdentifier")] = v
		}
	}
	return out, nil
}

// wholeAttr is an attribute that is a whole number or the name of a variable.
func (m *machine) wholeAttr(n *tree.Node, name string) (int, bool) {
	s := n.Get(name)
	if x, err := strconv.Atoi(s); err == nil {
		return x, true
	}
	if v, ok := m.values[s]; ok {
		return whole(v)
	}
	return 0, false
}

func whole(v Value) (int, bool) {
	x, ok := v.Number()
	if !ok || !x.IsInt() || !x.Num().IsInt64() || x.Num().BitLen() > 31 {
		return 0, false
	}
	return int(x.Num().Int64()), true
}

// numberAttr is an attribute that is a number or the name of a variable.
func (m *machine) numberAttr(s string) (*big.Rat, bool) {
	if x, ok := parseNumber(s); ok {
		return x, true
	}
	return m.values[s].Number()
}

// Shown lists the feedbacks of an item that outcomes bring up: those whose
// identifier their outcome holds, or does not hold where showHide is hide.
func Shown(item *tree.Node, outcomes map[string]Value) []string {
	var ids []string
	for _, f := range item.All("modalFeedback") {
		held := false
		for _, s := range outcomes[f.Get("outcomeIdentifier")].Texts() {
			held = held || s == f.Get("identifier")
		}
		if held == (f.Get("showHide") != "hide") {
			ids = append(ids, f.Get("identifier"))
		}
	}
	return ids
}
