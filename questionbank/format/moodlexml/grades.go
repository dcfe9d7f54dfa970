package moodlexml

import (
	"math"
	"strconv"
	"strings"

	"cakap/scoring"
)

// grades are the fractions that Moodle knows (question/engine/bank.php,
// fraction_options_full), in percent; each also with a minus. Others stop its
// import or are moved to the nearest.
var grades = [...]float64{
	100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10, 5, 0,
}

// percent is one hundredth of a point.
const percent = scoring.Point / 100

// rounding is how far a fraction may lie from one of the list and still be that
// one: Moodle rounds to five decimals, our points to four of a percent.
const rounding = percent / 100

// snap is the fraction of the list that lies nearest, as Moodle writes it.
func snap(points scoring.Micro) (text string, moved bool) {
	want := float64(points) / float64(percent)
	best := grades[0]
	for _, g := range grades {
		for _, g := range [...]float64{g, -g} {
			if math.Abs(g-want) < math.Abs(best-want) {
				best = g
			}
		}
	}
	moved = math.Abs(best-want)*float64(percent) > float64(rounding)
	return strconv.FormatFloat(best+0, 'f', -1, 64), moved
}

// fraction reads the percentage of an answer; listed says whether Moodle's
// list has it.
func fraction(text string) (points scoring.Micro, listed, ok bool) {
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > 10_000 {
		return 0, false, false
	}
	points = scoring.Micro(math.Round(x * float64(percent)))
	_, moved := snap(points)
	return points, !moved, true
}

// micro reads a decimal of points, "2.5"; ok is false for what is no number of
// a sensible size.
func micro(text string) (scoring.Micro, bool) {
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > 1_000_000 {
		return 0, false
	}
	return scoring.Micro(math.Round(x * float64(scoring.Point))), true
}

// decimal is micro's inverse.
func decimal(m scoring.Micro) string {
	return strconv.FormatFloat(float64(m)/float64(scoring.Point), 'f', -1, 64)
}
