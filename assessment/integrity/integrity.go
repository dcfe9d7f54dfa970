// Package integrity finds what an officer should look at after an assessment:
// answers faster than reading, pairs of people with the same wrong answers, one
// browser for two people, and bursts of changes. It is pure: values in, flags
// out.
//
// No flag is a verdict. Each can have an honest cause, so nothing in the system
// acts on one; a person looks, asks and decides.
package integrity

import (
	"cmp"
	"slices"
	"time"
)

// Entry is a word of a journal, in the order of its sequence.
type Entry struct {
	Position int
	Seq      int64
	Value    string
	At       time.Time // when the server received it
}

// Sitting is one attempt. Floor says how long a position takes to read at the
// very least; a position without one is not measured.
type Sitting struct {
	Entries []Entry
	Floor   map[int]time.Duration
	Ended   time.Time // when it was submitted; zero where it runs
}

// Floor is the least time in which an item of so many characters can be read
// and answered. Wise and Kong (Applied Measurement in Education 18(2), 2005) set
// such thresholds by an item's length to tell a guess from an answer; below
// them, nobody can have read the question.
func Floor(characters int) time.Duration {
	switch {
	case characters < 200:
		return 3 * time.Second
	case characters <= 1000:
		return 5 * time.Second
	default:
		return 10 * time.Second
	}
}

// group is the entries that came in one message: all have the same instant.
type group struct {
	at      time.Time
	entries []Entry
}

// groups puts entries together that arrived at the same instant, oldest first.
// Several in one message were kept on the phone and sent later, so when they
// were given is not known.
func groups(all []Entry) []group {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) })
	var out []group
	for _, e := range sorted {
		if n := len(out); n > 0 && out[n-1].at.Equal(e.At) {
			out[n-1].entries = append(out[n-1].entries, e)
			continue
		}
		out = append(out, group{e.At, []Entry{e}})
	}
	return out
}

// Speed is what the pace of an attempt looks like.
type Speed struct {
	Measured int           // answers whose time is known
	Fast     int           // of these, given in less than the time to read
	Median   time.Duration // of the fast ones
}

// The least that is worth a look: so many answers, and such a share of those
// measured. A single quick answer says nothing.
const (
	fastLeast = 5
	fastShare = 4 // one in four
)

// Odd reports whether somebody should look.
func (s Speed) Odd() bool { return s.Fast >= fastLeast && s.Fast*fastShare >= s.Measured }

// PaceOf measures the first answer to each position against the entry before
// it. It leaves out what says nothing about pace: entries that came together
// (they waited for a network), the one after them (its time ran while they
// waited), and changes of an earlier answer.
func PaceOf(s Sitting) Speed {
	var fast []time.Duration
	var out Speed
	seen := map[int]bool{}
	var before group
	for i, g := range groups(s.Entries) {
		alone := len(g.entries) == 1
		if e := g.entries[0]; alone && i > 0 && len(before.entries) == 1 && e.Value != "" && !seen[e.Position] && before.entries[0].Position != e.Position {
			if floor := s.Floor[e.Position]; floor > 0 {
				out.Measured++
				if took := g.at.Sub(before.at); took < floor {
					out.Fast++
					fast = append(fast, took)
				}
			}
		}
		for _, e := range g.entries {
			seen[e.Position] = true
		}
		before = g
	}
	if len(fast) > 0 {
		slices.Sort(fast)
		out.Median = fast[len(fast)/2]
	}
	return out
}

// Burst is many answers changed in a short time.
type Burst struct {
	Changed int // positions with another answer than before
	From    time.Time
	To      time.Time
	Last    bool // within the last minutes before the end
}

const (
	burstWindow = 2 * time.Minute
	burstLeast  = 6
	burstEnd    = 5 * time.Minute
)

// Odd reports whether somebody should look.
func (b Burst) Odd() bool { return b.Changed >= burstLeast }

// BurstOf is the densest stretch of changed answers of an attempt. An answer
// given for the first time, taken back, or sent together with others after an
// outage is no change here.
func BurstOf(s Sitting) Burst {
	type change struct {
		position int
		at       time.Time
	}
	var changes []change
	now := map[int]string{}
	for _, g := range groups(s.Entries) {
		for _, e := range g.entries {
			old := now[e.Position]
			if len(g.entries) == 1 && old != "" && e.Value != "" && old != e.Value {
				changes = append(changes, change{e.Position, g.at})
			}
			if e.Value != "" {
				now[e.Position] = e.Value
			}
		}
	}
	var best Burst
	for i, from := range changes {
		positions := map[int]bool{}
		for _, c := range changes[i:] {
			if c.at.Sub(from.at) > burstWindow {
				break
			}
			positions[c.position] = true
			if len(positions) > best.Changed {
				best = Burst{Changed: len(positions), From: from.at, To: c.at, Last: !s.Ended.IsZero() && s.Ended.Sub(c.at) <= burstEnd}
			}
		}
	}
	return best
}
