package assessment

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/scoring"
)

// positions are those of the items a paper holds.
func (w *world) positions(id int64) []int {
	w.t.Helper()
	p, err := w.svc.Paper(w.ctx, w.taker(id), id, phone)
	w.must(err)
	if p.Total() != 40 || !p.Sequential || p.Reached != p.Items[0].Position {
		w.t.Errorf("paper: %d positions, sequential %t, reached %d", p.Total(), p.Sequential, p.Reached)
	}
	var all []int
	for _, item := range p.Items {
		all = append(all, item.Position)
	}
	return all
}

// AT-14: one by one, what is ahead is not shown and what is behind is locked.
func TestOneByOne(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { s.Delivery = DeliverOne }}))[0]
		tk := w.begin(id)
		if diff := cmp.Diff([]int{1}, w.positions(id)); diff != "" {
			t.Errorf("at the start:\n%s", diff)
		}
		save := func(position int, seq int64, value string) ([]Outcome, error) {
			return w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: position, Seq: seq, Value: value}})
		}
		_, err := save(3, 1, "A")
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		_, err = w.svc.SaveForm(w.ctx, tk, w.clock.Now(), 2, "A", false)
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		_, _, err = w.svc.TicketItem(w.ctx, w.taker(id), id, phone, 2)
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		_, err = w.svc.Advance(w.ctx, tk, w.clock.Now(), 2)
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		if got := w.save(tk, 1, 1, "A"); got != Stored {
			t.Errorf("the open item: %s", got)
		}
		for range 2 { // a page that is loaded again asks again
			if got, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), 1); got != 2 || err != nil {
				t.Errorf("advanced to %d: %v", got, err)
			}
		}
		if diff := cmp.Diff([]int{2}, w.positions(id)); diff != "" {
			t.Errorf("after advancing:\n%s", diff)
		}
		out, err := w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: 1, Seq: 1, Value: "A"}, {Position: 1, Seq: 2, Value: "B"}, {Position: 2, Seq: 3, Value: "B"}})
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		if diff := cmp.Diff([]Outcome{Already, Refused, Stored}, out); diff != "" {
			t.Errorf("an outbox with a locked item:\n%s", diff)
		}
		for from := 2; from < 40; from++ {
			if got, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), from); got != from+1 || err != nil {
				t.Fatalf("from %d to %d: %v", from, got, err)
			}
		}
		if got, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), 40); got != 40 || err != nil {
			t.Errorf("beyond the end: %d %v", got, err)
		}
		p, err := w.svc.Paper(w.ctx, w.taker(id), id, phone)
		w.must(err)
		if !p.Last() {
			t.Error("nothing comes behind, yet Last is false")
		}
		w.clock.Set(day.Add(time.Hour + NetworkAllowance + time.Millisecond))
		if got := w.save(tk, 40, 4, "A"); got != Late {
			t.Errorf("late: %s", got)
		}
		_, err = save(39, 5, "A")
		wantFault(t, err, fault.Conflict, "assessment.locked_item")
		_, err = w.svc.Advance(w.ctx, tk, w.clock.Now(), 40)
		wantFault(t, err, fault.Conflict, "assessment.deadline_passed")
	})
}

// By aspect, a part is the run of items of one aspect.
func TestByAspect(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { s.Delivery = DeliverAspect }}))[0]
		tk := w.begin(id)
		f, err := w.svc.read.form(w.ctx, id, 1)
		w.must(err)
		var starts []int
		for i, item := range f.Items {
			if i == 0 || item.Aspect != f.Items[i-1].Aspect {
				starts = append(starts, i+1)
			}
		}
		if len(starts) < 4 {
			t.Fatalf("parts begin at %v", starts)
		}
		for i, first := range starts {
			last := 40
			if i+1 < len(starts) {
				last = starts[i+1] - 1
			}
			got := w.positions(id)
			if got[0] != first || got[len(got)-1] != last || len(got) != last-first+1 {
				t.Fatalf("part %d holds %v, want %d to %d", i, got, first, last)
			}
			if got := w.save(tk, last, int64(first), "A"); got != Stored { // any order within the part
				t.Errorf("position %d: %s", last, got)
			}
			if last < 40 {
				_, err := w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: last + 1, Seq: 99, Value: "A"}})
				wantFault(t, err, fault.Conflict, "assessment.locked_item")
				if got, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), first); got != last+1 || err != nil {
					t.Fatalf("advanced to %d: %v", got, err)
				}
				_, err = w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: first, Seq: 98, Value: "A"}})
				wantFault(t, err, fault.Conflict, "assessment.locked_item")
			}
		}
	})
}

func TestAdvanceRefusals(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ids := w.enrolments(w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { s.Delivery = DeliverOne }}))
		whole := w.begin(w.enrolments(w.open(plan{agencies: []int64{agencyB}}))[0])
		_, err := w.svc.Advance(w.ctx, whole, w.clock.Now(), 1)
		wantFault(t, err, fault.Conflict, "assessment.not_sequential")
		tk := w.begin(ids[0])
		stale := tk
		stale.Epoch++
		_, err = w.svc.Advance(w.ctx, stale, w.clock.Now(), 1)
		wantFault(t, err, fault.Conflict, "assessment.taken_over")
		_, err = w.svc.Pause(w.ctx, officerA, []AttemptID{tk.AttemptID}, "listrik padam")
		w.must(err)
		_, err = w.svc.Advance(w.ctx, tk, w.clock.Now(), 1)
		wantFault(t, err, fault.Conflict, "assessment.paused")
		nobody := tk
		nobody.No = 7
		_, err = w.svc.Advance(w.ctx, nobody, w.clock.Now(), 1)
		wantFault(t, err, fault.NotFound, "assessment.not_started")
		done := w.begin(ids[1])
		_, _, err = w.svc.Submit(w.ctx, done, w.clock.Now(), Submission{})
		w.must(err)
		_, err = w.svc.Advance(w.ctx, done, w.clock.Now(), 1)
		wantFault(t, err, fault.Conflict, "assessment.submitted")
		void := w.begin(ids[2])
		w.must(w.svc.Void(w.ctx, officerA, void.AttemptID, "uji", false))
		_, err = w.svc.Advance(w.ctx, void, w.clock.Now(), 1)
		wantFault(t, err, fault.Conflict, "assessment.voided")
	})
}

// Of parallel advances from one position one moves, and saves that race them
// are either stored or refused, never stored on a locked item.
func TestAdvanceRaces(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { s.Delivery = DeliverOne }}))[0]
		tk := w.begin(id)
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				if got, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), 1); err != nil || got != 2 {
					t.Errorf("advanced to %d: %v", got, err)
				}
			})
			all.Go(func() {
				out, err := w.svc.Save(w.ctx, tk, w.clock.Now(), []Entry{{Position: 1, Seq: int64(n + 1), Value: "A"}})
				if err != nil && fault.Of(err) == nil || err == nil && out[0] != Stored {
					t.Errorf("save: %v %v", out, err)
				}
			})
		}
		all.Wait()
		if diff := cmp.Diff([]int{2}, w.positions(id)); diff != "" {
			t.Error(diff)
		}
	})
}

// A node that decided on what it read before moves nothing: the statement
// itself looks where the attempt stands.
func TestStaleAdvance(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		id := w.enrolments(w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { s.Delivery = DeliverOne }}))[0]
		tk := w.begin(id)
		for from := 1; from < 4; from++ {
			_, err := w.svc.Advance(w.ctx, tk, w.clock.Now(), from)
			w.must(err)
		}
		received := w.clock.Now().UnixMilli()
		w.must(w.svc.read.advance(w.ctx, tk, 1, part{2, 2}, received))
		old := tk
		old.Epoch--
		w.must(w.svc.read.advance(w.ctx, old, 4, part{5, 5}, received))
		w.must(w.svc.read.advance(w.ctx, tk, 4, part{5, 5}, received+2*time.Hour.Milliseconds()))
		if diff := cmp.Diff([]int{4}, w.positions(id)); diff != "" {
			t.Error(diff)
		}
		_, err := w.svc.Pause(w.ctx, officerA, []AttemptID{tk.AttemptID}, "listrik padam")
		w.must(err)
		w.must(w.svc.read.advance(w.ctx, tk, 4, part{5, 5}, received))
		if diff := cmp.Diff([]int{4}, w.positions(id)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPartAt(t *testing.T) {
	items := []FormItem{{Aspect: scoring.BasicMedia}, {Aspect: scoring.BasicMedia}, {Aspect: scoring.EthicsSecurity}, {Aspect: scoring.BasicMedia}, {Aspect: scoring.Total}}
	for _, tt := range []struct {
		delivery string
		at       int
		want     part
	}{
		{DeliverAll, 3, part{1, 5}}, {DeliverOne, 1, part{1, 1}}, {DeliverOne, 5, part{5, 5}}, {DeliverAspect, 1, part{1, 2}}, {DeliverAspect, 2, part{1, 2}},
		{DeliverAspect, 3, part{3, 3}}, {DeliverAspect, 4, part{4, 4}}, {DeliverAspect, 5, part{5, 5}},
	} {
		if got := partAt(tt.delivery, items, tt.at); got != tt.want {
			t.Errorf("%s at %d: %v, want %v", tt.delivery, tt.at, got, tt.want)
		}
	}
}
