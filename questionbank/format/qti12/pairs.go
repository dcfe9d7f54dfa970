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

// matches reports whether the responses are the rows of a matching question:
// they say so, or all offer the same list.
func (a *answering) matches() bool {
	responses := a.shown.responses
	if a.kind == "matching" {
		return true
	}
	if len(responses) < 2 || a.kind == "multiple_dropdowns" || a.kind == "fill_in_multiple_blanks" {
		return false
	}
	for _, r := range responses {
		if r.cardinality != "single" || len(r.labels) < 2 || r.prompt == "" || !slices.EqualFunc(r.labels, responses[0].labels, func(x, y label) bool { return x.html == y.html }) {
			return false
		}
	}
	return true
}

// matching makes rows of the responses and targets of their labels.
func (a *answering) matching() {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true}
	places := a.targets(&in)
	var weights []*big.Rat
	for i, r := range a.shown.responses {
		field := "options"
		if i < questionbank.MaxRows {
			field = questionbank.OptionField("option", i)
		}
		o := a.option(field, r.prompt)
		o.Ref, o.ID = r.id, questionbank.OptionID(i)
		o.Reason = a.markdown(field, a.feedback.of(a.rules, r, strings.TrimPrefix(r.id, "response_")))
		in.Options = append(in.Options, o)
		for j, l := range r.labels {
			if points := a.given(r, l.id); points.Sign() > 0 {
				in.Correct = append(in.Correct, questionbank.OptionID(i)+" "+questionbank.TargetID(places(j, l)))
				weights = append(weights, points)
			}
		}
	}
	a.Content.Type, a.Content.Interactions = questionbank.Match, []questionbank.Interaction{in}
	if len(weights) == 0 {
		a.reject("correct", "questionbank.key_empty")
		return
	}
	least, most := slices.MinFunc(weights, (*big.Rat).Cmp), slices.MaxFunc(weights, (*big.Rat).Cmp)
	if new(big.Rat).Quo(least, most).Cmp(big.NewRat(99, 100)) < 0 {
		a.warn("correct", "questionbank.qti12.weights")
	}
}

// targets lists what can be chosen, and tells the place of a row's label in it:
// by Blackboard's right column, by the labels' identifiers, else by their text.
func (a *answering) targets(in *questionbank.Interaction) func(j int, l label) int {
	if len(a.shown.rights) > 0 {
		for _, source := range a.shown.rights {
			in.Targets = append(in.Targets, a.option("options", source))
		}
		return func(j int, _ label) int { return j }
	}
	place, same := map[string]int{}, a.sameIDs()
	key := func(l label) string { return l.id + "\x00" + l.html }
	if !same {
		key = func(l label) string { return l.html }
	}
	for _, r := range a.shown.responses {
		for _, l := range r.labels {
			if _, known := place[key(l)]; known {
				continue
			}
			place[key(l)] = len(in.Targets)
			o := a.option("options", l.html)
			if same {
				o.Ref = l.id
			}
			in.Targets = append(in.Targets, o)
		}
	}
	return func(_ int, l label) int { return place[key(l)] }
}

// sameIDs reports whether an identifier means the same text in every row.
func (a *answering) sameIDs() bool {
	text := map[string]string{}
	for _, r := range a.shown.responses {
		for _, l := range r.labels {
			if t, known := text[l.id]; known && t != l.html {
				return false
			}
			text[l.id] = l.html
		}
	}
	return len(a.shown.responses) > 0 && len(text) == len(a.shown.responses[0].labels)
}

// order takes the sequence that a condition asks for, where no other earns
// anything.
func (a *answering) order(r *response, in *questionbank.Interaction) questionbank.Type {
	in.Kind, in.Rule, in.Shuffle = questionbank.OrderKind, scoring.OrderExact, true
	in.Options = a.options(r)
	id := map[string]string{}
	for i := range in.Options {
		in.Options[i].ID = questionbank.OptionID(i)
		id[in.Options[i].Ref] = in.Options[i].ID
	}
	var right []string
	for _, rule := range a.rules.rules {
		if len(rule.sets) == 0 || rule.when == nil {
			continue
		}
		if s := sequenceOf(rule.when.Node, r.id); len(s) == len(in.Options) && a.given(r, s...).Sign() > 0 {
			right = s
			break
		}
	}
	if len(right) < 2 {
		a.reject("correct", "questionbank.key_empty")
		return questionbank.Order
	}
	for _, ref := range right {
		in.Correct = append(in.Correct, id[ref])
	}
	swapped := slices.Clone(right)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	if a.given(r, swapped...).Sign() > 0 || len(right) > 2 && a.given(r, right[:len(right)-1]...).Sign() > 0 {
		a.reject("correct", "questionbank.qti12.scoring_unmapped")
	}
	return questionbank.Order
}

// sequenceOf is the values that a condition asks of a response, one after the
// other, or by their index.
func sequenceOf(when *tree.Node, id string) []string {
	var found []*tree.Node
	for _, c := range when.Descendants("varequal") {
		if c.Get("respident") == id {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(x, y *tree.Node) int { return index(x) - index(y) })
	var out []string
	for _, c := range found {
		out = append(out, strings.TrimSpace(c.Content()))
	}
	return out
}

func index(c *tree.Node) int {
	n, err := strconv.Atoi(c.Get("index"))
	if err != nil || n < 0 || n > 1000 {
		return 0
	}
	return n
}

// areas are parts of a picture. The classic specification names each; Canvas'
// single area leaves nothing to choose between, and its place is a share of a
// picture that is measured nowhere.
func (a *answering) areas(r *response, in *questionbank.Interaction) (questionbank.Type, *big.Rat) {
	best := big.NewRat(1, 1)
	for _, img := range r.hotspot.Descendants("matimage") {
		if name := a.medium("image", source(img)); name != "" && in.Image == "" {
			in.Image = name
			a.describe(name, img.Get("label"))
		}
	}
	if len(r.labels) < 2 {
		a.unsupported(r.element)
		return questionbank.Unsupported, best
	}
	in.Kind, in.Rule = questionbank.HotspotKind, scoring.AllOrNothing
	for i, l := range r.labels {
		id := questionbank.OptionID(i)
		o := questionbank.Option{ID: id, Ref: l.id, Text: questionbank.Plain(a.markdown("options", l.html)), Shape: shape(l.node)}
		if o.Shape == nil {
			a.reject("options", "questionbank.area_unreadable", id)
		}
		in.Options = append(in.Options, o)
		if a.given(r, l.id).Sign() > 0 {
			in.Correct = append(in.Correct, id)
		}
	}
	if len(in.Correct) == 0 {
		a.reject("correct", "questionbank.key_empty")
	}
	return questionbank.Hotspot, best
}

// shape reads "rarea" and the numbers in the label's text: of a rectangle and
// an ellipse x, y, width and height.
func shape(n *tree.Node) *questionbank.Shape {
	var c []int
	for _, k := range n.Children {
		if k.Name != "" {
			continue
		}
		for word := range strings.FieldsFuncSeq(k.Text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' }) {
			x, err := strconv.Atoi(word)
			if err != nil || x < -10_000 || x > 100_000 {
				return nil
			}
			c = append(c, x)
		}
	}
	switch area := strings.ToLower(n.Get("rarea")); {
	case area == "rectangle" && len(c) == 4:
		return &questionbank.Shape{Form: "rect", Coords: []int{c[0], c[1], c[0] + c[2], c[1] + c[3]}}
	case (area == "ellipse" || area == "") && len(c) == 4:
		return &questionbank.Shape{Form: "ellipse", Coords: []int{c[0], c[1], c[2] / 2, c[3] / 2}}
	case area == "bounded" && len(c) >= 6 && len(c)%2 == 0:
		return &questionbank.Shape{Form: "poly", Coords: c}
	}
	return nil
}
