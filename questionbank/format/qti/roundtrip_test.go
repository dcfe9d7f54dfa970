package qti_test

import (
	"archive/zip"
	"bytes"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/format/qti"
	"cakap/questionbank/format/qtiexport"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

var writers = []questionbank.Format{qtiexport.Format21(), qtiexport.Format30()}

func export(t *testing.T, format questionbank.Format, items ...questionbank.Content) []byte {
	t.Helper()
	var b bytes.Buffer
	bank := questionbank.Export{Media: func(string) ([]byte, error) { return questionbanktest.Picture(), nil }}
	for _, c := range items {
		bank.Items = append(bank.Items, questionbank.Exported{Code: "A1-" + string(c.Type), Content: c})
	}
	if _, err := format.Write(&b, bank); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, file []byte) questionbank.Parsed {
	t.Helper()
	parsed, err := qti.Read(questionbank.Input{Name: "soal", Content: file})
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestRoundTrip writes every type and reads the same again, word for word.
func TestRoundTrip(t *testing.T) {
	for _, format := range writers {
		samples := questionbanktest.Samples()
		parsed := read(t, export(t, format, samples...))
		if len(parsed.Items) != len(samples) {
			t.Fatalf("%s: got %d items, want %d", format.Name, len(parsed.Items), len(samples))
		}
		for i, want := range samples {
			got := parsed.Items[i]
			if len(got.Rejects) > 0 || got.Type != string(want.Type) || got.Code != "A1-"+string(want.Type) {
				t.Errorf("%s: %s: type %q, code %q, rejects %v", format.Name, want.Type, got.Type, got.Code, got.Rejects)
			}
			for j := range want.Media { // what the import adds when it stores the file
				want.Media[j] = questionbank.Media{Name: want.Media[j].Name, Alt: want.Media[j].Alt}
			}
			if diff := cmp.Diff(string(want.JSON()), string(got.Content.Normalise().JSON())); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", format.Name, want.Type, diff)
			}
			if len(got.Files) != len(want.Media) {
				t.Errorf("%s: %s: got %d files, want %d", format.Name, want.Type, len(got.Files), len(want.Media))
			}
		}
	}
}

var note = regexp.MustCompile(`(?s)<metadata>\s*<cakap:item.*?</cakap:item>\s*</metadata>`)

// strange takes away what only Cakap writes and reads, so that the package is
// one of any other system.
func strange(t *testing.T, file []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		content := mustOpen(t, f)
		if f.Name == "imsmanifest.xml" {
			content = note.ReplaceAll(content, nil)
		}
		add(t, w, f.Name, content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestStrangerReadsTheSameScoring reads our own packages as those of a
// stranger: type, key, rule and points must be found by trying alone.
func TestStrangerReadsTheSameScoring(t *testing.T) {
	type scored struct {
		Type questionbank.Type
		Key  scoring.Key
	}
	for _, format := range writers {
		for _, want := range questionbanktest.Samples() {
			if want.Type == questionbank.Survey {
				continue // without the note it is a choice that lost its key
			}
			item := read(t, strange(t, export(t, format, want))).Items[0]
			got := item.Content.Normalise()
			if want.Type == questionbank.Short {
				continue // wildcards have no place in QTI
			}
			if format.Name == "qti21" && want.Type == questionbank.Hotspot && want.Choice().Kind == questionbank.PairsKind {
				continue
			}
			if len(item.Rejects) > 0 {
				t.Errorf("%s: %s: rejected: %v", format.Name, want.Type, item.Rejects[0])
			}
			a, b := scored{want.Type, want.Key()}, scored{got.Type, got.Key()}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", format.Name, want.Type, diff)
			}
			if want.Stem != got.Stem && want.Type != questionbank.Cloze {
				t.Errorf("%s: %s: stem %q, want %q", format.Name, want.Type, got.Stem, want.Stem)
			}
		}
	}
}
