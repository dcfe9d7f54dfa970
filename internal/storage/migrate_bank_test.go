package storage

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// upTo is the migrations of an older release.
func upTo(t *testing.T, last string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name()[:5] > last {
			continue
		}
		body, err := migrations.ReadFile(path.Join("migrations", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files["migrations/"+e.Name()] = &fstest.MapFile{Data: body}
	}
	return files
}

// urls is an empty database on each engine that is at hand.
func urls(t *testing.T) []string {
	t.Helper()
	all := []string{filepath.Join(t.TempDir(), "cakap.db")}
	server := os.Getenv("CAKAP_TEST_POSTGRES")
	if server == "" {
		return all
	}
	admin, err := Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("m_%x", os.Getpid())
	if _, err := admin.Exec(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Errorf("drop schema: %v", err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	separator := "?"
	if strings.Contains(server, "?") {
		separator = "&"
	}
	return append(all, server+separator+"search_path="+schema)
}

// The bank of an older release keeps its items, its reviews and their states,
// and the lists know them.
func TestMigrateBank(t *testing.T) {
	for _, url := range urls(t) {
		db, err := Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.migrate(t.Context(), upTo(t, "00004")); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{
			`INSERT INTO indicator (code, aspect, name, uri, digcomp, framework, position) VALUES ('A1.4', 1, 'n', 'u', '', '1', 1)`,
			`INSERT INTO item (id, code, aspect, latest_rev, live_rev, created_by, created_ms, updated_ms) VALUES (1, 'A1-1', 1, 2, 1, 7, 10, 20)`,
			`INSERT INTO item_revision (item_id, rev, status, type, indicator, level, stem, content, content_hash, phone_ok, rule, expires_on, provenance, author_id, reviewer_id, reviewed_ms, created_ms)
				VALUES (1, 1, 'approved', 'single', 'A1.4', 'L1', 's', '{}', 'h1', TRUE, '', '', 'authored', 7, 8, 15, 10),
				(1, 2, 'in_review', 'sjt', 'A1.4', 'L3', 's', '{}', 'h2', TRUE, 'UU 1', '2030-01-01', 'imported', 9, NULL, NULL, 18)`,
			`INSERT INTO item_review (id, item_id, rev, reviewer_id, verdict, comment, created_ms) VALUES (5, 1, 1, 8, 'approved', 'baik', 15)`,
		} {
			if _, err := db.Exec(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.Get(t.Context(), &got, `
			SELECT i.status || ' ' || i.type || ' ' || i.level || ' ' || i.indicator || ' ' || i.expires_on || ' ' || i.provenance || ' '
				|| CAST(i.author_id AS TEXT) || ' ' || CAST(i.checked_ms AS TEXT) || ' ' || v.verdict || ' ' || v.comment || ' ' || v.form
			FROM item i JOIN item_review v ON v.item_id = i.id WHERE i.cites AND i.indexed_rev = 0`); err != nil {
			t.Fatal(err)
		}
		if want := "in_review sjt L3 A1.4 2030-01-01 imported 9 18 approved baik "; got != want {
			t.Errorf("%s: %q, want %q", db.Engine(), got, want)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
