package chart_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cakap/reports"
	"cakap/reports/chart"
	"cakap/reports/reportstest"
	"cakap/scoring"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestCharts(t *testing.T) {
	scheme := reportstest.Scheme()
	score := func(mark, se scoring.Mark, verdict scoring.Verdict) scoring.AspectScore {
		return scoring.AspectScore{Items: 10, Score: mark, SE: se, Verdict: verdict, Level: scheme.Level(mark)}
	}
	ref := [4]float64{78, 70.5, 61, 79}
	for name, got := range map[string]string{
		"score":         chart.Score("a1", "Media digital dasar", score(8060, 1250, scoring.Supported), scheme),
		"score-edge":    chart.Score("a1", "Media digital dasar", score(10000, 921, scoring.Supported), scheme),
		"score-few":     chart.Score("a3", "Media digital lanjut", score(4000, 1640, scoring.FewAnswers), scheme),
		"score-none":    chart.Score("a3", "Media digital lanjut", score(0, 0, scoring.NoItems), scheme),
		"mean":          chart.Mean("m", "Total", reports.Stats{N: 12, Mean: 72.44, SE: 1.2}, scheme),
		"mean-held":     chart.Mean("m", "Total", reports.Stats{N: 4, Mean: 72.44, SE: 1.2}, scheme),
		"levels":        chart.Levels("d1", "Media digital dasar", []int{9, 17, 34, 29, 1}, scheme),
		"levels-nobody": chart.Levels("d1", "Media digital dasar", []int{0, 0, 0, 0, 0}, scheme),
		"radar":         chart.Radar("r", [4]float64{84, 73.3, 64, 88}, &ref),
		"radar-alone":   chart.Radar("r", [4]float64{0, 100, 50, 25}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			wellFormed(t, got)
			golden(t, name+".svg", strings.ReplaceAll(got, "><", ">\n<")+"\n")
		})
	}
}

// Names come from people: nothing of them may become markup.
func TestTextsAreEscaped(t *testing.T) {
	const evil = `"><script>alert(1)</script>&`
	scheme := scoring.Scheme{Bands: []scoring.Band{{Name: evil, Colour: `v1" onload="x`}, {Name: evil, Lower: 5000, Colour: "zz"}}}
	for name, got := range map[string]string{
		"score":  chart.Score(evil, evil, scoring.AspectScore{Score: 6000, SE: 500, Level: 2, Verdict: scoring.Supported}, scheme),
		"held":   chart.Score(evil, evil, scoring.AspectScore{Score: 6000, SE: 500, Verdict: scoring.FewAnswers}, scheme),
		"levels": chart.Levels(evil, evil, []int{3, 4}, scheme),
		"radar":  chart.Radar(evil, [4]float64{1, 2, 3, 4}, nil),
	} {
		wellFormed(t, got)
		for _, bad := range []string{"<script", "onload", "style=", `"">`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s contains %q:\n%s", name, bad, got)
			}
		}
	}
}

func TestHeatClass(t *testing.T) {
	scheme := reportstest.Scheme()
	for level, want := range map[int]string{0: "h0", 1: "h1", 3: "h3", 5: "h5", 6: "h0"} {
		if got := chart.HeatClass(level, scheme); got != want {
			t.Errorf("HeatClass(%d) = %q, want %q", level, got, want)
		}
	}
}

// A mean that may not be shown must not be in the page at all.
func TestWithheldMeanIsNotInTheSVG(t *testing.T) {
	if got := chart.Mean("m", "Unit", reports.Stats{N: 4, Mean: 37.7, SE: 9.1}, reportstest.Scheme()); strings.Contains(got, "37") {
		t.Errorf("the mean of four people is shown: %s", got)
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v:\n%s", err, svg)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}
