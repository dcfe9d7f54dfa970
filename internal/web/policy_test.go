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

	"cakap/internal/access"
	"cakap/internal/web/kit"
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

// mayBeMissing are doors to what nobody of this world has yet: an attempt that
// was submitted, a late answer, a report of an item, an essay, a picture of an upload,
// a file nobody stored. TestMarkingEssays opens the essay, TestMedia a file.
var mayBeMissing = []string{"GET /media/:sha", "GET /penilaian/:id", "POST /penilaian/:id", "GET /ikut/:id/bukti/:no", "GET /ikut/:id/hasil/:no", "POST /kegiatan/:id/susulan", "POST /pengawasan/:id/masalah", "GET /bank/impor/:upload/soal/:n/berkas/:k", "POST /pegawai/impor/:upload/buang"}

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
				if (strings.HasPrefix(r.Path, "/kegiatan/:id") || strings.HasPrefix(r.Path, "/pengawasan/:id")) && !strings.Contains(r.Path, "/:id/peserta/:") && method == http.MethodGet {
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
	x.crossed(t)
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

// crossed fails where the audit trail holds an act of B's people on A: every
// act that changes something is in it.
func (x *exam) crossed(t *testing.T) {
	t.Helper()
	var acts []string
	err := x.db.Select(t.Context(), &acts, `
		SELECT e.action FROM audit AS e JOIN account AS a ON a.id = e.actor_id JOIN agency AS g ON g.id = e.agency_id
		WHERE a.username IN ('officer.b', 'proctor.b') AND g.code = '9901'`)
	if err != nil {
		t.Fatal(err)
	}
	if len(acts) > 0 {
		t.Errorf("B's people acted on A: %v", acts)
	}
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
		if r.Method == http.MethodPost && status == http.StatusSeeOther { // a search leads to its list, which must not be there
			status = a.get(got.location()).StatusCode
		}
		if status != http.StatusNotFound {
			return fmt.Sprintf("status %d to %q, want 404: it is not theirs", status, got.location())
		}
	case a.walls && r.Method == http.MethodPost: // the form names what is A's: 404 is as right as a refused form, see crossed
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
