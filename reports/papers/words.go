package papers

import (
	"strings"
	"time"

	"cakap/internal/locale"
)

var small = [...]string{
	"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
}

// spelled writes a number below ten thousand in Indonesian words, as minutes
// write dates.
func spelled(n int) string {
	join := func(head string, rest int) string {
		if rest == 0 {
			return head
		}
		return head + " " + spelled(rest)
	}
	switch {
	case n < 0:
		return "minus " + spelled(-n)
	case n < len(small):
		return small[n]
	case n < 20:
		return small[n-10] + " belas"
	case n < 100:
		return join(small[n/10]+" puluh", n%10)
	case n < 200:
		return join("seratus", n-100)
	case n < 1000:
		return join(small[n/100]+" ratus", n%100)
	case n < 2000:
		return join("seribu", n-1000)
	default:
		return join(spelled(n/1000)+" ribu", n%1000)
	}
}

// dayInWords is "Selasa, tanggal dua puluh empat bulan November tahun dua ribu
// dua puluh enam (24-11-2026)".
func dayInWords(t time.Time) string {
	day, _, _ := strings.Cut(locale.DayDate(t), ",")
	month := strings.Fields(locale.Date(t))[1]
	return day + ", tanggal " + spelled(t.Day()) + " bulan " + month + " tahun " + spelled(t.Year()) + " (" + locale.ShortDate(t) + ")"
}

// place is the room, or that there is none.
func (h Head) place() string {
	if h.Place == "" {
		return "Daring"
	}
	return h.Place
}

// facts write event, session, time and room.
func (s *sheet) facts(h Head) {
	s.fact("Kegiatan", h.Event)
	s.fact("Sesi", h.Session)
	s.fact("Waktu", locale.Window(h.Opens, h.Closes))
	s.fact("Ruang", h.place())
}
