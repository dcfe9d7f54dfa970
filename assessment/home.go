package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Action is what a participant can do next with an enrolment.
type Action string

// The actions.
const (
	ActWait   Action = "wait"   // it has not begun; see OpensAt
	ActStart  Action = "start"  // or start again, where attempts are left
	ActResume Action = "resume" // an attempt is under way
	ActEnding Action = "ending" // its time is over; late answers are still taken in
	ActDone   Action = "done"   // submitted, results are not to be seen yet
	ActResult Action = "result" // results are there
	ActMissed Action = "missed" // the window is over and nothing was started
	ActVoided Action = "voided" // an officer voided it
)

// HomeEntry is one enrolment on a participant's home page.
type HomeEntry struct {
	Enrolment Enrolment
	Event     Event
	Session   Session
	Attempts  []Attempt
	Action    Action
	Again     bool          // another attempt may begin, besides Action
	Working   time.Duration // with the person's accommodation
	Left      time.Duration // of the attempt under way
	Result    AttemptID     // the newest submitted attempt
	ResultsAt time.Time     // when results will be seen, where that is known
}

// Home lists a participant's enrolments, newest session first. Events still in
// draft are nobody's business yet.
func (s *Service) Home(ctx context.Context, taker Taker) ([]HomeEntry, error) {
	all, err := s.read.enrolmentsOf(ctx, taker.Person)
	if err != nil {
		return nil, fmt.Errorf("list enrolments: %w", err)
	}
	var home []HomeEntry
	for _, en := range all {
		if !taker.owns(en) {
			continue
		}
		entry, err := s.homeEntry(ctx, en)
		if err != nil {
			return nil, err
		}
		if entry.Event.State != EventDraft {
			home = append(home, entry)
		}
	}
	slices.SortStableFunc(home, func(a, b HomeEntry) int { return b.Session.OpensAt.Compare(a.Session.OpensAt) })
	return home, nil
}

// HomeEntry loads one enrolment of the participant.
func (s *Service) HomeEntry(ctx context.Context, taker Taker, enrolment int64) (HomeEntry, error) {
	en, err := s.ownEnrolment(ctx, taker, enrolment)
	if err != nil {
		return HomeEntry{}, err
	}
	return s.homeEntry(ctx, en)
}

func (s *Service) homeEntry(ctx context.Context, en Enrolment) (HomeEntry, error) {
	in, err := s.startingOf(ctx, en)
	if err != nil {
		return HomeEntry{}, err
	}
	return in.home(s.now()), nil
}

// home decides what a participant can do next.
func (s starting) home(now time.Time) HomeEntry {
	h := HomeEntry{
		Enrolment: s.Enrolment, Event: s.Event, Session: s.Session, Attempts: s.Attempts,
		Working: deadline(time.Time{}, s.Event.Spec.Duration(), s.Enrolment.TimeFactorPct, 0).Sub(time.Time{}),
	}
	if s.Event.Release == ReleaseAt {
		h.ResultsAt = s.Event.ReleaseAt
	}
	if a, ok := underWay(s.Attempts); ok {
		h.Action, h.Left = ActResume, a.Left(now)
		if now.After(a.LastCall()) {
			h.Action = ActEnding
		}
		return h
	}
	_, err := starting{s.Event, s.Session, s.Enrolment, s.Attempts, s.Forms, s.Session.Token}.decide("", now)
	mayStart := err == nil
	h.Action = s.idleAction(mayStart, now)
	h.Again = mayStart && h.Action != ActStart
	for _, a := range s.Attempts {
		if a.State == Submitted {
			h.Result = a.AttemptID
		}
	}
	return h
}

// idleAction is the action while no attempt is under way.
func (s starting) idleAction(mayStart bool, now time.Time) Action {
	submitted := slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.State == Submitted })
	waiting := s.Event.State == EventPrepared || s.Event.State == EventOpen && now.Before(s.Session.OpensAt)
	switch {
	case submitted && s.Event.ResultsVisible(now):
		return ActResult
	case submitted:
		return ActDone
	case mayStart:
		return ActStart
	case len(s.Attempts) > 0:
		return ActVoided
	case waiting && now.Before(s.Session.ClosesAt):
		return ActWait
	}
	return ActMissed
}
