package officer

import (
	"cmp"
	"fmt"

	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// transfersPage lists who is asked to move between agencies: those to decide
// about, and those this agency asked for.
type transfersPage struct {
	kit.Base
	Incoming []transferRow
	Outgoing []transferRow
	Agencies []choice // to ask for; where there are several
	Agency   string   // the only one
	NIP      string   // as typed
	Reason   string
}

// transferRow is one wish. Of those asked for, only the number is known.
type transferRow struct {
	ID       int64
	Who      string
	Number   string
	From, To string
	Reason   string
	Tag      tag
	When     string
	Decision string
	Open     bool
}

func (p pages) transfers(c *kit.Ctx) (kit.Response, error) {
	page, err := p.transfersPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/mutasi", page), nil
}

func (p pages) transfersPage(c *kit.Ctx) (*transfersPage, error) {
	all, err := p.People.Transfers(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	names, err := p.People.AgencyNames(c.Context())
	if err != nil {
		return nil, err
	}
	page := &transfersPage{Base: c.Base("Mutasi pegawai").In(kit.SectionPeople)}
	for _, t := range all {
		row := transferRowOf(t, names)
		if t.Incoming {
			row.Who = cmp.Or(row.Who, "Pegawai yang sudah pindah")
			page.Incoming = append(page.Incoming, row)
		} else {
			page.Outgoing = append(page.Outgoing, row)
		}
	}
	agencies, err := p.activeAgencies(c)
	if err != nil {
		return nil, err
	}
	if len(agencies) == 1 {
		page.Agency = agencies[0].Name
		return page, nil
	}
	page.Agencies = agencyChoices(c, agencies, 0)
	return page, nil
}

func transferRowOf(t people.Transfer, names map[int64]string) transferRow {
	return transferRow{
		ID: t.ID, Who: t.PersonName, Number: kit.LastFour(t.Number), From: names[t.From], To: names[t.To], Reason: t.Reason,
		Tag: transferTag(t.State), When: locale.Date(t.AskedAt.In(locale.Zone("WIB"))), Decision: t.Decision, Open: t.State == people.TransferAsked,
	}
}

func transferTag(s people.TransferState) tag {
	switch s {
	case people.TransferAccepted:
		return tag{"check", "Diterima"}
	case people.TransferRefused:
		return tag{"ex bad", "Ditolak"}
	case people.TransferWithdrawn:
		return tag{"box", "Dibatalkan"}
	default:
		return tag{"half act", "Menunggu"}
	}
}

// wantOne asks for one person by the number typed.
func (p pages) wantOne(c *kit.Ctx) (kit.Response, error) {
	agency, err := p.chosenAgency(c, "officer.choose_agency")
	var done people.Wanted
	if err == nil {
		done, err = p.People.RequestTransfers(c.Context(), by(c), agency, []string{c.Form("nip")}, c.Form("reason"))
	}
	if err == nil {
		c.Flash(wantedText(done))
		return kit.Redirect("/pegawai/mutasi"), nil
	}
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	page, err := p.transfersPage(c)
	if err != nil {
		return nil, err
	}
	page.Errors, page.NIP, page.Reason = errs, c.Form("nip"), c.Form("reason")
	for i := range page.Agencies {
		page.Agencies[i].On = page.Agencies[i].Value == c.Form("agency")
	}
	return kit.Refused("officer/mutasi", page), nil
}

func wantedText(w people.Wanted) string {
	text := fmt.Sprintf("%s permintaan mutasi dikirim. Instansi asal atau admin memutuskannya.", locale.Int(w.Asked))
	if w.Already > 0 {
		text += fmt.Sprintf(" %s sudah diminta sebelumnya.", locale.Int(w.Already))
	}
	return text
}

// decideTransfer accepts, refuses or takes back.
func (p pages) decideTransfer(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindTransfer, "transfer")
	if err != nil {
		return nil, err
	}
	decision := people.TransferState(c.Form("decision"))
	if err := p.People.DecideTransfer(c.Context(), by(c), id, decision, c.Form("why")); err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		for i := range errs {
			errs[i].Field = "putusan-" + c.Seal(kindTransfer, id)
		}
		page, err := p.transfersPage(c)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("officer/mutasi", page), nil
	}
	c.Flash(map[people.TransferState]string{
		people.TransferAccepted:  "Mutasi diterima. Pegawai itu sekarang ada di instansi yang memintanya; hasil lamanya tetap tercatat di instansi Anda.",
		people.TransferRefused:   "Mutasi ditolak. Instansi peminta melihat alasannya.",
		people.TransferWithdrawn: "Permintaan dibatalkan.",
	}[decision])
	return kit.Redirect("/pegawai/mutasi"), nil
}
