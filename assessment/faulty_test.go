package assessment

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// secondA is another officer of agency A than officerA.
var secondA = Actor{Account: 4, Scope: access.Scope{Agencies: []int64{agencyA}}}

// shared opens an event of agency A and finds an item that several of its
// forms hold, with those enrolments and the item's position on their forms.
func (w *world) shared(agencies ...int64) (e Event, item int64, at map[int64]int, ids []int64) {
	w.t.Helper()
	p := plan{agencies: agencies}
	if len(agencies) == 1 {
		p.owner = agencies[0]
	}
	e = w.open(p)
	holders := map[int64][]int64{}
	places := map[[2]int64]int{}
	for _, id := range w.enrolments(e) {
		f, err := w.svc.read.form(w.ctx, id, 1)
		w.must(err)
		for i, one := range f.Items {
			holders[one.Item] = append(holders[one.Item], id)
			places[[2]int64{one.Item, id}] = i + 1
		}
	}
	for candidate, who := range holders {
		if len(who) > len(ids) || len(who) == len(ids) && candidate < item {
			item, ids = candidate, who
		}
	}
	at = map[int64]int{}
	for _, id := range ids {
		at[id] = places[[2]int64{item, id}]
	}
	if len(ids) < 3 {
		w.t.Fatalf("the most shared item is on %d forms", len(ids))
	}
	return e, item, at, ids
}

// answers answers every position, wrong at one of them.
func (w *world) answers(tk Ticket, wrong int) {
	w.t.Helper()
	for position := 1; position <= len(tk.Shape); position++ {
		value := w.right(tk, position)
		if position == wrong {
			value = w.wrong(tk, position)
		}
		w.save(tk, position, int64(position), value)
	}
}

func (w *world) submitted(tk Ticket) {
	w.t.Helper()
	_, _, err := w.svc.Submit(w.ctx, tk, w.clock.Now(), Submission{})
	w.must(err)
}

func (w *world) problems() []string {
	w.t.Helper()
	v, err := w.svc.Verify(w.ctx)
	w.must(err)
	var found []string
	for _, p := range v.Problems {
		found = append(found, p.What)
	}
	return found
}

// An item that leaves the scores leaves those that stand, in steps that may be
// broken off, and those that come after; Verify follows.
func TestFaultyItem(t *testing.T) {
	each(t, 40, func(t *testing.T, w *world) {
		e, item, at, ids := w.shared(agencyA)
		before, wrong, later := w.begin(ids[0]), w.begin(ids[1]), w.begin(ids[2])
		w.answers(before, 0)
		w.answers(wrong, at[ids[1]])
		w.answers(later, at[ids[2]])
		w.submitted(before)
		w.submitted(wrong)
		whole := w.scores(wrong)

		w.must(w.svc.ProposeFaulty(w.ctx, officerA, e.ID, item, "Gambar tidak tampil."))
		if diff := cmp.Diff(whole, w.scores(wrong)); diff != "" {
			t.Errorf("a proposal changed a score\n%s", diff)
		}
		wantFault(t, w.svc.ProposeFaulty(w.ctx, officerA, e.ID, item, "Lagi."), fault.Conflict, "assessment.faulty_known")
		wantFault(t, w.svc.ProposeFaulty(w.ctx, officerA, e.ID, 1, "Lain."), fault.NotFound, "assessment.no_pool_item")
		wantFault(t, w.svc.ProposeFaulty(w.ctx, officerB, e.ID, item, "Lain."), fault.NotFound, "assessment.no_event")
		wantFault(t, w.svc.DecideFaulty(w.ctx, officerA, e.ID, item, true, "Setuju."), fault.Conflict, "assessment.faulty_own")
		wantFault(t, w.svc.DecideFaulty(w.ctx, secondA, e.ID, item, true, ""), fault.Invalid, "assessment.reason")
		if _, err := w.db.Exec(w.ctx, `UPDATE faulty_item SET state = 'approved', decided_by = proposed_by, decided_ms = 1`); err == nil {
			t.Error("the table lets one person propose and approve")
		}
		impact, err := w.svc.FaultyImpact(w.ctx, secondA, e.ID, item)
		w.must(err)
		if len(impact) != 1 || impact[0].Agency != agencyA || impact[0].Attempts != 2 {
			t.Errorf("impact = %+v", impact)
		}

		w.must(w.svc.DecideFaulty(w.ctx, secondA, e.ID, item, true, "Benar rusak."))
		wantFault(t, w.svc.DecideFaulty(w.ctx, secondA, e.ID, item, false, "Tidak."), fault.Conflict, "assessment.faulty_decided")
		w.submitted(later) // between the approval and the computing
		if found := w.problems(); len(found) != 2 || !strings.Contains(found[0], "has not been computed again yet") {
			t.Errorf("verify found %q, want the two results that stand as before", found)
		}
		first, err := w.svc.Rescore(w.ctx, secondA, e.ID, 1) // and the process dies
		w.must(err)
		if want := (Rescored{Done: 1, Left: 1}); first != want {
			t.Errorf("first step: %+v, want %+v", first, want)
		}
		if found := w.problems(); len(found) != 1 {
			t.Errorf("verify found %q after one step, want one", found)
		}
		rest, err := w.svc.Rescore(w.ctx, secondA, e.ID, 1000)
		w.must(err)
		again, err := w.svc.Rescore(w.ctx, secondA, e.ID, 1000)
		w.must(err)
		if rest.Done != 1 || rest.Left != 0 || again.Done != 0 || again.Left != 0 {
			t.Errorf("rest %+v, again %+v", rest, again)
		}
		if found := w.problems(); len(found) != 0 {
			t.Errorf("verify found %q", found)
		}
		for _, tk := range []Ticket{before, wrong, later} {
			got := w.scores(tk)
			if got.Total.Items != whole.Total.Items-1 || got.Total.Score != 10000 {
				t.Errorf("without the item: %d items and %d, want %d and all points", got.Total.Items, got.Total.Score, whole.Total.Items-1)
			}
			if n := w.count(`SELECT count(*) FROM result WHERE enrolment_id = ?`, tk.Enrolment); tk == later && n != 1 || tk != later && n != 2 {
				t.Errorf("%d versions of the result", n)
			}
		}
		var reason string
		w.must(w.db.Get(w.ctx, &reason, `SELECT reason FROM result WHERE enrolment_id = ? AND current`, wrong.Enrolment))
		if !strings.HasPrefix(reason, "butir ") || !strings.HasSuffix(reason, " dikeluarkan") {
			t.Errorf("reason = %q", reason)
		}
		wantFault(t, func() error { _, err := w.svc.Rescore(w.ctx, officerB, e.ID, 1); return err }(), fault.NotFound, "assessment.no_event")
		items, err := w.svc.FaultyItems(w.ctx, officerA, e.ID)
		w.must(err)
		if len(items) != 1 || items[0].State != FaultyApproved || items[0].Stem == "" || items[0].Decision != "Benar rusak." {
			t.Errorf("items = %+v", items)
		}
		w.exec(w.db, `UPDATE result SET key_hash = 'x' WHERE enrolment_id = ? AND current`, wrong.Enrolment)
		if found := w.problems(); len(found) != 1 || found[0] != "the keys changed" {
			t.Errorf("verify found %q after a change", found)
		}
	})
}

// What one agency's officer learns of the others is a number.
func TestFaultyImpactKeepsWalls(t *testing.T) {
	each(t, 40, func(t *testing.T, w *world) {
		e, item, at, ids := w.shared(agencyA, agencyB)
		for _, id := range ids[:3] {
			tk := w.begin(id)
			w.answers(tk, at[id])
			w.submitted(tk)
		}
		if _, err := w.svc.FaultyImpact(w.ctx, officerA, e.ID, item); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an officer of one agency decides for two: %v", err)
		}
		w.exec(w.db, `UPDATE event SET owner_id = ? WHERE id = ?`, agencyA, e.ID)
		impact, err := w.svc.FaultyImpact(w.ctx, officerA, e.ID, item)
		w.must(err)
		sum := 0
		for _, one := range impact {
			if one.Agency != agencyA && one.Agency != 0 {
				t.Errorf("agency %d is named", one.Agency)
			}
			sum += one.Attempts
		}
		if sum != 3 {
			t.Errorf("%d attempts, want 3", sum)
		}
	})
}

// A rejected proposal changes nothing and may be made again.
func TestFaultyItemRejected(t *testing.T) {
	each(t, 40, func(t *testing.T, w *world) {
		e, item, _, ids := w.shared(agencyA)
		tk := w.begin(ids[0])
		w.answers(tk, 0)
		w.must(w.svc.ProposeFaulty(w.ctx, officerA, e.ID, item, "Rusak?"))
		w.must(w.svc.DecideFaulty(w.ctx, secondA, e.ID, item, false, "Tampil baik."))
		w.submitted(tk)
		if got := w.scores(tk); got.Total.Items != 40 {
			t.Errorf("%d items count", got.Total.Items)
		}
		w.clock.Add(time.Minute)
		w.must(w.svc.ProposeFaulty(w.ctx, secondA, e.ID, item, "Ternyata rusak."))
		w.must(w.svc.DecideFaulty(w.ctx, officerA, e.ID, item, true, "Ya."))
		out, err := w.svc.Rescore(w.ctx, officerA, e.ID, 10)
		w.must(err)
		if out.Done != 1 || w.scores(tk).Total.Items != 39 {
			t.Errorf("%+v, %d items count", out, w.scores(tk).Total.Items)
		}
	})
}

// An essay that leaves the scores is nobody's to mark any more, and the result
// no longer waits for it.
func TestFaultyEssay(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e, ids := w.essays(2, nil)
		var essay int64
		w.must(w.db.Get(w.ctx, &essay, `SELECT min(item_id) FROM essay_script WHERE event_id = ?`, e.ID))
		if _, total := w.version(ids[0]); total.Pending != 1 || total.Items != 2 {
			t.Fatalf("before: %+v", total)
		}
		w.must(w.svc.ProposeFaulty(w.ctx, officerA, e.ID, essay, "Rubriknya keliru."))
		other := Actor{Account: 9, Scope: access.Scope{All: true}}
		w.must(w.svc.DecideFaulty(w.ctx, other, e.ID, essay, true, "Benar."))
		if found := w.problems(); len(found) != 2 {
			t.Errorf("verify found %q", found)
		}
		out, err := w.svc.Rescore(w.ctx, other, e.ID, 100)
		w.must(err)
		if out.Done != 2 || out.Left != 0 {
			t.Errorf("%+v", out)
		}
		for _, id := range ids {
			if _, total := w.version(id); total.Pending != 0 || total.Items != 1 {
				t.Errorf("after: %+v", total)
			}
		}
		by, err := w.svc.read.unmarked(w.ctx, e.ID)
		w.must(err)
		if len(by) != 0 {
			t.Errorf("markers are asked for %v answers", by)
		}
		w.sound(t)
	})
}
