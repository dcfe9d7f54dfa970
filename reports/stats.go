package reports

import (
	"math"
	"slices"

	"cakap/scoring"
)

// Suppress is the smallest group whose averages are shown: fewer people say
// little about a unit and much about themselves.
const Suppress = 5

// Stats describes the scores of a group in one aspect or in total, on the
// scale 0–100. Only scores that rest on enough answers are in it; the others
// are counted in Insufficient or Unmarked. Where N is 0, nothing else has a meaning.
type Stats struct {
	N            int
	Insufficient int     // scored people whose answers support no level
	Unmarked     int     // people whose essays wait for a marker; in no other count
	Mean         float64 //
	SD           float64 // of the sample; 0 where N is 1
	SE           float64 // of the mean; 0 where N is 1
	Min, P10, Q1 float64
	Median       float64
	Q3, P90, Max float64
	Levels       []int // people per level of the scheme, lowest first
	Bins         [10]int
}

// Describe computes Stats. Sums are of integers, so neither the order of rows
// nor the machine can change a digit.
func Describe(rows []*Row, a scoring.Aspect, scheme scoring.Scheme) Stats {
	t := newTally(scheme)
	for _, r := range rows {
		t.add(r, a)
	}
	return t.stats(true)
}

// tally is Stats in the making.
type tally struct {
	s            Stats
	marks        []scoring.Mark
	sum, squares int64
}

func newTally(scheme scoring.Scheme) tally {
	return tally{s: Stats{Levels: make([]int, len(scheme.Bands))}}
}

func (t *tally) add(r *Row, a scoring.Aspect) {
	if !r.Scored() {
		return
	}
	score := &r.Result.Total
	if a != scoring.Total {
		score = &r.Result.Aspects[a-1]
	}
	switch score.Verdict {
	case scoring.Supported:
	case scoring.Unmarked:
		t.s.Unmarked++
		return
	default:
		t.s.Insufficient++
		return
	}
	t.marks = append(t.marks, score.Score)
	t.sum += int64(score.Score)
	t.squares += int64(score.Score) * int64(score.Score)
	if score.Level >= 1 && score.Level <= len(t.s.Levels) {
		t.s.Levels[score.Level-1]++
	}
	t.s.Bins[min(int(score.Score)/1000, 9)]++
}

// stats ends the tally; the quantiles, which need a sort, only where wanted.
func (t *tally) stats(quantiles bool) Stats {
	s := t.s
	s.N = len(t.marks)
	if s.N == 0 {
		return s
	}
	n := int64(s.N)
	s.Mean = float64(t.sum) / float64(n) / 100
	if n > 1 {
		s.SD = math.Sqrt(float64(n*t.squares-t.sum*t.sum)/float64(n*(n-1))) / 100
		s.SE = s.SD / math.Sqrt(float64(n))
	}
	if quantiles {
		slices.Sort(t.marks)
		s.Min, s.Max = t.marks[0].Percent(), t.marks[n-1].Percent()
		s.P10, s.Q1, s.Median = quantile(t.marks, 10), quantile(t.marks, 25), quantile(t.marks, 50)
		s.Q3, s.P90 = quantile(t.marks, 75), quantile(t.marks, 90)
	}
	return s
}

// Shown reports whether the group is large enough for its averages to be shown.
func (s Stats) Shown() bool { return s.N >= Suppress }

// Level is the level of the mean as it is printed, with one decimal, so that
// "71,0" never stands beside the level that ends at 71; 0 where there is none.
func (s Stats) Level(scheme scoring.Scheme) int {
	if s.N == 0 {
		return 0
	}
	return scheme.Level(scoring.Mark(math.Round(s.Mean*10) * 10))
}

// AtLeast counts the people at a level or above.
func (s Stats) AtLeast(level int) int {
	n := 0
	for i, people := range s.Levels {
		if i+1 >= level {
			n += people
		}
	}
	return n
}

// quantile interpolates between neighbours as PERCENTILE.INC of Excel does, so
// that officers can check it there. marks are sorted.
func quantile(marks []scoring.Mark, percent int) float64 {
	at := (len(marks) - 1) * percent
	low, part := at/100, at%100
	if part == 0 {
		return marks[low].Percent()
	}
	return (float64(marks[low])*float64(100-part) + float64(marks[low+1])*float64(part)) / 100 / 100
}

// Percents shares 100 among counts in whole percent, so that they add up
// (largest remainder); all zero where nobody is counted.
func Percents(counts []int) []int {
	total := 0
	for _, c := range counts {
		total += c
	}
	shares := make([]int, len(counts))
	if total == 0 {
		return shares
	}
	left := 100
	order := make([]int, len(counts))
	for i, c := range counts {
		shares[i], order[i] = c*100/total, i
		left -= shares[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b]*100%total - counts[a]*100%total })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}
