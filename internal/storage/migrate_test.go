package storage

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"
)

// Rebuilding a table must keep the rows that reference it, and a migration
// that orphans rows must not be committed.
func TestMigrateRebuildKeepsChildren(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "odd #name?.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	files := fstest.MapFS{"migrations/00001_a.sql": {Data: []byte(`
		CREATE TABLE p (id TEXT PRIMARY KEY, a TEXT);
		CREATE TABLE c (p TEXT NOT NULL REFERENCES p (id) ON DELETE CASCADE);
		INSERT INTO p VALUES ('1', 'x'), ('2', 'y');
		INSERT INTO c VALUES ('1'), ('2');`)}}
	if err := db.migrate(ctx, files); err != nil {
		t.Fatal(err)
	}
	files["migrations/00002_b.sqlite.sql"] = &fstest.MapFile{Data: []byte(`
		CREATE TABLE p2 (id TEXT PRIMARY KEY, a TEXT NOT NULL);
		INSERT INTO p2 SELECT id, a FROM p;
		DROP TABLE p;
		ALTER TABLE p2 RENAME TO p;`)}
	files["migrations/00002_b.postgres.sql"] = &fstest.MapFile{Data: []byte(`nonsense`)}
	for range 2 { // the second run must do nothing
		if err := db.migrate(ctx, files); err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int) {
		t.Helper()
		var n int
		if err := db.Get(ctx, &n, `SELECT count(*) FROM c JOIN p ON p.id = c.p`); err != nil || n != want {
			t.Errorf("children = %d, %v, want %d", n, err, want)
		}
	}
	count(2)
	files["migrations/00003_c.sql"] = &fstest.MapFile{Data: []byte(`DELETE FROM p WHERE id = '1';`)}
	if err := db.migrate(ctx, files); err == nil {
		t.Error("a migration that orphans rows was committed")
	}
	count(2)
	delete(files, "migrations/00003_c.sql")
	delete(files, "migrations/00002_b.sqlite.sql")
	if err := db.migrate(ctx, files); !errors.Is(err, ErrNewer) {
		t.Errorf("a database newer than the binary: err = %v, want ErrNewer", err)
	}
}

func TestNewIDGrowsAndIsPositive(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	last := int64(0)
	for i := range 10000 {
		id := NewID(at.Add(time.Duration(i/5000) * time.Millisecond))
		if id <= last {
			t.Fatalf("id %d after %d", id, last)
		}
		last = id
	}
}
