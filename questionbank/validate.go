package questionbank

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/scoring"
)

// What an item may hold. The texts of the messages name these numbers.
const (
	MinStem    = 5
	MaxStem    = 2000
	MaxText    = 4000 // stimulus, rationale
	MaxOption  = 500
	MaxBasis   = 300
	MinOptions = 2
	MaxOptions = 6
	maxPoints  = 100 * scoring.Point
)

// The two options of a true/false item, always in this order.
const (
	TrueText  = "Benar"
	FalseText = "Salah"
)

// Normalise tidies what an author typed or a file held, without changing what
// it says: NFC, no invisible characters, no stray spaces, option ids by place,
// and the indicator's DigComp competences where the author named none.
func (c Content) Normalise() Content {
	c.Stimulus, c.Stem = cleanText(c.Stimulus), cleanText(c.Stem)
	c.Rationale, c.Basis = cleanText(c.Rationale), cleanLine(c.Basis)
	c.Expires = strings.TrimSpace(c.Expires)
	c.DigComp = slices.Clone(c.DigComp)
	if ind, ok := StandardFramework().Indicator(c.Indicator); ok && len(c.DigComp) == 0 {
		c.DigComp = slices.Clone(ind.DigComp)
	}
	c.Interactions = slices.Clone(c.Interactions)
	for i := range c.Interactions {
		in := &c.Interactions[i]
		in.Options = slices.Clone(in.Options)
		in.Correct = slices.Compact(slices.Sorted(slices.Values(in.Correct)))
		for j := range in.Options {
			o := &in.Options[j]
			o.ID, o.Text, o.Reason = OptionID(j), cleanLine(o.Text), cleanText(o.Reason)
		}
	}
	return c
}

// Validate returns everything that stops c from being saved, with the form
// field each belongs to; nil where nothing does. What is merely poor style is
// the linter's affair.
func (c Content) Validate() error {
	var v checks
	v.stem(c)
	v.place(c)
	if len(c.Interactions) != 1 || c.Interactions[0].Kind != ChoiceKind || !slices.Contains(Types[:], c.Type) {
		v.add(fault.New(fault.Invalid, "questionbank.type_unknown").On("type"))
		return fault.Join(v)
	}
	if v.options(c) {
		v.correct(c)
	}
	return fault.Join(v)
}

type checks []*fault.Fault

func (v *checks) add(f *fault.Fault) { *v = append(*v, f) }

func (v *checks) stem(c Content) {
	n := utf8.RuneCountInString(c.Stem)
	switch {
	case n == 0:
		v.add(fault.New(fault.Invalid, "questionbank.stem_empty").On("stem"))
	case n < MinStem:
		v.add(fault.New(fault.Invalid, "questionbank.stem_short", MinStem).On("stem"))
	case n > MaxStem:
		v.add(fault.New(fault.Invalid, "questionbank.stem_long", MaxStem, n).On("stem"))
	case startsFormula(c.Stem):
		v.add(fault.New(fault.Invalid, "questionbank.stem_formula", c.Stem[:1]).On("stem"))
	}
	v.text("stimulus", c.Stimulus, MaxText)
	v.text("rationale", c.Rationale, MaxText)
	v.text("basis", c.Basis, MaxBasis)
	v.text("stem", c.Stem, MaxText) // length was said above; here for control characters
}

func (v *checks) text(field, s string, most int) {
	if n := utf8.RuneCountInString(s); n > most {
		v.add(fault.New(fault.Invalid, "questionbank.text_long", most, n).On(field))
	}
	if hasControl(s) {
		v.add(fault.New(fault.Invalid, "questionbank.control_character").On(field))
	}
}

// place checks what the item is about and how long it keeps.
func (v *checks) place(c Content) {
	if _, known := StandardFramework().Indicator(c.Indicator); !known {
		if c.Indicator == "" {
			v.add(fault.New(fault.Invalid, "questionbank.indicator_empty").On("indicator"))
		} else {
			v.add(fault.New(fault.Invalid, "questionbank.indicator_unknown", c.Indicator).On("indicator"))
		}
	}
	if !slices.Contains(Levels[:], c.Level) {
		v.add(fault.New(fault.Invalid, "questionbank.level_unknown").On("level"))
	}
	if c.Expires != "" {
		if _, err := time.Parse(time.DateOnly, c.Expires); err != nil {
			v.add(fault.New(fault.Invalid, "questionbank.expires_unreadable", c.Expires).On("expires"))
		}
	}
	for _, code := range c.DigComp {
		if !digcompCode(code) {
			v.add(fault.New(fault.Invalid, "questionbank.digcomp_unknown", code).On("digcomp"))
		}
	}
}

// competences is how many competences each of DigComp's five areas has.
var competences = [...]byte{'3', '6', '4', '4', '4'}

func digcompCode(s string) bool {
	return len(s) == 3 && s[1] == '.' && s[0] >= '1' && s[0] <= '5' && s[2] >= '1' && s[2] <= competences[s[0]-'1']
}

// options is false where there are too few for a key to mean anything.
func (v *checks) options(c Content) bool {
	options := c.Choice().Options
	if n := len(options); n < MinOptions || n > MaxOptions {
		v.add(fault.New(fault.Invalid, "questionbank.options_count", MinOptions, MaxOptions, n).On("options"))
		return false
	}
	if c.Type == TrueFalse && (len(options) != 2 || options[0].Text != TrueText || options[1].Text != FalseText) {
		v.add(fault.New(fault.Invalid, "questionbank.truefalse_options").On("options"))
	}
	seen := map[string]string{}
	for i, o := range options {
		letter, field := OptionID(i), OptionField("option", i)
		if o.ID != letter {
			v.add(fault.New(fault.Invalid, "questionbank.option_order").On(field))
		}
		if o.Text == "" {
			v.add(fault.New(fault.Invalid, "questionbank.option_empty", letter).On(field))
			continue
		}
		// Capitals count: an option may differ from another by one on purpose.
		if twin, twice := seen[o.Text]; twice {
			v.add(fault.New(fault.Invalid, "questionbank.option_twice", letter, twin).On(field))
		}
		seen[o.Text] = letter
		v.text(field, o.Text, MaxOption)
		v.text(OptionField("reason", i), o.Reason, MaxText)
	}
	return true
}

// OptionField names the form field of an option: OptionField("reason", 0) is "reason_a".
func OptionField(name string, i int) string { return name + "_" + string(rune('a'+i)) }

func (v *checks) correct(c Content) {
	in := c.Choice()
	if c.Type == SJT {
		v.points(in)
		return
	}
	if slices.ContainsFunc(in.Options, func(o Option) bool { return o.Points != 0 }) {
		v.add(fault.New(fault.Invalid, "questionbank.points_unwanted").On("points"))
	}
	known := func(id string) bool {
		return slices.ContainsFunc(in.Options, func(o Option) bool { return o.ID == id })
	}
	for _, id := range in.Correct {
		if !known(id) {
			v.add(fault.New(fault.Invalid, "questionbank.key_no_option", id).On("correct"))
			return
		}
	}
	want := NewChoice(c.Type, nil, nil)
	switch n := len(in.Correct); {
	case n == 0:
		v.add(fault.New(fault.Invalid, "questionbank.key_empty").On("correct"))
	case n > 1 && c.Type != Multiple:
		v.add(fault.New(fault.Invalid, "questionbank.key_many").On("correct"))
	case n == len(in.Options):
		v.add(fault.New(fault.Invalid, "questionbank.key_all").On("correct"))
	case in.Rule != want.Rule || in.Many != want.Many || !c.Key().Valid() || c.Type == TrueFalse && in.Shuffle:
		v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
	}
}

func (v *checks) points(in Interaction) {
	if len(in.Correct) > 0 || in.Rule != scoring.Graded || in.Many {
		v.add(fault.New(fault.Invalid, "questionbank.rule_wrong").On("type"))
		return
	}
	alike := true
	for i, o := range in.Options {
		if o.Points < 0 || o.Points > maxPoints {
			v.add(fault.New(fault.Invalid, "questionbank.points_range", o.ID).On(OptionField("points", i)))
			return
		}
		alike = alike && o.Points == in.Options[0].Points
	}
	if alike {
		v.add(fault.New(fault.Invalid, "questionbank.points_alike").On("points"))
	}
}
