package storage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Scratch makes an empty database where the one at location lies: a file in a
// new folder beside the SQLite file, so on the same disk, or a new schema of
// the same PostgreSQL database. Nothing in the real one is read or written.
// drop removes it, whatever happened in between.
func Scratch(ctx context.Context, location string) (scratch string, drop func() error, err error) {
	if !IsPostgres(location) {
		dir, err := os.MkdirTemp(filepath.Dir(location), "cakap-scratch-")
		if err != nil {
			return "", nil, fmt.Errorf("make scratch folder: %w", err)
		}
		return filepath.Join(dir, "cakap.db"), func() error { return os.RemoveAll(dir) }, nil
	}
	name := fmt.Sprintf("cakap_scratch_%d_%d", os.Getpid(), time.Now().UnixNano())
	if err := schema(ctx, location, "CREATE SCHEMA "+name); err != nil {
		return "", nil, fmt.Errorf("make scratch schema: %w", err)
	}
	u, err := url.Parse(location)
	if err != nil {
		return "", nil, fmt.Errorf("read database address: %w", err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String(), func() error {
		// The caller's context may be the reason why it stops.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return schema(ctx, location, "DROP SCHEMA "+name+" CASCADE")
	}, nil
}

// schema runs one statement of our own on a connection of its own.
func schema(ctx context.Context, location, statement string) (err error) {
	db, err := postgres{}.connect(location)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, statement)
	return err
}
