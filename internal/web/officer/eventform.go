package officer

import (
	"slices"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

func typedEvent(c *kit.Ctx) eventForm {
	return eventForm{
		Code: c.Form("code"), Name: c.Form("name"), Opens: c.Form("opens"), Closes: c.Form("closes"),
		Zone: c.Form("zone"), Release: c.Form("release"), ReleaseAt: c.Form("release_at"),
		Essays: c.Form("essays") != "", Marking: c.Form("marking"),
	}
}

// event reads what was typed; a date that is none is refused here, because the
// service would only see that the window is wrong.
func (f eventForm) event() (assessment.NewEvent, kit.Errors) {
	var errs kit.Errors
	opens := f.instant("opens", f.Opens, &errs)
	closes := f.instant("closes", f.Closes, &errs)
	var release time.Time
	if f.Release == string(assessment.ReleaseAt) && f.ReleaseAt != "" {
		release = f.instant("release_at", f.ReleaseAt, &errs)
	}
	return assessment.NewEvent{
		Code: f.Code, Name: f.Name, OpensAt: opens, ClosesAt: closes, Zone: f.Zone,
		Release: assessment.Release(f.Release), ReleaseAt: release, Essays: f.Essays, Marking: assessment.Marking(f.Marking),
	}, errs
}

func (f eventForm) instant(field, text string, errs *kit.Errors) time.Time {
	return typedTime(field, text, f.Zone, errs)
}

func typedTime(field, text, zone string, errs *kit.Errors) time.Time {
	t, ok := parseLocal(text, zone)
	if !ok {
		more, _ := kit.FormErrors(fault.New(fault.Invalid, "officer.date").On(field))
		*errs = append(*errs, more...)
	}
	return t
}

// editPage changes an event that exists. Blueprint, code and owner stay.
type editPage struct {
	kit.Base
	ID       int64
	Code     string
	Form     eventForm
	Releases []choice
	Zones    []string
	Closed   bool // only the release may still change
	Unmarked int  // answers that wait for a marker
}

func (p pages) editEvent(c *kit.Ctx) (kit.Response, error) {
	d, err := p.detail(c)
	if err != nil {
		return nil, err
	}
	e := d.Event
	page, err := p.edit(c, d, eventForm{
		Name: e.Name, Opens: localTime(e.OpensAt, e.Zone), Closes: localTime(e.ClosesAt, e.Zone), Zone: e.Zone,
		Release: string(e.Release), ReleaseAt: localTime(e.ReleaseAt, e.Zone), Policy: policyFormOf(e.Spec),
	})
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/ubah", page), nil
}

// edit offers the agencies that may still join.
func (p pages) edit(c *kit.Ctx, d assessment.EventDetail, form eventForm) (*editPage, error) {
	if !rightsOf(c.Principal()).manages(d.Event) {
		return nil, fault.New(fault.Forbidden, "assessment.not_your_event")
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	for _, a := range agencies {
		if a.Active && !slices.Contains(d.Event.Agencies, a.ID) {
			form.Agencies = append(form.Agencies, choice{Value: c.Seal(kindAgency, a.ID), Text: a.Name})
		}
	}
	form.Policy.Shown = d.Event.State == assessment.EventDraft
	return &editPage{
		Base: c.Base("Ubah kegiatan").In(kit.SectionEvents), ID: d.Event.ID, Code: d.Event.Code, Form: form,
		Releases: releaseChoices(form.Release), Zones: zones(), Closed: d.Event.State == assessment.EventClosed, Unmarked: d.Unmarked,
	}, nil
}

func (p pages) changeEvent(c *kit.Ctx) (kit.Response, error) {
	d, err := p.detail(c)
	if err != nil {
		return nil, err
	}
	id := d.Event.ID
	form := typedEvent(c)
	agencies, err := p.formIDs(c, kindAgency, "agencies")
	if err != nil {
		return nil, err
	}
	closed := d.Event.State == assessment.EventClosed
	change, errs := form.change(d.Event, closed)
	change.Agencies, change.Unmarked = agencies, c.Form("unmarked") != ""
	policy, shown, more := typedPolicy(c)
	form.Policy = policyFormOf(d.Event.Spec)
	if errs = append(errs, more...); c.Form("policy") != "" {
		form.Policy = policyFormOf(shown)
		if !policy.Same(d.Event.Spec) {
			change.Policy = &policy
		}
	}
	if len(errs) == 0 {
		if _, err := p.Assessment.ChangeEvent(c.Context(), actor(c), id, change); err != nil {
			if errs, err = inPlace(err); err != nil {
				return nil, err
			}
		}
	}
	if len(errs) > 0 {
		page, err := p.edit(c, d, form)
		if err != nil {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("officer/ubah", page), nil
	}
	c.Flash("Perubahan kegiatan disimpan.")
	return kit.Redirect(eventPath(c, id, "")), nil
}

// change names only what differs, so that the audit entry says what was done.
func (f eventForm) change(e assessment.Event, closed bool) (assessment.EventChange, kit.Errors) {
	var out assessment.EventChange
	zone := f.Zone
	if closed {
		zone, f.Zone = e.Zone, e.Zone
	}
	var errs kit.Errors
	if release := assessment.Release(f.Release); release != e.Release {
		out.Release = &release
	}
	if f.Release == string(assessment.ReleaseAt) && f.ReleaseAt != "" {
		if at := f.instant("release_at", f.ReleaseAt, &errs); !at.Equal(e.ReleaseAt) {
			out.ReleaseAt = &at
		}
	}
	if closed {
		return out, errs
	}
	if f.Name != e.Name {
		out.Name = &f.Name
	}
	if zone != e.Zone {
		out.Zone = &zone
	}
	if opens := f.instant("opens", f.Opens, &errs); !sameMinute(opens, e.OpensAt) {
		out.OpensAt = &opens
	}
	if closes := f.instant("closes", f.Closes, &errs); !sameMinute(closes, e.ClosesAt) {
		out.ClosesAt = &closes
	}
	return out, errs
}

// sameMinute compares as the form shows: without seconds.
func sameMinute(a, b time.Time) bool {
	return a.In(locale.Zone("")).Truncate(time.Minute).Equal(b.In(locale.Zone("")).Truncate(time.Minute))
}
