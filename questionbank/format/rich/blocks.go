package rich

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// blocks builds Markdown: finished blocks, and the line being written.
type blocks struct {
	done []string
	line strings.Builder
	tail byte // last byte written to the line
}

func (b *blocks) open() bool { return strings.TrimSpace(b.line.String()) != "" }

func (b *blocks) close() {
	text := strings.TrimSpace(b.line.String())
	// A break that nothing follows is none; an escaped backslash is an even number of them.
	for (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1 {
		text = strings.TrimSpace(strings.TrimSuffix(text, `\`))
	}
	b.line.Reset()
	b.tail = 0
	if text != "" {
		b.done = append(b.done, text)
	}
}

// text writes what a text node holds; runs of white space are one space.
func (b *blocks) text(data string) {
	if data == "" {
		return
	}
	words := strings.Fields(data)
	if first, _ := utf8.DecodeRuneInString(data); unicode.IsSpace(first) && b.tail != 0 && b.tail != ' ' && b.tail != '\n' {
		b.write(" ")
	}
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, " ")
	if b.tail == 0 || b.tail == '\n' {
		b.write(escape(text))
	} else {
		b.write(inlineEscape(text))
	}
	if last, _ := utf8.DecodeLastRuneInString(data); unicode.IsSpace(last) {
		b.write(" ")
	}
}

// inlineEscape is escape inside a line, where no list can begin.
func inlineEscape(text string) string { return strings.TrimPrefix(escape("x"+text), "x") }

func (b *blocks) write(s string) {
	if s == "" {
		return
	}
	b.line.WriteString(s)
	b.tail = s[len(s)-1]
}

func (b *blocks) inline(markdown string) { b.write(markdown) }

// raw writes Markdown that may be several blocks.
func (b *blocks) raw(markdown string) {
	if !strings.Contains(markdown, "\n\n") {
		b.write(markdown)
		return
	}
	b.close()
	b.done = append(b.done, markdown)
}

func (b *blocks) lineBreak() {
	if !b.open() {
		return
	}
	text := strings.TrimRight(b.line.String(), " ")
	b.line.Reset()
	b.line.WriteString(text + "\\\n")
	b.tail = '\n'
}

// fence writes preformatted text, its lines and spaces as they are.
func (b *blocks) fence(code string) {
	b.close()
	code = strings.Trim(strings.ReplaceAll(code, "\r\n", "\n"), "\n")
	if strings.TrimSpace(code) == "" {
		return
	}
	quote := "```"
	for strings.Contains(code, quote) {
		quote += "`"
	}
	// An empty line ends a block of ours, so it gets a space.
	b.done = append(b.done, quote+"\n"+code+"\n"+quote)
}

var listLine = regexp.MustCompile(`^(- |[0-9]+\. )`)

// item adds an entry to the list that the last block is, or begins one.
func (b *blocks) item(mark, text string) {
	b.close()
	entry := mark + strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", len(mark)))
	if n := len(b.done); n > 0 && mark != "1. " && listLine.MatchString(b.done[n-1]) && listLine.MatchString(entry) && (mark == "- ") == strings.HasPrefix(b.done[n-1], "- ") {
		b.done[n-1] += "\n" + entry
		return
	}
	b.done = append(b.done, entry)
}

func (b *blocks) String() string {
	b.close()
	return strings.Join(b.done, "\n\n")
}

// table writes a table with pipes. Its first row is the head, as Markdown wants
// one; a table of one column is its rows as paragraphs.
func (c *converter) table(b *blocks, n *html.Node, depth int) {
	b.close()
	var rows [][]string
	columns := 0
	for _, tr := range descendants(n, "tr") {
		var row []string
		for k := tr.FirstChild; k != nil; k = k.NextSibling {
			if k.Type == html.ElementNode && (k.Data == "td" || k.Data == "th") {
				row = append(row, c.cell(k, depth))
				if s := attr(k, "colspan") + attr(k, "rowspan"); s != "" && strings.Trim(s, "1") != "" {
					c.lost("colspan")
				}
			}
		}
		if slices.ContainsFunc(row, func(s string) bool { return s != "" }) {
			rows = append(rows, row)
			columns = max(columns, len(row))
		}
	}
	if columns == 1 {
		for _, row := range rows {
			b.done = append(b.done, strings.ReplaceAll(row[0], `\|`, "|"))
		}
		return
	}
	if len(rows) == 0 {
		return
	}
	var lines []string
	for i, row := range rows {
		for len(row) < columns {
			row = append(row, "")
		}
		lines = append(lines, "| "+strings.Join(row, " | ")+" |")
		if i == 0 {
			lines = append(lines, "|"+strings.Repeat(" --- |", columns))
		}
	}
	b.done = append(b.done, strings.Join(lines, "\n"))
}

func (c *converter) cell(n *html.Node, depth int) string {
	var inner blocks
	c.children(&inner, n, depth)
	text := strings.NewReplacer("\\\n", " ", "\n", " ").Replace(inner.String())
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), `\|`, "|"), "|", `\|`)
}

func descendants(n *html.Node, name string) []*html.Node {
	var found []*html.Node
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		if depth > maxDepth {
			return
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			if k.Type == html.ElementNode && k.Data == name {
				found = append(found, k)
			}
			walk(k, depth+1)
		}
	}
	walk(n, 0)
	return found
}
