package moodlexml

import (
	"html"
	"regexp"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/rich"
	"cakap/questionbank/format/tree"
)

// text is an element that holds a <text> and perhaps files, as Markdown. What
// is lost of it becomes a warning on the field.
func (q *question) text(n *tree.Node, field string) rich.Text {
	if n == nil {
		return rich.Text{}
	}
	return q.formatted(n, source(n), field)
}

// formatted converts a text that stands in n, whose files it may name.
func (q *question) formatted(n *tree.Node, source, field string) rich.Text {
	files := q.filesOf(n, field)
	t := q.convert(n, source, field, files)
	if strings.TrimSpace(source) != "" {
		files.unused()
	}
	return t
}

// longestText is the most bytes a text may have without its pictures; no item
// of ours can hold as much.
const longestText = 128 << 10

// convert is formatted for one of the texts that share an element's files.
func (q *question) convert(n *tree.Node, source, field string, files *files) rich.Text {
	if n := strings.Count(source, ";base64,"); n > most {
		source = ""
		q.reject(files.n, "questionbank.moodlexml.too_many", field, "data:", n, most)
	}
	source = files.data(strings.TrimSpace(source))
	switch {
	case source == "":
		return rich.Text{}
	case len(source) > longestText:
		q.reject(n, "questionbank.moodlexml.text_long", field, longestText>>10, len(source)>>10)
		return rich.Text{}
	}
	var t rich.Text
	switch format(n, source) {
	case "markdown":
		t = q.fromMarkdown(source, files)
	case "plain_text":
		t = rich.PlainToText(source)
	case "moodle_auto_format":
		t = q.fromHTML(strings.ReplaceAll(source, "\n", "<br>\n"), files)
	default:
		t = q.fromHTML(source, files)
	}
	for _, image := range t.Images {
		q.describe(image.Name, image.Alt)
	}
	for _, lost := range t.Lost {
		q.warn(n, "questionbank.moodlexml.lost", field, lost)
	}
	if formula.MatchString(source) {
		q.warnOnce(n, "questionbank.moodlexml.formula", field)
	}
	return t
}

// formula is TeX as Moodle's filters take it; we show it as it is written.
var formula = regexp.MustCompile(`(?s)\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$`)

// source is the text of an element. Markup that nobody escaped is part of it.
func source(n *tree.Node) string { return unmarked.Replace(markupIn(n)) }

// unmarked takes out the marks of held gaps, which only readers may write.
var unmarked = strings.NewReplacer("\ue000", "", "\ue001", "")

func markupIn(n *tree.Node) string {
	t := n.Find("text")
	if t == nil {
		if len(n.Elements()) > 0 {
			return ""
		}
		t = n
	}
	if len(t.Elements()) > 0 {
		return t.Inner()
	}
	return t.Content()
}

// plain is the text of an element that Moodle shows as it is written.
func plain(n *tree.Node) string {
	if n == nil {
		return ""
	}
	return strings.Join(strings.Fields(source(n)), " ")
}

var anyTag = regexp.MustCompile(`</?[A-Za-z][^>]*>|&[#A-Za-z0-9]+;`)

// format is the element's, where it says one; Moodle's own format lets lines be
// lines where there is no markup.
func format(n *tree.Node, source string) string {
	switch f := strings.TrimSpace(n.Get("format")); f {
	case "html", "plain_text", "markdown":
		return f
	case "plain":
		return "plain_text"
	}
	if blockTag.MatchString(source) {
		return "html"
	}
	if !anyTag.MatchString(source) && !strings.Contains(source, "<") {
		return "plain_text"
	}
	return "moodle_auto_format"
}

var blockTag = regexp.MustCompile(`(?i)<(p|br|div|ul|ol|table)[ />]`)

func (q *question) fromHTML(source string, files *files) rich.Text {
	return rich.FromHTML(files.players(source), files.name)
}

var (
	code        = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	rawTag      = regexp.MustCompile(`(\\?)<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*>`)
	markdownImg = regexp.MustCompile(`!\[([^\]]*)\]\(\s*<?([^)\s">]*)>?[^)]*\)`)
)

// fromMarkdown keeps Markdown as it is: ours is Markdown too. HTML within it
// would vanish when it is shown, so its text stays and its tags are named.
func (q *question) fromMarkdown(source string, files *files) rich.Text {
	t := rich.Text{}
	source = strings.ReplaceAll(source, "\r\n", "\n")
	t.Markdown = outsideCode(source, func(part string) string {
		part = rawTag.ReplaceAllStringFunc(part, func(tag string) string {
			m := rawTag.FindStringSubmatch(tag)
			switch {
			case m[1] != "":
				return tag
			case strings.EqualFold(m[3], "br"):
				return "\\\n"
			case strings.EqualFold(m[3], "img"):
				made := rich.FromHTML(tag, files.name)
				t.Lost, t.Images = append(t.Lost, made.Lost...), append(t.Images, made.Images...)
				return made.Markdown
			case m[2] == "" && !harmless[strings.ToLower(m[3])]:
				t.Lost = append(t.Lost, m[3])
			}
			return ""
		})
		return markdownImg.ReplaceAllStringFunc(part, func(img string) string {
			m := markdownImg.FindStringSubmatch(img)
			if name, ours := strings.CutPrefix(m[2], "media:"); ours && q.has(name) {
				return img // a tag that was turned just now
			}
			made := rich.FromHTML(`<img src="`+html.EscapeString(m[2])+`" alt="`+html.EscapeString(questionbank.Plain(m[1]))+`">`, files.name)
			t.Lost, t.Images = append(t.Lost, made.Lost...), append(t.Images, made.Images...)
			return made.Markdown
		})
	})
	return t
}

// harmless elements only group or dress what stays.
var harmless = map[string]bool{"p": true, "div": true, "span": true, "b": true, "i": true, "em": true, "strong": true, "u": true}

// outsideCode applies change to what is no code.
func outsideCode(source string, change func(string) string) string {
	var b strings.Builder
	at := 0
	for _, span := range code.FindAllStringIndex(source, -1) {
		b.WriteString(change(source[at:span[0]]) + source[span[0]:span[1]])
		at = span[1]
	}
	return b.String() + change(source[at:])
}

var nameTag = regexp.MustCompile(`(?i)</?(strong|b|i|em|u|s|span|p|br|div|sub|sup|code|font|h[1-6])(\s[^>]*)?/?>`)

// title is a question's name without markup; "x > 1 & x < 2" stays.
func title(n *tree.Node) string {
	return html.UnescapeString(nameTag.ReplaceAllString(plain(n), ""))
}

// warn notes what is not as the file has it, with its line.
func (q *question) warn(n *tree.Node, key, field string, args ...any) {
	q.item.Warnings = append(q.item.Warnings, fault.New(fault.Invalid, key, args...).On(field).Place(place(n)))
}

// warnOnce is warn for what may be so in many places of a question.
func (q *question) warnOnce(n *tree.Node, key, field string) {
	if !q.said[key] {
		q.said[key] = true
		q.warn(n, key, field)
	}
}

func (q *question) reject(n *tree.Node, key, field string, args ...any) {
	q.item.Rejects = append(q.item.Rejects, fault.New(fault.Invalid, key, args...).On(field).Place(place(n)))
}

func place(n *tree.Node) string { return tree.Place(n.Line) }
