package qti12

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// answering turns responses and conditions into interactions.
type answering struct {
	*question
	shown    *shown
	kind     string
	item     *tree.Node
	rules    *processing
	feedback *feedback
	none     *big.Rat // the score of no answer
}

// What Cakap cannot ask, by the writers' names.
var refused = []string{"calculated", "file_upload", "quiz_bowl", "jumbled_sentence", "formula"}

func (a *answering) answer() {
	a.rules.silent()
	a.none = a.rules.run(answers{})
	if what := a.refusal(); what != "" {
		a.stem()
		a.unsupported(what)
		return
	}
	if a.tooLarge() {
		a.stem()
		a.reject("options", "questionbank.qti12.too_complex")
		return
	}
	a.bracketed()
	switch n := len(a.shown.responses); {
	case n == 0:
		a.stem()
		a.Content.Type = questionbank.Info
	case a.matches():
		a.stem()
		a.matching()
	case n == 1:
		a.single(a.shown.responses[0])
	default:
		a.composite()
	}
	for _, what := range a.rules.strange {
		a.reject("correct", "questionbank.qti12.condition", what)
	}
	if a.rules.spent() {
		a.reject("correct", "questionbank.qti12.too_complex")
	}
}

// refusal names what Cakap cannot ask.
func (a *answering) refusal() string {
	if slices.Contains(refused, a.kind) {
		return a.kind
	}
	for _, r := range a.shown.responses {
		if r.element == "response_grp" || r.slider {
			return r.element
		}
	}
	return ""
}

// tooLarge reports more answers or labels than any question can be saved with.
func (a *answering) tooLarge() bool {
	const most = 200
	return len(a.shown.responses) > most || slices.ContainsFunc(a.shown.responses, func(r *response) bool { return len(r.labels) > most })
}

// bracketed puts the gaps of stems like "[warna]" where they belong: Canvas
// and Blackboard name responses so.
func (a *answering) bracketed() {
	for i, r := range a.shown.responses {
		mark := "[" + strings.TrimPrefix(r.id, "response_") + "]"
		if strings.Contains(a.shown.stem, mark) {
			a.shown.stem = strings.ReplaceAll(a.shown.stem, questionbank.HeldGap(i), "")
			a.shown.stem = strings.Replace(a.shown.stem, mark, questionbank.HeldGap(i), 1)
			r.prompt = ""
		}
	}
}

// stem is the question without gaps; blank lines stand where the only answer
// belongs in the middle of the text.
func (a *answering) stem() {
	source := a.shown.stem
	for i := range a.shown.responses {
		before, after, _ := strings.Cut(source, questionbank.HeldGap(i))
		blank := ""
		if len(a.shown.responses) == 1 && a.shown.responses[0].fib != nil && hasWords(after) && hasWords(before) {
			blank = " _____ "
		}
		source = before + blank + after
	}
	a.Content.Stem = a.markdown("stem", source)
	if a.Content.Stem == "" && len(a.shown.responses) == 1 {
		r := a.shown.responses[0]
		a.Content.Stem, r.prompt = a.markdown("stem", r.prompt), ""
	}
}

func hasWords(source string) bool {
	t := questionbank.Plain(strings.Join(strings.Fields(looksHTML.ReplaceAllString(source, " ")), " "))
	return strings.Trim(t, " .?!:_") != ""
}

// given is the points that an answer to one response adds to those of none.
func (a *answering) given(r *response, values ...string) *big.Rat {
	with := a.rules.run(answers{r.id: values})
	return with.Sub(with, a.none)
}

func micro(r *big.Rat) scoring.Micro {
	scaled := new(big.Rat).Mul(r, big.NewRat(int64(scoring.Point), 1))
	half := big.NewRat(1, 2)
	if scaled.Sign() < 0 {
		half.Neg(half)
	}
	scaled.Add(scaled, half)
	n := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	const most = 1_000_000 * int64(scoring.Point)
	if !n.IsInt64() || n.Int64() > most || n.Int64() < -most {
		return scoring.Micro(most) // beyond every limit; Validate refuses it
	}
	return scoring.Micro(n.Int64())
}

// share is points as millionths of the best.
func share(points, best *big.Rat) scoring.Micro {
	if best.Sign() <= 0 {
		return 0
	}
	return micro(new(big.Rat).Quo(points, best))
}

// single is an item of one response.
func (a *answering) single(r *response) {
	inGap := strings.HasPrefix(a.kind, "fill_in_multiple") || a.kind == "multiple_dropdowns" || a.kind == "fill_in_the_blank_plus"
	if inGap {
		a.composite()
		return
	}
	a.stem()
	typ, in, _ := a.interaction(r)
	if a.Content.Type == questionbank.Unsupported {
		return
	}
	if in.Prompt != "" && in.Prompt != a.Content.Stem {
		a.Content.Stem += "\n\n" + in.Prompt
	}
	in.Prompt = ""
	a.Content.Type, a.Content.Interactions = typ, []questionbank.Interaction{in}
}

// composite is an item of several responses; where all of them are gaps it is
// a cloze.
func (a *answering) composite() {
	a.Content.Stem = ""
	source := a.shown.stem
	type made struct {
		typ  questionbank.Type
		in   questionbank.Interaction
		best *big.Rat
	}
	var parts []made
	cloze := true
	for i, r := range a.shown.responses {
		typ, in, best := a.interaction(r)
		if a.Content.Type == questionbank.Unsupported {
			a.Content.Stem = a.markdown("stem", source)
			return
		}
		inline := typ == questionbank.Short || typ == questionbank.Numeric || a.kind == "multiple_dropdowns" && typ == questionbank.Single
		if inline && typ == questionbank.Single {
			in.Kind = questionbank.InlineKind
		}
		cloze = cloze && inline
		if !inline || in.Prompt != "" { // it stands below the stem
			source = strings.ReplaceAll(source, questionbank.HeldGap(i), "")
		}
		parts = append(parts, made{typ, in, best})
	}
	a.Content.Stem = questionbank.ReleaseGaps(a.markdown("stem", source))
	a.Content.Type = questionbank.Cloze
	if !cloze {
		a.Content.Type = parts[0].typ
	}
	var weights []*big.Rat
	for _, p := range parts {
		a.Content.Interactions = append(a.Content.Interactions, p.in)
		weights = append(weights, p.best)
	}
	a.shares(weights)
}

// shares are the parts' weights in small whole numbers; none where all weigh
// the same but for rounding ("33.33").
func (a *answering) shares(weights []*big.Rat) {
	least := slices.MinFunc(weights, (*big.Rat).Cmp)
	if least.Sign() <= 0 {
		return
	}
	for factor := int64(1); factor <= 12; factor++ {
		shares := make([]int, len(weights))
		fits := true
		for i, w := range weights {
			ratio := new(big.Rat).Quo(w, least)
			f, _ := ratio.Mul(ratio, big.NewRat(factor, 1)).Float64()
			shares[i] = int(f + 0.5)
			fits = fits && shares[i] <= 100 && f-float64(shares[i]) < 0.01*f && float64(shares[i])-f < 0.01*f
		}
		if !fits {
			continue
		}
		for i, n := range shares {
			if n > 1 {
				a.Content.Interactions[i].Share = n
			}
		}
		return
	}
	a.warn("correct", "questionbank.qti12.weights")
}

// interaction is one response, the type that it would be alone, and the most
// points that it gives.
func (a *answering) interaction(r *response) (questionbank.Type, questionbank.Interaction, *big.Rat) {
	in := questionbank.Interaction{ID: r.id, Options: []questionbank.Option{}}
	if r.prompt != "" {
		in.Prompt = a.markdown("stem", r.prompt)
	}
	var typ questionbank.Type
	best := big.NewRat(1, 1)
	switch {
	case r.element == "response_xy" || r.hotspot != nil:
		typ, best = a.areas(r, &in)
	case r.cardinality == "ordered":
		typ = a.order(r, &in)
	case a.kind == "essay" || a.kind == "short_response" || r.fib != nil && !a.keyed(r):
		typ = a.essay(r, &in)
	case a.kind == "fill_in_multiple_blanks" && len(r.labels) > 0:
		typ, best = a.blanks(r, &in)
	case a.numeric(r):
		typ, best = a.numbers(r, &in)
	case r.fib != nil || len(r.labels) == 0:
		typ, best = a.texts(r, &in)
	case r.cardinality == "multiple":
		typ, best = a.several(r, &in)
	default:
		typ, best = a.choice(r, &in)
	}
	return typ, in, best
}

// essay is a text for a marker. A field without a key is one too.
func (a *answering) essay(r *response, in *questionbank.Interaction) questionbank.Type {
	in.Kind, in.Rule = questionbank.EssayKind, scoring.Manual
	if r.fib != nil {
		if rows, err := strconv.Atoi(r.fib.Get("rows")); err == nil && rows > 0 && rows <= 100 {
			in.Lines = rows
		}
	}
	return questionbank.Essay
}

// leaves visits the conditions of the scoring rules that ask something of a
// response, in order; what stands in a "not" asks the contrary.
func (a *answering) leaves(r *response, visit func(rule rule, c *tree.Node)) {
	for _, rule := range a.rules.rules {
		if len(rule.sets) == 0 || rule.when == nil {
			continue
		}
		rule.when.Walk(func(c *tree.Node) bool {
			if c.Name == "not" {
				return false
			}
			if c.Get("respident") == r.id {
				visit(rule, c)
			}
			return true
		})
	}
}

// keyed reports whether any scoring condition asks for a response.
func (a *answering) keyed(r *response) bool {
	found := false
	a.leaves(r, func(rule, *tree.Node) { found = true })
	return found
}
