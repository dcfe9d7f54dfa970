package officer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// eventHead is what every page of an event begins with.
type eventHead struct {
	ID   int64
	Name string
	Code string
	Tabs []tab
}

// tab is one of an event's pages.
type tab struct {
	Path, Text string
	Current    bool
}

// headOf names the pages of an event that this person may open.
func headOf(c *kit.Ctx, e assessment.Event, current string) eventHead {
	may, at := rightsOf(c.Principal()), eventPath(c, e.ID, "")
	h := eventHead{ID: e.ID, Name: e.Name, Code: e.Code}
	for _, t := range []struct {
		rest, text string
		shown      bool
	}{
		{"", "Ringkasan", true},
		{"/peserta", "Peserta", true},
		{"/pemeriksaan", "Pemeriksaan", may.manages(e)},
		{"/kartu", "Kartu peserta", may.Codes && e.State != assessment.EventClosed},
		{"/pantau", "Pantau", may.Watch},
		{"/susulan", "Jawaban susulan", may.Manage},
		{"/laporan", "Laporan", may.Report},
	} {
		if t.shown {
			h.Tabs = append(h.Tabs, tab{at + t.rest, t.text, t.rest == current})
		}
	}
	return h
}

// eventPage is where an event stands and what to do with it now.
type eventPage struct {
	kit.Base
	eventHead
	Tag       tag
	Window    string
	Steps     []stage
	Next      step
	Counts    assessment.Counts
	Waiting   int // not begun, out of Counts
	Late      int
	Unmarked  int  // answers that wait for a marker
	Marks     bool // this person may mark them
	Blueprint string
	Items     int
	Minutes   int
	Essays    string
	Extra     int
	Scheme    string
	Release   string
	Agencies  []string
	Sessions  []sessionRow
	Manages   bool
	Open      bool // sessions may still be added
	Session   sessionForm
}

// stage is one of the steps of an event.
type stage struct {
	Text  string
	State string // "done", "now" or ""
}

// sessionRow is a session in words.
type sessionRow struct {
	ID     int64
	Name   string
	Window string
	Place  string
	Token  string
}

// sessionForm is a session as typed; ID is sealed, "" for a new one.
type sessionForm struct {
	ID, Name, Opens, Closes, Place, Token string
}

func (p pages) event(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	page, err := p.eventPage(c, id)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/ringkasan", page), nil
}

func (p pages) eventPage(c *kit.Ctx, id int64) (*eventPage, error) {
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	agencies, err := p.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return nil, err
	}
	page := summaryOf(d, rightsOf(c.Principal()), c.Now())
	page.Base = c.Base(d.Event.Name).In(kit.SectionEvents)
	page.eventHead = headOf(c, d.Event, "")
	page.Marks = access.Allow(c.Principal(), access.EssayMark) == nil
	for _, a := range agencies {
		if slices.Contains(d.Event.Agencies, a.ID) {
			page.Agencies = append(page.Agencies, a.Name)
		}
	}
	page.Session = sessionForm{Opens: localTime(d.Event.OpensAt, d.Event.Zone), Closes: localTime(d.Event.ClosesAt, d.Event.Zone)}
	chosen, err := p.queryID(c, kindSession, "sesi")
	if err != nil {
		return nil, err
	}
	for _, s := range d.Sessions {
		if s.ID == chosen {
			page.Session = sessionForm{
				ID: c.Seal(kindSession, s.ID), Name: s.Name, Place: s.Place, Token: s.Token,
				Opens: localTime(s.OpensAt, d.Event.Zone), Closes: localTime(s.ClosesAt, d.Event.Zone),
			}
		}
	}
	return page, nil
}

// summaryOf is the part of the page that depends on the event alone.
func summaryOf(d assessment.EventDetail, may rights, now time.Time) *eventPage {
	e := d.Event
	page := &eventPage{
		Tag: eventTag(e.State), Window: window(e.OpensAt, e.ClosesAt, e.Zone), Steps: stages(e, d.Counts, now),
		Next: nextStep(e, d.Counts.Enrolled, d.Counts.Late, may, now), Counts: d.Counts, Waiting: d.Counts.NotStarted(), Late: d.Counts.Late,
		Unmarked: d.Unmarked, Essays: essaysText(e.Spec), Extra: len(e.Spec.Extra),
		Blueprint: d.Blueprint.Name, Items: e.Spec.Items(), Minutes: e.Spec.Minutes, Scheme: d.Scheme.Name,
		Release: releaseText(e, now), Manages: may.manages(e), Open: e.State != assessment.EventClosed,
	}
	if d.Unmarked > 0 && page.Next.Path == releasePath {
		page.Next.Why = fmt.Sprintf("Masih ada %s jawaban uraian yang belum dinilai. Peserta itu melihat nilainya sebagai belum lengkap.", locale.Int(d.Unmarked))
	}
	for _, s := range d.Sessions {
		page.Sessions = append(page.Sessions, sessionRow{ID: s.ID, Name: s.Name, Window: window(s.OpensAt, s.ClosesAt, e.Zone), Place: s.Place, Token: s.Token})
	}
	return page
}

func releaseText(e assessment.Event, now time.Time) string {
	zone := locale.Zone(e.Zone)
	switch {
	case !e.ReleasedAt.IsZero():
		return "Sudah dirilis " + locale.DateTime(e.ReleasedAt.In(zone))
	case e.Release == assessment.ReleaseAt && e.ResultsVisible(now):
		return "Sudah dirilis " + locale.DateTime(e.ReleaseAt.In(zone))
	case e.Release == assessment.ReleaseAt:
		return "Dirilis " + locale.DateTime(e.ReleaseAt.In(zone))
	default:
		return releases[e.Release]
	}
}

// stages are the eight steps of an event, with the one it stands at.
func stages(e assessment.Event, n assessment.Counts, now time.Time) []stage {
	at := 0
	switch {
	case e.State == assessment.EventClosed && e.ResultsVisible(now):
		at = 7
	case e.State == assessment.EventClosed:
		at = 6
	case e.State == assessment.EventOpen && !now.Before(e.ClosesAt):
		at = 5
	case e.State == assessment.EventOpen:
		at = 4
	case e.State == assessment.EventPrepared:
		at = 2
	case n.Enrolled > 0:
		at = 1
	}
	var all []stage
	for i, text := range []string{"Peserta", "Siapkan paket", "Pemeriksaan", "Buka", "Pantau", "Tutup", "Rilis", "Laporan"} {
		s := stage{Text: text}
		switch {
		case i < at:
			s.State = "done"
		case i == at:
			s.State = "now"
		}
		all = append(all, s)
	}
	return all
}

func (p pages) saveSession(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	page, err := p.eventPage(c, id)
	if err != nil {
		return nil, err
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page.Session = sessionForm{
		ID: c.Form("session"), Name: c.Form("session_name"), Opens: c.Form("session_opens"), Closes: c.Form("session_closes"),
		Place: c.Form("place"), Token: c.Form("session_token"),
	}
	session, err := c.FormID(kindSession, "session")
	if err != nil {
		return nil, err
	}
	in, errs := page.Session.session(d.Event.Zone)
	if len(errs) == 0 {
		if session == 0 {
			_, err = p.Assessment.AddSession(c.Context(), actor(c), id, in)
		} else {
			_, err = p.Assessment.ChangeSession(c.Context(), actor(c), id, session, in)
		}
		if err != nil {
			if errs, err = inPlace(err); err != nil {
				return nil, err
			}
		}
	}
	if len(errs) > 0 {
		page.Errors = errs
		return kit.Refused("officer/ringkasan", page), nil
	}
	c.Flash("Sesi disimpan.")
	return kit.Redirect(eventPath(c, id, "")), nil
}

func (f sessionForm) session(zone string) (assessment.NewSession, kit.Errors) {
	var errs kit.Errors
	opens := typedTime("session_opens", f.Opens, zone, &errs)
	closes := typedTime("session_closes", f.Closes, zone, &errs)
	return assessment.NewSession{Name: f.Name, OpensAt: opens, ClosesAt: closes, Place: f.Place, Token: strings.TrimSpace(f.Token)}, errs
}
