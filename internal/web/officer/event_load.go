package officer

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/assessment/load"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// loadPage is the simulation of an event's load.
type loadPage struct {
	kit.Base
	eventHead
	Headline string
	Tag      tag
	Measured bool
	Stale    bool
	Use      int // percent of the capacity in the busiest ten seconds
	Wait     string
	At       string // when that is
	Rows     []loadRow
	Sessions []loadSession
	Others   int
	Nodes    []loadNode
	Advice   []string
	Chart    template.HTML
}

// loadRow compares one kind of request with what was measured.
type loadRow struct {
	Name   string
	Demand string // per second, in the busiest ten seconds
	Carry  string
	Share  string
}

type loadSession struct {
	Name, Window, Jitter string
	People               int
}

type loadNode struct {
	Name, At              string
	Saves, Starts, Logins int
}

func (p pages) loadPage(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	f, err := p.Assessment.Forecast(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page := loadPageOf(f)
	page.Base, page.eventHead = c.Base("Simulasi beban").In(kit.SectionEvents), headOf(c, f.Event, "/beban")
	return kit.HTML("officer/beban", page), nil
}

func loadPageOf(f assessment.LoadForecast) *loadPage {
	zone := locale.Zone(f.Event.Zone)
	page := &loadPage{
		Measured: f.Capacity.Known(), Stale: f.Stale, Use: int(math.Round(f.Peak * 100)), Wait: wait(f.Wait99), Others: f.Others,
		Advice: advice(f), Chart: loadChart(f),
	}
	page.Headline, page.Tag = loadVerdict(f)
	if f.Peak > 0 {
		page.At = locale.DateTime(f.Zero.Add(f.PeakAt).In(zone))
	}
	for _, r := range []struct {
		name          string
		demand, carry float64
	}{
		{"Masuk (kode mulai)", f.Logins, f.Capacity.Logins}, {"Mulai mengerjakan", f.Starts, f.Capacity.Starts},
		{"Jawaban tersimpan", f.Saves, f.Capacity.Saves}, {"Pengiriman akhir", f.Submits, 0},
	} {
		row := loadRow{Name: r.name, Demand: locale.Number(r.demand, 1), Carry: "–", Share: "–"}
		if r.carry > 0 {
			row.Carry, row.Share = locale.Int(int(r.carry)), fmt.Sprintf("%d %%", int(math.Round(100*r.demand/r.carry)))
		}
		page.Rows = append(page.Rows, row)
	}
	for _, s := range f.Sessions {
		page.Sessions = append(page.Sessions, loadSession{
			s.Session.Name, locale.WindowIn(s.Session.OpensAt, s.Session.ClosesAt, f.Event.Zone), fmt.Sprintf("%d detik", int(s.Session.Jitter.Seconds())), s.Enrolled,
		})
	}
	for _, n := range f.Nodes {
		page.Nodes = append(page.Nodes, loadNode{n.Node, locale.DateTime(n.MeasuredAt.In(zone)), n.Saves, n.Starts, n.Logins})
	}
	return page
}

func loadVerdict(f assessment.LoadForecast) (string, tag) {
	percent := int(math.Round(f.Peak * 100))
	switch f.Verdict() {
	case load.Fine:
		return fmt.Sprintf("Server cukup: saat tersibuk memakai %d %% kemampuannya", percent), tag{"check", "Aman"}
	case load.Tight:
		return fmt.Sprintf("Server hampir penuh: saat tersibuk memakai %d %% kemampuannya", percent), tag{"tri warn", "Perhatikan"}
	case load.Over:
		return fmt.Sprintf("Server tidak cukup: saat tersibuk memerlukan %d %% kemampuannya", percent), tag{"ex bad", "Harus diperbaiki"}
	}
	return "Kemampuan server belum diukur", tag{"", "Belum diukur"}
}

// advice is what to do about it, in sentences.
func advice(f assessment.LoadForecast) []string {
	var all []string
	if v := f.Verdict(); v != load.Tight && v != load.Over {
		return nil
	}
	if j := f.Advice.Jitter; j > 0 {
		all = append(all, fmt.Sprintf("Perlebar jeda mulai setiap sesi menjadi %d detik.", int(j.Seconds())))
	}
	if k := f.Advice.Waves; k > 0 {
		all = append(all, fmt.Sprintf("Bagi peserta setiap sesi menjadi %d gelombang yang jamnya berbeda.", k))
	}
	if len(all) == 0 {
		all = append(all, "Jeda dan gelombang saja tidak cukup. Tambah server, atau bagi kegiatan ke beberapa hari.")
	}
	return all
}

func wait(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d milidetik", d.Milliseconds())
	}
	return locale.Number(d.Seconds(), 1) + " detik"
}

// loadChart draws the demand over time, as share of the capacity where that is
// known, with a line at 70 %. Percent units keep the text's size.
func loadChart(f assessment.LoadForecast) template.HTML {
	if len(f.Series) == 0 {
		return ""
	}
	value := func(p load.Point) float64 { return p.Logins + p.Starts + p.Saves + p.Submits }
	top, known := 0.0, f.Capacity.Known()
	if known {
		value, top = func(p load.Point) float64 { return p.Use }, 1.0
	}
	for _, p := range f.Series {
		top = max(top, value(p))
	}
	const height = 120
	var b strings.Builder
	for i, p := range f.Series {
		h := value(p) / max(top, 1e-9) * height
		if h < 0.5 {
			continue
		}
		class := "c-bar"
		if known && p.Use > 1 {
			class = "c-bad"
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%.2f%%" width="%.2f%%" y="%.1f" height="%.1f"/>`,
			class, float64(i)*100/float64(len(f.Series)), 100/float64(len(f.Series)), height-h, h)
	}
	if known {
		y := height - 0.7/top*height
		fmt.Fprintf(&b, `<line class="c-th" x1="0%%" x2="100%%" y1="%[1]f" y2="%[1]f"/><text x="0" y="%[2]f">70 %%</text>`, y, y-4)
	}
	zone := locale.Zone(f.Event.Zone)
	from, to := f.Zero.Add(f.From).In(zone), f.Zero.Add(f.From+time.Duration(len(f.Series))*f.Step).In(zone)
	fmt.Fprintf(&b, `<text x="0" y="%d">%s</text><text x="100%%" y="%[1]d" text-anchor="end">%[3]s</text>`, height+18, from.Format("02/01 15.04"), to.Format("02/01 15.04"))
	title := "Beban server sepanjang kegiatan"
	desc := fmt.Sprintf("Tersibuk: %s jawaban dan %s mulai setiap detik.", locale.Number(f.Saves, 1), locale.Number(f.Starts, 1))
	if known {
		desc = fmt.Sprintf("Beban tertinggi %d persen dari kemampuan yang diukur; garis menandai 70 persen.", int(math.Round(f.Peak*100)))
	}
	// Numbers and our own words alone: nothing in it was typed by anybody.
	return template.HTML(fmt.Sprintf(`<svg width="100%%" height="%d" role="img" aria-labelledby="bebant beband"><title id="bebant">%s</title><desc id="beband">%s</desc>%s</svg>`, //nolint:gosec // see above
		height+24, title, desc, b.String()))
}
