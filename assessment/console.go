package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Standing is where a person of a session stands, as a proctor counts them.
// Each person has one.
type Standing string

// The standings, in the order of a session.
const (
	Absent    Standing = "absent"  // not begun, and not in the waiting room now
	InRoom    Standing = "room"    // in the waiting room
	AtDoor    Standing = "door"    // in the waiting room, and a proctor has to let them begin
	AtWork    Standing = "working" // heard within the last minute
	Unheard   Standing = "silent"  // working, nothing heard for a minute
	Held      Standing = "paused"
	OutOfTime Standing = "closing" // past the deadline, not submitted yet
	Finished  Standing = "done"
	Annulled  Standing = "voided"
)

// Standings is every standing, in order.
var Standings = [...]Standing{Absent, InRoom, AtDoor, AtWork, Unheard, Held, OutOfTime, Finished, Annulled}

// Concern is why a proctor should look after a person; the smaller the sooner.
type Concern int

// The concerns. NoConcern is the zero value and comes last in lists.
const (
	NoConcern Concern = iota
	HasReport         // says that an item is faulty
	IsUnheard
	IsAtDoor
	IsOverdue // not begun ten minutes after the session opened
	IsHeld
	IsShort // time is nearly over and much is unanswered
)

const (
	freshInRoom  = time.Minute      // how long somebody counts as waiting after the last sign
	overdueAfter = 10 * time.Minute // after the session opened
	shortBefore  = 10 * time.Minute // before the deadline
	shortShare   = 4                // a quarter of the items unanswered is much
)

// Watched is one person of a session on the proctor's console.
type Watched struct {
	Participant
	Standing Standing
	Concern  Concern
	Answered int // positions with an answer
	Left     time.Duration
	Reports  int // of items, that nobody has dealt with
	Moves    int // how often the attempt moved to another device
}

// Console is what a proctor watches: one session, everybody of the actor's
// agencies, those to look after first. It reads; the writer never notices.
type Console struct {
	Event    Event
	Sessions []Session // those the actor is named for first, then by their beginning
	Session  Session
	People   []Watched
	Counts   map[Standing]int
	Concerns int // people with any
	Reports  int // of items, that nobody has dealt with
	At       time.Time
}

// Console loads a session of an event; 0 is the one the actor is most likely to
// run now.
func (s *Service) Console(ctx context.Context, actor Actor, event, session int64) (Console, error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return Console{}, err
	}
	sessions, err := s.read.sessions(ctx, event)
	if err != nil {
		return Console{}, fmt.Errorf("list sessions: %w", err)
	}
	c := Console{Event: e, At: s.now(), Counts: map[Standing]int{}, Sessions: sessions}
	c.order(actor.Account)
	if session != 0 {
		if c.Session, err = sessionOf(ctx, s.read, event, session); err != nil {
			return Console{}, err
		}
	} else if len(c.Sessions) > 0 {
		c.Session = c.likely()
	}
	_, people, err := s.roll(ctx, actor, event, 0, c.Session.ID)
	if err != nil {
		return Console{}, err
	}
	answered, err := s.read.answeredIn(ctx, c.Session.ID)
	if err != nil {
		return Console{}, fmt.Errorf("count answers: %w", err)
	}
	reports, err := s.read.openReports(ctx, event, c.Session.ID)
	if err != nil {
		return Console{}, fmt.Errorf("count reports: %w", err)
	}
	for _, p := range people {
		if p.Progress == Left {
			continue
		}
		w := Watched{Participant: p, Answered: answered[p.Attempt.AttemptID], Reports: reports[p.Enrolment.ID], Moves: max(p.Attempt.DeviceEpoch-1, 0)}
		w.judge(c.Session, c.At)
		c.add(w)
	}
	c.sort()
	return c, nil
}

// order puts the sessions an account is named for first.
func (c *Console) order(account int64) {
	mine := func(s Session) int {
		if slices.Contains(s.Proctors, account) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(c.Sessions, func(a, b Session) int { return cmp.Compare(mine(a), mine(b)) })
}

// likely is the first session that runs now, else the next to open, else the
// first.
func (c *Console) likely() Session {
	for _, s := range c.Sessions {
		if s.ClosedAt.IsZero() && !c.At.Before(s.OpensAt.Add(-2*time.Hour)) && c.At.Before(s.ClosesAt.Add(time.Hour)) {
			return s
		}
	}
	for _, s := range c.Sessions {
		if s.ClosedAt.IsZero() && c.At.Before(s.OpensAt) {
			return s
		}
	}
	return c.Sessions[0]
}

func (c *Console) add(w Watched) {
	c.People = append(c.People, w)
	c.Counts[w.Standing]++
	c.Reports += w.Reports
	if w.Concern != NoConcern {
		c.Concerns++
	}
}

// judge says where the person stands and whether to look after them.
func (w *Watched) judge(n Session, now time.Time) {
	a := w.Attempt
	w.Standing = w.standing(n, now)
	if a.UnderWay() {
		w.Left = a.Left(now)
	}
	waits := w.Standing == Absent || w.Standing == InRoom
	late := n.ClosedAt.IsZero() && now.After(n.OpensAt.Add(overdueAfter)) && now.Before(n.ClosesAt)
	switch {
	case w.Reports > 0:
		w.Concern = HasReport
	case w.Standing == Unheard:
		w.Concern = IsUnheard
	case w.Standing == AtDoor:
		w.Concern = IsAtDoor
	case waits && late:
		w.Concern = IsOverdue
	case w.Standing == Held:
		w.Concern = IsHeld
	case w.Standing == AtWork && w.Left <= shortBefore && (a.Items-w.Answered)*shortShare > a.Items:
		w.Concern = IsShort
	}
}

func (w *Watched) standing(n Session, now time.Time) Standing {
	switch w.Progress {
	case NotStarted, Present:
		switch fresh := !w.WaitingAt.IsZero() && now.Sub(w.WaitingAt) < freshInRoom; {
		case !fresh:
			return Absent
		case n.Admit && w.AdmittedAt.IsZero():
			return AtDoor
		}
		return InRoom
	case TimeIsUp:
		return OutOfTime
	case Done, TimedOut:
		return Finished
	case Cancelled:
		return Annulled
	case Silent:
		return Unheard
	}
	if w.Attempt.Paused() {
		return Held
	}
	return AtWork
}

// sort puts those to look after first, the longest silence on top; people
// alike stand by name.
func (c *Console) sort() {
	people := make([]Participant, len(c.People))
	by := make(map[int64]Watched, len(people))
	for i, w := range c.People {
		people[i], by[w.Enrolment.ID] = w.Participant, w
	}
	sortByName(people)
	for i, p := range people {
		c.People[i] = by[p.Enrolment.ID]
	}
	slices.SortStableFunc(c.People, func(a, b Watched) int {
		if a.Concern != b.Concern {
			return cmp.Compare(a.Concern.place(), b.Concern.place())
		}
		if a.Concern == IsUnheard {
			return a.SeenAt.Compare(b.SeenAt)
		}
		return 0
	})
}

func (c Concern) place() int {
	if c == NoConcern {
		return 1 << 10
	}
	return int(c)
}

// Find narrows a list to a standing ("" for all) and to part of a name, unit or
// number.
func (c Console) Find(standing Standing, concern bool, text string) []Watched {
	text = strings.ToLower(strings.TrimSpace(text))
	number := strings.ReplaceAll(text, " ", "")
	var found []Watched
	for _, w := range c.People {
		en := w.Enrolment
		switch {
		case standing != "" && w.Standing != standing, concern && w.Concern == NoConcern:
		case text == "", strings.Contains(strings.ToLower(en.Name), text), strings.Contains(strings.ToLower(en.UnitPath), text), strings.Contains(en.NIP, number):
			found = append(found, w)
		}
	}
	return found
}

// answeredIn counts the positions with an answer in each newest attempt of a
// session: those whose last word is not empty.
func (s store) answeredIn(ctx context.Context, session int64) (map[AttemptID]int, error) {
	var rows []struct {
		EnrolmentID int64 `db:"enrolment_id"`
		AttemptNo   int   `db:"attempt_no"`
		N           int   `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT a.enrolment_id, a.attempt_no, count(*) AS n
		FROM enrolment e JOIN answer a ON a.enrolment_id = e.id
		WHERE e.session_id = ? AND a.value <> '' AND NOT EXISTS (
			SELECT 1 FROM answer b WHERE b.enrolment_id = a.enrolment_id AND b.attempt_no = a.attempt_no AND b.position = a.position AND b.seq > a.seq)
		GROUP BY a.enrolment_id, a.attempt_no`, session)
	by := make(map[AttemptID]int, len(rows))
	for _, r := range rows {
		by[AttemptID{r.EnrolmentID, r.AttemptNo}] = r.N
	}
	return by, err
}

// Watch is a session that an actor may run.
type Watch struct {
	Event   Event
	Session Session
	Named   bool // the actor is named for it
	Running bool // its window is open now
}

// recent is how long after its end a session stays on the list of those to run:
// its minutes are signed, its late answers decided about.
const recent = 48 * time.Hour

// Watches lists the sessions the actor may run, of events that are drawn and
// not long over: those the actor is named for first, then those that run now,
// then by their beginning.
func (s *Service) Watches(ctx context.Context, actor Actor) ([]Watch, error) {
	events, err := s.read.events(ctx)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	now := s.now()
	var all []Watch
	for _, e := range events {
		if !actor.sees(e) || e.State == EventDraft || now.Sub(e.ClosesAt) > recent {
			continue
		}
		sessions, err := s.read.sessions(ctx, e.ID)
		if err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		for _, n := range sessions {
			if now.Sub(n.ClosesAt) > recent {
				continue
			}
			runs := e.State == EventOpen && n.ClosedAt.IsZero() && !now.Before(n.OpensAt) && now.Before(n.ClosesAt)
			all = append(all, Watch{Event: e, Session: n, Named: slices.Contains(n.Proctors, actor.Account), Running: runs})
		}
	}
	slices.SortStableFunc(all, func(a, b Watch) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), a.Session.OpensAt.Compare(b.Session.OpensAt))
	})
	return all, nil
}

func (w Watch) rank() int {
	n := 0
	if w.Named {
		n += 2
	}
	if w.Running {
		n++
	}
	return n
}

// SeenEvent is an event the actor may know of.
func (s *Service) SeenEvent(ctx context.Context, actor Actor, event int64) (Event, error) {
	return eventFor(ctx, s.read, actor, event)
}
