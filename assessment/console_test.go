package assessment

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// The console shows everybody where they stand, whom to look after first.
func TestConsole(t *testing.T) {
	each(t, 12, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		session := w.sessionOf(e)
		w.exec(w.db, `UPDATE session SET admit = TRUE WHERE id = ?`, session)
		w.exec(w.db, `UPDATE enrolment SET admitted_ms = 1 WHERE event_id = ?`, e.ID)
		w.exec(w.db, `UPDATE enrolment SET admitted_ms = NULL WHERE id = ?`, ids[1])
		short := w.begin(ids[2])
		w.save(short, 1, 1, "A")
		over := w.begin(ids[3])
		_ = over
		w.clock.Set(day.Add(30 * time.Minute))
		silent, held, done, voided, reporter, busy := w.begin(ids[4]), w.begin(ids[5]), w.begin(ids[6]), w.begin(ids[7]), w.begin(ids[8]), w.begin(ids[9])
		_ = silent
		w.submitted(done)
		w.must(w.svc.Void(w.ctx, officerA, voided.AttemptID, "uji", false))
		_, err := w.svc.Pause(w.ctx, officerA, []AttemptID{held.AttemptID}, "Listrik padam")
		w.must(err)
		w.must(w.svc.Withdraw(w.ctx, officerA, ids[11], "uji"))
		_, err = w.svc.CreditOutage(w.ctx, officerA, []AttemptID{short.AttemptID}, 10*time.Minute, "uji")
		w.must(err)
		w.clock.Set(day.Add(64 * time.Minute))
		w.save(short, 2, 2, "A")
		w.save(short, 1, 3, "") // taken back
		w.save(busy, 1, 1, "A")
		w.save(reporter, 1, 1, "A")
		w.must(w.svc.ReportItem(w.ctx, reporter, 3, "picture", "Gambarnya tidak tampil."))
		for _, id := range []int64{ids[0], ids[1]} {
			w.exec(w.db, `UPDATE enrolment SET waiting_ms = ? WHERE id = ?`, w.clock.Now().Add(-30*time.Second).UnixMilli(), id)
		}
		w.exec(w.db, `UPDATE enrolment SET waiting_ms = ? WHERE id = ?`, w.clock.Now().Add(-90*time.Second).UnixMilli(), ids[10])

		c, err := w.svc.Console(w.ctx, officerA, e.ID, 0)
		w.must(err)
		want := map[int64]struct {
			standing Standing
			concern  Concern
		}{
			ids[0]: {InRoom, IsOverdue}, ids[1]: {AtDoor, IsAtDoor}, ids[2]: {AtWork, IsShort}, ids[3]: {OutOfTime, NoConcern}, ids[4]: {Unheard, IsUnheard},
			ids[5]: {Held, IsHeld}, ids[6]: {Finished, NoConcern}, ids[7]: {Annulled, NoConcern}, ids[8]: {AtWork, HasReport}, ids[9]: {AtWork, NoConcern}, ids[10]: {Absent, IsOverdue},
		}
		if len(c.People) != len(want) || c.Reports != 1 || c.Concerns != 7 || c.Session.ID != session {
			t.Errorf("%d people, %d reports, %d concerns, session %d", len(c.People), c.Reports, c.Concerns, c.Session.ID)
		}
		last := 0
		for _, p := range c.People {
			one := want[p.Enrolment.ID]
			if p.Standing != one.standing || p.Concern != one.concern {
				t.Errorf("person %s is %s with %d, want %s with %d", p.Enrolment.Name, p.Standing, p.Concern, one.standing, one.concern)
			}
			if p.Concern.place() < last {
				t.Errorf("%s with %d stands below %d", p.Enrolment.Name, p.Concern, last)
			}
			last = p.Concern.place()
			if p.Enrolment.ID == ids[2] && (p.Answered != 1 || p.Attempt.Items != 40 || p.Left != 6*time.Minute) {
				t.Errorf("answered %d of %d, %s left", p.Answered, p.Attempt.Items, p.Left)
			}
			if p.Enrolment.ID == ids[5] && p.Left != time.Hour {
				t.Errorf("a paused person has %s left", p.Left)
			}
		}
		sum := 0
		for _, n := range c.Counts {
			sum += n
		}
		if sum != len(c.People) || c.Counts[AtWork] != 3 {
			t.Errorf("counts = %v", c.Counts)
		}
		if got := c.Find(Absent, false, ""); len(got) != 1 || got[0].Enrolment.ID != ids[10] {
			t.Errorf("absent = %v", got)
		}
		if got := c.Find("", true, "pegawai"); len(got) != 7 {
			t.Errorf("%d with a concern", len(got))
		}
		if got := c.Find("", false, c.People[3].Enrolment.NIP[2:]); len(got) != 1 {
			t.Errorf("part of a number finds %d", len(got))
		}
		if _, err := w.svc.Console(w.ctx, officerB, e.ID, 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another agency's officer: %v", err)
		}
	})
}

func (w *world) sessionOf(e Event) int64 {
	w.t.Helper()
	var id int64
	w.must(w.db.Get(w.ctx, &id, `SELECT id FROM session WHERE event_id = ?`, e.ID))
	return id
}

// A shared session shows each agency its own people.
func TestConsoleKeepsWalls(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e := w.open(plan{})
		for _, id := range w.enrolments(e) {
			tk := w.begin(id)
			w.must(w.svc.ReportItem(w.ctx, tk, 1, "unclear", ""))
		}
		for _, actor := range []Actor{officerA, officerB} {
			c, err := w.svc.Console(w.ctx, actor, e.ID, 0)
			w.must(err)
			reports, err := w.svc.ItemReports(w.ctx, actor, e.ID, 0)
			w.must(err)
			if len(c.People) != 3 || c.Reports != 3 || len(reports) != 3 {
				t.Errorf("%d people, %d reports, %d listed", len(c.People), c.Reports, len(reports))
			}
			for _, p := range c.People {
				if !actor.Scope.Covers(p.Enrolment.Agency) {
					t.Errorf("account %d sees %s", actor.Account, p.Enrolment.Name)
				}
			}
			for _, r := range reports {
				if !actor.Scope.Covers(r.Who.Agency) {
					t.Errorf("account %d reads of %s", actor.Account, r.Who.Name)
				}
			}
		}
	})
}

func TestReportItem(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		tk := w.begin(ids[0])
		report := func(tk Ticket, position int, kind, note string) error {
			return w.svc.ReportItem(w.ctx, tk, position, kind, note)
		}
		wantFault(t, report(tk, 1, "salah", ""), fault.Invalid, "assessment.report_kind")
		wantFault(t, report(tk, 0, "other", ""), fault.Invalid, "assessment.report_position")
		wantFault(t, report(tk, 41, "other", ""), fault.Invalid, "assessment.report_position")
		wantFault(t, report(tk, 1, "other", strings.Repeat("é", 301)), fault.Invalid, "assessment.report_note")
		for range 3 {
			w.must(report(tk, 1, "picture", " Tidak tampil. "))
		}
		if n := w.count(`SELECT count(*) FROM item_report`); n != 1 {
			t.Errorf("one report sent thrice is %d", n)
		}
		for n := range 9 {
			w.must(report(tk, 2, "other", fmt.Sprint(n)))
		}
		wantFault(t, report(tk, 3, "other", ""), fault.Conflict, "assessment.reports_used")
		old := tk
		old.Epoch--
		w.exec(w.db, `DELETE FROM item_report WHERE position = 2`)
		wantFault(t, report(old, 3, "other", ""), fault.Conflict, "assessment.report_closed")

		all, err := w.svc.ItemReports(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if len(all) != 1 || all[0].Note != "Tidak tampil." || all[0].Stem == "" || all[0].Code == "" || all[0].Position != 1 {
			t.Fatalf("reports = %+v", all)
		}
		one := all[0]
		settle := func(actor Actor, verdict ReportVerdict, reason string) error {
			return w.svc.SettleReport(w.ctx, actor, e.ID, one.AttemptID, one.ID, verdict, reason)
		}
		wantFault(t, settle(officerB, VerdictFine, ""), fault.NotFound, "assessment.no_event")
		wantFault(t, settle(officerA, "benar", ""), fault.Malformed, "error.malformed")
		wantFault(t, settle(officerA, VerdictFaulty, ""), fault.Invalid, "assessment.reason")
		w.must(settle(officerA, VerdictFine, ""))
		wantFault(t, settle(officerA, VerdictFine, ""), fault.Conflict, "assessment.report_settled")
		w.must(report(tk, 1, "picture", "Tidak tampil.")) // again, after somebody looked
		w.must(report(tk, 1, "other", "Masih."))
		all, err = w.svc.ItemReports(w.ctx, officerA, e.ID, 0)
		w.must(err)
		one = all[0]
		w.must(settle(officerA, VerdictFaulty, "Gambar hilang."))
		var states []string
		w.must(w.db.Select(w.ctx, &states, `SELECT verdict FROM item_report ORDER BY verdict`))
		if diff := cmp.Diff([]string{"faulty", "faulty", "fine"}, states); diff != "" {
			t.Errorf("verdicts\n%s", diff)
		}
		items, err := w.svc.FaultyItems(w.ctx, officerA, e.ID)
		w.must(err)
		if len(items) != 1 || items[0].Item != one.Item || items[0].State != FaultyProposed || items[0].Reports != 3 {
			t.Errorf("items = %+v", items)
		}
		w.submitted(tk)
		wantFault(t, report(tk, 5, "other", ""), fault.Conflict, "assessment.report_closed")
	})
}

func TestIncidents(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{})
		session := w.sessionOf(e)
		var ofA int64
		w.must(w.db.Get(w.ctx, &ofA, `SELECT min(id) FROM enrolment WHERE event_id = ? AND agency_id = ?`, e.ID, agencyA))
		add := func(actor Actor, in NewIncident) error {
			_, err := w.svc.AddIncident(w.ctx, actor, in)
			return err
		}
		wantFault(t, add(officerA, NewIncident{Event: e.ID, Session: session, Kind: "x", Note: "a"}), fault.Invalid, "assessment.incident_kind")
		wantFault(t, add(officerA, NewIncident{Event: e.ID, Session: session, Kind: PowerCut, Note: " "}), fault.Invalid, "assessment.incident_note")
		wantFault(t, add(officerA, NewIncident{Event: e.ID, Session: session + 1, Kind: PowerCut, Note: "a"}), fault.NotFound, "assessment.no_session")
		wantFault(t, add(officerB, NewIncident{Event: e.ID, Session: session, Enrolment: ofA, Kind: Violation, Note: "a"}), fault.NotFound, "assessment.no_enrolment")
		w.must(add(officerA, NewIncident{Event: e.ID, Session: session, Kind: PowerCut, Note: "Padam pukul 09.10 sampai 09.14."}))
		w.clock.Add(time.Minute)
		w.must(add(officerA, NewIncident{Event: e.ID, Session: session, Enrolment: ofA, Kind: Health, Note: "Sakit kepala,\nberistirahat."}))
		for actor, want := range map[*Actor]int{&officerA: 2, &officerB: 1, &everyone: 2} {
			all, err := w.svc.Incidents(w.ctx, *actor, e.ID, session)
			w.must(err)
			if len(all) != want {
				t.Errorf("account %d reads %d incidents, want %d", actor.Account, len(all), want)
			}
		}
		all, err := w.svc.Incidents(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if len(all) != 2 || all[0].Kind != PowerCut || all[0].Who != "" || all[1].Who == "" || all[1].NIP == "" {
			t.Errorf("incidents = %+v", all)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE detail LIKE '%Padam%' OR detail LIKE '%kepala%'`); n != 0 {
			t.Errorf("%d audit entries hold the note", n)
		}
	})
}

func TestAdmitAndCloseSession(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids, session := w.enrolments(e), w.sessionOf(e)
		w.exec(w.db, `UPDATE session SET admit = TRUE WHERE id = ?`, session)
		_, err := w.svc.Start(w.ctx, w.taker(ids[0]), ids[0], phone, "", "")
		if err == nil {
			t.Fatal("nobody let them in, and they began")
		}
		_, err = w.svc.Admit(w.ctx, officerB, e.ID, session, ids)
		wantFault(t, err, fault.NotFound, "assessment.no_event")
		n, err := w.svc.Admit(w.ctx, officerA, e.ID, session, ids[:1])
		w.must(err)
		_, again := w.svc.Admit(w.ctx, officerA, e.ID, session, ids[:1])
		wantFault(t, again, fault.Conflict, "assessment.nobody_to_admit")
		if entries := w.count(`SELECT count(*) FROM audit WHERE action = 'enrolment.admit'`); n != 1 || entries != 1 {
			t.Errorf("%d let in, %d audit entries", n, entries)
		}
		tk := w.begin(ids[0])
		err = w.svc.CloseSession(w.ctx, officerA, e.ID, session)
		wantFault(t, err, fault.Conflict, "assessment.session_running")
		w.submitted(tk)
		w.must(w.svc.CloseSession(w.ctx, officerA, e.ID, session))
		wantFault(t, w.svc.CloseSession(w.ctx, officerA, e.ID, session), fault.Conflict, "assessment.session_closed")
		_, err = w.svc.Admit(w.ctx, officerA, e.ID, session, ids[1:])
		wantFault(t, err, fault.Conflict, "assessment.session_closed")
		w.exec(w.db, `UPDATE enrolment SET admitted_ms = 1 WHERE id = ?`, ids[1])
		if _, err = w.svc.Start(w.ctx, w.taker(ids[1]), ids[1], phone, "", ""); err == nil {
			t.Error("a start in a closed session")
		}
		w.must(w.svc.ReopenSession(w.ctx, officerA, e.ID, session))
		wantFault(t, w.svc.ReopenSession(w.ctx, officerA, e.ID, session), fault.Conflict, "assessment.session_not_closed")
		w.begin(ids[1])
	})
}

// A session of two agencies is closed by who is named for it, or by who runs
// the event.
func TestSharedSessionIsNotOneAgencys(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{})
		session := w.sessionOf(e)
		wantFault(t, w.svc.CloseSession(w.ctx, officerA, e.ID, session), fault.Conflict, "assessment.not_your_session")
		w.account(officerA.Account)
		w.exec(w.db, `INSERT INTO session_proctor (session_id, account_id) VALUES (?, ?)`, session, officerA.Account)
		w.must(w.svc.CloseSession(w.ctx, officerA, e.ID, session))
	})
}

// BenchmarkConsole is what one look at a full room costs: 500 people of whom
// each answered 40 items, some twice. It prints the milliseconds per look.
func BenchmarkConsole(b *testing.B) {
	w := benchWorld(b, 500)
	e := w.open(plan{agencies: []int64{agencyA}})
	w.must(w.db.Tx(w.ctx, func(db storage.Querier) error {
		for _, id := range w.enrolments(e) {
			w.exec(db, `
				INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device, device_epoch, started_ms, deadline_ms, grace_ms)
				VALUES (?, 1, 1, ?, 40, 'open', 'x', 1, ?, ?, 0)`, id, e.ID, day.UnixMilli(), day.Add(time.Hour).UnixMilli())
			for n := range 52 {
				w.exec(db, `INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms) VALUES (?, 1, ?, ?, 'A', FALSE, 0)`, id, 1+n%40, n+1)
			}
		}
		return nil
	}))
	for b.Loop() {
		c, err := w.svc.Console(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if len(c.People) != 500 || c.People[0].Answered != 40 {
			b.Fatalf("%d people, %d answers", len(c.People), c.People[0].Answered)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/look")
}

// The list of sessions begins with those the actor is named for.
func TestWatches(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		old := w.open(plan{code: "LAMA", agencies: []int64{agencyA}})
		_ = old
		e := w.open(plan{code: "BARU", agencies: []int64{agencyA}})
		later, err := w.svc.AddSession(w.ctx, everyone, e.ID, NewSession{Name: "Sesi 2", OpensAt: day.Add(2 * time.Hour), ClosesAt: day.Add(3 * time.Hour)})
		w.must(err)
		w.event(plan{code: "DRAF", agencies: []int64{agencyA}})
		w.account(officerA.Account)
		w.exec(w.db, `INSERT INTO session_proctor (session_id, account_id) VALUES (?, ?)`, later.ID, officerA.Account)
		all, err := w.svc.Watches(w.ctx, officerA)
		w.must(err)
		if len(all) != 3 || all[0].Session.ID != later.ID || !all[0].Named || all[0].Running || !all[1].Running || all[1].Named {
			t.Errorf("watches = %+v", all)
		}
		if c, err := w.svc.Console(w.ctx, officerA, e.ID, 0); err != nil || c.Session.ID == 0 {
			t.Errorf("console of %d: %v", c.Session.ID, err)
		}
		if none, err := w.svc.Watches(w.ctx, officerB); err != nil || len(none) != 0 {
			t.Errorf("another agency's: %v, %v", none, err)
		}
		w.clock.Set(day.Add(60 * time.Hour))
		if none, err := w.svc.Watches(w.ctx, officerA); err != nil || len(none) != 0 {
			t.Errorf("long over: %v, %v", none, err)
		}
	})
}
