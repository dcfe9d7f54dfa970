package biff

import "errors"

// Why a file cannot be read.
var (
	ErrDamaged   = errors.New("biff: contradicts itself")
	ErrOld       = errors.New("biff: not a workbook of Excel 97 to 2003")
	ErrEncrypted = errors.New("biff: has a password")
	ErrTooLarge  = errors.New("biff: too many cells or sheets")

	errAbsent = errors.New("biff: no such stream")
)

// The records that matter.
const (
	recBOF        = 0x0809
	recEOF        = 0x000A
	recContinue   = 0x003C
	recFilePass   = 0x002F
	recDateMode   = 0x0022
	recBoundSheet = 0x0085
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recLabel      = 0x0204
	recRString    = 0x00D6
	recNumber     = 0x0203
	recRK         = 0x027E
	recMulRK      = 0x00BD
	recFormula    = 0x0006
	recString     = 0x0207
	recShared     = 0x04BC
	recArray      = 0x0221
	recTable      = 0x0236
	recBoolErr    = 0x0205
	recBlank      = 0x0201
	recMulBlank   = 0x00BE
	recObj        = 0x005D

	version8  = 0x0600
	worksheet = 0
	maxSheets = 500
	maxCells  = 8 << 20
	maxShared = 4 << 20
)

// Book is an opened workbook.
type Book struct {
	Sheets   []Sheet
	Date1904 bool // serials count from 1904

	stream []byte
	shared []string
}

// Sheet is one worksheet; charts and macro sheets are left out.
type Sheet struct {
	Name   string
	Hidden bool
	start  int
}

// record is one record of the stream, its header taken off.
type record struct {
	kind int
	at   int // where its header begins
	body []byte
	next int
}

func (b *Book) record(at int) (record, bool) {
	if at < 0 || at+4 > len(b.stream) {
		return record{}, false
	}
	r := record{kind: u16(b.stream, at), at: at, next: at + 4 + u16(b.stream, at+2)}
	if r.next > len(b.stream) {
		return record{}, false
	}
	r.body = b.stream[at+4 : r.next]
	return r, true
}

// text is the record's text from the byte from on, with what continues it.
func (b *Book) text(r record, from int) *text {
	t := &text{blocks: [][]byte{r.body}, at: from}
	for more, ok := b.record(r.next); ok && more.kind == recContinue; more, ok = b.record(more.next) {
		t.blocks = append(t.blocks, more.body)
	}
	return t
}

// Open reads what stands before the sheets: their names and the shared strings.
func Open(data []byte) (*Book, error) {
	c, err := openContainer(data)
	if err != nil {
		return nil, err
	}
	b := &Book{}
	switch b.stream, err = c.stream("Workbook"); {
	case errors.Is(err, errAbsent):
		return nil, ErrOld // "Book" is that of Excel 5 and 95
	case err != nil:
		return nil, err
	}
	first, ok := b.record(0)
	switch {
	case !ok || len(first.body) < 4:
		return nil, ErrDamaged
	case first.kind != recBOF || u16(first.body, 0) != version8:
		return nil, ErrOld
	}
	if err := b.globals(first.next); err != nil {
		return nil, err
	}
	if len(b.Sheets) == 0 {
		return nil, ErrDamaged
	}
	return b, nil
}

func (b *Book) globals(at int) error {
	for {
		r, ok := b.record(at)
		if !ok {
			return ErrDamaged
		}
		at = r.next
		var err error
		switch r.kind {
		case recEOF:
			return nil
		case recFilePass:
			return ErrEncrypted
		case recDateMode:
			b.Date1904 = len(r.body) > 1 && u16(r.body, 0) == 1
		case recBoundSheet:
			err = b.sheet(r)
		case recSST:
			err = b.strings(r)
		}
		if err != nil {
			return err
		}
	}
}

func (b *Book) sheet(r record) error {
	if len(r.body) < 8 {
		return ErrDamaged
	}
	if r.body[5] != worksheet {
		return nil
	}
	if len(b.Sheets) == maxSheets {
		return ErrTooLarge
	}
	name, ok := b.text(r, 6).string(1)
	if !ok {
		return ErrDamaged
	}
	b.Sheets = append(b.Sheets, Sheet{Name: name, Hidden: r.body[4]&3 != 0, start: int(u32(r.body, 0))})
	return nil
}

func (b *Book) strings(r record) error {
	if len(r.body) < 8 {
		return ErrDamaged
	}
	t := b.text(r, 8)
	for n := u32(r.body, 4); n > 0 && t.left(); n-- { // a table may be shorter than it says
		s, ok := t.string(2)
		if !ok {
			return ErrDamaged
		}
		if b.shared = append(b.shared, s); len(b.shared) > maxShared {
			return ErrTooLarge
		}
	}
	return nil
}
