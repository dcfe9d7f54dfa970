package format_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/questionbank/format"
	"cakap/scoring"
)

// benchQuestions is what issue 3 wants imported in ten seconds.
const benchQuestions = 10_000

// words is invented words that come as often as words do (Zipf).
type words struct {
	all  []string
	zipf *rand.Zipf
}

func newWords(seed uint64) words {
	syllables := strings.Fields("ba ca da fi gu ha jo ka li mu na pe ra si ta wu ya zo ngan tar mer kan pen ber")
	r := rand.New(rand.NewPCG(seed, 3))
	w := words{all: make([]string, 20_000)}
	for i := range w.all {
		for range 2 + r.IntN(3) {
			w.all[i] += syllables[r.IntN(len(syllables))]
		}
	}
	w.zipf = rand.NewZipf(r, 1.1, 8, uint64(len(w.all)-1))
	return w
}

func (w words) text(n int) string {
	some := make([]string, n)
	for i := range some {
		some[i] = w.all[w.zipf.Uint64()]
	}
	return strings.Join(some, " ")
}

// contents is n questions with four options, reasons and a rationale.
func contents(n int, seed uint64) []questionbank.Content {
	w := newWords(seed)
	indicators := questionbank.StandardFramework().Indicators
	all := make([]questionbank.Content, n)
	for i := range all {
		options := make([]questionbank.Option, 4)
		for j := range options {
			options[j] = questionbank.Option{Text: fmt.Sprintf("%s %d", w.text(6), j), Reason: w.text(10)}
		}
		all[i] = questionbank.Content{
			Type: questionbank.Single, Indicator: indicators[i%len(indicators)].Code, Level: questionbank.L2, Rationale: w.text(20),
			Stem:         fmt.Sprintf("%s nomor%d?", w.text(25), i),
			Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, options, []int{i % 4})},
		}.Normalise()
	}
	return all
}

// written is questions as a format of ours writes them.
func written(tb testing.TB, name string, all []questionbank.Content) []byte {
	tb.Helper()
	for _, f := range format.All() {
		if f.Name == name && f.Write != nil {
			var b bytes.Buffer
			bank := questionbank.Export{}
			for _, c := range all {
				bank.Items = append(bank.Items, questionbank.Exported{Content: c})
			}
			if _, err := f.Write(&b, bank); err != nil {
				tb.Fatal(err)
			}
			return b.Bytes()
		}
	}
	tb.Fatalf("nothing writes %s", name)
	return nil
}

// typed is questions as people type them in Word: "1. …", "A. …", "Kunci: B".
func typed(tb testing.TB, all []questionbank.Content) []byte {
	tb.Helper()
	var b strings.Builder
	line := func(text string) {
		b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`)
	}
	for i, c := range all {
		line(fmt.Sprintf("%d. %s", i+1, c.Stem))
		for j, o := range c.Choice().Options {
			line(fmt.Sprintf("%c. %s", 'A'+j, o.Text))
		}
		line("Kunci: " + c.Choice().Correct[0])
		line("Pembahasan: " + c.Rationale)
	}
	return wordFile(tb, `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+b.String()+`</w:body></w:document>`)
}

// parts is how many files 10,000 questions come in, where one would be larger
// than its format may be: a Word file of 50,000 paragraphs, XML of 16 MiB, a
// package of 5,000 files.
var parts = map[string]int{"docx": 2, "moodlexml": 2, "qti21": 5, "qti30": 5}

// uploads is the files that bring 10,000 questions into a bank.
func uploads(tb testing.TB, name string, seed uint64) [][]byte {
	tb.Helper()
	var files [][]byte
	for some := range slices.Chunk(contents(benchQuestions, seed), benchQuestions/max(parts[name], 1)) {
		if name == "docx" {
			files = append(files, typed(tb, some))
		} else {
			files = append(files, written(tb, name, some))
		}
	}
	return files
}

// onEngines runs a benchmark on a seeded bank of each engine that is there.
func onEngines(b *testing.B, run func(b *testing.B, s *questionbank.Service)) {
	b.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := filepath.Join(b.TempDir(), "cakap.db")
			if engine == "postgres" {
				if os.Getenv("CAKAP_TEST_POSTGRES") == "" {
					b.Skip("CAKAP_TEST_POSTGRES is not set: no PostgreSQL server to measure on")
				}
				url = schema(b, os.Getenv("CAKAP_TEST_POSTGRES"))
			}
			db := opened(b, url)
			if err := db.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			s := seeded(b, db)
			s.Now = time.Now
			run(b, s)
		})
	}
}

func opened(b *testing.B, url string) *storage.DB {
	b.Helper()
	db, err := storage.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// schema makes a schema that is dropped afterwards.
func schema(b *testing.B, server string) string {
	b.Helper()
	admin := opened(b, server)
	name := fmt.Sprintf("f_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := admin.Exec(b.Context(), "CREATE SCHEMA "+name); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+name+" CASCADE"); err != nil {
			b.Error(err)
		}
	})
	mark := "?"
	if strings.Contains(server, "?") {
		mark = "&"
	}
	return server + mark + "search_path=" + name
}

// BenchmarkImport brings 10,000 questions from a file into the bank.
func BenchmarkImport(b *testing.B) {
	for _, name := range []string{"xlsx", "gift", "moodlexml", "docx", "qti21", "qti30"} {
		b.Run(name, func(b *testing.B) {
			onEngines(b, func(b *testing.B, s *questionbank.Service) {
				for seed := uint64(1); b.Loop(); seed++ {
					b.StopTimer()
					files := uploads(b, name, seed)
					b.StartTimer()
					before := time.Now()
					imported(b, s, name, files)
					b.ReportMetric(float64(time.Since(before).Milliseconds()), "ms/10000")
				}
			})
		})
	}
}

func imported(b *testing.B, s *questionbank.Service, name string, files [][]byte) {
	b.Helper()
	n := 0
	for _, file := range files {
		report, err := s.Import(b.Context(), questionbank.ImportRequest{File: "uji-" + name, Content: file, Aspect: scoring.BasicMedia, Actor: 1})
		if err != nil {
			b.Fatal(err)
		}
		if c := report.Counts(); c.Rejected > 0 {
			b.Fatalf("%+v", c)
		}
		n += len(report.Items)
	}
	if n != benchQuestions {
		b.Fatalf("%d questions, want %d", n, benchQuestions)
	}
}

// BenchmarkRead is the part of BenchmarkImport that formats are to blame for.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"xlsx", "gift", "moodlexml", "docx", "qti21", "qti30"} {
		b.Run(name, func(b *testing.B) {
			files := uploads(b, name, 1)
			for b.Loop() {
				for _, file := range files {
					if _, err := format.Read(questionbank.Input{Name: "uji-" + name, Content: file}); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
