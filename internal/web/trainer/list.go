package trainer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/scoring"
)

// listPage is the bank, or the part of it that the filter finds.
type listPage struct {
	kit.Base
	Filter    questionbank.Filter
	Stale     bool // the address asked for something that no longer exists
	Advanced  bool // one of the filters behind "Saringan lain" is set
	Aspects   []choice
	Groups    []group
	Types     []choice
	Levels    []choice
	Statuses  []choice
	Chips     []chip
	Cover     []cover
	Tabs      []tab
	Rows      []row
	Total     int
	All       int // of the whole bank
	Live      int
	Pager     []link
	Export    string
	Unchecked int // shipped items in use that nobody of the agency has reviewed
}

// tab is a status with how many items of the filter have it.
type tab struct {
	Text    string
	N       int
	URL     string
	Current bool
}

// row is a line of the list.
type row struct {
	ID        int64
	Code      string
	Rev       int
	Aspect    string
	Indicator string
	Stem      string
	Type      string
	Level     string
	Status    tag
	Live      int // the revision in use where it is not the latest, else 0
	Updated   string
}

// cover is an aspect's share of the items that new forms may use.
type cover struct {
	Code, Name string
	URL        string
	N          int
	Percent    int // of the aspect that has most
	Levels     string
	Missing    []string // indicators without any item
}

func (d Deps) list(c *kit.Ctx) (kit.Response, error) {
	ctx := c.Context()
	f, stale := queried(c)
	f.Page = c.QueryInt("hal", 1)
	found, err := d.Bank.List(ctx, f)
	if err != nil {
		return nil, err
	}
	whole, err := d.Bank.List(ctx, questionbank.Filter{PageSize: 1})
	if err != nil {
		return nil, err
	}
	coverage, err := questionbank.LiveCoverage(ctx, d.Bank.DB)
	if err != nil {
		return nil, err
	}
	unchecked, err := questionbank.ShippedUnreviewed(ctx, d.Bank.DB)
	if err != nil {
		return nil, err
	}
	page := listing(f, found)
	page.Base = c.Base("Bank soal").In(kit.SectionBank)
	page.Stale, page.Unchecked, page.All = stale, unchecked, whole.Total
	page.Cover, page.Live = covers(coverage), coverage.Count(scoring.Total, "", "")
	return kit.HTML("trainer/daftar", page), nil
}

// listing is the part of the page that the filter and what it found make.
func listing(f questionbank.Filter, found questionbank.Page) *listPage {
	p := &listPage{
		Filter: f, Aspects: aspectChoices(f.Aspect), Groups: indicatorGroups(f.Indicator),
		Types: choices(questionbank.Types[:], typeName, f.Type), Levels: choices(questionbank.Levels[:], levelName, f.Level),
		Statuses: choices(questionbank.Statuses[:], statusName, f.Status),
		Advanced: f.Indicator != "" || f.Level != "" || f.Live,
		Chips:    chips(f), Total: found.Total, Pager: pager(f, found.Page, found.Pages), Export: address("/bank/ekspor", values(f)),
	}
	p.Tabs = tabs(f, found.ByStatus)
	for _, r := range found.Rows {
		p.Rows = append(p.Rows, listed(r))
	}
	return p
}

func tabs(f questionbank.Filter, by map[questionbank.Status]int) []tab {
	current := f.Status
	f.Status = ""
	all := tab{Text: "Semua", URL: address("/bank", values(f)), Current: current == ""}
	var each []tab
	for _, s := range questionbank.Statuses {
		f.Status = s
		all.N += by[s]
		each = append(each, tab{Text: statusName(s), N: by[s], URL: address("/bank", values(f)), Current: current == s})
	}
	return append([]tab{all}, each...)
}

func listed(r questionbank.Row) row {
	out := row{
		ID: r.Item, Code: r.Code, Rev: r.Rev, Aspect: r.Aspect.Code(), Indicator: r.Indicator, Stem: short(r.Stem),
		Type: typeName(r.Type), Level: string(r.Level), Status: statusTag(r.Status), Updated: locale.ShortDate(r.Updated().In(locale.Zone(""))),
	}
	if r.LiveRev != 0 && r.LiveRev != r.Rev {
		out.Live = r.LiveRev
	}
	return out
}

// stemRunes is how much of a stem a list shows.
const stemRunes = 120

func short(stem string) string {
	stem = questionbank.Plain(stem)
	if runes := []rune(stem); len(runes) > stemRunes {
		return strings.TrimSpace(string(runes[:stemRunes-1])) + "…"
	}
	if stem == "" {
		return "(tanpa pokok soal)"
	}
	return stem
}

// covers compares the aspects by their items in use, and names the indicators
// that have none.
func covers(cov questionbank.Coverage) []cover {
	fw, most := questionbank.StandardFramework(), 1
	for _, a := range scoring.Aspects {
		most = max(most, cov.Count(a, "", ""))
	}
	all := make([]cover, 0, len(scoring.Aspects))
	for _, a := range scoring.Aspects {
		n := cov.Count(a, "", "")
		one := cover{Code: a.Code(), Name: fw.AspectName(a), N: n, Percent: n * 100 / most, URL: address("/bank", values(questionbank.Filter{Aspect: a}))}
		var levels []string
		for _, l := range questionbank.Levels {
			levels = append(levels, fmt.Sprintf("%s %d", l, cov.Count(a, "", l)))
		}
		one.Levels = strings.Join(levels, ", ")
		for _, ind := range fw.Of(a) {
			if cov.Count(a, ind.Code, "") == 0 {
				one.Missing = append(one.Missing, ind.Code)
			}
		}
		all = append(all, one)
	}
	return all
}

// queuePage is what waits for a reviewer who did not write it.
type queuePage struct {
	kit.Base
	Items     []waiting
	Own       int // more that this person wrote and others must decide
	Unchecked int
}

// waiting is one item of the queue.
type waiting struct {
	row
	Author string
	Days   int
}

func (d Deps) queue(c *kit.Ctx) (kit.Response, error) {
	ctx := c.Context()
	f := questionbank.Filter{Status: questionbank.InReview, NotAuthor: c.Actor(), PageSize: 200}
	found, err := d.Bank.List(ctx, f)
	if err != nil {
		return nil, err
	}
	f.NotAuthor, f.PageSize = 0, 1
	all, err := d.Bank.List(ctx, f)
	if err != nil {
		return nil, err
	}
	unchecked, err := questionbank.ShippedUnreviewed(ctx, d.Bank.DB)
	if err != nil {
		return nil, err
	}
	name, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	page := &queuePage{Base: c.Base("Antrean telaah").In(kit.SectionReview), Own: all.Total - found.Total, Unchecked: unchecked}
	// The one that waits longest comes first.
	slices.SortStableFunc(found.Rows, func(a, b questionbank.Row) int { return cmp.Compare(a.UpdatedMS, b.UpdatedMS) })
	for _, r := range found.Rows {
		days := max(int(c.Now().Sub(r.Updated()).Hours()/24), 0)
		page.Items = append(page.Items, waiting{row: listed(r), Author: name(r.Author), Days: days})
	}
	return kit.HTML("trainer/telaah", page), nil
}

// export downloads what the filter finds, with keys: that is worth an entry in
// the audit trail.
func (d Deps) export(c *kit.Ctx) (kit.Response, error) {
	f, _ := queried(c)
	found, err := d.Bank.List(c.Context(), f)
	if err != nil {
		return nil, err
	}
	err = d.Bank.DB.Tx(c.Context(), func(db storage.Querier) error {
		return access.Record(c.Context(), db, access.Entry{At: c.Now(), Actor: c.Actor(), Action: "bank.export", ObjectKind: "bank", Detail: map[string]int{"items": found.Total}})
	})
	if err != nil {
		return nil, err
	}
	name := "BankSoal_Cakap_" + c.Now().In(locale.Zone("")).Format("20060102") + ".xlsx"
	return workbook(name, func(w io.Writer) error { return xlsx.Export(c.Context(), w, d.Bank, f) }), nil
}

func blank(*kit.Ctx) (kit.Response, error) {
	return workbook("Templat_Soal_Cakap.xlsx", xlsx.Template), nil
}

func workbook(name string, write func(io.Writer) error) kit.Response {
	return kit.File{Name: name, Type: kit.XLSX, Write: write}
}
