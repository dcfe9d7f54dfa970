package assessment

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cakap/assessment/load"
	"cakap/questionbank"
)

// texts is the Indonesian texts of this package, whichever file holds them; the
// package itself may not know how its refusals are worded.
func texts(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "internal", "locale", "id", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	all := map[string]string{}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]string
		if err := json.Unmarshal(body, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, text := range file {
			if strings.HasPrefix(key, "assessment.") {
				all[key] = text
			}
		}
	}
	return all
}

func TestEveryRefusalHasAText(t *testing.T) {
	all := texts(t)
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(assessment\.[a-z_]+)"`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(body), -1) {
			used[m[1]] = true
			if all[m[1]] == "" {
				t.Errorf("%s: %q has no text", name, m[1])
			}
		}
	}
	if len(used) < 50 {
		t.Errorf("found %d keys: the search is broken", len(used))
	}
	for k := range all {
		if !used[k] && !strings.HasPrefix(k, "assessment.check.") {
			t.Errorf("text %q is used by nothing", k)
		}
	}
}

// Each check has a text for both verdicts, with a place for each argument.
func TestEveryCheckHasItsTexts(t *testing.T) {
	all := texts(t)
	worst := inspection{
		event: Event{ClosesAt: day, Spec: Spec{Phones: true}}, now: day, shortages: []Shortage{{}}, counts: eventCounts{NoCode: 1}, essays: 2, lacking: []string{"X-1"},
		pool:     []poolState{{Status: questionbank.Retired, Provenance: questionbank.Shipped, Expires: "2020-01-01"}},
		around:   Surroundings{ClockDrift: time.Hour, BackupAge: -1},
		sessions: []Session{{Name: "Sesi 1", Place: "Ruang 1", Admit: true}}, overfull: []overfullRow{{Name: "Sesi 1"}},
		clashes: 1, doubled: []Clash{{Name: "Budi"}}, shutOut: 1, gaps: []string{"A1-1"}, forecast: load.Forecast{Peak: 1.2},
	}
	best := inspection{
		event: Event{
			State: EventPrepared, Agencies: []int64{1}, OpensAt: day, ClosesAt: day.Add(time.Hour), Spec: Spec{Essays: true, Extra: []string{"X-1"}},
		},
		essays:   2,
		markers:  1,
		sessions: []Session{{OpensAt: day, ClosesAt: day.Add(time.Hour)}}, counts: eventCounts{Enrolled: 1}, now: day,
		forecast: load.Forecast{Peak: 0.3},
	}
	seen := map[string]bool{}
	lonely := best
	lonely.event.Spec.Marking, lonely.markers = MarkedByTwo, 2
	if c := lonely.types()[1]; c.Name != "markers" || c.Verdict != Warn {
		t.Errorf("two of three markers: %+v", c)
	}
	for _, f := range []inspection{{}, {forecast: load.Forecast{Peak: 0.8}}, {forecast: load.Forecast{Peak: 0.3}, stale: true}} {
		c := f.load()
		seen[c.Key] = true
		if text := fmt.Sprintf(all[c.Key], c.Args...); c.Verdict != Warn || all[c.Key] == "" || strings.Contains(text, "%!") {
			t.Errorf("%+v: %q", c, text)
		}
	}
	seen["assessment.check.markers.bad"] = true // an event without essays asks for no markers, so worst has none
	for name, in := range map[string]inspection{"bad": worst, "pass": best} {
		for _, c := range in.checks() {
			if (c.Verdict == Pass) != (name == "pass") {
				t.Errorf("%s: %s is %s", name, c.Name, c.Verdict)
			}
			seen[c.Key] = true
			if text := fmt.Sprintf(all[c.Key], c.Args...); all[c.Key] == "" || strings.Contains(text, "%!") && len(c.Args) > 0 {
				t.Errorf("%s: %q", c.Key, text)
			}
		}
	}
	for k := range all {
		if strings.HasPrefix(k, "assessment.check.") && !seen[k] {
			t.Errorf("text %q is used by nothing", k)
		}
	}
}
