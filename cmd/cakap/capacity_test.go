package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/storage/storagetest"
)

// The measurement leaves one row and nothing else, and makes way for people.
func TestMeasureByCommand(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		c := newCLI(t, url)
		c.run("", exitUsage, "doctor", "--json")
		c.run("", exitOK, "migrate")
		out, _ := c.run("", exitOK, "doctor", "--measure", "--json")
		var found struct {
			Node   string
			Saves  int `json:"saves_per_s"`
			Starts int `json:"starts_per_s"`
			Logins int `json:"logins_per_s"`
		}
		if err := json.Unmarshal([]byte(out), &found); err != nil || found.Node == "" || found.Saves < 1 || found.Starts < 1 || found.Logins < 1 {
			t.Errorf("measured %v: %s", err, out)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(url), "cakap-scratch-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if out, _ := c.run("", exitOK, "verify", "--json"); !strings.Contains(out, `"forms":0`) {
			t.Errorf("the real database was filled: %s", out)
		}
		now := time.Now().In(time.FixedZone("WIB", 7*3600))
		c.run("", exitOK, "roster", "import", rosterFile(t, c), "--agency", "6402")
		c.run("", exitOK, "event", "create", "--code", "UJI-1", "--name", "Uji", "--owner", "6402", "--opens", now.Add(-time.Hour).Format(timeForm), "--closes", now.Add(time.Hour).Format(timeForm),
			"--attempts", "2", "--attempt-rule", "best", "--cooldown", "1", "--delivery", "aspect", "--phones=false")
		c.run("", exitOK, "event", "enrol", "--event", "UJI-1", "--spread", "name")
		if out, _ := c.run("", exitOK, "event", "prepare", "--event", "UJI-1"); !strings.Contains(out, "12 forms") {
			t.Errorf("prepare prints %q", out)
		}
		if out, _ := c.run("", exitOK, "event", "preflight", "--event", "UJI-1"); !strings.Contains(out, "pass  load") {
			t.Errorf("the forecast does not know the measurement:\n%s", out)
		}
	})
}
