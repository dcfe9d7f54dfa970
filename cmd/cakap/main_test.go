package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/demo"
	"cakap/internal/storage/storagetest"
)

// cli runs commands on one database, as a shell would.
type cli struct {
	t    *testing.T
	args []string // of every command
	dir  string
}

func newCLI(t *testing.T, url string) cli {
	t.Helper()
	dir := t.TempDir()
	return cli{t, []string{"--database", url, "--key-file", filepath.Join(dir, "key")}, dir}
}

func (c cli) run(stdin string, want int, args ...string) (stdout, stderr string) {
	c.t.Helper()
	var out, errs bytes.Buffer
	words := append(append([]string{}, args...), c.args...)
	if got := run(c.t.Context(), stdio{strings.NewReader(stdin), &out, &errs}, words); got != want {
		c.t.Fatalf("cakap %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func (c cli) file(name, body string) string {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

func TestHelpStandsEverywhere(t *testing.T) {
	for _, c := range commands() {
		if c.name == "version" {
			continue
		}
		var out, errs bytes.Buffer
		args := append(strings.Fields(c.name), "--help")
		if got := run(t.Context(), stdio{strings.NewReader(""), &out, &errs}, args); got != exitOK {
			t.Errorf("%s --help: exit status %d", c.name, got)
		}
		if !strings.Contains(out.String(), "Usage: cakap "+c.name) || errs.Len() > 0 {
			t.Errorf("%s --help prints %q and on the error stream %q", c.name, out.String(), errs.String())
		}
	}
}

func TestCalledWrongly(t *testing.T) {
	for _, args := range [][]string{
		{}, {"nonsense"}, {"event"}, {"event", "nonsense"}, {"serve", "--nonsense"}, {"serve", "extra"}, {"roster", "import"},
		{"backup"}, {"report", "agency"}, {"event", "open"}, {"bank", "export"}, {"bank", "import", "x", "--aspect", "A9"}, {"user", "add", "x", "--role", "king"},
	} {
		var out, errs bytes.Buffer
		if got := run(t.Context(), stdio{strings.NewReader(""), &out, &errs}, args); got != exitUsage {
			t.Errorf("cakap %s: exit status %d, want %d", strings.Join(args, " "), got, exitUsage)
		}
		if errs.Len() == 0 {
			t.Errorf("cakap %s says nothing", strings.Join(args, " "))
		}
	}
}

// Passwords must not be asked for over plain HTTP beyond this machine, and no
// forwarded header is believed by accident.
func TestServeRefusesToBeCareless(t *testing.T) {
	for _, tt := range []struct {
		name             string
		l                listening
		secure, insecure bool
		refused          bool
	}{
		{name: "loopback", l: listening{listen: "127.0.0.1:0"}},
		{name: "localhost", l: listening{listen: "localhost:0"}},
		{name: "IPv6 loopback", l: listening{listen: "[::1]:0"}},
		{name: "everywhere", l: listening{listen: ":8080"}, refused: true},
		{name: "a LAN address", l: listening{listen: "192.168.1.2:8080"}, refused: true},
		{name: "asked for by name", l: listening{listen: ":8080", insecureLAN: true}, insecure: true},
		{name: "TLS", l: listening{listen: ":8443", cert: "c", key: "k"}, secure: true},
		{name: "half of TLS", l: listening{listen: ":8443", cert: "c"}, refused: true},
		{name: "behind a proxy", l: listening{listen: ":8080", proxies: "10.0.0.0/8", publicURL: "https://cakap.example.go.id"}, secure: true},
		{name: "behind a proxy without its address", l: listening{listen: ":8080", proxies: "10.0.0.0/8"}, refused: true},
		{name: "behind a proxy with half an address", l: listening{listen: ":8080", proxies: "10.0.0.0/8", publicURL: "cakap.example.go.id"}, refused: true},
		{name: "behind no network", l: listening{listen: ":8080", proxies: "x", publicURL: "https://cakap.example.go.id"}, refused: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, err := tt.l.check()
			if (err != nil) != tt.refused {
				t.Fatalf("err = %v, refused should be %v", err, tt.refused)
			}
			if err == nil && (cfg.Secure != tt.secure || cfg.Insecure != tt.insecure) {
				t.Errorf("secure %v, insecure %v; want %v, %v", cfg.Secure, cfg.Insecure, tt.secure, tt.insecure)
			}
		})
	}
}

// The whole life of an event from the command line, on both engines.
func TestTheJourneyByCommand(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		c := newCLI(t, url)
		c.run("", exitOK, "migrate")
		c.run("kereta malam ke Solo\n", exitOK, "user", "add", "kepegawaian", "--role", "officer", "--agency", "6402", "--name", "Slamet")
		if _, errs := c.run("12345678\n", exitFailed, "user", "add", "pendek", "--role", "officer", "--name", "x"); !strings.Contains(errs, "Kata sandi") {
			t.Errorf("a short password is refused with %q", errs)
		}
		roster := rosterFile(t, c)
		out, _ := c.run("", exitOK, "roster", "import", roster, "--agency", "6402", "--dry-run", "--json")
		var verdict struct {
			Rows   []json.RawMessage
			Saved  bool
			Counts struct{ Rows, Accepted, New int }
		}
		if err := json.Unmarshal([]byte(out), &verdict); err != nil || verdict.Saved || verdict.Counts.New != 12 || len(verdict.Rows) != 12 {
			t.Fatalf("dry run: %v %s", err, out)
		}
		c.run("", exitOK, "roster", "import", roster, "--agency", "6402")
		now := time.Now().In(time.FixedZone("WIB", 7*3600))
		c.run("", exitOK, "event", "create", "--code", "UJI-1", "--name", "Uji", "--owner", "6402", "--opens", now.Add(-time.Hour).Format(timeForm), "--closes", now.Add(time.Hour).Format(timeForm))
		c.run("", exitFailed, "event", "open", "--event", "UJI-1")
		c.run("", exitOK, "event", "enrol", "--event", "UJI-1")
		if out, _ := c.run("", exitOK, "event", "prepare", "--event", "UJI-1"); !strings.Contains(out, "12 forms") {
			t.Errorf("prepare prints %q", out)
		}
		c.run("", exitOK, "event", "preflight", "--event", "UJI-1", "--json")
		c.run("", exitOK, "event", "open", "--event", "UJI-1")
		reportTwice(t, c)
		c.run("", exitOK, "event", "close", "--event", "UJI-1")
		c.run("", exitOK, "event", "release", "--event", "UJI-1")
		if out, _ := c.run("", exitOK, "verify", "--json"); !strings.Contains(out, `"problems":[]`) || !strings.Contains(out, `"forms":12`) {
			t.Errorf("verify prints %s", out)
		}
		c.run("", exitOK, "doctor")
	})
}

func rosterFile(t *testing.T, c cli) string {
	t.Helper()
	body := demo.Roster(0, 12, time.Now())
	text := make([]byte, body.Size())
	if _, err := body.ReadAt(text, 0); err != nil {
		t.Fatal(err)
	}
	return c.file("pegawai.csv", string(text))
}

func reportTwice(t *testing.T, c cli) {
	t.Helper()
	var bodies [2][]byte
	for i := range bodies {
		path := filepath.Join(c.dir, "laporan.xlsx")
		c.run("", exitOK, "report", "agency", "--event", "UJI-1", "--agency", "6402", "--out", path)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bodies[i] = body
	}
	if !bytes.Equal(bodies[0], bodies[1]) || !bytes.HasPrefix(bodies[0], []byte("PK")) {
		t.Error("two reports of the same data differ, or are no workbooks")
	}
	c.run("", exitFailed, "report", "agency", "--event", "UJI-1", "--agency", "6401", "--out", filepath.Join(c.dir, "x.xlsx"))
	c.run("", exitFailed, "report", "agency", "--event", "NONE", "--all", "--out", filepath.Join(c.dir, "x.zip"))
}

// Questions go out and come in again without a change; files that are no
// questions get a message, not a crash.
func TestBankByCommand(t *testing.T) {
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	c.run("", exitOK, "bank", "lint")
	out := filepath.Join(c.dir, "soal.xlsx")
	c.run("", exitOK, "bank", "export", "--out", out, "--aspect", "A2")
	text, _ := c.run("", exitOK, "bank", "import", out, "--dry-run", "--json")
	var report struct {
		Format string
		Counts struct {
			Items, Accepted, Rejected int
			ByType                    map[string]int `json:"by_type"`
		}
	}
	if err := json.Unmarshal([]byte(text), &report); err != nil || report.Counts.Items != 40 || report.Counts.Rejected != 0 || report.Counts.ByType["single"] != 32 {
		t.Errorf("round trip: %v %+v", err, report)
	}
	for name, body := range map[string]string{
		"empty.xlsx": "", "text.xlsx": "bukan lembar sebar", "old.xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cut.xlsx": "PK\x03\x04",
	} {
		text, _ := c.run("", exitFailed, "bank", "import", c.file(name, body), "--json")
		var report struct {
			FileMessages []struct{ Code, Text string } `json:"file_messages"`
		}
		if err := json.Unmarshal([]byte(text), &report); err != nil || len(report.FileMessages) == 0 || report.FileMessages[0].Text == "" {
			t.Errorf("%s: %v %s", name, err, text)
		}
	}
}

func TestBackupByCommand(t *testing.T) {
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	file := filepath.Join(c.dir, "cadangan.db")
	c.run("", exitFailed, "backup", file) // there is nothing to copy, and nothing is made up
	c.run("", exitOK, "migrate")
	c.run("", exitOK, "backup", file)
	c.run("", exitFailed, "backup", file) // never over an older one
	restored := cli{t, []string{"--database", file, "--key-file", filepath.Join(c.dir, "key")}, c.dir}
	restored.run("", exitOK, "verify")
}

// The demonstration stands in a moment and serves.
func TestDemoBuilds(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		c := newCLI(t, url)
		p := place{database: url, keyFile: filepath.Join(c.dir, "key"), founds: true}
		var out bytes.Buffer
		err := with(t.Context(), stdio{strings.NewReader(""), &out, &out}, p, func(a *app) error {
			made, err := demo.Build(t.Context(), demo.Services{DB: a.db, Keys: a.keys, Access: a.access, People: a.people}, a.clock.Now())
			if err != nil {
				return err
			}
			if len(made.Logins) < 8 || made.StartCode == "" {
				t.Errorf("made %+v", made)
			}
			return welcome(stdio{nil, &out, &out}, "http://localhost:8080", made, false)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"http://localhost:8080", demo.Password, "widyaiswara", "code "} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the screen lacks %q:\n%s", want, out.String())
			}
		}
		if out, _ := c.run("", exitOK, "verify"); !strings.Contains(out, " 0 problems") {
			t.Errorf("verify prints %s", out)
		}
	})
}
