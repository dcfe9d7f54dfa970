// Package commit is the group-commit writer: callers queue small pieces of
// work, one goroutine runs whatever waits in one transaction, and each caller
// hears only after its transaction is durable. It knows nothing of attempts,
// so a benchmark can queue a bare row through the very same writer.
package commit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Job is one caller's work inside a shared transaction. It may run more than
// once (a neighbour may spoil the transaction), so it sets its outputs afresh
// each time. An error takes back the work of the whole transaction, and the
// neighbours are run again without it: a job that merely refuses notes that in
// its own variables and returns nil.
type Job func(ctx context.Context, db storage.Querier) error

// DB is what a writer writes to; *storage.DB is one.
type DB interface {
	Tx(ctx context.Context, fn func(db storage.Querier) error) error
}

// Options are the limits of a Writer. A zero field means its default.
type Options struct {
	Shards  int           // goroutines, each with its queue; jobs of one key share one (1)
	Queue   int           // jobs that may wait per shard (4096)
	Batch   int           // most jobs in one transaction (256)
	Wait    time.Duration // longest a job may wait for its turn (5 s)
	Timeout time.Duration // of one transaction; 0 is none, which spares SQLite a goroutine per statement
	Log     *slog.Logger  // nil is the default logger

	// Before runs first in every transaction, with the keys of its jobs in
	// ascending order, each once: one statement can then lock the rows of many.
	Before func(ctx context.Context, db storage.Querier, keys []int64) error
}

// For is the options that suit an engine: SQLite has one writer by nature,
// PostgreSQL commits several groups at once.
func For(engine string) Options {
	if engine == "postgres" {
		return Options{Shards: 2, Timeout: 10 * time.Second}
	}
	return Options{}
}

func (o Options) filled() Options {
	o.Shards = max(o.Shards, 1)
	if o.Queue <= 0 {
		o.Queue = 4096
	}
	if o.Batch <= 0 {
		o.Batch = 256
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Stats are counters since the writer began.
type Stats struct {
	Jobs     int64 // committed
	Batches  int64 // transactions committed
	Shed     int64 // refused: full, waited too long, or closed
	Restarts int64 // panics survived
	Waiting  int   // in the queues now
}

// Writer commits jobs in groups. Its methods may be called by any number of
// goroutines.
type Writer struct {
	db     DB
	opts   Options
	shards []chan *request
	broken time.Duration // see NewBroken; 0 in every honest writer

	gate   sync.RWMutex // held to send, so that Close never closes under a sender
	closed bool
	done   sync.WaitGroup

	jobs, batches, shed, restarts atomic.Int64
}

// New starts a writer. Close it to drain it.
func New(db DB, opts Options) *Writer { return start(db, opts, 0) }

func start(db DB, opts Options, broken time.Duration) *Writer {
	w := &Writer{db: db, opts: opts.filled(), broken: broken}
	for range w.opts.Shards {
		queue := make(chan *request, w.opts.Queue)
		w.shards = append(w.shards, queue)
		w.done.Add(1)
		go w.supervise(queue)
	}
	return w
}

// A request waits, is taken into a batch, or is given up by its caller before
// that; the swap decides which, so work nobody waits for is never begun.
const (
	waiting int32 = iota
	taken
	abandoned
)

type request struct {
	key    int64
	job    Job
	since  time.Time
	state  atomic.Int32
	answer chan error
}

func (r *request) reply(err error) {
	select {
	case r.answer <- err:
	default: // answered already, by a broken writer or before a panic
	}
}

// Do runs job in a shared transaction and returns after it is durable. Jobs of
// one key run in the order they came. An Unavailable fault means that the
// queue is full or the turn did not come in time, and nothing was done, or
// that the outcome is unknown because the database stalled or the writer
// panicked: callers repeat idempotent work.
func (w *Writer) Do(ctx context.Context, key int64, job Job) error {
	return w.do(ctx, key, job, w.opts.Queue)
}

// Offer is Do for work that stands behind others: it is refused as soon as
// half the queue is taken, which leaves the rest to Do.
func (w *Writer) Offer(ctx context.Context, key int64, job Job) error {
	return w.do(ctx, key, job, w.opts.Queue/2)
}

func (w *Writer) do(ctx context.Context, key int64, job Job, room int) error {
	r := &request{key: key, job: job, since: time.Now(), answer: make(chan error, 1)}
	if !w.enqueue(r, room) {
		return w.refuse("the queue is full or closed")
	}
	timer := time.NewTimer(w.opts.Wait)
	defer timer.Stop()
	for extended := false; ; {
		select {
		case err := <-r.answer:
			return err
		case <-ctx.Done():
			r.state.CompareAndSwap(waiting, abandoned)
			return ctx.Err()
		case <-timer.C:
			if r.state.CompareAndSwap(waiting, abandoned) {
				return w.refuse("the turn did not come in time")
			}
			if extended {
				return w.refuse("the database does not answer")
			}
			extended = true // it is being committed: worth as long again
			timer.Reset(w.opts.Wait + w.opts.Timeout)
		}
	}
}

func (w *Writer) enqueue(r *request, room int) bool {
	w.gate.RLock()
	defer w.gate.RUnlock()
	queue := w.shards[mix(r.key)%uint64(len(w.shards))]
	if w.closed || len(queue) >= room {
		return false
	}
	select {
	case queue <- r:
		return true
	default:
		return false
	}
}

// mix spreads ids, whose low bits are random only within a millisecond.
func mix(key int64) uint64 {
	x := uint64(key) * 0x9E3779B97F4A7C15
	return x ^ x>>32
}

func (w *Writer) refuse(why string) error {
	w.shed.Add(1)
	return unavailable(errors.New("commit: " + why))
}

func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "error.unavailable").Because(cause)
}

// Close lets no more jobs in, commits those that wait, and returns.
func (w *Writer) Close() {
	w.gate.Lock()
	if !w.closed {
		w.closed = true
		for _, queue := range w.shards {
			close(queue)
		}
	}
	w.gate.Unlock()
	w.done.Wait()
}

// Prepares reports whether Options.Before was given.
func (w *Writer) Prepares() bool { return w.opts.Before != nil }

// Stats reads the counters.
func (w *Writer) Stats() Stats {
	s := Stats{Jobs: w.jobs.Load(), Batches: w.batches.Load(), Shed: w.shed.Load(), Restarts: w.restarts.Load()}
	for _, queue := range w.shards {
		s.Waiting += len(queue)
	}
	return s
}

// supervise runs the loop again after a panic; what still waits is served by
// the next one.
func (w *Writer) supervise(queue chan *request) {
	defer w.done.Done()
	for !w.loop(queue) {
		w.restarts.Add(1)
	}
}

// loop commits batches until the queue is closed and empty. It returns false
// after a panic, whose batch it answers: the transaction was rolled back.
func (w *Writer) loop(queue chan *request) (finished bool) {
	batch := make([]*request, 0, w.opts.Batch)
	defer func() {
		if p := recover(); p != nil {
			w.opts.Log.Error("the writer panicked and starts again", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			for _, r := range batch {
				r.reply(unavailable(fmt.Errorf("commit: panic: %v", p)))
			}
		}
	}()
	for {
		batch = w.collect(queue, batch[:0])
		if len(batch) == 0 {
			return true
		}
		w.commit(batch)
	}
}

// collect waits for a job and takes what else is there; empty means closed.
func (w *Writer) collect(queue chan *request, batch []*request) []*request {
	for len(batch) == 0 {
		r, open := <-queue
		if !open {
			return nil
		}
		batch = w.take(batch, r)
	}
	for len(batch) < w.opts.Batch {
		select {
		case r, open := <-queue:
			if !open {
				return batch
			}
			batch = w.take(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (w *Writer) take(batch []*request, r *request) []*request {
	if time.Since(r.since) > w.opts.Wait {
		if r.state.CompareAndSwap(waiting, abandoned) {
			r.reply(w.refuse("the turn did not come in time"))
		}
		return batch
	}
	if !r.state.CompareAndSwap(waiting, taken) {
		return batch
	}
	return append(batch, r)
}

// commit runs the batch in one transaction. A job that fails is taken out and
// tried alone afterwards, the others are run again without it. Every batch
// locks rows in the order of its keys, so that the batches of several writers
// and nodes cannot wait for each other in a circle.
func (w *Writer) commit(batch []*request) {
	slices.SortStableFunc(batch, func(a, b *request) int { return cmp.Compare(a.key, b.key) })
	rest := slices.Clone(batch)
	var alone []*request
	for retried := false; len(rest) > 0; {
		culprit, err := w.run(rest)
		switch {
		case err == nil:
			w.answer(rest)
			rest = nil
		case away(err):
			if !retried { // a deadlock or a dropped connection; one more try is cheap
				retried = true
				continue
			}
			fail(rest, err)
			rest = nil
		case culprit >= 0:
			alone = append(alone, rest[culprit])
			rest = slices.Delete(rest, culprit, culprit+1)
		default: // the commit itself was refused and nobody knows for whom
			alone, rest = append(alone, rest...), nil
		}
	}
	for _, r := range alone {
		switch _, err := w.run([]*request{r}); {
		case err == nil:
			w.answer([]*request{r})
		case away(err):
			fail([]*request{r}, err)
		default:
			r.reply(err)
		}
	}
}

// run is one transaction; culprit is the index of the job that failed, or −1.
func (w *Writer) run(batch []*request) (culprit int, err error) {
	ctx := context.Background()
	if w.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.opts.Timeout)
		defer cancel()
	}
	culprit = -1
	err = w.db.Tx(ctx, func(db storage.Querier) error {
		if w.opts.Before != nil {
			if err := w.opts.Before(ctx, db, keysOf(batch)); err != nil {
				return err
			}
		}
		for i, r := range batch {
			if err := r.job(ctx, db); err != nil {
				culprit = i
				return err
			}
		}
		w.lie(batch)
		return nil
	})
	return culprit, err
}

// keysOf is the keys of a sorted batch, each once.
func keysOf(batch []*request) []int64 {
	keys := make([]int64, 0, len(batch))
	for _, r := range batch {
		if len(keys) == 0 || keys[len(keys)-1] != r.key {
			keys = append(keys, r.key)
		}
	}
	return keys
}

func (w *Writer) answer(batch []*request) {
	w.batches.Add(1)
	w.jobs.Add(int64(len(batch)))
	for _, r := range batch {
		r.reply(nil)
	}
}

// away says that the database, not a job, is the trouble.
func away(err error) bool {
	return errors.Is(err, storage.ErrBusy) || errors.Is(err, storage.ErrFull) || errors.Is(err, context.DeadlineExceeded)
}

func fail(batch []*request, err error) {
	if !errors.Is(err, storage.ErrFull) {
		err = unavailable(err)
	}
	for _, r := range batch {
		r.reply(err)
	}
}
