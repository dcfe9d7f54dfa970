package qti

import (
	"errors"
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// scorer tries answers on an item's response processing.
type scorer struct {
	*item
	program *rp.Program
	base    []scoring.Answer // what the parts that are not tried answer
	all     []seen           // every answer tried, for the feedbacks
	runs    int
	below   bool // some answer scored less than nothing
	failed  error
}

// maxRuns bounds what finding the rule of one item may cost.
const maxRuns = 30_000

// key finds the rule and the points of every part.
func (it *item) key(broken error) {
	scored := slices.DeleteFunc(slices.Clone(it.parts), func(p *part) bool { return p.Kind == questionbank.EssayKind })
	if len(scored) == 0 {
		it.unscored(broken)
		return
	}
	if broken != nil || it.program.Templated || len(it.parts) > questionbank.MaxParts { // rejected for their number, and each try costs as much as there are
		it.brokenRules(broken)
		it.declare()
		return
	}
	s := &scorer{item: it, program: it.program, base: make([]scoring.Answer, len(it.parts))}
	if !it.program.Scores() {
		s.program = it.program.Assume()
		if it.declared() {
			it.warn(it.root, "questionbank.qti.no_rules")
		}
	}
	s.find()
	if s.failed != nil {
		it.brokenRules(s.failed)
		it.declare()
	}
	it.settle(s.all)
	if f := it.out.Content.Feedback; f != nil && f.Correct+f.Partial+f.Wrong == "" {
		it.out.Content.Feedback = nil
	}
}

// unscored is an item with nothing that scores by itself.
func (it *item) unscored(broken error) {
	switch {
	case len(it.asked) > 0 && broken != nil:
		it.warn(it.root, "questionbank.qti.rp_ignored", elementOf(broken))
	case broken != nil:
		it.brokenRules(broken)
	case len(it.asked) == 0 && it.program.Scores():
		it.warn(it.root, "questionbank.qti.no_interaction")
	}
	for _, p := range it.parts {
		if d := it.program.Response(p.response); d != nil && (d.Mapping != nil || !d.Correct.Null()) {
			it.warn(p.node, "questionbank.qti.essay_by_hand")
		}
	}
	if broken != nil {
		return
	}
	if outcomes, err := it.program.Run(nil); err == nil {
		it.settle([]seen{{outcomes: outcomes, option: -1}})
	}
}

// elementOf is what an error of the rules is about.
func elementOf(err error) string {
	var unsupported *rp.Unsupported
	var undeclared *rp.Undeclared
	switch {
	case errors.As(err, &unsupported):
		return unsupported.Element
	case errors.As(err, &undeclared):
		return undeclared.Identifier
	}
	return "responseProcessing"
}

// brokenRules says which element stands in the way.
func (it *item) brokenRules(err error) {
	var unsupported *rp.Unsupported
	var undeclared *rp.Undeclared
	switch {
	case errors.As(err, &unsupported):
		it.reject(&tree.Node{Line: unsupported.Line}, "correct", "questionbank.qti.rp_unsupported", unsupported.Element)
	case errors.As(err, &undeclared):
		it.reject(&tree.Node{Line: undeclared.Line}, "correct", "questionbank.qti.rp_undeclared", undeclared.Identifier)
	case err != nil:
		it.reject(it.root, "correct", "questionbank.qti.rp_unsupported", "responseProcessing")
	}
}

// declared reports whether any response has a key.
func (it *item) declared() bool {
	return slices.ContainsFunc(it.parts, func(p *part) bool {
		d := it.program.Response(p.response)
		return d != nil && (d.Mapping != nil || !d.Correct.Null())
	})
}

// declare takes the declared keys as they are, where no rule can be found; the
// item is rejected anyway and only shown.
func (it *item) declare() {
	for _, p := range it.parts {
		p.setCorrect(it.right(p))
	}
}

// setCorrect writes an answer as the key.
func (p *part) setCorrect(a scoring.Answer) {
	p.Correct = nil
	switch p.Kind {
	case questionbank.TextKind:
		if a.Text != "" {
			p.Texts = []questionbank.TextAnswer{{Text: a.Text, Case: true, Points: scoring.Point}}
		}
	case questionbank.NumberKind:
		if a.Text != "" {
			p.Numbers = []questionbank.Number{{Value: a.Text, Points: scoring.Point}}
		}
	case questionbank.PairsKind:
		p.Correct = pairKey(a.Pairs)
	case questionbank.OrderKind:
		for _, o := range a.Chosen {
			p.Correct = append(p.Correct, questionbank.OptionID(o))
		}
	case questionbank.EssayKind:
	default:
		for _, o := range slices.Sorted(slices.Values(a.Chosen)) {
			p.Correct = append(p.Correct, questionbank.OptionID(o))
		}
	}
}

func pairKey(rows [][]int) []string {
	var key []string
	for r, row := range rows {
		for _, t := range row {
			key = append(key, questionbank.OptionID(r)+" "+questionbank.TargetID(t))
		}
	}
	return key
}

// right is the declared correct response of a part, as an answer.
func (it *item) right(p *part) scoring.Answer {
	d := it.program.Response(p.response)
	if d == nil {
		return scoring.Answer{}
	}
	values := d.Correct.Texts()
	if len(values) == 0 && d.Mapping != nil && p.Kind != questionbank.OrderKind {
		for _, e := range d.Mapping.Entries {
			if e.Value.Sign() > 0 {
				values = append(values, e.Key)
			}
		}
	}
	return p.answer(values)
}

// answer reads values of the response variable as an answer of the part.
func (p *part) answer(values []string) scoring.Answer {
	var a scoring.Answer
	switch p.Kind {
	case questionbank.TextKind, questionbank.NumberKind:
		if len(values) > 0 {
			a.Text = values[0]
		}
	case questionbank.PairsKind:
		a.Pairs = make([][]int, len(p.ids))
		for _, v := range values {
			row, target, _ := strings.Cut(v, " ")
			if p.swapped {
				row, target = target, row
			}
			if r, t := slices.Index(p.ids, row), slices.Index(p.targets, target); r >= 0 && t >= 0 && !slices.Contains(a.Pairs[r], t) {
				a.Pairs[r] = append(a.Pairs[r], t)
				slices.Sort(a.Pairs[r])
			}
		}
	default:
		for _, v := range values {
			if p.gap != "" {
				word, gap, _ := strings.Cut(v, " ")
				if gap != p.gap {
					continue
				}
				v = word
			}
			if o := slices.Index(p.ids, v); o >= 0 && !slices.Contains(a.Chosen, o) && (p.Many || p.Kind == questionbank.OrderKind || len(a.Chosen) == 0) {
				a.Chosen = append(a.Chosen, o)
			}
		}
	}
	return a
}

// values writes an answer of the part as values of its response variable.
func (p *part) values(a scoring.Answer) []string {
	var out []string
	switch p.Kind {
	case questionbank.TextKind, questionbank.NumberKind:
		if a.Text != "" {
			out = append(out, a.Text)
		}
	case questionbank.PairsKind:
		for r, row := range a.Pairs {
			for _, t := range row {
				if p.swapped {
					out = append(out, p.targets[t]+" "+p.ids[r])
				} else {
					out = append(out, p.ids[r]+" "+p.targets[t])
				}
			}
		}
	default:
		for _, o := range a.Chosen {
			if p.gap != "" {
				out = append(out, p.ids[o]+" "+p.gap)
			} else {
				out = append(out, p.ids[o])
			}
		}
	}
	return out
}

// score is what the item's own rules give for the answers of all parts.
func (s *scorer) score(answers []scoring.Answer) *big.Rat {
	zero := new(big.Rat)
	if s.failed != nil {
		return zero
	}
	if s.runs++; s.runs > maxRuns {
		s.failed = rp.ErrTooMuch
		return zero
	}
	given := map[string][]string{}
	for i, p := range s.parts {
		given[p.response] = append(given[p.response], p.values(answers[i])...)
	}
	responses := map[string]rp.Value{}
	for id, values := range given {
		if d := s.program.Response(id); d != nil {
			responses[id] = d.Value(values...)
		}
	}
	outcomes, err := s.program.Run(responses)
	if err != nil {
		s.failed = err
		return zero
	}
	score, ok := outcomes["SCORE"].Number()
	if !ok {
		score = zero
	}
	if score.Sign() < 0 {
		s.below = true
	}
	s.remember(answers, outcomes, score)
	return score
}

// remember keeps outcomes for the feedbacks, where there are any.
func (s *scorer) remember(answers []scoring.Answer, outcomes map[string]rp.Value, score *big.Rat) {
	const enough = 5000
	empty := !slices.ContainsFunc(answers, func(a scoring.Answer) bool { return !a.Empty() })
	if len(s.feedbacks) == 0 || len(s.all) >= enough || empty {
		return
	}
	option := -1
	if len(answers) == 1 && len(answers[0].Chosen) == 1 {
		option = answers[0].Chosen[0]
	}
	points, _ := score.Float64()
	s.all = append(s.all, seen{outcomes, points, option})
}

// try is the score where part i answers a and the others what base says.
func (s *scorer) try(i int, a scoring.Answer) *big.Rat {
	answers := slices.Clone(s.base)
	answers[i] = a
	return s.score(answers)
}

// ratio is a/b as a number, and never less than nothing.
func ratio(a, b *big.Rat) float64 {
	if b.Sign() <= 0 || a.Sign() <= 0 {
		return 0
	}
	x, _ := new(big.Rat).Quo(a, b).Float64()
	return x
}

// micro rounds a number of points half up.
func micro(x *big.Rat) scoring.Micro {
	const limit = 1_000_000
	scaled := new(big.Rat).Mul(x, big.NewRat(2*int64(scoring.Point), 1))
	scaled.Add(scaled, big.NewRat(1, 1))
	scaled.Quo(scaled, big.NewRat(2, 1))
	whole := new(big.Int).Div(scaled.Num(), scaled.Denom())
	if !whole.IsInt64() || whole.Int64() > limit*int64(scoring.Point) || whole.Int64() < -limit*int64(scoring.Point) {
		return 0
	}
	return scoring.Micro(whole.Int64())
}
