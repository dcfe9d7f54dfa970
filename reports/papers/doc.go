// Package papers writes what an exam day needs on paper, as PDF: exam cards,
// attendance lists, minutes of a session and of a violation, and the rules.
//
// It is pure: values in, bytes out. It reads no clock and no database, so the
// same data give the same bytes, and a paper that was signed can be printed
// again. Offices print on F4 (215 × 330 mm); A4 is the other choice. Text is set
// in Liberation Sans, which has the metrics of the Arial that letter rules ask
// for, embedded, selectable and searchable.
package papers

import (
	"strings"
	"time"
	"unicode"
)

// Format is the size of the sheet.
type Format string

// The formats. Anything else prints as F4.
const (
	F4 Format = "f4"
	A4 Format = "a4"
)

// size is width and height in millimetres.
func (f Format) size() (w, h float64) {
	if f == A4 {
		return 210, 297
	}
	return 215, 330
}

// Head is what every paper of a session begins with. Times carry the zone they
// are printed in.
type Head struct {
	Format     Format
	Letterhead []string // kop, a line each; none prints no kop
	Event      string
	Code       string
	Session    string
	Place      string // empty: online
	Opens      time.Time
	Closes     time.Time
}

// Person is somebody on a paper.
type Person struct {
	Name   string
	Number string // NIP in its parts, or a participant number
	Unit   string
	Agency string
}

// Signer is somebody who signs. What is empty is left to the pen.
type Signer struct {
	Role   string
	Name   string
	Number string
}

// FileName is a name for the file of a paper: words of the parts, joined.
func FileName(parts ...string) string {
	fold := func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}
	words := strings.FieldsFunc(strings.Map(fold, strings.Join(parts, "-")), func(r rune) bool { return r == '-' })
	return strings.Join(words, "-") + ".pdf"
}
