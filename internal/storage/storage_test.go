package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

const insertAgency = `
	INSERT INTO agency (id, code, name, short_name, kind, created_ms) VALUES (?, ?, ?, ?, 'other', 0)`

func TestErrorsAreAlikeOnEveryEngine(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, insertAgency, 1, "6400", "Pemprov", "Pemprov"); err != nil {
			t.Fatal(err)
		}
		var n int
		for _, tt := range []struct {
			name string
			err  func() error
			want error
		}{
			{"twice", func() error { _, err := db.Exec(ctx, insertAgency, 2, "6400", "x", "x"); return err }, storage.ErrConflict},
			{"twice in a transaction", func() error {
				return db.Tx(ctx, func(db storage.Querier) error { _, err := db.Exec(ctx, insertAgency, 1, "x", "x", "x"); return err })
			}, storage.ErrConflict},
			{"check", func() error { _, err := db.Exec(ctx, `UPDATE agency SET zone = 'GMT'`); return err }, storage.ErrInvalid},
			{"reference", func() error {
				_, err := db.Exec(ctx, `INSERT INTO person_nip (nip, person_id, since_ms) VALUES ('x', 99, 0)`)
				return err
			}, storage.ErrInvalid},
			{"no row", func() error { return db.Get(ctx, &n, `SELECT id FROM agency WHERE id = 99`) }, storage.ErrNotFound},
		} {
			if err := tt.err(); !errors.Is(err, tt.want) {
				t.Errorf("%s: err = %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

func TestTxRollsBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		boom := errors.New("boom")
		err := db.Tx(t.Context(), func(db storage.Querier) error {
			if _, err := db.Exec(t.Context(), insertAgency, 1, "a", "a", "a"); err != nil {
				return err
			}
			return boom
		})
		var n int
		if !errors.Is(err, boom) || db.Get(t.Context(), &n, `SELECT count(*) FROM agency`) != nil || n != 0 {
			t.Errorf("err = %v, rows = %d", err, n)
		}
	})
}

// Many transactions that read and then write must wait for each other, not fail.
func TestWritersQueue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, `INSERT INTO throttle (subject, failures, window_ms) VALUES ('x', 0, 0)`); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					err := db.Tx(ctx, func(db storage.Querier) error {
						var n int
						if err := db.Get(ctx, &n, `UPDATE throttle SET failures = failures + 1 WHERE subject = 'x' RETURNING failures`); err != nil {
							return err
						}
						_, err := db.Exec(ctx, `UPDATE throttle SET window_ms = ? WHERE subject = 'x'`, n)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int
		if err := db.Get(ctx, &n, `SELECT window_ms FROM throttle`); err != nil || n != 160 {
			t.Errorf("counted %d, %v, want 160", n, err)
		}
	})
}

func TestStream(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for i := range 3 {
			if _, err := db.Exec(t.Context(), insertAgency, i+1, string(rune('a'+i)), "n", "s"); err != nil {
				t.Fatal(err)
			}
		}
		var codes []string
		err := db.Stream(t.Context(), `SELECT code FROM agency WHERE id >= ? ORDER BY id`, []any{2}, func(scan func(any) error) error {
			var row struct{ Code string }
			if err := scan(&row); err != nil {
				return err
			}
			codes = append(codes, row.Code)
			return nil
		})
		if err != nil || strings.Join(codes, "") != "bc" {
			t.Errorf("streamed %v, %v", codes, err)
		}
	})
}

// A backup taken from a live database opens and holds its rows.
func TestBackupOpens(t *testing.T) {
	db := storagetest.SQLite(t)
	if _, err := db.Exec(t.Context(), insertAgency, 1, "a", "a", "a"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("backup file: %v, %v", info, err)
	}
	restored := storagetest.Open(t, file)
	var n int
	if err := restored.Get(context.Background(), &n, `SELECT count(*) FROM agency`); err != nil || n != 1 {
		t.Errorf("restored %d rows, %v", n, err)
	}
}

// The reader pool must refuse writes, so that a query sent to the wrong handle
// cannot bypass the one writer.
func TestReadersCannotWrite(t *testing.T) {
	db := storagetest.SQLite(t)
	var id int64
	err := db.Get(t.Context(), &id, `
		INSERT INTO agency (id, code, name, short_name, kind, created_ms)
		VALUES (1, 'a', 'a', 'a', 'other', 0) RETURNING id`)
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		t.Errorf("a reader wrote: %d, %v", id, err)
	}
}
