package assessment

import (
	"context"
	"slices"
	"time"

	"cakap/internal/fault"
)

type sessionRow struct {
	ID       int64  `db:"id"`
	EventID  int64  `db:"event_id"`
	Name     string `db:"name"`
	OpensMS  int64  `db:"opens_ms"`
	ClosesMS int64  `db:"closes_ms"`
	Place    string `db:"place"`
	Token    string `db:"token"`
	Capacity int    `db:"capacity"`
	JitterS  int    `db:"jitter_s"`
	Admit    bool   `db:"admit"`
	ClosedMS *int64 `db:"closed_ms"`
}

func (r sessionRow) session() Session {
	return Session{
		ID: r.ID, Event: r.EventID, Name: r.Name, OpensAt: instant(r.OpensMS), ClosesAt: instant(r.ClosesMS), Place: r.Place, Token: r.Token,
		Capacity: r.Capacity, Jitter: time.Duration(r.JitterS) * time.Second, Admit: r.Admit, ClosedAt: instant(value(r.ClosedMS)),
	}
}

// sessions is every session of an event in the order of their beginning, with
// their proctors.
func (s store) sessions(ctx context.Context, event int64) ([]Session, error) {
	var rows []sessionRow
	err := s.db.Select(ctx, &rows, `
		SELECT id, event_id, name, opens_ms, closes_ms, place, token, capacity, jitter_s, admit, closed_ms FROM session
		WHERE event_id = ? ORDER BY opens_ms, id`, event)
	if err != nil {
		return nil, err
	}
	var proctors []struct {
		SessionID int64 `db:"session_id"`
		AccountID int64 `db:"account_id"`
	}
	err = s.db.Select(ctx, &proctors, `
		SELECT p.session_id, p.account_id FROM session_proctor p JOIN session n ON n.id = p.session_id
		WHERE n.event_id = ? ORDER BY p.account_id`, event)
	all := make([]Session, len(rows))
	for i, r := range rows {
		all[i] = r.session()
		for _, p := range proctors {
			if p.SessionID == r.ID {
				all[i].Proctors = append(all[i].Proctors, p.AccountID)
			}
		}
	}
	return all, err
}

// session is one session, without its proctors: starts read it.
func (s store) session(ctx context.Context, id int64) (Session, error) {
	var row sessionRow
	err := s.db.Get(ctx, &row, `
		SELECT id, event_id, name, opens_ms, closes_ms, place, token, capacity, jitter_s, admit, closed_ms FROM session WHERE id = ?`, id)
	return row.session(), err
}

func (s store) addSession(ctx context.Context, n Session) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO session (id, event_id, name, opens_ms, closes_ms, place, token, capacity, jitter_s, admit)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.Event, n.Name, n.OpensAt.UnixMilli(), n.ClosesAt.UnixMilli(), n.Place, n.Token, n.Capacity, int(n.Jitter.Seconds()), n.Admit)
	if err != nil {
		return err
	}
	return s.setProctors(ctx, n.ID, n.Proctors)
}

func (s store) changeSession(ctx context.Context, n Session) error {
	_, err := s.db.Exec(ctx, `
		UPDATE session SET name = ?, opens_ms = ?, closes_ms = ?, place = ?, token = ?, capacity = ?, jitter_s = ?, admit = ? WHERE id = ?`,
		n.Name, n.OpensAt.UnixMilli(), n.ClosesAt.UnixMilli(), n.Place, n.Token, n.Capacity, int(n.Jitter.Seconds()), n.Admit, n.ID)
	if err != nil {
		return err
	}
	return s.setProctors(ctx, n.ID, n.Proctors)
}

func (s store) setProctors(ctx context.Context, session int64, accounts []int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM session_proctor WHERE session_id = ?`, session); err != nil {
		return err
	}
	for _, id := range accounts {
		if _, err := s.db.Exec(ctx, `INSERT INTO session_proctor (session_id, account_id) VALUES (?, ?)`, session, id); err != nil {
			return err
		}
	}
	return nil
}

// removeSession deletes a session; those who withdrew from it go to another.
func (s store) removeSession(ctx context.Context, id, other int64) error {
	if _, err := s.db.Exec(ctx, `UPDATE enrolment SET session_id = ? WHERE session_id = ? AND withdrawn`, other, id); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `DELETE FROM session_proctor WHERE session_id = ?`, id); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `DELETE FROM session WHERE id = ?`, id)
	return err
}

// sessionLoad is what a session holds.
type sessionLoad struct {
	SessionID int64 `db:"session_id"`
	Enrolled  int   `db:"enrolled"`
	Attempts  int   `db:"attempts"`
}

// sessionLoad counts the people and attempts of each session of an event. Who
// withdrew counts only with an attempt.
func (s store) sessionLoad(ctx context.Context, event int64) (map[int64]sessionLoad, error) {
	var rows []sessionLoad
	err := s.db.Select(ctx, &rows, `
		SELECT e.session_id, sum(CASE WHEN e.withdrawn THEN 0 ELSE 1 END) AS enrolled,
			CAST(sum((SELECT count(*) FROM attempt a WHERE a.enrolment_id = e.id)) AS BIGINT) AS attempts
		FROM enrolment e WHERE e.event_id = ? GROUP BY e.session_id`, event)
	load := make(map[int64]sessionLoad, len(rows))
	for _, r := range rows {
		load[r.SessionID] = r
	}
	return load, err
}

type proctorRow struct {
	ID       int64  `db:"id"`
	Name     string `db:"name"`
	AgencyID int64  `db:"agency_id"` // 0: every one
}

// proctors is every active account with a role that runs sessions, once per grant.
func (s store) proctors(ctx context.Context) ([]proctorRow, error) {
	var rows []proctorRow
	err := s.db.Select(ctx, &rows, `
		SELECT a.id, a.name, r.agency_id FROM account a JOIN account_role r ON r.account_id = a.id
		WHERE a.active AND r.role IN ('proctor', 'officer') ORDER BY a.id, r.agency_id`)
	return rows, err
}

// mayProctor refuses accounts that run no sessions of the event's agencies.
func (s store) mayProctor(ctx context.Context, actor Actor, e Event, accounts []int64) error {
	if len(accounts) == 0 {
		return nil
	}
	rows, err := s.proctors(ctx)
	if err != nil {
		return err
	}
	for _, id := range accounts {
		if !slices.ContainsFunc(rows, func(r proctorRow) bool { return r.ID == id && r.serves(actor, e) }) {
			return fault.New(fault.Invalid, "assessment.no_proctor").On("proctors")
		}
	}
	return nil
}

// serves reports whether the grant is one of the event's agencies, and one the
// actor may know of.
func (r proctorRow) serves(actor Actor, e Event) bool {
	if r.AgencyID == 0 {
		return true
	}
	return actor.Scope.Covers(r.AgencyID) && (r.AgencyID == e.Owner || slices.Contains(e.Agencies, r.AgencyID))
}

// overfullRow is a session with more people than places.
type overfullRow struct {
	ID       int64  `db:"id"`
	Name     string `db:"name"`
	Capacity int    `db:"capacity"`
	Enrolled int    `db:"enrolled"`
}

func (s store) overfull(ctx context.Context, event int64) ([]overfullRow, error) {
	var rows []overfullRow
	err := s.db.Select(ctx, &rows, `
		SELECT n.id, n.name, n.capacity, count(*) AS enrolled
		FROM session n JOIN enrolment e ON e.session_id = n.id AND NOT e.withdrawn
		WHERE n.event_id = ? AND n.capacity > 0
		GROUP BY n.id, n.name, n.capacity HAVING count(*) > n.capacity ORDER BY n.id`, event)
	return rows, err
}

// inside is the people who are in an event now.
func (s store) inside(ctx context.Context, event int64) (map[int64]bool, error) {
	var ids []int64
	err := s.db.Select(ctx, &ids, `SELECT person_id FROM enrolment WHERE event_id = ? AND NOT withdrawn`, event)
	in := make(map[int64]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	return in, err
}

// working is the enrolments of an event with an attempt under way.
func (s store) working(ctx context.Context, event int64) (map[int64]bool, error) {
	var ids []int64
	err := s.db.Select(ctx, &ids, `SELECT enrolment_id FROM attempt WHERE event_id = ? AND state IN ('open', 'closing')`, event)
	at := make(map[int64]bool, len(ids))
	for _, id := range ids {
		at[id] = true
	}
	return at, err
}

type idleRow struct {
	ID        int64  `db:"id"`
	SessionID int64  `db:"session_id"`
	Name      string `db:"name"`
	UnitID    *int64 `db:"unit_id"`
}

// idle is everybody of an event who has not begun.
func (s store) idle(ctx context.Context, event int64) ([]idleRow, error) {
	var rows []idleRow
	err := s.db.Select(ctx, &rows, `
		SELECT e.id, e.session_id, e.name, e.unit_id FROM enrolment e
		WHERE e.event_id = ? AND NOT e.withdrawn AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.enrolment_id = e.id)
		ORDER BY e.id`, event)
	return rows, err
}

// proctorNames is the names of the proctors of an event's sessions.
func (s store) proctorNames(ctx context.Context, event int64) (map[int64]string, error) {
	var rows []struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT DISTINCT a.id, a.name FROM session_proctor p
		JOIN session n ON n.id = p.session_id
		JOIN account a ON a.id = p.account_id
		WHERE n.event_id = ?`, event)
	names := make(map[int64]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, err
}
