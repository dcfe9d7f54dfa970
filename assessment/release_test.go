package assessment

import (
	"testing"
	"time"

	"cakap/internal/fault"
)

// AT-13: until results are released no door shows them.
func TestRelease(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{release: ReleaseManual})
		id := w.enrolments(e)[0]
		me := w.taker(id)
		tk := w.begin(id)
		_, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
		w.must(err)
		_, err = w.svc.Scores(w.ctx, me, tk.AttemptID)
		wantFault(t, err, fault.NotFound, "assessment.not_released")
		if h, _ := w.svc.HomeEntry(w.ctx, me, id); h.Action != ActDone {
			t.Errorf("home says %s", h.Action)
		}
		wantFault(t, w.svc.ReleaseResults(w.ctx, officerA, e.ID, false), fault.Forbidden, "assessment.not_your_event")
		w.must(w.svc.ReleaseResults(w.ctx, everyone, e.ID, false))
		wantFault(t, w.svc.ReleaseResults(w.ctx, everyone, e.ID, false), fault.Conflict, "assessment.already_released")
		if _, err := w.svc.Scores(w.ctx, me, tk.AttemptID); err != nil {
			t.Error(err)
		}
		if h, _ := w.svc.HomeEntry(w.ctx, me, id); h.Action != ActResult || h.Result != tk.AttemptID {
			t.Errorf("home says %s of %v", h.Action, h.Result)
		}
	})
}

func TestResultsVisible(t *testing.T) {
	at := day
	for name, tt := range map[string]struct {
		event Event
		want  bool
	}{
		"at once":            {Event{Release: ReleaseAtOnce}, true},
		"manual":             {Event{Release: ReleaseManual}, false},
		"manual, released":   {Event{Release: ReleaseManual, ReleasedAt: at}, true},
		"later":              {Event{Release: ReleaseAt, ReleaseAt: at.Add(1)}, false},
		"now":                {Event{Release: ReleaseAt, ReleaseAt: at}, true},
		"no time given":      {Event{Release: ReleaseAt}, false},
		"released before it": {Event{Release: ReleaseAt, ReleaseAt: at.Add(time.Hour), ReleasedAt: at}, true},
	} {
		if got := tt.event.ResultsVisible(at); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
