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
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/demo"
	"cakap/internal/people"
	"cakap/internal/seed"
	"cakap/internal/storage"
)

// Attempt is one attempt under way, ready to be answered.
type Attempt struct {
	Enrolment int64
	Items     int
	Bearer    string
	Seq       int64 // the last one given
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

// Fill makes n people with an attempt under way each.
func Fill(ctx context.Context, p Place, n int) (attempts []Attempt, err error) {
	db, keys, err := p.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	now, svc := time.Now(), people.New(db)
	if err := seed.All(ctx, db, svc, now); err != nil {
		return nil, err
	}
	agency, err := svc.AgencyByCode(ctx, access.Scope{All: true}, "6400")
	if err != nil {
		return nil, err
	}
	roster := demo.Roster(0, n, now)
	report, err := svc.Import(ctx, people.ImportRequest{
		FileName: "rig.csv", File: roster, Size: roster.Size(), AgencyID: agency.ID, SkipRejected: true, By: people.By{Scope: access.Scope{All: true}, Now: now},
	})
	if err != nil || !report.Saved {
		return nil, fmt.Errorf("rig roster: saved %v: %w", report.Saved, err)
	}
	writer := assessment.NewWriter(db, time.Now, commit.For(db.Engine()))
	defer writer.Close()
	as := assessment.New(assessment.Options{DB: db, Writer: writer, Keys: keys, Log: slog.New(slog.DiscardHandler)})
	return start(ctx, as, keys, agency.ID, now)
}

// start opens an event for the agency and starts everybody's attempt.
func start(ctx context.Context, as *assessment.Service, keys *access.Keys, agency int64, now time.Time) ([]Attempt, error) {
	actor := assessment.Actor{Scope: access.Scope{All: true}}
	blueprint, err := as.BlueprintByCode(ctx, "LENGKAP") // two hours: longer than any rig runs
	if err != nil {
		return nil, err
	}
	e, err := as.CreateEvent(ctx, actor, assessment.NewEvent{
		Code: "RIG", Name: "Rig", Owner: agency, Blueprint: blueprint.ID, OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(24 * time.Hour),
	})
	if err != nil {
		return nil, err
	}
	if _, err := as.Enrol(ctx, actor, assessment.EnrolRequest{Event: e.ID, Agencies: []int64{agency}}); err != nil {
		return nil, err
	}
	if _, err := as.Prepare(ctx, actor, e.ID); err != nil {
		return nil, err
	}
	codes, err := as.IssueStartCodes(ctx, actor, assessment.CodeRequest{Event: e.ID})
	if err != nil {
		return nil, err
	}
	if err := as.Open(ctx, actor, e.ID, assessment.Surroundings{BackupAge: -1}); err != nil {
		return nil, err
	}
	var all []Attempt
	for _, c := range codes {
		taker := assessment.Taker{Person: c.Enrolment.Person}
		if _, err := as.Start(ctx, taker, c.Enrolment.ID, "rig", ""); err != nil {
			return nil, err
		}
		t, err := as.Ticket(ctx, taker, c.Enrolment.ID, "rig")
		if err != nil {
			return nil, err
		}
		all = append(all, Attempt{
			Enrolment: t.Enrolment, Items: len(t.Shape),
			Bearer: keys.Bearer(t.Bearer()),
		})
	}
	return all, nil
}
