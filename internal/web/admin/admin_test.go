package admin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/internal/web/kit/kittest"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestCounts(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		now := time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)
		empty, err := count(t.Context(), db, now.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		if empty != (figures{}) {
			t.Errorf("an empty database has %+v", empty)
		}
		svc, who := people.New(db), people.By{Scope: access.Scope{All: true}, Now: now}
		a, err := svc.CreateAgency(t.Context(), who, people.Agency{Code: "6401", Name: "Kabupaten Contoh", ShortName: "Kab. Contoh", Kind: "regency", Zone: "WITA"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := count(t.Context(), db, now.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		if want := (figures{Agencies: 1, Trail: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		held, err := sizes(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int64]size{a.ID: {AgencyID: a.ID}}, held); diff != "" {
			t.Error(diff)
		}
		if heads, err := headcount(t.Context(), db, a.ID); err != nil || len(heads) != 0 {
			t.Errorf("got %v, %v", heads, err)
		}
	})
}

func TestEveryStepOfTheSetUpCanBeDone(t *testing.T) {
	for _, s := range steps(figures{}) {
		if s.Done {
			t.Errorf("%s is done in an empty installation", s.Title)
		}
	}
	for _, s := range steps(figures{Agencies: 1, Staff: 2, People: 1, Items: 1, Events: 1}) {
		if !s.Done {
			t.Errorf("%s is never done", s.Title)
		}
	}
}

func TestTrees(t *testing.T) {
	units := []people.Unit{
		{ID: 1, Name: "Dinas Pendidikan", Path: "Dinas Pendidikan", Level: 1},
		{ID: 2, Name: "Bidang SMA", Path: "Dinas Pendidikan / Bidang SMA", Level: 2},
		{ID: 3, Name: "Seksi Guru", Path: "Dinas Pendidikan / Bidang SMA / Seksi Guru", Level: 3, Hidden: true},
		{ID: 4, Name: "Inspektorat", Path: "Inspektorat", Level: 1},
	}
	want := []tree{
		{Name: "Dinas Pendidikan", People: 6, Below: []branch{{"Bidang SMA", 2, false}, {"Bidang SMA / Seksi Guru", 3, true}}},
		{Name: "Inspektorat", People: 4},
	}
	if diff := cmp.Diff(want, trees(units, map[int64]int{1: 1, 2: 2, 3: 3, 4: 4})); diff != "" {
		t.Error(diff)
	}
}

func TestDetailShowsCountsAndNoHashes(t *testing.T) {
	for stored, want := range map[string]string{
		`{"accepted":112,"warned":0,"rejected":3,"sha256":"abc","format":"xlsx"}`: "format xlsx, 112 diterima, 3 ditolak",
		`{"rev":2,"hash":"abc","from":"in_review"}`:                               "versi 2",
		`{"active":false}`:     "dinonaktifkan",
		`{"active":true}`:      "diaktifkan",
		`null`:                 "",
		`[{"Role":"officer"}]`: "",
		`"6401"`:               "",
	} {
		if got := detail(stored); got != want {
			t.Errorf("%s: got %q, want %q", stored, got, want)
		}
	}
}

var written = regexp.MustCompile(`(?:Action: *|\b(?:record|change)\(ctx, [^"\n]*)"([a-z_]+\.[a-z_]+)"`)

// A new action needs its words here.
func TestEveryActionHasWords(t *testing.T) {
	root := os.DirFS("../../..")
	found := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || e.Name() == ".git"):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		body, err := fs.ReadFile(root, name)
		for _, m := range written.FindAllStringSubmatch(string(body), -1) {
			found[m[1]] = true
			if _, ok := acts[m[1]]; !ok {
				t.Errorf("%s records %s, which has no words", name, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 20 {
		t.Fatalf("found %d actions: the search is broken", len(found))
	}
}

func TestUnknownActionShowsItself(t *testing.T) {
	if got := act("galaxy.explode"); got != "melakukan galaxy.explode" {
		t.Errorf("got %q", got)
	}
	row := trailed(access.Recorded{Seq: 3, ActorID: 0, Action: "bank.seed", Detail: "null"}, "")
	if row.Who != "Sistem" || row.Did != "memasang soal bawaan" {
		t.Errorf("got %+v", row)
	}
}

func TestKeptGrants(t *testing.T) {
	seal := func(kind string, id int64) string { return fmt.Sprintf("%s%d", kind, id) }
	held := []access.Grant{{Role: access.Participant}, {Role: access.Officer, AgencyID: 5}, {Role: access.Trainer}}
	got := keptGrants(held, []string{"officer/agency5", "admin/", "trainer/agency5"}, seal)
	if diff := cmp.Diff([]access.Grant{{Role: access.Participant}, {Role: access.Officer, AgencyID: 5}}, got); diff != "" {
		t.Errorf("a form gave what was not held: %s", diff)
	}
}

func TestChosenRoles(t *testing.T) {
	got := chosenRoles([]string{"officer", "participant", "raja", "officer", "admin"})
	if diff := cmp.Diff([]access.Role{access.Officer, access.Admin}, got); diff != "" {
		t.Error(diff)
	}
}

func TestChained(t *testing.T) {
	whole, err := chained(12, nil)
	if err != nil || whole.Broken || !whole.Checked {
		t.Errorf("got %+v, %v", whole, err)
	}
	broken, err := chained(7, fmt.Errorf("%w at entry 7", access.ErrChain))
	if err != nil || !broken.Broken || !strings.Contains(broken.Text, "ke-7") {
		t.Errorf("got %+v, %v", broken, err)
	}
	away := errors.New("database away")
	if _, err := chained(0, away); !errors.Is(err, away) {
		t.Errorf("got %v: an unreadable trail is not a broken one", err)
	}
}

func TestLasted(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour: "0 menit", 59 * time.Minute: "59 menit", 61 * time.Minute: "1 jam 1 menit", 49*time.Hour + 5*time.Minute: "2 hari 1 jam",
	} {
		if got := lasted(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}
