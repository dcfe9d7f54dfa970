// Package proctor holds the pages of an exam day as its proctors see it: who
// is there, who works and who needs help, what a proctor may do for them, what
// participants report, and what has to stand in the minutes.
//
// A proctor sees the people of the agencies of the own grants and no others,
// and never a key: items are shown as their participants see them.
package proctor

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	Keys       *access.Keys
	Assessment *assessment.Service
	People     *people.Service
}

type pages struct{ Deps }

// Kinds of the sealed ids in these addresses and forms.
const (
	kindEvent     = "event"
	kindEnrolment = "enrolment"
	kindSession   = "session"
	kindItem      = "item"
	kindReport    = "report"
)

// ticksBody is room for the ticks of a page of people.
const ticksBody = 256 << 10

// Routes are the doors of this package.
func Routes(d Deps) []kit.Route {
	p := pages{d}
	const get, post = http.MethodGet, http.MethodPost
	return []kit.Route{
		{Method: get, Path: "/pengawasan", Action: access.SessionRun, Handle: p.sessions},
		{Method: get, Path: "/pengawasan/:id", Action: access.SessionRun, Handle: p.console},
		{Method: post, Path: "/pengawasan/:id/cari", Action: access.SessionRun, Handle: p.find},
		{Method: get, Path: "/pengawasan/:id/tindakan", Action: access.SessionRun, Handle: p.actForm},
		{Method: post, Path: "/pengawasan/:id/tindakan", Action: access.SessionRun, Handle: p.act, MaxBody: ticksBody},
		{Method: post, Path: "/pengawasan/:id/masalah", Action: access.SessionRun, Handle: p.settle},
		{Method: get, Path: "/pengawasan/:id/catatan", Action: access.SessionRun, Handle: p.notes},
		{Method: post, Path: "/pengawasan/:id/catatan", Action: access.SessionRun, Handle: p.addNote},
		{Method: post, Path: "/pengawasan/:id/tutup", Action: access.SessionRun, Handle: p.turn},

		{Method: get, Path: "/pengawasan/:id/butir", Action: access.SessionRun, Handle: p.items},
		{Method: get, Path: "/pengawasan/:id/butir/:item", Action: access.FaultyDecide, Handle: p.item},
		{Method: post, Path: "/pengawasan/:id/butir/:item", Action: access.FaultyDecide, Handle: p.decide, Slow: true},
		{Method: post, Path: "/pengawasan/:id/hitung", Action: access.FaultyDecide, Handle: p.rescore, Slow: true},
	}
}

// actor is who asks, with the agencies of this route's action.
func actor(c *kit.Ctx) assessment.Actor {
	return assessment.Actor{Account: c.Actor(), Scope: c.Scope()}
}

// open opens a sealed id that may be absent, which is 0.
func (p pages) open(kind, sealed string) (int64, error) {
	if sealed == "" {
		return 0, nil
	}
	return p.Keys.Open(kind, sealed)
}

// eventPath is the address of a page of an event.
func eventPath(c *kit.Ctx, id int64, rest string) string {
	return "/pengawasan/" + c.Seal(kindEvent, id) + rest
}

// head is what every page of an event begins with.
type head struct {
	ID      int64
	Name    string
	Zone    string
	Session string // sealed, of the session that the page is about; "" for none
}

func headOf(c *kit.Ctx, e assessment.Event, session int64) head {
	h := head{ID: e.ID, Name: e.Name, Zone: e.Zone}
	if session != 0 {
		h.Session = c.Seal(kindSession, session)
	}
	return h
}

// choice is an entry of a list to choose from.
type choice struct {
	Value, Text string
	On          bool
}

// inPlace shows err on the page it belongs to, where the page can show it.
func inPlace(err error) (kit.Errors, error) {
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	return errs, nil
}

// pageLink is one entry of a list's page numbers.
type pageLink struct {
	Path, Text string
	Current    bool
}

// pageLinks are the numbers of a short list of pages: a session has few.
func pageLinks(path string, query url.Values, number, count int) []pageLink {
	if count < 2 {
		return nil
	}
	var links []pageLink
	for n := 1; n <= count; n++ {
		query.Set("h", strconv.Itoa(n))
		links = append(links, pageLink{Path: path + "?" + query.Encode(), Text: strconv.Itoa(n), Current: n == number})
	}
	return links
}

// reportName is a report in a form: enrolment, attempt and report.
func reportName(c *kit.Ctx, r assessment.ItemReport) string {
	return c.Seal(kindEnrolment, r.Enrolment) + "." + strconv.Itoa(r.No) + "." + c.Seal(kindReport, r.ID)
}

func (p pages) parseReport(name string) (id assessment.AttemptID, report int64, err error) {
	parts := strings.Split(name, ".")
	if len(parts) != 3 {
		return id, 0, fault.New(fault.NotFound, "error.not_found")
	}
	if id.Enrolment, err = p.Keys.Open(kindEnrolment, parts[0]); err != nil {
		return id, 0, err
	}
	if id.No, err = strconv.Atoi(parts[1]); err != nil || id.No < 1 {
		return id, 0, fault.New(fault.NotFound, "error.not_found")
	}
	report, err = p.Keys.Open(kindReport, parts[2])
	return id, report, err
}
