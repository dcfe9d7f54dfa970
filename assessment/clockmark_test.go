package assessment

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// machine is a machine's clock and its monotonic one.
type machine struct {
	wall time.Time
	mono time.Duration
}

func (m *machine) clock() *Clock {
	return newClock(func() time.Time { return m.wall }, func() time.Duration { return m.mono })
}

func (m *machine) pass(d time.Duration) { m.wall, m.mono = m.wall.Add(d), m.mono+d }

func (w *world) mark() time.Time {
	w.t.Helper()
	at, err := w.svc.read.clockMark(w.ctx)
	w.must(err)
	return at
}

// AT-04: what a server does after a start, by what its machine and its
// database say.
func TestResumeClock(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		w.begin(w.enrolments(w.open(plan{agencies: []int64{agencyA}}))[0]) // ends at day + 1 h
		for _, tt := range []struct {
			name          string
			mark, machine time.Time
			now           time.Time
			doubt         Doubt
			log           string
		}{
			{"first start", time.Time{}, day, day, NoDoubt, ""},
			{"a short stop", day.Add(30 * time.Minute), day.Add(70 * time.Minute), day.Add(70 * time.Minute), NoDoubt, ""},
			{"set back ten minutes", day.Add(30 * time.Minute), day.Add(20 * time.Minute), day.Add(30 * time.Minute), DoubtJump, "behind=10m0s"},
			{"behind by seconds", day.Add(30 * time.Minute), day.Add(30*time.Minute - 20*time.Second), day.Add(30 * time.Minute), NoDoubt, ""},
			{"off while an attempt ran out", day.Add(30 * time.Minute), day.Add(3 * time.Hour), day.Add(3 * time.Hour), DoubtStop, "attempts=1"},
			{"off overnight, nothing ran", day.Add(-10 * time.Hour), day, day, NoDoubt, ""},
			{"off overnight after it ran out", day.Add(2 * time.Hour), day.Add(12 * time.Hour), day.Add(12 * time.Hour), NoDoubt, ""},
		} {
			t.Run(tt.name, func(t *testing.T) {
				var log strings.Builder
				w.must(SetClockMark(w.ctx, w.db, tt.mark.UTC().Add(0)))
				if tt.mark.IsZero() {
					w.exec(w.db, `UPDATE clock_mark SET at_ms = 0`)
				}
				m := &machine{wall: tt.machine}
				c := m.clock()
				w.must(ResumeClock(w.ctx, w.db, c, slog.New(slog.NewTextHandler(&log, nil))))
				doubt, _ := c.Doubt()
				if !c.Now().Equal(tt.now) || doubt != tt.doubt {
					t.Errorf("the time is %s, doubt %q; want %s, %q", c.Now(), doubt, tt.now, tt.doubt)
				}
				if (log.Len() > 0) != (tt.log != "") || !strings.Contains(log.String(), tt.log) {
					t.Errorf("log: %q, want %q in it", log.String(), tt.log)
				}
				m.pass(lookAround)
				if doubt, _ := c.Doubt(); (doubt != NoDoubt) != (tt.doubt == DoubtJump) {
					t.Errorf("after a while: %q", doubt)
				}
			})
		}
	})
}

// The mark only rises, but for a person's word.
func TestClockMark(t *testing.T) {
	each(t, 0, func(t *testing.T, w *world) {
		w.must(w.svc.read.raiseMark(w.ctx, day))
		w.must(w.svc.read.raiseMark(w.ctx, day.Add(-time.Hour)))
		if got := w.mark(); !got.Equal(day) {
			t.Errorf("the mark is %s, want %s", got, day)
		}
		w.must(SetClockMark(w.ctx, w.db, day.Add(-time.Hour)))
		if got := w.mark(); !got.Equal(day.Add(-time.Hour)) {
			t.Errorf("confirmed: %s", got)
		}
	})
}

// Two servers of one database: the one that is ahead of a living other stops
// ending attempts and does not pass its time on.
func TestServerAhead(t *testing.T) {
	each(t, 0, func(t *testing.T, w *world) {
		right, fast := &machine{wall: day}, &machine{wall: day.Add(10 * time.Minute)}
		a := timekeeper{service: w.svc, clock: right.clock()}
		b := timekeeper{service: w.svc, clock: fast.clock()}
		round := func() (bool, bool) {
			right.pass(5 * time.Second)
			fast.pass(5 * time.Second)
			first, err := a.tick(w.ctx)
			w.must(err)
			second, err := b.tick(w.ctx)
			w.must(err)
			return first, second
		}
		for range settling - 1 {
			if a, b := round(); a || b {
				t.Fatal("a server ends attempts before it has looked around")
			}
			w.must(w.svc.read.raiseMark(w.ctx, right.wall)) // a third one that runs for long
		}
		for n := range 5 {
			if a, b := round(); !a || b {
				t.Fatalf("round %d: the right one %t, the fast one %t", n, a, b)
			}
		}
		if got := w.mark(); !got.Equal(right.wall) {
			t.Errorf("the mark is %s, want %s", got, right.wall)
		}
		if doubt, by := b.clock.Doubt(); doubt != DoubtPeer || by < 9*time.Minute || by > 11*time.Minute {
			t.Errorf("doubt %q by %s", doubt, by)
		}
		b.compare(5 * time.Second) // the other one was slow, and tells the right time now
		if doubt, _ := b.clock.Doubt(); doubt != NoDoubt {
			t.Errorf("the servers agree: %q", doubt)
		}
		b.compare(2 * time.Minute) // once, as after a wait for the database
		if doubt, _ := b.clock.Doubt(); doubt != NoDoubt {
			t.Errorf("apart once: %q", doubt)
		}
		b.compare(2 * time.Minute)
		if doubt, _ := b.clock.Doubt(); doubt != DoubtPeer {
			t.Errorf("apart twice: %q", doubt)
		}
		fast.wall = right.wall // somebody mends it
		if doubt, _ := b.clock.Doubt(); doubt != DoubtJump {
			t.Errorf("mended, not confirmed: %q", doubt)
		}
		w.must(SetClockMark(w.ctx, w.db, fast.wall))
		b.clock.Confirm()
		if a, b := round(); !a || !b {
			t.Errorf("confirmed: %t %t", a, b)
		}
	})
}

// A running server keeps the mark beside its time, through steps of the
// machine's clock.
func TestSweepsKeepTheMark(t *testing.T) {
	each(t, 0, func(t *testing.T, w *world) {
		m := &machine{wall: day}
		clock := m.clock()
		m.wall = day.Add(-10 * time.Minute) // a step back while it runs
		m.mono = 3 * time.Minute
		ctx, cancel := context.WithCancel(w.ctx)
		var stopped = make(chan struct{})
		go func() { defer close(stopped); w.svc.Sweeps(ctx, clock, 2*time.Millisecond) }()
		limit := time.Now().Add(time.Minute)
		for w.mark().IsZero() && time.Now().Before(limit) {
			time.Sleep(2 * time.Millisecond)
		}
		cancel()
		<-stopped
		if got := w.mark(); !got.Equal(day.Add(3 * time.Minute)) {
			t.Errorf("the mark is %s: not the steady time", got)
		}
	})
}
