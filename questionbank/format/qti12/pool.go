package qti12

import (
	"html"
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// readPool reads Blackboard's classic pools: a QUESTION_… element each.
func (r *reader) readPool(root *tree.Node) {
	title := root.Find("TITLE").Get("value")
	for _, n := range root.Elements() {
		kind, ok := strings.CutPrefix(n.Name, "QUESTION_")
		if !ok {
			continue
		}
		q := r.question(n.Line, questionbank.Single, n.Outer())
		q.Content.Category = join("", title)
		q.Content.Stem = q.markdown("stem", poolText(n.Find("BODY")))
		p := poolItem{question: q, node: n}
		p.read(kind)
		q.finish()
	}
}

type poolItem struct {
	*question
	node *tree.Node
}

// poolText is a TEXT with its flags; Blackboard's texts are HTML unless they
// say otherwise.
func poolText(n *tree.Node) string {
	if n == nil {
		return ""
	}
	content := n.Find("TEXT").Content()
	if n.Find("TEXT") == nil {
		content = n.Content()
	}
	if flag := n.Find("FLAGS", "ISHTML"); flag != nil && flag.Get("value") == "false" {
		return strings.ReplaceAll(html.EscapeString(content), "\n", "<br>")
	}
	return content
}

func (p poolItem) read(kind string) {
	grade := p.node.Find("GRADABLE")
	said := questionbank.Feedback{
		Correct: p.markdown("rationale", poolText(grade.Find("FEEDBACK_WHEN_CORRECT"))),
		Wrong:   p.markdown("rationale", poolText(grade.Find("FEEDBACK_WHEN_INCORRECT"))),
	}
	if said.Correct != "" || said.Wrong != "" {
		p.Content.Feedback = &said
	}
	var right []string
	for _, c := range grade.All("CORRECTANSWER") {
		right = append(right, c.Get("answer_id"))
	}
	options := p.options("ANSWER")
	var correct []int
	for i, o := range options {
		if slices.Contains(right, o.Ref) {
			correct = append(correct, i)
		}
	}
	c := &p.Content
	switch kind {
	case "TRUEFALSE":
		p.truth(options, correct)
	case "MULTIPLECHOICE":
		p.choice(questionbank.Single, options, correct)
	case "MULTIPLEANSWER":
		p.choice(questionbank.Multiple, options, correct)
		c.Interactions[0].Rule = scoring.AllOrNothing
	case "ORDER":
		p.order(options, right)
	case "MATCH":
		p.match(options, grade)
	case "FILLINBLANK":
		p.blank(options)
	case "ESSAY":
		c.Type = questionbank.Essay
		c.Interactions = []questionbank.Interaction{{Kind: questionbank.EssayKind, Rule: scoring.Manual, Options: []questionbank.Option{}}}
		for _, o := range options { // the model answer
			c.Rationale = joined(c.Rationale, optionText(o))
		}
	default:
		p.unsupported("QUESTION_" + kind)
	}
}

func optionText(o questionbank.Option) string {
	if o.Rich {
		return o.Text
	}
	return questionbank.Markdown(o.Text)
}

func (p poolItem) options(name string) []questionbank.Option {
	var out []questionbank.Option
	for i, n := range p.node.All(name) {
		o := p.option("options", poolText(n))
		o.Ref, o.ID = n.Get("id"), questionbank.OptionID(i)
		if name == "CHOICE" {
			o.ID = questionbank.TargetID(i)
		}
		out = append(out, o)
	}
	return out
}

func (p poolItem) choice(typ questionbank.Type, options []questionbank.Option, correct []int) {
	p.Content.Type = typ
	p.Content.Interactions = []questionbank.Interaction{questionbank.NewChoice(typ, options, correct)}
	if len(correct) == 0 {
		p.reject("correct", "questionbank.key_empty")
	}
}

func (p poolItem) truth(options []questionbank.Option, correct []int) {
	if len(options) != 2 {
		p.choice(questionbank.Single, options, correct)
		return
	}
	if strings.EqualFold(options[0].Text, "false") {
		slices.Reverse(options)
		for i := range correct {
			correct[i] = 1 - correct[i]
		}
	}
	options[0].Text, options[1].Text = questionbank.TrueText, questionbank.FalseText
	p.choice(questionbank.TrueFalse, options, correct)
}

func (p poolItem) order(options []questionbank.Option, right []string) {
	in := questionbank.Interaction{Kind: questionbank.OrderKind, Rule: scoring.OrderExact, Shuffle: true, Options: options}
	for _, ref := range right {
		if i := slices.IndexFunc(options, func(o questionbank.Option) bool { return o.Ref == ref }); i >= 0 {
			in.Correct = append(in.Correct, options[i].ID)
		}
	}
	p.Content.Type, p.Content.Interactions = questionbank.Order, []questionbank.Interaction{in}
}

func (p poolItem) match(rows []questionbank.Option, grade *tree.Node) {
	in := questionbank.Interaction{Kind: questionbank.PairsKind, Rule: scoring.PerPair, Shuffle: true, Options: rows, Targets: p.options("CHOICE")}
	place := func(options []questionbank.Option, ref string) int {
		return slices.IndexFunc(options, func(o questionbank.Option) bool { return o.Ref == ref })
	}
	for _, c := range grade.All("CORRECTANSWER") {
		row, target := place(rows, c.Get("answer_id")), place(in.Targets, c.Get("choice_id"))
		if row >= 0 && target >= 0 {
			in.Correct = append(in.Correct, in.Options[row].ID+" "+in.Targets[target].ID)
		}
	}
	p.Content.Type, p.Content.Interactions = questionbank.Match, []questionbank.Interaction{in}
	if len(in.Correct) == 0 {
		p.reject("correct", "questionbank.key_empty")
	}
}

func (p poolItem) blank(options []questionbank.Option) {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	for _, o := range options {
		if text := questionbank.Plain(optionText(o)); text != "" {
			in.Texts = append(in.Texts, questionbank.TextAnswer{Text: text, Points: scoring.Point})
		}
	}
	p.Content.Type, p.Content.Interactions = questionbank.Short, []questionbank.Interaction{in}
	if len(in.Texts) == 0 {
		p.reject("answers", "questionbank.key_empty")
	}
}
