package door

import (
	"net/url"
	"strings"
	"testing"
)

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/beranda": "/beranda", "/ikut/abc/soal": "/ikut/abc/soal", "/a?b=//c": "/a", "": "", "beranda": "",
		"//evil.example": "", "/\\evil.example": "", "\\\\evil.example": "", "https://evil.example": "", "https:/evil.example": "",
		"javascript:alert(1)": "", "/\n/evil.example": "", "\t//evil.example": "", "/%": "",
	} {
		if got := localPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

// Whatever is asked for, a browser stays where it is.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/beranda", "//evil.example", "/\\evil", "/..//evil.example", "/%2f%2fevil", "javascript:x"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://cakap.example/masuk")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if got == "" {
			return
		}
		to, err := base.Parse(got)
		if err != nil || to.Host != "cakap.example" || to.Scheme != "https" || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t ") {
			t.Errorf("localPath(%q) = %q leads to %v, %v", next, got, to, err)
		}
	})
}
