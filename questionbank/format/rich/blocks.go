package rich

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// blocks builds Markdown: finished blocks, and the line being written. Nothing
// in it is read again, so that a text costs as much time as it is long.
type blocks struct {
	done   []block
	line   []byte
	filled bool // the line holds more than white space
}

// block is a paragraph, a table, or one entry of a list.
type block struct {
	text  string
	joins bool // it goes on with the list that the block before it is
}

func (b *blocks) open() bool { return b.filled }

// tail is the last byte of the line, 0 for an empty one.
func (b *blocks) tail() byte {
	if len(b.line) == 0 {
		return 0
	}
	return b.line[len(b.line)-1]
}

func (b *blocks) close() {
	text := strings.TrimSpace(string(b.line))
	// A break that nothing follows is none; an escaped backslash is an even number of them.
	for (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1 {
		text = strings.TrimSpace(strings.TrimSuffix(text, `\`))
	}
	b.line, b.filled = b.line[:0], false
	b.add(text)
}

func (b *blocks) add(text string) {
	if text != "" {
		b.done = append(b.done, block{text: text})
	}
}

// text writes what a text node holds; runs of white space are one space.
func (b *blocks) text(data string) {
	if data == "" {
		return
	}
	words := strings.Fields(data)
	if first, _ := utf8.DecodeRuneInString(data); unicode.IsSpace(first) && !strings.ContainsRune("\x00 \n", rune(b.tail())) {
		b.write(" ")
	}
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, " ")
	if b.tail() == 0 || b.tail() == '\n' {
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
	b.line = append(b.line, s...)
	b.filled = b.filled || strings.TrimSpace(s) != ""
}

func (b *blocks) inline(markdown string) { b.write(markdown) }

// raw writes Markdown that may be several blocks.
func (b *blocks) raw(markdown string) {
	if !strings.Contains(markdown, "\n\n") {
		b.write(markdown)
		return
	}
	b.close()
	b.add(markdown)
}

func (b *blocks) lineBreak() {
	if !b.open() {
		return
	}
	for b.tail() == ' ' {
		b.line = b.line[:len(b.line)-1]
	}
	b.line = append(b.line, "\\\n"...)
}

// fence writes preformatted text, its lines and spaces as they are.
func (b *blocks) fence(code string) {
	b.close()
	code = strings.Trim(strings.ReplaceAll(code, "\r\n", "\n"), "\n")
	if strings.TrimSpace(code) == "" {
		return
	}
	quote := strings.Repeat("`", max(3, 1+longestQuote(code)))
	// An empty line ends a block of ours, so it gets a space.
	b.add(quote + "\n" + code + "\n" + quote)
}

var listLine = regexp.MustCompile(`^(- |[0-9]+\. )`)

// item adds an entry to the list that the last block is, or begins one.
func (b *blocks) item(mark, text string) {
	b.close()
	entry := mark + strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", len(mark)))
	joins := false
	if n := len(b.done); n > 0 && mark != "1. " && listLine.MatchString(entry) {
		last := b.done[n-1].text
		joins = listLine.MatchString(last) && (mark == "- ") == strings.HasPrefix(last, "- ")
	}
	b.done = append(b.done, block{entry, joins})
}

func (b *blocks) String() string {
	b.close()
	var out strings.Builder
	for i, d := range b.done {
		switch {
		case d.joins:
			out.WriteString("\n")
		case i > 0:
			out.WriteString("\n\n")
		}
		out.WriteString(d.text)
	}
	return out.String()
}

// maxCells bounds what one long row costs in a table of many rows.
const maxCells = 10_000

// table writes a table with pipes. Its first row is the head, as Markdown wants
// one; a table of one column is its rows as paragraphs, and so is one that no
// person can have made.
func (c *converter) table(b *blocks, n *html.Node, depth int) {
	b.close()
	rows, columns := c.rows(n, depth)
	switch {
	case len(rows) == 0:
		return
	case columns*len(rows) > maxCells:
		c.lost("table")
		columns = 1
	}
	if columns == 1 {
		for _, row := range rows {
			b.add(strings.ReplaceAll(strings.Join(row, " "), `\|`, "|"))
		}
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
	b.add(strings.Join(lines, "\n"))
}

// rows is the rows of a table that hold something, and how long the longest is.
func (c *converter) rows(n *html.Node, depth int) (rows [][]string, columns int) {
	for _, tr := range rowsOf(n) {
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
	return rows, columns
}

var oneLine = strings.NewReplacer("\\\n", " ", "\n", " ")

func (c *converter) cell(n *html.Node, depth int) string {
	var inner blocks
	c.children(&inner, n, depth)
	text := oneLine.Replace(inner.String())
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), `\|`, "|"), "|", `\|`)
}

// rowsOf is the rows of a table, but not those of a table in one of its cells:
// a cell writes those itself, and writing them twice at every level would cost
// two to the power of the levels.
func rowsOf(table *html.Node) []*html.Node {
	var found []*html.Node
	for part := table.FirstChild; part != nil; part = part.NextSibling {
		switch {
		case part.Type != html.ElementNode:
		case part.Data == "tr":
			found = append(found, part)
		case part.Data == "thead", part.Data == "tbody", part.Data == "tfoot":
			found = append(found, rowsOf(part)...)
		}
	}
	return found
}
