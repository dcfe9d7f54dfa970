// Package officer holds the pages of HR officers and proctors: events from
// enrolment to report, the people of an agency, start and activation codes, and
// what a proctor watches while an assessment runs.
//
// An officer sees the agencies of the grants that allow the action and no
// others. What lies outside is not found, here as in the services.
package officer

import (
	"embed"
	"net/http"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
	"cakap/reports"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	DB         *storage.DB // for the audit entries of downloads
	Keys       *access.Keys
	Access     *access.Service
	People     *people.Service
	Assessment *assessment.Service
	Reports    *reports.Service
	// Surroundings is what the machine knows of its clock and backups; nil
	// knows of no backup and trusts the clock.
	Surroundings func() assessment.Surroundings
}

type pages struct{ Deps }

// Kinds of the sealed ids in these addresses and forms.
const (
	kindEvent     = "event"
	kindEnrolment = "enrolment"
	kindSession   = "session"
	kindAgency    = "agency"
	kindUnit      = "unit"
	kindPerson    = "person"
	kindBlueprint = "blueprint"
	kindAccount   = "account"
)

// rosterBody is the largest roster taken.
const rosterBody = 64 << 20

// codesBody is room for the ticks of a page of people.
const codesBody = 256 << 10

// Routes are the doors of officers and proctors.
func Routes(d Deps) []kit.Route {
	p := pages{d}
	return append(p.eventRoutes(), p.peopleRoutes()...)
}

func (p pages) eventRoutes() []kit.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []kit.Route{
		{Method: get, Path: "/kegiatan", Action: access.EventRead, Handle: p.events},
		{Method: get, Path: "/kegiatan/baru", Action: access.EventManage, Handle: p.newEvent},
		{Method: post, Path: "/kegiatan/baru", Action: access.EventManage, Handle: p.createEvent},
		{Method: get, Path: "/kegiatan/:id", Action: access.EventRead, Handle: p.event},
		{Method: get, Path: "/kegiatan/:id/ubah", Action: access.EventManage, Handle: p.editEvent},
		{Method: post, Path: "/kegiatan/:id/ubah", Action: access.EventManage, Handle: p.changeEvent},
		{Method: post, Path: "/kegiatan/:id/sesi", Action: access.EventManage, Handle: p.saveSession},
		{Method: post, Path: "/kegiatan/:id/sesi/hapus", Action: access.EventManage, Handle: p.removeSession},
		{Method: get, Path: "/kegiatan/:id/beban", Action: access.EventManage, Handle: p.loadPage, Slow: true},
		{Method: get, Path: "/kegiatan/:id/belum", Action: access.EventRead, Handle: p.unfinished},
		{Method: post, Path: "/kegiatan/:id/daftar", Action: access.EventManage, Handle: p.enrolList, MaxBody: listBody, Slow: true},
		{Method: post, Path: "/kegiatan/:id/massal", Action: access.EventManage, Handle: p.bulk, MaxBody: codesBody},
		{Method: post, Path: "/kegiatan/:id/bagi", Action: access.EventManage, Handle: p.redistribute, Slow: true},
		{Method: post, Path: "/kegiatan/:id/siapkan", Action: access.EventManage, Handle: p.prepare, Slow: true},
		{Method: post, Path: "/kegiatan/:id/draf", Action: access.EventManage, Handle: p.unprepare},
		{Method: get, Path: "/kegiatan/:id/pemeriksaan", Action: access.EventManage, Handle: p.preflight},
		{Method: post, Path: "/kegiatan/:id/buka", Action: access.EventManage, Handle: p.open},
		{Method: post, Path: "/kegiatan/:id/tutup", Action: access.EventManage, Handle: p.close},
		{Method: post, Path: "/kegiatan/:id/rilis", Action: access.EventRelease, Handle: p.release},

		{Method: get, Path: "/kegiatan/:id/peserta", Action: access.EventRead, Handle: p.participants},
		{Method: post, Path: "/kegiatan/:id/peserta", Action: access.EventManage, Handle: p.enrol, MaxBody: codesBody, Slow: true},
		{Method: post, Path: "/kegiatan/:id/cari", Action: access.EventRead, Handle: p.findParticipant},
		{Method: get, Path: "/kegiatan/:id/peserta/:enrolment", Action: access.Monitor, Handle: p.participant},
		{Method: post, Path: "/kegiatan/:id/peserta/:enrolment/waktu", Action: access.Monitor, Handle: p.addTime},
		{Method: post, Path: "/kegiatan/:id/peserta/:enrolment/akhiri", Action: access.Monitor, Handle: p.end},
		{Method: post, Path: "/kegiatan/:id/peserta/:enrolment/batalkan", Action: access.EventManage, Handle: p.void},
		{Method: post, Path: "/kegiatan/:id/peserta/:enrolment/kode", Action: access.CodesIssue, Handle: p.reissue},

		{Method: get, Path: "/kegiatan/:id/kartu", Action: access.CodesIssue, Handle: p.cards},
		{Method: post, Path: "/kegiatan/:id/kartu", Action: access.CodesIssue, Handle: p.issueCards, MaxBody: codesBody, Slow: true},
		{Method: get, Path: "/kegiatan/:id/pantau", Action: access.Monitor, Handle: p.monitor},
		{Method: get, Path: "/kegiatan/:id/susulan", Action: access.EventManage, Handle: p.late},
		{Method: post, Path: "/kegiatan/:id/susulan", Action: access.EventManage, Handle: p.acceptLate, MaxBody: codesBody},

		{Method: get, Path: "/kegiatan/:id/laporan", Action: access.ReportDownload, Handle: p.report},
		{Method: get, Path: "/kegiatan/:id/laporan/semua/unduh", Action: access.ReportDownload, Handle: p.downloadAll, Slow: true, Lane: kit.Report},
		{Method: get, Path: "/kegiatan/:id/laporan/:agency/unduh", Action: access.ReportDownload, Handle: p.download, Slow: true, Lane: kit.Report},
	}
}

// listBody is room for a pasted list of twenty thousand numbers, with names.
const listBody = 2 << 20

// actor is who asks, with the agencies of this route's action.
func actor(c *kit.Ctx) assessment.Actor {
	return assessment.Actor{Account: c.Actor(), Scope: c.Scope()}
}

func by(c *kit.Ctx) people.By {
	return people.By{Scope: c.Scope(), Actor: c.Actor(), Now: c.Now()}
}

// queryID opens a sealed id in the address; an absent one is 0.
func (p pages) queryID(c *kit.Ctx, kind, name string) (int64, error) {
	v := c.Query(name)
	if v == "" {
		return 0, nil
	}
	return p.Keys.Open(kind, v)
}

// formIDs opens every sealed id of a field.
func (p pages) formIDs(c *kit.Ctx, kind, name string) ([]int64, error) {
	var ids []int64
	for _, v := range c.FormAll(name) {
		id, err := p.Keys.Open(kind, v)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (p pages) around() assessment.Surroundings {
	if p.Surroundings == nil {
		return assessment.Surroundings{BackupAge: -1}
	}
	return p.Surroundings()
}

// eventPath is the address of a page of an event.
func eventPath(c *kit.Ctx, id int64, rest string) string {
	return "/kegiatan/" + c.Seal(kindEvent, id) + rest
}

// inPlace shows err on the page it belongs to. An id that does not exist in a
// form is the same as any other refusal of a form.
func inPlace(err error) (kit.Errors, error) {
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound && f.Field != "" {
		err = &fault.Fault{Kind: fault.Invalid, Key: f.Key, Args: f.Args, Field: f.Field}
	}
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	return errs, nil
}
