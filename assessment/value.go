package assessment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cakap/questionbank"
)

// A value is what a participant says on a position, as one text in the
// journal. "" is no answer. What else it may be follows from the way the item
// takes its answer:
//
//	choice, inline, hotspot  the letters on display, ascending: "C", "AD"
//	pairs                    for each row on display the letters of its targets, rows parted by commas: "B,A,,C", "AB,,C"
//	order                    the letters on display in the person's order: "CABD"; "-" is a place still empty: "C--D"
//	text, number             the text itself: NFC, one line, at most MaxLine characters
//	essay                    the text with its line breaks, at most MaxEssay characters
//	several parts            the values of the parts parted by line breaks; within a part "\" is "\\" and a line break "\n"
//
// A shape says what values an attempt takes, one byte per position: for letters
// the last one on display, upper case where one option is chosen ('D' for four
// options) and lower case where several may be ('e' for five); for the other
// ways the bytes below. It travels in the signed bearer of an attempt, so the
// save path reads nothing. What a shape cannot tell (which targets a row has,
// which parts are lists) scoring finds again, and gives no points for it.
//
// The most options that an item asks for (Max of its interaction) is no part of
// the shape: an answer with more of them is taken and scored as it stands. The
// page tells the person; to refuse the answer would lose it on a bad network,
// and to give it no points would punish a slip of the finger twice.
const (
	shapeParts   = 0x00 // + parts, 2 to 40
	shapeOrder   = 0x80 // + entries, 2 to 26
	shapePair    = 0xA0 // + rows, one target each, 1 to 26
	shapePairs   = 0xC0 // + rows, several targets each, 1 to 26
	shapeLine    = 0xE0
	shapeEssay   = 0xE1
	shapeNothing = 0xE2 // a text to read
)

// Limits of what people write, in characters.
const (
	MaxLine  = 500
	MaxEssay = 20_000
	maxParts = 2 * MaxEssay // all parts of one item together
)

const (
	rowEnd  = ","
	partEnd = "\n"
	noEntry = '-' // a place of a sequence without its entry
)

// shapeOf is the byte of a position.
func shapeOf(item FormItem) byte {
	if n := len(item.Rest); n > 0 {
		return shapeParts + byte(n+1)
	}
	n := byte(len(item.Options))
	switch item.Kind {
	case NothingKind:
		return shapeNothing
	case questionbank.TextKind, questionbank.NumberKind:
		return shapeLine
	case questionbank.EssayKind:
		return shapeEssay
	case questionbank.OrderKind:
		return shapeOrder + n
	case questionbank.PairsKind:
		if item.Many {
			return shapePairs + n
		}
		return shapePair + n
	}
	if item.Many {
		return 'a' + n - 1
	}
	return 'A' + n - 1
}

// ValidValue reports whether value is an answer that position can take.
func ValidValue(shape string, position int, value string) bool {
	if position < 1 || position > len(shape) {
		return false
	}
	s := shape[position-1]
	if value == "" {
		return true
	}
	switch {
	case s >= 'A' && s <= 'Z':
		return letters(value, s, false)
	case s >= 'a' && s <= 'z':
		return letters(value, s-'a'+'A', true)
	case s == shapeLine:
		return written(value, MaxLine, "")
	case s == shapeEssay:
		return written(value, MaxEssay, "\n\t")
	case s > shapeParts+1 && s <= shapeParts+questionbank.MaxParts:
		return len(strings.Split(value, partEnd)) == int(s-shapeParts) && written(value, maxParts, "\n\t")
	case s > shapeOrder+1 && s <= shapeOrder+questionbank.MaxRows:
		return sequence(value, int(s-shapeOrder))
	case s > shapePair && s <= shapePair+questionbank.MaxRows:
		return paired(value, int(s-shapePair), false)
	case s > shapePairs && s <= shapePairs+questionbank.MaxRows:
		return paired(value, int(s-shapePairs), true)
	}
	return false
}

// letters reports whether value is one letter up to last, or several ascending.
func letters(value string, last byte, many bool) bool {
	if len(value) > 1 && !many {
		return false
	}
	previous := byte(0)
	for i := range len(value) {
		c := value[i]
		if c < 'A' || c > last || c <= previous {
			return false
		}
		previous = c
	}
	return true
}

// sequence reports whether value puts some of n entries in their places.
func sequence(value string, n int) bool {
	if len(value) != n {
		return false
	}
	var seen [26]bool
	some := false
	for i := range len(value) {
		c := value[i]
		if c == noEntry {
			continue
		}
		if c < 'A' || int(c-'A') >= n || seen[c-'A'] {
			return false
		}
		seen[c-'A'], some = true, true
	}
	return some
}

// paired reports whether value gives some of the rows a target.
func paired(value string, rows int, many bool) bool {
	if strings.Count(value, rowEnd) != rows-1 || len(value) == rows-1 {
		return false
	}
	for row := range strings.SplitSeq(value, rowEnd) {
		if !letters(row, 'Z', many) {
			return false
		}
	}
	return true
}

// written reports whether value is a text of at most most characters without
// control characters but those allowed.
func written(value string, most int, allowed string) bool {
	return utf8.ValidString(value) && utf8.RuneCountInString(value) <= most && !strings.ContainsFunc(value, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune(allowed, r)
	})
}

// canonical is value as the journal holds it: texts in NFC, lines without
// breaks, and nothing where only spaces were typed. Letters stay as they are.
func canonical(shape string, position int, value string) string {
	if value == "" || position < 1 || position > len(shape) {
		return value
	}
	switch s := shape[position-1]; {
	case s == shapeLine:
		return strings.TrimSpace(flat.Replace(norm.NFC.String(value)))
	case s == shapeEssay:
		return essay(value)
	case s > shapeParts+1 && s <= shapeParts+questionbank.MaxParts:
		parts := strings.Split(breaks.Replace(value), partEnd)
		for i, p := range parts {
			parts[i] = escape.Replace(essay(unescape.Replace(p)))
		}
		value = strings.Join(parts, partEnd)
		if len(value) < len(parts) { // line breaks alone
			return ""
		}
		return value
	}
	return value
}

var (
	flat     = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")
	breaks   = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

func essay(text string) string { return strings.TrimSpace(norm.NFC.String(breaks.Replace(text))) }

// Join makes one value of those of an item's parts.
func Join(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	some := false
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i], some = escape.Replace(p), some || p != ""
	}
	if !some {
		return ""
	}
	return strings.Join(escaped, partEnd)
}

// Split is the inverse of Join for an item of n parts. What a value lacks is "".
func Split(value string, n int) []string {
	parts := make([]string, n)
	if n == 1 {
		parts[0] = value
		return parts
	}
	for i, p := range strings.SplitN(value, partEnd, n) {
		if i < n {
			parts[i] = unescape.Replace(p)
		}
	}
	return parts
}

// Letters joins the places a form without JavaScript sends ("D", "A") into a
// value ("AD").
func Letters(places []string) string {
	var b strings.Builder
	for c := byte('A'); c <= 'Z'; c++ {
		for _, p := range places {
			if p == string(c) {
				b.WriteByte(c)
				break
			}
		}
	}
	return b.String()
}

// Rows joins the letters of each row into a value.
func Rows(rows []string) string {
	value := strings.Join(rows, rowEnd)
	if len(value) < len(rows) { // commas alone
		return ""
	}
	return value
}

// TargetsOf is the letters of a row, counted from 0, in a value of pairs.
func TargetsOf(value string, row int) string {
	rows := strings.Split(value, rowEnd)
	if row >= len(rows) {
		return ""
	}
	return rows[row]
}

// Places makes a value of a sequence: places[i] is the place, counted from 1,
// of the entry with the letter i, and 0 for none. Of two entries on one place
// the first has it, and clash is true.
func Places(places []int) (value string, clash bool) {
	order := []byte(strings.Repeat(string(noEntry), len(places)))
	some := false
	for i, p := range places {
		switch {
		case p < 1 || p > len(places):
		case order[p-1] != noEntry:
			clash = true
		default:
			order[p-1], some = byte('A'+i), true
		}
	}
	if !some {
		return "", clash
	}
	return string(order), clash
}

// Place is where the entry with the letter i stands in a sequence, counted
// from 1, and 0 where it has no place yet.
func Place(value string, i int) int { return strings.IndexByte(value, byte('A'+i)) + 1 }

// Fill is how far a position is answered.
type Fill int

// The fills. A text to read asks nothing.
const (
	Unasked Fill = iota
	Empty
	Partly // some rows, places or gaps are empty
	Full
)

// filled is the fill of one part.
func filled(part questionbank.DeliveryPart, value string) Fill {
	switch {
	case value == "":
		return Empty
	case part.Kind == questionbank.OrderKind && strings.ContainsRune(value, noEntry):
		return Partly
	case part.Kind == questionbank.PairsKind:
		for row := range strings.SplitSeq(value, rowEnd) {
			if row == "" {
				return Partly
			}
		}
	}
	return Full
}

// fill is how far value answers the parts.
func fill(parts []questionbank.DeliveryPart, value string) Fill {
	switch {
	case len(parts) == 0:
		return Unasked
	case value == "":
		return Empty
	}
	for i, v := range Split(value, len(parts)) {
		if filled(parts[i], v) != Full {
			return Partly
		}
	}
	return Full
}
