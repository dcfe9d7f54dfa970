package qti12

import (
	"math/big"
	"slices"
	"strings"

	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// answers is what somebody gave, by response identifier. A text or a number is
// one value.
type answers map[string][]string

// processing is an item's conditions, ready to be run.
type processing struct {
	rules   []rule
	score   string // the variable that counts, in lower case
	initial *big.Rat
	low     *big.Rat // nil where nothing bounds it
	high    *big.Rat
	lists   map[string]string // cardinality by response identifier, in lower case
	numbers map[string]bool   // responses whose values are compared as numbers
	strange []string          // elements that nobody knows how to judge
	budget  *int
}

// rule is one respcondition.
type rule struct {
	when     *condition // nil where there is none
	sets     []set
	feedback []string
	stop     bool
}

type set struct {
	action string
	value  *big.Rat // nil is the maximum
}

// newProcessing reads an item's conditions. lists is the cardinality of each
// response.
func newProcessing(item *tree.Node, lists map[string]string, budget *int) *processing {
	p := &processing{score: "score", initial: new(big.Rat), lists: lists, numbers: map[string]bool{}, budget: budget}
	sections := item.All("resprocessing")
	declared := map[string]*tree.Node{}
	for _, s := range sections {
		for _, d := range s.Descendants("decvar") {
			name := variableName(d)
			if declared[name] == nil {
				declared[name] = d
			}
		}
	}
	p.score = scoreVariable(sections)
	if d := declared[p.score]; d != nil {
		p.low, p.high = decimal(d.Get("minvalue")), decimal(d.Get("maxvalue"))
		if x := decimal(d.Get("defaultval")); x != nil {
			p.initial = x
		}
	}
	for _, s := range sections {
		for _, c := range s.All("respcondition") {
			p.rules = append(p.rules, p.rule(c))
		}
	}
	return p
}

func variableName(n *tree.Node) string {
	name := strings.ToLower(n.Get("varname") + n.Get("variablename"))
	if name == "" {
		return "score" // the specification's default
	}
	return name
}

// scoreVariable is the one that conditions set: SCORE, or the first of them.
func scoreVariable(sections []*tree.Node) string {
	first := ""
	for _, s := range sections {
		for _, v := range s.Descendants("setvar") {
			name := variableName(v)
			if name == "score" {
				return name
			}
			if first == "" {
				first = name
			}
		}
	}
	if first == "" {
		return "score"
	}
	return first
}

func (p *processing) rule(c *tree.Node) rule {
	r := rule{when: p.compile(c.Find("conditionvar")), stop: !strings.EqualFold(c.Get("continue"), "yes")}
	for _, v := range c.All("setvar") {
		if variableName(v) != p.score {
			continue
		}
		text := strings.TrimSpace(v.Content())
		s := set{action: strings.ToLower(v.Get("action")), value: decimal(text)}
		if s.value == nil && !strings.HasSuffix(strings.ToLower(text), ".max") {
			p.unknown("setvar " + text)
			s.value = new(big.Rat)
		}
		r.sets = append(r.sets, s)
		// By the specification a rule is the last unless it says "continue". But
		// Canvas adds up the rows of a matching with rules that do not say it.
		r.stop = r.stop && (s.action == "set" || s.action == "" || c.Get("continue") != "")
	}
	for _, f := range c.All("displayfeedback") {
		r.feedback = append(r.feedback, f.Get("linkrefid"))
	}
	return r
}

func (p *processing) unknown(what string) {
	if !slices.Contains(p.strange, what) {
		p.strange = append(p.strange, what)
	}
}

// decimal is a number of the file, nil where there is none.
func decimal(s string) *big.Rat {
	x, ok := scoring.ParseNumber(s)
	if !ok {
		return nil
	}
	return x
}

// spent reports whether the conditions were too many to be judged.
func (p *processing) spent() bool { return *p.budget < 0 }

// silent makes conditions count that show the feedback for a right answer but
// set nothing, as Blackboard writes them for matching and blanks.
func (p *processing) silent() {
	for i, r := range p.rules {
		if len(r.sets) == 0 && slices.ContainsFunc(r.feedback, func(f string) bool { return strings.EqualFold(f, "correct") }) {
			p.rules[i].sets = []set{{action: "add", value: big.NewRat(1, 1)}}
		}
	}
}

// run is the score of an answer. "other" is whatever no scoring condition
// before it took, which is what all writers mean by it.
func (p *processing) run(a answers) *big.Rat {
	score := new(big.Rat).Set(p.initial)
	taken := false
	for _, r := range p.rules {
		if len(r.sets) == 0 || r.when == nil || !p.every(r.when, a, taken) {
			continue
		}
		taken = true
		for _, s := range r.sets {
			p.apply(score, s)
		}
		if r.stop {
			break
		}
	}
	if p.low != nil && score.Cmp(p.low) < 0 {
		score.Set(p.low)
	}
	if p.high != nil && p.high.Sign() > 0 && score.Cmp(p.high) > 0 {
		score.Set(p.high)
	}
	return score
}

func (p *processing) apply(score *big.Rat, s set) {
	value := s.value
	if value == nil {
		value = big.NewRat(1, 1)
		if p.high != nil && p.high.Sign() > 0 {
			value = p.high
		}
	}
	switch s.action {
	case "add":
		score.Add(score, value)
	case "subtract":
		score.Sub(score, value)
	case "multiply":
		score.Mul(score, value)
	case "divide":
		if value.Sign() != 0 {
			score.Quo(score, value)
		}
	default:
		score.Set(value)
	}
}

// condition is an element of a conditionvar, made ready to be judged often.
type condition struct {
	*tree.Node
	id, want string
	all      conjunction // of what stands in it
	kids     []*condition
}

// conjunction is conditions that must all hold. Several values of one response
// of which only one can be given are alternatives, and in an ordered response
// they are the sequence.
type conjunction struct {
	plain  []*condition
	groups [][]*condition // varequals of one response each
}

func (p *processing) compile(n *tree.Node) *condition {
	if n == nil {
		return nil
	}
	c := &condition{Node: n, id: n.Get("respident")}
	elements := n.Elements()
	if len(elements) == 0 {
		c.want = strings.TrimSpace(n.Content())
		return c
	}
	place := map[string]int{}
	for _, k := range elements {
		kid := p.compile(k)
		c.kids = append(c.kids, kid)
		if kid.Name != "varequal" || p.lists[kid.id] == "multiple" {
			c.all.plain = append(c.all.plain, kid)
			continue
		}
		i, known := place[kid.id]
		if !known {
			i = len(c.all.groups)
			place[kid.id] = i
			c.all.groups = append(c.all.groups, nil)
		}
		c.all.groups[i] = append(c.all.groups[i], kid)
	}
	return c
}

func (p *processing) every(c *condition, a answers, taken bool) bool {
	for _, k := range c.all.plain {
		if !p.holds(k, a, taken) {
			return false
		}
	}
	for _, group := range c.all.groups {
		if id := group[0].id; p.lists[id] == "ordered" && len(group) > 1 {
			if !sequence(group, a[id]) {
				return false
			}
		} else if !p.any(group, a, taken) {
			return false
		}
	}
	return len(c.kids) > 0
}

func (p *processing) any(conditions []*condition, a answers, taken bool) bool {
	return slices.ContainsFunc(conditions, func(c *condition) bool { return p.holds(c, a, taken) })
}

func sequence(group []*condition, given []string) bool {
	return slices.EqualFunc(group, given, func(c *condition, g string) bool { return c.want == g })
}

// holds judges one condition.
func (p *processing) holds(c *condition, a answers, taken bool) bool {
	if *p.budget--; *p.budget < 0 {
		return false
	}
	given := a[c.id]
	switch c.Name {
	case "other":
		return !taken
	case "unanswered":
		return len(given) == 0
	case "not":
		return !p.every(c, a, taken)
	case "and":
		return p.every(c, a, taken)
	case "or":
		return p.any(c.kids, a, taken)
	case "varequal":
		return slices.ContainsFunc(given, func(g string) bool { return p.equal(c, g) })
	case "varsubset":
		return subset(c, given)
	case "varsubstring":
		return slices.ContainsFunc(given, func(g string) bool { return contains(c, g) })
	case "vargt", "vargte", "varlt", "varlte":
		return len(given) == 1 && compare(c.Name, given[0], c.want)
	case "var_extension", "qticomment":
		return false
	}
	p.unknown(c.Name)
	return false
}

func (p *processing) equal(c *condition, given string) bool {
	want := c.want
	if given == want {
		return true
	}
	if len(given) == 0 || len(want) == 0 {
		return false
	}
	if m := decimal(c.Get("margin")); m != nil {
		x, y := decimal(given), decimal(want)
		if x == nil || y == nil {
			return false
		}
		if strings.EqualFold(c.Get("margintype"), "percent") {
			m.Mul(m, new(big.Rat).Abs(y))
			m.Quo(m, big.NewRat(100, 1))
		}
		return new(big.Rat).Abs(x.Sub(x, y)).Cmp(m) <= 0
	}
	if p.numbers[c.id] {
		x, y := decimal(given), decimal(want)
		return x != nil && y != nil && x.Cmp(y) == 0
	}
	return !caseMatters(c.Node) && strings.EqualFold(given, want)
}

func caseMatters(c *tree.Node) bool { return strings.EqualFold(c.Get("case"), "yes") }

func contains(c *condition, given string) bool {
	want := c.want
	if !caseMatters(c.Node) {
		given, want = strings.ToLower(given), strings.ToLower(want)
	}
	return strings.Contains(given, want)
}

func compare(name, given, want string) bool {
	x, y := decimal(given), decimal(want)
	if x == nil || y == nil {
		return false
	}
	switch c := x.Cmp(y); name {
	case "vargt":
		return c > 0
	case "vargte":
		return c >= 0
	case "varlt":
		return c < 0
	default:
		return c <= 0
	}
}

// subset is whether all, or any, of a list of values was given.
func subset(c *condition, given []string) bool {
	values := strings.FieldsFunc(c.want, func(r rune) bool { return r == ',' || r == ';' })
	match := strings.ToLower(c.Get("setmatch"))
	found := 0
	for _, v := range values {
		if slices.Contains(given, strings.TrimSpace(v)) {
			found++
		}
	}
	if match == "partial" {
		return found > 0
	}
	return len(values) > 0 && found == len(values)
}
