package gift

import (
	"os"
	"path/filepath"
	"testing"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// parse reads a text that must be GIFT.
func parse(t *testing.T, text string) questionbank.Parsed {
	t.Helper()
	parsed, err := read(questionbank.Input{Name: "soal.gift", Content: []byte(text)})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return parsed
}

// only reads a text of one question.
func only(t *testing.T, text string) questionbank.ParsedItem {
	t.Helper()
	parsed := parse(t, text)
	if len(parsed.Items) != 1 {
		t.Fatalf("%q: %d items, want 1", text, len(parsed.Items))
	}
	return parsed.Items[0]
}

// keys are the faults with their places, "baris 3 questionbank.gift.tail".
func keys(faults []*fault.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, f.At+" "+f.Key)
	}
	return out
}

// sample is a file of ours with questions of every type.
func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "contoh.gift"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// corpus lists strangers' files, which not every checkout has beside it.
func corpus(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no corpus beside the repository: " + err.Error())
	}
	return dir
}
