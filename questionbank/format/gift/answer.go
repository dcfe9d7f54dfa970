package gift

import (
	"slices"
	"strings"
	"unicode"

	"cakap/questionbank"
	"cakap/questionbank/format/cloze"
	"cakap/scoring"
)

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func essay() questionbank.Interaction {
	return questionbank.Interaction{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}}
}

// short reads texts that are right. The first may lack its sign.
func (q *question) short(text string) {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	entries := q.entries(text, "=")
	for i, e := range entries {
		field := questionbank.OptionField("answer", min(i, 25))
		q.item.Places[field] = q.at(e.offset)
		answer, reason, _ := strings.Cut(e.text, "#")
		points, answer, weighed := weight(answer)
		if !weighed {
			points = scoring.Point
		}
		f, answer := formatOf(answer, q.format)
		a := questionbank.TextAnswer{Points: points, Reason: q.feedback(reason, e.offset, field)}
		a.Text, a.Wild = cloze.Wildcards(f.typed(release(answer)))
		if a.Text == "" {
			q.reject(e.offset, "questionbank.gift.answer_empty", "answers")
			continue
		}
		in.Texts = append(in.Texts, a)
	}
	if len(entries) == 0 {
		q.reject(q.braces, "questionbank.gift.answer_empty", "answers")
	}
	q.set(questionbank.Short, in)
}

// numeric reads "#" and numbers: one as it is, or several with "=" each, and
// after "~" what is said about everything else.
func (q *question) numeric(text string) {
	in := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	skip := strings.IndexByte(text, '#') + 1
	rest := text[skip:]
	others := ""
	if i := strings.IndexByte(rest, '~'); i >= 0 {
		rest, others = rest[:i], rest[i:]
	}
	entries := q.entries(rest, "=")
	for i, e := range entries {
		e.offset += skip
		field := questionbank.OptionField("answer", min(i, 25))
		q.item.Places[field] = q.at(e.offset)
		answer, reason, _ := strings.Cut(e.text, "#")
		points, answer, weighed := weight(answer)
		if !weighed {
			points = scoring.Point
		}
		answer = strings.TrimSpace(release(answer))
		n, ok := number(answer)
		if !ok || n.Any && !weighed {
			q.reject(e.offset, "questionbank.number_unreadable", "answers", answer)
			continue
		}
		n.Points, n.Reason = points, q.feedback(reason, e.offset, field)
		in.Numbers = append(in.Numbers, n)
	}
	if len(entries) == 0 {
		q.reject(q.braces, "questionbank.number_unreadable", "answers", "")
	}
	if others != "" {
		_, reason, _ := strings.Cut(others, "#")
		if md := q.feedback(reason, q.braces+skip+len(rest), "answers"); md != "" {
			in.Numbers = append(in.Numbers, questionbank.Number{Any: true, Reason: md})
		}
	}
	q.set(questionbank.Numeric, in)
}

// number reads "1822", "3.14:0.01", "1..5", or "*" with or without a tolerance.
func number(s string) (questionbank.Number, bool) {
	if s == "*" || strings.HasPrefix(s, "*:") {
		return questionbank.Number{Any: true}, true
	}
	if low, high, ok := strings.Cut(s, ".."); ok {
		n := questionbank.Number{Low: point(low), High: point(high)}
		lo, okLow := scoring.ParseNumber(n.Low)
		hi, okHigh := scoring.ParseNumber(n.High)
		if okLow && okHigh && lo.Cmp(hi) > 0 {
			n.Low, n.High = n.High, n.Low // Moodle does not mind the order
		}
		return n, okLow && okHigh
	}
	value, tolerance, _ := strings.Cut(s, ":")
	n := questionbank.Number{Value: point(value), Tolerance: point(tolerance)}
	if _, ok := scoring.ParseNumber(n.Value); !ok {
		return n, false
	}
	if n.Tolerance == "" {
		return n, true
	}
	t, ok := scoring.ParseNumber(n.Tolerance)
	if ok && t.Sign() == 0 {
		n.Tolerance = ""
	}
	return n, ok
}

// point writes a decimal comma as a point, as numbers are stored.
func point(s string) string { return strings.Replace(strings.TrimSpace(s), ",", ".", 1) }

// match reads pairs. A pair without a left side only adds a wrong choice.
func (q *question) match(text string) {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true, Options: []questionbank.Option{}}
	alike := false
	for _, e := range q.entries(text, "=") {
		field := questionbank.OptionField("option", min(len(in.Options), 25))
		left, right, ok := strings.Cut(e.text, "->")
		if !ok {
			q.reject(e.offset, "questionbank.gift.no_arrow", field, strings.TrimSpace(release(e.text)))
			continue
		}
		target, used := q.target(&in, right, e.offset)
		if strings.TrimSpace(left) == "" {
			continue
		}
		if target == "" {
			q.reject(e.offset, "questionbank.gift.no_partner", field, strings.TrimSpace(release(left)))
			continue
		}
		q.item.Places[field] = q.at(e.offset)
		o := q.pairText(left, e.offset, field)
		o.ID = questionbank.OptionID(len(in.Options))
		in.Options = append(in.Options, o)
		in.Correct = append(in.Correct, o.ID+" "+target)
		alike = alike || used
	}
	if alike {
		q.warn(q.braces, "questionbank.gift.targets_alike", "targets")
	}
	if len(in.Options) < 2 {
		q.reject(q.braces, "questionbank.gift.few_pairs", "options")
	}
	q.set(questionbank.Match, in)
}

// target is the id of a right side, and whether another pair has it already.
func (q *question) target(in *questionbank.Interaction, text string, offset int) (id string, used bool) {
	o := q.pairText(text, offset, "targets")
	if o.Text == "" {
		return "", false
	}
	i := slices.IndexFunc(in.Targets, func(t questionbank.Option) bool { return t.Text == o.Text && t.Rich == o.Rich })
	if i >= 0 {
		id = in.Targets[i].ID
		return id, slices.ContainsFunc(in.Correct, func(pair string) bool { return strings.HasSuffix(pair, " "+id) })
	}
	o.ID = questionbank.TargetID(len(in.Targets))
	in.Targets = append(in.Targets, o)
	return o.ID, false
}

// pairText reads a side of a pair. Moodle keeps the right ones plain whatever
// the stem is; in ours both are read as the stem says, so that no tag is shown.
func (q *question) pairText(text string, offset int, field string) questionbank.Option {
	f, text := formatOf(text, q.format)
	o, t, _ := f.option(release(text))
	q.lost(t, offset, field)
	return o
}
