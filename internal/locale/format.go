package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var months = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

var weekdays = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}

// Zone is one of the three Indonesian time zones; none has daylight saving,
// so no time-zone database is needed on the machine.
func Zone(name string) *time.Location {
	switch name {
	case "WITA":
		return time.FixedZone("WITA", 8*3600)
	case "WIT":
		return time.FixedZone("WIT", 9*3600)
	default:
		return time.FixedZone("WIB", 7*3600)
	}
}

// Date is "3 Maret 2026", as letters and covers print it.
func Date(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// DayDate is "Selasa, 3 Maret 2026".
func DayDate(t time.Time) string { return weekdays[t.Weekday()] + ", " + Date(t) }

// ShortDate is "03-03-2026", as tables print it.
func ShortDate(t time.Time) string { return t.Format("02-01-2006") }

// Clock is "08.30 WIB".
func Clock(t time.Time) string { return t.Format("15.04 MST") }

// DateTime is "3 Maret 2026 08.30 WIB".
func DateTime(t time.Time) string { return Date(t) + " " + Clock(t) }

// Window is "23 November 2026, 09.00–12.00 WIB", or both dates where they differ.
func Window(from, to time.Time) string {
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return Date(from) + ", " + from.Format("15.04") + "–" + Clock(to)
	}
	return Date(from) + " " + from.Format("15.04") + " sampai " + DateTime(to)
}

// WindowIn is Window in a zone.
func WindowIn(from, to time.Time, zone string) string {
	loc := Zone(zone)
	return Window(from.In(loc), to.In(loc))
}

// Number writes x with decimals places, decimal comma and thousands dots: "1.234,5".
func Number(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "." + whole[at:]
	}
	if fraction != "" {
		whole += "," + fraction
	}
	return sign + whole
}

// Int writes n with thousands dots.
func Int(n int) string { return Number(float64(n), 0) }

// Bytes writes a size as people say it: "1,5 MB".
func Bytes(n int64) string {
	switch {
	case n >= 1<<20:
		return Number(float64(n)/(1<<20), 1) + " MB"
	case n >= 1<<10:
		return Number(float64(n)/(1<<10), 0) + " kB"
	default:
		return Int(int(n)) + " B"
	}
}
