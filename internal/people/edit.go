package people

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/storage"
)

// AddPerson adds one person by hand, under the rules of the roster import.
// typedNIP may be blank for people with a ParticipantNo; the rest is as typed.
func (s *Service) AddPerson(ctx context.Context, by By, typedNIP string, p Person) (Person, error) {
	if !by.Scope.Covers(p.AgencyID) {
		return Person{}, errAgencyNotFound()
	}
	p, err := checkPerson(typedNIP, p, by.Now)
	if err != nil {
		return Person{}, err
	}
	p.ID, p.Active, p.TimeFactor = storage.NewID(by.Now), true, usualTime
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		if err := (store{db}).addPerson(ctx, p, by.Now); err != nil {
			return err
		}
		return by.record(ctx, db, "person.add", "person", p.ID, p.AgencyID, map[string]string{"kind": string(p.Kind)})
	})
	switch {
	case errors.Is(err, storage.ErrConflict):
		return Person{}, fault.New(fault.Conflict, "people.person_exists").On("nip")
	case errors.Is(err, storage.ErrInvalid):
		return Person{}, fault.New(fault.Invalid, "people.unit_not_found").On("unit")
	case err != nil:
		return Person{}, fmt.Errorf("add person: %w", err)
	}
	return p, nil
}

func checkPerson(typedNIP string, p Person, today time.Time) (Person, error) {
	var faults []*fault.Fault
	refuse := func(f *fault.Fault, field string) { faults = append(faults, f.On(field)) }
	p.ParticipantNo = strings.TrimSpace(p.ParticipantNo)
	if strings.TrimSpace(typedNIP) != "" || p.ParticipantNo == "" {
		nip, err := ParseNIP(typedNIP)
		if err != nil {
			refuse(fault.Of(err), "nip")
		} else {
			refusals, _ := nip.Check(today)
			for _, f := range refusals {
				refuse(f, "nip")
			}
			p.NIP, p.ParticipantNo = nip, ""
			if family(p.Kind) != nip.Kind() {
				p.Kind = nip.Kind()
			}
			p.Sex, p.BirthDate = nip.Sex(), nip.BirthDate().Format(time.DateOnly)
		}
	} else {
		p.Kind = NonASN
	}
	faults = append(faults, checkTexts(&p, len(faults) == 0)...)
	return p, fault.Join(faults)
}

// checkTexts judges and tidies what was typed about a person; named says that an
// empty name is to be told as well.
func checkTexts(p *Person, named bool) (faults []*fault.Fault) {
	refuse := func(f *fault.Fault, field string) { faults = append(faults, f.On(field)) }
	for _, f := range []struct {
		field string
		text  *string
	}{
		{fieldName, &p.Name}, {fieldNumber, &p.ParticipantNo}, {fieldTitleFront, &p.TitleFront}, {fieldTitleBack, &p.TitleBack},
		{fieldPosition, &p.Position}, {fieldEmail, &p.Email}, {fieldPhone, &p.Phone},
	} {
		text, ok := sheet.Clean(*f.text)
		switch {
		case !ok:
			refuse(fault.New(fault.Invalid, "people.control"), f.field)
		case f.field != fieldPhone && sheet.FormulaStart(*f.text):
			refuse(fault.New(fault.Invalid, "people.formula_start", formulaSign(*f.text)), f.field)
		case len([]rune(text)) > fieldLimits[f.field]:
			refuse(fault.New(fault.Invalid, "people.too_long", len([]rune(text)), fieldLimits[f.field]), f.field)
		}
		*f.text = text
	}
	if nameKey(p.Name) == "" && named && len(faults) == 0 {
		refuse(fault.New(fault.Invalid, "people.name_empty"), fieldName)
	}
	if p.Grade != "" {
		g, ok := ParseGrade(p.Grade)
		if !ok {
			refuse(fault.New(fault.Invalid, "people.grade_unknown", p.Grade), fieldGrade)
		}
		p.Grade = g.Code
	}
	return faults
}

// Edit is what may be changed of a person by hand. The number has acts of its
// own, and so has the working time.
type Edit struct {
	Name, TitleFront, TitleBack string
	Unit                        string // path or name as typed; "" is none
	Position, Grade             string
	Email, Phone                string
	Active                      bool
}

// ChangePerson keeps an edit. The audit entry names the fields and no value.
func (s *Service) ChangePerson(ctx context.Context, by By, personID int64, e Edit) error {
	p, err := s.Person(ctx, by.Scope, personID)
	if err != nil {
		return err
	}
	next := p
	next.Name, next.TitleFront, next.TitleBack, next.Position, next.Grade = e.Name, e.TitleFront, e.TitleBack, e.Position, e.Grade
	next.Email, next.Phone, next.Active, next.UnitID = e.Email, e.Phone, e.Active, 0
	faults := checkTexts(&next, true)
	if strings.TrimSpace(e.Unit) != "" {
		unit, err := s.FindUnit(ctx, by.Scope, p.AgencyID, e.Unit)
		if f := fault.Of(err); f != nil {
			faults = append(faults, f)
		} else if err != nil {
			return err
		}
		next.UnitID = unit.ID
	}
	if len(faults) > 0 {
		return fault.Join(faults)
	}
	fields := changedFields(p, next)
	if len(fields) == 0 && p.Active == next.Active {
		return nil
	}
	return s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		if len(fields) > 0 {
			err := st.change(ctx, by, personID, "person.change", map[string][]string{"fields": fields}, func(p *Person) {
				active, number, kind, factor := p.Active, p.NIP, p.Kind, p.TimeFactor // as they are by now
				agency, participant := p.AgencyID, p.ParticipantNo
				*p = next
				p.Active, p.NIP, p.Kind, p.TimeFactor, p.AgencyID, p.ParticipantNo = active, number, kind, factor, agency, participant
			})
			if err != nil {
				return err
			}
		}
		if p.Active == next.Active {
			return nil
		}
		return st.change(ctx, by, personID, "person.active", map[string]bool{"active": next.Active}, func(p *Person) { p.Active = next.Active })
	})
}

func changedFields(p, next Person) []string {
	var fields []string
	for _, f := range []struct{ name, old, now string }{
		{fieldName, p.Name, next.Name}, {fieldTitleFront, p.TitleFront, next.TitleFront}, {fieldTitleBack, p.TitleBack, next.TitleBack},
		{fieldPosition, p.Position, next.Position}, {fieldGrade, p.Grade, next.Grade}, {fieldEmail, p.Email, next.Email}, {fieldPhone, p.Phone, next.Phone},
	} {
		if f.old != f.now {
			fields = append(fields, f.name)
		}
	}
	if p.UnitID != next.UnitID {
		fields = append(fields, fieldUnit)
	}
	return fields
}

// FindUnit finds a unit of an agency by its path, or by a name that only one
// has. Where several have it the refusal lists their paths.
func (s *Service) FindUnit(ctx context.Context, scope access.Scope, agencyID int64, typed string) (Unit, error) {
	units, err := s.Units(ctx, scope, agencyID)
	if err != nil {
		return Unit{}, err
	}
	text, _ := sheet.Clean(typed)
	var named []Unit
	for _, u := range units {
		if strings.EqualFold(u.Path, text) {
			return u, nil
		}
		if strings.EqualFold(u.Name, text) {
			named = append(named, u)
		}
	}
	switch len(named) {
	case 1:
		return named[0], nil
	case 0:
		return Unit{}, fault.New(fault.Invalid, "people.unit_unknown").On("unit")
	}
	var paths []string
	for _, u := range named[:min(len(named), 5)] {
		paths = append(paths, u.Path)
	}
	return Unit{}, fault.New(fault.Invalid, "people.unit_several", len(named), strings.Join(paths, "; ")).On("unit")
}

// ChangeNIP gives somebody a new number, as a PPPK gets who becomes PNS. The
// old one still finds the person.
func (s *Service) ChangeNIP(ctx context.Context, by By, personID int64, typed string) error {
	nip, err := ParseNIP(typed)
	if err != nil {
		return fault.Of(err).On("nip")
	}
	if refusals, _ := nip.Check(by.Now); len(refusals) > 0 {
		return refusals[0].On("nip")
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		owner, err := st.personIDByNIP(ctx, nip)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			if err := st.addNIP(ctx, personID, nip, by.Now); err != nil {
				return err
			}
		case err != nil:
			return err
		case owner != personID:
			return storage.ErrConflict
		}
		if err := st.change(ctx, by, personID, "person.nip", nil, func(p *Person) {
			p.NIP, p.ParticipantNo = nip, ""
			if family(p.Kind) != nip.Kind() {
				p.Kind = nip.Kind()
			}
		}); err != nil {
			return err
		}
		return access.FollowNumber(ctx, db, personID, string(nip))
	})
	switch {
	case errors.Is(err, storage.ErrConflict):
		return fault.New(fault.Conflict, "people.person_exists").On("nip")
	case errors.Is(err, storage.ErrInvalid): // no such person to add the number to
		return errPersonNotFound()
	}
	return err
}

func (s store) change(ctx context.Context, by By, personID int64, action string, detail any, change func(*Person)) error {
	p, err := s.person(ctx, personID)
	switch {
	case errors.Is(err, storage.ErrNotFound), err == nil && !by.Scope.Covers(p.AgencyID):
		return errPersonNotFound()
	case err != nil:
		return fmt.Errorf("%s: %w", action, err)
	}
	change(&p)
	if err := s.updatePerson(ctx, p, by.Now); err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return by.record(ctx, s.db, action, "person", p.ID, p.AgencyID, detail)
}
