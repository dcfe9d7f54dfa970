package participant

import (
	"sync"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
)

// What one attempt may save. A person in a hurry makes a few saves a second,
// and an outbox sends what it has in one; a hundred a second is a program.
const (
	saveEvery = time.Second / 20 // in the long run
	saveBurst = 60
)

// pace holds back an attempt that saves like a program, on this node and
// without the database, so that it cannot crowd out the others. For each
// attempt it keeps the instant at which its allowance is whole again.
type pace struct {
	shards [paceShards]paceShard
}

const (
	paceShards = 64
	paceMost   = 4096 // attempts a shard remembers, 262,144 in all
)

type paceShard struct {
	mu    sync.Mutex
	whole map[assessment.AttemptID]int64 // nanoseconds on the clock of the caller
}

// allow takes one save from an attempt's allowance, or refuses with how long
// to wait. What was saved before is not touched.
func (p *pace) allow(id assessment.AttemptID, now time.Time) error {
	at := now.UnixNano()
	s := &p.shards[(uint64(id.Enrolment)*0x9E3779B97F4A7C15)>>58]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.whole == nil {
		s.whole = map[assessment.AttemptID]int64{}
	}
	whole := max(s.whole[id], at)
	if over := whole - at - int64((saveBurst-1)*saveEvery); over > 0 {
		return fault.New(fault.TooMany, "web.saves_fast", int((over+int64(time.Second)-1)/int64(time.Second)))
	}
	if len(s.whole) >= paceMost {
		s.forget(at)
	}
	s.whole[id] = whole + int64(saveEvery)
	return nil
}

// forget drops the attempts whose allowance is whole, or all, where more save
// at once than a node can serve: a limit that fails lets people work.
func (s *paceShard) forget(at int64) {
	for id, whole := range s.whole {
		if whole <= at {
			delete(s.whole, id)
		}
	}
	if len(s.whole) >= paceMost {
		clear(s.whole)
	}
}
