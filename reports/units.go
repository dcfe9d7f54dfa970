package reports

import (
	"strings"

	"cakap/scoring"
)

// noUnit stands for people whom no unit was given.
const noUnit = "(tanpa unit kerja)"

// Counts says how far the people of a group came. Everyone is Enrolled; who
// has an attempt, of whatever fate, is Present.
type Counts struct {
	Enrolled int
	Present  int
	Working  int
	Done     int
	Voided   int
	Absent   int // no attempt, whether or not one may still come
}

// Participation is the share of the enrolled who have a result, 0 of nobody.
func (c Counts) Participation() float64 {
	if c.Enrolled == 0 {
		return 0
	}
	return float64(c.Done) / float64(c.Enrolled)
}

// Count counts rows.
func Count(rows []*Row) Counts {
	c := Counts{Enrolled: len(rows)}
	for _, r := range rows {
		switch r.Status {
		case NotStarted:
			c.Absent++
		case Working:
			c.Working++
		case Done:
			c.Done++
		case Voided:
			c.Voided++
		}
	}
	c.Present = c.Enrolled - c.Absent
	return c
}

// Unit is a group of people and what is known of them.
type Unit struct {
	Name   string
	Counts Counts
	Stats  [5]Stats // A1 … A4, then the total; with quantiles for a whole agency only
	Parts  []Unit   // the units of an OPD, where it has more than one
}

// Of returns the statistics of an aspect, or of the total.
func (u Unit) Of(a scoring.Aspect) Stats {
	if a == scoring.Total {
		return u.Stats[4]
	}
	return u.Stats[a-1]
}

// Weakest is the aspect with the lowest mean, and false where no aspect may be
// named because the group is too small.
func (u Unit) Weakest() (scoring.Aspect, bool) {
	found := scoring.Total
	for _, a := range scoring.Aspects {
		if s := u.Of(a); s.Shown() && (found == scoring.Total || s.Mean < u.Of(found).Mean) {
			found = a
		}
	}
	return found, found != scoring.Total
}

// summarise makes a Unit of rows, without quantiles. It goes through the people
// once: each is a kilobyte, and reading them five times was a fifth of the
// time of a large workbook.
func summarise(name string, rows []*Row, scheme scoring.Scheme) Unit {
	return summary(name, rows, scheme, false)
}

func summary(name string, rows []*Row, scheme scoring.Scheme, quantiles bool) Unit {
	u := Unit{Name: name, Counts: Count(rows)}
	var tallies [5]tally
	for i := range measures {
		tallies[i] = newTally(scheme)
	}
	for _, r := range rows {
		for i, a := range measures {
			tallies[i].add(r, a)
		}
	}
	for i := range tallies {
		u.Stats[i] = tallies[i].stats(quantiles)
	}
	return u
}

// Units groups rows by OPD, and the people of an OPD with several units by
// those. Rows are sorted already, so groups are runs.
func Units(rows []*Row, scheme scoring.Scheme) []Unit {
	var all []Unit
	for _, opd := range runs(rows, func(r *Row) string { return r.OPD }) {
		u := summarise(orNoUnit(opd[0].OPD), opd, scheme)
		if parts := runs(opd, (*Row).Unit); len(parts) > 1 {
			for _, part := range parts {
				u.Parts = append(u.Parts, summarise(partName(part[0]), part, scheme))
			}
		}
		all = append(all, u)
	}
	return all
}

// partName is a unit's path below its OPD.
func partName(r *Row) string {
	if below, ok := strings.CutPrefix(r.UnitPath, r.OPD+" / "); ok && r.OPD != "" {
		return below
	}
	return orNoUnit(r.Unit())
}

func orNoUnit(name string) string {
	if name == "" {
		return noUnit
	}
	return name
}

// runs cuts rows into runs of equal key.
func runs(rows []*Row, key func(*Row) string) [][]*Row {
	var all [][]*Row
	start := 0
	for i := range rows {
		if i+1 == len(rows) || key(rows[i+1]) != key(rows[i]) {
			all = append(all, rows[start:i+1])
			start = i + 1
		}
	}
	return all
}
