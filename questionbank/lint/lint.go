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
	longID   = regexp.MustCompile(`\d{16,18}`)
)

// Item checks one item, on the day today.
func Item(c questionbank.Content, today time.Time) []*fault.Fault {
	var f findings
	f.stem(c)
	f.options(c)
	f.explained(c)
	f.expiry(c, today)
	return f
}

type findings []*fault.Fault

func (f *findings) add(one *fault.Fault) { *f = append(*f, one) }

func (f *findings) stem(c questionbank.Content) {
	if n := questionbank.Words(c.Stem); n > MaxStemWords {
		f.add(fault.New(fault.Invalid, "questionbank.lint.stem_words", n, MaxStemWords).On("stem"))
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(questionbank.Plain(c.Stem), ` "'”’`))
	plain := questionbank.Plain(c.Stem)
	asksSomething := strings.HasSuffix(plain, "?") || strings.HasSuffix(plain, "?)") || strings.HasSuffix(plain, "?”")
	pickAll := strings.Contains(strings.ToLower(plain), "pilih semua yang tepat")
	switch {
	case c.Type == questionbank.TrueFalse && last == '?':
		f.add(fault.New(fault.Invalid, "questionbank.lint.statement_asks").On("stem"))
	case c.Type == questionbank.Multiple && !pickAll:
		f.add(fault.New(fault.Invalid, "questionbank.lint.pick_all_missing").On("stem"))
	case c.Type != questionbank.TrueFalse && !asksSomething && !strings.Contains(plain, "?"):
		f.add(fault.New(fault.Invalid, "questionbank.lint.asks_nothing").On("stem"))
	}
	f.negative(c.Stem)
	if longID.MatchString(c.Stem + c.Stimulus) {
		f.add(fault.New(fault.Invalid, "questionbank.lint.number_like_nip").On("stem"))
	}
}

// negative finds a question that asks for what is not so without saying so in
// bold: readers in a hurry miss the small word.
func (f *findings) negative(stem string) {
	ask := lastSentence(stem)
	if asks.MatchString(questionbank.Plain(ask)) && !slices.ContainsFunc(emphasis.FindAllString(ask, -1), except.MatchString) {
		f.add(fault.New(fault.Invalid, "questionbank.lint.negative_plain").On("stem"))
	}
}

// lastSentence is the part of the stem that asks.
func lastSentence(stem string) string {
	end := strings.LastIndexByte(stem, '?')
	if end < 0 {
		end = len(stem)
	}
	start := strings.LastIndexAny(stem[:end], ".!?:") + 1
	return stem[start:min(end+1, len(stem))]
}

func (f *findings) options(c questionbank.Content) {
	options := c.Choice().Options
	if c.Type == questionbank.TrueFalse || len(options) < 2 {
		return
	}
	shortest, longest := lengths(options)
	if longest > ratioFloor && longest*100 > shortest*MaxLengthRatio {
		f.add(fault.New(fault.Invalid, "questionbank.lint.length_ratio", longest, shortest).On("options"))
	}
	ends := map[bool]int{}
	var withAbsolute []int
	for i, o := range options {
		ends[strings.HasSuffix(o.Text, ".")]++
		if allOf.MatchString(o.Text) {
			f.add(fault.New(fault.Invalid, "questionbank.lint.all_of_the_above", o.ID).On(questionbank.OptionField("option", i)))
		}
		if absolute.MatchString(o.Text) {
			withAbsolute = append(withAbsolute, i)
		}
	}
	if len(ends) > 1 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.ends_differ").On("options"))
	}
	if given := onlyDistractors(c, withAbsolute); len(given) > 0 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.absolute_words", strings.Join(given, ", ")).On("options"))
	}
	if c.Type == questionbank.Multiple && len(c.Choice().Correct) < 2 {
		f.add(fault.New(fault.Invalid, "questionbank.lint.multiple_one_key").On("correct"))
	}
}

// onlyDistractors names the options with absolute words, unless the key has
// one too: then the word gives nothing away.
func onlyDistractors(c questionbank.Content, with []int) []string {
	var letters []string
	for _, i := range with {
		if slices.Contains(bestOptions(c), i) {
			return nil
		}
		letters = append(letters, questionbank.OptionID(i))
	}
	return letters
}

// bestOptions is the places of the right options, of an sjt item the best one.
func bestOptions(c questionbank.Content) []int {
	k := c.Key()
	if len(k.Points) == 0 {
		return k.Correct
	}
	return []int{slices.Index(k.Points, slices.Max(k.Points))}
}

func lengths(options []questionbank.Option) (shortest, longest int) {
	shortest = utf8.RuneCountInString(options[0].Text)
	for _, o := range options {
		n := utf8.RuneCountInString(o.Text)
		shortest, longest = min(shortest, n), max(longest, n)
	}
	return shortest, longest
}

func (f *findings) explained(c questionbank.Content) {
	if c.Rationale == "" {
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_rationale").On("rationale"))
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
	case c.Expires == "":
		f.add(fault.New(fault.Invalid, "questionbank.lint.no_expiry").On("expires"))
	case c.Expires < today.Format(time.DateOnly):
		f.add(fault.New(fault.Invalid, "questionbank.lint.expired", c.Expires).On("expires"))
	}
}
