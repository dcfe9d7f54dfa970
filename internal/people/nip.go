package people

import (
	"log/slog"
	"strconv"
	"strings"
	"time"

	"cakap/internal/fault"
	"cakap/internal/sheet"
)

// Kind is the kind of participant (jenis peserta).
type Kind string

// The kinds, as the database has them.
const (
	PNS    Kind = "PNS"
	CPNS   Kind = "CPNS"
	PPPK   Kind = "PPPK"
	PPPKPW Kind = "PPPK_PW" // paruh waktu
	NonASN Kind = "NON_ASN"
)

// Label is the kind as people read it.
func (k Kind) Label() string {
	switch k {
	case PPPKPW:
		return "PPPK Paruh Waktu"
	case NonASN:
		return "Non-ASN"
	default:
		return string(k)
	}
}

// Sex is "M" or "F" as SIASN writes it, or "" where nobody said.
type Sex string

// The sexes a NIP knows.
const (
	Male   Sex = "M"
	Female Sex = "F"
)

// NIP is the number of a civil servant: 18 digits, of a PNS
// "YYYYMMDD YYYYMM S NNN", of a PPPK "YYYYMMDD YYYY 2F S NNN". Only ParseNIP
// makes one, so its parts are known to be sound. The zero value is no NIP.
type NIP string

// nipDigits is the length of every NIP in use since 2009.
const nipDigits = 18

// ParseNIP accepts the ways people type a NIP: grouped by spaces, dots or
// dashes, behind an apostrophe, with what a web page left between the digits.
// What it refuses it refuses with the reason, and never repairs.
func ParseNIP(typed string) (NIP, error) {
	digits, err := nipText(typed)
	if err != nil {
		return "", err
	}
	switch {
	case digits == "":
		return "", fault.New(fault.Invalid, "people.nip_empty")
	case len(digits) != nipDigits:
		return "", fault.New(fault.Invalid, "people.nip_length", len(digits))
	}
	n := NIP(digits)
	year, month, day := n.number(0, 4), n.number(4, 6), n.number(6, 8)
	if born := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC); year < 1900 || born.Year() != year || int(born.Month()) != month || born.Day() != day {
		return "", fault.New(fault.Invalid, "people.nip_birth")
	}
	if middle := n.number(12, 14); (middle < 1 || middle > 12) && (middle < 21 || middle > 29) {
		return "", fault.New(fault.Invalid, "people.nip_month", digits[12:14])
	}
	if digits[14] != '1' && digits[14] != '2' {
		return "", fault.New(fault.Invalid, "people.nip_sex", digits[14:15])
	}
	if n.Serial() == 0 {
		// Nobody is numbered 000; it is what Excel leaves of a NIP kept as a number.
		return "", fault.New(fault.Invalid, "people.nip_damaged")
	}
	return n, nil
}

// nipText is the digits of typed, or a refusal where something else is among them.
func nipText(typed string) (string, error) {
	text, ok := sheet.Clean(typed)
	if !ok {
		return "", fault.New(fault.Invalid, "people.control")
	}
	var digits strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == ' ', r == '.', r == '-', r == '–', r == '\'':
		default:
			return "", fault.New(fault.Invalid, "people.nip_letters")
		}
	}
	return digits.String(), nil
}

func (n NIP) number(from, to int) int {
	if len(n) != nipDigits {
		return 0
	}
	value, _ := strconv.Atoi(string(n[from:to])) // digits, by ParseNIP
	return value
}

// Kind is PNS or PPPK, by the structure of the number. A CPNS has the number of
// a PNS; full and part time PPPK share one structure.
func (n NIP) Kind() Kind {
	if n.number(12, 14) > 12 {
		return PPPK
	}
	return PNS
}

// BirthDate is the day in the first eight digits.
func (n NIP) BirthDate() time.Time {
	return time.Date(n.number(0, 4), time.Month(n.number(4, 6)), n.number(6, 8), 0, 0, 0, 0, time.UTC)
}

// Appointment is the year, and of a PNS the month, of the first appointment;
// month is 0 for a PPPK.
func (n NIP) Appointment() (year int, month time.Month) {
	if n.Kind() == PPPK {
		return n.number(8, 12), 0
	}
	return n.number(8, 12), time.Month(n.number(12, 14))
}

// Sex is the sex in the fifteenth digit.
func (n NIP) Sex() Sex {
	if n.number(14, 15) == 2 {
		return Female
	}
	return Male
}

// Serial tells people apart whose first fifteen digits are equal; from 1.
func (n NIP) Serial() int { return n.number(15, 18) }

// Grouped is the printed form: "19640101 198503 1 001".
func (n NIP) Grouped() string {
	if len(n) != nipDigits {
		return string(n)
	}
	return string(n[:8] + " " + n[8:14] + " " + n[14:15] + " " + n[15:])
}

// Masked shows the last four digits, enough to tell two colleagues apart.
func (n NIP) Masked() string { return mask(string(n)) }

// LogValue keeps the number out of every log, also by accident.
func (n NIP) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

func mask(digits string) string {
	if digits == "" {
		return ""
	}
	hidden := max(len(digits)-4, 0)
	if hidden == 0 {
		return strings.Repeat("•", len(digits))
	}
	return strings.Repeat("•", hidden) + digits[hidden:]
}

// Check judges what only a calendar can: refusals, and what is merely unusual.
func (n NIP) Check(today time.Time) (refusals, warnings []*fault.Fault) {
	born := n.BirthDate()
	age := ageOn(born, today)
	switch {
	case age < 17 || age > 75:
		refusals = append(refusals, fault.New(fault.Invalid, "people.nip_age", age))
	case age < 18 || age > 65:
		warnings = append(warnings, fault.New(fault.Invalid, "people.nip_age_unusual", age))
	}
	year, _ := n.Appointment()
	switch {
	case year < 1960 || year > today.Year():
		refusals = append(refusals, fault.New(fault.Invalid, "people.nip_appointment", year))
	case year < born.Year()+15:
		warnings = append(warnings, fault.New(fault.Invalid, "people.nip_appointment_early", year))
	}
	return refusals, warnings
}

func ageOn(born, today time.Time) int {
	age := today.Year() - born.Year()
	if today.Month() < born.Month() || today.Month() == born.Month() && today.Day() < born.Day() {
		age--
	}
	return age
}

// Grouped is a NIP in its parts, as cards print it; another number stays.
func Grouped(number string) string {
	nip, err := ParseNIP(number)
	if err != nil {
		return number
	}
	return nip.Grouped()
}
