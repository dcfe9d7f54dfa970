package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/assessment/load"
	"cakap/internal/fault"
)

// What several nodes carry together is guessed on the careful side.
func TestCapacityOf(t *testing.T) {
	old := NodeCapacity{Node: "a", MeasuredAt: day, Saves: 4000, Starts: 400, Logins: 1000}
	fresh := NodeCapacity{Node: "b", MeasuredAt: day.Add(time.Hour), Saves: 2000, Starts: 300, Logins: 800}
	for _, tc := range []struct {
		name   string
		engine string
		nodes  []NodeCapacity
		want   load.Capacity
	}{
		{"nothing measured", "sqlite", nil, load.Capacity{}},
		{"SQLite believes the newest", "sqlite", []NodeCapacity{old, fresh}, load.Capacity{Saves: 2000, Starts: 300, Logins: 800}},
		{"one node of PostgreSQL", "postgres", []NodeCapacity{old}, load.Capacity{Saves: 4000, Starts: 400, Logins: 1000}},
		{"two share the database", "postgres", []NodeCapacity{old, fresh}, load.Capacity{Saves: 4000, Starts: 400, Logins: 1000}},
		{"four are twice one", "postgres", []NodeCapacity{old, old, old, old}, load.Capacity{Saves: 4000, Starts: 800, Logins: 2000}},
	} {
		if diff := cmp.Diff(tc.want, capacityOf(tc.engine, tc.nodes)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tc.name, diff)
		}
	}
}

func TestForecast(t *testing.T) {
	each(t, 6, func(t *testing.T, w *world) {
		e := w.event(plan{})
		_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
		w.must(err)
		check := func() Check {
			t.Helper()
			checks, err := w.svc.Preflight(w.ctx, everyone, e.ID, Surroundings{})
			w.must(err)
			for _, c := range checks {
				if c.Name == "load" {
					return c
				}
			}
			t.Fatal("no check of the load")
			return Check{}
		}
		if c := check(); c.Verdict != Warn || c.Key != "assessment.check.load.unknown" {
			t.Errorf("not measured: %+v", c)
		}
		wantFault(t, w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a b", Saves: 1, Starts: 1, Logins: 1}), fault.Invalid, "assessment.capacity")
		wantFault(t, w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a"}), fault.Invalid, "assessment.capacity")
		w.must(w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a", Saves: 1, Starts: 1, Logins: 1}))
		w.must(w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a", Saves: 1000, Starts: 100, Logins: 100}))
		nodes, err := w.svc.Capacities(w.ctx)
		w.must(err)
		if len(nodes) != 1 || nodes[0].Saves != 1000 || !nodes[0].MeasuredAt.Equal(w.clock.Now()) {
			t.Errorf("nodes = %+v", nodes)
		}
		if c := check(); c.Verdict != Pass {
			t.Errorf("twelve people on a fair machine: %+v", c)
		}
		// Everybody at one bell, on a machine that starts one in ten seconds.
		all, err := w.svc.read.sessions(w.ctx, e.ID)
		w.must(err)
		in := all[0].asNew()
		in.ClosesAt, in.Jitter = in.OpensAt.Add(time.Hour), -1
		_, err = w.svc.ChangeSession(w.ctx, everyone, e.ID, all[0].ID, in)
		w.must(err)
		w.must(w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a", Saves: 1, Starts: 1, Logins: 1}))
		c := check()
		if c.Verdict != Fail || c.Args[0].(int) <= 100 {
			t.Errorf("a weak machine: %+v", c)
		}
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		err = w.svc.Open(w.ctx, everyone, e.ID, Surroundings{})
		wantFault(t, err, fault.Conflict, "assessment.check.load.bad")
		f, err := w.svc.Forecast(w.ctx, everyone, e.ID)
		w.must(err)
		if f.Sessions[0].Enrolled != 12 || f.Advice == (load.Advice{}) || f.Others != 0 {
			t.Errorf("forecast = %+v", f)
		}
		// People of another event at the same hour count too.
		other := w.event(plan{})
		_, err = w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: other.ID, Agencies: []int64{agencyA}})
		w.must(err)
		if f, err = w.svc.Forecast(w.ctx, everyone, other.ID); err != nil || f.Others != 12 {
			t.Errorf("others = %d, %v", f.Others, err)
		}
		if _, err := w.svc.Forecast(w.ctx, officerA, e.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an officer of one agency sees everybody's numbers: %v", err)
		}
		w.must(w.svc.SetCapacity(w.ctx, everyone, NodeCapacity{Node: "a", Saves: 1000, Starts: 100, Logins: 100}))
		w.clock.Add(staleAfter + time.Hour)
		if f, err = w.svc.Forecast(w.ctx, everyone, e.ID); err != nil || !f.Stale {
			t.Errorf("an old measurement is believed: %v %v", f.Stale, err)
		}
	})
}

func TestMediaMustBeThere(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.event(plan{})
		look := func() Check {
			t.Helper()
			checks, err := w.svc.Preflight(w.ctx, everyone, e.ID, Surroundings{})
			w.must(err)
			for _, c := range checks {
				if c.Name == "media" {
					return c
				}
			}
			t.Fatal("no check of the media")
			return Check{}
		}
		if c := look(); c.Verdict != Pass {
			t.Errorf("the shipped bank: %+v", c)
		}
		w.exec(w.db, `UPDATE item_revision SET content = replace(content, '"stem":"', '"stem":"![peta](media:peta.png) ') WHERE item_id = (SELECT min(id) FROM item WHERE live_rev IS NOT NULL)`)
		if c := look(); c.Verdict != Fail || c.Args[0] != 1 {
			t.Errorf("a picture that is not there: %+v", c)
		}
	})
}
