// Package media looks into files that come with questions before anybody is
// shown them. Pictures are decoded and encoded anew, so that what a browser
// gets was written by this program and holds nothing but the picture: no
// script behind it, no place where it was taken. Sound and film are known by
// their first bytes and kept as they are.
//
// The same bytes in give the same bytes out, because files are stored under
// their hash.
package media

import (
	"bytes"
	"strings"

	"cakap/internal/fault"
)

// What is accepted.
const (
	MaxPixels = 40_000_000 // looked at before anything is decoded
	MaxSide   = 2000       // pixels; larger pictures are made smaller
	MaxSound  = 10 << 20   // bytes of a sound or a film
	MaxImage  = 20 << 20   // bytes of a picture as it comes
)

// Prepared is a file that may be stored and shown.
type Prepared struct {
	MIME          string
	Width, Height int // pixels of a picture
	Data          []byte
	// Before is the size of the picture as it came, turned upright: areas on it
	// must shrink as it did.
	BeforeWidth, BeforeHeight int
	Warnings                  []*fault.Fault // what was lost, "a film of pictures"
}

// Image reports whether it is a picture.
func (p Prepared) Image() bool { return strings.HasPrefix(p.MIME, "image/") }

// Prepare looks into the file name. It refuses what is none of the kinds that
// every browser shows and nobody can misuse.
func Prepare(name string, data []byte) (Prepared, error) {
	if len(data) == 0 {
		return Prepared{}, fault.New(fault.Invalid, "questionbank.media.empty", name)
	}
	mime := Sniff(data)
	switch {
	case mime == "image/svg+xml":
		return Prepared{}, fault.New(fault.Unsupported, "questionbank.media.svg", name)
	case mime == "":
		return Prepared{}, fault.New(fault.Unsupported, "questionbank.media.unknown", name)
	case strings.HasPrefix(mime, "image/"):
		return picture(name, mime, data)
	case len(data) > MaxSound:
		return Prepared{}, fault.New(fault.TooLarge, "questionbank.media.sound_large", name, MaxSound>>20)
	}
	return Prepared{MIME: mime, Data: data}, nil
}

// Sniff tells a file's kind by its first bytes, "" for none that is known; its
// name says nothing.
func Sniff(data []byte) string {
	at := func(offset int, magic string) bool {
		return len(data) >= offset+len(magic) && string(data[offset:offset+len(magic)]) == magic
	}
	switch {
	case at(0, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case at(0, "\xff\xd8\xff"):
		return "image/jpeg"
	case at(0, "GIF87a"), at(0, "GIF89a"):
		return "image/gif"
	case at(0, "RIFF") && at(8, "WEBP"):
		return "image/webp"
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav"
	case at(0, "OggS"):
		return "audio/ogg"
	case at(0, "ID3"), len(data) > 1 && data[0] == 0xff && data[1]&0xe6 == 0xe2: // MPEG, layer III
		return "audio/mpeg"
	case at(4, "ftypM4A"), at(4, "ftypM4B"):
		return "audio/mp4"
	case at(4, "ftyp") && film(data):
		return "video/mp4"
	case at(0, "\x1a\x45\xdf\xa3") && bytes.Contains(data[:min(len(data), 64)], []byte("webm")):
		return "video/webm"
	}
	if head := bytes.ToLower(data[:min(len(data), 1024)]); bytes.Contains(head, []byte("<svg")) {
		return "image/svg+xml"
	}
	return ""
}

// film knows the brands of MP4 that browsers play; a picture in the same
// container (HEIC, AVIF) is none.
func film(data []byte) bool {
	if len(data) < 12 {
		return false
	}
	switch string(data[8:12]) {
	case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash":
		return true
	}
	return false
}
