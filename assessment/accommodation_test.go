package assessment

import (
	"testing"

	"cakap/internal/access"
	"cakap/internal/fault"
)

func TestApplyAccommodation(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		running := w.open(plan{agencies: []int64{agencyA}})
		waiting := w.event(plan{agencies: []int64{agencyA}})
		_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: waiting.ID, Agencies: waiting.Agencies})
		w.must(err)
		over := w.event(plan{agencies: []int64{agencyA}})
		_, err = w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: over.ID, Agencies: over.Agencies})
		w.must(err)
		w.exec(w.db, `UPDATE event SET state = 'closed' WHERE id = ?`, over.ID)

		// The first person is in the middle of an attempt, the second is not.
		first, second := w.enrolments(running)[0], w.enrolments(running)[1]
		ticket := w.begin(first)
		before, err := w.svc.read.attempt(w.ctx, AttemptID{first, ticket.No})
		w.must(err)
		for i, want := range []Accommodated{{Applied: 1, Running: 1}, {Applied: 2}} {
			person := w.taker([]int64{first, second}[i]).Person
			w.exec(w.db, `UPDATE person SET time_factor_pct = 150 WHERE id = ?`, person)
			got, err := w.svc.ApplyAccommodation(w.ctx, officerA, person)
			if err != nil || got != want {
				t.Errorf("person %d: %+v, %v; want %+v", i, got, err, want)
			}
			again, err := w.svc.ApplyAccommodation(w.ctx, officerA, person)
			if want.Applied = 0; err != nil || again != want {
				t.Errorf("person %d again: %+v, %v; want %+v", i, again, err, want)
			}
		}
		factor := func(event Event, person int64) int {
			return w.count(`SELECT time_factor_pct FROM enrolment WHERE event_id = ? AND person_id = ?`, event.ID, person)
		}
		one, two := w.taker(first).Person, w.taker(second).Person
		got := []int{factor(running, one), factor(waiting, one), factor(over, one), factor(running, two), factor(waiting, two), factor(over, two)}
		for i, want := range []int{100, 150, 100, 150, 150, 100} {
			if got[i] != want {
				t.Errorf("enrolment %d has %d %%, want %d", i, got[i], want)
			}
		}
		after, err := w.svc.read.attempt(w.ctx, AttemptID{first, ticket.No})
		w.must(err)
		if !after.Deadline.Equal(before.Deadline) {
			t.Errorf("the running attempt's deadline moved from %v to %v", before.Deadline, after.Deadline)
		}
		if ticket := w.begin(second); ticket.No == 0 {
			t.Error("the second person cannot begin")
		}
		longer, err := w.svc.read.attempt(w.ctx, AttemptID{second, 1})
		w.must(err)
		if got, want := longer.Deadline.Sub(longer.StartedAt), before.Deadline.Sub(before.StartedAt)*3/2; got != want {
			t.Errorf("an attempt of 150 %% lasts %v, want %v", got, want)
		}

		_, err = w.svc.ApplyAccommodation(w.ctx, officerB, one)
		if f := fault.Of(err); f == nil || f.Kind != fault.NotFound {
			t.Errorf("another agency's officer: %v", err)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'enrolment.time_factor' AND detail LIKE '%150%'`); n != 0 {
			t.Errorf("%d audit entries tell the factor", n)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'enrolment.time_factor'`); n != 2 {
			t.Errorf("%d audit entries, want one per person", n)
		}
		if _, err := access.VerifyChain(w.ctx, w.db); err != nil {
			t.Error(err)
		}
	})
}
