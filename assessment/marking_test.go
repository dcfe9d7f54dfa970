package assessment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

func TestDecide(t *testing.T) {
	mark := func(place int, points ...int) Mark { return Mark{Marker: int64(place), Place: place, Points: points} }
	for _, tt := range []struct {
		name  string
		marks []Mark
		by    Marking
		want  scoring.Micro // of one point, of ten
		stage Stage
	}{
		{"none", nil, MarkedByTwo, 0, FirstMark},
		{"one of one", []Mark{mark(1, 3, 4)}, "", 700_000, Decided},
		{"one of two", []Mark{mark(1, 3, 4)}, MarkedByTwo, 0, SecondMark},
		{"close together", []Mark{mark(1, 3, 4), mark(2, 3, 2)}, MarkedByTwo, 600_000, Decided},
		{"a half", []Mark{mark(1, 3, 4), mark(2, 3, 5)}, MarkedByTwo, 750_000, Decided},
		{"too far apart", []Mark{mark(1, 3, 4), mark(2, 3, 1)}, MarkedByTwo, 0, ThirdMark},
		{"a third decides", []Mark{mark(3, 1, 1), mark(1, 3, 4), mark(2, 3, 1)}, MarkedByTwo, 200_000, Decided},
		{"corrected, so no third", []Mark{mark(1, 3, 4), mark(2, 3, 3), mark(3, 0, 0)}, MarkedByTwo, 650_000, Decided},
	} {
		got, stage := decide(tt.marks, tt.by, 10)
		if stage != tt.stage || got.of(scoring.Point) != tt.want {
			t.Errorf("%s: %d and %s, want %d and %s", tt.name, got.of(scoring.Point), stage, tt.want, tt.stage)
		}
	}
	if got := (share{2, 3}).of(scoring.Point); got != 666_667 {
		t.Errorf("two thirds are %d", got)
	}
	if got := (share{}).of(scoring.Point); got != 0 {
		t.Errorf("nothing of nothing is %d", got)
	}
}

func reviewer(account int64, agencies ...int64) Actor {
	a := everyone
	a.Account = account
	if len(agencies) > 0 {
		a.Scope.All, a.Scope.Agencies = false, agencies
	}
	return a
}

// account makes an account if there is none.
func (w *world) account(id int64) {
	w.t.Helper()
	w.exec(w.db, `INSERT INTO account (id, username, name, created_ms) VALUES (?, ?, ?, 0) ON CONFLICT (id) DO NOTHING`, id, fmt.Sprintf("penelaah%d", id), "Penelaah")
}

// markedBy lets an account mark the next answer it finds.
func (w *world) markedBy(t *testing.T, account int64, points ...int) Stage {
	t.Helper()
	w.account(account)
	queue, err := w.svc.MarkingQueue(w.ctx, reviewer(account))
	w.must(err)
	i := slices.IndexFunc(queue, func(g MarkingGroup) bool { return g.Mine > 0 })
	if i < 0 {
		t.Fatalf("nothing to mark for %d: %+v", account, queue)
	}
	id, err := w.svc.NextScript(w.ctx, reviewer(account), queue[i].Event.ID, queue[i].Item)
	w.must(err)
	if id == 0 {
		t.Fatalf("account %d finds no answer", account)
	}
	stage, err := w.svc.MarkScript(w.ctx, reviewer(account), id, points, "")
	w.must(err)
	return stage
}

// essays hands in one essay for each of n people and returns the event.
func (w *world) essays(n int, change func(*Spec)) (Event, []AttemptID) {
	w.t.Helper()
	w.bankOf(questionbanktest.Sample(questionbank.Essay), questionbanktest.Sample(questionbank.Single))
	e := w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) {
		s.Cells, s.MaxPerIndicator, s.Phones, s.Essays = []Cell{{Aspect: scoring.BasicMedia, Count: 2}}, 0, false, true
		if change != nil {
			change(s)
		}
	}})
	var ids []AttemptID
	for i, enrolment := range w.enrolments(e)[:n] {
		ticket := w.begin(enrolment)
		position := strings.IndexByte(ticket.Shape, shapeEssay) + 1
		w.save(ticket, position, 1, fmt.Sprintf("Jawaban ke-%d", i+1))
		_, _, err := w.svc.Submit(w.ctx, ticket, w.clock.Now(), Submission{LastSeq: 1})
		w.must(err)
		ids = append(ids, ticket.AttemptID)
	}
	return e, ids
}

func (w *world) version(id AttemptID) (int, scoring.AspectScore) {
	w.t.Helper()
	a, err := w.svc.read.attempt(w.ctx, id)
	w.must(err)
	e, err := w.svc.read.event(w.ctx, a.Event)
	w.must(err)
	s, err := w.svc.scores(w.ctx, e, a)
	w.must(err)
	return s.Version, s.Result.Total
}

// Two markers who differ need a third; nobody marks twice, and each act is in
// the audit trail without a name.
func TestTwoMarkersAndAThird(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e, ids := w.essays(1, func(s *Spec) { s.Marking = MarkedByTwo })
		if stage := w.markedBy(t, 21, 4, 6); stage != SecondMark {
			t.Fatalf("after the first mark: %s", stage)
		}
		queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21))
		w.must(err)
		if len(queue) != 1 || queue[0].Mine != 0 || queue[0].Total != 1 || queue[0].Done != 0 {
			t.Errorf("who marked it still has it in the queue: %+v", queue)
		}
		if stage := w.markedBy(t, 22, 2, 2); stage != ThirdMark {
			t.Fatalf("after two marks far apart: %s", stage)
		}
		w.account(23)
		id, err := w.svc.NextScript(w.ctx, reviewer(23), e.ID, queue[0].Item)
		w.must(err)
		s, err := w.svc.Script(w.ctx, reviewer(23), id)
		w.must(err)
		if len(s.Others) != 2 || s.Others[0].Total() != 10 || s.Own != nil || s.Texts[0] != "Jawaban ke-1" {
			t.Errorf("the third person sees %+v", s)
		}
		if second, err := w.svc.Script(w.ctx, reviewer(22), id); err != nil || len(second.Others) != 0 || second.Own.Total() != 4 {
			t.Errorf("the second person sees %+v, %v", second, err)
		}
		if n, total := w.version(ids[0]); n != 1 || total.Pending != 1 {
			t.Errorf("version %d with %d pending before the decision", n, total.Pending)
		}
		if stage := w.markedBy(t, 23, 3, 4); stage != Decided {
			t.Fatalf("after the third mark: %s", stage)
		}
		if n, total := w.version(ids[0]); n != 2 || total.Points != 700_000 || total.Pending != 0 {
			t.Errorf("version %d: %+v", n, total)
		}
		w.account(24)
		if _, err := w.svc.MarkScript(w.ctx, reviewer(24), id, []int{1, 1}, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a fourth mark: %v", err)
		}
		// The second marker corrects a slip: now the two lie close together.
		if stage, err := w.svc.MarkScript(w.ctx, reviewer(22), id, []int{4, 5}, "Salah baca."); err != nil || stage != Decided {
			t.Errorf("a correction: %s, %v", stage, err)
		}
		if n, total := w.version(ids[0]); n != 3 || total.Points != 950_000 {
			t.Errorf("version %d: %+v", n, total)
		}
		if n := w.count(`SELECT count(*) FROM audit WHERE action = 'essay.mark' AND object_kind = 'script'`); n != 4 {
			t.Errorf("%d audit entries", n)
		}
		w.sound(t)
		w.must(w.svc.ReleaseResults(w.ctx, everyone, e.ID, false))
		if _, err := w.svc.MarkScript(w.ctx, reviewer(22), id, []int{0, 0}, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a correction after the release: %v", err)
		}
		// A mark changed behind our back shows.
		w.exec(w.db, `UPDATE essay_mark SET points = '[0,0]'`)
		v, err := w.svc.Verify(w.ctx)
		w.must(err)
		if len(v.Problems) != 1 || v.Problems[0].What != "the score changed" {
			t.Errorf("verify finds %v", v.Problems)
		}
	})
}

func TestMarkingIsWalled(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		e, ids := w.essays(2, nil)
		w.account(21)
		w.account(22)
		if queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21, agencyB)); err != nil || len(queue) != 0 {
			t.Errorf("a reviewer of another agency sees %v, %v", queue, err)
		}
		queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21, agencyA))
		w.must(err)
		if len(queue) != 1 || queue[0].Mine != 2 || queue[0].Event.ID != e.ID || queue[0].Stem != "Jelaskan cara mengenali surel palsu." {
			t.Fatalf("queue %+v", queue)
		}
		one, err := w.svc.NextScript(w.ctx, reviewer(21, agencyA), e.ID, queue[0].Item)
		w.must(err)
		again, err := w.svc.NextScript(w.ctx, reviewer(21, agencyA), e.ID, queue[0].Item)
		w.must(err)
		other, err := w.svc.NextScript(w.ctx, reviewer(22, agencyA), e.ID, queue[0].Item)
		w.must(err)
		if one == 0 || one != again || other == 0 || other == one {
			t.Errorf("two markers get %d, %d and %d", one, again, other)
		}
		w.clock.Add(claimTime * 2)
		if late, err := w.svc.NextScript(w.ctx, reviewer(22, agencyA), e.ID, queue[0].Item); err != nil || late != one {
			t.Errorf("an answer that nobody has looked at for long is %d, want %d; %v", late, one, err)
		}
		if none, err := w.svc.NextScript(w.ctx, reviewer(22, agencyB), e.ID, queue[0].Item); err != nil || none != 0 {
			t.Errorf("a reviewer of another agency gets %d, %v", none, err)
		}
		if _, err := w.svc.Script(w.ctx, reviewer(21, agencyB), one); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another agency's answer: %v", err)
		}
		for _, points := range [][]int{{5, 0}, {-1, 0}, {0, 7}} {
			if _, err := w.svc.MarkScript(w.ctx, reviewer(21, agencyA), one, points, ""); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%v: %v", points, err)
			}
		}
		if _, err := w.svc.MarkScript(w.ctx, reviewer(21, agencyA), one, []int{1}, ""); fault.KindOf(err) != fault.Malformed {
			t.Errorf("too few points: %v", err)
		}
		if stage, err := w.svc.MarkScript(w.ctx, reviewer(21, agencyA), one, []int{4, 6}, "Lengkap."); err != nil || stage != Decided {
			t.Errorf("one marker: %s, %v", stage, err)
		}
		if n, total := w.version(ids[0]); n != 2 || total.Points != scoring.Point {
			t.Errorf("version %d: %+v", n, total)
		}
		if n, total := w.version(ids[1]); n != 1 || total.Pending != 1 {
			t.Errorf("another's result moved: version %d: %+v", n, total)
		}
		w.must(w.svc.Void(w.ctx, everyone, ids[1], "Salah orang", false))
		if queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21)); err != nil || queue[0].Mine != 0 || queue[0].Total != 1 {
			t.Errorf("a voided attempt is marked: %+v, %v", queue, err)
		}
		w.sound(t)
	})
}

// An answer that arrived late and is accepted is marked anew; the old mark
// counts no more.
func TestLateEssayIsMarkedAnew(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		_, ids := w.essays(1, nil)
		w.markedBy(t, 21, 4, 6)
		if _, total := w.version(ids[0]); total.Points != scoring.Point {
			t.Fatalf("marked: %+v", total)
		}
		a, err := w.svc.read.attempt(w.ctx, ids[0])
		w.must(err)
		position := w.count(`SELECT position FROM essay_script`)
		late := func(seq int, value string) {
			t.Helper()
			w.exec(w.db, `INSERT INTO late_answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms) VALUES (?, ?, ?, ?, ?, FALSE, ?)`,
				a.Enrolment, a.No, position, seq, value, w.clock.Now().UnixMilli())
			_, err := w.svc.AcceptLate(w.ctx, everyone, ids[0], "Jaringan putus")
			w.must(err)
		}
		late(2, "Jawaban yang lebih lengkap")
		if _, total := w.version(ids[0]); total.Pending != 1 || total.Points != 0 {
			t.Errorf("with a late answer: %+v", total)
		}
		w.sound(t)
		w.markedBy(t, 21, 2, 3)
		if _, total := w.version(ids[0]); total.Pending != 0 || total.Points != 500_000 {
			t.Errorf("marked anew: %+v", total)
		}
		late(3, "")
		if _, total := w.version(ids[0]); total.Pending != 0 || total.Points != 0 || total.Omitted != 2 {
			t.Errorf("emptied late: %+v", total)
		}
		if queue, err := w.svc.MarkingQueue(w.ctx, reviewer(21)); err != nil || queue[0].Mine != 0 {
			t.Errorf("an empty answer is marked: %+v, %v", queue, err)
		}
		w.sound(t)
	})
}
