package text

import (
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// interaction builds what the item asks for.
func (b *builder) interaction(t questionbank.Type) {
	var in questionbank.Interaction
	switch t {
	case questionbank.Info:
		return
	case questionbank.TrueFalse:
		in = b.truth()
	case questionbank.SJT:
		in = b.graded()
	case questionbank.Match, questionbank.Matrix:
		in = b.pairs(t)
	case questionbank.Order:
		in = b.order()
	case questionbank.Short:
		in = b.texts()
	case questionbank.Numeric:
		in = b.values()
	case questionbank.Essay:
		in = b.essay()
	case questionbank.Cloze, questionbank.Hotspot:
		b.reject("type", fault.New(fault.Invalid, "questionbank.text.type_unaskable", unaskable[t]))
		return
	default:
		in = questionbank.NewChoice(t, b.options(b.Options, "option"), b.correct(t))
	}
	b.item.Content.Interactions = []questionbank.Interaction{in}
}

// correct is the key of a choice. An empty one is spoken of by Validate.
func (b *builder) correct(t questionbank.Type) []int {
	if t == questionbank.Survey {
		return nil
	}
	places, ok := b.readKey()
	raw := short(plain(b.Key))
	if !ok {
		b.reject("correct", fault.New(fault.Invalid, "questionbank.import.key_unreadable", raw))
		return nil
	}
	for _, p := range places {
		if p >= len(b.Options) || empty(b.Options[p].Lines) {
			b.reject("correct", fault.New(fault.Invalid, "questionbank.key_no_option", raw))
			return nil
		}
	}
	var starred []int
	for i, o := range b.Options {
		if o.Right {
			starred = append(starred, i)
		}
	}
	switch {
	case len(places) == 0:
		return starred
	case len(starred) > 0 && !slices.Equal(starred, places):
		b.reject("correct", fault.New(fault.Invalid, "questionbank.text.keys_differ", letters(starred), raw))
	}
	return places
}

// truth is a true/false item, whose options may be unwritten.
func (b *builder) truth() questionbank.Interaction {
	if stem := b.Stem; len(stem) > 0 {
		b.item.Content.Stem = markdown(trim(withoutTruth(stem))).Markdown
	}
	options := []questionbank.Option{{Text: questionbank.TrueText}, {Text: questionbank.FalseText}}
	key := plain(b.Key)
	place, ok := truthOf(key)
	if len(b.Options) == 2 { // the letter of an option; "B" is then the second
		if places, read := b.readKey(); read && len(places) == 1 && places[0] < 2 {
			place, ok = places[0], true
		}
		if i := slices.IndexFunc(b.Options, func(o Option) bool { return o.Right }); i >= 0 && key == "" {
			place, ok, key = i, true, letters([]int{i})
		}
		b.options(b.Options, "option") // for their places
	}
	if len(b.Options) > 0 && !b.truths() {
		b.reject("options", fault.New(fault.Invalid, "questionbank.truefalse_options"))
	}
	switch {
	case key == "":
		return questionbank.NewChoice(questionbank.TrueFalse, options, nil)
	case !ok:
		b.reject("correct", fault.New(fault.Invalid, "questionbank.import.truth_unreadable", short(key)))
		return questionbank.NewChoice(questionbank.TrueFalse, options, nil)
	}
	return questionbank.NewChoice(questionbank.TrueFalse, options, []int{place})
}

// withoutTruth takes "(B/S)" off the stem: the options say it.
func withoutTruth(stem []Line) []Line {
	stem = slices.Clone(trim(stem))
	last := len(stem) - 1
	if last < 0 {
		return stem
	}
	if m := truthMark.FindStringIndex(stem[last].String()); m != nil {
		stem[last] = stem[last].cut(0, m[0])
	}
	if m := truthLead.FindStringIndex(stem[0].String()); m != nil {
		stem[0] = stem[0].Tail(m[1])
	}
	return stem
}

// graded is a situational-judgement item; every option needs its worth.
func (b *builder) graded() questionbank.Interaction {
	options := b.options(b.Options, "option")
	raw := plain(b.Fields[Points])
	if raw == "" {
		raw = plain(b.Key)
	}
	seen := map[int]bool{}
	for _, m := range pointPart.FindAllStringSubmatch(raw, -1) {
		place := int(strings.ToUpper(m[1])[0] - 'A')
		points, ok := micro(m[2])
		if !ok || place >= len(options) || seen[place] {
			seen = nil
			break
		}
		seen[place] = true
		options[place].Points = points
	}
	if len(seen) != len(options) {
		b.reject("points", fault.New(fault.Invalid, "questionbank.import.points_unreadable", short(raw)))
	} else if places, ok := b.readKey(); ok && len(places) == 1 && places[0] < len(options) && !best(options, places[0]) {
		b.reject("correct", fault.New(fault.Invalid, "questionbank.import.key_not_best", short(plain(b.Key))))
	}
	return questionbank.NewChoice(questionbank.SJT, options, nil)
}

// best reports whether no option is worth more than the one at place.
func best(options []questionbank.Option, place int) bool {
	return !slices.ContainsFunc(options, func(o questionbank.Option) bool { return o.Points > options[place].Points })
}

// pairs is a match or a matrix: rows and targets of their own, or lines of
// "left :: right".
func (b *builder) pairs(t questionbank.Type) questionbank.Interaction {
	if len(b.Targets) == 0 {
		b.split()
	}
	in := questionbank.Interaction{
		Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: t == questionbank.Match, Many: t == questionbank.Matrix,
		Options: b.options(b.Options, "option"), Targets: b.options(b.Targets, "target"),
	}
	if len(b.Options) == 0 || len(b.Targets) == 0 {
		b.reject("options", fault.New(fault.Invalid, "questionbank.text.pairs_unreadable"))
		return in
	}
	for i, o := range b.Options {
		places := b.targetsOf(o.Pairs)
		if len(places) == 0 {
			b.reject("correct", fault.New(fault.Invalid, "questionbank.text.row_without_pair", questionbank.OptionID(i), short(o.Pairs)))
		}
		for _, p := range places {
			in.Correct = append(in.Correct, questionbank.OptionID(i)+" "+questionbank.TargetID(p))
		}
	}
	return in
}

// split reads "left :: right" out of the options, the key and the stem's lines,
// wherever they stand.
func (b *builder) split() {
	var rows []Option
	take := func(lines []Line) (rest []Line) {
		for _, l := range lines {
			m := pairMark.FindStringIndex(l.String())
			if m == nil || m[0] == 0 {
				rest = append(rest, l)
				continue
			}
			left, right := l.cut(0, m[0]), l.Tail(m[1])
			if o := ownLabel.FindStringIndex(left.String()); o != nil {
				left = left.Tail(o[1])
			}
			rows = append(rows, Option{Lines: []Line{left}, At: l.At, Pairs: b.target(right)})
		}
		return rest
	}
	for _, o := range b.Options {
		take(o.Lines)
	}
	if len(rows) == 0 {
		take(b.Key)
	}
	if len(rows) == 0 {
		if rest := take(b.Stem); len(rows) > 0 {
			b.Stem = rest
			b.item.Content.Stem = markdown(trim(rest)).Markdown
		}
	}
	b.Options = rows
}

// target is the label of a right side, which several rows may share.
func (b *builder) target(right Line) string {
	text := plain([]Line{right})
	if text == "" {
		return ""
	}
	for _, t := range b.Targets {
		if plain(t.Lines) == text {
			return t.Label
		}
	}
	label := questionbank.TargetID(len(b.Targets))
	b.Targets = append(b.Targets, Option{Label: label, Lines: []Line{right}, At: right.At})
	return label
}

// order is a sequence. Without a key the order that stands there is right.
func (b *builder) order() questionbank.Interaction {
	if len(b.Options) == 0 {
		for _, l := range b.Key {
			if !l.Blank() {
				b.Options = append(b.Options, Option{Lines: []Line{l}, At: l.At})
			}
		}
		b.Key = nil
	}
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderAbsolute, Shuffle: true, Options: b.options(b.Options, "option")}
	key := plain(b.Key)
	for part := range strings.FieldsSeq(strings.NewReplacer("→", " ", "-", " ", ">", " ").Replace(keyBetween.ReplaceAllString(key, " "))) {
		places, ok := b.labelled(part)
		if !ok {
			b.reject("correct", fault.New(fault.Invalid, "questionbank.import.key_unreadable", short(key)))
			return in
		}
		for _, p := range places {
			if p < 0 || p >= len(b.Options) {
				b.reject("correct", fault.New(fault.Invalid, "questionbank.key_no_option", short(key)))
				return in
			}
			in.Correct = append(in.Correct, questionbank.OptionID(p))
		}
	}
	if key == "" && len(b.Options) > 0 {
		b.warn("correct", fault.New(fault.Invalid, "questionbank.text.order_as_written"))
		for i := range b.Options {
			in.Correct = append(in.Correct, questionbank.OptionID(i))
		}
	}
	return in
}

// texts is an answer to be typed.
func (b *builder) texts() questionbank.Interaction {
	b.unoffered()
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	for _, a := range alternatives(b.typed()) {
		in.Texts = append(in.Texts, questionbank.TextAnswer{Text: a, Points: scoring.Point})
	}
	return in
}

// unoffered warns of options that the type has no place for.
func (b *builder) unoffered() {
	if len(b.Options) > 0 && (!empty(b.Key) || b.Type == questionbank.Essay) {
		b.warn("options", fault.New(fault.Invalid, "questionbank.text.options_dropped", len(b.Options)))
	}
}

// typed is the key of an answer to be typed; some tables list it as options.
func (b *builder) typed() string {
	key := plain(b.Key)
	if key == "" {
		for _, o := range b.Options {
			key += plain(o.Lines) + "\n"
		}
	}
	return key
}

// values is a number to be typed.
func (b *builder) values() questionbank.Interaction {
	b.unoffered()
	in := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	for _, a := range alternatives(b.typed()) {
		n := questionbank.Number{Value: a, Points: scoring.Point}
		if m := rangeMark.FindStringSubmatch(a); m != nil {
			n = questionbank.Number{Low: m[1], High: m[2], Points: scoring.Point}
		} else if m := aboutMark.FindStringSubmatch(a); m != nil {
			n = questionbank.Number{Value: m[1], Tolerance: m[2], Points: scoring.Point}
		}
		in.Numbers = append(in.Numbers, n)
	}
	return in
}

// essay is an answer for a marker; its key guides them.
func (b *builder) essay() questionbank.Interaction {
	b.unoffered()
	if guide := markdown(trim(b.Key)).Markdown; guide != "" {
		points := 10
		if worth := int(b.item.Content.Worth / scoring.Point); worth >= 2 && worth <= 100 {
			points = worth
		}
		b.item.Content.Rubric = []questionbank.Criterion{{Name: "Pedoman penilaian", Guide: guide, Points: points}}
	}
	return questionbank.Interaction{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}, Lines: 8}
}
