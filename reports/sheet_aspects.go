package reports

import (
	"fmt"

	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// Rows of Per Aspek that its charts refer to.
const (
	binsHead   = 13
	binsFirst  = 14
	aspectPics = 26
	picRows    = 16
)

// aspectColumns is the upper table of Per Aspek.
func (b *book) aspectColumns() []column {
	_, word := levelWidths(b.d.Scheme.Bands)
	columns := []column{
		{"Aspek", 34, "Nama aspek; baris terakhir adalah nilai akhir."},
		{"N", 9, "Banyaknya orang yang nilainya cukup bukti."},
		{"Rata-rata", 9, "Rata-rata nilai 0–100."},
		{"±", 9, meansErrorOfMean},
		{"Simpangan baku", 10, "Seberapa beragam nilai orang-orang itu (rumus STDEV.S)."},
		{"Min", 9, "Nilai terendah."},
		{"P10", 9, "Sepersepuluh orang bernilai di bawah ini (rumus PERCENTILE.INC, juga untuk Q1, Median, Q3, dan P90)."},
		{"Q1", 9, "Seperempat orang bernilai di bawah ini."},
		{"Median", 9, "Separuh orang bernilai di bawah ini."},
		{"Q3", 9, "Tiga perempat orang bernilai di bawah ini."},
		{"P90", 9, "Sembilan persepuluh orang bernilai di bawah ini."},
		{"Maks", 9, "Nilai tertinggi."},
	}
	for _, band := range b.d.Scheme.Bands {
		columns = append(columns, column{band.Name, max(10, word), "Banyaknya orang pada tingkat ini."})
	}
	return append(columns, column{"Belum cukup bukti", 10, "Orang selesai yang nilainya belum didukung cukup jawaban; tidak ikut statistik."})
}

// aspects writes Per Aspek: statistics, the distribution in tens, and a
// histogram per aspect, on one page.
func (b *book) aspects() {
	columns := b.aspectColumns()
	s := b.open(sheetAspects, page{widths: widths(columns), lastRow: aspectPics + picRows, one: true})
	s.titles("Statistik per aspek")
	s.skip(1)
	s.head(30, columns)
	for _, a := range measures {
		s.statsRow(a)
	}
	s.skip(2)
	s.row(18, s.text(lookSection, "Sebaran nilai"))
	s.binTable()
	s.histograms(columns)
	s.flush()
}

func (s *sheet) statsRow(a scoring.Aspect) {
	st := s.all.Of(a)
	name, as := a.Code()+" "+aspectShort(a), func(l look) look { return l }
	if a == scoring.Total {
		name, as = aspectShort(a), func(l look) look { l.bold, l.fill = true, paleB; return l }
	}
	cells := []any{s.text(as(lookText), name), s.count(as(lookCount), st.N)}
	for i, x := range []float64{st.Mean, st.SE, st.SD, st.Min, st.P10, st.Q1, st.Median, st.Q3, st.P90, st.Max} {
		if st.N == 0 || st.N == 1 && (i == 1 || i == 2) {
			cells = append(cells, s.blank(as(lookScore)))
		} else {
			cells = append(cells, s.number(as(lookScore), round1(x)))
		}
	}
	for i, people := range st.Levels {
		l := lookCount.filled(levelColour(s.d.Scheme, i+1))
		l.bold = a == scoring.Total
		cells = append(cells, s.count(l, people))
	}
	s.row(17, append(cells, s.count(as(lookCount), st.Insufficient))...)
}

// binTable writes how many people fall into each ten of the scale.
func (s *sheet) binTable() {
	s.skip(binsHead - s.next)
	heads := []column{{head: "Nilai"}}
	for _, a := range scoring.Aspects {
		heads = append(heads, column{head: a.Code()})
	}
	s.head(18, append(heads, column{head: "Nilai akhir"}))
	for bin := range 10 {
		name := fmt.Sprintf("%d–<%d", bin*10, bin*10+10)
		if bin == 9 {
			name = "90–100"
		}
		cells := []any{s.text(lookMiddle, name)}
		for _, a := range measures {
			cells = append(cells, s.count(lookCount, s.all.Of(a).Bins[bin]))
		}
		s.row(15, cells...)
	}
}

// histograms draws the four distributions in a row under the tables.
func (s *sheet) histograms(columns []column) {
	if s.err != nil || s.all.Counts.Done == 0 {
		return
	}
	total, starts := 0, []int{}
	for _, c := range columns {
		starts = append(starts, total)
		total += int(c.width*7 + 5)
	}
	anchors := anchors(starts, total)
	for i, a := range scoring.Aspects {
		st := s.all.Of(a)
		title := a.Code() + " " + aspectShort(a)
		if st.N > 0 {
			title += fmt.Sprintf(" (N %d, rata-rata %s)", st.N, decimal(st.Mean))
		} else {
			title += " (belum cukup bukti)"
		}
		c := chart(title, excelize.Col, uint(anchors[i+1].pixels-anchors[i].pixels-6), uint(picRows*20-10))
		c.Title.Paragraph[0].Font.Size = 10
		gap := uint(8)
		c.GapWidth = &gap
		c.Legend.Position = "none"
		column := columnName(2 + i)
		c.Series = []excelize.ChartSeries{{
			Name:       fmt.Sprintf("'%s'!$%s$%d", s.name, column, binsHead),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", s.name, binsFirst, binsFirst+9),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", s.name, column, binsFirst, column, binsFirst+9),
			Fill:       solid(navy), DataLabel: excelize.ChartDataLabel{Font: chartFont(8, ink, false)},
			DataLabelPosition: excelize.ChartDataLabelsPositionOutsideEnd,
		}}
		c.PlotArea = excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0;;"}}
		c.XAxis.Font, c.YAxis.Font = chartFont(8, ink, false), chartFont(8, grey, false)
		c.YAxis.NumFmt = excelize.ChartNumFmt{CustomNumFmt: asCount}
		zero := 0.0
		c.YAxis.Minimum = &zero
		s.fail(s.f.AddChart(s.name, cellName(anchors[i].column, aspectPics), c))
	}
}

// anchor is a column and where it begins.
type anchor struct{ column, pixels int }

// anchors cuts the width of the sheet into four parts that begin with a column:
// applications disagree about offsets within one.
func anchors(starts []int, total int) [5]anchor {
	var cut [5]anchor
	for i := range 4 {
		for k, from := range starts {
			if k == 0 || abs(from-i*total/4) < abs(cut[i].pixels-i*total/4) {
				cut[i] = anchor{k + 1, from}
			}
		}
	}
	cut[4] = anchor{len(starts) + 1, total}
	return cut
}

func abs(n int) int { return max(n, -n) }
