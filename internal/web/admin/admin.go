// Package admin holds the pages of the system's administrator: staff accounts,
// agencies with their units, the audit trail and the state of the system. An
// administrator sees neither keys nor scores.
package admin

import (
	"embed"
	"net/http"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/web/kit"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	DB      *storage.DB
	Keys    *access.Keys
	Access  *access.Service
	People  *people.Service
	Clock   Clock     // of this node; nil where nothing watches it
	Started time.Time // when this node began to serve; zero is now
}

// Clock is the steady clock that deadlines follow: how far the machine's own is
// away from it, why it is in doubt, and a person's word that the machine's is
// right.
type Clock interface {
	Drift() time.Duration
	Doubt() (assessment.Doubt, time.Duration)
	Confirm()
}

// The kinds of the sealed ids in these addresses.
const (
	accountKind = "account"
	agencyKind  = "agency"
)

// Routes are the doors of an administrator.
func Routes(d Deps) []kit.Route {
	if d.Started.IsZero() {
		d.Started = time.Now()
	}
	accounts, agencies := access.AccountManage, access.AgencyManage
	return []kit.Route{
		{Method: http.MethodGet, Path: "/admin/akun", Action: accounts, Handle: d.accounts},
		{Method: http.MethodGet, Path: "/admin/akun/baru", Action: accounts, Handle: d.newAccountForm},
		{Method: http.MethodPost, Path: "/admin/akun/baru", Action: accounts, Handle: d.newAccount},
		{Method: http.MethodGet, Path: "/admin/akun/:id", Action: accounts, Handle: d.account},
		{Method: http.MethodPost, Path: "/admin/akun/:id/aktif", Action: accounts, Handle: d.setActive},
		{Method: http.MethodPost, Path: "/admin/akun/:id/sandi", Action: accounts, Handle: d.setPassword},
		{Method: http.MethodPost, Path: "/admin/akun/:id/peran", Action: accounts, Handle: d.setRoles},
		{Method: http.MethodGet, Path: "/admin/instansi", Action: agencies, Handle: d.agencies},
		{Method: http.MethodPost, Path: "/admin/instansi", Action: agencies, Handle: d.createAgency},
		{Method: http.MethodGet, Path: "/admin/instansi/:id", Action: agencies, Handle: d.agency},
		{Method: http.MethodPost, Path: "/admin/instansi/:id", Action: agencies, Handle: d.updateAgency},
		{Method: http.MethodGet, Path: "/admin/jejak", Action: access.AuditRead, Handle: d.trail},
		{Method: http.MethodGet, Path: "/admin/sistem", Action: access.SystemRead, Handle: d.system},
		{Method: http.MethodPost, Path: "/admin/sistem/periksa", Action: access.SystemRead, Handle: d.verify, Slow: true},
		{Method: http.MethodPost, Path: "/admin/sistem/jam", Action: access.SystemRead, Handle: d.confirmClock},
	}
}

// Views are the templates of this package.
func Views() kit.Views {
	return kit.Views{Name: "admin", Layout: "staff", FS: files, Examples: examples()}
}

// refused shows a form again where the error is one that a form can show.
func refused(err error, name string, page kit.Page, base *kit.Base) (kit.Response, error) {
	errs, ok := kit.FormErrors(err)
	if !ok {
		return nil, err
	}
	base.Errors = errs
	return kit.Refused(name, page), nil
}
