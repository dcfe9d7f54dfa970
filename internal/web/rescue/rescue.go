// Package rescue holds the page on which an officer or a proctor uploads
// answer files (berkas jawaban): what phones saved that found no network to
// the end of an exam.
package rescue

import (
	"embed"
	"fmt"
	"net/http"
	"strconv"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

//go:embed *.html
var files embed.FS

// Deps are the services behind the page.
type Deps struct{ Assessment *assessment.Service }

type pages struct{ Deps }

// kindEvent is the kind of the sealed id in the address.
const kindEvent = "event"

const (
	mostFiles = 30
	mostBody  = mostFiles*assessment.MaxAnswerFile + 1<<20
)

// Routes are the doors of the page.
func Routes(d Deps) []kit.Route {
	p := pages{d}
	may := access.AnswerFileTake
	return []kit.Route{
		{Method: http.MethodGet, Path: "/kegiatan/:id/berkas", Action: may, Handle: p.show},
		{Method: http.MethodPost, Path: "/kegiatan/:id/berkas", Action: may, Handle: p.take, MaxBody: mostBody, Slow: true},
	}
}

// page is the form, and below it what became of the files just uploaded.
type page struct {
	kit.Base
	ID, Name, Code string
	Late           bool // the person may decide about late answers
	Rows           []row
	Stored, Kept   int
	Refused        int // files
}

// row is one file.
type row struct {
	File    string
	Who     string // name and the last four digits of the number
	Entries int
	Stored  int // in the journal now, or there before
	Late    int
	Dropped string // what was left out, and why
	Problem string // why nothing of the file was taken
}

func (p pages) show(c *kit.Ctx) (kit.Response, error) {
	page, _, err := p.page(c)
	if err != nil {
		return nil, err
	}
	return kit.HTML("rescue/berkas", page), nil
}

func (p pages) page(c *kit.Ctx) (*page, int64, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, 0, err
	}
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, 0, err
	}
	return &page{
		Base: c.Base("Berkas jawaban").In(kit.SectionEvents), ID: c.Seal(kindEvent, id), Name: d.Event.Name, Code: d.Event.Code,
		Late: access.Allow(c.Principal(), access.EventManage) == nil,
	}, id, nil
}

func actor(c *kit.Ctx) assessment.Actor {
	return assessment.Actor{Account: c.Actor(), Scope: c.Scope()}
}

// take works through the files one by one: what is wrong with one stops no
// other, and each is told about by its name.
func (p pages) take(c *kit.Ctx) (kit.Response, error) {
	page, event, err := p.page(c)
	if err != nil {
		return nil, err
	}
	uploads, err := c.Uploads("berkas", mostFiles, assessment.MaxAnswerFile)
	if err != nil {
		errs, ok := kit.FormErrors(err)
		if !ok {
			return nil, err
		}
		page.Errors = errs
		return kit.Refused("rescue/berkas", page), nil
	}
	for _, u := range uploads {
		taken, err := p.Assessment.TakeFile(c.Context(), actor(c), event, u.Body)
		f := fault.Of(err)
		if err != nil && f == nil {
			return nil, fmt.Errorf("take answer file: %w", err)
		}
		if f != nil {
			page.Rows = append(page.Rows, row{File: u.Name, Problem: locale.Fault(f)})
			page.Refused++
			continue
		}
		page.Rows = append(page.Rows, rowOf(u.Name, taken))
		page.Stored += taken.Stored
		page.Kept += taken.Late
	}
	return kit.HTML("rescue/berkas", page), nil
}

func rowOf(name string, t assessment.FileTaken) row {
	r := row{File: name, Who: t.Who.Name + ", NIP " + kit.Masked(t.Who.NIP), Entries: t.Entries, Stored: t.Stored + t.Already, Late: t.Late}
	if t.Newer > 0 {
		r.Dropped = strconv.Itoa(t.Newer) + " sudah dijawab lagi di gawai lain"
	}
	if t.Bad > 0 {
		if r.Dropped != "" {
			r.Dropped += "; "
		}
		r.Dropped += strconv.Itoa(t.Bad) + " bukan jawaban yang sah"
	}
	return r
}

// Views are the templates of this package.
func Views() kit.Views {
	return kit.Views{Name: "rescue", Layout: "staff", FS: files, Examples: map[string]kit.Page{
		"berkas": &page{
			Base: kit.Base{Title: "Berkas jawaban", Errors: kit.Errors{{Field: "berkas", Text: "Pilih berkas."}}}, ID: "x", Name: "Pemetaan", Code: "LD-1", Late: true,
			Rows:   []row{{File: "a.jawaban", Who: "Contoh", Entries: 3, Stored: 1, Late: 1, Dropped: "1 bukan jawaban yang sah"}, {File: "b.txt", Problem: "Berkas rusak."}},
			Stored: 1, Kept: 1, Refused: 1,
		},
	}}
}
