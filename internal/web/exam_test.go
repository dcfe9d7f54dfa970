package web_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/questionbank"
	"cakap/questionbank/format"
)

// exam is a world in full: the shipped bank, an event of agency A alone and
// one of both agencies, drawn and open, and somebody of every role.
type exam struct {
	*world
	sealed map[string]string // path parameter, by "first segment/parameter"
	shared string            // the event of both agencies, sealed
	query  string            // filters that ask for what is agency A's
	fields []string          // a form that makes sense to many handlers and names objects of A
	actors []actor
}

// actor is somebody who tries every door.
type actor struct {
	name  string
	role  access.Role // "" for nobody
	walls bool        // the objects tried are another agency's or another person's
	blind []string    // what no answer may hold
	enter func(*browser)
	*browser
	fields []string // of every form that is posted
}

// Canaries: what belongs to one agency, and a key that officers and
// participants never see.
var (
	ofA    = []string{"Ani Kenari", nipA, "Instansi Kenari Satu"}
	ofB    = []string{"Budi Kenari", nipB, "Instansi Kenari Dua"}
	ofKeys = []string{"kunci-kenari"}
)

func newExam(t *testing.T) *exam {
	t.Helper()
	x := &exam{world: emptyWorld(t, secure), sealed: map[string]string{}}
	ctx, now := t.Context(), x.clock()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(questionbank.Seed(ctx, x.db, now))
	check(assessment.Seed(ctx, x.db, now))
	all := access.Scope{All: true}
	staff, by := people.New(x.db), people.By{Scope: all, Now: now}
	agency := func(code, name string) int64 {
		a, err := staff.CreateAgency(ctx, by, people.Agency{Code: code, Name: name, ShortName: name, Kind: "city", Zone: "WIB", Active: true})
		check(err)
		return a.ID
	}
	person := func(agency int64, nip, name string) int64 {
		p, err := staff.AddPerson(ctx, by, nip, people.Person{AgencyID: agency, Name: name, Kind: "PNS"})
		check(err)
		return p.ID
	}
	a, b := agency("9901", ofA[2]), agency("9902", ofB[2])
	ani, budi := person(a, nipA, ofA[0]), person(b, nipB, ofB[0])

	event := func(code string, owner int64, agencies ...int64) (id int64, codes map[int64]string, enrolments map[int64]int64) {
		as := assessment.Actor{Scope: all}
		plan, err := x.exams.BlueprintByCode(ctx, "RINGKAS")
		check(err)
		e, err := x.exams.CreateEvent(ctx, as, assessment.NewEvent{
			Code: code, Name: "Kegiatan " + code, Owner: owner, Blueprint: plan.ID, Agencies: agencies, OpensAt: bell, ClosesAt: bell.Add(4 * time.Hour),
			Zone: "WIB", Release: assessment.ReleaseManual, Sessions: []assessment.NewSession{{Name: "Sesi 1", OpensAt: bell, ClosesAt: bell.Add(4 * time.Hour)}},
		})
		check(err)
		_, err = x.exams.Enrol(ctx, as, assessment.EnrolRequest{Event: e.ID, Agencies: agencies})
		check(err)
		_, err = x.exams.Prepare(ctx, as, e.ID)
		check(err)
		issued, err := x.exams.IssueStartCodes(ctx, as, assessment.CodeRequest{Event: e.ID})
		check(err)
		check(x.exams.Open(ctx, as, e.ID, assessment.Surroundings{}))
		codes, enrolments = map[int64]string{}, map[int64]int64{}
		for _, c := range issued {
			codes[c.Enrolment.Person], enrolments[c.Enrolment.Person] = c.Code, c.Enrolment.ID
		}
		return e.ID, codes, enrolments
	}
	own, _, enrolled := event("KENARI-1", a, a)
	shared, codes, _ := event("BERSAMA-1", 0, a, b)
	x.wait(time.Hour) // to the bell

	author := x.staff(t, "trainer", access.Trainer, 0)
	bank := &questionbank.Service{DB: x.db, Now: x.clock, Formats: format.All()}
	item, err := bank.Create(ctx, author, questionbank.Content{
		Type: questionbank.Single, Indicator: "A1.1", Level: "L1", Stem: "Manakah peramban web?", Rationale: "Sebabnya " + ofKeys[0] + ".",
		Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, []questionbank.Option{
			{Text: "Firefox"}, {Text: "Papan tik"}, {Text: "Pemindai"}, {Text: "Pencetak"}}, []int{0})},
	})
	check(err)
	// A file that waits, and one that was saved.
	sheet := []byte("soal;a;b;kunci;indikator\nApa guna sandi?;Menjaga akun;Menghias layar;A;A4.1\n")
	upload, err := bank.KeepUpload(ctx, questionbank.Upload{Actor: author, File: "soal.csv", Content: sheet})
	check(err)
	imported, err := bank.Import(ctx, questionbank.ImportRequest{File: "lain.csv", Content: bytes.ReplaceAll(sheet, []byte("sandi"), []byte("cadangan")), Actor: author})
	check(err)
	spare := x.staff(t, "spare", access.Trainer, 0)
	roster, wanted := x.moves(t, by, a, agency("9903", "Instansi Kenari Tiga"))

	var proposed int64 // an item to be decided about
	check(x.db.Get(ctx, &proposed, `SELECT min(item_id) FROM event_pool WHERE event_id = ?`, own))
	check(x.exams.ProposeFaulty(ctx, assessment.Actor{Account: author, Scope: all}, own, proposed, "Gambarnya tidak tampil."))

	seal := func(kind string, id int64) string { return x.keys.Seal(kind, id) }
	x.shared = seal("event", shared)
	x.sealed = map[string]string{
		"ikut/id": seal("enrolment", enrolled[ani]), "ikut/no": "1", "siapkan/token": "TIDAKADA",
		"pengawasan/id": seal("event", own), "pengawasan/item": seal("item", proposed),
		"kegiatan/id": seal("event", own), "kegiatan/enrolment": seal("enrolment", enrolled[ani]), "kegiatan/agency": seal("agency", a), "kegiatan/paper": "daftar-hadir",
		"pegawai/id": seal("person", ani), "pegawai/upload": seal("roster", roster), "pegawai/transfer": seal("transfer", wanted), "bank/id": seal("item", item.Item), "admin/id": seal("account", spare), "instansi/id": seal("agency", a), "penilaian/id": seal("script", 1),
		"media/sha": strings.Repeat("0", 64), "bank/upload": seal("upload", upload), "bank/n": "1", "bank/k": "0", "bank/batch": seal("batch", imported.Batch),
	}
	x.query = "?q=Kenari&h=1&instansi=" + seal("agency", a) + "&agency=" + seal("agency", a)
	x.fields = []string{
		"n", "1", "jawab", "A", "minutes", "5", "reason", "Listrik padam di ruang satu", "q", "Kenari", "comment", "Periksa lagi pengecohnya",
		"agency", seal("agency", a), "agencies", seal("agency", a), "instansi", seal("agency", a), "p", seal("person", ani), "person", seal("person", ani),
		"ikut", seal("enrolment", enrolled[ani]), "aksi", "kembali", "list", nipA,
	}
	x.letIn(t, a, b, ani, budi, codes)
	return x
}

// moves keeps a roster of agency a that names Ani, somebody new and Budi's
// number, and asks for Ani's transfer to agency c.
func (x *exam) moves(t *testing.T, by people.By, a, c int64) (roster, transfer int64) {
	t.Helper()
	staff := people.New(x.db)
	file := []byte("NIP;NAMA;JABATAN\n" + nipA + ";" + ofA[0] + ";Analis\n199101012015031001;Baru;Analis\n" + nipB + ";Pindahan;Analis\n")
	roster, err := staff.KeepUpload(t.Context(), by, people.Upload{AgencyID: a, File: "pegawai.csv", Content: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := staff.RequestTransfers(t.Context(), by, c, []string{nipA}, "SK 1/2026"); err != nil {
		t.Fatal(err)
	}
	all, err := staff.Transfers(t.Context(), by.Scope)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d transfers, %v", len(all), err)
	}
	return roster, all[0].ID
}

// letIn lets somebody of every kind in. Those within the walls of agency A
// come after those without, so that the first who may change something is
// the last who tries.
func (x *exam) letIn(t *testing.T, a, b, ani, budi int64, codes map[int64]string) {
	t.Helper()
	password := func(name string, role access.Role, agency int64) func(*browser) {
		if name != "trainer" {
			x.staff(t, name, role, agency)
		}
		return func(br *browser) { br.login(name, staffPassword) }
	}
	activated := func(person int64, nip string) func(*browser) {
		code := x.activation(t, person)
		return func(br *browser) {
			if code != "" {
				br.post("/aktivasi", "kode", code, "sandi", ownPassword, "ulangi", ownPassword)
				code = ""
				return
			}
			br.login(nip, ownPassword)
		}
	}
	started := func(nip, code string) func(*browser) {
		return func(br *browser) { br.post("/masuk/kode", "nip", nip, "kode", code) }
	}
	named := slices.Concat(ofA, ofB)
	x.actors = []actor{
		{name: "nobody", blind: slices.Concat(named, ofKeys), enter: func(*browser) {}},
		{name: "another participant", role: access.Participant, walls: true, blind: slices.Concat(ofA, ofKeys), enter: activated(budi, nipB)},
		{name: "the participant, let in by the code of another event", role: access.Participant, walls: true, blind: slices.Concat(ofB, ofKeys), enter: started(nipA, codes[ani])},
		{name: "officer of B", role: access.Officer, walls: true, blind: slices.Concat(ofA, ofKeys), enter: password("officer.b", access.Officer, b)},
		{name: "proctor of B", role: access.Proctor, walls: true, blind: slices.Concat(ofA, ofKeys), enter: password("proctor.b", access.Proctor, b)},
		{name: "trainer", role: access.Trainer, blind: named, enter: password("trainer", access.Trainer, 0)},
		{name: "reviewer", role: access.Reviewer, blind: named, enter: password("reviewer", access.Reviewer, 0)},
		{name: "admin", role: access.Admin, blind: ofKeys, enter: password("admin", access.Admin, 0)},
		{name: "proctor of A", role: access.Proctor, blind: slices.Concat(ofB, ofKeys), enter: password("proctor.a", access.Proctor, a)},
		{name: "officer of A", role: access.Officer, blind: slices.Concat(ofB, ofKeys), enter: password("officer.a", access.Officer, a)},
		{name: "the participant", role: access.Participant, blind: slices.Concat(ofB, ofKeys), enter: activated(ani, nipA)},
	}
	for i := range slices.Backward(x.actors) { // the activation ends other sessions of the same person
		x.actors[i].browser, x.actors[i].fields = x.browser(t), x.fields
		x.actors[i].enter(x.actors[i].browser)
		if in := x.actors[i].loggedIn(); in != (x.actors[i].role != "") {
			t.Fatalf("%s is logged in: %v", x.actors[i].name, in)
		}
	}
}

// fill puts the sealed ids of agency A's objects into a route's path.
func (x *exam) fill(t *testing.T, path string) (target string, object bool) {
	t.Helper()
	parts := strings.Split(path, "/")
	first := parts[1]
	if first == "admin" && len(parts) > 2 && parts[2] == "instansi" {
		first = "instansi"
	}
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			value, known := x.sealed[first+"/"+name]
			if !known {
				t.Fatalf("%s: tell exam.sealed what %s/%s is", path, first, name)
			}
			parts[i], object = value, true
		}
	}
	return strings.Join(parts, "/"), object
}

func (a *actor) try(method, target string) page {
	if method == http.MethodPost {
		return a.post(target, a.fields...)
	}
	return a.get(target)
}
