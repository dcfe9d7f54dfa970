package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"cakap/questionbank"
	"cakap/scoring"
)

// Form is the paper one enrolment sees: exact revisions in their order, with
// the order of their options. It is drawn before the start and never changes.
type Form struct {
	Enrolment int64
	No        int // the nth form of the enrolment, taken by its nth attempt
	Items     []FormItem
	Hash      string // SHA-256 of the content
	Exposure  string // what the draw saw of the draws before it
	DrawNo    int    // place in the event's sequence of draws
	DrawnAt   time.Time
}

// NothingKind is the kind of a position that asks nothing.
const NothingKind questionbank.Kind = "none"

// FormItem is one position of a form: the item, and how its first part is put.
// Its JSON is stored and hashed, so a field is added with omitempty and never
// renamed.
type FormItem struct {
	questionbank.Ref
	Aspect  scoring.Aspect    `json:"aspect"`         // Total where the item is not drawn for any
	Kind    questionbank.Kind `json:"kind,omitempty"` // "" where letters are the answer
	Many    bool              `json:"many,omitempty"`
	Options []int             `json:"options"`           // the author's option number at each place on display
	Targets []int             `json:"targets,omitempty"` // the author's target number at each place
	Rest    []FormPart        `json:"rest,omitempty"`    // the other parts of an item of several
}

// FormPart is how one part of an item is put.
type FormPart struct {
	Kind    questionbank.Kind `json:"kind,omitempty"`
	Many    bool              `json:"many,omitempty"`
	Options []int             `json:"options,omitempty"`
	Targets []int             `json:"targets,omitempty"`
}

// Parts is every part of the position, none of one that asks nothing.
func (i FormItem) Parts() []FormPart {
	if i.Kind == NothingKind {
		return nil
	}
	return append([]FormPart{{Kind: i.Kind, Many: i.Many, Options: i.Options, Targets: i.Targets}}, i.Rest...)
}

// content is the canonical text of a form's items: what is stored and hashed.
func content(items []FormItem) string {
	body, err := json.Marshal(items)
	if err != nil {
		panic(err) // numbers always encode
	}
	return string(body)
}

func hashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func parseContent(text string) ([]FormItem, error) {
	var items []FormItem
	if err := json.Unmarshal([]byte(text), &items); err != nil {
		return nil, fmt.Errorf("form content: %w", err)
	}
	return items, nil
}

// Shape is what values the form's positions take.
func (f Form) Shape() string {
	shape := make([]byte, len(f.Items))
	for i, item := range f.Items {
		shape[i] = shapeOf(item)
	}
	return string(shape)
}

// Refs is every revision of the form, in the order of positions.
func (f Form) Refs() []questionbank.Ref {
	refs := make([]questionbank.Ref, len(f.Items))
	for i, item := range f.Items {
		refs[i] = item.Ref
	}
	return refs
}

// answer is a value in the author's numbering, as scoring takes it.
func (i FormItem) answer(value string) scoring.Answer {
	parts := i.Parts()
	if len(parts) == 1 {
		return parts[0].answer(value)
	}
	a := scoring.Answer{Parts: make([]scoring.Answer, len(parts))}
	for n, v := range Split(value, len(parts)) {
		a.Parts[n] = parts[n].answer(v)
	}
	return a
}

func (p FormPart) answer(value string) scoring.Answer {
	switch p.Kind {
	case questionbank.TextKind, questionbank.NumberKind, questionbank.EssayKind:
		return scoring.Answer{Text: value}
	case questionbank.PairsKind:
		if value == "" {
			return scoring.Answer{}
		}
		pairs := make([][]int, len(p.Options))
		for place, author := range p.Options {
			pairs[author] = numbers(TargetsOf(value, place), p.Targets)
		}
		return scoring.Answer{Pairs: pairs}
	}
	return scoring.Answer{Chosen: numbers(value, p.Options)}
}

// Chosen maps the letters on display to the author's option numbers. A letter
// that the item does not have maps to −1, which scores nothing.
func (i FormItem) Chosen(value string) []int { return numbers(value, i.Options) }

// numbers maps letters to the author's numbers at their places, −1 for none.
func numbers(value string, order []int) []int {
	if value == "" {
		return nil
	}
	chosen := make([]int, len(value))
	for n := range len(value) {
		chosen[n] = -1
		if place := int(value[n]) - 'A'; place >= 0 && place < len(order) {
			chosen[n] = order[place]
		}
	}
	return chosen
}
