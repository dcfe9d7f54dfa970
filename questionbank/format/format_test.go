package format_test

import (
	"os"
	"testing"

	"cakap/questionbank/format"
	"cakap/questionbank/format/conformance"
)

const corpus = "../../../shared/corpus"

// The corpus is other people's work and stays outside; the table itself is
// printed by `make conformance`.
func TestConformance(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	rows, err := conformance.Run(corpus, format.Read)
	if err != nil {
		t.Fatal(err)
	}
	equal := 0
	for _, r := range rows {
		if r.Equal {
			equal++
			continue
		}
		t.Logf("%s: %s; want %d (%s), got %d (%s)", r.File, r.Why, r.Want, r.WantTypes, r.Got, r.GotTypes)
	}
	if len(rows) < 200 || equal*100 < 97*len(rows) {
		t.Errorf("%d of %d rows equal, want 97 %%", equal, len(rows))
	}
}
