package people

import (
	"cmp"
	"slices"
	"strings"

	"cakap/internal/fault"
)

// known is what the database holds about an agency while a roster is matched.
type known struct {
	agency    Agency
	people    []Person
	history   map[NIP]int64   // every NIP a person of the agency ever had
	elsewhere map[string]bool // NIPs and participant numbers of other agencies
	units     *unitTree
	choices   map[int]Choice // by row
	hold      bool           // a twin nobody decided about is not saved
}

// matcher decides, row by row, what saving the roster would do. It changes
// rows and the unit tree, and nothing else.
type matcher struct {
	known
	byID     map[int64]*Person
	byNumber map[string]*Person
	byBirth  map[string][]*Person // birth date and name
	byPrefix map[string][]*Person
	seen     map[int64]*Row
	named    map[int64]bool // people whom the file names by a number they have
	twinned  map[int64]bool // people whom a row may be under a new number
}

func match(roster *Roster, k known) *matcher {
	m := &matcher{known: k, byID: map[int64]*Person{}, byNumber: map[string]*Person{}, byBirth: map[string][]*Person{}, byPrefix: map[string][]*Person{}, seen: map[int64]*Row{}, named: map[int64]bool{}, twinned: map[int64]bool{}}
	for i := range k.people {
		p := &k.people[i]
		m.byID[p.ID] = p
		if p.ParticipantNo != "" {
			m.byNumber[p.ParticipantNo] = p
		}
		if len(p.NIP) == nipDigits {
			prefix := string(p.NIP[:sound])
			m.byPrefix[prefix] = append(m.byPrefix[prefix], p)
		}
		key := p.BirthDate + nameKey(p.Name)
		m.byBirth[key] = append(m.byBirth[key], p)
	}
	for _, r := range roster.Rows {
		if p := m.find(r); p != nil {
			m.named[p.ID] = true
		}
	}
	for _, r := range roster.Rows {
		if r.Status == Rejected {
			m.suggest(r)
			continue
		}
		m.decide(r)
	}
	m.describe(roster)
	return m
}

// suggest names the people whom a damaged number may belong to.
func (m *matcher) suggest(r *Row) {
	for _, prefix := range r.damage.Prefixes {
		for _, p := range m.byPrefix[prefix] {
			r.Candidates = append(r.Candidates, candidateOf(p, r))
		}
	}
	slices.SortStableFunc(r.Candidates, func(a, b Candidate) int {
		switch {
		case a.SameName == b.SameName:
			return strings.Compare(a.NIPMasked, b.NIPMasked)
		case a.SameName:
			return -1
		default:
			return 1
		}
	})
}

func (m *matcher) decide(r *Row) {
	if m.elsewhere[r.identity()] {
		// Nothing of the other agency is shown, not even its name.
		r.Elsewhere = true
		r.reject(fault.New(fault.Conflict, "people.other_agency"), r.At)
		return
	}
	p := m.find(r)
	if p != nil {
		if first := m.seen[p.ID]; first != nil {
			m.twice(first, r)
			return
		}
		m.seen[p.ID] = r
		r.personID = p.ID
		if p.NIP != "" && r.Person.NIP != "" && p.NIP != r.Person.NIP {
			r.warn(fault.New(fault.Invalid, "people.nip_old", p.NIP.Masked()), r.At)
			r.Person.NIP, r.Person.Kind, r.ownKind = p.NIP, p.Kind, false
		}
	} else if p = m.twin(r); r.Status == Rejected {
		return
	}
	if !r.unit.blank() {
		m.place(r)
	}
	m.compare(r, p)
}

func (m *matcher) find(r *Row) *Person {
	if r.Person.NIP != "" {
		return m.byID[m.history[r.Person.NIP]]
	}
	return m.byNumber[r.Person.ParticipantNo]
}

// place finds the unit, or adds it. A first level that only repeats the agency
// is none: SIASN writes it into every row.
func (m *matcher) place(r *Row) {
	ref := r.unit
	if len(ref.path) > 1 && (agencyKey(ref.path[0]) == agencyKey(m.agency.Name) || agencyKey(ref.path[0]) == agencyKey(m.agency.ShortName)) {
		ref.path = ref.path[1:]
	}
	if u := m.units.ensure(ref); u != nil {
		r.Person.UnitID, r.UnitPath = u.ID, u.Path
	}
}

// compare lists what the file says differently; p is nil for somebody new.
func (m *matcher) compare(r *Row, p *Person) {
	if p == nil {
		r.Action = ActionNew
		r.Person.AgencyID, r.Person.TimeFactor = m.agency.ID, cmp.Or(r.Person.TimeFactor, usualTime)
		r.Person.Active = r.active == nil || *r.active
		return
	}
	next := *p
	set := func(field string, into *string, said string) {
		if said != "" && said != *into {
			r.Changes = append(r.Changes, Change{field, *into, said})
			*into = said
		}
	}
	if r.joined {
		r.Changes = append(r.Changes, Change{fieldNIP, mask(numberOf(*p)), r.Person.NIP.Masked()})
		next.NIP, next.ParticipantNo = r.Person.NIP, ""
	}
	if nameKey(r.Person.Name) != nameKey(p.Name) {
		set(fieldName, &next.Name, r.Person.Name)
	}
	set(fieldTitleFront, &next.TitleFront, r.Person.TitleFront)
	set(fieldTitleBack, &next.TitleBack, r.Person.TitleBack)
	set(fieldSex, (*string)(&next.Sex), string(r.Person.Sex))
	set(fieldBirth, &next.BirthDate, r.Person.BirthDate)
	set(fieldGrade, &next.Grade, r.Person.Grade)
	set(fieldPosition, &next.Position, r.Person.Position)
	set(fieldPositionKind, &next.PositionKind, r.Person.PositionKind)
	set("legal_status", &next.LegalStatus, r.Person.LegalStatus)
	set(fieldEmail, &next.Email, r.Person.Email)
	set(fieldPhone, &next.Phone, r.Person.Phone)
	if r.ownKind || family(r.Person.Kind) != family(p.Kind) {
		set(fieldKind, (*string)(&next.Kind), string(r.Person.Kind))
	}
	if u := r.Person.UnitID; u != 0 && u != p.UnitID {
		old := ""
		if before := m.units.byID[p.UnitID]; before != nil {
			old = before.Path
		}
		r.Changes = append(r.Changes, Change{fieldUnit, old, r.UnitPath})
		next.UnitID, r.Moved = u, true
	}
	if said := r.Person.TimeFactor; said != 0 && said != p.TimeFactor {
		r.Changes = append(r.Changes, Change{fieldExtraTime, percent(p.TimeFactor), percent(said)})
		next.TimeFactor, r.timed = said, true
	}
	if r.active != nil && *r.active != p.Active {
		words := map[bool]string{true: "aktif", false: "tidak aktif"}
		r.Changes = append(r.Changes, Change{"active", words[p.Active], words[*r.active]})
		next.Active = *r.active
	}
	r.Person = next
	r.Action = ActionSame
	if len(r.Changes) > 0 {
		r.Action = ActionChanged
	}
}

// twice rejects two rows that turned out to be one person, by an older and a
// newer NIP: nobody can know which is right.
func (m *matcher) twice(first, later *Row) {
	later.reject(fault.New(fault.Invalid, "people.duplicate_person", first.N), later.At)
	if first.Status != Rejected {
		first.reject(fault.New(fault.Invalid, "people.duplicate_person", later.N), first.At)
		first.Action, first.Changes, first.Moved, first.timed = "", nil, false, false
	}
}

// describe adds what concerns the file as a whole.
func (m *matcher) describe(roster *Roster) {
	if n := len(m.units.added); n > 0 {
		names := make([]string, 0, 20)
		for _, u := range m.units.added[:min(n, 20)] {
			names = append(names, u.Path)
		}
		list := strings.Join(names, "; ")
		if n > len(names) {
			list += "; …"
		}
		roster.Messages = append(roster.Messages, fault.New(fault.Invalid, "people.units_new", n, list))
	}
	foreign, rows := "", 0
	for name, n := range roster.agencies {
		if key := agencyKey(name); key != agencyKey(m.agency.Name) && key != agencyKey(m.agency.ShortName) {
			if foreign == "" || name < foreign {
				foreign = name
			}
			rows += n
		}
	}
	if rows > 0 {
		roster.Messages = append(roster.Messages, fault.New(fault.Invalid, "people.agency_differs", rows, foreign))
	}
}

// missing are the active people of the agency whom the file does not name, not
// even by a new number. They are never deleted: a file may be one school's.
func (m *matcher) missing() []Person {
	var all []Person
	for _, p := range m.people {
		if p.Active && m.seen[p.ID] == nil && !m.twinned[p.ID] {
			all = append(all, p)
		}
	}
	return all
}
