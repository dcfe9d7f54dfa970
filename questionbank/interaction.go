package questionbank

import (
	"slices"
	"strconv"

	"cakap/scoring"
)

// Kind is the way one interaction takes its answer.
type Kind string

// The kinds of interactions.
const (
	ChoiceKind  Kind = "choice"  // radio buttons, or check boxes where Many
	InlineKind  Kind = "inline"  // a drop-down list in a gap; scored like a choice
	TextKind    Kind = "text"    // a short text, in a gap or below the stem
	NumberKind  Kind = "number"  // a number
	PairsKind   Kind = "pairs"   // each option is given targets; with Image the targets are areas of it
	OrderKind   Kind = "order"   // the options are put in order
	HotspotKind Kind = "hotspot" // the options are areas of Image; one, or several where Many
	EssayKind   Kind = "essay"   // a long text for a marker, or for nobody in a survey
)

// Interaction is one place of an item that takes an answer. Which fields count
// depends on the kind:
//
//	choice, inline, hotspot  Options, Correct (ids), Rule, Many, Shuffle
//	pairs                    Options are the rows, Targets the columns, Correct "A 1" a pair each
//	order                    Options, Correct is the sequence of their ids
//	text, number             Texts or Numbers, tried in their order
//	essay                    Lines
type Interaction struct {
	Kind    Kind         `json:"kind"`
	Options []Option     `json:"options"`
	Correct []string     `json:"correct,omitempty"` // ids of the right options, ascending; none for sjt
	Rule    scoring.Rule `json:"rule"`
	Many    bool         `json:"many,omitempty"`    // more than one option may be chosen; of a matrix, more than one target a row
	Shuffle bool         `json:"shuffle,omitempty"` // each form may order the options anew

	ID      string        `json:"id,omitempty"`      // the source's response identifier
	Prompt  string        `json:"prompt,omitempty"`  // Markdown, of one part of a composite item
	Targets []Option      `json:"targets,omitempty"` // ids "1", "2" … by place
	Min     int           `json:"min,omitempty"`     // fewest and most options to choose; 0 asks nothing
	Max     int           `json:"max,omitempty"`
	Cap     scoring.Micro `json:"cap,omitempty"`   // upper bound of a map, in the unit of the options' points
	Share   int           `json:"share,omitempty"` // weight among the parts of a composite item; 0 is 1
	Texts   []TextAnswer  `json:"texts,omitempty"`
	Numbers []Number      `json:"numbers,omitempty"`
	Image   string        `json:"image,omitempty"` // name of the medium whose areas are meant
	Lines   int           `json:"lines,omitempty"` // expected length of an essay; of a text its characters
}

// Option is one alternative, row, entry, target or area, in the author's order.
type Option struct {
	ID     string        `json:"id"`               // "A", "B" … by place; targets "1", "2" …
	Text   string        `json:"text"`             // plain text of one line, unless Rich
	Rich   bool          `json:"rich,omitempty"`   // Text is Markdown: it has marks, lines or a picture
	Reason string        `json:"reason,omitempty"` // why it is right, or what mistake leads to it
	Points scoring.Micro `json:"points,omitempty"` // the author's worth for sjt and maps; elsewhere the source's, kept for export
	Ref    string        `json:"ref,omitempty"`    // the source's identifier, where it is not ID
	Fixed  bool          `json:"fixed,omitempty"`  // stays in its place when the others are shuffled
	Shape  *Shape        `json:"shape,omitempty"`  // of an area
}

// Shape is an area of a picture in its pixels, as HTML's <area> has it: "rect"
// x1 y1 x2 y2, "circle" x y r, "poly" x y for each corner, "ellipse" x y rx ry.
type Shape struct {
	Form   string `json:"form"`
	Coords []int  `json:"coords"`
}

// TextAnswer is one text that is right, or partly right.
type TextAnswer struct {
	Text   string        `json:"text"`             // "*" is any run of characters where Wild, "\*" a star
	Wild   bool          `json:"wild,omitempty"`   //
	Case   bool          `json:"case,omitempty"`   // capitals count
	Points scoring.Micro `json:"points"`           // millionths of the whole: scoring.Point is right
	Reason string        `json:"reason,omitempty"` // feedback
}

// Number is one number or range that is right, or partly right; decimals as
// text ("3.14"). Either Value and Tolerance, or Low and High, or Any.
type Number struct {
	Value     string        `json:"value,omitempty"`
	Tolerance string        `json:"tolerance,omitempty"` // absolute, unless Relative
	Relative  bool          `json:"relative,omitempty"`  // Tolerance is a share of Value
	Low       string        `json:"low,omitempty"`
	High      string        `json:"high,omitempty"`
	OpenLow   bool          `json:"open_low,omitempty"`  // Low itself is not right
	OpenHigh  bool          `json:"open_high,omitempty"` // High itself is not right
	Any       bool          `json:"any,omitempty"`       // whatever else is answered
	Points    scoring.Micro `json:"points"`              // as in TextAnswer
	Reason    string        `json:"reason,omitempty"`
}

// OptionID is the id of the option at place i, counted from 0: "A" … "Z".
func OptionID(i int) string { return string(rune('A' + i)) }

// TargetID is the id of the target at place i, counted from 0: "1", "2" ….
func TargetID(i int) string { return strconv.Itoa(i + 1) }

// NewChoice builds the interaction of the four choice types with the rule that
// belongs to each. Options get their ids by place; correct are places.
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
	case Survey:
		in.Rule, in.Shuffle = scoring.None, false
		return in
	}
	for _, i := range slices.Sorted(slices.Values(correct)) {
		in.Correct = append(in.Correct, OptionID(i))
	}
	return in
}

// Weighted is what a file's points per option come to.
type Weighted string

// What NewWeighted made of a file's points.
const (
	WeighedAs   Weighted = ""           // the rule does exactly what the file says
	WeighedAll  Weighted = "select_all" // ticking everything would have paid; per_option takes its place
	WeighedBest Weighted = "many_full"  // several options of a single choice earn everything
	WeighedNone Weighted = "no_key"     // no option earns anything
)

// NewWeighted builds a choice from points per option, as GIFT, Moodle and QTI
// have them (scoring.Point is 100 %), and says which type it is:
//
//   - one option to choose: single where one earns points, sjt where several
//     earn different ones
//   - several to choose: per_option where every key has the same positive share,
//     else map; where choosing everything would pay, per_option instead
//
// Points that the rule does not need stay on the options, for export.
func NewWeighted(options []Option, many bool) (Type, Interaction, Weighted) {
	in := Interaction{Kind: ChoiceKind, Options: slices.Clone(options), Rule: scoring.AllOrNothing, Many: many, Shuffle: true}
	var paid, levels []scoring.Micro
	var all scoring.Micro
	for i := range in.Options {
		o := &in.Options[i]
		o.ID = OptionID(i)
		all += o.Points
		if o.Points > 0 {
			in.Correct = append(in.Correct, o.ID)
			paid = append(paid, o.Points)
		}
	}
	levels = slices.Compact(slices.Sorted(slices.Values(paid)))
	switch {
	case len(paid) == 0:
		return typeOf(many), in, WeighedNone
	case !many && len(paid) == 1:
		in.plain()
		return Single, in, WeighedAs
	case !many && len(levels) > 1:
		in.Rule, in.Correct = scoring.Graded, nil
		return SJT, in, WeighedAs
	case !many:
		return Single, in, WeighedBest
	case in.evenly():
		in.Rule = scoring.PerOption
		for i := range in.Options {
			in.Options[i].Points = 0
		}
		return Multiple, in, WeighedAs
	case all <= near:
		in.Rule = scoring.Mapped
		return Multiple, in, WeighedAs
	default:
		in.Rule = scoring.PerOption
		return Multiple, in, WeighedAll
	}
}

func typeOf(many bool) Type {
	if many {
		return Multiple
	}
	return Single
}

// near is how far a rounded percentage in a file may lie from its share:
// 33.33 % and a third are the same.
const near = scoring.Point / 1000

// plain drops points that say no more than the key: the right one all, the
// others nothing.
func (in *Interaction) plain() {
	for _, o := range in.Options {
		if o.Points != 0 && o.Points != scoring.Point {
			return
		}
	}
	for i := range in.Options {
		in.Options[i].Points = 0
	}
}

// evenly reports whether the points are per_option's own: +1/k for each key,
// −1/d for each distractor.
func (in *Interaction) evenly() bool {
	k, d := scoring.Micro(len(in.Correct)), scoring.Micro(len(in.Options)-len(in.Correct))
	if d == 0 {
		return false
	}
	for _, o := range in.Options {
		want := -scoring.Point / d
		if o.Points > 0 {
			want = scoring.Point / k
		}
		if diff := o.Points - want; diff > near || diff < -near {
			return false
		}
	}
	return true
}
