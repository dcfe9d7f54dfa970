package text

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// keyEntry is one answer of the list at the end of a document.
type keyEntry struct {
	section questionbank.Type
	number  string
	line    Line
}

// maxKeys is the longest list that is read.
const maxKeys = 5000

var (
	keyCell  = regexp.MustCompile(`(?i)(?:^|[\s,;|])(\d{1,3})\s*[.):=\-–]*\s*([A-L](?:\s*[,&]\s*[A-L])*|benar|salah)(?:[\s,;|.]|$)`)
	keyStart = regexp.MustCompile(`^\s*(?:no\.?\s*)?(\d{1,3})\s*[.):=\-–]+\s*(\S.*)$`)
)

// keysFollow reports whether a list of keys stands below its title.
func (s *scanner) keysFollow() bool {
	for _, t := range s.tokens[s.i+1:] {
		switch {
		case t.role == blank, t.section != "" && t.role != keyed:
			continue
		case t.role == ready:
			return false
		}
		text := strings.TrimSpace(t.text)
		if m := keyCell.FindStringSubmatchIndex(text); m != nil && m[2] == 0 {
			return true
		}
		return len(s.drafts) > 0 && s.q != nil && t.role == numbered && t.n == 1 && s.last > 0
	}
	return false
}

// keyLine takes a line of the list; false where questions go on.
func (s *scanner) keyLine(t token) bool {
	ahead := s.ahead(s.i)
	if t.role == numbered && ahead.role == lettered && ahead.letter == 0 || t.role == lettered || t.role == stemmed || t.explicit && t.rest >= len(t.text) {
		return false
	}
	if len(s.keys) > maxKeys {
		s.skip(t)
		return true
	}
	if cells := s.cells(t); len(cells) > 0 {
		s.keys = append(s.keys, cells...)
		return true
	}
	if m := keyStart.FindStringSubmatchIndex(t.text); m != nil {
		s.keys = append(s.keys, keyEntry{section: s.section, number: t.text[m[2]:m[3]], line: t.Tail(m[4])})
		return true
	}
	if n := len(s.keys); n > 0 && !t.gap {
		s.keys[n-1].line.Spans = append(s.keys[n-1].line.Spans, Span{Text: " "})
		s.keys[n-1].line.Spans = append(s.keys[n-1].line.Spans, t.Spans...)
		return true
	}
	s.skip(t)
	return true
}

// cells reads "1. A  2. C  3. B"; nil where the line says more than that.
func (s *scanner) cells(t token) []keyEntry {
	var found []keyEntry
	text, at, left := t.text+" ", 0, ""
	for at < len(text) {
		m := keyCell.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		left += text[at : at+m[0]]
		found = append(found, keyEntry{section: s.section, number: text[at+m[2] : at+m[3]], line: t.cut(at+m[4], at+m[5])})
		at += m[5]
	}
	if strings.Trim(left+text[at:], " \t.,;|") != "" {
		return nil
	}
	return found
}

// applyKeys gives each answer to its question. Where numbers begin anew the
// list does too, or names the kind of question above its part.
func (s *scanner) applyKeys() {
	of := map[string][]*Draft{}
	for _, d := range s.drafts {
		of[d.Number] = append(of[d.Number], d)
	}
	count := map[string]int{}
	for number, list := range of {
		count[number] = len(list)
	}
	for _, k := range s.keys {
		n, err := strconv.Atoi(k.number)
		number := strconv.Itoa(n)
		i := slices.IndexFunc(of[number], func(d *Draft) bool { return err == nil && k.answers(d, count[number] == 1) })
		if i < 0 {
			s.messages = append(s.messages, fault.New(fault.Invalid, "questionbank.text.key_left", k.number, short(k.line.String())).Place(k.line.At))
			continue
		}
		if count[number] > 1 { // the next answer of that number is another's
			of[number] = slices.Delete(of[number], i, i+1)
		}
	}
}

// answers reports whether the entry was d's, which it is for the only one of
// its number also where d has a key already.
func (k keyEntry) answers(d *Draft, only bool) bool {
	if k.section != "" && d.Section != "" && k.section != d.Section {
		return false
	}
	if empty(d.Key) {
		d.Key = []Line{k.line}
		d.Raw = append(d.Raw, k.number+". "+k.line.String())
		return true
	}
	if !only {
		return false
	}
	if Word(plain(d.Key)) != Word(k.line.String()) {
		d.Notes = append(d.Notes, fault.New(fault.Invalid, "questionbank.text.key_twice", short(k.line.String())).On("correct").Place(k.line.At))
	}
	return true
}
