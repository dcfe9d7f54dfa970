package cakap_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

var statement = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s`)

// literals visits every string literal in the program's code, tests left out.
func literals(t *testing.T, visit func(path, at, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					visit(path, fset.Position(lit.Pos()).String(), text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// queries returns every SQL literal in the program, by position. The dialects
// of internal/storage are the one place that may speak to a single engine.
func queries(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	literals(t, func(path, at, text string) {
		if filepath.Dir(path) != filepath.Join("internal", "storage") && statement.MatchString(text) {
			found[at] = text
		}
	})
	return found
}

// Every query must compile against the migrated schema of every engine.
func TestQueriesCompile(t *testing.T) {
	all := queries(t)
	if len(all) < 20 {
		t.Fatalf("found %d queries: the search is broken", len(all))
	}
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for at, q := range all {
			if err := db.Check(t.Context(), q); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	})
}
