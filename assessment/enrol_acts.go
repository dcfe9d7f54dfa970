package assessment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// maxTicked is how many people one act on ticked names takes.
const maxTicked = 1000

// Withdraw takes a person out of an event. Attempts and results stay.
func (s *Service) Withdraw(ctx context.Context, actor Actor, enrolment int64, reason string) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	return s.onEnrolment(ctx, actor, enrolment, "enrolment.withdraw", map[string]any{"reason": reason}, func(st store, _ Enrolment) error {
		done, err := st.withdraw(ctx, enrolment)
		if err == nil && !done {
			return fault.New(fault.Conflict, "assessment.withdrawn")
		}
		return err
	})
}

// MoveToSession moves a person to another session of the event. Who works at
// the moment stays where the proctor sees them.
func (s *Service) MoveToSession(ctx context.Context, actor Actor, enrolment, session int64) error {
	en, err := enrolmentFor(ctx, s.read, actor, enrolment)
	if err != nil {
		return err
	}
	_, err = s.MoveMany(ctx, actor, en.Event, []int64{enrolment}, session)
	return err
}

// SetTimeFactor gives a person more time (100 to 400 percent) in attempts that
// have not begun; CreditOutage moves the deadline of one that has.
func (s *Service) SetTimeFactor(ctx context.Context, actor Actor, enrolment int64, percent int) error {
	if percent < 100 || percent > 400 {
		return fault.New(fault.Invalid, "assessment.time_factor").On("time_factor")
	}
	return s.onEnrolment(ctx, actor, enrolment, "enrolment.time_factor", map[string]any{"percent": percent}, func(st store, _ Enrolment) error {
		return st.setTimeFactor(ctx, enrolment, percent)
	})
}

// MoveMany moves ticked people to a session with room for all of them, and
// returns how many were elsewhere before.
func (s *Service) MoveMany(ctx context.Context, actor Actor, event int64, ids []int64, session int64) (int, error) {
	moved := 0
	err := s.onMany(ctx, actor, event, ids, "enrolment.move", map[string]any{"session": session}, func(st store, people []Enrolment) (int, error) {
		moved = 0
		to, err := sessionOf(ctx, st, event, session)
		if err != nil {
			return 0, err
		}
		if !to.ClosedAt.IsZero() {
			return 0, fault.New(fault.Conflict, "assessment.session_ended", to.Name).On("session")
		}
		working, err := st.working(ctx, event)
		if err != nil {
			return 0, err
		}
		for _, en := range people {
			switch {
			case en.Withdrawn || en.Session == to.ID:
				continue
			case working[en.ID]:
				return 0, fault.New(fault.Conflict, "assessment.move_working", en.Name).On("session")
			}
			if err := st.moveEnrolment(ctx, en.ID, to.ID); err != nil {
				return 0, err
			}
			moved++
		}
		return moved, st.notOverfull(ctx, event)
	})
	return moved, err
}

// WithdrawMany takes ticked people out of an event, with one reason.
func (s *Service) WithdrawMany(ctx context.Context, actor Actor, event int64, ids []int64, reason string) (int, error) {
	if err := reasoned(reason); err != nil {
		return 0, err
	}
	out := 0
	err := s.onMany(ctx, actor, event, ids, "enrolment.withdraw", map[string]any{"reason": reason}, func(st store, people []Enrolment) (int, error) {
		out = 0
		for _, en := range people {
			done, err := st.withdraw(ctx, en.ID)
			if err != nil {
				return 0, err
			}
			if done {
				out++
			}
		}
		return out, nil
	})
	return out, err
}

// SetTimeFactors gives ticked people more time in attempts that have not begun.
func (s *Service) SetTimeFactors(ctx context.Context, actor Actor, event int64, ids []int64, percent int) (int, error) {
	if percent < 100 || percent > 400 {
		return 0, fault.New(fault.Invalid, "assessment.time_factor").On("time_factor")
	}
	changed := 0
	err := s.onMany(ctx, actor, event, ids, "enrolment.time_factor", map[string]any{"percent": percent}, func(st store, people []Enrolment) (int, error) {
		changed = 0
		for _, en := range people {
			if en.TimeFactorPct == percent {
				continue
			}
			if err := st.setTimeFactor(ctx, en.ID, percent); err != nil {
				return 0, err
			}
			changed++
		}
		return changed, nil
	})
	return changed, err
}

// Rejoin brings ticked people who had withdrawn back into the sessions they
// were in, as far as there is room.
func (s *Service) Rejoin(ctx context.Context, actor Actor, event int64, ids []int64) (Enrolled, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 || len(ids) > maxTicked {
		return Enrolled{}, fault.New(fault.Invalid, "assessment.nobody_ticked").On("ikut")
	}
	people, err := ticked(ctx, s.read, actor, event, ids)
	if err != nil {
		return Enrolled{}, err
	}
	bySession := map[int64][]int64{}
	for _, en := range people {
		bySession[en.Session] = append(bySession[en.Session], en.Person)
	}
	var out Enrolled
	for _, session := range slices.Sorted(maps.Keys(bySession)) {
		part, err := s.Enrol(ctx, actor, EnrolRequest{Event: event, Session: session, Persons: bySession[session]})
		out.add(part)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// onMany runs an audited act on ticked enrolments of one event, all of the
// actor's agencies. An act that changes nobody leaves no entry.
func (s *Service) onMany(ctx context.Context, actor Actor, event int64, ids []int64, action string, detail map[string]any, act func(st store, people []Enrolment) (int, error)) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) == 0:
		return fault.New(fault.Invalid, "assessment.nobody_ticked").On("ikut")
	case len(ids) > maxTicked:
		return fault.New(fault.Invalid, "assessment.too_many_ticked", maxTicked).On("ikut")
	}
	entry := access.Entry{Action: action, ObjectKind: "event", ObjectID: event}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		if err := st.lockEvent(ctx, event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		people, err := ticked(ctx, st, actor, event, ids)
		if err != nil {
			return err
		}
		entry.AgencyID = sameAgency(people)
		n, err := act(st, people)
		if err == nil && n == 0 {
			return errNothing
		}
		detail["enrolments"], detail["changed"] = ids, n
		entry.Detail = detail
		return err
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

func ticked(ctx context.Context, st store, actor Actor, event int64, ids []int64) ([]Enrolment, error) {
	e, err := eventFor(ctx, st, actor, event)
	if err != nil {
		return nil, err
	}
	if e.State == EventClosed {
		return nil, fault.New(fault.Conflict, "assessment.event_closed")
	}
	people := make([]Enrolment, len(ids))
	for i, id := range ids {
		if people[i], err = enrolmentFor(ctx, st, actor, id); err != nil {
			return nil, err
		}
		if people[i].Event != event {
			return nil, fault.New(fault.NotFound, "assessment.no_enrolment")
		}
	}
	return people, nil
}

// sameAgency is the agency of everybody, 0 where they are of several.
func sameAgency(people []Enrolment) int64 {
	for _, en := range people {
		if en.Agency != people[0].Agency {
			return 0
		}
	}
	return people[0].Agency
}

// Redistribute deals everybody who has not begun anew over sessions of an
// event; no session named is every one that has not ended. It returns how many
// people changed their session.
func (s *Service) Redistribute(ctx context.Context, actor Actor, event int64, sessions []int64, how Spread) (int, error) {
	if !how.Valid() {
		return 0, fault.New(fault.Invalid, "assessment.spread").On("spread")
	}
	moved := 0
	entry := access.Entry{Action: "enrolment.spread", ObjectKind: "event", ObjectID: event}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		moved = 0
		if err := st.lockEvent(ctx, event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		if e.State == EventClosed {
			return fault.New(fault.Conflict, "assessment.event_closed")
		}
		people, err := st.idle(ctx, event)
		if err != nil {
			return err
		}
		where, err := st.redeal(ctx, event, sessions, how, people)
		if err != nil {
			return err
		}
		for _, p := range people {
			if to := where[p.ID]; to != p.SessionID {
				if err := st.moveEnrolment(ctx, p.ID, to); err != nil {
					return err
				}
				moved++
			}
		}
		entry.AgencyID, entry.Detail = e.Owner, map[string]any{"spread": how, "people": len(people), "moved": moved}
		return nil
	})
	return moved, err
}

// redeal deals people who give their places back first.
func (s store) redeal(ctx context.Context, event int64, sessions []int64, how Spread, people []idleRow) (map[int64]int64, error) {
	all, err := s.sessions(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	load, err := s.sessionLoad(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	who := make([]spreadee, len(people))
	leaving := map[int64]int{}
	for i, p := range people {
		who[i] = spreadee{p.ID, p.Name, value(p.UnitID)}
		leaving[p.SessionID]++
	}
	var rooms []room
	for _, n := range all {
		if n.ClosedAt.IsZero() && (len(sessions) == 0 || slices.Contains(sessions, n.ID)) {
			rooms = append(rooms, room{Session: n.ID, Taken: load[n.ID].Enrolled - leaving[n.ID], Places: n.Capacity})
		}
	}
	if len(rooms) == 0 {
		return nil, fault.New(fault.NotFound, "assessment.no_session").On("session")
	}
	where, short := deal(how, who, rooms)
	if short > 0 {
		return nil, fault.New(fault.Conflict, "assessment.session_full", short).On("session")
	}
	return where, nil
}
