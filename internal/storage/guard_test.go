package storage

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
)

// guarded is a SQLite database with a guard that believes what the test says.
func guarded(t *testing.T, free *int64) (db *DB, g *Guard, log *bytes.Buffer, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "cakap.db")
	db, err := Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	log = &bytes.Buffer{}
	g = NewGuard(db, slog.New(slog.NewTextHandler(log, nil)))
	g.free = func(string) (int64, error) { return *free, nil }
	return db, g, log, file
}

func fillTable(t *testing.T, db *DB, rows int) {
	t.Helper()
	err := db.Tx(t.Context(), func(db Querier) error {
		for range rows {
			if _, err := db.Exec(t.Context(), `INSERT INTO filler (text) VALUES (?)`, strings.Repeat("x", 4000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// AV-04: a reader that does not end lets SQLite's log grow. The alarm is raised
// once, and the reader is ended.
func TestAvailabilityAV04(t *testing.T) {
	free := int64(1 << 40)
	db, g, log, file := guarded(t, &free)
	g.logAlarm = 1 << 20
	if _, err := db.Exec(t.Context(), `CREATE TABLE filler (text TEXT NOT NULL) STRICT`); err != nil {
		t.Fatal(err)
	}
	fillTable(t, db, 50)
	most := readMost
	readMost = 2 * time.Second
	defer func() { readMost = most }()
	reading, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		ended <- db.Stream(context.Background(), `SELECT text FROM filler`, nil, func(func(any) error) error {
			if first {
				close(reading)
				first = false
			}
			time.Sleep(200 * time.Millisecond) // ten seconds in all, were it not ended
			return nil
		})
	}()
	<-reading
	g.Look()
	if log.Len() > 0 {
		t.Errorf("an alarm without a reason: %s", log)
	}
	for range 3 { // more than a checkpoint's thousand pages, which the reader holds up
		fillTable(t, db, 500)
	}
	g.Look()
	g.Look()
	if n := strings.Count(log.String(), "the write-ahead log of the database grows"); n != 1 {
		t.Errorf("the alarm was raised %d times, want once: %s", n, log)
	}
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a reader without end got %v, want its deadline", err)
	}
	var busy struct {
		Busy         int `db:"busy"`
		Log          int `db:"log"`
		Checkpointed int `db:"checkpointed"`
	}
	if err := db.on(db.write).Get(t.Context(), &busy, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil || busy.Busy != 0 {
		t.Errorf("after the reader was ended the log cannot be folded back: %+v, %v", busy, err)
	}
	g.Look()
	if info, err := os.Stat(file + "-wal"); err != nil || info.Size() != 0 || g.longLog {
		t.Errorf("the log has %v, %v; the alarm stands: %v", info, err, g.longLog)
	}
}

func TestGuardTellsWhatIsFree(t *testing.T) {
	free := int64(1 << 40)
	_, g, log, file := guarded(t, &free)
	for _, step := range []struct {
		name    string
		free    int64
		low     bool
		says    string
		ballast bool
		remove  bool // the ballast, before the look
	}{
		{name: "plenty", free: 1 << 40, ballast: true},
		{name: "just enough", free: Reserve, ballast: true},
		{name: "below the reserve", free: Reserve - 1, low: true, says: "new attempts are refused", ballast: true},
		{name: "still", free: 0, low: true, ballast: true},
		{name: "an operator took the ballast", free: Ballast, low: true, remove: true, says: "there is no ballast"},
		{name: "still none", free: Ballast, low: true},
		{name: "space, but not for both", free: Reserve + Ballast - 1, says: "enough space on the disk again"},
		{name: "space again", free: Reserve + Ballast, ballast: true},
	} {
		free = step.free
		log.Reset()
		if step.remove {
			if err := os.Remove(BallastFile(file)); err != nil {
				t.Fatal(err)
			}
		}
		g.Look()
		if g.Low() != step.low {
			t.Errorf("%s: low is %v, want %v", step.name, g.Low(), step.low)
		}
		if got := log.String(); (step.says == "") != (got == "") || !strings.Contains(got, step.says) {
			t.Errorf("%s: the log says %q, want %q", step.name, got, step.says)
		}
		info, err := os.Stat(BallastFile(file))
		if (err == nil) != step.ballast || err == nil && info.Size() != Ballast {
			t.Errorf("%s: ballast %v, %v; want %v", step.name, info, err, step.ballast)
		}
	}
}

// AV-07: a start on a full disk gives up the ballast, and only then; what
// SQLite says of a full disk is told apart from other trouble.
// bench/diskfull does it on a disk.
func TestAvailabilityAV07(t *testing.T) {
	real := measure
	defer func() { measure = real }()
	file := filepath.Join(t.TempDir(), "cakap.db")
	if err := writeBallast(BallastFile(file)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		free int64
		kept bool
	}{{startNeeds, true}, {startNeeds - 1, false}, {0, false}} {
		measure = func(string) (int64, error) { return step.free, nil }
		db, err := Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(BallastFile(file)); (err == nil) != step.kept {
			t.Errorf("with %d bytes free the ballast: %v, want it kept: %v", step.free, err, step.kept)
		}
	}
	for _, e := range []struct {
		err  sqlite3.Error
		full bool
	}{
		{sqlite3.Error{Code: sqlite3.ErrFull}, true},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}, true},
		{sqlite3.Error{Code: sqlite3.ErrCantOpen, SystemErrno: syscall.EDQUOT}, true},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EIO}, false},
		{sqlite3.Error{Code: sqlite3.ErrBusy}, false},
	} {
		if got := errors.Is(sqlite{}.translate(e.err), ErrFull); got != e.full {
			t.Errorf("%v counts as a full disk: %v, want %v", e.err, got, e.full)
		}
	}
}
