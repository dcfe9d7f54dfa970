package qtiexport

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/tree"
	"cakap/questionbank/questionbanktest"
)

// plain is the content as a reader hands it over: media by name only.
func plain(c questionbank.Content) questionbank.Content {
	var media []questionbank.Media
	for _, m := range c.Media {
		media = append(media, questionbank.Media{Name: m.Name, Alt: m.Alt})
	}
	c.Media = media
	return c
}

func TestRestoreGivesEverythingBack(t *testing.T) {
	samples := questionbanktest.Samples()
	for _, f := range []questionbank.Format{Format21(), Format30()} {
		p, _ := written(t, f, bank(samples...))
		manifest, err := tree.Parse([]byte(read(t, p, "imsmanifest.xml")))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range manifest.Find("resources").All("resource") {
			parsed := questionbank.ParsedItem{Type: questionbank.Unsupported, Rejects: []*fault.Fault{fault.New(fault.Invalid, "x")}}
			if !Restore(r, []byte(read(t, p, r.Get("href"))), &parsed, p.Read) {
				t.Errorf("%s %s was not restored", f.Name, samples[i].Type)
				continue
			}
			if diff := cmp.Diff(string(plain(samples[i]).JSON()), string(parsed.Content.Normalise().JSON())); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", f.Name, samples[i].Type, diff)
			}
			if parsed.Type != string(samples[i].Type) || len(parsed.Rejects) > 0 || !strings.HasPrefix(parsed.Code, "A1-") {
				t.Errorf("%s: type %s, rejects %v, code %q", samples[i].Type, parsed.Type, parsed.Rejects, parsed.Code)
			}
			if want := len(samples[i].Media); len(parsed.Files) != want || want > 0 && !bytes.Equal(parsed.Files[0].Data, questionbanktest.Picture()) {
				t.Errorf("%s: %d files, want %d", samples[i].Type, len(parsed.Files), want)
			}
		}
	}
}

// What somebody changed in the item file is newer than what Cakap knew.
func TestRestoreLeavesEditedItems(t *testing.T) {
	p, _ := written(t, Format21(), bank(questionbanktest.Sample(questionbank.Single)))
	manifest, err := tree.Parse([]byte(read(t, p, "imsmanifest.xml")))
	if err != nil {
		t.Fatal(err)
	}
	r := manifest.Find("resources", "resource")
	file := read(t, p, r.Get("href"))
	tests := []struct {
		name, file string
		want       bool
	}{
		{"as written", file, true},
		{"laid out anew", strings.ReplaceAll(file, "\n", "\r\n\t"), true},
		{"saved by another tool", strings.Replace(file, `toolName="Cakap"`, `toolName="Lain"`, 1), true},
		{"another key", strings.Replace(file, "<value>B</value>", "<value>A</value>", 1), false},
		{"another text", strings.Replace(file, "Peramban", "Penjelajah", 1), false},
		{"cut off", file[:len(file)/2], false},
		{"empty", "", false},
	}
	for _, tt := range tests {
		parsed := questionbank.ParsedItem{Content: questionbank.Content{Stem: "dibaca"}}
		if got := Restore(r, []byte(tt.file), &parsed, p.Read); got != tt.want {
			t.Errorf("%s: restored %v, want %v", tt.name, got, tt.want)
		}
		if (parsed.Content.Stem != "dibaca") != tt.want {
			t.Errorf("%s: stem is %q", tt.name, parsed.Content.Stem)
		}
	}
}

// A note that is not ours, or not JSON, changes nothing.
func TestRestoreIgnoresStrangeNotes(t *testing.T) {
	const file = `<assessmentItem identifier="x"/>`
	note := func(space, version, print, body string) string {
		return `<resource><metadata><c:item xmlns:c="` + space + `" version="` + version + `" fingerprint="` + print + `">` + body + `</c:item></metadata></resource>`
	}
	good := fingerprint([]byte(file))
	for _, source := range []string{
		`<resource/>`, `<resource><metadata/></resource>`,
		note("https://example.org", "1", good, `{"content":{"type":"single"}}`),
		note(Namespace, "2", good, `{"content":{"type":"single"}}`),
		note(Namespace, "1", "", `{"content":{"type":"single"}}`),
		note(Namespace, "1", good, `{"content":`),
		note(Namespace, "1", good, `{"content":{"type":"hologram"}}`),
	} {
		r, err := tree.Parse([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		var parsed questionbank.ParsedItem
		if Restore(r, []byte(file), &parsed, nil) || parsed.Content.Type != "" {
			t.Errorf("restored from %s", source)
		}
	}
	var parsed questionbank.ParsedItem
	if Restore(nil, []byte(file), &parsed, nil) {
		t.Error("restored from no resource")
	}
}
