package reports

import (
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

const meansSuppressed = "Kelompok dengan kurang dari 5 orang ditulis n<5."

// unitColumns is the table of Rekap Unit.
func (b *book) unitColumns() []column {
	name, word := levelWidths(b.d.Scheme.Bands)
	columns := []column{
		{"No", 5, "Nomor urut unit kerja."},
		{"Unit Kerja", 44, "Perangkat daerah (OPD); di bawahnya, menjorok, unit kerja bagiannya. Unit seperti pada hari pegawai didaftarkan."},
		{"Terdaftar", 9, "Orang yang didaftarkan pada kegiatan ini dan tidak ditarik kembali."},
		{"Hadir", 7, "Orang yang pernah memulai, termasuk yang belum selesai dan yang dibatalkan."},
		{"Selesai", 8, "Orang yang sudah mempunyai nilai."},
		{"Belum", 7, "Orang yang belum pernah memulai."},
		{"Partisipasi", 10, "Selesai dibagi Terdaftar."},
	}
	for _, a := range scoring.Aspects {
		columns = append(columns, column{a.Code(), 7, "Rata-rata nilai " + aspectName(a) + ", hanya dari orang yang cukup bukti. " + meansSuppressed})
	}
	columns = append(columns,
		column{"Nilai Akhir", 8, "Rata-rata nilai akhir. " + meansSuppressed},
		column{"±", 6, meansErrorOfMean},
		column{"Tingkat", max(13, name), "Tingkat tempat rata-rata nilai akhir jatuh."})
	for _, band := range b.d.Scheme.Bands {
		columns = append(columns, column{band.Name, max(8.5, word), "Banyaknya orang yang nilai akhirnya pada tingkat ini."})
	}
	return append(columns,
		column{"Belum cukup bukti", 9, "Orang selesai yang nilai akhirnya belum didukung cukup jawaban."},
		column{"Aspek Terendah", 21, "Aspek dengan rata-rata terendah pada unit itu."})
}

// unitSheet writes Rekap Unit.
func (b *book) unitSheet() {
	columns := b.unitColumns()
	rows := 1
	for _, u := range b.units {
		rows += 1 + len(u.Parts)
	}
	s := b.open(sheetUnits, page{widths: widths(columns), lastRow: 4 + rows, repeat: 4, freeze: 2})
	s.nameWidth = columns[1].width
	s.titles("Rekapitulasi per unit kerja")
	s.row(14, s.text(lookSub, "Rata-rata hanya dari nilai yang cukup bukti; warna mengikuti tingkat. "+meansSuppressed))
	s.head(44, columns)
	for i, u := range b.units {
		s.unitRow(i+1, u, look{bold: len(u.Parts) > 0})
		for _, part := range u.Parts {
			s.unitRow(0, part, look{indent: 2})
		}
	}
	all := b.all
	all.Name = "Seluruh instansi"
	s.unitRow(0, all, look{bold: true, fill: paleB})
	s.flush()
}

// unitRow writes the figures of a group; as carries weight, fill and indent.
func (s *sheet) unitRow(no int, u Unit, as look) {
	of := func(l look) look { l.bold, l.fill = as.bold, as.fill; return l }
	number := s.blank(of(lookNo))
	if no > 0 {
		number = s.count(of(lookNo), no)
	}
	c := u.Counts
	cells := []any{number, s.text(of(lookText).indented(as.indent), u.Name),
		s.count(of(lookCount), c.Enrolled), s.count(of(lookCount), c.Present), s.count(of(lookCount), c.Done), s.count(of(lookCount), c.Absent)}
	if c.Enrolled == 0 {
		cells = append(cells, s.blank(of(lookShare)))
	} else {
		cells = append(cells, s.number(of(lookShare), c.Participation()))
	}
	cells = append(cells, s.means(u, as)...)
	total := u.Of(scoring.Total)
	for _, people := range total.Levels {
		cells = append(cells, s.count(of(lookCount), people))
	}
	cells = append(cells, s.count(of(lookCount), total.Insufficient), s.weakest(u, of(lookText)))
	s.row(height(lines(u.Name, s.nameWidth-float64(as.indent), 10.5), 10), cells...)
}

// means writes the four means, the total's, its error and level.
func (s *sheet) means(u Unit, as look) []any {
	var cells []any
	for _, a := range measures {
		cells = append(cells, s.mean(u.Of(a), as))
	}
	total := u.Of(scoring.Total)
	if !total.Shown() {
		return append(cells, s.blank(lookError), s.blank(lookHeld))
	}
	return append(cells, s.number(lookError, round1(total.SE)), s.meanLevel(total))
}

// mean writes a mean on the tint of its level, or that the group is too small.
func (s *sheet) mean(st Stats, as look) any {
	switch {
	case st.N == 0:
		return s.blank(lookScore)
	case !st.Shown():
		return s.text(lookHeld, "n<5")
	default:
		l := lookScore.filled(levelColour(s.d.Scheme, st.Level(s.d.Scheme)))
		l.bold = as.bold
		return s.number(l, round1(st.Mean))
	}
}

func (s *sheet) weakest(u Unit, l look) any {
	a, ok := u.Weakest()
	if !ok {
		return s.blank(l)
	}
	return s.text(l, a.Code()+" "+aspectShort(a))
}

// groupColumns is the table of Kelompok.
func (b *book) groupColumns() []column {
	columns := b.unitColumns()
	columns[1].head, columns[1].width = "Kelompok", 34
	columns[1].means = "Golongan, jenis pegawai, jenis jabatan, usia pada hari pertama kegiatan, atau jenis kelamin, seperti pada hari pegawai didaftarkan."
	columns[0].means = "Nomor urut dalam kelompoknya."
	return columns
}

// groups writes Kelompok: the same figures, cut in other ways.
func (b *book) groups() {
	columns := b.groupColumns()
	cuts := Groupings(b.d)
	rows := 0
	for _, g := range cuts {
		rows += 1 + max(len(g.Groups), 1)
	}
	s := b.open(sheetGroups, page{widths: widths(columns), lastRow: 4 + rows, repeat: 4, freeze: 2})
	s.nameWidth = columns[1].width
	s.titles("Rata-rata menurut kelompok pegawai")
	s.row(14, s.text(lookSub, meansSuppressed+" Perbedaan kecil antarkelompok sering hanya galat; bandingkan dengan ±."))
	s.head(44, columns)
	section := look{bold: true, fill: paleB, edge: below, colour: navy}
	for _, g := range cuts {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = excelize.Cell{StyleID: b.style(section)}
		}
		cells[0] = s.text(section, g.Name)
		s.merge(1, 2)
		s.row(18, cells...)
		for i, u := range g.Groups {
			s.unitRow(i+1, u, look{})
		}
		if len(g.Groups) == 0 {
			s.row(0, s.blank(lookCount), s.text(lookHeld, "Belum ada peserta"))
		}
	}
	s.flush()
}
