package assessment

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// AT-04: steps of the machine's clock move nobody's deadline.
func TestClockIgnoresSteps(t *testing.T) {
	wall, mono := day, time.Duration(0)
	c := newClock(func() time.Time { return wall }, func() time.Duration { return mono })
	pass := func(d time.Duration) { wall, mono = wall.Add(d), mono+d }
	pass(time.Minute)
	for _, step := range []time.Duration{-10 * time.Minute, 25 * time.Minute} {
		before := c.Now()
		wall = wall.Add(step)
		if got := c.Now(); !got.Equal(before) {
			t.Errorf("a step of %s moved the time by %s", step, got.Sub(before))
		}
		pass(time.Second)
		if got := c.Now().Sub(before); got != time.Second {
			t.Errorf("a second took %s", got)
		}
	}
	if got := c.Drift(); got != 15*time.Minute {
		t.Errorf("drift = %s", got)
	}
	c.Follow(50 * time.Millisecond)
	if got := c.Drift(); got != 15*time.Minute-50*time.Millisecond {
		t.Errorf("drift after following = %s", got)
	}
	c.Confirm()
	if got := c.Drift(); got != 0 || !c.Now().Equal(wall) {
		t.Errorf("drift after confirming = %s", got)
	}
}

// The constants of the SQL and of the rules are the same.
func TestLastCallInSQL(t *testing.T) {
	if NetworkAllowance != 3000*time.Millisecond {
		t.Error("the save statement says deadline_ms + 3000")
	}
}

// A server whose clock jumped submits nobody until a person confirms the time.
func TestSweepsStopWhenTheClockJumps(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		w.begin(id)
		var log strings.Builder
		svc := New(Options{DB: w.db, Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(&log, nil))})
		wall := day
		clock := newClock(func() time.Time { return wall }, func() time.Duration { return 0 })
		wall = day.Add(24 * time.Hour)
		run := func(enough func() bool) {
			ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
			defer cancel()
			go func() {
				for ctx.Err() == nil && !enough() {
					time.Sleep(5 * time.Millisecond)
				}
				cancel()
			}()
			svc.Sweeps(ctx, clock, 5*time.Millisecond)
		}
		rounds := 0
		run(func() bool { rounds++; return rounds > 20 })
		if n := w.count(`SELECT count(*) FROM attempt WHERE state = 'open'`); n != 1 {
			t.Error("the attempt was ended by a clock that jumped")
		}
		if got := strings.Count(log.String(), "the system clock jumped"); got != 1 {
			t.Errorf("the alarm was logged %d times", got)
		}
		clock.Confirm()
		run(func() bool { return w.count(`SELECT count(*) FROM attempt WHERE state = 'submitted'`) == 1 })
		if n := w.count(`SELECT count(*) FROM attempt WHERE state = 'submitted'`); n != 1 {
			t.Error("the attempt was not ended after the time was confirmed")
		}
	})
}

func TestNewClockRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock()
		before := c.Now()
		time.Sleep(90 * time.Second)
		if got := c.Now().Sub(before); got != 90*time.Second || c.Drift() != 0 {
			t.Errorf("90 s took %s, drift %s", got, c.Drift())
		}
	})
}
