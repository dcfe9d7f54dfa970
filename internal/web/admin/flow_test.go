package admin_test

import (
	"bytes"
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
)

const password = "kereta malam ke Solo"

// office is the server as its administrator uses it.
type office struct {
	t       *testing.T
	db      *storage.DB
	access  *access.Service
	server  *web.Server
	clock   *jumpy
	cookies map[string]string
}

// jumpy is a steady clock whose machine jumped.
type jumpy struct{ drift time.Duration }

func (j *jumpy) Drift() time.Duration { return j.drift }
func (j *jumpy) Confirm()             { j.drift = 0 }

func (j *jumpy) Doubt() (assessment.Doubt, time.Duration) {
	if j.drift == 0 {
		return assessment.NoDoubt, 0
	}
	return assessment.DoubtJump, j.drift.Abs()
}

func newOffice(t *testing.T, db *storage.DB) *office {
	t.Helper()
	keys := access.NewKeys(bytes.Repeat([]byte("k"), 32))
	clock := func() time.Time { return time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC) }
	o := &office{t: t, db: db, access: access.New(db, keys, clock), clock: &jumpy{}, cookies: map[string]string{}}
	var err error
	o.server, err = web.New(web.Config{Now: clock, Log: slog.New(slog.DiscardHandler), Version: "1.2.3"}, web.Services{DB: db, Keys: keys, Access: o.access, People: people.New(db), Clock: o.clock})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) login(name string, grants ...access.Grant) int64 {
	o.t.Helper()
	id, err := o.access.CreateAccount(o.t.Context(), 0, access.NewAccount{Username: name, Name: "Petugas " + name, Password: password, Grants: grants})
	if err != nil {
		o.t.Fatal(err)
	}
	o.cookies = map[string]string{}
	o.post(http.StatusSeeOther, "/masuk", url.Values{"nip": {name}, "sandi": {password}})
	return id
}

func (o *office) do(want int, method, target, kind string, body io.Reader) *httptest.ResponseRecorder {
	o.t.Helper()
	r := httptest.NewRequestWithContext(o.t.Context(), method, target, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range o.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	o.server.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		o.cookies[c.Name] = c.Value
	}
	if rec.Code != want {
		o.t.Fatalf("%s %s: status %d, want %d:\n%s", method, target, rec.Code, want, rec.Body)
	}
	return rec
}

func (o *office) read(rec *httptest.ResponseRecorder) *goquery.Document {
	o.t.Helper()
	doc, err := goquery.NewDocumentFromReader(rec.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return doc
}

func (o *office) get(want int, target string) *goquery.Document {
	o.t.Helper()
	return o.read(o.do(want, http.MethodGet, target, "", nil))
}

func (o *office) post(want int, target string, form url.Values) *httptest.ResponseRecorder {
	o.t.Helper()
	return o.do(want, http.MethodPost, target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func wants(t *testing.T, doc *goquery.Document, selector, text string) {
	t.Helper()
	if got := doc.Find(selector).Text(); !strings.Contains(got, text) {
		t.Errorf("%s says %q, want %q in it", selector, strings.TrimSpace(got), text)
	}
}

var everything = access.Grant{Role: access.Admin}

func agencyForm(code string) url.Values {
	return url.Values{"code": {code}, "name": {"Kabupaten " + code}, "short_name": {"Kab. " + code}, "kind": {"regency"}, "zone": {"WITA"}}
}

func TestAgencies(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		o := newOffice(t, db)
		o.login("hartini", everything)
		wants(t, o.get(http.StatusOK, "/admin/instansi"), ".empty", "Belum ada instansi")

		bad := agencyForm("6401")
		bad.Set("name", "")
		doc := o.read(o.post(http.StatusUnprocessableEntity, "/admin/instansi", bad))
		if doc.Find("#name-e").Length() != 1 || doc.Find("#code").AttrOr("value", "") != "6401" {
			t.Error("the refused form does not say what is wrong, or forgot what was typed")
		}
		at := o.post(http.StatusSeeOther, "/admin/instansi", agencyForm("6401")).Header().Get("Location")
		wants(t, o.get(http.StatusOK, at), "h1", "Kabupaten 6401")
		o.post(http.StatusConflict, "/admin/instansi", agencyForm("6401"))

		same := agencyForm("6401")
		same.Set("active", "ya")
		o.post(http.StatusConflict, at, same)
		o.post(http.StatusSeeOther, at, agencyForm("6402"))
		wants(t, o.get(http.StatusOK, "/admin/instansi"), "tbody", "Nonaktif")
		o.get(http.StatusNotFound, "/admin/instansi/bukan-id-segel")
	})
}

func TestAccounts(t *testing.T) {
	o := newOffice(t, storagetest.SQLite(t))
	own := o.login("hartini", everything)
	form := url.Values{"nama": {"Rina Kartika"}, "akun": {"rina.kartika"}, "peran": {"trainer", "raja"}, "instansi": {""}, "sandi": {password}, "ulangi": {"lain"}}
	doc := o.read(o.post(http.StatusUnprocessableEntity, "/admin/akun/baru", form))
	if doc.Find("#ulangi-e").Length() != 1 || doc.Find(`input[value="trainer"][checked]`).Length() != 1 {
		t.Error("the refused form does not say what is wrong, or forgot what was chosen")
	}
	if strings.Contains(doc.Text(), password) || doc.Find("#sandi").AttrOr("value", "") != "" {
		t.Error("the page shows the password")
	}
	form.Set("ulangi", password)
	at := o.post(http.StatusSeeOther, "/admin/akun/baru", form).Header().Get("Location")
	doc = o.get(http.StatusOK, at)
	wants(t, doc, "h1", "Rina Kartika")
	if n := doc.Find(`input[name="punya"]`).Length(); n != 1 {
		t.Errorf("%d roles held, want 1: an unknown one gives nothing", n)
	}
	o.post(http.StatusConflict, "/admin/akun/baru", form)

	wants(t, o.get(http.StatusOK, "/admin/akun?q=RINA&peran=trainer"), "tbody", "Rina Kartika")
	wants(t, o.get(http.StatusOK, "/admin/akun?peran=proctor"), ".empty", "Tidak ada akun")

	o.post(http.StatusUnprocessableEntity, at+"/sandi", url.Values{"sandi": {"pendek"}, "ulangi": {"pendek"}})
	o.post(http.StatusSeeOther, at+"/sandi", url.Values{"sandi": {"pisang goreng hangat"}, "ulangi": {"pisang goreng hangat"}})
	o.post(http.StatusUnprocessableEntity, at+"/peran", url.Values{})
	o.post(http.StatusSeeOther, at+"/peran", url.Values{"peran": {"proctor"}})
	wants(t, o.get(http.StatusOK, at), "fieldset", "Pengawas, semua instansi")
	o.post(http.StatusSeeOther, at+"/aktif", url.Values{"aktif": {"tidak"}})
	wants(t, o.get(http.StatusOK, "/admin/akun?nonaktif=ya"), "tbody", "Rina Kartika")
	o.post(http.StatusSeeOther, at+"/aktif", url.Values{"aktif": {"ya"}})

	keys := access.NewKeys(bytes.Repeat([]byte("k"), 32))
	o.post(http.StatusConflict, "/admin/akun/"+keys.Seal("account", own)+"/aktif", url.Values{"aktif": {"tidak"}})
	o.get(http.StatusNotFound, "/admin/akun/"+keys.Seal("agency", own))
}

// An administrator of one agency neither sees nor touches what is beyond it.
func TestScope(t *testing.T) {
	o := newOffice(t, storagetest.SQLite(t))
	far := o.login("hartini", everything)
	here := o.post(http.StatusSeeOther, "/admin/instansi", agencyForm("6401")).Header().Get("Location")
	there := o.post(http.StatusSeeOther, "/admin/instansi", agencyForm("6402")).Header().Get("Location")
	keys := access.NewKeys(bytes.Repeat([]byte("k"), 32))
	agency, err := keys.Open("agency", here[strings.LastIndexByte(here, '/')+1:])
	if err != nil {
		t.Fatal(err)
	}
	o.login("lokal", access.Grant{Role: access.Admin, AgencyID: agency})
	doc := o.get(http.StatusOK, "/admin/instansi")
	if strings.Contains(doc.Find("tbody").Text(), "6402") || doc.Find("form[action='/admin/instansi']").Length() != 0 {
		t.Error("the list goes beyond the administrator's agency")
	}
	o.get(http.StatusOK, here)
	o.get(http.StatusNotFound, there)
	o.post(http.StatusForbidden, "/admin/instansi", agencyForm("6403"))
	o.get(http.StatusNotFound, "/admin/akun/"+keys.Seal("account", far))
	o.post(http.StatusNotFound, "/admin/akun/"+keys.Seal("account", far)+"/sandi", url.Values{"sandi": {password}, "ulangi": {password}})
	// The empty choice stands for every agency, which this one may not give.
	o.post(http.StatusNotFound, "/admin/akun/baru", url.Values{"nama": {"Rina"}, "akun": {"rina.k"}, "peran": {"officer"}, "sandi": {password}, "ulangi": {password}})
}

func TestTrailAndSystem(t *testing.T) {
	o := newOffice(t, storagetest.SQLite(t))
	o.login("hartini", everything)
	for range 60 {
		if err := o.db.Tx(t.Context(), func(db storage.Querier) error {
			return access.Record(t.Context(), db, access.Entry{At: time.Unix(1, 0), Action: "bank.import", Detail: map[string]any{"accepted": 12, "sha256": "deadbeef"}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	doc := o.get(http.StatusOK, "/admin/jejak")
	wants(t, doc, "tbody", "mengimpor soal")
	wants(t, doc, "tbody", "12 diterima")
	if strings.Contains(doc.Text(), "deadbeef") {
		t.Error("the page shows a hash")
	}
	older, _ := doc.Find(".pages a").Attr("href")
	doc = o.get(http.StatusOK, older)
	if n := doc.Find("tbody tr").Length(); n != 12 {
		t.Errorf("%d older entries, want 12", n)
	}
	wants(t, doc, "tbody", "masuk")
	wants(t, o.get(http.StatusOK, "/admin/jejak?aksi=account.create"), "tbody", "membuat akun petugas")

	doc = o.get(http.StatusOK, "/admin/sistem")
	wants(t, doc, "h1", "langkah penyiapan lagi")
	wants(t, doc, "#mk + .facts", "SQLite")
	wants(t, doc, "#ja + p", "utuh: 62 catatan")
	wants(t, o.read(o.post(http.StatusOK, "/admin/sistem/periksa", nil)), "#ja + p", "utuh")

	if _, err := o.db.Exec(t.Context(), `UPDATE audit SET action = 'x' WHERE seq = 5`); err != nil {
		t.Fatal(err)
	}
	doc = o.read(o.post(http.StatusOK, "/admin/sistem/periksa", nil))
	wants(t, doc, "h1", "Jejak audit rusak")
	wants(t, doc, ".notice.bad", "catatan ke-5")
}

// A machine whose clock jumped waits for a person's word, which is audited.
func TestConfirmClock(t *testing.T) {
	o := newOffice(t, storagetest.SQLite(t))
	o.login("hartini", everything)
	if o.get(http.StatusOK, "/admin/sistem").Find("#jam").Length() > 0 {
		t.Error("a clock that did not jump is asked about")
	}
	o.clock.drift = -2 * time.Hour
	wants(t, o.get(http.StatusOK, "/admin/sistem"), "#jam", "melompat 2 jam")
	o.post(http.StatusUnprocessableEntity, "/admin/sistem/jam", nil)
	if o.clock.drift == 0 {
		t.Fatal("the clock was confirmed without a word")
	}
	o.post(http.StatusSeeOther, "/admin/sistem/jam", url.Values{"benar": {"1"}})
	if o.clock.drift != 0 {
		t.Error("the clock was not confirmed")
	}
	wants(t, o.get(http.StatusOK, "/admin/jejak"), "tbody", "mengukuhkan jam server")
}

func TestOthersStayOut(t *testing.T) {
	o := newOffice(t, storagetest.SQLite(t))
	o.login("rina", access.Grant{Role: access.Officer}, access.Grant{Role: access.Trainer})
	for _, target := range []string{"/admin/akun", "/admin/akun/baru", "/admin/instansi", "/admin/jejak", "/admin/sistem"} {
		o.get(http.StatusForbidden, target)
	}
}
