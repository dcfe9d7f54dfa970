package assessment

import (
	"sync"
	"time"
)

// MaxDrift is how far the machine's clock may wander from the steady one, or
// from what the database has seen, before the server stops acting on deadlines
// by itself.
const MaxDrift = time.Minute

// Clock is the time of a running server: it starts from the machine's clock
// and then follows the monotonic one, so that no step of the machine's clock
// moves anybody's deadline.
type Clock struct {
	wall  func() time.Time     // with its monotonic reading
	since func() time.Duration // monotonic, since the clock was made

	mu    sync.Mutex
	base  time.Time
	at    time.Duration // monotonic reading at base
	held  time.Duration // until then attempts are not ended, on the monotonic clock
	ahead time.Duration // of another server's clock, where that is too far
}

// NewClock starts from the machine's clock.
func NewClock() *Clock {
	start := time.Now()
	return newClock(machineClock(), func() time.Duration { return time.Since(start) })
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
	c.held, c.ahead = 0, 0
}

// Follow moves the steady time towards the machine's by at most limit, so that
// the slow corrections of a time service are followed and steps are not.
func (c *Clock) Follow(limit time.Duration) {
	drift := min(max(c.Drift(), -limit), limit)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(drift)
}

// Resume goes on from an instant that was seen before, where the machine's
// clock tells an earlier one.
func (c *Clock) Resume(seen time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.since(); seen.After(c.base.Add(now - c.at)) {
		c.base, c.at = seen, now
	}
}

// hold keeps attempts from being ended for a while, so that a person may look.
func (c *Clock) hold(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = c.since() + d
}

// leads notes how far the clock is ahead of another server's; 0 is not too far.
func (c *Clock) leads(ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
}

// Doubt is why a server does not end attempts by itself.
type Doubt string

// The doubts. DoubtJump lasts until a person confirms the time, DoubtPeer until
// then or until the servers agree.
const (
	NoDoubt   Doubt = ""
	DoubtJump Doubt = "jump" // the machine's clock was set, or is behind what the database has seen
	DoubtPeer Doubt = "peer" // another server of the same database tells an earlier time
	DoubtStop Doubt = "stop" // the server was off while attempts ran; it waits for a while
)

// Doubt is why attempts are not ended now, with how far the clock is off or
// for how much longer it waits.
func (c *Clock) Doubt() (Doubt, time.Duration) {
	if drift := c.Drift(); drift.Abs() > MaxDrift {
		return DoubtJump, drift.Abs()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ahead > MaxDrift {
		return DoubtPeer, c.ahead
	}
	if left := c.held - c.since(); left > 0 {
		return DoubtStop, left
	}
	return NoDoubt, 0
}
