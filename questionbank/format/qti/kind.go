package qti

import (
	"encoding/json"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// refuse names what makes the item one that Cakap cannot ask.
func (it *item) refuse() {
	if it.root.Get("adaptive") == "true" {
		it.reject(it.root, "type", "questionbank.qti.adaptive")
	}
	if it.program.Templated {
		it.reject(it.root, "type", "questionbank.qti.templated")
	}
	for _, n := range it.unsupported {
		it.reject(n, "type", "questionbank.qti.unsupported", n.Name)
	}
}

// gapElements are the interactions that stand in a line of text.
var gapElements = []string{"textEntryInteraction", "inlineChoiceInteraction", "gapMatchInteraction", "hottextInteraction"}

// typeName is the type of the whole: of its only interaction, cloze where there
// are several and all are gaps, else that of the first.
func (it *item) typeName() string {
	c := &it.out.Content
	switch {
	case len(it.asked) == 0:
		c.Type = questionbank.Info
		return string(c.Type)
	case len(it.asked) > 1 && it.gapsOnly():
		c.Type = questionbank.Cloze
		return string(c.Type)
	case slices.Contains(it.unsupported, it.asked[0]):
		if len(it.parts) > 0 {
			c.Type = it.parts[0].typeOf(len(it.parts) == 1)
		}
		return questionbank.Unsupported
	}
	if len(it.parts) > 0 {
		c.Type = it.parts[0].typeOf(len(it.parts) == 1)
	}
	return string(c.Type)
}

// gapsOnly reports a text with gaps of several kinds. Several fields and nothing
// else are a short answer in several parts, as the corpus counts them.
func (it *item) gapsOnly() bool {
	other := func(n *tree.Node) bool { return !slices.Contains(gapElements, n.Name) }
	field := func(n *tree.Node) bool { return n.Name == "textEntryInteraction" }
	return !slices.ContainsFunc(it.asked, other) && !(field(it.asked[0]) && !slices.ContainsFunc(it.asked, func(n *tree.Node) bool { return !field(n) }))
}

// typeOf is the type of an item whose first interaction this is.
func (p *part) typeOf(alone bool) questionbank.Type {
	switch p.node.Name {
	case "textEntryInteraction":
		if p.Kind == questionbank.NumberKind {
			return questionbank.Numeric
		}
		return questionbank.Short
	case "extendedTextInteraction":
		return questionbank.Essay
	case "orderInteraction", "graphicOrderInteraction":
		return questionbank.Order
	case "hotspotInteraction", "graphicGapMatchInteraction":
		return questionbank.Hotspot
	case "matchInteraction":
		return p.matchOrMatrix()
	case "choiceInteraction":
		switch {
		case p.Rule == scoring.Graded && alone:
			return questionbank.SJT
		case p.Many:
			return questionbank.Multiple
		case alone && p.truth():
			return questionbank.TrueFalse
		}
		return questionbank.Single
	}
	return questionbank.Cloze
}

// guide makes the rubric of an essay of what the file tells its scorers, for
// all of the points.
func (it *item) guide() bool {
	if len(it.parts) != 1 || it.parts[0].Kind != questionbank.EssayKind {
		return false
	}
	const percent = 100
	points := percent
	if d := it.program.Outcome("SCORE"); d != nil && d.NormalMaximum() != nil {
		if most := d.NormalMaximum(); most.IsInt() && most.Num().IsInt64() && most.Num().Int64() > 0 && most.Num().Int64() <= percent {
			points = int(most.Num().Int64())
		}
	}
	it.out.Content.Rubric = []questionbank.Criterion{{Name: "Pedoman penilaian", Guide: strings.Join(it.notes, "\n\n"), Points: points}}
	return true
}

// shortened is texts as a message can hold them.
func shortened(texts []string) string {
	const most = 200
	all := []rune(strings.Join(strings.Fields(strings.Join(texts, " / ")), " "))
	if len(all) > most {
		return string(all[:most-1]) + "…"
	}
	return string(all)
}

// keep notes down what has no place in the canonical item, for authors and for
// export to QTI.
func (it *item) keep() {
	c := &it.out.Content
	c.Interactions = []questionbank.Interaction{}
	for _, p := range it.parts {
		c.Interactions = append(c.Interactions, p.Interaction)
	}
	ext := map[string]any{}
	if id := it.root.Get("identifier"); id != "" {
		ext["identifier"] = id
	}
	if len(it.notes) > 0 && !it.guide() {
		ext["rubric"] = it.notes
		it.warn(it.root, "questionbank.qti.rubric_kept", shortened(it.notes))
	}
	if left := it.unplaced(); len(left) > 0 {
		ext["feedback"] = left
		it.warn(it.root, "questionbank.qti.feedback_kept", shortened(left))
	}
	if len(ext) == 0 {
		return
	}
	if data, err := json.Marshal(ext); err == nil {
		c.Ext = map[string]json.RawMessage{"qti": data}
	}
}
