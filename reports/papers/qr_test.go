package papers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cakap/internal/testtool"

	"github.com/boombuler/barcode/qr"
)

// A printed QR code has the library's modules, dark where they are dark, with
// the white border around: neither mirrored nor torn by how it is drawn.
func TestQRIsPrintedAsEncoded(t *testing.T) {
	testtool.Path(t, "pdftoppm")
	const content, x, y, side = "https://cakap.contoh.go.id/masuk/kode#199001012015031001.ABCDEFGHJK", 20.0, 30.0, 31.0
	s := newSheet(A4, "QR", time.Unix(0, 0))
	s.page()
	if err := s.qr(x, y, side, content); err != nil {
		t.Fatal(err)
	}
	var pdf bytes.Buffer
	if err := s.write(&pdf); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	const dpi = 300 // what an office printer does at the least
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-gray", "-singlefile", "-r", fmt.Sprint(dpi), file, filepath.Join(dir, "a")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	pgm, err := os.ReadFile(filepath.Join(dir, "a.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	var w, h, white int
	if _, err := fmt.Sscanf(string(pgm[:32]), "P5\n%d %d\n%d", &w, &h, &white); err != nil {
		t.Fatal(err)
	}
	pixels := pgm[len(pgm)-w*h:]
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	n := code.Bounds().Dx()
	module := side / float64(n+2*quiet)
	if module < 0.5 {
		t.Errorf("a module of %.2f mm is too small for a phone's camera", module)
	}
	for j := -quiet; j < n+quiet; j++ {
		for i := -quiet; i < n+quiet; i++ {
			want := false
			if i >= 0 && j >= 0 && i < n && j < n {
				r, _, _, _ := code.At(i, j).RGBA()
				want = r < 0x8000
			}
			px := int((x + module*(float64(i+quiet)+0.5)) / 25.4 * dpi)
			py := int((y + module*(float64(j+quiet)+0.5)) / 25.4 * dpi)
			if got := int(pixels[py*w+px]) < white/2; got != want {
				t.Fatalf("module %d,%d is dark: %v, want %v", i, j, got, want)
			}
		}
	}
}
