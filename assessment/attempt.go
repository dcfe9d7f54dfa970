package assessment

import (
	"time"

	"cakap/internal/fault"
)

// State is where an attempt stands.
type State string

// An attempt goes open → closing → submitted; an officer may void it.
const (
	Open      State = "open"
	Closing   State = "closing" // past its deadline; what arrives now is late
	Submitted State = "submitted"
	Voided    State = "voided"
)

// Ending says who ended an attempt.
type Ending string

// The endings.
const (
	ByParticipant Ending = "participant"
	ByDeadline    Ending = "deadline"
	ByOfficer     Ending = "officer"
)

// NetworkAllowance is how long after the deadline an answer may reach the
// server and still count.
const NetworkAllowance = 3 * time.Second

// settle is how long the end of the grace waits for answers that came in time
// and stand in the writer's queue; it is the queue's own limit.
const settle = 5 * time.Second

// AttemptID names one person's nth attempt of one event.
type AttemptID struct {
	Enrolment int64
	No        int
}

// Attempt is one taking of a form by one civil servant.
type Attempt struct {
	AttemptID
	Event       int64
	FormNo      int
	Items       int // positions run from 1 to Items
	State       State
	Device      string // opaque name of the browser that holds the attempt
	DeviceEpoch int    // grows each time the attempt moves to another device
	StartedAt   time.Time
	Deadline    time.Time
	Grace       time.Duration
	Credited    time.Duration
	SubmittedAt time.Time // zero until then
	EndedBy     Ending
	VoidReason  string
	PausedAt    time.Time // its clock stands still since then; zero: it runs
	Sequential  bool      // only a part of the form takes answers at a time
	Reached     int       // where Sequential: first position of that part
	ReachedTo   int       // and its last
}

// LastCall is the last instant at which an answer may arrive and count, unless
// the attempt is paused.
func (a Attempt) LastCall() time.Time { return a.Deadline.Add(NetworkAllowance) }

// Paused reports whether the attempt's clock stands still.
func (a Attempt) Paused() bool { return !a.PausedAt.IsZero() }

// over reports whether an answer received at an instant comes too late.
func (a Attempt) over(received time.Time) bool { return !a.Paused() && received.After(a.LastCall()) }

// takes reports whether a position may take answers now.
func (a Attempt) takes(position int) bool {
	return !a.Sequential || a.Reached <= position && position <= a.ReachedTo
}

// UnderWay reports whether the attempt is open or closing.
func (a Attempt) UnderWay() bool { return a.State == Open || a.State == Closing }

// Left is the working time that remains, never below zero. While the attempt
// is paused it stays as it was.
func (a Attempt) Left(now time.Time) time.Duration {
	if a.Paused() {
		now = a.PausedAt
	}
	return max(a.Deadline.Sub(now), 0)
}

// deadline is when an attempt that starts at start ends.
func deadline(start time.Time, working time.Duration, factorPct int, credited time.Duration) time.Time {
	return start.Add(working * time.Duration(factorPct) / 100).Add(credited)
}

// starting is everything the decision to start an attempt looks at.
type starting struct {
	Event     Event
	Session   Session
	Enrolment Enrolment
	Attempts  []Attempt // of the enrolment, oldest first
	Forms     int       // drawn for the enrolment
	Token     string    // typed by the participant
}

// decide returns the attempt to begin, or why not.
func (s starting) decide(device string, now time.Time) (Attempt, error) {
	switch {
	case s.Enrolment.Withdrawn:
		return Attempt{}, fault.New(fault.NotFound, "assessment.not_enrolled")
	case s.Event.State != EventOpen:
		return Attempt{}, fault.New(fault.Conflict, "assessment.event_not_open")
	case now.Before(s.Session.OpensAt):
		return Attempt{}, fault.New(fault.Conflict, "assessment.too_early")
	case !now.Before(s.Session.ClosesAt), !s.Session.ClosedAt.IsZero():
		return Attempt{}, fault.New(fault.Conflict, "assessment.too_late")
	case !s.Session.admits(s.Token):
		return Attempt{}, fault.New(fault.Invalid, "assessment.wrong_token").On("token")
	}
	no := len(s.Attempts) + 1
	if no > s.Forms {
		return Attempt{}, fault.New(fault.Conflict, "assessment.attempts_used")
	}
	if wait := s.cooldown(); now.Before(wait) {
		return Attempt{}, fault.New(fault.Conflict, "assessment.cooldown")
	}
	return Attempt{
		AttemptID: AttemptID{s.Enrolment.ID, no}, Event: s.Event.ID, FormNo: no, Items: s.Event.Spec.Items(),
		State: Open, Device: device, DeviceEpoch: 1, StartedAt: now,
		Deadline: deadline(now, s.Event.Spec.Duration(), s.Enrolment.TimeFactorPct, 0), Grace: s.Event.Grace,
	}, nil
}

// cooldown is when the next attempt may begin. A voided attempt asks for no wait.
func (s starting) cooldown() time.Time {
	for i := len(s.Attempts) - 1; i >= 0; i-- {
		if a := s.Attempts[i]; a.State == Submitted {
			return a.SubmittedAt.AddDate(0, 0, s.Event.Spec.CooldownDays)
		}
	}
	return time.Time{}
}
