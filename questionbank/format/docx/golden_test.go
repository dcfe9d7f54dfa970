package docx_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/format/docx"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads every layout; what each must give stands in testdata.
func TestGolden(t *testing.T) {
	all := documents()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			p, err := docx.Format().Read(questionbank.Input{Name: name + ".docx", Content: all[name]})
			if err != nil {
				t.Fatal(err)
			}
			got, golden := dump(p), filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}
