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
	Session  int64 // 0: the event's first; not looked at where people are spread
	Agencies []int64
	Units    []int64
	Persons  []int64
	Spread   Spread  // "": all into Session
	Sessions []int64 // to spread over; none: every session
}

// Enrolled counts what an enrolment did.
type Enrolled struct {
	Added    int
	Already  int
	Rejoined int // had withdrawn before
	Drawn    int // forms drawn at once, because the event's forms are drawn already
}

func (e *Enrolled) add(o Enrolled) {
	e.Added += o.Added
	e.Already += o.Already
	e.Rejoined += o.Rejoined
	e.Drawn += o.Drawn
}

// enrolChunk is how many people are enrolled in one transaction: few enough
// that an answer of another event never waits long behind it.
const enrolChunk = 500

// enrolment in a session, before it is saved.
type seated struct {
	person  candidateRow
	session int64
}

// Enrol puts people into an event with their data as of now. Officers enrol
// the people of their own agencies, in events that include those. It works in
// chunks, each audited; one that was interrupted goes on where it stopped,
// because who is in already is left alone.
func (s *Service) Enrol(ctx context.Context, actor Actor, in EnrolRequest) (Enrolled, error) {
	plan, already, err := s.seat(ctx, actor, in)
	if err != nil {
		return Enrolled{}, err
	}
	out := Enrolled{Already: already}
	for chunk := range slices.Chunk(plan, enrolChunk) {
		part, err := s.enrolSome(ctx, actor, in.Event, chunk)
		out.add(part)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// seat finds a session for everybody who is not in the event yet.
func (s *Service) seat(ctx context.Context, actor Actor, in EnrolRequest) (plan []seated, already int, err error) {
	e, err := eventFor(ctx, s.read, actor, in.Event)
	if err != nil {
		return nil, 0, err
	}
	if e.State == EventClosed {
		return nil, 0, fault.New(fault.Conflict, "assessment.event_closed")
	}
	people, err := gather(ctx, s.read, actor, e, in)
	if err != nil {
		return nil, 0, err
	}
	if len(people) == 0 {
		return nil, 0, fault.New(fault.Invalid, "assessment.nobody")
	}
	in.Sessions, err = in.rooms(ctx, s.read)
	if err != nil {
		return nil, 0, err
	}
	inside, err := s.read.inside(ctx, e.ID)
	if err != nil {
		return nil, 0, fmt.Errorf("list who is in: %w", err)
	}
	all := len(people)
	people = slices.DeleteFunc(people, func(p candidateRow) bool { return inside[p.ID] })
	who := make([]spreadee, len(people))
	for i, p := range people {
		who[i] = spreadee{p.ID, p.Name, value(p.UnitID)}
	}
	where, err := s.read.deal(ctx, e.ID, in.Sessions, in.Spread, who)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range people {
		plan = append(plan, seated{p, where[p.ID]})
	}
	return plan, all - len(people), nil
}

// rooms is the sessions of the request: the one it names, or those to spread over.
func (in EnrolRequest) rooms(ctx context.Context, st store) ([]int64, error) {
	if in.Spread == "" {
		n, err := sessionOf(ctx, st, in.Event, in.Session)
		return []int64{n.ID}, err
	}
	if !in.Spread.Valid() {
		return nil, fault.New(fault.Invalid, "assessment.spread").On("spread")
	}
	return in.Sessions, nil
}

// deal spreads people over sessions of an event with the places there are now;
// no session named is every one that has not ended.
func (s store) deal(ctx context.Context, event int64, ids []int64, how Spread, who []spreadee) (map[int64]int64, error) {
	sessions, err := s.sessions(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	load, err := s.sessionLoad(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	var rooms []room
	for _, n := range sessions {
		if len(ids) == 0 && !n.ClosedAt.IsZero() || len(ids) > 0 && !slices.Contains(ids, n.ID) {
			continue
		}
		if !n.ClosedAt.IsZero() {
			return nil, fault.New(fault.Conflict, "assessment.session_ended", n.Name).On("session")
		}
		rooms = append(rooms, room{Session: n.ID, Taken: load[n.ID].Enrolled, Places: n.Capacity})
	}
	if len(rooms) == 0 {
		return nil, fault.New(fault.NotFound, "assessment.no_session").On("session")
	}
	where, missing := deal(how, who, rooms)
	if missing > 0 {
		return nil, fault.New(fault.Conflict, "assessment.session_full", missing).On("session")
	}
	return where, nil
}

// enrolSome enrols one chunk and counts the places again, for somebody else may
// have taken them meanwhile.
func (s *Service) enrolSome(ctx context.Context, actor Actor, event int64, chunk []seated) (out Enrolled, err error) {
	entry := access.Entry{Action: "enrolment.add", ObjectKind: "event", ObjectID: event}
	err = s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		out = Enrolled{}
		if err := st.lockEvent(ctx, event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		e, err := eventFor(ctx, st, actor, event)
		if err != nil {
			return err
		}
		if e.State == EventClosed {
			return fault.New(fault.Conflict, "assessment.event_closed")
		}
		if out, err = s.enrolAll(ctx, st, e, chunk); err != nil {
			return err
		}
		if err := st.notOverfull(ctx, e.ID); err != nil {
			return err
		}
		if id, single := actor.Scope.Single(); single {
			entry.AgencyID = id
		}
		entry.Detail = map[string]any{"sessions": sessionsOf(chunk), "added": out.Added, "already": out.Already, "rejoined": out.Rejoined, "drawn": out.Drawn}
		return nil
	})
	if err != nil {
		return Enrolled{}, err
	}
	return out, nil
}

// sessionsOf is the sessions that people of a chunk were put into.
func sessionsOf(chunk []seated) []int64 {
	var ids []int64
	for _, one := range chunk {
		ids = append(ids, one.session)
	}
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// notOverfull refuses what put more people into a session than it has places.
func (s store) notOverfull(ctx context.Context, event int64) error {
	over, err := s.overfull(ctx, event)
	if err != nil {
		return fmt.Errorf("count places: %w", err)
	}
	if len(over) > 0 {
		return fault.New(fault.Conflict, "assessment.session_full", over[0].Enrolled-over[0].Capacity).On("session")
	}
	return nil
}

func (s *Service) enrolAll(ctx context.Context, st store, e Event, chunk []seated) (out Enrolled, err error) {
	now := s.now()
	order, err := st.lastDrawOrder(ctx, e.ID)
	if err != nil {
		return out, err
	}
	for _, one := range chunk {
		en := one.person.enrolment(e.ID, one.session, order+1, now)
		added, err := st.addEnrolment(ctx, en, now)
		if err != nil {
			return out, err
		}
		if added {
			out.Added++
			order++
			continue
		}
		back, err := st.rejoin(ctx, e.ID, one.person.ID, one.session)
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
	out.Drawn, err = s.drawMissing(ctx, st, e, now, len(chunk))
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
