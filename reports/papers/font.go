package papers

import (
	"bytes"
	"encoding/binary"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

const (
	sans = "sans"
	mono = "mono"
	bold = "B"
)

// addFonts gives a document the fonts. Each gets its own copy of the bytes:
// fpdf writes glyph numbers into them while it cuts a font down.
func addFonts(pdf *fpdf.Fpdf) {
	pdf.AddUTF8FontFromBytes(sans, "", bytes.Clone(liberationsansregular.TTF))
	pdf.AddUTF8FontFromBytes(sans, bold, bytes.Clone(liberationsansbold.TTF))
	pdf.AddUTF8FontFromBytes(mono, bold, bytes.Clone(liberationmonobold.TTF))
}

// unknown stands for a letter that the fonts do not have, so that a reader sees
// that something is missing.
const unknown = '?'

// plain makes text fit for the fonts: one line, no control characters, and a
// mark for each letter there is no glyph for.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case !covered().has(r):
			return unknown
		}
		return r
	}, text)
}

// coverage is the ranges of letters that every font here has.
type coverage [][2]rune

func (c coverage) has(r rune) bool {
	for _, span := range c {
		if r >= span[0] && r <= span[1] {
			return true
		}
	}
	return false
}

// covered reads it once from the regular font; a test holds that the bold one
// has the same. fpdf knows only letters up to U+FFFF.
var covered = sync.OnceValue(func() coverage { return coverageOf(liberationsansregular.TTF) })

// coverageOf reads the character map of a TrueType font: its Unicode table in
// format 4, which every font for Windows has. An embedded font is no input of
// strangers, so it is not judged here.
func coverageOf(ttf []byte) coverage {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(ttf[at:])) }
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(ttf[at:])) }
	var out coverage
	for i := range u16(4) {
		entry := 12 + 16*i
		if string(ttf[entry:entry+4]) != "cmap" {
			continue
		}
		cmap := u32(entry + 8)
		for j := range u16(cmap + 2) {
			record := cmap + 4 + 8*j
			table := cmap + u32(record+4)
			if u16(record) != 3 || u16(record+2) != 1 || u16(table) != 4 {
				continue
			}
			segments := u16(table+6) / 2
			ends := table + 14
			starts := ends + 2*segments + 2
			for s := range segments {
				if from, to := u16(starts+2*s), u16(ends+2*s); to < 0xFFFF {
					out = append(out, [2]rune{rune(from), rune(to)})
				}
			}
		}
	}
	return out
}
