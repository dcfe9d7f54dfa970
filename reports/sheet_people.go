package reports

import (
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// peopleHead is the row of the heads of Nilai Pegawai; row 3 groups them.
const peopleHead = 4

// peopleColumns is the table of Nilai Pegawai (DESIGN 13, exactly).
func peopleColumns(bands []scoring.Band) []column {
	_, word := levelWidths(bands)
	columns := []column{
		{"No", 5, "Nomor urut."},
		{"NIP", 17.5, "Nomor induk, 18 angka, disimpan sebagai teks; nomor peserta bagi yang tidak mempunyai NIP."},
		{"Nama", 27, "Nama lengkap dengan gelar."},
		{"Status", 8, "Status kepegawaian: PNS, CPNS, PPPK, PPPK Paruh Waktu, atau Non-ASN."},
		{"Gol.", 6, "Golongan pada hari pegawai didaftarkan."},
		{"Jabatan", 23, "Jabatan pada hari pegawai didaftarkan."},
		{"Unit Kerja", 29, "Perangkat daerah dan unit kerja pada hari pegawai didaftarkan."},
		{"Tanggal", 10, "Tanggal mulai mengerjakan percobaan yang dihitung."},
	}
	for _, a := range measures {
		head, means := a.Code(), "Nilai "+aspectName(a)+", skala 0–100: poin yang diperoleh dibagi poin tertinggi. Soal yang tidak dijawab bernilai 0. Kosong selama jawaban uraian belum dinilai."
		if a == scoring.Total {
			head, means = "Nilai Akhir", "Nilai atas semua soal keempat aspek, skala 0–100. Kosong selama jawaban uraian belum dinilai."
		}
		columns = append(columns, column{head, 6.5, means},
			column{"±", 5, "Satu galat baku nilai di kirinya: nilai yang sebenarnya kira-kira dua dari tiga kali berada dalam rentang ± ini."},
			column{"Tingkat", max(10.5, word*9/11), "Tingkat menurut skema, dari nilai sebelum dibulatkan ke satu desimal; \"Belum cukup bukti\" bila jawaban terlalu sedikit atau galatnya terlalu besar untuk menyebut tingkat; \"Menunggu penilaian uraian\" sampai penilai selesai."})
	}
	return append(columns, column{"Keterangan", 24, "Tidak hadir, belum mengikuti, sedang mengerjakan, waktu habis, dibatalkan, mengulang, nilai diperbarui, uraian yang belum dinilai, atau alasan belum cukup bukti."})
}

// peopleLooks are the styles of a row, looked up once: a large agency has a
// million cells.
type peopleLooks struct {
	count, nip, text, middle, date, blank int
	score, err, held, noScore             int
	level                                 []int
}

func (b *book) peopleLooks() peopleLooks {
	const size = 9
	id := func(l look) int { return b.style(l.sized(size)) }
	p := peopleLooks{
		count: id(lookNo), nip: id(lookNIP), text: id(lookText), middle: id(lookMiddle), date: id(lookDate), blank: id(lookBlank),
		score: id(lookScore), err: id(lookError), held: id(lookHeld), noScore: id(lookScore),
	}
	for i := range b.d.Scheme.Bands {
		p.level = append(p.level, id(lookMiddle.filled(levelColour(b.d.Scheme, i+1))))
	}
	return p
}

// people writes Nilai Pegawai, everybody in it, whether or not they came.
func (b *book) people() {
	columns := peopleColumns(b.d.Scheme.Bands)
	lastRow := peopleHead + max(len(b.d.Rows), 1)
	s := b.open(sheetPeople, page{widths: widths(columns), lastRow: lastRow, from: 3, repeat: peopleHead, freeze: 3, filter: true})
	b.fail(b.f.AddIgnoredErrors(sheetPeople, "B5:"+cellName(2, lastRow), excelize.IgnoredErrorsNumberStoredAsText))
	for i, a := range measures {
		name := "Skor_" + a.Code()
		column := columnName(9 + 3*i)
		s.define(name, "", "$"+column+"$5:$"+column+"$"+cellName(1, lastRow)[1:])
	}
	s.columns = columns
	s.titles("Nilai pegawai")
	s.peopleGroups()
	s.head(30, columns)
	looks := b.peopleLooks()
	cells := make([]any, len(columns))
	for i := range b.d.Rows {
		s.personRow(i, b.d.Rows[i], &looks, cells)
	}
	if len(b.d.Rows) == 0 {
		s.wide(20, 1, len(columns), lookHeld, "Belum ada peserta terdaftar")
	}
	s.flush()
}

// peopleGroups writes the names of the aspects over their three columns.
func (s *sheet) peopleGroups() {
	cells := make([]any, 23)
	l := look{bold: true, colour: navy, fill: paleB, align: "center", wrap: true, edge: thin}
	for i, a := range measures {
		at := 8 + 3*i
		cells[at] = s.text(l, aspectShort(a))
		cells[at+1], cells[at+2] = s.blank(l), s.blank(l)
		s.merge(at+1, at+3)
	}
	s.row(18, cells...)
}

// personRow writes one person into cells, which are reused.
func (s *sheet) personRow(i int, r *Row, looks *peopleLooks, cells []any) {
	text := func(id int, text string) any {
		if text == "" {
			return excelize.Cell{StyleID: id}
		}
		return excelize.Cell{StyleID: id, Value: text}
	}
	cells[0] = excelize.Cell{StyleID: looks.count, Value: i + 1}
	cells[1] = text(looks.nip, r.NIP)
	cells[2] = text(looks.text, r.Name)
	cells[3] = text(looks.middle, kindText(r.Kind))
	cells[4] = text(looks.middle, r.Grade)
	cells[5] = text(looks.text, r.Position)
	cells[6] = text(looks.text, r.Unit())
	cells[7] = excelize.Cell{StyleID: looks.date}
	if r.Scored() {
		cells[7] = excelize.Cell{StyleID: looks.date, Value: serial(r.StartedAt, s.d.Event.Zone)}
	}
	var levels [5]string
	for k, a := range measures {
		levels[k] = s.scoreCells(r, a, looks, cells[8+3*k:8+3*k+3])
	}
	remark := note(r, s.d.Event.Closed)
	cells[23] = text(looks.text, remark)
	s.row(fit(9, s.columns, peopleWrapped, r.Name, kindText(r.Kind), r.Position, r.Unit(), levels[0], levels[1], levels[2], levels[3], levels[4], remark), cells...)
}

// peopleWrapped are the columns of texts that may need several lines.
var peopleWrapped = []int{2, 3, 5, 6, 10, 13, 16, 19, 22, 23}

// hasScore reports whether there is a score to print: none where the form asks
// nothing of the aspect, and none while an essay of it is unmarked, for what is
// counted so far is not the person's score.
func hasScore(s scoring.AspectScore) bool {
	return s.Verdict != scoring.NoItems && s.Verdict != scoring.Unmarked
}

// scoreCells writes score, error and level of one aspect, and returns the level's name.
func (s *sheet) scoreCells(r *Row, a scoring.Aspect, looks *peopleLooks, cells []any) string {
	cells[0], cells[1], cells[2] = excelize.Cell{StyleID: looks.noScore}, excelize.Cell{StyleID: looks.err}, excelize.Cell{StyleID: looks.blank}
	if !r.Scored() {
		return ""
	}
	score := r.Result.Of(a)
	if hasScore(score) {
		cells[0] = excelize.Cell{StyleID: looks.score, Value: score.Score.Percent()}
		cells[1] = excelize.Cell{StyleID: looks.err, Value: score.SE.Percent()}
	}
	style, name := looks.held, levelText(score, s.d.Scheme)
	if score.Verdict == scoring.Supported && score.Level >= 1 && score.Level <= len(looks.level) {
		style = looks.level[score.Level-1]
	}
	cells[2] = excelize.Cell{StyleID: style, Value: name}
	return name
}
