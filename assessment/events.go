package assessment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cakap/scoring"
)

// EventSummary is an event in a list, with the numbers of the people the actor
// may see.
type EventSummary struct {
	Event    Event
	Enrolled int
	Working  int
	Done     int
	Manages  bool // the actor may change the event
}

// Events lists the events the actor may know of, newest first.
func (s *Service) Events(ctx context.Context, actor Actor) ([]EventSummary, error) {
	all, err := s.read.events(ctx)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	counts, err := s.read.eventTotals(ctx)
	if err != nil {
		return nil, fmt.Errorf("count events: %w", err)
	}
	var out []EventSummary
	for _, e := range all {
		if !actor.sees(e) {
			continue
		}
		sum := EventSummary{Event: e, Manages: actor.manages(e)}
		for _, n := range counts {
			if n.EventID == e.ID && actor.Scope.Covers(n.AgencyID) {
				sum.Enrolled += n.Enrolled
				sum.Working += n.Working
				sum.Done += n.Done
			}
		}
		out = append(out, sum)
	}
	return out, nil
}

type eventTotal struct {
	EventID  int64 `db:"event_id"`
	AgencyID int64 `db:"agency_id"`
	Enrolled int   `db:"enrolled"`
	Working  int   `db:"working"`
	Done     int   `db:"done"`
}

func (s store) eventTotals(ctx context.Context) ([]eventTotal, error) {
	var rows []eventTotal
	err := s.db.Select(ctx, &rows, `
		SELECT e.event_id, e.agency_id, count(*) AS enrolled,
			COALESCE(sum(CASE WHEN a.state IN ('open', 'closing') THEN 1 ELSE 0 END), 0) AS working,
			COALESCE(sum(CASE WHEN a.state = 'submitted' THEN 1 ELSE 0 END), 0) AS done
		FROM enrolment e
		LEFT JOIN attempt a ON a.enrolment_id = e.id
			AND a.attempt_no = (SELECT max(b.attempt_no) FROM attempt b WHERE b.enrolment_id = e.id)
		WHERE NOT e.withdrawn
		GROUP BY e.event_id, e.agency_id`)
	return rows, err
}

// EventDetail is an event with everything its page shows.
type EventDetail struct {
	Event     Event
	Blueprint Blueprint
	Scheme    scoring.Scheme
	Sessions  []Session
	Counts    Counts           // of the people the actor may see
	Undrawn   int              // enrolments without a form
	NoCode    int              // enrolments without a start code
	Seated    map[int64]int    // people the actor may see, by session
	Proctors  map[int64]string // names of the proctors of the sessions, by account
	Unmarked  int              // answers that wait for a marker, of the people the actor may see
	Manages   bool
}

// Event loads an event for an actor who may see it.
func (s *Service) Event(ctx context.Context, actor Actor, id int64) (EventDetail, error) {
	e, people, err := s.roll(ctx, actor, id, 0, 0)
	if err != nil {
		return EventDetail{}, err
	}
	d := EventDetail{Event: e, Manages: actor.manages(e), Seated: map[int64]int{}}
	for _, p := range people {
		d.Counts.add(p)
		if p.Progress != Left {
			d.Seated[p.Enrolment.Session]++
		}
	}
	if d.Blueprint, err = s.Blueprint(ctx, e.Blueprint); err != nil {
		return EventDetail{}, err
	}
	if d.Scheme, err = s.bank.scheme(ctx, e.SchemeCode, e.SchemeVersion); err != nil {
		return EventDetail{}, err
	}
	if d.Sessions, err = s.read.sessions(ctx, id); err != nil {
		return EventDetail{}, fmt.Errorf("list sessions: %w", err)
	}
	if d.Proctors, err = s.read.proctorNames(ctx, id); err != nil {
		return EventDetail{}, fmt.Errorf("list proctors: %w", err)
	}
	n, err := s.read.counts(ctx, id)
	if err != nil {
		return EventDetail{}, fmt.Errorf("count enrolments: %w", err)
	}
	d.Undrawn, d.NoCode = n.Undrawn, n.NoCode
	unmarked, err := s.read.unmarked(ctx, id)
	if err != nil {
		return EventDetail{}, fmt.Errorf("count unmarked answers: %w", err)
	}
	for agency, n := range unmarked {
		if actor.Scope.Covers(agency) {
			d.Unmarked += n
		}
	}
	return d, nil
}

// EventByCode finds an event by its code, in any case.
func (s *Service) EventByCode(ctx context.Context, actor Actor, code string) (Event, error) {
	id, err := s.read.eventByCode(ctx, strings.ToUpper(strings.TrimSpace(code)))
	if err != nil {
		return Event{}, missing(err, "find event", "assessment.no_event")
	}
	return eventFor(ctx, s.read, actor, id)
}

// Person is an enrolment as an officer's page shows it.
type Person struct {
	Enrolment Enrolment
	Event     Event
	Session   Session
	Attempts  []PersonAttempt
}

// PersonAttempt is an attempt with what an officer may decide about.
type PersonAttempt struct {
	Attempt
	Answered int
	Entries  int
	Late     int
	LastAt   time.Time // when the last answer arrived
}

// Enrolment loads an enrolment of the actor's agencies with its attempts.
func (s *Service) Enrolment(ctx context.Context, actor Actor, id int64) (Person, error) {
	en, err := enrolmentFor(ctx, s.read, actor, id)
	if err != nil {
		return Person{}, err
	}
	in, err := s.startingOf(ctx, en)
	if err != nil {
		return Person{}, err
	}
	p := Person{Enrolment: en, Event: in.Event, Session: in.Session}
	for _, a := range in.Attempts {
		rows, err := s.read.journal(ctx, a.AttemptID)
		if err != nil {
			return Person{}, fmt.Errorf("read journal: %w", err)
		}
		late, err := s.read.lateRows(ctx, a.AttemptID)
		if err != nil {
			return Person{}, fmt.Errorf("read late answers: %w", err)
		}
		one := PersonAttempt{Attempt: a, Answered: answered(rows), Entries: len(rows), Late: len(late)}
		for _, r := range append(rows, late...) {
			if at := instant(r.ReceivedMS); at.After(one.LastAt) {
				one.LastAt = at
			}
		}
		p.Attempts = append(p.Attempts, one)
	}
	return p, nil
}
