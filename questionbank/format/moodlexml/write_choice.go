package moodlexml

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// fractions is what Moodle shall pay for each option, exactly.
func fractions(in questionbank.Interaction) []scoring.Micro {
	out := make([]scoring.Micro, len(in.Options))
	whole := scoring.Point
	weighted := slices.ContainsFunc(in.Options, func(o questionbank.Option) bool { return o.Points != 0 })
	switch {
	case in.Rule == scoring.Graded, in.Rule == scoring.AllOrNothing && !in.Many:
		most := scoring.Micro(0)
		for _, o := range in.Options {
			most = max(most, o.Points)
		}
		if most > scoring.Point || in.Rule == scoring.Graded {
			whole = most
		}
	case in.Rule == scoring.Mapped:
		if whole = max(best(in.Options), scoring.Point); whole <= scoring.Point+10*rounding {
			whole = scoring.Point
		}
		if in.Cap > 0 {
			whole = in.Cap
		}
	}
	for i, o := range in.Options {
		switch {
		case in.Rule == scoring.AllOrNothing && in.Many:
			out[i] = -scoring.Point
			if slices.Contains(in.Correct, o.ID) {
				out[i] = scoring.Point / scoring.Micro(len(in.Correct))
			}
		case weighted:
			out[i] = scaled(o.Points, whole)
		default:
			out[i] = share(in, o.ID)
		}
	}
	return out
}

// scaled is points of a whole as millionths of one, rounded.
func scaled(points, whole scoring.Micro) scoring.Micro {
	if whole <= 0 || whole == scoring.Point {
		return points
	}
	if points < 0 {
		return -scaled(-points, whole)
	}
	return (2*points*scoring.Point + whole) / (2 * whole)
}

// share is what an option of a set key earns: an equal part of the whole, and
// of several to choose what is wrong takes as much away.
func share(in questionbank.Interaction, id string) scoring.Micro {
	keys := scoring.Micro(len(in.Correct))
	right := slices.Contains(in.Correct, id)
	switch others := scoring.Micro(len(in.Options)) - keys; {
	case right && in.Many:
		return scoring.Point / keys
	case right:
		return scoring.Point
	case in.Many:
		return -scoring.Point / max(others, 1)
	}
	return 0
}

func (o *output) multichoice() {
	in := o.c.Choice()
	o.line("<single>" + strconv.FormatBool(!in.Many) + "</single>")
	o.line("<shuffleanswers>" + strconv.FormatBool(in.Shuffle) + "</shuffleanswers>")
	written := slices.Clone(in.Options)
	for i, exact := range fractions(in) {
		text, moved := snap(exact)
		if moved {
			o.lose("questionbank.moodlexml.grade_moved", in.Options[i].ID, percentText(exact), text)
		}
		written[i].Points, _, _ = fraction(text)
		o.answer(text, in.Options[i])
	}
	o.remember(in, written)
	if in.Rule == scoring.AllOrNothing && in.Many {
		o.lose("questionbank.moodlexml.lost_rule")
	}
	if in.Min > 1 || in.Max > 1 {
		o.lose("questionbank.moodlexml.lost_limits")
	}
	var fixed []string
	for _, option := range in.Options {
		if option.Fixed {
			fixed = append(fixed, option.ID)
		}
	}
	if fixed != nil {
		o.note("fixed", strings.Join(fixed, ","))
		o.lose("questionbank.moodlexml.lost_fixed", strings.Join(fixed, ", "))
	}
}

func percentText(m scoring.Micro) string {
	return strconv.FormatFloat(float64(m)/float64(percent), 'f', -1, 64)
}

func (o *output) answer(fraction string, option questionbank.Option) {
	o.element(`answer fraction="`+fraction+`"`, toMarkup(rich.OptionMarkdown(option)), o.remark(option.Reason))
}

// remark is the feedback of one answer.
func (o *output) remark(reason string) string {
	if reason == "" {
		return ""
	}
	m := toMarkup(reason)
	return `<feedback format="` + m.format + `"><text>` + cdata(m.text) + "</text>" + o.files(m.media) + "</feedback>"
}

// remember notes what Moodle's percentages alone would not bring back.
func (o *output) remember(in questionbank.Interaction, written []questionbank.Option) {
	t, back, _ := derive(written, in.Many)
	same := slices.EqualFunc(back.Options, in.Options, func(a, b questionbank.Option) bool { return a.Points == b.Points })
	if t == o.c.Type && back.Rule == in.Rule && back.Cap == in.Cap && same && reflect.DeepEqual(back.Correct, in.Correct) {
		return
	}
	o.note("type", string(o.c.Type))
	o.note("rule", string(in.Rule))
	if slices.ContainsFunc(in.Options, func(o questionbank.Option) bool { return o.Points != 0 }) {
		points := make([]string, len(in.Options))
		for i, option := range in.Options {
			points[i] = decimal(option.Points)
		}
		o.note("points", strings.Join(points, ","))
	}
	if in.Cap > 0 {
		o.note("cap", decimal(in.Cap))
	}
}

// truefalse writes the two answers as Moodle calls them; their texts here are
// always the same.
func (o *output) truefalse() {
	in := o.c.Choice()
	for i, name := range [...]string{"true", "false"} {
		if i >= len(in.Options) {
			break
		}
		fraction := "0"
		if slices.Contains(in.Correct, in.Options[i].ID) {
			fraction = "100"
		}
		o.line(`<answer fraction="` + fraction + `" format="moodle_auto_format">` + plainText(name) + o.remark(in.Options[i].Reason) + "</answer>")
	}
}
