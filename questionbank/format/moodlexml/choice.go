package moodlexml

import (
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// truth reads "true", "1" and their opposites; what says nothing is usual.
func truth(n *tree.Node, usual bool) bool {
	switch strings.ToLower(plain(n)) {
	case "":
		return usual
	case "true", "1", "yes":
		return true
	}
	return false
}

// options reads the answers of a choice with their percentages.
func (q *question) options() []questionbank.Option {
	var options []questionbank.Option
	for i, n := range q.all("answer") {
		field := optionField("option", i)
		q.place(field, n)
		o := rich.Option(q.text(n, field))
		o.Reason = q.text(n.Find("feedback"), optionField("reason", i)).Markdown
		o.Points = q.points(n, field)
		options = append(options, o)
	}
	return options
}

// optionField is questionbank.OptionField for as many options as a file may
// have; those beyond the alphabet are refused anyway.
func optionField(name string, i int) string {
	return questionbank.OptionField(name, min(i, questionbank.MaxRows-1))
}

// points is an answer's share. A percentage that Moodle does not know is kept
// and spoken of: somebody typed it.
func (q *question) points(n *tree.Node, field string) scoring.Micro {
	text := n.Get("fraction")
	if text == "" {
		if f := n.Find("fraction"); f != nil { // Moodle 1.9
			text = plain(f)
		}
	}
	if text == "" {
		return 0
	}
	points, listed, ok := fraction(text)
	switch {
	case !ok:
		q.reject(n, "questionbank.moodlexml.fraction_unreadable", field, text)
	case !listed && q.hints["points"] == "":
		nearest, _ := snap(points)
		q.warn(n, "questionbank.moodlexml.fraction_unlisted", field, text, nearest)
	}
	return points
}

func (q *question) multichoice() {
	many := !truth(q.get("single"), true)
	t, in := q.weighted(q.options(), many)
	in.Shuffle = truth(q.get("shuffleanswers"), true)
	q.fixed(in.Options)
	q.set(t, in)
}

// weighted makes a choice of points per option, as our writer's hints have it
// where they still fit.
func (q *question) weighted(options []questionbank.Option, many bool) (questionbank.Type, questionbank.Interaction) {
	if t, in, ok := q.remembered(options, many); ok {
		return t, in
	}
	t, in, weighed := derive(options, many)
	answers := q.n
	switch weighed {
	case questionbank.WeighedAll:
		q.warn(answers, "questionbank.moodlexml.select_all", "points")
	case questionbank.WeighedBest:
		q.warn(answers, "questionbank.moodlexml.many_full", "correct")
	}
	if t == questionbank.SJT && slices.ContainsFunc(options, func(o questionbank.Option) bool { return o.Points < 0 }) {
		q.warn(answers, "questionbank.moodlexml.negative_zero", "points")
	}
	return t, in
}

// derive is what Moodle's percentages mean. Moodle never pays more than the
// whole, nor less than nothing for a single choice of several worths.
func derive(options []questionbank.Option, many bool) (questionbank.Type, questionbank.Interaction, questionbank.Weighted) {
	t, in, weighed := questionbank.NewWeighted(options, many)
	switch {
	case t == questionbank.SJT:
		for i := range in.Options {
			in.Options[i].Points = max(in.Options[i].Points, 0)
		}
	case in.Rule == scoring.Mapped && best(in.Options) > scoring.Point+10*rounding:
		in.Cap = scoring.Point
	}
	return t, in, weighed
}

// best is what all options that pay add up to.
func best(options []questionbank.Option) scoring.Micro {
	var sum scoring.Micro
	for _, o := range options {
		sum += max(o.Points, 0)
	}
	return sum
}

// remembered rebuilds the interaction that our writer wrote, from its hints,
// and believes it where its percentages are those of the file.
func (q *question) remembered(options []questionbank.Option, many bool) (questionbank.Type, questionbank.Interaction, bool) {
	h := q.hints
	if h["points"] == "" && h["rule"] == "" {
		return "", questionbank.Interaction{}, false
	}
	t, in, _ := derive(options, many)
	if h["type"] != "" {
		t = questionbank.Type(h["type"])
	}
	if h["rule"] != "" {
		in.Rule = scoring.Rule(h["rule"])
	}
	if !restorePoints(&in, h) {
		return "", in, false
	}
	switch in.Rule {
	case scoring.Graded:
		in.Correct = nil
	case scoring.AllOrNothing, scoring.PerOption, scoring.Mapped:
		in.Correct = positive(options)
	default:
		return "", in, false
	}
	in.Cap = 0
	if limit, ok := micro(h["cap"]); ok && h["cap"] != "" {
		in.Cap = limit
	}
	return t, in, sameFractions(in, options)
}

func restorePoints(in *questionbank.Interaction, h hints) bool {
	if h["points"] == "" {
		for i := range in.Options {
			in.Options[i].Points = 0
		}
		return true
	}
	points := strings.Split(h["points"], ",")
	if len(points) != len(in.Options) {
		return false
	}
	for i, p := range points {
		m, ok := micro(p)
		if !ok {
			return false
		}
		in.Options[i].Points = m
	}
	return true
}

// positive is the ids of the options that earn something.
func positive(options []questionbank.Option) []string {
	var ids []string
	for i, o := range options {
		if o.Points > 0 {
			ids = append(ids, questionbank.OptionID(i))
		}
	}
	return ids
}

// sameFractions compares what the writer would write with what the file has.
func sameFractions(in questionbank.Interaction, options []questionbank.Option) bool {
	for i, want := range fractions(in) {
		text, _ := snap(want)
		got, _, _ := fraction(text)
		if diff := got - options[i].Points; diff > 1 || diff < -1 {
			return false
		}
	}
	return true
}

// fixed marks the options that our writer says keep their places.
func (q *question) fixed(options []questionbank.Option) {
	for _, id := range strings.Split(q.hints["fixed"], ",") {
		for i := range options {
			if options[i].ID == id {
				options[i].Fixed = true
			}
		}
	}
}

// oumultiresponse is the Open University's: right options chosen, less what was
// chosen too many.
func (q *question) oumultiresponse() {
	options := q.options()
	var correct []int
	for i := range options {
		if options[i].Points > 0 {
			correct = append(correct, i)
		}
		options[i].Points = 0
	}
	in := questionbank.NewChoice(questionbank.Multiple, options, correct)
	in.Shuffle = truth(q.get("shuffleanswers"), true)
	q.warn(q.n, "questionbank.moodlexml.oumultiresponse", "points")
	q.set(questionbank.Multiple, in)
}

// truefalse finds the answers by their texts; the one with 100 % decides.
func (q *question) truefalse() {
	options := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	var correct []int
	for i, n := range q.all("answer") {
		side := 0
		switch strings.ToLower(plain(n)) {
		case "true", "1", "benar", "betul", "ya", "wahr", "vrai", "verdadero", "waar":
		case "false", "0", "salah", "tidak", "falsch", "faux", "falso", "onwaar":
			side = 1
		default:
			side = min(i, 1)
			q.warn(n, "questionbank.moodlexml.truth_unreadable", "correct", plain(n))
		}
		q.place(optionField("option", side), n)
		options[side].Reason = q.text(n.Find("feedback"), optionField("reason", side)).Markdown
		if points := q.points(n, "correct"); points > 0 {
			if len(correct) > 0 {
				q.warn(n, "questionbank.moodlexml.many_full", "correct")
			}
			correct = []int{side}
		}
	}
	q.set(questionbank.TrueFalse, questionbank.NewChoice(questionbank.TrueFalse, options, correct))
}
