package assessment

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// Whoever wrote an item, in whatever revision, neither finds its answers in the
// queue nor reads or marks one.
func TestAnAuthorDoesNotMark(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e, ids := w.essays(1, nil)
		w.account(21)
		queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21))
		w.must(err)
		if len(queue) != 1 || queue[0].Mine != 1 {
			t.Fatalf("the queue of another: %+v", queue)
		}
		var author int64
		w.must(w.db.Get(w.ctx, &author, `SELECT author_id FROM item_revision WHERE item_id = ? AND rev = 1`, queue[0].Item))
		w.account(author)
		if own, err := w.svc.MarkingQueue(w.ctx, reviewer(author)); err != nil || len(own) != 0 {
			t.Errorf("the author's queue: %+v, %v", own, err)
		}
		if id, err := w.svc.NextScript(w.ctx, reviewer(author), e.ID, queue[0].Item); err != nil || id != 0 {
			t.Errorf("the author is given %d, %v", id, err)
		}
		id, err := w.svc.NextScript(w.ctx, reviewer(21), e.ID, queue[0].Item)
		w.must(err)
		_, err = w.svc.Script(w.ctx, reviewer(author), id)
		wantFault(t, err, fault.Forbidden, "assessment.own_item")
		_, err = w.svc.MarkScript(w.ctx, reviewer(author), id, []int{4, 6}, "")
		wantFault(t, err, fault.Forbidden, "assessment.own_item")
		if n := w.count(`SELECT count(*) FROM essay_mark`); n != 0 {
			t.Errorf("%d marks were kept", n)
		}
		if n, total := w.version(ids[0]); n != 1 || total.Pending != 1 {
			t.Errorf("the result moved: version %d, %+v", n, total)
		}
	})
}

// Results are not shown before every essay is marked, unless somebody says that
// this is known.
func TestReleaseWithUnmarkedEssays(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e, _ := w.essays(2, nil)
		waiting := func(actor Actor) int {
			t.Helper()
			d, err := w.svc.Event(w.ctx, actor, e.ID)
			w.must(err)
			return d.Unmarked
		}
		if n := waiting(everyone); n != 2 {
			t.Errorf("%d answers wait, want 2", n)
		}
		w.markedBy(t, 21, 4, 6)
		if n := waiting(officerA); n != 1 {
			t.Errorf("%d answers wait, want 1", n)
		}
		wantFault(t, w.svc.ReleaseResults(w.ctx, everyone, e.ID, false), fault.Conflict, "assessment.unmarked")
		atOnce, grace := ReleaseAtOnce, 5*time.Minute
		_, err := w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Release: &atOnce})
		wantFault(t, err, fault.Conflict, "assessment.unmarked")
		_, err = w.svc.ChangeEvent(w.ctx, everyone, e.ID, EventChange{Grace: &grace})
		w.must(err)
		if got, err := w.svc.read.event(w.ctx, e.ID); err != nil || got.ResultsVisible(w.clock.Now()) {
			t.Errorf("results are out: %v", err)
		}
		w.must(w.svc.ReleaseResults(w.ctx, everyone, e.ID, true))
		var detail string
		w.must(w.db.Get(w.ctx, &detail, `SELECT detail FROM audit WHERE action = 'event.release'`))
		if detail != `{"unmarked":1}` {
			t.Errorf("the trail says %s", detail)
		}
		if stage := w.markedBy(t, 21, 1, 1); stage != Decided {
			t.Errorf("a first mark after the release: %s", stage)
		}
		var reasons []string
		w.must(w.db.Select(w.ctx, &reasons, `SELECT reason FROM result ORDER BY enrolment_id, version`))
		if diff := cmp.Diff([]string{"submitted", "marked", "submitted", "marked"}, reasons); diff != "" {
			t.Errorf("reasons (-want +got)\n%s", diff)
		}
	})
}

// What the officer adds is frozen with the event: essays, their markers and
// what ends the forms.
func TestEventWithItsOwnSpec(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		codes := w.bankOf(questionbanktest.Sample(questionbank.Essay), questionbanktest.Sample(questionbank.Survey), questionbanktest.Sample(questionbank.Single))
		essay, survey := codes[0], codes[1]
		extras, err := w.svc.Extras(w.ctx)
		w.must(err)
		if len(extras) != 1 || extras[0].Code != survey || extras[0].Type != questionbank.Survey || extras[0].Stem == "" {
			t.Fatalf("extras %+v, want %s", extras, survey)
		}
		b, err := w.svc.BlueprintByCode(w.ctx, Ringkas)
		w.must(err)
		b.Code, b.Spec.Cells, b.Spec.MaxPerIndicator, b.Spec.Phones = "PENDEK", []Cell{{Aspect: scoring.BasicMedia, Count: 2}}, 0, false
		b, err = w.svc.CreateBlueprint(w.ctx, everyone, b)
		w.must(err)
		in := NewEvent{
			Code: "URAIAN-1", Name: "Dengan uraian", Blueprint: b.ID, Agencies: []int64{agencyA}, OpensAt: day, ClosesAt: day.Add(time.Hour),
			Essays: true, Marking: MarkedByTwo, Extra: []string{" " + survey + " "},
		}
		for _, tt := range []struct {
			field, key string
			change     func(*NewEvent)
		}{
			{"extra", "assessment.extra_unknown", func(n *NewEvent) { n.Extra = []string{survey, "TIDAK-ADA"} }},
			{"extra", "assessment.extra_unknown", func(n *NewEvent) { n.Extra = []string{essay} }},
			{"marking", "assessment.blueprint_marking", func(n *NewEvent) { n.Marking = "three" }},
		} {
			bad := in
			tt.change(&bad)
			_, err := w.svc.CreateEvent(w.ctx, everyone, bad)
			wantFault(t, err, fault.Invalid, tt.key)
			if f := fault.Of(err); f == nil || f.Field != tt.field {
				t.Errorf("%s stands at %+v", tt.key, f)
			}
		}
		e, err := w.svc.CreateEvent(w.ctx, everyone, in)
		w.must(err)
		again, err := w.svc.read.event(w.ctx, e.ID)
		w.must(err)
		if s := again.Spec; !s.Essays || s.Marking != MarkedByTwo || len(s.Extra) != 1 || s.Extra[0] != survey || s.Items() != 3 {
			t.Errorf("frozen: %+v", s)
		}
		if plain, err := w.svc.Blueprint(w.ctx, b.ID); err != nil || plain.Spec.Essays || len(plain.Spec.Extra) > 0 {
			t.Errorf("the blueprint changed: %+v, %v", plain.Spec, err)
		}
		_, err = w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
		w.must(err)
		check := func(want Verdict) {
			t.Helper()
			checks, err := w.svc.Preflight(w.ctx, everyone, e.ID, Surroundings{})
			w.must(err)
			i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == "markers" })
			if i < 0 || checks[i].Verdict != want {
				t.Errorf("markers: %+v, want %s", checks, want)
			}
		}
		check(Warn)
		for id := int64(21); id < 24; id++ {
			w.account(id)
			w.exec(w.db, `INSERT INTO account_role (account_id, role, agency_id) VALUES (?, 'reviewer', 0)`, id)
		}
		check(Pass)
		w.exec(w.db, `UPDATE account SET active = FALSE WHERE id = 22`)
		check(Warn)
	})
}
