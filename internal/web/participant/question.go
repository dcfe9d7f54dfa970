package participant

import (
	"strings"

	"cakap/assessment"
	"cakap/internal/web/question"
	"cakap/questionbank"
	"cakap/scoring"
)

// group is the questions of one aspect.
type group struct {
	Code, Name, Short string
	Asked             int // questions that ask for an answer
	Done              int
	Questions         []asked
}

// Label names the group in the list of questions.
func (g group) Label() string {
	if g.Code == extraCode {
		return g.Short
	}
	return g.Code + " " + g.Short
}

// asked is one position of the form.
type asked struct {
	N, Total int
	Aspect   string
	Name     string // of the aspect
	question.View
	Value   string
	Letters bool // Value is letters that people see
	Most    int  // most options that should be chosen, 0 for no limit
	Fill    assessment.Fill
	Doubt   bool
}

// Over reports whether more options are chosen than the question asks for. Such
// an answer is kept and scored as it stands: no answer is lost because of a
// number, and the person is told.
func (q asked) Over() bool { return q.Most > 0 && len(q.Value) > q.Most }

// Spoken is how a screen reader hears the question's cell in the list.
func (q asked) Spoken() string {
	var text string
	switch {
	case q.Fill == assessment.Unasked:
		text = ", bacaan tanpa jawaban"
	case q.Fill == assessment.Empty:
		text = ", belum dijawab"
	case q.Fill == assessment.Partly:
		text = ", terjawab sebagian"
	case q.Letters:
		text = ", terjawab, pilihan " + strings.Join(strings.Split(q.Value, ""), " dan ")
	default:
		text = ", terjawab"
	}
	if q.Doubt {
		text = ", ragu-ragu" + text
	}
	return text
}

// Cell is what the question's cell shows besides its number.
func (q asked) Cell() string {
	switch {
	case q.Fill == assessment.Unasked:
		return "i"
	case q.Fill == assessment.Empty:
		return ""
	case q.Fill == assessment.Partly:
		return "½"
	case q.Letters:
		return q.Value
	default:
		return "✓"
	}
}

// Class is the look of the question's cell.
func (q asked) Class() string {
	var classes []string
	if q.Fill > assessment.Empty {
		classes = append(classes, "done")
	}
	if q.Doubt {
		classes = append(classes, "doubt")
	}
	return strings.Join(classes, " ")
}

// Prev and Next are the neighbours, 0 where there is none.
func (q asked) Prev() int { return q.N - 1 }

// Next is the following question, or 0 for the review.
func (q asked) Next() int {
	if q.N == q.Total {
		return 0
	}
	return q.N + 1
}

// asked shows one position; what was rendered once is kept.
func (p pages) asked(item assessment.PaperItem, total int) (asked, error) {
	parts := item.Delivery.Parts
	q := asked{
		N: item.Position, Total: total, Aspect: item.Aspect.Code(), Name: aspectNames[item.Aspect][0],
		Value: item.Value, Fill: item.Fill(), Doubt: item.Doubt,
		Letters: len(parts) == 1 && parts[0].Kind == questionbank.ChoiceKind,
	}
	if part := item.Delivery.Part(); len(parts) == 1 && part.Many && part.Kind != questionbank.PairsKind {
		q.Most = part.Max
	}
	if item.Aspect == scoring.Total {
		q.Aspect = extraCode
	}
	var err error
	q.View, err = question.Show(question.Item{N: item.Position, Delivery: item.Delivery, Values: item.Values(), Known: p.texts, Key: item.Ref})
	return q, err
}
