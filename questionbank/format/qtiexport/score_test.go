package qtiexport

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"cakap/questionbank"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/tree"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// The response processing that we write, run by an interpreter of QTI, gives
// every answer the share of the points that our own key gives it.
func TestProcessingScoresAsTheKey(t *testing.T) {
	for _, c := range scoredItems() {
		for _, d := range []dialect{v21, v30} {
			w := &writer{dialect: d, code: "A1-1", c: c}
			root, err := tree.Parse(w.document(w.item("A1-1")))
			if err != nil {
				t.Fatal(err)
			}
			rp.Normalise(root)
			program, err := rp.Parse(root)
			if err != nil {
				t.Errorf("%s %v: %v", c.Type, d, err)
				continue
			}
			random := rand.New(rand.NewPCG(1, 2))
			for range 300 {
				compare(t, w, program, random)
			}
		}
	}
}

func compare(t *testing.T, w *writer, program *rp.Program, random *rand.Rand) {
	t.Helper()
	given := map[string]rp.Value{}
	answers := make([]scoring.Answer, len(w.c.Interactions))
	for i, in := range w.c.Interactions {
		var values []string
		answers[i], values = anAnswer(in, random)
		given[w.ids[i]] = program.Response(w.ids[i]).Value(values...)
	}
	outcomes, err := program.Run(given)
	if err != nil {
		t.Fatalf("%s: %v", w.c.Type, err)
	}
	score, _ := outcomes["SCORE"].Number()
	most, _ := outcomes["MAXSCORE"].Number()
	if score == nil || most == nil || most.Sign() <= 0 {
		t.Fatalf("%s: SCORE %v of %v", w.c.Type, outcomes["SCORE"], outcomes["MAXSCORE"])
	}
	got, _ := new(big.Rat).Quo(score, most).Float64()
	want := expected(w.c, answers)
	if diff := got - want; diff > 2e-6 || diff < -2e-6 {
		t.Errorf("%s %s, answer %v: %f of the points, want %f", w.c.Type, w.c.Interactions[0].Rule, answers, got, want)
	}
}

// expected is the share of our key; of a judgement that of the author's points,
// whose worst the key moves to nothing.
func expected(c questionbank.Content, answers []scoring.Answer) float64 {
	key := c.Key()
	if in := c.Interactions[0]; in.Rule == scoring.Graded && len(answers) == 1 {
		if len(answers[0].Chosen) == 0 {
			return 0
		}
		return float64(in.Options[answers[0].Chosen[0]].Points) / float64(slices.MaxFunc(in.Options, func(a, b questionbank.Option) int { return int(a.Points - b.Points) }).Points)
	}
	if len(answers) == 1 {
		return float64(key.Mark(answers[0])) / float64(key.Max)
	}
	return float64(key.Mark(scoring.Answer{Parts: answers})) / float64(key.Max)
}

// anAnswer is one that a person might give, as ours and as QTI's values.
func anAnswer(in questionbank.Interaction, random *rand.Rand) (scoring.Answer, []string) {
	var a scoring.Answer
	var values []string
	ids := identifiers(in.Options, "")
	switch in.Kind {
	case questionbank.TextKind:
		a.Text = pick(random, "", "URL", "url", "salah", "Format", "format", "FORMAT", "uniform resource locator")
	case questionbank.NumberKind:
		a.Text = pick(random, "", "8", "8.0", "7.5", "8.5", "8.6", "7", "9", "9.01", "-1", "6.99", "100", "20", "25", "30", "15")
	case questionbank.PairsKind:
		rows, targets := pairIDs(in)
		a.Pairs = make([][]int, len(rows))
		for r := range rows {
			for target := range targets {
				if random.IntN(len(targets)) == 0 && (in.Many || len(a.Pairs[r]) == 0) {
					a.Pairs[r] = append(a.Pairs[r], target)
					values = append(values, rows[r]+" "+targets[target])
				}
			}
		}
	case questionbank.OrderKind:
		a.Chosen = random.Perm(len(ids))
		if random.IntN(3) == 0 {
			slices.Sort(a.Chosen)
		}
	default:
		for i := range ids {
			if random.IntN(2) == 0 && (in.Many || len(a.Chosen) == 0) {
				a.Chosen = append(a.Chosen, i)
			}
		}
	}
	for _, i := range a.Chosen {
		values = append(values, ids[i])
	}
	if a.Text != "" {
		values = []string{a.Text}
	}
	return a, values
}

func pick(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

// scoredItems is the samples that QTI scores, and the rules that they leave out.
func scoredItems() []questionbank.Content {
	var all []questionbank.Content
	for _, c := range questionbanktest.Samples() {
		if c.Scored() && !c.ByHand() {
			all = append(all, c)
		}
	}
	with := func(t questionbank.Type, change func(in *questionbank.Interaction)) {
		c := questionbanktest.Sample(t)
		change(&c.Interactions[0])
		all = append(all, c)
	}
	with(questionbank.Multiple, func(in *questionbank.Interaction) { in.Rule = scoring.AllOrNothing })
	with(questionbank.Multiple, func(in *questionbank.Interaction) {
		in.Rule = scoring.Mapped
		for i, points := range []scoring.Micro{2, -1, 1, -4} {
			in.Options[i].Points = points * scoring.Point
		}
	})
	with(questionbank.Multiple, func(in *questionbank.Interaction) { // thirds
		in.Correct = []string{"A", "B", "C"}
	})
	for _, rule := range []scoring.Rule{scoring.OrderExact, scoring.OrderNext, scoring.OrderPrevNext} {
		with(questionbank.Order, func(in *questionbank.Interaction) {
			in.Rule, in.Correct = rule, []string{"C", "A", "D", "B"}
		})
	}
	with(questionbank.Matrix, func(in *questionbank.Interaction) { // a row that counts nowhere
		in.Correct = []string{"A 2"}
	})
	with(questionbank.Matrix, func(in *questionbank.Interaction) { in.Many, in.Correct = false, []string{"A 2", "B 1"} })
	with(questionbank.Numeric, func(in *questionbank.Interaction) {
		in.Numbers = []questionbank.Number{
			{Low: "7", High: "9", OpenLow: true, Points: scoring.Point}, {Value: "25", Tolerance: "0.2", Relative: true, Points: scoring.Point / 4},
			{Low: "90", High: "100", OpenHigh: true, Points: scoring.Point / 2}, {Any: true, Points: scoring.Point / 10}, {Value: "15", Points: scoring.Point},
		}
	})
	judged := questionbanktest.Sample(questionbank.Cloze) // a judgement as a part
	judged.Interactions[0].Rule, judged.Interactions[0].Correct = scoring.Graded, nil
	for i := range judged.Interactions[0].Options {
		judged.Interactions[0].Options[i].Points = scoring.Micro(i) * scoring.Point
	}
	composite := questionbanktest.Sample(questionbank.Order)
	for _, t := range []questionbank.Type{questionbank.Multiple, questionbank.Match, questionbank.Matrix, questionbank.Short} {
		composite.Interactions = append(composite.Interactions, questionbanktest.Sample(t).Interactions[0])
	}
	composite.Interactions[2].Share = 3
	return append(all, judged, composite)
}
