package qti

import (
	"math/big"
	"slices"

	"cakap/questionbank"
	"cakap/scoring"
)

func chosen(options ...int) scoring.Answer { return scoring.Answer{Chosen: options} }

// one finds the points of a choice of one option: its key, or what each is
// worth.
func (s *scorer) one(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	points := make([]*big.Rat, len(p.Options))
	positive, levels := 0, map[string]bool{}
	for o := range p.Options {
		points[o] = s.try(i, chosen(o))
		f.trials = append(f.trials, chosen(o))
		if points[o].Sign() > 0 {
			positive++
			levels[points[o].RatString()] = true
		}
		if points[o].Cmp(f.best) > 0 {
			f.best, f.right = points[o], chosen(o)
		}
	}
	switch positive {
	case 0:
		return f
	case 1:
		p.Rule = scoring.AllOrNothing
		p.setCorrect(f.right)
		return f
	}
	// Several options earn something: each has its own worth. Less than nothing
	// is nothing here.
	p.Rule, p.Correct = scoring.Graded, nil
	for o := range p.Options {
		p.Options[o].Points = max(micro(points[o]), 0)
	}
	if len(levels) == 1 {
		s.warn(p.node, "questionbank.qti.many_full")
	}
	return f
}

// several finds the rule of a choice of any number of options.
func (s *scorer) several(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	f.trials = p.subsets(s.right(p).Chosen)
	scores := make([]*big.Rat, len(f.trials))
	for n, a := range f.trials {
		scores[n] = s.try(i, a)
		// Of several answers that earn the most, the one that says the most: the
		// declared one comes first.
		if scores[n].Cmp(f.best) > 0 {
			f.best, f.right = scores[n], a
		}
	}
	if f.best.Sign() <= 0 {
		return f
	}
	exact := p.Interaction
	exact.Correct = letters(f.right.Chosen)
	exact.Rule = scoring.AllOrNothing
	each := exact
	each.Rule = scoring.PerOption
	mapped := s.mapped(i, f)
	candidates := []questionbank.Interaction{each, exact}
	if mapped.Key().Valid() {
		candidates = append(candidates, mapped)
	}
	p.Interaction = s.fit(i, &f, candidates)
	if f.unequal != nil && paysAll(mapped) && p.mappedFits(s, i, f, mapped) {
		s.warn(p.node, "questionbank.qti.select_all")
		f.unequal = nil
	}
	return f
}

func letters(options []int) []string {
	var ids []string
	for _, o := range slices.Sorted(slices.Values(options)) {
		ids = append(ids, questionbank.OptionID(o))
	}
	return ids
}

// mapped is the choice with points per option: those of the declared mapping,
// else what each option adds to the right answer or takes from it.
func (s *scorer) mapped(i int, f found) questionbank.Interaction {
	p := s.parts[i]
	in := p.Interaction
	in.Rule, in.Options, in.Correct = scoring.Mapped, slices.Clone(p.Options), letters(f.right.Chosen)
	d := s.program.Response(p.response)
	sum := scoring.Micro(0)
	for o := range in.Options {
		var worth *big.Rat
		switch {
		case d != nil && d.Mapping != nil && slices.Contains(f.right.Chosen, o) == (d.Mapping.Worth(p.ids[o], d.Base).Sign() > 0):
			worth = d.Mapping.Worth(p.ids[o], d.Base)
		case slices.Contains(f.right.Chosen, o):
			worth = s.try(i, chosen(o))
		default:
			worth = new(big.Rat).Sub(s.try(i, chosen(append(slices.Clone(f.right.Chosen), o)...)), f.best)
		}
		in.Options[o].Points = micro(worth)
		sum += max(in.Options[o].Points, 0)
	}
	if best := micro(f.best); best < sum {
		in.Cap = best
	}
	return in
}

// paysAll reports a map by which ticking everything earns something.
func paysAll(in questionbank.Interaction) bool {
	sum := scoring.Micro(0)
	for _, o := range in.Options {
		sum += o.Points
	}
	return sum > 0
}

// mappedFits reports whether the map, which Cakap does not want, is exactly what
// the file does.
func (p *part) mappedFits(s *scorer, i int, f found, mapped questionbank.Interaction) bool {
	for _, a := range f.trials {
		sum := scoring.Micro(0)
		for _, o := range a.Chosen {
			sum += mapped.Options[o].Points
		}
		ours := ratio(big.NewRat(int64(max(sum, 0)), int64(scoring.Point)), f.best)
		if d := min(ours, 1) - min(ratio(s.try(i, a), f.best), 1); d > close || d < -close {
			return false
		}
	}
	return true
}

// subsets are the sets of options worth trying, the declared key first: all of
// them where there are few, else those that differ from the key by one or two.
func (p *part) subsets(key []int) []scoring.Answer {
	const few = 10
	out := []scoring.Answer{chosen(key...)}
	add := func(set []int) {
		if len(set) > 0 && (p.Max == 0 || len(set) <= p.Max) && !slices.Equal(set, key) {
			out = append(out, chosen(set...))
		}
	}
	n := len(p.Options)
	if n <= few {
		for bits := 1; bits < 1<<n; bits++ {
			var set []int
			for o := range n {
				if bits>>o&1 == 1 {
					set = append(set, o)
				}
			}
			add(set)
		}
		return out
	}
	n = min(n, 64)
	var every []int
	for o := range n {
		every = append(every, o)
		add([]int{o})
		add(toggled(key, o))
		for q := range o {
			add([]int{q, o})
			add(toggled(toggled(key, o), q))
		}
	}
	add(every)
	return out
}

func toggled(set []int, o int) []int {
	if i := slices.Index(set, o); i >= 0 {
		return slices.Delete(slices.Clone(set), i, i+1)
	}
	return slices.Sorted(slices.Values(append(slices.Clone(set), o)))
}

// sequence finds the rule of an order.
func (s *scorer) sequence(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	key := s.right(p).Chosen
	if len(key) == len(p.Options) {
		f.right = chosen(key...)
	}
	f.trials = p.sequences(f.right.Chosen)
	for _, a := range f.trials {
		if score := s.try(i, a); score.Cmp(f.best) > 0 {
			f.best, f.right = score, a
		}
	}
	if f.best.Sign() <= 0 {
		return f
	}
	p.setCorrect(f.right)
	var candidates []questionbank.Interaction
	for _, rule := range []scoring.Rule{
		scoring.OrderExact, scoring.OrderAbsolute, scoring.OrderNext,
		scoring.OrderPrevNext, scoring.OrderLongestSubset, scoring.OrderLongestRun,
	} {
		in := p.Interaction
		in.Rule = rule
		candidates = append(candidates, in)
	}
	p.Interaction = s.fit(i, &f, candidates)
	return f
}

// sequences are the orders worth trying, the key first: all of few entries,
// else swaps, turns and a sample.
func (p *part) sequences(key []int) []scoring.Answer {
	const few, sample = 5, 200
	n := len(p.Options)
	if n < 2 || n > 64 {
		return nil
	}
	if len(key) != n {
		key = key[:0:0]
		for o := range n {
			key = append(key, o)
		}
	}
	out := []scoring.Answer{chosen(key...)}
	if n <= few {
		permute(slices.Clone(key), 0, func(order []int) { out = append(out, chosen(slices.Clone(order)...)) })
		return out
	}
	for a := range n {
		out = append(out, chosen(slices.Concat(key[a:], key[:a])...))
		for b := range a {
			swapped := slices.Clone(key)
			swapped[a], swapped[b] = swapped[b], swapped[a]
			out = append(out, chosen(swapped...))
		}
	}
	state := uint32(7)
	for range sample {
		mixed := slices.Clone(key)
		for a := n - 1; a > 0; a-- {
			state = state*1664525 + 1013904223
			b := int(state>>16) % (a + 1)
			mixed[a], mixed[b] = mixed[b], mixed[a]
		}
		out = append(out, chosen(mixed...))
	}
	return out
}

func permute(order []int, from int, visit func([]int)) {
	if from == len(order) {
		visit(order)
		return
	}
	for i := from; i < len(order); i++ {
		order[from], order[i] = order[i], order[from]
		permute(order, from+1, visit)
		order[from], order[i] = order[i], order[from]
	}
}

// pairs finds the key of a table of pairs; each row earns its share.
func (s *scorer) pairs(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	if len(p.ids) == 0 || len(p.targets) == 0 || len(p.ids)*len(p.targets) > 1000 {
		return f
	}
	key := s.right(p).Pairs
	if slices.IndexFunc(key, func(row []int) bool { return len(row) > 0 }) < 0 || s.try(i, scoring.Answer{Pairs: key}).Sign() <= 0 {
		key = s.paying(i)
	}
	if !p.Many && slices.ContainsFunc(key, func(row []int) bool { return len(row) > 1 }) {
		s.reject(p.node, s.field(i, "correct"), "questionbank.qti.row_many")
		for r := range key {
			key[r] = key[r][:min(len(key[r]), 1)]
		}
	}
	f.right = scoring.Answer{Pairs: key}
	f.best = s.try(i, f.right)
	if f.best.Sign() <= 0 {
		return f
	}
	p.setCorrect(f.right)
	f.trials = p.tables(key)
	p.Interaction = s.fit(i, &f, []questionbank.Interaction{p.Interaction})
	return f
}

// paying is the pairs that earn something alone.
func (s *scorer) paying(i int) [][]int {
	p := s.parts[i]
	rows := make([][]int, len(p.ids))
	for r := range p.ids {
		for t := range p.targets {
			single := make([][]int, len(p.ids))
			single[r] = []int{t}
			if s.try(i, scoring.Answer{Pairs: single}).Sign() > 0 {
				rows[r] = append(rows[r], t)
			}
		}
	}
	return rows
}

// tables are the answers worth trying: the key, each row of it alone and
// missing, and each row with another target.
func (p *part) tables(key [][]int) []scoring.Answer {
	var out []scoring.Answer
	add := func(rows [][]int) { out = append(out, scoring.Answer{Pairs: rows}) }
	add(key)
	other := func(row []int) int {
		for t := range p.targets {
			if !slices.Contains(row, t) {
				return t
			}
		}
		return -1
	}
	wrongs := make([][]int, len(key))
	for r, row := range key {
		with := func(row []int) [][]int { return p.vacated(key, r, row) }
		alone := make([][]int, len(key))
		if alone[r] = row; len(row) > 0 {
			add(alone)
		}
		add(with(nil))
		if t := other(row); t >= 0 {
			wrongs[r] = []int{t}
			add(with([]int{t}))
			if p.Many {
				add(with(slices.Sorted(slices.Values(append(slices.Clone(row), t)))))
			}
		}
		if len(row) > 1 {
			add(with(row[:1]))
		}
	}
	if p.Many || len(p.exclusive) == 0 {
		add(wrongs)
	}
	return out
}

// vacated is the key with another row r; a target that takes one row only
// leaves those it had.
func (p *part) vacated(key [][]int, r int, row []int) [][]int {
	rows := slices.Clone(key)
	for q := range rows {
		if q != r {
			rows[q] = slices.DeleteFunc(slices.Clone(rows[q]), func(t int) bool { return p.exclusive[t] && slices.Contains(row, t) })
		}
	}
	rows[r] = row
	return rows
}
