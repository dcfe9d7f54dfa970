package reports

import (
	"fmt"
	"strings"

	"cakap/scoring"
)

// insufficient stands in place of a level that the answers do not support.
const insufficient = "Belum cukup bukti"

// awaiting stands in place of a level while essays are not marked.
const awaiting = "Menunggu penilaian uraian"

// statusText is a status as people read it; who has no attempt is absent only
// once nobody can come any more.
func statusText(s Status, closed bool) string {
	switch {
	case s == Done:
		return "Selesai"
	case s == Working:
		return "Sedang mengerjakan"
	case s == Unscored:
		return "Menunggu penilaian"
	case s == Voided:
		return "Dibatalkan"
	case closed:
		return "Tidak hadir"
	default:
		return "Belum mengikuti"
	}
}

// kindText is the status of employment.
func kindText(kind string) string {
	switch kind {
	case "PPPK_PW":
		return "PPPK Paruh Waktu"
	case "NON_ASN":
		return "Non-ASN"
	default:
		return kind
	}
}

// levelText is a level's name, or that there is no evidence for one.
func levelText(s scoring.AspectScore, scheme scoring.Scheme) string {
	if s.Verdict == scoring.Unmarked {
		return awaiting
	}
	if band, ok := scheme.Band(s.Level); ok && s.Verdict == scoring.Supported {
		return band.Name
	}
	return insufficient
}

// note is what the last column says of a person; empty where all is ordinary.
func note(r *Row, closed bool) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch r.Status {
	case Voided:
		if r.VoidReason == "" {
			add("Dibatalkan")
		} else {
			add("Dibatalkan: %s", r.VoidReason)
		}
	case Done:
		if r.EndedBy == "deadline" {
			add("Waktu habis")
		}
		if r.EndedBy == "officer" {
			add("Diakhiri petugas")
		}
		if r.Taken > 1 {
			add("Percobaan ke-%d dari %d", r.Attempt, r.Taken)
		}
		if r.Retaking {
			add("Sedang mengulang")
		}
		if r.Version > 1 && r.Reason != firstMarks {
			add("Nilai diperbarui: %s", reasonText(r.Reason))
		}
		if n := r.Result.Total.Pending; n > 0 {
			add("Menunggu penilaian %d uraian", n)
		}
		if why := withheld(r); why != "" {
			add("Belum cukup bukti: %s", why)
		}
	default:
		add("%s", statusText(r.Status, closed))
	}
	return strings.Join(parts, "; ")
}

// The reasons that package assessment writes down for a new version of a
// result. The first marks of essays are in the ordinary course of things.
const (
	firstMarks    = "marked"
	markCorrected = "mark corrected"
	lateAccepted  = "late answers accepted: "
)

// reasonText is why a result was computed anew, as people read it.
func reasonText(reason string) string {
	if reason == markCorrected {
		return "nilai uraian dikoreksi penilainya"
	}
	if why, ok := strings.CutPrefix(reason, lateAccepted); ok {
		return "jawaban susulan diterima, " + why
	}
	return reason
}

// withheld tells for which aspects no level is given, and why.
func withheld(r *Row) string {
	var all []string
	for _, a := range measures {
		name := a.Code()
		if a == scoring.Total {
			name = "nilai akhir"
		}
		switch s := r.Result.Of(a); s.Verdict {
		case scoring.NoItems:
			all = append(all, name+" (tidak diujikan)")
		case scoring.FewAnswers:
			all = append(all, fmt.Sprintf("%s (%d dari %d soal dijawab)", name, s.Answered, s.Items))
		case scoring.LargeError:
			all = append(all, name+" (galat terlalu besar)")
		}
	}
	return strings.Join(all, ", ")
}
