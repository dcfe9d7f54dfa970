package trainer

import (
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// content is what the form says, laid over what the item was: whatever no
// field shows is kept.
func (dr draft) content() (questionbank.Content, error) {
	c := dr.Base
	c.Type, c.Indicator, c.Level, c.Stimulus, c.Stem = dr.Type, dr.Indicator, dr.Level, dr.Stimulus, dr.Stem
	c.Rationale, c.Basis, c.Expires, c.Title = dr.Rationale, dr.Basis, dr.Expires, dr.Title
	c.DigComp = strings.FieldsFunc(dr.Comp, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	c.Tags = splitTags(dr.Tags)
	fb := questionbank.Feedback{Correct: dr.Correct, Partial: dr.Partial, Wrong: dr.Wrong}
	if c.Feedback != nil {
		fb.Hints = c.Feedback.Hints
	}
	c.Feedback = &fb
	c.Media = nil
	for _, m := range dr.Media {
		c.Media = append(c.Media, m.Media)
	}
	b := builder{draft: dr}
	c.Seconds = b.whole(dr.Seconds, "seconds")
	if dr.Shows("criterion") {
		c.Rubric = b.rubric()
	}
	if !dr.Whole() {
		c.Interactions = b.interactions()
	}
	return c, fault.Join(b.faults)
}

func splitTags(text string) []string {
	var tags []string
	for tag := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// builder makes interactions of a draft and collects what it cannot read.
type builder struct {
	draft
	faults []*fault.Fault
}

func (b *builder) refuse(key, field string, args ...any) {
	b.faults = append(b.faults, fault.New(fault.Invalid, key, args...).On(field))
}

// whole reads a number without decimals, 0 for nothing.
func (b *builder) whole(text, field string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 100_000 {
		b.refuse("trainer.number_unreadable", field, text)
		return 0
	}
	return n
}

// was is the first interaction that the item had, if its kind is the same.
func (b *builder) was(kind questionbank.Kind) questionbank.Interaction {
	if in := b.Base.Choice(); in.Kind == kind {
		return in
	}
	return questionbank.Interaction{Kind: kind}
}

func (b *builder) interactions() []questionbank.Interaction {
	switch b.Type {
	case questionbank.Info:
		return nil
	case questionbank.Cloze:
		return b.gaps()
	case questionbank.Match, questionbank.Matrix:
		return []questionbank.Interaction{b.pairs()}
	case questionbank.Order:
		return []questionbank.Interaction{b.order()}
	case questionbank.Short, questionbank.Numeric:
		return []questionbank.Interaction{b.answers()}
	case questionbank.Hotspot:
		return []questionbank.Interaction{b.areas()}
	case questionbank.Essay:
		in := b.was(questionbank.EssayKind)
		in.Rule, in.Options, in.Lines = scoring.Manual, []questionbank.Option{}, b.whole(b.Lines, "lines")
		return []questionbank.Interaction{in}
	default:
		return []questionbank.Interaction{b.choice()}
	}
}

// rows are those that count: rows left empty at the end are none.
func filled(rows []rowDraft) []rowDraft {
	for len(rows) > 0 {
		r := rows[len(rows)-1]
		if r.Text != "" || r.Reason != "" || r.Points != "" || r.Key || r.Area != "" {
			break
		}
		rows = rows[:len(rows)-1]
	}
	return rows
}

// option is a row as an option, with what the item's option in that place, or
// with that text, had besides.
func option(row rowDraft, was []questionbank.Option) questionbank.Option {
	o := questionbank.Option{}
	if i := slices.IndexFunc(was, func(w questionbank.Option) bool { return w.Text == row.Text }); i >= 0 {
		o = was[i]
	} else if row.I < len(was) {
		o = was[row.I]
		o.Rich = false
	}
	o.Text = row.Text
	if row.List != "target" { // the form has no place for what was said of a target
		o.Reason = row.Reason
	}
	o.Rich = o.Rich || strings.Contains(row.Text, "](media:") || strings.Contains(strings.TrimSpace(row.Text), "\n") || strings.Count(row.Text, "**") >= 2
	return o
}

func (b *builder) choice() questionbank.Interaction {
	was := b.was(questionbank.ChoiceKind)
	sameRule := was.Rule != "" && b.Base.Type == b.Type
	weighted := b.Type == questionbank.SJT || sameRule && was.Rule == scoring.Mapped
	rows := filled(b.Options)
	if b.Type == questionbank.TrueFalse {
		rows = b.truth(rows)
	}
	var options []questionbank.Option
	var correct []int
	for i, row := range rows {
		o := option(row, was.Options)
		switch {
		case weighted:
			points, ok := parsePoints(row.Points)
			if !ok && row.Points != "" {
				b.refuse("trainer.points_unreadable", row.Field("points"), row.Letter())
			}
			o.Points = points
		case b.Base.Type != b.Type:
			o.Points = 0
		}
		if row.Key && !weighted {
			correct = append(correct, i)
		}
		options = append(options, o)
	}
	in := questionbank.NewChoice(b.Type, options, correct)
	in.ID, in.Prompt, in.Min, in.Max, in.Cap = was.ID, was.Prompt, was.Min, was.Max, was.Cap
	in.Shuffle = b.Type != questionbank.TrueFalse && b.Shuffle
	if sameRule {
		in.Rule, in.Many = was.Rule, was.Many
		if weighted && b.Type == questionbank.Multiple {
			in.Correct = was.Correct
		}
	}
	return in
}

// truth are the rows of a statement to judge, which needs no typing: its two
// options are always the same.
func (b *builder) truth(rows []rowDraft) []rowDraft {
	for i, text := range []string{questionbank.TrueText, questionbank.FalseText} {
		if i == len(rows) {
			rows = append(rows, rowDraft{List: "option", I: i})
		}
		if rows[i].Text == "" {
			rows[i].Text = text
		}
	}
	return rows
}

func (b *builder) pairs() questionbank.Interaction {
	in := b.was(questionbank.PairsKind)
	fresh := in.Rule == ""
	wasRows, wasTargets := in.Options, in.Targets
	in.Options, in.Targets, in.Correct, in.Rule = nil, nil, nil, scoring.PerPair
	in.Many = b.Type == questionbank.Matrix && b.Many
	in.Shuffle = b.Shuffle
	if fresh && b.Type == questionbank.Matrix && !b.Shuffle {
		in.Shuffle = false
	}
	for _, row := range filled(b.Targets) {
		in.Targets = append(in.Targets, option(row, wasTargets))
	}
	for i, row := range filled(b.Options) {
		in.Options = append(in.Options, option(row, wasRows))
		for target := range strings.FieldsFuncSeq(row.Pair, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
			in.Correct = append(in.Correct, questionbank.OptionID(i)+" "+target)
		}
	}
	return in
}

func (b *builder) order() questionbank.Interaction {
	in := b.was(questionbank.OrderKind)
	was := in.Options
	rows := filled(b.Options)
	in.Options, in.Correct, in.Shuffle = nil, make([]string, len(rows)), true
	if in.Rule = scoring.Rule(b.Rule); !slices.Contains(orderRules, in.Rule) {
		in.Rule = scoring.OrderAbsolute
	}
	for i, row := range rows {
		in.Options = append(in.Options, option(row, was))
		place, err := strconv.Atoi(strings.TrimSpace(row.Pair))
		if err != nil || place < 1 || place > len(rows) || in.Correct[place-1] != "" {
			b.refuse("trainer.place_unreadable", row.Field("pair"), row.Letter(), len(rows))
			continue
		}
		in.Correct[place-1] = questionbank.OptionID(i)
	}
	return in
}

// orderRules are the ways to judge a sequence, strictest last.
var orderRules = []scoring.Rule{
	scoring.OrderAbsolute, scoring.OrderNext, scoring.OrderPrevNext, scoring.OrderLongestSubset, scoring.OrderLongestRun, scoring.OrderExact,
}

func (b *builder) answers() questionbank.Interaction {
	kind := questionbank.TextKind
	if b.Type == questionbank.Numeric {
		kind = questionbank.NumberKind
	}
	in := b.was(kind)
	was := in
	in.Options, in.Texts, in.Numbers = []questionbank.Option{}, nil, nil
	for i, row := range filled(b.Answers) {
		share, ok := parsePercent(row.Points)
		if !ok {
			b.refuse("trainer.percent_unreadable", row.Field("percent"), row.Points)
		}
		if kind == questionbank.TextKind {
			in.Rule = scoring.TextList
			in.Texts = append(in.Texts, questionbank.TextAnswer{Text: row.Text, Case: row.Case, Wild: row.Wild, Points: share, Reason: row.Reason})
			continue
		}
		in.Rule = scoring.NumberList
		n := parseNumber(row.Text)
		if i < len(was.Numbers) && numberText(was.Numbers[i]) == strings.TrimSpace(row.Text) {
			n = was.Numbers[i] // the form shows no open ends
		}
		n.Points, n.Reason = share, row.Reason
		in.Numbers = append(in.Numbers, n)
	}
	if in.Rule == "" {
		in.Rule = map[questionbank.Kind]scoring.Rule{questionbank.TextKind: scoring.TextList, questionbank.NumberKind: scoring.NumberList}[kind]
	}
	return in
}

func (b *builder) areas() questionbank.Interaction {
	in := b.was(questionbank.HotspotKind)
	was := in.Options
	in.Options, in.Correct, in.Many, in.Image = nil, nil, b.Many, b.Image
	if in.Rule == "" || in.Rule == scoring.PerOption && !in.Many {
		in.Rule = scoring.AllOrNothing
	}
	for i, row := range filled(b.Options) {
		o := option(row, was)
		o.Shape = parseArea(row.Area)
		in.Options = append(in.Options, o)
		if row.Key {
			in.Correct = append(in.Correct, questionbank.OptionID(i))
		}
	}
	return in
}

func (b *builder) gaps() []questionbank.Interaction {
	var was []questionbank.Interaction
	if b.Base.Type == questionbank.Cloze {
		was = b.Base.Interactions
	}
	var all []questionbank.Interaction
	parts := b.Parts
	for len(parts) > 0 && strings.TrimSpace(parts[len(parts)-1].Key) == "" {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		before := questionbank.Interaction{}
		if i < len(was) {
			before = was[i]
		}
		in := parseKey(p.Kind, p.Key, before)
		if share := b.whole(p.Share, p.Field("share")); share > 1 || in.Share > 1 {
			in.Share = share
		}
		all = append(all, in)
	}
	return all
}

func (b *builder) rubric() []questionbank.Criterion {
	var all []questionbank.Criterion
	for _, r := range b.Criteria {
		if r.Name == "" && r.Guide == "" && r.Points == "" {
			continue
		}
		all = append(all, questionbank.Criterion{Name: r.Name, Guide: r.Guide, Points: b.whole(r.Points, r.Field("worth"))})
	}
	return all
}
