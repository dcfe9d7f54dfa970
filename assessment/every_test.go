package assessment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// bankOf leaves only these items in the bank, approved, and returns their codes.
func (w *world) bankOf(contents ...questionbank.Content) []string {
	w.t.Helper()
	w.exec(w.db, `UPDATE item SET live_rev = NULL`)
	bank := &questionbank.Service{DB: w.db, Now: w.clock.Now}
	var codes []string
	for _, c := range contents {
		for i, m := range c.Media {
			stored, _, err := bank.SaveMedia(w.ctx, 11, m.Name, questionbanktest.Picture())
			w.must(err)
			stored.Alt = m.Alt
			c.Media[i] = stored
		}
		saved, err := bank.Create(w.ctx, 11, c)
		w.must(err)
		ref := saved.Ref
		w.must(bank.Submit(w.ctx, 11, ref))
		w.must(bank.Approve(w.ctx, 12, ref, "Baik."))
		var code string
		w.must(w.db.Get(w.ctx, &code, `SELECT code FROM item WHERE id = ?`, ref.Item))
		codes = append(codes, code)
	}
	return codes
}

// everyType opens an event whose forms hold an item of every type.
func (w *world) everyType(change func(*Spec)) Event {
	w.t.Helper()
	all := questionbanktest.Samples()
	codes := w.bankOf(all...)
	var extra []string
	for i, c := range all {
		if !c.Type.Drawable() {
			extra = append(extra, codes[i])
		}
	}
	return w.open(plan{agencies: []int64{agencyA}, spec: func(s *Spec) {
		s.Cells, s.MaxPerIndicator, s.Phones = []Cell{{Aspect: scoring.BasicMedia, Count: len(all) - len(extra)}}, 0, false
		s.Essays, s.Extra = true, extra
		if change != nil {
			change(s)
		}
	}})
}

// best is the value that earns every point of a position.
func best(item FormItem, k scoring.Key) string {
	parts, keys := item.Parts(), k.Parts
	if len(keys) == 0 {
		keys = []scoring.Key{k}
	}
	values := make([]string, len(parts))
	for i, p := range parts {
		values[i] = bestOf(p, keys[i])
	}
	if len(values) == 0 {
		return ""
	}
	return Join(values)
}

func bestOf(p FormPart, k scoring.Key) string {
	places := func(order []int, want func(int) bool) string {
		var b strings.Builder
		for place, n := range order {
			if want(n) {
				b.WriteByte(byte('A' + place))
			}
		}
		return b.String()
	}
	switch k.Rule {
	case scoring.TextList:
		return k.Texts[0].Pattern
	case scoring.NumberList:
		return k.Numbers[0].High
	case scoring.Manual:
		return "Alamatnya aneh.\nIsinya mendesak."
	case scoring.Graded:
		return places(p.Options, func(n int) bool { return k.Points[n] == k.Max })
	case scoring.PerPair:
		rows := make([]string, len(p.Options))
		for place, n := range p.Options {
			rows[place] = places(p.Targets, func(t int) bool { return slices.Contains(k.Pairs[n], t) })
		}
		return Rows(rows)
	case scoring.OrderAbsolute:
		var b strings.Builder
		for _, n := range k.Correct {
			b.WriteByte(byte('A' + slices.Index(p.Options, n)))
		}
		return b.String()
	case scoring.None:
		return "A"
	}
	return places(p.Options, func(n int) bool { return slices.Contains(k.Correct, n) })
}

// From the draw to the result, an item of every type: every best answer is
// taken and earns all points, surveys and texts count nowhere, and an essay is
// pending until two people have marked it.
func TestEveryTypeFromDrawToResult(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.everyType(func(s *Spec) { s.Marking = MarkedByTwo })
		ticket := w.begin(w.enrolments(e)[0])
		f, err := w.svc.read.form(w.ctx, ticket.Enrolment, 1)
		w.must(err)
		items, err := w.svc.bank.of(w.ctx, f)
		w.must(err)
		if n := len(f.Items); n != len(questionbank.Types) || f.Items[n-1].Aspect != scoring.Total || f.Items[n-2].Aspect != scoring.Total {
			t.Fatalf("%d positions; surveys and texts must end the form: %+v", n, f.Items)
		}
		seq := int64(0)
		for i, item := range f.Items {
			value := best(item, items[i].key)
			if value == "" {
				continue
			}
			seq++
			if got := w.save(ticket, i+1, seq, value); got != Stored {
				t.Errorf("position %d: %q is %s", i+1, value, got)
			}
			if max, got := items[i].key.Max-byHand(items[i].key), items[i].key.Mark(item.answer(value)); got != max {
				t.Errorf("position %d: %q earns %d of %d", i+1, value, got, max)
			}
		}
		paper, err := w.svc.Paper(w.ctx, w.taker(ticket.Enrolment), ticket.Enrolment, phone)
		w.must(err)
		for _, p := range paper.Items {
			if want := map[bool]Fill{true: Unasked, false: Full}[p.Delivery.Type == questionbank.Info]; p.Fill() != want {
				t.Errorf("%s: fill %d, want %d for %q", p.Delivery.Type, p.Fill(), want, p.Value)
			}
		}
		_, _, err = w.svc.Submit(w.ctx, ticket, w.clock.Now(), Submission{LastSeq: seq})
		w.must(err)
		total := func() scoring.AspectScore {
			t.Helper()
			a, err := w.svc.read.attempt(w.ctx, ticket.AttemptID)
			w.must(err)
			s, err := w.svc.scores(w.ctx, e, a)
			w.must(err)
			return s.Result.Total
		}
		if got := total(); got.Items != 12 || got.Answered != 11 || got.Pending != 1 || got.Verdict != scoring.Unmarked || got.Points != 11*scoring.Point || got.Max != got.Points || got.Level != 0 {
			t.Errorf("before the marks: %+v", got)
		}
		w.markedBy(t, 21, 4, 5) // 9 of 10
		if got := total(); got.Pending != 1 {
			t.Errorf("after one of two marks: %+v", got)
		}
		w.markedBy(t, 22, 3, 5) // 8 of 10
		if got := total(); got.Pending != 0 || got.Answered != 12 || got.Points != 11*scoring.Point+850_000 || got.Max != 12*scoring.Point || got.Verdict != scoring.Supported {
			t.Errorf("after the marks: %+v", got)
		}
		w.sound(t)
	})
}

// sound fails where Verify finds a problem.
func (w *world) sound(t *testing.T) {
	t.Helper()
	v, err := w.svc.Verify(w.ctx)
	w.must(err)
	for _, p := range v.Problems {
		t.Errorf("verify: %s", p)
	}
	if v.Results == 0 || v.Forms == 0 {
		t.Errorf("verify looked at %d results and %d forms", v.Results, v.Forms)
	}
}

// Half an answer is kept as half an answer.
func TestPartlyAnswered(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		e := w.everyType(nil)
		ticket := w.begin(w.enrolments(e)[0])
		paper, err := w.svc.Paper(w.ctx, w.taker(ticket.Enrolment), ticket.Enrolment, phone)
		w.must(err)
		values := map[questionbank.Type]string{
			questionbank.Match: "B,", questionbank.Matrix: ",A", questionbank.Order: "C---", questionbank.Cloze: "A\n\n", questionbank.Short: "  ", questionbank.Single: "A",
		}
		for i, p := range paper.Items {
			if v, ok := values[p.Delivery.Type]; ok {
				w.save(ticket, p.Position, int64(i+1), v)
			}
		}
		paper, err = w.svc.Paper(w.ctx, w.taker(ticket.Enrolment), ticket.Enrolment, phone)
		w.must(err)
		want := map[questionbank.Type]Fill{
			questionbank.Match: Partly, questionbank.Matrix: Partly, questionbank.Order: Partly, questionbank.Cloze: Partly, questionbank.Single: Full, questionbank.Info: Unasked,
		}
		for _, p := range paper.Items {
			fill := Empty
			if f, ok := want[p.Delivery.Type]; ok {
				fill = f
			}
			if p.Fill() != fill {
				t.Errorf("%s: fill %d, want %d for %q", p.Delivery.Type, p.Fill(), fill, p.Value)
			}
		}
	})
}

// What a draw may not take, it does not take.
func TestDrawKeepsTypesOut(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		codes := w.bankOf(questionbanktest.Sample(questionbank.Essay), questionbanktest.Sample(questionbank.Survey), questionbanktest.Sample(questionbank.Single))
		spec := func(change func(*Spec)) Spec {
			s := ringkas()
			s.Cells, s.Phones = []Cell{{Aspect: scoring.BasicMedia, Count: 2}}, false
			change(&s)
			return s
		}
		for name, tt := range map[string]struct {
			spec Spec
			want string
		}{
			"essays not allowed": {spec(func(*Spec) {}), "essays"},
			"essays allowed":     {spec(func(s *Spec) { s.Essays = true }), ""},
			"no such extra":      {spec(func(s *Spec) { s.Essays, s.Extra = true, []string{"TIDAK-ADA"} }), "extras"},
			"a scored extra":     {spec(func(s *Spec) { s.Essays, s.Extra = true, []string{codes[2]} }), "extras"},
			"an extra":           {spec(func(s *Spec) { s.Essays, s.Extra = true, []string{codes[1]} }), ""},
		} {
			e := w.event(plan{agencies: []int64{agencyA}, spec: func(s *Spec) { *s = tt.spec }})
			_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
			w.must(err)
			checks, err := w.svc.Preflight(w.ctx, everyone, e.ID, Surroundings{})
			w.must(err)
			failed := ""
			for _, c := range checks {
				if c.Verdict == Fail && (c.Name == "essays" || c.Name == "extras") {
					failed = c.Name
				}
			}
			_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
			if failed != tt.want || (err == nil) != (tt.want == "") {
				t.Errorf("%s: check %q fails, want %q; prepare: %v", name, failed, tt.want, err)
			}
		}
	})
}

// Forms of a thousand people never show an order that is right, leave fixed
// entries alone and mix the targets of a match; the columns of a matrix stay.
func TestDrawOrdersEveryKind(t *testing.T) {
	order := questionbank.DrawPart{Kind: questionbank.OrderKind, Options: 4, Shuffle: true, Sequence: []int{2, 0, 3, 1}}
	pinned := questionbank.DrawPart{Kind: questionbank.OrderKind, Options: 4, Shuffle: true, Sequence: []int{0, 1, 2, 3}, Fixed: []int{3}}
	two := questionbank.DrawPart{Kind: questionbank.OrderKind, Options: 2, Shuffle: true, Sequence: []int{0, 1}}
	choices := questionbank.DrawPart{Kind: questionbank.ChoiceKind, Options: 4, Shuffle: true, Fixed: []int{3}}
	match := questionbank.DrawPart{Kind: questionbank.PairsKind, Options: 2, Targets: 3, Mix: true}
	matrix := questionbank.DrawPart{Kind: questionbank.PairsKind, Options: 2, Targets: 3, Many: true}
	d := newDrawer(Spec{}, 3, nil, "", 1)
	seen := map[string]map[string]int{}
	note := func(name string, order []int) {
		if seen[name] == nil {
			seen[name] = map[string]int{}
		}
		seen[name][fmt.Sprint(order)]++
	}
	for n := range int64(1000) {
		random := d.random(n, 1)
		note("order", put(order, random).Options)
		note("pinned", put(pinned, random).Options)
		note("two", put(two, random).Options)
		note("choices", put(choices, random).Options)
		m := put(match, random)
		note("rows", m.Options)
		note("targets", m.Targets)
		note("columns", put(matrix, random).Targets)
	}
	for name, want := range map[string]int{"order": 23, "pinned": 5, "two": 2, "choices": 6, "rows": 1, "targets": 6, "columns": 1} {
		if len(seen[name]) != want {
			t.Errorf("%s: %d orders, want %d: %v", name, len(seen[name]), want, seen[name])
		}
	}
	for name, never := range map[string]string{"order": "[2 0 3 1]", "pinned": "[0 1 2 3]"} {
		if seen[name][never] > 0 {
			t.Errorf("%s is shown in the right order", name)
		}
	}
	for order := range seen["choices"] {
		if !strings.HasSuffix(order, " 3]") {
			t.Errorf("a fixed option moved: %s", order)
		}
	}
}
