package xlsx

import (
	"slices"
	"strings"

	"cakap/internal/sheet"
	"cakap/questionbank"
	"cakap/scoring"
)

// answer builds the interactions of the content's type.
func (r *row) answer(c *questionbank.Content, options []questionbank.Option) {
	var in questionbank.Interaction
	switch c.Type {
	case questionbank.Info:
		return
	case questionbank.TrueFalse:
		in = r.truth(options)
	case questionbank.SJT:
		r.holes(options)
		in = r.shuffled(r.graded(options))
	case questionbank.Match, questionbank.Matrix:
		r.holes(options)
		in = r.pairs(c.Type, options)
	case questionbank.Order:
		r.holes(options)
		in = r.order(options)
	case questionbank.Short:
		in = r.textAnswer()
	case questionbank.Numeric:
		in = r.numberAnswer()
	case questionbank.Cloze:
		c.Stem = r.markGaps(c.Stem)
		c.Interactions = r.gapAnswers(c.Stem)
		return
	case questionbank.Hotspot:
		r.holes(options)
		in = r.areas(options)
	case questionbank.Essay:
		in = questionbank.Interaction{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}}
		c.Rubric = r.rubric(options)
	case questionbank.Survey:
		in = r.survey(options)
	default:
		r.holes(options)
		in = r.shuffled(questionbank.NewChoice(c.Type, options, r.correct(options)))
	}
	c.Interactions = []questionbank.Interaction{in}
}

// holes finds an option left out between two others. Options never move up by
// themselves: the key names their letters.
func (r *row) holes(options []questionbank.Option) {
	for i, o := range options {
		if strings.TrimSpace(o.Text) == "" && !r.pictured(i) {
			r.reject(invalid("questionbank.option_empty", questionbank.OptionID(i)), optionField(i))
		}
	}
}

// truth is a true/false item. Its option cells may be empty.
func (r *row) truth(options []questionbank.Option) questionbank.Interaction {
	fixed := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	for i := range fixed {
		if i >= len(options) {
			break
		}
		fixed[i].Reason = options[i].Reason
		if place, ok := parseTruth(options[i].Text); options[i].Text != "" && (!ok || place != i) {
			r.reject(invalid("questionbank.truefalse_options"), optionField(i))
			break
		}
	}
	if len(options) > 2 {
		r.reject(invalid("questionbank.truefalse_options"), optionField(2))
	}
	key := r.text(fCorrect)
	place, ok := parseTruth(key)
	if !ok && !r.own && len(options) == 2 && strings.EqualFold(key, "A") {
		place, ok = 0, true
	}
	switch {
	case key == "":
		r.reject(invalid("questionbank.key_empty"), fCorrect)
	case !ok:
		r.reject(invalid("questionbank.import.truth_unreadable", key), fCorrect)
	}
	return questionbank.NewChoice(questionbank.TrueFalse, fixed, []int{place})
}

// graded is a situational-judgement item: every option needs its worth. The
// key cell may repeat the best one, and must not contradict it.
func (r *row) graded(options []questionbank.Option) questionbank.Interaction {
	points, err := parsePoints(r.text(fPoints))
	if err != nil || len(points) != len(options) {
		r.reject(invalid("questionbank.import.points_unreadable", r.text(fPoints)).Because(err), fPoints)
		return questionbank.NewChoice(questionbank.SJT, options, nil)
	}
	for i := range options {
		worth, ok := points[i]
		if !ok {
			r.reject(invalid("questionbank.import.points_unreadable", r.text(fPoints)), fPoints)
			break
		}
		options[i].Points = worth
	}
	if key := r.text(fCorrect); key != "" {
		places, ok := parseKey(key, options)
		if !ok || !slices.Equal(places, best(options)) {
			r.reject(invalid("questionbank.import.key_not_best", key), fCorrect)
		}
	}
	return questionbank.NewChoice(questionbank.SJT, options, nil)
}

// best is the places of the options worth most.
func best(options []questionbank.Option) []int {
	var places []int
	for i, o := range options {
		switch {
		case len(places) == 0 || o.Points > options[places[0]].Points:
			places = []int{i}
		case o.Points == options[places[0]].Points:
			places = append(places, i)
		}
	}
	return places
}

// correct is the places of the right options, from the key cell or from the
// flags beside the options.
func (r *row) correct(options []questionbank.Option) []int {
	key := r.text(fCorrect)
	if key == "" && r.flagged() > 0 {
		return r.flags()
	}
	if key == "" {
		r.reject(invalid("questionbank.key_empty"), fCorrect)
		return nil
	}
	places, ok := parseKey(key, options)
	if !ok {
		r.reject(invalid("questionbank.import.key_unreadable", key), fCorrect)
		return nil
	}
	for _, p := range places {
		if p >= len(options) || options[p].Text == "" && !r.pictured(p) {
			r.reject(invalid("questionbank.key_no_option", questionbank.OptionID(p)), fCorrect)
			return nil
		}
	}
	return places
}

var noMarks = []string{"0", "FALSE", "SALAH", "TIDAK", "N", "NO"}

func (r *row) flags() []int {
	var places []int
	for i := range strangeOptions {
		field := flagFields[i]
		if !r.has(field) {
			continue
		}
		mark := r.text(field) // "X", "v", "✓", "TRUE", "1"
		if mark != "" && !slices.Contains(noMarks, sheet.Title(mark)) && mark != "-" {
			places = append(places, i)
		}
	}
	return places
}

func (r *row) flagged() int { return len(r.flags()) }

// order is a sequence: the key names its letters in the right order, and where
// it is empty the options stand in it already.
func (r *row) order(options []questionbank.Option) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderAbsolute, Options: options, Shuffle: true}
	letter(in.Options)
	places := make([]int, len(options))
	for i := range places {
		places[i] = i
	}
	if key := r.text(fCorrect); key != "" {
		given, ok := parseSequence(key)
		sorted := slices.Sorted(slices.Values(given))
		if !ok || !slices.Equal(sorted, places) {
			r.reject(invalid("questionbank.xlsx.sequence_unreadable", key), fCorrect)
			return in
		}
		places = given
	}
	for _, p := range places {
		in.Correct = append(in.Correct, questionbank.OptionID(p))
	}
	return r.shuffled(in)
}

// parseSequence reads "C, A, B" or "3-1-2" as places in their order.
func parseSequence(raw string) ([]int, bool) {
	var places []int
	for part := range strings.FieldsFuncSeq(strings.ToUpper(raw), func(r rune) bool { return strings.ContainsRune(" ,;-–>→\n\t", r) }) {
		switch place, ok := parsePlace(part); {
		case ok:
			places = append(places, place)
		case keyLetters.MatchString(part):
			for _, c := range part {
				places = append(places, int(c-'A'))
			}
		default:
			return nil, false
		}
	}
	return places, len(places) > 0
}

// survey is a question that is answered and never scored.
func (r *row) survey(options []questionbank.Option) questionbank.Interaction {
	if key := r.text(fCorrect); key != "" {
		r.warn(invalid("questionbank.xlsx.survey_key"), fCorrect)
	}
	if len(options) == 0 {
		return questionbank.Interaction{Kind: questionbank.EssayKind, Rule: scoring.None, Options: []questionbank.Option{}}
	}
	r.holes(options)
	return r.shuffled(questionbank.NewChoice(questionbank.Survey, options, nil))
}

// rubric is an essay's criteria, one in each option cell, with their points in
// bobot_opsi and what earns how much in the reasons.
func (r *row) rubric(options []questionbank.Option) []questionbank.Criterion {
	if key := r.text(fCorrect); key != "" {
		r.warn(invalid("questionbank.xlsx.essay_key"), fCorrect)
	}
	if len(options) == 0 {
		return nil
	}
	r.holes(options)
	points, err := parsePoints(r.text(fPoints))
	rubric := make([]questionbank.Criterion, len(options))
	for i, o := range options {
		worth, ok := points[i]
		if !ok || worth%scoring.Point != 0 {
			r.reject(invalid("questionbank.xlsx.rubric_points", r.text(fPoints)).Because(err), fPoints)
			return nil
		}
		rubric[i] = questionbank.Criterion{Name: o.Text, Guide: o.Reason, Points: int(worth / scoring.Point)}
	}
	return rubric
}

// letter gives options their ids by place.
func letter(options []questionbank.Option) {
	for i := range options {
		options[i].ID = questionbank.OptionID(i)
	}
}
