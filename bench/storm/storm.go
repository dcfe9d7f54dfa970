package storm

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
)

// Tally counts what became of saves. A request without an answer may be stored
// or not: it is unknown, and the client sends the same entry again.
type Tally struct {
	Acked, Unknown, Refused, Throttled atomic.Int64
}

// Storm is clients that save at once. Each has attempts of its own and takes
// them in turn, since the server slows down whoever answers faster than people.
type Storm struct {
	Clients  int
	Attempts []rig.Attempt
	Pause    time.Duration // between two saves of a client
	Stop     bool          // a client ends at its first connection that breaks
	Connect  func() bool   // whether a new connection may be opened; nil is always
	Reply    func(Reply)   // hears of each answer
	Broken   func(error)   // hears of each request without an answer
}

// Run storms address until ctx ends.
func (s *Storm) Run(ctx context.Context, address string, ledger *Ledger, tally *Tally) {
	var all sync.WaitGroup
	share := max(len(s.Attempts)/s.Clients, 1)
	for i := range s.Clients {
		mine := s.Attempts[min(i*share, len(s.Attempts)):min((i+1)*share, len(s.Attempts))]
		if len(mine) > 0 {
			all.Go(func() { s.client(ctx, address, mine, ledger, tally) })
		}
	}
	all.Wait()
}

func (s *Storm) client(ctx context.Context, address string, mine []rig.Attempt, ledger *Ledger, tally *Tally) {
	for turn := 0; ctx.Err() == nil; {
		if s.Connect != nil && !s.Connect() {
			sleep(ctx, 5*time.Millisecond)
			continue
		}
		conn, err := Dial(ctx, address)
		if err != nil {
			if s.Stop {
				return
			}
			sleep(ctx, 20*time.Millisecond)
			continue
		}
		turn = s.session(ctx, conn, mine, turn, ledger, tally)
		_ = conn.Close() // it may be broken already
		if s.Stop {
			return
		}
	}
}

// session saves over one connection until it ends, and returns whose turn is next.
func (s *Storm) session(ctx context.Context, conn *Conn, mine []rig.Attempt, turn int, ledger *Ledger, tally *Tally) int {
	for ctx.Err() == nil {
		a := &mine[turn%len(mine)]
		reply, err := conn.Save(a)
		if err != nil {
			tally.Unknown.Add(1)
			if s.Broken != nil {
				s.Broken(err)
			}
			return turn
		}
		wait := s.Pause
		switch reply.Status {
		case http.StatusOK:
			tally.Acked.Add(1)
			ledger.Add(Ack{a.Enrolment, a.Seq})
			turn++
		case http.StatusTooManyRequests:
			tally.Throttled.Add(1)
			turn++
			wait += time.Millisecond
		default:
			tally.Refused.Add(1)
			wait += 10 * time.Millisecond
		}
		if s.Reply != nil {
			s.Reply(reply)
		}
		if reply.Last {
			return turn
		}
		if wait > 0 {
			sleep(ctx, wait)
		}
	}
	return turn
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
