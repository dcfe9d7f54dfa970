package officer

import (
	"fmt"
	"slices"
	"strings"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// codesPage shows activation codes once: slips to cut, and a text to send.
type codesPage struct {
	kit.Base
	Slips   []activationSlip
	Expires string
	Message string // for WhatsApp, one person a line
}

type activationSlip struct {
	Name, Number, Unit, Code string
}

// activation makes codes for the ticked people, or for everybody shown.
func (p pages) activation(c *kit.Ctx) (kit.Response, error) {
	field := "p"
	if c.Form("semua") != "" {
		field = "tampil"
	}
	ids, err := p.formIDs(c, kindPerson, field)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return p.nobodyChosen(c)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var chosen []people.Person
	for _, id := range ids {
		one, err := p.People.Person(c.Context(), c.Scope(), id)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, one)
	}
	units, err := p.unitPaths(c.Context(), c.Scope(), chosen)
	if err != nil {
		return nil, err
	}
	codes, err := p.Access.IssueActivation(c.Context(), c.Actor(), c.Scope(), ids)
	if err != nil {
		return nil, err
	}
	page := codesOf(chosen, units, codes)
	page.Base = c.Base("Kode aktivasi").In(kit.SectionPeople)
	return kit.HTML("officer/kode", page), nil
}

// nobodyChosen shows the list again, to those who may see it.
func (p pages) nobodyChosen(c *kit.Ctx) (kit.Response, error) {
	refusal := fault.New(fault.Invalid, "officer.nobody_chosen").On("p")
	if !rightsOf(c.Principal()).Roster {
		return nil, refusal
	}
	errs, err := inPlace(refusal)
	if err != nil {
		return nil, err
	}
	page, err := p.peoplePage(c)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/pegawai", page), nil
}

// codesOf joins people with their codes, in the order of the codes.
func codesOf(chosen []people.Person, units map[int64]string, codes []access.IssuedCode) *codesPage {
	page := &codesPage{}
	var lines []string
	for _, code := range codes {
		i := slices.IndexFunc(chosen, func(one people.Person) bool { return one.ID == code.PersonID })
		if i < 0 {
			continue
		}
		one := chosen[i]
		page.Slips = append(page.Slips, activationSlip{one.FullName(), grouped(numberOf(one)), units[one.UnitID], code.Code})
		page.Expires = locale.Date(code.Expires.In(locale.Zone("WIB")))
		lines = append(lines, fmt.Sprintf("%s: %s", one.FullName(), code.Code))
	}
	page.Message = "Aktifkan akun Cakap Anda sebelum " + page.Expires + ": buka alamat Cakap instansi, pilih “Aktifkan akun”, lalu masukkan kode.\n" + strings.Join(lines, "\n")
	return page
}
