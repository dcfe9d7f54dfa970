package gift

import (
	"html"
	"regexp"
	"strings"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// format is how a text is written; answers and feedback inherit the stem's.
type format string

const (
	auto     format = "moodle" // plain, with HTML and entities where it likes
	htmlText format = "html"
	plain    format = "plain"
	markdown format = "markdown"
)

var formatMark = regexp.MustCompile(`^\[(?i:(html|moodle|plain|markdown))\]`)

// formatOf reads "[html]" before a text.
func formatOf(text string, inherited format) (format, string) {
	text = strings.TrimSpace(text)
	if m := formatMark.FindStringSubmatch(text); m != nil {
		return format(strings.ToLower(m[1])), strings.TrimSpace(text[len(m[0]):])
	}
	return inherited, text
}

// toText reads a text whose escapes are released.
func (f format) toText(text string) rich.Text {
	switch f {
	case plain:
		return rich.PlainToText(text)
	case markdown:
		return fromMarkdown(text)
	case htmlText:
		return rich.FromHTML(text, nil)
	}
	if !looksHTML(text) {
		return rich.PlainToText(unescapeEntities(text))
	}
	if !blockTag.MatchString(text) {
		text = strings.ReplaceAll(text, "\n", "<br>")
	}
	if t := rich.FromHTML(text, nil); t.Markdown != "" || len(t.Lost) > 0 {
		return t
	}
	return rich.PlainToText(text) // "Tag mana yang …?": the tag itself is meant
}

var (
	blockTag  = regexp.MustCompile(`(?i)<(?:p|div|br|table|ul|ol|pre|h[1-6]|li)\b`)
	loneTag   = regexp.MustCompile(`(?i)<(?:br|hr|img)\b[^<>]*>`)
	pairedTag = regexp.MustCompile(`(?i)</(?:p|div|span|b|i|u|em|strong|code|tt|pre|sub|sup|a|ul|ol|li|table|tr|td|th|h[1-6]|font|center|small|big|blockquote|script|iframe|audio|video)\s*>`)
	entity    = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
)

// looksHTML tells a text with marks from one that speaks of tags: "<br>" stands
// alone, others need their end.
func looksHTML(text string) bool { return loneTag.MatchString(text) || pairedTag.MatchString(text) }

// unescapeEntities reads whole entities only: "a&copy=1" is none.
func unescapeEntities(text string) string {
	return entity.ReplaceAllStringFunc(text, html.UnescapeString)
}

var (
	picture   = regexp.MustCompile(`!\[([^\]]*)\]\(([^)\s]*)[^)]*\)`)
	hardBreak = regexp.MustCompile(` {2,}\n`)
)

// fromMarkdown keeps Markdown as it is, but for pictures: GIFT brings no files.
func fromMarkdown(text string) rich.Text {
	var t rich.Text
	t.Markdown = picture.ReplaceAllStringFunc(strings.TrimSpace(text), func(m string) string {
		parts := picture.FindStringSubmatch(m)
		t.Lost = append(t.Lost, "img "+strings.TrimPrefix(parts[2], "media:"))
		return parts[1]
	})
	t.Markdown = hardBreak.ReplaceAllString(t.Markdown, "\\\n")
	return t
}

var anyTag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// typed reads an answer that a participant types, where marks mean nothing.
func (f format) typed(text string) string {
	if f == htmlText {
		text = unescapeEntities(anyTag.ReplaceAllString(text, ""))
	}
	return strings.Join(strings.Fields(text), " ")
}

// option reads an option. One of HTML that shows nothing was meant as a text
// about HTML; shown tells so.
func (f format) option(text string) (o questionbank.Option, t rich.Text, shown bool) {
	t = f.toText(text)
	if f == htmlText && t.Markdown == "" && len(t.Lost) == 0 && text != "" {
		t, shown = rich.PlainToText(text), true
	}
	return rich.Option(t), t, shown
}

// The writer's side: each text is written in the first way that reads back as
// it was.

// write writes Markdown for a place that inherits a format, with escapes.
func (f format) write(md string) string {
	for _, way := range f.ways(md) {
		if !strings.Contains(way.text, arrow) && way.format.toText(way.text).Markdown == md {
			return way.mark(f) + escape(way.text)
		}
	}
	return way{markdown, noArrow(md)}.mark(f) + escape(noArrow(md))
}

// writeOption is write for an option.
func (f format) writeOption(o questionbank.Option) string {
	md := rich.OptionMarkdown(o)
	for _, way := range f.ways(md) {
		if got, _, _ := way.format.option(way.text); !strings.Contains(way.text, arrow) && got.Text == o.Text && got.Rich == o.Rich {
			return way.mark(f) + escape(way.text)
		}
	}
	return way{markdown, noArrow(md)}.mark(f) + escape(noArrow(md))
}

// arrow would make pairs of whatever stands around it. Nothing escapes it, but
// HTML has another way to write it, and Markdown does not mind a backslash.
const arrow = "->"

func noArrow(md string) string { return strings.ReplaceAll(md, arrow, `-\>`) }

// way is one way to write a text.
type way struct {
	format format
	text   string
}

// mark names the format where it is not the inherited one, or where the text
// itself begins like a name.
func (w way) mark(inherited format) string {
	if w.format == inherited && !formatMark.MatchString(w.text) {
		return ""
	}
	return "[" + string(w.format) + "]"
}

func (f format) ways(md string) []way {
	text, formatted := questionbank.Plain(md), rich.ToHTML(md, nil)
	ways := []way{{auto, text}, {plain, text}, {htmlText, formatted}, {markdown, md}}
	if f == htmlText || f == markdown {
		ways[0] = way{f, map[format]string{htmlText: formatted, markdown: md}[f]}
	}
	return ways
}

var asHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// writeTyped writes an answer that a participant types.
func (f format) writeTyped(text string) string {
	coded := asHTML.Replace(text)
	for _, w := range []way{{f, text}, {plain, text}, {htmlText, coded}} {
		if !strings.Contains(w.text, arrow) && w.format.typed(w.text) == text {
			return w.mark(f) + escape(w.text)
		}
	}
	return "[plain]" + escape(text)
}
