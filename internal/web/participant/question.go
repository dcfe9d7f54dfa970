package participant

import (
	"strconv"
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

	first  int  // position of the first question of the part
	leaves bool // the last of a part that cannot be gone back to
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

// onward is the button that leaves a part of a sequential form.
const onward = "maju"

// Prev is the question before, 0 where none can be gone back to.
func (q asked) Prev() int {
	if q.N <= q.first {
		return 0
	}
	return q.N - 1
}

// Next is where the button of the question leads: the number of the question
// behind, onward, or the review.
func (q asked) Next() string {
	switch {
	case q.leaves:
		return onward
	case q.N == q.Total:
		return "tinjau"
	}
	return strconv.Itoa(q.N + 1)
}

// Review reports whether the review is what comes next.
func (q asked) Review() bool { return q.Next() == "tinjau" }

// Leaves reports whether the button locks what is behind it.
func (q asked) Leaves() bool { return q.leaves }

// within tells a question of a sequential form where its part begins and ends.
func (q *asked) within(paper assessment.Paper) {
	q.first = paper.Items[0].Position
	q.leaves = q.N == paper.Items[len(paper.Items)-1].Position && !paper.Last()
}

// asked shows one position; what was rendered once is kept.
func (p pages) asked(item assessment.PaperItem, total int) (asked, error) {
	parts := item.Delivery.Parts
	q := asked{
		N: item.Position, Total: total, first: 1, Aspect: item.Aspect.Code(), Name: aspectNames[item.Aspect][0],
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
