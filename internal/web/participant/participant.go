// Package participant holds the pages of a civil servant who takes an
// assessment: home, preparation, practice, the take page, review, receipt and
// result. The pages are light, and every step works without JavaScript.
package participant

import (
	"embed"
	"net/http"
	"sync"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/web/kit"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind these pages.
type Deps struct {
	Assessment *assessment.Service
	Keys       *access.Keys
}

type pages struct {
	Deps
	texts *sync.Map // textKey → template.HTML; a revision never changes
	pace  *pace
}

// Routes are the doors of a participant.
func Routes(d Deps) []kit.Route {
	p := pages{d, &sync.Map{}, &pace{}}
	take := access.AttemptTake
	return []kit.Route{
		{Method: http.MethodGet, Path: "/beranda", Action: take, Handle: p.home},
		{Method: http.MethodGet, Path: "/latihan", Action: take, Handle: p.practice},
		{Method: http.MethodPost, Path: "/latihan", Action: take, Handle: p.practised},
		{Method: http.MethodGet, Path: "/ikut/:id", Action: take, Handle: p.identity},
		{Method: http.MethodGet, Path: "/ikut/:id/tata-tertib", Action: take, Handle: p.rules},
		{Method: http.MethodGet, Path: "/ikut/:id/tunggu", Action: take, Handle: p.waiting},
		{Method: http.MethodPost, Path: "/ikut/:id/tunggu", Action: take, Handle: p.knock},
		{Method: http.MethodPost, Path: "/ikut/:id/mulai", Action: take, Handle: p.start, Lane: kit.Submit},
		{Method: http.MethodGet, Path: "/ikut/:id/soal", Action: take, Handle: p.take},
		{Method: http.MethodPost, Path: "/ikut/:id/soal", Action: take, Handle: p.saveForm, MaxBody: formBody, Lane: kit.Save},
		{Method: http.MethodPost, Path: "/ikut/:id/lanjut", Action: take, Handle: p.advance},
		{Method: http.MethodPost, Path: "/ikut/:id/laporan", Action: take, Handle: p.report},
		{Method: http.MethodPost, Path: "/ikut/:id/ambil-alih", Action: take, Handle: p.takeOver, Lane: kit.Submit},
		{Method: http.MethodGet, Path: "/ikut/:id/tinjau", Action: take, Handle: p.review},
		{Method: http.MethodPost, Path: "/ikut/:id/kirim", Action: take, Handle: p.submit, Lane: kit.Submit},
		{Method: http.MethodGet, Path: "/ikut/:id/bukti/:no", Action: take, Handle: p.receipt},
		{Method: http.MethodGet, Path: "/ikut/:id/hasil/:no", Action: access.ResultOwn, Handle: p.result},
		{Method: http.MethodPost, Path: SavePath, Handle: p.save, Bearer: true, MaxBody: saveBodyMost},
	}
}

// A save holds at most all the parts of one item in the three bytes a unit of
// a browser's text may take, besides a few short answers; a form sends each of
// an essay's bytes as three.
const (
	saveBodyMost = 192 << 10
	formBody     = 12*assessment.MaxEssay + 16<<10
)

// SavePath is where a browser's outbox sends answers.
const SavePath = "/api/jawaban"

// enrolment is the kind of the sealed ids in these addresses.
const enrolment = "enrolment"

// taker is the person who asks, narrowed to one enrolment after a start code.
func taker(c *kit.Ctx) assessment.Taker {
	p := c.Principal()
	return assessment.Taker{Person: p.PersonID, Only: p.EnrolmentID}
}
