package reports

import (
	"fmt"

	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// needColumns is the list of people in Kebutuhan Pelatihan; the two tables
// above it share its columns.
func needColumns() []column {
	columns := []column{
		{"No", 5, "Nomor urut."},
		{"NIP", 18.5, "Nomor induk, disimpan sebagai teks."},
		{"Nama", 30, "Nama lengkap dengan gelar."},
		{"Unit Kerja", 34, "Perangkat daerah dan unit kerja."},
	}
	for _, a := range scoring.Aspects {
		columns = append(columns, column{a.Code(), 8, "Kesenjangan " + aspectName(a) + ": berapa poin nilai orang itu di bawah standar; kosong bila standar tercapai atau belum cukup bukti."})
	}
	return append(columns,
		column{"Jumlah Aspek", 9, "Banyaknya aspek di bawah standar."},
		column{"Aspek Prioritas", 23, "Aspek dengan kesenjangan terbesar."},
		column{"Prioritas", 9, "Tinggi bila nilai ditambah galatnya pun masih di bawah standar pada sedikitnya satu aspek; selain itu Sedang."},
		column{"Usulan Pelatihan", 40, "Usulan awal untuk aspek prioritas; sesuaikan dengan katalog pelatihan instansi."},
		column{"Metode", 24, "Cara belajar yang diusulkan."},
		column{"JP", 5, "Usulan jam pelajaran."})
}

// needs writes Kebutuhan Pelatihan: per aspect, per unit and per person.
func (b *book) needs() {
	columns := needColumns()
	people := Needs(b.d.Rows, b.d.Scheme, b.standard)
	header := 4 + 1 + 4 + 2 + 1 + max(len(b.units), 1) + 2 + 1
	lastRow := header + max(len(people), 1)
	s := b.open(sheetNeeds, page{widths: widths(columns), lastRow: lastRow, repeat: header, freeze: -1, filter: true})
	b.fail(b.f.AddIgnoredErrors(sheetNeeds, cellName(2, header+1)+":"+cellName(2, lastRow), excelize.IgnoredErrorsNumberStoredAsText))
	s.columns = columns
	s.titles("Kebutuhan pelatihan")
	s.row(14, s.text(lookSub, "Standar: tingkat "+b.standardText()+" pada setiap aspek. Orang yang belum cukup bukti tidak dihitung. Usulan pelatihan dapat diubah."))
	s.row(18, s.text(lookSection, "Per aspek"))
	s.aspectNeeds()
	s.skip(1)
	s.row(18, s.text(lookSection, "Orang di bawah standar per unit kerja"))
	s.unitNeeds()
	s.skip(1)
	s.row(18, s.text(lookSection, "Per pegawai (kesenjangan dalam poin)"))
	s.head(30, columns)
	l := newNeedLooks(b)
	for i := range people {
		s.needRow(i+1, &people[i], l)
	}
	if len(people) == 0 {
		s.wide(20, 1, len(columns), lookHeld, "Tidak ada pegawai di bawah standar, atau belum ada nilai")
	}
	s.flush()
}

// aspectNeeds writes one row per aspect.
func (s *sheet) aspectNeeds() {
	s.merge(2, 3)
	s.head(30, []column{{head: "No"}, {head: "Aspek"}, {}, {head: "Standar"}, {head: "Dinilai"}, {head: "Di bawah standar"}, {head: "Bagian"},
		{head: "Rata-rata"}, {head: "Selisih"}, {head: "Tingkat rata-rata"}, {head: "Prioritas"}, {head: "Usulan Pelatihan"}, {head: "Metode"}, {head: "JP"}})
	for i, a := range scoring.Aspects {
		st := s.all.Of(a)
		n := NeedOf(st, a, s.d.Scheme, s.standard)
		s.merge(2, 3)
		cells := []any{s.count(lookNo, i+1), s.text(lookText, a.Code()+" "+aspectName(a)), s.blank(lookText), s.text(lookText, s.standardText()),
			s.count(lookCount, n.Assessed), s.count(lookCount, n.Below)}
		if n.Assessed == 0 {
			cells = append(cells, s.blank(lookShare), s.blank(lookScore), s.blank(lookScore), s.text(lookHeld, noLevel(st)), s.blank(lookText), s.blank(lookText), s.blank(lookText), s.blank(lookCount))
		} else {
			cells = append(cells, s.number(lookShare, float64(n.Below)/float64(n.Assessed)), s.number(lookScore, round1(n.Mean)), s.number(lookScore, round1(n.Gap)), s.meanLevel(st))
			cells = append(cells, s.proposal(n)...)
		}
		s.row(height(2, 10), cells...)
	}
}

// noLevel says why a group has no level: nobody's answers are enough, or all of
// them wait for markers.
func noLevel(st Stats) string {
	if st.Unmarked > 0 && st.Insufficient == 0 {
		return awaiting
	}
	return insufficient
}

// proposal is priority, course, method and hours; nothing where nobody is below.
func (s *sheet) proposal(n Need) []any {
	if n.Below == 0 {
		return []any{s.text(lookMiddle, "–"), s.blank(lookText), s.blank(lookText), s.blank(lookCount)}
	}
	return []any{s.text(lookMiddle, string(n.Priority)), s.text(lookText, n.Training.Name), s.text(lookText, n.Training.Method), s.count(lookCount, n.Training.Hours)}
}

// unitNeeds writes how many people of each OPD are below the standard.
func (s *sheet) unitNeeds() {
	s.merge(2, 4)
	s.head(30, []column{{head: "No"}, {head: "Unit Kerja"}, {}, {}, {head: "A1"}, {head: "A2"}, {head: "A3"}, {head: "A4"}, {head: "Dinilai"},
		{head: "Aspek Prioritas"}, {head: "Prioritas"}, {head: "Usulan Pelatihan"}, {head: "Metode"}, {head: "JP"}})
	if len(s.units) == 0 {
		s.wide(20, 1, 14, lookHeld, "Belum ada peserta terdaftar")
	}
	for i, u := range s.units {
		s.merge(2, 4)
		cells := []any{s.count(lookNo, i+1), s.text(lookText, u.Name), s.blank(lookText), s.blank(lookText)}
		var most Need
		assessed := 0
		for _, a := range scoring.Aspects {
			n := NeedOf(u.Of(a), a, s.d.Scheme, s.standard)
			assessed = max(assessed, n.Assessed)
			if n.Below*max(most.Assessed, 1) > most.Below*max(n.Assessed, 1) {
				most = n
			}
			cells = append(cells, s.count(lookCount, n.Below))
		}
		cells = append(cells, s.count(lookCount, assessed))
		if most.Below == 0 {
			cells = append(cells, s.blank(lookText))
		} else {
			cells = append(cells, s.text(lookText, most.Aspect.Code()+" "+aspectShort(most.Aspect)))
		}
		s.row(height(2, 10), append(cells, s.proposal(most)...)...)
	}
}

// needLooks are the styles of the list, looked up once.
type needLooks struct{ no, count, nip, text, middle, score int }

func newNeedLooks(b *book) needLooks {
	id := func(l look) int { return b.style(l.sized(9)) }
	return needLooks{id(lookNo), id(lookMiddle.with(asCount)), id(lookNIP), id(lookText), id(lookMiddle), id(lookScore)}
}

// needWrapped are the columns of texts that may need several lines.
var needWrapped = []int{2, 3, 11}

func (s *sheet) needRow(no int, n *PersonNeed, l needLooks) {
	cell := func(id int, v any) any { return excelize.Cell{StyleID: id, Value: v} }
	text := func(id int, v string) any {
		if v == "" {
			return excelize.Cell{StyleID: id}
		}
		return excelize.Cell{StyleID: id, Value: v}
	}
	cells := []any{cell(l.no, no), text(l.nip, n.Row.NIP), text(l.text, n.Row.Name), text(l.text, n.Row.Unit())}
	for _, gap := range n.Gap {
		if gap == 0 {
			cells = append(cells, excelize.Cell{StyleID: l.score})
		} else {
			cells = append(cells, cell(l.score, gap.Percent()))
		}
	}
	course := trainingFor(n.Worst, n.Priority)
	s.row(fit(9, s.columns, needWrapped, n.Row.Name, n.Row.Unit(), course.Name), append(cells, cell(l.count, n.Aspects), cell(l.text, fmt.Sprintf("%s %s", n.Worst.Code(), aspectShort(n.Worst))),
		cell(l.middle, string(n.Priority)), cell(l.text, course.Name), cell(l.text, course.Method), cell(l.count, course.Hours))...)
}
