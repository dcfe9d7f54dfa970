package gift

import (
	"regexp"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// entry is one answer between its signs.
type entry struct {
	sign   byte // '=', '~', 0 for a first one without any
	text   string
	offset int // in the question's text
}

// maxEntries is more than any item may have, and bounds what reading one costs.
const maxEntries = 100

// entries splits an answer at its signs. An empty first one is none.
func (q *question) entries(text, signs string) []entry {
	var found []entry
	e := entry{offset: q.braces}
	from := 0
	take := func(to int) {
		e.text = text[from:to]
		if e.sign != 0 || strings.TrimSpace(e.text) != "" {
			e.offset += len(e.text) - len(strings.TrimLeft(e.text, " \t\n"))
			found = append(found, e)
		}
	}
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(signs, text[i]) >= 0 {
			take(i)
			if len(found) >= maxEntries {
				q.reject(q.braces, "questionbank.gift.many_entries", "options", maxEntries)
				return found
			}
			e, from = entry{sign: text[i], offset: q.braces + i + 1}, i+1
		}
	}
	take(len(text))
	return found
}

var percentage = regexp.MustCompile(`^\s*%(-?[0-9]{1,6}(?:[.,][0-9]{0,12})?)%`)

// weight reads "%50%" before an answer.
func weight(text string) (points scoring.Micro, rest string, ok bool) {
	m := percentage.FindStringSubmatch(text)
	if m == nil {
		return 0, text, false
	}
	percent, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if err != nil {
		return 0, text, false
	}
	return micro(percent), text[len(m[0]):], true
}

// micro rounds a percentage to millionths of the whole.
func micro(percent float64) scoring.Micro {
	if percent < 0 {
		return -micro(-percent)
	}
	return scoring.Micro(percent*float64(scoring.Point)/100 + 0.5)
}

// bareWeight is a weight of the older missing-word format, "75%a good answer";
// "75% of all" and "75%" are texts.
var bareWeight = regexp.MustCompile(`^\s*[0-9]{1,3}%\p{L}`)

// choice reads options. Any "=" makes it one of which one is chosen.
func (q *question) choice(text string) {
	many := !strings.Contains(text, "=")
	entries := q.choices(text)
	var options []questionbank.Option
	full, negative := 0, false
	for i, e := range entries {
		o := q.option(i, e)
		q.points = append(q.points, o.Points)
		if o.Points == scoring.Point {
			full++
		}
		negative = negative || o.Points < 0
		options = append(options, o)
	}
	t, in, weighed := questionbank.NewWeighted(options, many)
	if t == questionbank.SJT && negative {
		for i := range in.Options {
			in.Options[i].Points = max(in.Options[i].Points, 0)
		}
	}
	q.set(t, in)
	q.judge(weighed, full, negative && !many)
	if len(options) < questionbank.MinOptions {
		q.reject(q.braces, "questionbank.gift.one_choice", "options")
	}
}

// judge speaks of what the points come to.
func (q *question) judge(weighed questionbank.Weighted, full int, negative bool) {
	many := q.item.Content.Choice().Many
	switch {
	case weighed == questionbank.WeighedNone:
		q.reject(q.braces, "questionbank.gift.no_key", "correct")
	case weighed == questionbank.WeighedAll:
		q.warn(q.braces, "questionbank.gift.select_all", "correct")
	case full > 1 && !many:
		q.warn(q.braces, "questionbank.gift.many_full", "correct", full)
	}
	if negative {
		q.warn(q.braces, "questionbank.gift.negative", "correct")
	}
}

// choices splits options. An "=" in the middle of a word begins one too, as in
// Moodle, but is rarely meant to.
func (q *question) choices(text string) []entry {
	entries := q.entries(text, "~=")
	for i, e := range entries {
		if e.sign == '=' && i > 0 {
			before := entries[i-1].text
			if strings.TrimSpace(before) == "" && entries[i-1].sign == '~' {
				continue // "~=": the option before is empty, which is said there
			}
			if before == strings.TrimRight(before, " \t\n") {
				q.warn(e.offset, "questionbank.gift.equals_inside", questionbank.OptionField("option", min(i, 25)))
			}
		}
	}
	return entries
}

// option reads one option.
func (q *question) option(i int, e entry) questionbank.Option {
	field := questionbank.OptionField("option", min(i, 25))
	q.item.Places[field] = q.at(e.offset)
	text, reason, hasReason := strings.Cut(e.text, "#")
	points, text, weighed := weight(text)
	switch {
	case e.sign == '=' && !weighed:
		points = scoring.Point
	case e.sign == '~' && !weighed && bareWeight.MatchString(text):
		q.warn(e.offset, "questionbank.gift.bare_weight", field, strings.TrimSpace(release(text)))
		points, text, _ = weight("%" + strings.TrimSpace(text))
	case e.sign == 0:
		q.warn(e.offset, "questionbank.gift.no_sign", field)
	}
	f, text := formatOf(text, q.format)
	o, t, shown := f.option(release(text))
	q.lost(t, e.offset, field)
	if shown {
		q.warn(e.offset, "questionbank.gift.tags_shown", field)
	}
	o.Points = points
	if hasReason {
		o.Reason = q.feedback(reason, e.offset, questionbank.OptionField("reason", min(i, 25)))
	}
	if o.Text == "" {
		q.reject(e.offset, "questionbank.gift.option_empty", field)
	}
	return o
}

// truth reads a statement's answer. The first feedback is for whoever answered
// wrongly, the second for whoever was right.
func (q *question) truth(text string) {
	parts := strings.SplitN(text, "#", 3)
	word := strings.TrimSpace(parts[0])
	answer := truths[strings.ToUpper(word)]
	if word != strings.ToUpper(word) || len(word) > 1 && word != "TRUE" && word != "FALSE" {
		q.warn(q.braces, "questionbank.gift.truth_spelling", "correct", word)
	}
	right, wrong := 0, 1
	if !answer {
		right, wrong = 1, 0
	}
	options := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	offset := q.braces
	for i, of := range []int{wrong, right} {
		if len(parts) > i+1 {
			offset += len(parts[i]) + 1
			options[of].Reason = q.feedback(parts[i+1], offset, questionbank.OptionField("reason", of))
		}
	}
	q.set(questionbank.TrueFalse, questionbank.NewChoice(questionbank.TrueFalse, options, []int{right}))
}
