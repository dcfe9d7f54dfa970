package scoring

import "fmt"

// Mark is a score in hundredths of a percent: 0 to 10000 prints as 0.00 to
// 100.00. Integers add up exactly and round the same way everywhere.
type Mark int64

// Of returns points out of most as a Mark, rounded half up; of nothing it is 0.
func Of(points, most Micro) Mark {
	if most <= 0 || points <= 0 {
		return 0
	}
	return Mark(roundDiv(int64(points)*10000, int64(most)))
}

// Percent is the mark on the scale 0–100, for display.
func (m Mark) Percent() float64 { return float64(m) / 100 }

// Band is one level of a scheme.
type Band struct {
	Name   string `json:"name"`
	Lower  Mark   `json:"lower"`  // lowest mark of the band, inclusive
	Colour string `json:"colour"` // a token of the design language: v1 (low) … v5 (high)
	Advice string `json:"advice"`
}

// Scheme is a version of a set of levels, lowest band first. A published
// result names the version it used, so old reports never change.
type Scheme struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	Name    string `json:"name"`
	Bands   []Band `json:"bands"`
}

// Level is the number of the band that m falls in, 1 for the lowest.
func (s Scheme) Level(m Mark) int {
	level := 1
	for i, b := range s.Bands {
		if m >= b.Lower {
			level = i + 1
		}
	}
	return level
}

// Band is the band of a level, and false for a level the scheme lacks.
func (s Scheme) Band(level int) (Band, bool) {
	if level < 1 || level > len(s.Bands) {
		return Band{}, false
	}
	return s.Bands[level-1], true
}

// Validate says what is wrong with the scheme: the bands must begin at 0 and rise.
func (s Scheme) Validate() error {
	if len(s.Bands) < 2 {
		return fmt.Errorf("scoring: scheme %s has %d bands, at least 2 are needed", s.Code, len(s.Bands))
	}
	for i, b := range s.Bands {
		switch {
		case i == 0 && b.Lower != 0:
			return fmt.Errorf("scoring: scheme %s: the lowest band begins at %d, not 0", s.Code, b.Lower)
		case i > 0 && b.Lower <= s.Bands[i-1].Lower:
			return fmt.Errorf("scoring: scheme %s: band %q does not rise", s.Code, b.Name)
		case b.Lower > 10000 || b.Name == "":
			return fmt.Errorf("scoring: scheme %s: band %d has no name or lies above 100", s.Code, i+1)
		}
	}
	return nil
}
