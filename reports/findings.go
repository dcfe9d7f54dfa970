package reports

import (
	"fmt"
	"math"
	"strings"

	"cakap/internal/locale"
	"cakap/scoring"
)

func decimal(x float64) string { return locale.Number(x, 1) }

func percent(part, whole int) string {
	if whole == 0 {
		return "0 %"
	}
	return locale.Number(100*float64(part)/float64(whole), 0) + " %"
}

// Headline is the finding of a report in one sentence.
func Headline(all Unit, d Data) string {
	total := all.Of(scoring.Total)
	switch {
	case all.Counts.Enrolled == 0:
		return "Belum ada peserta dari " + d.Agency.Name + " pada kegiatan ini"
	case all.Counts.Done == 0:
		return "Belum ada peserta " + d.Agency.Name + " yang menyelesaikan asesmen"
	case !total.Shown():
		return fmt.Sprintf("Baru %s orang dengan nilai yang cukup bukti: rata-rata %s belum dapat ditafsirkan", locale.Int(total.N), d.Agency.Name)
	}
	band, _ := d.Scheme.Band(total.Level(d.Scheme))
	text := fmt.Sprintf("%s berada pada tingkat %s dengan rata-rata %s", d.Agency.Name, band.Name, decimal(total.Mean))
	if weak, ok := all.Weakest(); ok {
		text += fmt.Sprintf("; aspek terlemah %s", strings.ToLower(aspectShort(weak)))
	}
	return text
}

// Findings are up to six sentences that an officer may copy into a letter.
// Each names its figures; none claims a difference that chance explains.
func Findings(all Unit, units []Unit, d Data, standard int) []string {
	var f []string
	add := func(format string, args ...any) { f = append(f, fmt.Sprintf(format, args...)) }
	c := all.Counts
	if c.Enrolled == 0 {
		return []string{"Belum ada peserta terdaftar. Daftarkan pegawai pada kegiatan ini, lalu unduh kembali laporan."}
	}
	add("%s dari %s peserta terdaftar sudah menyelesaikan asesmen (%s).", locale.Int(c.Done), locale.Int(c.Enrolled), percent(c.Done, c.Enrolled))
	if total := all.Of(scoring.Total); total.Shown() {
		add("Nilai akhir rata-rata %s, simpangan baku %s.", plusMinus(total.Mean, total.SE), decimal(total.SD))
	}
	if s := compareAspects(all); s != "" {
		f = append(f, s)
	}
	if weak, ok := all.Weakest(); ok {
		s, band := all.Of(weak), d.Scheme.Bands[standard-1]
		add("Pada %s %s, %s orang (%s) berada di bawah tingkat %s.", weak.Code(), strings.ToLower(aspectShort(weak)),
			locale.Int(belowLevel(s, standard)), percent(belowLevel(s, standard), s.N), band.Name)
	}
	if u, ok := lowestUnit(units, all); ok {
		t := u.Of(scoring.Total)
		add("Unit kerja dengan rata-rata terendah: %s (%s; %s orang).", u.Name, plusMinus(t.Mean, t.SE), locale.Int(t.N))
	}
	if s := missing(all, units, d); s != "" {
		f = append(f, s)
	}
	return f
}

// compareAspects names strongest and weakest aspect, unless their distance is
// within two standard errors of the difference.
func compareAspects(all Unit) string {
	weak, ok := all.Weakest()
	if !ok {
		return ""
	}
	strong := weak
	for _, a := range scoring.Aspects {
		if s := all.Of(a); s.Shown() && s.Mean > all.Of(strong).Mean {
			strong = a
		}
	}
	w, s := all.Of(weak), all.Of(strong)
	if s.Mean-w.Mean <= 2*math.Hypot(s.SE, w.SE) {
		return "Perbedaan rata-rata keempat aspek masih dalam batas galat, jadi tidak ada aspek yang dapat disebut lebih lemah."
	}
	return fmt.Sprintf("Aspek terkuat %s %s (%s); aspek terlemah %s %s (%s).",
		strong.Code(), strings.ToLower(aspectShort(strong)), decimal(s.Mean), weak.Code(), strings.ToLower(aspectShort(weak)), decimal(w.Mean))
}

// lowestUnit is the unit with the lowest mean, where it lies more than two
// standard errors below the whole agency.
func lowestUnit(units []Unit, all Unit) (low Unit, ok bool) {
	shown := 0
	for _, u := range units {
		if t := u.Of(scoring.Total); t.Shown() {
			shown++
			if shown == 1 || t.Mean < low.Of(scoring.Total).Mean {
				low = u
			}
		}
	}
	t := low.Of(scoring.Total)
	return low, shown > 1 && all.Of(scoring.Total).Mean-t.Mean > 2*t.SE
}

func missing(all Unit, units []Unit, d Data) string {
	var parts []string
	if n := all.Counts.Absent; n > 0 {
		text := fmt.Sprintf("%s peserta %s", locale.Int(n), strings.ToLower(statusText(NotStarted, d.Event.Closed)))
		if u := mostAbsent(units); len(units) > 1 && u.Counts.Absent > 0 {
			text += fmt.Sprintf(", terbanyak di %s (%s)", u.Name, locale.Int(u.Counts.Absent))
		}
		parts = append(parts, text)
	}
	if n := all.Of(scoring.Total).Insufficient; n > 0 {
		parts = append(parts, fmt.Sprintf("%s peserta belum cukup bukti untuk nilai akhir", locale.Int(n)))
	}
	if n := all.Of(scoring.Total).Unmarked; n > 0 {
		parts = append(parts, fmt.Sprintf("%s peserta menunggu penilaian uraian dan belum ikut rata-rata", locale.Int(n)))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}

func mostAbsent(units []Unit) (most Unit) {
	for _, u := range units {
		if u.Counts.Absent > most.Counts.Absent {
			most = u
		}
	}
	return most
}
