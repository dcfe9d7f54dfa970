package assessment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
)

// errNothing takes back an audit entry for an act that found nothing to do.
var errNothing = errors.New("nothing to do")

// AcceptLate moves the late answers of a submitted attempt to its journal,
// marked as late, and supersedes the result. It returns how many there were.
func (s *Service) AcceptLate(ctx context.Context, actor Actor, id AttemptID, reason string) (int, error) {
	if err := reasoned(reason); err != nil {
		return 0, err
	}
	if _, err := enrolmentFor(ctx, s.read, actor, id.Enrolment); err != nil {
		return 0, err
	}
	_, m, err := s.scorable(ctx, id)
	if err != nil {
		return 0, err
	}
	now := s.now()
	var accepted int64
	detail := map[string]any{"attempt": id.No, "reason": reason}
	err = s.onEnrolment(ctx, actor, id.Enrolment, "attempt.accept_late", detail, func(st store, _ Enrolment) error {
		if err := st.lock(ctx, []int64{id.Enrolment}, now); err != nil {
			return err
		}
		a, err := st.attempt(ctx, id)
		if err != nil {
			return err
		}
		if a.State != Submitted {
			return fault.New(fault.Conflict, "assessment.not_submitted")
		}
		if accepted, err = st.admitLate(ctx, id, now, true, now); err != nil {
			return err
		}
		if accepted == 0 {
			return fault.New(fault.Conflict, "assessment.nothing_late")
		}
		detail["entries"] = accepted
		return st.score(ctx, m, a, a.EndedBy, "late answers accepted: "+reason, now)
	})
	return int(accepted), err
}

// End submits an attempt under way on the participant's behalf.
func (s *Service) End(ctx context.Context, actor Actor, id AttemptID, reason string) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	if _, err := enrolmentFor(ctx, s.read, actor, id.Enrolment); err != nil {
		return err
	}
	_, m, err := s.scorable(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	detail := map[string]any{"attempt": id.No, "reason": reason}
	return s.onEnrolment(ctx, actor, id.Enrolment, "attempt.end", detail, func(st store, _ Enrolment) error {
		if err := st.lock(ctx, []int64{id.Enrolment}, now); err != nil {
			return err
		}
		done, err := st.submit(ctx, id, ByOfficer, 0, now)
		if err != nil {
			return err
		}
		if !done {
			return fault.New(fault.Conflict, "assessment.none_under_way")
		}
		a, err := st.attempt(ctx, id)
		if err != nil {
			return err
		}
		return st.score(ctx, m, a, ByOfficer, "submitted", now)
	})
}

// Void takes an attempt out of every count, with its reason. Its answers and
// results stay where they are. again gives the person a fresh form, and so
// another attempt.
func (s *Service) Void(ctx context.Context, actor Actor, id AttemptID, reason string, again bool) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	now := s.now()
	detail := map[string]any{"attempt": id.No, "reason": reason, "again": again}
	return s.onEnrolment(ctx, actor, id.Enrolment, "attempt.void", detail, func(st store, en Enrolment) error {
		done, err := st.void(ctx, id, reason)
		if err != nil {
			return err
		}
		if !done {
			return fault.New(fault.Conflict, "assessment.nothing_to_void")
		}
		if !again {
			return nil
		}
		e, err := st.event(ctx, en.Event)
		if err != nil {
			return err
		}
		return s.drawAnother(ctx, st, e, en.ID, now)
	})
}

// LateAttempt is an attempt with late answers that nobody has decided about.
type LateAttempt struct {
	AttemptID
	State    State
	Who      Enrolment
	Entries  int
	LastAt   time.Time // when the last of them arrived
	Deadline time.Time
}

// LateAnswers lists the attempts of an event with late answers to decide about.
func (s *Service) LateAnswers(ctx context.Context, actor Actor, event int64) ([]LateAttempt, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	all, err := s.read.lateAttempts(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("list late answers: %w", err)
	}
	var out []LateAttempt
	for _, l := range all {
		en, err := s.read.enrolment(ctx, l.Enrolment)
		if err != nil {
			return nil, fmt.Errorf("load enrolment: %w", err)
		}
		if actor.Scope.Covers(en.Agency) {
			l.Who = en
			out = append(out, l)
		}
	}
	return out, nil
}

func (s store) lateAttempts(ctx context.Context, event int64) ([]LateAttempt, error) {
	var rows []struct {
		EnrolmentID int64 `db:"enrolment_id"`
		AttemptNo   int   `db:"attempt_no"`
		State       State `db:"state"`
		DeadlineMS  int64 `db:"deadline_ms"`
		Entries     int   `db:"entries"`
		LastMS      int64 `db:"last_ms"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT a.enrolment_id, a.attempt_no, a.state, a.deadline_ms, count(*) AS entries, max(l.received_ms) AS last_ms
		FROM attempt a JOIN late_answer l ON l.enrolment_id = a.enrolment_id AND l.attempt_no = a.attempt_no
		WHERE a.event_id = ? AND l.accepted_ms IS NULL
		GROUP BY a.enrolment_id, a.attempt_no, a.state, a.deadline_ms
		ORDER BY a.enrolment_id, a.attempt_no`, event)
	all := make([]LateAttempt, len(rows))
	for i, r := range rows {
		all[i] = LateAttempt{
			AttemptID: AttemptID{r.EnrolmentID, r.AttemptNo}, State: r.State, Entries: r.Entries,
			LastAt: instant(r.LastMS), Deadline: instant(r.DeadlineMS),
		}
	}
	return all, err
}
