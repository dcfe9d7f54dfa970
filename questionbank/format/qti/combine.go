package qti

import (
	"math"
	"math/big"

	"cakap/questionbank"
	"cakap/scoring"
)

// combine tries answers to several parts at once, and reports whether a policy
// of Cakap's explains what differs. Anything else is rejected. Where parts score
// only together, what is fully right must be the same.
func (s *scorer) combine(all []found, total *big.Rat, together bool) bool {
	c := questionbank.Content{}
	for _, p := range s.parts {
		c.Interactions = append(c.Interactions, p.Interaction)
	}
	key := c.Key()
	if !key.Valid() || key.ByHand() {
		return false
	}
	penalty := false
	for _, answers := range s.combinations(all) {
		score := s.score(answers)
		if together {
			score = new(big.Rat).Mul(score, big.NewRat(int64(len(all)), 1)) // each part's best was the whole
		}
		theirs := min(ratio(score, total), 1)
		ours := shareOf(key, scoring.Answer{Parts: answers})
		if math.Abs(ours-theirs) <= close*float64(len(all)) || together && theirs == 0 && ours < 1-close {
			continue
		}
		if !together && theirs < ours && ours < 1-close && s.hasWrong(answers) {
			penalty = true
			continue
		}
		s.differs(s.parts[0], 0, &difference{s.describe(answers), theirs, ours, false})
		return false
	}
	if penalty {
		s.warn(s.root, noPenalty)
	}
	return penalty
}

// hasWrong reports whether some part is answered and earns nothing.
func (s *scorer) hasWrong(answers []scoring.Answer) bool {
	for i, a := range answers {
		if !a.Empty() && shareOf(s.parts[i].Key(), a) < 1-close {
			return true
		}
	}
	return false
}

// combinations are answers to all parts: every mixture of a right one, wrong
// ones and none where that is not too many, else a sample.
func (s *scorer) combinations(all []found) [][]scoring.Answer {
	const most = 600
	choices := make([][]scoring.Answer, len(all))
	count := 1
	for i, f := range all {
		choices[i] = []scoring.Answer{f.right, {}}
		wrong := 0
		for _, a := range f.trials {
			if wrong < 2 && !a.Empty() && shareOf(s.parts[i].Key(), a) < 1-close {
				choices[i] = append(choices[i], a)
				wrong++
			}
		}
		if count <= most {
			count *= len(choices[i])
		}
	}
	var out [][]scoring.Answer
	pick := func(of func(i int) int) {
		answers := make([]scoring.Answer, len(all))
		for i := range all {
			answers[i] = choices[i][of(i)%len(choices[i])]
		}
		out = append(out, answers)
	}
	if count <= most {
		for n := range count {
			rest := n
			pick(func(i int) int { digit := rest % len(choices[i]); rest /= len(choices[i]); return digit })
		}
		return out
	}
	pick(func(int) int { return 0 })
	state := uint32(1)
	for range most {
		pick(func(int) int { state = state*1664525 + 1013904223; return int(state >> 16) })
	}
	return out
}
