package qtiexport

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// Namespaces and templates, by dialect.
var (
	itemSpace  = [...]string{"http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
	itemSchema = [...]string{
		"http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
		"http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
	}
	templates = [...]string{"http://www.imsglobal.org/question/qti_v2p1/rptemplates/", "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"}
	templated = [...]string{"", ".xml"} // how a template's file is called
)

// writer builds one item.
type writer struct {
	dialect
	code   string
	c      questionbank.Content
	paths  map[string]string // media by name: their files in the package
	losses []*fault.Fault
	ids    []string // response identifiers, one a part
}

func (w *writer) lose(key string, args ...any) {
	f := fault.New(fault.Unsupported, key, args...).Place(w.code)
	if !slices.ContainsFunc(w.losses, func(g *fault.Fault) bool { return g.Error() == f.Error() }) {
		w.losses = append(w.losses, f)
	}
}

// item is the whole item.
func (w *writer) item(identifier string) *node {
	c := w.c
	w.ids = responseIDs(c.Interactions)
	root := el("assessmentItem").with(
		"xmlns", itemSpace[w.dialect], "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance", "xsi:schemaLocation", itemSchema[w.dialect],
		"identifier", identifier, "title", w.title(), "xml:lang", cmp.Or(c.Lang, "id"), "adaptive", "false", "timeDependent", "false",
		"toolName", "Cakap", "toolVersion", "1")
	s := w.score()
	root.add(s.responses...)
	root.add(s.outcomes...)
	rationale := w.rationale(root)
	root.add(w.body())
	if s.processing != nil {
		root.add(s.processing)
	}
	root.add(rationale...)
	w.unseen()
	return root
}

// title is what lists call the item; QTI wants one.
func (w *writer) title() string {
	const most = 80
	title := cmp.Or(w.c.Title, questionbank.Plain(w.c.Stem), w.code)
	if runes := []rune(title); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return title
}

// rationale is feedback that is shown whatever was answered: its outcome has
// that value from the beginning.
func (w *writer) rationale(root *node) []*node {
	content := w.block(w.c.Rationale, nil)
	if len(content) == 0 {
		return nil
	}
	root.add(el("outcomeDeclaration", el("defaultValue", el("value", text("RATIONALE")))).
		with("identifier", "FEEDBACK", "cardinality", "single", "baseType", "identifier"))
	feedback := el("modalFeedback").with("outcomeIdentifier", "FEEDBACK", "identifier", "RATIONALE", "showHide", "show")
	return []*node{feedback.add(w.content(content)...)}
}

// content is what 3.0 puts around the blocks of feedback and rubrics.
func (w *writer) content(nodes []*node) []*node {
	if w.dialect == v30 {
		return []*node{el("contentBody", nodes...)}
	}
	return nodes
}

// body is stimulus, stem and interactions. A stem of one line above a single
// interaction is its prompt.
func (w *writer) body() *node {
	c := w.c
	body := el("itemBody")
	if c.Stimulus != "" {
		body.add(html("div", w.block(c.Stimulus, nil)...).with("class", "stimulus"))
	}
	body.add(w.rubric()...)
	if len(c.Interactions) == 1 && !inline(c.Interactions[0]) {
		stem := w.markup(c.Stem, nil)
		if !hasBlock(stem) {
			return body.add(w.interaction(0, stem))
		}
		return body.add(stem...).add(w.interaction(0, nil))
	}
	placed := map[int]bool{}
	body.add(w.block(c.Stem, func(i int) *node {
		if i >= len(c.Interactions) || placed[i] || !inline(c.Interactions[i]) {
			return nil // a gap that only a drop-down list or a field can fill
		}
		placed[i] = true
		return w.interaction(i, nil)
	})...)
	for i, in := range c.Interactions {
		if !placed[i] {
			body.add(w.part(i, in)...)
		}
	}
	return body
}

// part is an interaction below the stem, with its prompt.
func (w *writer) part(i int, in questionbank.Interaction) []*node {
	prompt := w.markup(in.Prompt, nil)
	if inline(in) {
		if hasBlock(prompt) {
			return append(prompt, html("p", w.interaction(i, nil)))
		}
		if len(prompt) > 0 {
			prompt = append(prompt, text(" "))
		}
		return []*node{html("p", append(prompt, w.interaction(i, nil))...)}
	}
	if hasBlock(prompt) {
		return append(prompt, w.interaction(i, nil))
	}
	return []*node{w.interaction(i, prompt)}
}

// inline reports whether the interaction stands inside a line of text.
func inline(in questionbank.Interaction) bool {
	return in.Kind == questionbank.InlineKind || in.Kind == questionbank.TextKind || in.Kind == questionbank.NumberKind
}

// rubric is an essay's criteria, for its markers only.
func (w *writer) rubric() []*node {
	if len(w.c.Rubric) == 0 {
		return nil
	}
	list := html("ul")
	for _, r := range w.c.Rubric {
		line := r.Name + " (" + strconv.Itoa(r.Points) + ")"
		if r.Guide != "" {
			line += ": " + questionbank.Plain(r.Guide)
		}
		list.add(html("li", text(line)))
	}
	block := el("rubricBlock").with("view", "scorer")
	if w.dialect == v30 {
		block.with("use", "scoring")
	}
	return []*node{block.add(w.content([]*node{list})...)}
}

// unseen reports what only Cakap reads back.
func (w *writer) unseen() {
	reasons := w.c.Feedback != nil
	for _, in := range w.c.Interactions {
		reasoned := func(o questionbank.Option) bool { return o.Reason != "" }
		reasons = reasons || slices.ContainsFunc(in.Options, reasoned) || slices.ContainsFunc(in.Targets, reasoned) ||
			slices.ContainsFunc(in.Texts, func(t questionbank.TextAnswer) bool { return t.Reason != "" }) ||
			slices.ContainsFunc(in.Numbers, func(n questionbank.Number) bool { return n.Reason != "" })
	}
	if reasons {
		w.lose("questionbank.qtiexport.reasons")
	}
	if w.c.Worth != 0 && w.c.Worth != scoring.Point {
		w.lose("questionbank.qtiexport.worth")
	}
}

var identifierPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,63}$`)

// responseIDs names the response variables. The templates know only RESPONSE.
func responseIDs(parts []questionbank.Interaction) []string {
	ids := make([]string, len(parts))
	if len(parts) == 1 {
		ids[0] = "RESPONSE"
		return ids
	}
	seen := map[string]bool{"SCORE": true, "MAXSCORE": true, "FEEDBACK": true, "": true}
	good := true
	for i, in := range parts {
		good = good && identifierPattern.MatchString(in.ID) && !seen[in.ID]
		seen[in.ID] = true
		ids[i] = in.ID
	}
	if !good {
		for i := range ids {
			ids[i] = "RESPONSE_" + strconv.Itoa(i+1)
		}
	}
	return ids
}

// identifiers names options: as the source did where that is possible for all,
// else by their ids. prefix makes identifiers of the targets' numbers.
func identifiers(options []questionbank.Option, prefix string) []string {
	ids := make([]string, len(options))
	seen := map[string]bool{}
	good := true
	for i, o := range options {
		ids[i] = cmp.Or(o.Ref, prefix+o.ID)
		good = good && identifierPattern.MatchString(ids[i]) && !seen[ids[i]]
		seen[ids[i]] = true
	}
	if !good {
		for i := range ids {
			ids[i] = cmp.Or(prefix, "O") + strconv.Itoa(i+1)
		}
	}
	return ids
}

const targetPrefix = "T"

// pairIDs names rows and targets, which share one space of identifiers.
func pairIDs(in questionbank.Interaction) (rows, targets []string) {
	rows, targets = identifiers(in.Options, ""), identifiers(in.Targets, targetPrefix)
	for _, t := range targets {
		if slices.Contains(rows, t) {
			for i := range rows {
				rows[i] = "R" + strconv.Itoa(i+1)
			}
			for i := range targets {
				targets[i] = targetPrefix + strconv.Itoa(i+1)
			}
			break
		}
	}
	return rows, targets
}
