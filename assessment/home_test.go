package assessment

import (
	"testing"
	"time"
)

func TestHomeActions(t *testing.T) {
	base := func() starting {
		return starting{
			Event:     Event{State: EventOpen, Release: ReleaseManual, Spec: Spec{Minutes: 60, Cells: []Cell{{Count: 1}}}},
			Session:   Session{OpensAt: day, ClosesAt: day.Add(4 * time.Hour)},
			Enrolment: Enrolment{ID: 1, TimeFactorPct: 150}, Forms: 1,
		}
	}
	attempt := func(no int, state State) Attempt {
		return Attempt{AttemptID: AttemptID{1, no}, State: state, Deadline: day.Add(time.Hour), SubmittedAt: day.Add(time.Hour)}
	}
	for _, tt := range []struct {
		name   string
		change func(*starting)
		at     time.Duration
		want   Action
		again  bool
	}{
		{"before the session", func(*starting) {}, -time.Minute, ActWait, false},
		{"in the session", func(*starting) {}, time.Minute, ActStart, false},
		{"with a token to type", func(s *starting) { s.Session.Token = "ABCD" }, time.Minute, ActStart, false},
		{"after the session", func(*starting) {}, 4 * time.Hour, ActMissed, false},
		{"not opened yet", func(s *starting) { s.Event.State = EventPrepared }, time.Minute, ActWait, false},
		{"closed without a start", func(s *starting) { s.Event.State = EventClosed }, time.Minute, ActMissed, false},
		{"working", func(s *starting) { s.Attempts = []Attempt{attempt(1, Open)} }, 30 * time.Minute, ActResume, false},
		{"time is up, not swept", func(s *starting) { s.Attempts = []Attempt{attempt(1, Open)} }, 61 * time.Minute, ActEnding, false},
		{"closing", func(s *starting) { s.Attempts = []Attempt{attempt(1, Closing)} }, 61 * time.Minute, ActEnding, false},
		{"submitted", func(s *starting) { s.Attempts = []Attempt{attempt(1, Submitted)} }, 2 * time.Hour, ActDone, false},
		{"submitted, one more", func(s *starting) { s.Attempts, s.Forms = []Attempt{attempt(1, Submitted)}, 2 }, 2 * time.Hour, ActDone, true},
		{"released", func(s *starting) { s.Attempts, s.Event.ReleasedAt = []Attempt{attempt(1, Submitted)}, day }, 2 * time.Hour, ActResult, false},
		{"voided", func(s *starting) { s.Attempts = []Attempt{attempt(1, Voided)} }, time.Hour, ActVoided, false},
		{"voided, once more", func(s *starting) { s.Attempts, s.Forms = []Attempt{attempt(1, Voided)}, 2 }, time.Hour, ActStart, false},
		{"voided after one that counts", func(s *starting) { s.Attempts = []Attempt{attempt(1, Submitted), attempt(2, Voided)} }, time.Hour, ActDone, false},
	} {
		s := base()
		tt.change(&s)
		got := s.home(day.Add(tt.at))
		if got.Action != tt.want || got.Again != tt.again || got.Working != 90*time.Minute {
			t.Errorf("%s: %s, again %t, working %s; want %s, %t", tt.name, got.Action, got.Again, got.Working, tt.want, tt.again)
		}
	}
}

// An event in draft is nobody's business; a start code shows its own
// assessment alone.
func TestHomeShowsOnlyWhatItMay(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		one := w.open(plan{agencies: []int64{agencyA}})
		two := w.open(plan{agencies: []int64{agencyA}})
		draft := w.event(plan{agencies: []int64{agencyA}})
		_, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: draft.ID, Agencies: []int64{agencyA}})
		w.must(err)
		me := Taker{Person: w.people[agencyA][0]}
		home, err := w.svc.Home(w.ctx, me)
		w.must(err)
		if len(home) != 2 {
			t.Errorf("%d entries, want 2", len(home))
		}
		me.Only = w.enrolments(two)[0]
		home, err = w.svc.Home(w.ctx, me)
		w.must(err)
		if len(home) != 1 || home[0].Event.ID != two.ID || home[0].Event.ID == one.ID {
			t.Errorf("a start code shows %+v", home)
		}
	})
}
