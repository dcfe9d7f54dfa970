package text

import (
	"html"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// Picture is an image in a line.
type Picture struct {
	Name string // as the item's texts call it
	Alt  string
	Data []byte
}

// Span is a run of text in one style, or a picture or a table.
type Span struct {
	Text    string
	Bold    bool
	Italic  bool
	Mark    bool     // highlighted or coloured, as authors mark the right option; never shown
	Script  int      // 1 raised, −1 lowered
	Picture *Picture // instead of Text
	HTML    string   // a table, instead of Text

	Pictures []*Picture // in the table
}

// Line is a line or paragraph of a document, an empty one where Spans is.
type Line struct {
	Spans []Span
	At    string         // "baris 12", "paragraf 14", "tabel 2 baris 3"
	Soft  bool           // goes on in the paragraph of the line before
	Label string         // the number or letter that Word counted for it: "3.", "B)"
	Notes []*fault.Fault // what the reader of the document had to leave out here
	Draft *Draft         // instead of Spans: a question that the reader found by itself
}

// Plain is a line without styles.
func Plain(s, at string) Line {
	if s == "" {
		return Line{At: at}
	}
	return Line{Spans: []Span{{Text: s}}, At: at}
}

// object stands in a line's string for a picture or a table.
const object = "\ufffc"

var spaces = strings.NewReplacer(
	"\u00a0", " ", "\u2007", " ", "\u202f", " ", "\u2002", " ", "\u2003", " ", "\u2009", " ", "\u3000", " ", "\v", " ", "\f", " ",
	"\u200b", "", "\u2060", "", "\ufeff", "", "\u00ad", "", "\u200e", "", "\u200f", "", object, "")

// tidy makes every kind of space an ordinary one.
func (l Line) tidy() Line {
	spans := make([]Span, 0, len(l.Spans)+1)
	if l.Label != "" {
		spans = append(spans, Span{Text: l.Label + " "})
	}
	for _, s := range l.Spans {
		s.Text = spaces.Replace(s.Text)
		if s.Text != "" || s.Picture != nil || s.HTML != "" {
			spans = append(spans, s)
		}
	}
	l.Spans = spans
	return l
}

// String is the line's text; offsets into it are what cut and Tail take.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.string())
	}
	return b.String()
}

func (s Span) string() string {
	if s.Picture != nil || s.HTML != "" {
		return object
	}
	return s.Text
}

// Blank reports whether nothing stands in the line.
func (l Line) Blank() bool { return l.Draft == nil && strings.TrimSpace(l.String()) == "" }

// cut is the part of a line between two offsets into its string.
func (l Line) cut(from, to int) Line {
	out := l
	out.Spans = nil
	at := 0
	for _, s := range l.Spans {
		text := s.string()
		lo, hi := max(from-at, 0), min(to-at, len(text))
		at += len(text)
		if lo >= hi {
			continue
		}
		if s.Picture == nil && s.HTML == "" {
			s.Text = text[lo:hi]
		}
		out.Spans = append(out.Spans, s)
	}
	return out
}

// Head is the line up to an offset.
func (l Line) Head(to int) Line { return l.cut(0, to) }

// Tail is the line from an offset on.
func (l Line) Tail(from int) Line { return l.cut(from, len(l.String())) }

// all reports whether every letter of the line has a property, and it has any.
func (l Line) all(is func(Span) bool) bool {
	found := false
	for _, s := range l.Spans {
		if strings.TrimSpace(s.Text) == "" {
			continue
		}
		if !is(s) {
			return false
		}
		found = true
	}
	return found
}

// html is the line for the converter that makes Markdown of it.
func (l Line) html() string {
	var b strings.Builder
	for _, s := range l.joined() {
		b.WriteString(s.html())
	}
	return b.String()
}

// joined puts neighbours of one style together: Word cuts runs anywhere.
func (l Line) joined() []Span {
	var out []Span
	for _, s := range l.Spans {
		s.Mark = false
		if n := len(out); n > 0 && s.Picture == nil && s.HTML == "" && out[n-1].Picture == nil && out[n-1].HTML == "" {
			if last := out[n-1]; last.Bold == s.Bold && last.Italic == s.Italic && last.Script == s.Script {
				out[n-1].Text += s.Text
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

func (s Span) html() string {
	switch {
	case s.HTML != "":
		return s.HTML
	case s.Picture != nil:
		return `<img src="` + mediaScheme + html.EscapeString(s.Picture.Name) + `" alt="` + html.EscapeString(s.Picture.Alt) + `">`
	}
	out := html.EscapeString(s.Text)
	switch {
	case s.Script > 0:
		out = "<sup>" + out + "</sup>"
	case s.Script < 0:
		out = "<sub>" + out + "</sub>"
	}
	if strings.TrimSpace(s.Text) == "" {
		return out
	}
	if s.Italic {
		out = "<i>" + out + "</i>"
	}
	if s.Bold {
		out = "<b>" + out + "</b>"
	}
	return out
}

const mediaScheme = "media:"

// maxBreaks is how many lines a paragraph may have; the converter copies it at
// each break.
const maxBreaks = 200

// HTML is lines as markup: paragraphs, and breaks in them. Only this package
// and docx, for the cells of a table, want it.
func HTML(lines []Line) string {
	var b strings.Builder
	open, breaks := false, 0
	for _, l := range lines {
		if breaks++; breaks > maxBreaks {
			l.Soft, breaks = false, 0
		}
		if l.Blank() {
			if open {
				b.WriteString("</p>")
			}
			open = false
			continue
		}
		switch {
		case open && l.Soft:
			b.WriteString("<br>")
		case open:
			b.WriteString("</p><p>")
		default:
			b.WriteString("<p>")
		}
		open = true
		b.WriteString(l.html())
	}
	if open {
		b.WriteString("</p>")
	}
	return b.String()
}

// markdown is lines as a text of ours.
func markdown(lines []Line) rich.Text {
	return rich.FromHTML(HTML(lines), func(src string) string { return strings.TrimPrefix(src, mediaScheme) })
}

// plain is lines as one string.
func plain(lines []Line) string {
	var parts []string
	for _, l := range lines {
		if s := strings.TrimSpace(l.String()); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

// pictures is every picture in lines.
func pictures(lines []Line) []Picture {
	var found []Picture
	for _, l := range lines {
		for _, s := range l.Spans {
			if s.Picture != nil {
				found = append(found, *s.Picture)
			}
			for _, p := range s.Pictures {
				found = append(found, *p)
			}
		}
	}
	return found
}

func empty(lines []Line) bool {
	for _, l := range lines {
		if strings.TrimSpace(l.String()) != "" {
			return false
		}
	}
	return true
}

// ending is the last line that has a text.
func ending(lines []Line) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if s := strings.TrimSpace(lines[i].String()); s != "" {
			return s
		}
	}
	return ""
}

// trim drops empty lines at both ends.
func trim(lines []Line) []Line {
	for len(lines) > 0 && lines[0].Blank() {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1].Blank() {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// short is the beginning of a text, for a message.
func short(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, object, "")), " ")
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}

// media lists the pictures as an item names them, each once.
func media(found []Picture) ([]questionbank.Media, []questionbank.File) {
	var list []questionbank.Media
	var files []questionbank.File
	seen := map[string]int{}
	for _, p := range found {
		if i, twice := seen[p.Name]; twice {
			if list[i].Alt == "" {
				list[i].Alt = p.Alt
			}
			continue
		}
		seen[p.Name] = len(list)
		list = append(list, questionbank.Media{Name: p.Name, Alt: p.Alt})
		files = append(files, questionbank.File{Name: p.Name, Data: p.Data})
	}
	return list, files
}
