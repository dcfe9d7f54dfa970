package people

import (
	_ "embed" // the lists below
	"encoding/csv"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"cakap/internal/sheet"
)

// The lists of BKN, as data: a ministry or a golongan is added without code.
var (
	//go:embed reference/grades.csv
	gradeList string
	//go:embed reference/agencies.csv
	agencyList string
	//go:embed reference/legal.csv
	legalList string
)

// records reads an embedded list; it is checked by a test, so a fault is a bug.
func records(list string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(list)).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows[1:]
}

// Grade is a golongan: of a PNS with its pangkat, of a PPPK a Roman number.
type Grade struct {
	ID     string // of BKN; PPPK have none here
	Code   string // "III/c", "IX"
	Rank   string // "Penata"
	Scheme Kind   // PNS or PPPK
	Sort   int    // ascending seniority; alphabetical order would put IX before V
}

var grades = sync.OnceValue(func() []Grade {
	var all []Grade
	for _, r := range records(gradeList) {
		sort, err := strconv.Atoi(r[4])
		if err != nil {
			panic(err)
		}
		all = append(all, Grade{ID: r[0], Code: r[1], Rank: r[2], Scheme: Kind(r[3]), Sort: sort})
	}
	return all
})

// Grades are all golongan, PNS before PPPK, each from the lowest.
func Grades() []Grade { return append([]Grade(nil), grades()...) }

var gradesByCode = sync.OnceValue(func() map[string]Grade {
	byCode := map[string]Grade{}
	for _, g := range grades() {
		byCode[g.Code] = g
		if g.Rank != "" {
			byCode[rankKey(g.Rank)] = g
		}
	}
	return byCode
})

// rankKey makes "Penata Tk.I" and "PENATA TINGKAT I" one.
func rankKey(rank string) string {
	key := " " + sheet.Title(rank) + " "
	key = strings.ReplaceAll(key, " TK ", " TINGKAT ")
	key = strings.ReplaceAll(key, " TINGKAT 1 ", " TINGKAT I ")
	return strings.TrimSpace(key)
}

// GradeOf is the grade with exactly this code.
func GradeOf(code string) (Grade, bool) {
	g, ok := gradesByCode()[code]
	return g, ok && g.Code == code
}

// GradeSort is the place of a code in order of seniority; unknown ones come last.
func GradeSort(code string) int {
	if g, ok := GradeOf(code); ok {
		return g.Sort
	}
	return 1000
}

var (
	gradePNS   = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(iv|iii|ii|i|[1-4])\s*[/.\-\\]?\s*([a-e])(?:[^a-z]|$)`)
	gradePPPK  = regexp.MustCompile(`(?i)^(?:gol(?:ongan)?\.?|pppk)?[\s.:]*(?:pppk)?\s*([ivx]{1,5}|1?[0-9])$`)
	digitRoman = strings.NewReplacer("1", "I", "2", "II", "3", "III", "4", "IV")
)

// ParseGrade reads the spellings of a golongan: "III/c", "IIIc", "III.c",
// "Penata (III/c)", "Penata Tk. I, III/d", "Penata Tingkat I", "IX", "Gol. 9".
func ParseGrade(typed string) (Grade, bool) {
	text, ok := sheet.Clean(typed)
	if !ok {
		return Grade{}, false
	}
	if m := gradePNS.FindStringSubmatch(text); m != nil {
		return GradeOf(digitRoman.Replace(strings.ToUpper(m[1])) + "/" + strings.ToLower(m[2]))
	}
	if m := gradePPPK.FindStringSubmatch(text); m != nil {
		code := strings.ToUpper(m[1])
		if n, err := strconv.Atoi(code); err == nil {
			return pppkGrade(n)
		}
		return GradeOf(code)
	}
	g, ok := gradesByCode()[rankKey(text)]
	return g, ok && g.Rank != ""
}

func pppkGrade(n int) (Grade, bool) {
	for _, g := range grades() {
		if g.Scheme == PPPK && g.Sort == 100+n {
			return g, true
		}
	}
	return Grade{}, false
}

// legalStatus is a kedudukan hukum.
type legalStatus struct {
	id, name string
	active   bool // whether such a person is invited
}

var legalStatuses = sync.OnceValue(func() []legalStatus {
	var all []legalStatus
	for _, r := range records(legalList) {
		all = append(all, legalStatus{id: r[0], name: r[1], active: r[2] == "yes"})
	}
	return all
})

// parseLegal reads a kedudukan hukum by its id, or by its name where the file
// has no id. Of a name outside the list it says active only if the name does.
func parseLegal(id, name string) (status legalStatus, said bool) {
	if len(id) == 1 {
		id = "0" + id
	}
	title := sheet.Title(name)
	if id == "" && title == "" {
		return legalStatus{}, false
	}
	for _, s := range legalStatuses() {
		if s.id == id || id == "" && sheet.Title(s.name) == title {
			return s, true
		}
	}
	words := strings.Fields(title)
	status = legalStatus{id: id, name: name, active: len(words) > 0 && words[len(words)-1] == "AKTIF"}
	for _, w := range words {
		if w == "TIDAK" || w == "NON" || w == "NONAKTIF" {
			status.active = false
		}
	}
	if status.id == "" {
		status.id = name
	}
	return status, true
}

// ReferenceAgencies are the 36 agencies of Jawa Tengah with their codes of BKN.
func ReferenceAgencies() []Agency {
	var all []Agency
	for _, r := range records(agencyList) {
		all = append(all, Agency{Code: r[0], Name: r[1], ShortName: r[2], Kind: r[3], Zone: r[4], Active: true})
	}
	return all
}
