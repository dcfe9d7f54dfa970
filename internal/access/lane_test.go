package access

import (
	"context"
	"errors"
	"sync"
	"testing"

	"cakap/assessment/commit"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Log-ins that share a transaction fail and succeed each for itself.
func TestLoginsShareATransaction(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staffAccount("np-0007", Grant{Role: Admin}) // Wati's number
		held := make(chan struct{})
		writer := commit.New(w.db, commit.Options{})
		w.CommitBy(func(ctx context.Context, key int64, work func(context.Context, storage.Querier) error) error {
			return writer.Do(ctx, key, work)
		})
		var first sync.WaitGroup
		first.Go(func() {
			if err := writer.Do(t.Context(), 0, func(context.Context, storage.Querier) error { <-held; return nil }); err != nil {
				t.Error(err)
			}
		})
		results := map[string]error{}
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, in := range []struct{ who, number, code string }{{"siti", nipSiti, codeSiti}, {"wati", noWati, codeWati}, {"budi", nipBudi, codeBudi}} {
			all.Go(func() {
				_, _, err := w.LoginStartCode(t.Context(), in.number, in.code, testIP)
				mu.Lock()
				defer mu.Unlock()
				results[in.who] = err
			})
		}
		close(held)
		all.Wait()
		first.Wait()
		writer.Close()
		if results["siti"] != nil || results["budi"] != nil {
			t.Errorf("siti: %v, budi: %v", results["siti"], results["budi"])
		}
		wantRefusal(t, "wati", results["wati"], fault.Conflict, "access.number_taken")
		if n := w.count(`SELECT count(*) FROM login_session`); n != 2 {
			t.Errorf("%d sessions, want 2", n)
		}
		if _, _, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after the lane is closed: %v", err)
		}
	})
}

// A lane whose transaction fails lets nobody in.
func TestLoginWithoutADurableSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		full := errors.New("the disk is full")
		w.CommitBy(func(ctx context.Context, _ int64, work func(context.Context, storage.Querier) error) error {
			return w.db.Tx(ctx, func(db storage.Querier) error { return errors.Join(work(ctx, db), full) })
		})
		token, p, err := w.LoginStartCode(t.Context(), nipSiti, codeSiti, testIP)
		if !errors.Is(err, full) || token != "" || p.AccountID != 0 {
			t.Errorf("token %q, account %d, %v", token, p.AccountID, err)
		}
	})
}
