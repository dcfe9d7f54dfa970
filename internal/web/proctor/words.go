package proctor

import (
	"fmt"
	"strings"
	"time"

	"cakap/assessment"
)

// tag is a state as people see it: shape, tone and word.
type tag struct{ Class, Text string }

func standingTag(s assessment.Standing) tag {
	switch s {
	case assessment.InRoom:
		return tag{"half", "Menunggu"}
	case assessment.AtDoor:
		return tag{"half warn", "Menunggu izin"}
	case assessment.AtWork:
		return tag{"half act", "Mengerjakan"}
	case assessment.Unheard:
		return tag{"tri warn", "Senyap"}
	case assessment.Held:
		return tag{"box warn", "Dijeda"}
	case assessment.OutOfTime:
		return tag{"full act", "Waktu habis"}
	case assessment.Finished:
		return tag{"check", "Selesai"}
	case assessment.Annulled:
		return tag{"ex bad", "Dibatalkan"}
	default:
		return tag{"", "Belum hadir"}
	}
}

var concerns = map[assessment.Concern]string{
	assessment.HasReport: "Melaporkan masalah soal",
	assessment.IsUnheard: "Tidak terdengar lebih dari semenit",
	assessment.IsAtDoor:  "Menunggu izin mulai",
	assessment.IsOverdue: "Belum mulai 10 menit sesudah dibuka",
	assessment.IsHeld:    "Pengerjaannya dijeda",
	assessment.IsShort:   "Waktu hampir habis, banyak belum dijawab",
}

var incidentKinds = map[assessment.IncidentKind]string{
	assessment.PowerCut: "Listrik padam", assessment.NetworkDown: "Jaringan terputus", assessment.BadDevice: "Gawai rusak atau diganti",
	assessment.BadIdentity: "Identitas tidak cocok", assessment.Violation: "Pelanggaran tata tertib", assessment.Health: "Kesehatan peserta",
	assessment.BadItem: "Masalah pada soal", assessment.OtherKind: "Kejadian lain",
}

var reportKinds = map[assessment.ReportKind]string{
	assessment.PictureMissing: "Gambar tidak tampil", assessment.Unclear: "Soal tidak jelas",
	assessment.BadOption: "Pilihan jawaban keliru", assessment.OtherFault: "Masalah lain",
}

// causes are the categories of a reason, with the kind of incident each is.
var causes = [...]string{"Listrik padam", "Jaringan terputus", "Gawai bermasalah", "Kesehatan peserta", "Pelanggaran tata tertib", "Permintaan peserta", "Alasan lain"}

func faultyTag(s assessment.FaultyState) tag {
	switch s {
	case assessment.FaultyApproved:
		return tag{"ex bad", "Dikeluarkan dari skor"}
	case assessment.FaultyRejected:
		return tag{"check", "Tetap dihitung"}
	case assessment.FaultyProposed:
		return tag{"tri warn", "Menunggu keputusan"}
	default:
		return tag{}
	}
}

func incidentChoices(chosen string) []choice {
	var all []choice
	for _, k := range assessment.IncidentKinds {
		all = append(all, choice{string(k), incidentKinds[k], string(k) == chosen})
	}
	return all
}

func causeChoices(chosen string) []choice {
	var all []choice
	for _, text := range causes {
		all = append(all, choice{text, text, text == chosen})
	}
	return all
}

// reasonOf is a category and a note as one sentence of one line.
func reasonOf(cause, note string) string {
	note = strings.Join(strings.Fields(note), " ")
	for _, known := range causes {
		if known == cause && note != "" {
			return cause + ": " + note
		}
	}
	return note
}

// ago is how long ago something was, in the coarsest unit that helps.
func ago(at, now time.Time) string {
	switch d := now.Sub(at); {
	case at.IsZero():
		return ""
	case d < time.Minute:
		return fmt.Sprintf("%d dtk lalu", max(int(d.Seconds()), 0))
	case d < time.Hour:
		return fmt.Sprintf("%d mnt lalu", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d jam lalu", int(d.Hours()))
	}
}
