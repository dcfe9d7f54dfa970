package people

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/internal/sheet"
)

// Status is the verdict on a row.
type Status string

// The verdicts. A warned row is saved like an accepted one.
const (
	Accepted Status = "accepted"
	Warned   Status = "warned"
	Rejected Status = "rejected"
)

// Action is what saving a row does.
type Action string

// The actions; a rejected row has none.
const (
	ActionNew     Action = "new"
	ActionChanged Action = "changed"
	ActionSame    Action = "same"
)

// Change is one field of somebody known that the file says differently.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Candidate is somebody known whom a damaged NIP may belong to. It is a hint
// for the officer and never used by the program.
type Candidate struct {
	PersonID  int64  `json:"-"`
	Name      string `json:"name"`
	NIPMasked string `json:"nip_masked"`
	SameName  bool   `json:"same_name"`
	Number    string `json:"-"` // for the agency's own officers
}

// Row is one row of a roster with the verdict on it. A blank field of Person
// says nothing: it neither fills nor clears what is known.
type Row struct {
	N          int
	At         string // "Pegawai!B17", where the identity stands
	Person     Person
	UnitPath   string // of a known or new unit, set when the row is matched
	Status     Status
	Action     Action
	Changes    []Change
	Candidates []Candidate
	Messages   []*fault.Fault
	Moved      bool       // to another unit of the agency
	Elsewhere  bool       // another agency has this number
	Twin       *Candidate // the one person this may be under a new number
	Choice     Choice     // what was decided about Twin

	masked   string
	unit     unitRef
	damage   Damage
	active   *bool // what the kedudukan hukum says, nil where it says nothing
	ownKind  bool  // the file itself says which kind, so CPNS becomes PNS
	personID int64 // of somebody known
	joined   bool  // this number becomes a known person's
	timed    bool  // the working time of somebody known changes
}

func (r *Row) warn(f *fault.Fault, at string) {
	r.Messages = append(r.Messages, f.Place(at))
	if r.Status == Accepted {
		r.Status = Warned
	}
}

func (r *Row) reject(f *fault.Fault, at string) {
	r.Messages = append(r.Messages, f.Place(at))
	r.Status = Rejected
}

// says reports whether two rows say the same about the same person.
func (r *Row) says(other *Row) bool {
	return r.Person == other.Person && r.unit.externalID == other.unit.externalID && slices.Equal(r.unit.path, other.unit.path)
}

// Roster is a file's rows, read and judged by themselves.
type Roster struct {
	Rows     []*Row
	Messages []*fault.Fault // about the file as a whole

	agencies map[string]int // rows per named agency
}

// ParseRoster reads a roster by its column titles. Its error is a fault about
// a file that holds no roster at all; everything else is a verdict on a row.
// today is the day that ages are judged on.
func ParseRoster(book *sheet.Book, today time.Time) (Roster, error) {
	table, err := book.FindTable(rosterAliases(), fieldNIP+"|"+fieldNumber, fieldName)
	if err != nil {
		return Roster{}, err
	}
	roster := Roster{Messages: tableMessages(book, table), agencies: map[string]int{}}
	p := parser{table: table, today: today, titles: table.Has(fieldTitleFront) || table.Has(fieldTitleBack)}
	var blank, stray []int
	for rec, err := range table.Rows() {
		if err != nil {
			return Roster{}, err
		}
		switch {
		case rec.Blank():
			blank = append(blank, rec.N)
		case rec.Cell(fieldNIP).Blank() && rec.Cell(fieldNumber).Blank() && rec.Cell(fieldName).Blank():
			stray = append(stray, rec.N)
		default:
			row := p.parse(rec)
			roster.Rows = append(roster.Rows, row)
			if name, ok := sheet.Clean(rec.Cell(fieldAgency).Text); ok && name != "" {
				roster.agencies[name]++
			}
		}
	}
	if len(roster.Rows) == 0 {
		return Roster{}, fault.New(fault.Invalid, "people.no_rows").Place(table.Line(table.Last))
	}
	roster.note("people.blank_rows", table, blank)
	roster.note("people.stray_rows", table, stray)
	markDuplicates(roster.Rows)
	return roster, nil
}

func (r *Roster) note(key string, table *sheet.Table, rows []int) {
	if len(rows) > 0 {
		r.Messages = append(r.Messages, fault.New(fault.Invalid, key, len(rows)).Place(table.Line(rows[0])))
	}
}

func tableMessages(book *sheet.Book, table *sheet.Table) []*fault.Fault {
	var notes []*fault.Fault
	add := func(at, key string, args ...any) {
		notes = append(notes, fault.New(fault.Invalid, key, args...).Place(at))
	}
	at := book.At(table.Sheet, table.First, 0)
	switch {
	case table.Last > table.First:
		add(at, "people.header_merged", table.First, table.Last)
	case table.First > 1:
		add(at, "people.header_at", table.First)
	}
	for _, d := range table.Duplicates {
		add(d.Left, "people.column_twice", d.Title, d.Kept)
	}
	if n := len(table.Ignored); n > 0 {
		add(at, "people.columns_dropped", n)
	}
	return notes
}

// markDuplicates names both rows. Where they say the same, the first one counts;
// where they differ, nobody can know which is right, and none does.
func markDuplicates(rows []*Row) {
	groups := map[string][]*Row{}
	for _, r := range rows {
		if id := r.identity(); id != "" {
			groups[id] = append(groups[id], r)
		}
	}
	for _, r := range rows { // in the order of the file
		id := r.identity()
		group := groups[id]
		if len(group) < 2 {
			continue
		}
		delete(groups, id)
		same := true
		for _, other := range group[1:] {
			same = same && group[0].says(other)
		}
		for i, each := range group {
			others := make([]string, 0, len(group)-1)
			for j, other := range group {
				if i != j {
					others = append(others, fmt.Sprint(other.N))
				}
			}
			f := fault.New(fault.Invalid, "people.duplicate", strings.Join(others, ", "))
			switch {
			case same && i == 0:
				f.Key = "people.duplicate_same"
				each.warn(f, each.At)
			case same:
				f.Key = "people.duplicate_extra"
				fallthrough
			default:
				each.reject(f, each.At)
			}
		}
	}
}

// identity is what may stand once in a file.
func (r *Row) identity() string {
	if r.Person.NIP != "" {
		return string(r.Person.NIP)
	}
	return r.Person.ParticipantNo
}

// parser turns records of one table into rows.
type parser struct {
	table  *sheet.Table
	today  time.Time
	titles bool // the file has columns for titles
}

func (p parser) parse(rec sheet.Record) *Row {
	r := &Row{N: rec.N, Status: Accepted, At: rec.At(fieldNIP)}
	if !p.table.Has(fieldNIP) {
		r.At = rec.At(fieldNumber)
	}
	p.identity(r, rec)
	p.name(r, rec)
	p.kind(r, rec)
	p.sex(r, rec)
	p.dates(r, rec)
	p.grade(r, rec)
	p.legal(r, rec)
	p.contact(r, rec)
	p.unit(r, rec)
	p.extraTime(r, rec)
	r.Person.Position = p.text(r, rec, fieldPosition)
	r.Person.PositionKind = p.text(r, rec, fieldPositionKind)
	return r
}

// text is a cell as it may be kept, or "" with the row rejected.
func (p parser) text(r *Row, rec sheet.Record, field string) string {
	return p.checked(r, rec, field, rec.Cell(field).Text)
}

func (p parser) checked(r *Row, rec sheet.Record, field, raw string) string {
	text, ok := sheet.Clean(raw)
	switch {
	case !ok:
		r.reject(fault.New(fault.Invalid, "people.control"), rec.At(field))
	case strings.Trim(text, "-–—. ") == "":
		// A dash is how people write "nothing".
	case field != fieldPhone && sheet.FormulaStart(raw):
		r.reject(fault.New(fault.Invalid, "people.formula_start", formulaSign(raw)), rec.At(field))
	case len([]rune(text)) > fieldLimits[field]:
		r.reject(fault.New(fault.Invalid, "people.too_long", len([]rune(text)), fieldLimits[field]), rec.At(field))
	default:
		return text
	}
	return ""
}

// formulaSign names the sign that makes raw start like a formula.
func formulaSign(raw string) string {
	if raw[0] == '\t' || raw[0] == '\r' {
		return "TAB"
	}
	text, _ := sheet.Clean(raw)
	sign, _ := utf8.DecodeRuneInString(text)
	return string(sign)
}

func (p parser) identity(r *Row, rec sheet.Record) {
	cell := rec.Cell(fieldNIP)
	if d, damaged := DetectDamage(cell); damaged {
		r.damage, r.masked = d, d.masked()
		r.reject(fault.New(fault.Invalid, "people.nip_damaged"), rec.At(fieldNIP))
		return
	}
	nip, err := ParseNIP(cell.Text)
	number := ""
	if errors.Is(err, fault.New(fault.Invalid, "people.nip_empty")) {
		if number = p.text(r, rec, fieldNumber); number != "" {
			r.Person.ParticipantNo, r.Person.Kind, r.masked = number, NonASN, number
			r.At = rec.At(fieldNumber)
			return
		}
		if r.Status == Rejected {
			return
		}
	}
	if err != nil {
		digits, _ := nipText(cell.Text)
		r.masked = mask(digits)
		if len(digits) == sound {
			r.damage = damageOf(digits)
		}
		r.reject(fault.Of(err), rec.At(fieldNIP))
		return
	}
	r.Person.NIP, r.Person.Kind, r.masked = nip, nip.Kind(), nip.Masked()
	if sheet.Hidden(cell.Text) {
		r.warn(fault.New(fault.Invalid, "people.nip_hidden"), rec.At(fieldNIP))
	}
	refusals, warnings := nip.Check(p.today)
	for _, f := range refusals {
		r.reject(f, rec.At(fieldNIP))
	}
	for _, f := range warnings {
		r.warn(f, rec.At(fieldNIP))
	}
}

func (p parser) name(r *Row, rec sheet.Record) {
	full := p.text(r, rec, fieldName)
	if full == "" {
		if r.Status != Rejected || rec.Cell(fieldName).Blank() {
			r.reject(fault.New(fault.Invalid, "people.name_empty"), rec.At(fieldName))
		}
		return
	}
	person := &r.Person
	person.Name = full
	if p.titles {
		person.TitleFront, person.TitleBack = p.text(r, rec, fieldTitleFront), p.text(r, rec, fieldTitleBack)
	} else {
		person.TitleFront, person.Name, person.TitleBack = splitTitles(full)
	}
	if nameKey(person.Name) == "" {
		r.reject(fault.New(fault.Invalid, "people.name_empty"), rec.At(fieldName))
	}
	if letterSpaced(person.Name) {
		r.warn(fault.New(fault.Invalid, "people.name_spaced"), rec.At(fieldName))
	}
}

func (p parser) unit(r *Row, rec sheet.Record) {
	r.unit.externalID = p.text(r, rec, fieldUnitID)
	for _, field := range []string{fieldOPD, fieldUnit} {
		// SIASN shows the depth of a unit by dashes before its name.
		raw := rec.Cell(field).Text
		if text, ok := sheet.Clean(raw); ok && strings.HasPrefix(text, "--") {
			raw = strings.TrimLeft(text, "- ")
		}
		for _, name := range strings.Split(p.checked(r, rec, field, raw), pathSign) {
			name = strings.TrimSpace(name)
			n := len(r.unit.path)
			if name != "" && (n == 0 || !strings.EqualFold(r.unit.path[n-1], name)) {
				r.unit.path = append(r.unit.path, name)
			}
		}
	}
	if len(r.unit.path) > maxUnitLevels {
		r.reject(fault.New(fault.Invalid, "people.unit_deep", maxUnitLevels), rec.At(fieldUnit))
		r.unit = unitRef{}
	}
}

const maxUnitLevels = 8
