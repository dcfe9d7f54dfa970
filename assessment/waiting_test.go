package assessment

import (
	"testing"
	"time"

	"cakap/internal/fault"
)

// The obstacles come one at a time, in their order, and end by themselves.
func TestWaitingRoom(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		id := w.enrolments(e)[0]
		w.exec(w.db, `UPDATE session SET admit = TRUE, jitter_s = 20 WHERE event_id = ?`, e.ID)
		turn := turnOf(id, 20*time.Second)
		look := func(now time.Time, want Obstacle) Waiting {
			t.Helper()
			w.clock.Set(now)
			got, err := w.svc.Wait(w.ctx, w.taker(id), id)
			w.must(err)
			if got.Obstacle != want {
				t.Errorf("%v after the bell: %q, want %q", now.Sub(day), got.Obstacle, want)
			}
			return got
		}
		got := look(day.Add(-time.Minute), BeforeBell)
		if got.Bell != time.Minute || got.Turn != time.Minute+turn || got.Spread != 20*time.Second || !got.Admit || got.Admitted {
			t.Errorf("before the bell: %+v", got)
		}
		look(day, NotAdmitted)
		w.exec(w.db, `UPDATE enrolment SET admitted_ms = 1 WHERE id = ?`, id)
		if turn > 0 {
			look(day, NotYourTurn)
		}
		look(day.Add(20*time.Second), NoObstacle)
		look(day.Add(4*time.Hour), SessionOver)
		w.exec(w.db, `UPDATE session SET closed_ms = 1 WHERE event_id = ?`, e.ID)
		look(day.Add(time.Hour), SessionOver)
		w.exec(w.db, `UPDATE session SET closed_ms = NULL WHERE event_id = ?`, e.ID)
		w.begin(id)
		if got := look(day.Add(time.Hour), NoObstacle); !got.UnderWay {
			t.Error("an attempt under way is not told")
		}
	})
}

func TestWaitingIsNotedAndNotAtEveryLook(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		noted := func(now time.Time) int64 {
			t.Helper()
			w.clock.Set(now)
			_, err := w.svc.Wait(w.ctx, w.taker(ids[0]), ids[0])
			w.must(err)
			var at int64
			w.must(w.db.Get(w.ctx, &at, `SELECT waiting_ms FROM enrolment WHERE id = ?`, ids[0]))
			return at
		}
		first := noted(day.Add(-time.Hour))
		if first != day.Add(-time.Hour).UnixMilli() {
			t.Errorf("noted %d", first)
		}
		if got := noted(day.Add(-time.Hour + 10*time.Second)); got != first {
			t.Errorf("noted again after 10 s: %d", got)
		}
		if got := noted(day.Add(-time.Hour + 30*time.Second)); got == first {
			t.Error("not noted again after 30 s")
		}
		_, err := w.svc.Wait(w.ctx, w.taker(ids[1]), ids[0])
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("another person's waiting room: %v", err)
		}
		if n := w.count(`SELECT count(*) FROM enrolment WHERE waiting_ms IS NOT NULL`); n != 1 {
			t.Errorf("%d people wait, want 1", n)
		}
	})
}

func TestStartAsksForAdmission(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		id := w.enrolments(e)[0]
		w.exec(w.db, `UPDATE session SET admit = TRUE WHERE event_id = ?`, e.ID)
		start := func() error {
			_, err := w.svc.Start(w.ctx, w.taker(id), id, phone, "", "")
			return err
		}
		if f := fault.Of(start()); f == nil || f.Key != "assessment.not_admitted" {
			t.Errorf("start without admission: %v", f)
		}
		if n := w.count(`SELECT count(*) FROM attempt`); n != 0 {
			t.Errorf("%d attempts began", n)
		}
		w.exec(w.db, `UPDATE enrolment SET admitted_ms = 1 WHERE id = ?`, id)
		w.must(start())
	})
}

// The spread is even, stays within its limits and is the same at every look.
func TestTurns(t *testing.T) {
	const people, spread = 20_000, 20 * time.Second
	var buckets [20]int
	for id := range int64(people) {
		turn := turnOf(1_000_000+id, spread)
		if turn < 0 || turn > spread {
			t.Fatalf("turn of %d: %v", id, turn)
		}
		if again := turnOf(1_000_000+id, spread); again != turn {
			t.Fatalf("turn of %d: %v, then %v", id, turn, again)
		}
		buckets[min(int(turn/time.Second), 19)]++
	}
	for second, n := range buckets {
		if n < people/20*8/10 || n > people/20*12/10 {
			t.Errorf("second %d: %d starts, want about %d", second, n, people/20)
		}
	}
	if got := turnOf(1, 0); got != 0 {
		t.Errorf("no spread: %v", got)
	}
}
