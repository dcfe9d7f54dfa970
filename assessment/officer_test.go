package assessment

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage/storagetest"
)

// A credited outage moves the deadline, reopens an attempt and lets in what
// came late because of it.
func TestCreditOutage(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		w.clock.Set(day.Add(65 * time.Minute))
		w.save(tk, 1, 1, "A")
		w.clock.Set(day.Add(69 * time.Minute))
		w.save(tk, 2, 2, "A")
		if _, err := w.svc.Sweep(w.ctx, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		_, err := w.svc.CreditOutage(w.ctx, officerA, []AttemptID{tk.AttemptID}, 5*time.Minute, "")
		wantFault(t, err, fault.Invalid, "assessment.reason")
		_, err = w.svc.CreditOutage(w.ctx, officerA, []AttemptID{tk.AttemptID}, time.Second, "listrik padam")
		wantFault(t, err, fault.Invalid, "assessment.credit")
		n, err := w.svc.CreditOutage(w.ctx, officerA, []AttemptID{tk.AttemptID, {id, 9}}, 5*time.Minute, "listrik padam")
		if err != nil || n != 1 {
			t.Errorf("credited %d: %v", n, err)
		}
		a, err := w.svc.read.attempt(w.ctx, tk.AttemptID)
		w.must(err)
		if want := day.Add(65 * time.Minute); !a.Deadline.Equal(want) || a.Credited != 5*time.Minute || a.State != Closing {
			t.Errorf("after 5 minutes: %+v", a)
		}
		rows, err := w.svc.read.journal(w.ctx, tk.AttemptID)
		w.must(err)
		if len(rows) != 1 || rows[0].Position != 1 || rows[0].Late {
			t.Errorf("journal = %+v, want the entry of 65 minutes, not marked", rows)
		}
		_, err = w.svc.CreditOutage(w.ctx, officerA, []AttemptID{tk.AttemptID}, 10*time.Minute, "listrik padam lagi")
		w.must(err)
		if s, _ := w.svc.Status(w.ctx, tk); s.State != Open || s.Left != 6*time.Minute {
			t.Errorf("status = %+v", s)
		}
		if got := w.save(tk, 3, 3, "A"); got != Stored {
			t.Errorf("after reopening: %s", got)
		}
		if n := w.count(`SELECT count(*) FROM answer`); n != 3 {
			t.Errorf("journal has %d rows", n)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'attempt.credit'`); n != 2 {
			t.Errorf("%d audit entries", n)
		}
	})
}

func TestAcceptLate(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{})
		id := w.enrolments(e)[0]
		tk := w.begin(id)
		w.save(tk, 1, 1, w.wrong(tk, 1))
		w.clock.Set(day.Add(65 * time.Minute))
		w.save(tk, 1, 2, w.right(tk, 1))
		w.save(tk, 2, 3, w.right(tk, 2))
		_, err := w.svc.AcceptLate(w.ctx, officerA, tk.AttemptID, "jaringan putus")
		wantFault(t, err, fault.Conflict, "assessment.not_submitted")
		if _, err := w.svc.Sweep(w.ctx, w.clock.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := w.scores(tk).Total; got.Points != 0 || got.Answered != 1 {
			t.Errorf("late answers were scored: %+v", got)
		}
		late, err := w.svc.LateAnswers(w.ctx, officerA, e.ID)
		w.must(err)
		if len(late) != 1 || late[0].Entries != 2 || late[0].Who.ID != id || late[0].State != Submitted {
			t.Errorf("late = %+v", late)
		}
		n, err := w.svc.AcceptLate(w.ctx, officerA, tk.AttemptID, "jaringan putus")
		if err != nil || n != 2 {
			t.Errorf("accepted %d: %v", n, err)
		}
		got := w.scores(tk).Total
		if got.Answered != 2 || got.Points != 2_000_000 {
			t.Errorf("total = %+v", got)
		}
		var reasons []string
		w.must(w.db.Select(w.ctx, &reasons, `SELECT reason FROM result ORDER BY version`))
		if diff := cmp.Diff([]string{"submitted", "late answers accepted: jaringan putus"}, reasons); diff != "" {
			t.Error(diff)
		}
		if n := w.count(`SELECT count(*) FROM answer WHERE late`); n != 2 {
			t.Errorf("%d rows are marked", n)
		}
		_, err = w.svc.AcceptLate(w.ctx, officerA, tk.AttemptID, "lagi")
		wantFault(t, err, fault.Conflict, "assessment.nothing_late")
		if v, err := w.svc.Verify(w.ctx); err != nil || len(v.Problems) != 0 {
			t.Errorf("verify: %+v %v", v, err)
		}
	})
}

func TestVoid(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{release: ReleaseAtOnce, agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		one, two := w.begin(ids[0]), w.begin(ids[1])
		w.must(w.svc.Void(w.ctx, officerA, one.AttemptID, "salah ruang", true))
		_, err := w.svc.Save(w.ctx, one, w.clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}})
		wantFault(t, err, fault.Conflict, "assessment.voided")
		wantFault(t, w.svc.Void(w.ctx, officerA, one.AttemptID, "lagi", false), fault.Conflict, "assessment.nothing_to_void")
		h, err := w.svc.HomeEntry(w.ctx, w.taker(ids[0]), ids[0])
		w.must(err)
		if h.Action != ActStart {
			t.Errorf("home says %s, want another start", h.Action)
		}
		again := w.begin(ids[0])
		if again.No != 2 {
			t.Errorf("attempt %d", again.No)
		}
		fresh, err := w.svc.read.form(w.ctx, ids[0], 2)
		w.must(err)
		old, err := w.svc.read.form(w.ctx, ids[0], 1)
		w.must(err)
		was := seen([]Form{old})
		for _, item := range fresh.Items {
			if was[item.Item] {
				t.Errorf("item %d is on both forms", item.Item)
			}
		}
		w.must(w.svc.Void(w.ctx, officerA, two.AttemptID, "kecurangan", false))
		_, err = w.svc.Start(w.ctx, w.taker(ids[1]), ids[1], phone, "", "")
		wantFault(t, err, fault.Conflict, "assessment.attempts_used")
		if h, _ := w.svc.HomeEntry(w.ctx, w.taker(ids[1]), ids[1]); h.Action != ActVoided {
			t.Errorf("home says %s", h.Action)
		}
		_, err = w.svc.Scores(w.ctx, w.taker(ids[1]), two.AttemptID)
		wantFault(t, err, fault.Conflict, "assessment.voided")
		if v, err := w.svc.Verify(w.ctx); err != nil || v.Forms != 3 || len(v.Problems) != 0 {
			t.Errorf("verify: %+v %v", v, err)
		}
	})
}

func TestEnd(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		w.save(tk, 1, 1, "A")
		w.must(w.svc.End(w.ctx, officerA, tk.AttemptID, "sakit"))
		if got := w.scores(tk).Total; got.Answered != 1 || got.NotReached != 39 {
			t.Errorf("total = %+v", got)
		}
		wantFault(t, w.svc.End(w.ctx, officerA, tk.AttemptID, "sakit"), fault.Conflict, "assessment.none_under_way")
	})
}

// Several attempts, with a wait between them.
func TestCooldown(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.event(plan{spec: func(s *Spec) { s.Attempts, s.CooldownDays = 2, 1 }})
		later := day.Add(72 * time.Hour)
		_, err := w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{ClosesAt: &later})
		w.must(err)
		detail, err := w.svc.Event(w.ctx, everyone, e.ID)
		w.must(err)
		_, err = w.svc.ChangeSession(w.ctx, everyone, e.ID, detail.Sessions[0].ID, NewSession{Name: "Sesi 1", OpensAt: day, ClosesAt: later})
		w.must(err)
		_, err = w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: []int64{agencyA}})
		w.must(err)
		_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
		w.must(err)
		w.must(w.svc.Open(w.ctx, everyone, e.ID, Surroundings{}))
		w.clock.Set(day)
		id := w.enrolments(e)[0]
		tk := w.begin(id)
		_, _, err = w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
		w.must(err)
		_, err = w.svc.Start(w.ctx, w.taker(id), id, phone, "", "")
		wantFault(t, err, fault.Conflict, "assessment.cooldown")
		w.clock.Add(24 * time.Hour)
		if h, _ := w.svc.HomeEntry(w.ctx, w.taker(id), id); h.Action != ActDone || !h.Again {
			t.Errorf("home: %s, again %t", h.Action, h.Again)
		}
		if again := w.begin(id); again.No != 2 {
			t.Errorf("attempt %d", again.No)
		}
	})
}

// AT-20, AT-21: whatever somebody changes in the database behind a result is found.
func TestVerifyFindsChanges(t *testing.T) {
	for _, tt := range []struct{ name, change, want string }{
		{"an answer", `UPDATE answer SET value = 'B' WHERE position = 1`, "the answers changed"},
		{"its time", `UPDATE answer SET received_ms = received_ms - 1 WHERE position = 1`, "the answers changed"},
		{"an answer added", `INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms) SELECT enrolment_id, attempt_no, 2, 9, 'A', FALSE, 0 FROM attempt`, "the answers changed"},
		{"an answer gone", `DELETE FROM answer WHERE position = 1`, "the answers changed"},
		{"the score", `UPDATE result SET payload = replace(payload, '"answered":1', '"answered":2')`, "the score changed"},
		{"the form", `UPDATE form SET content = replace(content, '"rev":1', '"rev":1,"many":false')`, ""},
		{"the form's hash", `UPDATE form SET hash = 'x'`, "the form changed"},
		{"the draw", `UPDATE form SET exposure = 'x'`, "another form than was drawn"},
		{"the exposure", `UPDATE event_pool SET exposed = 99 WHERE item_id = (SELECT min(item_id) FROM event_pool)`, "is counted 99 times"},
		{"the result gone", `DELETE FROM result`, "submitted without a result"},
		{"the key", `UPDATE result SET key_hash = 'x'`, "the keys changed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, storagetest.SQLite(t), 1) // nothing here is about engines
			id := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))[0]
			tk := w.begin(id)
			w.save(tk, 1, 1, "A")
			_, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 1})
			w.must(err)
			if v, err := w.svc.Verify(w.ctx); err != nil || len(v.Problems) != 0 {
				t.Fatalf("before: %+v %v", v, err)
			}
			w.exec(w.db, tt.change)
			v, err := w.svc.Verify(w.ctx)
			w.must(err)
			var found []string
			for _, p := range v.Problems {
				found = append(found, p.String())
			}
			if len(found) == 0 || !strings.Contains(strings.Join(found, "\n"), tt.want) {
				t.Errorf("found %q, want %q", found, tt.want)
			}
		})
	}
}

// The monitor counts in SQL what lists decide in Go; the two must agree.
func TestMonitorAgreesWithLists(t *testing.T) {
	each(t, 9, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		ids := w.enrolments(e)
		w.must(w.svc.ShowNotice(w.ctx, w.taker(ids[1]), ids[1]))
		slow := w.begin(ids[2])
		w.save(slow, 1, 1, "A")
		over := w.begin(ids[3])
		w.clock.Set(day.Add(30 * time.Minute))
		silent, done, voided, timedOut := w.begin(ids[4]), w.begin(ids[5]), w.begin(ids[6]), w.begin(ids[7])
		_, _, err := w.svc.Submit(w.ctx, done, w.clock.Now(), Submission{})
		w.must(err)
		w.must(w.svc.Void(w.ctx, officerA, voided.AttemptID, "uji", false))
		w.must(w.svc.End(w.ctx, officerA, timedOut.AttemptID, "uji"))
		w.must(w.svc.Withdraw(w.ctx, officerA, ids[8], "uji"))
		_, err = w.svc.CreditOutage(w.ctx, officerA, []AttemptID{slow.AttemptID}, time.Hour, "uji")
		w.must(err)
		w.clock.Set(day.Add(62 * time.Minute))
		w.save(slow, 2, 2, "A")
		w.save(over, 1, 1, "A")
		page, err := w.svc.Participants(w.ctx, officerA, e.ID, ParticipantFilter{})
		w.must(err)
		var want Counts
		got := map[int64]Progress{}
		for _, p := range page.Rows {
			want.add(p)
			got[p.Enrolment.ID] = p.Progress
		}
		for i, progress := range []Progress{NotStarted, Present, Working, TimeIsUp, Silent, Done, Cancelled, TimedOut} {
			if got[ids[i]] != progress {
				t.Errorf("person %d is %q, want %q", i, got[ids[i]], progress)
			}
		}
		live, err := w.svc.Monitor(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if diff := cmp.Diff(want, live.Total); diff != "" {
			t.Errorf("lists against monitor\n%s", diff)
		}
		if len(live.Sessions) != 1 || live.Sessions[0].Counts != want || len(live.Silent) != 1 || live.Silent[0].Enrolment.ID != silent.Enrolment {
			t.Errorf("live = %+v", live)
		}
		if want.Late != 1 || want.NotStarted() != 2 {
			t.Errorf("counts = %+v", want)
		}
		absent, err := w.svc.Absentees(w.ctx, officerA, e.ID, 0)
		w.must(err)
		if len(absent) != 2 || absent[0].Enrolment.Name > absent[1].Enrolment.Name {
			t.Errorf("absentees = %+v", absent)
		}
	})
}

func TestParticipantPages(t *testing.T) {
	each(t, 25, func(t *testing.T, w *world) {
		e := w.open(plan{agencies: []int64{agencyA}})
		w.exec(w.db, `UPDATE enrolment SET name = 'andi' WHERE id = ?`, w.enrolments(e)[20])
		page, err := w.svc.Participants(w.ctx, officerA, e.ID, ParticipantFilter{Page: 1, PerPage: 10})
		w.must(err)
		if page.Total != 25 || len(page.Rows) != 10 || page.Rows[0].Enrolment.Name != "andi" {
			t.Errorf("page 1: %d of %d, first %q", len(page.Rows), page.Total, page.Rows[0].Enrolment.Name)
		}
		for _, tt := range []struct {
			filter      ParticipantFilter
			rows, total int
		}{
			{ParticipantFilter{Page: 3, PerPage: 10}, 5, 25}, {ParticipantFilter{Page: 9, PerPage: 10}, 0, 25},
			{ParticipantFilter{Text: "PEGAWAI 0003"}, 1, 1}, {ParticipantFilter{Text: "bidang sma"}, 12, 12},
			{ParticipantFilter{Progress: Done}, 0, 0}, {ParticipantFilter{Session: 5}, 0, 0}, {ParticipantFilter{Agency: agencyA, PerPage: 5}, 5, 25},
		} {
			page, err := w.svc.Participants(w.ctx, officerA, e.ID, tt.filter)
			w.must(err)
			if len(page.Rows) != tt.rows || page.Total != tt.total {
				t.Errorf("%+v: %d of %d, want %d of %d", tt.filter, len(page.Rows), page.Total, tt.rows, tt.total)
			}
		}
	})
}
