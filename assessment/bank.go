package assessment

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/scoring"
)

// bank keeps what attempts need of revisions and level schemes. Neither ever
// changes once it exists, so a copy in memory is never stale.
type bank struct {
	db      storage.Querier
	mu      sync.RWMutex
	items   map[questionbank.Ref]bankItem
	schemes map[schemeRef]scoring.Scheme
}

type bankItem struct {
	key      scoring.Key
	delivery questionbank.Delivery
	points   int // of the rubric, where a marker looks at the answers
}

type schemeRef struct {
	code    string
	version int
}

// mostItems bounds the memory of a server that lives through many banks.
const mostItems = 20_000

func newBank(db storage.Querier) *bank {
	return &bank{db: db, items: map[questionbank.Ref]bankItem{}, schemes: map[schemeRef]scoring.Scheme{}}
}

// of returns the items of a form, in the order of positions.
func (b *bank) of(ctx context.Context, f Form) ([]bankItem, error) {
	if items, ok := b.known(f); ok {
		return items, nil
	}
	contents, err := questionbank.Revisions(ctx, b.db, f.Refs())
	if err != nil {
		return nil, fmt.Errorf("load items of a form: %w", err)
	}
	b.mu.Lock()
	if len(b.items) > mostItems {
		clear(b.items)
	}
	items := make([]bankItem, len(f.Items))
	for i, item := range f.Items {
		c := contents[item.Ref]
		items[i] = bankItem{key: c.Key(), delivery: c.Delivery()}
		if c.ByHand() {
			items[i].points = whole(rubric(c))
		}
		b.items[item.Ref] = items[i]
	}
	b.mu.Unlock()
	return items, nil
}

func (b *bank) known(f Form) ([]bankItem, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	items := make([]bankItem, len(f.Items))
	for i, item := range f.Items {
		found, ok := b.items[item.Ref]
		if !ok {
			return nil, false
		}
		items[i] = found
	}
	return items, true
}

// scheme returns a version of a level scheme.
func (b *bank) scheme(ctx context.Context, code string, version int) (scoring.Scheme, error) {
	ref := schemeRef{code, version}
	b.mu.RLock()
	s, ok := b.schemes[ref]
	b.mu.RUnlock()
	if ok {
		return s, nil
	}
	s, err := questionbank.LevelScheme(ctx, b.db, code, version)
	if err != nil {
		return scoring.Scheme{}, err
	}
	b.mu.Lock()
	b.schemes[ref] = s
	b.mu.Unlock()
	return s, nil
}

// marking is everything of a form that scoring needs besides the journal.
type marking struct {
	form   Form
	keys   []scoring.Key
	hash   string // of the keys
	scheme scoring.Scheme
	need   scoring.Evidence
	points map[int]int // of the rubrics, by position; none where nothing is marked by hand
	by     Marking
	left   map[int]bool // positions whose item is out of the event's scores
}

// manual reports whether the form has answers that people mark.
func (m marking) manual() bool { return len(m.points) > 0 }

func (b *bank) marking(ctx context.Context, f Form, e Event) (marking, error) {
	items, err := b.of(ctx, f)
	if err != nil {
		return marking{}, err
	}
	m := marking{form: f, keys: make([]scoring.Key, len(items)), need: e.Spec.Evidence, points: map[int]int{}, by: e.Spec.Marking}
	for i, item := range items {
		m.keys[i] = item.key
		if item.key.ByHand() {
			m.points[i+1] = item.points
		}
	}
	if m, err = m.hashed(); err != nil {
		return marking{}, err
	}
	m.scheme, err = b.scheme(ctx, e.SchemeCode, e.SchemeVersion)
	return m, err
}

func (m marking) hashed() (marking, error) {
	body, err := json.Marshal(m.keys)
	m.hash = hashText(string(body))
	return m, err
}

// exclude is the marking without some items: their positions get the key of a
// question that is never scored, so they count neither as points nor as
// answers, no marker reads them, and the hash of the keys tells that they are
// out.
func (m marking) exclude(items []int64) (marking, error) {
	left := map[int]bool{}
	for i, item := range m.form.Items {
		if slices.Contains(items, item.Item) {
			left[i+1] = true
		}
	}
	if len(left) == 0 {
		return m, nil
	}
	m.keys, m.points, m.left = slices.Clone(m.keys), maps.Clone(m.points), left
	for position := range left {
		m.keys[position-1] = scoring.Key{Rule: scoring.None}
		delete(m.points, position)
	}
	return m.hashed()
}

// result computes the row of a result from the journal and the markers' marks.
func (m marking) result(a Attempt, ended Ending, rows []Row, marks map[int]share) (resultRow, error) {
	r := scoring.Compute(responses(m.form, m.keys, rows, ended, marks), m.scheme, m.need)
	payload, err := json.Marshal(r)
	return resultRow{
		EnrolmentID: a.Enrolment, AttemptNo: a.No, EventID: a.Event, FormHash: m.form.Hash, JournalHash: journalHash(rows),
		KeyHash: m.hash, RulesVersion: scoring.RulesVersion, SchemeCode: m.scheme.Code, SchemeVersion: m.scheme.Version,
		Payload: string(payload),
	}, err
}
