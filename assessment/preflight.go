package assessment

import (
	"context"
	"fmt"
	"time"

	"cakap/assessment/load"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/questionbank"
)

// Verdict is what a preflight check found.
type Verdict string

// The verdicts. An event opens unless a check fails.
const (
	Pass Verdict = "pass"
	Warn Verdict = "warn"
	Fail Verdict = "fail"
)

// Check is one line of the preflight. Key names its text, Args are its numbers.
type Check struct {
	Name    string // "bank_covers", stable for --json
	Verdict Verdict
	Key     string
	Args    []any
}

// Surroundings is what the caller knows and the database does not.
type Surroundings struct {
	ClockDrift time.Duration // machine against steady clock, or against a reference
	BackupAge  time.Duration // since the last good backup; negative where there is none
}

// maxBackupAge is how old a backup may be when an event opens.
const maxBackupAge = 24 * time.Hour

// inspection is everything the preflight looks at.
type inspection struct {
	event      Event
	sessions   []Session
	counts     eventCounts
	pool       []poolState
	essays     int      // live ones, or those of the pool
	markers    int      // accounts that may mark essays
	lacking    []string // extras that are not there
	shortages  []Shortage
	around     Surroundings
	latestSeen time.Time // newest instant in the database
	now        time.Time
	overfull   []overfullRow
	clashes    int      // people who are in another event at the same time
	doubled    []Clash  // proctors of two rooms at once
	shutOut    int      // people with neither start code nor password
	gaps       []string // codes of items with a picture that is not there
	forecast   load.Forecast
	stale      bool // it rests on an old measurement
}

// poolState is how a revision of the frozen pool stands today.
type poolState struct {
	Status     questionbank.Status     `db:"status"`
	Provenance questionbank.Provenance `db:"provenance"`
	Reviewed   bool                    `db:"reviewed"`
	PhoneOK    bool                    `db:"phone_ok"`
	Expires    string                  `db:"expires_on"`
}

// checks runs every check, in the order people read them.
func (in inspection) checks() []Check {
	checks := []Check{in.agencies(), in.enrolled(), in.covers(), in.drawn()}
	checks = append(checks, in.types()...)
	checks = append(checks, in.items()...)
	checks = append(checks, in.media(), in.window())
	checks = append(checks, in.rooms()...)
	return append(checks, in.overlaps(), in.codes(), in.wayIn(), in.load(), in.clock(), in.backup())
}

func verdict(bad Verdict, name string, ok bool, args ...any) Check {
	if ok {
		return Check{Name: name, Verdict: Pass, Key: "assessment.check." + name + ".pass", Args: args}
	}
	return Check{Name: name, Verdict: bad, Key: "assessment.check." + name + ".bad", Args: args}
}

func (in inspection) agencies() Check {
	return verdict(Fail, "agencies", len(in.event.Agencies) > 0, len(in.event.Agencies))
}

func (in inspection) enrolled() Check {
	return verdict(Fail, "enrolled", in.counts.Enrolled > 0, in.counts.Enrolled)
}

func (in inspection) covers() Check {
	if len(in.shortages) == 0 {
		return verdict(Fail, "bank_covers", true, in.event.Spec.Items())
	}
	s := in.shortages[0]
	return verdict(Fail, "bank_covers", false, len(in.shortages), s.Cell.String(), s.Lacks())
}

// types speaks of essays and of what ends the forms, where either matters.
func (in inspection) types() []Check {
	var checks []Check
	spec := in.event.Spec
	if in.essays > 0 && (spec.Essays || len(in.shortages) > 0) {
		checks = append(checks, verdict(Fail, "essays", spec.Essays, in.essays))
	}
	if in.essays > 0 && spec.Essays {
		need := spec.Marking.people()
		checks = append(checks, verdict(Warn, "markers", in.markers >= need, in.markers, need))
	}
	switch {
	case len(in.lacking) > 0:
		checks = append(checks, verdict(Fail, "extras", false, in.lacking[0]))
	case len(spec.Extra) > 0:
		checks = append(checks, verdict(Fail, "extras", true, len(spec.Extra)))
	}
	return checks
}

func essaysOf(pool []PoolItem) int {
	n := 0
	for _, p := range pool {
		if p.ByHand {
			n++
		}
	}
	return n
}

func (in inspection) drawn() Check {
	n := in.counts.Undrawn
	return verdict(Fail, "forms_drawn", n == 0 && in.event.Drawn(), n)
}

func (in inspection) items() []Check {
	var unapproved, unreviewed, small, expired int
	last := in.event.ClosesAt.Format(time.DateOnly)
	for _, p := range in.pool {
		if p.Status != questionbank.Approved {
			unapproved++
		}
		if p.Provenance == questionbank.Shipped && !p.Reviewed {
			unreviewed++
		}
		if !p.PhoneOK {
			small++
		}
		if p.Expires != "" && p.Expires < last {
			expired++
		}
	}
	return []Check{
		verdict(Fail, "approved", unapproved == 0, unapproved),
		verdict(Warn, "reviewed", unreviewed == 0, unreviewed),
		verdict(Fail, "phones", small == 0 || !in.event.Spec.Phones, small),
		verdict(Fail, "expired", expired == 0, expired),
	}
}

func (in inspection) window() Check {
	if !in.now.Before(in.event.ClosesAt) {
		return verdict(Fail, "window", false, len(in.sessions))
	}
	ok := len(in.sessions) > 0
	for _, s := range in.sessions {
		if s.OpensAt.Before(in.event.OpensAt) || s.ClosesAt.After(in.event.ClosesAt) {
			ok = false
		}
	}
	return verdict(Fail, "window", ok, len(in.sessions))
}

func (in inspection) codes() Check {
	return verdict(Warn, "start_codes", in.counts.NoCode == 0, in.counts.NoCode)
}

// clock finds a machine whose time cannot be right: it jumped since the server
// began, or lies before something that is already in the database.
func (in inspection) clock() Check {
	ok := in.around.ClockDrift.Abs() <= MaxDrift && !in.now.Before(in.latestSeen.Add(-MaxDrift))
	return verdict(Fail, "clock", ok)
}

func (in inspection) backup() Check {
	age := in.around.BackupAge
	return verdict(Warn, "backup", age >= 0 && age <= maxBackupAge)
}

// Preflight looks at everything that must be right before an event opens.
func (s *Service) Preflight(ctx context.Context, actor Actor, event int64, around Surroundings) ([]Check, error) {
	e, err := ownEvent(ctx, s.read, actor, event)
	if err != nil {
		return nil, err
	}
	in, err := s.inspect(ctx, s.read, e, around)
	if err != nil {
		return nil, err
	}
	return in.checks(), nil
}

func (s *Service) inspect(ctx context.Context, st store, e Event, around Surroundings) (in inspection, err error) {
	in = inspection{event: e, around: around, now: s.now()}
	if in.sessions, err = st.sessions(ctx, e.ID); err != nil {
		return in, fmt.Errorf("list sessions: %w", err)
	}
	if in.counts, err = st.counts(ctx, e.ID); err != nil {
		return in, fmt.Errorf("count enrolments: %w", err)
	}
	if in.markers, err = st.markers(ctx); err != nil {
		return in, fmt.Errorf("count markers: %w", err)
	}
	if in.latestSeen, err = st.latestInstant(ctx); err != nil {
		return in, fmt.Errorf("read the newest instant: %w", err)
	}
	if err := s.inspectDay(ctx, st, e, &in); err != nil {
		return in, err
	}
	if !e.Drawn() { // what Prepare would find
		live, err := questionbank.LiveItems(ctx, st.db)
		if err != nil {
			return in, err
		}
		in.essays = essaysOf(poolOf(live))
		live = usable(live, e)
		in.shortages = Coverage(e.Spec, poolOf(live))
		in.lacking = lacking(e.Spec, poolOf(live))
		for _, l := range live {
			in.pool = append(in.pool, poolState{questionbank.Approved, l.Provenance, l.Reviewed, l.PhoneOK, l.Expires})
		}
		in.gaps, err = st.mediaGaps(ctx, poolOf(live))
		return in, err
	}
	pool, err := s.frozenPool(ctx, st, e.ID)
	if err != nil {
		return in, err
	}
	in.shortages, in.essays, in.lacking = Coverage(e.Spec, pool), essaysOf(pool), lacking(e.Spec, pool)
	if in.pool, err = st.poolStates(ctx, e.ID); err != nil {
		return in, fmt.Errorf("look at the pool: %w", err)
	}
	in.gaps, err = st.mediaGaps(ctx, pool)
	return in, err
}

// poolStates is how the revisions of an event's pool stand now.
func (s store) poolStates(ctx context.Context, event int64) ([]poolState, error) {
	var rows []poolState
	err := s.db.Select(ctx, &rows, `
		SELECT r.status, r.provenance, r.reviewer_id IS NOT NULL AS reviewed, r.phone_ok, r.expires_on
		FROM event_pool p JOIN item_revision r ON r.item_id = p.item_id AND r.rev = p.rev
		WHERE p.event_id = ? ORDER BY p.item_id`, event)
	return rows, err
}

// latestInstant is the newest time an attempt or an audited act left behind.
func (s store) latestInstant(ctx context.Context) (time.Time, error) {
	var ms int64
	err := s.db.Get(ctx, &ms, `SELECT COALESCE(max(at_ms), 0) FROM audit WHERE seq = (SELECT max(seq) FROM audit)`)
	return instant(ms), err
}

// Open lets participants start from now on (within their sessions' windows).
// It refuses while any preflight check fails, and names the first.
func (s *Service) Open(ctx context.Context, actor Actor, event int64, around Surroundings) error {
	entry := access.Entry{Action: "event.open", ObjectKind: "event", ObjectID: event}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		if e.State != EventPrepared {
			return fault.New(fault.Conflict, "assessment.not_prepared")
		}
		in, err := s.inspect(ctx, st, e, around)
		if err != nil {
			return err
		}
		var faults []*fault.Fault
		warnings := []string{}
		for _, c := range in.checks() {
			switch c.Verdict {
			case Fail:
				faults = append(faults, fault.New(fault.Conflict, c.Key, c.Args...))
			case Warn:
				warnings = append(warnings, c.Name)
			}
		}
		if len(faults) > 0 {
			return fault.Join(faults)
		}
		entry.Detail = map[string]any{"warnings": warnings}
		_, err = st.moveEvent(ctx, event, EventPrepared, EventOpen)
		return err
	})
}
