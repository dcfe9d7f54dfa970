package officer_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
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

// office is the real server with the shipped bank and two agencies.
type office struct {
	t      *testing.T
	db     *storage.DB
	access *access.Service
	exams  *assessment.Service
	server *web.Server
	now    time.Time
	a, b   people.Agency
}

const password = "kereta malam ke Solo"

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, db: storagetest.SQLite(t), now: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	keys := access.NewKeys(bytes.Repeat([]byte("k"), 32))
	o.access = access.New(o.db, keys, clock)
	log := slog.New(slog.DiscardHandler)
	o.exams = assessment.New(assessment.Options{DB: o.db, Keys: keys, Now: clock, Log: log})
	roster := people.New(o.db)
	server, err := web.New(web.Config{Version: "test", Now: clock, Log: log}, web.Services{
		DB: o.db, Keys: keys, Access: o.access, Assessment: o.exams, People: roster,
		Bank: &questionbank.Service{DB: o.db, Now: clock}, Reports: reports.New(o.db),
	})
	o.must(err)
	o.server = server
	o.must(questionbank.Seed(t.Context(), o.db, o.now))
	o.must(assessment.Seed(t.Context(), o.db, o.now))
	by := people.By{Scope: access.Scope{All: true}, Now: o.now}
	o.a, err = roster.CreateAgency(t.Context(), by, people.Agency{Code: "6401", Name: "Kabupaten Satu", ShortName: "Kab. Satu", Kind: "regency", Zone: "WIB"})
	o.must(err)
	o.b, err = roster.CreateAgency(t.Context(), by, people.Agency{Code: "6402", Name: "Kabupaten Dua", ShortName: "Kab. Dua", Kind: "regency", Zone: "WIB"})
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// visitor keeps cookies as a browser does.
type visitor struct {
	o       *office
	name    string
	cookies map[string]*http.Cookie
}

func (o *office) login(name string, grants ...access.Grant) *visitor {
	o.t.Helper()
	_, err := o.access.CreateAccount(o.t.Context(), 0, access.NewAccount{Username: name, Name: "Petugas " + name, Password: password, Grants: grants})
	o.must(err)
	v := &visitor{o, name, map[string]*http.Cookie{}}
	v.again()
	return v
}

// again logs in, also after a session that time has ended.
func (v *visitor) again() {
	v.o.t.Helper()
	v.post(http.StatusSeeOther, "/masuk", "nip", v.name, "sandi", password)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (v *visitor) send(want int, method, path, kind string, body io.Reader) answer {
	v.o.t.Helper()
	path, _, _ = strings.Cut(path, "#")
	r := httptest.NewRequestWithContext(v.o.t.Context(), method, path, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.o.server.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		v.cookies[c.Name] = c
	}
	if w.Code != want {
		v.o.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, w.Code, want, text(w.Body.Bytes()))
	}
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

func text(body []byte) string {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return string(body)
	}
	return strings.Join(strings.Fields(doc.Find("main").Text()), " ")
}

func (v *visitor) get(want int, path string) answer {
	v.o.t.Helper()
	return v.send(want, http.MethodGet, path, "", nil)
}

func (v *visitor) post(want int, path string, fields ...string) answer {
	v.o.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.send(want, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (v *visitor) upload(want int, path, name, content string, fields ...string) answer {
	v.o.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		v.o.must(w.WriteField(fields[i], fields[i+1]))
	}
	if name != "" {
		f, err := w.CreateFormFile("berkas", name)
		v.o.must(err)
		_, err = f.Write([]byte(content))
		v.o.must(err)
	}
	v.o.must(w.Close())
	return v.send(want, http.MethodPost, path, w.FormDataContentType(), &body)
}

// value is the first value of a control on a page.
func (a answer) value(t *testing.T, selector string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"value", "href", "action"} {
		if v, ok := doc.Find(selector).First().Attr(name); ok && v != "" {
			return v
		}
	}
	t.Fatalf("no %s in %s", selector, text(a.body))
	return ""
}

func (a answer) says(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text(a.body), w) {
			t.Errorf("the page does not say %q: %s", w, text(a.body))
		}
	}
}

// csv is a roster of n people, the last with a broken NIP where bad says so.
func csv(n int, bad bool) string {
	var b strings.Builder
	b.WriteString("NIP;NAMA;UNIT KERJA\n")
	for i := range n {
		fmt.Fprintf(&b, "19900101201503%d%03d;Pegawai %c;Dinas Arsip\n", 1+i%2, i+1, 'A'+i)
	}
	if bad {
		b.WriteString("123;Salah;Dinas Arsip\n")
	}
	return b.String()
}
