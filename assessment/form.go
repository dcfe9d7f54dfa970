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

// FormItem is one position of a form.
type FormItem struct {
	questionbank.Ref
	Aspect  scoring.Aspect `json:"aspect"`
	Many    bool           `json:"many,omitempty"`
	Options []int          `json:"options"` // the author's option number at each place on display
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
		shape[i] = shapeOf(len(item.Options), item.Many)
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

// Chosen maps the letters on display to the author's option numbers. A letter
// that the item does not have maps to −1, which scores nothing.
func (i FormItem) Chosen(value string) []int {
	if value == "" {
		return nil
	}
	chosen := make([]int, len(value))
	for n := range len(value) {
		chosen[n] = -1
		if place := int(value[n]) - 'A'; place >= 0 && place < len(i.Options) {
			chosen[n] = i.Options[place]
		}
	}
	return chosen
}
