package web_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/internal/web"
)

const session = "__Host-cakap"

// Every template is executed with an example; a page nobody gave one fails.
func TestEveryTemplate(t *testing.T) {
	if err := newWorld(t, secure).server.Check(); err != nil {
		t.Error(err)
	}
}

// SE-09, SE-10: pages, refusals and errors all carry the headers.
func TestSecurityHeaders(t *testing.T) {
	w := newWorld(t, secure)
	want := map[string]string{
		"Content-Security-Policy":   "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
		"X-Content-Type-Options":    "nosniff",
		"Referrer-Policy":           "same-origin",
		"Permissions-Policy":        "camera=(), microphone=(), geolocation=()",
		"Cache-Control":             "no-store",
		"Strict-Transport-Security": "max-age=31536000",
	}
	foreign := w.browser(t)
	foreign.header.Set("Sec-Fetch-Site", "cross-site")
	b := w.browser(t)
	for name, got := range map[string]page{
		"page": b.get("/masuk"), "404": b.get("/tidak-ada"), "405": b.get("/keluar"), "refused form": b.post("/masuk", "nip", "x", "sandi", "y"),
		"redirect": b.get("/"), "other site": foreign.post("/keluar"), "stale asset": b.get("/aset/00000/peserta.css"),
	} {
		for header, value := range want {
			if got.Header.Get(header) != value {
				t.Errorf("%s: %s = %q, want %q", name, header, got.Header.Get(header), value)
			}
		}
		if got.Header.Get("Server") != "" || got.Header.Get("X-Powered-By") != "" {
			t.Errorf("%s: the answer names its software", name)
		}
	}
	plain := newWorld(t, web.Config{}).browser(t).get("/masuk")
	if got := plain.Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS over plain HTTP: %q", got)
	}
	if got := b.get("/siapkan/X").Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the set-up page lets its token out as a referrer: %q", got)
	}
}

// SE-05: what another site makes a browser send is refused, with no state
// changed and in words that people understand.
func TestCrossSite(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	for _, tt := range []struct{ name, header, value string }{
		{"cross-site", "Sec-Fetch-Site", "cross-site"},
		{"same-site", "Sec-Fetch-Site", "same-site"},
		{"foreign origin", "Origin", "https://evil.example"},
		{"null origin", "Origin", "null"},
	} {
		b := w.browser(t)
		b.login("trainer", staffPassword)
		b.header.Set(tt.header, tt.value)
		got := b.post("/keluar")
		if got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, "dari situs lain") {
			t.Errorf("%s: status %d, want 403 and a reason", tt.name, got.StatusCode)
		}
		b.header = http.Header{}
		if !b.loggedIn() {
			t.Errorf("%s: the refused request logged out", tt.name)
		}
	}
	b := w.browser(t)
	b.login("trainer", staffPassword)
	b.header.Set("Sec-Fetch-Site", "same-origin")
	if got := b.post("/keluar"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("our own form: status %d, want 303", got.StatusCode)
	}
}

// SE-07: nothing is said to a preflight.
func TestNoCORS(t *testing.T) {
	b := newWorld(t, secure).browser(t)
	b.header.Set("Origin", "https://evil.example")
	b.header.Set("Access-Control-Request-Method", "POST")
	got := b.send("OPTIONS", "/masuk", "", nil)
	for name := range got.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("preflight answered with %s", name)
		}
	}
}

// 404 and 405 are pages in Indonesian, and problems for programs.
func TestErrorPages(t *testing.T) {
	w := newWorld(t, secure)
	b := w.browser(t)
	for _, tt := range []struct {
		method, target string
		status         int
		title          string
	}{
		{"GET", "/tidak-ada", 404, "Tidak ditemukan – Cakap"},
		{"GET", "/masuk/", 404, "Tidak ditemukan – Cakap"},
		{"GET", "/aset/0000000000/peserta.css", 404, "Tidak ditemukan – Cakap"},
		{"GET", "/keluar", 405, "Cara membuka halaman ini keliru – Cakap"},
		{"DELETE", "/masuk", 405, "Cara membuka halaman ini keliru – Cakap"},
	} {
		got := b.send(tt.method, tt.target, "", nil)
		if got.StatusCode != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.target, got.StatusCode, tt.status)
		}
		doc := got.doc(t)
		if title := doc.Find("title").Text(); title != tt.title {
			t.Errorf("%s %s: title %q, want %q", tt.method, tt.target, title, tt.title)
		}
		if lang, _ := doc.Find("html").Attr("lang"); lang != "id" {
			t.Errorf("%s %s: language %q", tt.method, tt.target, lang)
		}
		if doc.Find("main .mono").Text() == "" {
			t.Errorf("%s %s: no reference number", tt.method, tt.target)
		}
	}
	b.header.Set("Accept", "application/json")
	got := b.get("/tidak-ada")
	var problem struct {
		Type, Title string
		Status      int
	}
	if err := json.Unmarshal([]byte(got.body), &problem); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") || problem.Type != "error.not_found" || problem.Status != 404 {
		t.Errorf("problem = %q %+v", kind, problem)
	}
}

// A refused form keeps what was typed, but never a password, and leads from
// the summary to the field.
func TestRefusedForm(t *testing.T) {
	w := newWorld(t, secure)
	got := w.browser(t).post("/masuk", "nip", `19"><script>alert(1)</script>`, "sandi", "rahasia-sekali", "lanjut", "/beranda")
	doc := got.doc(t)
	if title := doc.Find("title").Text(); title != "Galat: Masuk – Cakap" {
		t.Errorf("title %q", title)
	}
	field, ok := doc.Find(".errs a").Attr("href")
	if !ok || doc.Find(field).Length() != 1 {
		t.Errorf("the summary leads to %q, which is not there", field)
	}
	if doc.Find("p.emsg").Length() == 0 {
		t.Error("no message at the field")
	}
	if v, _ := doc.Find("#nip").Attr("value"); v != `19"><script>alert(1)</script>` {
		t.Errorf("the number became %q", v)
	}
	if doc.Find("script:not([src])").Length() != 0 {
		t.Error("typed markup runs")
	}
	if strings.Contains(got.body, "rahasia-sekali") {
		t.Error("the password came back")
	}
	if v, _ := doc.Find("input[name=lanjut]").Attr("value"); v != "/beranda" {
		t.Errorf("the way back became %q", v)
	}
}

// PR-04: no NIP, name, password, code, cookie or address with an id in the log.
func TestLogIsSilentAboutPeople(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	b := w.browser(t)
	b.post("/masuk", "nip", nipA, "sandi", "kenari-sandi")
	b.post("/masuk/kode", "nip", nipA, "kode", startA)
	b.post("/masuk", "nip", "trainer", "sandi", staffPassword)
	b.get("/masuk?lanjut=/x-kenari")
	b.get("/siapkan/TOKENKENARI")
	b.get("/tidak-ada/" + nipA)
	b.post("/keluar")
	text := w.log.String()
	for _, secret := range []string{nipA, "Ani Kenari", "kenari", "KENARI", startA, staffPassword, b.cookies[session], "203.0.113.7"} {
		if secret != "" && strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) < 7 {
		t.Fatalf("%d lines for 7 requests", len(lines))
	}
	for _, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry["request_id"] == "" || entry["status"] == nil || entry["route"] == nil {
			t.Errorf("line without what operators need: %s", line)
		}
	}
}

// A configured proxy's word about the client is believed, nobody else's.
func TestForwardedFor(t *testing.T) {
	cfg := secure
	cfg.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	w := newWorld(t, cfg)
	fail := func(addr, forwarded string) int {
		b := w.browser(t)
		b.addr = addr
		b.header.Set("X-Forwarded-For", forwarded)
		return b.post("/aktivasi", "kode", "AAAAAAAAAAAA", "sandi", ownPassword, "ulangi", ownPassword).StatusCode
	}
	for range 20 {
		fail("10.1.2.3:80", "198.51.100.1")
	}
	if got := fail("10.1.2.3:80", "198.51.100.1"); got != http.StatusTooManyRequests {
		t.Errorf("the forwarded client after 20 failures: status %d, want 429", got)
	}
	if got := fail("10.1.2.3:80", "198.51.100.2"); got == http.StatusTooManyRequests {
		t.Error("another client behind the proxy is throttled with the first")
	}
	if got := fail("198.51.100.77:80", "198.51.100.1"); got == http.StatusTooManyRequests {
		t.Error("a stranger spoke for somebody else's address")
	}
}

// The person's own text size and contrast are rendered by the server.
func TestDisplay(t *testing.T) {
	b := newWorld(t, secure).browser(t)
	got := b.post("/tampilan", "teks", "150", "kontras", "tinggi", "kembali", "/bantuan")
	if got.location() != "/bantuan" {
		t.Errorf("goes to %q", got.location())
	}
	html := b.get("/bantuan").doc(t).Find("html")
	size, _ := html.Attr("data-teks")
	contrast, _ := html.Attr("data-kontras")
	if size != "150" || contrast != "tinggi" {
		t.Errorf("size %q, contrast %q", size, contrast)
	}
	if got := b.post("/tampilan", "teks", `9"onload=x`, "kembali", "//evil.example").location(); got != "/" {
		t.Errorf("goes to %q, want /", got)
	}
	if size, _ := b.get("/bantuan").doc(t).Find("html").Attr("data-teks"); size != "150" {
		t.Errorf("a made-up size became %q", size)
	}
	b.cookies["cakap_teks"] = "%22%3E%3Cscript%3E"
	if strings.Contains(b.get("/bantuan").body, "<script>") {
		t.Error("the cookie's text reached the page")
	}
}

// Pages are small, and compressed for those who say they can read it.
func TestCompression(t *testing.T) {
	b := newWorld(t, secure).browser(t)
	b.header.Set("Accept-Encoding", "gzip")
	for _, target := range []string{"/masuk", "/masuk/kode", "/aktivasi", "/bantuan", "/privasi"} {
		got := b.get(target)
		if got.Header.Get("Content-Encoding") != "gzip" || got.Header.Get("Vary") == "" {
			t.Errorf("%s is not compressed", target)
		}
		if len(got.body) > 15<<10 {
			t.Errorf("%s takes %d bytes, more than 15 kB", target, len(got.body))
		}
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t, secure)
	b := w.browser(t)
	for _, target := range []string{"/livez", "/readyz"} {
		if got := b.get(target); got.StatusCode != http.StatusOK {
			t.Errorf("%s = %d", target, got.StatusCode)
		}
	}
	if text := w.log.String(); text != "" {
		t.Errorf("health checks fill the log: %s", text)
	}
}

// The server ends by its context and drops a client that sends its header
// slowly.
func TestServe(t *testing.T) {
	w := newWorld(t, web.Config{})
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.server.Serve(ctx, l, slog.New(slog.NewJSONHandler(w.log, nil))) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, %v", resp.StatusCode, err)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("did not end")
	}
}
