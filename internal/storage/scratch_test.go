package storage_test

import (
	"os"
	"path/filepath"
	"testing"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// A scratch database is empty, takes the migrations, leaves the real one alone
// and is gone afterwards.
func TestScratch(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, location string) {
		real := storagetest.Open(t, location)
		if _, err := real.Exec(t.Context(), `INSERT INTO capacity (node, measured_ms, saves, starts, logins) VALUES ('real', 1, 1, 1, 1)`); err != nil {
			t.Fatal(err)
		}
		scratch, drop, err := storage.Scratch(t.Context(), location)
		if err != nil {
			t.Fatal(err)
		}
		db, err := storage.Open(t.Context(), scratch)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := db.Get(t.Context(), &n, `SELECT count(*) FROM capacity`); err != nil || n != 0 {
			t.Errorf("%d rows in the scratch database: %v", n, err)
		}
		if _, err := db.Exec(t.Context(), `INSERT INTO capacity (node, measured_ms, saves, starts, logins) VALUES ('scratch', 1, 1, 1, 1)`); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := drop(); err != nil {
			t.Fatal(err)
		}
		var node string
		if err := real.Get(t.Context(), &node, `SELECT node FROM capacity`); err != nil || node != "real" {
			t.Errorf("the real database holds %q: %v", node, err)
		}
		if storage.IsPostgres(location) {
			again := storageOpen(t, scratch)
			if err := again.Get(t.Context(), &n, `SELECT count(*) FROM capacity`); err == nil {
				t.Error("the schema is still there")
			}
			return
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(location), "cakap-scratch-*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
		if _, err := os.Stat(scratch); err == nil {
			t.Error("the file is still there")
		}
	})
}

// storageOpen connects without migrating.
func storageOpen(t *testing.T, location string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
