package cloze

import (
	"math/big"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// Write is the inverse of Parse: stem is HTML with held gaps. A part without a
// gap comes after the text, below its prompt. What embedded answers cannot say
// is left out and returned.
func Write(stem string, parts []questionbank.Interaction) (text string, losses []*fault.Fault) {
	return WriteMedia(stem, parts, nil)
}

// WriteMedia is Write for parts whose options may show pictures: src gives each
// medium its address, as in rich.ToHTML.
func WriteMedia(stem string, parts []questionbank.Interaction, src func(name string) string) (text string, losses []*fault.Fault) {
	w := writer{src: src}
	placed := make([]bool, len(parts))
	text = questionbank.FillGaps(stem, func(i int) string {
		if i < 0 || i >= len(parts) || placed[i] {
			return ""
		}
		placed[i] = true
		return w.part(i, parts[i])
	})
	for i, in := range parts {
		if !placed[i] {
			text += "<p>" + w.prompt(in) + w.part(i, in) + "</p>"
		}
	}
	return text, w.losses
}

type writer struct {
	src    func(string) string
	losses []*fault.Fault
}

func (w *writer) lose(key string, i int) {
	w.losses = append(w.losses, fault.New(fault.Invalid, key, i+1).On(questionbank.PartField(i)))
}

func (w *writer) prompt(in questionbank.Interaction) string {
	if in.Prompt == "" {
		return ""
	}
	return rich.ToHTML(in.Prompt, w.src) + " "
}

func (w *writer) part(i int, in questionbank.Interaction) string {
	var name string
	var answers []string
	switch in.Kind {
	case questionbank.ChoiceKind, questionbank.InlineKind:
		name, answers = w.choice(i, in)
	case questionbank.TextKind:
		name, answers = w.texts(i, in)
	case questionbank.NumberKind:
		name, answers = "NUMERICAL", w.numbers(i, in)
	}
	if len(answers) == 0 || in.Rule == scoring.None {
		w.lose("questionbank.cloze.part_lost", i)
		return ""
	}
	return "{" + strconv.Itoa(max(in.Share, 1)) + ":" + name + ":" + strings.Join(answers, "~") + "}"
}

func (w *writer) choice(i int, in questionbank.Interaction) (name string, answers []string) {
	switch {
	case in.Many:
		name = "MULTIRESPONSE"
	case in.Kind == questionbank.ChoiceKind:
		name = "MULTICHOICE_V" // buttons below each other, as our pages have them
	default:
		name = "MULTICHOICE"
	}
	if in.Shuffle {
		name += map[bool]string{true: "S", false: "_S"}[strings.Contains(name, "_")]
	}
	if in.Many && in.Rule == scoring.AllOrNothing {
		w.lose("questionbank.cloze.all_or_nothing", i)
	}
	for j, points := range shares(in) {
		o := in.Options[j]
		answers = append(answers, w.answer(points, rich.ToHTML(rich.OptionMarkdown(o), w.src), o.Reason))
	}
	return name, answers
}

// shares is what each option of a choice earns. Several right ones earn
// everything together; Moodle, like Parse, divides by their sum.
func shares(in questionbank.Interaction) []scoring.Micro {
	key := in.Key()
	if len(key.Points) == len(in.Options) {
		return key.Points
	}
	points := make([]scoring.Micro, len(in.Options))
	distractors := scoring.Micro(len(in.Options) - len(key.Correct))
	for j := range points {
		if in.Rule == scoring.PerOption && distractors > 0 {
			points[j] = -scoring.Point / distractors
		}
	}
	for _, j := range key.Correct {
		if j >= 0 && j < len(points) {
			points[j] = scoring.Point
		}
	}
	return points
}

// answer writes one alternative. A text that begins like a share gets one in
// front, so that it is not taken for it.
func (w *writer) answer(points scoring.Micro, html, reason string) string {
	prefix := ""
	switch {
	case points == scoring.Point:
		prefix = "="
	case points != 0 || strings.HasPrefix(html, "=") || strings.HasPrefix(html, "%"):
		prefix = "%" + Percent(points) + "%"
	}
	out := prefix + escape(oneLine(html))
	if reason != "" {
		out += "#" + escape(oneLine(rich.ToHTML(reason, w.src)))
	}
	return out
}

// oneLine keeps an alternative on its line; HTML does not mind, but for <pre>.
func oneLine(html string) string {
	if strings.Contains(html, "<pre") {
		return html
	}
	return strings.ReplaceAll(html, "\n", " ")
}

// Percent writes points, of which scoring.Point is the whole, as Moodle does.
func Percent(points scoring.Micro) string {
	return strconv.FormatFloat(float64(points)*100/float64(scoring.Point), 'f', -1, 64)
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// texts writes the answers of a short text. Moodle has one switch for capitals
// in all of them.
func (w *writer) texts(i int, in questionbank.Interaction) (name string, answers []string) {
	exact := 0
	for _, t := range in.Texts {
		if t.Case {
			exact++
		}
		answers = append(answers, w.answer(t.Points, entities.Replace(Pattern(t)), t.Reason))
	}
	if exact > 0 && exact < len(in.Texts) {
		w.lose("questionbank.cloze.case_mixed", i)
	}
	if exact > 0 {
		return "SHORTANSWER_C", answers
	}
	return "SHORTANSWER", answers
}

func (w *writer) numbers(i int, in questionbank.Interaction) (answers []string) {
	for _, n := range in.Numbers {
		if n.OpenLow || n.OpenHigh {
			w.lose("questionbank.cloze.open_range", i)
		}
		answers = append(answers, w.answer(n.Points, Tolerance(n), n.Reason))
	}
	return answers
}

// Tolerance writes a number or a range as Moodle has them, a value and how far
// an answer may be from it.
func Tolerance(n questionbank.Number) string {
	if n.Any {
		return "*"
	}
	if n.Value != "" && (n.Tolerance == "" || !n.Relative) {
		if n.Tolerance == "" {
			return n.Value
		}
		return n.Value + ":" + n.Tolerance
	}
	lowText, highText := n.Range()
	low, okLow := scoring.ParseNumber(lowText)
	high, okHigh := scoring.ParseNumber(highText)
	if !okLow || !okHigh {
		return n.Value
	}
	half := big.NewRat(1, 2)
	middle := new(big.Rat).Mul(new(big.Rat).Add(low, high), half)
	width := new(big.Rat).Mul(new(big.Rat).Sub(high, low), half)
	return decimal(middle) + ":" + decimal(width)
}

// decimal writes an exact decimal; halves of decimals always end.
func decimal(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	return x.FloatString(digits)
}
