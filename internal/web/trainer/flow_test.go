package trainer_test

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

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage/storagetest"
	"cakap/internal/web"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

const password = "kereta malam ke Solo"

// desk is the server with a bank that holds the shipped items.
type desk struct {
	server *web.Server
	access *access.Service
	bank   *questionbank.Service
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db, keys := storagetest.SQLite(t), access.NewKeys(bytes.Repeat([]byte("k"), 32))
	clock := func() time.Time { return time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC) }
	if err := questionbank.Seed(t.Context(), db, clock()); err != nil {
		t.Fatal(err)
	}
	d := &desk{access: access.New(db, keys, clock), bank: &questionbank.Service{DB: db, Now: clock, Formats: []questionbank.Format{xlsx.Format()}}}
	var err error
	d.server, err = web.New(web.Config{Now: clock, Log: slog.New(slog.DiscardHandler), Version: "test"}, web.Services{DB: db, Keys: keys, Access: d.access, Bank: d.bank})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// visitor is a person at a browser.
type visitor struct {
	t       *testing.T
	desk    *desk
	cookies map[string]string
}

func (d *desk) visitor(t *testing.T, name string, roles ...access.Role) *visitor {
	t.Helper()
	var grants []access.Grant
	for _, r := range roles {
		grants = append(grants, access.Grant{Role: r})
	}
	if _, err := d.access.CreateAccount(t.Context(), 0, access.NewAccount{Username: name, Name: "Petugas " + name, Password: password, Grants: grants}); err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, desk: d, cookies: map[string]string{}}
	v.post(http.StatusSeeOther, "/masuk", url.Values{"nip": {name}, "sandi": {password}})
	return v
}

// anyStatus is for who looks at the status alone.
const anyStatus = 0

func (v *visitor) do(want int, method, target, kind string, body io.Reader) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), method, target, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	v.desk.server.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		v.cookies[c.Name] = c.Value
	}
	if want != anyStatus && rec.Code != want {
		v.t.Fatalf("%s %s: status %d, want %d:\n%s", method, target, rec.Code, want, rec.Body)
	}
	return rec
}

func (v *visitor) get(want int, target string) *goquery.Document {
	v.t.Helper()
	return v.read(v.do(want, http.MethodGet, target, "", nil))
}

func (v *visitor) read(rec *httptest.ResponseRecorder) *goquery.Document {
	v.t.Helper()
	doc, err := goquery.NewDocumentFromReader(rec.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return doc
}

func (v *visitor) post(want int, target string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.do(want, http.MethodPost, target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func item() url.Values {
	return url.Values{
		"type": {"single"}, "indicator": {"A4.2"}, "level": {"L2"}, "stem": {"Sebuah surel meminta kata sandi **kantor** Anda. Apa yang Anda lakukan lebih dulu?"},
		"option_a": {"Membalas dengan kata sandi"}, "option_b": {"Melapor ke tim keamanan"}, "reason_b": {"Tim dapat memblokirnya."}, "correct_b": {"ya"}, "shuffle": {"ya"}, "n_option": {"2"},
	}
}

func wants(t *testing.T, doc *goquery.Document, selector, text string) {
	t.Helper()
	if got := doc.Find(selector).Text(); !strings.Contains(got, text) {
		t.Errorf("%s says %q, want %q in it", selector, strings.TrimSpace(got), text)
	}
}

func TestFromDraftToApproval(t *testing.T) {
	d := newDesk(t)
	writer, reviewer := d.visitor(t, "rina", access.Trainer), d.visitor(t, "sekar", access.Reviewer)

	form := item()
	form.Set("aksi", "pratinjau")
	doc := writer.read(writer.post(http.StatusOK, "/bank/baru", form))
	wants(t, doc, ".phone .stem strong", "kantor")
	wants(t, doc, ".phone .opt", "Melapor ke tim keamanan")
	if _, err := d.bank.ItemByCode(t.Context(), "A4-1001"); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("a preview saved an item: %v", err)
	}

	bad := item()
	bad.Del("correct_b")
	bad.Set("stem", "")
	doc = writer.read(writer.post(http.StatusUnprocessableEntity, "/bank/baru", bad))
	for _, id := range []string{"#stem-e", "#correct-e"} {
		if doc.Find(id).Length() != 1 {
			t.Errorf("no message %s", id)
		}
	}
	if got := doc.Find("#option_b").Text(); got != "Melapor ke tim keamanan" {
		t.Errorf("the form forgot what was typed: %q", got)
	}

	form.Set("aksi", "ajukan")
	at := writer.post(http.StatusSeeOther, "/bank/baru", form).Header().Get("Location")
	doc = writer.get(http.StatusOK, at)
	wants(t, doc, ".notice.ok", "diajukan")
	wants(t, doc, "h1 + .row .tag", "Ditelaah")
	writer.post(http.StatusForbidden, at+"/setujui", url.Values{"rev": {"1"}})

	wants(t, reviewer.get(http.StatusOK, "/bank/telaah"), ".tasks", "Sebuah surel meminta")
	reviewer.get(http.StatusForbidden, at+"/ubah")
	doc = reviewer.read(reviewer.post(http.StatusUnprocessableEntity, at+"/perlu-revisi", marks("1", "perbaikan", "")))
	if doc.Find("#comment-e").Length() != 1 {
		t.Error("a wish for changes without a word was not refused at its field")
	}
	reviewer.post(http.StatusSeeOther, at+"/setujui", marks("1", "baik", "Bagus."))
	doc = reviewer.get(http.StatusOK, at)
	wants(t, doc, "h1 + .row .tag", "Disetujui")
	wants(t, doc, "#riwayat", "Bagus.")
	reviewer.read(reviewer.post(http.StatusConflict, at+"/setujui", marks("1", "baik", "")))

	form = item()
	form.Set("stem", "Sebuah surel meminta kata sandi kantor Anda. Apa langkah pertama Anda sekarang?")
	form.Set("rev", "1")
	writer.post(http.StatusSeeOther, at+"/ubah", form)
	writer.read(writer.post(http.StatusConflict, at+"/ubah", form)) // from revision 1 again
	wants(t, writer.get(http.StatusOK, at), ".notice", "Versi 1 tetap dipakai")
	wants(t, writer.get(http.StatusOK, at+"?versi=1"), ".notice.warn", "versi lama")
	writer.get(http.StatusNotFound, at+"?versi=9")
	writer.post(http.StatusBadRequest, at+"/pensiun", url.Values{"rev": {"x"}})
	writer.post(http.StatusSeeOther, at+"/pensiun", url.Values{"rev": {"2"}})
	wants(t, writer.get(http.StatusOK, at), "h1 + .row .tag", "Pensiun")
}

// marks is the review form with one judgement for all three blocks.
func marks(rev, value, comment string) url.Values {
	return url.Values{"rev": {rev}, "materi": {value}, "konstruksi": {value}, "bahasa": {value}, "comment": {comment}}
}

func TestNobodyApprovesTheirOwn(t *testing.T) {
	d := newDesk(t)
	both := d.visitor(t, "rina", access.Trainer, access.Reviewer)
	form := item()
	form.Set("aksi", "ajukan")
	at := both.post(http.StatusSeeOther, "/bank/baru", form).Header().Get("Location")
	if doc := both.get(http.StatusOK, at); doc.Find("#telaah").Length() != 0 {
		t.Error("the page offers approval to the author")
	}
	both.post(http.StatusForbidden, at+"/setujui", url.Values{"rev": {"1"}})
	wants(t, both.get(http.StatusOK, "/bank/telaah"), ".notice", "1 soal lain Anda tulis sendiri")
}
