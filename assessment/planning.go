package assessment

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
)

// Seed adds the shipped blueprints under the default level scheme. It may run
// at every start; the question bank's own Seed comes first.
func Seed(ctx context.Context, db *storage.DB, now time.Time) error {
	scheme, err := questionbank.DefaultScheme(ctx, db)
	if err != nil {
		return fmt.Errorf("seed blueprints: %w", err)
	}
	return db.Tx(ctx, func(db storage.Querier) error {
		for _, b := range shippedBlueprints() {
			b.ID, b.CreatedAt = storage.NewID(now), now
			b.SchemeCode, b.SchemeVersion = scheme.Code, scheme.Version
			if _, err := (store{db}).addBlueprint(ctx, b); err != nil {
				return fmt.Errorf("seed blueprint %s: %w", b.Code, err)
			}
		}
		return nil
	})
}

// Blueprints lists every blueprint, by code.
func (s *Service) Blueprints(ctx context.Context) ([]Blueprint, error) {
	all, err := s.read.blueprints(ctx)
	if err != nil {
		return nil, fmt.Errorf("list blueprints: %w", err)
	}
	return all, nil
}

// Blueprint loads one.
func (s *Service) Blueprint(ctx context.Context, id int64) (Blueprint, error) {
	b, err := s.read.blueprint(ctx, id)
	return b, missing(err, "load blueprint", "assessment.no_blueprint")
}

// BlueprintByCode finds one by its code, in any case.
func (s *Service) BlueprintByCode(ctx context.Context, code string) (Blueprint, error) {
	all, err := s.Blueprints(ctx)
	if err != nil {
		return Blueprint{}, err
	}
	if i := slices.IndexFunc(all, func(b Blueprint) bool { return strings.EqualFold(b.Code, strings.TrimSpace(code)) }); i >= 0 {
		return all[i], nil
	}
	return Blueprint{}, fault.New(fault.NotFound, "assessment.no_blueprint")
}

// CreateBlueprint saves a blueprint. One that names no level scheme takes the
// default. Blueprints never change: events copy them, reports name them.
func (s *Service) CreateBlueprint(ctx context.Context, actor Actor, b Blueprint) (Blueprint, error) {
	b.Code, b.Name = strings.ToUpper(strings.TrimSpace(b.Code)), strings.TrimSpace(b.Name)
	if !eventCode.MatchString(b.Code) {
		return Blueprint{}, fault.New(fault.Invalid, "assessment.event_code").On("code")
	}
	if !plainName(b.Name) {
		return Blueprint{}, fault.New(fault.Invalid, "assessment.name_bad").On("name")
	}
	if err := b.Spec.Validate(); err != nil {
		return Blueprint{}, err
	}
	if b.SchemeCode == "" {
		scheme, err := questionbank.DefaultScheme(ctx, s.db)
		if err != nil {
			return Blueprint{}, err
		}
		b.SchemeCode, b.SchemeVersion = scheme.Code, scheme.Version
	} else if _, err := s.bank.scheme(ctx, b.SchemeCode, b.SchemeVersion); err != nil {
		return Blueprint{}, err
	}
	b.ID, b.CreatedAt, b.CreatedBy, b.Shipped = storage.NewID(s.now()), s.now(), actor.Account, false
	entry := access.Entry{Action: "blueprint.create", ObjectKind: "blueprint", ObjectID: b.ID, Detail: map[string]any{"code": b.Code}}
	err := s.audited(ctx, actor, entry, func(st store, _ *access.Entry) error {
		free, err := st.addBlueprint(ctx, b)
		if err == nil && !free {
			return fault.New(fault.Conflict, "assessment.code_taken", b.Code).On("code")
		}
		return err
	})
	return b, err
}

// Covers says which cells of a spec the bank as it is now cannot fill.
func (s *Service) Covers(ctx context.Context, spec Spec) ([]Shortage, error) {
	live, err := questionbank.LiveItems(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return Coverage(spec, poolOf(live)), nil
}

// CreateEvent makes an event in draft with its sessions. Its agencies must all
// be the actor's.
func (s *Service) CreateEvent(ctx context.Context, actor Actor, in NewEvent) (Event, error) {
	in = in.filled()
	if err := in.validate(); err != nil {
		return Event{}, err
	}
	for _, agency := range in.Agencies {
		if !actor.Scope.Covers(agency) {
			return Event{}, fault.New(fault.NotFound, "assessment.no_agency").On("agencies")
		}
	}
	b, err := s.Blueprint(ctx, in.Blueprint)
	if err != nil {
		return Event{}, err
	}
	spec := in.spec(b.Spec)
	if err := s.takes(ctx, spec, in.Extra); err != nil {
		return Event{}, err
	}
	now := s.now()
	e := Event{
		ID: storage.NewID(now), Code: in.Code, Name: in.Name, Owner: in.Owner, Blueprint: b.ID, Spec: spec,
		SchemeCode: b.SchemeCode, SchemeVersion: b.SchemeVersion, State: EventDraft, OpensAt: in.OpensAt.UTC(), ClosesAt: in.ClosesAt.UTC(),
		Grace: in.Grace, Zone: in.Zone, Seed: chance(), Release: in.Release, ReleaseAt: in.ReleaseAt, Agencies: in.Agencies,
		CreatedBy: actor.Account, CreatedAt: now,
	}
	if !actor.manages(e) {
		return Event{}, fault.New(fault.Forbidden, "assessment.not_your_event").On("owner")
	}
	entry := access.Entry{Action: "event.create", ObjectKind: "event", ObjectID: e.ID, AgencyID: e.Owner, Detail: map[string]any{"code": e.Code, "blueprint": b.Code}}
	err = s.audited(ctx, actor, entry, func(st store, _ *access.Entry) error {
		if err := st.addEvent(ctx, e); err != nil {
			return refusedEvent(err, e.Code)
		}
		for _, n := range in.Sessions {
			if err := st.mayProctor(ctx, actor, e, n.Proctors); err != nil {
				return err
			}
			if err := st.addSession(ctx, n.session(e.ID, now)); err != nil {
				return err
			}
		}
		return nil
	})
	return e, err
}

func refusedEvent(err error, code string) error {
	switch {
	case errors.Is(err, storage.ErrConflict):
		return fault.New(fault.Conflict, "assessment.code_taken", code).On("code")
	case errors.Is(err, storage.ErrInvalid): // a foreign key
		return fault.New(fault.NotFound, "assessment.no_agency").On("agencies")
	}
	return err
}

// chance is an event's seed: unpredictable, and kept, so that every form can
// be drawn again.
func chance() int64 {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return int64(binary.BigEndian.Uint64(b[:]) >> 1)
}

// EventChange is what may change after an event is made; nil leaves a field.
type EventChange struct {
	Name      *string
	OpensAt   *time.Time
	ClosesAt  *time.Time
	Grace     *time.Duration
	Zone      *string
	Release   *Release
	ReleaseAt *time.Time
	Agencies  []int64 // joined; agencies are never taken out again
	Policy    *Policy // of attempts; only while no form is drawn
	Unmarked  bool    // the officer knows that results may be seen before every essay is marked
}

// ChangeEvent changes an event that is not closed. The release policy may
// change even then.
func (s *Service) ChangeEvent(ctx context.Context, actor Actor, id int64, in EventChange) (Event, error) {
	var e Event
	entry := access.Entry{Action: "event.change", ObjectKind: "event", ObjectID: id}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) (err error) {
		if e, err = ownEvent(ctx, st, actor, id); err != nil {
			return err
		}
		if e.State == EventClosed && !in.onlyRelease() {
			return fault.New(fault.Conflict, "assessment.event_closed")
		}
		if err := in.redraws(ctx, st, e); err != nil {
			return err
		}
		hidden := !e.ResultsVisible(s.now())
		entry.AgencyID, entry.Detail = e.Owner, in.apply(&e)
		if hidden && e.ResultsVisible(s.now()) {
			if _, err := st.warned(ctx, id, in.Unmarked); err != nil {
				return err
			}
		}
		sessions, err := st.sessions(ctx, id)
		if err != nil {
			return err
		}
		if err := asNew(e, sessions).validate(); err != nil {
			return err
		}
		if err := e.Spec.Validate(); err != nil {
			return err
		}
		for _, agency := range in.Agencies {
			if !actor.Scope.Covers(agency) {
				return fault.New(fault.NotFound, "assessment.no_agency").On("agencies")
			}
			if err := st.addEventAgency(ctx, id, agency); err != nil {
				return refusedEvent(err, e.Code)
			}
		}
		return st.changeEvent(ctx, e)
	})
	return e, err
}

// redraws refuses another policy for attempts once forms are drawn: there is
// one for each attempt.
func (in EventChange) redraws(ctx context.Context, st store, e Event) error {
	if in.Policy == nil {
		return nil
	}
	n, err := st.counts(ctx, e.ID)
	if err == nil && (e.State != EventDraft || n.Undrawn < n.Enrolled) {
		return fault.New(fault.Conflict, "assessment.policy_drawn").On("attempts")
	}
	return err
}

func (in EventChange) onlyRelease() bool {
	return in.Policy == nil && in.Name == nil && in.OpensAt == nil && in.ClosesAt == nil && in.Grace == nil && in.Zone == nil && len(in.Agencies) == 0
}

// apply changes e and returns the names of what changed.
func (in EventChange) apply(e *Event) map[string]any {
	var changed []string
	note := func(name string) { changed = append(changed, name) }
	set(in.Name, &e.Name, "name", note)
	set(in.OpensAt, &e.OpensAt, "opens", note)
	set(in.ClosesAt, &e.ClosesAt, "closes", note)
	set(in.Grace, &e.Grace, "grace", note)
	set(in.Zone, &e.Zone, "zone", note)
	set(in.Release, &e.Release, "release", note)
	set(in.ReleaseAt, &e.ReleaseAt, "release_at", note)
	if len(in.Agencies) > 0 {
		e.Agencies = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(e.Agencies), in.Agencies...))))
		note("agencies")
	}
	if in.Policy != nil {
		in.Policy.apply(&e.Spec)
		note("policy")
	}
	return map[string]any{"changed": changed}
}

func set[T any](from *T, to *T, name string, note func(string)) {
	if from != nil {
		*to = *from
		note(name)
	}
}

// asNew lets a changed event pass the same checks as a new one.
func asNew(e Event, sessions []Session) NewEvent {
	n := NewEvent{
		Code: e.Code, Name: e.Name, Owner: e.Owner, OpensAt: e.OpensAt, ClosesAt: e.ClosesAt, Zone: e.Zone,
		Grace: e.Grace, Release: e.Release, ReleaseAt: e.ReleaseAt,
	}
	for _, s := range sessions {
		n.Sessions = append(n.Sessions, s.asNew())
	}
	return n
}

// Close ends an event: nobody starts any more; attempts under way keep their
// time.
func (s *Service) Close(ctx context.Context, actor Actor, id int64) error {
	return s.move(ctx, actor, id, EventOpen, EventClosed, "event.close")
}

func (s *Service) move(ctx context.Context, actor Actor, id int64, from, to EventState, action string) error {
	return s.audited(ctx, actor, access.Entry{Action: action, ObjectKind: "event", ObjectID: id}, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, id)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		moved, err := st.moveEvent(ctx, id, from, to)
		if err == nil && !moved {
			return fault.New(fault.Conflict, "assessment.event_state")
		}
		return err
	})
}

// ReleaseResults lets participants see the results of an event from now on.
// While essays wait for their markers it is refused unless the officer says
// that this is known: those results are shown as incomplete.
func (s *Service) ReleaseResults(ctx context.Context, actor Actor, id int64, unmarked bool) error {
	now := s.now()
	return s.audited(ctx, actor, access.Entry{Action: "event.release", ObjectKind: "event", ObjectID: id}, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, id)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		if e.State != EventOpen && e.State != EventClosed {
			return fault.New(fault.Conflict, "assessment.event_state")
		}
		n, err := st.warned(ctx, id, unmarked)
		if err != nil {
			return err
		}
		entry.Detail = map[string]any{"unmarked": n}
		first, err := st.release(ctx, id, now)
		if err == nil && !first {
			return fault.New(fault.Conflict, "assessment.already_released")
		}
		return err
	})
}
