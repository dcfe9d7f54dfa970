package assessment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// mostAtOnce is how many attempts one act of an officer may be about: a large
// room, all of whose rows are held until the act is committed.
const mostAtOnce = 2000

// pausedMost is how long after its session closed a paused attempt may wait for
// somebody to let it go on. Then the server submits it with what it has: it
// would otherwise stay without a result, and nobody may remember it.
const pausedMost = 24 * time.Hour

// forgotten is some paused attempts that waited too long.
func (s store) forgotten(ctx context.Context, at time.Time, most int) ([]AttemptID, error) {
	return s.ids(ctx, `
		SELECT a.enrolment_id, a.attempt_no
		FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id JOIN session n ON n.id = e.session_id
		WHERE a.state IN ('open', 'closing') AND a.deadline_ms < ? AND a.paused_ms IS NOT NULL AND n.closes_ms < ?
		ORDER BY a.deadline_ms LIMIT ?`, at.UnixMilli(), at.Add(-pausedMost).UnixMilli(), most)
}

// submitForgotten ends one of them, unless it was let go on meanwhile.
func (s store) submitForgotten(ctx context.Context, id AttemptID, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET state = 'submitted', submitted_ms = ?, ended_by = 'deadline', paused_ms = NULL
		WHERE enrolment_id = ? AND attempt_no = ? AND state IN ('open', 'closing') AND paused_ms IS NOT NULL`,
		at.UnixMilli(), id.Enrolment, id.No)
	return n == 1, err
}

// Pause stops the clocks of attempts that run, all or none: a fire alarm, a
// power cut. While an attempt is paused its deadline does not count, so an
// answer that still lies on the phone is taken whenever it arrives. Attempts
// that are not under way, or are paused already, are passed over; it returns
// how many were paused.
func (s *Service) Pause(ctx context.Context, actor Actor, ids []AttemptID, reason string) (int, error) {
	if err := reasoned(reason); err != nil {
		return 0, err
	}
	return s.onAttempts(ctx, actor, ids, "attempt.pause", map[string]any{"reason": reason}, func(st store, id AttemptID, now time.Time) (bool, error) {
		return st.pause(ctx, id, now)
	})
}

// pause stops the clock of an attempt whose working time is not over.
func (s store) pause(ctx context.Context, id AttemptID, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET paused_ms = ?
		WHERE enrolment_id = ? AND attempt_no = ? AND state = 'open' AND paused_ms IS NULL AND deadline_ms > ?`,
		at.UnixMilli(), id.Enrolment, id.No, at.UnixMilli())
	return n == 1, err
}

// Resume lets paused attempts run again, all or none: each deadline moves by
// as long as the attempt stood still, which is kept as a credit.
func (s *Service) Resume(ctx context.Context, actor Actor, ids []AttemptID) (int, error) {
	return s.onAttempts(ctx, actor, ids, "attempt.resume", map[string]any{}, func(st store, id AttemptID, now time.Time) (bool, error) {
		a, err := st.attempt(ctx, id)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			return false, nil
		case err != nil:
			return false, err
		case !a.Paused() || !a.UnderWay():
			return false, nil
		}
		pause := max(now.Sub(a.PausedAt), 0)
		if err := st.resume(ctx, id, pause); err != nil {
			return false, err
		}
		return true, st.noteCredit(ctx, Credit{
			No: id.No, Kind: CreditForPause, Started: a.StartedAt, Old: a.Deadline, New: a.Deadline.Add(pause), By: actor.Account,
			Reason: pauseReason, At: now,
		}, id.Enrolment)
	})
}

// pauseReason stands for the reason of the pause, which its own audit entry has.
const pauseReason = "pause"

func (s store) resume(ctx context.Context, id AttemptID, pause time.Duration) error {
	ms := pause.Milliseconds()
	_, err := s.db.Exec(ctx, `
		UPDATE attempt SET deadline_ms = deadline_ms + ?, credited_ms = credited_ms + ?, paused_ms = NULL
		WHERE enrolment_id = ? AND attempt_no = ? AND paused_ms IS NOT NULL`, ms, ms, id.Enrolment, id.No)
	return err
}

// onAttempts does an officer's act on attempts in one transaction, with an
// audit entry for each that it was done to. It refuses where that is none, and
// where one is beyond the actor's reach.
func (s *Service) onAttempts(ctx context.Context, actor Actor, ids []AttemptID, action string, detail map[string]any,
	act func(st store, id AttemptID, now time.Time) (bool, error),
) (int, error) {
	if len(ids) > mostAtOnce {
		return 0, fault.New(fault.Invalid, "assessment.too_many_at_once", mostAtOnce)
	}
	ids = slices.Clone(ids)
	slices.SortFunc(ids, AttemptID.compare) // as the writer takes its locks
	ids = slices.Compact(ids)
	now, done := s.now(), 0
	err := s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		done = 0
		if err := st.lock(ctx, enrolmentsOf(ids), now); err != nil {
			return err
		}
		for _, id := range ids {
			en, err := enrolmentFor(ctx, st, actor, id.Enrolment)
			if err != nil {
				return err
			}
			did, err := act(st, id, now)
			if err != nil {
				return err
			}
			if !did {
				continue
			}
			done++
			entry := access.Entry{At: now, Actor: actor.Account, Action: action, ObjectKind: "enrolment", ObjectID: en.ID, AgencyID: en.Agency}
			detail["attempt"] = id.No
			entry.Detail = detail
			if err := access.Record(ctx, db, entry); err != nil {
				return err
			}
		}
		if done == 0 {
			return fault.New(fault.Conflict, "assessment.none_under_way")
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", action, err)
	}
	return done, nil
}

func (id AttemptID) compare(o AttemptID) int {
	return cmp.Or(cmp.Compare(id.Enrolment, o.Enrolment), cmp.Compare(id.No, o.No))
}

// enrolmentsOf is the enrolments of sorted attempts, each once.
func enrolmentsOf(ids []AttemptID) []int64 {
	var all []int64
	for _, id := range ids {
		if len(all) == 0 || all[len(all)-1] != id.Enrolment {
			all = append(all, id.Enrolment)
		}
	}
	return all
}
