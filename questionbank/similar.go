package questionbank

import (
	"strings"
	"unicode"
)

// Similar is an item whose stem says nearly the same.
type Similar struct {
	Code  string
	Share int // percent of word pairs in common
}

// SimilarShare is the percentage of common word pairs from which two stems are
// called alike. Two stems about one scene share a phrase or two (10 to 30 %);
// the same stem with a word or two changed keeps 70 % and more.
const SimilarShare = 60

// Stems finds stems that are nearly the same. It compares the sets of
// neighbouring word pairs (Jaccard) and keeps a list of stems per pair, so that
// a lookup costs what the few stems with common pairs cost, however large the
// bank is.
type Stems struct {
	codes []string
	sizes []int
	by    map[string][]int32
}

// Add makes a stem known under the code of its item.
func (s *Stems) Add(code, stem string) {
	if s.by == nil {
		s.by = map[string][]int32{}
	}
	pairs := wordPairs(stem)
	n := int32(len(s.codes))
	s.codes, s.sizes = append(s.codes, code), append(s.sizes, len(pairs))
	for pair := range pairs {
		s.by[pair] = append(s.by[pair], n)
	}
}

// Like returns the most similar known stem of another item, if any is alike.
func (s *Stems) Like(code, stem string) (Similar, bool) {
	pairs := wordPairs(stem)
	common := map[int32]int{}
	for pair := range pairs {
		for _, n := range s.by[pair] {
			common[n]++
		}
	}
	var best Similar
	for n, c := range common {
		share := 100 * c / (len(pairs) + s.sizes[n] - c)
		if s.codes[n] == code || share < SimilarShare {
			continue
		}
		if share > best.Share || share == best.Share && s.codes[n] < best.Code {
			best = Similar{Code: s.codes[n], Share: share}
		}
	}
	return best, best.Share > 0
}

// wordPairs is the set of neighbouring words of a stem, without capitals and
// punctuation; the ends count as words, so a stem of one word has pairs too.
func wordPairs(stem string) map[string]bool {
	words := strings.FieldsFunc(strings.ToLower(Plain(stem)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	pairs := make(map[string]bool, len(words)+1)
	if len(words) == 0 {
		return pairs
	}
	last := ""
	for _, w := range append(words, "") {
		pairs[last+" "+w] = true
		last = w
	}
	return pairs
}
