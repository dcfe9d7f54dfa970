package gift

import (
	"strconv"
	"strings"

	"cakap/internal/fault"
)

// block is the lines of one question, up to an empty line or to what can only
// be the beginning of the next one.
type block struct {
	line     int // number of its first line, from 1
	lines    []string
	category string
	warnings []*fault.Fault
}

func (b *block) warn(line int, key string, args ...any) {
	b.warnings = append(b.warnings, fault.New(fault.Conflict, key, args...).Place(place(line)))
}

func place(line int) string { return "baris " + strconv.Itoa(line) }

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "//") }

// asks reports whether a block holds more than comments.
func (b *block) asks() bool {
	for _, line := range b.lines {
		if strings.TrimSpace(line) != "" && !isComment(line) {
			return true
		}
	}
	return false
}

const categoryMark = "$CATEGORY:"

// splitter cuts a file into blocks.
type splitter struct {
	lines    []string
	done     []block
	now      block
	seen     string // braces of the block so far
	category string
	blank    bool // an empty line inside the braces was spoken of
	glued    bool // a category line stood directly above
}

// split cuts at empty lines, as Moodle does. Where Moodle would lose a question
// it cuts, or keeps together, what was meant, with a warning: a category's line
// ends with the line, an empty line inside braces ends nothing, and a question
// may begin directly below another's closing brace. A file of too many questions
// is left where that is known.
func split(text string) []block {
	s := splitter{lines: strings.Split(text, "\n")}
	for i, line := range s.lines {
		if len(s.done) > maxItems {
			return s.done
		}
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, categoryMark):
			s.end()
			s.category, s.glued = categoryPath(trimmed[len(categoryMark):]), true
			continue
		case trimmed == "" && s.open() && s.closesLater(i+1):
			if !s.blank {
				s.now.warn(i+1, "questionbank.gift.blank_inside")
			}
			s.blank = true
		case trimmed == "":
			s.end()
			s.glued = false
			continue
		case s.begins(trimmed):
			s.cut(i + 1)
		}
		s.add(i+1, line)
	}
	s.end()
	return s.done
}

func (s *splitter) open() bool { return s.seen == "{" }

// begins reports that a line starts another question, though no empty line
// stands above it.
func (s *splitter) begins(trimmed string) bool {
	if s.seen != "{}" || isComment(trimmed) || strings.ContainsAny(trimmed[:1], "~=#}") {
		return false // an answer with braces of its own goes on
	}
	named := strings.HasPrefix(trimmed, "::") && strings.Contains(trimmed[2:], "::")
	return named || strings.HasPrefix(braces(trimmed), "{")
}

// cut ends the block; comments at its end belong to what follows.
func (s *splitter) cut(line int) {
	keep := len(s.now.lines)
	for keep > 0 && isComment(s.now.lines[keep-1]) {
		keep--
	}
	comments := s.now.lines[keep:]
	first := s.now.line + keep
	s.now.lines = s.now.lines[:keep]
	s.end()
	for i, c := range comments {
		s.add(first+i, c)
	}
	if s.now.line == 0 {
		s.now.line, s.now.category = line, s.category
	}
	s.now.warn(line, "questionbank.gift.not_separated")
}

// closesLater reports that the open brace is closed before another question
// begins, near enough that the empty line can only be a slip.
func (s *splitter) closesLater(from int) bool {
	const near = 200
	for _, line := range s.lines[from:min(from+near, len(s.lines))] {
		trimmed := strings.TrimSpace(line)
		if isComment(trimmed) {
			continue
		}
		if strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, categoryMark) {
			return false
		}
		if found := braces(trimmed); found != "" {
			return found[0] == '}'
		}
	}
	return false
}

func (s *splitter) add(line int, text string) {
	if s.now.line == 0 {
		s.now.line, s.now.category = line, s.category
	}
	if s.glued && !isComment(text) {
		s.now.warn(line, "questionbank.gift.category_glued")
		s.glued = false
	}
	s.now.lines = append(s.now.lines, text)
	if !isComment(text) && len(s.seen) < 4 {
		s.seen += braces(text)
	}
}

func (s *splitter) end() {
	if s.now.asks() {
		s.done = append(s.done, s.now)
	}
	s.now, s.seen, s.blank = block{}, "", false
}

// categoryPath reads "$course$/top/Dasar / Surel" as "Dasar/Surel"; "//" is a
// slash in a name and stays as it is.
func categoryPath(text string) string {
	const slash = "\x00"
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "//", slash), "/")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) > 0 && len(parts[0]) > 2 && strings.HasPrefix(parts[0], "$") && strings.HasSuffix(parts[0], "$") {
		parts = parts[1:] // the place in Moodle where it stood
	}
	if len(parts) > 0 && parts[0] == "top" {
		parts = parts[1:]
	}
	return strings.ReplaceAll(strings.Join(parts, "/"), slash, "//")
}
