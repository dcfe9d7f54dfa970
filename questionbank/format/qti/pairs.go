package qti

import (
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// match is a table of rows and targets. The rows are the set whose members take
// at most one partner each; where only the second set is such, the sets change
// places.
func (it *item) match(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.PairsKind, scoring.PerPair
	sets := n.All("simpleMatchSet")
	for len(sets) < 2 {
		sets = append(sets, &tree.Node{Name: "simpleMatchSet", Line: n.Line})
	}
	if !onePartner(sets[0], "simpleAssociableChoice") && onePartner(sets[1], "simpleAssociableChoice") {
		sets[0], sets[1], p.swapped = sets[1], sets[0], true
	}
	p.Options, p.ids = it.options(sets[0], "simpleAssociableChoice")
	p.Targets, p.targets = it.options(sets[1], "simpleAssociableChoice")
	p.Many = !onePartner(sets[0], "simpleAssociableChoice")
	p.exclusive = exclusive(sets[1].All("simpleAssociableChoice"))
	p.Shuffle = n.Get("shuffle") == "true"
	return it.block(n, p)
}

// onePartner reports whether every choice of a set takes at most one partner.
func onePartner(set *tree.Node, name string) bool {
	return !slices.ContainsFunc(set.All(name), func(c *tree.Node) bool { return whole(c, "matchMax", 1) != 1 })
}

// exclusive are the places of the choices that take one partner only.
func exclusive(choices []*tree.Node) map[int]bool {
	found := map[int]bool{}
	for i, c := range choices {
		if whole(c, "matchMax", 1) == 1 {
			found[i] = true
		}
	}
	return found
}

// matchOrMatrix tells rows that have a partner each from a table to tick.
func (p *part) matchOrMatrix() questionbank.Type {
	used := map[string]bool{}
	for _, pair := range p.Correct {
		_, target, _ := strings.Cut(pair, " ")
		if p.Many || used[target] {
			return questionbank.Matrix
		}
		used[target] = true
	}
	if p.Many {
		return questionbank.Matrix
	}
	return questionbank.Match
}

// gapMatch is a text with gaps that take words from one list: each gap becomes
// a list to choose from.
func (it *item) gapMatch(n *tree.Node) *tree.Node {
	words, ids := it.words(n)
	n.Children = slices.DeleteFunc(n.Children, func(c *tree.Node) bool { return isWord(c.Name) })
	it.gaps(n, n, words, ids)
	it.walk(n)
	return &tree.Node{Name: "div", Children: promptFirst(n)}
}

func isWord(name string) bool {
	return name == "gapText" || name == "gapImg" || name == "gapChoice"
}

// words reads the labels of a gapMatch or graphicGapMatch.
func (it *item) words(n *tree.Node) (options []questionbank.Option, ids []string) {
	options = []questionbank.Option{}
	for _, c := range n.Elements() {
		if isWord(c.Name) {
			options = append(options, it.option(c))
			ids = append(ids, c.Get("identifier"))
		}
	}
	return options, ids
}

func (it *item) gaps(interaction, n *tree.Node, words []questionbank.Option, ids []string) {
	for i, c := range n.Children {
		if c.Name != "gap" {
			it.gaps(interaction, c, words, ids)
			continue
		}
		p := &part{gap: c.Get("identifier"), ids: ids}
		p.Kind, p.Rule = questionbank.InlineKind, scoring.AllOrNothing
		p.Options = slices.Clone(words)
		p.ID = p.gap
		p.Shuffle = interaction.Get("shuffle") == "true"
		n.Children[i] = it.add(interaction, p)
	}
}
