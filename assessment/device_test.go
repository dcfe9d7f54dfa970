package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

// A released attempt goes to the next other browser without a question; until
// then the old one goes on saving.
func TestReleaseDevice(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ids := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))
		id, me := ids[0], w.taker(ids[0])
		_, err := w.svc.Start(w.ctx, me, id, "old", "HP Android, Chrome", "")
		w.must(err)
		old, err := w.svc.Ticket(w.ctx, me, id, "old")
		w.must(err)
		at := old.AttemptID
		_, err = w.svc.Ticket(w.ctx, me, id, "new")
		wantFault(t, err, fault.Conflict, "assessment.other_device")
		wantFault(t, w.svc.ReleaseDevice(w.ctx, officerA, at, ""), fault.Invalid, "assessment.reason")
		wantFault(t, w.svc.ReleaseDevice(w.ctx, officerB, at, "rusak"), fault.NotFound, "assessment.no_enrolment")
		wantFault(t, w.svc.ReleaseDevice(w.ctx, officerA, AttemptID{id, 4}, "rusak"), fault.Conflict, "assessment.none_under_way")
		w.must(w.svc.ReleaseDevice(w.ctx, officerA, at, "layar rusak"))
		if got := w.save(old, 1, 1, "A"); got != Stored {
			t.Errorf("the old browser, before another comes: %s", got)
		}
		_, err = w.svc.Ticket(w.ctx, me, id, "old")
		wantFault(t, err, fault.Conflict, "assessment.other_device")
		_, err = w.svc.Ticket(w.ctx, me, id, "new")
		wantFault(t, err, fault.Conflict, "assessment.device_free")
		w.clock.Add(time.Minute)
		a, err := w.svc.TakeOver(w.ctx, me, id, "new", "iPhone, Safari\n")
		w.must(err)
		if a.DeviceEpoch != 2 || a.Device != "new" {
			t.Errorf("taken over: %+v", a)
		}
		_, err = w.svc.Save(w.ctx, old, w.clock.Now(), []Entry{{Position: 2, Seq: 2, Value: "A"}})
		wantFault(t, err, fault.Conflict, "assessment.taken_over")
		_, err = w.svc.Start(w.ctx, w.taker(ids[1]), ids[1], "new", "iPhone, Safari", "")
		w.must(err)
		got, err := w.svc.Devices(w.ctx, officerA, id)
		w.must(err)
		want := []DeviceHold{
			{No: 1, Epoch: 1, Browser: "HP Android, Chrome", Since: day},
			{No: 1, Epoch: 2, Since: day.Add(time.Minute), Now: true, Same: true}, // a kind with a line break is not ours
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("devices:\n%s", diff)
		}
		_, err = w.svc.Devices(w.ctx, officerB, id)
		wantFault(t, err, fault.NotFound, "assessment.no_enrolment")
		for action, want := range map[string]int{"attempt.release_device": 1, "attempt.take_over": 1} {
			if n := w.count(`SELECT count(*) FROM audit WHERE action = ?`, action); n != want {
				t.Errorf("%d entries of %s, want %d", n, action, want)
			}
		}
	})
}
