package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean makes typed text presentable: spaces of every kind are one plain
// space, what cannot be seen is gone, the apostrophe that people type before a
// number is gone, and letters are in one form (NFC). It is false for text with
// control characters or bytes that are no text at all, which nobody typed on
// purpose.
func Clean(raw string) (string, bool) {
	if plain(raw) {
		return raw, true
	}
	var b strings.Builder
	b.Grow(len(raw))
	pending := false
	for _, r := range raw {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r) && !unicode.IsSpace(r), unicode.Is(unicode.Co, r):
			return "", false
		case r == '\v', r == '\f':
			return "", false
		case unicode.IsSpace(r):
			pending = b.Len() > 0
		case invisible(r):
		case b.Len() == 0 && !pending && apostrophe(r):
			pending = false
			// Excel's sign for "this is text", which other programs export as a letter.
			b.WriteRune(apostropheMark)
		default:
			if pending {
				b.WriteByte(' ')
				pending = false
			}
			b.WriteRune(r)
		}
	}
	text := strings.TrimLeft(strings.TrimPrefix(b.String(), string(apostropheMark)), " ")
	return norm.NFC.String(text), true
}

// apostropheMark holds the place of a leading apostrophe while cleaning; it is
// a private-use letter, which Clean refuses as input.
const apostropheMark = '\ue000'

func apostrophe(r rune) bool { return r == '\'' || r == '‘' || r == '’' || r == '`' }

// plain is the quick way for what most cells hold: printable ASCII, no space
// doubled or at an end, no leading apostrophe.
func plain(s string) bool {
	space := true // a leading space counts as doubled
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space || i == 0 && (c == '\'' || c == '`') {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// invisible is a character that shows nothing: spaces, zero-width and
// direction marks, which word processors and web pages leave behind.
func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return r == ' ' || r >= '\t' && r <= '\r'
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r):
		return true
	default:
		return r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\ufe0f'
	}
}

// Hidden reports whether raw holds characters that show nothing and are no
// plain space: worth telling its author about where every letter counts.
func Hidden(raw string) bool {
	for _, r := range raw {
		if r >= 0x80 && invisible(r) {
			return true
		}
	}
	return false
}

// FormulaStart reports whether a spreadsheet program could take text for a
// formula when somebody saves it again, say as CSV. Names and units may not
// begin so.
func FormulaStart(raw string) bool {
	if raw != "" && (raw[0] == '\t' || raw[0] == '\r') {
		return true
	}
	text, ok := Clean(raw)
	if !ok || text == "" {
		return false
	}
	switch r, _ := utf8.DecodeRuneInString(text); r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	default:
		return false
	}
}
