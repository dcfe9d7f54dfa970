package reports

import (
	"cakap/internal/locale"
	"cakap/scoring"

	"github.com/xuri/excelize/v2"
)

// absentColumns is the table of Tidak Hadir.
var absentColumns = []column{
	{"No", 5, "Nomor urut."},
	{"NIP", 19, "Nomor induk, disimpan sebagai teks."},
	{"Nama", 34, "Nama lengkap dengan gelar."},
	{"Status", 10, "Status kepegawaian."},
	{"Gol.", 7, "Golongan."},
	{"Jabatan", 30, "Jabatan pada hari pegawai didaftarkan."},
	{"Unit Kerja", 40, "Perangkat daerah dan unit kerja."},
	{"Sesi", 24, "Sesi tempat pegawai didaftarkan."},
	{"Jadwal Sesi", 23, "Waktu mulai sesi."},
	{"Keterangan", 16, "Tidak hadir, atau Belum mengikuti selama kegiatan belum ditutup."},
	{"Tindak Lanjut", 24, "Diisi petugas, misalnya alasan atau jadwal susulan."},
}

// absentWrapped are the columns of texts that may need several lines.
var absentWrapped = []int{2, 5, 6, 7}

// absent writes Tidak Hadir: who has no attempt.
func (b *book) absent() {
	n := b.all.Counts.Absent
	lastRow := 4 + max(n, 1)
	s := b.open(sheetAbsent, page{widths: widths(absentColumns), lastRow: lastRow, repeat: 4, freeze: 3, filter: true})
	b.fail(b.f.AddIgnoredErrors(sheetAbsent, "B5:"+cellName(2, lastRow), excelize.IgnoredErrorsNumberStoredAsText))
	state := statusText(NotStarted, b.d.Event.Closed)
	s.titles("Pegawai yang " + map[bool]string{true: "tidak hadir", false: "belum mengikuti"}[b.d.Event.Closed])
	s.row(14, s.text(lookSub, locale.Int(n)+" dari "+locale.Int(b.all.Counts.Enrolled)+" peserta terdaftar."))
	s.head(20, absentColumns)
	no := 0
	for _, r := range b.d.Rows {
		if r.Status != NotStarted {
			continue
		}
		no++
		s.row(fit(10, absentColumns, absentWrapped, r.Name, r.Position, r.Unit(), place(r)), s.count(lookNo, no), s.text(lookNIP, r.NIP), s.text(lookText, r.Name), s.text(lookMiddle, kindText(r.Kind)), s.text(lookMiddle, r.Grade),
			s.text(lookText, r.Position), s.text(lookText, r.Unit()), s.text(lookText, place(r)), s.text(lookMiddle, locale.ShortDate(r.SessionAt.In(b.d.Event.Zone))+" "+locale.Clock(r.SessionAt.In(b.d.Event.Zone))),
			s.text(lookMiddle, state), s.blank(lookText))
	}
	if no == 0 {
		s.wide(20, 1, len(absentColumns), lookHeld, map[bool]string{true: "Semua peserta sudah mengikuti asesmen", false: "Belum ada peserta terdaftar"}[len(b.d.Rows) > 0])
	}
	s.flush()
}

// place is the session and, where it has one, its room.
func place(r *Row) string {
	if r.Place == "" {
		return r.Session
	}
	return r.Session + ", " + r.Place
}

// uploadColumns is Unggah SIASN: the fields of "riwayat kursus" under their own
// names, with the score beside them.
var uploadColumns = []column{
	{"nip", 20, "NIP, disimpan sebagai teks; kunci pencocokan dengan SIASN."},
	{"nama", 34, "Nama lengkap, untuk pemeriksaan."},
	{"namaKursus", 44, "Nama kegiatan."},
	{"institusiPenyelenggara", 24, "Diisi petugas: lembaga penyelenggara."},
	{"jenisDiklatId", 14, "Diisi petugas menurut referensi SIASN."},
	{"jenisKursusSertipikat", 22, "Diisi petugas menurut referensi SIASN."},
	{"nomorSertipikat", 18, "Diisi petugas bila ada sertifikat."},
	{"jumlahJam", 11, "Sengaja kosong: asesmen bukan jam pelajaran. JP milik pelatihan yang diukur."},
	{"tahunKursus", 12, "Tahun mengerjakan."},
	{"tanggalKursus", 14, "Tanggal mulai mengerjakan."},
	{"tanggalSelesaiKursus", 20, "Tanggal yang sama dengan tanggal mulai."},
	{"nilaiAkhir", 11, "Nilai akhir 0–100; kosong selama uraian belum dinilai."},
	{"tingkat", 18, "Tingkat nilai akhir menurut skema."},
}

// upload writes Unggah SIASN: heads in row 1 and one row per scored person,
// for programs and for copying.
func (b *book) upload() {
	n := b.all.Counts.Done
	s := b.open(sheetUpload, page{widths: widths(uploadColumns), lastRow: 1 + max(n, 1), repeat: 1, freeze: 1, filter: true})
	b.fail(b.f.AddIgnoredErrors(sheetUpload, "A2:"+cellName(1, 1+max(n, 1)), excelize.IgnoredErrorsNumberStoredAsText))
	s.head(18, uploadColumns)
	id := func(l look) int { return b.style(l.sized(9)) }
	plain, date, count, score := id(look{format: asText, edge: thin}), id(lookDate), id(look{edge: thin}), id(lookScore)
	empty := excelize.Cell{StyleID: plain}
	for _, r := range b.d.Rows {
		if !r.Scored() {
			continue
		}
		total, day := r.Result.Of(scoring.Total), r.StartedAt.In(b.d.Event.Zone)
		cell := func(id int, v any) any { return excelize.Cell{StyleID: id, Value: v} }
		when := cell(date, serial(r.StartedAt, b.d.Event.Zone))
		mark := excelize.Cell{StyleID: score}
		if hasScore(total) {
			mark.Value = total.Score.Percent()
		}
		s.row(0, cell(plain, r.NIP), cell(plain, r.Name), cell(plain, b.d.Event.Name), empty, empty, empty, empty, empty,
			cell(count, day.Year()), when, when, mark, cell(plain, levelText(total, b.d.Scheme)))
	}
	if n == 0 {
		s.row(0, s.text(look{italic: true, colour: grey}, "Belum ada nilai"))
	}
	s.flush()
}
