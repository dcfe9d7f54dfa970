package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

// Entry is one item of a bank.
type Entry struct {
	Code    string
	Content questionbank.Content
}

// Report is what a bank looks like.
type Report struct {
	Findings []*fault.Fault
	Items    int
	ByAspect map[scoring.Aspect]int
	ByType   map[questionbank.Type]int
	ByLevel  map[questionbank.Level]int
	Cells    map[string]map[questionbank.Level]int // indicator → level → items
	Keys     map[string]int                        // letter → single-choice items keyed there
	Longest  int                                   // single and sjt items whose best option is the longest
	Shortest int
	Compared int // single and sjt items
}

// Bank checks every item and what only the whole shows. Entries keep their
// order: it is what tells keys that stand at one letter several times running.
func Bank(entries []Entry, today time.Time) Report {
	r := Report{
		Items: len(entries), ByAspect: map[scoring.Aspect]int{}, ByType: map[questionbank.Type]int{},
		ByLevel: map[questionbank.Level]int{}, Cells: map[string]map[questionbank.Level]int{}, Keys: map[string]int{},
	}
	var stems questionbank.Stems
	codes := map[string]bool{}
	for _, e := range entries {
		for _, f := range Item(e.Content, today) {
			r.add(f.Place(e.Code))
		}
		if codes[e.Code] {
			r.add(fault.New(fault.Conflict, "questionbank.lint.code_twice", e.Code).Place(e.Code))
		}
		codes[e.Code] = true
		if like, ok := stems.Like(e.Code, e.Content.Stem); ok {
			r.add(fault.New(fault.Invalid, "questionbank.lint.similar", like.Code, like.Share).Place(e.Code))
		}
		stems.Add(e.Code, e.Content.Stem)
		r.count(e.Content)
	}
	r.coverage()
	r.keys(entries)
	return r
}

func (r *Report) add(f *fault.Fault) { r.Findings = append(r.Findings, f) }

func (r *Report) count(c questionbank.Content) {
	r.ByAspect[c.Aspect()]++
	r.ByType[c.Type]++
	r.ByLevel[c.Level]++
	if r.Cells[c.Indicator] == nil {
		r.Cells[c.Indicator] = map[questionbank.Level]int{}
	}
	r.Cells[c.Indicator][c.Level]++
}

// coverage finds indicators that lack a level. Only aspects the bank has at
// all are looked at: a file of one aspect is no fault.
func (r *Report) coverage() {
	for _, ind := range questionbank.StandardFramework().Indicators {
		if r.ByAspect[ind.Aspect()] == 0 {
			continue
		}
		var missing []string
		for _, l := range questionbank.Levels {
			if r.Cells[ind.Code][l] == 0 {
				missing = append(missing, string(l))
			}
		}
		if len(missing) > 0 {
			r.add(fault.New(fault.Invalid, "questionbank.lint.level_missing", ind.Code, strings.Join(missing, ", ")).Place(ind.Code))
		}
	}
}

// minCompared is how many items a share needs before it says anything.
const minCompared = 20

// keys finds what a test-wise person could use: where keys stand, how often
// running, and whether the length of an option gives it away.
func (r *Report) keys(entries []Entry) {
	singles := map[scoring.Aspect]map[string]int{}
	run, last := 0, ""
	for _, e := range entries {
		if e.Content.Type != questionbank.Single && e.Content.Type != questionbank.SJT {
			continue
		}
		best := bestOptions(e.Content)
		if len(best) == 0 {
			continue
		}
		r.length(e.Content, best[0])
		if e.Content.Type != questionbank.Single {
			continue
		}
		a, letter := e.Content.Aspect(), questionbank.OptionID(best[0])
		if run++; letter != last {
			run, last = 1, letter
		}
		if run == MaxKeyRun+1 {
			r.add(fault.New(fault.Invalid, "questionbank.lint.key_run", letter, MaxKeyRun).Place(e.Code))
		}
		r.Keys[letter]++
		if singles[a] == nil {
			singles[a] = map[string]int{}
		}
		singles[a][letter]++
	}
	for _, a := range scoring.Aspects {
		r.balance(a, singles[a])
	}
	r.share(r.Longest, MaxLongestKey, "longest")
	r.share(r.Shortest, MaxShortestKey, "shortest")
}

// length counts where the best option is strictly the longest or the shortest.
func (r *Report) length(c questionbank.Content, best int) {
	r.Compared++
	longest, shortest := true, true
	n := utf8.RuneCountInString(c.Choice().Options[best].Text)
	for i, o := range c.Choice().Options {
		if i == best {
			continue
		}
		other := utf8.RuneCountInString(o.Text)
		longest, shortest = longest && n > other, shortest && n < other
	}
	if longest {
		r.Longest++
	}
	if shortest {
		r.Shortest++
	}
}

func (r *Report) share(n, most int, which string) {
	if r.Compared < minCompared || n*100 <= most*r.Compared {
		return
	}
	percent := n * 100 / r.Compared
	if which == "longest" {
		r.add(fault.New(fault.Invalid, "questionbank.lint.key_longest", percent, most))
		return
	}
	r.add(fault.New(fault.Invalid, "questionbank.lint.key_shortest", percent, most))
}

// balance finds keys that favour a letter: more than half again, or less than
// half, of an equal share of the letters in use.
func (r *Report) balance(a scoring.Aspect, keys map[string]int) {
	total := 0
	for _, n := range keys {
		total += n
	}
	if total < minCompared {
		return
	}
	letters := []string{"A", "B", "C", "D"}
	for _, letter := range letters {
		if n := keys[letter]; n*4*2 > total*3 || n*4*2 < total {
			r.add(fault.New(fault.Invalid, "questionbank.lint.key_balance", a.Code(), distribution(keys)).Place(a.Code()))
			return
		}
	}
}

func distribution(keys map[string]int) string {
	var parts []string
	letters := make([]string, 0, len(keys))
	for letter := range keys {
		letters = append(letters, letter)
	}
	slices.Sort(letters)
	for _, letter := range letters {
		parts = append(parts, fmt.Sprintf("%s %d", letter, keys[letter]))
	}
	return strings.Join(parts, ", ")
}
