package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/internal/web"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/reports"
)

// world is the real server on a fresh SQLite database with two agencies: A
// with a participant, B with another, and a session that is open now.
type world struct {
	db     *storage.DB
	keys   *access.Keys
	access *access.Service
	exams  *assessment.Service
	server *web.Server
	log    *syncBuffer

	mu  sync.Mutex
	now time.Time
}

// Ids and secrets of the world.
const (
	agencyA, agencyB = 1, 2
	personA, personB = 11, 12
	enrolA, enrolB   = 31, 32

	nipA = "199001012015031001"
	nipB = "198505052010012002"

	startA = "ABCDEFGHJK"
	startB = "MNPQRSTVWX"

	staffPassword = "kereta malam ke Solo"
	ownPassword   = "pisang goreng hangat"
)

var bell = time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)

// syncBuffer collects the log of a server that serves many requests at once.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// secure is how most tests meet the server: over TLS, as browsers will.
var secure = web.Config{Secure: true, Version: "test", Helpdesk: "BKD Provinsi"}

func newWorld(t *testing.T, cfg web.Config) *world {
	t.Helper()
	w := emptyWorld(t, cfg)
	w.people(t)
	return w
}

// emptyWorld is the server on a database that nobody has used.
func emptyWorld(t *testing.T, cfg web.Config) *world {
	t.Helper()
	return worldOn(t, cfg, storagetest.SQLite(t))
}

// worldOn is emptyWorld on a database of the test's choice.
func worldOn(t *testing.T, cfg web.Config, db *storage.DB) *world {
	t.Helper()
	w := &world{db: db, keys: access.NewKeys(bytes.Repeat([]byte("k"), 32)), log: &syncBuffer{}, now: bell.Add(-time.Hour)}
	w.access = access.New(w.db, w.keys, w.clock)
	cfg.Now, cfg.Log = w.clock, slog.New(slog.NewJSONHandler(w.log, nil))
	writer := assessment.NewWriter(w.db, w.clock, commit.Options{Log: cfg.Log})
	t.Cleanup(writer.Close)
	w.exams = assessment.New(assessment.Options{DB: w.db, Writer: writer, Keys: w.keys, Now: w.clock, Log: cfg.Log})
	server, err := web.New(cfg, web.Services{
		DB: w.db, Keys: w.keys, Access: w.access, Assessment: w.exams, People: people.New(w.db),
		Bank: &questionbank.Service{DB: w.db, Now: w.clock, Formats: format.All()}, Reports: reports.New(w.db),
		Surroundings: func() assessment.Surroundings { return assessment.Surroundings{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.server = server
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// wait lets time pass.
func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// people fills the tables that no service of this package writes.
func (w *world) people(t *testing.T) {
	t.Helper()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := w.db.Exec(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	opens, closes := bell.UnixMilli(), bell.Add(2*time.Hour).UnixMilli()
	for _, a := range []struct {
		id         int64
		code, name string
	}{{agencyA, "A", "Kota Satu"}, {agencyB, "B", "Kota Dua"}} {
		run(`INSERT INTO agency (id, code, name, short_name, kind, created_ms) VALUES (?, ?, ?, ?, 'city', 0)`, a.id, a.code, a.name, a.name)
	}
	run(`INSERT INTO level_scheme (code, version, name, bands, created_ms) VALUES ('X', 1, 'X', '[]', 0)`)
	run(`INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, created_by, created_ms) VALUES (3, 'K', 'K', '{}', 'X', 1, 0, 0)`)
	run(`INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms, grace_ms, zone, seed, release_policy, created_by, created_ms)
		VALUES (4, 'E', 'Asesmen', 0, 3, '{}', 'X', 1, 'open', ?, ?, 600000, 'WIB', 1, 'manual', 0, 0)`, opens, closes)
	run(`INSERT INTO session (id, event_id, name, opens_ms, closes_ms) VALUES (5, 4, 'Sesi 1', ?, ?)`, opens, closes)
	for _, p := range []struct {
		person, agency, enrolment int64
		nip, name, code           string
	}{{personA, agencyA, enrolA, nipA, "Ani Kenari", startA}, {personB, agencyB, enrolB, nipB, "Budi Kenari", startB}} {
		run(`INSERT INTO person (id, agency_id, nip, kind, name, created_ms, updated_ms) VALUES (?, ?, ?, 'PNS', ?, 0, 0)`, p.person, p.agency, p.nip, p.name)
		run(`INSERT INTO enrolment (id, event_id, session_id, person_id, agency_id, nip, name, kind, start_code_hash, draw_order, created_ms)
			VALUES (?, 4, 5, ?, ?, ?, ?, 'PNS', ?, ?, 0)`, p.enrolment, p.person, p.agency, p.nip, p.name, w.keys.Code(access.StartPurpose, p.code), p.enrolment)
	}
}

// staff makes an account with one role for one agency (0 for all).
func (w *world) staff(t *testing.T, name string, role access.Role, agency int64) int64 {
	t.Helper()
	id, err := w.access.CreateAccount(t.Context(), 0, access.NewAccount{
		Username: name, Name: "Petugas " + name, Password: staffPassword, Grants: []access.Grant{{Role: role, AgencyID: agency}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// activation is a fresh activation code of a person.
func (w *world) activation(t *testing.T, person int64) string {
	t.Helper()
	codes, err := w.access.IssueActivation(t.Context(), 0, access.Scope{All: true}, []int64{person})
	if err != nil {
		t.Fatal(err)
	}
	return codes[0].Code
}

// browser keeps cookies and says what a browser says of itself.
type browser struct {
	t       *testing.T
	w       *world
	cookies map[string]string
	header  http.Header // sent with every request
	addr    string
}

func (w *world) browser(t *testing.T) *browser {
	t.Helper()
	return &browser{t: t, w: w, cookies: map[string]string{}, header: http.Header{}, addr: "203.0.113.7:4711"}
}

// page is an answer, read whole.
type page struct {
	*http.Response
	body string
}

func (p page) location() string { return p.Header.Get("Location") }

func (p page) doc(t *testing.T) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func (b *browser) send(method, target, contentType string, body io.Reader) page {
	b.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, target, body)
	r.RemoteAddr = b.addr
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.w.server.ServeHTTP(rec, r)
	resp := rec.Result()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		b.t.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return page{resp, string(text)}
}

func (b *browser) get(target string) page { b.t.Helper(); return b.send("GET", target, "", nil) }

// post sends a form; fields are names and values in turn.
func (b *browser) post(target string, fields ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.send("POST", target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// login gets the browser in with a password and fails the test otherwise.
func (b *browser) login(name, password string) {
	b.t.Helper()
	if got := b.post("/masuk", "nip", name, "sandi", password); got.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("login: status %d, want 303: %s", got.StatusCode, got.body)
	}
}

// loggedIn reports whether the server still knows the browser: the home page
// of somebody it does not know is the login.
func (b *browser) loggedIn() bool {
	b.t.Helper()
	return b.get("/").location() != "/masuk"
}
