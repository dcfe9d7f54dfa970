package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Errors every engine reports alike. Match them with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("already exists")
	ErrInvalid  = errors.New("violates a constraint")
	ErrFull     = errors.New("storage is full")
	ErrBusy     = errors.New("storage is busy or away")
)

// Querier runs portable SQL. A *DB and an open transaction both satisfy it,
// so a store built on a Querier works the same inside and outside Tx.
type Querier interface {
	// Get scans the first row into dest; no row is ErrNotFound.
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select scans every row into dest, a pointer to a slice.
	Select(ctx context.Context, dest any, query string, args ...any) error
	// Exec returns the number of rows affected.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// Stream calls row once per row with a function that scans it into a
	// struct pointer; results of any size take constant memory.
	Stream(ctx context.Context, query string, args []any, row func(scan func(dest any) error) error) error
}

// DB is a database: one writer and many readers on SQLite, one pool on
// PostgreSQL. Reads outside a transaction may run on a reader connection.
type DB struct {
	write, read *sqlx.DB
	dialect     dialect
	url         string
}

// Open opens "postgres://..." or a SQLite file path, and refuses a database
// whose settings would lose an acknowledged answer.
func Open(ctx context.Context, url string) (*DB, error) {
	d := dialect(sqlite{})
	if IsPostgres(url) {
		d = postgres{}
	}
	if err := releaseBallast(url); err != nil {
		return nil, fmt.Errorf("storage: open: %w", err)
	}
	write, read, err := d.open(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("storage: open: %w", d.translate(err))
	}
	db := &DB{write: write, read: read, dialect: d, url: url}
	if err := db.assert(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: open: %w", d.translate(err)), db.Close())
	}
	return db, nil
}

// IsPostgres reports whether url names a PostgreSQL database.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

func (db *DB) assert(ctx context.Context) error {
	if err := db.dialect.assert(ctx, db.write); err != nil {
		return err
	}
	if db.read == db.write {
		return nil
	}
	return db.dialect.assert(ctx, db.read)
}

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return db.dialect.name() }

// Version is the engine's own version text, for `cakap doctor`.
func (db *DB) Version(ctx context.Context) (string, error) {
	var v string
	err := db.read.GetContext(ctx, &v, db.dialect.versionQuery())
	return v, err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.dialect.translate(db.write.PingContext(ctx)) }

// Close folds the write-ahead log back (SQLite) and closes every connection.
func (db *DB) Close() error {
	var err error
	if db.read != db.write {
		err = db.read.Close()
	}
	db.dialect.beforeClose(db.write)
	return errors.Join(err, db.write.Close())
}

// Get implements Querier.
func (db *DB) Get(ctx context.Context, dest any, query string, args ...any) error {
	return db.on(db.read).Get(ctx, dest, query, args...)
}

// Select implements Querier.
func (db *DB) Select(ctx context.Context, dest any, query string, args ...any) error {
	return db.on(db.read).Select(ctx, dest, query, args...)
}

// Exec implements Querier.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return db.on(db.write).Exec(ctx, query, args...)
}

// readMost is how long one reader may take: a reader that does not end keeps
// SQLite from folding its log back, and PostgreSQL from cleaning up.
var readMost = 10 * time.Minute

// Stream implements Querier.
func (db *DB) Stream(ctx context.Context, query string, args []any, row func(scan func(dest any) error) error) error {
	ctx, cancel := context.WithTimeout(ctx, readMost)
	defer cancel()
	return db.on(db.read).Stream(ctx, query, args, row)
}

// Tx runs fn in one transaction, committed if fn returns nil. Name fn's
// parameter db: shadowing the outer handle makes it impossible to step
// outside the transaction by accident (on SQLite that would wait for ever for
// the one writer connection).
func (db *DB) Tx(ctx context.Context, fn func(db Querier) error) error {
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return db.dialect.translate(err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit this does nothing
	if err := fn(db.on(tx)); err != nil {
		return err
	}
	return db.dialect.translate(tx.Commit())
}

// Check compiles query without running it.
func (db *DB) Check(ctx context.Context, query string) error {
	stmt, err := db.write.PreparexContext(ctx, db.write.Rebind(query))
	if err != nil {
		return err
	}
	return stmt.Close() //nolint:sqlclosecheck // its error is the answer
}
