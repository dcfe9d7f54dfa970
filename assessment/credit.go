package assessment

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// CreditKind says why a deadline moved.
type CreditKind string

// The kinds of credit.
const (
	CreditForOutage CreditKind = "outage" // an officer named an outage
	CreditForPause  CreditKind = "pause"  // the attempt stood still
)

// Credit is one move of a deadline. The start never moves.
type Credit struct {
	No      int // the attempt
	Kind    CreditKind
	Started time.Time
	Old     time.Time // the deadline before
	New     time.Time // and after
	By      int64     // account of the actor
	Reason  string
	At      time.Time
}

// More is how much time the credit gave.
func (c Credit) More() time.Duration { return c.New.Sub(c.Old) }

// maxCredit is the longest outage one act may credit.
const maxCredit = 4 * time.Hour

// CreditOutage gives attempts under way more time, all or none, for an outage
// the officer names. An attempt whose time is not over any more is open again,
// and answers that came late only because of the outage count. It returns how
// many attempts got the time.
func (s *Service) CreditOutage(ctx context.Context, actor Actor, ids []AttemptID, more time.Duration, reason string) (int, error) {
	if err := reasoned(reason); err != nil {
		return 0, err
	}
	if more < time.Minute || more > maxCredit {
		return 0, fault.New(fault.Invalid, "assessment.credit", int(maxCredit.Minutes())).On("minutes")
	}
	detail := map[string]any{"minutes": more.Minutes(), "reason": reason}
	return s.onAttempts(ctx, actor, ids, "attempt.credit", detail, func(st store, id AttemptID, now time.Time) (bool, error) {
		done, err := st.credit(ctx, id, more, now)
		if err != nil || !done {
			return false, err
		}
		a, err := st.attempt(ctx, id)
		if err != nil {
			return false, err
		}
		if _, err := st.admitLate(ctx, id, a.LastCall(), false, now); err != nil {
			return false, err
		}
		return true, st.noteCredit(ctx, Credit{
			No: id.No, Kind: CreditForOutage, Started: a.StartedAt, Old: a.Deadline.Add(-more), New: a.Deadline, By: actor.Account,
			Reason: reason, At: now,
		}, id.Enrolment)
	})
}

// CreditSession is CreditOutage for everybody under way in a session whom the
// actor may see.
func (s *Service) CreditSession(ctx context.Context, actor Actor, event, session int64, more time.Duration, reason string) (int, error) {
	ids, err := s.UnderWay(ctx, actor, event, session)
	if err != nil {
		return 0, err
	}
	return s.CreditOutage(ctx, actor, ids, more, reason)
}

// UnderWay is the attempts under way in a session of an event, of the people
// the actor may see: whom an act on a whole room is about.
func (s *Service) UnderWay(ctx context.Context, actor Actor, event, session int64) ([]AttemptID, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	if session == 0 { // sessionOf would take the first
		return nil, fault.New(fault.NotFound, "assessment.no_session")
	}
	if _, err := sessionOf(ctx, s.read, event, session); err != nil {
		return nil, err
	}
	rows, err := s.read.underWay(ctx, event, session)
	if err != nil {
		return nil, fmt.Errorf("list attempts under way: %w", err)
	}
	var ids []AttemptID
	for _, r := range rows {
		if actor.Scope.Covers(r.AgencyID) {
			ids = append(ids, AttemptID{r.EnrolmentID, r.AttemptNo})
		}
	}
	return ids, nil
}

type underWayRow struct {
	EnrolmentID int64 `db:"enrolment_id"`
	AttemptNo   int   `db:"attempt_no"`
	AgencyID    int64 `db:"agency_id"`
}

func (s store) underWay(ctx context.Context, event, session int64) ([]underWayRow, error) {
	var rows []underWayRow
	err := s.db.Select(ctx, &rows, `
		SELECT a.enrolment_id, a.attempt_no, e.agency_id
		FROM enrolment e JOIN attempt a ON a.enrolment_id = e.id
		WHERE e.event_id = ? AND e.session_id = ? AND a.state IN ('open', 'closing')
		ORDER BY a.enrolment_id, a.attempt_no`, event, session)
	return rows, err
}

// Credits lists how the deadlines of an enrolment's attempts moved, oldest first.
func (s *Service) Credits(ctx context.Context, actor Actor, enrolment int64) ([]Credit, error) {
	if _, err := enrolmentFor(ctx, s.read, actor, enrolment); err != nil {
		return nil, err
	}
	var rows []struct {
		AttemptNo     int        `db:"attempt_no"`
		Kind          CreditKind `db:"kind"`
		StartedMS     int64      `db:"started_ms"`
		OldDeadlineMS int64      `db:"old_deadline_ms"`
		NewDeadlineMS int64      `db:"new_deadline_ms"`
		ActorID       int64      `db:"actor_id"`
		Reason        string     `db:"reason"`
		AtMS          int64      `db:"at_ms"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT attempt_no, kind, started_ms, old_deadline_ms, new_deadline_ms, actor_id, reason, at_ms
		FROM time_credit WHERE enrolment_id = ? ORDER BY at_ms, id`, enrolment)
	if err != nil {
		return nil, fmt.Errorf("list credits: %w", err)
	}
	all := make([]Credit, len(rows))
	for i, r := range rows {
		all[i] = Credit{
			No: r.AttemptNo, Kind: r.Kind, Started: instant(r.StartedMS), Old: instant(r.OldDeadlineMS), New: instant(r.NewDeadlineMS),
			By: r.ActorID, Reason: r.Reason, At: instant(r.AtMS),
		}
	}
	return all, nil
}

// noteCredit keeps how a deadline moved.
func (s store) noteCredit(ctx context.Context, c Credit, enrolment int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO time_credit (enrolment_id, attempt_no, id, kind, started_ms, old_deadline_ms, new_deadline_ms, actor_id, reason, at_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		enrolment, c.No, storage.NewID(c.At), c.Kind, c.Started.UnixMilli(), c.Old.UnixMilli(), c.New.UnixMilli(), c.By, c.Reason, c.At.UnixMilli())
	return err
}

// credit moves the deadline of an attempt under way. One whose time is not
// over any more is open again.
func (s store) credit(ctx context.Context, id AttemptID, more time.Duration, at time.Time) (bool, error) {
	ms := more.Milliseconds()
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET deadline_ms = deadline_ms + ?, credited_ms = credited_ms + ?,
			state = CASE WHEN deadline_ms + ? > ? THEN 'open' ELSE state END
		WHERE enrolment_id = ? AND attempt_no = ? AND state IN ('open', 'closing')`,
		ms, ms, ms, at.UnixMilli(), id.Enrolment, id.No)
	return n == 1, err
}
