package trainer

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"cakap/questionbank/format/xlsx"
)

func TestWatermark(t *testing.T) {
	const mark = "Diunduh Rina -- <&> pada 3 Maret"
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	marked := func(ext, mark string, write func(io.Writer) error) []byte {
		t.Helper()
		var out bytes.Buffer
		if err := writeMarked(&out, "Bank", ext, mark, write); err != nil {
			t.Fatalf("%s: %v", ext, err)
		}
		return out.Bytes()
	}
	for ext, want := range map[string]string{
		".xml":  "<quiz/>\n<!-- Diunduh Rina - <&> pada 3 Maret -->\n",
		".gift": "// " + mark + "\n\n<quiz/>",
	} {
		if got := string(marked(ext, mark, text("<quiz/>"))); got != want || markedExt(ext, mark) != ext {
			t.Errorf("%s is %q, want %q", ext, got, want)
		}
	}
	for _, ext := range []string{".xml", ".csv", ".xlsx", ".txt"} {
		if got := string(marked(ext, "", text("<quiz/>"))); got != "<quiz/>" || markedExt(ext, "") != ext {
			t.Errorf("without a mark, %s is %q", ext, got)
		}
	}
	read := func(raw []byte) (comment string, files map[string]string) {
		t.Helper()
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		files = map[string]string{}
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			files[f.Name] = string(body)
		}
		return z.Comment, files
	}
	if _, files := read(marked(".csv", mark, text("soal;a"))); files["Bank.csv"] != "soal;a" || files[noteFile] != mark+"\n" || markedExt(".csv", mark) != ".zip" {
		t.Errorf("a format without a place for it: %v", files)
	}
	comment, files := read(marked(".xlsx", mark, xlsx.Template))
	if comment != mark || !strings.Contains(files[coreProperties], "<dc:description>Diunduh Rina -- &lt;&amp;&gt; pada 3 Maret</dc:description></coreProperties>") {
		t.Errorf("a workbook: comment %q, properties %s", comment, files[coreProperties])
	}
	var plain bytes.Buffer
	if err := xlsx.Template(&plain); err != nil {
		t.Fatal(err)
	}
	if _, before := read(plain.Bytes()); len(before) != len(files) {
		t.Errorf("%d entries, want %d", len(files), len(before))
	}
}
