// Package rig is what the benchmarks and the crash rig share: a database with
// many attempts under way, and a client that saves answers over a connection of
// its own with as little work as it can, since it shares the machine with the
// server it measures.
package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/storage"
)

// Attempt is one attempt under way, ready to be answered.
type Attempt struct {
	Candidate
	Items  int
	Bearer string
	Seq    int64 // the last one given
}

// Place is where a rig's database and key lie.
type Place struct {
	Database string
	KeyFile  string
	drop     func() error
}

// NewPlace makes an empty database of an engine: a SQLite file in a temporary
// folder on a real disk, or a fresh database of the server that
// CAKAP_TEST_POSTGRES names.
func NewPlace(engine string) (Place, error) {
	dir, err := os.MkdirTemp(filepath.Join("bench", "out"), "rig-")
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Join("bench", "out"), 0o750); err == nil {
			dir, err = os.MkdirTemp(filepath.Join("bench", "out"), "rig-")
		}
	}
	if err != nil {
		return Place{}, err
	}
	p := Place{Database: filepath.Join(dir, "cakap.db"), KeyFile: filepath.Join(dir, "cakap.key"), drop: func() error { return os.RemoveAll(dir) }}
	if engine != "postgres" {
		return p, nil
	}
	server := os.Getenv("CAKAP_TEST_POSTGRES")
	if server == "" {
		return p, errors.New("CAKAP_TEST_POSTGRES names no server; `export CAKAP_TEST_POSTGRES=$(.ci/postgres)` starts one")
	}
	name := fmt.Sprintf("rig_%d_%d", os.Getpid(), time.Now().UnixNano())
	if err := psql(server, "CREATE SCHEMA "+name); err != nil {
		return p, err
	}
	sep := "?"
	if strings.Contains(server, "?") {
		sep = "&"
	}
	p.Database = server + sep + "search_path=" + name
	remove := p.drop
	p.drop = func() error { return errors.Join(psql(server, "DROP SCHEMA "+name+" CASCADE"), remove()) }
	return p, nil
}

// psql runs one statement through PostgreSQL's own client, since only
// internal/storage may know a driver.
func psql(server, statement string) error {
	out, err := exec.Command("psql", "-q", "-d", server, "-c", statement).CombinedOutput() //nolint:gosec,noctx // our own statement, and it ends at once
	if err != nil {
		return fmt.Errorf("psql: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// Close removes everything.
func (p Place) Close() error { return p.drop() }

// Open connects to the place as the server does.
func (p Place) Open(ctx context.Context) (*storage.DB, *access.Keys, error) {
	keys, err := access.LoadKeys(p.KeyFile, true)
	if err != nil {
		return nil, nil, err
	}
	db, err := storage.Open(ctx, p.Database)
	return db, keys, err
}
