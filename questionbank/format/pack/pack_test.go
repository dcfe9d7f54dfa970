package pack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"testing"

	"cakap/internal/fault"
)

func zipped(t testing.TB, entries ...string) []byte {
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
		many[i] = fmt.Sprint(i)
	}
	special := func(h zip.FileHeader) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.CreateHeader(&h)
		if err == nil {
			_, err = f.Write([]byte("/etc/passwd"))
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	link := zip.FileHeader{Name: "tautan"}
	link.SetMode(fs.ModeSymlink | 0o777)
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"symbolic link":   {special(link), "name"},
		"encrypted":       {special(zip.FileHeader{Name: "rahasia", Flags: encrypted}), "encrypted"},
		"directory alone": {append([]byte("PK\x03\x04"), bytes.Repeat(append([]byte("PK\x01\x02"), make([]byte, 42)...), 400_000)...), "bomb"},
		"no zip":          {[]byte("PK\x03\x04 bukan"), "damaged"},
		"traversal":       {zipped(t, "a/../../etc/x"), "name"},
		"absolute":        {zipped(t, "/etc/x"), "name"},
		"drive":           {zipped(t, `C:\x`), "name"},
		"twice":           {zipped(t, "a", "./a"), "twice"},
		"bomb":            {bomb(), "bomb"},
		"entries":         {zipped(t, many...), "bomb"},
	} {
		if _, err := Open(tt.data); fault.Of(err) == nil || fault.Of(err).Key != "questionbank.zip."+tt.key {
			t.Errorf("%s: %v, want %s", name, err, tt.key)
		}
	}
}

// Whatever the bytes, an archive opens or is refused, and each of its files is
// read or refused.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add(zipped(f, "a/b.xml", "c.png", "a/"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Open(data)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("not a fault: %v", err)
			}
			return
		}
		for _, name := range p.Names() {
			if data, err := p.Read(name); err != nil && fault.Of(err) == nil || len(data) > MaxPart {
				t.Errorf("%q: %d bytes, %v", name, len(data), err)
			}
			if !p.Has(name) {
				t.Errorf("%q is listed and not there", name)
			}
		}
	})
}
