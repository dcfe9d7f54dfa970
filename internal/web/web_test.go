package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// SE-04: the cookie's flags, and only the token's hash in the database.
func TestSessionCookie(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cfg    web.Config
		cookie string
		secure bool
	}{{"TLS", secure, session, true}, {"loopback", web.Config{}, "cakap", false}} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, tt.cfg)
			w.staff(t, "trainer", access.Trainer, 0)
			b := w.browser(t)
			got := b.post("/masuk", "nip", "trainer", "sandi", staffPassword)
			var c *http.Cookie
			for _, each := range got.Cookies() {
				if each.Name == tt.cookie {
					c = each
				}
			}
			if c == nil {
				t.Fatalf("no cookie %s: %v", tt.cookie, got.Cookies())
			}
			if c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("cookie = %+v", c)
			}
			if len(c.Value) < 43 {
				t.Errorf("a token of %d characters holds less than 256 bits", len(c.Value))
			}
			sum := sha256.Sum256([]byte(c.Value))
			var hashes []string
			if err := w.db.Select(t.Context(), &hashes, `SELECT token_hash FROM login_session`); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{hex.EncodeToString(sum[:])}, hashes); diff != "" {
				t.Errorf("stored sessions (-want +got):\n%s", diff)
			}
		})
	}
}

// SE-01: a token planted before the login opens nothing after it.
func TestFixation(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	b := w.browser(t)
	const planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	b.cookies[session] = planted
	b.login("trainer", staffPassword)
	if b.cookies[session] == planted {
		t.Error("the planted token became the session's")
	}
	first := b.cookies[session]
	b.login("trainer", staffPassword)
	if b.cookies[session] == first {
		t.Error("a second login kept the first one's token")
	}
	victim := w.browser(t)
	victim.cookies[session] = planted
	if victim.loggedIn() {
		t.Error("the planted token lets in")
	}
	old := w.browser(t)
	old.cookies[session] = first
	if old.loggedIn() {
		t.Error("the token of before the second login still lets in")
	}
}

// SE-02: a token ends with logout, with a new password and with the account.
func TestTokenEnds(t *testing.T) {
	w := newWorld(t, secure)
	admin := w.staff(t, "admin", access.Admin, 0)
	id := w.staff(t, "trainer", access.Trainer, 0)
	in := func() *browser {
		b := w.browser(t)
		b.login("trainer", staffPassword)
		if !b.loggedIn() {
			t.Fatal("not logged in after the login")
		}
		return b
	}
	ends := func(name string, b *browser, act func()) {
		t.Helper()
		token := b.cookies[session]
		act()
		b.cookies[session] = token // what a thief kept
		if b.loggedIn() {
			t.Errorf("the token outlives %s", name)
		}
	}
	b := in()
	ends("logout", b, func() {
		if got := b.post("/keluar"); got.StatusCode != http.StatusSeeOther || got.location() != "/masuk" {
			t.Errorf("logout = %d to %q", got.StatusCode, got.location())
		}
		if _, still := b.cookies[session]; still {
			t.Error("logout left the cookie")
		}
	})
	b = in()
	ends("a new password", b, func() {
		if err := w.access.SetPassword(t.Context(), admin, id, staffPassword); err != nil {
			t.Fatal(err)
		}
	})
	b = in()
	ends("its account", b, func() {
		if err := w.access.SetActive(t.Context(), admin, id, false); err != nil {
			t.Fatal(err)
		}
	})
}

// SE-03: staff idle out after half an hour, and nobody stays for a day.
func TestSessionIdles(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	b := w.browser(t)
	b.login("trainer", staffPassword)
	for range 3 {
		w.wait(29 * time.Minute)
		if !b.loggedIn() {
			t.Fatal("logged out while working")
		}
	}
	w.wait(31 * time.Minute)
	if b.loggedIn() {
		t.Error("still logged in after 31 idle minutes")
	}
	b.login("trainer", staffPassword)
	for range 12*60/25 + 1 {
		w.wait(25 * time.Minute)
		b.get("/")
	}
	if b.loggedIn() {
		t.Error("still logged in after 12 hours")
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

// AU-01, AU-03: the eleventh guess is refused and so is the right password,
// whatever the client says its address is; other accounts are not touched.
func TestLoginThrottle(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	w.staff(t, "officer", access.Officer, agencyA)
	b := w.browser(t)
	guess := func(n int, password string) page {
		b.header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n))
		b.header.Set("X-Real-Ip", fmt.Sprintf("198.51.100.%d", n))
		return b.post("/masuk", "nip", "trainer", "sandi", password)
	}
	for n := range 10 {
		if got := guess(n, "salah terus"); got.StatusCode == http.StatusTooManyRequests {
			t.Fatalf("guess %d: throttled too early", n+1)
		}
	}
	for name, password := range map[string]string{"wrong": "salah terus", "right": staffPassword} {
		got := guess(11, password)
		if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s password after 10 failures: status %d, Retry-After %q, want 429", name, got.StatusCode, got.Header.Get("Retry-After"))
		}
		if !strings.Contains(got.body, "Tunggu") {
			t.Errorf("%s password: the page does not say to wait", name)
		}
	}
	other := w.browser(t)
	other.login("officer", staffPassword)
	w.wait(15*time.Minute + time.Second)
	if got := guess(12, staffPassword); got.StatusCode != http.StatusSeeOther {
		t.Errorf("after the window: status %d, want 303", got.StatusCode)
	}
}

// AU-02: 200 failures from one address close it for a minute.
func TestLoginThrottlePerAddress(t *testing.T) {
	w := newWorld(t, secure)
	b := w.browser(t)
	var last page
	for n := range 201 {
		last = b.post("/masuk/kode", "nip", fmt.Sprintf("1990010120150310%02d", n%100), "kode", fmt.Sprintf("ABCDEF%02dHJ", 22+n%8))
	}
	if last.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after 200 failures from one address: status %d, want 429", last.StatusCode)
	}
	b.addr = "203.0.113.8:4711"
	if got := b.post("/masuk/kode", "nip", nipB, "kode", startB); got.StatusCode != http.StatusSeeOther {
		t.Errorf("another address: status %d, want 303", got.StatusCode)
	}
}

// AU-04: an unknown name and a wrong password cannot be told apart.
func TestUnknownNameLooksLikeWrongPassword(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	known := w.browser(t).post("/masuk", "nip", "trainer", "sandi", "bukan sandi ini")
	unknown := w.browser(t).post("/masuk", "nip", "penguin", "sandi", "bukan sandi ini")
	if known.StatusCode != unknown.StatusCode {
		t.Errorf("status %d for a known name, %d for an unknown one", known.StatusCode, unknown.StatusCode)
	}
	if diff := cmp.Diff(known.body, strings.ReplaceAll(unknown.body, "penguin", "trainer")); diff != "" {
		t.Errorf("the bodies differ:\n%s", diff)
	}
}

// AU-05: a password of a mebibyte is refused before it is hashed.
func TestHugePassword(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	b := w.browser(t)
	if got := b.post("/masuk", "nip", "trainer", "sandi", strings.Repeat("x", 1<<20)); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", got.StatusCode)
	}
	long := "naik kereta 🚂 ke Solo, lalu makan serabi hangat di pinggir jalan"
	if got := b.post("/aktivasi", "kode", w.activation(t, personA), "sandi", long, "ulangi", long); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a long sentence with an emoji: status %d, want 303: %s", got.StatusCode, got.body)
	}
}

// AU-07: a new installation has no account; its set-up link works once and
// for an hour.
func TestFirstStart(t *testing.T) {
	w := newWorld(t, secure)
	b := w.browser(t)
	var accounts int
	if err := w.db.Get(t.Context(), &accounts, `SELECT count(*) FROM account`); err != nil || accounts != 0 {
		t.Fatalf("a new database holds %d accounts, %v", accounts, err)
	}
	for _, p := range []string{"admin", "1234", "password", ""} {
		if got := b.post("/masuk", "nip", "admin", "sandi", p); got.StatusCode == http.StatusSeeOther {
			t.Errorf("admin/%s lets in", p)
		}
	}
	if !strings.Contains(b.get("/masuk").body, "belum disiapkan") {
		t.Error("the login does not say that set-up is needed")
	}
	setup := func(token, name string) page {
		return b.post("/siapkan/"+token, "nama", "Admin Satu", "akun", name, "sandi", staffPassword, "ulangi", staffPassword)
	}
	issue := func() string {
		token, err := w.access.IssueSetupToken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	if got := setup("SALAHSALAHSALAH", "admin.satu"); got.StatusCode == http.StatusSeeOther {
		t.Error("a made-up token made an administrator")
	}
	late := issue()
	w.wait(time.Hour + time.Second)
	if got := setup(late, "admin.satu"); got.StatusCode != http.StatusGone {
		t.Errorf("a token after an hour: status %d, want 410", got.StatusCode)
	}
	token := issue()
	if got := setup(token, "admin.satu"); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("set-up: status %d: %s", got.StatusCode, got.body)
	}
	if got := b.get("/masuk"); !strings.Contains(got.body, "Akun admin sudah dibuat") {
		t.Error("nothing says that the account was made")
	}
	if got := setup(token, "admin.dua"); got.StatusCode != http.StatusGone {
		t.Errorf("the token again: status %d, want 410", got.StatusCode)
	}
	if got := b.get("/siapkan/" + token); got.StatusCode != http.StatusGone {
		t.Errorf("the link again: status %d, want 410", got.StatusCode)
	}
	b.login("admin.satu", staffPassword)
}

// AU-08: codes work once, not after their time, and not by guessing.
func TestActivationCode(t *testing.T) {
	w := newWorld(t, secure)
	activate := func(b *browser, code string) page {
		return b.post("/aktivasi", "kode", code, "sandi", ownPassword, "ulangi", ownPassword)
	}
	code := w.activation(t, personA)
	b := w.browser(t)
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	if got := activate(b, typed); got.StatusCode != http.StatusSeeOther || got.location() != "/beranda" {
		t.Fatalf("activation = %d to %q: %s", got.StatusCode, got.location(), got.body)
	}
	if !b.loggedIn() {
		t.Error("not logged in after the activation")
	}
	if got := activate(w.browser(t), code); got.StatusCode != http.StatusGone && got.StatusCode != http.StatusConflict {
		t.Errorf("the code again: status %d, want 410 or 409", got.StatusCode)
	}
	w.browser(t).login("19900101 201503 1 001", ownPassword)
	expired := w.activation(t, personB)
	w.wait(15 * 24 * time.Hour)
	if got := activate(w.browser(t), expired); got.StatusCode != http.StatusGone {
		t.Errorf("an old code: status %d, want 410", got.StatusCode)
	}
	first, second := w.activation(t, personB), w.activation(t, personB)
	if got := activate(w.browser(t), first); got.StatusCode == http.StatusSeeOther {
		t.Error("a code that was replaced lets in")
	}
	last := page{}
	guesser := w.browser(t)
	for n := range 21 {
		last = activate(guesser, fmt.Sprintf("AAAAAAAAAA%d%d", 2+n/8, 2+n%8))
	}
	if last.StatusCode != http.StatusTooManyRequests {
		t.Errorf("21 guesses: status %d, want 429", last.StatusCode)
	}
	elsewhere := w.browser(t)
	elsewhere.addr = "203.0.113.99:1"
	if got := activate(elsewhere, second); got.StatusCode != http.StatusSeeOther {
		t.Errorf("the right code elsewhere: status %d, want 303", got.StatusCode)
	}
}

// The start code opens its own person's session in its window, and nothing else.
func TestStartCode(t *testing.T) {
	w := newWorld(t, secure)
	enter := func(nip, code string) page { return w.browser(t).post("/masuk/kode", "nip", nip, "kode", code) }
	if got := enter(nipA, "abcd-efgh jk"); got.StatusCode != http.StatusSeeOther || got.location() != "/beranda" {
		t.Fatalf("start code = %d to %q: %s", got.StatusCode, got.location(), got.body)
	}
	if got := enter(nipA, startB); got.StatusCode == http.StatusSeeOther {
		t.Error("another person's code lets in")
	}
	w.wait(-3 * time.Hour)
	if got := enter(nipA, startA); got.StatusCode == http.StatusSeeOther {
		t.Error("the code lets in four hours early")
	}
	w.wait(6*time.Hour + time.Minute)
	if got := enter(nipA, startA); got.StatusCode != http.StatusGone {
		t.Errorf("after the session: status %d, want 410", got.StatusCode)
	}
	w.wait(-3 * time.Hour)
	for range 8 {
		enter(nipB, "AAAAAAAAAA")
	}
	if got := enter(nipB, startB); got.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right code after 8 guesses: status %d, want 429", got.StatusCode)
	}
}

// AU-15: a login goes back to a page of ours and nowhere else.
func TestNextIsOurs(t *testing.T) {
	w := newWorld(t, secure)
	w.staff(t, "trainer", access.Trainer, 0)
	for next, want := range map[string]string{
		"https://evil.example":  "/bank",
		"//evil.example":        "/bank",
		"/\\evil.example":       "/bank",
		"\\/evil.example":       "/bank",
		"/\t/evil.example":      "/bank",
		"javascript:alert(1)":   "/bank",
		"data:text/html,x":      "/bank",
		"/bank/telaah":          "/bank/telaah",
		"/bank?x=//evil":        "/bank",
		"/%2f%2fevil.example":   "/%2f%2fevil.example",
		"/..//evil.example/x":   "/evil.example/x",
		"https:evil.example":    "/bank",
		"/bank\r\nSet-Cookie:x": "/bank",
	} {
		b := w.browser(t)
		got := b.post("/masuk", "nip", "trainer", "sandi", staffPassword, "lanjut", next)
		if got.location() != want {
			t.Errorf("lanjut=%q goes to %q, want %q", next, got.location(), want)
		}
		form := w.browser(t).get("/masuk?lanjut=" + strings.NewReplacer("\t", "%09", "\r", "%0d", "\n", "%0a", "\\", "%5c", "%", "%25").Replace(next))
		if v, _ := form.doc(t).Find("input[name=lanjut]").Attr("value"); strings.Contains(v, "evil") && v != next {
			t.Errorf("the form of lanjut=%q carries %q", next, v)
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
