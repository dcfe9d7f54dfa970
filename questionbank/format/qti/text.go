package qti

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/scoring"
)

// nonsense is a text that no key holds, to see what anything at all is worth.
const nonsense = "zqxjkv"

// text finds the texts that earn points.
func (s *scorer) text(i int) found {
	p := s.parts[i]
	f := found{best: new(big.Rat)}
	if element := s.fuzzy(); element != "" {
		s.reject(p.node, s.keyField(i), "questionbank.qti.rp_text", element)
	}
	type keyed struct {
		scoring.Answer
		points *big.Rat
		exact  bool
		wild   string
	}
	var keys []keyed
	for _, literal := range s.literals(p) {
		points := s.try(i, scoring.Answer{Text: literal})
		f.trials = append(f.trials, scoring.Answer{Text: literal})
		if points.Sign() <= 0 {
			continue
		}
		k := keyed{scoring.Answer{Text: literal}, points, s.caseCounts(i, literal, points), s.pattern(i, literal, points)}
		keys = append(keys, k)
		if points.Cmp(f.best) > 0 {
			f.best, f.right = points, k.Answer
		}
	}
	rest := s.try(i, scoring.Answer{Text: nonsense})
	if rest.Cmp(f.best) > 0 {
		f.best, f.right = rest, scoring.Answer{Text: nonsense}
	}
	p.Texts = nil
	for _, k := range keys {
		t := questionbank.TextAnswer{Text: k.Text, Case: k.exact, Points: part1(k.points, f.best)}
		if k.wild != "" {
			t.Text, t.Wild = k.wild, true
		}
		if !slices.ContainsFunc(p.Texts, func(o questionbank.TextAnswer) bool { return covers(o, t) }) {
			p.Texts = append(p.Texts, t)
		}
	}
	if rest.Sign() > 0 {
		p.Texts = append(p.Texts, questionbank.TextAnswer{Text: "*", Wild: true, Points: part1(rest, f.best)})
	}
	f.trials = append(f.trials, scoring.Answer{Text: nonsense})
	if f.best.Sign() > 0 {
		p.Interaction = s.fit(i, &f, []questionbank.Interaction{p.Interaction})
	}
	return f
}

// part1 is points as a share of the best.
func part1(points, best *big.Rat) scoring.Micro { return micro(new(big.Rat).Quo(points, best)) }

// covers reports whether an earlier entry already catches what t would.
func covers(o, t questionbank.TextAnswer) bool {
	if o.Wild != t.Wild || o.Case {
		return o == t
	}
	return strings.EqualFold(o.Text, t.Text)
}

// literals are the texts that the item knows: its correct response, its
// mapping, and what its rules compare with.
func (s *scorer) literals(p *part) []string {
	const most = 200
	var all []string
	if d := s.program.Response(p.response); d != nil {
		all = append(all, d.Correct.Texts()...)
		if d.Mapping != nil {
			for _, e := range d.Mapping.Entries {
				all = append(all, e.Key)
			}
		}
	}
	all = append(all, s.program.Literals()...)
	var out []string
	for _, text := range all {
		if strings.TrimSpace(text) != "" && !slices.Contains(out, text) && len(out) < most {
			out = append(out, text)
		}
	}
	return out
}

// caseCounts reports whether the same letters in other capitals earn less.
func (s *scorer) caseCounts(i int, literal string, points *big.Rat) bool {
	for _, other := range []string{strings.ToUpper(literal), strings.ToLower(literal)} {
		if other != literal && s.try(i, scoring.Answer{Text: other}).Cmp(points) != 0 {
			return true
		}
	}
	return false
}

// pattern is the text with stars where more may stand; "" where nothing may.
func (s *scorer) pattern(i int, literal string, points *big.Rat) string {
	with := func(text string) bool { return s.try(i, scoring.Answer{Text: text}).Cmp(points) == 0 }
	before, after := with(nonsense+literal), with(literal+nonsense)
	if !before && !after || with(nonsense) {
		return ""
	}
	text := strings.ReplaceAll(literal, "*", `\*`)
	if before {
		text = "*" + text
	}
	if after {
		text += "*"
	}
	return text
}

// fuzzy names the element of the rules that no list of texts can stand for.
func (s *scorer) fuzzy() string {
	for _, name := range []string{"patternMatch"} {
		if rules := s.root.Find("responseProcessing"); len(rules.Descendants(name)) > 0 {
			return name
		}
	}
	return ""
}
