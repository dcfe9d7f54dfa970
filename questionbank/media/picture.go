package media

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"

	"cakap/internal/fault"
)

// quality of a JPEG: no difference that a reader sees.
const quality = 85

// picture decodes a picture, turns it upright, makes it small enough and
// encodes it anew. Its size is known before a pixel is decoded, because a file
// of a few kilobytes may claim to be of gigabytes.
func picture(name, mime string, data []byte) (Prepared, error) {
	if len(data) > MaxImage {
		return Prepared{}, fault.New(fault.TooLarge, "questionbank.media.image_large", name, MaxImage>>20)
	}
	config, decode := codec(mime)
	if decode == nil {
		return Prepared{}, fault.New(fault.Unsupported, "questionbank.media.unknown", name)
	}
	size, err := config(data)
	if err != nil {
		return Prepared{}, fault.New(fault.Invalid, "questionbank.media.broken", name).Because(err)
	}
	most := MaxPixels
	switch size.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		most /= 2 // a pixel of sixteen bits a colour takes twice the memory
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > most/size.Height {
		return Prepared{}, fault.New(fault.TooLarge, "questionbank.media.pixels", name, size.Width, size.Height, most/1_000_000)
	}
	img, err := decode(data)
	if err != nil {
		return Prepared{}, fault.New(fault.Invalid, "questionbank.media.broken", name).Because(err)
	}
	out := Prepared{MIME: "image/png"}
	switch mime {
	case "image/jpeg":
		out.MIME = mime
		img = upright(img, orientation(data))
	case "image/gif":
		if frames(data) > 1 {
			out.Warnings = append(out.Warnings, fault.New(fault.Invalid, "questionbank.media.animation", name))
		}
	}
	out.BeforeWidth, out.BeforeHeight = img.Bounds().Dx(), img.Bounds().Dy()
	img = shrink(img)
	out.Width, out.Height = img.Bounds().Dx(), img.Bounds().Dy()
	var b bytes.Buffer
	if out.MIME == "image/jpeg" {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	} else {
		err = png.Encode(&b, img)
	}
	if err != nil {
		return Prepared{}, fault.New(fault.Invalid, "questionbank.media.broken", name).Because(err)
	}
	out.Data = b.Bytes()
	return out, nil
}

// codec is how a kind of picture is measured and decoded; nothing for kinds
// that cannot be.
func codec(mime string) (func([]byte) (image.Config, error), func([]byte) (image.Image, error)) {
	switch mime {
	case "image/png":
		return func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }
	case "image/jpeg":
		return func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }
	case "image/gif":
		return func(b []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(b)) },
			func(b []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(b)) } // the first frame only
	}
	return nil, nil
}

// shrink makes the longer side MaxSide at most: each pixel becomes the mean of
// those it stands for.
func shrink(img image.Image) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w <= MaxSide && h <= MaxSide {
		return img
	}
	to := image.Rect(0, 0, MaxSide, max(h*MaxSide/w, 1))
	if h > w {
		to = image.Rect(0, 0, max(w*MaxSide/h, 1), MaxSide)
	}
	from, ok := img.(*image.RGBA)
	if !ok || from.Rect.Min != (image.Point{}) {
		from = image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(from, from.Rect, img, img.Bounds().Min, draw.Src)
	}
	small := image.NewRGBA(to)
	for y := range to.Dy() {
		top, bottom := y*h/to.Dy(), max((y+1)*h/to.Dy(), y*h/to.Dy()+1)
		for x := range to.Dx() {
			left, right := x*w/to.Dx(), max((x+1)*w/to.Dx(), x*w/to.Dx()+1)
			mean(small.Pix[small.PixOffset(x, y):], from, left, top, right, bottom)
		}
	}
	return small
}

// mean writes the mean of an area's pixels to the first four bytes of into.
func mean(into []byte, from *image.RGBA, left, top, right, bottom int) {
	var sum [4]int
	for y := top; y < bottom; y++ {
		row := from.Pix[from.PixOffset(left, y) : from.PixOffset(right-1, y)+4]
		for i, v := range row {
			sum[i&3] += int(v)
		}
	}
	n := (right - left) * (bottom - top)
	for i := range sum {
		into[i] = byte((sum[i] + n/2) / n)
	}
}

// upright turns a photograph as its camera was held (1 to 8, as EXIF counts).
func upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Rect, img, b.Min, draw.Src)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return out
}

// turned is where the pixel x, y of a picture of w × h goes.
func turned(orientation, x, y, w, h int) (tx, ty int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default: // 8
		return y, w - 1 - x
	}
}
