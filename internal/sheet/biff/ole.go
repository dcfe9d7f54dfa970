package biff

import (
	"encoding/binary"
	"unicode/utf16"
)

// The numbers of a compound file; what is as large as maxRegular ends a chain.
const (
	maxRegular = 0xFFFFFFFA
	noStream   = 0xFFFFFFFF
	headerSize = 512
	entrySize  = 128
	inHeader   = 109 // sectors of the table that the header names
	typeStream = 2
	typeRoot   = 5
)

// container is an OLE2 compound file: a file system of chained sectors.
type container struct {
	data    []byte
	size    int      // of a sector
	fat     []uint32 // the sector after each
	mini    []uint32 // the same of the small sectors
	small   []byte   // where those stand
	cutoff  int      // streams below live in small sectors
	miniBy  int
	entries []entry
}

type entry struct {
	name               string
	kind               byte
	left, right, child uint32
	start              uint32
	length             int
}

func u16(b []byte, at int) int    { return int(binary.LittleEndian.Uint16(b[at:])) }
func u32(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }

func openContainer(data []byte) (*container, error) {
	if len(data) < headerSize {
		return nil, ErrDamaged
	}
	shift, miniShift := u16(data, 0x1E), u16(data, 0x20)
	if shift != 9 && shift != 12 || miniShift < 4 || miniShift >= shift {
		return nil, ErrDamaged
	}
	c := &container{data: data, size: 1 << shift, miniBy: 1 << miniShift, cutoff: int(u32(data, 0x38))}
	if c.cutoff > 1<<20 {
		return nil, ErrDamaged
	}
	if err := c.readTable(); err != nil {
		return nil, err
	}
	directory, err := c.chain(u32(data, 0x30), -1)
	if err != nil {
		return nil, err
	}
	c.readEntries(directory)
	if len(c.entries) == 0 || c.entries[0].kind != typeRoot {
		return nil, ErrDamaged
	}
	root := c.entries[0]
	if root.start < maxRegular && root.length > 0 {
		if c.small, err = c.chain(root.start, root.length); err != nil {
			return nil, err
		}
		table, err := c.chain(u32(data, 0x3C), -1)
		if err != nil {
			return nil, err
		}
		c.mini = numbers(table)
	}
	return c, nil
}

// sector is one sector, short where the file ends inside it: some programs do
// not fill up the last one.
func (c *container) sector(n uint32) ([]byte, bool) {
	if n >= maxRegular {
		return nil, false
	}
	from := headerSize
	if c.size > headerSize {
		from = c.size
	}
	at := from + int(n)*c.size
	if at >= len(c.data) {
		return nil, false
	}
	return c.data[at:min(at+c.size, len(c.data))], true
}

// readTable gathers the sector table, whose own sectors the header and, for
// files beyond seven megabytes, a chain of their own name.
func (c *container) readTable() error {
	count := int(u32(c.data, 0x2C))
	if count > len(c.data)/c.size+1 {
		return ErrDamaged
	}
	var sectors []uint32
	for i := 0; i < inHeader && len(sectors) < count; i++ {
		sectors = append(sectors, u32(c.data, 0x4C+4*i))
	}
	next := u32(c.data, 0x44)
	for len(sectors) < count {
		block, ok := c.sector(next)
		if !ok || len(block) < c.size {
			return ErrDamaged
		}
		list := numbers(block)
		for _, n := range list[:len(list)-1] {
			if len(sectors) < count {
				sectors = append(sectors, n)
			}
		}
		next = list[len(list)-1]
	}
	for _, n := range sectors {
		block, ok := c.sector(n)
		if !ok {
			return ErrDamaged
		}
		c.fat = append(c.fat, numbers(block)...)
	}
	return nil
}

func numbers(block []byte) []uint32 {
	list := make([]uint32, len(block)/4)
	for i := range list {
		list[i] = u32(block, 4*i)
	}
	return list
}

// chain joins the sectors from start on; length -1 takes all of them. A chain
// cannot be longer than the file, so one that bites its tail ends here.
func (c *container) chain(start uint32, length int) ([]byte, error) {
	var out []byte
	for n := start; n < maxRegular && (length < 0 || len(out) < length); {
		block, ok := c.sector(n)
		if !ok || len(out) > len(c.data) || int(n) >= len(c.fat) {
			return nil, ErrDamaged
		}
		out = append(out, block...)
		n = c.fat[n]
	}
	return cut(out, length)
}

func (c *container) miniChain(start uint32, length int) ([]byte, error) {
	var out []byte
	for n := start; n < maxRegular && len(out) < length; {
		at := int(n) * c.miniBy
		if int(n) >= len(c.mini) || at >= len(c.small) || len(out) > len(c.small) {
			return nil, ErrDamaged
		}
		out = append(out, c.small[at:min(at+c.miniBy, len(c.small))]...)
		n = c.mini[n]
	}
	return cut(out, length)
}

func cut(stream []byte, length int) ([]byte, error) {
	switch {
	case length < 0:
		return stream, nil
	case len(stream) < length:
		return nil, ErrDamaged
	}
	return stream[:length], nil
}

func (c *container) readEntries(directory []byte) {
	for at := 0; at+entrySize <= len(directory); at += entrySize {
		raw := directory[at : at+entrySize]
		wide := make([]uint16, min(u16(raw, 64)/2, 32))
		for i := range wide {
			wide[i] = binary.LittleEndian.Uint16(raw[2*i:])
		}
		if n := len(wide); n > 0 && wide[n-1] == 0 {
			wide = wide[:n-1]
		}
		c.entries = append(c.entries, entry{
			name: string(utf16.Decode(wide)), kind: raw[66], left: u32(raw, 68), right: u32(raw, 72), child: u32(raw, 76),
			start: u32(raw, 116), length: int(u32(raw, 120)),
		})
	}
}

// stream finds a stream of the top folder: workbooks embedded in this one have
// streams of the same name further down.
func (c *container) stream(name string) ([]byte, error) {
	seen := map[uint32]bool{}
	queue := []uint32{c.entries[0].child}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n == noStream || int(n) >= len(c.entries) || seen[n] {
			continue
		}
		seen[n] = true
		e := c.entries[n]
		if e.kind == typeStream && e.name == name {
			return c.read(e)
		}
		queue = append(queue, e.left, e.right)
	}
	return nil, errAbsent
}

func (c *container) read(e entry) ([]byte, error) {
	if e.length > len(c.data) {
		return nil, ErrDamaged
	}
	if e.length < c.cutoff {
		return c.miniChain(e.start, e.length)
	}
	return c.chain(e.start, e.length)
}
