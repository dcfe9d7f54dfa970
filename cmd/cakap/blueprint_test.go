package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// A blueprint comes from a file, and an event adds to it what the command says.
func TestBlueprintAndEventByCommand(t *testing.T) {
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	c.run("", exitOK, "migrate")
	good := c.file("kisi.json", `{"cells":[{"aspect":1,"count":4},{"aspect":4,"level":"L1","count":2}],"minutes":30}`)
	if out, _ := c.run("", exitOK, "blueprint", "create", good, "--code", "pendek", "--name", "Pendek"); out != "Blueprint PENDEK saved: 6 items, 30 minutes.\n" {
		t.Errorf("it prints %q", out)
	}
	if _, errs := c.run("", exitFailed, "blueprint", "create", good, "--code", "pendek", "--name", "Pendek"); !strings.Contains(errs, "Kode PENDEK sudah dipakai") {
		t.Errorf("twice: %q", errs)
	}
	for body, want := range map[string]string{
		`{"cells":[{"aspect":1,"count":4}],"minutes":30,"max_per_indicatr":2}`: "max_per_indicatr",
		`{"cells":[{"aspect":1,"count":0}],"minutes":30}`:                      "Sel kisi-kisi",
		`[]`: "cannot unmarshal",
		``:   "EOF",
	} {
		if _, errs := c.run("", exitFailed, "blueprint", "create", c.file("buruk.json", body), "--code", "LAIN", "--name", "Lain"); !strings.Contains(errs, want) {
			t.Errorf("%s: %q, want %q in it", body, errs, want)
		}
	}
	create := func(want int, more ...string) (stdout, stderr string) {
		t.Helper()
		return c.run("", want, append([]string{
			"event", "create", "--name", "Uji", "--owner", "6402", "--blueprint", "PENDEK", "--opens", "2026-11-23T08:00", "--closes", "2026-11-23T12:00",
		}, more...)...)
	}
	if _, errs := create(exitFailed, "--code", "UJI-1", "--extra", "ANGKET-1, ANGKET-2"); !strings.Contains(errs, "Soal tambahan ANGKET-1 tidak ada") {
		t.Errorf("extras that are not there: %q", errs)
	}
	if _, errs := create(exitFailed, "--code", "UJI-1", "--marking", "three"); !strings.Contains(errs, "satu atau dua penilai") {
		t.Errorf("three markers: %q", errs)
	}
	create(exitOK, "--code", "UJI-1", "--essays", "--marking", "two")
}
