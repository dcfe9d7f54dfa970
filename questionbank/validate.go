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
	MinStem    = 2
	MaxStem    = 8000
	MaxText    = 16000 // stimulus, rationale
	MaxOption  = 2000
	MaxBasis   = 300
	MinOptions = 2
	MaxOptions = 12 // of a choice
	MaxRows    = 26 // rows, targets, entries, areas, alternatives of a gap
	MaxParts   = 40
	MaxAnswers = 50 // texts or numbers that are right
	maxPoints  = 1000 * scoring.Point
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
	c.Expires, c.Lang = strings.TrimSpace(c.Expires), strings.TrimSpace(c.Lang)
	c.Title, c.Category = cleanLine(c.Title), cleanLine(c.Category)
	c.DigComp = slices.Clone(c.DigComp)
	if ind, ok := StandardFramework().Indicator(c.Indicator); ok && len(c.DigComp) == 0 {
		c.DigComp = slices.Clone(ind.DigComp)
	}
	c.Tags = slices.Clone(c.Tags)
	for i, t := range c.Tags {
		c.Tags[i] = cleanLine(t)
	}
	c.Tags = slices.Compact(slices.Sorted(slices.Values(slices.DeleteFunc(c.Tags, func(t string) bool { return t == "" }))))
	if f := c.Feedback; f != nil {
		c.Feedback = f.normalise()
	}
	c.Media = slices.Clone(c.Media)
	for i := range c.Media {
		c.Media[i].Alt = cleanLine(c.Media[i].Alt)
	}
	c.Interactions = slices.Clone(c.Interactions)
	for i := range c.Interactions {
		c.Interactions[i] = c.Interactions[i].normalise()
	}
	return c
}

func (f Feedback) normalise() *Feedback {
	f.Correct, f.Partial, f.Wrong = cleanText(f.Correct), cleanText(f.Partial), cleanText(f.Wrong)
	f.Hints = slices.Clone(f.Hints)
	for i := range f.Hints {
		f.Hints[i] = cleanText(f.Hints[i])
	}
	f.Hints = slices.DeleteFunc(f.Hints, func(h string) bool { return h == "" })
	if f.Correct == "" && f.Partial == "" && f.Wrong == "" && len(f.Hints) == 0 {
		return nil
	}
	return &f
}

// normalise keeps the order of a sequence's key; other keys are sets.
func (in Interaction) normalise() Interaction {
	in.Prompt = cleanText(in.Prompt)
	in.Options, in.Targets = tidy(in.Options, OptionID), tidy(in.Targets, TargetID)
	in.Correct = slices.Clone(in.Correct)
	if in.Kind != OrderKind {
		in.Correct = slices.Compact(slices.Sorted(slices.Values(in.Correct)))
	}
	in.Texts = slices.Clone(in.Texts)
	for i := range in.Texts {
		in.Texts[i].Text, in.Texts[i].Reason = cleanLine(in.Texts[i].Text), cleanText(in.Texts[i].Reason)
	}
	in.Numbers = slices.Clone(in.Numbers)
	for i := range in.Numbers {
		n := &in.Numbers[i]
		n.Value, n.Tolerance, n.Low, n.High = cleanLine(n.Value), cleanLine(n.Tolerance), cleanLine(n.Low), cleanLine(n.High)
		n.Reason = cleanText(n.Reason)
	}
	return in
}

func tidy(options []Option, id func(int) string) []Option {
	options = slices.Clone(options)
	for j := range options {
		o := &options[j]
		o.ID, o.Reason = id(j), cleanText(o.Reason)
		if o.Rich {
			o.Text = cleanText(o.Text)
		} else {
			o.Text = cleanLine(o.Text)
		}
		if o.Ref == o.ID {
			o.Ref = ""
		}
	}
	return options
}

// Validate returns everything that stops c from being saved, with the form
// field each belongs to; nil where nothing does. What is merely poor style is
// the linter's affair.
func (c Content) Validate() error {
	var v checks
	v.stem(c)
	v.place(c)
	if !slices.Contains(Types[:], c.Type) || !c.fits() {
		v.add(fault.New(fault.Invalid, "questionbank.type_unknown").On("type"))
		return fault.Join(v)
	}
	v.extras(c)
	if len(c.Interactions) == 1 {
		v.interaction(c, c.Interactions[0], "")
		return fault.Join(v)
	}
	v.gaps(c)
	for i, in := range c.Interactions {
		v.interaction(c, in, PartField(i))
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
	}
	v.text("stimulus", c.Stimulus, MaxText)
	v.text("rationale", c.Rationale, MaxText)
	v.text("basis", c.Basis, MaxBasis)
	v.text("stem", c.Stem, MaxText) // length was said above; here for control characters
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
