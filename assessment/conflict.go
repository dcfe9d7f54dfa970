package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Clash is somebody who would have to be in two places at once.
type Clash struct {
	Enrolment int64  // of a person; 0 for a proctor
	Account   int64  // of a proctor; 0 for a person
	Name      string // of the person or proctor
	Session   string // of this event
	Other     string // the event elsewhere; "" for another session of this one
	OtherName string // the session elsewhere
}

// Clashes finds, for an event, the people who cannot sit it because of another
// event, and the proctors of two rooms at once. Only people of the actor's
// agencies are named.
func (s *Service) Clashes(ctx context.Context, actor Actor, event int64) (people, proctors []Clash, err error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return nil, nil, err
	}
	all, err := s.read.clashes(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range all {
		if actor.Scope.Covers(c.agency) {
			people = append(people, c.Clash)
		}
	}
	proctors, err = s.read.doubleBooked(ctx, e)
	return people, proctors, err
}

// slot is a session with how long its event takes.
type slot struct {
	Session
	event   string
	working time.Duration
}

// clashes reports whether one person cannot be in both: rooms at the same
// time, or windows too narrow for one after the other.
func (a slot) clashes(b slot) bool {
	if !a.overlaps(b.Session) {
		return false
	}
	return a.Place != "" || b.Place != "" || !a.before(b) && !b.before(a)
}

// before reports whether b can still be begun when a, begun at once, is over.
func (a slot) before(b slot) bool { return a.OpensAt.Add(a.working).Before(b.ClosesAt) }

// slots is the sessions of an event that have not ended, by id.
func (s store) slots(ctx context.Context, e Event, into map[int64]slot) error {
	all, err := s.sessions(ctx, e.ID)
	if err != nil {
		return fmt.Errorf("list sessions: %w", err)
	}
	for _, n := range all {
		if n.ClosedAt.IsZero() {
			into[n.ID] = slot{n, e.Name, e.Spec.Duration()}
		}
	}
	return nil
}

type personClash struct {
	Clash
	agency int64
}

// clashes is who of an event cannot be in their session because of another.
func (s store) clashes(ctx context.Context, e Event) ([]personClash, error) {
	rows, err := s.twice(ctx, e.ID)
	if err != nil {
		return nil, fmt.Errorf("find people in two events: %w", err)
	}
	known := map[int64]slot{}
	if err := s.slots(ctx, e, known); err != nil {
		return nil, err
	}
	seen := map[int64]bool{e.ID: true}
	var out []personClash
	for _, r := range rows {
		if !seen[r.OtherEvent] {
			seen[r.OtherEvent] = true
			other, err := s.event(ctx, r.OtherEvent)
			if err != nil {
				return nil, fmt.Errorf("load event: %w", err)
			}
			if err := s.slots(ctx, other, known); err != nil {
				return nil, err
			}
		}
		here, ok := known[r.SessionID]
		there, also := known[r.OtherID]
		if ok && also && here.clashes(there) {
			out = append(out, personClash{Clash{Enrolment: r.ID, Name: r.Name, Session: here.Name, Other: there.event, OtherName: there.Name}, r.AgencyID})
		}
	}
	return out, nil
}

type twiceRow struct {
	ID         int64  `db:"id"`
	AgencyID   int64  `db:"agency_id"`
	Name       string `db:"name"`
	SessionID  int64  `db:"session_id"`
	OtherID    int64  `db:"other_id"`
	OtherEvent int64  `db:"other_event"`
}

// twice is who of an event is in another one that is not over and whose window
// meets theirs.
func (s store) twice(ctx context.Context, event int64) ([]twiceRow, error) {
	var rows []twiceRow
	err := s.db.Select(ctx, &rows, `
		SELECT e.id, e.agency_id, e.name, n.id AS session_id, m.id AS other_id, m.event_id AS other_event
		FROM enrolment e
		JOIN session n ON n.id = e.session_id
		JOIN enrolment o ON o.person_id = e.person_id AND o.event_id <> e.event_id AND NOT o.withdrawn
		JOIN session m ON m.id = o.session_id
		JOIN event v ON v.id = o.event_id
		WHERE e.event_id = ? AND NOT e.withdrawn AND v.state <> 'closed'
			AND n.opens_ms < m.closes_ms AND m.opens_ms < n.closes_ms
		ORDER BY e.id, m.id`, event)
	return rows, err
}

type proctorSessionRow struct {
	AccountID int64  `db:"account_id"`
	Account   string `db:"account"`
	EventName string `db:"event_name"`
	sessionRow
}

// doubleBooked is the proctors of e who sit in two rooms at once. One person
// may watch any number of sessions without a room.
func (s store) doubleBooked(ctx context.Context, e Event) ([]Clash, error) {
	var rows []proctorSessionRow
	err := s.db.Select(ctx, &rows, `
		SELECT p.account_id, a.name AS account, v.name AS event_name, n.id, n.event_id, n.name, n.opens_ms, n.closes_ms, n.place, n.token,
			n.capacity, n.jitter_s, n.admit, n.closed_ms
		FROM session_proctor p
		JOIN account a ON a.id = p.account_id
		JOIN session n ON n.id = p.session_id
		JOIN event v ON v.id = n.event_id
		WHERE n.place <> '' AND n.closed_ms IS NULL AND v.state <> 'closed'
			AND p.account_id IN (SELECT q.account_id FROM session_proctor q JOIN session m ON m.id = q.session_id WHERE m.event_id = ?)
		ORDER BY p.account_id, n.opens_ms, n.id`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("find proctors in two rooms: %w", err)
	}
	var out []Clash
	for i, r := range rows {
		if r.EventID != e.ID {
			continue
		}
		j := slices.IndexFunc(rows, func(o proctorSessionRow) bool {
			return o.AccountID == r.AccountID && o.ID != r.ID && o.Place != r.Place && r.session().overlaps(o.session())
		})
		if j < 0 || rows[j].EventID == e.ID && j < i {
			continue // none, or told already
		}
		c := Clash{Account: r.AccountID, Name: r.Account, Session: r.Name, OtherName: rows[j].Name}
		if rows[j].EventID != e.ID {
			c.Other = rows[j].EventName
		}
		out = append(out, c)
	}
	return out, nil
}
