package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

func record(t *testing.T, db *storage.DB, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := db.Tx(t.Context(), func(db storage.Querier) error { return Record(t.Context(), db, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

// Every way to change the trail behind the program's back must be found, at
// its place.
func TestTamperingIsFound(t *testing.T) {
	for _, tt := range []struct {
		what, sql, at string
	}{
		{"nothing", ``, ""},
		{"an action", `UPDATE audit SET action = 'event.close' WHERE seq = 3`, "at entry 3"},
		{"a time", `UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1`, "at entry 1"},
		{"an actor", `UPDATE audit SET actor_id = 0 WHERE seq = 5`, "at entry 5"},
		{"an object's kind", `UPDATE audit SET object_kind = 'person' WHERE seq = 2`, "at entry 2"},
		{"an object", `UPDATE audit SET object_id = 9 WHERE seq = 2`, "at entry 2"},
		{"an agency", `UPDATE audit SET agency_id = 20 WHERE seq = 4`, "at entry 4"},
		{"a detail", `UPDATE audit SET detail = '{"n":4}' WHERE seq = 3`, "at entry 3"},
		{"a hash", `UPDATE audit SET hash = prev_hash WHERE seq = 3`, "at entry 3"},
		{"a removed entry", `DELETE FROM audit WHERE seq = 2`, "at entry 2"},
		{"the last one removed", `DELETE FROM audit WHERE seq = 5`, "last entries are missing"},
		{"all removed", `DELETE FROM audit`, "last entries are missing"},
		{"the last two removed, the head set back", `DELETE FROM audit WHERE seq >= 4; UPDATE audit_head SET seq = 3`, "last entries are missing"},
		{"an added entry", `INSERT INTO audit (seq, at_ms, actor_id, action, object_kind, object_id, detail, prev_hash, hash) SELECT 6, 0, 1, 'a', 'b', 1, '', hash, 'x' FROM audit WHERE seq = 5`, "at entry 6"},
		{"two swapped", `UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 9`, "at entry 2"},
		{"another head", `UPDATE audit_head SET hash = 'x'`, "last entries are missing"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			db := storagetest.SQLite(t)
			for i := range int64(5) {
				record(t, db, Entry{At: opens, Actor: i + 1, Action: "event.open", ObjectKind: "event", ObjectID: i, AgencyID: agencyA, Detail: map[string]int64{"n": i}})
			}
			for statement := range strings.SplitSeq(tt.sql, ";") {
				if statement == "" {
					continue
				}
				if _, err := db.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			n, err := VerifyChain(t.Context(), db)
			if tt.at == "" {
				if n != 5 || err != nil {
					t.Errorf("VerifyChain = %d, %v, want 5", n, err)
				}
				return
			}
			if !errors.Is(err, ErrChain) || !strings.Contains(err.Error(), tt.at) {
				t.Errorf("VerifyChain = %d, %v, want %q", n, err, tt.at)
			}
		})
	}
}

// A well-made entry beyond the head, hash and all, was never recorded.
func TestForgedLastEntryIsFound(t *testing.T) {
	db := storagetest.SQLite(t)
	record(t, db, Entry{At: opens, Action: "event.open"})
	var last auditRow
	if err := db.Get(t.Context(), &last, `SELECT seq, hash FROM audit`); err != nil {
		t.Fatal(err)
	}
	forged := auditRow{Seq: 2, Action: "score.change", Detail: "null", PrevHash: last.Hash}
	sum, err := forged.sum()
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(t.Context(), `INSERT INTO audit (seq, at_ms, actor_id, action, object_kind, object_id, agency_id, detail, prev_hash, hash)
		VALUES (2, 0, 0, 'score.change', '', 0, 0, 'null', ?, ?)`, last.Hash, sum)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyChain(t.Context(), db); !errors.Is(err, ErrChain) || !strings.Contains(err.Error(), "never recorded") {
		t.Errorf("VerifyChain: %v", err)
	}
}

func TestParallelRecordsMakeOneChain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		const writers, each = 8, 10
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for j := range each {
					err := db.Tx(t.Context(), func(db storage.Querier) error {
						return Record(t.Context(), db, Entry{At: opens, Actor: int64(i), Action: "test", ObjectID: int64(j)})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { // as `cakap verify` beside a running server
			defer close(done)
			for range 10 {
				if _, err := VerifyChain(context.WithoutCancel(t.Context()), db); err != nil {
					t.Errorf("while others write: %v", err)
				}
			}
		}()
		wg.Wait()
		<-done
		if n, err := VerifyChain(t.Context(), db); err != nil || n != writers*each {
			t.Errorf("VerifyChain = %d, %v, want %d", n, err, writers*each)
		}
	})
}

// Neither the act nor its entry exists without the other.
func TestARolledBackActLeavesNoEntry(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		refused := errors.New("refused")
		err := db.Tx(t.Context(), func(db storage.Querier) error {
			if err := Record(t.Context(), db, Entry{At: opens, Action: "test"}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		record(t, db, Entry{At: opens, Action: "test"})
		if n, err := VerifyChain(t.Context(), db); n != 1 || err != nil {
			t.Errorf("VerifyChain = %d, %v, want 1", n, err)
		}
	})
}

func TestEntries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		actor := w.staffAccount("petugas.a", Grant{Officer, agencyA}) // entry 1, of agency A
		at := func(hours int) time.Time { return opens.Add(time.Duration(hours) * time.Hour) }
		record(t, w.db,
			Entry{At: at(1), Actor: actor, Action: "event.open", ObjectKind: "event", ObjectID: 5, AgencyID: agencyA},
			Entry{At: at(2), Actor: actor, Action: "event.close", ObjectKind: "event", ObjectID: 5, AgencyID: agencyA},
			Entry{At: at(3), Actor: 0, Action: "event.open", ObjectKind: "event", ObjectID: 6, AgencyID: agencyB},
			Entry{At: at(4), Actor: 0, Action: "backup", ObjectKind: "system", Detail: map[string]string{"file": "x"}},
		)
		all := Scope{All: true}
		for _, tt := range []struct {
			what string
			f    EntryFilter
			want string
		}{
			{"all", EntryFilter{Scope: all}, "[5 4 3 2 1]"},
			{"no scope", EntryFilter{}, "[]"},
			{"of A", EntryFilter{Scope: Scope{Agencies: []int64{agencyA}}}, "[3 2 1]"},
			{"of A and B, once each", EntryFilter{Scope: Scope{Agencies: []int64{agencyB, agencyA, agencyB}}}, "[4 3 2 1]"},
			{"one of all agencies", EntryFilter{Scope: all, AgencyID: agencyB}, "[4]"},
			{"one outside the scope", EntryFilter{Scope: Scope{Agencies: []int64{agencyA}}, AgencyID: agencyB}, "[]"},
			{"an actor", EntryFilter{Scope: all, Actor: actor}, "[3 2]"},
			{"an action", EntryFilter{Scope: all, Action: "event.open"}, "[4 2]"},
			{"an action of A", EntryFilter{Scope: Scope{Agencies: []int64{agencyA}}, Action: "event.open"}, "[2]"},
			{"an object", EntryFilter{Scope: all, ObjectKind: "event", ObjectID: 5}, "[3 2]"},
			{"a period", EntryFilter{Scope: all, From: at(2), To: at(4)}, "[4 3]"},
			{"a page", EntryFilter{Scope: all, Limit: 2}, "[5 4]"},
			{"the next", EntryFilter{Scope: all, Limit: 2, Before: 4}, "[3 2]"},
			{"a page of two agencies", EntryFilter{Scope: Scope{Agencies: []int64{agencyA, agencyB}}, Limit: 2, Before: 4}, "[3 2]"},
		} {
			found, err := w.Entries(ctx, tt.f)
			if err != nil {
				t.Fatal(err)
			}
			seqs := []int64{}
			for _, e := range found {
				seqs = append(seqs, e.Seq)
			}
			if got := fmt.Sprint(seqs); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
			}
		}
		found, err := Entries(ctx, w.db, EntryFilter{Scope: all, Limit: 4})
		if err != nil {
			t.Fatal(err)
		}
		want := Recorded{Seq: 2, AtMS: at(1).UnixMilli(), ActorID: actor, ActorName: "Nama petugas.a", Action: "event.open", ObjectKind: "event", ObjectID: 5, AgencyID: agencyA, Detail: "null"}
		if diff := cmp.Diff(want, found[3]); diff != "" {
			t.Error(diff)
		}
		if found[0].Detail != `{"file":"x"}` || found[0].ActorName != "" || !found[0].At().Equal(at(4)) {
			t.Errorf("the newest is %+v", found[0])
		}
	})
}
