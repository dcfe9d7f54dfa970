package storage

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// dialect is everything that differs between engines. Keep it this small:
// add a method only when portable SQL cannot say the thing.
type dialect interface {
	name() string
	open(ctx context.Context, url string) (write, read *sqlx.DB, err error)
	assert(ctx context.Context, db *sqlx.DB) error
	translate(err error) error
	versionQuery() string
	beforeClose(db *sqlx.DB)
	migration(ctx context.Context, url string) (migrator, error)
	backup(ctx context.Context, db *DB, file string) error
}

// migrator is how an engine wants its schema changed.
type migrator struct {
	db      *sql.DB
	dialect goose.Dialect
	options []goose.ProviderOption
	check   string // run last in every migration's transaction: must count zero
	close   func() error
}

func noRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
