package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Grouping is one way of cutting an agency's people into groups.
type Grouping struct {
	Name   string // "Golongan"
	Groups []Unit
}

const unknown = "Tidak diketahui"

// Groupings cuts the people by grade, kind of employment, kind of position,
// age on the first day of the event, and sex. Groups without people are left out.
func Groupings(d Data) []Grouping {
	day := d.Event.OpensAt.In(d.Event.Zone)
	return []Grouping{
		group("Golongan", d, gradeGroups[:], func(r *Row) string { return gradeGroup(r.Grade) }),
		group("Jenis pegawai", d, []string{"PNS", "CPNS", "PPPK", "PPPK Paruh Waktu", "Non-ASN"}, func(r *Row) string { return kindText(r.Kind) }),
		group("Jenis jabatan", d, positionKinds(d.Rows), func(r *Row) string { return orUnknown(r.PositionKind) }),
		group("Usia", d, ageGroups[:], func(r *Row) string { return ageGroup(r.BirthDate, day) }),
		group("Jenis kelamin", d, []string{"Laki-laki", "Perempuan"}, func(r *Row) string { return sexText(r.Sex) }),
	}
}

func group(name string, d Data, order []string, of func(*Row) string) Grouping {
	by := map[string][]*Row{}
	for _, r := range d.Rows {
		by[of(r)] = append(by[of(r)], r)
	}
	g := Grouping{Name: name}
	for _, key := range append(slices.Clone(order), unknown) {
		if rows := by[key]; len(rows) > 0 {
			g.Groups = append(g.Groups, summarise(key, rows, d.Scheme))
		}
	}
	return g
}

var gradeGroups = [...]string{"Golongan I", "Golongan II", "Golongan III", "Golongan IV", "PPPK I–IV", "PPPK V–VIII", "PPPK IX–XII", "PPPK XIII–XVII"}

var roman = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"}

// gradeGroup puts "III/c" into "Golongan III" and the PPPK's "IX", which has
// no letter, into "PPPK IX–XII".
func gradeGroup(grade string) string {
	number, _, pns := strings.Cut(strings.ToUpper(strings.TrimSpace(grade)), "/")
	n := slices.Index(roman[:], number)
	switch {
	case n < 0 || pns && n > 3:
		return unknown
	case pns:
		return gradeGroups[n]
	default:
		return gradeGroups[4+min(n/4, 3)]
	}
}

var ageGroups = [...]string{"Di bawah 30 tahun", "30–39 tahun", "40–49 tahun", "50 tahun ke atas"}

func ageGroup(birth string, day time.Time) string {
	born, err := time.Parse(time.DateOnly, birth)
	if err != nil {
		return unknown
	}
	age := day.Year() - born.Year()
	if day.Month() < born.Month() || day.Month() == born.Month() && day.Day() < born.Day() {
		age--
	}
	if age < 0 {
		return unknown
	}
	return ageGroups[min(max(age/10-2, 0), 3)]
}

func sexText(sex string) string {
	switch sex {
	case "M":
		return "Laki-laki"
	case "F":
		return "Perempuan"
	default:
		return unknown
	}
}

func orUnknown(s string) string {
	if s == "" {
		return unknown
	}
	return s
}

// positionKinds lists the kinds of position that occur; agencies name them as they like.
func positionKinds(rows []*Row) []string {
	var kinds []string
	for _, r := range rows {
		if r.PositionKind != "" && r.PositionKind != unknown && !slices.Contains(kinds, r.PositionKind) {
			kinds = append(kinds, r.PositionKind)
		}
	}
	sortNames(kinds)
	return kinds
}

// plusMinus writes "72,4 ± 0,8".
func plusMinus(value, se float64) string {
	return fmt.Sprintf("%s ± %s", decimal(value), decimal(se))
}

// belowLevel counts people under a level.
func belowLevel(s Stats, level int) int { return s.N - s.AtLeast(level) }
