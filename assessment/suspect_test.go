package assessment

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// answering is people of a session who answer in the author's numbering.
type answering struct {
	*world
	r *rand.Rand
}

// sit takes an assessment on a device: on each position of one choice the
// answer that choose gives, one every pace.
func (m answering) sit(enrolment int64, device string, pace time.Duration, choose func(FormItem, int) int) Ticket {
	m.t.Helper()
	m.clock.Set(day)
	_, err := m.svc.Start(m.ctx, m.taker(enrolment), enrolment, device, "HP Android, Chrome", "")
	m.must(err)
	t, err := m.svc.Ticket(m.ctx, m.taker(enrolment), enrolment, device)
	m.must(err)
	form, err := m.svc.read.form(m.ctx, enrolment, t.No)
	m.must(err)
	seq := int64(0)
	for i, item := range form.Items {
		if item.Kind != "" || item.Many || len(item.Options) == 0 {
			continue
		}
		m.clock.Add(pace)
		seq++
		if place := slices.Index(item.Options, choose(item, len(item.Options))); place >= 0 {
			m.save(t, i+1, seq, string(rune('A'+place)))
		}
	}
	return t
}

// alone answers by chance, nearly always wrongly.
func (m answering) alone(_ FormItem, options int) int { return m.r.IntN(options) }

func TestSuspects(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		e := w.open(plan{})
		ids := w.enrolments(e)
		byAgency := func(agency int64) (mine []int64) {
			for _, id := range ids {
				if en, err := w.svc.read.enrolment(w.ctx, id); err == nil && en.Agency == agency {
					mine = append(mine, id)
				}
			}
			return mine
		}
		a, b := byAgency(agencyA), byAgency(agencyB)
		// One form for all: two people who share few items share no evidence.
		form, err := w.svc.read.form(w.ctx, a[0], 1)
		w.must(err)
		w.exec(w.db, `UPDATE form SET content = ? WHERE enrolment_id IN (SELECT id FROM enrolment WHERE event_id = ?)`, content(form.Items), e.ID)
		m := answering{w, rand.New(rand.NewPCG(3, 3))}
		shared := map[questionbank.Ref]int{}
		copied := func(item FormItem, options int) int {
			if _, known := shared[item.Ref]; !known {
				shared[item.Ref] = m.r.IntN(options)
			}
			return shared[item.Ref]
		}
		m.sit(a[0], "gawai-a0", 30*time.Second, copied)
		m.sit(a[1], "gawai-a1", 30*time.Second, copied)
		m.sit(a[2], "gawai-a2", time.Second, m.alone)    // a race
		m.sit(a[3], "gawai-a3", 30*time.Second, m.alone) // nothing odd
		m.sit(a[4], "gawai-ab", 30*time.Second, m.alone)
		m.sit(b[0], "gawai-ab", 30*time.Second, m.alone) // on a browser of A's person
		m.sit(a[5], "gawai-a5", 30*time.Second, m.alone)
		m.sit(a[6], "gawai-a6", 30*time.Second, m.alone)
		for i, id := range b[1:] {
			m.sit(id, "gawai-b"+strconv.Itoa(i), 30*time.Second, m.alone)
		}
		burst := m.sit(a[7], "gawai-a7", 30*time.Second, m.alone)
		seq := int64(500)
		for position := 1; position <= 8; position++ {
			rows, err := w.svc.read.journal(w.ctx, burst.AttemptID)
			w.must(err)
			if old := latest(rows)[position].Value; len(old) == 1 {
				other := "A"
				if old == "A" {
					other = "B"
				}
				w.clock.Add(2 * time.Second)
				seq++
				w.save(burst, position, seq, other)
			}
		}

		got, err := w.svc.Suspects(w.ctx, everyone, e.ID, 0)
		w.must(err)
		if len(got.Fast) != 1 || got.Fast[0].Who.ID != a[2] {
			t.Errorf("fast: %+v", got.Fast)
		}
		pair := func(p PairSuspect) bool {
			return slices.Contains([]int64{p.A.Who.ID, p.B.Who.ID}, a[0]) && slices.Contains([]int64{p.A.Who.ID, p.B.Who.ID}, a[1])
		}
		if len(got.Alike) != 1 || !pair(got.Alike[0]) {
			t.Errorf("alike: %+v", got.Alike)
		}
		if len(got.Devices) != 1 || len(got.Devices[0].People) != 2 || got.Devices[0].Together <= 0 {
			t.Errorf("devices: %+v", got.Devices)
		}
		if len(got.Bursts) != 1 || got.Bursts[0].Who.ID != a[7] {
			t.Errorf("bursts: %+v", got.Bursts)
		}
		if got.Attempts != 16 || got.Pairs != 120 {
			t.Errorf("%d attempts, %d pairs", got.Attempts, got.Pairs)
		}

		// An officer sees the own people only, and the device of a pair across
		// agencies tells nobody anything.
		mine, err := w.svc.Suspects(w.ctx, officerB, e.ID, 0)
		w.must(err)
		if len(mine.Fast)+len(mine.Alike)+len(mine.Devices)+len(mine.Bursts) != 0 || mine.Attempts != 8 {
			t.Errorf("officer of B sees %+v", mine)
		}
		if _, err := w.svc.Suspects(w.ctx, everyone, e.ID, 12345); fault.Of(err) == nil || fault.Of(err).Kind != fault.NotFound {
			t.Errorf("a session that is not there: %v", err)
		}
		var details []string
		w.must(w.db.Select(w.ctx, &details, `SELECT detail FROM audit WHERE action = 'integrity.read' ORDER BY seq`))
		if len(details) != 2 {
			t.Fatalf("%d audit entries, want 2: %v", len(details), details)
		}
		for _, d := range details {
			if strings.Contains(d, "Pegawai") || strings.Contains(d, "19800101") {
				t.Errorf("the audit names a person: %s", d)
			}
		}

		// A voided attempt is out.
		w.must(w.svc.Void(w.ctx, everyone, AttemptID{a[2], 1}, "Salah orang", false))
		if got, err = w.svc.Suspects(w.ctx, everyone, e.ID, 0); err != nil || len(got.Fast) != 0 {
			t.Errorf("after voiding: %+v, %v", got.Fast, err)
		}
	})
}

// The order on display does not tell answers apart, and the order of a sequence
// does.
func TestAuthoredAnswer(t *testing.T) {
	one := FormItem{Many: true, Options: []int{2, 0, 1}}
	two := FormItem{Many: true, Options: []int{0, 1, 2}}
	if x, y := authored("AB", one), authored("AC", two); x != y { // 2 and 0 for both
		t.Errorf("%q and %q", x, y)
	}
	if x, y := authored("AB", one), authored("AB", two); x == y {
		t.Errorf("both are %q", x)
	}
	order := FormItem{Kind: questionbank.OrderKind, Options: []int{0, 1, 2}}
	if x, y := authored("ABC", order), authored("CBA", order); x == y {
		t.Errorf("both are %q", x)
	}
	text := FormItem{Kind: questionbank.TextKind}
	if x, y := authored("Kata  Sandi", text), authored("kata sandi", text); x != y {
		t.Errorf("%q and %q", x, y)
	}
}

func TestSessionCredits(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		e := w.open(plan{})
		var given []AttemptID
		for _, id := range w.enrolments(e) {
			w.begin(id)
			given = append(given, AttemptID{id, 1})
		}
		_, err := w.svc.CreditOutage(w.ctx, everyone, given, 10*time.Minute, "Listrik padam")
		w.must(err)
		sessions, err := w.svc.read.sessions(w.ctx, e.ID)
		w.must(err)
		for actor, want := range map[string]int{"everyone": 4, "A": 2} {
			as := everyone
			if actor == "A" {
				as = officerA
			}
			got, err := w.svc.SessionCredits(w.ctx, as, e.ID, sessions[0].ID)
			w.must(err)
			if len(got) != want {
				t.Errorf("%s sees %d credits, want %d", actor, len(got), want)
			}
			for _, c := range got {
				if c.More != 10*time.Minute || c.Reason != "Listrik padam" || c.Who.Name == "" || !as.Scope.Covers(c.Who.Agency) {
					t.Errorf("%s: %+v", actor, c)
				}
			}
		}
	})
}
