package assessment

import (
	"sync"
	"time"
)

// MaxDrift is how far the machine's clock may wander from the steady one
// before the server stops acting on deadlines by itself.
const MaxDrift = time.Minute

// Clock is the time of a running server: it starts from the machine's clock
// and then follows the monotonic one, so that no step of the machine's clock
// moves anybody's deadline.
type Clock struct {
	wall  func() time.Time     // with its monotonic reading
	since func() time.Duration // monotonic, since the clock was made

	mu   sync.Mutex
	base time.Time
	at   time.Duration // monotonic reading at base
}

// NewClock starts from the machine's clock.
func NewClock() *Clock {
	start := time.Now()
	return newClock(time.Now, func() time.Duration { return time.Since(start) })
}

func newClock(wall func() time.Time, since func() time.Duration) *Clock {
	return &Clock{wall: wall, since: since, base: wall().Round(0), at: since()}
}

// Now is the steady time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(c.since() - c.at)
}

// Drift is how far the machine's clock is ahead of the steady one; it grows at
// once when the clock is set, and slowly when it runs wrong.
func (c *Clock) Drift() time.Duration { return c.wall().Round(0).Sub(c.Now()) }

// Confirm takes over the machine's clock, after a person has looked at it.
func (c *Clock) Confirm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.at = c.wall().Round(0), c.since()
}

// Follow moves the steady time towards the machine's by at most limit, so that
// the slow corrections of a time service are followed and steps are not.
func (c *Clock) Follow(limit time.Duration) {
	drift := min(max(c.Drift(), -limit), limit)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(drift)
}
