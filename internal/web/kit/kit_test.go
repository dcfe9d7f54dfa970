package kit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

type testPage struct {
	Base
	Text string
}

func testViews() Views {
	return Views{Name: "test", Layout: "door", FS: fstest.MapFS{
		"satu.html":  {Data: []byte(`{{define "main"}}<p>{{.Text}}</p>{{end}}`)},
		"rusak.html": {Data: []byte(`{{define "main"}}<p>begun {{.Nothing}}</p>{{end}}`)},
	}, Examples: map[string]Page{"satu": &testPage{Base: Base{Title: "Satu"}, Text: "x"}}}
}

// serve is the kit with routes of the test's own, and what it logs.
func serve(t *testing.T, routes ...Route) (http.Handler, *bytes.Buffer, *App) {
	t.Helper()
	var log bytes.Buffer
	now := func() time.Time { return time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC) }
	keys := access.NewKeys(bytes.Repeat([]byte("k"), 32))
	app, err := NewApp(Config{
		Keys: keys, Access: access.New(storagetest.SQLite(t), keys, now), Now: now, Log: slog.New(slog.NewJSONHandler(&log, nil)),
		Asset: func(name string) string { return "/aset/" + name }, Secure: true,
	}, testViews())
	if err != nil {
		t.Fatal(err)
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(app.Guard(), app.SameOrigin(http.NewCrossOriginProtection()))
	engine.NoRoute(app.NoRoute)
	engine.NoMethod(app.NoMethod)
	app.Mount(engine, routes)
	return engine, &log, app
}

func do(t *testing.T, h http.Handler, method, target, kind, body string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

const form = "application/x-www-form-urlencoded"

// Every kind of refusal has a status and a title; a new one cannot be forgotten.
func TestEveryKindHasAStatus(t *testing.T) {
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if statuses[kind] == 0 || titles[kind] == "" {
			t.Errorf("kind %d: status %d, title %q", kind, statuses[kind], titles[kind])
		}
	}
	if len(statuses) != int(fault.Unavailable)+1 || len(titles) != len(statuses) {
		t.Errorf("%d statuses and %d titles for %d kinds", len(statuses), len(titles), fault.Unavailable+1)
	}
}

// One mapping of errors to HTTP, and nothing internal in any answer.
func TestErrors(t *testing.T) {
	internal := errors.New("dial tcp 10.0.0.5: password=hunter2")
	for _, tt := range []struct {
		name   string
		err    error
		status int
		retry  bool
		key    string
	}{
		{"internal", internal, 500, false, "error.internal"},
		{"invalid", fault.New(fault.Invalid, "web.required").Because(internal), 422, false, "web.required"},
		{"wrapped", fmt.Errorf("open: %w", fault.New(fault.NotFound, "error.not_found").Because(internal)), 404, false, "error.not_found"},
		{"forbidden", fault.New(fault.Forbidden, "error.forbidden"), 403, false, "error.forbidden"},
		{"conflict", fault.New(fault.Conflict, "web.required"), 409, false, "web.required"},
		{"gone", fault.New(fault.Gone, "web.required"), 410, false, "web.required"},
		{"too many", fault.New(fault.TooMany, "error.too_many", 77), 429, true, "error.too_many"},
		{"busy", fmt.Errorf("save: %w", storage.ErrBusy), 503, true, "error.unavailable"},
		{"full", fmt.Errorf("save: %w", storage.ErrFull), 503, true, "error.full"},
		{"deadline", fmt.Errorf("save: %w", context.DeadlineExceeded), 503, true, "error.unavailable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, log, _ := serve(t, Route{Method: "GET", Path: "/x", Handle: func(*Ctx) (Response, error) { return nil, tt.err }})
			rec := do(t, h, "GET", "/x", "", "")
			if rec.Code != tt.status {
				t.Errorf("status %d, want %d", rec.Code, tt.status)
			}
			if got := rec.Header().Get("Retry-After"); (got != "") != tt.retry || tt.name == "too many" && got != "77" {
				t.Errorf("Retry-After %q", got)
			}
			if strings.Contains(rec.Body.String(), "hunter2") {
				t.Errorf("the page shows the cause: %s", rec.Body)
			}
			if want := tt.status == 500; strings.Contains(log.String(), "hunter2") != want {
				t.Errorf("the cause is in the log: %v, want %v", !want, want)
			}
			if n := strings.Count(log.String(), "request failed"); tt.status == 500 && n != 1 {
				t.Errorf("logged %d times", n)
			}
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/x", nil)
			r.Header.Set("Accept", "application/json")
			program := httptest.NewRecorder()
			h.ServeHTTP(program, r)
			var problem Problem
			if err := json.Unmarshal(program.Body.Bytes(), &problem); err != nil {
				t.Fatalf("%v: %s", err, program.Body)
			}
			if problem.Type != tt.key || problem.Status != tt.status || problem.Request == "" {
				t.Errorf("problem %+v, want %s", problem, tt.key)
			}
			if program.Header().Get("Content-Type") != "application/problem+json; charset=utf-8" {
				t.Errorf("type %q", program.Header().Get("Content-Type"))
			}
		})
	}
}

// AV-10: a panic costs one request, is logged once with its stack, and shows
// none of it.
func TestPanic(t *testing.T) {
	h, log, _ := serve(t,
		Route{Method: "GET", Path: "/x/:id", Handle: func(*Ctx) (Response, error) { panic("secret state") }},
		Route{Method: "GET", Path: "/ok", Handle: func(*Ctx) (Response, error) { return Redirect("/"), nil }})
	rec := do(t, h, "GET", "/x/sealed-id", "", "")
	if rec.Code != http.StatusInternalServerError {
		t.Errorf("status %d", rec.Code)
	}
	body := rec.Body.String()
	for _, leak := range []string{"secret state", "goroutine", ".go:", "runtime"} {
		if strings.Contains(body, leak) {
			t.Errorf("the page shows %q", leak)
		}
	}
	var entries []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if len(entries) != 2 || entries[0]["msg"] != "panic" || entries[1]["msg"] != "request" {
		t.Fatalf("log: %v", entries)
	}
	reference, ok := entries[0]["request_id"].(string)
	if !ok || !strings.Contains(body, reference) {
		t.Errorf("the page does not name the reference %q", reference)
	}
	if entries[0]["route"] != "/x/:id" || strings.Contains(log.String(), "sealed-id") {
		t.Errorf("the log names the address: %v", entries[0]["route"])
	}
	if rec := do(t, h, "GET", "/ok", "", ""); rec.Code != http.StatusSeeOther {
		t.Errorf("the next request: status %d", rec.Code)
	}
}

// Half a file must not look like a whole one: where a part of a large one was
// sent already, the connection is cut.
func TestBrokenDownload(t *testing.T) {
	half := bytes.Repeat([]byte("half"), spoolMost/4+1)
	for name, write := range map[string]func(io.Writer) error{
		"error": func(w io.Writer) error {
			_, err := w.Write(half)
			return errors.Join(err, errors.New("disk"))
		},
		"panic": func(w io.Writer) error {
			if _, err := w.Write(half); err != nil {
				return err
			}
			panic("disk")
		},
	} {
		h, log, _ := serve(t, Route{Method: "GET", Path: "/f", Handle: func(*Ctx) (Response, error) {
			return File{Name: "rekap.csv", Type: CSV, Write: write}, nil
		}})
		func() {
			defer func() {
				if recover() != http.ErrAbortHandler { //nolint:errorlint // panicked with, never wrapped
					t.Errorf("%s: the connection is not cut", name)
				}
			}()
			do(t, h, "GET", "/f", "", "")
		}()
		if !strings.Contains(log.String(), "disk") {
			t.Errorf("%s: not logged", name)
		}
	}
	h, _, _ := serve(t, Route{Method: "GET", Path: "/f", Handle: func(*Ctx) (Response, error) {
		return File{Name: "rekap.csv", Type: CSV, Write: func(io.Writer) error { return fault.New(fault.Conflict, "web.required") }}, nil
	}})
	rec := do(t, h, "GET", "/f", "", "")
	if rec.Code != http.StatusConflict || rec.Header().Get("Content-Disposition") != "" || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
		t.Errorf("refused before the first byte: %d %v", rec.Code, rec.Header())
	}
}

// A page that fails while it is rendered leaves no half of itself behind.
func TestBrokenTemplate(t *testing.T) {
	h, _, app := serve(t, Route{Method: "GET", Path: "/x", Handle: func(c *Ctx) (Response, error) {
		return HTML("test/rusak", &testPage{Base: c.Base("Rusak")}), nil
	}})
	rec := do(t, h, "GET", "/x", "", "")
	if rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "begun") {
		t.Errorf("%d: %s", rec.Code, rec.Body)
	}
	if err := app.Check(); err == nil || !strings.Contains(err.Error(), "test/rusak has no example") {
		t.Errorf("Check = %v, want that test/rusak has no example", err)
	}
}

// Who is not logged in is led to the login and back; who may not is told so.
func TestActionGuardsTheRoute(t *testing.T) {
	called := false
	handle := func(*Ctx) (Response, error) { called = true; return JSON(http.StatusOK, nil), nil }
	h, _, _ := serve(t,
		Route{Method: "GET", Path: "/bank", Action: access.BankRead, Handle: handle},
		Route{Method: "POST", Path: "/bank", Action: access.BankEdit, Handle: handle})
	rec := do(t, h, "GET", "/bank?q=rahasia", "", "", &http.Cookie{Name: "__Host-cakap", Value: "made-up"})
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/masuk?lanjut="+url.QueryEscape("/bank") {
		t.Errorf("GET by nobody: %d to %q", rec.Code, rec.Header().Get("Location"))
	}
	if rec := do(t, h, "POST", "/bank", form, "a=1"); rec.Code != http.StatusUnauthorized {
		t.Errorf("POST by nobody: %d, want 401", rec.Code)
	}
	if called {
		t.Error("the handler ran for nobody")
	}
}

// The menu shows a person what they may open and nothing else.
func TestMenu(t *testing.T) {
	links := func(roles ...access.Role) string {
		p := &access.Principal{}
		for _, r := range roles {
			p.Roles = append(p.Roles, access.Grant{Role: r})
		}
		var out []string
		for _, g := range (&Base{Principal: p}).Menu() {
			for _, l := range g.Links {
				out = append(out, l.Path)
			}
		}
		return strings.Join(out, " ")
	}
	for _, tt := range []struct {
		roles []access.Role
		want  string
	}{
		{[]access.Role{access.Participant}, ""},
		{[]access.Role{access.Trainer}, "/bank /bank/baru /bank/impor"},
		{[]access.Role{access.Reviewer}, "/bank /bank/telaah /penilaian"},
		{[]access.Role{access.Officer}, "/kegiatan /pengawasan /pegawai /pegawai/impor"},
		{[]access.Role{access.Proctor}, "/kegiatan /pengawasan"},
		{[]access.Role{access.Admin}, "/kegiatan /pegawai /pegawai/impor /admin/akun /admin/instansi /admin/jejak /admin/sistem"},
	} {
		if got := links(tt.roles...); got != tt.want {
			t.Errorf("menu of %v = %q, want %q", tt.roles, got, tt.want)
		}
	}
}

// Every text that the pages refuse with exists.
func TestMessageKeysHaveTexts(t *testing.T) {
	for _, key := range []string{
		"error.method", "error.internal", "error.not_found", "error.unavailable", "error.full", "error.too_large", "error.malformed",
		"web.file_missing", "web.file_empty", "web.not_json", "web.other_site", "web.passwords_differ", "web.required",
	} {
		if !locale.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
}

func TestOnlyShowsOneFile(t *testing.T) {
	names, err := fs.Glob(kitViews().FS, "*.html")
	if diff := cmp.Diff([]string{"galat.html"}, names); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
