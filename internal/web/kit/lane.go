package kit

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cakap/internal/fault"
)

// Lane is what a request competes with when there are more of them than the
// machine can carry. Each lane has its own places, so that a thousand people
// who open a page cannot stand before one who saves an answer.
type Lane int

// The lanes, in the order of what must not fail.
const (
	Unset  Lane = iota // follows from the route
	Save               // an answer: refused at once where it would wait too long
	Submit             // a start, a take-over, a submission
	Read               // a page
	Enter              // a way in by a code, which costs no password hash
	Login              // a way in by a password: most of them only wait their turn
	Work               // an upload, an import, a long check
	Report             // a workbook or a paper: one or two at a time
	lanes
)

var laneNames = [lanes]string{"", "save", "submit", "read", "enter", "login", "work", "report"}

// lane is the route's own, or what its kind says.
func (r Route) lane() Lane {
	switch {
	case r.Lane != Unset:
		return r.Lane
	case r.Bearer:
		return Save
	case r.Slow:
		return Work
	case r.Action == "" && r.Method == "POST":
		return Login
	}
	return Read
}

// lanesOf are the lanes of a machine with so many cores. Pages and workbooks
// take cores; starts, submissions and log-ins mostly wait for the disk. Where
// the database is another server (remote), pages wait for it as well. The
// figures are those at which saves stay quick in bench/overload.
func lanesOf(cores int, remote bool) [lanes]*laneState {
	pages := max(2, cores)
	if remote {
		pages *= 4
	}
	return [lanes]*laneState{
		Save:   {limit: saveMost, pace: 80 * time.Millisecond},
		Submit: {limit: 64, queue: 512, wait: 3 * time.Second},
		Read:   {limit: pages, queue: 256, wait: 2 * time.Second},
		Enter:  {limit: 8, queue: 256, wait: 2 * time.Second},
		Login:  {limit: 32, queue: 256, wait: 2 * time.Second},
		Work:   {limit: 2 * cores, queue: 16, wait: 10 * time.Second},
		Report: {limit: max(1, cores/2), queue: 2, wait: 20 * time.Second},
	}
}

// How many saves may be under way: the most there is memory for, and one group
// of the writer, which even a machine that stood still may begin with.
const (
	saveMost  = 4096
	saveLeast = 256
)

// laneState is one lane: a number of places and a short queue, in order of
// arrival, before them.
type laneState struct {
	mu      sync.Mutex
	limit   int // places
	inside  int
	queue   int // how many may wait
	waiting []chan struct{}
	wait    time.Duration // the longest

	// A lane with a pace has no queue of its own, for a queue stands behind it:
	// its limit follows how long those inside take, so that a client hears "come
	// back later" at once rather than nothing for seconds.
	pace   time.Duration
	window window

	shed     atomic.Int64 // since the last line in the log
	reported atomic.Int64 // when that was
}

// enter takes a place, waits for one, or refuses. leave gives it back.
func (l *laneState) enter(ctx context.Context) (leave func(), err error) {
	l.mu.Lock()
	if l.inside < l.limit {
		l.inside++
		l.mu.Unlock()
		return l.leaving(), nil
	}
	if len(l.waiting) >= l.queue {
		l.mu.Unlock()
		return nil, l.busy()
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.mu.Unlock()
	timer := time.NewTimer(l.wait)
	defer timer.Stop()
	select {
	case <-turn:
		return l.leaving(), nil
	case <-timer.C:
		err = l.busy()
	case <-ctx.Done():
		err = ctx.Err()
	}
	if !l.forget(turn) { // the turn came at that very moment
		l.give()
	}
	return nil, err
}

func (l *laneState) forget(turn chan struct{}) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, w := range l.waiting {
		if w == turn {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// leaving gives the place back once, however often it is called.
func (l *laneState) leaving() func() {
	began := time.Now()
	var once sync.Once
	return func() {
		once.Do(func() {
			if l.pace > 0 {
				l.adapt(time.Since(began))
			}
			l.give()
		})
	}
}

// give hands the place to whoever waits longest.
func (l *laneState) give() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) > 0 && l.inside <= l.limit {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		return
	}
	l.inside--
}

// window is a short time in which a lane looks at those who leave it.
type window struct {
	ends  time.Time
	least time.Duration // the shortest stay
	seen  int
}

const (
	windowLength = 200 * time.Millisecond
	windowLeast  = 8 // fewer say nothing
)

// adapt moves the limit. Even the shortest stay of a whole window is too long
// only where a queue stands: then the limit shrinks by as much as the stay is
// too long, at most by half. Otherwise it grows one by one, while it is in use.
// A disk or a machine that falters for a moment changes nothing.
func (l *laneState) adapt(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w := &l.window; w.seen == 0 || took < w.least {
		w.least = took
	}
	l.window.seen++
	if took <= l.pace && l.inside > l.limit/2 {
		l.limit = min(l.limit+1, saveMost)
	}
	now := time.Now()
	if now.Before(l.window.ends) {
		return
	}
	if w := l.window; w.seen >= windowLeast && w.least > l.pace {
		// The limit may lie far above what is inside; it is that which is too much.
		much := float64(min(l.limit, l.inside))
		l.limit = max(int(much*max(float64(l.pace)/float64(w.least), 0.5)), saveLeast)
	}
	l.window = window{ends: now.Add(windowLength)}
}

// busy is the refusal. It says when to come back; see retryAfter.
func (l *laneState) busy() error {
	l.shed.Add(1)
	return &shedError{fault.New(fault.Unavailable, "error.unavailable")}
}

// hold keeps a refusal back for a second or three. To refuse costs a good part
// of what it costs to serve, and a client that hears at once asks again at once,
// or another does over the same connection: the machine would do nothing else.
// A browser that is told to come back later loses nothing by hearing it later.
func hold(ctx context.Context) {
	timer := time.NewTimer(time.Second + rand.N(2*time.Second)) //nolint:gosec // jitter, not a secret
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// shedError is a refusal at the door: it is counted rather than logged, for
// there may be thousands in a second.
type shedError struct{ *fault.Fault }

func (e *shedError) Unwrap() error { return e.Fault }

// tell writes at most one line a second about what a lane refused.
func (l *laneState) tell(log *slog.Logger, lane Lane) {
	now := time.Now().Unix()
	last := l.reported.Load()
	if now == last || !l.reported.CompareAndSwap(last, now) {
		return
	}
	l.mu.Lock()
	limit := l.limit
	l.mu.Unlock()
	log.Warn("requests were refused: the server is busy", "lane", laneNames[lane], "refused", l.shed.Swap(0), "places", limit)
}

func newLanes(remote bool) [lanes]*laneState { return lanesOf(runtime.GOMAXPROCS(0), remote) }
