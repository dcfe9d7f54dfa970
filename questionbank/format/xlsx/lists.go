package xlsx

import (
	"math/big"
	"regexp"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// Answers of a text or a number stand in the key with ";" or "|" between them;
// "(50%)" behind one says what it is worth. A backslash keeps a sign as it is.

const escaped = `\;|*(`

// splitAnswers splits a key at what separates answers.
func splitAnswers(raw string) []string {
	var all []string
	var one strings.Builder
	flush := func() {
		if text := strings.TrimSpace(one.String()); text != "" {
			all = append(all, text)
		}
		one.Reset()
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\' && i+1 < len(raw) && strings.IndexByte(escaped, raw[i+1]) >= 0:
			one.WriteString(raw[i : i+2])
			i++
		case c == ';' || c == '|' || c == '\n':
			flush()
		default:
			one.WriteByte(c)
		}
	}
	flush()
	return all
}

var worthMark = regexp.MustCompile(`\s*\((\d{1,3}(?:[.,]\d{1,4})?)\s*%\)$`)

// worthOf takes "(50%)" off the end of an answer.
func worthOf(answer string) (string, scoring.Micro) {
	at := worthMark.FindStringSubmatchIndex(answer)
	if at == nil || at[0] == 0 || answer[at[2]-2] == '\\' {
		return answer, scoring.Point
	}
	percent, err := parseMicro(answer[at[2]:at[3]])
	if err != nil || percent > 100*scoring.Point {
		return answer, scoring.Point
	}
	return answer[:at[0]], percent / 100
}

func formatWorth(points scoring.Micro) string {
	if points == scoring.Point {
		return ""
	}
	return " (" + formatMicro(points*100) + "%)"
}

// parseText reads one text: an open star stands for anything.
func parseText(answer string) questionbank.TextAnswer {
	text, worth := worthOf(answer)
	t := questionbank.TextAnswer{Points: worth}
	var plain, pattern strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) && strings.IndexByte(escaped, text[i+1]) >= 0 {
			i++
			plain.WriteByte(text[i])
			if text[i] == '*' {
				pattern.WriteByte('\\')
			}
			pattern.WriteByte(text[i])
			continue
		}
		t.Wild = t.Wild || c == '*'
		plain.WriteByte(c)
		pattern.WriteByte(c)
	}
	if t.Text = plain.String(); t.Wild {
		t.Text = pattern.String()
	}
	return t
}

// formatText is what parseText reads back; of a pattern the stars stay open.
func formatText(t questionbank.TextAnswer) string {
	var b strings.Builder
	signs := escaped[:len(escaped)-1]
	if worthMark.MatchString(t.Text) {
		signs = escaped
	}
	for i := 0; i < len(t.Text); i++ {
		c := t.Text[i]
		switch {
		case t.Wild && c == '\\' && i+1 < len(t.Text) && t.Text[i+1] == '*':
			b.WriteString(`\*`)
			i++
		case c == '*' && t.Wild:
			b.WriteByte(c)
		case strings.IndexByte(signs, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + formatWorth(t.Points)
}

// textAnswer is a short answer, with the reasons of its answers in the columns
// of the options' reasons.
func (r *row) textAnswer() questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	for i, answer := range r.answers() {
		t := parseText(answer)
		t.Reason = r.reason(i)
		in.Texts = append(in.Texts, t)
	}
	return in
}

// answers is the alternatives of the key cell; a stranger may write a JSON list.
func (r *row) answers() []string {
	key := r.text(fCorrect)
	answers := splitAnswers(key)
	if list, ok := jsonList(key); ok && !r.own {
		answers = list
	}
	if len(answers) == 0 {
		for i := range templateOptions { // or keep them like options
			if text := r.text(optionField(i)); text != "" {
				answers = append(answers, splitAnswers(text)...)
			}
		}
	}
	if len(answers) == 0 {
		r.reject(invalid("questionbank.xlsx.answer_empty"), fCorrect)
	}
	return answers
}

func (r *row) reason(i int) string {
	if i >= mostOptions {
		return ""
	}
	return r.text(reasonField(i))
}

func (r *row) numberAnswer() questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	for i, answer := range r.answers() {
		n, ok := parseNumber(answer)
		if !ok {
			r.reject(invalid("questionbank.number_unreadable", answer), fCorrect)
			break
		}
		n.Reason = r.reason(i)
		in.Numbers = append(in.Numbers, n)
	}
	return in
}

var (
	rangeMark     = regexp.MustCompile(`\s*(\.\.+|…|\bs\.?/?d\.?\s|\bsampai\b|\bhingga\b)\s*`)
	toleranceMark = regexp.MustCompile(`\s*(±|\+/-|\+-|:|\btoleransi\b)\s*`)
)

// parseNumber reads "8", "3,5±0,1", "100±5%" or "7..9".
func parseNumber(answer string) (questionbank.Number, bool) {
	text, worth := worthOf(answer)
	n := questionbank.Number{Points: worth}
	if at := rangeMark.FindStringIndex(text); at != nil {
		low, ok := parseDecimal(text[:at[0]])
		high, ok2 := parseDecimal(text[at[1]:])
		n.Low, n.High = low, high
		return n, ok && ok2
	}
	if at := toleranceMark.FindStringIndex(text); at != nil {
		tolerance, relative := strings.CutSuffix(strings.TrimSpace(text[at[1]:]), "%")
		value, ok := parseDecimal(text[:at[0]])
		digits, ok2 := parseDecimal(tolerance)
		if !ok || !ok2 {
			return n, false
		}
		if n.Value, n.Tolerance, n.Relative = value, digits, relative; relative {
			share, _ := new(big.Rat).SetString(digits)
			share.Quo(share, big.NewRat(100, 1))
			places, _ := share.FloatPrec()
			n.Tolerance = share.FloatString(places)
		}
		return n, true
	}
	value, ok := parseDecimal(text)
	n.Value = value
	return n, ok
}

// parseDecimal is a number with a decimal point.
func parseDecimal(text string) (string, bool) {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "−", "-")
	if _, ok := scoring.ParseNumber(text); !ok {
		return "", false
	}
	return strings.Replace(text, ",", ".", 1), true
}

// formatNumber is what parseNumber reads back, of all that it can say.
func formatNumber(n questionbank.Number) string {
	text := n.Value
	switch {
	case n.Any:
		return ""
	case n.Value == "":
		text = n.Low + ".." + n.High
	case n.Relative:
		share, ok := new(big.Rat).SetString(n.Tolerance)
		if !ok {
			return ""
		}
		share.Mul(share, big.NewRat(100, 1))
		places, _ := share.FloatPrec()
		text += "±" + share.FloatString(places) + "%"
	case n.Tolerance != "":
		text += "±" + n.Tolerance
	}
	return text + formatWorth(n.Points)
}
