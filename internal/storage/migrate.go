package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer is a database that a newer release has already migrated.
var ErrNewer = errors.New("the database is newer than this binary")

// Migrate applies pending migrations, each in one transaction, forward only.
// A file NAME.sql serves both engines; where they must differ,
// NAME.sqlite.sql and NAME.postgres.sql stand in its place.
func (db *DB) Migrate(ctx context.Context) error {
	if err := db.migrate(ctx, migrations); err != nil {
		return fmt.Errorf("storage: migrate: %w", db.dialect.translate(err))
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, files fs.FS) (err error) {
	m, err := db.dialect.migration(ctx, db.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	steps, newest, err := steps(files, db.dialect.name(), m.check)
	if err != nil {
		return err
	}
	options := append([]goose.ProviderOption{
		goose.WithGoMigrations(steps...),
		goose.WithDisableGlobalRegistry(true),
	}, m.options...)
	provider, err := goose.NewProvider(m.dialect, m.db, nil, options...)
	if err != nil {
		return err
	}
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if current > newest {
		return fmt.Errorf("%w: it is at migration %d, the binary knows %d", ErrNewer, current, newest)
	}
	_, err = provider.Up(ctx)
	return err
}

// steps turns the SQL files into goose migrations that end with check inside
// their own transaction; goose's own SQL runner has no such hook.
func steps(files fs.FS, engine, check string) (all []*goose.Migration, newest int64, err error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, 0, err
	}
	for _, name := range names {
		version, runs, err := parseName(name, engine)
		if err != nil {
			return nil, 0, err
		}
		if !runs {
			continue
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			return runStep(ctx, tx, name, string(body), check)
		}}, nil))
		newest = max(newest, version)
	}
	return all, newest, nil
}

func runStep(ctx context.Context, tx *sql.Tx, name, body, check string) error {
	if _, err := tx.ExecContext(ctx, body); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if check == "" {
		return nil
	}
	var orphans int
	if err := tx.QueryRowContext(ctx, check).Scan(&orphans); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if orphans > 0 {
		return fmt.Errorf("%s: %d rows lost what they reference", name, orphans)
	}
	return nil
}

// parseName reads "migrations/0007_units.sqlite.sql" as version 7, and whether
// the engine runs it.
func parseName(file, engine string) (version int64, runs bool, err error) {
	name := strings.TrimSuffix(path.Base(file), ".sql")
	name, only, special := strings.Cut(name, ".")
	number, _, _ := strings.Cut(name, "_")
	version, err = strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, false, fmt.Errorf("%s: a migration's name begins with its number: %w", file, err)
	}
	return version, !special || only == engine, nil
}
