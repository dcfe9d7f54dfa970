package sheet

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
)

const maxSharedBytes = 128 << 20

// sharedStrings is one block of text and where each string ends: tens of
// thousands of strings cost two allocations.
type sharedStrings struct {
	text string
	ends []int
}

func (t sharedStrings) at(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.text[start:t.ends[i]], true
}

func (w *workbook) readShared(part string) (table sharedStrings, err error) {
	r, err := w.parts.open(part)
	if err != nil {
		return table, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	s := newScanner(r)
	var text strings.Builder
	var one []byte
	var rich richText
	for {
		kind, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return table, err
		}
		closed := false
		switch {
		case kind == tokenText && rich.visible():
			one = s.appendText(one)
		case kind == tokenStart && string(s.name) == "si":
			one, closed = one[:0], s.empty
			rich = richText{}
		case kind == tokenEnd && string(s.name) == "si":
			closed = true
		case kind != tokenText:
			rich.tag(kind, s)
		}
		if closed {
			text.WriteString(unescapeHex(string(one)))
			table.ends = append(table.ends, text.Len())
		}
		if text.Len()+len(one) > maxSharedBytes {
			return table, fault.New(fault.TooLarge, "sheet.bomb")
		}
	}
	table.text = text.String()
	return table, nil
}

// richText knows which text of a string is shown: <t> is, the reading aid
// <rPh> beside it is not.
type richText struct{ text, phonetic bool }

func (t *richText) visible() bool { return t.text && !t.phonetic }

func (t *richText) tag(kind tokenKind, s *scanner) {
	open := kind == tokenStart && !s.empty
	switch string(s.name) {
	case "t":
		t.text = open
	case "rPh":
		t.phonetic = open
	}
}

// unescapeHex undoes "_x000D_", the format's way to hold what XML cannot.
func unescapeHex(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for i >= 0 && i+7 <= len(s) {
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err == nil && s[i+6] == '_' && utf8.ValidRune(rune(n)) {
			b.WriteString(s[:i])
			b.WriteRune(rune(n))
			s = s[i+7:]
		} else {
			b.WriteString(s[:i+2])
			s = s[i+2:]
		}
		i = strings.Index(s, "_x")
	}
	b.WriteString(s)
	return b.String()
}
