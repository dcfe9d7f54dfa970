// Package trainer holds the pages of those who write and review questions: the
// bank, an item with its preview, the editor, the review queue and the import.
// They show keys and never a person's score.
package trainer

import (
	"context"
	"embed"
	"net/http"

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
	return []kit.Route{
		{Method: http.MethodGet, Path: "/bank", Action: read, Handle: d.list},
		{Method: http.MethodGet, Path: "/bank/ekspor", Action: read, Handle: d.export, Slow: true},
		{Method: http.MethodGet, Path: "/bank/templat", Action: read, Handle: blank, Slow: true},
		{Method: http.MethodGet, Path: "/bank/telaah", Action: review, Handle: d.queue},
		{Method: http.MethodGet, Path: "/bank/impor", Action: edit, Handle: d.importForm},
		{Method: http.MethodPost, Path: "/bank/impor", Action: edit, Handle: d.importFile, MaxBody: uploadLimit, Slow: true},
		{Method: http.MethodGet, Path: "/bank/baru", Action: edit, Handle: d.newForm},
		{Method: http.MethodPost, Path: "/bank/baru", Action: edit, Handle: d.create, MaxBody: editLimit},
		{Method: http.MethodGet, Path: "/bank/:id", Action: read, Handle: d.item},
		{Method: http.MethodGet, Path: "/bank/:id/ubah", Action: edit, Handle: d.editForm},
		{Method: http.MethodPost, Path: "/bank/:id/ubah", Action: edit, Handle: d.revise, MaxBody: editLimit},
		{Method: http.MethodPost, Path: "/bank/:id/ajukan", Action: edit, Handle: d.submit},
		{Method: http.MethodPost, Path: "/bank/:id/setujui", Action: review, Handle: d.approve},
		{Method: http.MethodPost, Path: "/bank/:id/perlu-revisi", Action: review, Handle: d.requestChanges},
		{Method: http.MethodPost, Path: "/bank/:id/pensiun", Action: edit, Handle: d.retire},
	}
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
