package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
)

// proctor makes an account with a grant.
func (w *world) proctor(id int64, role string, agency int64) int64 {
	w.t.Helper()
	name := map[int64]string{501: "Rina", 502: "Sari"}[id]
	w.exec(w.db, `INSERT INTO account (id, username, name, created_ms) VALUES (?, ?, ?, 0)`, id, "u"+name, name)
	w.exec(w.db, `INSERT INTO account_role (account_id, role, agency_id) VALUES (?, ?, ?)`, id, role, agency)
	return id
}

func TestSessionLife(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		e := w.event(plan{owner: agencyA, agencies: []int64{agencyA}})
		rina, other := w.proctor(501, "proctor", agencyA), w.proctor(502, "proctor", agencyB)
		in := NewSession{
			Name: "Sesi 2", OpensAt: day.Add(time.Hour), ClosesAt: day.Add(3 * time.Hour), Place: "Ruang 1", Token: "abcd", Capacity: 3,
			Jitter: time.Minute, Admit: true, Proctors: []int64{rina, rina},
		}
		bad := in
		bad.Proctors = []int64{other}
		_, err := w.svc.AddSession(w.ctx, officerA, e.ID, bad)
		wantFault(t, err, fault.Invalid, "assessment.no_proctor")
		made, err := w.svc.AddSession(w.ctx, officerA, e.ID, in)
		w.must(err)
		all, err := w.svc.read.sessions(w.ctx, e.ID)
		w.must(err)
		want := Session{
			ID: made.ID, Event: e.ID, Name: "Sesi 2", OpensAt: in.OpensAt, ClosesAt: in.ClosesAt, Place: "Ruang 1", Token: "ABCD", Capacity: 3,
			Jitter: time.Minute, Admit: true, Proctors: []int64{rina},
		}
		if diff := cmp.Diff(want, all[1]); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if all[0].Jitter != defaultJitter {
			t.Errorf("the first session spreads starts over %s, want %s", all[0].Jitter, defaultJitter)
		}
		// Unchanged but for the jitter, which may be none at all.
		still := all[1].asNew()
		still.Jitter = -1
		changed, err := w.svc.ChangeSession(w.ctx, officerA, e.ID, made.ID, still)
		w.must(err)
		if changed.Jitter != 0 || !changed.Admit || changed.Capacity != 3 {
			t.Errorf("changed = %+v", changed)
		}
		_, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Session: made.ID, Persons: w.people[agencyA][:3]})
		w.must(err)
		tight := still
		tight.Capacity = 2
		_, err = w.svc.ChangeSession(w.ctx, officerA, e.ID, made.ID, tight)
		wantFault(t, err, fault.Conflict, "assessment.session_fuller")
		wantFault(t, w.svc.RemoveSession(w.ctx, officerA, e.ID, made.ID), fault.Conflict, "assessment.session_used")
		for _, id := range w.enrolments(e) {
			w.must(w.svc.Withdraw(w.ctx, officerA, id, "salah sesi"))
		}
		w.must(w.svc.RemoveSession(w.ctx, officerA, e.ID, made.ID))
		wantFault(t, w.svc.RemoveSession(w.ctx, officerA, e.ID, all[0].ID), fault.Conflict, "assessment.session_last")
		if n := w.count(`SELECT count(*) FROM enrolment WHERE session_id = ?`, all[0].ID); n != 3 {
			t.Errorf("%d of three withdrawn people are kept", n)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action IN ('session.create', 'session.change', 'session.remove')`); n != 3 {
			t.Errorf("%d audit entries, want 3", n)
		}
	})
}

// Once somebody has begun, a window only grows.
func TestBegunSessionIsOnlyExtended(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{})
		w.begin(w.enrolments(e)[0])
		all, err := w.svc.read.sessions(w.ctx, e.ID)
		w.must(err)
		later := day.Add(8 * time.Hour)
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{ClosesAt: &later})
		w.must(err)
		for _, tc := range []struct {
			name   string
			change func(*NewSession)
			ok     bool
		}{
			{"shorter", func(n *NewSession) { n.ClosesAt = n.ClosesAt.Add(-time.Minute) }, false},
			{"begins later", func(n *NewSession) { n.OpensAt = n.OpensAt.Add(time.Minute) }, false},
			{"another window", func(n *NewSession) { n.OpensAt, n.ClosesAt = n.OpensAt.Add(time.Hour), n.ClosesAt.Add(time.Hour) }, false},
			{"another token", func(n *NewSession) { n.Token = "WXYZ" }, true},
			{"longer", func(n *NewSession) { n.ClosesAt = n.ClosesAt.Add(time.Hour) }, true},
		} {
			in := all[0].asNew()
			tc.change(&in)
			_, err := w.svc.ChangeSession(w.ctx, everyone, e.ID, all[0].ID, in)
			if tc.ok && err != nil {
				t.Errorf("%s: %v", tc.name, err)
			}
			if !tc.ok {
				wantFault(t, err, fault.Conflict, "assessment.session_begun")
			}
		}
	})
}

func TestClashes(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		rina := w.proctor(501, "officer", 0)
		one, two := w.event(plan{}), w.event(plan{})
		for _, e := range []Event{one, two} {
			_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Persons: append(w.people[agencyA][:2:2], w.people[agencyB][0])})
			w.must(err)
		}
		look := func(actor Actor, e Event) (int, int) {
			t.Helper()
			people, proctors, err := w.svc.Clashes(w.ctx, actor, e.ID)
			w.must(err)
			return len(people), len(proctors)
		}
		// Four hours are enough for two assessments of an hour, one after the other.
		if n, _ := look(everyone, one); n != 0 {
			t.Errorf("%d clashes online, want none", n)
		}
		room := func(e Event, place string) {
			t.Helper()
			all, err := w.svc.read.sessions(w.ctx, e.ID)
			w.must(err)
			in := all[0].asNew()
			in.Place, in.Proctors = place, []int64{rina}
			_, err = w.svc.ChangeSession(w.ctx, everyone, e.ID, all[0].ID, in)
			w.must(err)
		}
		room(one, "Ruang 1")
		if n, m := look(everyone, one); n != 3 || m != 0 {
			t.Errorf("%d people and %d proctors, want 3 and 0", n, m)
		}
		if n, _ := look(officerA, one); n != 2 {
			t.Errorf("an officer of A sees %d people, want their own two", n)
		}
		room(two, "Ruang 2")
		people, proctors, err := w.svc.Clashes(w.ctx, everyone, two.ID)
		w.must(err)
		if len(proctors) != 1 || proctors[0].Name != "Rina" || proctors[0].Other != one.Name || people[0].Other != one.Name {
			t.Errorf("people %+v proctors %+v", people, proctors)
		}
		checks, err := w.svc.Preflight(w.ctx, everyone, two.ID, Surroundings{})
		w.must(err)
		got := map[string]Check{}
		for _, c := range checks {
			got[c.Name] = c
		}
		if got["overlaps"].Verdict != Warn || got["overlaps"].Args[0] != 3 || got["proctor_rooms"].Verdict != Warn || got["proctors"].Verdict != Pass {
			t.Errorf("checks = %+v", got)
		}
	})
}
