package reports

import (
	"fmt"
	"math"

	"cakap/internal/locale"
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// Rows of Ringkasan that its charts refer to.
const (
	summaryHead  = 9  // of the table per aspect
	summaryFirst = 10 // A1
	summaryChart = 17
	chartRows    = 15 // of 20 pixels
)

// summaryColumns is the table per aspect; the shares of levels stand between.
func (b *book) summaryColumns() []column {
	name, word := levelWidths(b.d.Scheme.Bands)
	columns := []column{
		{"Aspek", 36, "Nama aspek yang diukur; baris terakhir adalah nilai akhir atas semua aspek."},
		{"N", 8, "Banyaknya orang yang nilainya cukup bukti pada aspek itu."},
		{"Rata-rata", 10, "Rata-rata nilai 0–100 dari N orang tersebut."},
		{"±", 7, meansErrorOfMean},
		{"SB", 8, "Simpangan baku: seberapa beragam nilai orang-orang itu."},
		{"Median", 9, "Nilai tengah: separuh orang di bawahnya, separuh di atasnya."},
		{"Tingkat rata-rata", max(17, name), "Tingkat tempat rata-rata itu jatuh menurut skema tingkat."},
	}
	for _, band := range b.d.Scheme.Bands {
		columns = append(columns, column{band.Name, max(12, word), "Bagian dari N orang yang berada pada tingkat ini."})
	}
	return append(columns, column{"Belum cukup bukti", 12, "Orang yang selesai, tetapi jawabannya terlalu sedikit untuk menyebut tingkat; tidak ikut rata-rata."})
}

const meansErrorOfMean = "Satu galat baku rata-rata: rata-rata yang sebenarnya kira-kira dua dari tiga kali berada dalam rentang ± ini."

// summary writes Ringkasan: the finding, six figures, the table per aspect, two
// charts and the findings, on one page.
func (b *book) summary() {
	columns := b.summaryColumns()
	last := len(columns)
	bands := len(b.d.Scheme.Bands)
	findings := Findings(b.all, b.units, b.d, b.standard)
	all := append(widths(columns), 4)
	for range bands - 1 {
		all = append(all, 11)
	}
	rows := chartRows
	if b.all.Counts.Done == 0 {
		rows = 2 // nothing to draw
	}
	s := b.open(sheetSummary, page{widths: all, lastRow: summaryChart + rows + len(findings), printed: last, one: true})
	headline, wide := Headline(b.all, b.d), 0.0
	for _, c := range columns {
		wide += c.width
	}
	s.row(24, s.text(lookTitle.sized(18), "Ringkasan hasil pemetaan literasi digital ASN"))
	s.row(14, s.text(lookSub, s.source()))
	s.wide(height(lines(headline, wide, 13), 13), 1, last, look{size: 13, bold: true, wrap: true}, headline)
	s.skip(1)
	s.cards(last)
	s.skip(1)
	s.row(18, s.text(lookSection, "Rata-rata dan sebaran tingkat per aspek"))
	s.summaryHeads(columns)
	for _, a := range measures {
		s.aspectRow(a)
	}
	s.wide(14, 1, last, lookSub, "± satu galat baku rata-rata. Sebaran tingkat dihitung dari N orang yang nilainya cukup bukti.")
	s.skip(1)
	s.levelCharts(columns, last)
	s.next = summaryChart + rows
	s.row(18, s.text(lookSection, "Temuan"))
	for i, f := range findings {
		text := fmt.Sprintf("%d. %s", i+1, f)
		s.wide(height(lines(text, wide, 10), 10), 1, last, look{wrap: true, format: asText}, text)
	}
	s.flush()
}

// summaryHeads writes the heads, and beyond the paper those of the bounds.
func (s *sheet) summaryHeads(columns []column) {
	var cells []any
	for _, c := range columns {
		cells = append(cells, s.text(lookHead, c.head))
	}
	cells = append(cells, nil)
	for _, band := range s.d.Scheme.Bands[1:] {
		cells = append(cells, s.text(look{size: 8, colour: grey, wrap: true, align: "center"}, "Batas "+band.Name+" ("+mark(band.Lower)+")"))
	}
	s.row(max(30, headHeight(columns)), cells...)
}

// cards writes six figures side by side.
func (s *sheet) cards(last int) {
	c, total := s.all.Counts, s.all.Of(scoring.Total)
	band, _ := s.d.Scheme.Band(s.standard)
	figures := [6][2]string{
		{locale.Int(c.Enrolled), "Terdaftar"}, {locale.Int(c.Present), "Hadir"}, {locale.Int(c.Done), "Selesai"},
		{percent(c.Done, c.Enrolled), "Partisipasi (selesai ÷ terdaftar)"},
		{"–", "Nilai akhir rata-rata"}, {"–", band.Name + " ke atas"},
	}
	if total.N > 0 {
		figures[4][0] = decimal(total.Mean)
		if total.N > 1 {
			figures[4][0] = plusMinus(total.Mean, total.SE)
		}
		figures[5][0] = percent(total.AtLeast(s.standard), total.N)
	}
	bounds := cardBounds(last)
	for line, l := range []look{{size: 20, bold: true, colour: navy, fill: paleB, align: "center"}, {size: 9, colour: grey, fill: paleB, align: "center"}} {
		cells := make([]any, last)
		for i := range cells {
			cells[i] = s.blank(l)
		}
		for i, figure := range figures {
			cells[bounds[i]-1] = s.text(l, figure[line])
			s.merge(bounds[i], bounds[i+1]-1)
		}
		s.row([]float64{32, 16}[line], cells...)
	}
}

// cardBounds gives the wide first column to one card and shares the others.
func cardBounds(last int) [7]int {
	b := [7]int{1, 2}
	for i := 1; i < 6; i++ {
		b[i+1] = 2 + int(math.Round(float64(i)*float64(last-1)/5))
	}
	return b
}

// aspectRow writes an aspect with, beyond the paper, the bounds of the levels:
// the chart draws them as lines.
func (s *sheet) aspectRow(a scoring.Aspect) {
	st := s.all.Of(a)
	name := aspectShort(a)
	strong := look{}
	if a == scoring.Total {
		strong = look{bold: true, fill: paleB}
	} else {
		name = a.Code() + " " + name
	}
	as := func(l look) look { l.bold, l.fill = strong.bold, strong.fill; return l }
	cells := []any{s.text(as(lookText), name), s.count(as(lookCount), st.N)}
	for i, x := range []float64{st.Mean, st.SE, st.SD, st.Median} {
		if st.N == 0 || st.N == 1 && (i == 1 || i == 2) {
			cells = append(cells, s.blank(as(lookScore)))
		} else {
			cells = append(cells, s.number(as(lookScore), round1(x)))
		}
	}
	cells = append(cells, s.meanLevel(st))
	for i, people := range st.Levels {
		l := lookShare.filled(levelColour(s.d.Scheme, i+1))
		l.bold = strong.bold
		if st.N == 0 {
			cells = append(cells, s.blank(as(lookShare)))
		} else {
			cells = append(cells, s.number(l, float64(people)/float64(st.N)))
		}
	}
	cells = append(cells, s.count(as(lookCount), st.Insufficient), nil)
	if a != scoring.Total {
		for _, band := range s.d.Scheme.Bands[1:] {
			cells = append(cells, s.number(look{size: 8, colour: grey, format: asScore}, band.Lower.Percent()))
		}
	}
	s.row(17, cells...)
}

// meanLevel is the level of a mean, tinted.
func (s *sheet) meanLevel(st Stats) any {
	level := st.Level(s.d.Scheme)
	if level == 0 {
		return s.text(lookHeld, "–")
	}
	band, _ := s.d.Scheme.Band(level)
	return s.text(lookMiddle.filled(levelColour(s.d.Scheme, level)), band.Name)
}

// levelCharts draws means against the bounds of the levels, and the levels'
// shares.
func (s *sheet) levelCharts(columns []column, last int) {
	if s.all.Counts.Done == 0 {
		s.row(15, s.text(look{italic: true, colour: grey}, "Bagan tampil setelah ada pegawai yang selesai."))
	}
	if s.err != nil || s.all.Counts.Done == 0 {
		return
	}
	at := func(column int) string {
		return fmt.Sprintf("%s!$%s$%d:$%s$%d", sheetSummary, columnName(column), summaryFirst, columnName(column), summaryFirst+3)
	}
	name := func(column int) string {
		return fmt.Sprintf("%s!$%s$%d", sheetSummary, columnName(column), summaryHead)
	}
	left, right := 0, 0
	for i, c := range columns {
		pixels := int(c.width*7 + 5)
		if i < 6 {
			left += pixels
		} else {
			right += pixels
		}
	}
	height := uint(chartRows*20 - 12)
	bars := chart("Rata-rata per aspek dan batas tingkat", excelize.Col, uint(left-8), height)
	bars.Series = []excelize.ChartSeries{{
		Name: name(3), Categories: at(1), Values: at(3), Fill: solid(navy),
		DataLabelPosition: excelize.ChartDataLabelsPositionInsideBase, DataLabel: excelize.ChartDataLabel{Font: chartFont(12, white, true)},
	}}
	bars.PlotArea = excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: asScore}}
	bars.YAxis = scale(0, 100, 20)
	bars.Legend.Position = "right"
	bounds := &excelize.Chart{Type: excelize.Line, XAxis: bars.XAxis, YAxis: bars.YAxis, Legend: bars.Legend}
	dashes := []excelize.LineDashType{excelize.LineDashSysDot, excelize.LineDashSysDash, excelize.LineDashDash, excelize.LineDashSolid}
	for i := range s.d.Scheme.Bands[1:] {
		bounds.Series = append(bounds.Series, excelize.ChartSeries{
			Name: name(last + 2 + i), Categories: at(1), Values: at(last + 2 + i),
			Line: excelize.LineOptions{Width: 1.5, Dash: dashes[i%len(dashes)]}, Fill: solid("#B45F06"),
			Marker: excelize.ChartMarker{Symbol: "none"},
		})
	}
	s.fail(s.f.AddChart(s.name, cellName(1, summaryChart), bars, bounds))
	shares := chart("Sebaran tingkat per aspek, dari terendah (kiri) ke tertinggi (kanan)", excelize.BarPercentStacked, uint(right-4), height)
	shares.XAxis.ReverseOrder = true
	shares.YAxis = excelize.ChartAxis{Font: chartFont(9, grey, false), NumFmt: excelize.ChartNumFmt{CustomNumFmt: asPercent}, MajorGridLines: true}
	shares.PlotArea = excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: `[>=0.045]0%;""`}}
	for i := range s.d.Scheme.Bands {
		shares.Series = append(shares.Series, excelize.ChartSeries{
			Name: name(8 + i), Categories: at(1), Values: at(8 + i), Fill: solid(levelColour(s.d.Scheme, i+1)),
			DataLabelPosition: excelize.ChartDataLabelsPositionCenter, DataLabel: excelize.ChartDataLabel{Font: chartFont(9, ink, false)},
		})
	}
	s.fail(s.f.AddChart(s.name, cellName(7, summaryChart), shares))
}
