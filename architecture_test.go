package cakap_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers is the whole architecture: each folder, and what of ours it and the
// packages below it may import besides themselves. A new edge is an edit here,
// and so a decision that is reviewed.
var layers = map[string][]string{
	"scoring":           {},
	"internal/fault":    {},
	"internal/testtool": {},
	"internal/locale":   {"internal/fault"},
	"internal/storage":  {},
	"internal/sheet":    {"internal/fault"},
	"internal/access":   {"internal/fault", "internal/storage"},
	"internal/people":   {"internal/access", "internal/fault", "internal/sheet", "internal/storage"},
	"questionbank":      {"scoring", "internal/access", "internal/fault", "internal/sheet", "internal/storage"},
	"assessment":        {"scoring", "questionbank", "internal/access", "internal/people", "internal/fault", "internal/storage"},
	"reports/papers":    {"internal/locale"},
	"reports":           {"scoring", "assessment", "questionbank", "internal/people", "internal/fault", "internal/locale", "internal/storage"},
	"internal/seed":     {"assessment", "questionbank", "internal/access", "internal/people", "internal/storage"},
	"internal/demo":     {"scoring", "assessment", "questionbank", "internal/access", "internal/people", "internal/seed", "internal/storage"},
	"internal/web":      {"scoring", "assessment", "questionbank", "reports", "reports/papers", "internal/access", "internal/people", "internal/fault", "internal/locale", "internal/sheet", "internal/storage"},
	"cmd/cakap":         {"scoring", "assessment", "questionbank", "reports", "internal/access", "internal/people", "internal/fault", "internal/locale", "internal/sheet", "internal/storage", "internal/demo", "internal/seed", "internal/web"},
	"bench":             {"scoring", "assessment", "questionbank", "reports", "internal/access", "internal/people", "internal/fault", "internal/locale", "internal/storage", "internal/demo", "internal/seed", "internal/web"},
	"e2e":               {},
}

// keepers says which of our folders may import a module; everyone else gets at
// it through them. A path ending in "/" names packages below it too.
var keepers = []struct {
	module string
	by     []string
	why    string
}{
	{"github.com/jmoiron/sqlx", []string{"internal/storage"}, "one place rebinds and translates errors"},
	{"github.com/mattn/go-sqlite3", []string{"internal/storage"}, "nobody else may know the engine"},
	{"github.com/jackc/pgx", []string{"internal/storage"}, "nobody else may know the engine"},
	{"github.com/pressly/goose", []string{"internal/storage"}, "migrations are storage's own affair"},
	{"database/sql", []string{"internal/storage", "internal/storage/"}, "callers speak storage.Querier"},
	{"github.com/gin-gonic/gin", []string{"internal/web", "internal/web/"}, "HTTP stops at web; bench has the bare ceiling handler in web/ceiling"},
	{"net/http", []string{"internal/web", "internal/web/", "cmd/cakap", "bench/", "e2e", "e2e/"}, "domain packages know no HTTP"},
	{"html/template", []string{"internal/web", "internal/web/"}, "HTML stops at web"},
	{"github.com/xuri/excelize", []string{"reports", "reports/", "internal/sheet", "questionbank/format/xlsx"}, "workbooks are read in one place and written in two"},
	{"codeberg.org/go-pdf/fpdf", []string{"reports/papers"}, "one place writes PDF"},
	{"github.com/boombuler/barcode", []string{"reports/papers"}, "one place writes QR codes"},
	{"github.com/go-fonts/liberation", []string{"reports/papers"}, "one place sets text"},
	{"log", []string{}, "log/slog is used everywhere"},
}

type goPackage struct {
	ImportPath, Doc  string
	GoFiles, Imports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Doc,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var pkg goPackage
		if err := dec.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		pkg.ImportPath = strings.TrimPrefix(pkg.ImportPath, "cakap/")
		if len(pkg.GoFiles) > 0 {
			all = append(all, pkg)
		}
	}
	return all
}

// layer is the longest entry of the table that covers name.
func layer(name string) (found string, ok bool) {
	for folder := range layers {
		if (name == folder || strings.HasPrefix(name, folder+"/")) && len(folder) > len(found) {
			found, ok = folder, true
		}
	}
	return found, ok
}

func TestLayers(t *testing.T) {
	for _, pkg := range packages(t) {
		own, ok := layer(pkg.ImportPath)
		if !ok {
			t.Errorf("%s is not in the layer table", pkg.ImportPath)
			continue
		}
		for _, imp := range pkg.Imports {
			ours, ok := strings.CutPrefix(imp, "cakap/")
			if !ok {
				continue
			}
			theirs, _ := layer(ours)
			if theirs != own && !slices.Contains(layers[own], theirs) {
				t.Errorf("%s must not import %s", pkg.ImportPath, ours)
			}
		}
	}
}

func TestKeepers(t *testing.T) {
	for _, pkg := range packages(t) {
		for _, imp := range pkg.Imports {
			for _, k := range keepers {
				exact := imp == k.module
				below := strings.Contains(k.module, ".") && strings.HasPrefix(imp, k.module+"/")
				if (exact || below) && !kept(pkg.ImportPath, k.by) {
					t.Errorf("%s must not import %s: %s", pkg.ImportPath, imp, k.why)
				}
			}
			if pkg.ImportPath == "scoring" || strings.HasPrefix(pkg.ImportPath, "scoring/") {
				if strings.Contains(imp, ".") && !strings.HasPrefix(imp, "gonum.org/") {
					t.Errorf("%s must not import %s: scoring knows the standard library and gonum", pkg.ImportPath, imp)
				}
			}
		}
	}
}

func kept(name string, by []string) bool {
	for _, b := range by {
		if name == b || strings.HasSuffix(b, "/") && strings.HasPrefix(name, b) {
			return true
		}
	}
	return false
}

func TestEveryPackageSaysWhatItHolds(t *testing.T) {
	for _, pkg := range packages(t) {
		if !strings.HasPrefix(pkg.Doc, "Package ") && !strings.HasPrefix(pkg.Doc, "Command ") {
			t.Errorf("%s has no package comment", pkg.ImportPath)
		}
	}
}
