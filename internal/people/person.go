package people

import "strings"

// Agency is an instansi.
type Agency struct {
	ID        int64  `db:"id"`
	Code      string `db:"code"` // kode cepat of BKN: "6401"
	Name      string `db:"name"`
	ShortName string `db:"short_name"`
	Kind      string `db:"kind"` // province, regency, city, ministry, other
	Zone      string `db:"zone"` // WIB, WITA, WIT
	Active    bool   `db:"active"`
}

// Unit is a node of an agency's tree. Its OPD is its ancestor at level 1.
type Unit struct {
	ID         int64  `db:"id"`
	AgencyID   int64  `db:"agency_id"`
	ParentID   int64  `db:"parent_id"` // 0 at level 1
	OPDID      int64  `db:"opd_id"`
	ExternalID string `db:"external_id"` // UNOR ID of SIASN
	Path       string `db:"path"`        // "Dinas Pendidikan / Bidang SMA"
	Name       string `db:"name"`
	Level      int    `db:"level"`
	Hidden     bool   `db:"hidden"`
}

// Person is somebody who may be measured.
type Person struct {
	ID            int64  `db:"id"`
	AgencyID      int64  `db:"agency_id"`
	UnitID        int64  `db:"unit_id"` // 0 where nobody said
	NIP           NIP    `db:"nip"`
	ParticipantNo string `db:"participant_no"` // of people without a NIP
	Kind          Kind   `db:"kind"`
	Name          string `db:"name"`
	TitleFront    string `db:"title_front"`
	TitleBack     string `db:"title_back"`
	Sex           Sex    `db:"sex"`
	BirthDate     string `db:"birth_date"` // yyyy-mm-dd
	Grade         string `db:"grade"`      // code of a Grade
	Position      string `db:"position"`
	PositionKind  string `db:"position_kind"`
	LegalStatus   string `db:"legal_status"` // kedudukan hukum
	Email         string `db:"email"`
	Phone         string `db:"phone"`
	TimeFactor    int    `db:"time_factor_pct"` // working time in per cent; 100 is the usual
	Active        bool   `db:"active"`
}

// FullName is the name with its titles, as letters print it: "Dr. Budi
// Santoso, S.Sos., M.Si.".
func (p Person) FullName() string {
	name := p.Name
	if p.TitleFront != "" {
		name = p.TitleFront + " " + name
	}
	if p.TitleBack != "" {
		name += ", " + p.TitleBack
	}
	return name
}

// frontTitles are what may stand before a name, without dots and in lower case.
var frontTitles = map[string]bool{
	"prof": true, "dr": true, "drs": true, "dra": true, "drg": true, "drh": true, "ir": true,
	"h": true, "hj": true, "kh": true, "apt": true, "ns": true, "r": true, "rr": true, "ra": true,
}

// splitTitles takes "Dr. Budi Santoso, S.Sos" apart. A front title is one only
// with its dot, so that nobody called Ira or Harun loses a part of the name.
func splitTitles(full string) (front, name, back string) {
	name, back, _ = strings.Cut(full, ",")
	name = strings.TrimSpace(name)
	for {
		first, rest, more := strings.Cut(name, " ")
		title := strings.ToLower(strings.ReplaceAll(first, ".", ""))
		if !more || !strings.HasSuffix(first, ".") || !frontTitles[title] {
			break
		}
		front, name = strings.TrimSpace(front+" "+first), strings.TrimSpace(rest)
	}
	return front, name, strings.TrimSpace(strings.Trim(back, ", "))
}

// letterSpaced recognises "A N I F U D I N", typed so to fill a line.
func letterSpaced(name string) bool {
	words := strings.Fields(name)
	if len(words) < 4 {
		return false
	}
	for _, w := range words {
		if len([]rune(w)) > 1 {
			return false
		}
	}
	return true
}

// nameKey compares names: case, titles and punctuation say nothing about who it is.
func nameKey(name string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(name) {
		if r >= 'A' && r <= 'Z' || r > 127 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
