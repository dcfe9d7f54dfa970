package assessment

import (
	"log/slog"
	"testing"
	"time"
)

// AT-04: no step of a machine's clock, and no restart after one, moves a
// deadline later or ends an attempt early. The other attacks are requests, and
// their tests are in internal/web.
func TestAttackAT04ClockSteps(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))[0]
		quiet := slog.New(slog.DiscardHandler)
		m := &machine{wall: day}
		clock := m.clock()
		w.must(ResumeClock(w.ctx, w.db, clock, quiet))
		svc := New(Options{DB: w.db, Now: clock.Now, Log: quiet})
		keeper := timekeeper{service: svc, clock: clock}
		sweep := func() bool {
			t.Helper()
			trusted, err := keeper.tick(w.ctx)
			w.must(err)
			if trusted {
				_, err = svc.Sweep(w.ctx, clock.Now())
				w.must(err)
			}
			return trusted
		}
		_, err := svc.Start(w.ctx, w.taker(id), id, phone, "", "")
		w.must(err)
		tk, err := svc.Ticket(w.ctx, w.taker(id), id, phone)
		w.must(err)
		left := func(want time.Duration, when string) {
			t.Helper()
			s, err := svc.Status(w.ctx, tk)
			w.must(err)
			if s.Left != want || s.State != Open {
				t.Errorf("%s: %s left, state %s; want %s", when, s.Left, s.State, want)
			}
		}
		sweep()
		sweep()
		if !sweep() {
			t.Fatal("a good clock is not trusted")
		}
		m.pass(20 * time.Minute)
		sweep()

		m.wall = m.wall.Add(-10 * time.Minute)
		left(40*time.Minute, "stepped back")
		if sweep() {
			t.Error("stepped back, and attempts are still ended")
		}
		m.wall = m.wall.Add(10*time.Minute + 2*time.Hour)
		left(40*time.Minute, "stepped forward")
		if sweep() {
			t.Error("stepped forward, and attempts are still ended")
		}

		// The server starts anew on a machine that is ten minutes slow.
		m.wall = day.Add(10 * time.Minute)
		clock = m.clock()
		w.must(ResumeClock(w.ctx, w.db, clock, quiet))
		svc = New(Options{DB: w.db, Now: clock.Now, Log: quiet})
		keeper = timekeeper{service: svc, clock: clock}
		left(40*time.Minute, "started anew, slow")
		for range settling {
			if sweep() {
				t.Error("started anew, and attempts are ended before anybody looked")
			}
		}
		m.pass(40*time.Minute + NetworkAllowance)
		out, err := svc.Save(w.ctx, tk, clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}})
		if err != nil || out[0] != Stored {
			t.Errorf("at the last call: %v %v", out, err)
		}
		m.pass(time.Millisecond)
		out, err = svc.Save(w.ctx, tk, clock.Now(), []Entry{{Position: 2, Seq: 2, Value: "A"}})
		if err != nil || out[0] != Late {
			t.Errorf("after it, on a machine that says %s: %v %v", m.wall, out, err)
		}
		m.pass(time.Hour)
		sweep()
		if n := w.count(`SELECT count(*) FROM attempt WHERE state = 'open'`); n != 1 {
			t.Error("an attempt was ended by a server in doubt")
		}
		m.wall = clock.Now() // mended and confirmed
		clock.Confirm()
		if !sweep() || w.count(`SELECT count(*) FROM attempt WHERE state = 'submitted'`) != 1 {
			t.Error("the attempt is not ended after a person confirmed the time")
		}
		a, err := w.svc.read.attempt(w.ctx, tk.AttemptID)
		w.must(err)
		if want := day.Add(time.Hour); !a.Deadline.Equal(want) {
			t.Errorf("the deadline is %s, want %s", a.Deadline, want)
		}
		if !t.Failed() {
			t.Log("ATTACK AT-04 refused")
		}
	})
}
