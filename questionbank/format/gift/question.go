package gift

import (
	"encoding/json"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/scoring"
)

// question is one block being read.
type question struct {
	block  block
	item   questionbank.ParsedItem
	text   string          // held, without comments
	lines  []int           // number of each of its lines
	format format          // of the stem, which the others inherit
	points []scoring.Micro // of a choice, as the file has them
	braces int             // where the answer begins in text, −1 for none
	extra  extra
	hints  hints
}

// extra is what a GIFT file says beyond the content, for the way back.
type extra struct {
	ID    string `json:"id,omitempty"`    // of the source, where it is no code of ours
	Gap   int    `json:"gap,omitempty"`   // which "_____" of the stem is the answer's place, from 1
	Order string `json:"order,omitempty"` // Moodle's settings of an ordering question
}

// What is more than an item's texts may have together. Breaks cost more than
// other characters while they become Markdown.
const (
	maxBlock  = 64 << 10
	maxBreaks = 2000
)

var lineBreak = regexp.MustCompile(`\n|\\n|(?i:<br)`)

func tooLong(raw []byte) bool {
	return len(raw) > maxBlock || len(lineBreak.FindAllIndex(raw, maxBreaks+1)) > maxBreaks
}

// read makes an item of a block.
func (b block) read() questionbank.ParsedItem {
	q := &question{block: b, braces: -1, hints: hints{}}
	q.item = questionbank.ParsedItem{
		Type: questionbank.Unsupported, Places: map[string]string{}, Warnings: b.warnings,
		Raw: []byte(strings.Join(b.lines, "\n")), Content: questionbank.Content{Category: b.category},
	}
	if raw := q.item.Raw; tooLong(raw) {
		q.item.At = q.at(0)
		q.reject(0, "questionbank.gift.too_long", "stem", maxBlock>>10, maxBreaks)
		q.item.Raw = raw[:min(len(raw), maxBlock)]
		return q.item
	}
	q.comments()
	q.item.At = q.at(0)
	q.name()
	q.body()
	q.restore()
	if q.extra != (extra{}) {
		raw, err := json.Marshal(q.extra)
		if err == nil { // a struct of texts and a number always encodes
			q.item.Content.Ext = map[string]json.RawMessage{"gift": raw}
		}
	}
	return q.item
}

// comments takes the comments off, with their tags.
func (q *question) comments() {
	var kept []string
	for i, line := range q.block.lines {
		switch {
		case isComment(line):
			q.meta(line)
		case len(kept) > 0 || strings.TrimSpace(line) != "":
			kept, q.lines = append(kept, line), append(q.lines, q.block.line+i)
		}
	}
	q.text = strings.TrimSpace(hold(strings.Join(kept, "\n")))
}

// at is the place of an offset in text.
func (q *question) at(offset int) string {
	if len(q.lines) == 0 {
		return place(q.block.line)
	}
	n := strings.Count(q.text[:max(0, min(offset, len(q.text)))], "\n")
	return place(q.lines[min(n, len(q.lines)-1)])
}

func (q *question) warn(offset int, key, field string, args ...any) {
	q.item.Warnings = append(q.item.Warnings, fault.New(fault.Conflict, key, args...).On(field).Place(q.at(offset)))
}

func (q *question) reject(offset int, key, field string, args ...any) {
	q.item.Rejects = append(q.item.Rejects, fault.New(fault.Invalid, key, args...).On(field).Place(q.at(offset)))
}

// lost warns of what a text could not keep.
func (q *question) lost(t rich.Text, offset int, field string) {
	for _, what := range t.Lost {
		if src, ok := strings.CutPrefix(what, "img"); ok {
			q.warn(offset, "questionbank.gift.no_files", field, strings.TrimSpace(src))
		} else {
			q.warn(offset, "questionbank.gift.lost", field, what)
		}
	}
}

// name takes "::name::" off the text; the name's characters are blanked, so
// that offsets stay.
func (q *question) name() {
	rest, ok := strings.CutPrefix(q.text, "::")
	if !ok {
		return
	}
	name, _, ok := strings.Cut(rest, "::")
	if !ok {
		q.warn(0, "questionbank.gift.name_open", "title")
		return
	}
	q.item.Content.Title = release(name)
	q.blank(len(name) + 2*len("::"))
}

// blank replaces the first n bytes of the text by spaces and its line breaks.
func (q *question) blank(n int) {
	q.text = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, q.text[:n]) + q.text[n:]
}

// body finds the answer in the text and reads both.
func (q *question) body() {
	open, shut := strings.IndexByte(q.text, '{'), strings.IndexByte(q.text, '}')
	switch {
	case open < 0 && shut < 0:
		q.stem(q.text, "")
		q.set(questionbank.Info)
		return
	case open < 0 || shut < open:
		q.stem(q.text, "")
		q.reject(max(shut, 0), "questionbank.gift.brace_lone", "stem", "}")
		return
	case shut < 0:
		q.stem(q.text[:open], "")
		q.reject(open, "questionbank.gift.brace_lone", "stem", "{")
		return
	}
	q.braces = open + 1
	before, answer, after := q.text[:open], q.text[open+1:shut], q.text[shut+1:]
	general := ""
	if i := strings.LastIndex(answer, "####"); i >= 0 {
		answer, general = answer[:i], answer[i+4:]
	}
	q.stem(before, after)
	if stray := strings.IndexAny(answer+after, "{}"); stray >= 0 {
		q.item.Type = string(typeOf(answer))
		q.reject(open+1+stray, "questionbank.gift.brace_stray", "stem")
		return
	}
	if strings.TrimSpace(general) != "" {
		q.item.Content.Rationale = q.feedback(general, q.braces+len(answer)+4, "rationale")
	}
	q.answer(answer)
}

// The place of the answer in a missing-word stem, as people read it and as
// Markdown writes it.
const (
	blankLine = "_____"
	blankMark = `\_\_\_\_\_`
)

// onlySigns is what may follow the answer without a word about it: the full
// stop of the sentence, or the end of an element.
var onlySigns = regexp.MustCompile(`^[\s.,;:!?)\]…]*$`)

// stem reads the text around the answer. Where a text follows the answer, its
// place is a blank line in the stem.
func (q *question) stem(before, after string) {
	q.item.Places["stem"] = q.at(len(before) - len(strings.TrimLeft(before, "\n\t ")))
	tail := strings.TrimSpace(anyTag.ReplaceAllString(release(after), ""))
	f, text := formatOf(before, auto)
	q.format = f
	switch {
	case q.hints["type"] == string(questionbank.Cloze), tail != "":
		if tail != "" && !strings.ContainsFunc(tail, isWordRune) && !onlySigns.MatchString(tail) {
			q.warn(len(q.text)-1, "questionbank.gift.tail", "stem", tail)
		}
		text += gapAfter(before) + after
	default:
		text += after
	}
	t := f.toText(release(strings.TrimSpace(text)))
	q.lost(t, 0, "stem")
	md := t.Markdown
	if at := strings.Index(md, questionbank.HeldGap(0)); at >= 0 {
		if q.hints["type"] == string(questionbank.Cloze) {
			md = questionbank.ReleaseGaps(md)
		} else {
			q.extra.Gap = strings.Count(md[:at], blankMark) + 1
			md = strings.Replace(md, questionbank.HeldGap(0), blankMark, 1)
		}
	}
	q.item.Content.Stem = md
}

// gapAfter is the answer's mark with the white space that stood before it.
func gapAfter(before string) string {
	if strings.TrimRight(before, " \t\n") != before {
		return " " + questionbank.HeldGap(0)
	}
	return questionbank.HeldGap(0)
}

// feedback reads a text shown after the answer.
func (q *question) feedback(text string, offset int, field string) string {
	f, text := formatOf(text, q.format)
	t := f.toText(release(text))
	q.lost(t, offset, field)
	return t.Markdown
}

func (q *question) set(t questionbank.Type, parts ...questionbank.Interaction) {
	q.item.Type = string(t)
	q.item.Content.Type, q.item.Content.Interactions = t, parts
}

// answer reads what stands in the braces.
func (q *question) answer(text string) {
	switch t := typeOf(text); t {
	case questionbank.Essay:
		q.set(t, essay())
	case questionbank.Order:
		q.order(text)
	case questionbank.Numeric:
		q.numeric(text)
	case questionbank.Single, questionbank.Multiple:
		q.choice(text)
	case questionbank.Match:
		q.match(text)
	case questionbank.TrueFalse:
		q.truth(text)
	default:
		q.short(text)
	}
}

// typeOf decides as Moodle does, in its order.
func typeOf(text string) questionbank.Type {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return questionbank.Essay
	case text[0] == '>':
		return questionbank.Order
	case text[0] == '#':
		return questionbank.Numeric
	case strings.Contains(text, "~") && strings.Contains(text, "="):
		return questionbank.Single
	case strings.Contains(text, "~"):
		return questionbank.Multiple
	case strings.Contains(text, "=") && strings.Contains(text, "->"):
		return questionbank.Match
	}
	word, _, _ := strings.Cut(text, "#")
	if _, ok := truths[strings.ToUpper(strings.TrimSpace(word))]; ok {
		return questionbank.TrueFalse
	}
	return questionbank.Short
}

// truths are the words of a statement's answer; Moodle knows the English ones
// in capitals.
var truths = map[string]bool{"T": true, "TRUE": true, "F": false, "FALSE": false, "BENAR": true, "SALAH": false}
