package tcexam

import (
	"html"
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cakap/questionbank/format/rich"
)

var (
	listItem = regexp.MustCompile(`(?i)\[\*\]([^\n]*)(\n|$)`)
	object   = regexp.MustCompile(`(?is)\[(?:object|img)(?:=[^\]]*)?\](.*?)\[/(?:object|img)((?::[^\]:]*)*)\]`)
	formula  = regexp.MustCompile(`(?is)\[(?:tex|mathml)\](.*?)\[/(?:tex|mathml)\]`)
	code     = regexp.MustCompile(`(?is)\[code\](.*?)\[/code\]`)
	link     = regexp.MustCompile(`(?is)\[url(?:=([^\]]*))?\](.*?)\[/url\]`)
	tag      = regexp.MustCompile(`(?i)\[(/?)(b|i|u|s|o|small|sub|sup|ulist|olist|li|color|bgcolor|size|font|align|dir)(=[^\]]*)?\]`)
	// Programs that make TCExam's files put HTML with pictures in them, which
	// TCExam itself would show as text.
	picture = regexp.MustCompile(`(?is)<img\s[^>]*src\s*=\s*["']?data:`)
)

// elements are HTML's for TCExam's codes; the rest only colours and sizes.
var elements = map[string]string{"b": "strong", "i": "em", "sub": "sub", "sup": "sup", "ulist": "ul", "olist": "ol", "li": "li"}

// markup writes coded text as HTML. lost is told what has no place in it.
func markup(coded string, lost func(what string)) string {
	s := strings.TrimSpace(strings.ReplaceAll(coded, "\r\n", "\n"))
	if !picture.MatchString(s) {
		s = html.EscapeString(s)
	}
	s = listItem.ReplaceAllString(s, "[li]$1[/li]")
	s = formula.ReplaceAllStringFunc(s, func(m string) string {
		lost("tex")
		return formula.FindStringSubmatch(m)[1]
	})
	s = object.ReplaceAllStringFunc(s, func(m string) string {
		parts := object.FindStringSubmatch(m)
		alt := ""
		if after := strings.Split(parts[2], ":"); len(after) > 3 { // ":width:height:alt"
			alt = after[3]
		}
		return `<img src="` + strings.TrimSpace(parts[1]) + `" alt="` + alt + `">`
	})
	s = code.ReplaceAllStringFunc(s, func(m string) string {
		text := code.FindStringSubmatch(m)[1]
		if strings.Contains(text, "\n") {
			return "<pre>" + strings.ReplaceAll(text, "\n", "&#10;") + "</pre>"
		}
		return "<code>" + text + "</code>"
	})
	s = link.ReplaceAllStringFunc(s, func(m string) string {
		parts := link.FindStringSubmatch(m)
		href := parts[1]
		if href == "" {
			href = parts[2]
		}
		return `<a href="` + href + `">` + parts[2] + "</a>"
	})
	s = tag.ReplaceAllStringFunc(s, func(m string) string {
		parts := tag.FindStringSubmatch(m)
		if name := elements[strings.ToLower(parts[2])]; name != "" {
			return "<" + parts[1] + name + ">"
		}
		return ""
	})
	s = strings.ReplaceAll(emptyLine.ReplaceAllString(s, "<p>"), "\n", "<br>")
	return breaks.ReplaceAllString(s, "$1")
}

var (
	emptyLine = regexp.MustCompile(`\n[ \t]*\n\s*`)
	// The line breaks around lists say nothing.
	breaks = regexp.MustCompile(`(?:<br>)*(</?(?:ul|ol|li|pre)>)(?:<br>)*`)
)

// coded writes Markdown in TCExam's codes. lost is told what has no place.
func coded(markdown string, object func(name, alt string) string, lost func(what string)) string {
	source := rich.ToHTML(markdown, nil)
	nodes, err := xhtml.ParseFragment(strings.NewReader(source), &xhtml.Node{Type: xhtml.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // only a reader's error can be one, and a string has none
		return markdown
	}
	c := coder{object: object, lost: lost}
	for i, n := range nodes { // they have no siblings any more
		if n.Type == xhtml.TextNode && strings.TrimSpace(n.Data) == "" && i > 0 && structural[nodes[i-1].Data] {
			continue
		}
		c.node(n)
	}
	text := strings.TrimSpace(c.out.String())
	return blank.ReplaceAllString(text, "\n\n")
}

var blank = regexp.MustCompile(`\n{3,}`)

type coder struct {
	out    strings.Builder
	object func(name, alt string) string
	lost   func(string)
}

func (c *coder) around(before string, n *xhtml.Node, after string) {
	c.out.WriteString(before)
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		c.node(k)
	}
	c.out.WriteString(after)
}

func (c *coder) node(n *xhtml.Node) {
	if n.Type == xhtml.TextNode {
		c.text(n)
		return
	}
	if n.Type != xhtml.ElementNode {
		return
	}
	switch n.Data {
	case "strong", "b", "h1", "h2", "h3", "h4", "h5", "h6":
		c.around("[b]", n, "[/b]")
	case "em", "i":
		c.around("[i]", n, "[/i]")
	case "code":
		if n.Parent != nil && n.Parent.Data == "pre" {
			c.around("", n, "")
			return
		}
		c.around("[code]", n, "[/code]")
	case "pre":
		c.around("\n[code]", n, "[/code]\n")
	case "ul":
		c.around("\n[ulist]", n, "[/ulist]\n")
	case "ol":
		c.around("\n[olist]", n, "[/olist]\n")
	case "li":
		c.around("[li]", n, "[/li]")
	case "p", "blockquote":
		if n.Parent != nil && n.Parent.Data == "li" {
			c.around("", n, "")
			return
		}
		c.around("", n, "\n\n")
	case "br":
		c.out.WriteString("\n")
	case "a":
		c.around("[url="+attribute(n, "href")+"]", n, "[/url]")
	case "img":
		c.out.WriteString(c.object(attribute(n, "src"), attribute(n, "alt")))
	case "table":
		c.lost("table")
		c.around("\n", n, "\n")
	case "tr":
		c.around("", n, "\n")
	case "td", "th":
		c.around("", n, " | ")
	default:
		c.around("", n, "")
	}
}

// text leaves the line breaks out that only lay HTML out.
func (c *coder) text(n *xhtml.Node) {
	text := n.Data
	inPre := false
	for p := n.Parent; p != nil; p = p.Parent {
		inPre = inPre || p.Data == "pre"
	}
	if !inPre {
		text = strings.ReplaceAll(text, "\n", " ")
		if strings.TrimSpace(text) == "" && n.PrevSibling != nil && n.PrevSibling.Type == xhtml.ElementNode && structural[n.PrevSibling.Data] {
			return
		}
		if strings.TrimSpace(text) == "" && n.Parent != nil && structural[n.Parent.Data] {
			return
		}
		if prev := n.PrevSibling; prev != nil && prev.Data == "br" {
			text = strings.TrimLeft(text, " ")
		}
	}
	if m := tag.FindString(text); m != "" {
		c.lost(m) // a text that TCExam will take for a code; it has no escape
	}
	c.out.WriteString(text)
}

var structural = map[string]bool{"p": true, "ul": true, "ol": true, "table": true, "thead": true, "tbody": true, "tr": true, "pre": true, "blockquote": true}

func attribute(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
