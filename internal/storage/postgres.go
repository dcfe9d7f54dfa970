package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const minPostgres = 150000

type postgres struct{}

func (postgres) name() string { return "postgres" }

func (postgres) versionQuery() string {
	return `SELECT 'PostgreSQL ' || current_setting('server_version')`
}

func (postgres) connect(url string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	// A role's or database's own default must not turn durability off.
	cfg.RuntimeParams["synchronous_commit"] = "on"
	cfg.RuntimeParams["timezone"] = "UTC"
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "cakap"
	}
	return stdlib.OpenDB(*cfg), nil
}

func (d postgres) open(_ context.Context, url string) (write, read *sqlx.DB, err error) {
	pool, err := d.connect(url)
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(20)
	db := sqlx.NewDb(pool, "pgx")
	return db, db, nil
}

func (postgres) assert(ctx context.Context, db *sqlx.DB) error {
	var version int
	if err := db.GetContext(ctx, &version, `SELECT CAST(current_setting('server_version_num') AS INTEGER)`); err != nil {
		return err
	}
	if version < minPostgres {
		return fmt.Errorf("PostgreSQL %d is too old, 15 or newer is needed", version/10000)
	}
	for _, name := range []string{"synchronous_commit", "fsync", "full_page_writes"} {
		var got string
		if err := db.GetContext(ctx, &got, `SELECT current_setting($1)`, name); err != nil {
			return err
		}
		// fsync is the server's own affair in a test cluster; there it must be said.
		if got != "on" && os.Getenv("CAKAP_ALLOW_UNSAFE_POSTGRES") == "" {
			return fmt.Errorf("PostgreSQL runs with %s=%s: refusing to start, acknowledged answers would not be safe", name, got)
		}
	}
	return nil
}

func (postgres) beforeClose(*sqlx.DB) {}

func (postgres) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		var network net.Error
		if errors.As(err, &network) || errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
		return noRows(err)
	}
	switch e.Code {
	case "23505":
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case "23503", "23514", "23502", "23001":
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	case "53100":
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	switch e.Code[:2] {
	case "08", "40", "53", "57":
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// migration holds a session lock, so nodes that start together migrate once.
func (d postgres) migration(_ context.Context, url string) (migrator, error) {
	db, err := d.connect(url)
	if err != nil {
		return migrator{}, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return migrator{}, errors.Join(err, db.Close())
	}
	return migrator{
		db: db, dialect: goose.DialectPostgres, close: db.Close,
		options: []goose.ProviderOption{goose.WithSessionLocker(locker)},
	}, nil
}

// backup runs pg_dump, PostgreSQL's own consistent copy. The password goes by
// the environment, since anybody on the machine may read a command line.
func (postgres) backup(ctx context.Context, db *DB, file string) error {
	tool, err := exec.LookPath("pg_dump")
	if err != nil {
		return fmt.Errorf("pg_dump is not installed: %w", err)
	}
	cfg, err := pgx.ParseConfig(db.url)
	if err != nil {
		return err
	}
	tmp := file + ".partial"
	args := []string{"--format=custom", "--file=" + tmp, "--host=" + cfg.Host, fmt.Sprintf("--port=%d", cfg.Port), "--username=" + cfg.User, "--dbname=" + cfg.Database}
	if path := cfg.RuntimeParams["search_path"]; path != "" {
		args = append(args, "--schema="+path)
	}
	cmd := exec.CommandContext(ctx, tool, args...) //nolint:gosec // the arguments come from the operator's own configuration
	cmd.Env = append(os.Environ(), "PGPASSWORD="+cfg.Password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_dump: %w: %s", err, strings.TrimSpace(string(out)))
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return err
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}
