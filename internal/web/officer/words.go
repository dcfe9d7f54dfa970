package officer

import (
	"fmt"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/questionbank"
)

// tag is a state as people see it: shape, tone and word.
type tag struct {
	Class string // modifiers of .tag
	Text  string
}

func eventTag(s assessment.EventState) tag {
	switch s {
	case assessment.EventPrepared:
		return tag{"half", "Paket siap"}
	case assessment.EventOpen:
		return tag{"half act", "Berlangsung"}
	case assessment.EventClosed:
		return tag{"check", "Ditutup"}
	default:
		return tag{"", "Draf"}
	}
}

func progressTag(p assessment.Progress) tag {
	switch p {
	case assessment.Present:
		return tag{"half", "Hadir, belum mulai"}
	case assessment.Working:
		return tag{"half act", "Mengerjakan"}
	case assessment.Silent:
		return tag{"tri warn", "Terputus"}
	case assessment.TimeIsUp:
		return tag{"full act", "Waktu habis"}
	case assessment.Done:
		return tag{"check", "Terkirim"}
	case assessment.TimedOut:
		return tag{"check", "Terkirim otomatis"}
	case assessment.Cancelled:
		return tag{"ex bad", "Dibatalkan"}
	case assessment.Left:
		return tag{"box", "Dikeluarkan"}
	default:
		return tag{"", "Belum mulai"}
	}
}

// progresses are the states a list can be narrowed to, in the order of a day.
var progresses = [...]assessment.Progress{
	assessment.NotStarted, assessment.Present, assessment.Working, assessment.Silent, assessment.TimeIsUp,
	assessment.Done, assessment.TimedOut, assessment.Cancelled, assessment.Left,
}

func knownProgress(s string) assessment.Progress {
	for _, p := range progresses {
		if string(p) == s {
			return p
		}
	}
	return ""
}

func attemptTag(a assessment.Attempt) tag {
	switch {
	case a.State == assessment.Voided:
		return tag{"ex bad", "Dibatalkan"}
	case a.State == assessment.Submitted && a.EndedBy == assessment.ByDeadline:
		return tag{"check", "Terkirim otomatis"}
	case a.State == assessment.Submitted && a.EndedBy == assessment.ByOfficer:
		return tag{"check", "Diakhiri petugas"}
	case a.State == assessment.Submitted:
		return tag{"check", "Terkirim"}
	case a.State == assessment.Closing:
		return tag{"full act", "Waktu habis"}
	default:
		return tag{"half act", "Mengerjakan"}
	}
}

// ago is how long ago something was, in the coarsest unit that helps.
func ago(at, now time.Time) string {
	switch d := now.Sub(at); {
	case at.IsZero():
		return "belum pernah"
	case d < time.Minute:
		return fmt.Sprintf("%d dtk lalu", max(int(d.Seconds()), 0))
	case d < time.Hour:
		return fmt.Sprintf("%d mnt lalu", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d jam lalu", int(d.Hours()))
	default:
		return fmt.Sprintf("%d hari lalu", int(d.Hours())/24)
	}
}

var markings = map[assessment.Marking]string{
	assessment.MarkedByOne: "Satu orang",
	assessment.MarkedByTwo: "Dua orang; orang ketiga menentukan bila nilainya berbeda jauh",
}

var extraKinds = map[questionbank.Type]string{questionbank.Survey: "angket", questionbank.Info: "bacaan"}

// shorten keeps the beginning of a text, up to a number of letters.
func shorten(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return strings.TrimRight(string(letters[:most]), " ") + "…"
}

// essaysText is how an event deals with essays.
func essaysText(s assessment.Spec) string {
	switch {
	case !s.Essays:
		return "tidak disertakan"
	case s.Marking == assessment.MarkedByTwo:
		return "disertakan, dinilai dua orang"
	default:
		return "disertakan, dinilai satu orang"
	}
}

var releases = map[assessment.Release]string{
	assessment.ReleaseAtOnce: "Langsung setelah peserta mengirim",
	assessment.ReleaseAt:     "Pada tanggal dan jam tertentu",
	assessment.ReleaseManual: "Dirilis oleh petugas",
}

// localLayout is how a browser sends date and time.
const localLayout = "2006-01-02T15:04"

func localTime(t time.Time, zone string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(locale.Zone(zone)).Format(localLayout)
}

// parseLocal reads a date and time in a zone. Browsers that know no such field
// let people type it.
func parseLocal(text, zone string) (time.Time, bool) {
	for _, layout := range []string{localLayout, "2006-01-02T15:04:05", "2006-01-02 15:04", "02-01-2006 15:04", "02-01-2006 15.04"} {
		if t, err := time.ParseInLocation(layout, text, locale.Zone(zone)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// birthDate is "12 Maret 1990" of "1990-03-12".
func birthDate(iso string) string {
	t, ok := parseLocal(iso+" 00:00", "WIB")
	if !ok {
		return ""
	}
	return locale.Date(t)
}
