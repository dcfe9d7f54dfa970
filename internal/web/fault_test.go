package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/internal/fault"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/internal/web"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/reports"
)

// Faults below the server, AV-05 to AV-07 and AV-10, each a test of its own
// name. What needs a real disk, a killed process or a clock that is set is in
// bench (diskfull, crash, powercut, clockjump, drain); AV-04 and the start on a
// full disk (AV-07) are in internal/storage.

// faults is what a test breaks in a server of its own.
type faults struct {
	panics atomic.Bool // each handler that looks at the clock
	low    atomic.Bool // the disk is nearly full
	writer *commit.Writer
}

// breakable puts a server into the hall that can be broken.
func (h *hall) breakable() *faults {
	h.t.Helper()
	f := &faults{}
	log := slog.New(slog.NewJSONHandler(h.log, nil))
	f.writer = assessment.NewWriter(h.db, h.clock, commit.Options{Log: log})
	h.t.Cleanup(f.writer.Close)
	h.exams = assessment.New(assessment.Options{DB: h.db, Writer: f.writer, Keys: h.keys, Now: h.clock, Log: log, Low: f.low.Load})
	cfg := secure
	cfg.Log, cfg.Now = log, func() time.Time {
		if f.panics.Load() {
			panic("a handler broke")
		}
		return h.clock()
	}
	server, err := web.New(cfg, web.Services{
		DB: h.db, Keys: h.keys, Access: h.access, Assessment: h.exams, People: people.New(h.db),
		Bank: &questionbank.Service{DB: h.db, Now: h.clock, Formats: format.All()}, Reports: reports.New(h.db),
		Surroundings: func() assessment.Surroundings { return assessment.Surroundings{} },
	})
	h.must(err)
	h.server = server
	return f
}

// later checks that a refusal asks the client to come back.
func (a answer) later(t *testing.T, what, key string) {
	t.Helper()
	a.wants(t, what, http.StatusServiceUnavailable, key)
	if a.Header.Get("Retry-After") == "" {
		t.Errorf("%s: no Retry-After", what)
	}
}

// AV-05: somebody else holds a lock on the database. Saves are told to come
// back, the client's repetition is stored, and nothing is there twice.
func TestAvailabilityAV05(t *testing.T) {
	t.Parallel()
	storagetest.EachURL(t, func(t *testing.T, url string) {
		t.Parallel()
		h := newHall(t, storagetest.Open(t, url), nil)
		h.ani.start()
		h.ani.save(1, 1, "A").wants(t, "before the lock", http.StatusOK, "")
		other, err := storage.Open(t.Context(), url)
		h.must(err)
		defer func() { h.must(other.Close()) }()
		held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- other.Tx(context.Background(), func(db storage.Querier) error {
				if other.Engine() == "postgres" {
					if _, err := db.Exec(context.Background(), `LOCK TABLE answer IN EXCLUSIVE MODE`); err != nil {
						return err
					}
				}
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		h.ani.save(2, 2, "B").later(t, "while another holds the lock", "error.unavailable")
		if got := h.ani.get("/beranda"); got.StatusCode != http.StatusOK {
			t.Errorf("a page, while another holds the lock: status %d", got.StatusCode)
		}
		close(release)
		h.must(<-done)
		h.ani.save(2, 2, "B").wants(t, "afterwards", http.StatusOK, "")
		if n := h.count(`SELECT count(*) FROM answer WHERE enrolment_id = ?`, h.ani.enrolment); n != 2 || h.value(h.ani, 1) != "A" || h.value(h.ani, 2) != "B" {
			t.Errorf("the journal has %d rows, %q and %q; want 2, A and B", n, h.value(h.ani, 1), h.value(h.ani, 2))
		}
	})
}

// fill makes the database refuse to grow, as a full disk does, and returns what
// makes space.
func fill(t *testing.T, db *storage.DB) (free func()) {
	t.Helper()
	run := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if _, err := db.Exec(t.Context(), s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	if db.Engine() == "postgres" {
		run(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`,
			`CREATE TRIGGER full_disk BEFORE INSERT ON answer FOR EACH ROW EXECUTE FUNCTION full_disk()`)
		return func() { run(`DROP TRIGGER full_disk ON answer`) }
	}
	run(`VACUUM`)
	var pages int
	if err := db.Get(t.Context(), &pages, `PRAGMA page_count`); err != nil {
		t.Fatal(err)
	}
	run(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages))
	return func() { run(`PRAGMA max_page_count = 1000000`) }
}

// many is an outbox that needs new pages: one entry after the other.
func many(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"n":%d,"s":%d,"v":"A","d":false}`, i%40+1, from+i)
	}
	return `{"a":[` + b.String() + `]}`
}

// AV-06: the disk is full. Saves are refused with words that say so, reads go
// on, and the same server saves again when there is space. Below the reserve
// nobody begins, and whoever has begun goes on.
func TestAvailabilityAV06(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		f := h.breakable()
		h.ani.start()
		h.ani.save(1, 1, "A").wants(t, "before", http.StatusOK, "")
		const outbox = 150
		free := fill(t, db)
		full := h.ani.outbox(many(2, outbox))
		full.later(t, "on a full disk", "error.full")
		if !strings.Contains(full.body, "Penyimpanan server penuh. Jawaban di gawai Anda aman") {
			t.Errorf("a full disk is not told in words: %s", full.body)
		}
		h.ani.outbox(`{"a":[]}`).wants(t, "the state of the attempt, on a full disk", http.StatusOK, "")
		free()
		h.ani.outbox(many(2, outbox)).wants(t, "when there is space", http.StatusOK, "")
		if n := h.count(`SELECT count(*) FROM answer WHERE enrolment_id = ?`, h.ani.enrolment); n != 1+outbox {
			t.Errorf("the journal has %d rows, want %d", n, 1+outbox)
		}

		f.low.Store(true)
		refused := h.eka.post(h.eka.base + "/mulai")
		if refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" || !strings.Contains(refused.body, "Ruang penyimpanan server hampir habis") {
			t.Errorf("a start below the reserve: status %d, Retry-After %q: %.300s", refused.StatusCode, refused.Header.Get("Retry-After"), refused.body)
		}
		if n := h.count(`SELECT count(*) FROM attempt WHERE enrolment_id = ?`, h.eka.enrolment); n != 0 {
			t.Error("an attempt was begun below the reserve")
		}
		h.ani.save(2, 500, "B").wants(t, "whoever has begun, below the reserve", http.StatusOK, "")
		if got := h.ani.post(h.ani.base + "/mulai"); got.StatusCode != http.StatusSeeOther {
			t.Errorf("the way back into an attempt, below the reserve: status %d", got.StatusCode)
		}
		f.low.Store(false)
		h.eka.start()
	})
}

// AV-10: a handler or the writer panics. One request hears of it, the server
// and the writer go on.
func TestAvailabilityAV10(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db, nil)
		f := h.breakable()
		h.ani.start()
		f.panics.Store(true)
		broken := h.ani.save(1, 1, "A")
		f.panics.Store(false)
		broken.wants(t, "a handler that panics", http.StatusInternalServerError, "error.internal")
		if strings.Contains(broken.body, "a handler broke") || !strings.Contains(h.log.String(), "a handler broke") {
			t.Error("the panic belongs into the log, and not into the answer")
		}
		h.ani.save(1, 1, "A").wants(t, "the next request", http.StatusOK, "")

		err := f.writer.Do(t.Context(), h.ani.enrolment, func(context.Context, storage.Querier) error { panic("a job broke") })
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a job that panics: %v, want an Unavailable fault", err)
		}
		h.ani.save(2, 2, "B").wants(t, "a save after the writer panicked", http.StatusOK, "")
		if n := f.writer.Stats().Restarts; n != 1 {
			t.Errorf("the writer was restarted %d times, want 1", n)
		}
		if n := h.count(`SELECT count(*) FROM answer WHERE enrolment_id = ?`, h.ani.enrolment); n != 2 {
			t.Errorf("the journal has %d rows, want 2", n)
		}
	})
}
