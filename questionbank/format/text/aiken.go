package text

import (
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// AikenName is what reports call a file that keeps to Aiken.
const AikenName = "aiken"

// Aiken reads files that keep to the format, and writes it.
func Aiken() questionbank.Format {
	return questionbank.Format{Name: AikenName, Ext: ".txt", Read: readAiken, Write: writeAiken}
}

func readAiken(in questionbank.Input) (questionbank.Parsed, error) {
	text, encoding, err := decode(in.Content)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	lines, err := split(text)
	if err != nil {
		return questionbank.Parsed{}, err
	}
	if !isAiken(lines) {
		return questionbank.Parsed{}, fault.New(fault.Unsupported, "questionbank.aiken.not_aiken")
	}
	p := strict(lines)
	p.Encoding = encoding
	return p, nil
}

// The marks of Moodle's question/format/aiken/format.php, on trimmed lines.
var (
	aikenOption = regexp.MustCompile(`^[A-Z][).][ \t]?`)
	aikenAnswer = regexp.MustCompile(`^ANSWER:`)
	aikenKey    = regexp.MustCompile(`^ANSWER:[ \t]*[A-Z]$`)
)

// isAiken reports whether a file keeps to Aiken closely enough for Moodle's
// reading of it to be the right one. Whatever only the tolerant reader knows,
// numbers, headings, other words for the key, speaks against it.
func isAiken(lines []string) bool {
	keys, before := 0, blank
	for _, raw := range lines {
		line := strings.TrimSpace(raw)
		t := tokenOf(Plain(line, ""))
		switch {
		case len(line) < 2:
			before = blank
			continue
		case aikenKey.MatchString(line):
			keys++
			before = keyed
			continue
		case aikenAnswer.MatchString(line):
			before = keyed
			continue
		case aikenOption.MatchString(line):
			if spots(line[2:], t.letter+1, false, false) != nil {
				return false
			}
			before = lettered
			continue
		case t.role != other || t.section != "" || before == other:
			return false
		}
		before = other
	}
	return keys > 0
}

// strict reads Aiken as Moodle does: a stem is one line, and what is wrong is
// said of its line while the question it belongs to is dropped.
func strict(lines []string) questionbank.Parsed {
	a := aiken{parsed: questionbank.Parsed{Format: AikenName, Items: []questionbank.ParsedItem{}}}
	for i, raw := range lines {
		if line := strings.TrimSpace(raw); len(line) >= 2 {
			a.take(line, raw, i)
		}
	}
	if a.q != nil {
		a.fail("questionbank.aiken.unfinished_end", a.at)
	}
	twins(a.parsed.Items)
	return a.parsed
}

type aiken struct {
	parsed questionbank.Parsed
	q      *Draft
	at     int // line of the open question
}

func (a *aiken) fail(key string, line int, args ...any) {
	a.parsed.Messages = append(a.parsed.Messages, fault.New(fault.Invalid, key, args...).Place(row(line)))
}

func (a *aiken) take(line, raw string, i int) {
	switch {
	case aikenOption.MatchString(line):
		if a.q == nil {
			a.fail("questionbank.aiken.not_started", i)
			return
		}
		a.q.Raw = append(a.q.Raw, raw)
		text := strings.TrimSpace(line[2:])
		a.q.Options = append(a.q.Options, Option{Label: line[:1], Lines: []Line{Plain(text, row(i))}, At: row(i)})
	case aikenAnswer.MatchString(line):
		a.answer(line, raw, i)
	default:
		if a.q != nil {
			a.fail("questionbank.aiken.unfinished", i, a.at+1)
		}
		a.q, a.at = &Draft{At: row(i), Stem: []Line{Plain(line, row(i))}, Raw: []string{raw}}, i
	}
}

func (a *aiken) answer(line, raw string, i int) {
	q := a.q
	if q == nil {
		a.fail("questionbank.aiken.not_started", i)
		return
	}
	a.q = nil
	if len(q.Options) < questionbank.MinOptions {
		a.fail("questionbank.aiken.few_answers", i)
		return
	}
	q.Raw = append(q.Raw, raw)
	key := strings.TrimSpace(strings.TrimPrefix(line, "ANSWER:"))
	if key != "" {
		q.Key = []Line{Plain(string([]rune(key)[:1]), row(i))} // as in Moodle, the first letter counts
	}
	if len(key) > 1 {
		q.Notes = append(q.Notes, fault.New(fault.Invalid, "questionbank.aiken.answer_cut", short(key)).On("correct").Place(row(i)))
	}
	q.Type = questionbank.Single
	if b := (&builder{Draft: q}); b.truths() {
		q.Type = questionbank.TrueFalse
	}
	a.parsed.Items = append(a.parsed.Items, q.Item())
}
