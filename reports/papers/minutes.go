package papers

import (
	"fmt"
	"io"

	"cakap/internal/locale"
)

// Minutes (berita acara pelaksanaan) say how a session went, from what the
// system has seen.
type Minutes struct {
	Head      Head
	Counts    Counts
	Absent    []Person
	Credits   []Note // more time, with its reason
	Incidents []Note
	Signers   []Signer // none: two invigilators and a proctor for the pen
}

// Counts of a session. Registered is everybody; Present those who began.
type Counts struct {
	Registered, Present, Absent, Done, ByServer, Working, Cancelled int
}

// Note is a line of the minutes. At is empty where no time belongs to it.
type Note struct {
	At   string
	Text string
}

// WriteMinutes writes the minutes of a session.
func WriteMinutes(out io.Writer, in Minutes) error {
	s := newSheet(in.Head.Format, "Berita acara pelaksanaan "+in.Head.Session+" "+in.Head.Event, in.Head.Opens)
	s.page()
	s.kop(in.Head.Letterhead)
	s.title(13, "Berita acara", "Pelaksanaan "+in.Head.Event)
	s.font(sans, "", 11)
	s.number()
	s.paragraph("Pada hari ini, " + dayInWords(in.Head.Opens) + ", telah dilaksanakan asesmen dengan keterangan sebagai berikut.")
	s.y += 2
	s.facts(in.Head)
	s.y += 2
	s.heading("1. Jumlah peserta")
	s.counts(in.Counts)
	s.heading("2. Peserta tidak hadir")
	s.absent(in.Absent)
	s.heading("3. Tambahan waktu")
	s.notes(in.Credits)
	s.heading("4. Catatan kejadian")
	s.notes(in.Incidents)
	s.need(4 * 8)
	s.y += 2
	s.at(s.left, s.y, 0, "L", "Catatan lain:")
	for range 3 {
		s.y += 8
		s.dotted(s.left, s.y, s.width())
	}
	s.y += 5
	s.closing()
	who := in.Signers
	if len(who) == 0 {
		who = []Signer{{Role: "Pengawas 1"}, {Role: "Pengawas 2"}, {Role: "Proktor"}}
	}
	s.signatures(who...)
	return s.finish(out, "Berita acara pelaksanaan · "+in.Head.Code+" · "+in.Head.Session)
}

// number leaves room for the number an office gives the paper.
func (s *sheet) number() {
	s.at(s.left, s.y, s.width(), "C", "Nomor: ………………………………")
	s.y += lead(11) + 4
}

func (s *sheet) heading(text string) {
	s.need(16) // a heading never stands alone at the foot of a page
	s.y += 2
	s.font(sans, bold, 11)
	s.at(s.left, s.y, 0, "L", text)
	s.y += lead(11) + 0.8
	s.font(sans, "", 11)
}

func (s *sheet) counts(n Counts) {
	rows := [][2]string{
		{"Terdaftar", people(n.Registered)}, {"Hadir (memulai asesmen)", people(n.Present)}, {"Tidak hadir", people(n.Absent)},
		{"Selesai", people(n.Done)},
	}
	if n.ByServer > 0 {
		rows = append(rows, [2]string{"    di antaranya dikirim server saat waktu habis atau diakhiri petugas", people(n.ByServer)})
	}
	rows = append(rows, [2]string{"Dibatalkan", people(n.Cancelled)})
	if n.Working > 0 {
		rows = append(rows, [2]string{"Masih mengerjakan saat dicetak", people(n.Working)})
	}
	const high, last = 6.4, 28.0
	for _, r := range rows {
		s.need(high)
		s.pdf.Rect(s.left, s.y, s.width()-last, high, "D")
		s.pdf.Rect(s.w-s.right-last, s.y, last, high, "D")
		s.font(sans, "", 10.5)
		indent := 2.0
		if r[0][0] == ' ' {
			indent = 8
		}
		s.lines(s.left+indent, s.y+1.1, 0, "L", s.shrink(sans, "", r[0], s.width()-last-indent-1, 10.5, 8, 1))
		s.font(sans, "", 10.5)
		s.at(s.w-s.right-last, s.y+1.1, last-2, "R", r[1])
		s.y += high
	}
	if n.Working > 0 {
		s.y += 1
		s.font(sans, "", 9.5)
		s.paragraph("Angka ini sementara. Cetak lagi setelah semua pengerjaan selesai, sebelum ditandatangani.")
	}
	s.font(sans, "", 11)
}

func people(n int) string { return locale.Int(n) + " orang" }

func (s *sheet) absent(all []Person) {
	if len(all) == 0 {
		s.paragraph("Nihil.")
		return
	}
	s.peopleTable(all)
	s.font(sans, "", 11)
}

func (s *sheet) notes(all []Note) {
	if len(all) == 0 {
		s.paragraph("Nihil.")
		return
	}
	s.font(sans, "", 10)
	for i, n := range all {
		text := n.Text
		if n.At != "" {
			text = n.At + ": " + text
		}
		s.hung(9, fmt.Sprintf("%d.", i+1), text)
		s.y += 0.4
	}
	s.font(sans, "", 11)
}
