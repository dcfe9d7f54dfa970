package access

import (
	"context"
	"fmt"
	"time"
)

// ActivationState is how far somebody is on the way to a password.
type ActivationState string

// The states. A code that is out and unused counts before everything else: who
// forgot a password and was given a new code has it in hand.
const (
	NoCode      ActivationState = "none"
	CodeIssued  ActivationState = "issued"
	CodeUsed    ActivationState = "used" // has a password
	CodeExpired ActivationState = "expired"
)

// Activation is the state of one person.
type Activation struct {
	PersonID int64
	UnitID   int64 // of the first level; 0 where nobody said
	State    ActivationState
	Expires  time.Time // of a code that is out or has ended; else zero
}

type activationRow struct {
	PersonID  int64 `db:"person_id"`
	OPDID     int64 `db:"opd_id"`
	Password  bool  `db:"password"`
	ExpiresMS int64 `db:"expires_ms"`
}

func (r activationRow) state(now time.Time) Activation {
	a := Activation{PersonID: r.PersonID, UnitID: r.OPDID, State: NoCode}
	if r.ExpiresMS != 0 {
		a.Expires = time.UnixMilli(r.ExpiresMS)
	}
	switch {
	case r.ExpiresMS > now.UnixMilli():
		a.State = CodeIssued
	case r.Password:
		a.State = CodeUsed
	case r.ExpiresMS != 0:
		a.State = CodeExpired
	}
	return a
}

// Activations are the states of the active people of an agency who are no
// staff, in the order of ids; of those in one first-level unit where unit is
// not 0. Another agency's are not found: there are none.
func (s *Service) Activations(ctx context.Context, scope Scope, agency, unit int64) ([]Activation, error) {
	if !scope.Covers(agency) {
		return nil, nil
	}
	rows, err := store{s.db}.activations(ctx, agency, unit)
	if err != nil {
		return nil, fmt.Errorf("list activations: %w", err)
	}
	all, now := make([]Activation, len(rows)), s.now()
	for i, r := range rows {
		all[i] = r.state(now)
	}
	return all, nil
}

// ActivationOf are the states of some people, by id. Those outside the scope
// and staff are left out.
func (s *Service) ActivationOf(ctx context.Context, scope Scope, people []int64) (map[int64]Activation, error) {
	all, now := map[int64]Activation{}, s.now()
	for _, id := range people {
		row, agency, err := store{s.db}.activationOf(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("load activation: %w", err)
		}
		if row.PersonID != 0 && scope.Covers(agency) {
			all[id] = row.state(now)
		}
	}
	return all, nil
}

func (s store) activations(ctx context.Context, agency, unit int64) (rows []activationRow, err error) {
	err = s.db.Select(ctx, &rows, `
		SELECT p.id AS person_id, COALESCE(u.opd_id, 0) AS opd_id, COALESCE(a.password_hash, '') <> '' AS password,
			COALESCE((SELECT max(c.expires_ms) FROM activation_code AS c WHERE c.person_id = p.id AND c.used_ms IS NULL), 0) AS expires_ms
		FROM person AS p
		LEFT JOIN unit AS u ON u.id = p.unit_id
		LEFT JOIN account AS a ON a.person_id = p.id
		WHERE p.agency_id = ? AND p.active AND (CAST(? AS BIGINT) = 0 OR u.opd_id = ?)
			AND NOT EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role <> 'participant')
		ORDER BY p.id`, agency, unit, unit)
	return rows, err
}

func (s store) activationOf(ctx context.Context, person int64) (activationRow, int64, error) {
	var rows []struct {
		activationRow
		AgencyID int64 `db:"agency_id"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT p.id AS person_id, p.agency_id, 0 AS opd_id, COALESCE(a.password_hash, '') <> '' AS password,
			COALESCE((SELECT max(c.expires_ms) FROM activation_code AS c WHERE c.person_id = p.id AND c.used_ms IS NULL), 0) AS expires_ms
		FROM person AS p
		LEFT JOIN account AS a ON a.person_id = p.id
		WHERE p.id = ? AND p.active
			AND NOT EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role <> 'participant')`, person)
	if err != nil || len(rows) == 0 {
		return activationRow{}, 0, err
	}
	return rows[0].activationRow, rows[0].AgencyID, nil
}
