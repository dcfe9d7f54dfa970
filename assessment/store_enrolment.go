package assessment

import (
	"context"
	"time"

	"cakap/questionbank"
)

type enrolmentRow struct {
	ID            int64   `db:"id"`
	EventID       int64   `db:"event_id"`
	SessionID     int64   `db:"session_id"`
	PersonID      int64   `db:"person_id"`
	AgencyID      int64   `db:"agency_id"`
	UnitID        *int64  `db:"unit_id"`
	UnitPath      string  `db:"unit_path"`
	OPDName       string  `db:"opd_name"`
	NIP           string  `db:"nip"`
	Name          string  `db:"name"`
	Kind          string  `db:"kind"`
	Sex           string  `db:"sex"`
	BirthDate     string  `db:"birth_date"`
	Grade         string  `db:"grade"`
	Position      string  `db:"position"`
	PositionKind  string  `db:"position_kind"`
	TimeFactorPct int     `db:"time_factor_pct"`
	StartCodeHash *string `db:"start_code_hash"`
	DrawOrder     int     `db:"draw_order"`
	NoticeMS      *int64  `db:"notice_ms"`
	Withdrawn     bool    `db:"withdrawn"`
}

func (r enrolmentRow) enrolment() Enrolment {
	return Enrolment{
		ID: r.ID, Event: r.EventID, Session: r.SessionID, Person: r.PersonID, Agency: r.AgencyID, Unit: value(r.UnitID),
		UnitPath: r.UnitPath, OPD: r.OPDName, NIP: r.NIP, Name: r.Name, Kind: r.Kind, Sex: r.Sex, BirthDate: r.BirthDate,
		Grade: r.Grade, Position: r.Position, PositionKind: r.PositionKind, TimeFactorPct: r.TimeFactorPct,
		HasStartCode: r.StartCodeHash != nil, DrawOrder: r.DrawOrder, NoticeAt: instant(value(r.NoticeMS)), Withdrawn: r.Withdrawn,
	}
}

func (s store) enrolment(ctx context.Context, id int64) (Enrolment, error) {
	var row enrolmentRow
	err := s.db.Get(ctx, &row, `
		SELECT id, event_id, session_id, person_id, agency_id, unit_id, unit_path, opd_name, nip, name, kind, sex, birth_date,
			grade, position, position_kind, time_factor_pct, start_code_hash, draw_order, notice_ms, withdrawn
		FROM enrolment WHERE id = ?`, id)
	return row.enrolment(), err
}

func (s store) enrolmentsOf(ctx context.Context, person int64) ([]Enrolment, error) {
	var rows []enrolmentRow
	err := s.db.Select(ctx, &rows, `
		SELECT id, event_id, session_id, person_id, agency_id, unit_id, unit_path, opd_name, nip, name, kind, sex, birth_date,
			grade, position, position_kind, time_factor_pct, start_code_hash, draw_order, notice_ms, withdrawn
		FROM enrolment WHERE person_id = ? AND NOT withdrawn ORDER BY id`, person)
	all := make([]Enrolment, len(rows))
	for i, r := range rows {
		all[i] = r.enrolment()
	}
	return all, err
}

// addEnrolment reports whether the person was not in the event before.
func (s store) addEnrolment(ctx context.Context, e Enrolment, at time.Time) (bool, error) {
	var unit *int64
	if e.Unit != 0 {
		unit = &e.Unit
	}
	n, err := s.db.Exec(ctx, `
		INSERT INTO enrolment (id, event_id, session_id, person_id, agency_id, unit_id, unit_path, opd_name, nip, name, kind, sex,
			birth_date, grade, position, position_kind, time_factor_pct, draw_order, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (event_id, person_id) DO NOTHING`,
		e.ID, e.Event, e.Session, e.Person, e.Agency, unit, e.UnitPath, e.OPD, e.NIP, e.Name, e.Kind, e.Sex,
		e.BirthDate, e.Grade, e.Position, e.PositionKind, e.TimeFactorPct, e.DrawOrder, at.UnixMilli())
	return n == 1, err
}

// rejoin brings a withdrawn person back and reports whether there was one.
func (s store) rejoin(ctx context.Context, event, person, session int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE enrolment SET withdrawn = FALSE, session_id = ? WHERE event_id = ? AND person_id = ? AND withdrawn`,
		session, event, person)
	return n == 1, err
}

func (s store) withdraw(ctx context.Context, id int64) (bool, error) {
	n, err := s.db.Exec(ctx, `UPDATE enrolment SET withdrawn = TRUE, start_code_hash = NULL WHERE id = ? AND NOT withdrawn`, id)
	return n == 1, err
}

func (s store) moveEnrolment(ctx context.Context, id, session int64) error {
	_, err := s.db.Exec(ctx, `UPDATE enrolment SET session_id = ? WHERE id = ?`, session, id)
	return err
}

func (s store) setTimeFactor(ctx context.Context, id int64, percent int) error {
	_, err := s.db.Exec(ctx, `UPDATE enrolment SET time_factor_pct = ? WHERE id = ?`, percent, id)
	return err
}

func (s store) setNotice(ctx context.Context, id int64, at time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE enrolment SET notice_ms = ? WHERE id = ? AND notice_ms IS NULL`, at.UnixMilli(), id)
	return err
}

func (s store) setStartCode(ctx context.Context, id int64, hash string) error {
	_, err := s.db.Exec(ctx, `UPDATE enrolment SET start_code_hash = ? WHERE id = ?`, hash, id)
	return err
}

func (s store) lastDrawOrder(ctx context.Context, event int64) (int, error) {
	var n int
	err := s.db.Get(ctx, &n, `SELECT COALESCE(max(draw_order), 0) FROM enrolment WHERE event_id = ?`, event)
	return n, err
}

// candidateRow is an active person as an enrolment copies it.
type candidateRow struct {
	ID            int64   `db:"id"`
	AgencyID      int64   `db:"agency_id"`
	UnitID        *int64  `db:"unit_id"`
	UnitPath      *string `db:"unit_path"`
	OPDName       *string `db:"opd_name"`
	NIP           *string `db:"nip"`
	ParticipantNo *string `db:"participant_no"`
	Kind          string  `db:"kind"`
	Name          string  `db:"name"`
	TitleFront    string  `db:"title_front"`
	TitleBack     string  `db:"title_back"`
	Sex           string  `db:"sex"`
	BirthDate     string  `db:"birth_date"`
	Grade         string  `db:"grade"`
	Position      string  `db:"position"`
	PositionKind  string  `db:"position_kind"`
	TimeFactorPct int     `db:"time_factor_pct"`
}

// candidates is the active people of an agency, all or those of a unit and the
// units below it.
func (s store) candidates(ctx context.Context, agency, unit int64) ([]candidateRow, error) {
	var rows []candidateRow
	err := s.db.Select(ctx, &rows, `
		SELECT p.id, p.agency_id, p.unit_id, u.path AS unit_path, o.name AS opd_name, p.nip, p.participant_no, p.kind, p.name,
			p.title_front, p.title_back, p.sex, p.birth_date, p.grade, p.position, p.position_kind, p.time_factor_pct
		FROM person p
		LEFT JOIN unit u ON u.id = p.unit_id
		LEFT JOIN unit o ON o.id = u.opd_id
		LEFT JOIN unit top ON top.id = CAST(? AS BIGINT)
		WHERE p.agency_id = ? AND p.active
			AND (top.id IS NULL OR u.id = top.id OR substr(u.path, 1, length(top.path) + 3) = top.path || ' / ')
		ORDER BY p.id`, unit, agency)
	return rows, err
}

func (s store) candidate(ctx context.Context, person int64) (candidateRow, error) {
	var row candidateRow
	err := s.db.Get(ctx, &row, `
		SELECT p.id, p.agency_id, p.unit_id, u.path AS unit_path, o.name AS opd_name, p.nip, p.participant_no, p.kind, p.name,
			p.title_front, p.title_back, p.sex, p.birth_date, p.grade, p.position, p.position_kind, p.time_factor_pct
		FROM person p
		LEFT JOIN unit u ON u.id = p.unit_id
		LEFT JOIN unit o ON o.id = u.opd_id
		WHERE p.id = ? AND p.active`, person)
	return row, err
}

func (s store) unitAgency(ctx context.Context, unit int64) (int64, error) {
	var agency int64
	err := s.db.Get(ctx, &agency, `SELECT agency_id FROM unit WHERE id = ?`, unit)
	return agency, err
}

// The frozen pool and the forms drawn from it.

func (s store) addPool(ctx context.Context, event int64, pool []PoolItem) error {
	for _, item := range pool {
		_, err := s.db.Exec(ctx, `
			INSERT INTO event_pool (event_id, item_id, rev) VALUES (?, ?, ?)
			ON CONFLICT (event_id, item_id) DO NOTHING`, event, item.Item, item.Rev)
		if err != nil {
			return err
		}
	}
	return nil
}

type poolRow struct {
	questionbank.Ref
	Code    string `db:"code"`
	Exposed int    `db:"exposed"`
}

func (s store) pool(ctx context.Context, event int64) ([]poolRow, error) {
	var rows []poolRow
	err := s.db.Select(ctx, &rows, `
		SELECT p.item_id, p.rev, p.exposed, i.code FROM event_pool p JOIN item i ON i.id = p.item_id
		WHERE p.event_id = ? ORDER BY p.item_id`, event)
	return rows, err
}

func (s store) setExposed(ctx context.Context, event, item int64, n int) error {
	_, err := s.db.Exec(ctx, `UPDATE event_pool SET exposed = ? WHERE event_id = ? AND item_id = ?`, n, event, item)
	return err
}

// clearDraws takes back the pool and the forms of an event nobody has started.
func (s store) clearDraws(ctx context.Context, event int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM form WHERE enrolment_id IN (SELECT id FROM enrolment WHERE event_id = ?)`, event); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `DELETE FROM event_pool WHERE event_id = ?`, event)
	return err
}

type formRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	FormNo      int    `db:"form_no"`
	Content     string `db:"content"`
	Hash        string `db:"hash"`
	Exposure    string `db:"exposure"`
	DrawNo      int    `db:"draw_no"`
	DrawnMS     int64  `db:"drawn_ms"`
}

func (r formRow) form() (Form, error) {
	items, err := parseContent(r.Content)
	return Form{
		Enrolment: r.EnrolmentID, No: r.FormNo, Items: items, Hash: r.Hash, Exposure: r.Exposure, DrawNo: r.DrawNo, DrawnAt: instant(r.DrawnMS),
	}, err
}

func (s store) addForm(ctx context.Context, f Form) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO form (enrolment_id, form_no, items, content, hash, exposure, draw_no, drawn_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		f.Enrolment, f.No, len(f.Items), content(f.Items), f.Hash, f.Exposure, f.DrawNo, f.DrawnAt.UnixMilli())
	return err
}

func (s store) form(ctx context.Context, enrolment int64, no int) (Form, error) {
	var row formRow
	err := s.db.Get(ctx, &row, `
		SELECT enrolment_id, form_no, content, hash, exposure, draw_no, drawn_ms
		FROM form WHERE enrolment_id = ? AND form_no = ?`, enrolment, no)
	if err != nil {
		return Form{}, err
	}
	return row.form()
}

// forms is every form of an enrolment, in order.
func (s store) forms(ctx context.Context, enrolment int64) ([]Form, error) {
	var rows []formRow
	err := s.db.Select(ctx, &rows, `
		SELECT enrolment_id, form_no, content, hash, exposure, draw_no, drawn_ms
		FROM form WHERE enrolment_id = ? ORDER BY form_no`, enrolment)
	if err != nil {
		return nil, err
	}
	all := make([]Form, len(rows))
	for i, r := range rows {
		if all[i], err = r.form(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s store) countForms(ctx context.Context, enrolment int64) (int, error) {
	var n int
	err := s.db.Get(ctx, &n, `SELECT count(*) FROM form WHERE enrolment_id = ?`, enrolment)
	return n, err
}

// lastForm is the newest draw of an event.
func (s store) lastForm(ctx context.Context, event int64) (Form, error) {
	var row formRow
	err := s.db.Get(ctx, &row, `
		SELECT f.enrolment_id, f.form_no, f.content, f.hash, f.exposure, f.draw_no, f.drawn_ms
		FROM form f JOIN enrolment e ON e.id = f.enrolment_id
		WHERE e.event_id = ? ORDER BY f.draw_no DESC LIMIT 1`, event)
	if err != nil {
		return Form{}, err
	}
	return row.form()
}

// eachForm calls fn with every form of an event in the order of the draws.
func (s store) eachForm(ctx context.Context, event int64, fn func(Form, string) error) error {
	return s.db.Stream(ctx, `
		SELECT f.enrolment_id, f.form_no, f.content, f.hash, f.exposure, f.draw_no, f.drawn_ms
		FROM form f JOIN enrolment e ON e.id = f.enrolment_id
		WHERE e.event_id = ? ORDER BY f.draw_no`, []any{event}, func(scan func(any) error) error {
		var row formRow
		if err := scan(&row); err != nil {
			return err
		}
		f, err := row.form()
		if err != nil {
			return err
		}
		return fn(f, row.Content)
	})
}

// severalForms is the enrolments of an event with more than one form.
func (s store) severalForms(ctx context.Context, event int64) (map[int64]bool, error) {
	var ids []int64
	err := s.db.Select(ctx, &ids, `
		SELECT f.enrolment_id FROM form f JOIN enrolment e ON e.id = f.enrolment_id
		WHERE e.event_id = ? AND f.form_no = 2`, event)
	several := make(map[int64]bool, len(ids))
	for _, id := range ids {
		several[id] = true
	}
	return several, err
}

// undrawn is some enrolments of an event without a form, in drawing order.
func (s store) undrawn(ctx context.Context, event int64, most int) ([]int64, error) {
	var ids []int64
	err := s.db.Select(ctx, &ids, `
		SELECT e.id FROM enrolment e
		WHERE e.event_id = ? AND NOT e.withdrawn AND NOT EXISTS (SELECT 1 FROM form f WHERE f.enrolment_id = e.id)
		ORDER BY e.draw_order LIMIT ?`, event, most)
	return ids, err
}

// eventCounts are the numbers that planning looks at.
type eventCounts struct {
	Enrolled int `db:"enrolled"`
	Undrawn  int `db:"undrawn"`
	NoCode   int `db:"no_code"`
	Attempts int `db:"attempts"`
}

func (s store) counts(ctx context.Context, event int64) (eventCounts, error) {
	var n eventCounts
	err := s.db.Get(ctx, &n, `
		SELECT
			(SELECT count(*) FROM enrolment WHERE event_id = ? AND NOT withdrawn) AS enrolled,
			(SELECT count(*) FROM enrolment e WHERE e.event_id = ? AND NOT e.withdrawn
				AND NOT EXISTS (SELECT 1 FROM form f WHERE f.enrolment_id = e.id)) AS undrawn,
			(SELECT count(*) FROM enrolment WHERE event_id = ? AND NOT withdrawn AND start_code_hash IS NULL) AS no_code,
			(SELECT count(*) FROM attempt WHERE event_id = ?) AS attempts`, event, event, event, event)
	return n, err
}
