package questionbank

import (
	"hash/fnv"
	"slices"
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

// Stems finds stems that are nearly the same: those that share a band of their
// signatures are compared by their sets of neighbouring word pairs (Jaccard).
// A lookup costs what the few candidates cost, however many stems there are.
type Stems struct {
	codes []string
	pairs []pairSet
	bands map[int64][]int32
}

// crowd is how many stems of one band are looked at: a band that more share is
// a phrase of a template, which says nothing.
const crowd = 64

// Add makes a stem known under the code of its item.
func (s *Stems) Add(code, stem string) { s.add(code, pairsOf(stem)) }

func (s *Stems) add(code string, pairs pairSet) {
	if s.bands == nil {
		s.bands = map[int64][]int32{}
	}
	n := int32(len(s.codes))
	s.codes, s.pairs = append(s.codes, code), append(s.pairs, pairs)
	for _, b := range pairs.bands() {
		if known := s.bands[b]; len(known) < crowd {
			s.bands[b] = append(known, n)
		}
	}
}

// Like returns the most similar known stem of another item, if any is alike.
func (s *Stems) Like(code, stem string) (Similar, bool) { return s.like(code, pairsOf(stem)) }

func (s *Stems) like(code string, pairs pairSet) (Similar, bool) {
	var best Similar
	looked := map[int32]bool{}
	for _, b := range pairs.bands() {
		for _, n := range s.bands[b] {
			if looked[n] {
				continue
			}
			looked[n] = true
			if share := pairs.share(s.pairs[n]); s.codes[n] != code {
				best = best.orBetter(Similar{Code: s.codes[n], Share: share})
			}
		}
	}
	return best, best.Share > 0
}

// orBetter keeps the more similar one, of equals the one whose code is first.
func (a Similar) orBetter(b Similar) Similar {
	if b.Share >= SimilarShare && (b.Share > a.Share || b.Share == a.Share && b.Code < a.Code) {
		return b
	}
	return a
}

// pairSet is the neighbouring word pairs of a stem, hashed, ascending.
type pairSet []uint64

// pairsOf takes the pairs without capitals and punctuation; the ends count as
// words, so a stem of one word has pairs too.
func pairsOf(stem string) pairSet {
	words := strings.FieldsFunc(strings.ToLower(Plain(stem)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) == 0 {
		return nil
	}
	pairs := make(pairSet, 0, len(words)+1)
	last := ""
	for _, w := range append(words, "") {
		h := fnv.New64a()
		_, _ = h.Write([]byte(last + " " + w)) // a hash never refuses
		pairs = append(pairs, h.Sum64())
		last = w
	}
	slices.Sort(pairs)
	return slices.Compact(pairs)
}

// share is the percentage of pairs in common.
func (p pairSet) share(q pairSet) int {
	common, i, j := 0, 0, 0
	for i < len(p) && j < len(q) {
		switch {
		case p[i] < q[j]:
			i++
		case p[i] > q[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	if all := len(p) + len(q) - common; all > 0 {
		return 100 * common / all
	}
	return 0
}

// A signature has bandCount bands of bandRows smallest hashes (MinHash). Stems
// that are 60 % alike share a band with a probability of 99 %, at 70 % of
// 99.9 %, at 30 % of 42 %, at 10 % of 2 %.
const (
	bandCount = 20
	bandRows  = 3
)

// bands is the signature, one number for each band; nil for no words. The
// stored ones are of this function: a change of it wants a Reindex.
func (p pairSet) bands() []int64 {
	if len(p) == 0 {
		return nil
	}
	bands := make([]int64, bandCount)
	for b := range bands {
		sum := uint64(b)
		for row := range bandRows {
			seed := mix(uint64(b*bandRows+row) + 1)
			least := ^uint64(0)
			for _, pair := range p {
				least = min(least, mix(pair^seed))
			}
			sum = mix(sum ^ least)
		}
		bands[b] = int64(sum)
	}
	return bands
}

// mix is the finaliser of SplitMix64: every bit of x changes half of the result.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
