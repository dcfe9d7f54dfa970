package qti12

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// options are the labels, with their feedback. Canvas leaves empty ones behind;
// those are no alternatives.
func (a *answering) options(r *response) []questionbank.Option {
	var kept []label
	for _, l := range r.labels {
		if strings.TrimSpace(l.html) == "" && len(r.labels) > 2 && a.given(r, l.id).Sign() <= 0 {
			a.warn("options", "questionbank.qti12.empty_option")
			continue
		}
		kept = append(kept, l)
	}
	r.labels = kept
	var out []questionbank.Option
	for i, l := range r.labels {
		field := "options"
		if i < questionbank.MaxRows {
			field = questionbank.OptionField("option", i)
		}
		o := a.option(field, l.html)
		o.Ref = l.id
		o.Reason = a.markdown(field, a.feedback.of(a.rules, r, l.id))
		out = append(out, o)
	}
	return out
}

// survey kinds ask for opinions.
var surveys = []string{"opinion_scale", "likert", "opinion_scale_likert"}

// choice is one of several. Points that differ make it a judgement.
func (a *answering) choice(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	options := a.options(r)
	best := new(big.Rat)
	points := make([]*big.Rat, len(options))
	for i := range options {
		points[i] = a.given(r, options[i].Ref)
		if points[i].Cmp(best) > 0 {
			best = points[i]
		}
	}
	if slices.Contains(surveys, a.kind) && best.Sign() == 0 {
		*in = keep(*in, questionbank.NewChoice(questionbank.Survey, options, nil))
		return questionbank.Survey, best
	}
	if typ, ok := a.truth(options, points, best, in); ok {
		return typ, best
	}
	for i := range options {
		options[i].Points = share(points[i], best)
	}
	typ, made, weighed := questionbank.NewWeighted(options, false)
	if typ == questionbank.SJT {
		a.judged(made.Options, points, best)
	}
	made.Shuffle = a.shuffled(r)
	*in = keep(*in, made)
	if weighed == questionbank.WeighedNone {
		a.reject("correct", "questionbank.key_empty")
	}
	return typ, best
}

// keep puts what a constructor made into an interaction that has an id and a
// prompt already.
func keep(old, made questionbank.Interaction) questionbank.Interaction {
	made.ID, made.Prompt = old.ID, old.Prompt
	return made
}

// shuffled follows the file where it says so; Canvas says it of whole quizzes.
func (a *answering) shuffled(r *response) bool {
	said := false
	a.item.Walk(func(n *tree.Node) bool {
		said = said || n.Name == "render_choice" && n.Get("shuffle") != ""
		return true
	})
	return r.shuffle || !said
}

// judged gives the options of a judgement the file's own points. Those of the
// worst are nothing in Cakap, which changes the share of the others.
func (a *answering) judged(options []questionbank.Option, points []*big.Rat, best *big.Rat) {
	hundred := big.NewRat(100, 1)
	if best.Cmp(hundred) < 0 { // absolute points, not parts of a hundred
		for i := range options {
			options[i].Points = micro(points[i])
		}
	}
	worst := slices.MinFunc(points, (*big.Rat).Cmp)
	if worst.Sign() > 0 {
		a.warn("points", "questionbank.qti12.floor")
	}
	for i := range options {
		if options[i].Points < 0 {
			options[i].Points = 0
			a.warn("points", "questionbank.qti12.negative", options[i].ID)
		}
	}
}

var truths = [...][2]string{{"true", "false"}, {"benar", "salah"}, {"betul", "salah"}}

// truth recognises a statement to judge, and brings its options in our order.
func (a *answering) truth(options []questionbank.Option, points []*big.Rat, best *big.Rat, in *questionbank.Interaction) (questionbank.Type, bool) {
	if len(options) != 2 || options[0].Rich || options[1].Rich {
		return "", false
	}
	first, second := strings.ToLower(options[0].Text), strings.ToLower(options[1].Text)
	for _, t := range truths {
		if first == t[1] && second == t[0] {
			slices.Reverse(options)
			slices.Reverse(points)
			first, second = second, first
		}
		if first != t[0] || second != t[1] {
			continue
		}
		var correct []int
		for i := range options {
			if best.Sign() > 0 && points[i].Cmp(best) == 0 {
				correct = append(correct, i)
			}
		}
		if best.Sign() > 0 && len(correct) == 1 && points[1-correct[0]].Sign() > 0 {
			return "", false // both earn something: a judgement
		}
		options[0].Text, options[1].Text = questionbank.TrueText, questionbank.FalseText
		*in = keep(*in, questionbank.NewChoice(questionbank.TrueFalse, options, correct))
		if len(correct) == 0 {
			a.reject("correct", "questionbank.key_empty")
		}
		return questionbank.TrueFalse, true
	}
	return "", false
}

// several is any number of options. With up to a dozen every choice of them is
// scored, which is what the rule is told by.
func (a *answering) several(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	options := a.options(r)
	one := big.NewRat(1, 1)
	if len(options) == 0 || len(options) > questionbank.MaxOptions {
		*in = keep(*in, questionbank.NewChoice(questionbank.Multiple, options, nil)) // too many to be saved
		return questionbank.Multiple, one
	}
	scores := a.subsets(r, options)
	best := slices.MaxFunc(scores, (*big.Rat).Cmp)
	full, others := 0, 0
	count := 0
	for set, s := range scores {
		switch {
		case s.Cmp(best) == 0:
			full, count = set, count+1
		case s.Sign() != 0:
			others++
		}
	}
	switch {
	case best.Sign() <= 0:
		*in = keep(*in, questionbank.NewChoice(questionbank.Multiple, options, nil))
		a.reject("correct", "questionbank.key_empty")
		return questionbank.Multiple, one
	case count == 1 && others == 0:
		made := questionbank.NewChoice(questionbank.Multiple, options, members(full, len(options)))
		made.Rule, made.Shuffle = scoring.AllOrNothing, a.shuffled(r)
		*in = keep(*in, made)
		return questionbank.Multiple, best
	}
	if points, ok := additive(scores, len(options), best); ok {
		for i := range options {
			options[i].Points = share(points[i], best)
		}
		typ, made, weighed := questionbank.NewWeighted(options, true)
		made.Shuffle = a.shuffled(r)
		*in = keep(*in, made)
		if weighed == questionbank.WeighedAll {
			a.warn("points", "questionbank.qti12.select_all")
		}
		return typ, best
	}
	*in = keep(*in, questionbank.NewChoice(questionbank.Multiple, options, members(full, len(options))))
	a.reject("correct", "questionbank.qti12.scoring_unmapped")
	return questionbank.Multiple, best
}

// subsets scores every choice; bit i of its place is option i.
func (a *answering) subsets(r *response, options []questionbank.Option) []*big.Rat {
	scores := make([]*big.Rat, 1<<len(options))
	for set := range scores {
		var chosen []string
		for _, i := range members(set, len(options)) {
			chosen = append(chosen, options[i].Ref)
		}
		scores[set] = a.given(r, chosen...)
	}
	return scores
}

func members(set, n int) []int {
	var out []int
	for i := range n {
		if set&(1<<i) != 0 {
			out = append(out, i)
		}
	}
	return out
}

// additive finds points per option whose sum, between nothing and the best, is
// the score of every choice.
func additive(scores []*big.Rat, n int, best *big.Rat) ([]*big.Rat, bool) {
	full := -1 // the smallest choice that earns everything
	for set, s := range scores {
		if s.Cmp(best) == 0 && (full < 0 || len(members(set, n)) < len(members(full, n))) {
			full = set
		}
	}
	points := make([]*big.Rat, n)
	for i := range n {
		bit := 1 << i
		if full&bit != 0 {
			points[i] = new(big.Rat).Sub(scores[full], scores[full&^bit])
		} else {
			points[i] = new(big.Rat).Sub(scores[full|bit], scores[full])
		}
	}
	for set, s := range scores {
		sum := new(big.Rat)
		for _, i := range members(set, n) {
			sum.Add(sum, points[i])
		}
		if sum.Sign() < 0 {
			sum.SetInt64(0)
		}
		if sum.Cmp(best) > 0 {
			sum.Set(best)
		}
		same := sum.Cmp(s) == 0 || s.Sign() < 0 && sum.Sign() == 0
		if !same {
			return nil, false
		}
	}
	return points, true
}
