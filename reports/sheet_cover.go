package reports

import (
	"fmt"
	"strings"

	"cakap/internal/locale"
)

// cover writes Sampul: a letter-like page in portrait, ready to be signed. The
// dotted lines are for the officer to fill.
func (b *book) cover() {
	s := b.open(sheetCover, page{widths: []float64{24, 2, 32, 30}, lastRow: 42, portrait: true, letter: true, one: true})
	centre := look{align: "center", wrap: true, format: asText}
	name := strings.ToUpper(b.d.Agency.Name)
	s.wide(height(lines(name, 88, 14), 14), 1, 4, centre.sized(14).strong(), name)
	s.wide(20, 1, 4, centre.sized(13).strong(), "…………………………………………………………")
	s.wide(16, 1, 4, look{align: "center", format: asText, size: 9, edge: double}, "Jalan ……………………………… Telepon ……………… Laman ………………………")
	s.skip(1)
	title := look{align: "center", size: 17, bold: true, colour: navy}
	s.wide(25, 1, 4, title, "REKAPITULASI HASIL PEMETAAN")
	s.wide(25, 1, 4, title, "LITERASI DIGITAL ASN")
	s.wide(height(lines(b.d.Event.Name, 88, 12), 12), 1, 4, centre.sized(12), b.d.Event.Name)
	s.skip(1)
	for _, f := range b.coverFacts() {
		s.fact(f[0], f[1])
	}
	s.wide(13, 1, 4, look{size: 8, colour: grey, align: "center"}, "SHA-256 nilai: "+b.d.Hash)
	s.skip(1)
	s.row(18, s.text(lookSection, "Isi buku kerja"))
	link := look{size: 10, underline: true, colour: navy, edge: below}
	for _, c := range contents {
		s.fail(s.f.SetCellHyperLink(s.name, cellName(1, s.next), "'"+c.sheet+"'!A1", "Location"))
		s.merge(2, 4)
		plain := look{edge: below}
		s.row(15, s.text(link, c.sheet), s.text(plain, c.holds), s.blank(plain), s.blank(plain))
	}
	s.skip(1)
	s.wide(height(2, 9), 1, 4, look{size: 9, colour: grey, wrap: true, top: true},
		"RAHASIA. Buku kerja ini memuat data pribadi pegawai (UU 27/2022). Simpan dan bagikan hanya kepada yang berwenang. Nilai dipakai untuk merencanakan pengembangan kompetensi, bukan untuk penilaian kinerja.")
	s.skip(1)
	sign := look{align: "center", format: asText}
	for _, l := range []struct {
		text string
		look look
	}{
		{"……………………, …………………………", sign}, {"……………………………………………,", sign},
		{"", sign}, {"", sign}, {"", sign}, {"", sign},
		{"………………………………………………", sign.strong()}, {"Pangkat …………………………………", sign}, {"NIP ……………………………………………", sign},
	} {
		s.wide(15, 3, 4, l.look, l.text)
	}
	s.flush()
}

// fact writes "label : value" on as many lines as the value needs.
func (s *sheet) fact(label, value string) {
	l := look{size: 11, top: true, wrap: true, format: asText}
	s.merge(3, 4)
	s.row(height(lines(value, 62, 11), 11), s.text(look{size: 11, top: true, colour: grey}, label), s.text(look{size: 11, top: true}, ":"), s.text(l, value), s.blank(l))
}

func (b *book) coverFacts() [][2]string {
	c := b.all.Counts
	counts := fmt.Sprintf("%s orang terdaftar, %s selesai", locale.Int(c.Enrolled), locale.Int(c.Done))
	if c.Absent > 0 {
		counts += fmt.Sprintf(", %s %s", locale.Int(c.Absent), strings.ToLower(statusText(NotStarted, b.d.Event.Closed)))
	}
	if c.Working > 0 {
		counts += fmt.Sprintf(", %s sedang mengerjakan", locale.Int(c.Working))
	}
	if c.Voided > 0 {
		counts += fmt.Sprintf(", %s dibatalkan", locale.Int(c.Voided))
	}
	rule := map[string]string{"best": "yang nilainya tertinggi", "first": "yang pertama"}[b.d.Event.AttemptRule]
	if rule == "" {
		rule = "yang terakhir"
	}
	return [][2]string{
		{"Instansi", fmt.Sprintf("%s (kode %s)", b.d.Agency.Name, b.d.Agency.Code)},
		{"Kegiatan", fmt.Sprintf("%s (kode %s)", b.d.Event.Name, b.d.Event.Code)},
		{"Periode", b.period()},
		{"Cakupan", "Semua unit kerja; empat aspek literasi digital dan nilai akhir, skala 0–100"},
		{"Skema tingkat", fmt.Sprintf("%s, versi %d", b.d.Scheme.Name, b.d.Scheme.Version)},
		{"Standar kompetensi", "Tingkat " + b.standardText() + " pada setiap aspek"},
		{"Percobaan yang dihitung", "Percobaan " + rule},
		{"Peserta", counts},
		{"Data sampai dengan", b.cutText()},
		{"Kode verifikasi", b.d.code()},
	}
}
