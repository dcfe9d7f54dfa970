package officer

import (
	"fmt"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// bulkForm is what was typed for the ticked people.
type bulkForm struct {
	Shown  bool
	Act    string
	Reason string
	Factor string
}

// The acts on ticked people.
const (
	actMove     = "pindah"
	actWithdraw = "keluarkan"
	actFactor   = "waktu"
	actRejoin   = "kembali"
)

// bulk does one act with the ticked people of a list.
func (p pages) bulk(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	ids, err := p.formIDs(c, kindEnrolment, "ikut")
	if err != nil {
		return nil, err
	}
	typed := bulkForm{Shown: true, Act: c.Form("aksi"), Reason: c.Form("reason"), Factor: c.Form("time_factor")}
	text, err := p.bulkAct(c, id, ids, typed)
	if err != nil {
		return p.refusedPeople(c, id, err, func(page *participantsPage) {
			typed.Shown = page.Bulk.Shown
			page.Bulk = typed
		})
	}
	c.Flash(text)
	return kit.Redirect(eventPath(c, id, "/peserta")), nil
}

func (p pages) bulkAct(c *kit.Ctx, id int64, ids []int64, typed bulkForm) (string, error) {
	switch typed.Act {
	case actMove:
		session, err := c.FormID(kindSession, "session")
		if err != nil {
			return "", err
		}
		n, err := p.Assessment.MoveMany(c.Context(), actor(c), id, ids, session)
		return locale.Int(n) + " orang dipindah ke sesi lain.", err
	case actWithdraw:
		n, err := p.Assessment.WithdrawMany(c.Context(), actor(c), id, ids, typed.Reason)
		return locale.Int(n) + " orang dikeluarkan dari kegiatan. Pengerjaan dan nilainya tetap tersimpan.", err
	case actFactor:
		var errs kit.Errors
		percent := typedInt("time_factor", typed.Factor, 0, &errs)
		if len(errs) > 0 {
			return "", fault.New(fault.Invalid, "officer.number").On("time_factor")
		}
		n, err := p.Assessment.SetTimeFactors(c.Context(), actor(c), id, ids, percent)
		return fmt.Sprintf("Waktu %s orang menjadi %d %% untuk pengerjaan yang belum mulai.", locale.Int(n), percent), err
	case actRejoin:
		out, err := p.Assessment.Rejoin(c.Context(), actor(c), id, ids)
		return enrolled(out), err
	}
	return "", fault.New(fault.Invalid, "officer.bulk_act").On("aksi")
}

// refusedPeople shows the list of people again with what was wrong.
func (p pages) refusedPeople(c *kit.Ctx, id int64, err error, change func(*participantsPage)) (kit.Response, error) {
	errs, err := inPlace(err)
	if err != nil {
		return nil, err
	}
	page, err := p.participantsPage(c, id)
	if err != nil {
		return nil, err
	}
	page.Errors = errs
	change(page)
	return kit.Refused("officer/peserta", page), nil
}

// spreads are the ways to deal people over sessions, as forms offer them.
func spreads(chosen assessment.Spread, none string) []choice {
	var all []choice
	if none != "" {
		all = append(all, choice{"", none, chosen == ""})
	}
	for _, s := range []choice{
		{Value: string(assessment.SpreadEven), Text: "Bagi merata"},
		{Value: string(assessment.SpreadUnit), Text: "Bagi merata, satu unit di satu sesi"},
		{Value: string(assessment.SpreadName), Text: "Bagi menurut abjad nama"},
	} {
		all = append(all, choice{s.Value, s.Text, s.Value == string(chosen)})
	}
	return all
}

// redistribute deals everybody who has not begun anew over the ticked sessions.
func (p pages) redistribute(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	sessions, err := p.formIDs(c, kindSession, "sessions")
	if err != nil {
		return nil, err
	}
	n, err := p.Assessment.Redistribute(c.Context(), actor(c), id, sessions, assessment.Spread(c.Form("spread")))
	if err != nil {
		return p.refusedPeople(c, id, err, func(*participantsPage) {})
	}
	c.Flash(locale.Int(n) + " orang pindah sesi. Yang sudah mulai tetap di sesinya.")
	return kit.Redirect(eventPath(c, id, "/peserta")), nil
}

// listPage shows what a pasted list says before anything is saved.
type listPage struct {
	kit.Base
	eventHead
	Text     string
	People   []assessment.ListPerson
	Hidden   int // people beyond those shown
	Already  int
	Twice    int
	Bad      []badLine
	More     int // lines beyond those shown
	Session  string
	Spread   string
	Total    int
	BadTotal int
}

type badLine struct {
	Line   int
	Masked string
	Text   string
}

// mostLines is how many people, and how many lines to mend, a page shows.
const mostLines = 200

// enrolList reads a pasted list, and enrols who it names once the officer has
// seen what it says.
func (p pages) enrolList(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	text := c.Form("list")
	in := assessment.EnrolRequest{Event: id, Spread: assessment.Spread(c.Form("spread"))}
	if in.Session, err = c.FormID(kindSession, "session"); err != nil {
		return nil, err
	}
	refused := func(err error) (kit.Response, error) {
		return p.refusedPeople(c, id, err, func(page *participantsPage) { page.Enrol.List = text })
	}
	if c.Form("simpan") != "" {
		out, err := p.Assessment.EnrolList(c.Context(), actor(c), in, text)
		if err != nil {
			return refused(err)
		}
		c.Flash(enrolled(out))
		return kit.Redirect(eventPath(c, id, "/peserta")), nil
	}
	list, err := p.Assessment.ReadList(c.Context(), actor(c), id, text)
	if err != nil {
		return refused(err)
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page := listPageOf(list)
	page.Base, page.eventHead = c.Base("Periksa daftar").In(kit.SectionEvents), headOf(c, d.Event, "/peserta")
	page.Text, page.Session, page.Spread = text, c.Form("session"), string(in.Spread)
	return kit.HTML("officer/daftar", page), nil
}

func listPageOf(l assessment.List) *listPage {
	page := &listPage{
		People: l.People[:min(len(l.People), mostLines)], Total: len(l.People), Hidden: max(len(l.People)-mostLines, 0),
		Already: l.Already, Twice: l.Twice, BadTotal: len(l.Bad), More: max(len(l.Bad)-mostLines, 0),
	}
	for _, b := range l.Bad[:min(len(l.Bad), mostLines)] {
		page.Bad = append(page.Bad, badLine{b.Line, b.Masked, locale.Fault(b.Fault)})
	}
	return page
}
