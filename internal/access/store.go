package access

import (
	"context"

	"cakap/internal/storage"
)

// store is the SQL of this package, on a database or inside a transaction.
type store struct{ db storage.Querier }

// accountRow is an account. Its name is that of its person, where it has one,
// as the roster has it now.
type accountRow struct {
	ID           int64  `db:"id"`
	PersonID     int64  `db:"person_id"`
	PersonAgency int64  `db:"person_agency"`
	Username     string `db:"username"`
	Name         string `db:"name"`
	PasswordHash string `db:"password_hash"`
	Active       bool   `db:"active"`
}

func (s store) accountByName(ctx context.Context, username string) (row accountRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT a.id, COALESCE(a.person_id, 0) AS person_id, COALESCE(p.agency_id, 0) AS person_agency,
			a.username, COALESCE(p.name, a.name) AS name, a.password_hash, a.active
		FROM account AS a LEFT JOIN person AS p ON p.id = a.person_id
		WHERE a.username = ?`, username)
	return row, err
}

// accountByNIP finds by any NIP the person ever had.
func (s store) accountByNIP(ctx context.Context, nip string) (row accountRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT a.id, p.id AS person_id, p.agency_id AS person_agency, a.username, p.name, a.password_hash, a.active
		FROM person AS p JOIN account AS a ON a.person_id = p.id
		WHERE p.id = COALESCE((SELECT id FROM person WHERE nip = ?), (SELECT person_id FROM person_nip WHERE nip = ?))`, nip, nip)
	return row, err
}

func (s store) account(ctx context.Context, id int64) (row accountRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT a.id, COALESCE(a.person_id, 0) AS person_id, COALESCE(p.agency_id, 0) AS person_agency,
			a.username, COALESCE(p.name, a.name) AS name, a.password_hash, a.active
		FROM account AS a LEFT JOIN person AS p ON p.id = a.person_id
		WHERE a.id = ?`, id)
	return row, err
}

func (s store) accountOfPerson(ctx context.Context, person int64) (row accountRow, err error) {
	err = s.db.Get(ctx, &row, `
		SELECT a.id, p.id AS person_id, p.agency_id AS person_agency, a.username, p.name, a.password_hash, a.active
		FROM account AS a JOIN person AS p ON p.id = a.person_id
		WHERE a.person_id = ?`, person)
	return row, err
}

func (s store) insertAccount(ctx context.Context, a accountRow, nowMS int64) error {
	var person any
	if a.PersonID != 0 {
		person = a.PersonID
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO account (id, person_id, username, name, password_hash, active, created_ms, password_ms)
		VALUES (?, ?, ?, ?, ?, TRUE, ?, ?)`,
		a.ID, person, a.Username, a.Name, a.PasswordHash, nowMS, nowMS)
	return err
}

// addParticipant makes the account of a person who has none; where there is
// one already, made by a log-in beside this one, it does nothing.
func (s store) addParticipant(ctx context.Context, id int64, p personRow, username string, nowMS int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO account (id, person_id, username, name, created_ms)
		VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, id, p.ID, username, p.Name, nowMS)
	return err
}

func (s store) setPassword(ctx context.Context, account int64, hash string, nowMS int64) error {
	_, err := s.db.Exec(ctx, `UPDATE account SET password_hash = ?, password_ms = ? WHERE id = ?`, hash, nowMS, account)
	return err
}

func (s store) setActive(ctx context.Context, account int64, active bool) error {
	_, err := s.db.Exec(ctx, `UPDATE account SET active = ? WHERE id = ?`, active, account)
	return err
}

func (s store) grant(ctx context.Context, account int64, g Grant) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO account_role (account_id, role, agency_id) VALUES (?, ?, ?)
		ON CONFLICT (account_id, role, agency_id) DO NOTHING`, account, g.Role, g.AgencyID)
	return err
}

func (s store) dropRoles(ctx context.Context, account int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM account_role WHERE account_id = ?`, account)
	return err
}

func (s store) roles(ctx context.Context, account int64) ([]Grant, error) {
	var rows []struct {
		Role     Role  `db:"role"`
		AgencyID int64 `db:"agency_id"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT role, agency_id FROM account_role WHERE account_id = ? ORDER BY role, agency_id`, account)
	grants := make([]Grant, len(rows))
	for i, r := range rows {
		grants[i] = Grant(r)
	}
	return grants, err
}

// admins counts the accounts that may administer everything and can log in.
func (s store) admins(ctx context.Context) (n int, err error) {
	err = s.db.Get(ctx, &n, `
		SELECT count(*)
		FROM account_role AS r JOIN account AS a ON a.id = r.account_id
		WHERE r.role = 'admin' AND r.agency_id = 0 AND a.active`)
	return n, err
}

// everAdmin counts the administrators there are or were: set-up happens once.
func (s store) everAdmin(ctx context.Context) (n int, err error) {
	err = s.db.Get(ctx, &n, `SELECT count(*) FROM account_role WHERE role = 'admin'`)
	return n, err
}

func (s store) agencyExists(ctx context.Context, id int64) (bool, error) {
	var n int
	err := s.db.Get(ctx, &n, `SELECT count(*) FROM agency WHERE id = ?`, id)
	return n > 0, err
}

// staffRow is an account with one of its roles.
type staffRow struct {
	accountRow
	HasPassword bool   `db:"has_password"`
	CreatedMS   int64  `db:"created_ms"`
	SeenMS      int64  `db:"seen_ms"`
	Role        Role   `db:"role"`
	AgencyID    int64  `db:"agency_id"`
	AgencyName  string `db:"agency_name"`
}

// staffAccounts are the accounts that are more than a participant's, a row per role.
func (s store) staffAccounts(ctx context.Context) (rows []staffRow, err error) {
	err = s.db.Select(ctx, &rows, `
		SELECT a.id, COALESCE(a.person_id, 0) AS person_id, a.username, COALESCE(p.name, a.name) AS name, a.active,
			a.password_hash <> '' AS has_password, a.created_ms,
			COALESCE((SELECT max(s.seen_ms) FROM login_session AS s WHERE s.account_id = a.id), 0) AS seen_ms,
			r.role, r.agency_id, COALESCE(g.short_name, '') AS agency_name
		FROM account AS a
		JOIN account_role AS r ON r.account_id = a.id
		LEFT JOIN person AS p ON p.id = a.person_id
		LEFT JOIN agency AS g ON g.id = r.agency_id
		WHERE a.id IN (SELECT account_id FROM account_role WHERE role <> 'participant')
		ORDER BY a.id, r.role, r.agency_id`)
	return rows, err
}

// sessionRow is a session with its account and one of the account's roles.
type sessionRow struct {
	AccountID   int64  `db:"account_id"`
	EnrolmentID int64  `db:"enrolment_id"`
	SeenMS      int64  `db:"seen_ms"`
	ExpiresMS   int64  `db:"expires_ms"`
	PersonID    int64  `db:"person_id"`
	Name        string `db:"name"`
	Active      bool   `db:"active"`
	Role        Role   `db:"role"`
	RoleAgency  int64  `db:"role_agency"`
}

// session is the one read of an authenticated request.
func (s store) session(ctx context.Context, hash string) (rows []sessionRow, err error) {
	err = s.db.Select(ctx, &rows, `
		SELECT s.account_id, s.enrolment_id, s.seen_ms, s.expires_ms, COALESCE(a.person_id, 0) AS person_id,
			COALESCE(p.name, a.name) AS name, a.active, COALESCE(r.role, '') AS role, COALESCE(r.agency_id, 0) AS role_agency
		FROM login_session AS s
		JOIN account AS a ON a.id = s.account_id
		LEFT JOIN person AS p ON p.id = a.person_id
		LEFT JOIN account_role AS r ON r.account_id = a.id
		WHERE s.token_hash = ?
		ORDER BY r.role, r.agency_id`, hash)
	return rows, err
}

func (s store) insertSession(ctx context.Context, hash string, account, enrolment, nowMS, expiresMS int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO login_session (token_hash, account_id, enrolment_id, created_ms, seen_ms, expires_ms)
		VALUES (?, ?, ?, ?, ?, ?)`, hash, account, enrolment, nowMS, nowMS, expiresMS)
	return err
}

func (s store) touchSession(ctx context.Context, hash string, nowMS int64) error {
	_, err := s.db.Exec(ctx, `UPDATE login_session SET seen_ms = ? WHERE token_hash = ?`, nowMS, hash)
	return err
}

func (s store) deleteSession(ctx context.Context, hash string) error {
	_, err := s.db.Exec(ctx, `DELETE FROM login_session WHERE token_hash = ?`, hash)
	return err
}

func (s store) deleteSessionsOf(ctx context.Context, account int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM login_session WHERE account_id = ?`, account)
	return err
}

func (s store) sweepSessions(ctx context.Context, nowMS int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM login_session WHERE expires_ms <= ?`, nowMS)
	return err
}

// underWay counts the open attempts of a person.
func (s store) underWay(ctx context.Context, person int64) (n int, err error) {
	err = s.db.Get(ctx, &n, `
		SELECT count(*) FROM attempt AS a JOIN enrolment AS e ON e.id = a.enrolment_id
		WHERE e.person_id = ? AND a.state IN ('open', 'closing')`, person)
	return n, err
}
