package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/scoring"
)

// store reads; this package writes nothing.
type store struct{ db storage.Querier }

type eventRow struct {
	ID            int64  `db:"id"`
	Code          string `db:"code"`
	Name          string `db:"name"`
	Spec          string `db:"spec"`
	State         string `db:"state"`
	OpensMS       int64  `db:"opens_ms"`
	ClosesMS      int64  `db:"closes_ms"`
	Zone          string `db:"zone"`
	ReleasedMS    int64  `db:"released_ms"`
	CreatedMS     int64  `db:"created_ms"`
	ClosedMS      int64  `db:"closed_ms"`
	SchemeCode    string `db:"scheme_code"`
	SchemeVersion int    `db:"scheme_version"`
	SchemeName    string `db:"scheme_name"`
	Bands         string `db:"bands"`
}

// event reads an event with its level scheme. When it was closed stands in the
// audit trail alone; closes_ms is only a plan.
func (s store) event(ctx context.Context, id int64) (Event, scoring.Scheme, error) {
	var row eventRow
	err := s.db.Get(ctx, &row, `
		SELECT e.id, e.code, e.name, e.spec, e.state, e.opens_ms, e.closes_ms, e.zone,
			COALESCE(e.released_ms, 0) AS released_ms, e.created_ms,
			COALESCE((SELECT MAX(a.at_ms) FROM audit a
				WHERE a.object_kind = 'event' AND a.object_id = e.id AND a.action = 'event.close'), 0) AS closed_ms,
			l.code AS scheme_code, l.version AS scheme_version, l.name AS scheme_name, l.bands
		FROM event e
		JOIN level_scheme l ON l.code = e.scheme_code AND l.version = e.scheme_version
		WHERE e.id = ?`, id)
	if errors.Is(err, storage.ErrNotFound) {
		return Event{}, scoring.Scheme{}, fault.New(fault.NotFound, "reports.event_not_found")
	}
	if err != nil {
		return Event{}, scoring.Scheme{}, err
	}
	scheme := scoring.Scheme{Code: row.SchemeCode, Version: row.SchemeVersion, Name: row.SchemeName}
	if err := json.Unmarshal([]byte(row.Bands), &scheme.Bands); err != nil {
		return Event{}, scheme, fmt.Errorf("bands of scheme %s %d: %w", scheme.Code, scheme.Version, err)
	}
	if err := scheme.Validate(); err != nil {
		return Event{}, scheme, err
	}
	var spec struct {
		Attempts    int    `json:"attempts"`
		AttemptRule string `json:"attempt_rule"`
	}
	if err := json.Unmarshal([]byte(row.Spec), &spec); err != nil {
		return Event{}, scheme, fmt.Errorf("spec of event %d: %w", id, err)
	}
	return Event{
		ID: row.ID, Code: row.Code, Name: row.Name, Closed: row.State == "closed", Zone: locale.Zone(row.Zone),
		OpensAt: time.UnixMilli(row.OpensMS), ClosesAt: time.UnixMilli(row.ClosesMS),
		Attempts: spec.Attempts, AttemptRule: spec.AttemptRule,
		ChangedAt: time.UnixMilli(max(row.CreatedMS, row.ReleasedMS, row.ClosedMS)),
	}, scheme, nil
}

type agencyRow struct {
	ID        int64  `db:"id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	ShortName string `db:"short_name"`
}

// agencies lists the agencies that take part in an event, by code.
func (s store) agencies(ctx context.Context, event int64) ([]Agency, error) {
	var rows []agencyRow
	err := s.db.Select(ctx, &rows, `
		SELECT a.id, a.code, a.name, a.short_name
		FROM event_agency ea
		JOIN agency a ON a.id = ea.agency_id
		WHERE ea.event_id = ?
		ORDER BY a.code`, event)
	all := make([]Agency, len(rows))
	for i, r := range rows {
		all[i] = Agency(r)
	}
	return all, err
}

type personRow struct {
	Enrolment    int64  `db:"id"`
	NIP          string `db:"nip"`
	Name         string `db:"name"`
	Kind         string `db:"kind"`
	Sex          string `db:"sex"`
	BirthDate    string `db:"birth_date"`
	Grade        string `db:"grade"`
	Position     string `db:"position"`
	PositionKind string `db:"position_kind"`
	OPD          string `db:"opd_name"`
	UnitPath     string `db:"unit_path"`
	CreatedMS    int64  `db:"created_ms"`
	Session      string `db:"session_name"`
	SessionMS    int64  `db:"session_ms"`
	Place        string `db:"place"`
	attemptRow
}

// attemptRow is all zero for a person without an attempt.
type attemptRow struct {
	No          int    `db:"attempt_no"`
	State       string `db:"state"`
	StartedMS   int64  `db:"started_ms"`
	SubmittedMS int64  `db:"submitted_ms"`
	EndedBy     string `db:"ended_by"`
	VoidReason  string `db:"void_reason"`
	Version     int    `db:"version"`
	Reason      string `db:"reason"`
	Payload     string `db:"payload"`
	ComputedMS  int64  `db:"computed_ms"`
}

// rows reads the people of an agency with all their attempts, one person after
// another, and keeps of each the attempt that counts.
func (s store) rows(ctx context.Context, e Event, agency int64) ([]*Row, error) {
	var all []*Row
	var person personRow
	var attempts []attemptRow
	flush := func() error {
		if person.Enrolment == 0 {
			return nil
		}
		row, err := rowOf(person, attempts, e.AttemptRule)
		all = append(all, row)
		return err
	}
	err := s.db.Stream(ctx, `
		SELECT e.id, e.nip, e.name, e.kind, e.sex, e.birth_date, e.grade, e.position, e.position_kind,
			e.opd_name, e.unit_path, e.created_ms, s.name AS session_name, s.opens_ms AS session_ms, s.place,
			COALESCE(a.attempt_no, 0) AS attempt_no, COALESCE(a.state, '') AS state,
			COALESCE(a.started_ms, 0) AS started_ms, COALESCE(a.submitted_ms, 0) AS submitted_ms,
			COALESCE(a.ended_by, '') AS ended_by, COALESCE(a.void_reason, '') AS void_reason,
			COALESCE(r.version, 0) AS version, COALESCE(r.reason, '') AS reason,
			COALESCE(r.payload, '') AS payload, COALESCE(r.computed_ms, 0) AS computed_ms
		FROM enrolment e
		JOIN session s ON s.id = e.session_id
		LEFT JOIN attempt a ON a.enrolment_id = e.id
		LEFT JOIN result r ON r.enrolment_id = a.enrolment_id AND r.attempt_no = a.attempt_no AND r.current
		WHERE e.event_id = ? AND e.agency_id = ? AND NOT e.withdrawn
		ORDER BY e.id, a.attempt_no`, []any{e.ID, agency}, func(scan func(dest any) error) error {
		var next personRow
		if err := scan(&next); err != nil {
			return err
		}
		if next.Enrolment != person.Enrolment {
			if err := flush(); err != nil {
				return err
			}
			person, attempts = next, attempts[:0]
		}
		if next.No > 0 {
			attempts = append(attempts, next.attemptRow)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return all, nil
}
