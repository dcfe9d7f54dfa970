package qti_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cakap/questionbank/format/conformance"
	"cakap/questionbank/format/qti"
)

const corpus = "../../../../shared/corpus"

// TestCorpus reads every QTI file of the corpus and compares the number of
// questions, their types, and whether what must be said is said.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(filepath.Join(corpus, "EXPECTED.csv")); err != nil {
		t.Skip("the corpus is not there: ", corpus)
	}
	rows, err := conformance.Run(corpus, qti.Read)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, row := range rows {
		folder, _, _ := strings.Cut(row.File, "/")
		if folder != "qti21" && folder != "qti22" && folder != "qti30" && folder != "qti2_scoring" {
			continue
		}
		read++
		if !row.Equal {
			t.Errorf("%s: %s: got %s, want %d: %s", row.File, row.Why, row.GotTypes, row.Want, row.WantTypes)
		}
	}
	if read < 100 {
		t.Errorf("read only %d files", read)
	}
	t.Logf("%d files", read)
}
