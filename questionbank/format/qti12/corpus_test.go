package qti12

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
)

// corpus is where the files of others lie; they are never part of the repository.
const corpus = "../../../../shared/corpus"

func TestCorpus(t *testing.T) {
	file := filepath.Join(corpus, "blackboard", "moodle__sample_blackboard_qti.dat")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	got, err := Format().Read(questionbank.Input{Name: file, Content: data})
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]int{}
	for _, item := range got.Items {
		types[item.Type]++
		t.Log(item.At, string(item.Content.Normalise().JSON()))
		for _, f := range append(item.Rejects, item.Warnings...) {
			t.Errorf("%s: %v", item.At, f)
		}
	}
	if diff := cmp.Diff(map[string]int{"single": 1, "truefalse": 1, "multiple": 1, "match": 1, "short": 1, "essay": 1}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}
