package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// What a Guard looks for.
const (
	// Reserve is the free space below which nothing new may begin: what is left
	// belongs to the answers of people who have begun.
	Reserve = 64 << 20
	// Ballast is the size of the file beside the database that is given up where
	// a server starts on a full disk, since SQLite cannot even read then.
	Ballast = 8 << 20
	// LogAlarm is the size of SQLite's write-ahead log at which something is
	// wrong: usually a reader that does not end, behind which it cannot be folded.
	LogAlarm = 64 << 20

	startNeeds = 2 << 20 // free space without which SQLite does not open
)

// measure is freeSpace, except in tests.
var measure = freeSpace

// Guard keeps an eye on the disk below a SQLite database. PostgreSQL's disk is
// its own server's affair.
type Guard struct {
	db       *DB
	log      *slog.Logger
	reserve  int64
	logAlarm int64
	free     func(dir string) (int64, error)

	low           atomic.Bool
	longLog, bare bool // said already: that the log is long, that there is no ballast
}

// NewGuard makes a guard; Run sets it to work.
func NewGuard(db *DB, log *slog.Logger) *Guard {
	return &Guard{db: db, log: log, reserve: Reserve, logAlarm: LogAlarm, free: measure}
}

// Low reports whether the disk is nearly full. It is asked on every start of an
// attempt, and costs nothing.
func (g *Guard) Low() bool { return g.low.Load() }

// Run looks every interval until ctx ends, the first time at once.
func (g *Guard) Run(ctx context.Context, interval time.Duration) {
	if g.db.Engine() != "sqlite" {
		return
	}
	for {
		g.Look()
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
		}
	}
}

// Look looks once, says what it finds when it changes, and sets ballast aside
// while there is plenty of space.
func (g *Guard) Look() {
	if g.db.Engine() != "sqlite" {
		return
	}
	free, err := g.free(filepath.Dir(g.db.url))
	if err != nil {
		g.log.Error("look at the free space", "err", err)
		return
	}
	if low := free < g.reserve; low != g.low.Swap(low) {
		if low {
			g.log.Error("the disk is nearly full: new attempts are refused, answers are still saved", "free", free, "reserve", g.reserve)
		} else {
			g.log.Info("there is enough space on the disk again", "free", free)
		}
	}
	g.ballast(free)
	g.walk()
}

// walk raises the alarm about a long log once, and again after it was short.
func (g *Guard) walk() {
	info, err := os.Stat(g.db.url + "-wal")
	long := err == nil && info.Size() > g.logAlarm
	if long && !g.longLog {
		g.log.Error("the write-ahead log of the database grows: something reads without end, and it cannot be folded back", "bytes", info.Size(), "alarm", g.logAlarm)
	}
	g.longLog = long
}

// BallastFile is where the ballast of a SQLite database lies.
func BallastFile(database string) string { return database + ".ballast" }

// ballast makes the file where it is missing and there is space for it twice.
func (g *Guard) ballast(free int64) {
	name := BallastFile(g.db.url)
	if _, err := os.Stat(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if free < g.reserve+Ballast {
		if !g.bare {
			g.log.Warn("there is no ballast beside the database and no space to make it; a start on a full disk would fail", "file", name)
		}
		g.bare = true
		return
	}
	g.bare = false
	if err := writeBallast(name); err != nil {
		g.log.Error("make the ballast", "err", err)
	}
}

// writeBallast writes what a file system cannot make smaller.
func writeBallast(name string) error {
	content, source := make([]byte, Ballast), rand.NewChaCha8([32]byte{})
	_, _ = source.Read(content) // never fails
	tmp := name + ".partial"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

// releaseBallast gives the ballast up where the disk is too full to open the
// database. The guard makes it again when there is space.
func releaseBallast(url string) error {
	if IsPostgres(url) {
		return nil
	}
	free, err := measure(filepath.Dir(url))
	if err != nil || free >= startNeeds {
		return nil //nolint:nilerr // what cannot be measured is not full
	}
	switch err := os.Remove(BallastFile(url)); {
	case err == nil:
		slog.Error("the disk is full: the ballast beside the database was given up to start; free some space now", "file", BallastFile(url))
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("give the ballast up: %w", err)
	}
	return nil
}
