package assessment

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

// A paused attempt's deadline does not count: the outbox is taken, the sweep
// passes by, and the deadline moves by as long as it stood still.
func TestPause(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		tk, other := w.begin(ids[0]), w.begin(ids[1])
		both := []AttemptID{tk.AttemptID, other.AttemptID}
		_, err := w.svc.Pause(w.ctx, officerA, both, "")
		wantFault(t, err, fault.Invalid, "assessment.reason")
		_, err = w.svc.Pause(w.ctx, officerB, both, "alarm kebakaran")
		wantFault(t, err, fault.NotFound, "assessment.no_enrolment")
		_, err = w.svc.Resume(w.ctx, officerA, both)
		wantFault(t, err, fault.Conflict, "assessment.none_under_way")

		w.clock.Set(day.Add(40 * time.Minute))
		n, err := w.svc.Pause(w.ctx, officerA, append(both, AttemptID{ids[0], 9}, tk.AttemptID), "alarm kebakaran")
		if err != nil || n != 2 {
			t.Fatalf("paused %d: %v", n, err)
		}
		_, err = w.svc.Pause(w.ctx, officerA, both, "lagi")
		wantFault(t, err, fault.Conflict, "assessment.none_under_way")

		w.clock.Set(day.Add(3 * time.Hour))
		s, err := w.svc.Status(w.ctx, tk)
		w.must(err)
		if want := (Status{State: Open, Left: 20 * time.Minute, Holder: true, Paused: true}); s != want {
			t.Errorf("status = %+v, want %+v", s, want)
		}
		if got := w.save(tk, 1, 1, "A"); got != Stored { // long after the deadline as it stands
			t.Errorf("an answer that lay on the phone: %s", got)
		}
		if got, err := w.svc.SaveForm(w.ctx, tk, w.clock.Now(), 2, "B", false); got != Stored || err != nil {
			t.Errorf("a form: %s %v", got, err)
		}
		swept, err := w.svc.Sweep(w.ctx, w.clock.Now())
		if swept != (Swept{}) || err != nil {
			t.Errorf("sweep = %+v, %v", swept, err)
		}
		for what, end := range map[string]func(store, context.Context, AttemptID, time.Time) (bool, error){ // paused after the sweep listed it
			"close": store.beginClosing, "submit": store.submitDue,
		} {
			if did, err := end(w.svc.read, w.ctx, tk.AttemptID, w.clock.Now()); did || err != nil {
				t.Errorf("%s: %t %v", what, did, err)
			}
		}
		if did, err := w.svc.read.submitForgotten(w.ctx, AttemptID{ids[0], 2}, w.clock.Now()); did || err != nil {
			t.Errorf("another attempt: %t %v", did, err)
		}
		queued := w.clock.Now() // received now, written after the attempts go on
		n, err = w.svc.Resume(w.ctx, officerA, both)
		if err != nil || n != 2 {
			t.Fatalf("resumed %d: %v", n, err)
		}
		if did, err := w.svc.read.submitForgotten(w.ctx, tk.AttemptID, queued); did || err != nil {
			t.Errorf("resumed after the sweep listed it: %t %v", did, err)
		}
		a, err := w.svc.read.attempt(w.ctx, tk.AttemptID)
		w.must(err)
		if want := day.Add(3*time.Hour + 20*time.Minute); !a.Deadline.Equal(want) || a.Paused() || a.Credited != 140*time.Minute || !a.StartedAt.Equal(day) {
			t.Errorf("resumed = %+v, want the deadline %s", a, want)
		}
		if out, err := w.svc.Save(w.ctx, tk, queued, []Entry{{Position: 3, Seq: 3, Value: "A"}}); err != nil || out[0] != Stored {
			t.Errorf("received while paused, written after: %v %v", out, err)
		}
		w.clock.Set(a.LastCall().Add(time.Millisecond))
		if got := w.save(tk, 4, 4, "A"); got != Late {
			t.Errorf("after the moved deadline: %s", got)
		}
		got, err := w.svc.Credits(w.ctx, officerA, ids[0])
		w.must(err)
		want := []Credit{{No: 1, Kind: CreditForPause, Started: day, Old: day.Add(time.Hour), New: a.Deadline, By: officerA.Account, Reason: pauseReason, At: queued}}
		if diff := cmp.Diff(want, got); diff != "" || want[0].More() != 140*time.Minute {
			t.Errorf("credits:\n%s", diff)
		}
		for action, want := range map[string]int{"attempt.pause": 2, "attempt.resume": 2} {
			if n := w.count(`SELECT count(*) FROM audit WHERE action = ?`, action); n != want {
				t.Errorf("%d entries of %s, want %d", n, action, want)
			}
		}
	})
}

// Only what runs is paused; a paused attempt may be submitted, ended and voided.
func TestPauseAndTheEnds(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		ids := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))
		submits, ends, voids, over := w.begin(ids[0]), w.begin(ids[1]), w.begin(ids[2]), w.begin(ids[3])
		w.clock.Set(day.Add(10 * time.Minute))
		_, err := w.svc.Pause(w.ctx, officerA, []AttemptID{submits.AttemptID, ends.AttemptID, voids.AttemptID}, "listrik padam")
		w.must(err)
		w.clock.Set(day.Add(2 * time.Hour))
		_, err = w.svc.Pause(w.ctx, officerA, []AttemptID{over.AttemptID}, "terlambat")
		wantFault(t, err, fault.Conflict, "assessment.none_under_way")
		r, _, err := w.svc.Submit(w.ctx, submits, w.clock.Now(), Submission{})
		w.must(err)
		if r.EndedBy != ByParticipant {
			t.Errorf("submitted while paused: ended by %s", r.EndedBy)
		}
		w.must(w.svc.End(w.ctx, officerA, ends.AttemptID, "sakit"))
		w.must(w.svc.Void(w.ctx, officerA, voids.AttemptID, "salah ruang", false))
		if n := w.count(`SELECT count(*) FROM attempt WHERE paused_ms IS NOT NULL`); n != 0 {
			t.Errorf("%d ended attempts are paused", n)
		}
		_, err = w.svc.Resume(w.ctx, officerA, []AttemptID{submits.AttemptID, ends.AttemptID, voids.AttemptID})
		wantFault(t, err, fault.Conflict, "assessment.none_under_way")
	})
}

// A pause that nobody ends is over a day after the session closed.
func TestForgottenPause(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))[0]
		tk := w.begin(id)
		w.save(tk, 1, 1, "A")
		w.clock.Add(time.Minute)
		_, err := w.svc.Pause(w.ctx, officerA, []AttemptID{tk.AttemptID}, "listrik padam")
		w.must(err)
		closes := day.Add(4 * time.Hour)
		swept, err := w.svc.Sweep(w.ctx, closes.Add(pausedMost))
		if swept != (Swept{}) || err != nil {
			t.Errorf("after a day: %+v %v", swept, err)
		}
		swept, err = w.svc.Sweep(w.ctx, closes.Add(pausedMost+time.Second))
		if swept != (Swept{Submitted: 1}) || err != nil {
			t.Errorf("after more than a day: %+v %v", swept, err)
		}
		if got := w.scores(tk).Total.Answered; got != 1 {
			t.Errorf("%d answers scored, want 1", got)
		}
	})
}

// A credit to a room reaches who is under way there, within the actor's
// agencies, and keeps what was before.
func TestCreditSession(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{})
		detail, err := w.svc.Event(w.ctx, everyone, e.ID)
		w.must(err)
		room := detail.Sessions[0].ID
		_, err = w.svc.CreditSession(w.ctx, officerA, e.ID, room, 5*time.Minute, "listrik padam")
		wantFault(t, err, fault.Conflict, "assessment.none_under_way")
		var mine, theirs []Ticket
		for _, id := range w.enrolments(e) {
			en, err := w.svc.read.enrolment(w.ctx, id)
			w.must(err)
			if en.Agency == agencyA {
				mine = append(mine, w.begin(id))
			} else {
				theirs = append(theirs, w.begin(id))
			}
		}
		w.clock.Add(70 * time.Minute)
		if got := w.save(mine[0], 1, 1, "A"); got != Late {
			t.Errorf("after the deadline: %s", got)
		}
		n, err := w.svc.CreditSession(w.ctx, officerA, e.ID, room, 15*time.Minute, "listrik padam")
		if err != nil || n != len(mine) || n != 2 {
			t.Fatalf("credited %d: %v", n, err)
		}
		n, err = w.svc.CreditSession(w.ctx, everyone, e.ID, room, 5*time.Minute, "genset")
		if err != nil || n != 4 {
			t.Fatalf("credited %d: %v", n, err)
		}
		if n := w.count(`SELECT count(*) FROM answer`); n != 1 {
			t.Errorf("%d answers, want the late one that is in time now", n)
		}
		got, err := w.svc.Credits(w.ctx, officerA, mine[0].Enrolment)
		w.must(err)
		hour, at := day.Add(time.Hour), w.clock.Now()
		want := []Credit{
			{No: 1, Kind: CreditForOutage, Started: day, Old: hour, New: hour.Add(15 * time.Minute), By: officerA.Account, Reason: "listrik padam", At: at},
			{No: 1, Kind: CreditForOutage, Started: day, Old: hour.Add(15 * time.Minute), New: hour.Add(20 * time.Minute), By: everyone.Account, Reason: "genset", At: at},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("credits:\n%s", diff)
		}
		_, err = w.svc.Credits(w.ctx, officerA, theirs[0].Enrolment)
		wantFault(t, err, fault.NotFound, "assessment.no_enrolment")
		_, err = w.svc.CreditSession(w.ctx, officerA, e.ID, 12345, 5*time.Minute, "x")
		wantFault(t, err, fault.NotFound, "assessment.no_session")
		_, err = w.svc.CreditSession(w.ctx, officerA, e.ID, 0, 5*time.Minute, "x")
		wantFault(t, err, fault.NotFound, "assessment.no_session")
		_, err = w.svc.Pause(w.ctx, officerA, make([]AttemptID, mostAtOnce+1), "x")
		wantFault(t, err, fault.Invalid, "assessment.too_many_at_once")
	})
}
