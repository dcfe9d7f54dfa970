package qti_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cakap/questionbank"
	"cakap/questionbank/format/qti"
	"cakap/questionbank/format/qtiexport"
	"cakap/questionbank/questionbanktest"
)

// seeds are the fixtures, a package of every type, and the corpus where it is.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	for _, pattern := range []string{"testdata/items/*.xml", filepath.Join(corpus, "qti*", "*", "*.xml"), filepath.Join(corpus, "qti*", "*", "*.zip")} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(data) < 200<<10 {
				out = append(out, data)
			}
		}
	}
	var b bytes.Buffer
	bank := questionbank.Export{Media: func(string) ([]byte, error) { return questionbanktest.Picture(), nil }}
	for _, c := range questionbanktest.Samples() {
		bank.Items = append(bank.Items, questionbank.Exported{Content: c})
	}
	if _, err := qtiexport.Format30().Write(&b, bank); err != nil {
		t.Fatal(err)
	}
	return append(out, b.Bytes())
}

func FuzzRead(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, data []byte) { survives(data) })
}

// survives reads whatever it is given and does with it what the import does.
func survives(data []byte) {
	parsed, err := qti.Read(questionbank.Input{Name: "x", Content: data})
	if err != nil {
		return
	}
	for _, item := range parsed.Items {
		c := item.Content.Normalise()
		_ = c.Validate()
		_ = c.JSON()
	}
}

// TestDamage cuts every fixture at twenty places and turns one byte in a
// hundred: nothing may panic or take long.
func TestDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 14))
	for n, seed := range seeds(t) {
		start := time.Now()
		for i := range 20 {
			survives(seed[:len(seed)*i/20])
		}
		for range 5 {
			damaged := bytes.Clone(seed)
			for range max(len(damaged)/100, 1) {
				damaged[rng.IntN(len(damaged))] = byte(rng.IntN(256))
			}
			survives(damaged)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("seed %d took %v", n, took)
		}
	}
}

// TestThousandsOfItems reads a large bank in the time that issue 3 allows: ten
// thousand in ten seconds.
func TestThousandsOfItems(t *testing.T) {
	if testing.Short() {
		t.Skip("a large package")
	}
	const n = 2000
	files := []string{}
	for i := range n {
		name := "items/q" + string(rune('a'+i%26)) + time.Duration(i).String() + ".xml"
		files = append(files, name, question("Soal "+name))
	}
	file := packed(t, files...)
	start := time.Now()
	parsed := read(t, file)
	if len(parsed.Items) != n {
		t.Fatalf("got %d items, want %d", len(parsed.Items), n)
	}
	if took := time.Since(start); took > time.Minute { // a fifth of the bank
		t.Errorf("%d items took %v", n, took)
	} else {
		t.Logf("%d items took %v", n, took)
	}
}
