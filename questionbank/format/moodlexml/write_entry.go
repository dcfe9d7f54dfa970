package moodlexml

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// listed is a share as Moodle has it, with a loss where it has another.
func (o *output) listed(points scoring.Micro, of string) string {
	text, moved := snap(points)
	if moved {
		o.lose("questionbank.moodlexml.grade_moved", of, percentText(points), text)
	}
	return text
}

func (o *output) shortanswer() {
	texts := o.c.Choice().Texts
	capitals := true
	var marks strings.Builder
	for _, t := range texts {
		capitals = capitals && t.Case
		marks.WriteString(map[bool]string{true: "1", false: "0"}[t.Case])
	}
	o.line("<usecase>" + map[bool]string{true: "1", false: "0"}[capitals] + "</usecase>")
	if !capitals && strings.Contains(marks.String(), "1") {
		o.note("case", marks.String())
		o.lose("questionbank.moodlexml.lost_case")
	}
	shares := make([]scoring.Micro, len(texts))
	for i, t := range texts {
		text := t.Text
		if !t.Wild {
			text = strings.ReplaceAll(text, "*", `\*`)
		}
		shares[i] = t.Points
		o.line(`<answer fraction="` + o.listed(t.Points, t.Text) + `" format="moodle_auto_format">` + plainText(text) + o.remark(t.Reason) + "</answer>")
	}
	o.shares(shares)
}

// shares notes those that Moodle's list cannot hold.
func (o *output) shares(shares []scoring.Micro) {
	texts := make([]string, len(shares))
	for i, s := range shares {
		texts[i] = decimal(s)
	}
	if slices.ContainsFunc(shares, func(s scoring.Micro) bool {
		text, _ := snap(s)
		back, _, _ := fraction(text)
		return back != s
	}) {
		o.note("points", strings.Join(texts, ","))
	}
}

func (o *output) numerical() {
	numbers := o.c.Choice().Numbers
	shares := make([]scoring.Micro, len(numbers))
	for i, n := range numbers {
		value, tol := centred(n)
		if typed := typedText(n); typed != "" {
			o.note("answer_"+strconv.Itoa(i+1), typed)
		}
		if n.OpenLow || n.OpenHigh {
			o.lose("questionbank.moodlexml.lost_open", typedText(n))
		}
		if tol == "" {
			tol = "0"
		}
		shares[i] = n.Points
		o.line(`<answer fraction="` + o.listed(n.Points, value) + `" format="moodle_auto_format">` + plainText(value) + o.remark(n.Reason) + "<tolerance>" + escape(tol) + "</tolerance></answer>")
	}
	o.shares(shares)
	if len(o.extra.Units) > 0 {
		o.line("<units>")
		for _, u := range o.extra.Units {
			o.line("  <unit><multiplier>" + escape(u.Multiplier) + "</multiplier><unit_name>" + escape(u.Name) + "</unit_name></unit>")
		}
		o.line("</units>")
	}
}

// centred is a number as Moodle has it, a value and what it may be off.
func centred(n questionbank.Number) (value, tolerance string) {
	if n.Any {
		return "*", ""
	}
	if n.Value != "" && !n.Relative {
		return n.Value, n.Tolerance
	}
	lowText, highText := n.Range()
	low, okLow := scoring.ParseNumber(lowText)
	high, okHigh := scoring.ParseNumber(highText)
	if !okLow || !okHigh {
		return n.Value, n.Tolerance
	}
	half := big.NewRat(1, 2)
	middle := new(big.Rat).Mul(new(big.Rat).Add(low, high), half)
	return exact(middle), exact(new(big.Rat).Mul(new(big.Rat).Sub(high, low), half))
}

func exact(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	return x.FloatString(digits)
}

// typedText is the inverse of parseTyped, "" for what Moodle writes the same.
func typedText(n questionbank.Number) string {
	switch {
	case n.Any:
		return ""
	case n.Value != "" && n.Relative:
		return n.Value + " ±" + n.Tolerance + "x"
	case n.Value != "":
		return ""
	}
	open, shut := "[", "]"
	if n.OpenLow {
		open = "("
	}
	if n.OpenHigh {
		shut = ")"
	}
	return open + n.Low + ".." + n.High + shut
}

// essay writes the rubric as the note for markers, each criterion below its
// name and points.
func (o *output) essay() {
	if lines := o.c.Choice().Lines; lines > 0 {
		o.line("<responsefieldlines>" + strconv.Itoa(lines) + "</responsefieldlines>")
	}
	if o.extra.Template != "" {
		o.rich("responsetemplate", o.extra.Template)
	}
	rubric := o.c.Rubric
	switch {
	case len(rubric) == 0:
		return
	case len(rubric) == 1 && rubric[0].Name == rubricName && rubric[0].Points == o.rubricPoints():
		o.rich("graderinfo", rubric[0].Guide)
		return
	}
	m := markup{format: "html"}
	points := make([]string, len(rubric))
	for i, c := range rubric {
		points[i] = strconv.Itoa(c.Points)
		guide := toMarkup(c.Guide)
		if guide.format != "html" {
			guide.text = rich.ToHTML(c.Guide, nil)
			o.lose("questionbank.moodlexml.lost_format", c.Name)
		}
		m.text += criterionHead + escape(c.Name+" ("+points[i]+")") + criterionEnd + "\n" + guide.text + "\n"
		m.media = append(m.media, guide.media...)
	}
	o.note("rubric", strings.Join(points, ","))
	o.element("graderinfo", m)
}

// rubricPoints is what a marker's note is worth when it is read.
func (o *output) rubricPoints() int {
	if worth := int(o.c.Worth / scoring.Point); worth >= 2 && worth <= 100 {
		return worth
	}
	return 10
}
