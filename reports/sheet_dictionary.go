package reports

import (
	"fmt"
)

// entry is one line of Kamus Data.
type entry struct{ where, term, means string }

// entries explains every column of every table, then the words used in them.
func (b *book) entries() []entry {
	var all []entry
	for _, table := range []struct {
		sheet   string
		columns []column
	}{
		{sheetSummary, b.summaryColumns()}, {sheetUnits, b.unitColumns()}, {sheetPeople, peopleColumns(b.d.Scheme.Bands)}, {sheetAspects, b.aspectColumns()},
		{sheetGroups, b.groupColumns()}, {sheetNeeds, needColumns()}, {sheetAbsent, absentColumns}, {sheetUpload, uploadColumns},
	} {
		seen := map[string]bool{}
		for _, c := range table.columns {
			if !seen[c.head] {
				all = append(all, entry{table.sheet, c.head, c.means})
			}
			seen[c.head] = true
		}
	}
	return append(all, b.words()...)
}

func (b *book) words() []entry {
	return []entry{
		{"Istilah", "Nilai", "Poin yang diperoleh dibagi poin tertinggi dari soal yang disajikan, dikali 100. Soal yang dikosongkan atau tidak sempat dibuka bernilai 0; jawaban yang hilang karena gangguan teknis dikeluarkan dari hitungan."},
		{"Istilah", "Galat baku (±)", "Ukuran ketidakpastian. Bila seseorang mengerjakan paket soal lain yang setara, nilainya kira-kira dua dari tiga kali jatuh dalam rentang nilai ± galat."},
		{"Istilah", insufficient, "Tingkat tidak disebut karena soal yang dijawab terlalu sedikit, galatnya terlalu besar, atau aspek itu tidak diujikan. Alasannya ada di kolom Keterangan. Nilainya tidak ikut rata-rata dan sebaran tingkat."},
		{"Istilah", awaiting, "Peserta sudah selesai, tetapi jawaban uraiannya belum dinilai. Nilai, galat, dan tingkat dari aspek itu dan nilai akhirnya kosong, dan tidak ikut jumlah, rata-rata, maupun sebaran tingkat. Unduh lagi sesudah penilaian selesai."},
		{"Istilah", "Standar kompetensi", "Tingkat " + b.standardText() + ". Pilihan untuk laporan ini, bukan syarat kelulusan."},
		{"Istilah", "n<5", "Kelompok dengan nilai dari kurang dari 5 orang: rata-ratanya tidak ditampilkan."},
		{"Istilah", "Prioritas unit dan aspek", "Tinggi bila sedikitnya separuh orang di bawah standar, Sedang bila sedikitnya seperempat, Rendah bila kurang."},
		{"Istilah", "Data sampai dengan", "Waktu perubahan data terakhir, bukan waktu unduh. Data yang sama selalu menghasilkan berkas yang sama persis."},
		{"Istilah", "Kode verifikasi", "16 angka heksadesimal pertama dari SHA-256 atas nilai di buku kerja ini: " + b.d.code() + ". Bila satu nilai berubah, kodenya berubah."},
		{"Istilah", "Kegunaan", "Hasil pemetaan untuk merencanakan pengembangan kompetensi. Bukan penilaian kinerja dan bukan uji kompetensi jabatan."},
	}
}

// dictionary writes Kamus Data.
func (b *book) dictionary() {
	all := b.entries()
	bands := b.d.Scheme.Bands
	first := 4 + len(bands) + 3 // head of the dictionary
	s := b.open(sheetDictionary, page{widths: []float64{22, 26, 125}, lastRow: first + len(all), repeat: first, freeze: -1})
	for i := range bands[1:] {
		s.define(fmt.Sprintf("Ambang_%d", i+1), "", fmt.Sprintf("$B$%d", 5+i+1))
	}
	s.titles("Kamus data")
	s.row(18, s.text(lookSection, fmt.Sprintf("Skema tingkat: %s, versi %d", b.d.Scheme.Name, b.d.Scheme.Version)))
	s.head(18, []column{{head: "Tingkat"}, {head: "Mulai dari nilai"}, {head: "Saran umum"}})
	for i, band := range bands {
		s.row(height(lines(band.Advice, 125, 10), 10), s.text(lookText.filled(levelColour(b.d.Scheme, i+1)), band.Name),
			s.number(lookScore.with("0"), band.Lower.Percent()), s.text(lookText, band.Advice))
	}
	s.skip(1)
	s.row(18, s.text(lookSection, "Arti kolom dan istilah"))
	s.head(18, []column{{head: "Lembar"}, {head: "Kolom atau istilah"}, {head: "Arti"}})
	for _, e := range all {
		s.row(height(lines(e.means, 125, 9), 9), s.text(lookText.sized(9), e.where), s.text(lookText.sized(9).strong(), e.term), s.text(lookText.sized(9), e.means))
	}
	s.flush()
}
