package qti_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/scoring"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads the items of testdata and compares what came of them with
// the text beside each.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/items/*.xml")
	if err != nil || len(files) < 30 {
		t.Fatalf("got %d fixtures, %v", len(files), err)
	}
	for _, file := range files {
		parsed := read(t, mustRead(t, file))
		if len(parsed.Items) != 1 {
			t.Fatalf("%s: got %d items, want 1", file, len(parsed.Items))
		}
		got := describe(parsed.Items[0])
		golden := strings.TrimSuffix(file, ".xml") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(mustRead(t, golden)), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// describe writes an item for people: what it asks, what is right, and what was
// said about it.
func describe(item questionbank.ParsedItem) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	c := item.Content.Normalise()
	line("%s, %s, %q, lang %q, worth %d", item.At, item.Type, c.Title, c.Lang, c.Worth)
	for _, text := range [][2]string{{"stimulus", c.Stimulus}, {"stem", c.Stem}, {"rationale", c.Rationale}} {
		if text[1] != "" {
			line("%s: %s", text[0], strings.ReplaceAll(text[1], "\n", "⏎"))
		}
	}
	if f := c.Feedback; f != nil {
		line("feedback: right %q, partly %q, wrong %q", f.Correct, f.Partial, f.Wrong)
	}
	for _, r := range c.Rubric {
		line("rubric: %s (%d): %s", r.Name, r.Points, r.Guide)
	}
	for i, in := range c.Interactions {
		line("%d %s, %s, many %v, shuffle %v, correct %q, share %d, id %q, image %q", i+1, in.Kind, in.Rule, in.Many, in.Shuffle, in.Correct, in.Share, in.ID, in.Image)
		for _, o := range in.Options {
			line("  %s [%s] %q %d%s", o.ID, o.Ref, o.Text, o.Points/(scoring.Point/1000), extra(o))
		}
		for _, o := range in.Targets {
			line("  → %s [%s] %q%s", o.ID, o.Ref, o.Text, extra(o))
		}
		for _, a := range in.Texts {
			line("  text %q wild %v case %v %d", a.Text, a.Wild, a.Case, a.Points/(scoring.Point/1000))
		}
		for _, n := range in.Numbers {
			line("  number %s±%s [%s, %s] open %v %v %d", n.Value, n.Tolerance, n.Low, n.High, n.OpenLow, n.OpenHigh, n.Points/(scoring.Point/1000))
		}
	}
	for i, m := range c.Media {
		line("media %s, alt %q, %d bytes", m.Name, m.Alt, len(item.Files[i].Data))
	}
	line("ext %s", c.Ext["qti"])
	for _, f := range item.Rejects {
		line("REJECT %s", message(f))
	}
	for _, f := range item.Warnings {
		line("WARN %s", message(f))
	}
	c.Indicator, c.Level = "A1.1", questionbank.L2
	if f := fault.Of(c.Validate()); f != nil {
		for _, each := range f.Faults {
			line("INVALID %s", message(each))
		}
	}
	return b.String()
}

func extra(o questionbank.Option) string {
	s := ""
	if o.Fixed {
		s += " fixed"
	}
	if o.Shape != nil {
		s += fmt.Sprintf(" %s %v", o.Shape.Form, o.Shape.Coords)
	}
	if o.Reason != "" {
		s += fmt.Sprintf(" because %q", o.Reason)
	}
	return s
}

func message(f *fault.Fault) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %v", f.At, f.Field, f.Key, f.Args))
}
