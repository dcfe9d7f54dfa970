package qti

import (
	"slices"
	"strconv"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// walk replaces what is no HTML in a body: interactions by the marks of their
// gaps, feedback by nothing, formulas by a line of text.
func (it *item) walk(n *tree.Node) {
	for i, c := range n.Children {
		if c.Name == "" {
			continue
		}
		if replacement, done := it.replace(c); done {
			n.Children[i] = replacement
			continue
		}
		it.walk(c)
	}
}

func (it *item) replace(n *tree.Node) (*tree.Node, bool) {
	nothing := &tree.Node{}
	switch n.Name {
	case "feedbackBlock", "feedbackInline":
		it.walk(n)
		it.feedback(n)
		return nothing, true
	case "rubricBlock":
		if view := strings.Fields(n.Get("view")); len(view) == 0 || slices.Contains(view, "candidate") {
			n.Name = "div"
			return n, false
		}
		if text := it.markdown(n, n.Inner()); text != "" {
			it.notes = append(it.notes, text)
		}
		return nothing, true
	case "printedVariable", "include":
		it.warn(n, "questionbank.qti.lost", n.Name+" "+n.Get("identifier")+n.Get("href"))
		return nothing, true
	case "stylesheet", "catalogInfo", "companionMaterialsInfo":
		return nothing, true
	case "math":
		it.warn(n, "questionbank.qti.math")
		return &tree.Node{Text: mathText(n)}, true
	case "contentBody", "templateBlock", "infoControl":
		n.Name = "div"
	case "positionObjectStage":
		if found := n.Descendants("positionObjectInteraction"); len(found) > 0 {
			return it.interaction(found[0]), true
		}
	}
	if strings.HasSuffix(n.Name, "Interaction") {
		return it.interaction(n), true
	}
	return nil, false
}

// interaction reads an interaction and returns what stands in its place: the
// mark of its gap, or its prompt.
func (it *item) interaction(n *tree.Node) *tree.Node {
	if n.Name == "endAttemptInteraction" && len(it.root.Descendants("endAttemptInteraction")) < countInteractions(it.root) {
		it.warn(n, "questionbank.qti.lost", n.Name) // a button beside the question
		return &tree.Node{}
	}
	it.asked = append(it.asked, n)
	if place, ok := it.build(n); ok {
		return place
	}
	it.unsupported = append(it.unsupported, n)
	prompt := n.Find("prompt")
	if prompt == nil {
		return &tree.Node{}
	}
	it.walk(prompt)
	prompt.Name = "div"
	return prompt
}

func countInteractions(root *tree.Node) int {
	count := 0
	root.Walk(func(n *tree.Node) bool {
		if strings.HasSuffix(n.Name, "Interaction") {
			count++
			return false
		}
		return true
	})
	return count
}

// build makes parts of the interactions that Cakap can ask.
func (it *item) build(n *tree.Node) (*tree.Node, bool) {
	switch n.Name {
	case "choiceInteraction":
		return it.choice(n), true
	case "orderInteraction":
		return it.order(n), true
	case "inlineChoiceInteraction":
		return it.inlineChoice(n), true
	case "textEntryInteraction":
		return it.textEntry(n), true
	case "extendedTextInteraction":
		return it.extendedText(n), true
	case "hottextInteraction":
		return it.hottext(n), true
	case "matchInteraction":
		return it.match(n), true
	case "gapMatchInteraction":
		return it.gapMatch(n), true
	case "hotspotInteraction":
		return it.hotspot(n), true
	case "graphicOrderInteraction":
		return it.graphicOrder(n), true
	case "graphicGapMatchInteraction":
		return it.graphicGapMatch(n), true
	}
	return nil, false
}

// add appends a part; its place is the mark that is returned.
func (it *item) add(n *tree.Node, p *part) *tree.Node {
	p.node = n
	p.response = n.Get("responseIdentifier")
	if p.Options == nil {
		p.Options = []questionbank.Option{}
	}
	for i := range p.Options {
		p.Options[i].ID = questionbank.OptionID(i)
	}
	for i := range p.Targets {
		p.Targets[i].ID = questionbank.TargetID(i)
	}
	if p.ID == "" && p.response != "RESPONSE" {
		p.ID = p.response
	}
	it.parts = append(it.parts, p)
	return &tree.Node{Text: questionbank.HeldGap(len(it.parts) - 1)}
}

// block appends a part that stands below its prompt.
func (it *item) block(n *tree.Node, p *part) *tree.Node {
	it.add(n, p)
	prompt := n.Find("prompt")
	if prompt == nil {
		return &tree.Node{}
	}
	it.walk(prompt)
	prompt.Name = "div"
	p.prompt = prompt
	return prompt
}

// option reads an alternative; feedback within it is its reason.
func (it *item) option(n *tree.Node) questionbank.Option {
	mine := len(it.feedbacks)
	it.walk(n)
	var reasons []string
	for _, f := range it.feedbacks[mine:] {
		reasons = append(reasons, f.text)
	}
	it.feedbacks = it.feedbacks[:mine]
	t := rich.FromHTML(n.Inner(), it.medium)
	it.take(n, t)
	o := rich.Option(t)
	o.Reason = strings.Join(reasons, "\n\n")
	o.Ref = n.Get("identifier")
	o.Fixed = n.Get("fixed") == "true"
	return o
}

// options reads the alternatives of one name, and their identifiers.
func (it *item) options(n *tree.Node, name string) ([]questionbank.Option, []string) {
	options, ids := []questionbank.Option{}, []string{}
	for _, c := range n.All(name) {
		options = append(options, it.option(c))
		ids = append(ids, c.Get("identifier"))
	}
	return options, ids
}

func whole(n *tree.Node, attr string, otherwise int) int {
	x, err := strconv.Atoi(strings.TrimSpace(n.Get(attr)))
	if err != nil || x < 0 {
		return otherwise
	}
	return x
}

// many reports whether several may be chosen: what the interaction allows,
// unless its variable holds only one.
func (it *item) many(n *tree.Node) bool {
	if d := it.program.Response(n.Get("responseIdentifier")); d != nil && d.Card == "single" {
		return false
	}
	return whole(n, "maxChoices", 1) != 1
}

func (p *part) limits(n *tree.Node) {
	if p.Many {
		p.Min, p.Max = whole(n, "minChoices", 0), whole(n, "maxChoices", 0)
	}
}

func (it *item) choice(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule, p.Many = questionbank.ChoiceKind, scoring.AllOrNothing, it.many(n)
	p.Options, p.ids = it.options(n, "simpleChoice")
	p.Shuffle = n.Get("shuffle") == "true"
	p.limits(n)
	if p.Max >= len(p.Options) {
		p.Max = 0
	}
	if !p.Many {
		p.asTruth()
	}
	return it.block(n, p)
}

// truths are the ways to say true and false, the true one first.
var truths = [][2]string{{"benar", "salah"}, {"true", "false"}, {"betul", "salah"}}

// asTruth writes two options that say true and false as ours, the true one
// first.
func (p *part) asTruth() {
	if len(p.Options) != 2 || p.Options[0].Rich || p.Options[1].Rich {
		return
	}
	for _, pair := range truths {
		first, second := strings.ToLower(p.Options[0].Text), strings.ToLower(p.Options[1].Text)
		if first == pair[1] && second == pair[0] {
			slices.Reverse(p.Options)
			slices.Reverse(p.ids)
			first, second = second, first
		}
		if first == pair[0] && second == pair[1] {
			p.Options[0].Text, p.Options[1].Text, p.Shuffle = questionbank.TrueText, questionbank.FalseText, false
			return
		}
	}
}

func (p *part) truth() bool {
	return len(p.Options) == 2 && p.Options[0].Text == questionbank.TrueText && p.Options[1].Text == questionbank.FalseText
}

func (it *item) order(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.OrderKind, scoring.OrderExact
	p.Options, p.ids = it.options(n, "simpleChoice")
	p.Shuffle = n.Get("shuffle") == "true"
	return it.block(n, p)
}

func (it *item) inlineChoice(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.InlineKind, scoring.AllOrNothing
	p.Options, p.ids = it.options(n, "inlineChoice")
	p.Shuffle = n.Get("shuffle") == "true"
	return it.add(n, p)
}

// textEntry is a number where its variable is one.
func (it *item) textEntry(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.TextKind, scoring.TextList
	d := it.program.Response(n.Get("responseIdentifier"))
	if d != nil && (d.Base == "integer" || d.Base == "float") {
		p.Kind, p.Rule = questionbank.NumberKind, scoring.NumberList
	}
	p.Lines = whole(n, "expectedLength", 0)
	return it.add(n, p)
}

func (it *item) extendedText(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule = questionbank.EssayKind, scoring.Manual
	const perLine = 80
	if p.Lines = whole(n, "expectedLines", 0); p.Lines == 0 {
		p.Lines = (whole(n, "expectedLength", 0) + perLine - 1) / perLine
	}
	p.Lines = min(p.Lines, 100)
	return it.block(n, p)
}

// hottext is a text some of whose words can be chosen: the words stand in bold
// in the text and again as the alternatives below it.
func (it *item) hottext(n *tree.Node) *tree.Node {
	p := &part{}
	p.Kind, p.Rule, p.Many = questionbank.InlineKind, scoring.AllOrNothing, it.many(n)
	p.limits(n)
	for _, word := range n.Descendants("hottext") {
		p.ids = append(p.ids, word.Get("identifier"))
		p.Options = append(p.Options, it.option(word))
		word.Name = "b"
	}
	it.walk(n)
	it.add(n, p)
	return &tree.Node{Name: "div", Children: promptFirst(n)}
}

// promptFirst is what stands in an interaction of running text.
func promptFirst(n *tree.Node) []*tree.Node {
	for _, c := range n.Children {
		if c.Name == "prompt" {
			c.Name = "div"
		}
	}
	return n.Children
}
