package officer

import (
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// newPersonPage adds one person by hand.
type newPersonPage struct {
	kit.Base
	Form     personForm
	Agencies []choice
	Agency   string
}

func (p pages) newPerson(c *kit.Ctx) (kit.Response, error) {
	page, err := p.newPersonPage(c, personForm{Active: true}, 0)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/pegawai-baru", page), nil
}

func (p pages) newPersonPage(c *kit.Ctx, f personForm, chosen int64) (*newPersonPage, error) {
	agencies, err := p.activeAgencies(c)
	if err != nil {
		return nil, err
	}
	f.New = true
	for _, k := range kinds() {
		f.Kinds = append(f.Kinds, choice{string(k), k.Label(), string(k) == f.Kind})
	}
	page := &newPersonPage{Base: c.Base("Tambah pegawai").In(kit.SectionPeople), Form: f}
	if len(agencies) != 1 {
		page.Agencies = agencyChoices(c, agencies, chosen)
		return page, nil
	}
	page.Agency = agencies[0].Name
	units, err := p.People.Units(c.Context(), c.Scope(), agencies[0].ID)
	if err != nil {
		return nil, err
	}
	page.Form.Units = unitPathsOf(units)
	return page, nil
}

func (p pages) addPerson(c *kit.Ctx) (kit.Response, error) {
	f := formOf(c)
	one, err := p.addTyped(c, f)
	if err == nil {
		c.Flash("Pegawai ditambahkan.")
		return kit.Redirect(personPath(c, one.ID)), nil
	}
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	chosen, err := c.FormID(kindAgency, "agency")
	if err != nil {
		return nil, err
	}
	page, err := p.newPersonPage(c, f, chosen)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/pegawai-baru", page), nil
}

func (p pages) addTyped(c *kit.Ctx, f personForm) (people.Person, error) {
	agency, err := p.chosenAgency(c, "officer.choose_agency")
	if err != nil {
		return people.Person{}, err
	}
	one := people.Person{
		AgencyID: agency, ParticipantNo: f.Number, Kind: people.Kind(f.Kind), Name: f.Name, TitleFront: f.TitleFront, TitleBack: f.TitleBack,
		Position: f.Position, Grade: f.Grade, Email: f.Email, Phone: f.Phone,
	}
	if f.Unit != "" {
		unit, err := p.People.FindUnit(c.Context(), c.Scope(), agency, f.Unit)
		if err != nil {
			return people.Person{}, err
		}
		one.UnitID = unit.ID
	}
	return p.People.AddPerson(c.Context(), by(c), f.NIP, one)
}
