package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Session (sesi) is a window of an event, online or in a room.
type Session struct {
	ID       int64
	Event    int64
	Name     string
	OpensAt  time.Time
	ClosesAt time.Time
	Place    string        // empty: online
	Token    string        // empty: none is asked
	Capacity int           // places; 0: as many as are enrolled
	Jitter   time.Duration // how far starts are spread behind the bell
	Admit    bool          // a proctor lets each person begin
	ClosedAt time.Time     // when a proctor ended it; zero until then
	Proctors []int64       // accounts, sorted; filled where sessions are listed
}

// admits compares a typed token, in whatever case and spacing.
func (s Session) admits(token string) bool {
	return s.Token == "" || plainToken(token) == plainToken(s.Token)
}

func plainToken(s string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '\t' }), ""))
}

// overlaps reports whether two windows share an instant.
func (s Session) overlaps(o Session) bool {
	return s.OpensAt.Before(o.ClosesAt) && o.OpensAt.Before(s.ClosesAt)
}

// NewSession is a session to make, or what it becomes when it is changed.
type NewSession struct {
	Name     string
	OpensAt  time.Time
	ClosesAt time.Time
	Place    string
	Token    string
	Capacity int           // 0: as many as are enrolled
	Jitter   time.Duration // 0: the usual 20 seconds; negative: all at the bell
	Admit    bool
	Proctors []int64 // accounts; each may proctor for an agency of the event
}

const (
	defaultJitter = 20 * time.Second
	maxJitter     = 10 * time.Minute
	maxCapacity   = 100_000
	maxProctors   = 50
)

func (n NewSession) jitter() time.Duration {
	if n.Jitter == 0 {
		return defaultJitter
	}
	return max(n.Jitter, 0).Truncate(time.Second)
}

func (n NewSession) validate(opens, closes time.Time) *fault.Fault {
	switch {
	case !plainName(n.Name):
		return fault.New(fault.Invalid, "assessment.name_bad").On("session_name")
	case len(n.Place) > maxName || strings.ContainsFunc(n.Place, control):
		return fault.New(fault.Invalid, "assessment.place_bad").On("place")
	case n.Token != "" && (len(plainToken(n.Token)) < 4 || len(n.Token) > 20):
		return fault.New(fault.Invalid, "assessment.token_bad").On("session_token")
	case !n.ClosesAt.After(n.OpensAt):
		return fault.New(fault.Invalid, "assessment.window").On("session_closes")
	case n.OpensAt.Before(opens) || n.ClosesAt.After(closes):
		return fault.New(fault.Invalid, "assessment.session_outside").On("session_opens")
	case n.Capacity < 0 || n.Capacity > maxCapacity:
		return fault.New(fault.Invalid, "assessment.session_capacity", maxCapacity).On("capacity")
	case n.jitter() > maxJitter || n.jitter() >= n.ClosesAt.Sub(n.OpensAt):
		return fault.New(fault.Invalid, "assessment.session_jitter", int(maxJitter.Seconds())).On("jitter")
	case len(n.Proctors) > maxProctors:
		return fault.New(fault.Invalid, "assessment.session_proctors", maxProctors).On("proctors")
	}
	return nil
}

func (n NewSession) session(event int64, now time.Time) Session {
	return Session{
		ID: storage.NewID(now), Event: event, Name: strings.TrimSpace(n.Name), OpensAt: n.OpensAt.UTC(), ClosesAt: n.ClosesAt.UTC(),
		Place: strings.TrimSpace(n.Place), Token: plainToken(n.Token), Capacity: n.Capacity, Jitter: n.jitter(), Admit: n.Admit,
		Proctors: slices.Compact(slices.Sorted(slices.Values(n.Proctors))),
	}
}

// asNew lets a stored session pass the same checks as a new one.
func (s Session) asNew() NewSession {
	n := NewSession{
		Name: s.Name, OpensAt: s.OpensAt, ClosesAt: s.ClosesAt, Place: s.Place, Token: s.Token,
		Capacity: s.Capacity, Jitter: s.Jitter, Admit: s.Admit, Proctors: s.Proctors,
	}
	if n.Jitter == 0 {
		n.Jitter = -1
	}
	return n
}

// fits refuses a session that the event cannot take.
func (n NewSession) fits(e Event) error {
	if e.State == EventClosed {
		return fault.New(fault.Conflict, "assessment.event_closed")
	}
	if f := n.validate(e.OpensAt, e.ClosesAt); f != nil {
		return f
	}
	return nil
}

// extends refuses to move a window in which attempts have begun, other than
// letting it last longer.
func (n NewSession) extends(old Session) error {
	if !n.OpensAt.Equal(old.OpensAt) || n.ClosesAt.Before(old.ClosesAt) {
		return fault.New(fault.Conflict, "assessment.session_begun").On("session_closes")
	}
	return nil
}

// AddSession gives an event one more session.
func (s *Service) AddSession(ctx context.Context, actor Actor, event int64, in NewSession) (Session, error) {
	var out Session
	entry := access.Entry{Action: "session.create", ObjectKind: "event", ObjectID: event}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		if err := in.fits(e); err != nil {
			return err
		}
		if err := st.mayProctor(ctx, actor, e, in.Proctors); err != nil {
			return err
		}
		out = in.session(event, s.now())
		entry.AgencyID, entry.Detail = e.Owner, out.detail()
		return st.addSession(ctx, out)
	})
	return out, err
}

// ChangeSession changes a session. Once attempts have begun in it, its window
// may only be made longer; places never become fewer than the people in it.
func (s *Service) ChangeSession(ctx context.Context, actor Actor, event, id int64, in NewSession) (Session, error) {
	var out Session
	entry := access.Entry{Action: "session.change", ObjectKind: "event", ObjectID: event}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		old, err := sessionOf(ctx, st, event, id)
		if err != nil {
			return err
		}
		if err := in.fits(e); err != nil {
			return err
		}
		if err := in.suits(ctx, st, actor, e, old); err != nil {
			return err
		}
		out = in.session(event, s.now())
		out.ID, out.ClosedAt = old.ID, old.ClosedAt
		entry.AgencyID, entry.Detail = e.Owner, out.detail()
		return st.changeSession(ctx, out)
	})
	return out, err
}

// suits checks a change against what the session holds already.
func (n NewSession) suits(ctx context.Context, st store, actor Actor, e Event, old Session) error {
	load, err := st.sessionLoad(ctx, e.ID)
	if err != nil {
		return err
	}
	have := load[old.ID]
	if have.Attempts > 0 {
		if err := n.extends(old); err != nil {
			return err
		}
	}
	if n.Capacity > 0 && have.Enrolled > n.Capacity {
		return fault.New(fault.Conflict, "assessment.session_fuller", have.Enrolled).On("capacity")
	}
	return st.mayProctor(ctx, actor, e, without(n.Proctors, old.Proctors))
}

// without is who is named and was not before: an account that lost its role
// keeps a session from changing only where it is named anew.
func without(named, before []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(named), func(id int64) bool { return slices.Contains(before, id) })
}

// RemoveSession takes away a session nobody is in. People who had withdrawn
// before they began are kept with another session.
func (s *Service) RemoveSession(ctx context.Context, actor Actor, event, id int64) error {
	entry := access.Entry{Action: "session.remove", ObjectKind: "event", ObjectID: event, Detail: map[string]any{"session": id}}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		if err := st.lockEvent(ctx, event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		all, err := st.sessions(ctx, event)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(n Session) bool { return n.ID == id })
		load, err := st.sessionLoad(ctx, event)
		switch {
		case err != nil:
			return err
		case i < 0:
			return fault.New(fault.NotFound, "assessment.no_session").On("session")
		case len(all) == 1:
			return fault.New(fault.Conflict, "assessment.session_last")
		case load[id].Enrolled > 0 || load[id].Attempts > 0:
			return fault.New(fault.Conflict, "assessment.session_used", load[id].Enrolled)
		}
		entry.AgencyID = e.Owner
		return st.removeSession(ctx, id, all[(i+1)%len(all)].ID)
	})
}

// Proctor is an account that may be named for a session.
type Proctor struct {
	Account int64
	Name    string
}

// Proctors lists, by name, who may be named for the sessions of an event: the
// proctors and officers of its agencies that the actor may know of.
func (s *Service) Proctors(ctx context.Context, actor Actor, event int64) ([]Proctor, error) {
	e, err := ownEvent(ctx, s.read, actor, event)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.proctors(ctx)
	if err != nil {
		return nil, fmt.Errorf("list proctors: %w", err)
	}
	var all []Proctor
	for _, r := range rows {
		if n := len(all); r.serves(actor, e) && (n == 0 || all[n-1].Account != r.ID) {
			all = append(all, Proctor{r.ID, r.Name})
		}
	}
	slices.SortStableFunc(all, func(a, b Proctor) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all, nil
}

// detail is what the audit trail keeps of a session: no name, no token.
func (s Session) detail() map[string]any {
	return map[string]any{
		"session": s.ID, "opens": s.OpensAt.UnixMilli(), "closes": s.ClosesAt.UnixMilli(), "capacity": s.Capacity,
		"jitter_s": int(s.Jitter.Seconds()), "admit": s.Admit, "proctors": len(s.Proctors),
	}
}
