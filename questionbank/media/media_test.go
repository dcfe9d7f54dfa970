package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank/media"
	"cakap/questionbank/questionbanktest"
)

func pngOf(t testing.TB, w, h int, at func(x, y int) color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func halves(w int) func(x, y int) color.Color {
	return func(x, _ int) color.Color {
		if x < w/2 {
			return color.RGBA{255, 0, 0, 255}
		}
		return color.RGBA{0, 0, 255, 255}
	}
}

func gifOf(t testing.TB, n int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for i := range n {
		p := image.NewPaletted(image.Rect(0, 0, 8, 4), color.Palette{color.Black, color.White})
		p.SetColorIndex(i%8, 1, 1)
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held is a JPEG whose EXIF says how the camera was held.
func held(t testing.TB, orientation uint16) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			img.Set(x, y, halves(40)(x, y))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = binary.LittleEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return bytes.Join([][]byte{b.Bytes()[:2], segment, exif, b.Bytes()[2:]}, nil)
}

// claims is a PNG of a few bytes that says it is of w × h pixels.
func claims(w, h uint32, depth byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, depth, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestPrepareAccepts(t *testing.T) {
	script := []byte("<script>alert(1)</script>")
	for _, tt := range []struct {
		name      string
		data      []byte
		mime      string
		w, h      int
		beforeW   int
		warnings  int
		unchanged bool
	}{
		{"a.png", pngOf(t, 30, 10, halves(30)), "image/png", 30, 10, 30, 0, false},
		{"besar.png", pngOf(t, 4000, 100, halves(4000)), "image/png", 2000, 50, 4000, 0, false},
		{"tinggi.png", pngOf(t, 3, 2500, halves(3)), "image/png", 2, 2000, 3, 0, false},
		{"nama.html", pngOf(t, 30, 10, halves(30)), "image/png", 30, 10, 30, 0, false},
		{"ekor.png", append(pngOf(t, 30, 10, halves(30)), script...), "image/png", 30, 10, 30, 0, false},
		{"ekor.gif", append(gifOf(t, 1), script...), "image/png", 8, 4, 8, 0, false},
		{"film.gif", gifOf(t, 3), "image/png", 8, 4, 8, 1, false},
		{"foto.jpg", held(t, 6), "image/jpeg", 20, 40, 20, 0, false},
		{"lagu.mp3", []byte("ID3\x04\x00rest"), "audio/mpeg", 0, 0, 0, 0, true},
		{"lagu.mp3", []byte("\xff\xfb\x90\x00rest"), "audio/mpeg", 0, 0, 0, 0, true},
		{"lagu.ogg", []byte("OggS\x00rest"), "audio/ogg", 0, 0, 0, 0, true},
		{"suara.wav", []byte("RIFF\x00\x00\x00\x00WAVEfmt "), "audio/wav", 0, 0, 0, 0, true},
		{"suara.m4a", []byte("\x00\x00\x00\x20ftypM4A \x00"), "audio/mp4", 0, 0, 0, 0, true},
		{"film.mp4", []byte("\x00\x00\x00\x20ftypisom\x00"), "video/mp4", 0, 0, 0, 0, true},
		{"film.webm", []byte("\x1a\x45\xdf\xa3\x01\x00\x42\x82\x84webm"), "video/webm", 0, 0, 0, 0, true},
	} {
		got, err := media.Prepare(tt.name, tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got.MIME != tt.mime || got.Width != tt.w || got.Height != tt.h || got.BeforeWidth != tt.beforeW || len(got.Warnings) != tt.warnings {
			t.Errorf("%s: %s %d × %d of %d, %v", tt.name, got.MIME, got.Width, got.Height, got.BeforeWidth, got.Warnings)
		}
		if bytes.Contains(got.Data, []byte("script")) || bytes.Contains(got.Data, []byte("Exif")) {
			t.Errorf("%s: more than the picture came through", tt.name)
		}
		if bytes.Equal(got.Data, tt.data) != tt.unchanged && got.MIME != "image/png" {
			t.Errorf("%s: changed %v", tt.name, !tt.unchanged)
		}
		again, err := media.Prepare(tt.name, tt.data)
		if err != nil || !bytes.Equal(got.Data, again.Data) {
			t.Errorf("%s: the same bytes give others: %v", tt.name, err)
		}
	}
}

// A PNG that was prepared stays as it is when it comes again.
func TestPreparedStays(t *testing.T) {
	got, err := media.Prepare("jendela.png", questionbanktest.Picture())
	if err != nil || !bytes.Equal(got.Data, questionbanktest.Picture()) {
		t.Errorf("the sample picture changes: %v", err)
	}
}

func TestUprightAndShrunk(t *testing.T) {
	left := map[int][2]int{1: {5, 10}, 2: {35, 10}, 3: {35, 10}, 4: {5, 10}, 5: {10, 5}, 6: {10, 5}, 7: {10, 35}, 8: {10, 35}}
	for o := 1; o <= 8; o++ { // left is where the red half, once on the left, must be
		got, err := media.Prepare("foto.jpg", held(t, uint16(o)))
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(got.Data))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := img.At(left[o][0], left[o][1]).RGBA(); r < 0x8000 || b > 0x8000 {
			t.Errorf("orientation %d: no red at %v", o, left[o])
		}
	}
	got, err := media.Prepare("besar.png", pngOf(t, 4000, 8, func(x, _ int) color.Color {
		return color.RGBA{byte(x % 2 * 200), 0, 0, 255}
	}))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(got.Data))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := img.At(1000, 2).RGBA(); r>>8 != 100 {
		t.Errorf("the mean of 0 and 200 is %d", r>>8)
	}
}

func TestPrepareRefuses(t *testing.T) {
	broken := pngOf(t, 30, 10, halves(30))
	for _, tt := range []struct {
		name string
		data []byte
		key  string
	}{
		{"kosong.png", nil, "empty"},
		{"gambar.svg", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "svg"},
		{"halaman.png", []byte("<html><script>alert(1)</script></html>"), "unknown"},
		{"program.png", []byte("MZ\x90\x00"), "unknown"},
		{"foto.heic", []byte("\x00\x00\x00\x20ftypheic"), "unknown"},
		{"foto.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "unknown"},
		{"bom.png", claims(30000, 30000, 8), "pixels"},
		{"dalam.png", claims(5000, 5000, 16), "pixels"},
		{"lolos.png", claims(5000, 5000, 8), "broken"}, // small enough, but there is nothing in it
		{"luap.png", claims(1<<31-1, 1<<31-1, 8), "broken pixels"},
		{"putus.png", broken[:len(broken)/2], "broken"},
		{"panjang.mp3", append([]byte("ID3"), make([]byte, media.MaxSound)...), "sound_large"},
		{"besar.png", append(broken, make([]byte, media.MaxImage)...), "image_large"},
	} {
		_, err := media.Prepare(tt.name, tt.data)
		f := fault.Of(err)
		if f == nil || !strings.Contains(tt.key, strings.TrimPrefix(f.Key, "questionbank.media.")) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
			continue
		}
		if !locale.Has(f.Key) {
			t.Errorf("%s has no text", f.Key)
		}
	}
}

func FuzzPrepare(f *testing.F) {
	for _, seed := range [][]byte{pngOf(f, 9, 7, halves(9)), gifOf(f, 2), held(f, 6), claims(9, 9, 8), []byte("ID3"), []byte("<svg")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := media.Prepare("x", data)
		if err == nil && (got.MIME == "" || len(got.Data) == 0 || got.Width > media.MaxSide || got.Height > media.MaxSide) {
			t.Errorf("accepted %s of %d bytes, %d × %d", got.MIME, len(got.Data), got.Width, got.Height)
		}
		if err != nil && fault.Of(err) == nil {
			t.Errorf("an error nobody can read: %v", err)
		}
	})
}
