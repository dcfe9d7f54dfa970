package questionbank

import (
	"cmp"
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
var marks = strings.NewReplacer("\\\n", " ", `\\`, `\`, `\*`, "*", `\_`, "_", "\\`", "`", `\<`, "<", `\[`, "[", `\#`, "#",
	`\&`, "&", `\-`, "-", `\+`, "+", `\>`, ">", `\.`, ".", `\)`, ")", `\|`, "|", `\=`, "=", `\~`, "~", `\!`, "!",
	"**", "", "__", "", "`", "", "\n", " ")

var toMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "#", `\#`)

// Markdown writes plain text so that nothing in it is taken for a mark. Plain
// is its inverse, but for line breaks.
func Markdown(plain string) string { return toMarkdown.Replace(plain) }

// shownMedia is a picture in a text, with its description.
var shownMedia = regexp.MustCompile(`!\[((?:(?s:\\.)|[^\[\]\\]|\[[^\[\]]*\])*)\]\(media:([^)\s"]+)\)`)

// Plain is Markdown without its marks, for lists, search and comparison. Of a
// picture its description stays, or its name where it has none: two questions
// with other pictures are two questions.
func Plain(markdown string) string {
	if strings.Contains(markdown, "](media:") {
		markdown = shownMedia.ReplaceAllStringFunc(markdown, func(link string) string {
			m := shownMedia.FindStringSubmatch(link)
			return " [" + cmp.Or(m[1], m[2]) + "] "
		})
	}
	return strings.Join(strings.Fields(marks.Replace(norm.NFC.String(markdown))), " ")
}

var invisible = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "",
	gapOpen, "", gapClose, "")

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

// Words is how many words a text has.
func Words(s string) int { return len(strings.Fields(Plain(s))) }

// mediaLink is how Markdown names a file of the item: "![alt](media:gambar_1.png)".
// An author's description may hold escapes and one pair of brackets.
var mediaLink = regexp.MustCompile(`!\[(?:(?s:\\.)|[^\[\]\\]|\[[^\[\]]*\])*\]\(media:([^)\s"]+)`)

// mediaIn lists the files that a Markdown text names. Names are written as
// MediaLink does, so they hold no space or bracket.
func mediaIn(markdown string) []string {
	var names []string
	for _, m := range mediaLink.FindAllStringSubmatch(markdown, -1) {
		names = append(names, m[1])
	}
	return names
}

// brackets would end a description where mediaLink looks for its end; the
// breaks of a line too would end it, in a list or a table.
var brackets = strings.NewReplacer("[", "(", "]", ")", "\r\n", " ", "\n", " ", "\r", " ")

// MediaLink is the Markdown that shows the file name with its description,
// whose square brackets become round ones.
func MediaLink(name, alt string) string {
	return "![" + Markdown(brackets.Replace(alt)) + "](media:" + name + ")"
}

// MediaName is a file's name as items call it: the last part of its path,
// without characters that Markdown or a file system would take amiss.
func MediaName(path string) string {
	path = path[strings.LastIndexAny(path, `/\`)+1:]
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return '_'
	}, norm.NFC.String(path))
	return strings.TrimLeft(name, ".")
}
