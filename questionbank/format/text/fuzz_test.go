package text

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/questionbank"
)

func seeds(t testing.TB) [][]byte {
	var all [][]byte
	for _, pattern := range []string{"testdata/*.txt", corpus + "/aiken/*", corpus + "/text_soal/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, data)
		}
	}
	return all
}

// sane fails where a reader breaks its promises, whatever it was given.
func sane(t *testing.T, data []byte) {
	t.Helper()
	p, err := Format().Read(questionbank.Input{Name: "x.txt", Content: data})
	if err != nil {
		if fault.Of(err) == nil {
			t.Fatalf("an error that nobody may read: %v", err)
		}
		return
	}
	for _, item := range p.Items {
		if item.At == "" || item.Type == "" {
			t.Fatalf("an item without a place or a type: %+v", item)
		}
		c := item.Content.Normalise()
		c.JSON()
		if err := c.Validate(); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(sane)
}

// TestDamaged cuts the fixtures at 20 places and turns one byte in a hundred.
func TestDamaged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 14))
	for _, s := range seeds(t) {
		for i := range 20 {
			sane(t, s[:len(s)*i/20])
			flipped := bytes.Clone(s)
			for range max(len(flipped)/100, 1) {
				flipped[rnd.IntN(len(flipped))] = byte(rnd.IntN(256))
			}
			sane(t, flipped)
		}
	}
}

// TestLongTextsAreQuick reads what would be slow if a line were looked at more
// than a few times.
func TestLongTextsAreQuick(t *testing.T) {
	for name, file := range map[string]string{
		"letters":   strings.Repeat("A. x ", 30_000),
		"numbers":   strings.Repeat("1. ", 30_000),
		"keys":      "KUNCI JAWABAN\n" + strings.Repeat("1. A ", 30_000),
		"lines":     "1. Apa?\n" + strings.Repeat("teks\n", 12_000),
		"questions": strings.Repeat("1. Apa?\nA. x\nB. y\nKunci: A\n", 2_000),
		"fields":    "1. Apa?\n" + strings.Repeat("Nilai: 3\n", 12_000),
		"same key":  strings.Repeat("1. Apa?\nA. x\nB. y\n\n", 2_000) + "KUNCI JAWABAN\n" + strings.Repeat("1. A ", 20_000),
		"stars":     strings.Repeat("**", 30_000),
		"options":   "1. Apa?\n" + strings.Repeat("A. x\nB. y\n", 2_000),
	} {
		start := time.Now()
		sane(t, []byte(file))
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}
