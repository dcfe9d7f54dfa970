package assessment

import (
	"context"
	"time"
)

type attemptRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	AttemptNo   int    `db:"attempt_no"`
	FormNo      int    `db:"form_no"`
	EventID     int64  `db:"event_id"`
	Items       int    `db:"items"`
	State       State  `db:"state"`
	Device      string `db:"device"`
	DeviceEpoch int    `db:"device_epoch"`
	StartedMS   int64  `db:"started_ms"`
	DeadlineMS  int64  `db:"deadline_ms"`
	GraceMS     int64  `db:"grace_ms"`
	CreditedMS  int64  `db:"credited_ms"`
	SubmittedMS *int64 `db:"submitted_ms"`
	EndedBy     Ending `db:"ended_by"`
	VoidReason  string `db:"void_reason"`
	PausedMS    *int64 `db:"paused_ms"`
	Sequential  bool   `db:"sequential"`
	Reached     int    `db:"reached"`
	ReachedTo   int    `db:"reached_to"`
}

func (r attemptRow) attempt() Attempt {
	return Attempt{
		AttemptID: AttemptID{r.EnrolmentID, r.AttemptNo}, Event: r.EventID, FormNo: r.FormNo, Items: r.Items, State: r.State,
		Device: r.Device, DeviceEpoch: r.DeviceEpoch, StartedAt: instant(r.StartedMS), Deadline: instant(r.DeadlineMS),
		Grace: time.Duration(r.GraceMS) * time.Millisecond, Credited: time.Duration(r.CreditedMS) * time.Millisecond,
		SubmittedAt: instant(value(r.SubmittedMS)), EndedBy: r.EndedBy, VoidReason: r.VoidReason,
		PausedAt: instant(value(r.PausedMS)), Sequential: r.Sequential, Reached: r.Reached, ReachedTo: r.ReachedTo,
	}
}

func attemptsOf(rows []attemptRow) []Attempt {
	all := make([]Attempt, len(rows))
	for i, r := range rows {
		all[i] = r.attempt()
	}
	return all
}

func (s store) attempt(ctx context.Context, id AttemptID) (Attempt, error) {
	var row attemptRow
	err := s.db.Get(ctx, &row, `
		SELECT enrolment_id, attempt_no, form_no, event_id, items, state, device, device_epoch, started_ms, deadline_ms,
			grace_ms, credited_ms, submitted_ms, ended_by, void_reason, paused_ms, sequential, reached, reached_to
		FROM attempt WHERE enrolment_id = ? AND attempt_no = ?`, id.Enrolment, id.No)
	return row.attempt(), err
}

// attempts is every attempt of an enrolment, oldest first.
func (s store) attempts(ctx context.Context, enrolment int64) ([]Attempt, error) {
	var rows []attemptRow
	err := s.db.Select(ctx, &rows, `
		SELECT enrolment_id, attempt_no, form_no, event_id, items, state, device, device_epoch, started_ms, deadline_ms,
			grace_ms, credited_ms, submitted_ms, ended_by, void_reason, paused_ms, sequential, reached, reached_to
		FROM attempt WHERE enrolment_id = ? ORDER BY attempt_no`, enrolment)
	return attemptsOf(rows), err
}

// start inserts a, unless an attempt of the enrolment is under way or has this
// number: two indexes decide among parallel starts, and one of them wins.
func (s store) start(ctx context.Context, a Attempt) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device, device_epoch, started_ms, deadline_ms, grace_ms,
			sequential, reached, reached_to)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		a.Enrolment, a.No, a.FormNo, a.Event, a.Items, a.State, a.Device, a.DeviceEpoch,
		a.StartedAt.UnixMilli(), a.Deadline.UnixMilli(), a.Grace.Milliseconds(), a.Sequential, a.Reached, a.ReachedTo)
	return n == 1, err
}

// takeOver moves an attempt under way to another device; the old one's epoch
// is refused from then on.
func (s store) takeOver(ctx context.Context, id AttemptID, device string) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET device = ?, device_epoch = device_epoch + 1
		WHERE enrolment_id = ? AND attempt_no = ? AND device <> ? AND state IN ('open', 'closing')`,
		device, id.Enrolment, id.No, device)
	return n == 1, err
}

// lockMost is how many enrolments one statement of lock takes.
const lockMost = 16

// lock notes a sign of life of the attempts under way of some enrolments. The
// write also holds their rows until the end of the transaction: on an engine
// with many writers a statement may decide on a row that another transaction
// is just changing, and an answer could be acknowledged although a submission
// on another node did not see it.
func (s store) lock(ctx context.Context, enrolments []int64, now time.Time) error {
	for len(enrolments) > 0 {
		part := enrolments[:min(lockMost, len(enrolments))]
		enrolments = enrolments[len(part):]
		var e [lockMost]any
		for i := range e {
			e[i] = part[min(i, len(part)-1)]
		}
		_, err := s.db.Exec(ctx, `
			UPDATE attempt SET seen_ms = ?
			WHERE enrolment_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AND state IN ('open', 'closing')`,
			append([]any{now.UnixMilli()}, e[:]...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// append adds e to the journal if the attempt may take it, and reports whether
// it did: the attempt is there and under way, this device holds it, the
// position is on the form and not locked, and the server received it before
// the last call, which a paused attempt does not have.
// One statement decides, so no answer slips in behind a submission. False
// means refused or already there; explain tells which.
func (s store) append(ctx context.Context, t Ticket, e Entry, received int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
		SELECT enrolment_id, attempt_no, ?, ?, ?, ?, ?
		FROM attempt
		WHERE enrolment_id = ? AND attempt_no = ? AND device_epoch = ? AND state IN ('open', 'closing')
			AND (? <= deadline_ms + 3000 OR paused_ms IS NOT NULL) AND ? BETWEEN 1 AND items
			AND (NOT sequential OR ? BETWEEN reached AND reached_to)
		ON CONFLICT (enrolment_id, attempt_no, position, seq) DO NOTHING`,
		e.Position, e.Seq, e.Value, e.Doubt, received, t.Enrolment, t.No, t.Epoch, received, e.Position, e.Position)
	return n == 1, err
}

// appendNext is append for a form without JavaScript: the server numbers it.
func (s store) appendNext(ctx context.Context, t Ticket, e Entry, received int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
		SELECT enrolment_id, attempt_no, ?, (
			SELECT COALESCE(max(a.seq), 0) + 1 FROM answer AS a
			WHERE a.enrolment_id = attempt.enrolment_id AND a.attempt_no = attempt.attempt_no), ?, ?, ?
		FROM attempt
		WHERE enrolment_id = ? AND attempt_no = ? AND device_epoch = ? AND state IN ('open', 'closing')
			AND (? <= deadline_ms + 3000 OR paused_ms IS NOT NULL) AND ? BETWEEN 1 AND items
			AND (NOT sequential OR ? BETWEEN reached AND reached_to)`,
		e.Position, e.Value, e.Doubt, received, t.Enrolment, t.No, t.Epoch, received, e.Position, e.Position)
	return n == 1, err
}

// keepLate keeps an answer that came after the last call of an attempt that is
// not submitted yet.
func (s store) keepLate(ctx context.Context, t Ticket, e Entry, received int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO late_answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
		SELECT enrolment_id, attempt_no, ?, ?, ?, ?, ?
		FROM attempt
		WHERE enrolment_id = ? AND attempt_no = ? AND device_epoch = ? AND state IN ('open', 'closing')
			AND ? > deadline_ms + 3000 AND paused_ms IS NULL AND ? BETWEEN 1 AND items
			AND (NOT sequential OR ? BETWEEN reached AND reached_to)
		ON CONFLICT (enrolment_id, attempt_no, position, seq) DO NOTHING`,
		e.Position, e.Seq, e.Value, e.Doubt, received, t.Enrolment, t.No, t.Epoch, received, e.Position, e.Position)
	return n == 1, err
}

// keepLateNext is keepLate for a form without JavaScript.
func (s store) keepLateNext(ctx context.Context, t Ticket, e Entry, received int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO late_answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
		SELECT enrolment_id, attempt_no, ?, 1 + (
			SELECT COALESCE(max(u.seq), 0) FROM (
				SELECT seq FROM answer AS a WHERE a.enrolment_id = attempt.enrolment_id AND a.attempt_no = attempt.attempt_no
				UNION ALL
				SELECT seq FROM late_answer AS l WHERE l.enrolment_id = attempt.enrolment_id AND l.attempt_no = attempt.attempt_no) AS u), ?, ?, ?
		FROM attempt
		WHERE enrolment_id = ? AND attempt_no = ? AND device_epoch = ? AND state IN ('open', 'closing')
			AND ? > deadline_ms + 3000 AND paused_ms IS NULL AND ? BETWEEN 1 AND items
			AND (NOT sequential OR ? BETWEEN reached AND reached_to)`,
		e.Position, e.Value, e.Doubt, received, t.Enrolment, t.No, t.Epoch, received, e.Position, e.Position)
	return n == 1, err
}

// has reports whether this very entry is in the journal, or among the late.
// Another device may have used its number for another answer.
func (s store) has(ctx context.Context, id AttemptID, e Entry) (journal, late bool, err error) {
	var n struct{ Journal, Late int }
	err = s.db.Get(ctx, &n, `
		SELECT
			(SELECT count(*) FROM answer WHERE enrolment_id = ? AND attempt_no = ? AND position = ? AND seq = ? AND value = ? AND doubt = ?) AS journal,
			(SELECT count(*) FROM late_answer WHERE enrolment_id = ? AND attempt_no = ? AND position = ? AND seq = ? AND value = ? AND doubt = ?) AS late`,
		id.Enrolment, id.No, e.Position, e.Seq, e.Value, e.Doubt, id.Enrolment, id.No, e.Position, e.Seq, e.Value, e.Doubt)
	return n.Journal > 0, n.Late > 0, err
}

// journal is every row of an attempt.
func (s store) journal(ctx context.Context, id AttemptID) ([]Row, error) {
	var rows []Row
	err := s.db.Select(ctx, &rows, `
		SELECT position, seq, value, doubt, received_ms, late FROM answer
		WHERE enrolment_id = ? AND attempt_no = ? ORDER BY position, seq`, id.Enrolment, id.No)
	return rows, err
}

// lateRows is what arrived after the deadline and nobody has accepted.
func (s store) lateRows(ctx context.Context, id AttemptID) ([]Row, error) {
	var rows []Row
	err := s.db.Select(ctx, &rows, `
		SELECT position, seq, value, doubt, received_ms, TRUE AS late FROM late_answer
		WHERE enrolment_id = ? AND attempt_no = ? AND accepted_ms IS NULL ORDER BY position, seq`, id.Enrolment, id.No)
	return rows, err
}

// seqs is every sequence the server has of an attempt, on time or late.
func (s store) seqs(ctx context.Context, id AttemptID) ([]int64, error) {
	var all []int64
	err := s.db.Select(ctx, &all, `
		SELECT seq FROM answer WHERE enrolment_id = ? AND attempt_no = ?
		UNION
		SELECT seq FROM late_answer WHERE enrolment_id = ? AND attempt_no = ?`, id.Enrolment, id.No, id.Enrolment, id.No)
	return all, err
}

// submit ends an attempt under way and reports whether this call did it.
func (s store) submit(ctx context.Context, id AttemptID, by Ending, last int64, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET state = 'submitted', submitted_ms = ?, ended_by = ?, last_seq = ?, paused_ms = NULL
		WHERE enrolment_id = ? AND attempt_no = ? AND state IN ('open', 'closing')`,
		at.UnixMilli(), by, last, id.Enrolment, id.No)
	return n == 1, err
}

// submitDue is submit by the server itself: only past the end of the grace,
// which a credited outage may have moved meanwhile.
func (s store) submitDue(ctx context.Context, id AttemptID, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET state = 'submitted', submitted_ms = ?, ended_by = 'deadline'
		WHERE enrolment_id = ? AND attempt_no = ? AND state IN ('open', 'closing') AND paused_ms IS NULL AND deadline_ms + grace_ms + ? < ?`,
		at.UnixMilli(), id.Enrolment, id.No, (NetworkAllowance + settle).Milliseconds(), at.UnixMilli())
	return n == 1, err
}

// beginClosing marks an attempt that is past its last call.
func (s store) beginClosing(ctx context.Context, id AttemptID, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET state = 'closing'
		WHERE enrolment_id = ? AND attempt_no = ? AND state = 'open' AND paused_ms IS NULL AND deadline_ms + ? < ?`,
		id.Enrolment, id.No, NetworkAllowance.Milliseconds(), at.UnixMilli())
	return n == 1, err
}

// pastLastCall is some open attempts whose last call is over, oldest first.
func (s store) pastLastCall(ctx context.Context, at time.Time, most int) ([]AttemptID, error) {
	return s.ids(ctx, `
		SELECT enrolment_id, attempt_no FROM attempt
		WHERE state IN ('open', 'closing') AND deadline_ms < ? AND state = 'open' AND paused_ms IS NULL
		ORDER BY deadline_ms LIMIT ?`, at.Add(-NetworkAllowance).UnixMilli(), most)
}

// pastGrace is some attempts under way whose grace is over, oldest first.
func (s store) pastGrace(ctx context.Context, at time.Time, most int) ([]AttemptID, error) {
	before := at.Add(-NetworkAllowance - settle).UnixMilli()
	return s.ids(ctx, `
		SELECT enrolment_id, attempt_no FROM attempt
		WHERE state IN ('open', 'closing') AND deadline_ms < ? AND deadline_ms + grace_ms < ? AND paused_ms IS NULL
		ORDER BY deadline_ms LIMIT ?`, before, before, most)
}

func (s store) ids(ctx context.Context, query string, args ...any) ([]AttemptID, error) {
	var rows []struct {
		EnrolmentID int64 `db:"enrolment_id"`
		AttemptNo   int   `db:"attempt_no"`
	}
	err := s.db.Select(ctx, &rows, query, args...)
	ids := make([]AttemptID, len(rows))
	for i, r := range rows {
		ids[i] = AttemptID{r.EnrolmentID, r.AttemptNo}
	}
	return ids, err
}

// admitLate appends late answers received up to an instant to the journal.
func (s store) admitLate(ctx context.Context, id AttemptID, upTo time.Time, marked bool, at time.Time) (int64, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms, late)
		SELECT enrolment_id, attempt_no, position, seq, value, doubt, received_ms, ?
		FROM late_answer
		WHERE enrolment_id = ? AND attempt_no = ? AND accepted_ms IS NULL AND received_ms <= ?
		ON CONFLICT (enrolment_id, attempt_no, position, seq) DO NOTHING`,
		marked, id.Enrolment, id.No, upTo.UnixMilli())
	if err != nil || n == 0 {
		return n, err
	}
	_, err = s.db.Exec(ctx, `
		UPDATE late_answer SET accepted_ms = ?
		WHERE enrolment_id = ? AND attempt_no = ? AND accepted_ms IS NULL AND received_ms <= ?`,
		at.UnixMilli(), id.Enrolment, id.No, upTo.UnixMilli())
	return n, err
}

func (s store) void(ctx context.Context, id AttemptID, reason string) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE attempt SET state = 'voided', void_reason = ?, paused_ms = NULL, ended_by = CASE WHEN ended_by = '' THEN 'officer' ELSE ended_by END
		WHERE enrolment_id = ? AND attempt_no = ? AND state <> 'voided'`, reason, id.Enrolment, id.No)
	return n == 1, err
}

type resultRow struct {
	EnrolmentID   int64  `db:"enrolment_id"`
	AttemptNo     int    `db:"attempt_no"`
	Version       int    `db:"version"`
	EventID       int64  `db:"event_id"`
	FormHash      string `db:"form_hash"`
	JournalHash   string `db:"journal_hash"`
	KeyHash       string `db:"key_hash"`
	RulesVersion  string `db:"rules_version"`
	SchemeCode    string `db:"scheme_code"`
	SchemeVersion int    `db:"scheme_version"`
	Payload       string `db:"payload"`
	Reason        string `db:"reason"`
	ComputedMS    int64  `db:"computed_ms"`
}

func (s store) result(ctx context.Context, id AttemptID) (resultRow, error) {
	var row resultRow
	err := s.db.Get(ctx, &row, `
		SELECT enrolment_id, attempt_no, version, event_id, form_hash, journal_hash, key_hash, rules_version, scheme_code,
			scheme_version, payload, reason, computed_ms
		FROM result WHERE enrolment_id = ? AND attempt_no = ? AND current`, id.Enrolment, id.No)
	return row, err
}

// supersede adds the next version of a result; the one before stays.
func (s store) supersede(ctx context.Context, r resultRow) error {
	if _, err := s.db.Exec(ctx, `UPDATE result SET current = FALSE WHERE enrolment_id = ? AND attempt_no = ? AND current`, r.EnrolmentID, r.AttemptNo); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO result (enrolment_id, attempt_no, version, current, event_id, form_hash, journal_hash, key_hash,
			rules_version, scheme_code, scheme_version, payload, reason, computed_ms)
		VALUES (?, ?, (SELECT COALESCE(max(version), 0) + 1 FROM result WHERE enrolment_id = ? AND attempt_no = ?),
			TRUE, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.EnrolmentID, r.AttemptNo, r.EnrolmentID, r.AttemptNo, r.EventID, r.FormHash, r.JournalHash, r.KeyHash,
		r.RulesVersion, r.SchemeCode, r.SchemeVersion, r.Payload, r.Reason, r.ComputedMS)
	return err
}

// resultsAfter is the next current results behind a place, for walking them all.
func (s store) resultsAfter(ctx context.Context, after AttemptID, most int) ([]resultRow, error) {
	var rows []resultRow
	err := s.db.Select(ctx, &rows, `
		SELECT enrolment_id, attempt_no, version, event_id, form_hash, journal_hash, key_hash, rules_version, scheme_code,
			scheme_version, payload, reason, computed_ms
		FROM result
		WHERE current AND (enrolment_id > ? OR enrolment_id = ? AND attempt_no > ?)
		ORDER BY enrolment_id, attempt_no LIMIT ?`, after.Enrolment, after.Enrolment, after.No, most)
	return rows, err
}

// unscored counts submitted attempts without a current result.
func (s store) unscored(ctx context.Context) ([]AttemptID, error) {
	return s.ids(ctx, `
		SELECT a.enrolment_id, a.attempt_no FROM attempt a
		LEFT JOIN result r ON r.enrolment_id = a.enrolment_id AND r.attempt_no = a.attempt_no AND r.current
		WHERE a.state = 'submitted' AND r.version IS NULL
		ORDER BY a.enrolment_id, a.attempt_no`)
}
