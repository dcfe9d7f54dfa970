package trainer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// The small texts that authors type where a key has several parts: numbers
// ("8 ± 0,5", "7 .. 9", "*"), shares ("50%"), areas ("rect 10,10,90,40") and
// the lines of a gap's key ("*HTTPS", "Format (50%)").

// numberText writes a number's answer; comma decimals, as its readers write.
func numberText(n questionbank.Number) string {
	switch {
	case n.Any:
		return "*"
	case n.Value == "":
		return comma(n.Low) + " .. " + comma(n.High)
	case n.Tolerance == "":
		return comma(n.Value)
	case n.Relative:
		return comma(n.Value) + " ± " + comma(n.Tolerance) + "×"
	default:
		return comma(n.Value) + " ± " + comma(n.Tolerance)
	}
}

func comma(decimal string) string { return strings.Replace(decimal, ".", ",", 1) }
func point(text string) string {
	return strings.Replace(strings.Join(strings.Fields(text), ""), ",", ".", 1)
}

var plusMinus = regexp.MustCompile(`±|\+/-|\+-`)

// parseNumber is the inverse of numberText; what it cannot read stays in
// Value, where Validate says so.
func parseNumber(text string) questionbank.Number {
	text = strings.TrimSpace(text)
	if text == "*" {
		return questionbank.Number{Any: true}
	}
	if low, high, ok := strings.Cut(text, ".."); ok {
		return questionbank.Number{Low: point(low), High: point(high)}
	}
	if at := plusMinus.FindStringIndex(text); at != nil {
		tolerance, relative := strings.CutSuffix(strings.TrimSpace(text[at[1]:]), "×")
		return questionbank.Number{Value: point(text[:at[0]]), Tolerance: point(tolerance), Relative: relative}
	}
	return questionbank.Number{Value: point(text)}
}

// percentText writes a share of the whole: "" for all of it.
func percentText(m scoring.Micro) string {
	if m == scoring.Point {
		return ""
	}
	return formatPoints(100*m) + "%"
}

// parsePercent is the inverse of percentText.
func parsePercent(text string) (scoring.Micro, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if text == "" {
		return scoring.Point, true
	}
	m, ok := parsePoints(text)
	return (m + 50) / 100, ok && m >= 0 && m <= 100*scoring.Point
}

func shareText(n int) string {
	if n <= 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// areaText writes a shape: "rect 10,10,90,40".
func areaText(s questionbank.Shape) string {
	words := make([]string, len(s.Coords))
	for i, c := range s.Coords {
		words[i] = strconv.Itoa(c)
	}
	return s.Form + " " + strings.Join(words, ",")
}

// parseArea is the inverse of areaText, nil where there is nothing to read.
func parseArea(text string) *questionbank.Shape {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	if len(words) == 0 {
		return nil
	}
	s := &questionbank.Shape{Form: strings.ToLower(words[0])}
	for _, w := range words[1:] {
		n, err := strconv.Atoi(w)
		if err != nil {
			return &questionbank.Shape{Form: text} // Validate refuses it by name
		}
		s.Coords = append(s.Coords, n)
	}
	return s
}

// keyText writes a gap's key, a line for each alternative. The right ones of a
// list begin with a star; texts and numbers are all right, in part where a
// share follows.
func keyText(in questionbank.Interaction) string {
	var lines []string
	switch in.Kind {
	case questionbank.TextKind:
		for _, t := range in.Texts {
			lines = append(lines, t.Text+shareSuffix(t.Points))
		}
	case questionbank.NumberKind:
		for _, n := range in.Numbers {
			lines = append(lines, numberText(n)+shareSuffix(n.Points))
		}
	default:
		for _, o := range in.Options {
			mark := ""
			if slices.Contains(in.Correct, o.ID) {
				mark = "*"
			}
			lines = append(lines, mark+o.Text)
		}
	}
	return strings.Join(lines, "\n")
}

func shareSuffix(m scoring.Micro) string {
	if m == scoring.Point {
		return ""
	}
	return fmt.Sprintf(" (%s)", percentText(m))
}

var suffix = regexp.MustCompile(`\s*\(\s*([0-9]+(?:[.,][0-9]+)?)\s*%\s*\)\s*$`)

// withShare takes "(50%)" off a line.
func withShare(line string) (string, scoring.Micro) {
	m := suffix.FindStringSubmatchIndex(line)
	if m == nil {
		return strings.TrimSpace(line), scoring.Point
	}
	share, ok := parsePercent(line[m[2]:m[3]])
	if !ok {
		return strings.TrimSpace(line), scoring.Point
	}
	return strings.TrimSpace(line[:m[0]]), share
}

// parseKey reads a gap's key. was is the gap before, whose feedback and source
// identifiers belong to the alternatives that are still there.
func parseKey(kind, text string, was questionbank.Interaction) questionbank.Interaction {
	if string(was.Kind) == kind && keyText(was) == strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n") {
		return was
	}
	in := questionbank.Interaction{ID: was.ID, Share: was.Share, Prompt: was.Prompt, Options: []questionbank.Option{}}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	switch questionbank.Kind(kind) {
	case questionbank.TextKind:
		in.Kind, in.Rule = questionbank.TextKind, scoring.TextList
		for _, line := range lines {
			answer, share := withShare(line)
			t := questionbank.TextAnswer{Text: answer, Points: share}
			if i := slices.IndexFunc(was.Texts, func(o questionbank.TextAnswer) bool { return o.Text == answer }); i >= 0 {
				t.Reason, t.Case, t.Wild = was.Texts[i].Reason, was.Texts[i].Case, was.Texts[i].Wild
			}
			in.Texts = append(in.Texts, t)
		}
	case questionbank.NumberKind:
		in.Kind, in.Rule = questionbank.NumberKind, scoring.NumberList
		for _, line := range lines {
			answer, share := withShare(line)
			n := parseNumber(answer)
			n.Points = share
			if i := slices.IndexFunc(was.Numbers, func(o questionbank.Number) bool { return numberText(o) == answer }); i >= 0 {
				n = was.Numbers[i]
				n.Points = share
			}
			in.Numbers = append(in.Numbers, n)
		}
	default:
		options, correct := alternatives(lines, was)
		id, share, prompt := in.ID, in.Share, in.Prompt
		in = questionbank.NewChoice(questionbank.Single, options, correct)
		in.Kind, in.ID, in.Share, in.Prompt = questionbank.InlineKind, id, share, prompt
		if was.Kind == questionbank.InlineKind {
			in.Shuffle = was.Shuffle
		}
	}
	return in
}

func alternatives(lines []string, was questionbank.Interaction) (options []questionbank.Option, correct []int) {
	for i, line := range lines {
		text, right := strings.CutPrefix(line, "*")
		if right {
			correct = append(correct, i)
		}
		o := questionbank.Option{Text: strings.TrimSpace(text)}
		if n := slices.IndexFunc(was.Options, func(p questionbank.Option) bool { return p.Text == o.Text }); n >= 0 {
			o.Reason, o.Ref, o.Rich, o.Points = was.Options[n].Reason, was.Options[n].Ref, was.Options[n].Rich, was.Options[n].Points
		}
		options = append(options, o)
	}
	return options, correct
}

// parsePoints reads a number of points with a decimal comma or point.
func parsePoints(s string) (scoring.Micro, bool) {
	s, negative := strings.CutPrefix(strings.Replace(strings.TrimSpace(s), "−", "-", 1), "-")
	whole, fraction, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(whole) > 6 || len(fraction) > 6 {
		return 0, false
	}
	var n scoring.Micro
	for _, r := range whole + fraction + strings.Repeat("0", 6-len(fraction)) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + scoring.Micro(r-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// formatPoints writes points as parsePoints reads them: "1", "0,5", "-2".
func formatPoints(m scoring.Micro) string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	text := fmt.Sprintf("%s%d,%06d", sign, m/scoring.Point, m%scoring.Point)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ",")
}
