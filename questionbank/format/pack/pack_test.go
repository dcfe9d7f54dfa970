package pack

import (
	"archive/zip"
	"bytes"
	"testing"

	"cakap/internal/fault"
)

func zipped(t *testing.T, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if name == "a/" {
			continue
		}
		if _, err := f.Write([]byte("isi " + name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpen(t *testing.T) {
	p, err := Open(zipped(t, "a/b c.xml", "__MACOSX/._x", "a/", "Img.PNG", `w\x.txt`))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Names()) != 3 || !p.Has("a/b%20c.xml") || !p.Has("img.png") || !p.Has("./a/b c.xml") || !p.Has("w/x.txt") || p.Has("x") {
		t.Errorf("names %q", p.Names())
	}
	if data, err := p.Read("a/b%20c.xml"); err != nil || string(data) != "isi a/b c.xml" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := p.Read("tidak"); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create("nol")
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range 64 {
			if _, err := f.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	many := make([]string, maxEntries+1)
	for i := range many {
		many[i] = string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
	}
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"no zip":    {[]byte("PK\x03\x04 bukan"), "damaged"},
		"traversal": {zipped(t, "a/../../etc/x"), "name"},
		"absolute":  {zipped(t, "/etc/x"), "name"},
		"drive":     {zipped(t, `C:\x`), "name"},
		"twice":     {zipped(t, "a", "./a"), "twice"},
		"bomb":      {bomb(), "bomb"},
		"entries":   {zipped(t, many...), "bomb"},
	} {
		if _, err := Open(tt.data); fault.Of(err) == nil || fault.Of(err).Key != "questionbank.zip."+tt.key {
			t.Errorf("%s: %v, want %s", name, err, tt.key)
		}
	}
}
