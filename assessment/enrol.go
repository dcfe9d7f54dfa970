package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// EnrolRequest names whom to enrol: everybody of agencies, everybody of units
// and the units below them, and single persons. Inactive people are left out.
type EnrolRequest struct {
	Event    int64
	Session  int64 // 0: the event's first
	Agencies []int64
	Units    []int64
	Persons  []int64
}

// Enrolled counts what an enrolment did.
type Enrolled struct {
	Added    int
	Already  int
	Rejoined int // had withdrawn before
	Drawn    int // forms drawn at once, because the event's forms are drawn already
}

// Enrol puts people into an event with their data as of now. Officers enrol
// the people of their own agencies, in events that include those.
func (s *Service) Enrol(ctx context.Context, actor Actor, in EnrolRequest) (Enrolled, error) {
	var out Enrolled
	entry := access.Entry{Action: "enrolment.add", ObjectKind: "event", ObjectID: in.Event}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		out = Enrolled{}
		if err := st.lockEvent(ctx, in.Event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		e, err := eventFor(ctx, st, actor, in.Event)
		if err != nil {
			return err
		}
		if e.State == EventClosed {
			return fault.New(fault.Conflict, "assessment.event_closed")
		}
		session, err := sessionOf(ctx, st, e.ID, in.Session)
		if err != nil {
			return err
		}
		people, err := gather(ctx, st, actor, e, in)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return fault.New(fault.Invalid, "assessment.nobody")
		}
		if out, err = s.enrolAll(ctx, st, e, session, people); err != nil {
			return err
		}
		if id, single := actor.Scope.Single(); single {
			entry.AgencyID = id
		}
		entry.Detail = map[string]any{"session": session.ID, "added": out.Added, "already": out.Already, "rejoined": out.Rejoined, "drawn": out.Drawn}
		return nil
	})
	return out, err
}

func (s *Service) enrolAll(ctx context.Context, st store, e Event, session Session, people []candidateRow) (out Enrolled, err error) {
	now := s.now()
	order, err := st.lastDrawOrder(ctx, e.ID)
	if err != nil {
		return out, err
	}
	for _, p := range people {
		en := p.enrolment(e.ID, session.ID, order+1, now)
		added, err := st.addEnrolment(ctx, en, now)
		if err != nil {
			return out, err
		}
		if added {
			out.Added++
			order++
			continue
		}
		back, err := st.rejoin(ctx, e.ID, p.ID, session.ID)
		if err != nil {
			return out, err
		}
		if back {
			out.Rejoined++
		} else {
			out.Already++
		}
	}
	if !e.Drawn() {
		return out, nil
	}
	out.Drawn, err = s.drawMissing(ctx, st, e, now, len(people))
	return out, err
}

// gather collects the people a request names, once each, in the order of ids.
func gather(ctx context.Context, st store, actor Actor, e Event, in EnrolRequest) ([]candidateRow, error) {
	mine := actor.reach(e)
	var all []candidateRow
	add := func(agency, unit int64) error {
		if !slices.Contains(mine, agency) {
			return fault.New(fault.NotFound, "assessment.no_agency").On("agencies")
		}
		rows, err := st.candidates(ctx, agency, unit)
		all = append(all, rows...)
		return err
	}
	for _, agency := range in.Agencies {
		if err := add(agency, 0); err != nil {
			return nil, err
		}
	}
	for _, unit := range in.Units {
		agency, err := st.unitAgency(ctx, unit)
		if err != nil {
			return nil, missing(err, "load unit", "assessment.no_unit")
		}
		if err := add(agency, unit); err != nil {
			return nil, err
		}
	}
	for _, person := range in.Persons {
		row, err := st.candidate(ctx, person)
		if err == nil && !slices.Contains(mine, row.AgencyID) {
			err = storage.ErrNotFound
		}
		if err != nil {
			return nil, missing(err, "load person", "assessment.no_person")
		}
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b candidateRow) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return slices.CompactFunc(all, func(a, b candidateRow) bool { return a.ID == b.ID }), nil
}

// enrolment copies a person as of now.
func (r candidateRow) enrolment(event, session int64, order int, now time.Time) Enrolment {
	number := value(r.NIP)
	if number == "" {
		number = value(r.ParticipantNo)
	}
	return Enrolment{
		ID: storage.NewID(now), Event: event, Session: session, Person: r.ID, Agency: r.AgencyID, Unit: value(r.UnitID),
		UnitPath: value(r.UnitPath), OPD: value(r.OPDName), NIP: number, Name: titled(r.TitleFront, r.Name, r.TitleBack),
		Kind: r.Kind, Sex: r.Sex, BirthDate: r.BirthDate, Grade: r.Grade, Position: r.Position, PositionKind: r.PositionKind,
		TimeFactorPct: r.TimeFactorPct, DrawOrder: order,
	}
}

// titled writes a name with its academic titles: "Dr. Siti Aminah, S.Kom."
func titled(front, name, back string) string {
	if front != "" {
		name = front + " " + name
	}
	if back != "" {
		name += ", " + back
	}
	return name
}

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

// MoveToSession moves a person to another session of the event.
func (s *Service) MoveToSession(ctx context.Context, actor Actor, enrolment, session int64) error {
	return s.onEnrolment(ctx, actor, enrolment, "enrolment.move", map[string]any{"session": session}, func(st store, en Enrolment) error {
		if _, err := sessionOf(ctx, st, en.Event, session); err != nil {
			return err
		}
		return st.moveEnrolment(ctx, enrolment, session)
	})
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

// onEnrolment runs an audited act on an enrolment of the actor's agencies.
func (s *Service) onEnrolment(ctx context.Context, actor Actor, id int64, action string, detail any, act func(st store, en Enrolment) error) error {
	entry := access.Entry{Action: action, ObjectKind: "enrolment", ObjectID: id, Detail: detail}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		en, err := enrolmentFor(ctx, st, actor, id)
		if err != nil {
			return err
		}
		entry.AgencyID = en.Agency
		return act(st, en)
	})
}

// ShowNotice keeps when the privacy notice was first shown to a taker.
func (s *Service) ShowNotice(ctx context.Context, taker Taker, enrolment int64) error {
	en, err := s.ownEnrolment(ctx, taker, enrolment)
	if err != nil || !en.NoticeAt.IsZero() {
		return err
	}
	if err := s.read.setNotice(ctx, enrolment, s.now()); err != nil {
		return fmt.Errorf("keep notice: %w", err)
	}
	return nil
}
