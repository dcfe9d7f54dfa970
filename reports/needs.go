package reports

import (
	"cakap/scoring"
)

// Priority of a training need.
type Priority string

// The priorities.
const (
	High   Priority = "Tinggi"
	Middle Priority = "Sedang"
	Low    Priority = "Rendah"
)

// StandardLevel is the level that people should reach unless the officer names
// another: the middle one of an odd number, the upper middle one of an even.
func StandardLevel(scheme scoring.Scheme) int { return len(scheme.Bands)/2 + 1 }

// Need is what a group lacks in one aspect.
type Need struct {
	Aspect   scoring.Aspect
	Standard scoring.Mark // lower bound of the standard level
	Assessed int          // people with enough answers
	Below    int          // of these, below the standard
	Mean     float64
	Gap      float64 // standard less mean, 0 where the mean reaches it
	Priority Priority
	Training Training
}

// NeedOf finds what people lack in an aspect. Priority goes by the share below
// the standard: from a half on high, from a quarter on middle.
func NeedOf(s Stats, a scoring.Aspect, scheme scoring.Scheme, standard int) Need {
	band, _ := scheme.Band(standard)
	n := Need{Aspect: a, Standard: band.Lower, Assessed: s.N, Below: belowLevel(s, standard), Mean: s.Mean, Priority: Low}
	if s.N > 0 {
		n.Gap = max(band.Lower.Percent()-s.Mean, 0)
	}
	switch {
	case n.Below > 0 && n.Below*2 >= n.Assessed:
		n.Priority = High
	case n.Below > 0 && n.Below*4 >= n.Assessed:
		n.Priority = Middle
	}
	n.Training = trainingFor(a, n.Priority)
	return n
}

// PersonNeed is what one person lacks, aspect by aspect.
type PersonNeed struct {
	Row      *Row
	Gap      [4]scoring.Mark // how far below the standard; 0 where it is reached or not known
	Aspects  int             // how many aspects are below
	Worst    scoring.Aspect  // the one furthest below
	Priority Priority
}

// Needs lists the people with an aspect below the standard, in the order of
// rows. A need is of high priority where even score + standard error stays
// below, that is where chance does not explain it.
func Needs(rows []*Row, scheme scoring.Scheme, standard int) []PersonNeed {
	band, _ := scheme.Band(standard)
	var all []PersonNeed
	for _, r := range rows {
		if need, ok := personNeed(r, band.Lower); ok {
			all = append(all, need)
		}
	}
	return all
}

func personNeed(r *Row, standard scoring.Mark) (PersonNeed, bool) {
	need := PersonNeed{Row: r, Priority: Middle}
	for i, a := range scoring.Aspects {
		s := r.Result.Of(a)
		if !r.Supported(a) || s.Score >= standard {
			continue
		}
		need.Gap[i] = standard - s.Score
		need.Aspects++
		if need.Worst == scoring.Total || need.Gap[i] > need.Gap[need.Worst-1] {
			need.Worst = a
		}
		if s.Score+s.SE < standard {
			need.Priority = High
		}
	}
	return need, need.Aspects > 0
}

// Training is a proposal; the officer changes it as the agency's catalogue has it.
type Training struct {
	Name   string
	Method string
	Hours  int // jam pelajaran
}

// trainingFor proposes a course: a guided one where the need is high, a short
// one to do alone where it is not.
func trainingFor(a scoring.Aspect, p Priority) Training {
	const guided, alone = "Klasikal atau daring terbimbing", "Nonklasikal, belajar mandiri"
	high := map[scoring.Aspect]Training{
		scoring.BasicMedia:       {"Dasar kerja digital: berkas, pencarian informasi resmi, surel dinas", guided, 12},
		scoring.LearningPlatform: {"Belajar dan mengajar di LMS: kelas virtual, tugas, pengelolaan kursus", guided, 12},
		scoring.AdvancedMedia:    {"Mengolah data, bekerja bersama dalam dokumen, dan memakai AI dengan aman", guided, 16},
		scoring.EthicsSecurity:   {"Keamanan akun, pelindungan data pribadi, dan etika digital ASN", guided, 8},
	}
	light := map[scoring.Aspect]Training{
		scoring.BasicMedia:       {"Penyegaran dasar kerja digital", alone, 4},
		scoring.LearningPlatform: {"Memanfaatkan LMS dan MOOC ASN secara mandiri", alone, 4},
		scoring.AdvancedMedia:    {"Klinik pengolahan data dan dokumen bersama", alone, 6},
		scoring.EthicsSecurity:   {"Penyegaran keamanan siber dan pelindungan data pribadi", alone, 3},
	}
	if p == High {
		return high[a]
	}
	return light[a]
}
