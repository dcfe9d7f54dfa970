package access

import (
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// The world of the tests: two agencies, three people and an event with one
// session on the morning of 3 March 2026.
const (
	agencyA, agencyB     = 10, 20
	siti, budi, wati     = 101, 102, 103 // Siti and Budi of A, Wati of B
	nipSiti              = "199001012015032001"
	nipBudi              = "198505052010011002"
	noWati               = "NP-0007" // no NIP
	enrolSiti, enrolBudi = 1001, 1002
	enrolWati            = 1003
	codeSiti, codeBudi   = "AAAABBBBCC", "DDDDEEEEFF"
	codeWati             = "GGGGHHHHJJ"
	goodPassword         = "ikan terbang rendah"
	anotherPassword      = "kereta hijau malam"
	testIP               = "203.0.113.7"
	minute               = time.Minute
	testEvent, testSsn   = 500, 501
	unknownNIP           = "200001012020011001"
	anotherIP            = "198.51.100.9"
)

var (
	opens  = time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)
	closes = opens.Add(3 * time.Hour)
)

// world is a service on a clock that the test moves.
type world struct {
	*Service
	t   testing.TB
	at  time.Time
	key *Keys
}

// each runs a test in a fresh world on each engine, at the opening of the session.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		w := &world{t: t, at: opens, key: testKeys()}
		w.Service = New(db, w.key, func() time.Time { return w.at })
		w.fill()
		test(t, w)
	})
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Exec(w.t.Context(), query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.Get(w.t.Context(), &n, query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (w *world) fill() {
	w.t.Helper()
	for id, name := range map[int]string{agencyA: "Kota Salatiga", agencyB: "Kabupaten Demak"} {
		w.exec(`INSERT INTO agency (id, code, name, short_name, kind, created_ms) VALUES (?, ?, ?, ?, 'city', 0)`, id, name, "Pemerintah "+name, name)
	}
	for _, p := range []struct {
		id, agency     int
		nip, no        any
		name           string
		enrolment      int
		enrolled, code string
	}{
		{siti, agencyA, nipSiti, nil, "Siti Aminah", enrolSiti, nipSiti, codeSiti},
		{budi, agencyA, nipBudi, nil, "Budi Santoso", enrolBudi, nipBudi, codeBudi},
		{wati, agencyB, nil, noWati, "Wati", enrolWati, noWati, codeWati},
	} {
		w.exec(`INSERT INTO person (id, agency_id, nip, participant_no, kind, name, created_ms, updated_ms) VALUES (?, ?, ?, ?, 'PNS', ?, 0, 0)`,
			p.id, p.agency, p.nip, p.no, p.name)
		if p.id == siti {
			w.event()
		}
		w.exec(`INSERT INTO enrolment (id, event_id, session_id, person_id, agency_id, nip, name, kind, start_code_hash, draw_order, created_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, 'PNS', ?, 1, 0)`,
			p.enrolment, testEvent, testSsn, p.id, p.agency, p.enrolled, p.name, w.key.Code(StartPurpose, p.code))
	}
}

func (w *world) event() {
	w.exec(`INSERT INTO level_scheme (code, version, name, bands, created_ms) VALUES ('test', 1, 'test', '[]', 0)`)
	w.exec(`INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, created_by, created_ms) VALUES (1, 'b', 'b', '{}', 'test', 1, 0, 0)`)
	w.exec(`INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms, grace_ms, zone, seed, release_policy, created_by, created_ms)
		VALUES (?, 'e', 'e', 0, 1, '{}', 'test', 1, 'open', ?, ?, 0, 'WIB', 1, 'at_once', 0, 0)`, testEvent, opens.UnixMilli(), closes.UnixMilli())
	w.exec(`INSERT INTO session (id, event_id, name, opens_ms, closes_ms) VALUES (?, ?, 's', ?, ?)`, testSsn, testEvent, opens.UnixMilli(), closes.UnixMilli())
}

// attempt puts an enrolment's attempt under way.
func (w *world) attempt(enrolment int64) {
	w.exec(`INSERT INTO form (enrolment_id, form_no, items, content, hash, exposure, drawn_ms) VALUES (?, 1, 1, '[]', '', '', 0)`, enrolment)
	w.exec(`INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device_epoch, started_ms, deadline_ms, grace_ms)
		VALUES (?, 1, 1, ?, 1, 'open', 1, ?, ?, 0)`, enrolment, testEvent, w.at.UnixMilli(), w.at.Add(time.Hour).UnixMilli())
}

// staffAccount makes a staff account with goodPassword and returns its id.
func (w *world) staffAccount(username string, grants ...Grant) int64 {
	w.t.Helper()
	id, err := w.CreateAccount(w.t.Context(), 0, NewAccount{Username: username, Name: "Nama " + username, Password: goodPassword, Grants: grants})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// login logs in with a password and must succeed.
func (w *world) login(username, password string) (string, Principal) {
	w.t.Helper()
	token, p, err := w.Login(w.t.Context(), username, password, testIP)
	if err != nil {
		w.t.Fatalf("login of %s: %v", username, err)
	}
	return token, p
}

// activated gives a person of any agency the password and returns their token.
func (w *world) activated(person int64, password string) (string, Principal) {
	w.t.Helper()
	codes, err := w.IssueActivation(w.t.Context(), 0, Scope{All: true}, []int64{person})
	if err != nil {
		w.t.Fatal(err)
	}
	token, p, err := w.Activate(w.t.Context(), codes[0].Code, password, testIP)
	if err != nil {
		w.t.Fatal(err)
	}
	return token, p
}

// wantRefusal checks the kind and the key of a refusal.
func wantRefusal(t *testing.T, what string, err error, kind fault.Kind, messageKey string) {
	t.Helper()
	if fault.KindOf(err) != kind || key(err) != messageKey {
		t.Errorf("%s: %v (kind %v), want %s (kind %v)", what, err, fault.KindOf(err), messageKey, kind)
	}
}

// alive reports whether a token still opens a session.
func (w *world) alive(token string) bool {
	w.t.Helper()
	_, err := w.Authenticate(w.t.Context(), token)
	if err != nil && fault.KindOf(err) != fault.Unauthentic {
		w.t.Fatal(err)
	}
	return err == nil
}

// actions are the audit trail's actions, oldest first; the chain must hold.
func (w *world) actions() (all []string) {
	w.t.Helper()
	if err := w.db.Select(w.t.Context(), &all, `SELECT action FROM audit ORDER BY seq`); err != nil {
		w.t.Fatal(err)
	}
	if n, err := VerifyChain(w.t.Context(), w.db); err != nil || int(n) != len(all) {
		w.t.Errorf("VerifyChain = %d, %v, want %d", n, err, len(all))
	}
	return all
}
