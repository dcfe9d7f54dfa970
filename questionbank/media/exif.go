package media

import "encoding/binary"

// orientation reads how a JPEG's camera was held from its EXIF segment: 1, as
// it stands, unless it says otherwise in a way that can be read.
func orientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || length < 2 || at+2+length > len(data) { // the picture itself begins
			return 1
		}
		segment := data[at+4 : at+2+length]
		if marker == 0xe1 && len(segment) > 14 && string(segment[:6]) == "Exif\x00\x00" {
			return tiffOrientation(segment[6:])
		}
		at += 2 + length
	}
	return 1
}

// tiffOrientation looks for tag 0x0112 in the first directory of a TIFF header.
func tiffOrientation(t []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch string(t[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
	default:
		return 1
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return 1
	}
	n := int(order.Uint16(t[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > len(t) {
			return 1
		}
		if order.Uint16(t[entry:]) == 0x0112 {
			if v := int(order.Uint16(t[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// frames counts the pictures of a GIF, up to two, without decoding any.
func frames(data []byte) int {
	if len(data) < 13 {
		return 0
	}
	at := 13
	if data[10]&0x80 != 0 {
		at += 3 << (data[10]&7 + 1)
	}
	n := 0
	for at < len(data) && n < 2 {
		switch data[at] {
		case 0x21: // extension: kind, blocks
			at = blocks(data, at+2)
		case 0x2c: // picture: place, size, colours, code size, blocks
			if at+9 >= len(data) {
				return n
			}
			n++
			next := at + 10
			if flags := data[at+9]; flags&0x80 != 0 {
				next += 3 << (flags&7 + 1)
			}
			at = blocks(data, next+1)
		default:
			return n
		}
	}
	return n
}

// blocks is the place behind a run of blocks, each of which begins with its length.
func blocks(data []byte, at int) int {
	for at < len(data) && data[at] != 0 {
		at += 1 + int(data[at])
	}
	return at + 1
}
