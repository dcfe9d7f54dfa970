package officer

import (
	"fmt"
	"slices"
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
		{"/belum", "Belum selesai", e.State == assessment.EventOpen || e.State == assessment.EventClosed},
		{"/pemeriksaan", "Pemeriksaan", may.manages(e)},
		{"/kartu", "Kartu peserta", may.Codes && e.State != assessment.EventClosed},
		{"/pantau", "Pantau", may.Watch},
		{"/berkas-cetak", "Berkas cetak", access.Allow(c.Principal(), access.PaperPrint) == nil},
		{"/susulan", "Jawaban susulan", may.Manage},
		{"/laporan", "Laporan", may.Report},
		{"/periksa", "Perlu diperiksa", access.Allow(c.Principal(), access.IntegrityRead) == nil},
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
	Policy    string
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
	if page.Manages && page.Open {
		page.Session, err = p.sessionForm(c, d)
	}
	return page, err
}

// summaryOf is the part of the page that depends on the event alone.
func summaryOf(d assessment.EventDetail, may rights, now time.Time) *eventPage {
	e := d.Event
	page := &eventPage{
		Tag: eventTag(e.State), Window: locale.WindowIn(e.OpensAt, e.ClosesAt, e.Zone), Steps: stages(e, d.Counts, now),
		Next: nextStep(e, d.Counts.Enrolled, d.Counts.Late, may, now), Counts: d.Counts, Waiting: d.Counts.NotStarted(), Late: d.Counts.Late,
		Unmarked: d.Unmarked, Essays: essaysText(e.Spec), Extra: len(e.Spec.Extra),
		Blueprint: d.Blueprint.Name, Items: e.Spec.Items(), Minutes: e.Spec.Minutes, Scheme: d.Scheme.Name,
		Policy: policyText(e.Spec), Release: releaseText(e, now), Manages: may.manages(e), Open: e.State != assessment.EventClosed,
	}
	if d.Unmarked > 0 && page.Next.Path == releasePath {
		page.Next.Why = fmt.Sprintf("Masih ada %s jawaban uraian yang belum dinilai. Peserta itu melihat nilainya sebagai belum lengkap.", locale.Int(d.Unmarked))
	}
	for _, s := range d.Sessions {
		page.Sessions = append(page.Sessions, sessionRowOf(d, s))
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
