package papers

import (
	"io"
	"time"

	"cakap/internal/locale"
)

// Violation (berita acara pelanggaran) is one person's breach of the rules. An
// empty one is a form to fill in by hand.
type Violation struct {
	Head    Head
	Person  Person
	At      time.Time // zero: left to the pen
	Note    string
	Signers []Signer // none: two invigilators and the person for the pen
}

// measures are what may follow; the invigilator ticks with a pen.
var measures = [...]string{
	"Teguran lisan", "Dipindahkan ke tempat lain dalam ruang", "Pengerjaan diakhiri", "Pengerjaan diusulkan untuk dibatalkan", "Lainnya: …………………………………………",
}

// WriteViolation writes the minutes of a violation.
func WriteViolation(out io.Writer, in Violation) error {
	s := newSheet(in.Head.Format, "Berita acara pelanggaran "+in.Head.Session+" "+in.Head.Event, in.Head.Opens)
	s.page()
	s.kop(in.Head.Letterhead)
	s.title(13, "Berita acara", "Pelanggaran tata tertib")
	s.font(sans, "", 11)
	s.number()
	day := "………………, tanggal …………………………………………………………"
	if !in.At.IsZero() {
		day = dayInWords(in.At)
	}
	s.paragraph("Pada hari ini, " + day + ", telah terjadi pelanggaran tata tertib asesmen oleh peserta berikut.")
	s.y += 2
	s.fact("Nama", in.Person.Name)
	s.fact("NIP", in.Person.Number)
	s.fact("Unit kerja", in.Person.Unit)
	s.fact("Instansi", in.Person.Agency)
	s.fact("Kegiatan", in.Head.Event)
	s.fact("Sesi", in.Head.Session)
	s.fact("Ruang", in.Head.place())
	clock := ""
	if !in.At.IsZero() {
		clock = "Pukul " + locale.Clock(in.At)
	}
	s.fact("Waktu kejadian", clock)
	s.heading("Uraian pelanggaran")
	lines := 4 // to write on; A4 has room for fewer on its one page
	if in.Head.Format == A4 {
		lines = 2
	}
	if in.Note == "" {
		s.ruled(lines)
	} else {
		s.paragraph(in.Note)
		s.ruled(lines - 1)
	}
	s.heading("Tindakan")
	for _, m := range measures {
		s.need(7)
		s.pdf.Rect(s.left+1, s.y+0.4, 3.4, 3.4, "D")
		s.at(s.left+8, s.y, 0, "L", m)
		s.y += 5.8
	}
	s.heading("Keterangan peserta")
	s.ruled(2)
	s.y += 2
	s.closing()
	who := in.Signers
	if len(who) == 0 {
		who = []Signer{{Role: "Pengawas 1"}, {Role: "Pengawas 2"}, {Role: "Peserta", Name: in.Person.Name, Number: in.Person.Number}}
	}
	s.signatures(who...)
	return s.finish(out, "Berita acara pelanggaran · "+in.Head.Code+" · "+in.Head.Session)
}

// ruled leaves n lines to write on.
func (s *sheet) ruled(n int) {
	for range n {
		s.need(8)
		s.y += 8
		s.dotted(s.left, s.y, s.width())
	}
	s.y += 2
}
