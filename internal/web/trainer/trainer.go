// Package trainer holds the pages of those who write and review questions: the
// bank, an item with its preview, the editor, the review queue and the import.
// They show keys and never a person's score.
package trainer

import (
	"context"
	"embed"
	"net/http"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	Bank   *questionbank.Service
	Access *access.Service // who is who, for the history of an item
	// Assessment knows what blueprints ask of the bank; nil makes one that
	// reads the bank's own database.
	Assessment *assessment.Service

	checks *checks
}

// itemKind is the kind of the sealed ids in these addresses.
const itemKind = "item"

// uploadLimit leaves room for the form around the largest file.
const uploadLimit = questionbank.MaxFile + 64<<10

// editLimit is enough for every field of an item at its longest, in the four
// bytes a letter may take.
const editLimit = 512 << 10

// Routes are the doors of the bank.
func Routes(d Deps) []kit.Route {
	read, edit, review := access.BankRead, access.BankEdit, access.BankReview
	d.checks = &checks{}
	if d.Assessment == nil && d.Bank != nil {
		d.Assessment = assessment.New(assessment.Options{DB: d.Bank.DB})
	}
	return append(d.importRoutes(), []kit.Route{
		{Method: http.MethodGet, Path: "/bank", Action: read, Handle: d.list},
		{Method: http.MethodGet, Path: "/bank/ekspor", Action: read, Handle: d.exportForm},
		{Method: http.MethodPost, Path: "/bank/ekspor", Action: read, Handle: d.exportStep, Slow: true},
		{Method: http.MethodPost, Path: "/bank/massal", Action: edit, Handle: d.bulk, Slow: true},
		{Method: http.MethodGet, Path: "/bank/tinjau", Action: read, Handle: d.remindList},
		{Method: http.MethodGet, Path: "/bank/templat", Action: read, Handle: blank, Slow: true},
		{Method: http.MethodGet, Path: "/bank/telaah", Action: review, Handle: d.queue},
		{Method: http.MethodGet, Path: "/bank/baru", Action: edit, Handle: d.newForm},
		{Method: http.MethodPost, Path: "/bank/baru", Action: edit, Handle: d.create, MaxBody: editLimit},
		{Method: http.MethodGet, Path: "/bank/:id", Action: read, Handle: d.item},
		{Method: http.MethodGet, Path: "/bank/:id/ubah", Action: edit, Handle: d.editForm},
		{Method: http.MethodPost, Path: "/bank/:id/ubah", Action: edit, Handle: d.revise, MaxBody: editLimit},
		{Method: http.MethodPost, Path: "/bank/:id/ajukan", Action: edit, Handle: d.submit},
		{Method: http.MethodPost, Path: "/bank/:id/setujui", Action: review, Handle: d.approve},
		{Method: http.MethodPost, Path: "/bank/:id/perlu-revisi", Action: review, Handle: d.requestChanges},
		{Method: http.MethodPost, Path: "/bank/:id/tolak", Action: review, Handle: d.reject},
		{Method: http.MethodGet, Path: "/bank/:id/usul", Action: review, Handle: d.suggestForm},
		{Method: http.MethodPost, Path: "/bank/:id/usul", Action: review, Handle: d.suggest, MaxBody: editLimit},
		{Method: http.MethodPost, Path: "/bank/:id/pakai-usul", Action: edit, Handle: d.adopt},
		{Method: http.MethodPost, Path: "/bank/:id/pensiun", Action: edit, Handle: d.retire},
		{Method: http.MethodPost, Path: "/bank/:id/masalah", Action: read, Handle: d.flag},
		{Method: http.MethodGet, Path: "/bank/:id/banding", Action: read, Handle: d.compare},
		{Method: http.MethodGet, Path: "/bank/:id/asli", Action: read, Handle: d.original},
	}...)
}

// Views are the templates of this package.
func Views() kit.Views {
	return kit.Views{Name: "trainer", Layout: "staff", FS: files, Examples: examples()}
}

// names finds who wrote and reviewed what. A question names no participant, so
// staff accounts are all there is to look among.
func (d Deps) names(ctx context.Context) (func(int64) string, error) {
	accounts, err := d.Access.StaffAccounts(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]string, len(accounts))
	for _, a := range accounts {
		byID[a.ID] = a.Name
	}
	return func(id int64) string {
		switch name := byID[id]; {
		case name != "":
			return name
		case id == 0:
			return "Cakap"
		default:
			return "petugas lama"
		}
	}, nil
}
