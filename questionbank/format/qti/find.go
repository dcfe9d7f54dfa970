package qti

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// close is how far a share may lie from another one that is meant to be the
// same; files round thirds.
const close = 0.001

// found is what was found out about one part.
type found struct {
	best    *big.Rat // points of the best answer
	right   scoring.Answer
	trials  []scoring.Answer // answers that tell the rule from others
	soften  string           // policy by which Cakap differs, "" where it does not
	unequal *difference
}

// difference is an answer that scores otherwise in the file than here.
type difference struct {
	answer       string
	theirs, ours float64
	wrong        bool // the answer holds something that is not in the key
}

// find gives every part its rule, and the whole its shares.
func (s *scorer) find() {
	if s.score(s.base).Sign() > 0 {
		s.reject(s.root, "correct", "questionbank.qti.empty_scores")
		s.declare()
		return
	}
	together := s.onlyTogether()
	if together {
		for i, p := range s.parts {
			s.base[i] = s.right(p)
		}
	}
	all := make([]found, len(s.parts))
	total := new(big.Rat)
	for i, p := range s.parts {
		if p.Kind == questionbank.EssayKind {
			continue
		}
		all[i] = s.part(i)
		if all[i].best.Sign() <= 0 {
			if p.Kind == questionbank.PairsKind || p.Kind == questionbank.OrderKind {
				p.setCorrect(s.right(p))
			}
			s.reject(p.node, s.keyField(i), "questionbank.qti.no_key")
			continue
		}
		total.Add(total, all[i].best)
	}
	if total.Sign() <= 0 || s.failed != nil {
		return
	}
	s.report(all, total, together)
}

// field is the form field of a part.
func (s *scorer) field(i int, name string) string {
	if len(s.parts) == 1 {
		return name
	}
	return questionbank.PartField(i) + "." + name
}

// keyField is the form field of a part's key.
func (s *scorer) keyField(i int) string {
	if k := s.parts[i].Kind; k == questionbank.TextKind || k == questionbank.NumberKind {
		return s.field(i, "answers")
	}
	return s.field(i, "correct")
}

// onlyTogether reports an item of several parts that scores only where all are
// right.
func (s *scorer) onlyTogether() bool {
	if len(s.parts) < 2 {
		return false
	}
	right := make([]scoring.Answer, len(s.parts))
	for i, p := range s.parts {
		right[i] = s.right(p)
		if s.try(i, right[i]).Sign() > 0 {
			return false
		}
	}
	return s.score(right).Sign() > 0
}

// part finds the rule of one part.
func (s *scorer) part(i int) found {
	switch p := s.parts[i]; p.Kind {
	case questionbank.TextKind:
		return s.text(i)
	case questionbank.NumberKind:
		return s.number(i)
	case questionbank.PairsKind:
		return s.pairs(i)
	case questionbank.OrderKind:
		return s.sequence(i)
	default:
		if p.Many {
			return s.several(i)
		}
		return s.one(i)
	}
}

// fit returns the first candidate that scores every trial as the file does;
// where none does, the first one and an answer that tells them apart.
func (s *scorer) fit(i int, f *found, candidates []questionbank.Interaction) questionbank.Interaction {
	theirs := make([]float64, len(f.trials))
	for n, a := range f.trials {
		theirs[n] = min(ratio(s.try(i, a), f.best), 1)
	}
	var first []difference
	for n, candidate := range candidates {
		differences := compare(s.parts[i], candidate, f.trials, theirs)
		if len(differences) == 0 {
			return candidate
		}
		if n == 0 {
			first = differences
		}
	}
	f.soften = policy(s.parts[i], first, f.trials, theirs)
	f.unequal = &first[0]
	return candidates[0]
}

func compare(p *part, candidate questionbank.Interaction, trials []scoring.Answer, theirs []float64) []difference {
	var out []difference
	key := candidate.Key()
	for n, a := range trials {
		ours := shareOf(key, a)
		if math.Abs(ours-theirs[n]) > close {
			out = append(out, difference{p.describe(a), theirs[n], ours, !subset(candidate, a)})
		}
	}
	return out
}

// shareOf is what an answer earns here, of one point; a key that is none gives
// nothing.
func shareOf(key scoring.Key, a scoring.Answer) float64 {
	if !key.Valid() {
		return 0
	}
	return float64(key.Mark(a)) / float64(scoring.Point)
}

// subset reports whether an answer of pairs holds nothing that is not in the
// key.
func subset(in questionbank.Interaction, a scoring.Answer) bool {
	return !slices.ContainsFunc(pairKey(a.Pairs), func(pair string) bool { return !slices.Contains(in.Correct, pair) })
}

// The policies by which Cakap scores otherwise than a file.
const (
	allOrNothing = "questionbank.qti.all_or_nothing"
	noPenalty    = "questionbank.qti.no_penalty"
)

// policy names what explains all differences: the file gives points only for
// everything, or wrong pairs take points away. Answers that are fully right must
// be so in both.
func policy(p *part, differences []difference, trials []scoring.Answer, theirs []float64) string {
	if p.Kind != questionbank.PairsKind {
		return ""
	}
	harsh, penal := true, true
	for _, d := range differences {
		if d.theirs > d.ours || d.theirs > 1-close || d.ours > 1-close {
			return ""
		}
		harsh = harsh && d.theirs == 0
		penal = penal && d.wrong
	}
	for n := range trials {
		harsh = harsh && (theirs[n] == 0 || theirs[n] > 1-close)
	}
	switch {
	case harsh:
		return allOrNothing
	case penal:
		return noPenalty
	}
	return ""
}

// report writes down shares, worth and what differs.
func (s *scorer) report(all []found, total *big.Rat, together bool) {
	if worth := micro(total); worth != scoring.Point && worth > 0 {
		s.out.Content.Worth = worth
	}
	if together {
		s.out.Content.Worth = worthOf(all)
		s.warn(s.root, allOrNothing)
	}
	softened := together
	for i, f := range all {
		switch {
		case f.unequal == nil:
		case f.soften != "":
			softened = true
			s.warn(s.parts[i].node, f.soften)
		default:
			s.differs(s.parts[i], i, f.unequal)
		}
	}
	if len(s.parts) > 1 {
		if !together {
			s.share(all)
		}
		softened = s.combine(all, total, together) || softened
	}
	if s.below && !softened {
		s.warn(s.root, "questionbank.qti.floor")
	}
	best, _ := total.Float64()
	if together {
		best, _ = all[0].best.Float64()
	}
	for i := range s.all {
		s.all[i].share /= best
	}
}

// worthOf is what an item is worth whose parts score only together.
func worthOf(all []found) scoring.Micro {
	for _, f := range all {
		if f.best != nil && f.best.Sign() > 0 {
			if worth := micro(f.best); worth != scoring.Point {
				return worth
			}
			return 0
		}
	}
	return 0
}

func (s *scorer) differs(p *part, i int, d *difference) {
	s.reject(p.node, s.keyField(i), "questionbank.qti.scoring_unmapped", d.answer, percent(d.theirs), percent(d.ours))
}

func percent(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(100*x, 'f', 1, 64), "0"), ".") + "%"
}

// share makes whole weights of the parts' points.
func (s *scorer) share(all []found) {
	const most = 1000
	denominator := big.NewInt(1)
	for _, f := range all {
		if f.best == nil || f.best.Sign() <= 0 {
			continue
		}
		d := f.best.Denom()
		gcd := new(big.Int).GCD(nil, nil, denominator, d)
		denominator.Mul(denominator, new(big.Int).Quo(d, gcd))
	}
	divisor := new(big.Int)
	weights := make([]*big.Int, len(all))
	for i, f := range all {
		if f.best == nil || f.best.Sign() <= 0 {
			continue
		}
		w := new(big.Rat).Mul(f.best, new(big.Rat).SetInt(denominator))
		weights[i] = w.Num()
		divisor.GCD(nil, nil, divisor, weights[i])
	}
	for i, w := range weights {
		if w == nil {
			continue
		}
		if w.Quo(w, divisor); w.IsInt64() && w.Int64() <= most && w.Int64() > 1 {
			s.parts[i].Share = int(w.Int64())
		}
	}
}

// describe writes an answer for a message: letters, pairs or the text.
func (p *part) describe(a scoring.Answer) string {
	if a.Empty() {
		return "—"
	}
	if a.Text != "" {
		return a.Text
	}
	if len(a.Pairs) > 0 {
		return strings.Join(pairKey(a.Pairs), ", ")
	}
	letters := make([]string, len(a.Chosen))
	for i, o := range a.Chosen {
		letters[i] = questionbank.OptionID(o)
	}
	return strings.Join(letters, ", ")
}

func (s *scorer) describe(answers []scoring.Answer) string {
	texts := make([]string, len(answers))
	for i, a := range answers {
		texts[i] = strconv.Itoa(i+1) + ": " + s.parts[i].describe(a)
	}
	return strings.Join(texts, "; ")
}
