package qti12

import (
	"slices"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// response is one place of an item that takes an answer.
type response struct {
	id          string
	element     string // response_lid, response_str, response_num …
	cardinality string // single, multiple, ordered
	prompt      string // HTML
	labels      []label
	shuffle     bool
	fib         *tree.Node // the field of a text or number
	hotspot     *tree.Node
	slider      bool
}

// label is one alternative.
type label struct {
	id   string
	html string
	node *tree.Node
}

// shown is an item as a person sees it.
type shown struct {
	stem      string // HTML with held gaps at the places of the responses
	responses []*response
	rights    []string // HTML of Blackboard's right column
}

// metadata is what an item says of itself, by lower-case name.
func metadata(n *tree.Node) map[string]string {
	m := map[string]string{}
	for _, k := range n.Elements() {
		switch k.Name {
		case "qtimetadatafield":
			m[strings.ToLower(strings.TrimSpace(k.Find("fieldlabel").Content()))] = strings.TrimSpace(k.Find("fieldentry").Content())
		case "qtimetadata", "itemmetadata":
			for name, value := range metadata(k) {
				m[name] = value
			}
		default:
			if strings.HasPrefix(k.Name, "bbmd_") || strings.HasPrefix(k.Name, "qmd_") {
				m[k.Name] = strings.TrimSpace(k.Content())
			}
		}
	}
	return m
}

func (s *shown) read(n *tree.Node, current *response) {
	for _, k := range n.Children {
		switch k.Name {
		case "material":
			text := markupOf(k)
			if current != nil {
				current.prompt += text
			} else if text != "" {
				s.stem += text
			}
		case "response_lid", "response_str", "response_num", "response_xy", "response_grp":
			s.response(k)
		case "flow":
			s.flow(k, current)
		case "render_choice", "render_hotspot", "render_slider", "render_fib", "render_extension":
			s.render(k, current)
		}
	}
}

// flow is a block or a line. Blackboard gives its blocks classes.
func (s *shown) flow(n *tree.Node, current *response) {
	switch n.Get("class") {
	case "RIGHT_MATCH_BLOCK":
		for _, k := range n.All("flow") {
			var right shown
			right.read(k, nil)
			s.rights = append(s.rights, right.stem)
		}
		return
	case "Block":
		// A row of Blackboard's matching: its text, then its answer.
		if responses := directResponses(n); len(responses) == 1 && n.Find("flow") != nil {
			var row shown
			row.read(n, nil)
			if len(row.responses) == 1 && strings.TrimSpace(questionbank.ReleaseGaps(row.stem)) != questionbank.Gap(0) {
				row.responses[0].prompt = strings.ReplaceAll(row.stem, questionbank.HeldGap(0), "") + row.responses[0].prompt
				s.responses = append(s.responses, row.responses[0])
				return
			}
		}
	}
	s.stem += "<div>"
	s.read(n, current)
	s.stem += "</div>"
}

func directResponses(n *tree.Node) []*tree.Node {
	return slices.DeleteFunc(n.Elements(), func(k *tree.Node) bool { return !strings.HasPrefix(k.Name, "response_") })
}

func (s *shown) response(n *tree.Node) {
	r := &response{id: n.Get("ident"), element: n.Name, cardinality: strings.ToLower(n.Get("rcardinality"))}
	if r.cardinality == "" {
		r.cardinality = "single"
	}
	s.stem += questionbank.HeldGap(len(s.responses))
	s.responses = append(s.responses, r)
	inner := shown{}
	inner.read(n, r)
	for _, more := range inner.responses { // a response in a response
		s.stem += questionbank.HeldGap(len(s.responses))
		s.responses = append(s.responses, more)
	}
}

func (s *shown) render(n *tree.Node, current *response) {
	if current == nil {
		return
	}
	switch n.Name {
	case "render_fib":
		current.fib = n
	case "render_hotspot":
		current.hotspot = n
	case "render_slider":
		current.slider = true
	}
	current.shuffle = current.shuffle || strings.EqualFold(n.Get("shuffle"), "yes")
	n.Walk(func(k *tree.Node) bool {
		if k.Name != "response_label" {
			return true
		}
		l := label{id: k.Get("ident"), node: k}
		k.Walk(func(m *tree.Node) bool {
			if m.Name == "material" {
				l.html += markupOf(m)
				return false
			}
			return m.Name != "response_label" || m == k
		})
		current.labels = append(current.labels, l)
		return false
	})
}

// item reads one <item>.
func (r *reader) item(n *tree.Node, category string) {
	q := r.question(n.Line, questionbank.Single, n.Outer())
	q.Content.Title, q.Content.Category = n.Get("title"), category
	meta := metadata(n)
	if p := decimal(meta["points_possible"]); p != nil && p.Sign() > 0 {
		q.Content.Worth = micro(p)
		if q.Content.Worth == scoring.Point {
			q.Content.Worth = 0
		}
	}
	var s shown
	for _, p := range n.All("presentation") {
		s.read(p, nil)
	}
	kind, lists := kindOf(meta), map[string]string{}
	for _, resp := range s.responses {
		if kind == "ordering" {
			resp.cardinality = "ordered"
		}
		lists[resp.id] = resp.cardinality
	}
	a := &answering{question: q, shown: &s, kind: kind, item: n, rules: newProcessing(n, lists, &r.budget)}
	a.feedback = newFeedback(n)
	a.answer()
	a.feedback.rest(q)
	q.finish()
}

// kindOf is what the writer calls the item's type, in one manner.
func kindOf(meta map[string]string) string {
	kind := meta["question_type"]
	for _, name := range []string{"cc_profile", "bbmd_questiontype", "qmd_itemtype"} {
		if kind == "" {
			kind = meta[name]
		}
	}
	kind = strings.ToLower(strings.TrimSpace(kind))
	kind = strings.TrimSuffix(strings.TrimPrefix(kind, "cc."), "_question")
	if i := strings.Index(kind, ".v0"); i >= 0 {
		kind = kind[:i]
	}
	return strings.Trim(strings.NewReplacer(" ", "_", "/", "_", "-", "_").Replace(kind), "_")
}

// finish says what is missing of pictures.
func (q *question) finish() {
	for _, m := range q.Content.Media {
		if m.Alt == "" {
			q.warn("media", "questionbank.import.alt_missing", m.Name)
		}
	}
	q.Type = string(q.Content.Type)
	if q.Content.Type == questionbank.Unsupported {
		q.Content.Type = questionbank.Info
	}
	q.done()
}

// unsupported refuses the item and names what it asks.
func (q *question) unsupported(what string) {
	q.Content.Type, q.Content.Interactions = questionbank.Unsupported, nil
	q.reject("type", "questionbank.qti12.unsupported", what)
}
