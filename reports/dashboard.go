package reports

import (
	"slices"
	"time"

	"cakap/scoring"
)

// Dashboard is the officer's first page: figures, never names of people.
type Dashboard struct {
	Event    Event
	Agency   Agency
	Scheme   scoring.Scheme
	Cut      time.Time
	Headline string
	Counts   Counts
	All      [5]Stats // A1 … A4, then the total
	Standard int      // level that people should reach
	Units    []HeatRow
	Weakest  []scoring.Aspect // aspects with enough people, lowest mean first
	Findings []string
}

// Of returns the statistics of an aspect, or of the total.
func (d Dashboard) Of(a scoring.Aspect) Stats {
	if a == scoring.Total {
		return d.All[4]
	}
	return d.All[a-1]
}

// HeatRow is a unit on the map of competence.
type HeatRow struct {
	Name   string
	Counts Counts
	Cells  [5]HeatCell // A1 … A4, then the total
}

// HeatCell is a mean and its level; Shown is false for fewer than five people,
// whose mean is then not even in the page.
type HeatCell struct {
	Shown bool
	N     int // 0 where it is not shown
	Mean  float64
	Level int
}

// DashboardOf computes the dashboard. Units are the OPDs, or the units of the
// only OPD.
func DashboardOf(d Data) Dashboard {
	all := summary(d.Agency.Name, d.Rows, d.Scheme, true)
	units := Units(d.Rows, d.Scheme)
	if len(units) == 1 && len(units[0].Parts) > 1 {
		units = units[0].Parts
	}
	out := Dashboard{
		Event: d.Event, Agency: d.Agency, Scheme: d.Scheme, Cut: d.Cut, Counts: all.Counts, All: all.Stats,
		Headline: Headline(all, d), Standard: StandardLevel(d.Scheme),
	}
	out.Findings = Findings(all, units, d, out.Standard)
	for _, u := range units {
		out.Units = append(out.Units, heatRow(u, d.Scheme))
	}
	for _, a := range scoring.Aspects {
		if all.Of(a).Shown() {
			out.Weakest = append(out.Weakest, a)
		}
	}
	slices.SortStableFunc(out.Weakest, func(a, b scoring.Aspect) int {
		switch x, y := all.Of(a).Mean, all.Of(b).Mean; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return out
}

func heatRow(u Unit, scheme scoring.Scheme) HeatRow {
	row := HeatRow{Name: u.Name, Counts: u.Counts}
	for i, s := range u.Stats {
		if s.Shown() {
			row.Cells[i] = HeatCell{Shown: true, N: s.N, Mean: s.Mean, Level: s.Level(scheme)}
		}
	}
	return row
}
