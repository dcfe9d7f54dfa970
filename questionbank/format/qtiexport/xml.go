package qtiexport

import (
	"encoding/xml"
	"strings"
	"unicode"
)

// node is an element of an item, named as in QTI 2.1, or a text.
type node struct {
	name  string // "" for a text
	qti   bool   // QTI's own: renamed in 3.0; HTML is not
	attrs []attr
	kids  []*node
	text  string
}

type attr struct{ name, value string }

// el is an element of QTI.
func el(name string, kids ...*node) *node { return &node{name: name, qti: true, kids: kids} }

// with adds attributes, by name and value in turn.
func (n *node) with(pairs ...string) *node {
	for i := 0; i+1 < len(pairs); i += 2 {
		n.attrs = append(n.attrs, attr{pairs[i], pairs[i+1]})
	}
	return n
}

func (n *node) add(kids ...*node) *node {
	n.kids = append(n.kids, kids...)
	return n
}

func text(s string) *node { return &node{text: s} }

// html is an element of HTML, the same in every version.
func html(name string, kids ...*node) *node { return &node{name: name, kids: kids} }

// dialect is a version of QTI.
type dialect int

const (
	v21 dialect = iota
	v30
)

// element is an element's name in the dialect: simpleChoice, qti-simple-choice.
func (d dialect) element(n *node) string {
	if d == v21 || !n.qti {
		return n.name
	}
	return "qti-" + kebab(n.name)
}

func (d dialect) attribute(n *node, name string) string {
	if d == v21 || !n.qti || strings.Contains(name, ":") {
		return name
	}
	return kebab(name)
}

func kebab(camel string) string {
	var b strings.Builder
	for _, r := range camel {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// document writes a root with its declaration. White space is added only where
// a parent holds no text, so that none appears inside a sentence.
func (d dialect) document(root *node) []byte {
	var b strings.Builder
	b.WriteString(xml.Header)
	d.write(&b, root, 0, true)
	b.WriteString("\n")
	return []byte(b.String())
}

func (d dialect) write(b *strings.Builder, n *node, depth int, tidy bool) {
	if n.name == "" {
		b.WriteString(strings.ReplaceAll(escape(n.text), "&quot;", `"`))
		return
	}
	name := d.element(n)
	b.WriteString("<" + name)
	for _, a := range n.attrs {
		b.WriteString(" " + d.attribute(n, a.name) + `="` + escape(a.value) + `"`)
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	tidy = tidy && n.qti && !n.mixed()
	for _, k := range n.kids {
		if tidy {
			b.WriteString("\n" + strings.Repeat("  ", depth+1))
		}
		d.write(b, k, depth+1, tidy)
	}
	if tidy {
		b.WriteString("\n" + strings.Repeat("  ", depth))
	}
	b.WriteString("</" + name + ">")
}

// mixed reports whether the element may hold text beside elements.
func (n *node) mixed() bool {
	switch n.name {
	case "prompt", "simpleChoice", "simpleAssociableChoice", "value", "inlineChoice", "gapText":
		return true
	}
	for _, k := range n.kids {
		if k.name == "" {
			return true
		}
	}
	return false
}

// readable writes what XML may hold as it is without the numbers that EscapeText
// puts there.
var readable = strings.NewReplacer("&#34;", "&quot;", "&#39;", "'", "&#xA;", "\n", "&#x9;", "\t")

// escape writes text for XML; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a string builder never refuses
	}
	return readable.Replace(b.String())
}
