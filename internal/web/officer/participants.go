package officer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// perPage is how many people a page of an event's list has.
const perPage = 50

// participantsPage lists the people of an event and enrols more.
type participantsPage struct {
	kit.Base
	eventHead
	Text     string
	Progress []choice
	Agencies []choice
	Sessions []choice
	Total    int
	Rows     []participantRow
	Pages    []pageLink
	Narrowed bool
	Enrol    enrolForm
	Bulk     bulkForm
	Codes    bool // this person may make start codes
	Left     bool // the list shows who was taken out
	Spread   []choice
	Manages  bool // of the whole event, so that its sessions may be dealt anew
}

// participantRow is one person in a list.
type participantRow struct {
	ID      int64
	Name    string
	Number  string // last four
	Unit    string
	Session string
	Tag     tag
	Left    string // remaining time of an attempt under way
	Heard   string // when the person was last heard of
	Alert   bool
	Late    int
	Code    bool // has a start code
}

// enrolForm offers whom to enrol.
type enrolForm struct {
	Shown    bool
	Agencies []choice
	Units    []choice // first-level units of Agency
	Agency   string   // whose units are offered
	Pick     []choice // agencies whose units may be chosen, where there are several
	Spread   []choice // how to deal people over several sessions
	List     string   // a pasted list, as typed
}

func (p pages) participants(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	page, err := p.participantsPage(c, id)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/peserta", page), nil
}

// listFilter is how the address narrows a list of participants.
func (p pages) listFilter(c *kit.Ctx) (assessment.ParticipantFilter, error) {
	f := assessment.ParticipantFilter{Page: max(c.QueryInt("h", 1), 1), PerPage: perPage, Progress: knownProgress(c.Query("s"))}
	if text := c.Query("q"); !kit.LongNumber(text) {
		f.Text = text
	}
	var err error
	if f.Agency, err = p.queryID(c, kindAgency, "instansi"); err != nil {
		return f, err
	}
	f.Session, err = p.queryID(c, kindSession, "sesi")
	return f, err
}

func (p pages) participantsPage(c *kit.Ctx, id int64) (*participantsPage, error) {
	f, err := p.listFilter(c)
	if err != nil {
		return nil, err
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	list, err := p.Assessment.Participants(c.Context(), actor(c), id, f)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	agencies = slices.DeleteFunc(agencies, func(a people.Agency) bool { return !slices.Contains(d.Event.Agencies, a.ID) })
	page := &participantsPage{
		Base: c.Base("Peserta").In(kit.SectionEvents), eventHead: headOf(c, d.Event, "/peserta"), Text: f.Text, Total: list.Total,
		Progress: progressChoices(f.Progress), Narrowed: f.Text != "" || f.Progress != "" || f.Agency != 0 || f.Session != 0,
	}
	for _, s := range d.Sessions {
		page.Sessions = append(page.Sessions, choice{c.Seal(kindSession, s.ID), s.Name, s.ID == f.Session})
	}
	for _, a := range agencies {
		page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name, a.ID == f.Agency})
	}
	for _, one := range list.Rows {
		page.Rows = append(page.Rows, rowOf(one, c.Now()))
	}
	query := kit.QueryOf("q", f.Text, "s", string(f.Progress), "instansi", c.Query("instansi"), "sesi", c.Query("sesi"))
	page.Pages = pageLinks(eventPath(c, id, "/peserta"), query, f.Page, (list.Total+perPage-1)/perPage)
	if rightsOf(c.Principal()).Manage && d.Event.State != assessment.EventClosed {
		page.Enrol, err = p.enrolForm(c, agencies)
		page.Enrol.Spread = spreads("", "Semua ke sesi ini")
		page.Bulk = bulkForm{Shown: true, Factor: "150"}
		page.Manages, page.Spread = rightsOf(c.Principal()).manages(d.Event) && len(d.Sessions) > 1, spreads(assessment.SpreadEven, "")
	}
	page.Codes, page.Left = rightsOf(c.Principal()).Codes && d.Event.State != assessment.EventClosed, f.Progress == assessment.Left
	return page, err
}

func progressChoices(chosen assessment.Progress) []choice {
	var all []choice
	for _, p := range progresses {
		all = append(all, choice{string(p), progressTag(p).Text, p == chosen})
	}
	return all
}

func rowOf(p assessment.Participant, now time.Time) participantRow {
	r := participantRow{
		ID: p.Enrolment.ID, Name: p.Enrolment.Name, Number: kit.LastFour(p.Enrolment.NIP), Unit: p.Enrolment.UnitPath,
		Session: p.Session, Tag: progressTag(p.Progress), Late: p.Late, Code: p.Enrolment.HasStartCode,
		Alert: p.Progress == assessment.Silent || p.Late > 0,
	}
	if p.Attempt.UnderWay() {
		r.Left = kit.Left(p.Attempt.Left(now))
		r.Heard = ago(p.SeenAt, now)
	}
	return r
}

// enrolForm offers the agencies of the event, and the first-level units of one.
func (p pages) enrolForm(c *kit.Ctx, agencies []people.Agency) (enrolForm, error) {
	form := enrolForm{Shown: true}
	chosen, err := p.queryID(c, kindAgency, "unit")
	if err != nil {
		return form, err
	}
	for _, a := range agencies {
		sealed := c.Seal(kindAgency, a.ID)
		form.Agencies = append(form.Agencies, choice{Value: sealed, Text: a.Name})
		form.Pick = append(form.Pick, choice{sealed, a.Name, a.ID == chosen})
		if a.ID != chosen && len(agencies) > 1 {
			continue
		}
		form.Agency = a.Name
		units, err := p.People.Units(c.Context(), c.Scope(), a.ID)
		if err != nil {
			return form, err
		}
		for _, u := range units {
			if u.Level == 1 && !u.Hidden {
				form.Units = append(form.Units, choice{Value: c.Seal(kindUnit, u.ID), Text: u.Name})
			}
		}
	}
	if len(agencies) == 1 {
		form.Pick = nil
	}
	return form, nil
}

func (p pages) enrol(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	in := assessment.EnrolRequest{Event: id}
	if in.Agencies, err = p.formIDs(c, kindAgency, "agencies"); err != nil {
		return nil, err
	}
	if in.Units, err = p.formIDs(c, kindUnit, "units"); err != nil {
		return nil, err
	}
	if in.Session, err = c.FormID(kindSession, "session"); err != nil {
		return nil, err
	}
	in.Spread = assessment.Spread(c.Form("spread"))
	var out assessment.Enrolled
	if len(in.Agencies)+len(in.Units) == 0 {
		err = fault.New(fault.Invalid, "officer.nobody_enrolled").On("agencies")
	} else {
		out, err = p.Assessment.Enrol(c.Context(), actor(c), in)
	}
	if err != nil {
		return p.refusedPeople(c, id, err, func(*participantsPage) {})
	}
	c.Flash(enrolled(out))
	return kit.Redirect(eventPath(c, id, "/peserta")), nil
}

func enrolled(out assessment.Enrolled) string {
	parts := []string{fmt.Sprintf("%d orang didaftarkan", out.Added)}
	if out.Rejoined > 0 {
		parts = append(parts, fmt.Sprintf("%d didaftarkan kembali", out.Rejoined))
	}
	if out.Already > 0 {
		parts = append(parts, fmt.Sprintf("%d sudah terdaftar", out.Already))
	}
	if out.Drawn > 0 {
		parts = append(parts, fmt.Sprintf("%d paket soal langsung disiapkan", out.Drawn))
	}
	return strings.Join(parts, ", ") + "."
}

// findParticipant looks for what was typed. A NIP goes in the body and never
// into an address, so a whole number leads straight to the person.
func (p pages) findParticipant(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	text, list := c.Form("q"), eventPath(c, id, "/peserta")
	query := kit.QueryOf("s", string(knownProgress(c.Form("s"))), "instansi", c.Form("instansi"), "sesi", c.Form("sesi"))
	if !kit.LongNumber(text) {
		if text != "" {
			query.Set("q", text)
		}
		if len(query) > 0 {
			list += "?" + query.Encode()
		}
		return kit.Redirect(list), nil
	}
	number := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '.' || r == '-' }), "")
	found, err := p.Assessment.Participants(c.Context(), actor(c), id, assessment.ParticipantFilter{Text: number, PerPage: 2, Page: 1})
	if err != nil {
		return nil, err
	}
	if found.Total == 1 && rightsOf(c.Principal()).Watch {
		return kit.Redirect(list + "/" + c.Seal(kindEnrolment, found.Rows[0].Enrolment.ID)), nil
	}
	page, err := p.participantsPage(c, id)
	if err != nil {
		return nil, err
	}
	page.Text, page.Total, page.Rows, page.Pages, page.Narrowed = text, found.Total, nil, nil, true
	for _, one := range found.Rows {
		page.Rows = append(page.Rows, rowOf(one, c.Now()))
	}
	return kit.HTML("officer/peserta", page), nil
}
