package cloze

import (
	"regexp"
	"strings"
)

// opening is where an embedded answer begins: "{", its weight, its type.
var opening = regexp.MustCompile(`\{([0-9]*):([A-Za-z]{2,}(?:_[A-Za-z]{1,2})?):`)

// kind is what an embedded answer asks for.
type kind struct {
	base    base
	shuffle bool
	exact   bool // capitals count
}

type base int

const (
	choice base = iota
	multi
	text
	number
)

// bases are Moodle's names of the types, without what says how they look.
var bases = map[string]kind{
	"MULTICHOICE": {base: choice}, "MC": {base: choice},
	"MULTIRESPONSE": {base: multi}, "MR": {base: multi},
	"SHORTANSWER": {base: text}, "SA": {base: text}, "MW": {base: text},
	"SHORTANSWER_C": {base: text, exact: true}, "SAC": {base: text, exact: true}, "MWC": {base: text, exact: true},
	"NUMERICAL": {base: number}, "NM": {base: number},
}

// kindOf reads a type with its variants: V(ertical), H(orizontal), S(huffled)
// and both, with an underscore after the long names and without after the
// short ones.
func kindOf(name string) (kind, bool) {
	name = strings.ToUpper(name)
	if k, ok := bases[name]; ok {
		return k, true
	}
	for _, variant := range []string{"VS", "HS", "V", "H", "S"} {
		stem, ok := strings.CutSuffix(name, variant)
		if !ok {
			continue
		}
		k, ok := bases[strings.TrimSuffix(stem, "_")]
		if ok && k.base <= multi {
			k.shuffle = strings.HasSuffix(variant, "S")
			return k, true
		}
	}
	return kind{}, false
}

// alternative is one answer as it stands between "~" and "~".
type alternative struct {
	answer, feedback string
}

// scan splits what follows an opening into its alternatives; length is where
// the text goes on after the closing brace, −1 where there is none.
func scan(body string) (found []alternative, length int) {
	var a alternative
	from, inFeedback := 0, false
	take := func(to int) {
		if inFeedback {
			a.feedback = body[from:to]
		} else {
			a.answer = body[from:to]
		}
	}
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '~', '}':
			take(i)
			found = append(found, a)
			if body[i] == '}' {
				return found, i + 1
			}
			a, from, inFeedback = alternative{}, i+1, false
		case '#':
			if !inFeedback && !entityBefore(body[from:i]) {
				take(i)
				from, inFeedback = i+1, true
			}
		}
	}
	return found, -1
}

// entityBefore reports that a "#" belongs to an entity ("&#39;"), not to the
// syntax.
func entityBefore(s string) bool { return strings.HasSuffix(s, "&") || strings.HasSuffix(s, "&amp;") }

// What a backslash may stand before. Others keep theirs: "\*" is a star that
// is no wildcard.
var (
	unescaper = strings.NewReplacer(`\\`, `\`, `\}`, "}", `\#`, "#", `\~`, "~", `\"`, `"`, `\/`, "/")
	escaper   = strings.NewReplacer(`\`, `\\`, "}", `\}`, "#", `\#`, "~", `\~`)
)

func unescape(s string) string { return strings.TrimSpace(unescaper.Replace(s)) }

func escape(s string) string { return escaper.Replace(s) }
