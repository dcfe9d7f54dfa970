package reports

import (
	"testing"

	"cakap/scoring"
)

// unmarked lets two essays of an aspect wait for a marker.
func unmarked(r *Row, a scoring.Aspect) *Row {
	for _, s := range []*scoring.AspectScore{&r.Result.Aspects[a-1], &r.Result.Total} {
		s.Verdict, s.Level, s.Pending = scoring.Unmarked, 0, 2
	}
	return r
}

// Under "best" an attempt with unmarked essays holds the place: what it is
// worth is not known yet.
func TestAnUnmarkedAttemptMayBeTheBest(t *testing.T) {
	low, high, waits := scored(6000).Result.Total, scored(9000).Result.Total, unmarked(scored(7000), scoring.BasicMedia).Result.Total
	for _, tt := range []struct {
		name    string
		s, than scoring.AspectScore
		want    bool
	}{
		{"higher", high, low, true}, {"lower", low, high, false}, {"equal", low, low, false}, {"unmarked after a score", waits, high, true}, {"a score after unmarked", high, waits, false},
	} {
		if got := better(tt.s, tt.than); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// A person whose essays wait is in no mean and no count of levels, but for the
// aspects that ask for no essay.
func TestUnmarkedCountsNowhere(t *testing.T) {
	waits := unmarked(scored(2000), scoring.BasicMedia)
	if got := Describe([]*Row{waits}, scoring.BasicMedia, ipASN); got.N != 0 || got.Insufficient != 0 || got.Unmarked != 1 || got.Mean != 0 {
		t.Errorf("an unmarked essay: %+v", got)
	}
	if got := Describe([]*Row{waits}, scoring.EthicsSecurity, ipASN); got.N != 1 || got.Unmarked != 0 {
		t.Errorf("another aspect of that person: %+v", got)
	}
}
