package text

import (
	"slices"
	"strings"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// kind is the type of the item: what the question says it is, else what the
// heading above says and the question can be, else what it looks like.
func (b *builder) kind() questionbank.Type {
	if raw := b.line(Kinds); raw != "" && b.Type == "" {
		if t, ok := Kind(raw); ok {
			b.Type = t
		} else {
			b.warn(Kinds, fault.New(fault.Invalid, "questionbank.import.type_guessed", short(raw)))
		}
	}
	switch {
	case b.Type == questionbank.Multiple && b.isMatrix():
		return questionbank.Matrix
	case b.Type == questionbank.Match:
		return b.pairing()
	case b.Type != "":
		return b.Type
	case b.heads(b.Section):
		return b.sectioned()
	}
	return b.guess()
}

// isMatrix reports rows that are each paired, which a source without a word of
// its own calls a complex choice.
func (b *builder) isMatrix() bool { return len(b.Targets) > 0 }

// heads reports whether a question can be what its heading says.
func (b *builder) heads(t questionbank.Type) bool {
	switch t {
	case "":
		return false
	case questionbank.Essay, questionbank.Short, questionbank.Numeric:
		return len(b.Options) == 0
	case questionbank.TrueFalse:
		return len(b.Options) == 0 || b.truths()
	case questionbank.Single, questionbank.Multiple, questionbank.SJT, questionbank.Survey:
		return len(b.Options) > 0
	}
	return true
}

// sectioned is the heading's type; "pilihan ganda" is said of every kind of
// choice, and "isian" of numbers too.
func (b *builder) sectioned() questionbank.Type {
	switch b.Section {
	case questionbank.Single:
		return b.guess()
	case questionbank.Short:
		if b.numbers() {
			return questionbank.Numeric
		}
	case questionbank.Match:
		return b.pairing()
	}
	return b.Section
}

// pairing is match where every row has one target, else matrix.
func (b *builder) pairing() questionbank.Type {
	for _, o := range b.Options {
		if len(b.targetsOf(o.Pairs)) > 1 {
			return questionbank.Matrix
		}
	}
	return questionbank.Match
}

func (b *builder) guess() questionbank.Type {
	key := plain(b.Key)
	switch {
	case len(b.Targets) > 0:
		return b.pairing()
	case len(b.Fields[Points]) > 0 || len(b.Options) > 0 && pointList.MatchString(key):
		return questionbank.SJT
	case len(b.Options) == 0:
		return b.guessOpen(key)
	case b.truths():
		return questionbank.TrueFalse
	case len(b.rightOnes()) > 1:
		return questionbank.Multiple
	}
	return questionbank.Single
}

// guessOpen is the type of a question without options.
func (b *builder) guessOpen(key string) questionbank.Type {
	_, truth := truthOf(key)
	asked := truthMark.MatchString(plain(b.Stem)) || truthLead.MatchString(plain(b.Stem))
	switch {
	case key == "":
		if asked {
			return questionbank.TrueFalse
		}
		return questionbank.Essay
	case truth && (asked || len(key) > 1):
		return questionbank.TrueFalse
	case keyLetters.MatchString(key) && len(key) == 1, keyLabel.MatchString(key) && len(strings.Fields(key)) < 3:
		return questionbank.Single // its options are missing, and are asked for
	case b.numbers():
		return questionbank.Numeric
	case len(b.Key) == 1 && len(strings.Fields(key)) <= shortWords && !strings.HasSuffix(key, "."):
		b.warn("correct", fault.New(fault.Invalid, "questionbank.text.short_guessed", short(key)))
		return questionbank.Short
	}
	return questionbank.Essay
}

// shortWords is the longest key that is still one to be typed word for word.
const shortWords = 4

// numbers reports a key of nothing but numbers.
func (b *builder) numbers() bool {
	all := alternatives(plain(b.Key))
	for _, a := range all {
		_, number := scoring.ParseNumber(a)
		if !number && !rangeMark.MatchString(a) && !aboutMark.MatchString(a) {
			return false
		}
	}
	return len(all) > 0
}

// truths reports the two options of a true/false item.
func (b *builder) truths() bool {
	return len(b.Options) == 2 && strings.EqualFold(plain(b.Options[0].Lines), questionbank.TrueText) &&
		strings.EqualFold(plain(b.Options[1].Lines), questionbank.FalseText)
}

// truthOf reads the key of a true/false item: 0 for Benar, 1 for Salah.
func truthOf(key string) (place int, ok bool) {
	switch Word(key) {
	case "B", "BENAR", "TRUE", "T", "YA", "BETUL":
		return 0, true
	case "S", "SALAH", "FALSE", "F", "TIDAK":
		return 1, true
	}
	return 0, false
}

// readKey is the places of the options that the key names. ok is false for a
// key that says something else.
func (b *builder) readKey() (places []int, ok bool) {
	key := strings.Join(strings.Fields(plain(b.Key)), " ")
	if key == "" {
		return nil, true
	}
	for i, o := range b.Options {
		if text := strings.Join(strings.Fields(plain(o.Lines)), " "); len([]rune(key)) > 1 && text == key {
			return []int{i}, true
		}
	}
	if m := keyLabel.FindStringSubmatch(key); m != nil && !onlyLetters(key) {
		return b.labelled(m[1])
	}
	for part := range strings.FieldsSeq(keyBetween.ReplaceAllString(key, " ")) {
		found, known := b.labelled(part)
		if !known {
			return nil, false
		}
		places = append(places, found...)
	}
	slices.Sort(places)
	return slices.Compact(places), true
}

// onlyLetters tells "A. C" and "a) d" from "A. Jakarta".
func onlyLetters(key string) bool {
	for part := range strings.FieldsSeq(keyBetween.ReplaceAllString(key, " ")) {
		if len(part) > 1 {
			return false
		}
	}
	return true
}

// labelled is the places that one word of a key names: "C", "ac", "3".
func (b *builder) labelled(word string) ([]int, bool) {
	if i := slices.IndexFunc(b.Options, func(o Option) bool { return o.Label != "" && strings.EqualFold(o.Label, word) }); i >= 0 {
		return []int{i}, true
	}
	if keyNumber.MatchString(word) {
		n := 0
		for _, d := range word {
			n = n*10 + int(d-'0')
		}
		return []int{n - 1}, n > 0
	}
	if !keyLetters.MatchString(word) {
		return nil, false
	}
	var places []int
	for _, r := range strings.ToUpper(word) {
		place := int(r - 'A')
		if len(word) > 1 && (place >= len(b.Options) || slices.Contains(places, place)) {
			return nil, false // a word, not letters
		}
		places = append(places, b.place26(r, place))
	}
	return places, true
}

// place26 is the place of the option with a letter; letters that a document
// leaves out shift those behind.
func (b *builder) place26(letter rune, place int) int {
	if i := slices.IndexFunc(b.Options, func(o Option) bool { return strings.EqualFold(o.Label, string(letter)) }); i >= 0 {
		return i
	}
	return place
}

// alternatives is the answers that a key accepts.
func alternatives(key string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(key, func(r rune) bool { return r == ';' || r == '|' || r == '\n' }) {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// targetsOf is the places of the targets that a row's key names.
func (b *builder) targetsOf(key string) []int {
	var places []int
	for part := range strings.FieldsSeq(keyBetween.ReplaceAllString(key, " ")) {
		i := slices.IndexFunc(b.Targets, func(o Option) bool { return strings.EqualFold(o.Label, part) })
		if i >= 0 && !slices.Contains(places, i) {
			places = append(places, i)
		}
	}
	return places
}
