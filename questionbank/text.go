package questionbank

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var tableRule = regexp.MustCompile(`(?m)^\s*\|?\s*:?-{3,}:?\s*\|`)

// hasTable reports whether Markdown holds a table, which a phone cannot show.
func hasTable(markdown string) bool { return tableRule.MatchString(markdown) }

// The left of each pair is Markdown; the escapes come first, so that an
// escaped star stays a star.
var marks = strings.NewReplacer(`\\`, `\`, `\*`, "*", `\_`, "_", "\\`", "`", `\<`, "<", `\[`, "[", `\#`, "#", "**", "", "__", "", "`", "", "\n", " ")

var toMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "#", `\#`)

// Markdown writes plain text so that nothing in it is taken for a mark. Plain
// is its inverse, but for line breaks.
func Markdown(plain string) string { return toMarkdown.Replace(plain) }

// Plain is Markdown without its marks, for lists, search and comparison.
func Plain(markdown string) string {
	return strings.Join(strings.Fields(marks.Replace(norm.NFC.String(markdown))), " ")
}

var invisible = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "")

// cleanLine is a text of one line: NFC, no invisible characters, single spaces.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(invisible.Replace(norm.NFC.String(s))), " ")
}

// cleanText is a text of several lines: like cleanLine, but line breaks stay,
// at most one empty line in a row.
func cleanText(s string) string {
	var lines []string
	for line := range strings.SplitSeq(invisible.Replace(norm.NFC.String(s)), "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// hasControl reports a character that no text should hold.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && r != '\t' && unicode.IsControl(r) || r == unicode.ReplacementChar
	})
}

// startsFormula reports a text that a spreadsheet would run once somebody
// edits its cell or saves the sheet as CSV.
func startsFormula(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

// Words is how many words a text has.
func Words(s string) int { return len(strings.Fields(Plain(s))) }
