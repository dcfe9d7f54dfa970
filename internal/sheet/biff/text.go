package biff

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads strings out of a record and the CONTINUE records behind it. A
// string may be cut anywhere; where its letters are cut, the rest begins with a
// byte that says anew how wide they are.
type text struct {
	blocks [][]byte
	at     int // in the first block
}

// left drops blocks that are read and reports whether there is more.
func (t *text) left() bool {
	for len(t.blocks) > 0 && t.at >= len(t.blocks[0]) {
		t.blocks, t.at = t.blocks[1:], 0
	}
	return len(t.blocks) > 0
}

func (t *text) byte() (int, bool) {
	if !t.left() {
		return 0, false
	}
	b := t.blocks[0][t.at]
	t.at++
	return int(b), true
}

func (t *text) uint(bytes int) (int, bool) {
	n := 0
	for i := range bytes {
		b, ok := t.byte()
		if !ok {
			return 0, false
		}
		n |= b << (8 * i)
	}
	return n, true
}

func (t *text) skip(n int) bool {
	for n > 0 {
		if !t.left() {
			return false
		}
		step := min(n, len(t.blocks[0])-t.at)
		t.at, n = t.at+step, n-step
	}
	return true
}

const (
	wideFlag = 1
	asianBit = 4
	richBit  = 8
)

// string reads one string whose length takes lengthBytes.
func (t *text) string(lengthBytes int) (string, bool) {
	length, ok := t.uint(lengthBytes)
	if !ok {
		return "", false
	}
	flags, ok := t.byte()
	if !ok {
		return "", length == 0
	}
	runs, extra := 0, 0
	if flags&richBit != 0 {
		if runs, ok = t.uint(2); !ok {
			return "", false
		}
	}
	if flags&asianBit != 0 {
		if extra, ok = t.uint(4); !ok {
			return "", false
		}
	}
	s, ok := t.letters(length, flags&wideFlag != 0)
	return s, ok && t.skip(4*runs+extra)
}

// letters reads length letters of one or two bytes.
func (t *text) letters(length int, wide bool) (string, bool) {
	var out strings.Builder
	var high rune // first half of a pair
	for length > 0 {
		if t.at >= len(t.blocks0()) {
			if !t.left() {
				return "", false
			}
			flags := t.blocks[0][t.at]
			t.at++
			wide = flags&wideFlag != 0
			continue
		}
		block := t.blocks[0]
		if !wide {
			n := min(length, len(block)-t.at)
			for _, b := range block[t.at : t.at+n] {
				out.WriteRune(rune(b))
			}
			t.at, length = t.at+n, length-n
			continue
		}
		if t.at+2 > len(block) {
			return "", false
		}
		high = pair(&out, high, rune(block[t.at])|rune(block[t.at+1])<<8)
		t.at, length = t.at+2, length-1
	}
	if high != 0 {
		out.WriteRune(utf8.RuneError)
	}
	return out.String(), true
}

func (t *text) blocks0() []byte {
	if len(t.blocks) == 0 {
		return nil
	}
	return t.blocks[0]
}

// pair writes a letter of UTF-16; it returns the first half of one that takes two.
func pair(out *strings.Builder, high, r rune) rune {
	switch {
	case high != 0 && utf16.IsSurrogate(r) && r >= 0xDC00:
		out.WriteRune(utf16.DecodeRune(high, r))
		return 0
	case high != 0:
		out.WriteRune(utf8.RuneError)
	}
	if utf16.IsSurrogate(r) && r < 0xDC00 {
		return r
	}
	out.WriteRune(r) // a lone second half becomes the replacement letter
	return 0
}
