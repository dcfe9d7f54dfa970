package trainer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/scoring"
)

// cover is an aspect's share of the items that new forms may use.
type cover struct {
	Code, Name string
	URL        string
	N          int
	Percent    int // of the aspect that has most
	Levels     string
	Missing    []string // indicators without any item
	Needs      []need
	Indicators []indicatorCover
}

// need is how many items an aspect lacks for one form of a blueprint.
type need struct {
	Blueprint string
	Short     int
	Cells     string // which: "A1 L1 3"
}

// Text says it.
func (n need) Text() string {
	return fmt.Sprintf("%s: kurang %s soal (%s)", n.Blueprint, locale.Int(n.Short), n.Cells)
}

// Short lists the blueprints that the aspect cannot fill.
func (c cover) Short() []need {
	return slices.DeleteFunc(slices.Clone(c.Needs), func(n need) bool { return n.Short == 0 })
}

// Enough names those that it can.
func (c cover) Enough() string {
	var names []string
	for _, n := range c.Needs {
		if n.Short == 0 {
			names = append(names, n.Blueprint)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Cukup untuk " + strings.Join(names, " dan ")
}

// indicatorCover is a row of the coverage of an aspect.
type indicatorCover struct {
	Code, Name, URL string
	ByLevel         []int
	N               int
}

// blueprints are the kisi-kisi that come with the product: what a bank should
// be able to fill.
func (d Deps) blueprints(ctx context.Context) ([]assessment.Blueprint, error) {
	all, err := d.Assessment.Blueprints(ctx)
	if err != nil {
		return nil, err
	}
	var shipped []assessment.Blueprint
	for _, b := range all {
		if b.Shipped {
			shipped = append(shipped, b)
		}
	}
	return shipped, nil
}

// covers compares the aspects by their items in use, names the indicators
// that have none, and says what blueprints still lack.
func covers(cov questionbank.Coverage, blueprints []assessment.Blueprint) []cover {
	fw, most := questionbank.StandardFramework(), 1
	for _, a := range scoring.Aspects {
		most = max(most, cov.Count(a, "", ""))
	}
	all := make([]cover, 0, len(scoring.Aspects))
	for _, a := range scoring.Aspects {
		n := cov.Count(a, "", "")
		one := cover{Code: a.Code(), Name: fw.AspectName(a), N: n, Percent: n * 100 / most, URL: "/bank?aspek=" + a.Code()}
		var levels []string
		for _, l := range questionbank.Levels {
			levels = append(levels, fmt.Sprintf("%s %s", l, locale.Int(cov.Count(a, "", l))))
		}
		one.Levels = strings.Join(levels, ", ")
		for _, ind := range fw.Of(a) {
			row := indicatorCover{Code: ind.Code, Name: ind.Name, URL: "/bank?indikator=" + ind.Code + "&pakai=" + yes, N: cov.Count(a, ind.Code, "")}
			for _, l := range questionbank.Levels {
				row.ByLevel = append(row.ByLevel, cov.Count(a, ind.Code, l))
			}
			one.Indicators = append(one.Indicators, row)
			if row.N == 0 {
				one.Missing = append(one.Missing, ind.Code)
			}
		}
		for _, b := range blueprints {
			one.Needs = append(one.Needs, lacks(drawable(cov, b.Spec.Essays), a, b))
		}
		all = append(all, one)
	}
	return all
}

// drawable is the part of the coverage that fills the cells of a blueprint.
func drawable(cov questionbank.Coverage, essays bool) questionbank.Coverage {
	var part questionbank.Coverage
	for _, cell := range cov {
		if cell.Type.Drawable() && (essays || cell.Type != questionbank.Essay) {
			part = append(part, cell)
		}
	}
	return part
}

// lacks adds up what the cells of an aspect ask for and the bank does not have.
func lacks(cov questionbank.Coverage, a scoring.Aspect, b assessment.Blueprint) need {
	n := need{Blueprint: b.Code}
	if name, _, found := strings.Cut(b.Name, " ("); found { // "Asesmen Ringkas (40 soal, 60 menit)"
		n.Blueprint = name
	}
	var cells []string
	for _, cell := range b.Spec.Cells {
		if cell.Aspect != a {
			continue
		}
		if short := cell.Count - cov.Count(a, cell.Indicator, cell.Level); short > 0 {
			n.Short += short
			cells = append(cells, fmt.Sprintf("%s %s", cell, locale.Int(short)))
		}
	}
	n.Cells = strings.Join(cells, ", ")
	return n
}
