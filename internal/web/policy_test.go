package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/web/kit"
	"cakap/questionbank"
)

// rows reads a table of the policy: tab-separated cells, # for a comment.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(line, "\t"))
		}
	}
	return all
}

// door names a route in a policy table.
func door(r kit.Route) string { return r.Method + " " + r.Path }

// needs is what a route asks of its caller, as the tables write it.
func needs(r kit.Route) string {
	switch {
	case r.Bearer:
		return "bearer"
	case r.Action == "":
		return "public"
	default:
		return string(r.Action)
	}
}

// TE-13: every route has its line in testdata/policy, with the action that the
// route really asks for; a line without a route is a route that was lost.
func TestEveryRouteHasAPolicyLine(t *testing.T) {
	files, err := filepath.Glob("testdata/policy/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no policy tables: %v", err)
	}
	lines := map[string]string{}
	for _, file := range files {
		for _, cells := range rows(t, file) {
			if len(cells) != 3 {
				t.Errorf("%s: %q has %d cells, want 3", file, cells, len(cells))
				continue
			}
			name := cells[0] + " " + cells[1]
			if _, twice := lines[name]; twice {
				t.Errorf("%s stands twice", name)
			}
			lines[name] = cells[2]
		}
	}
	for _, r := range newWorld(t, secure).server.Routes() {
		line, ok := lines[door(r)]
		if !ok {
			t.Errorf("%s has no line in testdata/policy", door(r))
		} else if line != needs(r) {
			t.Errorf("%s asks for %s, its line says %s", door(r), needs(r), line)
		}
		delete(lines, door(r))
		// SE-06: what may change something is a POST, which no link can send.
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			t.Errorf("%s: forms know GET and POST only", door(r))
		}
	}
	for name := range lines {
		t.Errorf("%s has a line and no route", name)
	}
}

// grants is testdata/roles.tsv: which role may do which action. It is written
// down apart from the program's own table, so that a slip in one shows.
func grants(t *testing.T) map[access.Action]map[access.Role]bool {
	t.Helper()
	all := rows(t, "testdata/roles.tsv")
	table := map[access.Action]map[access.Role]bool{}
	for _, cells := range all[1:] {
		may := map[access.Role]bool{}
		for i, cell := range cells[1:] {
			if cell != "+" && cell != "-" {
				t.Fatalf("%s: %q is neither + nor -", cells[0], cell)
			}
			may[access.Role(all[0][i+1])] = cell == "+"
		}
		table[access.Action(cells[0])] = may
	}
	return table
}

func TestRolesAsWritten(t *testing.T) {
	for action, may := range grants(t) {
		if len(may) != len(access.Roles) {
			t.Errorf("%s: %d roles, want %d", action, len(may), len(access.Roles))
		}
		for role, want := range may {
			p := &access.Principal{Roles: []access.Grant{{Role: role}}}
			if got := access.Allow(p, action) == nil; got != want {
				t.Errorf("%s may do %s: %v, want %v", role, action, got, want)
			}
		}
		if access.Allow(nil, action) == nil {
			t.Errorf("nobody may do %s", action)
		}
	}
}

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
	item, err := (&questionbank.Service{DB: x.db, Now: x.clock}).Create(ctx, author, questionbank.Content{
		Type: questionbank.Single, Indicator: "A1.1", Level: "L1", Stem: "Manakah peramban web?", Rationale: "Sebabnya " + ofKeys[0] + ".",
		Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, []questionbank.Option{
			{Text: "Firefox"}, {Text: "Papan tik"}, {Text: "Pemindai"}, {Text: "Pencetak"}}, []int{0})},
	})
	check(err)
	spare := x.staff(t, "spare", access.Trainer, 0)

	seal := func(kind string, id int64) string { return x.keys.Seal(kind, id) }
	x.shared = seal("event", shared)
	x.sealed = map[string]string{
		"ikut/id": seal("enrolment", enrolled[ani]), "ikut/no": "1", "siapkan/token": "TIDAKADA",
		"kegiatan/id": seal("event", own), "kegiatan/enrolment": seal("enrolment", enrolled[ani]), "kegiatan/agency": seal("agency", a),
		"pegawai/id": seal("person", ani), "bank/id": seal("item", item.Item), "admin/id": seal("account", spare), "instansi/id": seal("agency", a),
	}
	x.query = "?q=Kenari&h=1&instansi=" + seal("agency", a) + "&agency=" + seal("agency", a)
	x.fields = []string{
		"n", "1", "jawab", "A", "minutes", "5", "reason", "Listrik padam di ruang satu", "q", "Kenari", "comment", "Periksa lagi pengecohnya",
		"agency", seal("agency", a), "agencies", seal("agency", a), "instansi", seal("agency", a), "p", seal("person", ani), "person", seal("person", ani),
	}
	x.letIn(t, a, b, ani, budi, codes)
	return x
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

// mayBeMissing are doors to what the participant does not have yet.
var mayBeMissing = []string{"GET /ikut/:id/bukti/:no", "GET /ikut/:id/hasil/:no"}

// Every door is tried by everybody. TE-01, TE-02, TE-06, TE-07: who may not is
// told so, what is not theirs is not there, and no byte of it is in any answer.
func TestPolicyMatrix(t *testing.T) {
	x, may := newExam(t), grants(t)
	tried := 0
	for _, method := range []string{http.MethodGet, http.MethodPost} { // looking first: acts change what there is to see
		for _, r := range x.server.Routes() {
			if r.Method != method {
				continue
			}
			target, object := x.fill(t, r.Path)
			for i := range x.actors {
				a := &x.actors[i]
				tried++
				got := a.try(method, target)
				if problem := a.judge(r, got, object, may); problem != "" {
					t.Errorf("%s by %s: %s", door(r), a.name, problem)
				}
				a.blindTo(t, door(r), got)
				if method == http.MethodGet { // TE-03: a filter, a search, a page of another agency
					a.blindTo(t, door(r)+" with a filter", a.try(method, target+x.query))
				}
				if strings.HasPrefix(r.Path, "/kegiatan/:id") && !strings.Contains(r.Path, "/:id/peserta/:") && method == http.MethodGet {
					got := a.try(method, strings.Replace(target, x.sealed["kegiatan/id"], x.shared, 1))
					a.blindTo(t, door(r)+" of the shared event", got)
				}
				if needs(r) == "public" && method == http.MethodPost { // it may have been the way out
					a.enter(a.browser)
				}
			}
		}
	}
	t.Logf("%d doors tried", tried)
	// The search sees: those whose it is do find each canary.
	for _, a := range x.actors {
		switch a.name {
		case "trainer":
			if got := a.get("/bank/" + x.sealed["bank/id"]); !strings.Contains(got.body, ofKeys[0]) {
				t.Errorf("the trainer does not see the key: %d", got.StatusCode)
			}
		case "the participant":
			if got := a.get("/ikut/" + x.sealed["ikut/id"]); !strings.Contains(got.body, ofA[0]) {
				t.Errorf("the participant does not see their own name: %d", got.StatusCode)
			}
		}
	}
}

func (a *actor) try(method, target string) page {
	if method == http.MethodPost {
		return a.post(target, a.fields...)
	}
	return a.get(target)
}

// judge says what is wrong with an answer, or "".
func (a *actor) judge(r kit.Route, got page, object bool, may map[access.Action]map[access.Role]bool) string {
	status := got.StatusCode
	led := strings.HasPrefix(got.location(), "/masuk?lanjut=")
	if status >= 500 {
		return fmt.Sprintf("status %d", status)
	}
	switch need := needs(r); {
	case need == "public":
		if status == http.StatusForbidden || led {
			return fmt.Sprintf("a public door is shut: %d", status)
		}
	case need == "bearer":
		if status != http.StatusUnauthorized {
			return fmt.Sprintf("status %d without a bearer, want 401", status)
		}
	case a.role == "":
		if status != http.StatusUnauthorized && !led {
			return fmt.Sprintf("status %d to %q, want the login", status, got.location())
		}
	case status == http.StatusUnauthorized || led:
		return "nobody knows who this is"
	case !may[r.Action][a.role]:
		if status != http.StatusForbidden {
			return fmt.Sprintf("status %d, want 403", status)
		}
	case status == http.StatusForbidden:
		return "the role may, and is refused"
	case object && a.walls && walled(r.Path):
		if status != http.StatusNotFound {
			return fmt.Sprintf("status %d to %q, want 404: it is not theirs", status, got.location())
		}
	case status == http.StatusNotFound && !slices.Contains(mayBeMissing, door(r)):
		return "not found, though it is theirs"
	}
	return ""
}

// walled reports whether a path names an object that belongs to an agency or
// a person; items and accounts do not.
func walled(path string) bool {
	return !strings.HasPrefix(path, "/bank/") && !strings.HasPrefix(path, "/admin/")
}

// blindTo looks for canaries in every byte of an answer, within workbooks too.
func (a *actor) blindTo(t *testing.T, what string, got page) {
	t.Helper()
	for name, text := range unpacked(t, got.body) {
		for _, canary := range a.blind {
			if strings.Contains(text, canary) {
				t.Errorf("%s by %s: %s holds %q", what, a.name, name, canary)
			}
		}
	}
}

// unpacked is a body and, of a zip or workbook, all that is in it.
func unpacked(t *testing.T, body string) map[string]string {
	t.Helper()
	all := map[string]string{"the answer": body}
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return all
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for name, inner := range unpacked(t, string(text)) {
			all[f.Name+": "+name] = inner
		}
	}
	return maps.Clone(all)
}
