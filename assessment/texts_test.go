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

	"cakap/questionbank"
)

// texts is the Indonesian file of this package; the package itself may not
// know how its refusals are worded.
func texts(t *testing.T) map[string]string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "internal", "locale", "id", "assessment.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
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
		pool:   []poolState{{Status: questionbank.Retired, Provenance: questionbank.Shipped, Expires: "2020-01-01"}},
		around: Surroundings{ClockDrift: time.Hour, BackupAge: -1},
	}
	best := inspection{
		event: Event{
			State: EventPrepared, Agencies: []int64{1}, OpensAt: day, ClosesAt: day.Add(time.Hour), Spec: Spec{Essays: true, Extra: []string{"X-1"}},
		},
		essays:   2,
		markers:  1,
		sessions: []Session{{OpensAt: day, ClosesAt: day.Add(time.Hour)}}, counts: eventCounts{Enrolled: 1}, now: day,
	}
	seen := map[string]bool{}
	lonely := best
	lonely.event.Spec.Marking, lonely.markers = MarkedByTwo, 2
	if c := lonely.types()[1]; c.Name != "markers" || c.Verdict != Warn {
		t.Errorf("two of three markers: %+v", c)
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
