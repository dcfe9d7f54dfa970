package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/scoring"
)

// Data is one agency's part of an event, ready to be reported.
type Data struct {
	Event  Event
	Agency Agency
	Scheme scoring.Scheme // the one that the event froze
	Rows   []*Row         // by unit, then name
	Cut    time.Time      // when these data last changed
	Hash   string         // SHA-256 over the scores, in hexadecimal
}

// Event is what a report says about an event (kegiatan).
type Event struct {
	ID          int64
	Code        string
	Name        string
	Closed      bool           // nobody can take it any more: who has not is absent
	Zone        *time.Location // of every date and time in the report
	OpensAt     time.Time
	ClosesAt    time.Time
	AttemptRule string // "last", "best" or "first" attempt counts
	Attempts    int    // how many a person may have
	ChangedAt   time.Time
}

// Agency (instansi) is whose people are reported.
type Agency struct {
	ID        int64
	Code      string
	Name      string
	ShortName string
}

// Status is how far a person came.
type Status int

// The statuses. Only Done has scores.
const (
	NotStarted Status = iota // no attempt yet, or none at all where the event is closed
	Working
	Done
	Unscored // submitted, and its result is not there
	Voided   // every attempt was voided
)

// Row is one person: the enrolment, and the attempt that counts.
type Row struct {
	Enrolment    int64
	NIP          string // or participant number
	Name         string // with titles
	Kind         string // PNS, CPNS, PPPK, PPPK_PW, NON_ASN
	Sex          string // M, F or empty
	BirthDate    string // yyyy-mm-dd or empty
	Grade        string
	Position     string
	PositionKind string
	OPD          string
	UnitPath     string
	Session      string
	SessionAt    time.Time
	Place        string

	Status     Status
	Attempt    int       // number of the attempt that counts; 0 for none
	Taken      int       // attempts begun, voided ones included
	Retaking   bool      // a newer attempt is under way
	StartedAt  time.Time // of the attempt that counts, or of the last one
	EndedBy    string    // participant, deadline or officer
	VoidReason string
	Version    int    // of the result; above 1 it superseded another
	Reason     string // why it did
	Result     scoring.Result
	ChangedAt  time.Time
}

// Scored reports whether the row has scores.
func (r *Row) Scored() bool { return r.Status == Done }

// Supported reports whether the row's score in an aspect, or in total, rests
// on enough answers to be counted in means and levels.
func (r *Row) Supported(a scoring.Aspect) bool {
	return r.Scored() && r.Result.Of(a).Verdict == scoring.Supported
}

// Unit is the unit a person works in, as the reports name it.
func (r *Row) Unit() string {
	if r.UnitPath != "" {
		return r.UnitPath
	}
	return r.OPD
}

// measures is the four aspects and the total, in the order reports print them.
var measures = [5]scoring.Aspect{scoring.BasicMedia, scoring.LearningPlatform, scoring.AdvancedMedia, scoring.EthicsSecurity, scoring.Total}

// aspectName is an aspect's full name, in the framework's own words (a test
// compares them); the total is "Nilai akhir".
func aspectName(a scoring.Aspect) string {
	return [...]string{"Nilai akhir", "Penggunaan Media Digital Dasar", "Pengelolaan Platform Pembelajaran Digital",
		"Penggunaan Media Digital Lanjut", "Etika dan Keamanan"}[a]
}

// aspectShort fits a column or an axis.
func aspectShort(a scoring.Aspect) string {
	return [...]string{"Nilai akhir", "Media digital dasar", "Platform pembelajaran", "Media digital lanjut", "Etika dan keamanan"}[a]
}

// Seal orders the rows and sets cut time and hash; Load has done so.
func (d *Data) Seal() {
	sortRows(d.Rows)
	d.Cut = d.Event.ChangedAt
	for _, r := range d.Rows {
		if r.ChangedAt.After(d.Cut) {
			d.Cut = r.ChangedAt
		}
	}
	d.Cut = d.Cut.UTC()
	d.Hash = hashOf(*d)
}

// hashOf is the SHA-256 of the scores in a form that depends on nothing but
// them: neither the order of rows nor names and units, which people correct.
func hashOf(d Data) string {
	lines := make([]string, len(d.Rows))
	var b strings.Builder
	for i, r := range d.Rows {
		b.Reset()
		fmt.Fprintf(&b, "%q\t%d\t%d\t%d\t%d", r.NIP, r.Enrolment, r.Status, r.Attempt, r.Version)
		if r.Scored() {
			for _, a := range measures {
				s := r.Result.Of(a)
				fmt.Fprintf(&b, "\t%d %d %d %s", s.Score, s.SE, s.Level, s.Verdict)
			}
		}
		lines[i] = b.String()
	}
	slices.Sort(lines)
	sum := sha256.New()
	fmt.Fprintf(sum, "cakap scores 1\n%q\t%q\t%q\t%d\n", d.Event.Code, d.Agency.Code, d.Scheme.Code, d.Scheme.Version)
	for _, line := range lines {
		sum.Write([]byte(line))
		sum.Write([]byte{'\n'})
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// code is the hash as people compare it: sixteen digits in fours.
func (d Data) code() string {
	h := strings.ToUpper(d.Hash)
	return h[:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16]
}

// FileName is the workbook's name (DESIGN 13).
func (d Data) FileName() string {
	return fmt.Sprintf("Rekap_LiterasiDigital_%s_%s_%s.xlsx", fileSafe(d.Agency.Code), fileSafe(d.Event.Code), d.Hash[:8])
}

// fileSafe keeps what every file system and mail program takes.
func fileSafe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return '-'
	}, s)
}
