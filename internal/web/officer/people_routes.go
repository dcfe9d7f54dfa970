package officer

import (
	"net/http"

	"cakap/internal/access"
	"cakap/internal/web/kit"
)

// Kinds of the sealed ids of the pages about people.
const (
	kindRoster   = "roster"   // a file between its check and its saving
	kindTransfer = "transfer" // one agency's wish for another's person
)

func (p pages) peopleRoutes() []kit.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []kit.Route{
		{Method: get, Path: "/pegawai", Action: access.RosterRead, Handle: p.people},
		{Method: post, Path: "/pegawai/cari", Action: access.RosterRead, Handle: p.findPerson},
		{Method: get, Path: "/pegawai/baru", Action: access.RosterImport, Handle: p.newPerson},
		{Method: post, Path: "/pegawai/baru", Action: access.RosterImport, Handle: p.addPerson},

		{Method: get, Path: "/pegawai/impor", Action: access.RosterImport, Handle: p.rosterForm},
		{Method: post, Path: "/pegawai/impor", Action: access.RosterImport, Handle: p.uploadRoster, MaxBody: rosterBody, Slow: true},
		{Method: get, Path: "/pegawai/impor/:upload", Action: access.RosterImport, Handle: p.rosterReport, Slow: true},
		{Method: post, Path: "/pegawai/impor/:upload", Action: access.RosterImport, Handle: p.saveRoster, Slow: true},
		{Method: post, Path: "/pegawai/impor/:upload/putuskan", Action: access.RosterImport, Handle: p.chooseTwins, MaxBody: codesBody, Slow: true},
		{Method: post, Path: "/pegawai/impor/:upload/mutasi", Action: access.RosterImport, Handle: p.wantListed, MaxBody: codesBody, Slow: true},
		{Method: post, Path: "/pegawai/impor/:upload/nonaktif", Action: access.RosterImport, Handle: p.deactivateMissing, MaxBody: codesBody, Slow: true},
		{Method: get, Path: "/pegawai/impor/:upload/unduh", Action: access.RosterImport, Handle: p.downloadRosterReport, Slow: true},
		{Method: post, Path: "/pegawai/impor/:upload/buang", Action: access.RosterImport, Handle: p.dropRoster},

		{Method: get, Path: "/pegawai/mutasi", Action: access.RosterImport, Handle: p.transfers},
		{Method: post, Path: "/pegawai/mutasi", Action: access.RosterImport, Handle: p.wantOne},
		{Method: post, Path: "/pegawai/mutasi/:transfer", Action: access.RosterImport, Handle: p.decideTransfer},

		{Method: get, Path: "/pegawai/kode", Action: access.CodesIssue, Handle: p.codes},
		{Method: post, Path: "/pegawai/kode", Action: access.CodesIssue, Handle: p.activation, MaxBody: codesBody},
		{Method: post, Path: "/pegawai/kode/massal", Action: access.CodesIssue, Handle: p.activateMany, Slow: true},

		{Method: get, Path: "/pegawai/:id", Action: access.RosterRead, Handle: p.person},
		{Method: post, Path: "/pegawai/:id", Action: access.RosterImport, Handle: p.changePerson},
		{Method: post, Path: "/pegawai/:id/nip", Action: access.RosterImport, Handle: p.changeNIP},
		{Method: post, Path: "/pegawai/:id/waktu", Action: access.RosterImport, Handle: p.changeExtraTime},
		{Method: post, Path: "/pegawai/:id/gabung", Action: access.RosterImport, Handle: p.mergePeople},
	}
}
