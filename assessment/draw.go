package assessment

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strconv"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// PoolItem is what a draw needs to know of an approved revision. An event
// freezes its pool when it is prepared, so that a form drawn late comes from
// the same items and every form can be drawn again.
type PoolItem struct {
	questionbank.Ref
	Code      string
	Type      questionbank.Type
	Aspect    scoring.Aspect
	Indicator string
	Level     questionbank.Level
	ByHand    bool // a marker has to look at the answers
	Parts     []questionbank.DrawPart
	Exposed   int // forms of the event that hold it already
}

func poolOf(live []questionbank.LiveItem) []PoolItem {
	pool := make([]PoolItem, len(live))
	for i, l := range live {
		pool[i] = PoolItem{
			Ref: l.Ref, Code: l.Code, Type: l.Type, Aspect: l.Aspect, Indicator: l.Indicator, Level: l.Level,
			ByHand: l.Key.ByHand(), Parts: l.Parts,
		}
	}
	return pool
}

// Shortage is a cell that the pool cannot fill.
type Shortage struct {
	Cell Cell
	Have int // items that can be placed in it besides all the other cells
}

// Lacks is how many items are missing.
func (s Shortage) Lacks() int { return s.Cell.Count - s.Have }

// Coverage says which cells of spec the pool cannot fill.
func Coverage(spec Spec, pool []PoolItem) []Shortage {
	d := newDrawer(spec, 0, pool, "", 0)
	short := []Shortage{}
	picked, _ := d.pick(make([]uint64, len(d.pool)), nil)
	for i, c := range spec.Cells {
		if len(picked[i]) < c.Count {
			short = append(short, Shortage{Cell: c, Have: len(picked[i])})
		}
	}
	return short
}

// drawer draws the forms of one event one after the other. The same seed,
// pool and sequence give the same forms, on any machine.
type drawer struct {
	spec  Spec
	seed  int64
	pool  []PoolItem
	cells [][]int // per cell of the spec, the places in pool that fit it
	chain string  // exposure: hash over everything drawn before
	next  int     // number of the next draw
}

// newDrawer continues a sequence of draws: pool holds the exposures so far,
// chain is what the last form left, and next its number plus one.
func newDrawer(spec Spec, seed int64, pool []PoolItem, chain string, next int) *drawer {
	d := &drawer{spec: spec, seed: seed, pool: slices.Clone(pool), chain: chain, next: next}
	slices.SortFunc(d.pool, func(a, b PoolItem) int { return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Rev, b.Rev)) })
	d.cells = make([][]int, len(spec.Cells))
	for i, item := range d.pool {
		for c, cell := range spec.Cells {
			if spec.draws(item.Type, item.ByHand) && cell.takes(item) {
				d.cells[c] = append(d.cells[c], i)
				break // cells do not overlap, Validate sees to that
			}
		}
	}
	if d.chain == "" {
		d.chain = d.poolHash()
	}
	return d
}

// poolHash begins the chain: which revisions there were to draw from.
func (d *drawer) poolHash() string {
	text := make([]byte, 0, 16*len(d.pool))
	for _, item := range d.pool {
		text = strconv.AppendInt(text, item.Item, 10)
		text = append(text, '/')
		text = strconv.AppendInt(text, int64(item.Rev), 10)
		text = append(text, '\n')
	}
	return hashText(string(text))
}

// random is the stream of chance of one form. PCG's output is fixed by its
// algorithm, so a later release draws the same.
func (d *drawer) random(enrolment int64, no int) *rand.PCG {
	var in [24]byte
	binary.BigEndian.PutUint64(in[0:], uint64(d.seed))
	binary.BigEndian.PutUint64(in[8:], uint64(enrolment))
	binary.BigEndian.PutUint64(in[16:], uint64(no))
	sum := sha256.Sum256(in[:])
	return rand.NewPCG(binary.BigEndian.Uint64(sum[0:]), binary.BigEndian.Uint64(sum[8:]))
}

// draw makes the nth form of an enrolment and counts its items as exposed.
// Items of the person's earlier forms come last.
func (d *drawer) draw(enrolment int64, no int, earlier []Form) (Form, error) {
	random := d.random(enrolment, no)
	keys := make([]uint64, len(d.pool))
	for i := range keys {
		keys[i] = random.Uint64()
	}
	picked, ok := d.pick(keys, seen(earlier))
	if !ok {
		return Form{}, fault.New(fault.Conflict, "assessment.bank_too_small")
	}
	f := Form{Enrolment: enrolment, No: no, Exposure: d.chain, DrawNo: d.next}
	for _, a := range scoring.Aspects {
		var places []int
		for c, cell := range d.spec.Cells {
			if cell.Aspect == a {
				places = append(places, picked[c]...)
			}
		}
		slices.Sort(places)
		for _, i := range shuffled(places, random) {
			d.pool[i].Exposed++
			f.Items = append(f.Items, d.pool[i].onForm(random))
		}
	}
	for _, code := range d.spec.Extra {
		i := slices.IndexFunc(d.pool, func(p PoolItem) bool { return p.Code == code && !p.Type.Drawable() })
		if i < 0 {
			return Form{}, fault.New(fault.Conflict, "assessment.extra_missing", code)
		}
		d.pool[i].Exposed++
		f.Items = append(f.Items, d.pool[i].onForm(random))
	}
	f.Hash = hashText(content(f.Items))
	d.follow(f)
	return f, nil
}

// follow moves the sequence past a form.
func (d *drawer) follow(f Form) {
	d.chain = hashText(d.chain + f.Hash)
	d.next = f.DrawNo + 1
}

func seen(forms []Form) map[int64]bool {
	items := map[int64]bool{}
	for _, f := range forms {
		for _, i := range f.Items {
			items[i.Item] = true
		}
	}
	return items
}

// onForm puts the item on a form. Extras count for no aspect.
func (p PoolItem) onForm(random *rand.PCG) FormItem {
	item := FormItem{Ref: p.Ref, Aspect: p.Aspect, Kind: NothingKind, Options: []int{}}
	if !p.Type.Drawable() {
		item.Aspect = scoring.Total
	}
	for i, d := range p.Parts {
		part := put(d, random)
		if i > 0 {
			item.Rest = append(item.Rest, part)
			continue
		}
		item.Kind, item.Many, item.Targets = part.Kind, part.Many, part.Targets
		if part.Options != nil {
			item.Options = part.Options
		}
	}
	return item
}

// put orders one part by chance.
func put(d questionbank.DrawPart, random *rand.PCG) FormPart {
	part := FormPart{Kind: d.Kind, Many: d.Many}
	switch d.Kind {
	case questionbank.ChoiceKind, questionbank.InlineKind, questionbank.HotspotKind:
		part.Kind = "" // letters, as forms have always had them
	case questionbank.TextKind, questionbank.NumberKind, questionbank.EssayKind:
		return part
	}
	part.Options = mixed(d.Options, d.Shuffle, d.Fixed, random)
	if d.Kind == questionbank.OrderKind {
		turn(part.Options, d)
	}
	if d.Kind == questionbank.PairsKind {
		part.Targets = mixed(d.Targets, d.Mix, nil, random)
	}
	return part
}

// mixed is the numbers below n in an order by chance, the fixed in their places.
func mixed(n int, shuffle bool, fixed []int, random *rand.PCG) []int {
	order, free := make([]int, n), []int{}
	for i := range order {
		order[i] = i
		if !slices.Contains(fixed, i) {
			free = append(free, i)
		}
	}
	if !shuffle {
		return order
	}
	for i, v := range shuffled(free, random) {
		order[free[i]] = v
	}
	return order
}

// turn keeps a form from showing entries in the order that is right: the free
// ones move on by one place. Of two, showing the other order always would tell
// the answer just as well, so chance decides there.
func turn(order []int, d questionbank.DrawPart) {
	var free []int
	for place, v := range order {
		if !slices.Contains(d.Fixed, v) {
			free = append(free, place)
		}
	}
	if len(free) < 3 || !slices.Equal(order, d.Sequence) {
		return
	}
	first := order[free[0]]
	for i := range free[1:] {
		order[free[i]] = order[free[i+1]]
	}
	order[free[len(free)-1]] = first
}

// shuffled orders values by a random key each; rand.Shuffle's algorithm is not
// promised to stay the same.
func shuffled(values []int, random *rand.PCG) []int {
	type keyed struct {
		key   uint64
		value int
	}
	all := make([]keyed, len(values))
	for i, v := range values {
		all[i] = keyed{random.Uint64(), v}
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.value, b.value)) })
	out := make([]int, len(values))
	for i, k := range all {
		out[i] = k.value
	}
	return out
}

// pick fills the cells: least exposed first, ties by keys, within the limit
// per indicator. It reports whether every cell is full.
func (d *drawer) pick(keys []uint64, avoid map[int64]bool) (picked [][]int, full bool) {
	p := picking{
		drawer: d, order: make([][]int, len(d.cells)), picked: make([][]int, len(d.cells)),
		taken: make([]bool, len(d.pool)), load: map[string]int{},
	}
	for c, places := range d.cells {
		p.order[c] = slices.Clone(places)
		slices.SortFunc(p.order[c], func(a, b int) int {
			x, y := &d.pool[a], &d.pool[b]
			if s, t := avoid[x.Item], avoid[y.Item]; s != t {
				if s {
					return 1
				}
				return -1
			}
			return cmp.Or(cmp.Compare(x.Exposed, y.Exposed), cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b))
		})
	}
	full = true
	for c, cell := range d.spec.Cells {
		for range cell.Count {
			if !p.place(c, map[string]bool{}) {
				full = false
				break
			}
		}
	}
	return p.picked, full
}

// picking is the state of filling one form's cells.
type picking struct {
	*drawer
	order  [][]int // candidates per cell, best first
	picked [][]int
	taken  []bool
	load   map[string]int // items per indicator
}

// place puts one more item into cell c. Where every candidate's indicator is
// at its limit, it moves an item of another cell to a different indicator
// first (an augmenting path), so it fails only if no arrangement exists.
func (p *picking) place(c int, visited map[string]bool) bool {
	limit := p.spec.MaxPerIndicator
	for _, i := range p.order[c] {
		indicator := p.pool[i].Indicator
		if !p.taken[i] && !visited[indicator] && (limit == 0 || p.load[indicator] < limit) {
			p.take(c, i)
			return true
		}
	}
	for _, i := range p.order[c] {
		indicator := p.pool[i].Indicator
		if p.taken[i] || visited[indicator] {
			continue
		}
		visited[indicator] = true
		if p.makeRoom(c, indicator, visited) {
			p.take(c, i)
			return true
		}
	}
	return false
}

// makeRoom moves one item of indicator, held by another cell, elsewhere.
func (p *picking) makeRoom(c int, indicator string, visited map[string]bool) bool {
	for other := range p.picked {
		if other == c {
			continue
		}
		for _, i := range slices.Clone(p.picked[other]) {
			if p.pool[i].Indicator != indicator {
				continue
			}
			p.drop(other, i)
			if p.place(other, visited) {
				return true
			}
			p.take(other, i)
		}
	}
	return false
}

func (p *picking) take(c, i int) {
	p.taken[i] = true
	p.load[p.pool[i].Indicator]++
	p.picked[c] = append(p.picked[c], i)
}

func (p *picking) drop(c, i int) {
	p.taken[i] = false
	p.load[p.pool[i].Indicator]--
	p.picked[c] = slices.DeleteFunc(p.picked[c], func(v int) bool { return v == i })
}
