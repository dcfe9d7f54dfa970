package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
)

// The attacks AT-01 to AT-22 on attempts, each a test of its own name, on every
// engine and over HTTP wherever the attack is a request. AT-04 (clocks) has no
// request and is in package assessment; AT-19 (Safe Exam Browser) is a later
// issue.

// hall is the server with an event that is open at the bell: two people of one
// agency take part, and somebody of another agency takes part in an event of
// their own.
type hall struct {
	*world
	t        *testing.T
	event    assessment.Event
	ani, eka *seat
	stranger *seat // of the other agency and event
}

// seat is a participant with a browser, let in by a start code.
type seat struct {
	*browser
	h         *hall
	enrolment int64
	person    int64
	nip       string
	base      string // "/ikut/…"
	bearer    string
}

// attack runs test in a hall on every engine and says that it was refused,
// unless it found that it was not.
func attack(t *testing.T, id string, change func(*assessment.NewEvent), test func(*hall)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, change)
		test(h)
		if !t.Failed() {
			t.Logf("ATTACK %s refused", id)
		}
	})
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func newHall(t *testing.T, db *storage.DB, change func(*assessment.NewEvent)) *hall {
	t.Helper()
	h := &hall{world: worldOn(t, secure, db), t: t}
	ctx, now, all := t.Context(), h.clock(), access.Scope{All: true}
	h.must(questionbank.Seed(ctx, h.db, now))
	h.must(assessment.Seed(ctx, h.db, now))
	staff, by := people.New(h.db), people.By{Scope: all, Now: now}
	var agencies []int64
	for _, code := range []string{"9901", "9902"} {
		a, err := staff.CreateAgency(ctx, by, people.Agency{Code: code, Name: "Instansi " + code, ShortName: code, Kind: "city", Zone: "WIB", Active: true})
		h.must(err)
		agencies = append(agencies, a.ID)
	}
	const nipEka = "199203042016021003"
	for _, p := range []struct {
		agency    int64
		nip, name string
	}{{agencies[0], nipA, ofA[0]}, {agencies[0], nipEka, "Eka Kenari"}, {agencies[1], nipB, ofB[0]}} {
		_, err := staff.AddPerson(ctx, by, p.nip, people.Person{AgencyID: p.agency, Name: p.name, Kind: "PNS"})
		h.must(err)
	}
	seats := map[string]*seat{}
	for i, agency := range agencies {
		plan := assessment.NewEvent{
			Code: fmt.Sprint("SERANGAN-", i+1), Name: "Asesmen", Owner: agency, Agencies: []int64{agency}, OpensAt: bell, ClosesAt: bell.Add(4 * time.Hour), Zone: "WIB",
			Release: assessment.ReleaseManual, Sessions: []assessment.NewSession{{Name: "Sesi 1", OpensAt: bell, ClosesAt: bell.Add(4 * time.Hour), Jitter: -1}},
		}
		if change != nil && i == 0 {
			change(&plan)
		}
		if e := h.opened(plan, seats); i == 0 {
			h.event = e
		}
	}
	h.wait(time.Hour) // to the bell
	h.ani, h.eka, h.stranger = seats[nipA], seats[nipEka], seats[nipB]
	return h
}

var province = assessment.Actor{Scope: access.Scope{All: true}}

// opened makes an event, opens it and lets its people in at the door.
func (h *hall) opened(plan assessment.NewEvent, seats map[string]*seat) assessment.Event {
	h.t.Helper()
	ctx := h.t.Context()
	b, err := h.exams.BlueprintByCode(ctx, assessment.Ringkas)
	h.must(err)
	plan.Blueprint = b.ID
	e, err := h.exams.CreateEvent(ctx, province, plan)
	h.must(err)
	_, err = h.exams.Enrol(ctx, province, assessment.EnrolRequest{Event: e.ID, Agencies: e.Agencies})
	h.must(err)
	_, err = h.exams.Prepare(ctx, province, e.ID)
	h.must(err)
	codes, err := h.exams.IssueStartCodes(ctx, province, assessment.CodeRequest{Event: e.ID})
	h.must(err)
	h.must(h.exams.Open(ctx, province, e.ID, assessment.Surroundings{}))
	for _, c := range codes {
		s := &seat{browser: h.browser(h.t), h: h, enrolment: c.Enrolment.ID, person: c.Enrolment.Person, nip: c.Enrolment.NIP}
		s.base = "/ikut/" + h.keys.Seal("enrolment", s.enrolment)
		s.post("/masuk/kode", "nip", s.nip, "kode", c.Code)
		if !s.loggedIn() {
			h.t.Fatalf("the start code of enrolment %d opens no door", s.enrolment)
		}
		seats[s.nip] = s
	}
	return e
}

// start begins the attempt and keeps the bearer of the take page.
func (s *seat) start() *seat {
	s.t.Helper()
	if got := s.post(s.base + "/mulai"); got.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("start: status %d: %.300s", got.StatusCode, got.body)
	}
	s.take()
	return s
}

// take opens the take page.
func (s *seat) take() page {
	s.t.Helper()
	got := s.get(s.base + "/soal")
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("take: status %d to %s", got.StatusCode, got.location())
	}
	var ok bool
	if s.bearer, ok = got.doc(s.t).Find("[data-bearer]").Attr("data-bearer"); !ok {
		s.t.Fatal("the take page carries no bearer")
	}
	return got
}

// answer is what the server says to a save.
type answer struct {
	page
	told
}

type told struct {
	State  assessment.State `json:"state"`
	Left   *int             `json:"left"`
	Paused bool             `json:"paused"`
	Type   string           `json:"type"` // of a refusal
}

// outbox sends a body to the save path as the page's script does.
func (s *seat) outbox(body string, headers ...string) answer {
	s.t.Helper()
	return s.sendAs(s.bearer, body, headers...)
}

func (s *seat) sendAs(bearer, body string, headers ...string) answer {
	s.t.Helper()
	b := s.w.browser(s.t) // it needs no cookie
	b.header.Set("Authorization", "Bearer "+bearer)
	b.header.Set("Accept", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		b.header.Set(headers[i], headers[i+1])
	}
	a := answer{page: b.send("POST", "/api/jawaban", "application/json", strings.NewReader(body))}
	if err := json.Unmarshal([]byte(a.body), &a.told); err != nil {
		s.t.Fatalf("status %d, not JSON: %.200s", a.StatusCode, a.body)
	}
	return a
}

// save sends one entry.
func (s *seat) save(position int, seq int64, value string) answer {
	s.t.Helper()
	return s.outbox(entries(position, seq, value))
}

func entries(position int, seq int64, value string) string {
	return fmt.Sprintf(`{"a":[{"n":%d,"s":%d,"v":%q,"d":false}]}`, position, seq, value)
}

// clone is another tab of the same browser.
func (s *seat) clone() *browser {
	b := s.w.browser(s.t)
	maps.Copy(b.cookies, s.cookies)
	return b
}

// wants fails unless the answer has this status and, where it refuses, this key.
func (a answer) wants(t *testing.T, what string, status int, key string) {
	t.Helper()
	if a.StatusCode != status || a.Type != key {
		t.Errorf("%s: status %d %q, want %d %q: %.200s", what, a.StatusCode, a.Type, status, key, a.body)
	}
}

func (h *hall) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.Get(h.t.Context(), &n, query, args...))
	return n
}

// value is the answer to a position as the journal has it.
func (h *hall) value(s *seat, position int) string {
	h.t.Helper()
	var values []string
	h.must(h.db.Select(h.t.Context(), &values, `SELECT value FROM answer WHERE enrolment_id = ? AND position = ? ORDER BY seq DESC LIMIT 1`, s.enrolment, position))
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (h *hall) deadline(s *seat) time.Time {
	h.t.Helper()
	var ms int64
	h.must(h.db.Get(h.t.Context(), &ms, `SELECT deadline_ms FROM attempt WHERE enrolment_id = ? AND attempt_no = 1`, s.enrolment))
	return time.UnixMilli(ms).UTC()
}

// to moves the server's clock to an instant.
func (h *hall) to(at time.Time) { h.wait(at.Sub(h.clock())) }

func (h *hall) sweep() {
	h.t.Helper()
	_, err := h.exams.Sweep(h.t.Context(), h.clock())
	h.must(err)
}

// answered is how many answers the current result counts, −1 without a result.
func (h *hall) answered(s *seat) int {
	h.t.Helper()
	var payloads []string
	h.must(h.db.Select(h.t.Context(), &payloads, `SELECT payload FROM result WHERE enrolment_id = ? AND current`, s.enrolment))
	if len(payloads) != 1 {
		return -1
	}
	var r struct {
		Total struct {
			Answered int `json:"answered"`
		} `json:"total"`
	}
	h.must(json.Unmarshal([]byte(payloads[0]), &r))
	return r.Total.Answered
}

// submit hands the attempt in over HTTP and returns the status.
func (s *seat) submit(last int, more ...string) page {
	s.t.Helper()
	return s.post(s.base+"/kirim", append([]string{"terakhir", strconv.Itoa(last), "sadar", "1"}, more...)...)
}

// officer is a browser of an officer of the first agency.
func (h *hall) officer() *browser {
	h.t.Helper()
	h.staff(h.t, "petugas.a", access.Officer, h.event.Owner)
	b := h.browser(h.t)
	b.login("petugas.a", staffPassword)
	return b
}

// whole reads everything that an answer holds, headers and all.
func (p page) whole() string {
	var b strings.Builder
	if err := p.Header.Write(&b); err != nil {
		panic(err) // a strings.Builder does not fail
	}
	_, _ = io.WriteString(&b, p.body)
	return b.String()
}
