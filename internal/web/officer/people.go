package officer

import (
	"context"
	"slices"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// peoplePage lists the people of the agencies a person may see.
type peoplePage struct {
	kit.Base
	Text     string
	Kind     string
	State    string
	Agencies []choice
	Units    []choice // first level, where one agency is chosen
	Kinds    []choice
	Total    int
	Rows     []personRow
	Pages    []pageLink
	Narrowed bool
	Codes    bool // may make activation codes
}

// personRow is one person in the list.
type personRow struct {
	ID       int64
	Name     string
	Number   string // last four
	Kind     string
	Agency   string // where several are listed
	Unit     string
	Position string
	Active   bool
	Account  tag // where activation codes are this reader's business
}

// peopleFilter is how the address narrows the list.
func (p pages) peopleFilter(c *kit.Ctx) (people.Filter, error) {
	f := people.Filter{Page: max(c.QueryInt("h", 1), 1), Kind: people.Kind(c.Query("jenis"))}
	if text := c.Query("q"); !kit.LongNumber(text) {
		f.Query = text
	}
	if state := c.Query("s"); state == "active" || state == "inactive" {
		f.State = state
	}
	if !slices.Contains(kinds(), f.Kind) {
		f.Kind = ""
	}
	var err error
	if f.AgencyID, err = p.queryID(c, kindAgency, "instansi"); err != nil {
		return f, err
	}
	f.UnitID, err = p.queryID(c, kindUnit, "unit")
	return f, err
}

func kinds() []people.Kind {
	return []people.Kind{people.PNS, people.CPNS, people.PPPK, people.PPPKPW, people.NonASN}
}

func (p pages) people(c *kit.Ctx) (kit.Response, error) {
	page, err := p.peoplePage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/pegawai", page), nil
}

func (p pages) peoplePage(c *kit.Ctx) (*peoplePage, error) {
	// The page is shown again by doors of other actions; what it lists is
	// always what may be read.
	scope := c.Principal().Scope(access.RosterRead)
	f, err := p.peopleFilter(c)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), scope)
	if err != nil {
		return nil, err
	}
	list, err := p.People.People(c.Context(), scope, f)
	if err != nil {
		return nil, err
	}
	units, err := p.unitPaths(c.Context(), scope, list.People)
	if err != nil {
		return nil, err
	}
	page := &peoplePage{
		Base: c.Base("Daftar pegawai").In(kit.SectionPeople), Text: f.Query, Kind: string(f.Kind), State: f.State, Total: list.Total,
		Narrowed: f.Query != "" || f.Kind != "" || f.State != "" || f.AgencyID != 0 || f.UnitID != 0,
		Codes:    rightsOf(c.Principal()).Codes,
	}
	names := map[int64]string{}
	for _, a := range agencies {
		names[a.ID] = a.ShortName
		page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == f.AgencyID})
	}
	for _, k := range kinds() {
		page.Kinds = append(page.Kinds, choice{string(k), k.Label(), k == f.Kind})
	}
	for _, one := range list.People {
		page.Rows = append(page.Rows, personRowOf(one, units[one.UnitID], names[one.AgencyID], len(agencies) > 1))
	}
	if err := p.accountTags(c, page, list.People); err != nil {
		return nil, err
	}
	if page.Units, err = p.unitChoices(c, scope, f, agencies); err != nil {
		return nil, err
	}
	query := kit.QueryOf("q", f.Query, "jenis", page.Kind, "s", f.State, "instansi", c.Query("instansi"), "unit", c.Query("unit"))
	page.Pages = pageLinks("/pegawai", query, list.Number, list.Pages)
	return page, nil
}

// accountTags says how far each person is on the way to a password.
func (p pages) accountTags(c *kit.Ctx, page *peoplePage, list []people.Person) error {
	if !page.Codes {
		return nil
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	states, err := p.Access.ActivationOf(c.Context(), c.Principal().Scope(access.CodesIssue), ids)
	if err != nil {
		return err
	}
	for i := range page.Rows {
		if a, ok := states[page.Rows[i].ID]; ok {
			page.Rows[i].Account = activationTag(a.State)
		}
	}
	return nil
}

func activationTag(s access.ActivationState) tag {
	switch s {
	case access.CodeIssued:
		return tag{"half act", "Kode dibuat"}
	case access.CodeUsed:
		return tag{"check", "Aktif"}
	case access.CodeExpired:
		return tag{"tri warn", "Kode kedaluwarsa"}
	default:
		return tag{"box", "Belum ada kode"}
	}
}

// unitChoices are the first-level units of the agency in question.
func (p pages) unitChoices(c *kit.Ctx, scope access.Scope, f people.Filter, agencies []people.Agency) ([]choice, error) {
	agency := f.AgencyID
	if agency == 0 && len(agencies) == 1 {
		agency = agencies[0].ID
	}
	if agency == 0 {
		return nil, nil
	}
	units, err := p.People.Units(c.Context(), scope, agency)
	if err != nil {
		return nil, err
	}
	var all []choice
	for _, u := range units {
		if u.Level == 1 && !u.Hidden {
			all = append(all, choice{c.Seal(kindUnit, u.ID), u.Name, u.ID == f.UnitID})
		}
	}
	return all, nil
}

func personRowOf(one people.Person, unit, agency string, several bool) personRow {
	r := personRow{
		ID: one.ID, Name: one.FullName(), Number: kit.LastFour(numberOf(one)), Kind: one.Kind.Label(), Unit: unit,
		Position: one.Position, Active: one.Active,
	}
	if several {
		r.Agency = agency
	}
	return r
}

func numberOf(one people.Person) string {
	if one.NIP != "" {
		return string(one.NIP)
	}
	return one.ParticipantNo
}

// unitPaths are the paths of the units that a page of people works in.
func (p pages) unitPaths(ctx context.Context, scope access.Scope, all []people.Person) (map[int64]string, error) {
	paths, seen := map[int64]string{}, map[int64]bool{}
	for _, one := range all {
		if one.UnitID == 0 || seen[one.AgencyID] {
			continue
		}
		seen[one.AgencyID] = true
		units, err := p.People.Units(ctx, scope, one.AgencyID)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			paths[u.ID] = u.Path
		}
	}
	return paths, nil
}

// findPerson looks for what was typed. A whole number goes in the body, never
// into an address, and leads straight to the person.
func (p pages) findPerson(c *kit.Ctx) (kit.Response, error) {
	text := c.Form("q")
	if !kit.LongNumber(text) {
		query := kit.QueryOf("q", text, "jenis", c.Form("jenis"), "s", c.Form("s"), "instansi", c.Form("instansi"))
		if c.Form("instansi") == c.Form("instansi_lama") { // a unit of another agency would not be found
			for k, v := range kit.QueryOf("unit", c.Form("unit")) {
				query[k] = v
			}
		}
		if len(query) == 0 {
			return kit.Redirect("/pegawai"), nil
		}
		return kit.Redirect("/pegawai?" + query.Encode()), nil
	}
	one, err := p.People.PersonByNumber(c.Context(), c.Scope(), text)
	if err == nil {
		return kit.Redirect("/pegawai/" + c.Seal(kindPerson, one.ID)), nil
	}
	if fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	errs, err := inPlace(fault.New(fault.NotFound, "officer.number_not_found").On("q"))
	if err != nil {
		return nil, err
	}
	page, err := p.peoplePage(c)
	if err != nil {
		return nil, err
	}
	page.Errors, page.Text = errs, text
	return kit.Refused("officer/pegawai", page), nil
}
