package static

import (
	"bytes"
	"strings"
)

// squeeze takes comments, indents and needless spaces out of a script. It
// knows strings, templates and regular expressions, leaves them as they are,
// and keeps the ends of lines, so that a missing semicolon stays harmless.
func squeeze(js []byte) []byte {
	s := squeezer{in: js}
	for s.at < len(js) {
		s.step()
	}
	return bytes.TrimSpace(s.out.Bytes())
}

type squeezer struct {
	in     []byte
	at     int
	out    bytes.Buffer
	last   byte   // of what was written, 0 at the beginning
	braces []bool // open braces; true where one is a template's ${
}

func (s *squeezer) put(text []byte) {
	s.out.Write(text)
	s.last = text[len(text)-1]
	s.at += len(text)
}

func (s *squeezer) step() {
	c, rest := s.in[s.at], s.in[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		s.skip(rest, "\n", 0)
	case bytes.HasPrefix(rest, []byte("/*")):
		s.skip(rest, "*/", 2)
	case c == ' ' || c == '\t' || c == '\n':
		s.space()
	case c == '\'' || c == '"':
		s.put(rest[:quoted(rest, c)])
	case c == '`':
		s.template(1)
	case c == '}' && len(s.braces) > 0 && s.braces[len(s.braces)-1]:
		s.braces = s.braces[:len(s.braces)-1]
		s.template(1)
	case c == '/' && s.operand():
		s.put(rest[:expression(rest)])
	default:
		s.brace(c, false)
		s.put(rest[:1])
	}
}

func (s *squeezer) brace(c byte, template bool) {
	if c == '{' {
		s.braces = append(s.braces, template)
	} else if c == '}' && len(s.braces) > 0 {
		s.braces = s.braces[:len(s.braces)-1]
	}
}

// skip leaves out everything up to the end of a comment.
func (s *squeezer) skip(rest []byte, end string, more int) {
	n := bytes.Index(rest[1:], []byte(end))
	if n < 0 {
		s.at = len(s.in)
		return
	}
	s.at += 1 + n + more
}

// space writes a run of white space as a line's end, as one space where two
// words would grow together, or not at all.
func (s *squeezer) space() {
	line := false
	for s.at < len(s.in) && strings.IndexByte(" \t\n", s.in[s.at]) >= 0 {
		line = line || s.in[s.at] == '\n'
		s.at++
	}
	next := byte('\n')
	if s.at < len(s.in) {
		next = s.in[s.at]
	}
	switch {
	case s.last == 0 || s.last == '\n':
	case line:
		s.out.WriteByte('\n')
		s.last = '\n'
	case word(s.last) && word(next) || s.last == next && strings.IndexByte("+-/", next) >= 0:
		s.out.WriteByte(' ')
		s.last = ' '
	}
}

func word(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// template copies a template up to its end or to the next ${.
func (s *squeezer) template(n int) {
	rest := s.in[s.at:]
	for ; n < len(rest); n++ {
		switch {
		case rest[n] == '\\':
			n++
		case rest[n] == '`':
			s.put(rest[:n+1])
			return
		case rest[n] == '$' && n+1 < len(rest) && rest[n+1] == '{':
			s.braces = append(s.braces, true)
			s.put(rest[:n+2])
			return
		}
	}
	s.put(rest)
}

// operand reports whether a value is expected here, so that a slash begins a
// regular expression and does not divide.
func (s *squeezer) operand() bool {
	text := bytes.TrimRight(s.out.Bytes(), " \n")
	if len(text) == 0 {
		return true
	}
	last := text[len(text)-1]
	return !word(last) && strings.IndexByte(")]}'\"`", last) < 0 || bytes.HasSuffix(text, []byte("return"))
}

// quoted is the length of a string.
func quoted(rest []byte, quote byte) int {
	for n := 1; n < len(rest); n++ {
		switch rest[n] {
		case '\\':
			n++
		case quote:
			return n + 1
		}
	}
	return len(rest)
}

// expression is the length of a regular expression without its flags.
func expression(rest []byte) int {
	class := false
	for n := 1; n < len(rest); n++ {
		switch rest[n] {
		case '\\':
			n++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				return n + 1
			}
		case '\n':
			return 1 // it was a division after all
		}
	}
	return 1
}
