package admin

import (
	"strings"

	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// agenciesPage is the list of agencies with the form for one more.
type agenciesPage struct {
	kit.Base
	Rows []agencyRow
	Form agencyForm
	May  bool // only who covers every agency may add one
}

// agencyRow is an agency with how much it holds.
type agencyRow struct {
	ID                     int64
	Code, Name, Kind, Zone string
	Active                 bool
	Units, People, Staff   int
}

// agencyForm is what the form of an agency holds; the template names its fields
// as the refusals do.
type agencyForm struct {
	Code, Name, ShortName string
	Kinds, Zones          []option
	Active                bool
}

func formOf(a people.Agency) agencyForm {
	f := agencyForm{Code: a.Code, Name: a.Name, ShortName: a.ShortName, Active: a.Active}
	for _, k := range kinds {
		f.Kinds = append(f.Kinds, option{Value: k.Value, Text: k.Text, Chosen: k.Value == a.Kind})
	}
	for _, z := range []string{"WIB", "WITA", "WIT"} {
		f.Zones = append(f.Zones, option{Value: z, Text: z, Chosen: z == a.Zone})
	}
	return f
}

// typed reads the form of an agency.
func typed(c *kit.Ctx) people.Agency {
	return people.Agency{Code: c.Form("code"), Name: c.Form("name"), ShortName: c.Form("short_name"), Kind: c.Form("kind"), Zone: c.Form("zone")}
}

func by(c *kit.Ctx) people.By {
	return people.By{Scope: c.Scope(), Actor: c.Actor(), Now: c.Now()}
}

func (d Deps) agencies(c *kit.Ctx) (kit.Response, error) {
	page, err := d.agenciesPage(c, people.Agency{Kind: "regency", Zone: "WIB"})
	if err != nil {
		return nil, err
	}
	return kit.HTML("admin/instansi", page), nil
}

func (d Deps) agenciesPage(c *kit.Ctx, form people.Agency) (*agenciesPage, error) {
	all, err := d.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	held, err := sizes(c.Context(), d.DB)
	if err != nil {
		return nil, err
	}
	page := &agenciesPage{Base: c.Base("Instansi").In(kit.SectionAgencies), Form: formOf(form), May: c.Scope().All}
	for _, a := range all {
		n := held[a.ID]
		page.Rows = append(page.Rows, agencyRow{ID: a.ID, Code: a.Code, Name: a.Name, Kind: kindName(a.Kind), Zone: a.Zone, Active: a.Active, Units: n.Units, People: n.People, Staff: n.Staff})
	}
	return page, nil
}

func (d Deps) createAgency(c *kit.Ctx) (kit.Response, error) {
	want := typed(c)
	a, err := d.People.CreateAgency(c.Context(), by(c), want)
	if err != nil {
		page, loadErr := d.agenciesPage(c, want)
		if loadErr != nil {
			return nil, loadErr
		}
		return refused(err, "admin/instansi", page, &page.Base)
	}
	c.Flash("Instansi dibuat. Unit kerjanya datang bersama impor pegawai.")
	return kit.Redirect("/admin/instansi/" + c.Seal(agencyKind, a.ID)), nil
}

// agencyPage is one agency with its tree of units.
type agencyPage struct {
	kit.Base
	ID     int64
	Agency agencyRow
	Form   agencyForm
	May    bool
	Trees  []tree
	Loose  int // people who belong to no unit
}

// tree is a unit of the first level with those below it, flat, in order.
type tree struct {
	Name   string
	People int // in the whole tree
	Hidden bool
	Below  []branch
}

// branch is a unit below the first level, called by its path from there.
type branch struct {
	Name   string
	People int
	Hidden bool
}

func (d Deps) agency(c *kit.Ctx) (kit.Response, error) {
	a, err := d.asked(c)
	if err != nil {
		return nil, err
	}
	page, err := d.agencyPage(c, a, formOf(a))
	if err != nil {
		return nil, err
	}
	return kit.HTML("admin/unit", page), nil
}

// asked is the agency that the address names.
func (d Deps) asked(c *kit.Ctx) (people.Agency, error) {
	id, err := c.ID(agencyKind, "id")
	if err != nil {
		return people.Agency{}, err
	}
	return d.People.Agency(c.Context(), c.Scope(), id)
}

func (d Deps) agencyPage(c *kit.Ctx, a people.Agency, form agencyForm) (*agencyPage, error) {
	units, err := d.People.Units(c.Context(), c.Scope(), a.ID)
	if err != nil {
		return nil, err
	}
	heads, err := headcount(c.Context(), d.DB, a.ID)
	if err != nil {
		return nil, err
	}
	held, err := sizes(c.Context(), d.DB)
	if err != nil {
		return nil, err
	}
	n := held[a.ID]
	page := &agencyPage{
		Base: c.Base(a.Name).In(kit.SectionAgencies), ID: a.ID, Form: form, May: c.Scope().All, Trees: trees(units, heads),
		Agency: agencyRow{ID: a.ID, Code: a.Code, Name: a.Name, Kind: kindName(a.Kind), Zone: a.Zone, Active: a.Active, Units: n.Units, People: n.People, Staff: n.Staff},
	}
	page.Loose = n.People
	for _, t := range page.Trees {
		page.Loose -= t.People
	}
	return page, nil
}

// trees puts the units, parents before children, under those of the first level.
func trees(units []people.Unit, heads map[int64]int) []tree {
	var all []tree
	for _, u := range units {
		if u.Level == 1 || len(all) == 0 {
			all = append(all, tree{Name: u.Name, People: heads[u.ID], Hidden: u.Hidden})
			continue
		}
		t := &all[len(all)-1]
		t.People += heads[u.ID]
		t.Below = append(t.Below, branch{Name: strings.TrimPrefix(u.Path, t.Name+" / "), People: heads[u.ID], Hidden: u.Hidden})
	}
	return all
}

func (d Deps) updateAgency(c *kit.Ctx) (kit.Response, error) {
	a, err := d.asked(c)
	if err != nil {
		return nil, err
	}
	want := typed(c)
	want.ID, want.Active = a.ID, c.Form("active") == "ya"
	if want == a {
		err = fault.New(fault.Conflict, "admin.unchanged")
	} else {
		err = d.People.UpdateAgency(c.Context(), by(c), want)
	}
	if err != nil {
		page, loadErr := d.agencyPage(c, a, formOf(want))
		if loadErr != nil {
			return nil, loadErr
		}
		return refused(err, "admin/unit", page, &page.Base)
	}
	c.Flash("Instansi diubah.")
	return kit.Redirect("/admin/instansi/" + c.Seal(agencyKind, a.ID)), nil
}
