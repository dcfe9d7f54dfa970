package tcexam

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
	"cakap/scoring"
)

// noteName is the element of a question that only Cakap reads.
const noteName = "cakap"

// carried is what it holds.
type carried struct {
	Code    string               `json:"code,omitempty"`
	Content questionbank.Content `json:"content"`
}

// kinds are the types that TCExam has.
var kinds = map[questionbank.Type]string{
	questionbank.Single: "single", questionbank.TrueFalse: "single", questionbank.Multiple: "multiple",
	questionbank.Order: "ordering", questionbank.Short: "text", questionbank.Essay: "text",
}

// writing is a file being written.
type writing struct {
	b      bytes.Buffer
	losses []*fault.Fault
	code   string // of the item at hand
}

func write(w io.Writer, bank questionbank.Export) ([]*fault.Fault, error) {
	f := &writing{}
	f.b.WriteString(xml.Header + "<tcexamquestions version=\"14.0.0\">\n\t<header lang=\"id\"></header>\n\t<body>\n")
	var module, subject string
	open := false
	for _, item := range bank.Items {
		f.code = item.Code
		if !f.can(item.Content) {
			continue
		}
		m, s := place(item.Content.Category)
		if !open || m != module || s != subject {
			f.close(open)
			f.section(m, s, about(item.Content))
			module, subject, open = m, s, true
		}
		f.question(item)
	}
	f.close(open)
	f.b.WriteString("\t</body>\n</tcexamquestions>\n")
	if _, err := f.b.WriteTo(w); err != nil {
		return f.losses, fmt.Errorf("write questions: %w", err)
	}
	return f.losses, nil
}

func (f *writing) lose(key string, args ...any) {
	l := fault.New(fault.Unsupported, key, args...).Place(f.code)
	if !slices.ContainsFunc(f.losses, func(g *fault.Fault) bool { return g.Error() == l.Error() }) {
		f.losses = append(f.losses, l)
	}
}

// can reports whether TCExam can ask the item at all.
func (f *writing) can(c questionbank.Content) bool {
	if kinds[c.Type] == "" || len(c.Interactions) != 1 {
		f.lose("questionbank.tcexam.skipped", string(c.Type))
		return false
	}
	return true
}

// place is the module and the subject of a category.
func place(category string) (module, subject string) {
	module, subject, _ = strings.Cut(category, "/")
	return cmp.Or(module, "Cakap"), cmp.Or(subject, "Soal")
}

func kept(c questionbank.Content) extra {
	var e extra
	if err := json.Unmarshal(c.Ext["tcexam"], &e); err != nil {
		return extra{}
	}
	return e
}

func about(c questionbank.Content) string { return kept(c).Subject }

func (f *writing) close(open bool) {
	if open {
		f.b.WriteString("\t\t\t</subject>\n\t\t</module>\n")
	}
}

func (f *writing) section(module, subject, about string) {
	f.b.WriteString("\t\t<module>\n")
	f.line(3, "name", module)
	f.line(3, "enabled", "true")
	f.b.WriteString("\t\t\t<subject>\n")
	f.line(4, "name", subject)
	f.line(4, "description", about)
	f.line(4, "enabled", "true")
}

// line is one element with its text, as TCExam lays them out.
func (f *writing) line(depth int, name, text string) {
	f.b.WriteString(strings.Repeat("\t", depth) + "<" + name + ">" + escape(text) + "</" + name + ">\n")
}

// readable writes what XML may hold as it is without the numbers that EscapeText
// puts there.
var readable = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&#xA;", "\n", "&#x9;", "\t")

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a string builder never refuses
	}
	return readable.Replace(b.String())
}

func (f *writing) question(item questionbank.Exported) {
	c := item.Content
	in := c.Interactions[0]
	begin := f.b.Len()
	e := kept(c)
	f.b.WriteString("\t\t\t\t<question>\n")
	f.line(5, "enabled", strconv.FormatBool(!e.Disabled))
	f.line(5, "type", kinds[c.Type])
	f.line(5, "difficulty", f.difficulty(c.Worth))
	f.line(5, "position", e.Position)
	f.line(5, "timer", strconv.Itoa(c.Seconds))
	f.line(5, "fullscreen", strconv.FormatBool(e.Fullscreen))
	f.line(5, "inline_answers", strconv.FormatBool(e.Inline))
	f.line(5, "auto_next", strconv.FormatBool(e.Next))
	stem := c.Stem
	if c.Stimulus != "" {
		stem = c.Stimulus + "\n\n" + stem
	}
	f.line(5, "description", f.coded(stem))
	f.line(5, "explanation", f.coded(c.Rationale))
	f.answers(c, in)
	f.rules(c, in)
	const end = "\t\t\t\t</question>\n"
	if len(c.Media) == 0 { // pictures stay behind, and an item without them is another
		f.note(item, f.b.Bytes()[begin:], end)
	}
	f.b.WriteString(end)
}

// difficulty is the factor of the points, of which TCExam knows whole ones.
func (f *writing) difficulty(worth scoring.Micro) string {
	n := worth / scoring.Point
	switch {
	case worth == 0:
		return "1"
	case worth%scoring.Point != 0 || n < 1 || n > 10:
		f.lose("questionbank.tcexam.worth")
		return strconv.FormatInt(int64(min(max(n, 1), 10)), 10)
	}
	return strconv.FormatInt(int64(n), 10)
}

func (f *writing) coded(markdown string) string {
	return coded(markdown, func(name, alt string) string {
		f.lose("questionbank.tcexam.media", name)
		return alt
	}, func(what string) { f.lose("questionbank.tcexam.layout", what) })
}

func (f *writing) answers(c questionbank.Content, in questionbank.Interaction) {
	switch in.Kind {
	case questionbank.TextKind:
		for _, t := range in.Texts {
			if t.Wild || t.Points != scoring.Point || t.Case {
				f.lose("questionbank.tcexam.text", t.Text)
			}
			if t.Wild || t.Points != scoring.Point {
				continue
			}
			f.answer(true, 0, t.Text, f.coded(t.Reason))
		}
	case questionbank.OrderKind:
		for place, id := range in.Correct {
			i := slices.IndexFunc(in.Options, func(o questionbank.Option) bool { return o.ID == id })
			if i >= 0 {
				f.answer(true, place+1, f.coded(rich.OptionMarkdown(in.Options[i])), f.coded(in.Options[i].Reason))
			}
		}
	default:
		for i, o := range in.Options {
			position := 0
			if !in.Shuffle {
				position = i + 1
			}
			f.answer(slices.Contains(in.Correct, o.ID), position, f.coded(rich.OptionMarkdown(o)), f.coded(o.Reason))
		}
	}
}

func (f *writing) answer(right bool, position int, description, explanation string) {
	f.b.WriteString("\t\t\t\t\t<answer>\n")
	f.line(6, "enabled", "true")
	f.line(6, "isright", strconv.FormatBool(right))
	at := ""
	if position > 0 {
		at = strconv.Itoa(position)
	}
	f.line(6, "position", at)
	f.line(6, "keyboard_key", "")
	f.line(6, "description", description)
	f.line(6, "explanation", explanation)
	f.b.WriteString("\t\t\t\t\t</answer>\n")
}

// rules says what TCExam decides otherwise.
func (f *writing) rules(c questionbank.Content, in questionbank.Interaction) {
	switch in.Rule {
	case scoring.AllOrNothing, scoring.OrderExact, scoring.TextList, scoring.Manual:
	default:
		f.lose("questionbank.tcexam.partial", string(in.Rule))
	}
	if c.Feedback != nil || len(c.Rubric) > 0 {
		f.lose("questionbank.tcexam.feedback")
	}
}

// note adds what only Cakap understands to a question that is written so far.
func (f *writing) note(item questionbank.Exported, sofar []byte, end string) {
	n, err := tree.Parse(append(slices.Clone(sofar), end...))
	if err != nil {
		return // then the question stands for itself
	}
	data, err := json.Marshal(carried{Code: item.Code, Content: item.Content})
	if err != nil {
		return
	}
	f.b.WriteString("\t\t\t\t\t<" + noteName + ` version="1" fingerprint="` + fingerprint(n) + `">` + escape(string(data)) + "</" + noteName + ">\n")
}

// fingerprint is a hash of what a question says, without the note and without
// regard to white space between elements.
func fingerprint(question *tree.Node) string {
	var b strings.Builder
	question.Walk(func(n *tree.Node) bool {
		switch {
		case n.Name == noteName:
			return false
		case n.Name != "":
			b.WriteString("<" + n.Name + ">")
		case strings.TrimSpace(n.Text) != "":
			b.WriteString(strings.Join(strings.Fields(n.Text), " "))
		}
		return true
	})
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// restore takes what the note says, where the question is as it was written.
func (s source) restore(item *questionbank.ParsedItem) {
	if s.note == nil || s.note.Get("version") != "1" || s.note.Get("fingerprint") == "" || s.note.Get("fingerprint") != s.print {
		return
	}
	var c carried
	if err := json.Unmarshal([]byte(s.note.Content()), &c); err != nil || kinds[c.Content.Type] == "" || len(c.Content.Media) > 0 {
		return
	}
	item.Code, item.Type, item.Content = c.Code, string(c.Content.Type), c.Content
	item.Aspect = c.Content.Aspect()
	item.Rejects, item.Warnings, item.Files = nil, nil, nil
}
