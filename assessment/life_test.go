package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/scoring"
)

// A person starts, answers, changes an answer and submits: the score is what
// the journal says, and everything verifies.
func TestJourney(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{release: ReleaseAtOnce})
		id := w.enrolments(e)[0]
		me := w.taker(id)
		home, err := w.svc.Home(w.ctx, me)
		w.must(err)
		if len(home) != 1 || home[0].Action != ActStart {
			t.Fatalf("home = %+v", home)
		}
		tk := w.begin(id)
		for position := 1; position <= 38; position++ {
			value := w.right(tk, position)
			if position%4 == 0 {
				value = w.wrong(tk, position)
			}
			if got := w.save(tk, position, int64(position), value); got != Stored {
				t.Fatalf("position %d: %s", position, got)
			}
			w.clock.Add(20 * time.Second)
		}
		w.save(tk, 4, 39, w.right(tk, 4)) // a change of mind
		w.save(tk, 1, 40, "")             // cleared
		paper, err := w.svc.Paper(w.ctx, me, id, phone)
		w.must(err)
		if paper.LastSeq != 40 || paper.Items[0].Value != "" || paper.Items[3].Value != w.right(tk, 4) || len(paper.Items) != 40 {
			t.Errorf("paper: last %d, first %q, fourth %q", paper.LastSeq, paper.Items[0].Value, paper.Items[3].Value)
		}
		if want := time.Hour - 38*20*time.Second; paper.Left != want {
			t.Errorf("left %s, want %s", paper.Left, want)
		}
		receipt, missing, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 40})
		w.must(err)
		if len(missing) > 0 || receipt.Answered != 37 || receipt.Items != 40 || receipt.EndedBy != ByParticipant || !receipt.Visible {
			t.Errorf("receipt = %+v, missing %v", receipt, missing)
		}
		again, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 40})
		w.must(err)
		if diff := cmp.Diff(receipt, again); diff != "" {
			t.Errorf("a second submission differs:\n%s", diff)
		}
		scores, err := w.svc.Scores(w.ctx, me, tk.AttemptID)
		w.must(err)
		// 40 − cleared 1 − empty 2 − wrong at 8, 12, …, 36.
		if got, want := scores.Result.Total.Points, scoring.Micro(40-1-2-8)*scoring.Point; got != want {
			t.Errorf("points = %d, want %d", got, want)
		}
		if total := scores.Result.Total; total.Omitted != 3 || total.NotReached != 0 || total.Answered != 37 {
			t.Errorf("total = %+v", total)
		}
		v, err := w.svc.Verify(w.ctx)
		w.must(err)
		if v.Results != 1 || v.Forms != 4 || len(v.Problems) != 0 {
			t.Errorf("verify = %+v", v)
		}
	})
}

// AT-01, AT-18: what the server receives up to the last call counts, what
// comes later is kept apart, and after the grace it is refused.
func TestDeadline(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		deadline := day.Add(time.Hour)
		w.save(tk, 1, 1, "A")
		w.clock.Set(deadline.Add(NetworkAllowance))
		if got := w.save(tk, 2, 2, "B"); got != Stored {
			t.Errorf("at the last call: %s", got)
		}
		received := w.clock.Now()
		w.clock.Set(deadline.Add(NetworkAllowance + time.Millisecond))
		if got := w.save(tk, 2, 3, "A"); got != Late {
			t.Errorf("a millisecond after: %s", got)
		}
		if got := w.save(tk, 2, 3, "A"); got != Late {
			t.Errorf("the same late entry again: %s", got)
		}
		swept, err := w.svc.Sweep(w.ctx, w.clock.Add(time.Minute))
		w.must(err)
		if swept != (Swept{Closing: 1}) {
			t.Errorf("sweep = %+v", swept)
		}
		// It stood in the queue while the sweep closed the attempt: it was in time.
		out, err := w.svc.Save(w.ctx, tk, received, []Entry{{Position: 3, Seq: 4, Value: "A"}})
		if err != nil || out[0] != Stored {
			t.Errorf("received in time, committed while closing: %v %v", out, err)
		}
		out, err = w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: 2, Seq: 3, Value: "A"}, {Position: 1, Seq: 1, Value: "A"}, {Position: 5, Seq: 5, Value: "B"}})
		if diff := cmp.Diff([]Outcome{Late, Already, Late}, out); diff != "" || err != nil {
			t.Errorf("an outbox while closing: %v\n%s", err, diff)
		}
		if got, err := w.svc.SaveForm(w.ctx, tk, w.clock.Now(), 6, "A", true); got != Late || err != nil {
			t.Errorf("a form while closing: %s %v", got, err)
		}
		w.clock.Set(deadline.Add(NetworkAllowance + 10*time.Minute + settle + time.Millisecond))
		swept, err = w.svc.Sweep(w.ctx, w.clock.Now())
		w.must(err)
		if swept != (Swept{Submitted: 1}) {
			t.Errorf("sweep = %+v", swept)
		}
		out, err = w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}, {Position: 7, Seq: 7, Value: "A"}})
		wantFault(t, err, fault.Conflict, "assessment.deadline_passed")
		if diff := cmp.Diff([]Outcome{Already, Refused}, out); diff != "" {
			t.Errorf("after the grace:\n%s", diff)
		}
		if n := w.count(`SELECT count(*) FROM answer`); n != 3 {
			t.Errorf("journal has %d rows, want 3", n)
		}
		scores := w.scores(tk)
		if got := scores.Total; got.Answered != 3 || got.NotReached != 37 || got.Omitted != 0 {
			t.Errorf("total = %+v", got)
		}
	})
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s of kind %d", err, key, kind)
	}
}

// scores is the current result, released or not.
func (w *world) scores(tk Ticket) scoring.Result {
	w.t.Helper()
	a, err := w.svc.read.attempt(w.ctx, tk.AttemptID)
	w.must(err)
	e, err := w.svc.read.event(w.ctx, a.Event)
	w.must(err)
	s, err := w.svc.scores(w.ctx, e, a)
	w.must(err)
	return s.Result
}

// AT-08: replays and entries out of order change nothing.
func TestReplays(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		for _, step := range []struct {
			seq   int64
			value string
			want  Outcome
		}{{1, "A", Stored}, {3, "B", Stored}, {2, "", Stored}, {2, "", Already}, {3, "B", Already}, {1, "B", Already}} {
			if got := w.save(tk, 5, step.seq, step.value); got != step.want {
				t.Errorf("seq %d: %s, want %s", step.seq, got, step.want)
			}
		}
		paper, err := w.svc.Paper(w.ctx, w.taker(id), id, phone)
		w.must(err)
		if got := paper.Items[4].Value; got != "B" {
			t.Errorf("the answer is %q, want the highest seq's", got)
		}
		if n := w.count(`SELECT count(*) FROM answer`); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
	})
}

// A form without JavaScript gets its sequence from the server.
func TestSaveForm(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		w.save(tk, 1, 5, "A")
		for _, value := range []string{"B", "B", ""} {
			got, err := w.svc.SaveForm(w.ctx, tk, w.clock.Now(), 1, value, true)
			if got != Stored || err != nil {
				t.Fatalf("%s %v", got, err)
			}
		}
		paper, err := w.svc.Paper(w.ctx, w.taker(id), id, phone)
		w.must(err)
		if p := paper.Items[0]; p.Value != "" || !p.Doubt || paper.LastSeq != 8 {
			t.Errorf("value %q, doubt %t, last %d", p.Value, p.Doubt, paper.LastSeq)
		}
		// Such a client knows no sequences and submits without naming one.
		if _, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{}); err != nil {
			t.Error(err)
		}
	})
}

// AT-06, AT-07, AT-16: what is not on the form, or no value at all, is refused
// before it reaches the database.
func TestRefusedEntries(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ids := w.enrolments(w.open(plan{}))
		tk := w.begin(ids[0])
		for name, tt := range map[string]struct {
			entry Entry
			key   string
		}{
			"position 0":     {Entry{Position: 0, Seq: 1, Value: "A"}, "assessment.bad_position"},
			"position 41":    {Entry{Position: 41, Seq: 1, Value: "A"}, "assessment.bad_position"},
			"seq 0":          {Entry{Position: 1, Seq: 0, Value: "A"}, "assessment.bad_seq"},
			"huge seq":       {Entry{Position: 1, Seq: 1 << 40, Value: "A"}, "assessment.bad_seq"},
			"unknown option": {Entry{Position: 1, Seq: 1, Value: "Z"}, "assessment.bad_value"},
			"lower case":     {Entry{Position: 1, Seq: 1, Value: "a"}, "assessment.bad_value"},
			"ten options":    {Entry{Position: 1, Seq: 1, Value: "ABCDEFGHIJ"}, "assessment.bad_value"},
		} {
			_, err := w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{tt.entry})
			if f := fault.Of(err); f == nil || f.Key != tt.key || f.Kind != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		// A ticket for an attempt that is not there, as a forged bearer would be.
		other := tk
		other.Enrolment = ids[1]
		_, err := w.svc.Save(w.ctx, other, w.clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}})
		wantFault(t, err, fault.NotFound, "assessment.not_started")
		// The statement itself holds the form's size, whatever the shape says.
		long := tk
		long.Shape += "D"
		_, err = w.svc.Save(w.ctx, long, w.clock.Now(), []Entry{{Position: 41, Seq: 1, Value: "A"}})
		wantFault(t, err, fault.Invalid, "assessment.bad_position")
		// Another person's enrolment does not exist for this one.
		_, err = w.svc.Paper(w.ctx, w.taker(ids[0]), ids[1], phone)
		wantFault(t, err, fault.NotFound, "assessment.not_enrolled")
		_, err = w.svc.Start(w.ctx, w.taker(ids[0]), ids[1], phone, "", "")
		wantFault(t, err, fault.NotFound, "assessment.not_enrolled")
		// A start code opens its own assessment and no other of the person.
		_, err = w.svc.Start(w.ctx, Taker{Person: w.taker(ids[0]).Person, Only: ids[1]}, ids[0], phone, "", "")
		wantFault(t, err, fault.NotFound, "assessment.not_enrolled")
		if n := w.count(`SELECT count(*) FROM answer`); n != 0 {
			t.Errorf("%d rows were stored", n)
		}
	})
}

// AT-05, AT-10: windows, tokens and limits on starting.
func TestStartRules(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.open(plan{token: "AB-12 CD"})
		id := w.enrolments(e)[0]
		me := w.taker(id)
		try := func(token string) error {
			_, err := w.svc.Start(w.ctx, me, id, phone, "", token)
			return err
		}
		if _, err := w.svc.Paper(w.ctx, me, id, phone); fault.KindOf(err) != fault.NotFound {
			t.Errorf("items before the start: %v", err)
		}
		wantFault(t, try("XXXX"), fault.Invalid, "assessment.wrong_token")
		w.clock.Set(day.Add(-time.Millisecond))
		wantFault(t, try("ab12cd"), fault.Conflict, "assessment.too_early")
		w.clock.Set(day.Add(4 * time.Hour))
		wantFault(t, try("ab12cd"), fault.Conflict, "assessment.too_late")
		w.clock.Set(day.Add(4*time.Hour - time.Minute))
		w.must(try("ab 12-cd"))
		a, err := w.svc.read.attempt(w.ctx, AttemptID{id, 1})
		w.must(err)
		if want := day.Add(5*time.Hour - time.Minute); !a.Deadline.Equal(want) {
			t.Errorf("deadline %s, want %s: it does not end with the session", a.Deadline, want)
		}
		tk, err := w.svc.Ticket(w.ctx, me, id, phone)
		w.must(err)
		_, _, err = w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
		w.must(err)
		wantFault(t, try("ab12cd"), fault.Conflict, "assessment.attempts_used")
		w.must(w.svc.Close(w.ctx, everyone, e.ID))
		wantFault(t, try("ab12cd"), fault.Conflict, "assessment.event_not_open")
	})
}

func TestTimeFactor(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		w.must(w.svc.SetTimeFactor(w.ctx, officerA, id, 150))
		wantFault(t, w.svc.SetTimeFactor(w.ctx, officerB, id, 200), fault.NotFound, "assessment.no_enrolment")
		tk := w.begin(id)
		s, err := w.svc.Status(w.ctx, tk)
		w.must(err)
		if s.Left != 90*time.Minute || s.State != Open || !s.Holder {
			t.Errorf("status = %+v", s)
		}
	})
}

// A second device takes over after a confirmation; the first is locked out and
// every answer stays.
func TestTakeOver(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		me := w.taker(id)
		old := w.begin(id)
		w.save(old, 1, 1, "A")
		started, err := w.svc.Start(w.ctx, me, id, "laptop", "", "")
		w.must(err)
		if started.Created || started.Holds {
			t.Errorf("a second device got the attempt without taking over: %+v", started)
		}
		_, err = w.svc.Ticket(w.ctx, me, id, "laptop")
		wantFault(t, err, fault.Conflict, "assessment.other_device")
		a, err := w.svc.TakeOver(w.ctx, me, id, "laptop", "")
		w.must(err)
		if a.DeviceEpoch != 2 {
			t.Errorf("epoch = %d", a.DeviceEpoch)
		}
		out, err := w.svc.Save(w.ctx, old, w.clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}, {Position: 2, Seq: 2, Value: "B"}})
		wantFault(t, err, fault.Conflict, "assessment.taken_over")
		if diff := cmp.Diff([]Outcome{Already, Refused}, out); diff != "" {
			t.Errorf("the old device:\n%s", diff)
		}
		_, _, err = w.svc.Submit(w.ctx, old, w.clock.Now(), Submission{LastSeq: 1})
		wantFault(t, err, fault.Conflict, "assessment.taken_over")
		paper, err := w.svc.Paper(w.ctx, me, id, "laptop")
		w.must(err)
		if paper.Items[0].Value != "A" || paper.LastSeq != 1 {
			t.Errorf("the new device sees %q, last %d", paper.Items[0].Value, paper.LastSeq)
		}
		if got := w.save(paper.Ticket, 2, 2, "B"); got != Stored {
			t.Errorf("the new device: %s", got)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'attempt.take_over'`); n != 1 {
			t.Errorf("%d audit entries", n)
		}
		if a, err := w.svc.TakeOver(w.ctx, me, id, "laptop", ""); err != nil || a.DeviceEpoch != 2 {
			t.Errorf("taking over from oneself: %+v %v", a, err)
		}
	})
}

// A submission waits for entries the client numbered, unless the client says
// that it has lost them.
func TestSubmitWaitsForGaps(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		w.save(tk, 1, 1, "A")
		w.save(tk, 4, 4, "A")
		_, missing, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 5})
		wantFault(t, err, fault.Conflict, "assessment.entries_missing")
		if diff := cmp.Diff([]int64{2, 3, 5}, missing); diff != "" {
			t.Errorf("missing:\n%s", diff)
		}
		w.save(tk, 2, 2, "A")
		w.save(tk, 5, 5, "A")
		_, missing, _ = w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 5})
		if diff := cmp.Diff([]int64{3}, missing); diff != "" {
			t.Errorf("missing:\n%s", diff)
		}
		r, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 5, Without: []int64{3}})
		w.must(err)
		if r.Answered != 4 {
			t.Errorf("answered %d, want 4", r.Answered)
		}
	})
}

// A client whose outbox is empty may end a closing attempt before the grace
// does; its time ran out all the same.
func TestSubmitWhileClosing(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		tk := w.begin(id)
		w.save(tk, 3, 1, "A")
		w.clock.Set(day.Add(time.Hour + 5*time.Minute))
		w.save(tk, 4, 2, "A")
		r, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{LastSeq: 2})
		w.must(err)
		if r.EndedBy != ByDeadline || r.Late != 1 || r.Answered != 1 {
			t.Errorf("receipt = %+v", r)
		}
		if got := w.scores(tk).Total; got.Answered != 1 || got.Omitted != 2 || got.NotReached != 37 {
			t.Errorf("total = %+v", got)
		}
	})
}
