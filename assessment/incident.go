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

// IncidentKind is what an incident is about, in the words of the minutes.
type IncidentKind string

// The kinds of incidents.
const (
	PowerCut    IncidentKind = "power"
	NetworkDown IncidentKind = "network"
	BadDevice   IncidentKind = "device"
	BadIdentity IncidentKind = "identity"
	Violation   IncidentKind = "violation"
	Health      IncidentKind = "health"
	BadItem     IncidentKind = "item"
	OtherKind   IncidentKind = "other"
)

// IncidentKinds is every kind, in the order forms list them.
var IncidentKinds = [...]IncidentKind{PowerCut, NetworkDown, BadDevice, BadIdentity, Violation, Health, BadItem, OtherKind}

// maxIncident is the longest note of an incident, in bytes.
const maxIncident = 1000

// NewIncident is what a proctor writes down.
type NewIncident struct {
	Event     int64
	Session   int64
	Enrolment int64 // 0: about the session
	Kind      IncidentKind
	Note      string
}

// Incident is something that happened in a session and that the minutes
// (berita acara) tell.
type Incident struct {
	ID        int64
	Event     int64
	Session   int64
	Enrolment int64 // 0: about the session
	Kind      IncidentKind
	Note      string
	Actor     int64
	ActorName string
	Who       string // name of the person, "" where it is about the session
	NIP       string
	At        time.Time
}

// AddIncident writes an incident down. The note stands in the incident alone:
// the audit trail holds no sentence that could name somebody.
func (s *Service) AddIncident(ctx context.Context, actor Actor, in NewIncident) (int64, error) {
	in.Note = strings.TrimSpace(in.Note)
	if !slices.Contains(IncidentKinds[:], in.Kind) {
		return 0, fault.New(fault.Invalid, "assessment.incident_kind").On("kind")
	}
	if in.Note == "" || !written(in.Note, maxIncident, "\n\t") {
		return 0, fault.New(fault.Invalid, "assessment.incident_note", maxIncident).On("note")
	}
	now := s.now()
	id := storage.NewID(now)
	entry := access.Entry{Action: "incident.add", ObjectKind: "event", ObjectID: in.Event, Detail: map[string]any{"session": in.Session, "kind": in.Kind, "incident": id}}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := eventFor(ctx, st, actor, in.Event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		session, err := sessionOf(ctx, st, e.ID, in.Session)
		if err != nil {
			return err
		}
		if in.Enrolment != 0 {
			en, err := enrolmentFor(ctx, st, actor, in.Enrolment)
			if err != nil {
				return err
			}
			if en.Event != e.ID {
				return fault.New(fault.NotFound, "assessment.no_enrolment")
			}
			entry.AgencyID, session.ID = en.Agency, en.Session
		}
		return st.addIncident(ctx, Incident{
			ID: id, Event: e.ID, Session: session.ID, Enrolment: in.Enrolment, Kind: in.Kind, Note: in.Note, Actor: actor.Account, At: now,
		})
	})
	return id, err
}

// Incidents lists what was written down in a session (0: in all of the event),
// oldest first: what is about the session, and about people of the actor's
// agencies.
func (s *Service) Incidents(ctx context.Context, actor Actor, event, session int64) ([]Incident, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	rows, err := s.read.incidents(ctx, event, session)
	if err != nil {
		return nil, fmt.Errorf("list incidents: %w", err)
	}
	var all []Incident
	for _, r := range rows {
		if r.EnrolmentID == 0 || actor.Scope.Covers(r.AgencyID) {
			all = append(all, r.incident())
		}
	}
	return all, nil
}

type incidentRow struct {
	ID          int64        `db:"id"`
	EventID     int64        `db:"event_id"`
	SessionID   int64        `db:"session_id"`
	EnrolmentID int64        `db:"enrolment_id"`
	Kind        IncidentKind `db:"kind"`
	Note        string       `db:"note"`
	ActorID     int64        `db:"actor_id"`
	AtMS        int64        `db:"at_ms"`
	ActorName   string       `db:"actor_name"`
	AgencyID    int64        `db:"agency_id"`
	Name        string       `db:"name"`
	NIP         string       `db:"nip"`
}

func (r incidentRow) incident() Incident {
	return Incident{
		ID: r.ID, Event: r.EventID, Session: r.SessionID, Enrolment: r.EnrolmentID, Kind: r.Kind, Note: r.Note, Actor: r.ActorID,
		ActorName: r.ActorName, Who: r.Name, NIP: r.NIP, At: instant(r.AtMS),
	}
}

func (s store) incidents(ctx context.Context, event, session int64) ([]incidentRow, error) {
	var rows []incidentRow
	err := s.db.Select(ctx, &rows, `
		SELECT i.id, i.event_id, i.session_id, i.enrolment_id, i.kind, i.note, i.actor_id, i.at_ms, COALESCE(a.name, '') AS actor_name,
			COALESCE(e.agency_id, 0) AS agency_id, COALESCE(e.name, '') AS name, COALESCE(e.nip, '') AS nip
		FROM incident i LEFT JOIN account a ON a.id = i.actor_id LEFT JOIN enrolment e ON e.id = i.enrolment_id
		WHERE i.event_id = ? AND (CAST(? AS BIGINT) = 0 OR i.session_id = ?)
		ORDER BY i.at_ms, i.id`, event, session, session)
	return rows, err
}

func (s store) addIncident(ctx context.Context, i Incident) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO incident (id, event_id, session_id, enrolment_id, kind, note, actor_id, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		i.ID, i.Event, i.Session, i.Enrolment, i.Kind, i.Note, i.Actor, i.At.UnixMilli())
	return err
}
