// Package lint checks the style of items: what a good author would mend though
// nothing stops the item from being saved. Item looks at one item; Bank looks
// at what only many items together show, such as keys that are mostly the
// longest option.
//
// Findings are faults, so that they carry a message key, the form field and,
// of a bank, the item's code as their place.
package lint

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// The figures of the rules; the messages name them.
const (
	MaxStemWords   = 60
	MaxLengthRatio = 135 // longest option in percent of the shortest
	MaxLongestKey  = 40  // percent of items whose key is the strictly longest option
	MaxShortestKey = 40  // percent of items whose key is the strictly shortest option
	MaxKeyRun      = 2   // items in a row with the key at one letter
	MaxReading     = 300 // words before an answer: about a minute and a half
	MaxKeyLead     = 125 // length of the key in percent of the next longest option
)

// ratioFloor is the length below which a ratio says nothing: "5 MB" and "12 MB"
// are not unlike each other.
const ratioFloor = 25

var (
	absolute = regexp.MustCompile(`(?i)\b(selalu|tidak pernah|pasti|semuanya|satu-satunya|sama sekali|apa pun|siapa pun|mutlak)\b`)
	allOf    = regexp.MustCompile(`(?i)\b(semua (jawaban )?(di atas )?(benar|salah)|tidak ada (jawaban )?yang (benar|tepat)|[a-f] dan [a-f] (benar|salah))\b`)
	except   = regexp.MustCompile(`(?i)\b(kecuali|bukan(?:lah)?|tidak termasuk)\b`)
	asks     = regexp.MustCompile(`(?i)\b(kecuali)\b|\b(yang|mana yang) (bukan|tidak)\b[^?]*\?`)
	emphasis = regexp.MustCompile(`\*\*[^*]+\*\*`)
	pickAll  = regexp.MustCompile(`(?i)\bpilih(lah)? (semua|\d|dua|tiga|empat)`)
	openEnd  = regexp.MustCompile(`(…|\.\.\.|_{2,}|:)[\s".)”]*$`) // "Singkatan itu adalah …"
	longID   = regexp.MustCompile(`\d{16,18}`)
)

// Item checks one item of any type, on the day today.
func Item(c questionbank.Content, today time.Time) []*fault.Fault {
	var f findings
	f.stem(c)
	for i, in := range c.Interactions {
		part := ""
		if len(c.Interactions) > 1 {
			part = questionbank.PartField(i) + "."
		}
		f.interaction(c, in, part)
	}
	f.whole(c)
	f.explained(c)
	f.expiry(c, today)
	return f
}

type findings []*fault.Fault

func (f *findings) add(one *fault.Fault) { *f = append(*f, one) }

func (f *findings) stem(c questionbank.Content) {
	plain := questionbank.Plain(c.Stem)
	if n := questionbank.Words(c.Stem); n > MaxStemWords && c.Type != questionbank.Info {
		f.add(fault.New(fault.Invalid, "questionbank.lint.stem_words", n, MaxStemWords).On("stem"))
	}
	if n := reading(c); n > MaxReading {
		f.add(fault.New(fault.Invalid, "questionbank.lint.reading", n, MaxReading).On("stimulus"))
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(plain, ` "'”’`))
	switch c.Type {
	case questionbank.TrueFalse:
		if last == '?' {
			f.add(fault.New(fault.Invalid, "questionbank.lint.statement_asks").On("stem"))
		}
	case questionbank.Multiple:
		if !pickAll.MatchString(plain) {
			f.add(fault.New(fault.Invalid, "questionbank.lint.pick_all_missing").On("stem"))
		}
	case questionbank.Single, questionbank.SJT, questionbank.Survey:
		if !strings.Contains(plain, "?") && !openEnd.MatchString(plain) {
			f.add(fault.New(fault.Invalid, "questionbank.lint.asks_nothing").On("stem"))
		}
	}
	f.negative(c)
	if longID.MatchString(c.Stem + c.Stimulus) {
		f.add(fault.New(fault.Invalid, "questionbank.lint.number_like_nip").On("stem"))
	}
}

// reading is how many words a participant reads before answering.
func reading(c questionbank.Content) int {
	n := questionbank.Words(c.Stimulus) + questionbank.Words(c.Stem)
	for _, in := range c.Interactions {
		n += questionbank.Words(in.Prompt)
		for _, o := range slices.Concat(in.Options, in.Targets) {
			n += questionbank.Words(o.Text)
		}
	}
	return n
}

// negative finds a question that asks for what is not so without saying so in
// bold: readers in a hurry miss the small word. "… adalah, kecuali" asks as well.
func (f *findings) negative(c questionbank.Content) {
	if c.Type == questionbank.TrueFalse || c.Type == questionbank.Info {
		return
	}
	ask := lastSentence(c.Stem)
	if asks.MatchString(questionbank.Plain(ask)) && !slices.ContainsFunc(emphasis.FindAllString(ask, -1), except.MatchString) {
		f.add(fault.New(fault.Invalid, "questionbank.lint.negative_plain").On("stem"))
	}
}

// lastSentence is the part of the stem that asks.
func lastSentence(stem string) string {
	end := strings.LastIndexByte(stem, '?')
	if end < 0 {
		end = len(strings.TrimRight(stem, " .…:_"))
	}
	start := strings.LastIndexAny(stem[:end], ".!?:") + 1
	return stem[start:min(end+1, len(stem))]
}

// whole looks at what the item has beside its interactions.
func (f *findings) whole(c questionbank.Content) {
	if c.Type == questionbank.Essay && len(c.Rubric) == 0 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_rubric").On("rubric"))
	}
	for _, m := range c.Media {
		if m.Alt == "" && strings.HasPrefix(m.MIME, "image/") {
			f.add(fault.New(fault.Invalid, "questionbank.media_alt", m.Name).On("media"))
		}
	}
}

func (f *findings) explained(c questionbank.Content) {
	if c.Type == questionbank.Survey || c.Type == questionbank.Info {
		return
	}
	if c.Rationale == "" {
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_rationale").On("rationale"))
	}
	if c.Choice().Kind != questionbank.ChoiceKind || len(c.Interactions) != 1 {
		return
	}
	var without []string
	for _, o := range c.Choice().Options {
		if o.Reason == "" {
			without = append(without, o.ID)
		}
	}
	if len(without) > 0 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_reason", strings.Join(without, ", ")).On("options"))
	}
}

func (f *findings) expiry(c questionbank.Content, today time.Time) {
	switch {
	case c.Expires == "" && c.Type != questionbank.Survey && c.Type != questionbank.Info:
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_expiry").On("expires"))
	case c.Expires != "" && c.Expires < today.Format(time.DateOnly):
		f.add(fault.New(fault.Invalid, "questionbank.lint.expired", c.Expires).On("expires"))
	}
}
