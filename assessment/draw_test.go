package assessment

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

var update = flag.Bool("update", false, "write golden files")

// shippedPool is the pool of the shipped bank.
func testPool(t testing.TB) []PoolItem {
	t.Helper()
	var pool []PoolItem
	for _, a := range scoring.Aspects {
		for n := range 40 {
			pool = append(pool, PoolItem{
				Ref: questionbank.Ref{Item: int64(a)*1000 + int64(n), Rev: 1}, Aspect: a, Indicator: fmt.Sprintf("%s.%d", a.Code(), n%6+1),
				Level: questionbank.Levels[n/6%3], Parts: choice(4+n%2, n%2 == 1, n%9 != 0),
			})
		}
	}
	return pool
}

// choice is the only part of an item that takes letters.
func choice(options int, many, shuffle bool) []questionbank.DrawPart {
	return []questionbank.DrawPart{{Kind: questionbank.ChoiceKind, Options: options, Many: many, Shuffle: shuffle}}
}

func ringkas() Spec { return shippedSpec(3, 4, 3, 2, 60) }

// Drawing is fixed: a release that draws otherwise could not draw old forms
// again, so this file may only be updated together with a new stream of chance.
func TestDrawGolden(t *testing.T) {
	d := newDrawer(ringkas(), 42, testPool(t), "", 1)
	var b strings.Builder
	for enrolment := int64(1001); enrolment <= 1003; enrolment++ {
		f, err := d.draw(enrolment, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "form of %d, draw %d, hash %s, exposure %s\n", f.Enrolment, f.DrawNo, f.Hash, f.Exposure)
		for i, item := range f.Items {
			fmt.Fprintf(&b, "%2d %s %d/%d %v\n", i+1, item.Aspect.Code(), item.Item, item.Rev, item.Options)
		}
	}
	file := filepath.Join("testdata", "draw.golden")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Every form fills every cell, keeps the limit per indicator, groups aspects in
// order and holds no item twice; over many forms the exposure is even.
func TestDrawKeepsTheBlueprint(t *testing.T) {
	spec, pool := ringkas(), testPool(t)
	byItem := map[int64]PoolItem{}
	for _, p := range pool {
		byItem[p.Item] = p
	}
	d := newDrawer(spec, 3, pool, "", 1)
	var first Form
	orders := map[string]bool{}
	for n := range int64(400) {
		f, err := d.draw(n+1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			first = f
		}
		checkForm(t, spec, byItem, f)
		for _, item := range f.Items {
			if item.Item == first.Items[0].Item {
				orders[fmt.Sprint(item.Options)] = true
			}
		}
	}
	byCell := map[string][]int{}
	for _, p := range d.pool {
		key := p.Aspect.Code() + string(p.Level)
		byCell[key] = append(byCell[key], p.Exposed)
	}
	for key, n := range byCell {
		if slices.Max(n)-slices.Min(n) > 12 {
			t.Errorf("%s: exposures %v are uneven", key, n)
		}
	}
	if len(orders) < 5 {
		t.Errorf("one item was shown in only %d orders", len(orders))
	}
}

func checkForm(t *testing.T, spec Spec, byItem map[int64]PoolItem, f Form) {
	t.Helper()
	cells, indicators, items := map[string]int{}, map[string]int{}, map[int64]bool{}
	aspect := scoring.Aspect(0)
	for _, item := range f.Items {
		p := byItem[item.Item]
		cells[Cell{Aspect: p.Aspect, Level: p.Level}.String()]++
		indicators[p.Indicator]++
		items[item.Item] = true
		if item.Aspect < aspect {
			t.Fatalf("aspect %d after %d", item.Aspect, aspect)
		}
		aspect = item.Aspect
		if sorted := slices.Sorted(slices.Values(item.Options)); sorted[0] != 0 || sorted[len(sorted)-1] != p.Parts[0].Options-1 || len(sorted) != p.Parts[0].Options {
			t.Fatalf("options %v of %d", item.Options, p.Parts[0].Options)
		}
		if !p.Parts[0].Shuffle && !slices.IsSorted(item.Options) {
			t.Fatalf("item %d may not be shuffled: %v", p.Item, item.Options)
		}
	}
	for _, c := range spec.Cells {
		if cells[c.String()] != c.Count {
			t.Fatalf("cell %s has %d items, want %d", c, cells[c.String()], c.Count)
		}
	}
	if len(items) != spec.Items() || len(f.Items) != spec.Items() {
		t.Fatalf("%d different items on %d positions", len(items), len(f.Items))
	}
	for _, n := range indicators {
		if spec.MaxPerIndicator > 0 && n > spec.MaxPerIndicator {
			t.Fatalf("indicators: %v", indicators)
		}
	}
}

// A drawer that goes on from a stored form draws what one in a single run does.
func TestDrawContinues(t *testing.T) {
	whole := newDrawer(ringkas(), 9, testPool(t), "", 1)
	var forms []Form
	for n := range int64(6) {
		f, err := whole.draw(n, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, f)
	}
	half := newDrawer(ringkas(), 9, testPool(t), "", 1)
	for n := range int64(3) {
		if _, err := half.draw(n, 1, nil); err != nil {
			t.Fatal(err)
		}
	}
	later := newDrawer(ringkas(), 9, half.pool, forms[2].Exposure, 0)
	later.follow(forms[2])
	for n := int64(3); n < 6; n++ {
		f, err := later.draw(n, 1, nil)
		if diff := cmp.Diff(forms[n], f); diff != "" || err != nil {
			t.Fatalf("form %d: %v\n%s", n, err, diff)
		}
	}
	other := newDrawer(ringkas(), 10, testPool(t), "", 1)
	if f, _ := other.draw(0, 1, nil); f.Hash == forms[0].Hash {
		t.Error("the seed does not matter")
	}
}

// A second form of a person repeats as little as the bank allows.
func TestSecondFormAvoidsTheFirst(t *testing.T) {
	d := newDrawer(ringkas(), 5, testPool(t), "", 1)
	one, err := d.draw(1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(30) { // exposure would favour the first form's items again
		if _, err := d.draw(100+n, 1, nil); err != nil {
			t.Fatal(err)
		}
	}
	two, err := d.draw(1, 2, []Form{one})
	if err != nil {
		t.Fatal(err)
	}
	was := seen([]Form{one})
	repeated := 0
	for _, i := range two.Items {
		if was[i.Item] {
			repeated++
		}
	}
	if repeated != 0 {
		t.Errorf("%d of 40 items are repeated; the bank has enough others", repeated)
	}
}

// Where the greedy choice runs into the limit per indicator, an item moves to
// make room; where no arrangement exists, the missing cell is named.
func TestPickMakesRoom(t *testing.T) {
	item := func(id int64, indicator string, level questionbank.Level) PoolItem {
		return PoolItem{Ref: questionbank.Ref{Item: id, Rev: 1}, Aspect: scoring.BasicMedia, Indicator: indicator, Level: level, Parts: choice(4, false, false)}
	}
	spec := Spec{MaxPerIndicator: 1, Cells: []Cell{
		{Aspect: scoring.BasicMedia, Level: questionbank.L1, Count: 1}, {Aspect: scoring.BasicMedia, Level: questionbank.L2, Count: 1},
	}}
	// L2 exists only in A1.1, which L1 would take first.
	pool := []PoolItem{item(1, "A1.1", questionbank.L1), item(2, "A1.2", questionbank.L1), item(3, "A1.1", questionbank.L2)}
	f, err := newDrawer(spec, 1, pool, "", 1).draw(1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]bool{}
	for _, i := range f.Items {
		got[i.Item] = true
	}
	if diff := cmp.Diff(map[int64]bool{2: true, 3: true}, got); diff != "" {
		t.Error(diff)
	}
	_, err = newDrawer(spec, 1, slices.Concat(pool[:1], pool[2:]), "", 1).draw(1, 1, nil)
	wantFault(t, err, fault.Conflict, "assessment.bank_too_small")
}

func TestCoverage(t *testing.T) {
	if got := Coverage(ringkas(), testPool(t)); len(got) != 0 {
		t.Errorf("the pool covers Ringkas, got %v", got)
	}
	pool := slices.DeleteFunc(testPool(t), func(p PoolItem) bool { return p.Aspect == scoring.LearningPlatform && p.Level == questionbank.L3 })
	got := Coverage(ringkas(), pool)
	if len(got) != 1 || got[0].Cell.String() != "A2 L3" || got[0].Lacks() != 3 {
		t.Errorf("got %v", got)
	}
	if got := Coverage(ringkas(), nil); len(got) != 12 {
		t.Errorf("an empty bank lacks %d cells, want 12", len(got))
	}
}

// The shipped bank carries both shipped blueprints.
func TestShippedBankCoversShippedBlueprints(t *testing.T) {
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	var pool []PoolItem
	for i, item := range items {
		c := item.Content
		pool = append(pool, PoolItem{
			Ref: questionbank.Ref{Item: int64(i + 1), Rev: 1}, Aspect: c.Aspect(), Indicator: c.Indicator, Level: c.Level, Parts: c.DrawParts(),
		})
	}
	for _, b := range shippedBlueprints() {
		if err := b.Spec.Validate(); err != nil {
			t.Errorf("%s: %v", b.Code, err)
		}
		if short := Coverage(b.Spec, pool); len(short) > 0 {
			t.Errorf("%s lacks %v", b.Code, short)
		}
	}
	if n := shippedBlueprints()[1].Spec.Of(scoring.AdvancedMedia); n != 20 {
		t.Errorf("Lengkap has %d items of A3", n)
	}
}

func TestSpecValidate(t *testing.T) {
	for name, change := range map[string]func(*Spec){
		"no cells":      func(s *Spec) { s.Cells = nil },
		"overlap":       func(s *Spec) { s.Cells = append(s.Cells, Cell{Aspect: scoring.BasicMedia, Count: 1}) },
		"foreign":       func(s *Spec) { s.Cells[0].Indicator = "A2.1" },
		"no aspect":     func(s *Spec) { s.Cells[0].Aspect = 0 },
		"unknown level": func(s *Spec) { s.Cells[0].Level = "L9" },
		"count":         func(s *Spec) { s.Cells[0].Count = 0 },
		"minutes":       func(s *Spec) { s.Minutes = 0 },
		"attempts":      func(s *Spec) { s.Attempts = 6 },
		"rule":          func(s *Spec) { s.AttemptRule = "median" },
		"delivery":      func(s *Spec) { s.Delivery = "some" },
		"cooldown":      func(s *Spec) { s.CooldownDays = -1 },
		"evidence":      func(s *Spec) { s.Evidence.MinShare = 101 },
	} {
		s := ringkas()
		change(&s)
		if err := s.Validate(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	fine := ringkas()
	fine.Cells = []Cell{{Aspect: scoring.BasicMedia, Indicator: "A1.1", Count: 2}, {Aspect: scoring.BasicMedia, Indicator: "A1.2", Count: 2}}
	if err := fine.Validate(); err != nil {
		t.Error(err)
	}
	back, err := parseSpec(fine.json())
	if diff := cmp.Diff(fine, back); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func BenchmarkDraw(b *testing.B) {
	d := newDrawer(ringkas(), 1, testPool(b), "", 1)
	for n := range b.N {
		if _, err := d.draw(int64(n), 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Where no limit per indicator stands in the way, the items of a cell are used
// equally often, to within one form, at every moment.
func TestExposureIsBalanced(t *testing.T) {
	spec, pool := ringkas(), testPool(t)
	spec.MaxPerIndicator = 0
	d := newDrawer(spec, 11, pool, "", 1)
	for n := range int64(1000) {
		if _, err := d.draw(n+1, 1, nil); err != nil {
			t.Fatal(err)
		}
		for c, places := range d.cells {
			least, most := d.pool[places[0]].Exposed, d.pool[places[0]].Exposed
			for _, i := range places {
				least, most = min(least, d.pool[i].Exposed), max(most, d.pool[i].Exposed)
			}
			if most-least > 1 {
				t.Fatalf("after %d forms, cell %s: between %d and %d", n+1, spec.Cells[c], least, most)
			}
		}
	}
}
