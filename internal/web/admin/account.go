package admin

import (
	"slices"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// accountsPage is the list of staff accounts.
type accountsPage struct {
	kit.Base
	Text  string
	Role  string
	Shut  bool
	Roles []option
	Rows  []accountRow
	Total int
	Pages []pageLink
}

// option is an entry of a select or a row of check boxes.
type option struct {
	Value, Text, Hint string
	Chosen            bool
}

// accountRow is a staff account in words.
type accountRow struct {
	ID             int64
	Name, Username string
	Roles          []string
	Active         bool
	Person         bool
	NoPassword     bool
	Seen           string
}

// pageLink is an entry of the row of pages.
type pageLink struct {
	Text, URL string
	Current   bool
}

// accountsShown is how many accounts a page lists.
const accountsShown = 50

func (d Deps) accounts(c *kit.Ctx) (kit.Response, error) {
	f := access.AccountFilter{Scope: c.Scope(), Text: c.Query("q"), Shut: c.Query("nonaktif") == "ya", Limit: accountsShown}
	if role := access.Role(c.Query("peran")); slices.Contains(staffRoles[:], role) {
		f.Role = role
	}
	at := max(c.QueryInt("hal", 1), 1)
	f.Offset = (at - 1) * accountsShown
	found, total, err := d.Access.Accounts(c.Context(), f)
	if err != nil {
		return nil, err
	}
	page := &accountsPage{Base: c.Base("Akun petugas").In(kit.SectionAccounts), Text: f.Text, Role: string(f.Role), Shut: f.Shut, Total: total, Roles: roleOptions(f.Role)}
	for _, a := range found {
		page.Rows = append(page.Rows, accountOf(a))
	}
	page.Pages = accountPages(f, at, (total+accountsShown-1)/accountsShown)
	return kit.HTML("admin/akun", page), nil
}

func roleOptions(chosen ...access.Role) []option {
	var all []option
	for _, r := range staffRoles {
		all = append(all, option{Value: string(r), Text: roleName(r), Hint: roleHint(r), Chosen: slices.Contains(chosen, r)})
	}
	return all
}

func accountOf(a access.Account) accountRow {
	row := accountRow{ID: a.ID, Name: a.Name, Username: a.Username, Active: a.Active, Person: a.Person, NoPassword: !a.HasPassword}
	for i, g := range a.Grants {
		if g.Role != access.Participant {
			row.Roles = append(row.Roles, grantName(g, a.Agencies[i]))
		}
	}
	if !a.SeenAt.IsZero() {
		row.Seen = locale.DateTime(a.SeenAt.In(locale.Zone("")))
	}
	return row
}

func grantName(g access.Grant, agency string) string {
	if g.AgencyID == 0 {
		return roleName(g.Role) + ", semua instansi"
	}
	return roleName(g.Role) + ", " + agency
}

// newAccountPage is the form of a new account.
type newAccountPage struct {
	kit.Base
	Name, Username string
	Roles          []option
	Agencies       []option
	Everywhere     bool // this administrator may give a role for every agency
}

func (d Deps) newAccountForm(c *kit.Ctx) (kit.Response, error) {
	page := &newAccountPage{Base: c.Base("Buat akun petugas").In(kit.SectionAccounts), Roles: roleOptions(), Everywhere: c.Scope().All}
	var err error
	page.Agencies, err = d.agencyOptions(c, 0)
	return kit.HTML("admin/baru", page), err
}

func (d Deps) newAccount(c *kit.Ctx) (kit.Response, error) {
	agency, err := c.FormID(agencyKind, "instansi")
	if err != nil {
		return nil, err
	}
	roles := chosenRoles(c.FormAll("peran"))
	n := access.NewAccount{Username: c.Form("akun"), Name: c.Form("nama"), Password: c.Secret("sandi"), Grants: grants(roles, agency)}
	if err := samePassword(c); err != nil {
		return d.newAccountRefused(c, n, roles, agency, err)
	}
	id, err := d.Access.CreateAccount(c.Context(), c.Actor(), n)
	if err != nil {
		return d.newAccountRefused(c, n, roles, agency, err)
	}
	c.Flash("Akun dibuat. Sampaikan nama akun dan kata sandinya langsung kepada pemiliknya; kata sandi tidak ditampilkan lagi.")
	return kit.Redirect("/admin/akun/" + c.Seal(accountKind, id)), nil
}

func (d Deps) newAccountRefused(c *kit.Ctx, n access.NewAccount, roles []access.Role, agency int64, refusal error) (kit.Response, error) {
	page := &newAccountPage{
		Base: c.Base("Buat akun petugas").In(kit.SectionAccounts), Name: n.Name, Username: n.Username, Roles: roleOptions(roles...), Everywhere: c.Scope().All,
	}
	var err error
	if page.Agencies, err = d.agencyOptions(c, agency); err != nil {
		return nil, err
	}
	return refused(refusal, "admin/baru", page, &page.Base)
}

func samePassword(c *kit.Ctx) error {
	if c.Secret("sandi") != c.Secret("ulangi") {
		return fault.New(fault.Invalid, "web.passwords_differ").On("ulangi")
	}
	return nil
}

// chosenRoles leaves out what is no role of staff.
func chosenRoles(values []string) []access.Role {
	var roles []access.Role
	for _, v := range values {
		if r := access.Role(v); slices.Contains(staffRoles[:], r) && !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	return roles
}

// grants gives each role for one agency, or for all where agency is 0.
func grants(roles []access.Role, agency int64) []access.Grant {
	all := make([]access.Grant, len(roles))
	for i, r := range roles {
		all[i] = access.Grant{Role: r, AgencyID: agency}
	}
	return all
}

// agencyOptions are the agencies for which this administrator may give roles.
func (d Deps) agencyOptions(c *kit.Ctx, chosen int64) ([]option, error) {
	agencies, err := d.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	agencies = slices.DeleteFunc(agencies, func(a people.Agency) bool { return !a.Active && a.ID != chosen })
	all := make([]option, len(agencies))
	for i, a := range agencies {
		all[i] = option{Value: c.Seal(agencyKind, a.ID), Text: a.Name, Chosen: a.ID == chosen}
	}
	return all, nil
}

// accountPage is one account with what can be done to it.
type accountPage struct {
	kit.Base
	Account    accountRow
	Created    string
	Held       []option // the roles it has now; unticked ones go
	Roles      []option
	Agencies   []option
	Everywhere bool
	Self       bool // the administrator's own
}

func (d Deps) account(c *kit.Ctx) (kit.Response, error) {
	page, err := d.accountPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("admin/petugas", page), nil
}

func (d Deps) accountPage(c *kit.Ctx) (*accountPage, error) {
	id, err := c.ID(accountKind, "id")
	if err != nil {
		return nil, err
	}
	a, err := d.Access.Account(c.Context(), c.Scope(), id)
	if err != nil {
		return nil, err
	}
	page := &accountPage{
		Base: c.Base(a.Name).In(kit.SectionAccounts), Account: accountOf(a), Created: locale.Date(a.CreatedAt.In(locale.Zone(""))),
		Roles: roleOptions(), Everywhere: c.Scope().All, Self: id == c.Actor(),
	}
	for i, g := range a.Grants {
		if g.Role != access.Participant {
			page.Held = append(page.Held, option{Value: grantValue(g, c.Seal), Text: grantName(g, a.Agencies[i]), Chosen: true})
		}
	}
	page.Agencies, err = d.agencyOptions(c, 0)
	return page, err
}

// grantValue is a grant as a form carries it: "officer/" or "officer/<agency>".
func grantValue(g access.Grant, seal func(string, int64) string) string {
	if g.AgencyID == 0 {
		return string(g.Role) + "/"
	}
	return string(g.Role) + "/" + seal(agencyKind, g.AgencyID)
}

// keptGrants are those of held whose box is still ticked. The form only says
// which to keep, so that it can give nothing.
func keptGrants(held []access.Grant, ticked []string, seal func(string, int64) string) []access.Grant {
	var kept []access.Grant
	for _, g := range held {
		if g.Role == access.Participant || slices.Contains(ticked, grantValue(g, seal)) {
			kept = append(kept, g)
		}
	}
	return kept
}

func (d Deps) setActive(c *kit.Ctx) (kit.Response, error) {
	active := c.Form("aktif") == "ya"
	text := "Akun dinonaktifkan. Semua sesinya berakhir."
	if active {
		text = "Akun aktif lagi."
	}
	return d.change(c, text, func(id int64) error { return d.Access.SetActive(c.Context(), c.Actor(), id, active) })
}

func (d Deps) setPassword(c *kit.Ctx) (kit.Response, error) {
	return d.change(c, "Kata sandi diganti. Semua sesi akun itu berakhir; sampaikan kata sandinya langsung kepada pemiliknya.", func(id int64) error {
		if err := samePassword(c); err != nil {
			return err
		}
		return d.Access.SetPassword(c.Context(), c.Actor(), id, c.Secret("sandi"))
	})
}

func (d Deps) setRoles(c *kit.Ctx) (kit.Response, error) {
	agency, err := c.FormID(agencyKind, "instansi")
	if err != nil {
		return nil, err
	}
	return d.change(c, "Peran diubah. Pemilik akun perlu masuk lagi.", func(id int64) error {
		a, err := d.Access.Account(c.Context(), c.Scope(), id)
		if err != nil {
			return err
		}
		all := keptGrants(a.Grants, c.FormAll("punya"), c.Seal)
		for _, g := range grants(chosenRoles(c.FormAll("peran")), agency) {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
		return d.Access.SetRoles(c.Context(), c.Actor(), id, all)
	})
}

// change does something to the account of the address and returns to it. An
// account outside the administrator's agencies is not found.
func (d Deps) change(c *kit.Ctx, done string, do func(id int64) error) (kit.Response, error) {
	id, err := c.ID(accountKind, "id")
	if err != nil {
		return nil, err
	}
	if err := do(id); err != nil {
		page, loadErr := d.accountPage(c)
		if loadErr != nil {
			return nil, loadErr
		}
		return refused(err, "admin/petugas", page, &page.Base)
	}
	c.Flash(done)
	if id == c.Actor() { // the session that asked has ended with the others
		return kit.Redirect("/masuk"), nil
	}
	return kit.Redirect("/admin/akun/" + c.Seal(accountKind, id)), nil
}

// RoleText is the account's roles in one line.
func (r accountRow) RoleText() string { return strings.Join(r.Roles, "; ") }
