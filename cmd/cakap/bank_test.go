package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type bankReport struct {
	File, Format string
	Items        json.RawMessage
	Counts       struct{ Items, Accepted, Warned, Rejected int }
	Losses       []struct{ Code, At, Text string }
}

// Every format that can be written says what it could not carry, by code and
// in words, and comes in again.
func TestBankFormatsByCommand(t *testing.T) {
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	for format, name := range map[string]string{
		"gift": "soal.gift", "moodlexml": "soal.xml", "qti21": "soal21.zip", "qti30": "soal30.zip", "aiken": "soal.txt", "tcexam": "tcexam.xml", "xlsx": "soal.xlsx",
	} {
		out := filepath.Join(c.dir, name)
		text, errs := c.run("", exitOK, "bank", "export", "--format", format, "--out", out, "--aspect", "A2", "--json")
		var r bankReport
		if err := json.Unmarshal([]byte(text), &r); err != nil || string(r.Items) != "40" || r.Format != format || errs != "" {
			t.Errorf("%s: %v %s %s", format, err, text, errs)
			continue
		}
		for _, l := range r.Losses {
			if !strings.HasPrefix(l.At, "A2-") || l.Text == "" || l.Text == l.Code {
				t.Errorf("%s: a loss without place or words: %+v", format, l)
				break
			}
		}
		if format == "aiken" && len(r.Losses) == 0 {
			t.Error("aiken carries no feedback, and nobody says so")
		}
		text, _ = c.run("", exitOK, "bank", "import", out, "--indicator", "A2.1", "--dry-run", "--json")
		if err := json.Unmarshal([]byte(text), &r); err != nil || r.Counts.Items == 0 || r.Counts.Rejected > 0 {
			t.Errorf("%s comes in as %+v, %v", format, r.Counts, err)
		}
	}
}

// Several files are several objects, one after another; one that cannot be
// read does not hold up the others.
func TestBankImportManyByCommand(t *testing.T) {
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	good := c.file("satu.gift", "::Satu:: Singkatan alamat laman adalah apa? {=URL ~RAM ~CPU}\n")
	bad := c.file("dua.xlsx", "PK\x03\x04")
	text, _ := c.run("", exitFailed, "bank", "import", good, bad, good, "--indicator", "A1.1", "--json")
	dec := json.NewDecoder(strings.NewReader(text))
	var got []string
	for dec.More() {
		var r bankReport
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r.File)
	}
	if strings.Join(got, " ") != "satu.gift dua.xlsx satu.gift" {
		t.Errorf("files %v", got)
	}
	text, _ = c.run("", exitOK, "bank", "export", "--format", "gift", "--status", "draft", "--out", filepath.Join(c.dir, "keluar.gift"))
	if !strings.Contains(text, ": 1 items") {
		t.Errorf("the same question twice is one: %s", text)
	}
	if text, _ := c.run("", exitOK, "bank", "import", good, "--format", "gift", "--indicator", "A1.1", "--dry-run"); !strings.Contains(text, "Sama persis dengan butir") {
		t.Errorf("again: %s", text)
	}
}

func TestBankExportCalledWrongly(t *testing.T) {
	for _, args := range []string{"--status wrong --out x", "--type wrong --out x", "--aspect A9 --out x", "--template --format gift --out x", ""} {
		var out, errs bytes.Buffer
		if got := run(t.Context(), stdio{strings.NewReader(""), &out, &errs}, append([]string{"bank", "export"}, strings.Fields(args)...)); got != exitUsage || errs.Len() == 0 {
			t.Errorf("bank export %s: exit status %d, %q", args, got, errs.String())
		}
	}
	c := newCLI(t, filepath.Join(t.TempDir(), "cakap.db"))
	out := filepath.Join(c.dir, "x.doc")
	_, errs := c.run("", exitFailed, "bank", "export", "--format", "docx", "--out", out)
	if !strings.Contains(errs, "gift") {
		t.Errorf("an unknown format does not name the others: %s", errs)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was left behind")
	}
}
