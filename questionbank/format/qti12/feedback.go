package qti12

import (
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
)

// feedback is what an item says after the answer, by its identifier.
type feedback struct {
	html  map[string]string
	hints []string
	order []string
	used  map[string]bool
}

func newFeedback(item *tree.Node) *feedback {
	f := &feedback{html: map[string]string{}, used: map[string]bool{}}
	for _, n := range item.All("itemfeedback") {
		id := n.Get("ident")
		var text strings.Builder
		n.Walk(func(k *tree.Node) bool {
			switch k.Name {
			case "material":
				text.WriteString("<div>" + markupOf(k) + "</div>")
				return false
			case "hint":
				var hint strings.Builder
				for _, m := range k.Descendants("material") {
					hint.WriteString(markupOf(m))
				}
				f.hints = append(f.hints, hint.String())
				return false
			}
			return true
		})
		if _, twice := f.html[id]; !twice {
			f.order = append(f.order, id)
		}
		f.html[id] += text.String()
	}
	return f
}

// What the feedback for every, every right and every wrong answer is called.
var (
	forAll   = []string{"general_fb", "solution", "general"}
	forRight = []string{"correct_fb", "correct", "general_correct_fb"}
	forWrong = []string{"general_incorrect_fb", "incorrect_fb", "incorrect"}
)

func named(id string, names []string) bool { return slices.Contains(names, strings.ToLower(id)) }

// own is a feedback that belongs to one answer; "" of those that belong to many.
func (f *feedback) own(id string) string {
	if named(id, forAll) || named(id, forRight) || named(id, forWrong) {
		return ""
	}
	f.used[id] = true
	return f.html[id]
}

// of is the feedback that an answer shows: by name, or by the condition that
// asks for just this answer.
func (f *feedback) of(p *processing, r *response, value string) string {
	if value == "" {
		return ""
	}
	for _, id := range []string{value + "_fb", value} {
		if _, there := f.html[id]; there {
			return f.own(id)
		}
	}
	for _, rule := range p.rules {
		if rule.when == nil {
			continue
		}
		asked := rule.when.kids
		if len(asked) != 1 || asked[0].Name != "varequal" || asked[0].id != r.id || asked[0].want != value {
			continue
		}
		for _, id := range rule.feedback {
			if text := f.own(id); text != "" {
				return text
			}
		}
	}
	return ""
}

// rest files what belongs to no single answer, and reports what is left over.
func (f *feedback) rest(q *question) {
	var said questionbank.Feedback
	for _, id := range f.order {
		switch {
		case named(id, forAll):
			q.Content.Rationale = joined(q.Content.Rationale, q.markdown("rationale", f.html[id]))
		case named(id, forRight):
			said.Correct = joined(said.Correct, q.markdown("rationale", f.html[id]))
		case named(id, forWrong):
			said.Wrong = joined(said.Wrong, q.markdown("rationale", f.html[id]))
		case !f.used[id] && q.markdown("rationale", f.html[id]) != "":
			q.warn("rationale", "questionbank.qti12.feedback", id)
		}
	}
	for _, h := range f.hints {
		if text := q.markdown("rationale", h); text != "" {
			said.Hints = append(said.Hints, text)
		}
	}
	if said.Correct != "" || said.Wrong != "" || len(said.Hints) > 0 {
		q.Content.Feedback = &said
	}
}
