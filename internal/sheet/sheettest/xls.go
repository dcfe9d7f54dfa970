package sheettest

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
)

// XLS writes a workbook as Excel 97 did (BIFF8), with the cells that Workbook knows.
func XLS(sheets ...Sheet) []byte {
	var shared []string
	index := map[string]int{}
	bodies := make([][]byte, len(sheets))
	for i, s := range sheets {
		b := bof(0x0010)
		for j, row := range s.Rows {
			for k, value := range row {
				b = append(b, oldCell(j+max(s.Start, 1)-1, k, value, func(text string) int {
					if _, ok := index[text]; !ok {
						index[text] = len(shared)
						shared = append(shared, text)
					}
					return index[text]
				})...)
			}
		}
		bodies[i] = append(b, Record(0x000A)...)
	}
	table := SST(shared...)
	size := len(bof(5)) + len(table) + len(Record(0x000A))
	for _, s := range sheets {
		size += len(boundSheet(0, s))
	}
	stream := bof(0x0005)
	for i, s := range sheets {
		stream = append(stream, boundSheet(size, s)...)
		size += len(bodies[i])
	}
	stream = append(append(stream, table...), Record(0x000A)...)
	return OLE("Workbook", append(stream, bytes.Join(bodies, nil)...))
}

// Record is one record of a BIFF stream; the parts of its body are little-endian.
func Record(kind int, parts ...any) []byte {
	var body []byte
	for _, p := range parts {
		switch v := p.(type) {
		case string:
			body = append(body, v...)
		case []byte:
			body = append(body, v...)
		default:
			var err error
			if body, err = binary.Append(body, binary.LittleEndian, v); err != nil {
				panic(err) // a test passes numbers of fixed size
			}
		}
	}
	out := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	return append(binary.LittleEndian.AppendUint16(out, uint16(len(body))), body...)
}

func bof(kind int) []byte {
	return Record(0x0809, uint16(0x0600), uint16(kind), uint64(0), uint32(0))
}

func boundSheet(at int, s Sheet) []byte {
	state := byte(0)
	if s.Hidden {
		state = 1
	}
	letters := wideText(s.Name)
	return Record(0x0085, uint32(at), state, byte(0), byte(len(letters)/2), byte(1), letters)
}

// SST is the table of shared strings, cut into CONTINUE records wherever one is full.
func SST(texts ...string) []byte {
	const most = 8224
	out := Record(0x00FC, uint32(len(texts)), uint32(len(texts)))
	start := 0 // of the record that is being filled
	room := func() int { return most - (len(out) - start - 4) }
	next := func(begin ...byte) {
		start = len(out)
		out = append(out, Record(0x003C, begin)...)
	}
	add := func(b ...byte) {
		out = append(out, b...)
		binary.LittleEndian.PutUint16(out[start+2:], uint16(len(out)-start-4))
	}
	for _, text := range texts {
		if room() < 4 {
			next()
		}
		letters := wideText(text)
		add(binary.LittleEndian.AppendUint16(nil, uint16(len(letters)/2))...)
		add(1)
		for len(letters) > 0 {
			n := min(len(letters), room()&^1)
			add(letters[:n]...)
			if letters = letters[n:]; len(letters) > 0 {
				next(1)
			}
		}
	}
	return out
}

func wideText(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

func oldCell(row, col int, value any, share func(string) int) []byte {
	at := []byte{byte(row), byte(row >> 8), byte(col), byte(col >> 8), 0, 0}
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return Record(0x00FD, at, uint32(share(v)))
	case Inline:
		letters := wideText(string(v))
		return Record(0x0204, at, uint16(len(letters)/2), byte(1), letters)
	case int:
		if v != v<<34>>34 { // too long for the 30 bits of the short form
			return Record(0x0203, at, math.Float64bits(float64(v)))
		}
		return Record(0x027E, at, uint32(int32(v)<<2)|2)
	case float64:
		return Record(0x0203, at, math.Float64bits(v))
	case Raw:
		x, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			panic(err) // a test writes numbers
		}
		return Record(0x0203, at, math.Float64bits(x))
	case Styled:
		return Record(0x0201, at)
	case time.Time:
		return Record(0x0203, at, math.Float64bits(float64(serial(v))))
	case bool:
		return Record(0x0205, at, map[bool]byte{true: 1}[v], byte(0))
	default:
		panic("sheettest: no such cell in an .xls")
	}
}

// OLE wraps one stream into a compound file.
func OLE(name string, stream []byte) []byte {
	const sector = 512
	const endOfChain, tableMark, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
	body := append(bytes.Clone(stream), make([]byte, max(4096-len(stream), 0))...) // small streams live elsewhere
	length := len(body)
	body = append(body, make([]byte, (sector-len(body)%sector)%sector)...)
	blocks := len(body) / sector
	tables := 1
	for tables*sector/4 < tables+1+blocks {
		tables++
	}
	head := make([]byte, sector)
	put16, put32 := binary.LittleEndian.PutUint16, binary.LittleEndian.PutUint32
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	put16(head[0x18:], 0x3E)
	put16(head[0x1A:], 3)
	put16(head[0x1C:], 0xFFFE)
	put16(head[0x1E:], 9)
	put16(head[0x20:], 6)
	put32(head[0x2C:], uint32(tables))
	put32(head[0x30:], uint32(tables)) // the directory follows the tables
	put32(head[0x38:], 4096)
	put32(head[0x3C:], endOfChain)
	put32(head[0x44:], endOfChain)
	table := make([]byte, tables*sector)
	for i := range len(table) / 4 {
		next := uint32(free)
		switch {
		case i < tables:
			next = tableMark
		case i == tables, i == tables+blocks:
			next = endOfChain
		case i < tables+blocks:
			next = uint32(i + 1)
		}
		put32(table[4*i:], next)
	}
	for i := range 109 {
		n := uint32(free)
		if i < tables {
			n = uint32(i)
		}
		put32(head[0x4C+4*i:], n)
	}
	folder := append(dirEntry("Root Entry", 5, 1, endOfChain, 0), dirEntry(name, 2, free, uint32(tables+1), length)...)
	folder = append(folder, make([]byte, sector-len(folder))...)
	return bytes.Join([][]byte{head, table, folder, body}, nil)
}

func dirEntry(name string, kind byte, child, start uint32, length int) []byte {
	e := make([]byte, 128)
	letters := wideText(name)
	copy(e, letters)
	binary.LittleEndian.PutUint16(e[64:], uint16(len(letters)+2))
	e[66] = kind
	for at, n := range map[int]uint32{68: 0xFFFFFFFF, 72: 0xFFFFFFFF, 76: child, 116: start, 120: uint32(length)} {
		binary.LittleEndian.PutUint32(e[at:], n)
	}
	return e
}
