package papers

import (
	"fmt"
	"io"

	"cakap/internal/locale"
)

// AttendanceList (daftar hadir) is signed by everybody who comes to a session.
type AttendanceList struct {
	Head    Head
	People  []Person
	Signers []Signer // none: two lines for the pen
}

// rowHeight is room for a signature.
const rowHeight = 10.0

// Attendance writes the list, with its heading on every page.
func Attendance(out io.Writer, in AttendanceList) error {
	s := newSheet(in.Head.Format, "Daftar hadir "+in.Head.Session+" "+in.Head.Event, in.Head.Opens)
	s.left, s.right, s.bottom = 20, 15, 20
	sign := 40.0
	rest := s.width() - 10 - 40 - sign
	columns := []column{{"No.", 10}, {"Nama", rest * 0.53}, {"NIP", 40}, {"Unit kerja", rest * 0.47}, {"Tanda tangan", sign}}
	s.page()
	s.kop(in.Head.Letterhead)
	s.title(13, "Daftar hadir peserta")
	s.font(sans, "", 10.5)
	s.facts(in.Head)
	s.y += 2
	s.again = func() { s.tableHead(columns) }
	s.again()
	for i, p := range in.People {
		s.attendanceRow(columns, i+1, p)
	}
	s.again = nil
	s.y += 4
	s.font(sans, "", 10.5)
	s.need(lead(10.5) + 44)
	s.paragraph(fmt.Sprintf("Terdaftar %s orang, hadir ………… orang, tidak hadir ………… orang.", locale.Int(len(in.People))))
	s.y += 5
	who := in.Signers
	if len(who) == 0 {
		who = []Signer{{Role: "Pengawas"}, {Role: "Proktor"}}
	}
	s.signatures(who...)
	return s.finish(out, "Daftar hadir · "+in.Head.Code+" · "+in.Head.Session)
}

// attendanceRow alternates where people sign, so that a signature may be as
// high as two rows.
func (s *sheet) attendanceRow(columns []column, n int, p Person) {
	top, high := s.row(columns, rowHeight, fmt.Sprint(n), p.Name, p.Number, p.Unit)
	w := columns[len(columns)-1].w
	x := s.w - s.right - w + 1.5
	if n%2 == 0 {
		x += w / 2
	}
	foot := top + high - 2
	s.font(sans, "", 8)
	s.at(x, foot-2.9, 0, "L", fmt.Sprint(n))
	s.dotted(x+5.5, foot, w/2-9)
}
