package xlsx

import (
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/questionbank"
)

// typeOf is the canonical type of the row: by its own word, else by what the
// row holds.
func (r *row) typeOf(options []questionbank.Option) string {
	raw := r.text(fType)
	word := sheet.Title(raw)
	if t, ok := typeWords[word]; ok {
		return t
	}
	if t, ok := typeDigit(word, len(options) > 0); ok {
		return t
	}
	if raw != "" {
		if r.own {
			r.reject(fault.New(fault.Invalid, "questionbank.import.type_unknown", raw), fType)
		} else {
			r.warn(fault.New(fault.Invalid, "questionbank.import.type_guessed", raw), fType)
		}
	}
	return r.guess(options)
}

// typeDigit reads the digits of CandyCBT (1 choice, 2 essay) and of GarudaCBT
// (1 choice, 2 complex choice, 3 match, 4 short, 5 essay). Both use 2: with
// options it is a choice.
func typeDigit(digit string, withOptions bool) (string, bool) {
	switch {
	case digit == "1":
		return "single", true
	case digit == "2" && withOptions:
		return "multiple", true
	case digit == "2", digit == "5":
		return "essay", true
	case digit == "3":
		return "match", true
	case digit == "4":
		return "short", true
	}
	return "", false
}

func (r *row) guess(options []questionbank.Option) string {
	key := r.text(fCorrect)
	switch {
	case r.kprim:
		return "matrix"
	case r.text(fPoints) != "":
		return string(questionbank.SJT)
	case len(options) == 0 && key == "":
		return "essay"
	case len(options) == 0:
		if _, ok := parseTruth(key); ok {
			return string(questionbank.TrueFalse)
		}
		return "short"
	case len(options) == 2 && isTruth(options):
		return string(questionbank.TrueFalse)
	}
	if places, ok := parseKey(key, options); ok && len(places) > 1 || r.flagged() > 1 {
		return string(questionbank.Multiple)
	}
	return string(questionbank.Single)
}

func isTruth(options []questionbank.Option) bool {
	first, ok := parseTruth(options[0].Text)
	second, ok2 := parseTruth(options[1].Text)
	return ok && ok2 && first == 0 && second == 1
}

// interaction builds the answer part of a type we carry.
func (r *row) interaction(t questionbank.Type, options []questionbank.Option) questionbank.Interaction {
	r.gaps(t, options)
	switch t {
	case questionbank.TrueFalse:
		return r.truth(options)
	case questionbank.SJT:
		return r.shuffled(r.graded(options))
	default:
		return r.shuffled(questionbank.NewChoice(t, options, r.correct(options)))
	}
}

// gaps finds an option left out between two others. Options never move up by
// themselves: the key names their letters.
func (r *row) gaps(t questionbank.Type, options []questionbank.Option) {
	if t == questionbank.TrueFalse && len(options) <= 2 {
		return
	}
	for i, o := range options {
		if strings.TrimSpace(o.Text) == "" {
			r.reject(fault.New(fault.Invalid, "questionbank.option_empty", questionbank.OptionID(i)), questionbank.OptionField("option", i))
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
			r.reject(fault.New(fault.Invalid, "questionbank.truefalse_options"), questionbank.OptionField("option", i))
			break
		}
	}
	if len(options) > 2 {
		r.reject(fault.New(fault.Invalid, "questionbank.truefalse_options"), questionbank.OptionField("option", 2))
	}
	key := r.text(fCorrect)
	place, ok := parseTruth(key)
	if !ok && !r.own && len(options) == 2 && strings.EqualFold(key, "A") {
		place, ok = 0, true
	}
	switch {
	case key == "":
		r.reject(fault.New(fault.Invalid, "questionbank.key_empty"), fCorrect)
	case !ok:
		r.reject(fault.New(fault.Invalid, "questionbank.import.truth_unreadable", key), fCorrect)
	}
	return questionbank.NewChoice(questionbank.TrueFalse, fixed, []int{place})
}

// graded is a situational-judgement item: every option needs its worth. The
// key cell may repeat the best one, and must not contradict it.
func (r *row) graded(options []questionbank.Option) questionbank.Interaction {
	points, err := parsePoints(r.text(fPoints))
	if err != nil || len(points) != len(options) {
		r.reject(fault.New(fault.Invalid, "questionbank.import.points_unreadable", r.text(fPoints)).Because(err), fPoints)
		return questionbank.NewChoice(questionbank.SJT, options, nil)
	}
	for i := range options {
		worth, ok := points[i]
		if !ok {
			r.reject(fault.New(fault.Invalid, "questionbank.import.points_unreadable", r.text(fPoints)), fPoints)
			break
		}
		options[i].Points = worth
	}
	if key := r.text(fCorrect); key != "" {
		places, ok := parseKey(key, options)
		if !ok || !slices.Equal(places, best(options)) {
			r.reject(fault.New(fault.Invalid, "questionbank.import.key_not_best", key), fCorrect)
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
		r.reject(fault.New(fault.Invalid, "questionbank.key_empty"), fCorrect)
		return nil
	}
	places, ok := parseKey(key, options)
	if !ok {
		r.reject(fault.New(fault.Invalid, "questionbank.import.key_unreadable", key), fCorrect)
		return nil
	}
	for _, p := range places {
		if p >= len(options) || options[p].Text == "" {
			r.reject(fault.New(fault.Invalid, "questionbank.key_no_option", questionbank.OptionID(p)), fCorrect)
			return nil
		}
	}
	return places
}

var noMarks = []string{"0", "FALSE", "SALAH", "TIDAK", "N", "NO"}

func (r *row) flags() []int {
	var places []int
	for i := range questionbank.MaxOptions {
		mark := r.text(flagField(i)) // "X", "v", "✓", "TRUE", "1"
		if mark != "" && !slices.Contains(noMarks, sheet.Title(mark)) && mark != "-" {
			places = append(places, i)
		}
	}
	return places
}

func (r *row) flagged() int { return len(r.flags()) }

// shuffled takes "Tidak" in the column acak_opsi as: keep the author's order.
func (r *row) shuffled(in questionbank.Interaction) questionbank.Interaction {
	switch sheet.Title(r.text(fShuffle)) {
	case "TIDAK", "FALSE", "0", "N", "NO":
		in.Shuffle = false
	case "", "YA", "TRUE", "1", "Y", "YES":
	default:
		r.warn(fault.New(fault.Invalid, "questionbank.import.shuffle_unreadable", r.text(fShuffle)), fShuffle)
	}
	return in
}
