package questionbank

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What the search knows of an item and of a question to it.
const (
	maxTerms    = 600 // different words of one item
	maxTerm     = 40  // letters of a word
	minPrefix   = 3   // from here on a word of the question may be the beginning of one
	maxQuestion = 8   // words of a question that count
	codeMark    = "=" // before an item's code, which no word begins with
)

// terms is every word an item is found by, ascending: of its stem, stimulus,
// prompts, options, title, category and tags, and its code as a whole.
func terms(code string, c Content, own []string) []string {
	seen := map[string]bool{codeMark + strings.ToLower(code): true}
	add := func(texts ...string) {
		for _, text := range texts {
			for _, w := range words(text) {
				if len(seen) < maxTerms {
					seen[w] = true
				}
			}
		}
	}
	add(Plain(c.Stem), c.Title, c.Category, strings.Join(c.Tags, " "), strings.Join(own, " "), Plain(c.Stimulus))
	for _, in := range c.Interactions {
		add(Plain(in.Prompt))
		for _, o := range slices.Concat(in.Options, in.Targets) {
			add(Plain(o.Text))
		}
	}
	all := make([]string, 0, len(seen))
	for t := range seen {
		all = append(all, t)
	}
	slices.Sort(all)
	return all
}

// words are the words of a text as the search compares them: small letters
// without accents; single letters are left out.
func words(text string) []string {
	all := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i, w := range all {
		if runes := []rune(w); len(runes) > maxTerm {
			all[i] = string(runes[:maxTerm])
		}
	}
	return slices.DeleteFunc(all, func(w string) bool { return len(w) < 2 })
}

// fold makes "É" an "e". Most text is plain ASCII and needs no tables for it.
func fold(text string) string {
	text = strings.ToLower(text)
	for i := range len(text) {
		if text[i] >= 0x80 {
			return strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFKD.String(text))
		}
	}
	return text
}

// wanted is one word of a question: the words it is the beginning of, or the
// codes. Words of one chunk ("surel-surel") belong together.
type wanted struct {
	words []string
	code  string
}

// question reads what somebody typed into the search.
func question(text string) []wanted {
	var all []wanted
	for _, chunk := range strings.Fields(Plain(text)) {
		w := wanted{words: words(chunk)}
		if codePattern.MatchString(chunk) {
			w.code = codeMark + strings.ToLower(chunk)
		}
		if len(w.words) > 0 || w.code != "" {
			all = append(all, w)
		}
	}
	return all[:min(len(all), maxQuestion)]
}

// postings writes ascending ids as their distances.
func postings(ids []int64) []byte {
	out := make([]byte, 0, 2*len(ids)+8)
	last := int64(0)
	for _, id := range ids {
		out = binary.AppendUvarint(out, uint64(id-last))
		last = id
	}
	return out
}

var errPostings = errors.New("questionbank: a posting of the search is damaged: run cakap migrate to build it anew")

// appendPosting is the inverse of postings.
func appendPosting(ids []int64, posting []byte) ([]int64, error) {
	last := int64(0)
	for len(posting) > 0 {
		d, n := binary.Uvarint(posting)
		if n <= 0 {
			return nil, errPostings
		}
		last += int64(d)
		ids, posting = append(ids, last), posting[n:]
	}
	return ids, nil
}

// both is the ids in two ascending lists.
func both(a, b []int64) []int64 {
	out := make([]int64, 0, min(len(a), len(b)))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out, i, j = append(out, a[i]), i+1, j+1
		}
	}
	return out
}

// without is the ids of a that b does not have, both ascending.
func without(a, b []int64) []int64 {
	out := a[:0:0]
	for _, id := range a {
		if _, found := slices.BinarySearch(b, id); !found {
			out = append(out, id)
		}
	}
	return out
}
