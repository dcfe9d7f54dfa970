package papers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/internal/testtool"
	"cakap/internal/web"
	"cakap/internal/web/kit/kittest"
	"cakap/internal/web/papers"
	"cakap/questionbank"
	"cakap/reports"
	printed "cakap/reports/papers"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, papers.Views()) }

const (
	password = "kereta malam ke Solo"
	ofA, ofB = "Ani Kenari", "Budi Kenari"
	nipA     = "199001012015031001"
	nipB     = "198505052010012002"
)

// hall is the real server with an event of two agencies, one person of each.
type hall struct {
	t      *testing.T
	db     *storage.DB
	access *access.Service
	exams  *assessment.Service
	server *web.Server
	keys   *access.Keys
	now    time.Time
	log    bytes.Buffer
	a, b   people.Agency
	event  assessment.Event
	path   string // of the event
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, db: storagetest.SQLite(t), now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), keys: access.NewKeys(bytes.Repeat([]byte("k"), 32))}
	clock := func() time.Time { return h.now }
	log := slog.New(slog.NewJSONHandler(&h.log, nil))
	h.access = access.New(h.db, h.keys, clock)
	h.exams = assessment.New(assessment.Options{DB: h.db, Keys: h.keys, Now: clock, Log: log})
	roster := people.New(h.db)
	server, err := web.New(web.Config{Version: "test", Now: clock, Log: log, Origin: "https://cakap.contoh.go.id"}, web.Services{
		DB: h.db, Keys: h.keys, Access: h.access, Assessment: h.exams, People: roster, Bank: &questionbank.Service{DB: h.db, Now: clock}, Reports: reports.New(h.db),
	})
	h.must(err)
	h.server = server
	h.must(questionbank.Seed(t.Context(), h.db, h.now))
	h.must(assessment.Seed(t.Context(), h.db, h.now))
	by := people.By{Scope: access.Scope{All: true}, Now: h.now}
	for _, one := range []struct {
		agency          *people.Agency
		code, name, nip string
		person          string
	}{{&h.a, "6401", "Kabupaten Satu", nipA, ofA}, {&h.b, "6402", "Kabupaten Dua", nipB, ofB}} {
		*one.agency, err = roster.CreateAgency(t.Context(), by, people.Agency{Code: one.code, Name: one.name, ShortName: one.name, Kind: "regency", Zone: "WIB"})
		h.must(err)
		_, err = roster.AddPerson(t.Context(), by, one.nip, people.Person{AgencyID: one.agency.ID, Name: one.person, Kind: "PNS"})
		h.must(err)
	}
	as := assessment.Actor{Scope: access.Scope{All: true}}
	plan, err := h.exams.BlueprintByCode(t.Context(), "RINGKAS")
	h.must(err)
	opens := h.now.Add(time.Hour)
	proctor, err := h.access.CreateAccount(t.Context(), 0, access.NewAccount{
		Username: "pengawas.a", Name: "Petugas pengawas.a", Password: password, Grants: []access.Grant{{Role: access.Proctor, AgencyID: h.a.ID}},
	})
	h.must(err)
	h.event, err = h.exams.CreateEvent(t.Context(), as, assessment.NewEvent{
		Code: "BERSAMA-1", Name: "Asesmen Bersama", Blueprint: plan.ID, Agencies: []int64{h.a.ID, h.b.ID}, OpensAt: opens, ClosesAt: opens.Add(4 * time.Hour), Zone: "WIB",
		Sessions: []assessment.NewSession{{Name: "Sesi Pagi", Place: "Ruang Melati", Proctors: []int64{proctor}, OpensAt: opens, ClosesAt: opens.Add(4 * time.Hour)}},
	})
	h.must(err)
	_, err = h.exams.Enrol(t.Context(), as, assessment.EnrolRequest{Event: h.event.ID, Agencies: h.event.Agencies})
	h.must(err)
	h.path = "/kegiatan/" + h.keys.Seal("event", h.event.ID)
	return h
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

type visitor struct {
	h       *hall
	cookies map[string]*http.Cookie
}

func (h *hall) login(name string, role access.Role, agency int64) *visitor {
	h.t.Helper()
	_, err := h.access.CreateAccount(h.t.Context(), 0, access.NewAccount{Username: name, Name: "Petugas " + name, Password: password, Grants: []access.Grant{{Role: role, AgencyID: agency}}})
	h.must(err)
	v := &visitor{h, map[string]*http.Cookie{}}
	v.send(http.StatusSeeOther, http.MethodPost, "/masuk", "nip", name, "sandi", password)
	return v
}

func (v *visitor) send(want int, method, path string, fields ...string) *httptest.ResponseRecorder {
	v.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequestWithContext(v.h.t.Context(), method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.h.server.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		v.cookies[c.Name] = c
	}
	if w.Code != want {
		v.h.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, w.Code, want, w.Body)
	}
	return w
}

// text is what a reader finds in a PDF.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	testtool.Path(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-raw", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, out)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// An officer prints the people of the own agency, whatever the event holds, and
// every print is audited without a name.
func TestPapersStayWithinTheWalls(t *testing.T) {
	h := newHall(t)
	a := h.login("petugas.a", access.Officer, h.a.ID)
	if page := a.send(200, http.MethodGet, h.path+"/berkas-cetak").Body.String(); !strings.Contains(page, "Unduh daftar hadir") || strings.Contains(page, "Kabupaten Dua") {
		t.Errorf("the page: %s", page)
	}
	for _, tt := range []struct {
		paper string
		want  []string
		named bool
	}{
		{"daftar-hadir", []string{"DAFTAR HADIR PESERTA", "KABUPATEN SATU", "Sesi Pagi", "Ruang Melati", "19900101 201503 1 001", "Terdaftar 1 orang"}, true},
		{"berita-acara", []string{"Petugas pengawas.a", "Proktor,", "PELAKSANAAN ASESMEN BERSAMA", "Terdaftar 1 orang", "Tidak hadir 1 orang", "Nihil."}, true},
		{"pelanggaran", []string{"PELANGGARAN TATA TERTIB", "Uraian pelanggaran"}, false},
		{"tata-tertib", []string{"TATA TERTIB PESERTA", "Waktu 60 menit untuk 40 soal."}, false},
		{"kartu-tanpa-kode", []string{"KARTU PESERTA", "Kabupaten Satu"}, true},
	} {
		for _, paper := range []string{"f4", "a4"} {
			got := a.send(200, http.MethodGet, h.path+"/berkas-cetak/"+tt.paper+"?kertas="+paper)
			if kind := got.Header().Get("Content-Type"); kind != "application/pdf" || !bytes.HasPrefix(got.Body.Bytes(), []byte("%PDF-")) {
				t.Fatalf("%s is %q", tt.paper, kind)
			}
			if name := got.Header().Get("Content-Disposition"); !strings.Contains(name, tt.paper) || !strings.Contains(name, "bersama-1") {
				t.Errorf("%s is called %q", tt.paper, name)
			}
			words := text(t, got.Body.Bytes())
			for _, want := range tt.want {
				if !strings.Contains(words, want) {
					t.Errorf("%s does not say %q: %s", tt.paper, want, words)
				}
			}
			if strings.Contains(words, ofA) != tt.named {
				t.Errorf("%s names A's person: %v", tt.paper, !tt.named)
			}
			for _, not := range []string{ofB, "Kabupaten Dua", "19850505"} {
				if strings.Contains(words, not) {
					t.Errorf("%s of A's officer holds %q", tt.paper, not)
				}
			}
		}
	}
	var details []string
	h.must(h.db.Select(t.Context(), &details, `SELECT detail FROM audit WHERE action = 'paper.print'`))
	if len(details) != 10 {
		t.Errorf("%d entries in the audit, want 10", len(details))
	}
	for _, d := range details {
		if strings.Contains(d, "Kenari") || strings.Contains(d, nipA) {
			t.Errorf("the audit names somebody: %s", d)
		}
	}
	a.send(404, http.MethodGet, h.path+"/berkas-cetak/lain")
	a.send(404, http.MethodGet, h.path+"/berkas-cetak/daftar-hadir?sesi="+h.keys.Seal("session", 1))
	a.send(404, http.MethodGet, h.path+"/berkas-cetak/daftar-hadir?instansi="+h.keys.Seal("agency", h.b.ID))
	a.send(404, http.MethodGet, h.path+"/berkas-cetak/pelanggaran?kejadian="+h.keys.Seal("incident", 1))
	h.login("pengawas.b", access.Proctor, h.b.ID).send(200, http.MethodGet, h.path+"/berkas-cetak/daftar-hadir")
	h.login("penulis", access.Trainer, 0).send(403, http.MethodGet, h.path+"/berkas-cetak/daftar-hadir")
}

var startCode = regexp.MustCompile(`\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}\b`)

// Cards with codes come once, as the answer to the form that made the codes, and
// the code on the card opens the door.
func TestCardsWithCodes(t *testing.T) {
	h := newHall(t)
	a := h.login("petugas.a", access.Officer, h.a.ID)
	pdf := a.send(200, http.MethodPost, h.path+"/kartu.pdf", "kertas", "a4").Body.Bytes()
	again := a.send(409, http.MethodPost, h.path+"/kartu.pdf").Body.String()
	if !strings.Contains(again, "Kartu lama mereka tidak berlaku lagi") || strings.Contains(again, "%PDF") {
		t.Errorf("a second time: %s", again)
	}
	words := text(t, pdf)
	if strings.Contains(words, ofB) || !strings.Contains(words, ofA) || !strings.Contains(words, "cakap.contoh.go.id") {
		t.Errorf("the cards say %s", words)
	}
	code := startCode.FindString(words)
	if code == "" {
		t.Fatalf("no code in %s", words)
	}
	h.now = h.now.Add(time.Hour)
	_, err := h.exams.Prepare(t.Context(), assessment.Actor{Scope: access.Scope{All: true}}, h.event.ID)
	h.must(err)
	h.must(h.exams.Open(t.Context(), assessment.Actor{Scope: access.Scope{All: true}}, h.event.ID, assessment.Surroundings{}))
	guest := &visitor{h, map[string]*http.Cookie{}}
	guest.send(http.StatusSeeOther, http.MethodPost, "/masuk/kode", "nip", nipA, "kode", code)
	if log := h.log.String(); strings.Contains(log, code) || strings.Contains(log, strings.ReplaceAll(code, "-", "")) || strings.Contains(log, nipA) {
		t.Error("the log holds a code or a NIP")
	}
	a.send(http.StatusSeeOther, http.MethodPost, "/masuk", "nip", "petugas.a", "sandi", password) // an hour is long for an officer's session
	fresh := a.send(200, http.MethodPost, h.path+"/kartu.pdf", "again", "ya").Body.Bytes()
	if got := startCode.FindString(text(t, fresh)); got == code || got == "" {
		t.Errorf("the code made again is %q, it was %q", got, code)
	}
}

// A violation that a proctor wrote down fills its own paper, the minutes tell of
// it, and B's people see nothing of it.
func TestViolation(t *testing.T) {
	h := newHall(t)
	as := assessment.Actor{Scope: access.Scope{All: true}}
	d, err := h.exams.Event(t.Context(), as, h.event.ID)
	h.must(err)
	list, err := h.exams.Participants(t.Context(), as, h.event.ID, assessment.ParticipantFilter{Agency: h.a.ID})
	h.must(err)
	id, err := h.exams.AddIncident(t.Context(), as, assessment.NewIncident{
		Event: h.event.ID, Session: d.Sessions[0].ID, Enrolment: list.Rows[0].Enrolment.ID, Kind: assessment.Violation, Note: "Memotret layar.",
	})
	h.must(err)
	path := h.path + "/berkas-cetak/pelanggaran?kejadian=" + h.keys.Seal("incident", id)
	a, b := h.login("petugas.a", access.Officer, h.a.ID), h.login("petugas.b", access.Officer, h.b.ID)
	if page := a.send(200, http.MethodGet, h.path+"/berkas-cetak").Body.String(); !strings.Contains(page, ofA) {
		t.Error("the violation is not offered")
	}
	words := text(t, a.send(200, http.MethodGet, path).Body.Bytes())
	for _, want := range []string{ofA, "Memotret layar.", "Selasa, tanggal dua puluh empat bulan November", "Pukul 07.00 WIB"} {
		if !strings.Contains(words, want) {
			t.Errorf("the paper does not say %q: %s", want, words)
		}
	}
	if words := text(t, a.send(200, http.MethodGet, h.path+"/berkas-cetak/berita-acara").Body.Bytes()); !strings.Contains(words, "07.00 WIB: Pelanggaran, "+ofA+": Memotret layar.") {
		t.Errorf("the minutes: %s", words)
	}
	b.send(404, http.MethodGet, path)
	if words := text(t, b.send(200, http.MethodGet, h.path+"/berkas-cetak/berita-acara").Body.Bytes()); strings.Contains(words, "Memotret") {
		t.Errorf("B's minutes: %s", words)
	}
}

var (
	actions = regexp.MustCompile(`\{\{[^}]*\}\}|<[^>]*>`)
	numbers = regexp.MustCompile(`\d+`)
)

// The rules on the wall are the rules on the screen.
func TestRulesAreThoseOfThePage(t *testing.T) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	page, err := os.ReadFile("../participant/aturan.html")
	if err != nil {
		t.Fatal(err)
	}
	shown := squeeze(actions.ReplaceAllString(string(page), ""))
	for _, rule := range printed.RuleTexts(40, 60, "") {
		if rule = squeeze(numbers.ReplaceAllString(rule, "")); !strings.Contains(shown, rule) {
			t.Errorf("participant/aturan.html does not say %q", rule)
		}
	}
}
