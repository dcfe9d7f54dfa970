package questionbank_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/scoring"
)

// The sizes of the benchmarks: what issue 3 asks for.
const (
	benchItems  = 100_000
	benchImport = 10_000
)

var syllables = []string{"ba", "ca", "da", "fi", "gu", "ha", "jo", "ka", "li", "mu", "na", "pe", "ra", "si", "ta", "wu", "ya", "zo", "ngan", "tar", "mer", "kan", "pen", "ber"}

// vocabulary is invented words, as many as a bank of this size has.
func vocabulary(r *rand.Rand, n int) []string {
	all := make([]string, n)
	for i := range all {
		for range 2 + r.IntN(3) {
			all[i] += syllables[r.IntN(len(syllables))]
		}
	}
	return all
}

// generated is n questions whose words come as often as words do (Zipf).
func generated(seed uint64, n int) questionbank.Parsed {
	r := rand.New(rand.NewPCG(seed, 3))
	words := vocabulary(rand.New(rand.NewPCG(7, 7)), 20_000)
	zipf := rand.NewZipf(r, 1.1, 8, uint64(len(words)-1))
	text := func(n int) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[zipf.Uint64()])
		}
		return b.String()
	}
	parsed := questionbank.Parsed{Format: "tes"}
	indicators := questionbank.StandardFramework().Indicators
	for i := range n {
		options := make([]questionbank.Option, 4)
		for j := range options {
			options[j] = questionbank.Option{Text: fmt.Sprintf("%s %d", text(6), j), Reason: text(10)}
		}
		c := questionbank.Content{
			Type: questionbank.Single, Indicator: indicators[r.IntN(len(indicators))].Code, Level: questionbank.Levels[r.IntN(3)],
			Stem: text(25) + fmt.Sprintf(" nomor%d?", i), Rationale: text(20), Tags: []string{words[r.IntN(50)]},
			Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, options, []int{r.IntN(4)})},
		}
		parsed.Items = append(parsed.Items, questionbank.ParsedItem{
			At: fmt.Sprintf("baris %d", i+1), Type: "single", Content: c, Raw: []byte("::" + c.Stem + "::{" + text(40) + "}"),
		})
	}
	return parsed
}

func benchEngines(b *testing.B, run func(b *testing.B, s *questionbank.Service)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := filepath.Join(b.TempDir(), "cakap.db")
			if engine == "postgres" {
				server := os.Getenv("CAKAP_TEST_POSTGRES")
				if server == "" {
					b.Skip("CAKAP_TEST_POSTGRES is not set: no PostgreSQL server to measure on")
				}
				url = benchSchema(b, server)
			}
			db, err := storage.Open(b.Context(), url)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() {
				if err := db.Close(); err != nil {
					b.Error(err)
				}
			})
			if err := db.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			if err := questionbank.Seed(b.Context(), db, start); err != nil {
				b.Fatal(err)
			}
			run(b, &questionbank.Service{DB: db, Now: time.Now})
		})
	}
}

// benchSchema makes a schema that is dropped afterwards.
func benchSchema(b *testing.B, server string) string {
	b.Helper()
	admin, err := storage.Open(b.Context(), server)
	if err != nil {
		b.Fatal(err)
	}
	name := fmt.Sprintf("b_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := admin.Exec(b.Context(), "CREATE SCHEMA "+name); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+name+" CASCADE"); err != nil {
			b.Error(err)
		}
		if err := admin.Close(); err != nil {
			b.Error(err)
		}
	})
	return server + "&search_path=" + name
}

func benchImportOf(b *testing.B, s *questionbank.Service, parsed questionbank.Parsed, dry bool) questionbank.Report {
	b.Helper()
	r, err := s.Import(b.Context(), questionbank.ImportRequest{File: "uji", Parsed: &parsed, Actor: author, DryRun: dry})
	if err != nil {
		b.Fatal(err)
	}
	if c := r.Counts(); c.Rejected > 0 {
		b.Fatalf("%+v", c)
	}
	return r
}

// BenchmarkImport saves 10,000 questions, and looks at them once without saving.
func BenchmarkImport(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *questionbank.Service) {
		seed := uint64(0)
		for b.Loop() {
			seed++
			parsed := generated(seed, benchImport)
			before := time.Now()
			benchImportOf(b, s, parsed, true)
			checked := time.Now()
			benchImportOf(b, s, parsed, false)
			b.ReportMetric(checked.Sub(before).Seconds(), "s/check")
			b.ReportMetric(time.Since(checked).Seconds(), "s/import")
		}
	})
}

// BenchmarkList measures every kind of look at a bank of 100,000 items.
func BenchmarkList(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *questionbank.Service) {
		for i := range uint64(benchItems / benchImport) {
			benchImportOf(b, s, generated(100+i, benchImport), false)
		}
		if s.DB.Engine() == "postgres" { // as it does by itself; SQLite is measured without its figures
			if _, err := s.DB.Exec(b.Context(), `ANALYZE`); err != nil {
				b.Fatal(err)
			}
		}
		words := vocabulary(rand.New(rand.NewPCG(7, 7)), 20_000)
		for _, tt := range []struct {
			name   string
			filter questionbank.Filter
		}{
			{"everything", questionbank.Filter{}},
			{"page_1000", questionbank.Filter{Page: 1000}},
			{"newest", questionbank.Filter{Sort: questionbank.ByNewest}},
			{"expires", questionbank.Filter{Sort: questionbank.ByExpires}},
			{"aspect_draft", questionbank.Filter{Aspect: scoring.BasicMedia, Status: questionbank.Draft}},
			{"indicator_level_type", questionbank.Filter{Indicator: "A2.3", Level: questionbank.L2, Type: questionbank.Single}},
			{"tag", questionbank.Filter{Tag: words[3]}},
			{"unused", questionbank.Filter{Used: questionbank.Unused}},
			{"flagged", questionbank.Filter{Flagged: true}},
			{"queue", questionbank.Filter{Status: questionbank.InReview, NotAuthor: reviewer, Sort: questionbank.ByOldest}},
			{"rare_word", questionbank.Filter{Text: words[15_000]}},
			{"middling_words", questionbank.Filter{Text: words[300] + " " + words[400]}},
			{"common_word", questionbank.Filter{Text: words[0]}},
			{"common_words", questionbank.Filter{Text: words[0] + " " + words[1] + " " + words[2]}},
			{"common_words_retired", questionbank.Filter{Text: words[0] + " " + words[1], Status: questionbank.Retired}},
			{"beginning", questionbank.Filter{Text: "mer"}},
			{"code", questionbank.Filter{Text: "A3-21"}},
			{"nothing", questionbank.Filter{Text: "tidakada"}},
		} {
			b.Run(tt.name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					p, err := s.List(b.Context(), tt.filter)
					if err != nil {
						b.Fatal(err)
					}
					n = p.Total
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
				b.ReportMetric(float64(n), "found")
			})
		}
		benchOthers(b, s)
	})
}

func benchOthers(b *testing.B, s *questionbank.Service) {
	for name, do := range map[string]func(b *testing.B) error{
		"similar": func(b *testing.B) error {
			_, err := s.Similar(b.Context(), "", generated(101, 1).Items[0].Content.Stem)
			return err
		},
		"coverage": func(b *testing.B) error {
			_, err := questionbank.LiveCoverage(b.Context(), s.DB)
			return err
		},
		"unreviewed": func(b *testing.B) error {
			_, err := questionbank.ShippedUnreviewed(b.Context(), s.DB)
			return err
		},
		"reminders": func(b *testing.B) error {
			_, err := s.Reminders(b.Context(), time.Now())
			return err
		},
		"create": func(b *testing.B) error {
			_, err := s.Create(b.Context(), author, generated(uint64(time.Now().UnixNano()), 1).Items[0].Content)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(b); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
		})
	}
}
