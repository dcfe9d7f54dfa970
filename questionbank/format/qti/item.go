package qti

import (
	"path"
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/qti/rp"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
)

// item is one assessmentItem while it is being read.
type item struct {
	*reader
	root    *tree.Node
	program *rp.Program
	at      string // the file in a package; "" alone
	dir     string // of the file

	parts       []*part
	asked       []*tree.Node // the interactions, supported or not, in the order of the text
	unsupported []*tree.Node
	feedbacks   []feedback
	notes       []string // rubrics for scorers and authors
	media       map[string]string
	out         questionbank.ParsedItem
}

// part is an interaction of the canonical item, and how its answers are written
// in the item's own identifiers.
type part struct {
	questionbank.Interaction
	node     *tree.Node
	response string
	ids      []string // of the options
	targets  []string // of the targets
	// exclusive are the targets that take one row only.
	exclusive map[int]bool
	swapped   bool   // the rows are the second set of the source
	gap       string // of one gap of a gapMatch
	prompt    *tree.Node
}

// item reads an item file. Its error is of a file that is no item at all.
func (r *reader) item(data []byte, at string) (questionbank.ParsedItem, error) {
	root, err := tree.Parse(data)
	if err != nil {
		return questionbank.ParsedItem{}, err
	}
	rp.Normalise(root)
	it := &item{reader: r, root: root, at: at, dir: path.Dir(at), media: map[string]string{}}
	it.out.At = it.place(root)
	it.out.Raw = data
	it.out.Places = map[string]string{}
	it.out.Content.Title = root.Get("title")
	it.out.Content.Lang = language(root.Get("lang"))
	program, broken := rp.Parse(root)
	it.program = program
	it.read()
	it.refuse()
	it.key(broken)
	it.keep()
	it.out.Type = it.typeName()
	return it.out, nil
}

// place says where in the file an element stands.
func (it *item) place(n *tree.Node) string {
	return strings.TrimSpace(it.at + " " + tree.Place(n.Line))
}

func (it *item) warn(n *tree.Node, key string, args ...any) {
	f := fault.New(fault.Invalid, key, args...).Place(it.place(n))
	if !slices.ContainsFunc(it.out.Warnings, func(g *fault.Fault) bool { return g.Error() == f.Error() && g.At == f.At }) {
		it.out.Warnings = append(it.out.Warnings, f)
	}
}

func (it *item) reject(n *tree.Node, field, key string, args ...any) {
	it.out.Rejects = append(it.out.Rejects, fault.New(fault.Unsupported, key, args...).On(field).Place(it.place(n)))
}

// language is a tag of BCP 47, "" for Indonesian and for what is none.
func language(tag string) string {
	if strings.HasPrefix(strings.ToLower(tag), "id") || len(tag) > 20 {
		return ""
	}
	return tag
}

// read fills in the texts and the interactions.
func (it *item) read() {
	body := it.root.Find("itemBody")
	if body == nil {
		body = &tree.Node{Name: "itemBody", Line: it.root.Line}
	}
	stimulus := it.passages()
	stimulus = append(stimulus, it.stimulusOf(body)...)
	it.walk(body)
	c := &it.out.Content
	before, stem := it.stem(body)
	c.Stem = stem
	if before != "" {
		stimulus = append(stimulus, before)
	}
	c.Stimulus = strings.Join(stimulus, "\n\n")
	it.out.Places["stem"] = it.place(body)
	for i, p := range it.parts {
		if len(it.parts) > 1 && p.prompt != nil {
			p.Prompt = it.markdown(p.prompt, p.prompt.Inner())
		}
		it.places(i, p)
	}
	for _, f := range it.root.All("modalFeedback") {
		it.walk(f)
		it.feedback(f)
	}
	if len(it.parts) > questionbank.MaxParts {
		it.reject(body, "interactions", "questionbank.qti.parts_many", len(it.parts), questionbank.MaxParts)
	}
}

// places notes where the fields of the form stand in the file.
func (it *item) places(i int, p *part) {
	if len(it.parts) > 1 {
		it.out.Places[questionbank.PartField(i)] = it.place(p.node)
		return
	}
	it.out.Places["correct"] = it.place(p.node)
	it.out.Places["answers"] = it.place(p.node)
	for _, c := range p.node.Elements() {
		if o := slices.Index(p.ids, c.Get("identifier")); o >= 0 && c.Get("identifier") != "" {
			it.out.Places[questionbank.OptionField("option", o)] = it.place(c)
		}
	}
}

// passages are the shared texts that the item of QTI 3 refers to.
func (it *item) passages() []string {
	var texts []string
	for _, ref := range it.root.All("assessmentStimulusRef") {
		href := ref.Get("href")
		full := inPackage(it.dir, href)
		if it.pack == nil || !it.pack.Has(full) {
			it.warn(ref, "questionbank.qti.stimulus_missing", href)
			continue
		}
		node := it.stimulus(full)
		if node == nil {
			it.warn(ref, "questionbank.qti.stimulus_missing", href)
			continue
		}
		dir := it.dir
		it.dir = path.Dir(full) // its pictures stand beside it
		texts = append(texts, it.markdown(ref, node.Inner()))
		it.dir = dir
	}
	return texts
}

// stimulus is the body of a shared passage, nil for one that cannot be read.
func (it *item) stimulus(full string) *tree.Node {
	if known, ok := it.stimuli[full]; ok {
		return known
	}
	it.stimuli[full] = nil
	content, err := it.pack.Read(full)
	if err != nil {
		return nil
	}
	root, err := tree.Parse(content)
	if err != nil {
		return nil
	}
	rp.Normalise(root)
	it.stimuli[full] = root.Find("stimulusBody")
	return it.stimuli[full]
}

// stimulusOf takes what is marked as the stimulus out of the body.
func (it *item) stimulusOf(body *tree.Node) []string {
	var texts []string
	body.Children = slices.DeleteFunc(body.Children, func(n *tree.Node) bool {
		marked := n.Name == "div" && slices.Contains(strings.Fields(n.Get("class")), "stimulus") && !hasInteraction(n)
		if marked {
			it.walk(n)
			texts = append(texts, it.markdown(n, n.Inner()))
		}
		return marked
	})
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func hasInteraction(n *tree.Node) bool {
	found := false
	n.Walk(func(c *tree.Node) bool {
		found = found || strings.HasSuffix(c.Name, "Interaction")
		return !found
	})
	return found
}

// stem converts the body. Where a single interaction has a prompt, what stands
// above it is the stimulus.
func (it *item) stem(body *tree.Node) (before, stem string) {
	if len(it.parts) == 1 && it.parts[0].prompt != nil && strings.TrimSpace(it.parts[0].prompt.Inner()) != "" {
		p := it.parts[0]
		p.prompt.Children = slices.Concat([]*tree.Node{mark(promptOpen)}, p.prompt.Children, []*tree.Node{mark(promptClose)})
	} else {
		it.detach(body)
	}
	text := it.markdown(body, body.Inner())
	if len(it.parts) == 1 && (it.parts[0].Kind == questionbank.TextKind || it.parts[0].Kind == questionbank.NumberKind) {
		text = strings.TrimSpace(strings.TrimSuffix(text, questionbank.Gap(0))) // a field at the end stands below anyway
	}
	before, rest, ok := strings.Cut(text, promptOpen+"\n\n")
	if !ok || before != "" && !strings.HasSuffix(before, "\n\n") {
		return "", clean(text) // the interaction stands in a table or a list
	}
	prompt, after, _ := strings.Cut(rest, promptClose)
	return clean(before), clean(prompt + "\n\n" + after)
}

// The characters around the prompt while the body is converted; private use, so
// no text holds them.
const (
	promptOpen  = "\ue010"
	promptClose = "\ue011"
)

func mark(character string) *tree.Node {
	return &tree.Node{Name: "p", Children: []*tree.Node{{Text: character}}}
}

func clean(markdown string) string {
	markdown = strings.NewReplacer(promptOpen+"\n\n", "", "\n\n"+promptClose, "", promptOpen, "", promptClose, "").Replace(markdown)
	return strings.TrimSpace(markdown)
}

// detach takes the prompts of the parts out of the body.
func (it *item) detach(body *tree.Node) {
	for _, p := range it.parts {
		if p.prompt == nil {
			continue
		}
		body.Walk(func(n *tree.Node) bool {
			if i := slices.Index(n.Children, p.prompt); i >= 0 {
				n.Children[i] = &tree.Node{}
			}
			return true
		})
	}
}

// markdown converts HTML, takes its files along and says what went.
func (it *item) markdown(n *tree.Node, html string) string {
	t := rich.FromHTML(html, it.medium)
	it.take(n, t)
	return questionbank.ReleaseGaps(t.Markdown)
}

func (it *item) take(n *tree.Node, t rich.Text) {
	for _, image := range t.Images {
		it.show(n, image.Name, image.Alt)
	}
	if lost := slices.DeleteFunc(slices.Clone(t.Lost), func(s string) bool { return strings.HasPrefix(s, "style") }); len(lost) > 0 {
		it.warn(n, "questionbank.qti.lost", strings.Join(lost, ", "))
	}
}
