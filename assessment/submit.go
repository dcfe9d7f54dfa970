package assessment

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// Submission is what a client says when it submits.
type Submission struct {
	LastSeq int64   // highest sequence the client ever gave; 0 for a form without JavaScript
	Without []int64 // sequences the client no longer has, so waiting for them would be for ever
}

// Receipt is what the participant keeps after submitting.
type Receipt struct {
	AttemptID
	Event       Event
	SubmittedAt time.Time
	EndedBy     Ending
	Items       int
	Answered    int
	Late        int    // entries kept apart, for an officer to decide about
	Reference   string // short code of this receipt
	Fingerprint string // first characters of the SHA-256 of the final answers
	Visible     bool   // results may be seen now
}

// Submit freezes the attempt and scores it in the same transaction: an answer
// acknowledged before is in the score, one that comes after is refused. While
// entries that the client numbered are missing, nothing is submitted and the
// missing sequences are returned beside the refusal. Submitting again gives
// the same receipt. received is the server's clock on arrival.
func (s *Service) Submit(ctx context.Context, t Ticket, received time.Time, in Submission) (Receipt, []int64, error) {
	if in.LastSeq < 0 || in.LastSeq > maxSeq || len(in.Without) > maxEntries {
		return Receipt{}, nil, fault.New(fault.Invalid, "assessment.bad_seq")
	}
	a, m, err := s.scorable(ctx, t.AttemptID)
	if err != nil {
		return Receipt{}, nil, err
	}
	if a.State == Submitted {
		r, err := s.receipt(ctx, a)
		return r, nil, err
	}
	sub := submitting{ticket: t, received: received, in: in, marking: m}
	if err := s.follows(ctx, t.Enrolment, sub.run); err != nil {
		return Receipt{}, nil, fmt.Errorf("submit attempt: %w", err)
	}
	if sub.refusal != nil {
		return Receipt{}, sub.missing, sub.refusal
	}
	if a, err = s.read.attempt(ctx, t.AttemptID); err != nil {
		return Receipt{}, nil, fmt.Errorf("load attempt: %w", err)
	}
	r, err := s.receipt(ctx, a)
	return r, nil, err
}

// scorable loads an attempt with what its scoring needs; all but the attempt's
// state can never change.
func (s *Service) scorable(ctx context.Context, id AttemptID) (Attempt, marking, error) {
	a, err := s.read.attempt(ctx, id)
	if err != nil {
		return Attempt{}, marking{}, missing(err, "load attempt", "assessment.not_started")
	}
	e, err := s.read.event(ctx, a.Event)
	if err != nil {
		return Attempt{}, marking{}, fmt.Errorf("load event: %w", err)
	}
	f, err := s.read.form(ctx, a.Enrolment, a.FormNo)
	if err != nil {
		return Attempt{}, marking{}, fmt.Errorf("load form: %w", err)
	}
	m, err := s.bank.marking(ctx, f, e)
	return a, m, err
}

// submitting is a submission inside a shared transaction.
type submitting struct {
	ticket   Ticket
	received time.Time
	in       Submission
	marking  marking

	missing []int64
	refusal error
}

func (u *submitting) run(ctx context.Context, db storage.Querier) error {
	st := store{db}
	u.missing, u.refusal = nil, nil
	a, err := st.attempt(ctx, u.ticket.AttemptID)
	if err != nil {
		return err
	}
	switch {
	case a.State == Submitted: // by a parallel submission; the receipt is the same
		return nil
	case a.State == Voided:
		u.refusal = fault.New(fault.Conflict, "assessment.voided")
		return nil
	case a.DeviceEpoch != u.ticket.Epoch:
		u.refusal = fault.New(fault.Conflict, "assessment.taken_over")
		return nil
	}
	if u.in.LastSeq > 0 {
		have, err := st.seqs(ctx, a.AttemptID)
		if err != nil {
			return err
		}
		if u.missing = gaps(have, u.in.LastSeq, u.in.Without); len(u.missing) > 0 {
			u.refusal = fault.New(fault.Conflict, "assessment.entries_missing", len(u.missing))
			return nil
		}
	}
	by := ByParticipant
	if a.over(u.received) {
		by = ByDeadline
	}
	if _, err := st.submit(ctx, a.AttemptID, by, u.in.LastSeq, u.received); err != nil {
		return err
	}
	return st.score(ctx, u.marking, a, by, "submitted", u.received)
}

// score computes the attempt's result from the journal and the marks as they
// now stand.
func (s store) score(ctx context.Context, m marking, a Attempt, by Ending, reason string, at time.Time) error {
	m, err := s.excluding(ctx, m, a.Event)
	if err != nil {
		return err
	}
	rows, err := s.journal(ctx, a.AttemptID)
	if err != nil {
		return err
	}
	if m.manual() || len(m.left) > 0 {
		if err := s.openScripts(ctx, m, a, rows, at); err != nil {
			return err
		}
	}
	marks, err := s.marked(ctx, m, a.AttemptID, rows)
	if err != nil {
		return err
	}
	r, err := m.result(a, by, rows, marks)
	if err != nil {
		return err
	}
	r.Reason, r.ComputedMS = reason, at.UnixMilli()
	return s.supersede(ctx, r)
}

// Receipt is the receipt of a submitted attempt, for its taker.
func (s *Service) Receipt(ctx context.Context, taker Taker, id AttemptID) (Receipt, error) {
	a, err := s.ownAttempt(ctx, taker, id)
	if err != nil {
		return Receipt{}, err
	}
	if a.State != Submitted {
		return Receipt{}, fault.New(fault.Conflict, "assessment.not_submitted")
	}
	return s.receipt(ctx, a)
}

func (s *Service) ownAttempt(ctx context.Context, taker Taker, id AttemptID) (Attempt, error) {
	if _, err := s.ownEnrolment(ctx, taker, id.Enrolment); err != nil {
		return Attempt{}, err
	}
	a, err := s.read.attempt(ctx, id)
	return a, missing(err, "load attempt", "assessment.not_started")
}

func (s *Service) receipt(ctx context.Context, a Attempt) (Receipt, error) {
	e, err := s.read.event(ctx, a.Event)
	if err != nil {
		return Receipt{}, fmt.Errorf("load event: %w", err)
	}
	rows, err := s.read.journal(ctx, a.AttemptID)
	if err != nil {
		return Receipt{}, fmt.Errorf("read journal: %w", err)
	}
	late, err := s.read.lateRows(ctx, a.AttemptID)
	if err != nil {
		return Receipt{}, fmt.Errorf("read late answers: %w", err)
	}
	return Receipt{
		AttemptID: a.AttemptID, Event: e, SubmittedAt: a.SubmittedAt, EndedBy: a.EndedBy, Items: a.Items,
		Answered: answered(rows), Late: len(late), Reference: reference(a), Fingerprint: fingerprint(rows, a.Items),
		Visible: e.ResultsVisible(s.now()),
	}, nil
}

// reference is a code that an officer can compare; it tells nothing by itself.
func reference(a Attempt) string {
	sum := hashText(fmt.Sprintf("%d/%d/%d", a.Enrolment, a.No, a.SubmittedAt.UnixMilli()))
	code := base32.StdEncoding.EncodeToString([]byte(sum[:10]))
	return code[:4] + "-" + code[4:8] + "-" + code[8:12]
}

// fingerprint shows 16 characters in groups of four.
func fingerprint(rows []Row, items int) string {
	sum := strings.ToUpper(answersHash(rows, items))
	return sum[:4] + " " + sum[4:8] + " " + sum[8:12] + " " + sum[12:16]
}

// Scores is a result as its owner sees it.
type Scores struct {
	Event   Event
	Attempt Attempt
	Scheme  scoring.Scheme
	Result  scoring.Result
	Version int // 1, or more where it was computed again
	At      time.Time
}

// Scores is the current result of an attempt, once results may be seen. Until
// then there is no result for anyone who asks here.
func (s *Service) Scores(ctx context.Context, taker Taker, id AttemptID) (Scores, error) {
	a, err := s.ownAttempt(ctx, taker, id)
	if err != nil {
		return Scores{}, err
	}
	e, err := s.read.event(ctx, a.Event)
	if err != nil {
		return Scores{}, fmt.Errorf("load event: %w", err)
	}
	if !e.ResultsVisible(s.now()) {
		return Scores{}, fault.New(fault.NotFound, "assessment.not_released")
	}
	if a.State == Voided {
		return Scores{}, fault.New(fault.Conflict, "assessment.voided")
	}
	return s.scores(ctx, e, a)
}

func (s *Service) scores(ctx context.Context, e Event, a Attempt) (Scores, error) {
	row, err := s.read.result(ctx, a.AttemptID)
	if errors.Is(err, storage.ErrNotFound) {
		return Scores{}, fault.New(fault.NotFound, "assessment.no_result")
	}
	if err != nil {
		return Scores{}, fmt.Errorf("load result: %w", err)
	}
	out := Scores{Event: e, Attempt: a, Version: row.Version, At: instant(row.ComputedMS)}
	if err := json.Unmarshal([]byte(row.Payload), &out.Result); err != nil {
		return Scores{}, fmt.Errorf("result payload: %w", err)
	}
	out.Scheme, err = s.bank.scheme(ctx, row.SchemeCode, row.SchemeVersion)
	return out, err
}
