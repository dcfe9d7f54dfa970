package officer

import (
	"slices"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// cardsPage asks whose start codes to make.
type cardsPage struct {
	kit.Base
	eventHead
	Enrolled int
	Without  int // people without a code
	Agencies []choice
	Sessions []choice
	Again    bool
	Message  string // for the group
}

func (p pages) cards(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	page, err := p.cardsPage(c, id)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/kartu", page), nil
}

func (p pages) cardsPage(c *kit.Ctx, id int64) (*cardsPage, error) {
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	list, err := p.Assessment.Participants(c.Context(), actor(c), id, assessment.ParticipantFilter{})
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	page := &cardsPage{Base: c.Base("Kartu peserta").In(kit.SectionEvents), eventHead: headOf(c, d.Event, "/kartu"), Enrolled: list.Total, Message: groupText(d.Event, d.Sessions)}
	for _, one := range list.Rows {
		if !one.Enrolment.HasStartCode {
			page.Without++
		}
	}
	for _, a := range agencies {
		if slices.Contains(d.Event.Agencies, a.ID) {
			page.Agencies = append(page.Agencies, choice{Value: c.Seal(kindAgency, a.ID), Text: a.Name})
		}
	}
	for _, s := range d.Sessions {
		page.Sessions = append(page.Sessions, choice{Value: c.Seal(kindSession, s.ID), Text: s.Name})
	}
	return page, nil
}

// printPage shows codes once, as cards to cut.
type printPage struct {
	kit.Base
	eventHead
	Back     string
	Cards    []examCard
	Table    string     // to paste into a spreadsheet
	Messages []cardText // one for each person
	Texts    string     // the messages of many people in one
}

type examCard struct {
	Name, Number, Unit, Agency   string
	Session, Window, Place, Code string
}

func (p pages) issueCards(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	in := assessment.CodeRequest{Event: id, Again: c.Form("again") != ""}
	if in.Agency, err = c.FormID(kindAgency, "agency"); err != nil {
		return nil, err
	}
	if in.Session, err = c.FormID(kindSession, "session"); err != nil {
		return nil, err
	}
	if in.Only, err = p.formIDs(c, kindEnrolment, "ikut"); err != nil {
		return nil, err
	}
	if c.Form("tercentang") != "" && len(in.Only) == 0 {
		return p.refusedPeople(c, id, fault.New(fault.Invalid, "assessment.nobody_ticked").On("ikut"), func(*participantsPage) {})
	}
	codes, err := p.Assessment.IssueStartCodes(c.Context(), actor(c), in)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.cardsPage(c, id)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Again = errs, in.Again
		return kit.Refused("officer/kartu", page), nil
	}
	return p.printCards(c, id, codes, "/kartu")
}

// reissue makes one person a new code; the old one stops working.
func (p pages) reissue(c *kit.Ctx) (kit.Response, error) {
	one, err := p.enrolmentOf(c)
	if err != nil {
		return nil, err
	}
	code, err := p.Assessment.IssueStartCode(c.Context(), actor(c), one.Enrolment.ID)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page := participantPageOf(c, one)
		page.Errors, page.Failed = errs, "kode"
		return kit.Refused("officer/orang", page), nil
	}
	return p.printCards(c, one.Event.ID, []assessment.StartCode{code}, "/peserta/"+c.Seal(kindEnrolment, one.Enrolment.ID))
}

// printCards answers the POST itself: codes are shown once, so there is no
// address that could show them again.
func (p pages) printCards(c *kit.Ctx, event int64, codes []assessment.StartCode, back string) (kit.Response, error) {
	d, err := p.Assessment.Event(c.Context(), actor(c), event)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	page := &printPage{
		Base: c.Base("Cetak kartu peserta").In(kit.SectionEvents), eventHead: headOf(c, d.Event, "/kartu"), Back: eventPath(c, event, back),
		Cards: cardsOf(d.Event, codes, agencies),
	}
	page.Table = table(page.Cards)
	page.Messages, page.Texts = cardTexts(d.Event, page.Cards)
	return kit.HTML("officer/cetak", page), nil
}

func cardsOf(e assessment.Event, codes []assessment.StartCode, agencies []people.Agency) []examCard {
	names := map[int64]string{}
	for _, a := range agencies {
		names[a.ID] = a.Name
	}
	var all []examCard
	for _, one := range codes {
		all = append(all, examCard{
			Name: one.Enrolment.Name, Number: people.Grouped(one.Enrolment.NIP), Unit: one.Enrolment.UnitPath, Agency: names[one.Enrolment.Agency],
			Session: one.Session.Name, Window: locale.WindowIn(one.Session.OpensAt, one.Session.ClosesAt, e.Zone), Place: one.Session.Place,
			Code: access.FormatCode(one.Code),
		})
	}
	return all
}
