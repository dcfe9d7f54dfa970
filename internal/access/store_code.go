package access

import "context"

type codeRow struct {
	PersonID  int64 `db:"person_id"` // 0: the set-up link
	ExpiresMS int64 `db:"expires_ms"`
	UsedMS    int64 `db:"used_ms"` // 0: not yet
}

func (s store) code(ctx context.Context, hash string) (row codeRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT COALESCE(person_id, 0) AS person_id, expires_ms, COALESCE(used_ms, 0) AS used_ms
		FROM activation_code
		WHERE code_hash = ?`, hash)
	return row, err
}

func (s store) insertCode(ctx context.Context, hash string, person, by, nowMS, expiresMS int64) error {
	var owner any
	if person != 0 {
		owner = person
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO activation_code (code_hash, person_id, created_by, created_ms, expires_ms)
		VALUES (?, ?, ?, ?, ?)`, hash, owner, by, nowMS, expiresMS)
	return err
}

// useCode marks a code as used and reports whether this call did it.
func (s store) useCode(ctx context.Context, hash string, nowMS int64) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE activation_code SET used_ms = ? WHERE code_hash = ? AND used_ms IS NULL AND expires_ms > ?`, nowMS, hash, nowMS)
	return n == 1, err
}

// dropCodes ends the unused codes of a person. The rows stay for a while: who
// types an old code is told so.
func (s store) dropCodes(ctx context.Context, person, nowMS int64) error {
	_, err := s.db.Exec(ctx, `
		UPDATE activation_code SET expires_ms = ? WHERE person_id = ? AND used_ms IS NULL AND expires_ms > ?`, nowMS, person, nowMS)
	return err
}

func (s store) dropSetupCodes(ctx context.Context, nowMS int64) error {
	_, err := s.db.Exec(ctx, `
		UPDATE activation_code SET expires_ms = ? WHERE person_id IS NULL AND used_ms IS NULL AND expires_ms > ?`, nowMS, nowMS)
	return err
}

func (s store) sweepCodes(ctx context.Context, beforeMS int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM activation_code WHERE expires_ms < ?`, beforeMS)
	return err
}

type personRow struct {
	ID         int64  `db:"id"`
	AgencyID   int64  `db:"agency_id"`
	AgencyName string `db:"agency_name"`
	Number     string `db:"number"`
	Name       string `db:"name"`
	Active     bool   `db:"active"`
	Staff      bool   `db:"staff"` // their account is more than a participant's
}

func (s store) person(ctx context.Context, id int64) (row personRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT p.id, p.agency_id, g.name AS agency_name, COALESCE(p.nip, p.participant_no) AS number, p.name, p.active,
			EXISTS (
				SELECT 1 FROM account AS a JOIN account_role AS r ON r.account_id = a.id
				WHERE a.person_id = p.id AND r.role <> 'participant'
			) AS staff
		FROM person AS p JOIN agency AS g ON g.id = p.agency_id
		WHERE p.id = ?`, id)
	return row, err
}

// startRow is the enrolment that a start code opens, with its person's account.
type startRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	Enrolled    string `db:"enrolled"` // the number printed on the card
	OpensMS     int64  `db:"opens_ms"`
	ClosesMS    int64  `db:"closes_ms"`
	UnderWay    bool   `db:"under_way"`
	PersonID    int64  `db:"person_id"`
	AgencyID    int64  `db:"agency_id"`
	Number      string `db:"number"` // the person's number now
	Name        string `db:"name"`
	AccountID   int64  `db:"account_id"` // 0: none yet
	Active      bool   `db:"active"`
}

func (s store) startCode(ctx context.Context, hash string) (row startRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT e.id AS enrolment_id, e.nip AS enrolled, n.opens_ms, n.closes_ms,
			EXISTS (
				SELECT 1 FROM attempt AS t WHERE t.enrolment_id = e.id AND t.state IN ('open', 'closing')
			) AS under_way,
			p.id AS person_id, p.agency_id, COALESCE(p.nip, p.participant_no) AS number, p.name,
			COALESCE(a.id, 0) AS account_id, COALESCE(a.active, TRUE) AS active
		FROM enrolment AS e
		JOIN session AS n ON n.id = e.session_id
		JOIN person AS p ON p.id = e.person_id
		LEFT JOIN account AS a ON a.person_id = p.id
		WHERE e.start_code_hash = ? AND NOT e.withdrawn`, hash)
	return row, err
}

func (s store) throttle(ctx context.Context, subject string) (row throttleRow, err error) {
	err = s.db.Get(ctx, &row, `SELECT failures, window_ms FROM throttle WHERE subject = ?`, subject)
	return row, err
}

// countTry adds one to the subject's window, or begins a new one where the
// last has ended, and returns it.
func (s store) countTry(ctx context.Context, subject string, nowMS, endMS int64) (row throttleRow, err error) {
	err = s.db.Get(ctx, &row, `
		INSERT INTO throttle (subject, failures, window_ms) VALUES (?, 1, ?)
		ON CONFLICT (subject) DO UPDATE SET
			failures = CASE WHEN throttle.window_ms <= ? THEN 1 ELSE throttle.failures + 1 END,
			window_ms = CASE WHEN throttle.window_ms <= ? THEN excluded.window_ms ELSE throttle.window_ms END
		RETURNING failures, window_ms`,
		subject, endMS, nowMS, nowMS)
	return row, err
}

func (s store) clearThrottle(ctx context.Context, subject string) error {
	_, err := s.db.Exec(ctx, `DELETE FROM throttle WHERE subject = ?`, subject)
	return err
}

func (s store) sweepThrottle(ctx context.Context, nowMS int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM throttle WHERE window_ms <= ?`, nowMS)
	return err
}
