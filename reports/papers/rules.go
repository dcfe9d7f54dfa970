package papers

import (
	"fmt"
	"io"
)

// RuleSheet (tata tertib) hangs in the room and is read out before the bell.
type RuleSheet struct {
	Head    Head
	Items   int
	Minutes int
	Order   Order
}

// Order says which items a person may go back to.
type Order string

// The orders; "" lets people move freely.
const (
	ByAspect Order = "aspect"
	OneByOne Order = "one"
)

// RuleTexts are the rules of an assessment of so many items and minutes, as
// participants read them before they begin.
func RuleTexts(items, minutes int, order Order) []string {
	saved := "Setiap jawaban tersimpan begitu dipilih dan boleh diubah sampai Anda mengirim."
	switch order {
	case ByAspect:
		saved = "Setiap jawaban tersimpan begitu dipilih. Soal disajikan per aspek. Setelah lanjut ke aspek berikutnya, aspek sebelumnya tidak dapat dibuka lagi."
	case OneByOne:
		saved = "Setiap jawaban tersimpan begitu dipilih. Soal disajikan satu per satu. Setelah lanjut, soal sebelumnya tidak dapat dibuka lagi."
	}
	return []string{
		fmt.Sprintf("Waktu %d menit untuk %d soal. Jam di server yang berlaku, dan waktu berjalan terus sejak Anda mulai.", minutes, items),
		"Kerjakan sendiri, tanpa bantuan orang lain atau aplikasi kecerdasan buatan.",
		saved,
		"Tidak ada pengurangan nilai untuk jawaban salah. Pada soal dengan lebih dari satu jawaban, memilih semuanya tidak menambah nilai.",
		"Bila jaringan putus, tetap lanjutkan dan jangan tutup halaman; jawaban dikirim lagi saat jaringan kembali.",
		"Saat waktu habis, server mengirim jawaban Anda secara otomatis.",
	}
}

// roomRules are what holds in a room besides.
var roomRules = [...]string{
	"Datang sebelum sesi dibuka, bawa kartu peserta dan tanda pengenal, dan tanda tangani daftar hadir.",
	"Duduk di tempat yang ditunjuk pengawas. Cocokkan nama dan NIP di layar dengan data Anda sebelum mulai.",
	"Jangan memotret, menyalin, atau menyebarkan soal.",
	"Jangan memakai kartu atau kode mulai orang lain, dan jangan memberikan kode Anda.",
	"Bila gawai, listrik, atau jaringan bermasalah, angkat tangan. Jawaban yang sudah tersimpan tidak hilang dan waktu dapat ditambah oleh petugas.",
	"Pelanggaran dicatat dalam berita acara dan diputuskan oleh petugas.",
}

// WriteRules writes the rules for the wall of a room.
func WriteRules(out io.Writer, in RuleSheet) error {
	s := newSheet(in.Head.Format, "Tata tertib "+in.Head.Event, in.Head.Opens)
	s.page()
	s.kop(in.Head.Letterhead)
	s.title(16, "Tata tertib peserta")
	s.font(sans, "", 12)
	s.facts(in.Head)
	s.list("Di ruang asesmen", 1, roomRules[:])
	s.list("Selama mengerjakan", len(roomRules)+1, RuleTexts(in.Items, in.Minutes, in.Order))
	return s.finish(out, "Tata tertib · "+in.Head.Code+" · "+in.Head.Session)
}

func (s *sheet) list(heading string, from int, all []string) {
	s.need(24)
	s.y += 5
	s.font(sans, bold, 13)
	s.at(s.left, s.y, 0, "L", heading)
	s.y += lead(13) + 2
	s.font(sans, "", 12)
	for i, text := range all {
		s.hung(9, fmt.Sprintf("%d.", from+i), text)
		s.y += 2
	}
}
