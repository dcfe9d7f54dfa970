package moodlexml

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// Write writes the items for Moodle's import. What Moodle cannot hold is
// returned, each with its item.
func Write(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	out := writer{bank: bank, b: bufio.NewWriter(w)}
	fmt.Fprint(out.b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	for _, e := range bank.Items {
		out.item(e)
	}
	fmt.Fprint(out.b, "</quiz>\n")
	if err := out.b.Flush(); err != nil {
		return out.losses, fmt.Errorf("write moodle xml: %w", err)
	}
	return out.losses, nil
}

type writer struct {
	bank     questionbank.Export
	b        *bufio.Writer
	losses   []*fault.Fault
	category string // the <question type="category"> that holds now
}

// item is one question, or a loss where Moodle has no such question.
func (w *writer) item(e questionbank.Exported) {
	o := &output{w: w, code: e.Code, c: e.Content, extra: extraOf(e.Content)}
	qtype, body := o.kind()
	if body == nil {
		o.lose("questionbank.moodlexml.lost_item", string(e.Content.Type))
		return
	}
	o.qtype = qtype
	o.head()
	body(o)
	o.foot()
	w.switchTo(o.c.Category, o.extra)
	fmt.Fprintf(w.b, "  <question type=%q>\n%s  </question>\n", qtype, o.b.String())
}

// switchTo writes the category of what follows, where it is another one.
func (w *writer) switchTo(path string, x extra) {
	var b strings.Builder
	full := "$course$/top"
	if path != "" {
		full += "/" + path
	}
	b.WriteString("  <question type=\"category\">\n    <category><text>" + escape(full) + "</text></category>\n")
	if x.CategoryInfo != "" {
		b.WriteString("    <info format=\"moodle_auto_format\"><text>" + escape(x.CategoryInfo) + "</text></info>\n")
	}
	if x.CategoryID != "" {
		b.WriteString("    <idnumber>" + escape(x.CategoryID) + "</idnumber>\n")
	}
	b.WriteString("  </question>\n")
	if text := b.String(); text != w.category && (w.category != "" || path != "" || x.CategoryInfo+x.CategoryID != "") {
		w.category = text
		fmt.Fprint(w.b, text)
	}
}

// output is one question on its way out.
type output struct {
	w     *writer
	code  string
	c     questionbank.Content
	extra extra
	qtype string
	b     strings.Builder
	notes []string // hints for our own reader, as tags
}

func (o *output) lose(key string, args ...any) {
	o.w.losses = append(o.w.losses, fault.New(fault.Invalid, key, args...).Place(o.code))
}

func (o *output) note(key, value string) { o.notes = append(o.notes, tagPrefix+key+"="+value) }

// kind is the qtype that asks what the item asks, with what writes the rest of
// it; nil for none.
func (o *output) kind() (string, func(*output)) {
	in := o.c.Choice()
	if len(o.c.Interactions) > 1 && o.c.Type != questionbank.Cloze {
		return "", nil
	}
	switch o.c.Type {
	case questionbank.Single, questionbank.Multiple, questionbank.SJT:
		return "multichoice", (*output).multichoice
	case questionbank.TrueFalse:
		return "truefalse", (*output).truefalse
	case questionbank.Short:
		return "shortanswer", (*output).shortanswer
	case questionbank.Numeric:
		return "numerical", (*output).numerical
	case questionbank.Match:
		return "matching", (*output).matching
	case questionbank.Order:
		return "ordering", (*output).ordering
	case questionbank.Essay:
		return "essay", (*output).essay
	case questionbank.Info:
		return "description", func(*output) {}
	case questionbank.Cloze:
		return o.clozeKind()
	case questionbank.Hotspot:
		if in.Kind == questionbank.PairsKind && o.extra.QType == "ddimageortext" && !slices.ContainsFunc(in.Targets, notRect) {
			return "ddimageortext", (*output).labels
		}
		return "ddmarker", (*output).markers
	}
	return "", nil
}

func notRect(t questionbank.Option) bool {
	return t.Shape == nil || t.Shape.Form != "rect" || len(t.Shape.Coords) != 4
}

// head is what stands before the qtype's own part.
func (o *output) head() {
	title := o.c.Title
	if title == "" {
		title = o.code
		o.note("untitled", "1")
	}
	o.line("<name><text>" + escape(title) + "</text></name>")
	if !gapped[o.qtype] {
		o.question(o.stem(), nil)
	}
	o.rich("generalfeedback", o.c.Rationale)
	o.line("<defaultgrade>" + o.worth() + "</defaultgrade>")
	id := o.extra.IDNumber
	if id == "" {
		id = o.code
	} else if o.code != "" {
		o.note("code", o.code)
	}
	o.line("<idnumber>" + escape(id) + "</idnumber>")
	for _, name := range o.extra.names(o.qtype) {
		if name == "defaultgrade" || name == "gradingtype" || !elementName.MatchString(name) {
			continue
		}
		value := o.extra.setting(o.qtype, name)
		if value == "" {
			o.line("<" + name + "/>")
			continue
		}
		o.line("<" + name + ">" + escape(value) + "</" + name + ">")
	}
}

// elementName is what may be one; what an item keeps of a file is not trusted.
var elementName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// stem is the stem with a prompt of its only part below it.
func (o *output) stem() string {
	stem := o.c.Stem
	if prompt := o.c.Choice().Prompt; prompt != "" {
		stem += "\n\n" + prompt
	}
	return stem
}

// question writes the question text below its stimulus. fill puts the answers
// of a text with gaps into it.
func (o *output) question(stem string, fill func(m *markup) string) {
	above, below := toMarkup(o.c.Stimulus), toMarkup(stem)
	if o.c.Stimulus != "" && above.format != below.format { // one of them is no HTML, so neither is
		above, below = asMarkdown(o.c.Stimulus), asMarkdown(stem)
	}
	if fill != nil {
		below.text = fill(&below)
	}
	if o.c.Stimulus != "" {
		below.text = above.text + "\n" + stimulusEnd + "\n" + below.text
		for _, name := range above.media {
			below.show(name)
		}
	}
	o.element("questiontext", below)
}

func (o *output) worth() string {
	switch v, kept := o.extra.Settings["defaultgrade"]; {
	case kept:
		return v
	case o.c.Worth != 0:
		return decimal(o.c.Worth)
	case o.c.Type == questionbank.Info:
		return "0"
	}
	return decimal(scoring.Point)
}

// combined are the qtypes that show feedback to the whole answer.
var combined = map[string]bool{
	"multichoice": true, "matching": true, "ordering": true, "gapselect": true, "ddwtos": true, "ddmarker": true, "ddimageortext": true,
}

// foot is what stands after the qtype's own part.
func (o *output) foot() {
	if f := o.c.Feedback; f != nil {
		said := false
		for _, each := range []struct{ name, text string }{
			{"correctfeedback", f.Correct}, {"partiallycorrectfeedback", f.Partial}, {"incorrectfeedback", f.Wrong},
		} {
			if each.text != "" {
				o.rich(each.name, each.text)
				said = true
			}
		}
		if said && !combined[o.qtype] {
			o.lose("questionbank.moodlexml.lost_feedback")
		}
		for i, hint := range f.Hints {
			o.hint(i, hint)
		}
	}
	o.tags()
}

func (o *output) hint(i int, text string) {
	var b strings.Builder
	if i < len(o.extra.HintOptions) {
		for _, option := range o.extra.HintOptions[i] {
			if v, ok := strings.CutPrefix(option, "options="); ok {
				b.WriteString("<options>" + escape(v) + "</options>")
			} else if elementName.MatchString(option) {
				b.WriteString("<" + option + "/>")
			}
		}
	}
	o.element("hint", toMarkup(text), b.String())
}

// tags carry what Moodle has no field for. It cuts long ones, so those of our
// own that it would cut are losses.
func (o *output) tags() {
	all := append(tagsOf(o.c), o.notes...)
	if len(all) == 0 {
		return
	}
	o.line("<tags>")
	for _, t := range all {
		o.line("  <tag><text>" + escape(t) + "</text></tag>")
		if n := utf8.RuneCountInString(t); n > maxTag {
			o.lose("questionbank.moodlexml.lost_tag", maxTag, t)
		}
	}
	o.line("</tags>")
}

func (o *output) line(s string) { o.b.WriteString("    " + s + "\n") }

// escape is for text in elements and attributes; characters that XML cannot
// hold are left out.
func escape(s string) string { return html.EscapeString(strings.Map(allowed, s)) }

func allowed(r rune) rune {
	if r == '\t' || r == '\n' || r >= 0x20 && r != utf8.RuneError && r < 0xfffe || r >= 0x10000 {
		return r
	}
	return -1
}
