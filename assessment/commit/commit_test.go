package commit

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

var quiet = slog.New(slog.DiscardHandler)

func table(t testing.TB, db *storage.DB) {
	t.Helper()
	if _, err := db.Exec(context.Background(), `CREATE TABLE note (id BIGINT PRIMARY KEY CHECK (id > 0))`); err != nil {
		t.Fatal(err)
	}
}

func insert(id int64) Job {
	return func(ctx context.Context, db storage.Querier) error {
		_, err := db.Exec(ctx, `INSERT INTO note (id) VALUES (?)`, id)
		return err
	}
}

func count(t *testing.T, db *storage.DB) int {
	t.Helper()
	var n int
	if err := db.Get(t.Context(), &n, `SELECT count(*) FROM note`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCommitsInGroups(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		table(t, db)
		w := New(db, Options{Shards: For(db.Engine()).Shards, Log: quiet})
		var all sync.WaitGroup
		for id := int64(1); id <= 500; id++ {
			all.Go(func() {
				if err := w.Do(t.Context(), id, insert(id)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.Close()
		if n := count(t, db); n != 500 {
			t.Errorf("%d rows, want 500", n)
		}
		s := w.Stats()
		if s.Jobs != 500 || s.Batches >= 500 || s.Shed != 0 || s.Waiting != 0 {
			t.Errorf("stats = %+v: nothing was grouped", s)
		}
		if err := w.Do(t.Context(), 1, insert(999)); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after Close: %v", err)
		}
	})
}

// held is a database whose transactions wait until they are let go.
type held struct {
	DB
	gate chan struct{}
}

func (h held) Tx(ctx context.Context, fn func(storage.Querier) error) error {
	<-h.gate
	return h.DB.Tx(ctx, fn)
}

// occupied is a writer whose goroutine is busy with a first job.
func occupied(t *testing.T, db *storage.DB, opts Options) (*Writer, chan struct{}, *sync.WaitGroup) {
	t.Helper()
	gate := make(chan struct{})
	opts.Log = quiet
	w := New(held{db, gate}, opts)
	var first sync.WaitGroup
	first.Go(func() {
		if err := w.Do(context.Background(), 1, insert(1)); err != nil {
			t.Error(err)
		}
	})
	for w.Stats().Waiting > 0 || len(w.shards[0]) > 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(5 * time.Millisecond) // it is in Tx now
	return w, gate, &first
}

// A job that spoils the transaction fails alone; its neighbours in the same
// transaction are stored.
func TestPoisonedJob(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		table(t, db)
		w, gate, first := occupied(t, db, Options{})
		errs := make([]error, 20)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				id := int64(i + 2)
				if i%7 == 3 {
					id = -id // violates the CHECK
				}
				errs[i] = w.Do(t.Context(), 5, insert(id))
			})
		}
		for w.Stats().Waiting < len(errs) {
			time.Sleep(time.Millisecond)
		}
		close(gate)
		all.Wait()
		first.Wait()
		w.Close()
		for i, err := range errs {
			if bad := i%7 == 3; bad != errors.Is(err, storage.ErrInvalid) || !bad && err != nil {
				t.Errorf("job %d: %v", i, err)
			}
		}
		if n := count(t, db); n != 18 {
			t.Errorf("%d rows, want 18", n)
		}
	})
}

func TestFullQueueShedsAtOnce(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	w, gate, first := occupied(t, db, Options{Queue: 4})
	var all sync.WaitGroup
	for id := int64(2); id <= 3; id++ {
		all.Go(func() {
			if err := w.Do(t.Context(), id, insert(id)); err != nil {
				t.Error(err)
			}
		})
	}
	for w.Stats().Waiting < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := w.Offer(t.Context(), 9, insert(90)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("half full, an offer: %v", err)
	}
	for id := int64(4); id <= 5; id++ {
		all.Go(func() {
			if err := w.Do(t.Context(), id, insert(id)); err != nil {
				t.Error(err)
			}
		})
	}
	for w.Stats().Waiting < 4 {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	if err := w.Do(t.Context(), 9, insert(91)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("full: %v", err)
	}
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("refusing took %s", took)
	}
	close(gate)
	all.Wait()
	first.Wait()
	w.Close()
	if n := count(t, db); n != 5 {
		t.Errorf("%d rows, want 5", n)
	}
	if s := w.Stats(); s.Shed != 2 {
		t.Errorf("shed %d, want 2", s.Shed)
	}
}

// A caller that gave up before its turn is not served, so nothing is written
// for it; one that waited too long hears Unavailable, as R17 asks.
func TestGivingUp(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	w, gate, first := occupied(t, db, Options{Wait: 50 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if err := w.Do(ctx, 2, insert(2)); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
	time.Sleep(10 * time.Millisecond)
	cancel()
	all.Go(func() {
		if err := w.Do(t.Context(), 3, insert(3)); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("stalled: %v", err)
		}
	})
	all.Wait()
	close(gate)
	first.Wait()
	w.Close()
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want only the first", n)
	}
}

// A stalled transaction does not hang the callers inside it either.
func TestStalledCommit(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	gate := make(chan struct{})
	w := New(held{db, gate}, Options{Wait: 30 * time.Millisecond, Log: quiet})
	if err := w.Do(t.Context(), 1, insert(1)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
	close(gate)
	w.Close()
}

// A panic rolls back its batch, its callers hear Unavailable, and the writer
// serves the next ones.
func TestPanic(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	w := New(db, Options{Log: quiet})
	var half atomic.Bool
	err := w.Do(t.Context(), 1, func(ctx context.Context, db storage.Querier) error {
		if err := insert(1)(ctx, db); err != nil {
			return err
		}
		half.Store(true)
		panic("boom")
	})
	if fault.KindOf(err) != fault.Unavailable || !half.Load() {
		t.Errorf("the panicking job: %v", err)
	}
	if err := w.Do(t.Context(), 2, insert(2)); err != nil {
		t.Errorf("the next job: %v", err)
	}
	w.Close()
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	if s := w.Stats(); s.Restarts != 1 {
		t.Errorf("restarts = %d", s.Restarts)
	}
}

// Jobs of one key run in the order they came, whatever shares the batch.
func TestOrderWithinKey(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	w, gate, first := occupied(t, db, Options{})
	var mu sync.Mutex
	ran := map[int64][]int{}
	var all sync.WaitGroup
	for n := range 30 {
		key := int64(9 - n%3)
		before := w.Stats().Waiting
		all.Go(func() {
			if err := w.Do(t.Context(), key, func(context.Context, storage.Querier) error {
				mu.Lock()
				defer mu.Unlock()
				ran[key] = append(ran[key], n)
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		for w.Stats().Waiting == before {
			time.Sleep(100 * time.Microsecond)
		}
	}
	close(gate)
	all.Wait()
	first.Wait()
	w.Close()
	for key, order := range ran {
		for i := 1; i < len(order); i++ {
			if order[i] < order[i-1] {
				t.Errorf("key %d ran in the order %v", key, order)
			}
		}
	}
}

// away is a database that cannot be reached.
type down struct{ tries atomic.Int64 }

func (d *down) Tx(context.Context, func(storage.Querier) error) error {
	d.tries.Add(1)
	return storage.ErrBusy
}

func TestDatabaseAway(t *testing.T) {
	db := &down{}
	w := New(db, Options{Log: quiet})
	if err := w.Do(t.Context(), 1, insert(1)); fault.KindOf(err) != fault.Unavailable || !errors.Is(err, storage.ErrBusy) {
		t.Errorf("got %v", err)
	}
	w.Close()
	if n := db.tries.Load(); n != 2 {
		t.Errorf("%d tries, want 2", n)
	}
}

// The broken writer acknowledges what a crash would lose; the honest one never
// does. Without this the crash rig would prove nothing.
func TestBrokenWriterLies(t *testing.T) {
	db := storagetest.SQLite(t)
	table(t, db)
	w := NewBroken(db, Options{Log: quiet})
	if err := w.Do(t.Context(), 1, insert(1)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 0 {
		t.Error("the broken writer committed before it answered")
	}
	w.Close()
	honest := New(db, Options{Log: quiet})
	if err := honest.Do(t.Context(), 2, insert(2)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d rows after an honest answer, want 2", n)
	}
	honest.Close()
}

func BenchmarkDo(b *testing.B) {
	db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	table(b, db)
	w := New(db, Options{Log: quiet})
	defer w.Close()
	var id atomic.Int64
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := id.Add(1)
			if err := w.Do(context.Background(), n, insert(n)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(w.Stats().Jobs)/float64(max(w.Stats().Batches, 1)), "jobs/commit")
}
