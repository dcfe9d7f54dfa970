package rp

import (
	"strings"

	"cakap/questionbank/format/tree"
)

// Scores reports whether any rule sets SCORE.
func (p *Program) Scores() bool {
	found := false
	for _, rules := range [][]*tree.Node{p.rules, p.finish} {
		for _, r := range rules {
			r.Walk(func(n *tree.Node) bool {
				found = found || n.Get("identifier") == score && (n.Name == "setOutcomeValue" || n.Name == "lookupOutcomeValue")
				return !found
			})
		}
	}
	return found
}

const score = "SCORE"

// Assume is the program of the same declarations whose score is what they
// suggest: the mapping of each response that has one, else a point for the
// correct response. It is for items that leave scoring to the system that
// shows them.
func (p *Program) Assume() *Program {
	var rules strings.Builder
	for _, d := range p.responses {
		id := escape(d.ID)
		switch {
		case d.Mapping != nil:
			rules.WriteString(`<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><mapResponse identifier="` + id +
				`"/></sum></setOutcomeValue>`)
		case d.areas == nil && !d.Correct.Null():
			rules.WriteString(`<responseCondition><responseIf><match><variable identifier="` + id + `"/><correct identifier="` + id +
				`"/></match><setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>` + one +
				`</sum></setOutcomeValue></responseIf></responseCondition>`)
		}
	}
	out := *p
	out.constants, out.rules, out.finish, out.prepare = map[*tree.Node]Value{}, nil, nil, nil
	root, err := tree.Parse([]byte(`<responseProcessing>` + rules.String() + `</responseProcessing>`))
	if err != nil {
		return &out // an identifier that is no text; nothing is scored then
	}
	out.rules = root.Elements()
	if out.checkRules(out.rules) != nil {
		out.rules = nil
	}
	return &out
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace
