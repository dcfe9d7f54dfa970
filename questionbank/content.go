package questionbank

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"cakap/scoring"
)

// Type is what kind of answer an item asks for.
type Type string

// The types this release can deliver. Files may hold more; see ForeignTypes.
const (
	Single    Type = "single"    // PG: one option is right
	Multiple  Type = "multiple"  // PGK: several options are right
	TrueFalse Type = "truefalse" // BS: a statement to judge
	SJT       Type = "sjt"       // situational judgement: every option has its worth
)

// Types is every type this release can deliver, in the order lists show them.
var Types = [...]Type{Single, Multiple, TrueFalse, SJT}

// Level is the cognitive level an item asks for.
type Level string

// The cognitive levels of a kisi-kisi.
const (
	L1 Level = "L1" // knows and understands
	L2 Level = "L2" // applies
	L3 Level = "L3" // reasons and judges
)

// Levels is every cognitive level, lowest first.
var Levels = [...]Level{L1, L2, L3}

// Content is all of a revision that never changes: what is asked, what is
// right, and what the item is about. Its JSON is stored, hashed and compared,
// so a field is added with omitempty and never renamed.
type Content struct {
	Type         Type          `json:"type"`
	Indicator    string        `json:"indicator"` // "A1.4"
	Level        Level         `json:"level"`
	Stimulus     string        `json:"stimulus,omitempty"` // Markdown shown above the stem
	Stem         string        `json:"stem"`               // Markdown
	Interactions []Interaction `json:"interactions"`       // one today; cloze items will have several
	Rationale    string        `json:"rationale,omitempty"`
	DigComp      []string      `json:"digcomp,omitempty"` // DigComp 2.2 competences
	Basis        string        `json:"basis,omitempty"`   // the law or guideline the key rests on
	Expires      string        `json:"expires,omitempty"` // yyyy-mm-dd, when to look at it again
}

// ChoiceKind is the one kind of interaction there is today.
const ChoiceKind = "choice"

// Interaction is one place of an item that takes an answer.
type Interaction struct {
	Kind    string       `json:"kind"`
	Options []Option     `json:"options"`
	Correct []string     `json:"correct,omitempty"` // ids of the right options, ascending; none for sjt
	Rule    scoring.Rule `json:"rule"`
	Many    bool         `json:"many,omitempty"`    // more than one option may be chosen
	Shuffle bool         `json:"shuffle,omitempty"` // each form may order the options anew
}

// Option is one alternative, in the author's order.
type Option struct {
	ID     string        `json:"id"`               // "A" to "F", by place
	Text   string        `json:"text"`             // plain text of one line, not Markdown
	Reason string        `json:"reason,omitempty"` // why it is right, or what mistake leads to it
	Points scoring.Micro `json:"points,omitempty"` // the author's worth, for sjt only
}

// OptionID is the id of the option at place i, counted from 0.
func OptionID(i int) string { return string(rune('A' + i)) }

// Choice is the item's only interaction; of an item without one it is empty.
func (c Content) Choice() Interaction {
	if len(c.Interactions) == 0 {
		return Interaction{}
	}
	return c.Interactions[0]
}

// Aspect is the aspect of the content's indicator, or Total for none.
func (c Content) Aspect() scoring.Aspect { return AspectOf(c.Indicator) }

// AspectOf reads the aspect out of an indicator's code, Total where it has none.
func AspectOf(indicator string) scoring.Aspect {
	if len(indicator) < 2 {
		return scoring.Total
	}
	a, err := scoring.ParseAspect(indicator[:2])
	if err != nil {
		return scoring.Total
	}
	return a
}

// Key is what scoring needs. Every item is worth one point, so that an aspect
// weighs what its number of items says. The worst option of a
// situational-judgement item earns nothing and the best one the whole point,
// whatever numbers the author wrote: of 1, 2, 3, 4 the 3 earns two thirds.
func (c Content) Key() scoring.Key {
	in := c.Choice()
	k := scoring.Key{Rule: in.Rule, Options: len(in.Options), Max: scoring.Point, Many: in.Many}
	if in.Rule == scoring.Graded {
		k.Points = normalise(in.Options)
		return k
	}
	for i, o := range in.Options {
		if slices.Contains(in.Correct, o.ID) {
			k.Correct = append(k.Correct, i)
		}
	}
	return k
}

// normalise maps the authors' points to 0 for the worst and one point for the
// best, rounded half up. Options that are all alike earn nothing; Validate
// refuses them.
func normalise(options []Option) []scoring.Micro {
	points := make([]scoring.Micro, len(options))
	if len(options) == 0 {
		return points
	}
	byPoints := func(a, b Option) int { return int(a.Points - b.Points) }
	worst, best := slices.MinFunc(options, byPoints).Points, slices.MaxFunc(options, byPoints).Points
	if best == worst {
		return points
	}
	for i, o := range options {
		points[i] = (2*(o.Points-worst)*scoring.Point + (best - worst)) / (2 * (best - worst))
	}
	return points
}

// Delivery is what a participant's browser may have of an item before results
// are released. Neither type has a field for keys, points, reasons or the
// rationale, so no template can print one by mistake.
type Delivery struct {
	Type     Type             `json:"type"`
	Stimulus string           `json:"stimulus,omitempty"` // Markdown
	Stem     string           `json:"stem"`               // Markdown
	Options  []DeliveryOption `json:"options"`            // in the author's order
	Many     bool             `json:"many,omitempty"`     // check boxes rather than radio buttons
}

// DeliveryOption is one alternative as a participant sees it. It carries no
// id: forms letter the options by the place they give them.
type DeliveryOption struct {
	Text string `json:"text"`
}

// Delivery is the part of the content that may leave before release.
func (c Content) Delivery() Delivery {
	in := c.Choice()
	d := Delivery{Type: c.Type, Stimulus: c.Stimulus, Stem: c.Stem, Many: in.Many, Options: make([]DeliveryOption, len(in.Options))}
	for i, o := range in.Options {
		d.Options[i].Text = o.Text
	}
	return d
}

// PhoneOK reports whether the item can be answered on a 360 px screen without
// scrolling past its options: no table, a screenful of text, short options.
func (c Content) PhoneOK() bool {
	length := len([]rune(c.Stimulus)) + len([]rune(c.Stem))
	for _, o := range c.Choice().Options {
		if len([]rune(o.Text)) > phoneOption {
			return false
		}
		length += len([]rune(o.Text))
	}
	return length <= phoneText && !hasTable(c.Stimulus) && !hasTable(c.Stem)
}

// What fits a phone: about 34 characters a line and 40 lines in two screens.
const (
	phoneText   = 1400
	phoneOption = 240
)

// JSON is the canonical form of the content: the stored text, and what Hash
// is taken of.
func (c Content) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		panic(err) // strings, numbers and slices of them always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Hash is the SHA-256 of the canonical JSON, in hex.
func (c Content) Hash() string {
	sum := sha256.Sum256(c.JSON())
	return hex.EncodeToString(sum[:])
}

// ParseContent reads stored content.
func ParseContent(stored string) (Content, error) {
	var c Content
	if err := json.Unmarshal([]byte(stored), &c); err != nil {
		return Content{}, fmt.Errorf("questionbank: stored content: %w", err)
	}
	return c, nil
}

// NewChoice builds the content of one of the four types with the rule that
// belongs to it. Options get their ids by place; correct are places.
func NewChoice(t Type, options []Option, correct []int) Interaction {
	in := Interaction{Kind: ChoiceKind, Options: slices.Clone(options), Rule: scoring.AllOrNothing, Shuffle: t != TrueFalse}
	for i := range in.Options {
		in.Options[i].ID = OptionID(i)
	}
	switch t {
	case Multiple:
		in.Rule, in.Many = scoring.PerOption, true
	case SJT:
		in.Rule = scoring.Graded
		return in
	}
	for _, i := range slices.Sorted(slices.Values(correct)) {
		in.Correct = append(in.Correct, OptionID(i))
	}
	return in
}
