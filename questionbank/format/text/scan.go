package text

import (
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// part is where text goes that has no mark of its own.
type part int

const (
	inStem part = iota
	inOption
	inKey
	inField
)

// mode is what kind of page the scanner is on.
type mode int

const (
	asking mode = iota
	noting      // below CATATAN, until questions go on
	keying      // below KUNCI JAWABAN
)

// scanner groups lines into questions.
type scanner struct {
	tokens   []token
	i        int
	next     []int // of each line, the next that has a mark
	spaced   bool  // the last line was empty
	numbered bool  // the document numbers its questions
	mode     mode
	section  questionbank.Type
	fresh    bool // a heading stood since the last question
	last     int  // number of the last question
	list     int  // last number of a list inside a text
	q        *Draft
	part     part
	field    string
	lower    bool // case of the open question's letters
	colon    bool
	defaults map[string][]Line
	drafts   []*Draft
	found    bool // a draft was handed in
	keys     []keyEntry
	skipping *fault.Fault // the message that the next skipped line belongs to
	messages []*fault.Fault
	empties  int
	emptyAt  string
}

func scan(lines []Line) *scanner {
	s := &scanner{tokens: tokens(lines)}
	s.numbered = s.numbers()
	s.link()
	for s.i = range s.tokens {
		s.take(s.tokens[s.i])
	}
	s.close()
	s.applyKeys()
	if s.empties > 0 {
		s.messages = append(s.messages, fault.New(fault.Invalid, "questionbank.text.empty_numbers", s.empties).Place(s.emptyAt))
	}
	return s
}

func (s *scanner) take(t token) {
	s.spaced = s.spaced && t.role == blank
	switch {
	case t.role == ready:
		s.ready(t)
	case t.role == blank:
		s.space(t)
	case s.mode == noting && !s.endsNote(t):
		s.skip(t)
	case s.heading(t):
		s.close()
		s.section, s.fresh, s.skipping = t.section, true, nil
		if s.mode == noting {
			s.mode = asking
		}
	case s.mode == keying && s.keyLine(t):
	default:
		s.mode = asking
		s.ask(t)
	}
}

// ready takes a question that needs no scanning.
func (s *scanner) ready(t token) {
	s.close()
	s.mode, s.skipping = asking, nil
	s.found = true
	d := t.Draft
	if d.Section == "" {
		d.Section = s.section
	}
	s.inherit(d)
	s.drafts = append(s.drafts, d)
	if n, err := strconv.Atoi(d.Number); err == nil {
		s.last = n
	}
	s.fresh = false
}

// space keeps an empty line where a text goes on behind it.
func (s *scanner) space(t token) {
	s.skipping = nil
	if s.q == nil {
		s.messages = append(s.messages, t.Notes...)
		return
	}
	s.q.Notes = append(s.q.Notes, t.Notes...)
	if !s.spaced {
		s.add(Line{})
	}
	s.spaced = true
}

// heading reports a line that announces a kind of questions. "B. Uraian" may be
// an option instead.
func (s *scanner) heading(t token) bool {
	if t.section == "" || t.role == keyTitle {
		return false
	}
	if t.role == fielded || t.role == keyed || t.role == stemmed {
		return false
	}
	if s.q != nil && t.role == lettered && !t.gap && t.letter == s.nextLetter() && !shouting(t.text[t.rest:]) {
		return false
	}
	if s.q != nil && t.role == numbered && !shouting(t.text) {
		return false
	}
	return shouting(t.text) || t.gap || s.q == nil || s.done()
}

// endsNote reports the line with which questions go on after a note.
func (s *scanner) endsNote(t token) bool {
	switch {
	case s.heading(t), t.role == keyTitle, t.explicit:
		return true
	case t.role == numbered && t.gap:
		return t.n == s.last+1 || t.n == 1
	case t.role == other && t.gap:
		ahead := s.ahead(s.i)
		return !s.numbered && ahead.role == lettered && ahead.letter == 0
	}
	return false
}

// ask takes a line where questions are.
func (s *scanner) ask(t token) {
	switch {
	case t.role == keyTitle && s.keysFollow():
		s.close()
		s.mode, s.section, s.fresh = keying, "", true
	case t.role == keyTitle && strings.HasSuffix(strings.TrimSpace(t.text), ":") && s.q != nil:
		s.key(t.cut(0, 0))
	case t.role == noteTitle && (s.q == nil || t.gap || s.done()):
		s.close()
		s.mode = noting
		s.skip(t)
	case t.role == keyed && s.q != nil:
		s.key(t.Tail(t.rest))
	case t.role == fielded && s.meant(t):
		s.setField(t)
	case t.role == stemmed:
		s.stemLabel(t)
	case t.role == numbered && s.starts(t):
		s.begin(t, t.Tail(t.rest))
	case t.role == lettered && s.option(t):
	default:
		if t.role == numbered {
			s.list = t.n
		}
		s.prose(t)
	}
}

// done reports that the open question has all it needs.
func (s *scanner) done() bool {
	return s.q != nil && (!empty(s.q.Key) || len(s.q.Options) >= questionbank.MinOptions || s.part == inField)
}

// begin opens a question.
func (s *scanner) begin(t token, stem Line) {
	s.close()
	s.mode, s.skipping = asking, nil
	s.q = &Draft{At: t.At, Section: s.section}
	s.inherit(s.q)
	s.part, s.list, s.fresh, s.colon = inStem, 0, false, false
	if t.role == numbered {
		s.last = t.n
		s.q.Number = strconv.Itoa(t.n)
	}
	s.raw(t)
	if !stem.Blank() {
		s.stem(stem)
	}
}

// inherit gives a question what the head of the document says of all.
func (s *scanner) inherit(d *Draft) {
	for field, lines := range s.defaults {
		if _, own := d.Fields[field]; !own {
			d.Set(field, lines...)
		}
	}
}

// close ends the open question. A number without anything behind it is none.
func (s *scanner) close() {
	q := s.q
	s.q = nil
	if q == nil {
		return
	}
	if q.Empty() {
		s.empties++
		if s.emptyAt == "" {
			s.emptyAt = q.At
		}
		return
	}
	s.drafts = append(s.drafts, q)
}

func (s *scanner) raw(t token) { s.q.Raw = append(s.q.Raw, strings.ReplaceAll(t.text, object, "")) }

// skip leaves a line out, with one message for all that stand together.
func (s *scanner) skip(t token) {
	s.messages = append(s.messages, t.Notes...)
	if s.skipping != nil {
		return
	}
	s.skipping = fault.New(fault.Invalid, "questionbank.text.skipped", short(t.text)).Place(t.At)
	s.messages = append(s.messages, s.skipping)
}

// stemLabel takes "Soal: …".
func (s *scanner) stemLabel(t token) {
	if s.q != nil && empty(s.q.Stem) && len(s.q.Options) == 0 && empty(s.q.Key) {
		s.raw(t)
		s.stem(t.Tail(t.rest))
		return
	}
	s.begin(t, t.Tail(t.rest))
	s.colon = true
}

// key takes what the key says.
func (s *scanner) key(l Line) {
	t := s.tokens[s.i]
	s.raw(t)
	if !empty(s.q.Key) {
		s.q.Notes = append(s.q.Notes, fault.New(fault.Invalid, "questionbank.text.key_twice", short(l.String())).On("correct").Place(t.At))
		return
	}
	s.part, s.list = inKey, 0
	text := l.String()
	if strings.Trim(text, " .…_-\t") == "" {
		l = l.cut(0, 0)
	}
	if m := reasonInKey.FindStringIndex(text); m != nil {
		s.q.Set(Rationale, l.Tail(m[1]))
		s.part, s.field = inField, Rationale
		l = l.cut(0, m[0])
	}
	if len(l.Spans) > 0 {
		s.q.Key = append(s.q.Key, l)
	}
}

// meant reports whether a title that many texts hold is one of our fields here.
func (s *scanner) meant(t token) bool {
	if s.q == nil {
		return true
	}
	switch t.field {
	case Rationale, Aspect, Indicator, Points, Level, Basis, Expires, DigComp, Stimulus:
		return true
	case Kinds:
		if _, known := Kind(t.text[t.rest:]); known {
			return true
		}
	}
	return s.done() || empty(s.q.Stem) && s.part == inStem
}

// setField takes "Bobot: 2", before the first question for all of them.
func (s *scanner) setField(t token) {
	value := t.Tail(t.rest)
	if s.q == nil {
		switch t.field {
		case Aspect, Indicator, Level, Category, Kinds, Tags, DigComp, Basis, Worth:
			if s.defaults == nil {
				s.defaults = map[string][]Line{}
			}
			s.defaults[t.field] = []Line{value}
			s.messages = append(s.messages, t.Notes...)
		default:
			s.skip(t)
		}
		return
	}
	s.raw(t)
	s.part, s.field, s.list = inField, t.field, 0
	if _, inherited := s.defaults[t.field]; inherited {
		delete(s.q.Fields, t.field)
	}
	s.q.Set(t.field, value)
}

// add puts a line where the text goes on.
func (s *scanner) add(l Line) {
	l.Soft = !l.Blank() && l.Soft
	switch s.part {
	case inStem:
		s.q.Stem = append(s.q.Stem, l)
	case inOption:
		o := &s.q.Options[len(s.q.Options)-1]
		o.Lines = append(o.Lines, l)
	case inKey:
		s.q.Key = append(s.q.Key, l)
	case inField:
		s.q.Set(s.field, l)
	}
}
