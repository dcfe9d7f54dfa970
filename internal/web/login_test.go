package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/web"
)

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
