package questionbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// StoredScheme is a level scheme as the database holds it.
type StoredScheme struct {
	scoring.Scheme
	Default bool
}

type schemeRow struct {
	Code      string `db:"code"`
	Version   int    `db:"version"`
	Name      string `db:"name"`
	Bands     string `db:"bands"`
	IsDefault bool   `db:"is_default"`
}

func (r schemeRow) scheme() (StoredScheme, error) {
	s := StoredScheme{Scheme: scoring.Scheme{Code: r.Code, Version: r.Version, Name: r.Name}, Default: r.IsDefault}
	if err := json.Unmarshal([]byte(r.Bands), &s.Bands); err != nil {
		return StoredScheme{}, fmt.Errorf("questionbank: bands of scheme %s/%d: %w", r.Code, r.Version, err)
	}
	return s, nil
}

// LevelScheme loads the version of a scheme that an event or a result names.
func LevelScheme(ctx context.Context, q storage.Querier, code string, version int) (scoring.Scheme, error) {
	var row schemeRow
	err := q.Get(ctx, &row, `
		SELECT code, version, name, bands, is_default FROM level_scheme WHERE code = ? AND version = ?`, code, version)
	return oneScheme(row, err)
}

// DefaultScheme is the scheme a new event takes unless another is chosen.
func DefaultScheme(ctx context.Context, q storage.Querier) (scoring.Scheme, error) {
	var row schemeRow
	err := q.Get(ctx, &row, `
		SELECT code, version, name, bands, is_default FROM level_scheme WHERE is_default
		ORDER BY version DESC, code LIMIT 1`)
	return oneScheme(row, err)
}

func oneScheme(row schemeRow, err error) (scoring.Scheme, error) {
	if errors.Is(err, storage.ErrNotFound) {
		return scoring.Scheme{}, fault.New(fault.NotFound, "questionbank.no_scheme")
	}
	if err != nil {
		return scoring.Scheme{}, fmt.Errorf("load level scheme: %w", err)
	}
	s, err := row.scheme()
	return s.Scheme, err
}
