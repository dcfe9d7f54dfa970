package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// sqliteDriver is the driver with the connection settings no DSN can name.
const sqliteDriver = "cakap_sqlite"

// minSQLite is the first release without the WAL-reset corruption.
const minSQLite = 3_051_003

func init() {
	sql.Register(sqliteDriver, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(`
			PRAGMA trusted_schema = OFF;
			PRAGMA cell_size_check = ON;
			PRAGMA mmap_size = 0;
			PRAGMA journal_size_limit = 67108864`, nil)
		return err
	}})
	sqlx.BindDriver(sqliteDriver, sqlx.QUESTION)
}

type sqlite struct{}

func (sqlite) name() string { return "sqlite" }

func (sqlite) versionQuery() string { return `SELECT 'SQLite ' || sqlite_version()` }

// dsn names a file with every setting spelt out: a PRAGMA by Exec reaches one
// connection of a pool, the DSN reaches them all.
func (sqlite) dsn(path string, more url.Values) string {
	q := url.Values{
		"_busy_timeout": {"5000"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"}, // the driver's own default, NORMAL, forgets acknowledged commits on power loss
		"_foreign_keys": {"on"},
		// Compiling a statement costs as much as running it; each connection keeps
		// those it used last.
		"_stmt_cache_size": {"200"},
	}
	maps.Copy(q, more)
	// A "#" or "?" in a folder's name would end the path early.
	escape := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")
	return "file:" + escape.Replace(path) + "?" + q.Encode()
}

func (d sqlite) open(ctx context.Context, path string) (write, read *sqlx.DB, err error) {
	// The write lock is taken at BEGIN: a deferred transaction that reads and
	// then writes fails at once under load, whatever the busy timeout.
	if write, err = sqlx.Open(sqliteDriver, d.dsn(path, url.Values{"_txlock": {"immediate"}})); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1) // a pool of writers is unfair: seconds of delay at the tail
	write.SetMaxIdleConns(1)
	if err := write.PingContext(ctx); err != nil { // creates the file and its WAL before a reader looks
		return nil, nil, errors.Join(err, write.Close())
	}
	if read, err = sqlx.Open(sqliteDriver, d.dsn(path, url.Values{"_query_only": {"on"}})); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return write, read, nil
}

// assert reads the settings back, because the driver ignores what it does not know.
func (sqlite) assert(ctx context.Context, db *sqlx.DB) error {
	for _, want := range []struct{ pragma, value string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "5000"},
		{"trusted_schema", "0"}, {"cell_size_check", "1"},
	} {
		var got string
		if err := db.GetContext(ctx, &got, "PRAGMA "+want.pragma); err != nil {
			return fmt.Errorf("read %s: %w", want.pragma, err)
		}
		if got != want.value {
			return fmt.Errorf("SQLite runs with %s=%s, want %s: refusing to start, acknowledged answers would not be safe", want.pragma, got, want.value)
		}
	}
	if _, number, _ := sqlite3.Version(); number < minSQLite {
		return fmt.Errorf("SQLite %d is older than %d and may corrupt its log: refusing to start", number, minSQLite)
	}
	return nil
}

func (sqlite) beforeClose(db *sqlx.DB) {
	// Best effort: an unfolded log is replayed at the next start.
	_, _ = db.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
}

func (sqlite) translate(err error) error {
	if err == nil {
		return nil
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return noRows(err)
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case sqlite3.ErrConstraintForeignKey, sqlite3.ErrConstraintCheck, sqlite3.ErrConstraintNotNull, sqlite3.ErrConstraintTrigger:
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT { // "disk I/O error", where SQLite grows its index
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// migration opens a connection of its own with foreign keys off: with them on,
// rebuilding a table (create, copy, drop, rename) silently deletes every row
// that references it. The check runs inside each migration's transaction.
func (d sqlite) migration(_ context.Context, path string) (migrator, error) {
	db, err := sql.Open(sqliteDriver, d.dsn(path, url.Values{"_txlock": {"immediate"}, "_foreign_keys": {"off"}}))
	if err != nil {
		return migrator{}, err
	}
	db.SetMaxOpenConns(1)
	return migrator{
		db: db, dialect: goose.DialectSQLite3, close: db.Close,
		check: `SELECT count(*) FROM pragma_foreign_key_check`,
	}, nil
}

// backup writes a consistent copy beside file, checks it, and renames it.
// VACUUM INTO is used because the chunked backup API never ends on a busy
// database and reports success on an empty copy.
func (d sqlite) backup(ctx context.Context, db *DB, file string) error {
	tmp := file + ".partial"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := db.write.ExecContext(ctx, `VACUUM INTO ?`, tmp); err != nil {
		return d.translate(err)
	}
	if err := d.checkCopy(ctx, db, tmp); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return err
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		return err
	}
	return syncFile(filepath.Dir(file))
}

func (d sqlite) checkCopy(ctx context.Context, db *DB, file string) (err error) {
	copied, err := sql.Open(sqliteDriver, "file:"+file+"?mode=ro&_query_only=on")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	var verdict string
	if err := copied.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy is damaged: %s", verdict)
	}
	// An empty copy passes integrity_check, so its tables are counted too.
	var want, got int
	const tables = `SELECT count(*) FROM sqlite_schema WHERE type = 'table'`
	if err := copied.QueryRowContext(ctx, tables).Scan(&got); err != nil {
		return err
	}
	if err := db.read.GetContext(ctx, &want, tables); err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("the copy has %d tables, the database %d", got, want)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
