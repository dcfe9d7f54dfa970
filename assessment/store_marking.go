package assessment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cakap/internal/storage"
	"cakap/questionbank"
)

type scriptRow struct {
	ID          int64 `db:"id"`
	EnrolmentID int64 `db:"enrolment_id"`
	AttemptNo   int   `db:"attempt_no"`
	Position    int   `db:"position"`
	Seq         int64 `db:"seq"`
	EventID     int64 `db:"event_id"`
	AgencyID    int64 `db:"agency_id"`
	questionbank.Ref
	Stage Stage `db:"stage"`
}

// openScripts puts the answers that people mark on the markers' list. One that
// changed since (a late answer was accepted) is to be marked again.
func (s store) openScripts(ctx context.Context, m marking, a Attempt, rows []Row, at time.Time) error {
	last := latest(rows)
	for i, item := range m.form.Items {
		row := last[i+1]
		if !forMarker(m.keys[i], row.Value) {
			if err := s.dropScript(ctx, a.AttemptID, i+1, m.keys[i].ByHand() || m.left[i+1]); err != nil {
				return err
			}
			continue
		}
		_, err := s.db.Exec(ctx, `
			INSERT INTO essay_script (id, enrolment_id, attempt_no, position, seq, event_id, agency_id, item_id, rev, stage, created_ms)
			SELECT ?, e.id, ?, ?, ?, e.event_id, e.agency_id, ?, ?, 'first', ?
			FROM enrolment e WHERE e.id = ?
			ON CONFLICT (enrolment_id, attempt_no, position) DO UPDATE SET seq = excluded.seq, stage = 'first', claimed_by = 0
			WHERE essay_script.seq <> excluded.seq`,
			storage.NewID(at), a.No, i+1, row.Seq, item.Item, item.Rev, at.UnixMilli(), a.Enrolment)
		if err != nil {
			return fmt.Errorf("open script: %w", err)
		}
	}
	return nil
}

// dropScript takes an answer off the list that a late entry emptied, or whose
// item is out of the scores.
func (s store) dropScript(ctx context.Context, id AttemptID, position int, byHand bool) error {
	if !byHand {
		return nil
	}
	_, err := s.db.Exec(ctx, `UPDATE essay_script SET stage = 'decided' WHERE enrolment_id = ? AND attempt_no = ? AND position = ?`,
		id.Enrolment, id.No, position)
	return err
}

// marked is the decided marks of an attempt by position, none while any of its
// answers waits: a result changes once, when the last mark has come.
func (s store) marked(ctx context.Context, m marking, id AttemptID, journal []Row) (map[int]share, error) {
	if !m.manual() {
		return nil, nil
	}
	var rows []scriptRow
	err := s.db.Select(ctx, &rows, `
		SELECT id, enrolment_id, attempt_no, position, seq, event_id, agency_id, item_id, rev, stage FROM essay_script
		WHERE enrolment_id = ? AND attempt_no = ? ORDER BY position`, id.Enrolment, id.No)
	if err != nil {
		return nil, fmt.Errorf("list scripts: %w", err)
	}
	all, last := map[int]share{}, latest(journal)
	for _, r := range rows {
		if !forMarker(m.keys[r.Position-1], last[r.Position].Value) {
			continue
		}
		marks, err := s.marks(ctx, r.ID, r.Seq)
		if err != nil {
			return nil, err
		}
		got, stage := decide(marks, m.by, m.points[r.Position])
		if stage != Decided {
			return nil, nil
		}
		all[r.Position] = got
	}
	return all, nil
}

// marks is the current mark of each marker for an answer, in their places.
func (s store) marks(ctx context.Context, script, seq int64) ([]Mark, error) {
	var rows []struct {
		MarkerID int64  `db:"marker_id"`
		Version  int    `db:"version"`
		Place    int    `db:"place"`
		Points   string `db:"points"`
		Comment  string `db:"comment"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT m.marker_id, m.version, m.place, m.points, m.comment FROM essay_mark m
		WHERE m.script_id = ? AND m.seq = ? AND m.version = (
			SELECT max(n.version) FROM essay_mark n WHERE n.script_id = m.script_id AND n.seq = m.seq AND n.marker_id = m.marker_id)
		ORDER BY m.place`, script, seq)
	if err != nil {
		return nil, fmt.Errorf("list marks: %w", err)
	}
	marks := make([]Mark, len(rows))
	for i, r := range rows {
		marks[i] = Mark{Marker: r.MarkerID, Place: r.Place, Comment: r.Comment, version: r.Version}
		if err := json.Unmarshal([]byte(r.Points), &marks[i].Points); err != nil {
			return nil, fmt.Errorf("stored mark: %w", err)
		}
	}
	return marks, nil
}

func (s store) addMark(ctx context.Context, script, seq int64, m Mark, at time.Time) error {
	points, err := json.Marshal(m.Points)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `
		INSERT INTO essay_mark (script_id, seq, marker_id, version, place, points, comment, marked_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		script, seq, m.Marker, m.version, m.Place, string(points), m.Comment, at.UnixMilli())
	return err
}

// holdScript makes other markers of an answer wait for this transaction.
func (s store) holdScript(ctx context.Context, id int64) (scriptRow, error) {
	if _, err := s.db.Exec(ctx, `UPDATE essay_script SET claimed_by = 0 WHERE id = ?`, id); err != nil {
		return scriptRow{}, err
	}
	return s.script(ctx, id)
}

func (s store) script(ctx context.Context, id int64) (scriptRow, error) {
	var row scriptRow
	err := s.db.Get(ctx, &row, `
		SELECT s.id, s.enrolment_id, s.attempt_no, s.position, s.seq, s.event_id, s.agency_id, s.item_id, s.rev, s.stage
		FROM essay_script s JOIN attempt a ON a.enrolment_id = s.enrolment_id AND a.attempt_no = s.attempt_no
		WHERE s.id = ? AND a.state = 'submitted'`, id)
	return row, err
}

func (s store) setStage(ctx context.Context, id int64, stage Stage) error {
	_, err := s.db.Exec(ctx, `UPDATE essay_script SET stage = ? WHERE id = ?`, stage, id)
	return err
}

// claim notes that a marker has an answer on the screen, unless another has had
// it since an instant; two people are kept from the same work, no more.
func (s store) claim(ctx context.Context, id, marker int64, now, since time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE essay_script SET claimed_by = ?, claimed_ms = ?
		WHERE id = ? AND stage <> 'decided' AND (claimed_by = 0 OR claimed_by = ? OR claimed_ms < ?)`,
		marker, now.UnixMilli(), id, marker, since.UnixMilli())
	return n == 1, err
}

// waiting is the next answers of an item that marker may mark, behind a place;
// none of an item that marker wrote.
func (s store) waiting(ctx context.Context, event, item, marker, after int64, most int) ([]scriptRow, error) {
	var rows []scriptRow
	err := s.db.Select(ctx, &rows, `
		SELECT s.id, s.enrolment_id, s.attempt_no, s.position, s.seq, s.event_id, s.agency_id, s.item_id, s.rev, s.stage
		FROM essay_script s JOIN attempt a ON a.enrolment_id = s.enrolment_id AND a.attempt_no = s.attempt_no
		WHERE s.event_id = ? AND s.item_id = ? AND s.stage <> 'decided' AND s.id > ? AND a.state = 'submitted'
			AND NOT EXISTS (SELECT 1 FROM essay_mark m WHERE m.script_id = s.id AND m.seq = s.seq AND m.marker_id = ?)
			AND NOT EXISTS (SELECT 1 FROM item_revision r WHERE r.item_id = s.item_id AND r.author_id = ?)
		ORDER BY s.id LIMIT ?`, event, item, after, marker, marker, most)
	return rows, err
}

// wrote reports whether a revision of the item is of this account's hand.
func (s store) wrote(ctx context.Context, account, item int64) (bool, error) {
	var n int
	err := s.db.Get(ctx, &n, `SELECT count(*) FROM item_revision WHERE item_id = ? AND author_id = ?`, item, account)
	return n > 0, err
}

// unmarked counts, by agency, the answers of an event that wait for a mark.
func (s store) unmarked(ctx context.Context, event int64) (map[int64]int, error) {
	var rows []struct {
		AgencyID int64 `db:"agency_id"`
		N        int   `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT s.agency_id, count(*) AS n
		FROM essay_script s JOIN attempt a ON a.enrolment_id = s.enrolment_id AND a.attempt_no = s.attempt_no
		WHERE s.event_id = ? AND s.stage <> 'decided' AND a.state = 'submitted'
		GROUP BY s.agency_id`, event)
	by := map[int64]int{}
	for _, r := range rows {
		by[r.AgencyID] = r.N
	}
	return by, err
}

// markers counts the accounts that may mark essays.
func (s store) markers(ctx context.Context) (int, error) {
	var n int
	err := s.db.Get(ctx, &n, `
		SELECT count(DISTINCT a.id) FROM account a JOIN account_role r ON r.account_id = a.id
		WHERE a.active AND r.role = 'reviewer'`)
	return n, err
}

type queueRow struct {
	EventID  int64 `db:"event_id"`
	AgencyID int64 `db:"agency_id"`
	questionbank.Ref
	Total int `db:"total"`
	Done  int `db:"done"`
	Mine  int `db:"mine"`
	Third int `db:"third"`
}

// queue counts the answers to be marked by event, agency and item; mine are
// those that marker can still mark. Who wrote an item does not see its answers.
func (s store) queue(ctx context.Context, marker int64) ([]queueRow, error) {
	var rows []queueRow
	err := s.db.Select(ctx, &rows, `
		SELECT q.event_id, q.agency_id, q.item_id, q.rev, count(*) AS total,
			sum(CASE WHEN q.stage = 'decided' THEN 1 ELSE 0 END) AS done,
			sum(CASE WHEN q.stage <> 'decided' AND q.own = 0 THEN 1 ELSE 0 END) AS mine,
			sum(CASE WHEN q.stage = 'third' AND q.own = 0 THEN 1 ELSE 0 END) AS third
		FROM (
			SELECT s.event_id, s.agency_id, s.item_id, s.rev, s.stage,
				(SELECT count(*) FROM essay_mark m WHERE m.script_id = s.id AND m.seq = s.seq AND m.marker_id = ?) AS own
			FROM essay_script s JOIN attempt a ON a.enrolment_id = s.enrolment_id AND a.attempt_no = s.attempt_no
			WHERE a.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM item_revision r WHERE r.item_id = s.item_id AND r.author_id = ?)) AS q
		GROUP BY q.event_id, q.agency_id, q.item_id, q.rev
		ORDER BY q.event_id, q.item_id`, marker, marker)
	return rows, err
}
