package gift

import "strings"

// A character with a backslash before it is held as one of a private range
// until the syntax is taken apart, as Moodle does with its placeholders.
const (
	heldFirst = '\ue010'
	controls  = ":#={}~\n"
)

// hold replaces escapes: "\=" and the others, "\n" for a line break, and "\\"
// for a backslash. Any other backslash stays, as in Moodle. Characters of the
// range that stand in the file already have no business there and go.
func hold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if r := held(text[i+1]); r != 0 {
				b.WriteRune(r)
				i++
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// held is what a backslash and the character after it are held as, 0 where
// nothing is escaped. A line break that stands in the file itself is none.
func held(next byte) rune {
	switch next {
	case '\\':
		return '\\'
	case '\n':
		return 0
	case 'n':
		next = '\n'
	}
	if at := strings.IndexByte(controls, next); at >= 0 {
		return heldFirst + rune(at)
	}
	return 0
}

// release is the inverse of hold, once the syntax is gone.
func release(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= heldFirst && r < heldFirst+rune(len(controls)) {
			return rune(controls[r-heldFirst])
		}
		return r
	}, text)
}

// unmarked takes out what only this package and held gaps may use.
func unmarked(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\ue000' && r < heldFirst+rune(len(controls)) {
			return -1
		}
		return r
	}, text)
}

var escaper = strings.NewReplacer(`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\n", `\n`)

// escape writes a text so that hold and release give it back, on one line.
func escape(text string) string { return escaper.Replace(text) }

// braces counts the braces of a raw line that are none of the text's own.
func braces(line string) string {
	var found []byte
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '{', '}':
			found = append(found, line[i])
		}
	}
	return string(found)
}
