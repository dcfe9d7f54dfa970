package qtiexport

import (
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cakap/questionbank"
	"cakap/questionbank/format/rich"
)

// blocks are the elements that stand for themselves and never inside a line.
var blocks = map[string]bool{
	"p": true, "div": true, "ul": true, "ol": true, "table": true, "pre": true, "blockquote": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
}

// attributes that QTI's HTML has; style, align and start it has not.
var kept = map[string][]string{"a": {"href"}, "img": {"src", "alt"}}

// markup is Markdown as elements of an item body. gap gives what stands in each
// gap, nil where there are none.
func (w *writer) markup(markdown string, gap func(i int) *node) []*node {
	if strings.TrimSpace(markdown) == "" {
		return nil
	}
	if gap != nil {
		markdown = questionbank.HoldGaps(markdown)
	}
	source := rich.ToHTML(markdown, func(name string) string { return name })
	nodes, err := xhtml.ParseFragment(strings.NewReader(source), &xhtml.Node{Type: xhtml.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // only a reader's error can be one, and a string has none
		return []*node{text(markdown)}
	}
	var out []*node
	for _, n := range nodes {
		out = append(out, w.convert(n, gap)...)
	}
	if hasBlock(out) { // the line breaks between them
		out = slices.DeleteFunc(out, func(n *node) bool { return n.name == "" && strings.TrimSpace(n.text) == "" })
	}
	return out
}

// block is Markdown as blocks: a bare line gets its paragraph.
func (w *writer) block(markdown string, gap func(i int) *node) []*node {
	nodes := w.markup(markdown, gap)
	if len(nodes) == 0 || hasBlock(nodes) {
		return nodes
	}
	return []*node{html("p", nodes...)}
}

func hasBlock(nodes []*node) bool {
	return slices.ContainsFunc(nodes, func(n *node) bool { return blocks[n.name] })
}

func (w *writer) convert(n *xhtml.Node, gap func(i int) *node) []*node {
	switch n.Type {
	case xhtml.TextNode:
		return split(n.Data, gap)
	case xhtml.ElementNode:
	default:
		return nil
	}
	if n.Data == "img" {
		return []*node{w.medium(attribute(n, "src"), attribute(n, "alt"))}
	}
	e := html(n.Data)
	for _, name := range kept[n.Data] {
		if v := attribute(n, name); v != "" {
			e.with(name, v)
		}
	}
	structure := slices.Contains([]string{"ul", "ol", "table", "thead", "tbody", "tr"}, n.Data)
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if structure && k.Type == xhtml.TextNode {
			continue // goldmark's line breaks between rows; QTI allows no text there
		}
		e.add(w.convert(k, gap)...)
	}
	return []*node{e}
}

// split cuts a text at its gaps.
func split(s string, gap func(i int) *node) []*node {
	if gap == nil {
		return []*node{text(s)}
	}
	const cut = "\x00" // which HTML cannot hold
	parts := strings.Split(questionbank.FillGaps(s, func(i int) string { return cut + strconv.Itoa(i) + cut }), cut)
	var out []*node
	for place, part := range parts {
		if place%2 == 0 {
			if part != "" {
				out = append(out, text(part))
			}
			continue
		}
		if i, err := strconv.Atoi(part); err == nil {
			if g := gap(i); g != nil {
				out = append(out, g)
			}
		}
	}
	return out
}

func attribute(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
