package officer

import (
	"cmp"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// rosterPage asks for a roster.
type rosterPage struct {
	kit.Base
	Agencies []choice // where there are several to choose from
	Agency   string   // the only one
}

func (p pages) rosterForm(c *kit.Ctx) (kit.Response, error) {
	page, err := p.rosterPage(c, 0)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/impor", page), nil
}

func (p pages) rosterPage(c *kit.Ctx, chosen int64) (*rosterPage, error) {
	agencies, err := p.activeAgencies(c)
	if err != nil {
		return nil, err
	}
	page := &rosterPage{Base: c.Base("Impor pegawai").In(kit.SectionRoster)}
	if len(agencies) == 1 {
		page.Agency = agencies[0].Name
		return page, nil
	}
	page.Agencies = agencyChoices(c, agencies, chosen)
	return page, nil
}

// activeAgencies are those of this route's action that are in use.
func (p pages) activeAgencies(c *kit.Ctx) ([]people.Agency, error) {
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(agencies, func(a people.Agency) bool { return !a.Active }), nil
}

func agencyChoices(c *kit.Ctx, agencies []people.Agency, chosen int64) []choice {
	var all []choice
	for _, a := range agencies {
		all = append(all, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == chosen})
	}
	return all
}

// chosenAgency is the agency a form names, or the only one there is; refusal
// asks for one.
func (p pages) chosenAgency(c *kit.Ctx, refusal string) (int64, error) {
	agency, err := c.FormID(kindAgency, "agency")
	if err != nil || agency != 0 {
		return agency, err
	}
	agencies, err := p.activeAgencies(c)
	if err != nil {
		return 0, err
	}
	if len(agencies) != 1 {
		return 0, fault.New(fault.Invalid, refusal).On("agency")
	}
	return agencies[0].ID, nil
}

// uploadRoster keeps the file and leads to its report. Nothing of it is saved
// yet: an officer first sees what would change.
func (p pages) uploadRoster(c *kit.Ctx) (kit.Response, error) {
	id, err := p.keepRoster(c)
	if err == nil {
		return kit.Redirect(rosterPath(c, id)), nil
	}
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	for i := range errs {
		errs[i].Field = cmp.Or(errs[i].Field, "berkas")
	}
	chosen, err := c.FormID(kindAgency, "agency")
	if err != nil {
		return nil, err
	}
	page, err := p.rosterPage(c, chosen)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	return kit.Refused("officer/impor", page), nil
}

func (p pages) keepRoster(c *kit.Ctx) (int64, error) {
	agency, err := p.chosenAgency(c, "officer.agency")
	if err != nil {
		return 0, err
	}
	name, body, err := c.Upload("berkas")
	if err != nil {
		return 0, err
	}
	return p.People.KeepUpload(c.Context(), by(c), people.Upload{AgencyID: agency, File: name, Content: body})
}

func rosterPath(c *kit.Ctx, id int64) string { return "/pegawai/impor/" + c.Seal(kindRoster, id) }

// checkedRoster is an upload of the address with what saving it would do now.
func (p pages) checkedRoster(c *kit.Ctx) (people.Upload, people.Report, error) {
	id, err := c.ID(kindRoster, "upload")
	if err != nil {
		return people.Upload{}, people.Report{}, err
	}
	u, err := p.People.Upload(c.Context(), by(c), id)
	if err != nil {
		return u, people.Report{}, err
	}
	report, err := p.People.CheckUpload(c.Context(), by(c), u)
	return u, report, err
}

// saveRoster saves the rows that are right. Where the page offered to save all
// of them, all of them it is: somebody may have changed things meanwhile.
func (p pages) saveRoster(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindRoster, "upload")
	if err != nil {
		return nil, err
	}
	u, err := p.People.Upload(c.Context(), by(c), id)
	if err != nil {
		return nil, err
	}
	report, err := p.People.SaveUpload(c.Context(), by(c), u, c.Form("mode") == modeGood)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		return p.refusedReport(c, errs)
	}
	if err := p.retime(c, report.Retimed); err != nil {
		return nil, err
	}
	c.Flash(savedText(report))
	return kit.Redirect(rosterPath(c, id)), nil
}

// What saving a roster does with rejected rows.
const (
	modeGood = "siap"  // they are left out
	modeAll  = "semua" // they hold the others back
)

func savedText(report people.Report) string {
	n := report.Counts
	switch {
	case !report.Saved:
		return fmt.Sprintf("Belum ada yang disimpan: %s baris ditolak. Periksa lagi.", locale.Int(n.Rejected))
	case n.New+n.Changed == 0:
		return fmt.Sprintf("Tidak ada yang berubah: %s baris sama dengan yang sudah tersimpan.", locale.Int(n.Same))
	default:
		return fmt.Sprintf("%s pegawai tersimpan: %s baru, %s diperbarui, %s tidak berubah.",
			locale.Int(n.Accepted+n.Warned), locale.Int(n.New), locale.Int(n.Changed), locale.Int(n.Same))
	}
}

// retime brings a new working time to the enrolments of people.
func (p pages) retime(c *kit.Ctx, ids []int64) error {
	for _, id := range ids {
		if _, err := p.Assessment.ApplyAccommodation(c.Context(), actor(c), id); err != nil {
			return err
		}
	}
	return nil
}

func (p pages) dropRoster(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindRoster, "upload")
	if err != nil {
		return nil, err
	}
	if err := p.People.DropUpload(c.Context(), by(c), id); err != nil {
		return nil, err
	}
	c.Flash("Berkas dibuang. Yang sudah disimpan tetap tersimpan.")
	return kit.Redirect("/pegawai/impor"), nil
}

// chooseTwins keeps what the officer decided about rows that may be somebody
// known under another number.
func (p pages) chooseTwins(c *kit.Ctx) (kit.Response, error) {
	u, report, err := p.checkedRoster(c)
	if err != nil {
		return nil, err
	}
	choices := map[int]people.Choice{}
	for _, row := range report.Rows {
		if said := c.Form(fmt.Sprintf("t%d", row.N)); said != "" && row.Twin != nil {
			choices[row.N] = people.Choice(said)
		}
	}
	if len(choices) == 0 {
		errs, err := inPlace(fault.New(fault.Invalid, "officer.twins_undecided").On("kembar"))
		if err != nil {
			return nil, err
		}
		return p.refusedReport(c, errs)
	}
	if err := p.People.Choose(c.Context(), by(c), u.ID, choices); err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		return p.refusedReport(c, errs)
	}
	c.Flash(fmt.Sprintf("%s keputusan dicatat. Simpan berkasnya agar berlaku.", locale.Int(len(choices))))
	return kit.Redirect(rosterPath(c, u.ID) + "?tampil=" + showTwins), nil
}

// wantListed asks for the transfer of ticked rows. The numbers come from the
// kept file, so that no page has to hold one.
func (p pages) wantListed(c *kit.Ctx) (kit.Response, error) {
	u, report, err := p.checkedRoster(c)
	if err != nil {
		return nil, err
	}
	ticked := c.FormAll("baris")
	var numbers []string
	for _, row := range report.Rows {
		if row.Elsewhere && slices.Contains(ticked, fmt.Sprint(row.N)) {
			numbers = append(numbers, numberOf(row.Person))
		}
	}
	err = fault.New(fault.Invalid, "officer.nobody_chosen").On("baris")
	var done people.Wanted
	if len(numbers) > 0 {
		done, err = p.People.RequestTransfers(c.Context(), by(c), u.AgencyID, numbers, c.Form("reason"))
	}
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		return p.refusedReport(c, errs)
	}
	c.Flash(wantedText(done))
	return kit.Redirect("/pegawai/mutasi"), nil
}

// deactivateMissing takes the ticked people whom the file does not name out of
// future events. It is never done unasked: a file may be one school's.
func (p pages) deactivateMissing(c *kit.Ctx) (kit.Response, error) {
	u, report, err := p.checkedRoster(c)
	if err != nil {
		return nil, err
	}
	ids, err := p.formIDs(c, kindPerson, "hilang")
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool {
		return !slices.ContainsFunc(report.Missing, func(one people.Person) bool { return one.ID == id })
	})
	if len(ids) == 0 {
		errs, err := inPlace(fault.New(fault.Invalid, "officer.nobody_chosen").On("hilang"))
		if err != nil {
			return nil, err
		}
		return p.refusedReport(c, errs)
	}
	n, err := p.People.Deactivate(c.Context(), by(c), ids)
	if err != nil {
		return nil, err
	}
	c.Flash(fmt.Sprintf("%s pegawai dinonaktifkan. Hasil mereka tetap ada, dan mereka dapat diaktifkan lagi.", locale.Int(n)))
	return kit.Redirect(rosterPath(c, u.ID) + "?tampil=" + showMissing), nil
}
