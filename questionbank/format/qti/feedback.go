package qti

import (
	"cmp"
	"slices"

	"cakap/questionbank"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/tree"
)

// feedback is a text that an outcome brings up.
type feedback struct {
	outcome, id string
	hide        bool // it is shown unless the outcome has the id
	text        string
	placed      bool
}

func (it *item) feedback(n *tree.Node) {
	f := feedback{
		outcome: n.Get("outcomeIdentifier"), id: n.Get("identifier"), hide: n.Get("showHide") == "hide",
		text: it.markdown(n, n.Inner()),
	}
	if f.text != "" {
		it.feedbacks = append(it.feedbacks, f)
	}
}

// shown reports whether the outcomes bring the feedback up.
func (f feedback) shown(outcomes map[string]rp.Value) bool {
	return slices.Contains(outcomes[f.outcome].Texts(), f.id) != f.hide
}

// unplaced are the feedbacks that none of the item's own texts could take.
func (it *item) unplaced() []string {
	var texts []string
	for _, f := range it.feedbacks {
		if !f.placed && !slices.Contains(texts, f.text) {
			texts = append(texts, f.text)
		}
	}
	return texts
}

// seen is what came of one answer: the outcomes, the share of the points, and
// the option where the answer is just one.
type seen struct {
	outcomes map[string]rp.Value
	share    float64
	option   int // −1 where several parts or options were answered
}

// settle finds the text that each feedback belongs to: shown for right answers,
// for wrong ones, for half right ones, for one option, or for all.
func (it *item) settle(all []seen) {
	for i := range it.feedbacks {
		f := &it.feedbacks[i]
		if into := it.home(*f, all); into != nil {
			*into = joined(*into, f.text)
			f.placed = true
		}
	}
}

func joined(a, b string) string {
	if a == "" || a == b {
		return cmp.Or(a, b)
	}
	return a + "\n\n" + b
}

// home is the text a feedback belongs to; nil for none.
func (it *item) home(f feedback, all []seen) *string {
	var right, partly, wrong, rightAll, partlyAll, wrongAll int
	option, options := -1, 0
	for _, s := range all {
		up := 0
		if f.shown(s.outcomes) {
			up = 1
			if s.option >= 0 && s.option != option {
				option, options = s.option, options+1
			} else if s.option < 0 {
				options = 2
			}
		}
		switch {
		case s.share > 0.999:
			right, rightAll = right+up, rightAll+1
		case s.share > 0:
			partly, partlyAll = partly+up, partlyAll+1
		default:
			wrong, wrongAll = wrong+up, wrongAll+1
		}
	}
	c := &it.out.Content
	if c.Feedback == nil {
		c.Feedback = &questionbank.Feedback{}
	}
	none, every := partly+wrong == 0, partly+wrong == partlyAll+wrongAll
	switch {
	case right == rightAll && every && len(all) > 0:
		return &c.Rationale
	case right == rightAll && none && rightAll > 0:
		return &c.Feedback.Correct
	case right == 0 && every && wrongAll > 0, right == 0 && partly == 0 && wrong == wrongAll && wrongAll > 1:
		return &c.Feedback.Wrong
	case right+wrong == 0 && partly == partlyAll && partlyAll > 0:
		return &c.Feedback.Partial
	case options == 1 && len(it.parts) == 1 && option < len(it.parts[0].Options):
		return &it.parts[0].Options[option].Reason
	}
	return nil
}
