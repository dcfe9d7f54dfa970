package questionbank

import (
	"strings"
	"unicode/utf8"
)

// What a text may ask of whoever renders it. No author comes near; a stimulus
// and a stem in one text are shorter.
const (
	maxNesting = 20     // quotes and lists that begin in one line
	maxCells   = 10_000 // of a table: its columns times the lines of the text
	maxRunes   = 2 * MaxText
)

// Bounded is Markdown that costs little to render: a few kilobytes of ">" are
// thousands of quotes in each other, and two long lines of "|" are a table of
// millions of cells, for every participant who opens the item. What goes too
// far is escaped, so that it shows as it was written; what is longer than any
// text that can be saved is cut.
func Bounded(markdown string) string {
	cut := markdown
	if len(cut) > maxRunes {
		cut = firstRunes(cut, maxRunes)
	}
	if !strings.ContainsAny(cut, ">-+*.)|") {
		return cut
	}
	lines := strings.Split(cut, "\n")
	for i, line := range lines {
		line = shallow(line)
		if (strings.Count(line, "|")+1)*len(lines) > maxCells {
			line = strings.Replace(line, "|", `\|`, 1)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

func firstRunes(s string, n int) string {
	at := 0
	for range n {
		if at >= len(s) {
			return s
		}
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return s[:at]
}

// shallow escapes the first mark at the beginning of a line that nests too deep.
func shallow(line string) string {
	at := 0
	for range maxNesting {
		n := lineMark(line[at:])
		if n == 0 {
			return line
		}
		at += n
	}
	n := lineMark(line[at:])
	if n == 0 {
		return line
	}
	at += n - 1
	return line[:at] + `\` + line[at:]
}

// lineMark is the length of the white space and the mark that begin a quote or an
// entry of a list; 0 where none does.
func lineMark(s string) int {
	at := len(s) - len(strings.TrimLeft(s, " \t"))
	digits := at
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	switch {
	case at == len(s):
		return 0
	case s[at] == '>':
		return at + 1
	case digits > at && digits < len(s) && (s[digits] == '.' || s[digits] == ')'):
		at = digits
	case s[at] != '-' && s[at] != '+' && s[at] != '*':
		return 0
	}
	if at++; at < len(s) && s[at] != ' ' && s[at] != '\t' {
		return 0
	}
	return at
}
