package papers

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white border that readers want, in modules.
const quiet = 4

// qr draws a QR code of a side, as black bars: sharp at every resolution. With
// error correction M a stain over 15 % of it does no harm.
func (s *sheet) qr(x, y, side float64, content string) error {
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("qr code: %w", err)
	}
	n := code.Bounds().Dx()
	module := side / float64(n+2*quiet)
	dark := func(i, j int) bool {
		r, _, _, _ := code.At(i, j).RGBA()
		return r < 0x8000
	}
	s.pdf.SetFillColor(0, 0, 0)
	for j := range n {
		for i := 0; i < n; {
			run := i
			for run < n && dark(run, j) {
				run++
			}
			if run > i {
				s.pdf.Rect(x+module*float64(i+quiet), y+module*float64(j+quiet), module*float64(run-i), module*1.02, "F")
			}
			i = run + 1
		}
	}
	return nil
}
