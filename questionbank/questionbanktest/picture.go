package questionbanktest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"sync"
)

// Picture is a PNG of 100 × 20 pixels.
var Picture = sync.OnceValue(func() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 100, 20))
	for x := range 100 {
		for y := range 20 {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y * 10), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a picture in memory always encodes
	}
	return b.Bytes()
})

// PictureSHA256 is the hash of Picture.
var PictureSHA256 = func() string {
	sum := sha256.Sum256(Picture())
	return hex.EncodeToString(sum[:])
}()
