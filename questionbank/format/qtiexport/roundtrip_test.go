package qtiexport_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/questionbank"
	"cakap/questionbank/format/qti"
	"cakap/questionbank/format/qtiexport"
	"cakap/questionbank/questionbanktest"
)

func packed(t *testing.T, f questionbank.Format) []byte {
	t.Helper()
	e := questionbank.Export{Media: func(sha256 string) ([]byte, error) {
		if sha256 == questionbanktest.PictureSHA256 {
			return questionbanktest.Picture(), nil
		}
		return nil, errors.New("no such file")
	}}
	for _, c := range questionbanktest.Samples() {
		e.Items = append(e.Items, questionbank.Exported{Code: "A1-" + string(c.Type), Content: c})
	}
	var b bytes.Buffer
	if _, err := f.Write(&b, e); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, data []byte) []questionbank.ParsedItem {
	t.Helper()
	p, err := qti.Format().Read(questionbank.Input{Name: "paket.zip", Content: data})
	if err != nil {
		t.Fatal(err)
	}
	return p.Items
}

// plain is the content as a reader hands it over: media by name only.
func plain(c questionbank.Content) string {
	var media []questionbank.Media
	for _, m := range c.Media {
		media = append(media, questionbank.Media{Name: m.Name, Alt: m.Alt})
	}
	c.Media = media
	return string(c.Normalise().JSON())
}

// Every sample comes back from a package as it was, through the reader.
func TestRoundTrip(t *testing.T) {
	for _, f := range []questionbank.Format{qtiexport.Format21(), qtiexport.Format30()} {
		items := read(t, packed(t, f))
		samples := questionbanktest.Samples()
		if len(items) != len(samples) {
			t.Fatalf("%s: %d items, want %d", f.Name, len(items), len(samples))
		}
		for i, c := range samples {
			if diff := cmp.Diff(plain(c), plain(items[i].Content)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", f.Name, c.Type, diff)
			}
			if items[i].Code != "A1-"+string(c.Type) || len(items[i].Rejects)+len(items[i].Warnings) > 0 || len(items[i].Files) != len(c.Media) {
				t.Errorf("%s %s: code %q, rejects %v, warnings %v, %d files", f.Name, c.Type, items[i].Code, items[i].Rejects, items[i].Warnings, len(items[i].Files))
			}
		}
	}
}

// What other systems see of an item, without our note, is the same question
// with the same key: the reader finds it by running the response processing.
func TestVisibleContent(t *testing.T) {
	for _, f := range []questionbank.Format{qtiexport.Format21(), qtiexport.Format30()} {
		items := read(t, withoutNotes(t, packed(t, f)))
		for i, c := range questionbanktest.Samples() {
			got := items[i]
			if c.Type == questionbank.Survey {
				continue // a choice without a key; QTI has no word for it
			}
			if got.Type != string(c.Type) || len(got.Rejects) > 0 {
				t.Errorf("%s %s: read as %s, rejects %v", f.Name, c.Type, got.Type, got.Rejects)
				continue
			}
			parts := got.Content.Normalise().Interactions
			for j, in := range c.Interactions {
				if j >= len(parts) || parts[j].Rule != in.Rule || !cmp.Equal(parts[j].Correct, in.Correct) {
					t.Errorf("%s %s: part %d came back as %+v, want rule %s and key %v", f.Name, c.Type, j, parts, in.Rule, in.Correct)
				}
			}
			if got.Content.Stem != c.Stem {
				t.Errorf("%s %s: stem %q, want %q", f.Name, c.Type, got.Content.Stem, c.Stem)
			}
		}
	}
}

func withoutNotes(t *testing.T, data []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, strings.ReplaceAll(string(content), qtiexport.Namespace, "https://example.org/lain")); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
