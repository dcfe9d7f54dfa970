package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// maxEntries is how many entries one request may bring: an outbox of a whole
// long form with changes of mind.
const maxEntries = 1000

// maxSeq keeps a broken client from naming gaps for ever.
const maxSeq = 1_000_000

// Save puts entries in the journal and returns after they are durable, with
// what became of each. received is the server's clock read when the request
// arrived, before any queue: it alone decides whether an answer was in time.
//
// A refusal that holds for the whole attempt (taken over, submitted, voided)
// is returned as a fault together with the outcomes: entries that were stored
// before are still named Already, so a client can empty its outbox.
func (s *Service) Save(ctx context.Context, t Ticket, received time.Time, entries []Entry) ([]Outcome, error) {
	if len(entries) == 0 || len(entries) > maxEntries {
		return nil, fault.New(fault.Invalid, "assessment.entries")
	}
	entries = slices.Clone(entries)
	for i := range entries {
		e := &entries[i]
		e.Value = canonical(t.Shape, e.Position, e.Value)
		if err := t.check(*e); err != nil {
			return nil, err
		}
		if e.Seq < 1 || e.Seq > maxSeq {
			return nil, fault.New(fault.Invalid, "assessment.bad_seq")
		}
	}
	j := saving{ticket: t, received: received.UnixMilli(), entries: entries}
	if err := s.saves(ctx, t.Enrolment, j.run); err != nil { // j may still be in the writer's hands
		return nil, fmt.Errorf("save answers: %w", err)
	}
	return j.outcomes, j.refusal
}

// SaveForm is Save for a form sent without JavaScript: the server gives the
// entry its sequence, so such a form is never "the same entry again".
func (s *Service) SaveForm(ctx context.Context, t Ticket, received time.Time, position int, value string, doubt bool) (Outcome, error) {
	e := Entry{Position: position, Value: canonical(t.Shape, position, value), Doubt: doubt}
	if err := t.check(e); err != nil {
		return Refused, err
	}
	j := saving{ticket: t, received: received.UnixMilli(), entries: []Entry{e}, numbered: true}
	if err := s.saves(ctx, t.Enrolment, j.run); err != nil {
		return Refused, fmt.Errorf("save answer: %w", err)
	}
	return j.outcomes[0], j.refusal
}

func (t Ticket) check(e Entry) error {
	if e.Position < 1 || e.Position > len(t.Shape) {
		return fault.New(fault.Invalid, "assessment.bad_position")
	}
	if !ValidValue(t.Shape, e.Position, e.Value) {
		return fault.New(fault.Invalid, "assessment.bad_value", e.Position)
	}
	return nil
}

// saving is one request's entries inside a shared transaction.
type saving struct {
	ticket   Ticket
	received int64
	entries  []Entry
	numbered bool // by the server

	outcomes []Outcome
	refusal  error
}

func (j *saving) run(ctx context.Context, db storage.Querier) error {
	st := store{db}
	j.outcomes, j.refusal = make([]Outcome, len(j.entries)), nil
	for i, e := range j.entries {
		stored, err := j.append(ctx, st, e)
		if err != nil {
			return err
		}
		if j.outcomes[i] = Stored; stored {
			continue
		}
		if j.outcomes[i], err = j.explain(ctx, st, e); err != nil {
			return err
		}
	}
	return nil
}

func (j *saving) append(ctx context.Context, st store, e Entry) (bool, error) {
	if j.numbered {
		return st.appendNext(ctx, j.ticket, e, j.received)
	}
	return st.append(ctx, j.ticket, e, j.received)
}

func (j *saving) keepLate(ctx context.Context, st store, e Entry) (bool, error) {
	if j.numbered {
		return st.keepLateNext(ctx, j.ticket, e, j.received)
	}
	return st.keepLate(ctx, j.ticket, e, j.received)
}

// explain says why the statement did not store e. What it refuses it notes in
// refusal, because an error would take back the neighbours' work.
func (j *saving) explain(ctx context.Context, st store, e Entry) (Outcome, error) {
	journal, late, err := st.has(ctx, j.ticket.AttemptID, e)
	switch {
	case err != nil:
		return Refused, err
	case journal:
		return Already, nil
	case late:
		return Late, nil
	}
	if kept, err := j.keepLate(ctx, st, e); err != nil || kept {
		return Late, err
	}
	a, err := st.attempt(ctx, j.ticket.AttemptID)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		j.refusal = fault.New(fault.NotFound, "assessment.not_started")
	case err != nil:
		return Refused, err
	case a.DeviceEpoch != j.ticket.Epoch:
		j.refusal = fault.New(fault.Conflict, "assessment.taken_over")
	case a.State == Voided:
		j.refusal = fault.New(fault.Conflict, "assessment.voided")
	case a.State == Submitted && time.UnixMilli(j.received).After(a.LastCall()):
		j.refusal = fault.New(fault.Conflict, "assessment.deadline_passed")
	case a.State == Submitted:
		j.refusal = fault.New(fault.Conflict, "assessment.submitted")
	case e.Position <= a.Items && !a.takes(e.Position):
		j.refusal = fault.New(fault.Conflict, "assessment.locked_item")
	case e.Position <= a.Items: // the holder's own number with another value: the first stands
		return Already, nil
	default:
		j.refusal = fault.New(fault.Invalid, "assessment.bad_position")
	}
	return Refused, nil
}
