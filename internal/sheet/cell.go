package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Cell is what a file holds in one place. Text is raw: as typed, spaces and
// all; Clean makes it presentable. A number is written out in full with the 15
// digits a spreadsheet knows; from 10^15 on it stays as it stands in the file,
// since no digit of it can be trusted any more.
type Cell struct {
	Text   string
	Number bool // the file holds a number, not text

	row, col int
	epoch    uint8 // 1 when serials of this file count from 1904
}

// Ref is the place inside its sheet: "C17".
func (c Cell) Ref() string { return Ref(c.row, c.col) }

// Row is the row, from 1.
func (c Cell) Row() int { return c.row }

// Blank reports whether there is nothing to see in the cell.
func (c Cell) Blank() bool {
	for _, r := range c.Text {
		if !invisible(r) {
			return false
		}
	}
	return true
}

// Ref is a place in A1 notation; row counts from 1, column from 0.
func Ref(row, column int) string { return Letters(column) + strconv.Itoa(row) }

// Letters is the name of a column, which counts from 0: "A", "Z", "AA".
func Letters(column int) string {
	if column < 0 {
		return "?"
	}
	var name [8]byte
	at := len(name)
	for n := column + 1; n > 0 && at > 0; n = (n - 1) / 26 {
		at--
		name[at] = byte('A' + (n-1)%26)
	}
	return string(name[at:])
}

// ColumnOf is the inverse of Letters.
func ColumnOf(letters string) (int, bool) {
	for i := range len(letters) {
		if c := letters[i] | 0x20; c < 'a' || c > 'z' {
			return 0, false
		}
	}
	return columnOf([]byte(letters))
}

// plainNumber writes out what a workbook stores: "8.1234567890000003E+10" is
// 81234567890, "0.10000000000000001" is 0.1.
func plainNumber(raw string) string {
	short := len(raw) <= 15 && !strings.ContainsAny(raw, "eE+")
	if short {
		return raw
	}
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || math.Abs(x) >= 1e15 {
		return raw
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	if err != nil {
		return raw
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	named     = regexp.MustCompile(`^(\d{1,2})[- ]?([a-z]+)\.?[- ,]*(\d{4})$`)
	clockTail = regexp.MustCompile(`[ t]\d{1,2}[:.]\d{2}([:.]\d{2})?(\.\d+)?z?$`)
)

// Date reads a day: a serial, "21-01-1993", "21/01/1993", "1993-01-21" or "21
// Januari 1993", with or without a time behind it. The day comes before the
// month, as everybody here writes it; what fits no reading is not guessed.
func (c Cell) Date() (time.Time, bool) {
	text, ok := Clean(c.Text)
	if !ok || text == "" {
		return time.Time{}, false
	}
	if c.Number || serialText(text) {
		return serial(text, c.epoch == 1)
	}
	text = clockTail.ReplaceAllString(strings.ToLower(text), "")
	switch {
	case dayFirst.MatchString(text):
		m := dayFirst.FindStringSubmatch(text)
		return date(m[3], m[2], m[1])
	case yearFirst.MatchString(text):
		m := yearFirst.FindStringSubmatch(text)
		return date(m[1], m[2], m[3])
	}
	m := named.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	return date(m[3], strconv.Itoa(month(m[2])), m[1])
}

// serialText accepts a serial that a text file carries: five digits are no
// date in any other notation.
func serialText(text string) bool {
	if len(text) != 5 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// Serials before 61 differ between programs, because Excel believes in 29
// February 1900; nobody alive needs them.
func serial(text string, since1904 bool) (time.Time, bool) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x < 61 || x > 73_050 { // 1 March 1900 to 31 December 2099
		return time.Time{}, false
	}
	if since1904 {
		x += 1462
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(x)), true
}

func date(year, month, day string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, y >= 1900 && y < 2100 && t.Year() == y && int(t.Month()) == m && t.Day() == d
}

// month knows Indonesian and English names, old spellings and abbreviations;
// three letters tell them apart.
func month(name string) int {
	if len(name) < 3 {
		return 0
	}
	switch name[:3] {
	case "jan":
		return 1
	case "feb", "peb":
		return 2
	case "mar":
		return 3
	case "apr":
		return 4
	case "mei", "may":
		return 5
	case "jun":
		return 6
	case "jul":
		return 7
	case "agu", "agt", "ags", "aug":
		return 8
	case "sep":
		return 9
	case "okt", "oct":
		return 10
	case "nov", "nop":
		return 11
	case "des", "dec":
		return 12
	default:
		return 0
	}
}
