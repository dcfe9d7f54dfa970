// Package storagetest gives tests a fresh, migrated database on every engine.
package storagetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cakap/internal/storage"
)

var sequence atomic.Int64

// Each runs test once per engine: always on SQLite, and on PostgreSQL when
// CAKAP_TEST_POSTGRES names a server. CI sets CAKAP_TEST_REQUIRE_POSTGRES so the
// second half can never be skipped silently.
func Each(t *testing.T, test func(t *testing.T, db *storage.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { test(t, Open(t, url)) })
}

// EachURL is Each for tests that open the database themselves, or run the binary.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "cakap.db")) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("CAKAP_TEST_POSTGRES")
		if server == "" {
			if os.Getenv("CAKAP_TEST_REQUIRE_POSTGRES") != "" {
				t.Fatal("CAKAP_TEST_POSTGRES is not set")
			}
			t.Skip("CAKAP_TEST_POSTGRES is not set: no PostgreSQL server to test on")
		}
		test(t, schema(t, server))
	})
}

// SQLite opens a fresh database on SQLite alone, for tests that are not about
// storage and gain nothing from a second engine.
func SQLite(t *testing.T) *storage.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "cakap.db"))
}

// Open opens url, migrates it and closes it with the test.
func Open(t *testing.T, url string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// schema makes a private PostgreSQL schema and returns a URL that uses it.
func schema(t *testing.T, server string) string {
	t.Helper()
	name := fmt.Sprintf("t_%x_%d", os.Getpid(), sequence.Add(1))
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Errorf("drop schema: %v", err)
		}
		if err := admin.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	sep := "?"
	if strings.Contains(server, "?") {
		sep = "&"
	}
	return server + sep + "search_path=" + name
}
