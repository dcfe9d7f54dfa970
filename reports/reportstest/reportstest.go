// Package reportstest makes agencies with results, for tests and benchmarks of
// what reads them: as values, or as rows of a database.
package reportstest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/reports"
	"cakap/scoring"
)

// Opens is when every event of this package begins.
var Opens = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// Scheme is the default scheme, IP-ASN.
func Scheme() scoring.Scheme {
	return scoring.Scheme{Code: "ip-asn", Version: 1, Name: "IP-ASN (5 tingkat)", Bands: []scoring.Band{
		{Name: "Sangat Rendah", Lower: 0, Colour: "v1", Advice: "Dasar-dasar aspek ini perlu dipelajari dari awal."},
		{Name: "Rendah", Lower: 6100, Colour: "v2", Advice: "Sebagian dasar sudah dikuasai, tetapi belum merata."},
		{Name: "Sedang", Lower: 7100, Colour: "v3", Advice: "Tugas rutin sudah dapat dikerjakan."},
		{Name: "Tinggi", Lower: 8100, Colour: "v4", Advice: "Penguasaan aspek ini sudah baik."},
		{Name: "Sangat Tinggi", Lower: 9100, Colour: "v5", Advice: "Penguasaan aspek ini sangat baik."},
	}}
}

// units: two OPDs with several units, two without, one tiny.
var units = [...]struct {
	opd, path string
	ability   float64
	weight    int
}{
	{"Dinas Pendidikan", "Dinas Pendidikan / Bidang Pembinaan SMA", 0.84, 4},
	{"Dinas Pendidikan", "Dinas Pendidikan / Sekretariat", 0.79, 3},
	{"Dinas Kesehatan", "Dinas Kesehatan / Bidang Pelayanan Kesehatan", 0.74, 4},
	{"Dinas Kesehatan", "Dinas Kesehatan / UPTD Laboratorium", 0.70, 2},
	{"Badan Kepegawaian Daerah", "Badan Kepegawaian Daerah", 0.88, 4},
	{"Inspektorat", "Inspektorat", 0.86, 1},
}

var (
	first     = [...]string{"Siti", "Budi", "Endang", "Agus", "Ratna", "Eko", "Dwi", "Tri", "Sri", "Hadi", "Wahyu", "Nur", "Indah", "Slamet", "Yuni", "Bambang", "I Made", "Ana"}
	second    = [...]string{"Aminah", "Santoso", "Rahayu", "Prasetyo", "Kusumaningrum", "Widodo", "Lestari", "Handayani", "Setiawan", "Hidayat", "Puspitasari", "Nugroho", "d'Souza"}
	titles    = [...]string{"", ", S.E.", ", S.Kom., M.T.", ", S.Pd.", "", ", A.Md.", ", S.H., M.Si."}
	grades    = [...]string{"II/c", "III/a", "III/b", "III/c", "III/d", "IV/a", "IX", "VII"}
	positions = [...]string{"Analis Kebijakan Ahli Muda", "Pranata Komputer Ahli Pertama", "Guru Ahli Madya", "Pengelola Data", "Kepala Subbagian Umum dan Kepegawaian", "Perawat Terampil"}
	kinds     = [...]string{"Fungsional", "Pelaksana", "Struktural"}
)

// Data makes an agency of n people, the same for the same seed: nine in ten
// done, some absent, under way, voided, out of time, with too few answers or with
// an essay that is not marked.
func Data(n int, seed uint64) reports.Data {
	d := reports.Data{
		Event: reports.Event{
			ID: 7001, Code: "LD-2026", Name: "Pemetaan Literasi Digital ASN 2026", Closed: true, Zone: locale.Zone("WIB"),
			OpensAt: time.UnixMilli(Opens.UnixMilli()), ClosesAt: time.UnixMilli(Opens.Add(4*24*time.Hour + 8*time.Hour).UnixMilli()),
			AttemptRule: "last", Attempts: 2, ChangedAt: time.UnixMilli(Opens.Add(-24 * time.Hour).UnixMilli()),
		},
		Agency: reports.Agency{ID: 6400, Code: "6400", Name: "Pemerintah Provinsi Jawa Tengah", ShortName: "Prov. Jawa Tengah"},
		Scheme: Scheme(),
	}
	random := rand.New(rand.NewPCG(seed, 2026))
	for i := range n {
		d.Rows = append(d.Rows, person(i, random, d.Scheme))
	}
	d.Seal()
	return d
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

func person(i int, random *rand.Rand, scheme scoring.Scheme) *reports.Row {
	at := 0
	for k := random.IntN(18); k >= units[at].weight; at++ {
		k -= units[at].weight
	}
	u := units[at]
	born := time.Date(1966+random.IntN(36), time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
	sex := pick(random, []string{"M", "F"})
	r := &reports.Row{
		Enrolment: int64(100000 + i), Name: pick(random, first[:]) + " " + pick(random, second[:]) + pick(random, titles[:]),
		Kind: "PNS", Sex: sex, BirthDate: born.Format(time.DateOnly), Grade: pick(random, grades[:]), Position: pick(random, positions[:]),
		PositionKind: pick(random, kinds[:]), OPD: u.opd, UnitPath: u.path, Session: "Sesi 1", SessionAt: time.UnixMilli(Opens.UnixMilli()),
	}
	r.NIP = fmt.Sprintf("%s%d%02d%d%03d", born.Format("20060102"), born.Year()+25, 1+random.IntN(12), map[string]int{"M": 1, "F": 2}[sex], i%1000)
	if r.Grade == "IX" || r.Grade == "VII" {
		r.Kind = "PPPK"
		r.NIP = fmt.Sprintf("%s%d2%d%d%03d", born.Format("20060102"), 2021+random.IntN(4), 1+random.IntN(2), map[string]int{"M": 1, "F": 2}[sex], i%1000)
	}
	r.ChangedAt = time.UnixMilli(Opens.Add(-20 * time.Hour).UnixMilli())
	attempt(r, i, random, u.ability, scheme)
	return r
}

// attempt gives each person a fate.
func attempt(r *reports.Row, i int, random *rand.Rand, ability float64, scheme scoring.Scheme) {
	start := Opens.Add(time.Duration(i%4)*24*time.Hour + time.Duration(random.IntN(90))*time.Minute)
	switch fate := i % 20; {
	case fate == 3:
		return
	case fate == 7 && i%40 == 7:
		r.Status, r.Taken, r.StartedAt, r.VoidReason = reports.Voided, 1, time.UnixMilli(start.UnixMilli()), "gawai digunakan bergantian"
		r.ChangedAt = r.StartedAt
	case fate == 11 && i%40 == 11:
		r.Status, r.Taken, r.StartedAt = reports.Working, 1, time.UnixMilli(start.UnixMilli())
		r.ChangedAt = r.StartedAt
	default:
		r.Status, r.Taken, r.Attempt, r.Version, r.Reason = reports.Done, 1, 1, 1, "submitted"
		r.StartedAt, r.EndedBy = time.UnixMilli(start.UnixMilli()), "participant"
		if fate == 5 {
			r.EndedBy = "deadline"
		}
		r.ChangedAt = time.UnixMilli(start.Add(time.Duration(25+random.IntN(35)) * time.Minute).UnixMilli())
		all := responses(random, ability, fate == 9)
		if i%40 == 33 { // the last answer is an essay that nobody has marked
			all[len(all)-1].State = scoring.Pending
		}
		r.Result = scoring.Compute(all, scheme, scoring.DefaultEvidence)
	}
}

func responses(random *rand.Rand, ability float64, lazy bool) []scoring.Response {
	var all []scoring.Response
	person := ability + random.NormFloat64()*0.08
	for _, a := range scoring.Aspects {
		shift := [...]float64{0.02, -0.03, -0.12, 0.05}[a-1]
		for k := range 10 {
			resp := scoring.Response{Aspect: a, State: scoring.Answered, Max: scoring.Point}
			if lazy && a == scoring.LearningPlatform && k > 3 {
				resp.State = scoring.Omitted
			} else if random.Float64() < person+shift {
				resp.Points = scoring.Point
			}
			all = append(all, resp)
		}
	}
	return all
}

// Seed puts an agency into a migrated database, with its event, and fails the
// test where it cannot. Several agencies of one event may follow each other.
func Seed(t testing.TB, db *storage.DB, all ...reports.Data) {
	t.Helper()
	err := db.Tx(t.Context(), func(db storage.Querier) error {
		in := inserter{t, db}
		for i, d := range all {
			if i == 0 {
				in.event(d)
			}
			in.agency(d)
			for k := range d.Rows {
				in.person(d, d.Rows[k], k)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type inserter struct {
	t  testing.TB
	db storage.Querier
}

func (in inserter) exec(query string, args ...any) {
	in.t.Helper()
	if _, err := in.db.Exec(in.t.Context(), query, args...); err != nil {
		in.t.Fatal(err)
	}
}

func (in inserter) event(d reports.Data) {
	bands, err := json.Marshal(d.Scheme.Bands)
	if err != nil {
		in.t.Fatal(err)
	}
	created := d.Event.ChangedAt.UnixMilli()
	spec := fmt.Sprintf(`{"attempts":%d,"attempt_rule":%q}`, d.Event.Attempts, d.Event.AttemptRule)
	state := "open"
	if d.Event.Closed {
		state = "closed"
	}
	in.exec(`INSERT INTO level_scheme (code, version, name, bands, is_default, created_ms) VALUES (?, ?, ?, ?, TRUE, ?)`,
		d.Scheme.Code, d.Scheme.Version, d.Scheme.Name, string(bands), created)
	in.exec(`INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, created_by, created_ms) VALUES (?, ?, ?, ?, ?, ?, 0, ?)`,
		d.Event.ID, "ringkas", "Ringkas", spec, d.Scheme.Code, d.Scheme.Version, created)
	in.exec(`
		INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms,
			grace_ms, zone, seed, release_policy, created_by, created_ms)
		VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, 600000, ?, 1, 'at_once', 0, ?)`,
		d.Event.ID, d.Event.Code, d.Event.Name, d.Event.ID, spec, d.Scheme.Code, d.Scheme.Version, state,
		d.Event.OpensAt.UnixMilli(), d.Event.ClosesAt.UnixMilli(), d.Event.Zone.String(), created)
	in.exec(`INSERT INTO session (id, event_id, name, opens_ms, closes_ms) VALUES (?, ?, 'Sesi 1', ?, ?)`,
		d.Event.ID, d.Event.ID, d.Event.OpensAt.UnixMilli(), d.Event.ClosesAt.UnixMilli())
}

func (in inserter) agency(d reports.Data) {
	created := d.Event.ChangedAt.UnixMilli()
	in.exec(`INSERT INTO agency (id, code, name, short_name, kind, created_ms) VALUES (?, ?, ?, ?, 'province', ?)`,
		d.Agency.ID, d.Agency.Code, d.Agency.Name, d.Agency.ShortName, created)
	in.exec(`INSERT INTO event_agency (event_id, agency_id) VALUES (?, ?)`, d.Event.ID, d.Agency.ID)
}

func (in inserter) person(d reports.Data, r *reports.Row, order int) {
	created := d.Event.ChangedAt.UnixMilli()
	nip := &r.NIP
	if len(r.NIP) != 18 {
		nip = nil
	}
	in.exec(`INSERT INTO person (id, agency_id, nip, participant_no, kind, name, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Enrolment, d.Agency.ID, nip, fmt.Sprintf("P%d", r.Enrolment), r.Kind, r.Name, created, created)
	in.exec(`
		INSERT INTO enrolment (id, event_id, session_id, person_id, agency_id, unit_path, opd_name, nip, name, kind, sex, birth_date,
			grade, position, position_kind, draw_order, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Enrolment, d.Event.ID, d.Event.ID, r.Enrolment, d.Agency.ID, r.UnitPath, r.OPD, r.NIP, r.Name, r.Kind, r.Sex, r.BirthDate,
		r.Grade, r.Position, r.PositionKind, order, Opens.Add(-20*time.Hour).UnixMilli())
	if r.Taken > 0 {
		in.attempt(d, r)
	}
}

func (in inserter) attempt(d reports.Data, r *reports.Row) {
	start, changed := r.StartedAt.UnixMilli(), r.ChangedAt.UnixMilli()
	state, submitted := "submitted", &changed
	switch r.Status {
	case reports.Working:
		state, submitted = "open", nil
	case reports.Voided:
		state, submitted = "voided", nil
	}
	in.exec(`INSERT INTO form (enrolment_id, form_no, items, content, hash, exposure, drawn_ms) VALUES (?, 1, 40, '[]', '', '', ?)`, r.Enrolment, start)
	in.exec(`
		INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device_epoch, started_ms, deadline_ms, grace_ms,
			submitted_ms, ended_by, void_reason)
		VALUES (?, 1, 1, ?, 40, ?, 1, ?, ?, 600000, ?, ?, ?)`,
		r.Enrolment, d.Event.ID, state, start, start+3600000, submitted, r.EndedBy, r.VoidReason)
	if r.Status != reports.Done {
		return
	}
	payload, err := json.Marshal(r.Result)
	if err != nil {
		in.t.Fatal(err)
	}
	in.exec(`
		INSERT INTO result (enrolment_id, attempt_no, version, current, event_id, form_hash, journal_hash, key_hash, rules_version,
			scheme_code, scheme_version, payload, reason, computed_ms)
		VALUES (?, 1, ?, TRUE, ?, '', '', '', '1', ?, ?, ?, ?, ?)`,
		r.Enrolment, r.Version, d.Event.ID, d.Scheme.Code, d.Scheme.Version, string(payload), r.Reason, changed)
}
