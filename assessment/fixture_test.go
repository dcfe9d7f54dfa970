package assessment

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
)

var day = time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC) // 08.00 WIB

// testClock is a clock that tests set.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *testClock) Set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t }

func (c *testClock) Add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// world is a database with the shipped bank, two agencies and their people.
type world struct {
	t       testing.TB
	ctx     context.Context
	db      *storage.DB
	svc     *Service
	clock   *testClock
	people  map[int64][]int64 // by agency
	quiet   *slog.Logger
	started int
}

const (
	agencyA int64 = 101
	agencyB int64 = 102
)

var (
	everyone = Actor{Account: 1, Scope: access.Scope{All: true}}
	officerA = Actor{Account: 2, Scope: access.Scope{Agencies: []int64{agencyA}}}
	officerB = Actor{Account: 3, Scope: access.Scope{Agencies: []int64{agencyB}}}
)

// each runs test in a fresh world on every engine.
func each(t *testing.T, people int, test func(t *testing.T, w *world)) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) { test(t, newWorld(t, db, people)) })
}

// newWorld fills db; people is how many each agency has.
func newWorld(t testing.TB, db *storage.DB, people int) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), db: db, clock: &testClock{now: day.Add(-time.Hour)}, people: map[int64][]int64{}}
	w.quiet = slog.New(slog.DiscardHandler)
	w.must(questionbank.Seed(w.ctx, db, day.AddDate(0, -1, 0)))
	w.must(Seed(w.ctx, db, day.AddDate(0, -1, 0)))
	w.must(Seed(w.ctx, db, day)) // twice is once
	w.must(db.Tx(w.ctx, func(db storage.Querier) error {
		for i, agency := range []int64{agencyA, agencyB} {
			w.agency(db, agency, i, people)
		}
		return nil
	}))
	writer := NewWriter(db, w.clock.Now, commit.Options{Log: w.quiet})
	t.Cleanup(writer.Close)
	w.svc = New(Options{DB: db, Writer: writer, Keys: access.NewKeys(make([]byte, 32)), Now: w.clock.Now, Log: w.quiet})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(db storage.Querier, query string, args ...any) {
	w.t.Helper()
	_, err := db.Exec(w.ctx, query, args...)
	w.must(err)
}

// agency makes an agency with two units, the second below the first, and puts
// every other person in the second.
func (w *world) agency(db storage.Querier, id int64, number, people int) {
	w.t.Helper()
	w.exec(db, `INSERT INTO agency (id, code, name, short_name, kind, created_ms) VALUES (?, ?, ?, ?, 'regency', 0)`,
		id, fmt.Sprint(6401+number), fmt.Sprintf("Kabupaten %d", number), fmt.Sprintf("Kab%d", number))
	top, below := id*10, id*10+1
	w.exec(db, `INSERT INTO unit (id, agency_id, parent_id, opd_id, path, name, level, created_ms) VALUES (?, ?, NULL, ?, 'Dinas Pendidikan', 'Dinas Pendidikan', 1, 0)`, top, id, top)
	w.exec(db, `INSERT INTO unit (id, agency_id, parent_id, opd_id, path, name, level, created_ms) VALUES (?, ?, ?, ?, 'Dinas Pendidikan / Bidang SMA', 'Bidang SMA', 2, 0)`, below, id, top, top)
	for n := range people {
		person := id*1_000_000 + int64(n)
		nip := fmt.Sprintf("19800101%02d%08d", number+10, n)
		w.exec(db, `
			INSERT INTO person (id, agency_id, unit_id, nip, kind, name, title_front, title_back, sex, birth_date, grade, position,
				position_kind, time_factor_pct, created_ms, updated_ms)
			VALUES (?, ?, ?, ?, 'PNS', ?, 'Dr.', 'S.Kom.', 'F', '1980-01-01', 'III/c', 'Analis', 'Pelaksana', 100, 0, 0)`,
			person, id, []int64{top, below}[n%2], nip, fmt.Sprintf("Pegawai %04d", n))
		w.people[id] = append(w.people[id], person)
	}
}

// plan is how an event of a test differs from the usual.
type plan struct {
	code     string
	spec     func(*Spec)
	agencies []int64
	owner    int64
	release  Release
	token    string
}

// event makes an event of the Ringkas blueprint on day, 08.00 to 12.00 WIB.
func (w *world) event(p plan) Event {
	w.t.Helper()
	b, err := w.svc.BlueprintByCode(w.ctx, Ringkas)
	w.must(err)
	if p.code == "" {
		w.started++
		p.code = fmt.Sprintf("EV-%d", w.started)
	}
	if p.spec != nil {
		p.spec(&b.Spec)
		b.Code = "BP-" + p.code
		b, err = w.svc.CreateBlueprint(w.ctx, everyone, b)
		w.must(err)
	}
	if p.agencies == nil {
		p.agencies = []int64{agencyA, agencyB}
	}
	e, err := w.svc.CreateEvent(w.ctx, everyone, NewEvent{
		Code: p.code, Name: "Asesmen Maret", Owner: p.owner, Blueprint: b.ID, Agencies: p.agencies, OpensAt: day, ClosesAt: day.Add(4 * time.Hour),
		Release: p.release, Sessions: []NewSession{{Name: "Sesi 1", OpensAt: day, ClosesAt: day.Add(4 * time.Hour), Token: p.token}},
	})
	w.must(err)
	w.exec(w.db, `UPDATE event SET seed = 7 WHERE id = ?`, e.ID)
	e.Seed = 7
	return e
}

// open enrols everybody, prepares and opens, and moves the clock to the start.
func (w *world) open(p plan) Event {
	w.t.Helper()
	e := w.event(p)
	_, err := w.svc.Enrol(w.ctx, everyone, EnrolRequest{Event: e.ID, Agencies: e.Agencies})
	w.must(err)
	_, err = w.svc.Prepare(w.ctx, everyone, e.ID)
	w.must(err)
	w.must(w.svc.Open(w.ctx, everyone, e.ID, Surroundings{}))
	w.clock.Set(day)
	detail, err := w.svc.Event(w.ctx, everyone, e.ID)
	w.must(err)
	return detail.Event
}

// enrolments is the ids of an event in drawing order.
func (w *world) enrolments(e Event) []int64 {
	w.t.Helper()
	var ids []int64
	w.must(w.db.Select(w.ctx, &ids, `SELECT id FROM enrolment WHERE event_id = ? ORDER BY draw_order`, e.ID))
	return ids
}

func (w *world) taker(enrolment int64) Taker {
	w.t.Helper()
	en, err := w.svc.read.enrolment(w.ctx, enrolment)
	w.must(err)
	return Taker{Person: en.Person}
}

const phone = "phone"

// begin starts an attempt and returns its ticket.
func (w *world) begin(enrolment int64) Ticket {
	w.t.Helper()
	_, err := w.svc.Start(w.ctx, w.taker(enrolment), enrolment, phone, "", "")
	w.must(err)
	t, err := w.svc.Ticket(w.ctx, w.taker(enrolment), enrolment, phone)
	w.must(err)
	return t
}

// right is the letters that earn the full points of a position.
func (w *world) right(t Ticket, position int) string {
	w.t.Helper()
	return w.letters(t, position, true)
}

// wrong is letters that earn nothing.
func (w *world) wrong(t Ticket, position int) string {
	w.t.Helper()
	return w.letters(t, position, false)
}

func (w *world) letters(t Ticket, position int, right bool) string {
	f, err := w.svc.read.form(w.ctx, t.Enrolment, t.No)
	w.must(err)
	items, err := w.svc.bank.of(w.ctx, f)
	w.must(err)
	item, key := f.Items[position-1], items[position-1].key
	for mask := 1; mask < 1<<key.Options; mask++ {
		var value string
		for place := range key.Options {
			if mask>>place&1 == 1 {
				value += string(rune('A' + place))
			}
		}
		if !ValidValue(t.Shape, position, value) {
			continue
		}
		if points := key.Score(item.Chosen(value)); right && points == key.Max || !right && points == 0 {
			return value
		}
	}
	w.t.Fatalf("position %d has no such answer", position)
	return ""
}

// save saves one entry at the clock's time.
func (w *world) save(t Ticket, position int, seq int64, value string) Outcome {
	w.t.Helper()
	out, err := w.svc.Save(w.ctx, t, w.clock.Now(), []Entry{{Position: position, Seq: seq, Value: value}})
	w.must(err)
	return out[0]
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.db.Get(w.ctx, &n, query, args...))
	return n
}
