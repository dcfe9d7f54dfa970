package participant

import (
	"errors"
	"fmt"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
)

// identityPage shows who the server thinks is there.
type identityPage struct {
	kit.Base
	Task      task
	Enrolment assessment.Enrolment
}

// MaskedNIP is the number as the page shows it.
func (p *identityPage) MaskedNIP() string { return kit.Masked(p.Enrolment.NIP) }

func (p pages) identity(c *kit.Ctx) (kit.Response, error) {
	e, t, err := p.entry(c)
	if err != nil {
		return nil, err
	}
	if e.Action == assessment.ActResume {
		return kit.Redirect("/ikut/" + t.ID + "/soal"), nil
	}
	return kit.HTML("participant/identitas", &identityPage{Base: c.Base("Periksa data diri"), Task: t, Enrolment: e.Enrolment}), nil
}

func (p pages) entry(c *kit.Ctx) (assessment.HomeEntry, task, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return assessment.HomeEntry{}, task{}, err
	}
	e, err := p.Assessment.HomeEntry(c.Context(), taker(c), id)
	if err != nil {
		return assessment.HomeEntry{}, task{}, err
	}
	return e, taskOf(c.Seal(enrolment, id), e), nil
}

// rulesPage holds the rules and the privacy notice.
type rulesPage struct {
	kit.Base
	Task task
}

func (p pages) rules(c *kit.Ctx) (kit.Response, error) {
	e, t, err := p.entry(c)
	if err != nil {
		return nil, err
	}
	if err := p.Assessment.ShowNotice(c.Context(), taker(c), e.Enrolment.ID); err != nil {
		return nil, err
	}
	return kit.HTML("participant/aturan", &rulesPage{c.Base("Tata tertib"), t}), nil
}

// start begins the attempt, or goes on with the one under way. The device that
// started it holds it.
func (p pages) start(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	_, err = p.Assessment.Start(c.Context(), taker(c), id, c.Device(), c.Browser(), c.Form("token"))
	if err != nil {
		return p.notStarted(c, err)
	}
	return kit.Redirect(fmt.Sprintf("/ikut/%s/soal", c.Seal(enrolment, id))), nil
}

// notStarted shows the waiting room again with the reason.
func (p pages) notStarted(c *kit.Ctx, refusal error) (kit.Response, error) {
	errs, ok := kit.FormErrors(refusal)
	if !ok || fault.KindOf(refusal) == fault.NotFound {
		return nil, refusal
	}
	page, err := p.waitPage(c)
	if err != nil {
		return nil, errors.Join(err, refusal)
	}
	page.Errors, page.Typed = errs, c.Form("token")
	return kit.Refused("participant/tunggu", page), nil
}
