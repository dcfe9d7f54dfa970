package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cakap/internal/fault"
	"cakap/questionbank"
)

var (
	bullet      = regexp.MustCompile(`^\s*(?:[-–•*▪●○◦>]|[a-z0-9]{1,2}[.)])\s`)
	asks        = regexp.MustCompile(`(?i)(?:\?|\.\.\.+|…|_{3,})\s*[.:)]*\s*$|^\s*(?:jelaskan|sebutkan|uraikan|tuliskan|apa|apakah|siapa|mengapa|bagaimana|kapan|di\s?mana|berapa|analisis|buatlah|bandingkan|hitung|tentukan|berikan|gambarkan|deskripsikan)\b`)
	reasonInKey = regexp.MustCompile(`(?i)[\s.;(]+(?:pembahasan|penjelasan|alasan)\s*[:=]\s*`)
	inlineMark  = regexp.MustCompile(`(?:^|\s)\s*(?:\*\s*)?\(?([A-Za-z])[.)]\s*`)
	starTail    = regexp.MustCompile(`(?i)\s*(?:\(\s*(?:\*|benar|kunci|jawaban(?:\s+benar)?|correct|[✓√✔])\s*\)|\[\s*(?:benar|kunci|[✓√✔*])\s*\]|[✓√✔☑]|\*)\s*$`)
	starHead    = regexp.MustCompile(`^\s*(?:\*|[✓√✔☑])\s*`)
)

// prose takes a line without a mark: it goes on with what stands before, begins
// a question, or is none of our business.
func (s *scanner) prose(t token) {
	ahead := s.ahead(s.i)
	first := ahead.role == lettered && ahead.letter == 0
	switch {
	case s.q == nil:
		s.proseAlone(t, ahead)
	case s.part == inStem:
		s.proseInStem(t, ahead)
	case s.part == inOption:
		s.proseInOption(t, ahead, first)
	case t.gap && s.numbered && !first && ahead.role != keyed, t.gap && !s.numbered && !s.opens(t, ahead):
		if len(s.q.Options) == 0 && ahead.role == numbered && !shouting(t.text) || bullet.MatchString(t.text) {
			s.more(t) // the next paragraph of a long answer
			return
		}
		s.skip(t)
	case !bullet.MatchString(t.text) && (first || ahead.role == keyed && (t.gap || !s.numbered)):
		s.begin(t, t.Line)
	case s.part == inKey && len(s.q.Options) > 0:
		s.skip(t)
	default:
		s.more(t)
	}
}

// more goes on with the text before.
func (s *scanner) more(t token) {
	s.raw(t)
	l := t.Line
	if s.part == inStem {
		s.stem(l)
		return
	}
	s.add(l)
}

// opens reports whether a line can be a question of its own.
func (s *scanner) opens(t token, ahead token) bool {
	switch {
	case shouting(t.text) && s.i+1 < len(s.tokens) && s.tokens[s.i+1].role == blank:
		return false
	case ahead.role == lettered && ahead.letter == 0, ahead.role == keyed:
		return true
	case s.section == questionbank.Essay, s.section == questionbank.Short, s.section == questionbank.TrueFalse, s.section == questionbank.Numeric:
		return !s.numbered
	}
	return !s.numbered && asks.MatchString(t.text) && len(t.text) > 12 || inlineOptions(t.Line, ahead) != nil
}

func (s *scanner) proseAlone(t token, ahead token) {
	if t.role == lettered && (ahead.role != lettered || ahead.letter != 0) || !s.opens(t, ahead) {
		s.skip(t)
		return
	}
	s.begin(t, t.Line)
}

func (s *scanner) proseInStem(t token, ahead token) {
	stem := ending(s.q.Stem)
	switch {
	case s.numbered && t.gap && shouting(t.text) && stem != "" && ahead.role != lettered:
		s.close()
		s.skip(t)
	case !s.numbered && t.gap && stem != "" && strings.HasSuffix(stem, "?") && s.opens(t, ahead):
		s.begin(t, t.Line)
	case !s.numbered && t.gap && stem != "" && ahead.role != lettered && ahead.role != keyed && s.opens(t, ahead):
		s.begin(t, t.Line)
	default:
		s.more(t)
	}
}

func (s *scanner) proseInOption(t token, ahead token, first bool) {
	goesOn := ahead.role == lettered && ahead.letter == s.nextLetter() && ahead.lower == s.lower
	switch {
	case first && s.numbered && s.q.Number != "" && empty(s.q.Key) && !slices.ContainsFunc(s.q.Options, func(o Option) bool { return o.Right }):
		s.fold()
		s.more(t)
	case first, !goesOn && !s.numbered && t.gap && s.opens(t, ahead):
		s.begin(t, t.Line)
	case t.gap && !goesOn:
		s.skip(t)
	default:
		s.more(t)
	}
}

// fold puts what looked like options back into the stem: they were a list in it.
func (s *scanner) fold() {
	for _, o := range s.q.Options {
		for i, l := range o.Lines {
			if i == 0 {
				l.Spans = append([]Span{{Text: o.Label + ". "}}, l.Spans...)
			}
			s.q.Stem = append(s.q.Stem, l)
		}
	}
	s.q.Options = nil
	s.part = inStem
}

// stem adds to the stem; options may stand on the same line.
func (s *scanner) stem(l Line) {
	s.part = inStem
	at := inlineOptions(l, s.ahead(s.i))
	if at == nil {
		s.add(l)
		return
	}
	if stem := l.cut(0, at[0].from); !stem.Blank() {
		s.add(stem)
	}
	s.inline(l, at)
}

// place26 is where an option stands in a line.
type spot struct {
	letter     int
	lower      bool
	from, text int // where its mark begins, and its text
}

// spots finds the letters of a line from one on, in order and of one case.
func spots(text string, letter int, lower, anyCase bool) []spot {
	var found []spot
	for _, m := range inlineMark.FindAllStringSubmatchIndex(text, -1) {
		c := rune(text[m[2]])
		if int(unicode.ToUpper(c)-'A') != letter+len(found) {
			continue
		}
		if isLower := unicode.IsLower(c); len(found) == 0 && anyCase {
			lower = isLower
		} else if isLower != lower {
			continue
		}
		found = append(found, spot{letter + len(found), lower, m[0], m[1]})
	}
	return found
}

// inlineOptions finds all options on one line with the stem: three, or two
// where the key follows.
func inlineOptions(l Line, ahead token) []spot {
	found := spots(l.String(), 0, false, true)
	if len(found) < 2 || ahead.role == lettered && ahead.letter == 0 {
		return nil
	}
	if len(found) == 2 && ahead.role != keyed && (ahead.role != lettered || ahead.letter != 2) {
		return nil
	}
	return found
}

// inline takes the options of a line.
func (s *scanner) inline(l Line, at []spot) {
	for i, p := range at {
		end := len(l.String())
		if i+1 < len(at) {
			end = at[i+1].from
		}
		mark := l.String()[p.from:p.text]
		s.addOption(p.letter, p.lower, l.cut(p.text, end), strings.Contains(mark, "*"))
	}
}

// nextLetter is the letter that the next option should have.
func (s *scanner) nextLetter() int {
	if s.q == nil || len(s.q.Options) == 0 {
		return 0
	}
	return int(unicode.ToUpper(rune(s.q.Options[len(s.q.Options)-1].Label[0]))-'A') + 1
}

// option takes a lettered line, unless it is part of a text.
func (s *scanner) option(t token) bool {
	ahead := s.ahead(s.i)
	rest := spots(t.text[t.rest:], t.letter+1, t.lower, false)
	if ahead.role == lettered && len(rest) > 0 && ahead.letter == rest[0].letter {
		rest = nil // the next line is that option
	}
	if !s.fitsHere(t, ahead, len(rest) > 0) {
		return false
	}
	s.raw(t)
	l := t.Tail(t.rest)
	if len(rest) == 0 {
		s.addOption(t.letter, t.lower, l, t.star)
		return true
	}
	s.addOption(t.letter, t.lower, l.cut(0, rest[0].from), t.star)
	s.inline(l, rest)
	return true
}

// fitsHere decides whether a letter is that of an option, and prepares for it.
func (s *scanner) fitsHere(t token, ahead token, more bool) bool {
	more = more || ahead.role == lettered && ahead.letter == t.letter+1
	if t.colon && !s.colon {
		if s.q == nil || t.letter != 0 || !more || ahead.role == lettered && !ahead.colon {
			return false
		}
		s.colon = true
	}
	switch {
	case s.q == nil, !empty(s.q.Key) && len(s.q.Options) > 0:
		if t.letter != 0 || !more {
			return false
		}
		s.begin(t, Line{})
		return true
	case len(s.q.Options) == 0:
		return (t.letter == 0 || t.auto) && (more || ahead.role != lettered || ahead.letter == t.letter+2)
	case t.lower != s.lower:
		if t.letter == 0 {
			s.fold()
		}
		return t.letter == 0
	case t.letter == 0:
		if !more {
			return false
		}
		if s.numbered {
			s.fold()
		} else {
			s.begin(t, Line{})
		}
		return true
	case t.letter == s.nextLetter():
		return true
	case t.letter == s.nextLetter()+1 || t.letter == s.nextLetter()-1:
		s.q.Notes = append(s.q.Notes, fault.New(fault.Invalid, "questionbank.text.letters_skip", questionbank.OptionID(t.letter)).On("options").Place(t.At))
		return true
	}
	return false
}

// addOption adds an alternative; a star at either end says it is right.
func (s *scanner) addOption(letter int, lower bool, l Line, star bool) {
	text := l.String()
	if m := starTail.FindStringIndex(text); m != nil && !strings.HasSuffix(text, "**") && m[0] > 0 {
		l, star = l.cut(0, m[0]), true
	} else if m := starHead.FindStringIndex(text); m != nil && !strings.HasPrefix(strings.TrimSpace(text), "**") && m[1] < len(text) {
		l, star = l.Tail(m[1]), true
	}
	label := questionbank.OptionID(letter)
	if lower {
		label = strings.ToLower(label)
	}
	l.Soft = false
	s.q.Options = append(s.q.Options, Option{Label: label, Lines: []Line{l}, Right: star, At: l.At})
	s.part, s.list, s.lower = inOption, 0, lower
}
