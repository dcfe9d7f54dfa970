package officer

import (
	"context"
	"fmt"
	"io"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/reports"
	"cakap/reports/chart"
	"cakap/scoring"
)

// reportPage is the dashboard of one agency in an event, and the downloads.
type reportPage struct {
	kit.Base
	eventHead
	Agency     string // sealed
	AgencyName string
	Agencies   []choice // of the event, within the scope
	Headline   string
	Cut        string
	Running    bool // figures may still change
	Counts     reports.Counts
	Share      string // participation
	Mean       string // "72,4", "" where it may not be shown
	MeanSE     string // "1,1"
	SD         string
	Standard   string // name of the level people should reach
	Above      int    // people at the standard or above
	AbovePct   string
	Levels     []levelName
	Aspects    []aspectRow
	Units      []unitRow
	Findings   []string
	Weakest    []weakRow
	Missing    int
}

// levelName is a level with its colour and bounds, lowest first.
type levelName struct {
	Class, Name, Bounds string
}

// aspectRow is how an aspect's scores spread over the levels.
type aspectRow struct {
	ID, Code, Name string
	Shown          bool
	Mean           string
	Text           string // the shares in words
	Parts          []levelPart
}

// levelPart is a part of a stacked bar, in percent.
type levelPart struct {
	Class         string
	X, Width, Mid string
	Percent       int
	Label         bool // wide enough for its number
}

// unitRow is a unit on the map of competence.
type unitRow struct {
	Name  string
	N     string
	Cells []heatCell
}

type heatCell struct {
	Aspect, Class, Text string
}

type weakRow struct {
	Name, Mean string
}

func (p pages) report(c *kit.Ctx) (kit.Response, error) {
	d, err := p.detail(c)
	if err != nil {
		return nil, err
	}
	id := d.Event.ID
	agencies, err := p.reportable(c.Context(), c.Scope(), id)
	if err != nil {
		return nil, err
	}
	chosen, err := p.queryID(c, kindAgency, "instansi")
	if err != nil {
		return nil, err
	}
	if chosen == 0 {
		chosen = agencies[0].ID
	}
	if !c.Scope().Covers(chosen) {
		return nil, fault.New(fault.NotFound, "reports.agency_not_found")
	}
	figures, err := p.Reports.Dashboard(c.Context(), id, chosen)
	if err != nil {
		return nil, err
	}
	page := reportOf(figures)
	page.Base = c.Base("Laporan").In(kit.SectionEvents)
	page.eventHead = headOf(c, d.Event, "/laporan")
	page.Agency = c.Seal(kindAgency, chosen)
	for _, a := range agencies {
		page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == chosen})
	}
	return kit.HTML("officer/laporan", page), nil
}

// reportable are the agencies of an event whose report the scope covers, at
// least one.
func (p pages) reportable(ctx context.Context, scope access.Scope, event int64) ([]reports.Agency, error) {
	all, err := p.Reports.Agencies(ctx, event)
	if err != nil {
		return nil, err
	}
	var mine []reports.Agency
	for _, a := range all {
		if scope.Covers(a.ID) {
			mine = append(mine, a)
		}
	}
	if len(mine) == 0 {
		return nil, fault.New(fault.NotFound, "reports.agency_not_found")
	}
	return mine, nil
}

func reportOf(d reports.Dashboard) *reportPage {
	total := d.Of(scoring.Total)
	page := &reportPage{
		AgencyName: d.Agency.Name, Headline: d.Headline, Cut: locale.DateTime(d.Cut.In(d.Event.Zone)), Running: !d.Event.Closed, Counts: d.Counts,
		Share: locale.Number(100*d.Counts.Participation(), 0), Findings: d.Findings, Missing: d.Counts.Absent, Levels: levelsOf(d.Scheme),
	}
	if band, ok := d.Scheme.Band(d.Standard); ok {
		page.Standard = band.Name
	}
	if total.Shown() {
		page.Mean, page.MeanSE = locale.Number(total.Mean, 1), locale.Number(total.SE, 1)
		page.SD = locale.Number(total.SD, 1)
		page.Above = total.AtLeast(d.Standard)
		page.AbovePct = locale.Number(100*float64(page.Above)/float64(total.N), 0)
	}
	for _, a := range append(scoring.Aspects[:], scoring.Total) {
		page.Aspects = append(page.Aspects, aspectRowOf(a, d.Of(a), d.Scheme))
	}
	for _, u := range d.Units {
		page.Units = append(page.Units, unitRowOf(u, d.Scheme))
	}
	for _, a := range d.Weakest[:min(len(d.Weakest), 1)] {
		page.Weakest = append(page.Weakest, weakRow{aspectName(a), locale.Number(d.Of(a).Mean, 1)})
	}
	return page
}

func aspectName(a scoring.Aspect) string {
	if a == scoring.Total {
		return "Nilai akhir"
	}
	return questionbank.StandardFramework().AspectName(a)
}

// levelsOf names the levels with their bounds: "61–70 Rendah".
func levelsOf(scheme scoring.Scheme) []levelName {
	var all []levelName
	for i, b := range scheme.Bands {
		bounds := "dari " + locale.Number(b.Lower.Percent(), 0)
		if i == 0 {
			bounds = "di bawah " + locale.Number(scheme.Bands[1].Lower.Percent(), 0)
		}
		all = append(all, levelName{chart.HeatClass(i+1, scheme), b.Name, bounds})
	}
	return all
}

func aspectRowOf(a scoring.Aspect, s reports.Stats, scheme scoring.Scheme) aspectRow {
	row := aspectRow{ID: "d" + a.Code(), Code: a.Code(), Name: aspectName(a), Shown: s.Shown()}
	if a == scoring.Total {
		row.ID, row.Code = "dT", ""
	}
	if !row.Shown {
		return row
	}
	row.Mean = locale.Number(s.Mean, 1) + " ± " + locale.Number(s.SE, 1)
	at := 0
	for i, share := range reports.Percents(s.Levels) {
		band, _ := scheme.Band(i + 1)
		if row.Text != "" {
			row.Text += ", "
		}
		row.Text += fmt.Sprintf("%s %d %%", band.Name, share)
		row.Parts = append(row.Parts, levelPart{
			Class: "c-" + band.Colour, X: fmt.Sprintf("%d%%", at), Width: fmt.Sprintf("%d%%", share),
			Mid: fmt.Sprintf("%.1f%%", float64(at)+float64(share)/2), Percent: share, Label: share >= 6,
		})
		at += share
	}
	return row
}

func unitRowOf(u reports.HeatRow, scheme scoring.Scheme) unitRow {
	row := unitRow{Name: u.Name, N: locale.Int(u.Counts.Done)}
	if u.Counts.Done < reports.Suppress {
		row.N = "<5"
	}
	names := [...]string{"A1", "A2", "A3", "A4", "Akhir"}
	for i, cell := range u.Cells {
		one := heatCell{Aspect: names[i], Class: "h0", Text: "n<5"}
		if cell.Shown {
			one.Class, one.Text = chart.HeatClass(cell.Level, scheme), locale.Number(cell.Mean, 0)
		}
		row.Cells = append(row.Cells, one)
	}
	return row
}

// paperOf is the paper that was chosen; offices print on F4.
func paperOf(c *kit.Ctx) reports.Options {
	if c.Query("kertas") == "a4" {
		return reports.Options{Paper: reports.A4}
	}
	return reports.Options{Paper: reports.F4}
}

// download sends the workbook of one agency. The entry in the audit trail comes
// first: nothing leaves without one.
func (p pages) download(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	agency, err := c.ID(kindAgency, "agency")
	if err != nil {
		return nil, err
	}
	if !c.Scope().Covers(agency) {
		return nil, fault.New(fault.NotFound, "reports.agency_not_found")
	}
	data, err := p.Reports.Load(c.Context(), id, agency)
	if err != nil {
		return nil, err
	}
	if err := p.recordDownload(c, id, agency, map[string]any{"people": len(data.Rows), "hash": data.Hash}); err != nil {
		return nil, err
	}
	ctx, opts := c.Context(), paperOf(c)
	return kit.File{Name: data.FileName(), Type: kit.XLSX, Write: func(w io.Writer) error {
		return reports.WriteAgency(ctx, w, data, opts)
	}}, nil
}

// downloadAll sends the workbooks of every agency within the scope in a zip.
func (p pages) downloadAll(c *kit.Ctx) (kit.Response, error) {
	d, err := p.detail(c)
	if err != nil {
		return nil, err
	}
	id := d.Event.ID
	agencies, err := p.reportable(c.Context(), c.Scope(), id)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(agencies))
	for i, a := range agencies {
		ids[i] = a.ID
	}
	if err := p.recordDownload(c, id, 0, map[string]any{"agencies": ids}); err != nil {
		return nil, err
	}
	ctx, opts := c.Context(), paperOf(c)
	return kit.File{Name: reports.ZipName(reports.Event{Code: d.Event.Code}), Type: kit.ZIP, Write: func(w io.Writer) error {
		_, err := p.Reports.WriteAll(ctx, w, id, ids, opts)
		return err
	}}, nil
}

func (p pages) recordDownload(c *kit.Ctx, event, agency int64, detail any) error {
	return p.DB.Tx(c.Context(), func(db storage.Querier) error {
		return access.Record(c.Context(), db, access.Entry{
			At: c.Now(), Actor: c.Actor(), Action: "report.download", ObjectKind: "event", ObjectID: event, AgencyID: agency, Detail: detail,
		})
	})
}
