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

	"cakap/internal/locale"
)

// messageKey is what the keys of refusals look like: their domain, then words.
var messageKey = regexp.MustCompile(`^(access|assessment|error|people|questionbank|reports|sheet|web)(\.[a-z0-9_]+)+$`)

// Every message key in the program must have its Indonesian text: a key on the
// screen of a civil servant is a defect that only this test sees in time.
func TestEveryMessageHasItsText(t *testing.T) {
	found := 0
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
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			key, err := strconv.Unquote(lit.Value)
			if err != nil || !messageKey.MatchString(key) {
				return true
			}
			found++
			if !locale.Has(key) {
				t.Errorf("%s: %q has no text in internal/locale/id", fset.Position(lit.Pos()), key)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 100 {
		t.Fatalf("found %d keys: the search is broken", found)
	}
}
