// Package papers is where officers and proctors print what an exam day needs:
// exam cards, attendance lists, minutes and the rules, as PDF. What stands on a
// paper is what its printer may see; who printed what is audited.
package papers

import (
	"cmp"
	"embed"
	"io"
	"net/http"
	"slices"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
	"cakap/internal/web/officer"
	"cakap/reports/papers"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	DB         *storage.DB // for the audit entries
	Keys       *access.Keys
	People     *people.Service
	Assessment *assessment.Service
}

// Kinds of the sealed ids in these addresses and forms.
const (
	kindEvent    = "event"
	kindSession  = "session"
	kindAgency   = "agency"
	kindIncident = "incident"
)

// pdf is the type of what is sent.
const pdf = "application/pdf"

// Routes are the doors of this package.
func Routes(d Deps) []kit.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []kit.Route{
		{Method: get, Path: "/kegiatan/:id/berkas-cetak", Action: access.PaperPrint, Handle: d.list},
		{Method: get, Path: "/kegiatan/:id/berkas-cetak/:paper", Action: access.PaperPrint, Handle: d.print, Slow: true, Lane: kit.Report},
		{Method: post, Path: "/kegiatan/:id/kartu.pdf", Action: access.CodesIssue, Handle: d.cards, Slow: true, Lane: kit.Report},
	}
}

// choice is an entry of a list to choose from.
type choice struct{ Value, Text string }

// listPage offers the papers of an event.
type listPage struct {
	kit.Base
	officer.EventHead
	Enrolled   int
	Without    int // people without a start code
	Cards      bool
	Sessions   []choice
	Agencies   []choice
	Violations []choice
	Again      bool
}

func (d Deps) list(c *kit.Ctx) (kit.Response, error) {
	page, err := d.listPage(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("papers/berkas", page), nil
}

func (d Deps) listPage(c *kit.Ctx) (*listPage, error) {
	j, err := d.job(c, c.Query)
	if err != nil {
		return nil, err
	}
	everybody, err := d.Assessment.Participants(c.Context(), actor(c), j.event.ID, assessment.ParticipantFilter{})
	if err != nil {
		return nil, err
	}
	incidents, err := d.Assessment.Incidents(c.Context(), actor(c), j.event.ID, 0)
	if err != nil {
		return nil, err
	}
	page := &listPage{
		Base: c.Base("Berkas cetak").In(kit.SectionEvents), EventHead: officer.Head(c, j.event, "/berkas-cetak"), Enrolled: everybody.Total,
		Cards: access.Allow(c.Principal(), access.CodesIssue) == nil && j.event.State != assessment.EventClosed,
	}
	for _, p := range everybody.Rows {
		if !p.Enrolment.HasStartCode {
			page.Without++
		}
	}
	for _, s := range j.sessions {
		page.Sessions = append(page.Sessions, choice{c.Seal(kindSession, s.ID), s.Name})
	}
	for _, a := range j.agencies {
		page.Agencies = append(page.Agencies, choice{c.Seal(kindAgency, a.ID), a.Name})
	}
	for _, i := range incidents {
		if i.Kind == assessment.Violation {
			at := locale.DateTime(i.At.In(locale.Zone(j.event.Zone)))
			page.Violations = append(page.Violations, choice{c.Seal(kindIncident, i.ID), cmp.Or(i.Who, "Tanpa nama") + ", " + at})
		}
	}
	return page, nil
}

// actor is who asks, with the agencies of this route's action.
func actor(c *kit.Ctx) assessment.Actor {
	return assessment.Actor{Account: c.Actor(), Scope: c.Scope()}
}

// job is what every paper begins with.
type job struct {
	c        *kit.Ctx
	event    assessment.Event
	sessions []assessment.Session
	proctors map[int64]string // names by account
	agencies []people.Agency  // of the event, within the scope
	agency   int64            // chosen; 0 for all of them
	session  int64            // chosen; 0 for none
	format   papers.Format
}

// job reads what was chosen through field: a form's or an address's.
func (d Deps) job(c *kit.Ctx, field func(string) string) (job, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return job{}, err
	}
	e, err := d.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return job{}, err
	}
	j := job{c: c, event: e.Event, sessions: e.Sessions, proctors: e.Proctors, format: papers.Format(field("kertas"))}
	all, err := d.People.Agencies(c.Context(), c.Scope())
	if err != nil {
		return job{}, err
	}
	for _, a := range all {
		if slices.Contains(e.Event.Agencies, a.ID) {
			j.agencies = append(j.agencies, a)
		}
	}
	if j.agency, err = d.open(kindAgency, field("instansi")); err != nil {
		return job{}, err
	}
	if j.agency != 0 && !c.Scope().Covers(j.agency) {
		return job{}, fault.New(fault.NotFound, "assessment.no_agency")
	}
	if j.session, err = d.open(kindSession, field("sesi")); err != nil {
		return job{}, err
	}
	if j.session != 0 && !slices.ContainsFunc(j.sessions, func(s assessment.Session) bool { return s.ID == j.session }) {
		return job{}, fault.New(fault.NotFound, "assessment.no_session")
	}
	return j, nil
}

// open opens a sealed id; an empty one is 0.
func (d Deps) open(kind, sealed string) (int64, error) {
	if sealed == "" {
		return 0, nil
	}
	return d.Keys.Open(kind, sealed)
}

// letterhead is the agency whose paper this is: the one chosen, else the one
// that runs the event, else the only one; each only where the printer may see it.
func (j job) letterhead() []string {
	id := cmp.Or(j.agency, j.event.Owner)
	if len(j.agencies) == 1 {
		id = j.agencies[0].ID
	}
	for _, a := range j.agencies {
		if a.ID == id {
			return []string{a.Name}
		}
	}
	return nil
}

func (j job) agencyName(id int64) string {
	for _, a := range j.agencies {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

// head is the beginning of a paper of a session.
func (j job) head(s assessment.Session) papers.Head {
	zone := locale.Zone(j.event.Zone)
	return papers.Head{
		Format: j.format, Letterhead: j.letterhead(), Event: j.event.Name, Code: j.event.Code, Session: s.Name, Place: s.Place,
		Opens: s.OpensAt.In(zone), Closes: s.ClosesAt.In(zone),
	}
}

// file sends a paper once its printing is in the audit trail: nothing leaves
// without an entry.
func (d Deps) file(j job, paper, name string, people int, write func(io.Writer) error) (kit.Response, error) {
	entry := access.Entry{
		At: j.c.Now(), Actor: j.c.Actor(), Action: "paper.print", ObjectKind: "event", ObjectID: j.event.ID, AgencyID: j.agency,
		Detail: map[string]any{"paper": paper, "session": j.session, "people": people},
	}
	err := d.DB.Tx(j.c.Context(), func(db storage.Querier) error { return access.Record(j.c.Context(), db, entry) })
	if err != nil {
		return nil, err
	}
	return kit.File{Name: name, Type: pdf, Write: write}, nil
}
