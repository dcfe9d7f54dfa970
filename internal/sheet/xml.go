package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// errXML is any reason why a part cannot be read as XML. Which one helps
// nobody: the way out is always to save the file again.
var errXML = errors.New("malformed XML")

// errXMLToken is a single tag or text longer than maxToken.
var errXMLToken = errors.New("XML token too long")

// maxToken bounds how much of a part is ever held in memory at once.
const maxToken = 16 << 20

type tokenKind int

const (
	tokenStart tokenKind = iota + 1
	tokenEnd
	tokenText
)

// scanner is a forward-only reader of the XML that spreadsheet programs write.
// encoding/xml takes ten times as long, nearly all of it on namespaces and
// checks that nobody here asks for. It knows no DTD, so there are no entities
// to expand.
type scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	err      error // of r; met when the buffer runs dry

	name  []byte // of a start or end tag, without its namespace prefix
	attrs []byte // of a start tag, undecoded
	text  []byte // of a text token, undecoded unless cdata
	empty bool   // a start tag that closes itself: no end tag follows
	cdata bool
}

func newScanner(r io.Reader) *scanner { return &scanner{r: r, buf: make([]byte, 64<<10)} }

// fill reads more behind what is unread; false when there is no more.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			s.err = errXMLToken
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 { // a reader that returns nothing for ever is broken
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// until is the offset from pos of sep, searching from offset from.
func (s *scanner) until(sep string, from int) (int, error) {
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(sep)); i >= 0 {
			return from + i, nil
		}
		from = max(from, s.end-s.pos-len(sep)+1)
		if !s.fill() {
			return 0, s.broken()
		}
	}
}

func (s *scanner) broken() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return errXML
	}
	return s.err
}

func (s *scanner) at(text string) bool {
	for s.end-s.pos < len(text) {
		if !s.fill() {
			return false
		}
	}
	return string(s.buf[s.pos:s.pos+len(text)]) == text
}

// next reads one token; io.EOF after the last. Its slices hold until the next call.
func (s *scanner) next() (tokenKind, error) {
	for {
		if s.pos == s.end && !s.fill() {
			if errors.Is(s.err, io.EOF) {
				return 0, io.EOF
			}
			return 0, s.broken()
		}
		if s.buf[s.pos] != '<' {
			return s.readText()
		}
		var skip string
		switch {
		case s.at("<?"):
			skip = "?>"
		case s.at("<!--"):
			skip = "-->"
		case s.at("<![CDATA["):
			return s.readCDATA()
		case s.at("<!"):
			return 0, errXML // a DTD: no spreadsheet program writes one
		default:
			return s.readTag()
		}
		i, err := s.until(skip, 2)
		if err != nil {
			return 0, err
		}
		s.pos += i + len(skip)
	}
}

func (s *scanner) readText() (tokenKind, error) {
	from := 0
	for {
		if i := bytes.IndexByte(s.buf[s.pos+from:s.end], '<'); i >= 0 {
			from += i
			break
		}
		from = s.end - s.pos
		if !s.fill() {
			if !errors.Is(s.err, io.EOF) {
				return 0, s.broken()
			}
			break
		}
	}
	s.text, s.cdata = s.buf[s.pos:s.pos+from], false
	s.pos += from
	return tokenText, nil
}

func (s *scanner) readCDATA() (tokenKind, error) {
	const open = "<![CDATA["
	i, err := s.until("]]>", len(open))
	if err != nil {
		return 0, err
	}
	s.text, s.cdata = s.buf[s.pos+len(open):s.pos+i], true
	s.pos += i + 3
	return tokenText, nil
}

func (s *scanner) readTag() (tokenKind, error) {
	i, err := s.tagEnd()
	if err != nil {
		return 0, err
	}
	tag := s.buf[s.pos+1 : s.pos+i]
	s.pos += i + 1
	kind := tokenStart
	s.empty = false
	if len(tag) > 0 && tag[0] == '/' {
		kind, tag = tokenEnd, tag[1:]
	} else if len(tag) > 0 && tag[len(tag)-1] == '/' {
		s.empty, tag = true, tag[:len(tag)-1]
	}
	name := tag
	s.attrs = nil
	if j := bytes.IndexAny(tag, " \t\r\n"); j >= 0 {
		name, s.attrs = tag[:j], tag[j:]
	}
	s.name = local(name)
	if len(s.name) == 0 {
		return 0, errXML
	}
	return kind, nil
}

// tagEnd is the offset of the ">" that ends the tag, which is not one inside quotes.
func (s *scanner) tagEnd() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		for s.pos+i >= s.end {
			if !s.fill() {
				return 0, s.broken()
			}
		}
		switch c := s.buf[s.pos+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i, nil
		}
	}
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// attr is the undecoded value of the attribute with this local name, nil without it.
func (s *scanner) attr(want string) []byte {
	rest := s.attrs
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		name := bytes.TrimRight(rest[:eq], " \t\r\n")
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(local(name)) == want {
			return rest[1 : 1+end]
		}
		rest = rest[end+2:]
	}
}

func (s *scanner) attrText(want string) string { return string(unescape(nil, s.attr(want))) }

// appendText adds the decoded text token to dst.
func (s *scanner) appendText(dst []byte) []byte {
	if s.cdata {
		return append(dst, s.text...)
	}
	return unescape(dst, s.text)
}

// unescape adds raw to dst with character references resolved. An unknown one
// stays as it stands.
func unescape(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return append(dst, raw...)
		}
		dst, raw = append(dst, raw[:i]...), raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
		if r, ok := reference(raw, end); ok {
			dst, raw = utf8.AppendRune(dst, r), raw[end+1:]
			continue
		}
		dst, raw = append(dst, '&'), raw[1:]
	}
}

func reference(raw []byte, end int) (rune, bool) {
	if end < 2 {
		return 0, false
	}
	switch name := string(raw[1:end]); {
	case name == "lt":
		return '<', true
	case name == "gt":
		return '>', true
	case name == "amp":
		return '&', true
	case name == "quot":
		return '"', true
	case name == "apos":
		return '\'', true
	case len(name) > 2 && (name[:2] == "#x" || name[:2] == "#X"):
		n, err := strconv.ParseUint(name[2:], 16, 32)
		return rune(n), err == nil && n <= utf8.MaxRune
	case name[0] == '#':
		n, err := strconv.ParseUint(name[1:], 10, 32)
		return rune(n), err == nil && n <= utf8.MaxRune
	default:
		return 0, false
	}
}
