package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// Admit lets people of a session begin that asks for a proctor's leave. Each
// has an audit entry of their own; who may begin already is passed over. It
// returns how many were let in.
func (s *Service) Admit(ctx context.Context, actor Actor, event, session int64, enrolments []int64) (int, error) {
	n, err := s.sessionFor(ctx, actor, event, session)
	if err != nil {
		return 0, err
	}
	if !n.ClosedAt.IsZero() {
		return 0, fault.New(fault.Conflict, "assessment.session_closed")
	}
	now, admitted := s.now(), 0
	for _, id := range enrolments {
		err := s.onEnrolment(ctx, actor, id, "enrolment.admit", map[string]any{"session": n.ID}, func(st store, en Enrolment) error {
			if en.Event != event || en.Session != n.ID {
				return fault.New(fault.NotFound, "assessment.no_enrolment")
			}
			done, err := st.admit(ctx, id, actor.Account, now)
			if err == nil && !done {
				return errNothing
			}
			return err
		})
		if errors.Is(err, errNothing) {
			continue
		}
		if err != nil {
			return admitted, err
		}
		admitted++
	}
	if admitted == 0 {
		return 0, fault.New(fault.Conflict, "assessment.nobody_to_admit")
	}
	return admitted, nil
}

func (s store) admit(ctx context.Context, enrolment, account int64, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE enrolment SET admitted_ms = ?, admitted_by = ?
		WHERE id = ? AND admitted_ms IS NULL AND NOT withdrawn`, at.UnixMilli(), account, enrolment)
	return n == 1, err
}

// sessionFor loads a session of an event the actor may see.
func (s *Service) sessionFor(ctx context.Context, actor Actor, event, session int64) (Session, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return Session{}, err
	}
	return sessionOf(ctx, s.read, event, session)
}

// runs reports whether the actor may end a session: it is their event, they are
// named for the session, or everybody who could be in it is theirs.
func (a Actor) runs(e Event, n Session) bool {
	return a.manages(e) || slices.Contains(n.Proctors, a.Account) || len(a.reach(e)) == len(e.Agencies)
}

// CloseSession ends a session, so that its minutes can be signed: nobody begins
// any more. While somebody is under way it refuses.
func (s *Service) CloseSession(ctx context.Context, actor Actor, event, session int64) error {
	return s.turnSession(ctx, actor, event, session, "session.close", func(st store, n Session) error {
		now := s.now()
		if now.Before(n.OpensAt) {
			return fault.New(fault.Conflict, "assessment.session_not_begun")
		}
		done, err := st.closeSession(ctx, n.ID, now)
		if err != nil || done {
			return err
		}
		if !n.ClosedAt.IsZero() {
			return fault.New(fault.Conflict, "assessment.session_closed")
		}
		ids, err := st.underWay(ctx, event, n.ID)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "assessment.session_running", len(ids))
	})
}

// ReopenSession takes back a closing that was a slip.
func (s *Service) ReopenSession(ctx context.Context, actor Actor, event, session int64) error {
	return s.turnSession(ctx, actor, event, session, "session.reopen", func(st store, n Session) error {
		done, err := st.reopenSession(ctx, n.ID)
		if err == nil && !done {
			return fault.New(fault.Conflict, "assessment.session_not_closed")
		}
		return err
	})
}

func (s *Service) turnSession(ctx context.Context, actor Actor, event, session int64, action string, act func(st store, n Session) error) error {
	entry := access.Entry{Action: action, ObjectKind: "event", ObjectID: event, Detail: map[string]any{"session": session}}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := eventFor(ctx, st, actor, event)
		if err != nil {
			return err
		}
		n, err := sessionOf(ctx, st, event, session)
		if err != nil {
			return err
		}
		if !actor.runs(e, n) {
			return fault.New(fault.Conflict, "assessment.not_your_session")
		}
		entry.AgencyID = e.Owner
		return act(st, n)
	})
	if err != nil && fault.Of(err) == nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return err
}

// closeSession ends a session in which nobody is under way.
func (s store) closeSession(ctx context.Context, session int64, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE session SET closed_ms = ?
		WHERE id = ? AND closed_ms IS NULL AND NOT EXISTS (
			SELECT 1 FROM enrolment e JOIN attempt a ON a.enrolment_id = e.id
			WHERE e.session_id = session.id AND a.state IN ('open', 'closing'))`, at.UnixMilli(), session)
	return n == 1, err
}

func (s store) reopenSession(ctx context.Context, session int64) (bool, error) {
	n, err := s.db.Exec(ctx, `UPDATE session SET closed_ms = NULL WHERE id = ? AND closed_ms IS NOT NULL`, session)
	return n == 1, err
}
