// Package tree reads XML from strangers into a small tree. It is strict where
// encoding/xml is lenient (a second root, whatever follows it) and bounded
// where a hostile file would not be: size, depth and number of nodes. Entities
// of a document type are never expanded and nothing is ever fetched.
package tree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"cakap/internal/fault"
)

// What a document may hold.
const (
	MaxBytes = 16 << 20
	maxDepth = 200
	maxNodes = 1_500_000 // elements, texts and attributes
	maxAttrs = 500       // of one element
	maxNames = 10_000    // kept once
)

// Node is an element, or a run of text where Name is empty.
type Node struct {
	Name     string // local name
	Space    string // namespace URI, or the bare prefix where none is declared
	Attr     map[string]string
	Children []*Node
	Text     string
	Line     int // where it begins, from 1
}

// Parse reads a document. Its error is a fault with the line as its place.
func Parse(data []byte) (*Node, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.TooLarge, "questionbank.xml.too_large", MaxBytes>>20)
	}
	data, err := utf8Text(data)
	if err != nil {
		return nil, err
	}
	if at := crowded(data); at >= 0 {
		return nil, tooDeep(newLines(data).of(int64(at)))
	}
	p := parser{dec: xml.NewDecoder(bytes.NewReader(data)), lines: newLines(data), names: map[string]string{}}
	p.dec.Entity = xml.HTMLEntity
	p.dec.CharsetReader = charset
	return p.parse()
}

// crowded is where an element with far too many attributes begins, -1 for none.
// The decoder holds all of them before anybody can count them.
func crowded(data []byte) int {
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], '<')
		if next < 0 {
			return -1
		}
		at += next
		end := bytes.IndexByte(data[at:], '>')
		if end < 0 {
			end = len(data) - at - 1
		}
		if end > 4*maxAttrs && bytes.Count(data[at:at+end], []byte("=")) > 4*maxAttrs {
			return at
		}
		at += end + 1
	}
}

// charset accepts what utf8Text has already made UTF-8 of, whatever the
// declaration still says.
func charset(label string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-16", "utf-8", "us-ascii", "ascii":
		return r, nil
	case "iso-8859-1", "windows-1252", "latin1":
		return &latin{r: r}, nil
	}
	return nil, errors.New("encoding " + label + " is not read")
}

// latin turns ISO 8859-1 bytes into UTF-8; a file that says so but is UTF-8
// already was caught before.
type latin struct {
	r    io.Reader
	rest []byte
}

func (l *latin) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		var raw [512]byte
		n, err := l.r.Read(raw[:])
		for _, b := range raw[:n] {
			l.rest = utf8.AppendRune(l.rest, rune(b))
		}
		if n == 0 {
			return 0, err
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// utf8Text removes a byte order mark and decodes UTF-16 that has one.
func utf8Text(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if len(data)%2 != 0 {
			return nil, fault.New(fault.Invalid, "questionbank.xml.encoding")
		}
		low := 0
		if data[0] == 0xfe {
			low = 1
		}
		units := make([]uint16, 0, len(data)/2-1)
		for i := 2; i < len(data); i += 2 {
			units = append(units, uint16(data[i+low])|uint16(data[i+1-low])<<8)
		}
		return []byte(string(utf16.Decode(units))), nil
	}
	return data, nil
}

// lines finds the line of a byte offset; offsets only grow.
type lines struct {
	data     []byte
	at, line int
}

func newLines(data []byte) *lines { return &lines{data: data, line: 1} }

func (l *lines) of(offset int64) int {
	to := min(int(offset), len(l.data))
	if to > l.at {
		l.line += bytes.Count(l.data[l.at:to], []byte("\n"))
		l.at = to
	}
	return l.line
}

type parser struct {
	dec   *xml.Decoder
	lines *lines
	root  *Node
	open  []*Node
	nodes int
	names map[string]string // one string for each name, however often it comes
	run   run
}

// run is the text that is being read: comments and CDATA sections cut it into
// pieces, and adding each piece to the text before it would cost the square of
// their number.
type run struct {
	node *Node
	text []byte
}

func (r *run) end() {
	if r.node != nil {
		r.node.Text = string(r.text)
	}
	r.node, r.text = nil, r.text[:0]
}

func (p *parser) parse() (*Node, error) {
	for {
		line := p.lines.of(p.dec.InputOffset())
		token, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.broken(err)
		}
		if err := p.take(token, line); err != nil {
			return nil, err
		}
	}
	if p.root == nil {
		return nil, fault.New(fault.Invalid, "questionbank.xml.empty")
	}
	return p.root, nil
}

// broken says where the document stops being XML.
func (p *parser) broken(err error) error {
	line := p.lines.of(p.dec.InputOffset())
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		line = syntax.Line
	}
	return fault.New(fault.Invalid, "questionbank.xml.broken", line).Place(Place(line)).Because(err)
}

func (p *parser) take(token xml.Token, line int) error {
	switch t := token.(type) {
	case xml.StartElement:
		p.run.end()
		return p.start(t, p.lines.of(p.dec.InputOffset()))
	case xml.EndElement:
		p.run.end()
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		return p.text(t, line)
	case xml.Directive:
		// A document type may name entities and files; its internal subset is
		// refused, its name alone is harmless and ignored.
		if bytes.ContainsRune(t, '[') && bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
			return fault.New(fault.Invalid, "questionbank.xml.doctype").Place(Place(line))
		}
	}
	return nil
}

func (p *parser) start(t xml.StartElement, line int) error {
	if p.root != nil && len(p.open) == 0 {
		return fault.New(fault.Invalid, "questionbank.xml.second_root", line).Place(Place(line))
	}
	p.nodes += 1 + len(t.Attr)
	if len(p.open) >= maxDepth || p.nodes > maxNodes || len(t.Attr) > maxAttrs {
		return tooDeep(line)
	}
	n := &Node{Name: p.name(t.Name.Local), Space: p.name(t.Name.Space), Line: line}
	if len(t.Attr) > 0 {
		n.Attr = make(map[string]string, len(t.Attr))
		for _, a := range t.Attr {
			if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
				n.Attr[p.name(a.Name.Local)] = a.Value
			}
		}
	}
	if p.root == nil {
		p.root = n
	} else {
		parent := p.open[len(p.open)-1]
		parent.Children = append(parent.Children, n)
	}
	p.open = append(p.open, n)
	return nil
}

func (p *parser) text(t []byte, line int) error {
	if len(p.open) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return fault.New(fault.Invalid, "questionbank.xml.broken", line).Place(Place(line))
		}
		return nil
	}
	if p.run.node == nil {
		if p.nodes++; p.nodes > maxNodes {
			return tooDeep(line)
		}
		p.run.node = &Node{Line: line}
		parent := p.open[len(p.open)-1]
		parent.Children = append(parent.Children, p.run.node)
	}
	p.run.text = append(p.run.text, t...)
	return nil
}

func tooDeep(line int) error {
	return fault.New(fault.TooLarge, "questionbank.xml.too_deep", maxDepth).Place(Place(line))
}

// name is s, kept once.
func (p *parser) name(s string) string {
	known, ok := p.names[s]
	if !ok && len(p.names) < maxNames {
		p.names[s], known = s, s
	} else if !ok {
		return s
	}
	return known
}

// Place is how a line is called in a report: "baris 12".
func Place(line int) string { return "baris " + strconv.Itoa(line) }

// Get is an attribute, "" where there is none. A nil node has none.
func (n *Node) Get(attr string) string {
	if n == nil {
		return ""
	}
	return n.Attr[attr]
}

// Find follows first children by name; nil where there is none.
func (n *Node) Find(path ...string) *Node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		i := slices.IndexFunc(n.Children, func(c *Node) bool { return c.Name == name })
		if i < 0 {
			return nil
		}
		n = n.Children[i]
	}
	return n
}

// All is the children of a name.
func (n *Node) All(name string) []*Node {
	var found []*Node
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// Elements is the children that are elements.
func (n *Node) Elements() []*Node {
	var found []*Node
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name != "" {
			found = append(found, c)
		}
	}
	return found
}

// Descendants is every element of a name below n, in the order of the text.
func (n *Node) Descendants(name string) []*Node {
	var found []*Node
	n.Walk(func(c *Node) bool {
		if c != n && c.Name == name {
			found = append(found, c)
		}
		return true
	})
	return found
}

// Walk visits n and what is below it; visit returns false to skip what is below.
func (n *Node) Walk(visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, c := range n.Children {
		c.Walk(visit)
	}
}

// Content is all the text in n.
func (n *Node) Content() string {
	var b strings.Builder
	n.Walk(func(c *Node) bool { b.WriteString(c.Text); return true })
	return b.String()
}

// Inner is what stands inside n as markup, with local names.
func (n *Node) Inner() string {
	var b strings.Builder
	if n == nil {
		return ""
	}
	for _, c := range n.Children {
		c.write(&b)
	}
	return b.String()
}

// Outer is n as markup.
func (n *Node) Outer() string {
	var b strings.Builder
	if n != nil {
		n.write(&b)
	}
	return b.String()
}

var void = map[string]bool{"br": true, "img": true, "hr": true, "source": true, "col": true}

func (n *Node) write(b *strings.Builder) {
	if n.Name == "" {
		b.WriteString(html.EscapeString(n.Text))
		return
	}
	b.WriteString("<" + n.Name)
	for _, name := range slices.Sorted(maps.Keys(n.Attr)) {
		b.WriteString(" " + name + `="` + html.EscapeString(n.Attr[name]) + `"`)
	}
	if len(n.Children) == 0 && void[n.Name] {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, c := range n.Children {
		c.write(b)
	}
	b.WriteString("</" + n.Name + ">")
}
