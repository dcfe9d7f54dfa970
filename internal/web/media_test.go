package web_test

import (
	"net/http"
	"strings"
	"testing"

	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

// A file of an item is shown under its hash to those who take and write items,
// and can do nothing but be shown.
func TestMedia(t *testing.T) {
	w := newWorld(t, secure)
	author := w.staff(t, "penulis", access.Trainer, 0)
	w.staff(t, "petugas", access.Officer, 0)
	bank := &questionbank.Service{DB: w.db, Now: w.clock}
	m, _, err := bank.SaveMedia(t.Context(), author, "jendela.png", questionbanktest.Picture())
	if err != nil {
		t.Fatal(err)
	}
	trainer, officer := w.browser(t), w.browser(t)
	trainer.login("penulis", staffPassword)
	officer.login("petugas", staffPassword)
	p := trainer.get("/media/" + m.SHA256)
	if p.StatusCode != http.StatusOK || p.Header.Get("Content-Type") != "image/png" || len(p.body) != m.Size {
		t.Fatalf("%d %s, %d bytes; want the picture of %d", p.StatusCode, p.Header.Get("Content-Type"), len(p.body), m.Size)
	}
	for name, want := range map[string]string{"Cache-Control": "immutable", "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "ETag": m.SHA256} {
		if got := p.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", name, got, want)
		}
	}
	for path, want := range map[string]int{"/media/" + strings.Repeat("0", 64): http.StatusNotFound, "/media/..%2fx": http.StatusNotFound, "/media/abc": http.StatusNotFound} {
		if p := trainer.get(path); p.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, p.StatusCode, want)
		}
	}
	if p := officer.get("/media/" + m.SHA256); p.StatusCode != http.StatusForbidden {
		t.Errorf("an officer gets %d", p.StatusCode)
	}
}
