package questionbank

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/scoring"
)

// fits reports whether the interactions are of the kinds that the type asks
// for. A composite item is of the type of its first interaction.
func (c Content) fits() bool {
	if c.Type == Info {
		return len(c.Interactions) == 0
	}
	if len(c.Interactions) == 0 || len(c.Interactions) > MaxParts {
		return false
	}
	known := func(in Interaction) bool { return slices.Contains(kinds, in.Kind) }
	if !known(c.Interactions[0]) || slices.ContainsFunc(c.Interactions, func(in Interaction) bool { return !known(in) }) {
		return false
	}
	kind := c.Interactions[0].Kind
	switch c.Type {
	case Single, Multiple, TrueFalse, SJT:
		return kind == ChoiceKind
	case Match, Matrix:
		return kind == PairsKind && c.Interactions[0].Image == ""
	case Order:
		return kind == OrderKind
	case Numeric:
		return kind == NumberKind
	case Short:
		return kind == TextKind
	case Hotspot:
		return kind == HotspotKind || kind == PairsKind
	case Essay:
		return kind == EssayKind
	default: // cloze, survey
		return true
	}
}

var kinds = []Kind{ChoiceKind, InlineKind, TextKind, NumberKind, PairsKind, OrderKind, HotspotKind, EssayKind}

// OptionField names the form field of an option: OptionField("reason", 0) is "reason_a".
func OptionField(name string, i int) string { return name + "_" + string(rune('a'+i)) }

// PartField names the fields of a composite item's part: "part_2" for the
// second, and "part_2.option_a" for a field of it.
func PartField(i int) string { return "part_" + strconv.Itoa(i+1) }

func within(part, field string) string {
	if part == "" {
		return field
	}
	return part + "." + field
}

// gaps wants every gap of the stem to have an interaction, and each at most
// one gap.
func (v *checks) gaps(c Content) {
	seen := map[int]bool{}
	for _, g := range Gaps(c.Stem) {
		if g >= len(c.Interactions) {
			v.add(fault.New(fault.Invalid, "questionbank.gap_unknown", g+1).On("stem"))
		} else if seen[g] {
			v.add(fault.New(fault.Invalid, "questionbank.gap_twice", g+1).On("stem"))
		}
		seen[g] = true
	}
}

// extras checks what is neither text nor key.
func (v *checks) extras(c Content) {
	names := map[string]bool{}
	for _, m := range c.Media {
		if m.Name == "" || names[m.Name] {
			v.add(fault.New(fault.Invalid, "questionbank.media_name", m.Name).On("media"))
		}
		names[m.Name] = true
	}
	for _, name := range c.MediaNames() {
		if !names[name] {
			v.add(fault.New(fault.Invalid, "questionbank.media_missing", name).On("media"))
		}
	}
	for i, r := range c.Rubric {
		if r.Name == "" || r.Points < 1 || r.Points > 100 {
			v.add(fault.New(fault.Invalid, "questionbank.rubric_points", i+1).On("rubric"))
		}
	}
}

func (v *checks) interaction(c Content, in Interaction, part string) {
	v.text(within(part, "prompt"), in.Prompt, MaxStem)
	switch in.Kind {
	case EssayKind:
		if in.Rule != scoring.Manual && in.Rule != scoring.None {
			v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
		}
	case TextKind, NumberKind:
		v.answers(in, part)
	case PairsKind:
		v.pairing(c, in, part)
	case OrderKind:
		if v.list(in.Options, part, "option", 2, MaxRows, OptionID) && !in.Key().Valid() {
			v.add(fault.New(fault.Invalid, "questionbank.order_key").On(within(part, "correct")))
		}
	default:
		most := MaxOptions
		if in.Kind != ChoiceKind {
			most = MaxRows
		}
		if in.Kind == HotspotKind {
			v.areas(in.Options, in.Image, part)
		}
		if v.list(in.Options, part, "option", MinOptions, most, OptionID) {
			v.truth(c, in, part)
			v.correct(c, in, part)
		}
	}
}

// Key is the interaction's own, worth one point.
func (in Interaction) Key() scoring.Key { return in.key(scoring.Point) }

// list is false where there are too few or too many for a key to mean anything.
func (v *checks) list(options []Option, part, name string, least, most int, id func(int) string) bool {
	if n := len(options); n < least || n > most {
		v.add(fault.New(fault.Invalid, "questionbank.options_count", least, most, n).On(within(part, name+"s")))
		return false
	}
	seen := map[string]string{}
	for i, o := range options {
		label, field := id(i), within(part, OptionField(name, i))
		if o.ID != label {
			v.add(fault.New(fault.Invalid, "questionbank.option_order").On(field))
		}
		if o.Text == "" {
			if o.Shape == nil {
				v.add(fault.New(fault.Invalid, "questionbank.option_empty", label).On(field))
			}
			continue
		}
		// Capitals count: an option may differ from another by one on purpose.
		if twin, twice := seen[o.Text]; twice {
			v.add(fault.New(fault.Invalid, "questionbank.option_twice", label, twin).On(field))
		}
		seen[o.Text] = label
		v.text(field, o.Text, MaxOption)
		v.text(within(part, OptionField("reason", i)), o.Reason, MaxText)
	}
	return true
}

func (v *checks) truth(c Content, in Interaction, part string) {
	if c.Type == TrueFalse && part == "" && (len(in.Options) != 2 || in.Options[0].Text != TrueText || in.Options[1].Text != FalseText) {
		v.add(fault.New(fault.Invalid, "questionbank.truefalse_options").On("options"))
	}
}

func (v *checks) areas(options []Option, image, part string) {
	if image == "" {
		v.add(fault.New(fault.Invalid, "questionbank.image_missing").On(within(part, "image")))
	}
	for i, o := range options {
		if o.Shape == nil || !o.Shape.valid() {
			v.add(fault.New(fault.Invalid, "questionbank.area_unreadable", o.ID).On(within(part, OptionField("option", i))))
		}
	}
}

// valid counts the coordinates and wants them on a picture.
func (s Shape) valid() bool {
	n := len(s.Coords)
	if slices.ContainsFunc(s.Coords, func(c int) bool { return c < -10_000 || c > 100_000 }) {
		return false
	}
	switch s.Form {
	case "rect", "ellipse":
		return n == 4
	case "circle":
		return n == 3
	case "poly":
		return n >= 6 && n%2 == 0 && n <= 400
	}
	return false
}

// correct checks the key of a choice.
func (v *checks) correct(c Content, in Interaction, part string) {
	field := within(part, "correct")
	switch in.Rule {
	case scoring.None:
		if c.Type != Survey {
			v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
		}
		return
	case scoring.Graded, scoring.Mapped:
		v.points(in, part)
		return
	}
	for _, id := range in.Correct {
		if in.option(id) < 0 {
			v.add(fault.New(fault.Invalid, "questionbank.key_no_option", id).On(field))
			return
		}
	}
	switch n := len(in.Correct); {
	case n == 0:
		v.add(fault.New(fault.Invalid, "questionbank.key_empty").On(field))
	case n > 1 && !in.Many:
		v.add(fault.New(fault.Invalid, "questionbank.key_many").On(field))
	case n == len(in.Options):
		v.add(fault.New(fault.Invalid, "questionbank.key_all").On(field))
	case !in.Key().Valid() || !in.Many && in.Rule != scoring.AllOrNothing || in.Many != (c.Type == Multiple) && part == "" && in.Kind == ChoiceKind && c.Type != Survey || c.Type == TrueFalse && in.Shuffle:
		v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
	}
}

func (v *checks) points(in Interaction, part string) {
	if in.Rule == scoring.Graded && (len(in.Correct) > 0 || in.Many) || in.Rule == scoring.Mapped && !in.Many {
		v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
		return
	}
	alike := true
	for i, o := range in.Options {
		if o.Points > maxPoints || o.Points < -maxPoints || o.Points < 0 && in.Rule == scoring.Graded && part == "" {
			v.add(fault.New(fault.Invalid, "questionbank.points_range", o.ID).On(within(part, OptionField("points", i))))
			return
		}
		alike = alike && o.Points == in.Options[0].Points
	}
	switch {
	case alike:
		v.add(fault.New(fault.Invalid, "questionbank.points_alike").On(within(part, "points")))
	case !in.Key().Valid():
		v.add(fault.New(fault.Invalid, "questionbank.points_select_all").On(within(part, "points")))
	}
}

// answers checks the key of a text or a number.
func (v *checks) answers(in Interaction, part string) {
	field := within(part, "answers")
	n := len(in.Texts) + len(in.Numbers)
	switch {
	case in.Rule == scoring.None:
		return
	case n == 0:
		v.add(fault.New(fault.Invalid, "questionbank.key_empty").On(field))
		return
	case n > MaxAnswers:
		v.add(fault.New(fault.Invalid, "questionbank.answers_many", MaxAnswers).On(field))
		return
	}
	for i, t := range in.Texts {
		v.text(within(part, OptionField("answer", i)), t.Text, MaxOption)
	}
	for i, number := range in.Numbers {
		if low, high := number.Range(); !number.Any && (low == "" || high == "") {
			v.add(fault.New(fault.Invalid, "questionbank.number_unreadable", strings.TrimSpace(number.Value+number.Low)).On(within(part, OptionField("answer", i))))
			return
		}
	}
	if !in.Key().Valid() {
		v.add(fault.New(fault.Invalid, "questionbank.answers_no_full").On(field))
	}
}

// pairing checks the rows, the targets and the key of a match or matrix.
func (v *checks) pairing(c Content, in Interaction, part string) {
	if in.Image != "" || c.Type == Hotspot && part == "" {
		v.areas(in.Targets, in.Image, part)
	}
	rows := v.list(in.Options, part, "option", 1, MaxRows, OptionID)
	if !v.list(in.Targets, part, "target", MinOptions, MaxRows, TargetID) && (in.Image == "" || len(in.Targets) == 0) || !rows {
		return
	}
	for _, pair := range in.Correct {
		row, target, _ := strings.Cut(pair, " ")
		if in.option(row) < 0 || in.target(target) < 0 {
			v.add(fault.New(fault.Invalid, "questionbank.key_no_option", pair).On(within(part, "correct")))
			return
		}
	}
	switch {
	case len(in.Correct) == 0 && in.Rule != scoring.None:
		v.add(fault.New(fault.Invalid, "questionbank.key_empty").On(within(part, "correct")))
	case in.Rule != scoring.None && !in.Key().Valid():
		v.add(fault.New(fault.Invalid, "questionbank.pairs_key").On(within(part, "correct")))
	}
}

// MediaNames lists the files that the item's texts and pictures name, each
// once, in the order of the text.
func (c Content) MediaNames() []string {
	var names []string
	add := func(found ...string) {
		for _, name := range found {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	add(mediaIn(c.Stimulus)...)
	add(mediaIn(c.Stem)...)
	for _, in := range c.Interactions {
		add(in.Image)
		add(mediaIn(in.Prompt)...)
		for _, o := range slices.Concat(in.Options, in.Targets) {
			if o.Rich {
				add(mediaIn(o.Text)...)
			}
			add(mediaIn(o.Reason)...)
		}
	}
	add(mediaIn(c.Rationale)...)
	if f := c.Feedback; f != nil {
		for _, text := range append([]string{f.Correct, f.Partial, f.Wrong}, f.Hints...) {
			add(mediaIn(text)...)
		}
	}
	return names
}

// text refuses what is longer than most or holds characters no text should.
func (v *checks) text(field, s string, most int) {
	if n := utf8.RuneCountInString(s); n > most {
		v.add(fault.New(fault.Invalid, "questionbank.text_long", most, n).On(field))
	}
	if hasControl(s) {
		v.add(fault.New(fault.Invalid, "questionbank.control_character").On(field))
	}
}
