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

// queries returns every SQL literal in the program, by position. The dialects
// of internal/storage are the one place that may speak to a single engine.
func queries(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || path == filepath.Join("internal", "storage")) {
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
				if s, err := strconv.Unquote(lit.Value); err == nil && statement.MatchString(s) {
					found[fset.Position(lit.Pos()).String()] = s
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
