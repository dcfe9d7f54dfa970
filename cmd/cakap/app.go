package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/seed"
	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/reports"
)

// place is where an installation keeps its data.
type place struct {
	database string
	keyFile  string
	founds   bool // the command may begin an installation, and so make its key
}

// register adds the flags every command that opens the database has.
func (p *place) register(fs *flag.FlagSet) {
	fs.StringVar(&p.database, "database", env("CAKAP_DATABASE", "data/cakap.db"), "SQLite file or postgres://… URL (CAKAP_DATABASE)")
	fs.StringVar(&p.keyFile, "key-file", env("CAKAP_KEY_FILE", ""), "file with the server's key; default beside the SQLite file, needed for PostgreSQL, the same on every node (CAKAP_KEY_FILE)")
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// app is the domain packages, wired.
type app struct {
	place
	db         *storage.DB
	keys       *access.Keys
	clock      *assessment.Clock
	writer     *commit.Writer
	logins     *commit.Writer
	disk       *storage.Guard
	access     *access.Service
	assessment *assessment.Service
	people     *people.Service
	bank       *questionbank.Service
	reports    *reports.Service
	log        *slog.Logger
}

var errKeyFile = errors.New("PostgreSQL needs --key-file, the same file on every node")

// open connects to the database, migrates it, seeds what every installation
// has, and wires the services.
func open(ctx context.Context, p place, log *slog.Logger) (*app, error) {
	a := &app{place: p, log: log, clock: assessment.NewClock()}
	if err := a.connect(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) connect(ctx context.Context) (err error) {
	if a.keyFile = keyFileOf(a.place); a.keyFile == "" {
		return errKeyFile
	}
	founded := false
	if !storage.IsPostgres(a.database) {
		if founded, err = makeFile(a.database); err != nil {
			return err
		}
	}
	// A mistyped name must not make a key: every code and link would be void.
	if a.keys, err = access.LoadKeys(a.keyFile, a.founds || founded); err != nil {
		return err
	}
	if a.db, err = storage.Open(ctx, a.database); err != nil {
		return err
	}
	if err := a.db.Migrate(ctx); err != nil {
		return err
	}
	a.disk = storage.NewGuard(a.db, a.log)
	if assessment.ClockRig() {
		a.log.Error("THE MACHINE'S CLOCK IS REPLACED BY A RIG'S: this server is for a test only")
	}
	if err := assessment.ResumeClock(ctx, a.db, a.clock, a.log); err != nil {
		return err
	}
	now := a.clock.Now
	a.people = people.New(a.db)
	if err := seed.All(ctx, a.db, a.people, now()); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	a.writer = newWriter(a.db, now, a.log)
	a.logins = commit.New(a.db, loginOptions(a.db, a.log))
	a.access = access.New(a.db, a.keys, now)
	a.access.CommitBy(func(ctx context.Context, key int64, work func(context.Context, storage.Querier) error) error {
		return a.logins.Do(ctx, key, work)
	})
	a.assessment = assessment.New(assessment.Options{DB: a.db, Writer: a.writer, Keys: a.keys, Now: now, Log: a.log, Low: a.disk.Low})
	a.bank = &questionbank.Service{DB: a.db, Now: now, Formats: format.All()}
	a.reports = reports.New(a.db)
	return nil
}

// keyFileOf is where the key lies unless it was said: beside the SQLite file,
// and nowhere for PostgreSQL.
func keyFileOf(p place) string {
	if p.keyFile == "" && !storage.IsPostgres(p.database) {
		return p.database + ".key"
	}
	return p.keyFile
}

// makeFile makes a new database's folder and empty file, which nobody else may
// read; SQLite gives its log the same mode. founded is whether it was new.
func makeFile(name string) (founded bool, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return false, fmt.Errorf("make data folder: %w", err)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("make database file: %w", err)
	}
	return true, f.Close()
}

// crashRig makes the writer answer before it commits. Only the crash rig sets
// it, to prove that it would notice; a server that runs so says it loudly.
const crashRig = "CAKAP_CRASH_RIG"

func newWriter(db *storage.DB, now func() time.Time, log *slog.Logger) *commit.Writer {
	opts := commit.For(db.Engine())
	opts.Log = log
	if os.Getenv(crashRig) == "ack-before-commit" {
		log.Error("ANSWERS ARE ACKNOWLEDGED BEFORE THEY ARE STORED: this server is for the crash rig only")
		return commit.NewBroken(db, assessment.WriterOptions(db, now, opts))
	}
	return assessment.NewWriter(db, now, opts)
}

// loginOptions keep the groups of log-ins small, since a save may have to wait
// for one, and refuse log-ins before they wait as long as people have patience.
func loginOptions(db *storage.DB, log *slog.Logger) commit.Options {
	opts := commit.For(db.Engine())
	opts.Shards, opts.Batch, opts.Queue, opts.Wait, opts.Log = 1, 64, 1024, 2*time.Second, log
	return opts
}

func (a *app) close() error {
	if a.logins != nil {
		a.logins.Close()
	}
	if a.writer != nil {
		a.writer.Close()
	}
	if a.db == nil {
		return nil
	}
	return a.db.Close()
}

// operator is who acts on the command line: the system, on every agency.
func operator() assessment.Actor { return assessment.Actor{Scope: access.Scope{All: true}} }

// surroundings is what preflight looks at outside the database.
func (a *app) surroundings() assessment.Surroundings {
	return assessment.Surroundings{ClockDrift: a.clock.Drift(), BackupAge: a.backupAge()}
}

// backupMark lies beside the SQLite file, or the key file, and is touched by
// every good backup.
func backupMark(keyFile string) string { return keyFile + ".backup" }

func (a *app) backupAge() time.Duration {
	info, err := os.Stat(backupMark(a.keyFile))
	if err != nil {
		return -1
	}
	return max(time.Since(info.ModTime()), 0)
}

// with opens the app for one command and closes it afterwards.
func with(ctx context.Context, std stdio, p place, work func(a *app) error) (err error) {
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := open(ctx, p, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return work(a)
}
