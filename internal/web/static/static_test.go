package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The budgets of the design: a phone on a bad network loads these first.
func TestBudgets(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	size := func(names ...string) (n int) {
		for _, name := range names {
			if a.Size(name) == 0 {
				t.Errorf("no asset %s", name)
			}
			n += a.Size(name)
		}
		return n
	}
	for _, tt := range []struct {
		what  string
		names []string
		most  int
	}{
		{"the participant stylesheet", []string{"peserta.css"}, 7 << 10},
		{"the stylesheets of other pages of a participant", []string{"peserta.css", "lain.css"}, 8 << 10},
		{"everything of the take page, with what it loads later", []string{"peserta.css", "soal.css", "cakap.js", "soal.js", "lapis.js", "pekerja.js"}, 15 << 10},
		{"everything of the waiting room", []string{"peserta.css", "lain.css", "cakap.js", "tunggu.js"}, 12 << 10},
		{"everything of a staff page", []string{"peserta.css", "lain.css", "staf.css", "soal.css", "cakap.js", "editor.js"}, 20 << 10},
	} {
		if got := size(tt.names...); got > tt.most {
			t.Errorf("%s takes %d bytes compressed, more than %d", tt.what, got, tt.most)
		} else {
			t.Logf("%s: %d bytes of %d", tt.what, got, tt.most)
		}
	}
}

func TestSend(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name := range a.urls {
		url := a.URL(name)
		if !strings.HasPrefix(url, Prefix) || !strings.HasSuffix(url, "/"+name) {
			t.Errorf("%s lives at %q", name, url)
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", url, nil)
		plain := httptest.NewRecorder()
		if !a.Send(plain, r) {
			t.Fatalf("%s is not sent", url)
		}
		r.Header.Set("Accept-Encoding", "br, gzip")
		small := httptest.NewRecorder()
		a.Send(small, r)
		h := small.Header()
		if h.Get("Content-Encoding") != "gzip" || h.Get("Vary") != "Accept-Encoding" || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: headers %v", name, h)
		}
		zr, err := gzip.NewReader(small.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := h.Get("Service-Worker-Allowed") != "", name == Worker; got != want {
			t.Errorf("%s may be a service worker: %v", name, got)
		}
		unpacked, err := io.ReadAll(zr)
		if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
			t.Errorf("%s: packed and plain differ, %v", name, err)
		}
	}
	for _, target := range []string{"/aset/0000000000/peserta.css", "/aset/x/../static.go", "/aset/"} {
		if a.Send(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", target, nil)) {
			t.Errorf("%s is sent", target)
		}
	}
}

// The assets obey the page's own policy: nothing inline, nothing from elsewhere.
func TestAssetsFetchNothing(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for url, asset := range a.byPath {
		text := string(asset.body)
		for _, bad := range []string{"http://", "https://", "@import", "eval(", "innerHTML", "new Function"} {
			for rest := text; ; {
				_, after, found := strings.Cut(rest, bad)
				if !found {
					break
				}
				if !strings.HasPrefix(after, "www.w3.org/") { // the name of a namespace is no address
					t.Errorf("%s holds %q: %.60q", url, bad, bad+after)
				}
				rest = after
			}
		}
	}
}

func TestLean(t *testing.T) {
	const in = "/* why\n   so */\n.a, .b :hover {\n  color: red; margin: 0 1px;\n}\n@media (min-width: 40rem) { .a > b { --x: 1 } }\n"
	const want = ".a,.b :hover{color:red;margin:0 1px}@media (min-width:40rem){.a > b{--x:1}}"
	if got := string(lean([]byte(in))); got != want {
		t.Errorf("lean = %q, want %q", got, want)
	}
	for _, name := range []string{"peserta.css", "lain.css", "soal.css", "staf.css"} {
		css, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range regexp.MustCompile(`"[^"]*"|'[^']*'`).FindAllString(string(comments.ReplaceAll(css, nil)), -1) {
			if strings.ContainsAny(quoted, "{};:,") || strings.Contains(quoted, "/*") {
				t.Errorf("%s: lean would change %s", name, quoted)
			}
		}
	}
}

// What goes from scripts on the way out is never part of a string.
func TestScriptsHaveNoStringOfSeveralLines(t *testing.T) {
	for _, name := range []string{"cakap.js", "soal.js", "lapis.js", "pekerja.js", "tunggu.js"} {
		js, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(js), "\n") {
			if strings.Count(line, "`")%2 != 0 || strings.Contains(line, "/*") && !strings.Contains(line, "*/") {
				t.Errorf("%s:%d begins what it does not end: %s", name, i+1, line)
			}
		}
	}
}
