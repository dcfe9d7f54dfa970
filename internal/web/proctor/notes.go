package proctor

import (
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// notesPage lists what was written down for the minutes of a session.
type notesPage struct {
	kit.Base
	head
	Room   string // the session
	Rows   []noteRow
	Kinds  []choice
	Typed  string
	Closed bool
}

// noteRow is an incident in words.
type noteRow struct {
	When, Kind, Note string
	Who              string // "" where it is about the session
	Number           string
	By               string
}

func (p pages) notes(c *kit.Ctx) (kit.Response, error) {
	page, err := p.notesPage(c, "")
	if err != nil {
		return nil, err
	}
	return kit.HTML("proctor/catatan", page), nil
}

func (p pages) notesPage(c *kit.Ctx, kind string) (*notesPage, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	all, err := p.Assessment.Incidents(c.Context(), actor(c), seen.Event.ID, seen.Session.ID)
	if err != nil {
		return nil, err
	}
	page := &notesPage{
		Base: c.Base("Catatan kejadian").In(kit.SectionWatch), head: headOf(c, seen.Event, seen.Session.ID), Room: seen.Session.Name,
		Kinds: incidentChoices(kind), Closed: !seen.Session.ClosedAt.IsZero(),
	}
	for _, i := range all {
		page.Rows = append(page.Rows, noteRowOf(i, locale.Zone(seen.Event.Zone)))
	}
	return page, nil
}

func noteRowOf(i assessment.Incident, zone *time.Location) noteRow {
	return noteRow{When: locale.DateTime(i.At.In(zone)), Kind: incidentKinds[i.Kind], Note: i.Note, Who: i.Who, Number: kit.LastFour(i.NIP), By: i.ActorName}
}

func (p pages) addNote(c *kit.Ctx) (kit.Response, error) {
	seen, err := p.watch(c)
	if err != nil {
		return nil, err
	}
	in := assessment.NewIncident{Event: seen.Event.ID, Session: seen.Session.ID, Kind: assessment.IncidentKind(c.Form("kind")), Note: c.Form("note")}
	if _, err := p.Assessment.AddIncident(c.Context(), actor(c), in); err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.notesPage(c, string(in.Kind))
		if err != nil {
			return nil, err
		}
		page.Errors, page.Typed = errs, in.Note
		return kit.Refused("proctor/catatan", page), nil
	}
	c.Flash("Kejadian dicatat untuk berita acara.")
	return kit.Redirect(eventPath(c, seen.Event.ID, "/catatan?"+kit.QueryOf("sesi", c.Seal(kindSession, seen.Session.ID)).Encode())), nil
}
