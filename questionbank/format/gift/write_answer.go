package gift

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
	"cakap/scoring"
)

// answer is the braces with what is in them, empty for a text that asks
// nothing.
func (o *output) answer() string {
	in := o.c.Choice()
	var lines []string
	switch {
	case o.c.Type == questionbank.Info:
		if o.c.Rationale != "" {
			o.mark("rationale", o.c.Rationale)
			o.lose("questionbank.gift.loss_rationale")
		}
		return ""
	case o.c.Type == questionbank.TrueFalse:
		return "{" + o.truth(in) + o.general("") + "}"
	case in.Kind == questionbank.EssayKind:
		return "{" + o.general("") + "}"
	case in.Kind == questionbank.TextKind:
		lines = o.texts(in)
	case in.Kind == questionbank.NumberKind:
		lines = o.numbers(in)
	case in.Kind == questionbank.PairsKind:
		lines = o.pairs(in)
	case in.Kind == questionbank.OrderKind:
		lines = o.entries(in)
	default:
		lines = o.options(in)
	}
	head := ""
	switch in.Kind {
	case questionbank.NumberKind:
		head = "#"
	case questionbank.OrderKind:
		head = orderSettings(in, o.extra.Order)
	}
	return "{" + head + "\n" + strings.Join(lines, "\n") + "\n" + o.general("\n") + "}"
}

// general is the rationale, shown to everybody after the answer.
func (o *output) general(end string) string {
	if o.c.Rationale == "" {
		return ""
	}
	return "####" + o.feedbackText(o.c.Rationale) + end
}

func (o *output) feedbackText(md string) string {
	text := o.format.write(o.clean(md))
	if strings.HasPrefix(text, "#") { // "####" and "#" would run together
		text = " " + text
	}
	return text
}

func (o *output) reason(md string) string {
	if md == "" {
		return ""
	}
	return "#" + o.feedbackText(md)
}

func (o *output) truth(in questionbank.Interaction) string {
	word, right, wrong := "TRUE", in.Options[0], in.Options[1]
	if slices.Contains(in.Correct, questionbank.OptionID(1)) {
		word, right, wrong = "FALSE", wrong, right
	}
	switch {
	case right.Reason != "":
		return word + "#" + o.feedbackText(wrong.Reason) + "#" + o.feedbackText(right.Reason)
	default:
		return word + o.reason(wrong.Reason)
	}
}

// options writes a choice: "=" before the best option of one to be chosen, a
// percentage before all others that count.
func (o *output) options(in questionbank.Interaction) []string {
	points := o.points(in)
	o.grades(points)
	lines := make([]string, len(in.Options))
	for i, option := range in.Options {
		sign := "~"
		switch {
		case points[i] == scoring.Point && !in.Many:
			sign = "="
		case points[i] != 0:
			sign = "~%" + percent(points[i]) + "%"
		}
		option.Text = o.cleanOption(option)
		text := o.format.writeOption(option)
		if strings.HasPrefix(text, "%") || bareWeight.MatchString(text) {
			text = "[" + string(o.format) + "]" + text
		}
		lines[i] = "\t" + sign + text + o.reason(option.Reason)
	}
	return lines
}

func (o *output) cleanOption(option questionbank.Option) string {
	if option.Rich {
		return o.clean(option.Text)
	}
	return option.Text
}

// points is what each option of a choice earns, in millionths of the whole.
func (o *output) points(in questionbank.Interaction) []scoring.Micro {
	points := make([]scoring.Micro, len(in.Options))
	own, noted := false, make([]string, len(in.Options))
	for i, option := range in.Options {
		points[i] = option.Points
		own = own || option.Points != 0
		noted[i] = strconv.FormatInt(int64(option.Points), 10)
	}
	mapped := in.Rule == scoring.Mapped
	if mapped || in.Rule == scoring.Graded {
		most := whole(points, in.Cap, mapped)
		if most <= 0 {
			return points
		}
		if most != scoring.Point || mapped {
			o.mark("points", strings.Join(noted, ","))
		}
		if in.Cap > 0 {
			o.mark("cap", strconv.FormatInt(int64(in.Cap), 10))
		}
		for i := range points {
			points[i] = ratio(points[i], most)
		}
		o.mark("rule", string(in.Rule))
		return points
	}
	if in.Rule == scoring.AllOrNothing && in.Many {
		o.mark("rule", string(scoring.AllOrNothing))
		o.lose("questionbank.gift.loss_all_or_nothing")
	}
	if own && o.says(in, points) {
		return points
	}
	return evenly(in)
}

// says reports that the points the file once had still say what the key does.
func (o *output) says(in questionbank.Interaction, points []scoring.Micro) bool {
	for i, p := range points {
		if (p > 0) != slices.Contains(in.Correct, in.Options[i].ID) {
			return false
		}
	}
	return in.Many || slices.Max(points) == scoring.Point
}

// evenly is per_option's own points for several keys, all for a single one.
func evenly(in questionbank.Interaction) []scoring.Micro {
	points := make([]scoring.Micro, len(in.Options))
	keys := scoring.Micro(len(in.Correct))
	distractors := scoring.Micro(len(in.Options)) - keys
	for i, option := range in.Options {
		switch {
		case slices.Contains(in.Correct, option.ID):
			points[i] = scoring.Point / keys
		case in.Many && distractors > 0:
			points[i] = -scoring.Point / distractors
		}
	}
	return points
}

// moodleGrades are the fractions that Moodle's import takes, in percent, with
// either sign (question/engine/bank.php).
var moodleGrades = []float64{0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80, 83.33333, 90, 100}

// grades tells which of an item's points Moodle will refuse.
func (o *output) grades(points []scoring.Micro) {
	var refused []string
	for _, p := range points {
		x := math.Abs(float64(p)) * 100 / float64(scoring.Point)
		known := slices.ContainsFunc(moodleGrades, func(g float64) bool { return math.Abs(g-x) < 0.001 })
		if text := percent(p) + "%"; !known && !slices.Contains(refused, text) {
			refused = append(refused, text)
		}
	}
	if len(refused) > 0 {
		o.lose("questionbank.export.moodle_grades", strings.Join(refused, ", "))
	}
}

func (o *output) texts(in questionbank.Interaction) []string {
	lines := make([]string, len(in.Texts))
	points := make([]scoring.Micro, len(in.Texts))
	var exact []string
	for i, t := range in.Texts {
		points[i] = t.Points
		if t.Case {
			exact = append(exact, strconv.Itoa(i+1))
		}
		lines[i] = "\t=%" + percent(t.Points) + "%" + o.format.writeTyped(cloze.Pattern(t)) + o.reason(t.Reason)
	}
	if len(exact) > 0 {
		o.mark("case", strings.Join(exact, ","))
		o.lose("questionbank.gift.loss_case")
	}
	o.grades(points)
	return lines
}

// numbers writes numbers and ranges. What stands last for everything else that
// earns nothing is Moodle's "~".
func (o *output) numbers(in questionbank.Interaction) []string {
	lines := make([]string, len(in.Numbers))
	points := make([]scoring.Micro, len(in.Numbers))
	special := false
	for i, n := range in.Numbers {
		points[i] = n.Points
		special = special || n.Relative || n.OpenLow || n.OpenHigh
		if n.OpenLow || n.OpenHigh {
			o.lose("questionbank.gift.loss_open_range")
		}
		if n.Any && n.Points == 0 && i == len(in.Numbers)-1 && n.Reason != "" {
			lines[i] = "\t~" + o.reason(n.Reason)
			continue
		}
		lines[i] = "\t=%" + percent(n.Points) + "%" + numberText(n) + o.reason(n.Reason)
	}
	if special {
		o.markJSON("numbers", in.Numbers)
	}
	o.grades(points)
	return lines
}

// numberText writes a number or a range; a relative tolerance as the range it
// comes to.
func numberText(n questionbank.Number) string {
	switch {
	case n.Any:
		return "*"
	case n.Relative && n.Tolerance != "":
		low, high := n.Range()
		return low + ".." + high
	case n.Value == "":
		return n.Low + ".." + n.High
	case n.Tolerance != "":
		return n.Value + ":" + n.Tolerance
	}
	return n.Value
}

// pairs writes a pair in each line, and targets of no pair after them.
func (o *output) pairs(in questionbank.Interaction) []string {
	partner := map[string]string{}
	for _, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		partner[row] = target
	}
	used := map[string]bool{}
	var lines, order []string
	line := func(left string, target questionbank.Option) {
		target.Text = o.cleanOption(target)
		lines = append(lines, "\t="+left+" -> "+o.format.writeOption(target))
		if !used[target.ID] {
			order = append(order, target.ID)
		}
		used[target.ID] = true
	}
	for _, row := range in.Options {
		i := slices.IndexFunc(in.Targets, func(t questionbank.Option) bool { return t.ID == partner[row.ID] })
		if i < 0 {
			o.lose("questionbank.gift.loss_row", row.ID)
			continue
		}
		row.Text = o.cleanOption(row)
		line(o.format.writeOption(row), in.Targets[i])
	}
	for _, target := range in.Targets {
		if !used[target.ID] {
			line("", target)
		}
	}
	if !slices.IsSortedFunc(order, func(a, b string) int { return targetNumber(a) - targetNumber(b) }) {
		o.mark("targets", strings.Join(order, ","))
	}
	o.reasons(in)
	return lines
}

// targetNumber is the number that a target's id is.
func targetNumber(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		return 0
	}
	return n
}

// entries writes what is to be ordered, in the right order.
func (o *output) entries(in questionbank.Interaction) []string {
	var lines, places []string
	for _, id := range in.Correct {
		i := slices.IndexFunc(in.Options, func(option questionbank.Option) bool { return option.ID == id })
		if i < 0 {
			continue
		}
		option := in.Options[i]
		option.Text = o.cleanOption(option)
		text := o.format.writeOption(option)
		if strings.HasPrefix(text, "//") { // no comment
			text = "[" + string(o.format) + "]" + text
		}
		lines, places = append(lines, text), append(places, strconv.Itoa(i+1))
	}
	if !slices.IsSortedFunc(places, func(a, b string) int { return targetNumber(a) - targetNumber(b) }) {
		o.mark("order", strings.Join(places, ","))
	}
	o.reasons(in)
	return lines
}

// reasons notes the reasons of rows, targets and entries.
func (o *output) reasons(in questionbank.Interaction) {
	reasons := map[string]string{}
	for _, option := range slices.Concat(in.Options, in.Targets) {
		if option.Reason != "" {
			reasons[option.ID] = option.Reason
		}
	}
	if len(reasons) > 0 {
		o.markJSON("reasons", reasons)
		o.lose("questionbank.gift.loss_reasons")
	}
}
