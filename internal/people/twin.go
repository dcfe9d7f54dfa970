package people

import (
	"context"

	"cakap/internal/access"
	"cakap/internal/fault"
)

// Choice is what an officer decides about a row whose number is unknown and
// whose name and birth date are those of one person of the agency: a PPPK who
// became PNS, or who got a new contract, has a new number.
type Choice string

// The choices; the zero value is none yet.
const (
	JoinPerson Choice = "join" // the number becomes the known person's
	NewPerson  Choice = "new"  // two people of one name and birthday
)

// Group is what a row is about, as officers look at a roster.
type Group string

// The groups. Every row is in exactly one.
const (
	GroupNew      Group = "new"
	GroupChanged  Group = "changed"
	GroupMoved    Group = "moved"    // to another unit of the agency, whatever else changes
	GroupTransfer Group = "transfer" // another agency has the number
	GroupTwin     Group = "twin"     // maybe somebody known under another number
	GroupSame     Group = "same"
	GroupRejected Group = "rejected"
)

// Group is the row's.
func (r *Row) Group() Group {
	switch {
	case r.Elsewhere:
		return GroupTransfer
	case r.Twin != nil:
		return GroupTwin
	case r.Status == Rejected:
		return GroupRejected
	case r.Moved:
		return GroupMoved
	default:
		return Group(r.Action)
	}
}

func candidateOf(p *Person, r *Row) Candidate {
	return Candidate{
		PersonID: p.ID, Name: p.FullName(), NIPMasked: mask(numberOf(*p)), Number: numberOf(*p),
		SameName: nameKey(p.Name) == nameKey(r.Person.Name),
	}
}

// numberOf is a person's NIP, or the participant number of who has none.
func numberOf(p Person) string {
	if p.NIP != "" {
		return string(p.NIP)
	}
	return p.ParticipantNo
}

// twin is the person that a row joins, nil for somebody new. Where it could be
// somebody and nobody has decided, the row is warned, or held back.
func (m *matcher) twin(r *Row) *Person {
	known := m.byBirth[r.Person.BirthDate+nameKey(r.Person.Name)]
	if r.Person.BirthDate == "" || len(known) == 0 {
		return nil
	}
	only := m.onlyTwin(r, known)
	if only == nil {
		r.warn(fault.New(fault.Invalid, "people.maybe_same", mask(numberOf(*known[0]))), r.At)
		return nil
	}
	who := candidateOf(only, r)
	r.Twin, m.twinned[only.ID] = &who, true
	switch r.Choice = m.choices[r.N]; {
	case r.Choice == JoinPerson:
		m.seen[only.ID] = r
		r.personID, r.joined = only.ID, true
		return only
	case r.Choice == NewPerson:
		return nil
	case m.hold:
		r.reject(fault.New(fault.Invalid, "people.twin_undecided", who.NIPMasked), r.At)
	default:
		r.warn(fault.New(fault.Invalid, "people.maybe_same", who.NIPMasked), r.At)
	}
	return nil
}

// onlyTwin is the one active person among those of the same name and birthday
// whom the file does not name otherwise.
func (m *matcher) onlyTwin(r *Row, known []*Person) *Person {
	var only *Person
	for _, p := range known {
		sexes := p.Sex != "" && r.Person.Sex != "" && p.Sex != r.Person.Sex
		switch {
		case !p.Active || sexes:
		case only != nil || r.Person.NIP == "" || m.named[p.ID] || m.twinned[p.ID]:
			return nil
		default:
			only = p
		}
	}
	return only
}

// saveChanged writes somebody known, with a new number where the row joins.
func (s store) saveChanged(ctx context.Context, by By, r *Row) error {
	if r.joined {
		if err := s.addNIP(ctx, r.personID, r.Person.NIP, by.Now); err != nil {
			return err
		}
	}
	if err := s.updatePerson(ctx, r.Person, by.Now); err != nil {
		return err
	}
	if !r.joined {
		return nil
	}
	if err := access.FollowNumber(ctx, s.db, r.personID, string(r.Person.NIP)); err != nil {
		return err
	}
	return by.record(ctx, s.db, "person.nip", "person", r.personID, r.Person.AgencyID, nil)
}
