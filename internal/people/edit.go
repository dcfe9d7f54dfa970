package people

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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
	p.ID, p.Active, p.TimeFactor = storage.NewID(by.Now), true, 100
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
	if nameKey(p.Name) == "" && len(faults) == 0 {
		refuse(fault.New(fault.Invalid, "people.name_empty"), fieldName)
	}
	if p.Grade != "" {
		g, ok := ParseGrade(p.Grade)
		if !ok {
			refuse(fault.New(fault.Invalid, "people.grade_unknown", p.Grade), fieldGrade)
		}
		p.Grade = g.Code
	}
	return p, fault.Join(faults)
}

// SetActive says whether somebody is invited to events. Nobody is deleted:
// results need their people.
func (s *Service) SetActive(ctx context.Context, by By, personID int64, active bool) error {
	return s.change(ctx, by, personID, "person.active", map[string]bool{"active": active}, func(p *Person) { p.Active = active })
}

// SetTimeFactor gives somebody more working time, in per cent of the usual:
// an accommodation. It holds for enrolments made from now on.
func (s *Service) SetTimeFactor(ctx context.Context, by By, personID int64, percent int) error {
	if percent < 100 || percent > 400 {
		return fault.New(fault.Invalid, "people.time_factor").On("time_factor")
	}
	return s.change(ctx, by, personID, "person.time_factor", map[string]int{"percent": percent}, func(p *Person) { p.TimeFactor = percent })
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
		return st.change(ctx, by, personID, "person.nip", nil, func(p *Person) {
			p.NIP, p.ParticipantNo = nip, ""
			if family(p.Kind) != nip.Kind() {
				p.Kind = nip.Kind()
			}
		})
	})
	switch {
	case errors.Is(err, storage.ErrConflict):
		return fault.New(fault.Conflict, "people.person_exists").On("nip")
	case errors.Is(err, storage.ErrInvalid): // no such person to add the number to
		return errPersonNotFound()
	}
	return err
}

func (s *Service) change(ctx context.Context, by By, personID int64, action string, detail any, change func(*Person)) error {
	return s.db.Tx(ctx, func(db storage.Querier) error {
		return store{db}.change(ctx, by, personID, action, detail, change)
	})
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
