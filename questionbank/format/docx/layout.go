package docx

import (
	"html"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank/format/text"
)

// layout turns blocks into lines for package text: paragraphs as they are, and
// tables as the questions that somebody laid out in them.
type layout struct {
	lines   []text.Line
	skipped []*fault.Fault
	empties int
	emptyAt string
}

func (l *layout) blocks(blocks []block) {
	for _, b := range blocks {
		if b.table == nil {
			l.lines = append(l.lines, b.lines...)
			continue
		}
		l.table(b.table)
	}
}

// table tries the layouts, the most particular first.
func (l *layout) table(t *table) {
	announced := l.underKeys()
	if keys := t.keys(announced); keys != nil {
		l.lines = append(l.lines, keys...)
		return
	}
	drafts := akm(t)
	for _, read := range []func(*table) []*text.Draft{wide, labelled} {
		if drafts == nil {
			drafts = read(t)
		}
	}
	if drafts != nil {
		l.drafts(drafts)
		return
	}
	l.lines = append(l.lines, t.loose()...)
}

func (l *layout) drafts(drafts []*text.Draft) {
	for _, d := range drafts {
		if d.Empty() {
			l.empties++
			if l.emptyAt == "" {
				l.emptyAt = d.At
			}
			continue
		}
		l.lines = append(l.lines, text.Line{Draft: d, At: d.At})
	}
}

func (l *layout) messages() []*fault.Fault {
	if l.empties > 0 {
		l.skipped = append(l.skipped, fault.New(fault.Invalid, "questionbank.text.empty_numbers", l.empties).Place(l.emptyAt))
	}
	return l.skipped
}

var keysTitle = regexp.MustCompile(`(?i)^\s*(?:[A-Z\d]+\.\s*)?kunci\s+jawaban\b[^?]*$`)

// underKeys reports that the last paragraph announced a list of keys.
func (l *layout) underKeys() bool {
	for i := len(l.lines) - 1; i >= 0; i-- {
		if !l.lines[i].Blank() {
			return l.lines[i].Draft == nil && keysTitle.MatchString(l.lines[i].String())
		}
	}
	return false
}

// plain is a cell's text.
func (c cell) plain() string {
	var parts []string
	for _, l := range c.lines {
		if s := strings.TrimSpace(l.String()); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(strings.Join(parts, " "), "\u00a0", " "))
}

// word is a cell's text as the word lists have it; an automatic number counts
// as its text.
func (c cell) word() string {
	s := c.plain()
	if s == "" && len(c.lines) > 0 {
		s = c.lines[0].Label
	}
	return text.Word(s)
}

func (c cell) empty() bool { return c.plain() == "" }

// content is a cell's lines with the labels that Word counts, but for the
// first: that one numbers the cell, not its text.
func (c cell) content() []text.Line {
	out := make([]text.Line, 0, len(c.lines))
	filled := false
	for _, l := range c.lines {
		label := l.Label
		l.Label = ""
		if l.Blank() {
			out = append(out, text.Line{At: l.At, Notes: l.Notes})
			continue
		}
		if label != "" && filled {
			l.Spans = append([]text.Span{{Text: label + " "}}, l.Spans...)
		}
		filled = true
		out = append(out, l)
	}
	return out
}

// raw is a row as it stood, cells divided by tabs.
func (r row) raw() string {
	parts := make([]string, len(r.cells))
	for i, c := range r.cells {
		parts[i] = strings.ReplaceAll(c.plain(), "\ufffc", "")
	}
	return strings.TrimRight(strings.Join(parts, "\t"), "\t")
}

// skipped notes a row that is no question and no part of one.
func (r row) skipped() *fault.Fault {
	text := r.raw()
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:60]) + "…"
	}
	return fault.New(fault.Invalid, "questionbank.text.skipped", strings.Join(strings.Fields(text), " ")).Place(r.at)
}

func (r row) empty() bool { return strings.TrimSpace(r.raw()) == "" && !r.pictured() }

func (r row) pictured() bool {
	for _, c := range r.cells {
		if !c.empty() {
			return true
		}
	}
	return false
}

// line is the table as one line that shows it.
func (t *table) line() text.Line {
	var b strings.Builder
	out := text.Line{}
	b.WriteString("<table>")
	for i, r := range t.rows {
		if i == 0 {
			out.At = r.at
		}
		b.WriteString("<tr>")
		for _, c := range r.cells {
			b.WriteString("<td>")
			for j, l := range c.content() {
				out.Notes = append(out.Notes, l.Notes...)
				if j > 0 {
					b.WriteString(" ")
				}
				b.WriteString(cellHTML(l))
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	out.Spans = []text.Span{{HTML: b.String(), Pictures: t.pictures()}}
	return out
}

// cellHTML is one line of a cell; a table in it becomes its text.
func cellHTML(l text.Line) string {
	for _, s := range l.Spans {
		if s.HTML != "" {
			return html.EscapeString(strings.Join(strings.Fields(tags.ReplaceAllString(s.HTML, " ")), " "))
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(text.HTML([]text.Line{l}), "<p>"), "</p>")
}

var tags = regexp.MustCompile(`<[^>]*>`)

func (t *table) pictures() []*text.Picture {
	var found []*text.Picture
	for _, r := range t.rows {
		for _, c := range r.cells {
			for _, l := range c.lines {
				for _, s := range l.Spans {
					if s.Picture != nil {
						found = append(found, s.Picture)
					}
					found = append(found, s.Pictures...)
				}
			}
		}
	}
	return found
}

// loose is the rows of a table that is no layout of ours: lines where they
// carry numbers or letters, else a table to be shown.
func (t *table) loose() []text.Line {
	if len(t.rows) == 1 && len(t.rows[0].cells) == 1 {
		return t.rows[0].cells[0].lines // a frame around paragraphs
	}
	if lines := t.marked(); lines != nil {
		return lines
	}
	for _, r := range t.rows {
		if !r.empty() {
			return []text.Line{{At: r.at}, t.line(), {At: r.at}}
		}
	}
	return nil
}
