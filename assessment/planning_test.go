package assessment

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

func TestEnrol(t *testing.T) {
	each(t, 6, func(t *testing.T, w *world) {
		e := w.event(plan{})
		out, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Units: []int64{agencyA*10 + 1}})
		w.must(err)
		if out != (Enrolled{Added: 3}) {
			t.Errorf("the lower unit: %+v", out)
		}
		w.exec(w.db, `UPDATE person SET active = FALSE WHERE id = ?`, w.people[agencyA][0])
		out, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Units: []int64{agencyA * 10}, Persons: w.people[agencyA][1:2]})
		w.must(err)
		if out != (Enrolled{Added: 2, Already: 3}) {
			t.Errorf("the upper unit: %+v", out)
		}
		en, err := w.svc.read.enrolment(w.ctx, w.enrolments(e)[0])
		w.must(err)
		want := Enrolment{
			ID: en.ID, Event: e.ID, Session: en.Session, Person: w.people[agencyA][1], Agency: agencyA, Unit: agencyA*10 + 1,
			UnitPath: "Dinas Pendidikan / Bidang SMA", OPD: "Dinas Pendidikan", NIP: en.NIP, Name: "Dr. Pegawai 0001, S.Kom.",
			Kind: "PNS", Sex: "F", BirthDate: "1980-01-01", Grade: "III/c", Position: "Analis", PositionKind: "Pelaksana",
			TimeFactorPct: 100, DrawOrder: 1,
		}
		if diff := cmp.Diff(want, en); diff != "" || len(en.NIP) != 18 {
			t.Errorf("(-want +got)\n%s", diff)
		}
		// Moving house later does not change what the event knows.
		w.exec(w.db, `UPDATE person SET name = 'Lain', unit_id = ? WHERE id = ?`, agencyA*10, en.Person)
		if again, _ := w.svc.read.enrolment(w.ctx, en.ID); again.Name != want.Name || again.UnitPath != want.UnitPath {
			t.Errorf("the enrolment followed the person: %+v", again)
		}
		w.must(w.svc.Withdraw(w.ctx, officerA, en.ID, "pindah"))
		wantFault(t, w.svc.Withdraw(w.ctx, officerA, en.ID, "pindah"), fault.Conflict, "assessment.withdrawn")
		out, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Persons: []int64{en.Person}})
		w.must(err)
		if out != (Enrolled{Rejoined: 1}) {
			t.Errorf("coming back: %+v", out)
		}
	})
}

// foreignActs is every act on what belongs to agency B, tried by an officer of
// A: an event of B, and B's people in an event that A shares.
func foreignActs(w *world, shared, own Event, enrolment int64, at AttemptID) map[string]func() error {
	return map[string]func() error{
		"event":         func() error { _, err := w.svc.Event(w.ctx, officerA, own.ID); return err },
		"event by code": func() error { _, err := w.svc.EventByCode(w.ctx, officerA, own.Code); return err },
		"enrol": func() error {
			_, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: own.ID, Agencies: []int64{agencyB}})
			return err
		},
		"enrol foreign": func() error {
			_, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: shared.ID, Agencies: []int64{agencyB}})
			return err
		},
		"enrol unit": func() error {
			_, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: shared.ID, Units: []int64{agencyB * 10}})
			return err
		},
		"enrol person": func() error {
			_, err := w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: shared.ID, Persons: w.people[agencyB]})
			return err
		},
		"prepare":   func() error { _, err := w.svc.Prepare(w.ctx, officerA, own.ID); return err },
		"preflight": func() error { _, err := w.svc.Preflight(w.ctx, officerA, own.ID, Surroundings{}); return err },
		"open":      func() error { return w.svc.Open(w.ctx, officerA, own.ID, Surroundings{}) },
		"close":     func() error { return w.svc.Close(w.ctx, officerA, own.ID) },
		"release":   func() error { return w.svc.ReleaseResults(w.ctx, officerA, own.ID, true) },
		"change":    func() error { _, err := w.svc.ChangeEvent(w.ctx, officerA, own.ID, EventChange{}); return err },
		"unprepare": func() error { return w.svc.Unprepare(w.ctx, officerA, own.ID) },
		"session":   func() error { _, err := w.svc.AddSession(w.ctx, officerA, own.ID, NewSession{Name: "x"}); return err },
		"monitor":   func() error { _, err := w.svc.Monitor(w.ctx, officerA, own.ID, 0); return err },
		"participants": func() error {
			_, err := w.svc.Participants(w.ctx, officerA, shared.ID, ParticipantFilter{Agency: agencyB})
			return err
		},
		"absentees": func() error { _, err := w.svc.Absentees(w.ctx, officerA, own.ID, 0); return err },
		"late":      func() error { _, err := w.svc.LateAnswers(w.ctx, officerA, own.ID); return err },
		"codes": func() error {
			_, err := w.svc.IssueStartCodes(w.ctx, officerA, CodeRequest{Event: shared.ID, Agency: agencyB})
			return err
		},
		"code":      func() error { _, err := w.svc.IssueStartCode(w.ctx, officerA, enrolment); return err },
		"enrolment": func() error { _, err := w.svc.Enrolment(w.ctx, officerA, enrolment); return err },
		"withdraw":  func() error { return w.svc.Withdraw(w.ctx, officerA, enrolment, "x") },
		"move":      func() error { return w.svc.MoveToSession(w.ctx, officerA, enrolment, 0) },
		"credit": func() error {
			_, err := w.svc.CreditOutage(w.ctx, officerA, []AttemptID{at}, time.Hour, "x")
			return err
		},
		"accept": func() error { _, err := w.svc.AcceptLate(w.ctx, officerA, at, "x"); return err },
		"end":    func() error { return w.svc.End(w.ctx, officerA, at, "x") },
		"void":   func() error { return w.svc.Void(w.ctx, officerA, at, "x", false) },
	}
}

// Agencies are walls: what an officer's scope does not cover does not exist.
func TestScopes(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		shared := w.open(plan{})
		own := w.event(plan{owner: agencyB, agencies: []int64{agencyB}})
		ids := map[int64]int64{}
		for _, id := range w.enrolments(shared) {
			en, err := w.svc.read.enrolment(w.ctx, id)
			w.must(err)
			ids[en.Agency] = id
		}
		tk := w.begin(ids[agencyB])
		for name, try := range foreignActs(w, shared, own, ids[agencyB], tk.AttemptID) {
			if err := try(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		// In an event that spans the province, officers see their own people only.
		page, err := w.svc.Participants(w.ctx, officerA, shared.ID, ParticipantFilter{})
		w.must(err)
		if page.Total != 2 || page.Rows[0].Enrolment.Agency != agencyA || page.Rows[1].Enrolment.Agency != agencyA {
			t.Errorf("participants = %+v", page)
		}
		live, err := w.svc.Monitor(w.ctx, officerA, shared.ID, 0)
		w.must(err)
		if live.Total.Enrolled != 2 || live.Total.Working != 0 {
			t.Errorf("monitor = %+v", live.Total)
		}
		_, err = w.svc.ChangeEvent(w.ctx, officerA, shared.ID, EventChange{})
		wantFault(t, err, fault.Forbidden, "assessment.not_your_event")
		events, err := w.svc.Events(w.ctx, officerA)
		w.must(err)
		if len(events) != 1 || events[0].Event.ID != shared.ID || events[0].Enrolled != 2 || events[0].Manages {
			t.Errorf("events = %+v", events)
		}
		in := NewEvent{Code: "B-1", Name: "B", Blueprint: shared.Blueprint, OpensAt: day, ClosesAt: day.Add(time.Hour)}
		_, err = w.svc.CreateEvent(w.ctx, officerA, in)
		wantFault(t, err, fault.Forbidden, "assessment.not_your_event")
		in.Owner = agencyB
		_, err = w.svc.CreateEvent(w.ctx, officerA, in)
		wantFault(t, err, fault.NotFound, "assessment.no_agency")
		in.Owner, in.Agencies = agencyA, []int64{agencyA, agencyB}
		_, err = w.svc.CreateEvent(w.ctx, officerA, in)
		wantFault(t, err, fault.NotFound, "assessment.no_agency")
		in.Agencies = nil
		if e, err := w.svc.CreateEvent(w.ctx, officerA, in); err != nil || !cmp.Equal(e.Agencies, []int64{agencyA}) || e.Grace != 10*time.Minute {
			t.Errorf("an own event: %+v %v", e, err)
		}
	})
}

func TestNewEventIsChecked(t *testing.T) {
	good := NewEvent{Code: "ld-1", Name: "Asesmen", OpensAt: day, ClosesAt: day.Add(time.Hour)}.filled()
	if err := good.validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*NewEvent){
		"code":           func(n *NewEvent) { n.Code = "a b" },
		"name":           func(n *NewEvent) { n.Name = " " },
		"closes":         func(n *NewEvent) { n.ClosesAt = n.OpensAt },
		"zone":           func(n *NewEvent) { n.Zone = "GMT" },
		"grace":          func(n *NewEvent) { n.Grace = 3 * time.Hour },
		"release":        func(n *NewEvent) { n.Release = "never" },
		"release_at":     func(n *NewEvent) { n.Release = ReleaseAt },
		"session_opens":  func(n *NewEvent) { n.Sessions[0].OpensAt = day.Add(-1) },
		"session_closes": func(n *NewEvent) { n.Sessions[0].ClosesAt = day },
		"session_name":   func(n *NewEvent) { n.Sessions[0].Name = "\x00" },
		"session_token":  func(n *NewEvent) { n.Sessions[0].Token = "ab" },
		"place":          func(n *NewEvent) { n.Sessions[0].Place = strings.Repeat("x", 300) },
	} {
		n := good
		n.Sessions = append([]NewSession(nil), good.Sessions...)
		change(&n)
		f := fault.Of(n.validate())
		if f == nil || f.Field != field {
			t.Errorf("%s: %v", field, f)
		}
	}
}

func TestChangeEvent(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		name, later, release := "Nama baru", day.Add(6*time.Hour), ReleaseAtOnce
		got, err := w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Name: &name, ClosesAt: &later, Agencies: []int64{agencyB}})
		w.must(err)
		stored, err := w.svc.read.event(w.ctx, e.ID)
		w.must(err)
		if diff := cmp.Diff(stored, got); diff != "" || stored.Name != name || !stored.ClosesAt.Equal(later) || len(stored.Agencies) != 2 {
			t.Errorf("stored %+v\n%s", stored, diff)
		}
		early := day.Add(time.Hour) // the session would stick out
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{ClosesAt: &early})
		wantFault(t, err, fault.Invalid, "assessment.session_outside")
		w.must(w.svc.Close(w.ctx, everyone, e.ID))
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Name: &name})
		wantFault(t, err, fault.Conflict, "assessment.event_closed")
		if _, err := w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Release: &release}); err != nil {
			t.Errorf("the release of a closed event: %v", err)
		}
		_, err = w.svc.CreateEvent(w.ctx, everyone, NewEvent{Code: strings.ToLower(e.Code), Name: "x", Blueprint: e.Blueprint, OpensAt: day, ClosesAt: later})
		wantFault(t, err, fault.Conflict, "assessment.code_taken")
	})
}

// Prepare may be interrupted, forms of late comers are drawn behind the others,
// and all of them can be drawn again.
func TestPrepare(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		e := w.event(plan{spec: func(s *Spec) { s.Attempts = 2 }})
		_, err := w.svc.Prepare(w.ctx, everyone, e.ID)
		wantFault(t, err, fault.Conflict, "assessment.nobody_enrolled")
		_, err = w.svc.Enrol(w.ctx, officerA, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}})
		w.must(err)
		// A preparation that stopped after three enrolments.
		_, err = w.svc.freeze(w.ctx, everyone, e.ID)
		w.must(err)
		w.must(w.db.Tx(w.ctx, func(db storage.Querier) error {
			st := store{db}
			d, err := w.svc.continued(w.ctx, st, e, nil)
			if err != nil {
				return err
			}
			_, err = w.svc.drawSome(w.ctx, st, d, e, day, 3)
			return err
		}))
		done, err := w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		if done.Forms != 1 || done.Items < 100 {
			t.Errorf("prepared = %+v", done)
		}
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		wantFault(t, err, fault.Conflict, "assessment.event_state")
		out, err := w.svc.Enrol(w.ctx, officerB, EnrolRequest{Event: e.ID, Agencies: []int64{agencyB}})
		w.must(err)
		if out != (Enrolled{Added: 4, Drawn: 4}) {
			t.Errorf("late comers: %+v", out)
		}
		if n := w.count(`SELECT count(*) FROM form`); n != 16 {
			t.Errorf("%d forms, want two for each of eight", n)
		}
		if n := w.count(`SELECT max(draw_no) FROM form`); n != 16 {
			t.Errorf("last draw is number %d", n)
		}
		v, err := w.svc.Verify(w.ctx)
		w.must(err)
		if v.Forms != 16 || len(v.Problems) > 0 {
			t.Errorf("verify = %+v", v)
		}
		w.must(w.svc.Unprepare(w.ctx, everyone, e.ID))
		if n := w.count(`SELECT count(*) FROM form`); n != 0 {
			t.Errorf("%d forms are left", n)
		}
		if _, err := w.svc.Prepare(w.ctx, everyone, e.ID); err != nil {
			t.Error(err)
		}
		w.must(w.svc.Open(w.ctx, everyone, e.ID, Surroundings{}))
		wantFault(t, w.svc.Unprepare(w.ctx, everyone, e.ID), fault.Conflict, "assessment.event_state")
	})
}

func TestPrepareNamesTheMissingCell(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.event(plan{})
		_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}})
		w.must(err)
		w.exec(w.db, `UPDATE item SET live_rev = NULL WHERE aspect = 3 AND id IN (SELECT item_id FROM item_revision WHERE level = 'L2')`)
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		wantFault(t, err, fault.Conflict, "assessment.bank_short")
		if f := fault.Of(err); f != nil && (f.Args[0] != "A3 L2" || f.Args[1] != 4) {
			t.Errorf("args = %v", f.Args)
		}
		if n := w.count(`SELECT count(*) FROM event_pool`) + w.count(`SELECT count(*) FROM form`); n != 0 {
			t.Errorf("%d rows were left behind", n)
		}
		short, err := w.svc.Covers(w.ctx, e.Spec)
		w.must(err)
		if len(short) != 1 || short[0].Lacks() != 4 {
			t.Errorf("covers = %+v", short)
		}
	})
}

func TestPreflight(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.event(plan{})
		verdicts := func(around Surroundings) map[string]Verdict {
			t.Helper()
			checks, err := w.svc.Preflight(w.ctx, everyone, e.ID, around)
			w.must(err)
			got := map[string]Verdict{}
			for _, c := range checks {
				got[c.Name] = c.Verdict
			}
			return got
		}
		fresh := Surroundings{BackupAge: time.Hour}
		got := verdicts(Surroundings{BackupAge: -1})
		for name, want := range map[string]Verdict{"agencies": Pass, "enrolled": Fail, "bank_covers": Pass, "forms_drawn": Fail, "window": Pass, "backup": Warn, "clock": Pass} {
			if got[name] != want {
				t.Errorf("draft: %s is %q, want %q", name, got[name], want)
			}
		}
		wantFault(t, w.svc.Open(w.ctx, everyone, e.ID, fresh), fault.Conflict, "assessment.not_prepared")
		_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}})
		w.must(err)
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		want := map[string]Verdict{
			"agencies": Pass, "enrolled": Pass, "bank_covers": Pass, "forms_drawn": Pass, "approved": Pass, "reviewed": Warn, "phones": Pass,
			"expired": Pass, "window": Pass, "start_codes": Warn, "clock": Pass, "backup": Pass, "media": Pass, "capacity": Pass, "proctors": Pass,
			"admit": Pass, "proctor_rooms": Pass, "overlaps": Pass, "way_in": Warn, "load": Warn,
		}
		if diff := cmp.Diff(want, verdicts(fresh)); diff != "" {
			t.Errorf("prepared (-want +got)\n%s", diff)
		}
		if got := verdicts(Surroundings{ClockDrift: -2 * time.Minute}); got["clock"] != Fail {
			t.Errorf("a clock that jumped: %s", got["clock"])
		}
		w.clock.Add(-24 * time.Hour)
		if got := verdicts(fresh); got["clock"] != Fail {
			t.Errorf("a clock behind the data: %s", got["clock"])
		}
		w.clock.Set(day)
		w.exec(w.db, `UPDATE item_revision SET status = 'retired' WHERE item_id = (SELECT min(item_id) FROM event_pool)`)
		if got := verdicts(fresh); got["approved"] != Fail {
			t.Errorf("a retired item: %s", got["approved"])
		}
		err = w.svc.Open(w.ctx, everyone, e.ID, fresh)
		wantFault(t, err, fault.Conflict, "assessment.check.approved.bad")
		if n := w.count(`SELECT count(*) FROM event WHERE state = 'open'`); n != 0 {
			t.Error("the event is open")
		}
		w.must(w.svc.Unprepare(w.ctx, everyone, e.ID))
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		w.must(w.svc.Open(w.ctx, everyone, e.ID, fresh))
	})
}
