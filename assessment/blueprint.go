package assessment

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// Cell asks for a number of items of an aspect, of one indicator and level or
// of any.
type Cell struct {
	Aspect    scoring.Aspect     `json:"aspect"`
	Indicator string             `json:"indicator,omitempty"`
	Level     questionbank.Level `json:"level,omitempty"`
	Count     int                `json:"count"`
}

func (c Cell) takes(item PoolItem) bool {
	return c.Aspect == item.Aspect && (c.Indicator == "" || c.Indicator == item.Indicator) && (c.Level == "" || c.Level == item.Level)
}

// String names the cell: "A1 L2", "A3.4 L1", "A2".
func (c Cell) String() string {
	name := c.Aspect.Code()
	if c.Indicator != "" {
		name = c.Indicator
	}
	if c.Level != "" {
		name += " " + string(c.Level)
	}
	return name
}

func (c Cell) overlaps(o Cell) bool {
	meets := func(a, b string) bool { return a == "" || b == "" || a == b }
	return c.Aspect == o.Aspect && meets(c.Indicator, o.Indicator) && meets(string(c.Level), string(o.Level))
}

// AttemptRule says which of several attempts counts.
type AttemptRule string

// The attempt rules.
const (
	LastAttempt  AttemptRule = "last"
	BestAttempt  AttemptRule = "best"
	FirstAttempt AttemptRule = "first"
)

// How a form is handed out: whole in one document, the items of one aspect
// after the other, or item by item. In the last two what is behind is locked.
const (
	DeliverAll    = "all"
	DeliverAspect = "aspect"
	DeliverOne    = "one"
)

// Sequential reports whether only a part of a form takes answers at a time.
func (s Spec) Sequential() bool { return s.Delivery == DeliverAspect || s.Delivery == DeliverOne }

// Spec is the content of a blueprint (kisi-kisi). An event freezes a copy.
type Spec struct {
	Cells           []Cell           `json:"cells"`
	MaxPerIndicator int              `json:"max_per_indicator,omitempty"` // of one form; 0 is no limit
	Minutes         int              `json:"minutes"`
	Delivery        string           `json:"delivery"`
	Attempts        int              `json:"attempts"`
	AttemptRule     AttemptRule      `json:"attempt_rule"`
	CooldownDays    int              `json:"cooldown_days,omitempty"`
	Phones          bool             `json:"phones"` // may be taken on a phone
	Evidence        scoring.Evidence `json:"evidence"`
	Essays          bool             `json:"essays,omitempty"`  // cells may draw essays, which people mark
	Marking         Marking          `json:"marking,omitempty"` // of essays; "" is one marker
	Extra           []string         `json:"extra,omitempty"`   // codes of survey and info items that end every form, unscored
}

// Marking says how many people mark an essay.
type Marking string

// The ways of marking. Two marks that lie close together count by their mean;
// a third person decides where they do not.
const (
	MarkedByOne Marking = "one"
	MarkedByTwo Marking = "two"
)

// people is how many markers an event needs: where two mark, a third decides
// when they differ.
func (m Marking) people() int {
	if m == MarkedByTwo {
		return 3
	}
	return 1
}

// draws reports whether the cells may be filled with items of a type.
func (s Spec) draws(t questionbank.Type, byHand bool) bool {
	return t.Drawable() && (s.Essays || !byHand)
}

// Limits of a blueprint. Every attempt has its form drawn beforehand, so
// attempts are few.
const (
	maxItems    = 400
	maxMinutes  = 600
	maxAttempts = 5
)

// maxExtra is how many items may end a form.
const maxExtra = 40

// Items is the number of items of a form, with those that end it.
func (s Spec) Items() int {
	n := len(s.Extra)
	for _, c := range s.Cells {
		n += c.Count
	}
	return n
}

// Of is the number of items of one aspect.
func (s Spec) Of(a scoring.Aspect) int {
	n := 0
	for _, c := range s.Cells {
		if c.Aspect == a {
			n += c.Count
		}
	}
	return n
}

// Duration is the working time without any accommodation.
func (s Spec) Duration() time.Duration { return time.Duration(s.Minutes) * time.Minute }

func (s Spec) json() string {
	body, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and strings always encode
	}
	return string(body)
}

func parseSpec(text string) (Spec, error) {
	var s Spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Spec{}, fmt.Errorf("blueprint spec: %w", err)
	}
	return s, nil
}

// Validate says everything that is wrong with the spec.
func (s Spec) Validate() error {
	var faults []*fault.Fault
	refuse := func(field, key string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, key, args...).On(field))
	}
	if n := s.Items(); len(s.Cells) == 0 || n <= len(s.Extra) || n > maxItems {
		refuse("cells", "assessment.blueprint_items", maxItems)
	}
	for i, c := range s.Cells {
		if !c.valid() {
			refuse("cells", "assessment.blueprint_cell", c.String())
		}
		for _, o := range s.Cells[:i] {
			if c.overlaps(o) {
				refuse("cells", "assessment.blueprint_overlap", o.String(), c.String())
			}
		}
	}
	if s.Minutes < 1 || s.Minutes > maxMinutes {
		refuse("minutes", "assessment.blueprint_minutes", maxMinutes)
	}
	if s.Attempts < 1 || s.Attempts > maxAttempts {
		refuse("attempts", "assessment.blueprint_attempts", maxAttempts)
	}
	if s.AttemptRule != LastAttempt && s.AttemptRule != BestAttempt && s.AttemptRule != FirstAttempt {
		refuse("attempt_rule", "assessment.blueprint_rule")
	}
	if s.Delivery != DeliverAll && !s.Sequential() {
		refuse("delivery", "assessment.blueprint_delivery")
	}
	if s.CooldownDays < 0 || s.CooldownDays > 365 || s.MaxPerIndicator < 0 {
		refuse("cooldown_days", "assessment.blueprint_numbers")
	}
	if e := s.Evidence; e.MinAnswered < 0 || e.MinShare < 0 || e.MinShare > 100 || e.MaxSE < 0 {
		refuse("evidence", "assessment.blueprint_numbers")
	}
	if s.Marking != "" && s.Marking != MarkedByOne && s.Marking != MarkedByTwo {
		refuse("marking", "assessment.blueprint_marking")
	}
	if len(s.Extra) > maxExtra || len(slices.Compact(slices.Sorted(slices.Values(s.Extra)))) < len(s.Extra) || slices.Contains(s.Extra, "") {
		refuse("extra", "assessment.blueprint_extra", maxExtra)
	}
	return fault.Join(faults)
}

func (c Cell) valid() bool {
	if !c.Aspect.Valid() || c.Count < 1 {
		return false
	}
	if c.Level != "" && c.Level != questionbank.L1 && c.Level != questionbank.L2 && c.Level != questionbank.L3 {
		return false
	}
	return c.Indicator == "" || questionbank.AspectOf(c.Indicator) == c.Aspect
}

// Blueprint is a kisi-kisi: what an assessment asks, for how long and by which
// rules.
type Blueprint struct {
	ID            int64
	Code          string
	Name          string
	Spec          Spec
	SchemeCode    string
	SchemeVersion int
	Shipped       bool
	CreatedBy     int64
	CreatedAt     time.Time
}

// The codes of the two blueprints that come with the product.
const (
	Ringkas = "RINGKAS"
	Lengkap = "LENGKAP"
)

// shippedBlueprints are for bands with an evidence verdict (Ringkas), and for
// aspect scores of individuals (Lengkap).
func shippedBlueprints() []Blueprint {
	return []Blueprint{
		{Code: Ringkas, Name: "Asesmen Ringkas (40 soal, 60 menit)", Shipped: true, Spec: shippedSpec(3, 4, 3, 2, 60)},
		{Code: Lengkap, Name: "Asesmen Lengkap (80 soal, 120 menit)", Shipped: true, Spec: shippedSpec(6, 8, 6, 0, 120)},
	}
}

func shippedSpec(l1, l2, l3, maxPerIndicator, minutes int) Spec {
	s := Spec{
		MaxPerIndicator: maxPerIndicator, Minutes: minutes, Delivery: DeliverAll,
		Attempts: 1, AttemptRule: LastAttempt, Phones: true, Evidence: scoring.DefaultEvidence,
	}
	for _, a := range scoring.Aspects {
		s.Cells = append(s.Cells,
			Cell{Aspect: a, Level: questionbank.L1, Count: l1},
			Cell{Aspect: a, Level: questionbank.L2, Count: l2},
			Cell{Aspect: a, Level: questionbank.L3, Count: l3})
	}
	return s
}
