package assessment

import (
	"slices"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// Stage is the mark an answer waits for.
type Stage string

// The stages. A third mark is asked for where two lie too far apart.
const (
	FirstMark  Stage = "first"
	SecondMark Stage = "second"
	ThirdMark  Stage = "third"
	Decided    Stage = "decided"
)

// Mark is what one marker gave for one answer.
type Mark struct {
	Marker  int64
	Place   int   // 1, 2, or 3 for the one that decides
	Points  []int // of each criterion, in the rubric's order
	Comment string
	version int
}

// Total is the points of all criteria.
func (m Mark) Total() int {
	sum := 0
	for _, p := range m.Points {
		sum += p
	}
	return sum
}

// farApart is the difference of two marks, in percent of all points, above
// which a third person decides.
const farApart = 20

// share is the part of an answer's points that was earned, as a fraction.
type share struct{ earned, whole int }

// of is that part of most, rounded half up.
func (s share) of(most scoring.Micro) scoring.Micro {
	if s.whole <= 0 {
		return 0
	}
	earned, whole := scoring.Micro(s.earned), scoring.Micro(s.whole)
	return (2*most*earned + whole) / (2 * whole)
}

// decide says what marks come to, whole being the rubric's points: with one
// marker the mark; with two the mean of two that lie close together, else what
// the third person gave.
func decide(marks []Mark, by Marking, whole int) (share, Stage) {
	marks = slices.Clone(marks)
	slices.SortFunc(marks, func(a, b Mark) int { return a.Place - b.Place })
	switch n := len(marks); {
	case n == 0:
		return share{}, FirstMark
	case by != MarkedByTwo:
		return share{marks[0].Total(), whole}, Decided
	case n == 1:
		return share{}, SecondMark
	case (max(marks[0].Total(), marks[1].Total())-min(marks[0].Total(), marks[1].Total()))*100 <= farApart*whole:
		return share{marks[0].Total() + marks[1].Total(), 2 * whole}, Decided
	case n == 2:
		return share{}, ThirdMark
	default:
		return share{marks[2].Total(), whole}, Decided
	}
}

// rubric is the criteria an essay is marked by. An item without any has one,
// nameless, of ten points.
func rubric(c questionbank.Content) []questionbank.Criterion {
	if len(c.Rubric) > 0 {
		return c.Rubric
	}
	return []questionbank.Criterion{{Points: 10}}
}

func whole(criteria []questionbank.Criterion) int {
	sum := 0
	for _, c := range criteria {
		sum += c.Points
	}
	return sum
}

// fits refuses points that the rubric does not have.
func fits(points []int, criteria []questionbank.Criterion, comment string) error {
	var faults []*fault.Fault
	if len(points) != len(criteria) {
		return fault.New(fault.Malformed, "error.malformed")
	}
	for i, c := range criteria {
		if points[i] < 0 || points[i] > c.Points {
			faults = append(faults, fault.New(fault.Invalid, "assessment.mark_points", i+1, c.Points).On(CriterionField(i)))
		}
	}
	if !written(comment, maxComment, "\n\t") {
		faults = append(faults, fault.New(fault.Invalid, "assessment.mark_comment", maxComment).On("comment"))
	}
	return fault.Join(faults)
}

const maxComment = 2000

// CriterionField names the form field of a criterion, counted from 0.
func CriterionField(i int) string { return "p" + string(rune('a'+i)) }

// byHand is the points of a key that markers give.
func byHand(k scoring.Key) scoring.Micro {
	if k.Rule == scoring.Manual {
		return k.Max
	}
	var sum scoring.Micro
	for _, p := range k.Parts {
		sum += byHand(p)
	}
	return sum
}

// forMarker reports whether value holds a text that a marker has to read.
func forMarker(k scoring.Key, value string) bool {
	if !k.ByHand() || value == "" {
		return false
	}
	if len(k.Parts) == 0 {
		return true
	}
	for i, v := range Split(value, len(k.Parts)) {
		if v != "" && k.Parts[i].ByHand() {
			return true
		}
	}
	return false
}
