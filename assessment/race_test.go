package assessment

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"cakap/assessment/commit"
	"cakap/internal/fault"
)

// AT-09: of 16 parallel starts one creates the attempt, the others get it.
func TestParallelStarts(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		me := w.taker(id)
		got := make([]Started, 16)
		errs := make([]error, len(got))
		at := make(chan struct{})
		var all sync.WaitGroup
		for i := range got {
			svc := w.svc
			if i%2 == 1 { // another node, which commits by itself
				svc = New(Options{DB: w.db, Now: w.clock.Now, Log: w.quiet})
			}
			all.Go(func() {
				<-at
				got[i], errs[i] = svc.Start(w.ctx, me, id, phone, "", "")
			})
		}
		close(at)
		all.Wait()
		created := 0
		for i, s := range got {
			if errs[i] != nil {
				t.Errorf("start %d: %v", i, errs[i])
			}
			if s.Created {
				created++
			}
			if s.Attempt.AttemptID != (AttemptID{id, 1}) || !s.Holds {
				t.Errorf("start %d got %+v", i, s)
			}
		}
		if created != 1 {
			t.Errorf("%d starts created an attempt, want 1", created)
		}
		if n := w.count(`SELECT count(*) FROM attempt`); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
}

// AT-11: saves race a submission, on two nodes. What was acknowledged is in
// the journal that the result was computed from; what was refused is not.
// Rounds, because a race shows itself only now and then.
func TestSaveRacesSubmit(t *testing.T) {
	const rounds, savers = 25, 12
	each(t, rounds, func(t *testing.T, w *world) {
		writer := commit.New(w.db, commit.Options{Log: w.quiet})
		t.Cleanup(writer.Close)
		other := New(Options{DB: w.db, Writer: writer, Now: w.clock.Now, Log: w.quiet})
		for _, id := range w.enrolments(w.open(plan{agencies: []int64{agencyA}})) {
			tk := w.begin(id)
			acked := make([]bool, savers)
			at := make(chan struct{})
			var all sync.WaitGroup
			for i := range savers {
				svc := []*Service{w.svc, other}[i%2]
				all.Go(func() {
					<-at
					out, err := svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: i + 1, Seq: int64(i + 1), Value: "A"}})
					switch {
					case err == nil && out[0] == Stored:
						acked[i] = true
					case fault.Of(err) == nil || fault.Of(err).Key != "assessment.submitted":
						t.Errorf("save: %v %v", out, err)
					}
				})
			}
			for n := range 2 {
				svc := []*Service{w.svc, other}[n]
				all.Go(func() {
					<-at
					if _, _, err := svc.Submit(w.ctx, tk, w.clock.Now(), Submission{}); err != nil {
						t.Errorf("submit: %v", err)
					}
				})
			}
			close(at)
			all.Wait()
			want := 0
			for i, ok := range acked {
				if n := w.count(`SELECT count(*) FROM answer WHERE enrolment_id = ? AND position = ?`, id, i+1); (n == 1) != ok {
					t.Errorf("position %d: acknowledged %t, %d rows", i+1, ok, n)
				}
				if ok {
					want++
				}
			}
			if got := w.scores(tk).Total.Answered; got != want {
				t.Errorf("the score knows %d answers, %d were acknowledged", got, want)
			}
			if n := w.count(`SELECT count(*) FROM result WHERE enrolment_id = ?`, id); n != 1 {
				t.Errorf("%d results", n)
			}
		}
		v, err := w.svc.Verify(w.ctx)
		w.must(err)
		if v.Results != rounds || len(v.Problems) != 0 {
			t.Errorf("verify = %+v", v)
		}
	})
}

// Two nodes sweep and a client submits at the same moment: each attempt is
// submitted once, with one result.
func TestParallelSweeps(t *testing.T) {
	each(t, 30, func(t *testing.T, w *world) {
		ids := w.enrolments(w.open(plan{agencies: []int64{agencyA}}))
		var tickets []Ticket
		for _, id := range ids {
			tk := w.begin(id)
			w.save(tk, 1, 1, "A")
			tickets = append(tickets, tk)
		}
		end := w.clock.Add(time.Hour + NetworkAllowance + 10*time.Minute + settle + time.Second)
		other := New(Options{DB: w.db, Now: w.clock.Now, Log: w.quiet})
		var mu sync.Mutex
		total := 0
		var all sync.WaitGroup
		for _, svc := range []*Service{w.svc, other, w.svc} {
			all.Go(func() {
				swept, err := svc.Sweep(w.ctx, end)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				total += swept.Submitted
			})
		}
		for _, tk := range tickets[:10] {
			all.Go(func() {
				if _, _, err := w.svc.Submit(w.ctx, tk, end, Submission{LastSeq: 1}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if total > len(ids) || total < len(ids)-10 {
			t.Errorf("sweeps submitted %d of %d", total, len(ids))
		}
		if n := w.count(`SELECT count(*) FROM attempt WHERE state = 'submitted' AND ended_by = 'deadline'`); n != len(ids) {
			t.Errorf("%d attempts ended by the deadline, want %d", n, len(ids))
		}
		if n := w.count(`SELECT count(*) FROM result`); n != len(ids) {
			t.Errorf("%d results, want %d", n, len(ids))
		}
	})
}

// Parallel take-overs by different devices leave one holder.
func TestParallelTakeOvers(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{}))[0]
		me := w.taker(id)
		w.begin(id)
		var all sync.WaitGroup
		for n := range 6 {
			all.Go(func() {
				if _, err := w.svc.TakeOver(w.ctx, me, id, fmt.Sprint("device ", n), ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		holders := 0
		for n := range 6 {
			if _, err := w.svc.Ticket(w.ctx, me, id, fmt.Sprint("device ", n)); err == nil {
				holders++
			}
		}
		if holders != 1 {
			t.Errorf("%d devices hold the attempt", holders)
		}
	})
}
