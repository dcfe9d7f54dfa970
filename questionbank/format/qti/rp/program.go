package rp

import (
	"fmt"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strings"

	"cakap/questionbank/format/tree"
)

// Program is the processing of one item, checked and ready to run. It may run
// many times, also at once.
type Program struct {
	// Template is the standard template the item names ("match_correct"), ""
	// where the rules are its own.
	Template string
	// Ruled reports that there is any response processing at all.
	Ruled bool
	// Templated reports that the item makes itself anew each time.
	Templated bool

	responses, outcomes, templates []*Declaration
	byID                           map[string]*Declaration
	prepare, rules, finish         []*tree.Node
	constants                      map[*tree.Node]Value
	patterns                       map[string]*regexp.Regexp
}

// Unsupported is an element that the interpreter does not know, or does not
// want to: Element is its name as the item writes it.
type Unsupported struct {
	Element string
	Line    int
}

func (e *Unsupported) Error() string {
	return fmt.Sprintf("response processing: %s is not supported (line %d)", e.Element, e.Line)
}

// Undeclared is a variable that the rules name and the item does not declare.
type Undeclared struct {
	Identifier string
	Line       int
}

func (e *Undeclared) Error() string {
	return fmt.Sprintf("response processing: %s is not declared (line %d)", e.Identifier, e.Line)
}

// Parse reads the declarations and rules of an assessmentItem whose names are
// those of QTI 2 (Normalise). The Program is there also with an error, for its
// declarations.
func Parse(item *tree.Node) (*Program, error) {
	p := &Program{byID: map[string]*Declaration{}, constants: map[*tree.Node]Value{}, patterns: map[string]*regexp.Regexp{}}
	for _, n := range item.Elements() {
		switch n.Name {
		case "responseDeclaration":
			p.responses = append(p.responses, p.declare(n))
		case "outcomeDeclaration":
			p.outcomes = append(p.outcomes, p.declare(n))
		case "templateDeclaration":
			p.templates = append(p.templates, p.declare(n))
			p.Templated = true
		}
	}
	p.builtIn()
	return p, p.read(item)
}

func (p *Program) declare(n *tree.Node) *Declaration {
	d := declare(n, n.Name)
	if _, twice := p.byID[d.ID]; !twice {
		p.byID[d.ID] = d
	}
	return d
}

// builtIn declares what every item has, and SCORE and MAXSCORE, which items of
// many tools use without declaring.
func (p *Program) builtIn() {
	add := func(list *[]*Declaration, d *Declaration) {
		if p.byID[d.ID] == nil {
			p.byID[d.ID] = d
			*list = append(*list, d)
		}
	}
	add(&p.outcomes, &Declaration{ID: "SCORE", Base: "float", Card: single, Default: number("float", new(big.Rat))})
	add(&p.outcomes, &Declaration{ID: "MAXSCORE", Base: "float", Card: single})
	add(&p.outcomes, &Declaration{ID: "completionStatus", Base: "identifier", Card: single, Default: text("identifier", "unknown")})
	add(&p.responses, &Declaration{ID: "numAttempts", Base: "integer", Card: single, Default: number("integer", big.NewRat(1, 1))})
	add(&p.responses, &Declaration{ID: "duration", Base: "duration", Card: single})
}

func (p *Program) read(item *tree.Node) error {
	if t := item.Find("templateProcessing"); t != nil {
		p.Templated = true
		p.prepare = t.Elements()
	}
	if rules := item.Find("responseProcessing"); rules != nil {
		p.Ruled = true
		p.rules = rules.Elements()
		url := rules.Get("template")
		if url == "" {
			url = rules.Get("templateLocation")
		}
		if len(p.rules) == 0 && url != "" {
			p.Template = strings.TrimSuffix(path.Base(url), ".xml")
			standard, ok := standards[p.Template]
			if !ok {
				return &Unsupported{url, rules.Line}
			}
			p.rules = standard.Elements()
		}
	}
	p.finish = item.Find("outcomeProcessing").Elements()
	for _, rules := range [][]*tree.Node{p.prepare, p.rules, p.finish} {
		if err := p.checkRules(rules); err != nil {
			return err
		}
	}
	return nil
}

// standards are the processing templates of the specification.
var standards = map[string]*tree.Node{
	"match_correct": standard(`<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>`, one, zero),
	"match_nothing": standard(`<isNull><variable identifier="RESPONSE"/></isNull>`, one, zero),
	"map_response":  standard(`<isNull><variable identifier="RESPONSE"/></isNull>`, zero, `<mapResponse identifier="RESPONSE"/>`),
	"map_response_point": standard(`<isNull><variable identifier="RESPONSE"/></isNull>`, zero,
		`<mapResponsePoint identifier="RESPONSE"/>`),
}

const (
	zero = `<baseValue baseType="float">0</baseValue>`
	one  = `<baseValue baseType="float">1</baseValue>`
)

func standard(condition, then, otherwise string) *tree.Node {
	set := func(value string) string {
		return `<setOutcomeValue identifier="SCORE">` + value + `</setOutcomeValue>`
	}
	n, err := tree.Parse([]byte(`<responseProcessing><responseCondition><responseIf>` + condition + set(then) +
		`</responseIf><responseElse>` + set(otherwise) + `</responseElse></responseCondition></responseProcessing>`))
	if err != nil {
		panic(err) // it is written above
	}
	return n
}

// rules and what they may hold; a condition's parts are checked by their own.
var (
	setters    = []string{"setOutcomeValue", "setResponseValue", "setTemplateValue", "setCorrectResponse", "setDefaultValue", "lookupOutcomeValue"}
	conditions = []string{"responseCondition", "templateCondition", "outcomeCondition"}
	exits      = []string{"exitResponse", "exitTemplate", "exitTest"}
)

func (p *Program) checkRules(rules []*tree.Node) error {
	for _, r := range rules {
		switch {
		case slices.Contains(exits, r.Name):
		case r.Name == "responseProcessingFragment" || r.Name == "outcomeProcessingFragment":
			if err := p.checkRules(r.Elements()); err != nil {
				return err
			}
		case slices.Contains(conditions, r.Name):
			if err := p.checkCondition(r); err != nil {
				return err
			}
		case slices.Contains(setters, r.Name):
			if len(r.Elements()) != 1 {
				return &Unsupported{r.Name, r.Line}
			}
			if err := p.declared(r); err != nil {
				return err
			}
			if err := p.check(r.Elements()[0]); err != nil {
				return err
			}
		default:
			return &Unsupported{r.Name, r.Line}
		}
	}
	return nil
}

func (p *Program) checkCondition(n *tree.Node) error {
	for _, branch := range n.Elements() {
		rules := branch.Elements()
		switch {
		case strings.HasSuffix(branch.Name, "Else"):
		case !strings.HasSuffix(branch.Name, "If") || len(rules) == 0:
			return &Unsupported{branch.Name, branch.Line}
		default:
			if err := p.check(rules[0]); err != nil {
				return err
			}
			rules = rules[1:]
		}
		if err := p.checkRules(rules); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) declared(n *tree.Node) error {
	if id := n.Get("identifier"); p.byID[id] == nil {
		return &Undeclared{id, n.Line}
	}
	return nil
}

// check refuses expressions that could not be evaluated, before any is.
func (p *Program) check(n *tree.Node) error {
	switch n.Name {
	case "baseValue":
		p.constants[n] = constant(n)
		return nil
	case "variable", "correct", "default", "mapResponse", "mapResponsePoint", "mapOutcome":
		return p.declared(n)
	case "record":
		for _, f := range n.Elements() {
			if f.Name != "fieldValue" || len(f.Elements()) != 1 {
				return &Unsupported{f.Name, f.Line}
			}
			if err := p.check(f.Elements()[0]); err != nil {
				return err
			}
		}
		return nil
	}
	op, ok := operators[n.Name]
	args := arguments(n)
	if !ok || len(args) < op.least || op.most != unbounded && len(args) > op.most {
		return &Unsupported{n.Name, n.Line}
	}
	if n.Name == "patternMatch" {
		if err := p.pattern(n); err != nil {
			return err
		}
	}
	if !knownName(n) {
		return &Unsupported{n.Name + " " + n.Get("name"), n.Line}
	}
	for _, a := range args {
		if err := p.check(a); err != nil {
			return err
		}
	}
	return nil
}

// constant reads a baseValue; a text is taken with its spaces, unless they are
// the file's indentation.
func constant(n *tree.Node) Value {
	base, content := n.Get("baseType"), n.Content()
	if base == "" {
		base = "string"
	}
	if strings.Contains(content, "\n") {
		content = strings.TrimSpace(content)
	}
	return text(base, content)
}

// maxPattern bounds what compiling a pattern may cost; matching is linear.
const maxPattern = 500

func (p *Program) pattern(n *tree.Node) error {
	source := n.Get("pattern")
	re, err := regexp.Compile(`^(?:` + source + `)$`)
	if err != nil || len(source) > maxPattern {
		return &Unsupported{"patternMatch " + source, n.Line}
	}
	p.patterns[source] = re
	return nil
}

// arguments is the operands of an expression; tables are none.
func arguments(n *tree.Node) []*tree.Node {
	return slices.DeleteFunc(n.Elements(), func(c *tree.Node) bool { return c.Name == "matchTable" || c.Name == "interpolationTable" })
}

// Response is the declaration of a response variable, nil for none.
func (p *Program) Response(id string) *Declaration {
	for _, d := range p.responses {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// Outcome is the declaration of an outcome variable, nil for none.
func (p *Program) Outcome(id string) *Declaration {
	for _, d := range p.outcomes {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// NormalMaximum is what SCORE says it can be at most, nil for nothing said.
func (d *Declaration) NormalMaximum() *big.Rat { return d.normalMax }

// Value reads texts as a value of the response variable.
func (d *Declaration) Value(texts ...string) Value { return newValue(d.Base, d.Card, texts...) }

// Literals are the texts and numbers that the rules compare with.
func (p *Program) Literals() []string {
	var found []string
	for _, v := range p.constants {
		for _, s := range v.items {
			found = append(found, s.text)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
