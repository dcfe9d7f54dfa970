package assessment

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// part is the positions that take answers at the same time.
type part struct{ first, last int }

// partAt is the part of a form that holds a position: the position alone, or
// the run of items of its aspect.
func partAt(delivery string, items []FormItem, position int) part {
	p := part{position, position}
	switch delivery {
	case DeliverOne:
		return p
	case DeliverAspect:
		aspect := items[position-1].Aspect
		for p.first > 1 && items[p.first-2].Aspect == aspect {
			p.first--
		}
		for p.last < len(items) && items[p.last].Aspect == aspect {
			p.last++
		}
		return p
	}
	return part{1, len(items)}
}

// begins puts a sequential attempt at the first part of its form.
func (s *Service) begins(ctx context.Context, spec Spec, a Attempt) (Attempt, error) {
	if !spec.Sequential() {
		return a, nil
	}
	f, err := s.read.form(ctx, a.Enrolment, a.FormNo)
	if err != nil {
		return a, fmt.Errorf("load form: %w", err)
	}
	first := partAt(spec.Delivery, f.Items, 1)
	a.Sequential, a.Reached, a.ReachedTo = true, first.first, first.last
	return a, nil
}

// Advance moves a sequential attempt on from the part that begins at from, and
// returns where the part begins that takes answers now. What is behind is
// locked from then on, and the device must have sent its answers before. It
// may be called again: a part that was left is not left twice, and nothing
// leads back. At the last part it changes nothing and returns from; the way on
// is to review that part and to submit.
func (s *Service) Advance(ctx context.Context, t Ticket, received time.Time, from int) (int, error) {
	a, err := s.read.attempt(ctx, t.AttemptID)
	if err != nil {
		return 0, missing(err, "load attempt", "assessment.not_started")
	}
	if err := a.moves(t, received, from); err != nil {
		return 0, err
	}
	if from < a.Reached || a.ReachedTo >= a.Items {
		return a.Reached, nil
	}
	event, err := s.read.event(ctx, a.Event)
	if err != nil {
		return 0, fmt.Errorf("load event: %w", err)
	}
	f, err := s.read.form(ctx, a.Enrolment, a.FormNo)
	if err != nil {
		return 0, fmt.Errorf("load form: %w", err)
	}
	next := partAt(event.Spec.Delivery, f.Items, a.ReachedTo+1)
	var now Attempt
	err = s.follows(ctx, t.Enrolment, func(ctx context.Context, db storage.Querier) (err error) {
		st := store{db}
		if err = st.advance(ctx, t, a.Reached, next, received.UnixMilli()); err != nil {
			return err
		}
		now, err = st.attempt(ctx, t.AttemptID)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("advance: %w", err)
	}
	if err := now.moves(t, received, from); err != nil { // it changed meanwhile
		return 0, err
	}
	return now.Reached, nil
}

// moves says why the holder of a ticket may not leave the part that begins at from.
func (a Attempt) moves(t Ticket, received time.Time, from int) error {
	switch {
	case a.DeviceEpoch != t.Epoch:
		return fault.New(fault.Conflict, "assessment.taken_over")
	case a.State == Voided:
		return fault.New(fault.Conflict, "assessment.voided")
	case a.State == Submitted:
		return fault.New(fault.Conflict, "assessment.submitted")
	case a.Paused():
		return fault.New(fault.Conflict, "assessment.paused")
	case a.over(received):
		return fault.New(fault.Conflict, "assessment.deadline_passed")
	case !a.Sequential:
		return fault.New(fault.Conflict, "assessment.not_sequential")
	case from < 1 || from > a.ReachedTo:
		return fault.New(fault.Conflict, "assessment.locked_item")
	}
	return nil
}

// advance opens the next part, unless somebody did already.
func (s store) advance(ctx context.Context, t Ticket, from int, next part, received int64) error {
	_, err := s.db.Exec(ctx, `
		UPDATE attempt SET reached = ?, reached_to = ?
		WHERE enrolment_id = ? AND attempt_no = ? AND device_epoch = ? AND state IN ('open', 'closing') AND sequential AND reached = ?
			AND paused_ms IS NULL AND ? <= deadline_ms + 3000`,
		next.first, next.last, t.Enrolment, t.No, t.Epoch, from, received)
	return err
}
