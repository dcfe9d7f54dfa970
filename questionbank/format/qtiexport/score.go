package qtiexport

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// scored is the declarations of an item and how its answers become points.
type scored struct {
	responses, outcomes []*node
	processing          *node // nil where nothing is scored by itself
}

// part is the scoring of one interaction.
type part struct {
	declaration *node
	template    string  // match_correct, map_response; "" where only steps say it
	steps       []*node // adds the part's points to SCORE
	most        *big.Rat
	human       bool
}

// score declares responses and outcomes. A single interaction scores as its
// author weighed it; the parts of a composite item are worth their shares.
func (w *writer) score() scored {
	var s scored
	most, human, steps, template := new(big.Rat), false, 0, ""
	processing := el("responseProcessing")
	for i := range w.c.Interactions {
		p := w.scorePart(i)
		s.responses = append(s.responses, p.declaration)
		if p.most == nil {
			continue
		}
		most.Add(most, p.most)
		human = human || p.human
		processing.add(p.steps...)
		steps += len(p.steps)
		template = p.template
	}
	if most.Sign() > 0 {
		s.outcomes = outcomes(most, human && w.dialect == v30)
	}
	switch {
	case len(w.c.Interactions) == 1 && template != "":
		s.processing = el("responseProcessing").with("template", templates[w.dialect]+template+templated[w.dialect])
	case steps > 0:
		s.processing = processing
	}
	return s
}

func outcomes(most *big.Rat, human bool) []*node {
	score := el("outcomeDeclaration", el("defaultValue", el("value", text("0")))).
		with("identifier", "SCORE", "cardinality", "single", "baseType", "float", "normalMaximum", number(most), "normalMinimum", "0")
	if human {
		score.with("externalScored", "human")
	}
	return []*node{score, el("outcomeDeclaration", el("defaultValue", el("value", text(number(most))))).
		with("identifier", "MAXSCORE", "cardinality", "single", "baseType", "float")}
}

// number is a decimal as QTI reads it; thirds get twelve places.
func number(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 12
	}
	s := r.FloatString(digits)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

func micro(m scoring.Micro) *big.Rat { return big.NewRat(int64(m), int64(scoring.Point)) }

func (w *writer) scorePart(i int) part {
	in := w.c.Interactions[i]
	d := el("responseDeclaration").with("identifier", w.ids[i])
	worth := big.NewRat(1, 1)
	alone := len(w.c.Interactions) == 1
	if !alone {
		worth.SetInt64(int64(max(in.Share, 1)))
	}
	p := part{declaration: d, most: worth}
	switch in.Kind {
	case questionbank.TextKind, questionbank.EssayKind:
		d.with("cardinality", "single", "baseType", "string")
	case questionbank.NumberKind:
		d.with("cardinality", "single", "baseType", "float")
	case questionbank.PairsKind:
		d.with("cardinality", "multiple", "baseType", "directedPair")
	case questionbank.OrderKind:
		d.with("cardinality", "ordered", "baseType", "identifier")
	default:
		cardinality := "single"
		if in.Many {
			cardinality = "multiple"
		}
		d.with("cardinality", cardinality, "baseType", "identifier")
	}
	b := keyed{w: w, in: in, id: w.ids[i], alone: alone, part: &p}
	switch in.Rule {
	case scoring.None:
		p.most = nil
	case scoring.Manual:
		p.human = true
	case scoring.TextList:
		b.texts()
	case scoring.NumberList:
		b.numbers()
	case scoring.PerPair:
		b.pairs()
	case scoring.AllOrNothing, scoring.PerOption, scoring.Graded, scoring.Mapped:
		b.choice()
	default:
		b.order()
	}
	return p
}

// keyed writes the key of one interaction into its part.
type keyed struct {
	w     *writer
	in    questionbank.Interaction
	id    string
	alone bool
	part  *part
}

// correct declares the right answer.
func (k keyed) correct(values ...string) {
	if len(values) == 0 {
		return
	}
	c := el("correctResponse")
	for _, v := range values {
		c.add(el("value", text(v)))
	}
	k.part.declaration.add(c)
}

// byMatch gives the points for exactly the right answer.
func (k keyed) byMatch() {
	k.part.template = "match_correct"
	k.part.steps = []*node{when(el("match", variable(k.id), el("correct").with("identifier", k.id)), k.part.most)}
}

// byMap gives what the mapping says.
func (k keyed) byMap(m *node) {
	k.part.declaration.add(m)
	k.part.template = "map_response"
	k.part.steps = []*node{add(el("mapResponse").with("identifier", k.id))}
}

// mapping has bounds where several values are added up.
func mapping(upper *big.Rat) *node {
	m := el("mapping").with("lowerBound", "0")
	if upper != nil {
		m.with("upperBound", number(upper))
	}
	return m.with("defaultValue", "0")
}

func entry(key string, value *big.Rat) *node {
	return el("mapEntry").with("mapKey", key, "mappedValue", number(value))
}

func variable(id string) *node { return el("variable").with("identifier", id) }

func base(kind, value string) *node {
	return el("baseValue", text(value)).with("baseType", kind)
}

// add adds an expression to SCORE.
func add(expression *node) *node {
	return el("setOutcomeValue", el("sum", variable("SCORE"), expression)).with("identifier", "SCORE")
}

// when adds points if a condition holds.
func when(condition *node, points *big.Rat) *node {
	return el("responseCondition", el("responseIf", condition, add(base("float", number(points)))))
}

func (k keyed) choice() {
	ids := identifiers(k.in.Options, "")
	var right []string
	for i, o := range k.in.Options {
		if slices.Contains(k.in.Correct, o.ID) {
			right = append(right, ids[i])
		}
	}
	k.correct(right...)
	switch k.in.Rule {
	case scoring.AllOrNothing:
		k.byMatch()
	case scoring.PerOption:
		k.perOption(ids, len(right))
	default:
		k.points(ids)
	}
}

// perOption is +1/k for each key and −1/d for each distractor.
func (k keyed) perOption(ids []string, keys int) {
	m := mapping(k.part.most)
	for i, o := range k.in.Options {
		share := new(big.Rat)
		switch others := len(ids) - keys; {
		case slices.Contains(k.in.Correct, o.ID):
			share.Quo(k.part.most, big.NewRat(int64(keys), 1))
		case others > 0:
			share.Neg(share.Quo(k.part.most, big.NewRat(int64(others), 1)))
		}
		m.add(entry(ids[i], share))
	}
	k.byMap(m)
}

// points is the options' own worth: the author's numbers where the item is one
// interaction, scaled to the share where it is a part.
func (k keyed) points(ids []string) {
	key := k.in.Key()
	value := func(i int) *big.Rat { return new(big.Rat).Mul(micro(key.Points[i]), k.part.most) }
	if k.alone {
		value = func(i int) *big.Rat { return micro(k.in.Options[i].Points) }
		k.part.most = micro(k.best())
	}
	m := mapping(k.part.most)
	for i := range ids {
		m.add(entry(ids[i], value(i)))
	}
	k.byMap(m)
}

// best is the most that the author's points can come to.
func (k keyed) best() scoring.Micro {
	var best, sum scoring.Micro
	for _, o := range k.in.Options {
		best, sum = max(best, o.Points), sum+max(o.Points, 0)
	}
	if k.in.Rule == scoring.Graded {
		return best
	}
	if k.in.Cap > 0 {
		return min(k.in.Cap, sum)
	}
	return sum
}

// pairs gives each row its share. A row that may have several targets counts
// only with exactly the right ones, which no mapping can say.
func (k keyed) pairs() {
	rows, targets := pairIDs(k.in)
	want := k.in.Key().Pairs
	keyedRows := int64(0)
	var right []string
	for i, row := range want {
		for _, t := range row {
			right = append(right, rows[i]+" "+targets[t])
		}
		if len(row) > 0 {
			keyedRows++
		}
	}
	k.correct(right...)
	if keyedRows == 0 {
		return
	}
	each := new(big.Rat).Quo(k.part.most, big.NewRat(keyedRows, 1))
	if !k.in.Many {
		m := mapping(k.part.most)
		for _, pair := range right {
			m.add(entry(pair, each))
		}
		k.byMap(m)
		return
	}
	for i, row := range want {
		if len(row) == 0 {
			continue
		}
		all := el("and")
		for t := range targets {
			chosen := el("member", base("directedPair", rows[i]+" "+targets[t]), variable(k.id))
			if !slices.Contains(row, t) {
				chosen = el("not", chosen)
			}
			all.add(chosen)
		}
		k.part.steps = append(k.part.steps, when(el("and", el("not", el("isNull", variable(k.id))), all), each))
	}
}
