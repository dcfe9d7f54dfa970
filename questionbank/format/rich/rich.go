// Package rich carries formatted text between the HTML of other systems and
// the narrow Markdown of our items: bold, italic, code, lists, tables, line
// breaks and pictures of the item's own. What has no place in that is reported,
// never dropped in silence.
package rich

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cakap/questionbank"
)

// Text is a converted text.
type Text struct {
	Markdown string
	Images   []Image
	Lost     []string // elements whose meaning went: "script", "img https://…"
}

// Image is a picture, sound or film of the text that has a name.
type Image struct{ Src, Name, Alt string }

// FromHTML converts HTML as authors' tools write it. name gives each src the
// name of the item's medium; "" drops it, and Lost says so.
func FromHTML(source string, name func(src string) string) Text {
	c := converter{name: name}
	if len(source) > maxHTML {
		source = strings.ToValidUTF8(source[:maxHTML], "")
		c.lost("…")
	}
	if !strings.ContainsAny(source, "<&\r\x00") { // most options are no markup at all
		var b blocks
		b.text(source)
		return Text{Markdown: b.String(), Lost: c.text.Lost}
	}
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // nested deeper than any page is
		t := PlainToText(source)
		t.Lost = []string{"…"}
		return t
	}
	var b blocks
	c.flow(&b, nodes, 0)
	c.text.Markdown = b.String()
	return c.text
}

const (
	maxHTML  = 1 << 20
	maxDepth = 60
	maxLost  = 100 // after these, one "…" stands for all
)

// PlainToText is a plain text as Markdown; its lines stay lines.
func PlainToText(plain string) Text {
	lines := strings.Split(strings.ReplaceAll(plain, "\r\n", "\n"), "\n")
	var b blocks
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			b.close()
			continue
		}
		if i > 0 && b.open() {
			b.lineBreak()
		}
		b.inline(escape(strings.TrimSpace(line)))
	}
	return Text{Markdown: b.String()}
}

// Option is a text as an option: plain where it is one line without marks.
func Option(t Text) questionbank.Option {
	plain := questionbank.Plain(t.Markdown)
	if escape(plain) == t.Markdown {
		return questionbank.Option{Text: plain}
	}
	return questionbank.Option{Text: t.Markdown, Rich: t.Markdown != ""}
}

// OptionMarkdown is an option's text as Markdown, rich or not.
func OptionMarkdown(o questionbank.Option) string {
	if o.Rich {
		return o.Text
	}
	return escape(o.Text)
}

var (
	entity    = regexp.MustCompile(`&(#?[0-9A-Za-z]{1,31};)`)
	lineStart = regexp.MustCompile(`^([-+>=~|]|[0-9]{1,9}[.)])`)
)

// escape writes plain text so that nothing in it is taken for Markdown, at the
// beginning of a line either.
func escape(plain string) string {
	s := entity.ReplaceAllString(questionbank.Markdown(plain), `\&$1`)
	return lineStart.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + `\` + m[len(m)-1:] })
}

type converter struct {
	name func(string) string
	text Text
}

func (c *converter) lost(what string) {
	if len(c.text.Lost) >= maxLost {
		what = "…"
	}
	if !slices.Contains(c.text.Lost, what) {
		c.text.Lost = append(c.text.Lost, what)
	}
}

// flow writes nodes that may be blocks.
func (c *converter) flow(b *blocks, nodes []*html.Node, depth int) {
	if depth > maxDepth {
		c.lost("…")
		return
	}
	for _, n := range nodes {
		c.node(b, n, depth)
	}
}

func (c *converter) children(b *blocks, n *html.Node, depth int) {
	var all []*html.Node
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		all = append(all, k)
	}
	c.flow(b, all, depth+1)
}

func (c *converter) node(b *blocks, n *html.Node, depth int) {
	switch n.Type {
	case html.TextNode:
		b.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	switch n.Data {
	case "br":
		b.lineBreak()
	case "hr":
		b.close()
	case "p", "div", "section", "article", "header", "footer", "center", "figure", "figcaption", "dl", "dt", "dd", "address", "caption", "details", "summary",
		"fieldset", "legend", "main", "aside", "rubricBlock", "rubricblock", "blockquote":
		b.close()
		c.children(b, n, depth)
		b.close()
	case "h1", "h2", "h3", "h4", "h5", "h6":
		b.close()
		c.marked(b, n, "**", depth)
		b.close()
	case "b", "strong":
		c.marked(b, n, "**", depth)
	case "i", "em", "cite", "dfn", "var":
		c.marked(b, n, "*", depth)
	case "code", "tt", "kbd", "samp":
		b.inline(codeSpan(content(n)))
	case "pre":
		b.fence(content(n))
	case "ul", "ol":
		c.list(b, n, depth)
	case "table":
		c.table(b, n, depth)
	case "sub", "sup":
		b.inline(escape(script(content(n), n.Data == "sup")))
	case "a":
		c.link(b, n, depth)
	case "img":
		c.medium(b, n, attr(n, "src"), attr(n, "alt"))
	case "audio", "video":
		c.player(b, n)
	case "object", "embed":
		src := attr(n, "data")
		if src == "" {
			src = attr(n, "src")
		}
		alt := attr(n, "alt")
		if alt == "" {
			alt = strings.TrimSpace(content(n))
		}
		c.medium(b, n, src, alt)
	case "script", "style", "iframe", "form", "input", "button", "select", "textarea", "svg", "canvas", "applet":
		if n.Data != "style" {
			c.lost(n.Data)
		}
	case "math":
		c.lost("math")
		b.inline(escape(strings.Join(strings.Fields(content(n)), " ")))
	default:
		c.children(b, n, depth)
	}
}

// marked surrounds an element's text with a mark; what is empty gets none, and
// an element that holds blocks is written without it.
func (c *converter) marked(b *blocks, n *html.Node, mark string, depth int) {
	var inner blocks
	c.children(&inner, n, depth)
	text := inner.String()
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		if content(n) != "" {
			b.text(" ")
		}
	case strings.Contains(trimmed, "\n\n") || strings.HasPrefix(trimmed, mark) && strings.HasSuffix(trimmed, mark):
		b.raw(text)
	default:
		if raw := content(n); strings.TrimLeft(raw, " \n\t\u00a0") != raw {
			b.text(" ")
		}
		b.inline(mark + trimmed + mark)
		if raw := content(n); strings.TrimRight(raw, " \n\t\u00a0") != raw {
			b.text(" ")
		}
	}
}

func (c *converter) link(b *blocks, n *html.Node, depth int) {
	c.children(b, n, depth)
	href := strings.TrimSpace(attr(n, "href"))
	if (strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://")) && !strings.Contains(content(n), href) {
		b.inline(escape(" (" + href + ")"))
	}
}

// player is the sources of a sound or film; the first that has a name is meant.
func (c *converter) player(b *blocks, n *html.Node) {
	sources := []string{attr(n, "src")}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type == html.ElementNode && k.Data == "source" {
			sources = append(sources, attr(k, "src"))
		}
	}
	for _, src := range sources {
		if src != "" {
			c.medium(b, n, src, attr(n, "title"))
			return
		}
	}
	c.lost(n.Data)
}

func (c *converter) medium(b *blocks, n *html.Node, src, alt string) {
	alt = strings.Join(strings.Fields(alt), " ")
	name := ""
	if src != "" && c.name != nil {
		name = c.name(src)
	}
	if name == "" {
		if len(src) > 80 {
			src = src[:80] + "…"
		}
		c.lost(strings.TrimSpace(n.Data + " " + src))
		if alt != "" {
			b.inline(escape(alt))
		}
		return
	}
	c.text.Images = append(c.text.Images, Image{Src: src, Name: name, Alt: alt})
	b.inline(questionbank.MediaLink(name, alt))
}

func (c *converter) list(b *blocks, n *html.Node, depth int) {
	b.close()
	number := 1
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type != html.ElementNode {
			continue
		}
		var inner blocks
		c.children(&inner, k, depth)
		mark := "- "
		if n.Data == "ol" {
			mark = strconv.Itoa(number) + ". "
		}
		if text := inner.String(); text != "" {
			b.item(mark, text)
			number++
		}
	}
	b.close()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// content is the text of an element and of what is in it.
func content(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		if depth > maxDepth {
			return
		}
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && n.Data == "br":
			b.WriteString("\n")
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k, depth+1)
		}
	}
	walk(n, 0)
	return b.String()
}

// longestQuote is how many backquotes stand in a row at most.
func longestQuote(code string) int {
	most, run := 0, 0
	for i := range len(code) {
		if run++; code[i] != '`' {
			run = 0
		}
		most = max(most, run)
	}
	return most
}

// codeSpan quotes code so that backquotes in it stay.
func codeSpan(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if code == "" {
		return ""
	}
	quote := strings.Repeat("`", 1+longestQuote(code))
	if len(quote) > 1 {
		return quote + " " + code + " " + quote
	}
	return quote + code + quote
}

var (
	raised  = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "n", "ⁿ", "(", "⁽", ")", "⁾")
	lowered = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋", "(", "₍", ")", "₎")
	digits  = regexp.MustCompile(`^[0-9+\-()]+$`)
)

// script writes H₂O and m² with the characters made for it, else in brackets.
func script(text string, up bool) string {
	text = strings.TrimSpace(text)
	switch {
	case up && (digits.MatchString(text) || text == "n"):
		return raised.Replace(text)
	case !up && digits.MatchString(text):
		return lowered.Replace(text)
	case text == "":
		return ""
	case up:
		return "^(" + text + ")"
	}
	return "_(" + text + ")"
}
