package assessment

import (
	"context"
	"time"

	"cakap/internal/storage"
)

// store is the SQL of this package, on a database or inside a transaction.
// Plans are here, people in store_enrolment.go, attempts in store_attempt.go.
type store struct{ db storage.Querier }

// instant reads a column of Unix milliseconds; NULL and 0 are the zero time.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// stamp writes an instant, NULL for the zero time.
func stamp(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

type blueprintRow struct {
	ID            int64  `db:"id"`
	Code          string `db:"code"`
	Name          string `db:"name"`
	Spec          string `db:"spec"`
	SchemeCode    string `db:"scheme_code"`
	SchemeVersion int    `db:"scheme_version"`
	Provenance    string `db:"provenance"`
	CreatedBy     int64  `db:"created_by"`
	CreatedMS     int64  `db:"created_ms"`
}

func (r blueprintRow) blueprint() (Blueprint, error) {
	spec, err := parseSpec(r.Spec)
	return Blueprint{
		ID: r.ID, Code: r.Code, Name: r.Name, Spec: spec, SchemeCode: r.SchemeCode, SchemeVersion: r.SchemeVersion,
		Shipped: r.Provenance == "shipped", CreatedBy: r.CreatedBy, CreatedAt: instant(r.CreatedMS),
	}, err
}

func (s store) blueprints(ctx context.Context) ([]Blueprint, error) {
	var rows []blueprintRow
	err := s.db.Select(ctx, &rows, `
		SELECT id, code, name, spec, scheme_code, scheme_version, provenance, created_by, created_ms
		FROM blueprint ORDER BY code`)
	if err != nil {
		return nil, err
	}
	all := make([]Blueprint, len(rows))
	for i, r := range rows {
		if all[i], err = r.blueprint(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s store) blueprint(ctx context.Context, id int64) (Blueprint, error) {
	var row blueprintRow
	err := s.db.Get(ctx, &row, `
		SELECT id, code, name, spec, scheme_code, scheme_version, provenance, created_by, created_ms
		FROM blueprint WHERE id = ?`, id)
	if err != nil {
		return Blueprint{}, err
	}
	return row.blueprint()
}

// addBlueprint reports whether the code was free.
func (s store) addBlueprint(ctx context.Context, b Blueprint) (bool, error) {
	provenance := "authored"
	if b.Shipped {
		provenance = "shipped"
	}
	n, err := s.db.Exec(ctx, `
		INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, provenance, created_by, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (code) DO NOTHING`,
		b.ID, b.Code, b.Name, b.Spec.json(), b.SchemeCode, b.SchemeVersion, provenance, b.CreatedBy, b.CreatedAt.UnixMilli())
	return n == 1, err
}

type eventRow struct {
	ID            int64      `db:"id"`
	Code          string     `db:"code"`
	Name          string     `db:"name"`
	OwnerID       int64      `db:"owner_id"`
	BlueprintID   int64      `db:"blueprint_id"`
	Spec          string     `db:"spec"`
	SchemeCode    string     `db:"scheme_code"`
	SchemeVersion int        `db:"scheme_version"`
	State         EventState `db:"state"`
	OpensMS       int64      `db:"opens_ms"`
	ClosesMS      int64      `db:"closes_ms"`
	GraceMS       int64      `db:"grace_ms"`
	Zone          string     `db:"zone"`
	Seed          int64      `db:"seed"`
	ReleasePolicy Release    `db:"release_policy"`
	ReleaseMS     *int64     `db:"release_ms"`
	ReleasedMS    *int64     `db:"released_ms"`
	CreatedBy     int64      `db:"created_by"`
	CreatedMS     int64      `db:"created_ms"`
}

func (r eventRow) event() (Event, error) {
	spec, err := parseSpec(r.Spec)
	return Event{
		ID: r.ID, Code: r.Code, Name: r.Name, Owner: r.OwnerID, Blueprint: r.BlueprintID, Spec: spec,
		SchemeCode: r.SchemeCode, SchemeVersion: r.SchemeVersion, State: r.State,
		OpensAt: instant(r.OpensMS), ClosesAt: instant(r.ClosesMS), Grace: time.Duration(r.GraceMS) * time.Millisecond,
		Zone: r.Zone, Seed: r.Seed, Release: r.ReleasePolicy, ReleaseAt: instant(value(r.ReleaseMS)),
		ReleasedAt: instant(value(r.ReleasedMS)), CreatedBy: r.CreatedBy, CreatedAt: instant(r.CreatedMS),
	}, err
}

func (s store) event(ctx context.Context, id int64) (Event, error) {
	var row eventRow
	err := s.db.Get(ctx, &row, `
		SELECT id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms,
			grace_ms, zone, seed, release_policy, release_ms, released_ms, created_by, created_ms
		FROM event WHERE id = ?`, id)
	if err != nil {
		return Event{}, err
	}
	e, err := row.event()
	if err != nil {
		return Event{}, err
	}
	err = s.db.Select(ctx, &e.Agencies, `SELECT agency_id FROM event_agency WHERE event_id = ? ORDER BY agency_id`, id)
	return e, err
}

func (s store) eventByCode(ctx context.Context, code string) (int64, error) {
	var id int64
	err := s.db.Get(ctx, &id, `SELECT id FROM event WHERE code = ?`, code)
	return id, err
}

// events is every event, newest first.
func (s store) events(ctx context.Context) ([]Event, error) {
	var rows []eventRow
	err := s.db.Select(ctx, &rows, `
		SELECT id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms,
			grace_ms, zone, seed, release_policy, release_ms, released_ms, created_by, created_ms
		FROM event ORDER BY opens_ms DESC, id DESC`)
	if err != nil {
		return nil, err
	}
	var links []struct {
		EventID  int64 `db:"event_id"`
		AgencyID int64 `db:"agency_id"`
	}
	if err := s.db.Select(ctx, &links, `SELECT event_id, agency_id FROM event_agency ORDER BY event_id, agency_id`); err != nil {
		return nil, err
	}
	agencies := map[int64][]int64{}
	for _, l := range links {
		agencies[l.EventID] = append(agencies[l.EventID], l.AgencyID)
	}
	all := make([]Event, len(rows))
	for i, r := range rows {
		if all[i], err = r.event(); err != nil {
			return nil, err
		}
		all[i].Agencies = agencies[r.ID]
	}
	return all, nil
}

func (s store) addEvent(ctx context.Context, e Event) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms,
			grace_ms, zone, seed, release_policy, release_ms, created_by, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Code, e.Name, e.Owner, e.Blueprint, e.Spec.json(), e.SchemeCode, e.SchemeVersion, e.State,
		e.OpensAt.UnixMilli(), e.ClosesAt.UnixMilli(), e.Grace.Milliseconds(), e.Zone, e.Seed, e.Release, stamp(e.ReleaseAt),
		e.CreatedBy, e.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	for _, agency := range e.Agencies {
		if err := s.addEventAgency(ctx, e.ID, agency); err != nil {
			return err
		}
	}
	return nil
}

func (s store) addEventAgency(ctx context.Context, event, agency int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO event_agency (event_id, agency_id) VALUES (?, ?)
		ON CONFLICT (event_id, agency_id) DO NOTHING`, event, agency)
	return err
}

// changeEvent saves what may change after an event is made.
func (s store) changeEvent(ctx context.Context, e Event) error {
	_, err := s.db.Exec(ctx, `
		UPDATE event SET name = ?, spec = ?, opens_ms = ?, closes_ms = ?, grace_ms = ?, zone = ?, release_policy = ?, release_ms = ?
		WHERE id = ?`,
		e.Name, e.Spec.json(), e.OpensAt.UnixMilli(), e.ClosesAt.UnixMilli(), e.Grace.Milliseconds(), e.Zone, e.Release, stamp(e.ReleaseAt), e.ID)
	return err
}

// moveEvent changes the state if it is still from, and reports whether it was.
func (s store) moveEvent(ctx context.Context, id int64, from, to EventState) (bool, error) {
	n, err := s.db.Exec(ctx, `UPDATE event SET state = ? WHERE id = ? AND state = ?`, to, id, from)
	return n == 1, err
}

// lockEvent makes other transactions that draw or enrol wait for this one.
func (s store) lockEvent(ctx context.Context, id int64) error {
	n, err := s.db.Exec(ctx, `UPDATE event SET seed = seed WHERE id = ?`, id)
	if err == nil && n == 0 {
		return storage.ErrNotFound
	}
	return err
}

func (s store) release(ctx context.Context, id int64, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `UPDATE event SET released_ms = ? WHERE id = ? AND released_ms IS NULL`, at.UnixMilli(), id)
	return n == 1, err
}
