// Package static serves the stylesheets, scripts and pictures of the product:
// embedded, compressed once at start, under addresses that carry their hash
// and may be cached for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Prefix is where the assets live.
const Prefix = "/aset/"

// Worker is the service worker of the take page.
const Worker = "pekerja.js"

type asset struct {
	kind        string
	body, small []byte
}

// Assets are the embedded files, ready to be sent.
type Assets struct {
	byPath map[string]asset
	urls   map[string]string
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Load hashes and compresses every file.
func Load() (*Assets, error) {
	names, err := fs.Glob(files, "*")
	if err != nil {
		return nil, err
	}
	a := &Assets{byPath: map[string]asset{}, urls: map[string]string{}}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		switch path.Ext(name) {
		case ".css":
			body = lean(body)
		case ".js":
			body = squeeze(body)
		}
		small, err := compress(body)
		if err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
		sum := sha256.Sum256(body)
		url := Prefix + hex.EncodeToString(sum[:5]) + "/" + name
		a.urls[name] = url
		a.byPath[url] = asset{kinds[path.Ext(name)], body, small}
	}
	return a, nil
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blocks   = regexp.MustCompile(`\s*([{};])\s*`)
	values   = regexp.MustCompile(`([:,])\s+`) // not before: "a :hover" is not "a:hover"

)

// lean takes comments and white space out of a stylesheet: they are for us,
// and a phone on a bad network pays for them. It knows nothing of strings; a
// test holds that none of ours has what it would change.
func lean(css []byte) []byte {
	css = blocks.ReplaceAll(comments.ReplaceAll(css, nil), []byte("$1"))
	css = bytes.ReplaceAll(values.ReplaceAll(css, []byte("$1")), []byte(";}"), []byte("}"))
	return bytes.TrimSpace(css)
}

func compress(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// URL is the hashed address of a file. A name that does not exist is a
// mistake in a template, which the template test finds.
func (a *Assets) URL(name string) string {
	url, ok := a.urls[name]
	if !ok {
		panic("no asset " + name)
	}
	return url
}

// Size is a file's compressed size in bytes, for the budget test.
func (a *Assets) Size(name string) int { return len(a.byPath[a.urls[name]].small) }

// Send sends the asset that r asks for, and reports false where there is none.
func (a *Assets) Send(w http.ResponseWriter, r *http.Request) bool {
	file, ok := a.byPath[r.URL.Path]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if path.Base(r.URL.Path) == Worker {
		h.Set("Service-Worker-Allowed", "/ikut/") // and nothing but the pages of an attempt
	}
	h.Add("Vary", "Accept-Encoding")
	body := file.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = file.small
	}
	_, _ = w.Write(body) // the browser may have gone
	return true
}
