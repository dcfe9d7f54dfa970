package proctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/scoring"
)

// rescoreMost is how many results one press of a button computes again: some
// twenty seconds of work on PostgreSQL, well within the time of an answer.
const rescoreMost = 10_000

// itemsPage lists the items of an event that somebody wants out of the scores.
type itemsPage struct {
	kit.Base
	head
	Rows  []itemRow
	Stale int // results that still count an item that is out
}

// itemRow is a proposal in words.
type itemRow struct {
	Path     string // to decide, "" for who may not
	Code     string
	Stem     string
	Tag      tag
	Reason   string
	Proposed string // who and when
	Decided  string
	Decision string
	Reports  int
}

func (p pages) items(c *kit.Ctx) (kit.Response, error) {
	page, err := p.itemsPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("proctor/butir", page), nil
}

func (p pages) itemsPage(c *kit.Ctx) (*itemsPage, error) {
	e, all, err := p.faultyItems(c)
	if err != nil {
		return nil, err
	}
	page := &itemsPage{Base: c.Base("Butir bermasalah").In(kit.SectionWatch), head: headOf(c, e, 0)}
	out := false
	for _, f := range all {
		r := itemRowOf(f, locale.Zone(e.Zone))
		if f.State == assessment.FaultyProposed && access.Allow(c.Principal(), access.FaultyDecide) == nil {
			r.Path = eventPath(c, e.ID, "/butir/"+c.Seal(kindItem, f.Item))
		}
		page.Rows = append(page.Rows, r)
		out = out || f.State == assessment.FaultyApproved
	}
	if out {
		page.Stale, err = p.Assessment.Stale(c.Context(), actor(c), e.ID)
	}
	return page, err
}

func (p pages) faultyItems(c *kit.Ctx) (assessment.Event, []assessment.FaultyItem, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return assessment.Event{}, nil, err
	}
	e, err := p.Assessment.SeenEvent(c.Context(), actor(c), id)
	if err != nil {
		return assessment.Event{}, nil, err
	}
	all, err := p.Assessment.FaultyItems(c.Context(), actor(c), id)
	return e, all, err
}

func itemRowOf(f assessment.FaultyItem, zone *time.Location) itemRow {
	r := itemRow{Code: f.Code, Stem: strings.Join(strings.Fields(f.Stem), " "), Tag: faultyTag(f.State), Reason: f.Reason, Decision: f.Decision, Reports: f.Reports}
	r.Proposed = fmt.Sprintf("%s, %s", f.ProposedName, locale.DateTime(f.ProposedAt.In(zone)))
	if !f.DecidedAt.IsZero() {
		r.Decided = fmt.Sprintf("%s, %s", f.DecidedName, locale.DateTime(f.DecidedAt.In(zone)))
	}
	return r
}

// itemPage shows what leaving an item out would change, before anybody decides.
type itemPage struct {
	kit.Base
	head
	Item   itemRow
	Sealed string
	Own    bool // the person who asks proposed it
	Rows   []impactRow
	Sum    int // attempts with the item
	Moved  int // people whose total would change level
	Typed  string
}

// impactRow is the change in one agency.
type impactRow struct {
	Agency   string
	Attempts int
	Cells    []impactCell // total, then the aspects
}

// impactCell is how many people change level, and how many of them to none.
type impactCell struct {
	Name            string
	Levels, Without int
}

func (p pages) item(c *kit.Ctx) (kit.Response, error) {
	page, err := p.itemPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("proctor/putusan", page), nil
}

func (p pages) itemPage(c *kit.Ctx) (*itemPage, error) {
	e, all, err := p.faultyItems(c)
	if err != nil {
		return nil, err
	}
	id, err := c.ID(kindItem, "item")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(f assessment.FaultyItem) bool { return f.Item == id && f.State == assessment.FaultyProposed })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "assessment.no_faulty")
	}
	impact, err := p.Assessment.FaultyImpact(c.Context(), actor(c), e.ID, id)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(agencies))
	for _, a := range agencies {
		names[a.ID] = a.ShortName
	}
	page := &itemPage{
		Base: c.Base("Putuskan butir " + all[i].Code).In(kit.SectionWatch), head: headOf(c, e, 0), Item: itemRowOf(all[i], locale.Zone(e.Zone)),
		Sealed: c.Seal(kindItem, id), Own: all[i].ProposedBy == c.Actor(),
	}
	for _, one := range impact {
		page.add(impactRowOf(one, names[one.Agency]))
	}
	return page, nil
}

func (page *itemPage) add(r impactRow) {
	page.Rows = append(page.Rows, r)
	page.Sum += r.Attempts
	page.Moved += r.Cells[0].Levels
}

func impactRowOf(one assessment.AgencyImpact, name string) impactRow {
	if name == "" {
		name = "Instansi lain"
	}
	r := impactRow{Agency: name, Attempts: one.Attempts, Cells: []impactCell{{"Nilai akhir", one.Total.Levels, one.Total.Without}}}
	for i, a := range scoring.Aspects {
		r.Cells = append(r.Cells, impactCell{a.Code(), one.Aspects[i].Levels, one.Aspects[i].Without})
	}
	return r
}

// decide keeps the decision and, after an approval, begins to compute the
// results again.
func (p pages) decide(c *kit.Ctx) (kit.Response, error) {
	page, err := p.itemPage(c)
	if err != nil {
		return nil, err
	}
	item, err := c.ID(kindItem, "item")
	if err != nil {
		return nil, err
	}
	approve, reason := c.Form("act") == "keluarkan", strings.Join(strings.Fields(c.Form("reason")), " ")
	if err := p.Assessment.DecideFaulty(c.Context(), actor(c), page.ID, item, approve, reason); err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Typed = errs, reason
		return kit.Refused("proctor/putusan", page), nil
	}
	if !approve {
		c.Flash("Butir tetap dihitung. Tidak ada nilai yang berubah.")
		return kit.Redirect(eventPath(c, page.ID, "/butir")), nil
	}
	return p.again(c, page.ID, "Butir dikeluarkan. ")
}

func (p pages) rescore(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	return p.again(c, id, "")
}

// again computes results until all are done or enough for one request.
func (p pages) again(c *kit.Ctx, event int64, before string) (kit.Response, error) {
	out, err := p.Assessment.Rescore(c.Context(), actor(c), event, rescoreMost)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s%s hasil dihitung ulang.", before, locale.Int(out.Done))
	if out.Left > 0 {
		text += fmt.Sprintf(" %s lagi menunggu: tekan Lanjutkan hitung ulang.", locale.Int(out.Left))
	}
	c.Flash(text)
	return kit.Redirect(eventPath(c, event, "/butir")), nil
}
