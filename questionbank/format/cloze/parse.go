package cloze

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// Parse reads a text, HTML or plain, with embedded answers. In stem each of
// them is the held gap of its part; reading goes on after a broken one. Of the
// faults those of kind fault.Conflict are warnings, the others stop the item.
func Parse(text string) (stem string, parts []questionbank.Interaction, found []*fault.Fault) {
	stem, parts, _, found = ParseMedia(text, nil)
	return stem, parts, found
}

// ParseMedia is Parse for texts whose options may show pictures: name gives
// each src the name of the item's medium, as in rich.FromHTML, and images lists
// those that got one.
func ParseMedia(text string, name func(src string) string) (stem string, parts []questionbank.Interaction, images []rich.Image, found []*fault.Fault) {
	p := parser{name: name}
	text = unmarked.Replace(text)
	var b strings.Builder
	for {
		m := opening.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		if len(p.parts) == maxParts {
			p.add(fault.New(fault.Invalid, "questionbank.cloze.too_many", maxParts).On("stem"))
			break
		}
		b.WriteString(text[:m[0]])
		mark, weight, typ := text[m[0]:m[1]], text[m[2]:m[3]], text[m[4]:m[5]]
		text = text[m[1]:]
		k, known := kindOf(typ)
		if escaped(b.String()) || !known {
			if !known {
				p.add(fault.New(fault.Conflict, "questionbank.cloze.type_unknown", mark))
			}
			b.WriteString(mark)
			continue
		}
		alternatives, length := scan(text)
		if length < 0 {
			p.add(fault.New(fault.Invalid, "questionbank.cloze.unclosed", mark))
			b.WriteString(mark)
			break // nothing after it is closed either
		}
		text = text[length:]
		b.WriteString(questionbank.HeldGap(len(p.parts)))
		p.part(k, weight, alternatives)
	}
	b.WriteString(text)
	if len(p.parts) == 0 {
		p.add(fault.New(fault.Invalid, "questionbank.cloze.no_answer").On("stem"))
	}
	return b.String(), p.parts, p.images, p.found
}

// unmarked takes out what only we may write, the marks of held gaps.
var unmarked = strings.NewReplacer("\ue000", "", "\ue001", "")

// escaped reports that a brace after s is a plain one.
func escaped(s string) bool { return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1 }

type parser struct {
	name   func(string) string
	parts  []questionbank.Interaction
	images []rich.Image
	found  []*fault.Fault
}

// What is more than any item has, and bounds what a hostile text costs.
const (
	maxParts        = 200
	maxAlternatives = 200
	maxFaults       = 200
)

func (p *parser) add(f *fault.Fault) {
	if len(p.found) < maxFaults {
		p.found = append(p.found, f)
	}
}

// say adds a fault about the part being read.
func (p *parser) say(kind fault.Kind, key string, args ...any) {
	n := len(p.parts)
	p.add(fault.New(kind, key, append([]any{n + 1}, args...)...).On(questionbank.PartField(n)))
}

// maxWeight keeps shares from overflowing; nobody weighs more finely.
const maxWeight = 1000

// part reads one embedded answer; one that cannot be used is there all the
// same, so that the others keep their places.
func (p *parser) part(k kind, weight string, alternatives []alternative) {
	if len(alternatives) > 1 && strings.TrimSpace(alternatives[0].answer) == "" && alternatives[0].feedback == "" {
		alternatives = alternatives[1:] // "{1:MC:~a~=b}"
	}
	if len(alternatives) > maxAlternatives {
		p.say(fault.Invalid, "questionbank.cloze.many_answers", maxAlternatives)
		alternatives = alternatives[:maxAlternatives]
	}
	var in questionbank.Interaction
	switch k.base {
	case choice, multi:
		in = p.choice(k, alternatives)
	case text:
		in = p.texts(k, alternatives)
	default:
		in = p.numbers(alternatives)
	}
	if n, err := strconv.Atoi(weight); err == nil && n > 1 || len(weight) > 9 {
		if err != nil || n > maxWeight {
			n = maxWeight
			p.say(fault.Conflict, "questionbank.cloze.weight", maxWeight)
		}
		in.Share = n
	}
	p.parts = append(p.parts, in)
}

var percentage = regexp.MustCompile(`^%(-?[0-9]{1,6}(?:[.,][0-9]{0,10})?)%`)

// share reads "=" or "%50%" before an answer.
func share(answer string) (points scoring.Micro, rest string) {
	answer = strings.TrimSpace(answer)
	if rest, ok := strings.CutPrefix(answer, "="); ok {
		return scoring.Point, rest
	}
	m := percentage.FindStringSubmatch(answer)
	if m == nil {
		return 0, answer
	}
	percent, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if err != nil {
		return 0, answer
	}
	return micro(percent), answer[len(m[0]):]
}

// micro rounds a percentage to millionths of the whole; a third has no end, so
// 33.33333 is as good as it gets.
func micro(percent float64) scoring.Micro {
	if percent < 0 {
		return -micro(-percent)
	}
	return scoring.Micro(percent*float64(scoring.Point)/100 + 0.5)
}

func (p *parser) choice(k kind, alternatives []alternative) questionbank.Interaction {
	var options []questionbank.Option
	var earned scoring.Micro
	for _, a := range alternatives {
		points, answer := share(a.answer)
		o := rich.Option(p.html(unescape(answer)))
		o.Points, o.Reason = points, p.html(unescape(a.feedback)).Markdown
		options = append(options, o)
		earned += max(points, 0)
	}
	if k.base == multi && earned > 0 { // Moodle divides by what all right ones earn
		for i, o := range options {
			if o.Points > 0 {
				options[i].Points = (o.Points*scoring.Point + earned/2) / earned
			}
		}
	}
	_, in, weighed := questionbank.NewWeighted(options, k.base == multi)
	in.Shuffle = k.shuffle
	if k.base == choice {
		in.Kind = questionbank.InlineKind
	}
	if len(options) < questionbank.MinOptions {
		p.say(fault.Invalid, "questionbank.cloze.one_choice")
		return in
	}
	switch weighed {
	case questionbank.WeighedNone:
		p.say(fault.Invalid, "questionbank.cloze.no_key")
	case questionbank.WeighedBest:
		p.say(fault.Conflict, "questionbank.cloze.many_full")
	case questionbank.WeighedAll:
		p.say(fault.Conflict, "questionbank.cloze.select_all")
	}
	return in
}

// html converts an option or a feedback, and tells of what went.
func (p *parser) html(source string) rich.Text {
	t := rich.FromHTML(source, p.name)
	p.images = append(p.images, t.Images...)
	for _, lost := range t.Lost {
		p.say(fault.Conflict, "questionbank.cloze.lost", lost)
	}
	return t
}

func (p *parser) texts(k kind, alternatives []alternative) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.TextKind, Rule: scoring.TextList, Options: []questionbank.Option{}}
	best := scoring.Micro(0)
	for _, a := range alternatives {
		points, answer := share(a.answer)
		t := questionbank.TextAnswer{Case: k.exact, Points: points, Reason: p.html(unescape(a.feedback)).Markdown}
		t.Text, t.Wild = Wildcards(plain(unescape(answer)))
		if t.Text == "" {
			p.say(fault.Invalid, "questionbank.cloze.answer_empty")
			continue
		}
		in.Texts = append(in.Texts, t)
		best = max(best, points)
	}
	if best <= 0 {
		p.say(fault.Invalid, "questionbank.cloze.no_key")
	}
	return in
}

// Wildcards reads a pattern of Moodle's short answers, where "*" is any run of
// characters and "\*" a star.
func Wildcards(pattern string) (text string, wild bool) {
	if strings.Contains(strings.ReplaceAll(pattern, `\*`, ""), "*") {
		return pattern, true
	}
	return strings.ReplaceAll(pattern, `\*`, "*"), false
}

// Pattern is the inverse of Wildcards.
func Pattern(t questionbank.TextAnswer) string {
	if t.Wild {
		return t.Text
	}
	return strings.ReplaceAll(t.Text, "*", `\*`)
}

var tag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// plain is what a participant would have to type.
func plain(source string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(source, ""))), " ")
}

func (p *parser) numbers(alternatives []alternative) questionbank.Interaction {
	in := questionbank.Interaction{Kind: questionbank.NumberKind, Rule: scoring.NumberList, Options: []questionbank.Option{}}
	best, broken := scoring.Micro(0), false
	for _, a := range alternatives {
		points, answer := share(a.answer)
		answer = plain(unescape(answer))
		n, ok := numberOf(answer)
		if !ok {
			broken = true
			p.say(fault.Invalid, "questionbank.cloze.number", answer)
			continue
		}
		n.Points, n.Reason = points, p.html(unescape(a.feedback)).Markdown
		in.Numbers = append(in.Numbers, n)
		best = max(best, points)
	}
	if best <= 0 && !broken {
		p.say(fault.Invalid, "questionbank.cloze.no_key")
	}
	return in
}

// numberOf reads "5.17:0.01", "5,17" or "*".
func numberOf(s string) (questionbank.Number, bool) {
	if s == "*" {
		return questionbank.Number{Any: true}, true
	}
	value, tolerance, _ := strings.Cut(s, ":")
	n := questionbank.Number{Value: point(value), Tolerance: point(tolerance)}
	if _, ok := scoring.ParseNumber(n.Value); !ok {
		return n, false
	}
	if n.Tolerance != "" {
		x, ok := scoring.ParseNumber(n.Tolerance)
		if !ok {
			return n, false
		}
		if x.Sign() == 0 {
			n.Tolerance = ""
		}
	}
	return n, true
}

// point writes a decimal comma as a point, as numbers are stored.
func point(s string) string { return strings.Replace(strings.TrimSpace(s), ",", ".", 1) }
