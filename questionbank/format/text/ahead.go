package text

import "strings"

// numbers reports whether questions are numbered: some number stands where a
// question can begin, not in a list that belongs to a text.
func (s *scanner) numbers() bool {
	before, listed := token{role: blank}, 0
	for _, t := range s.tokens {
		if t.role == numbered {
			entry := leads(before, t) || listed > 0 && t.n == listed+1 && before.role != blank && !t.gap
			if t.explicit || !entry {
				return true
			}
			listed = t.n
		} else if t.role != blank && t.role != other {
			listed = 0
		}
		if t.role != blank {
			before = t
		}
	}
	return false
}

// leads reports that a text announces the list that follows it.
func leads(before, t token) bool {
	text := strings.TrimSpace(before.text)
	return before.role == other && (strings.HasSuffix(text, ":") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, ",") ||
		!t.gap && !shouting(text) && before.section == "")
}

// ahead is the next line that has a mark; lists inside of texts are passed over.
func (s *scanner) ahead(i int) token {
	for hops := 0; s.next[i] < len(s.tokens); hops++ {
		i = s.next[i]
		if t := s.tokens[i]; t.role != fielded || hops > 50 || s.meant(t) {
			return t
		}
	}
	return token{role: ready} // the end, which is no option and no key
}

// link finds for each line the next one that has a mark, so that ahead need
// not look for it again and again.
func (s *scanner) link() {
	s.next = make([]int, len(s.tokens))
	at := len(s.tokens)
	for i := len(s.tokens) - 1; i >= 0; i-- {
		s.next[i] = at
		t := s.tokens[i]
		text := t.role == other || t.role == blank || t.role == numbered && !s.numbered && !t.explicit
		if !text || t.section != "" && (shouting(t.text) || t.gap) {
			at = i
		}
	}
}

// starts reports whether a numbered line begins a question, rather than being
// an entry of a list in its text.
func (s *scanner) starts(t token) bool {
	ahead := s.ahead(s.i)
	asked := ahead.role == lettered && ahead.letter == 0 || ahead.role == keyed
	listed := s.list > 0 && t.n == s.list+1
	switch {
	case t.explicit, s.q == nil:
		return true
	case !s.numbered:
		return false
	case s.fresh:
		return true
	case !s.done():
		return t.n == s.last+1 && !listed
	case s.part != inOption && listed && !t.gap:
		return false
	case t.n == s.last+1, t.n > s.last && t.n <= s.last+20 && (t.gap || asked):
		return true
	}
	return asked && (t.n == 1 || t.gap)
}
