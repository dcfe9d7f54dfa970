package proctor_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/internal/web"
	"cakap/questionbank"
	"cakap/reports"
)

// day is the real server in the middle of a session of two agencies.
type day struct {
	t      *testing.T
	db     *storage.DB
	keys   *access.Keys
	access *access.Service
	exams  *assessment.Service
	server *web.Server
	now    time.Time
	a, b   people.Agency
	event  assessment.Event
	ids    []int64 // enrolments of agency A, by name
	bytes  int     // of the last answer, compressed
}

const password = "kereta malam ke Solo"

// canary stands in the rationale of every item: nothing of a key leaves.
const canary = "kunci-kenari"

func newDay(t *testing.T, people int) *day {
	t.Helper()
	d := &day{t: t, db: storagetest.SQLite(t), keys: access.NewKeys(bytes.Repeat([]byte("k"), 32)), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	d.serve()
	d.must(questionbank.Seed(t.Context(), d.db, d.now))
	d.must(assessment.Seed(t.Context(), d.db, d.now))
	d.exec(`UPDATE item_revision SET content = replace(content, '"rationale":"', '"rationale":"` + canary + ` ')`)
	d.staff(people)
	return d
}

func (d *day) serve() {
	d.t.Helper()
	clock, log := func() time.Time { return d.now }, slog.New(slog.DiscardHandler)
	d.access = access.New(d.db, d.keys, clock)
	d.exams = assessment.New(assessment.Options{DB: d.db, Keys: d.keys, Now: clock, Log: log})
	server, err := web.New(web.Config{Version: "test", Now: clock, Log: log}, web.Services{
		DB: d.db, Keys: d.keys, Access: d.access, Assessment: d.exams, People: people.New(d.db),
		Bank: &questionbank.Service{DB: d.db, Now: clock}, Reports: reports.New(d.db),
	})
	d.must(err)
	d.server = server
}

// staff fills two agencies and opens an event of both, owned by the first.
func (d *day) staff(n int) {
	d.t.Helper()
	ctx, by, roster := d.t.Context(), people.By{Scope: access.Scope{All: true}, Now: d.now}, people.New(d.db)
	var err error
	d.a, err = roster.CreateAgency(ctx, by, people.Agency{Code: "6401", Name: "Kabupaten Satu", ShortName: "Kab. Satu", Kind: "regency", Zone: "WIB"})
	d.must(err)
	d.b, err = roster.CreateAgency(ctx, by, people.Agency{Code: "6402", Name: "Kabupaten Dua", ShortName: "Kab. Dua", Kind: "regency", Zone: "WIB"})
	d.must(err)
	for i := range n {
		_, err = roster.AddPerson(ctx, by, fmt.Sprintf("199001012015031%03d", i+1), people.Person{AgencyID: d.a.ID, Name: fmt.Sprintf("Peserta %03d", i+1), Kind: "PNS"})
		d.must(err)
	}
	_, err = roster.AddPerson(ctx, by, "198505052010012002", people.Person{AgencyID: d.b.ID, Name: "Budi Kenari", Kind: "PNS"})
	d.must(err)
	all := assessment.Actor{Scope: access.Scope{All: true}}
	plan, err := d.exams.BlueprintByCode(ctx, "RINGKAS")
	d.must(err)
	d.event, err = d.exams.CreateEvent(ctx, all, assessment.NewEvent{
		Code: "KENARI-1", Name: "Asesmen Kenari", Owner: d.a.ID, Blueprint: plan.ID, Agencies: []int64{d.a.ID, d.b.ID}, OpensAt: d.now, ClosesAt: d.now.Add(4 * time.Hour),
		Zone: "WIB", Release: assessment.ReleaseManual, Sessions: []assessment.NewSession{{Name: "Sesi pagi", OpensAt: d.now, ClosesAt: d.now.Add(4 * time.Hour)}},
	})
	d.must(err)
	_, err = d.exams.Enrol(ctx, all, assessment.EnrolRequest{Event: d.event.ID, Agencies: d.event.Agencies})
	d.must(err)
	_, err = d.exams.Prepare(ctx, all, d.event.ID)
	d.must(err)
	d.must(d.exams.Open(ctx, all, d.event.ID, assessment.Surroundings{}))
	d.must(d.db.Select(ctx, &d.ids, `SELECT id FROM enrolment WHERE event_id = ? AND agency_id = ? ORDER BY name`, d.event.ID, d.a.ID))
}

func (d *day) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *day) exec(query string, args ...any) {
	d.t.Helper()
	_, err := d.db.Exec(d.t.Context(), query, args...)
	d.must(err)
}

// begin starts a person's attempt.
func (d *day) begin(enrolment int64) assessment.Ticket {
	d.t.Helper()
	var person int64
	d.must(d.db.Get(d.t.Context(), &person, `SELECT person_id FROM enrolment WHERE id = ?`, enrolment))
	taker := assessment.Taker{Person: person}
	_, err := d.exams.Start(d.t.Context(), taker, enrolment, "gawai", "HP Android, Chrome", "")
	d.must(err)
	t, err := d.exams.Ticket(d.t.Context(), taker, enrolment, "gawai")
	d.must(err)
	return t
}

func (d *day) answer(t assessment.Ticket, n int) {
	d.t.Helper()
	for i := range n {
		value := assessment.Entry{Position: i + 1, Seq: int64(i + 1), Value: "A"}
		if !assessment.ValidValue(t.Shape, i+1, "A") {
			continue
		}
		_, err := d.exams.Save(d.t.Context(), t, d.now, []assessment.Entry{value})
		d.must(err)
	}
}

// visitor keeps cookies as a browser does.
type visitor struct {
	d       *day
	cookies map[string]*http.Cookie
}

func (d *day) login(name string, role access.Role, agency int64) *visitor {
	d.t.Helper()
	_, err := d.access.CreateAccount(d.t.Context(), 0, access.NewAccount{Username: name, Name: "Petugas " + name, Password: password, Grants: []access.Grant{{Role: role, AgencyID: agency}}})
	d.must(err)
	v := &visitor{d, map[string]*http.Cookie{}}
	v.post(http.StatusSeeOther, "/masuk", "nip", name, "sandi", password)
	return v
}

func (v *visitor) send(want int, method, path string, body io.Reader) *page {
	v.d.t.Helper()
	r := httptest.NewRequestWithContext(v.d.t.Context(), method, path, body)
	r.Header.Set("Accept-Encoding", "gzip")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.d.server.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		v.cookies[c.Name] = c
	}
	v.d.bytes = w.Body.Len()
	text := w.Body.Bytes()
	if w.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(w.Body)
		v.d.must(err)
		text, err = io.ReadAll(z)
		v.d.must(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	v.d.must(err)
	p := &page{t: v.d.t, doc: doc, to: w.Header().Get("Location"), raw: string(text)}
	if w.Code != want {
		v.d.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, w.Code, want, p.text())
	}
	if strings.Contains(p.raw, canary) {
		v.d.t.Errorf("%s %s holds a key", method, path)
	}
	return p
}

func (v *visitor) get(want int, path string) *page {
	v.d.t.Helper()
	return v.send(want, http.MethodGet, path, nil)
}

func (v *visitor) post(want int, path string, fields ...string) *page {
	v.d.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.send(want, http.MethodPost, path, strings.NewReader(form.Encode()))
}

// follow posts, and opens the page that the answer leads to.
func (v *visitor) follow(path string, fields ...string) *page {
	v.d.t.Helper()
	return v.get(200, v.post(http.StatusSeeOther, path, fields...).to)
}

// page is an answer.
type page struct {
	t       *testing.T
	doc     *goquery.Document
	to, raw string
}

func (p *page) text() string { return strings.Join(strings.Fields(p.doc.Find("main").Text()), " ") }

func (p *page) says(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.text(), w) {
			p.t.Errorf("the page does not say %q: %s", w, p.text())
		}
	}
}

func (p *page) silentAbout(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if strings.Contains(p.raw, w) {
			p.t.Errorf("the page holds %q", w)
		}
	}
}

// value is the first value of a control, or the address of a link.
func (p *page) value(selector string) string {
	p.t.Helper()
	for _, name := range []string{"value", "href", "action"} {
		if v, ok := p.doc.Find(selector).First().Attr(name); ok && v != "" {
			return v
		}
	}
	p.t.Fatalf("no %s in %s", selector, p.text())
	return ""
}

// cards fails unless so many reports wait, and says that none does where none does.
func (p *page) cards(want int) {
	p.t.Helper()
	if n := p.doc.Find(".kasus").Length(); n != want {
		p.t.Errorf("%d reports wait, want %d", n, want)
	}
	if none := p.doc.Find("[data-kosong][hidden]").Length() == 0; none != (want == 0) {
		p.t.Errorf("the page says that no report waits: %v", none)
	}
}
