package biff

import (
	"encoding/binary"
	"math"
	"slices"
)

// Cell is the value in one place; row and column count from 0. Of a number Text
// is empty and Value holds it.
type Cell struct {
	Row, Col int
	Text     string
	Value    float64
	Number   bool
}

// place is where the record of a cell begins. A workbook of ten million cells
// costs eighty megabytes so, before any of it is looked at.
type place struct {
	row, col uint16
	at       uint32
}

// Cells gives a sheet's cells row by row, whatever order the file keeps them in.
// Blank ones come too, because they are there. It ends early where yield is false.
func (b *Book) Cells(s Sheet, yield func(Cell) bool) error {
	places, err := b.places(s.start)
	if err != nil {
		return err
	}
	byPlace := func(x, y place) int {
		if x.row != y.row {
			return int(x.row) - int(y.row)
		}
		return int(x.col) - int(y.col)
	}
	if !slices.IsSortedFunc(places, byPlace) {
		slices.SortStableFunc(places, byPlace)
	}
	for _, p := range places {
		r, ok := b.record(int(p.at))
		if !ok {
			return ErrDamaged
		}
		c, ok := b.cell(r, int(p.col))
		if !ok {
			return ErrDamaged
		}
		c.Row, c.Col = int(p.row), int(p.col)
		if !yield(c) {
			return nil
		}
	}
	return nil
}

// places lists the cells of the substream that begins at start; those of charts
// inside it have a BOF and an EOF of their own.
func (b *Book) places(start int) ([]place, error) {
	first, ok := b.record(start)
	if !ok || first.kind != recBOF {
		return nil, ErrDamaged
	}
	var found []place
	depth := 1
	for at := first.next; depth > 0; {
		r, ok := b.record(at)
		if !ok {
			return nil, ErrDamaged
		}
		at = r.next
		switch {
		case r.kind == recBOF:
			depth++
		case r.kind == recEOF:
			depth--
		case depth == 1:
			if found, ok = r.cells(found); !ok {
				return nil, ErrDamaged
			}
		}
		if len(found) > maxCells {
			return nil, ErrTooLarge
		}
	}
	return found, nil
}

// Pictures is how many pictures lie on a sheet. They are not read; their number
// lets a caller say so.
func (b *Book) Pictures(s Sheet) int {
	const kindAt, picture = 4, 8
	n := 0
	for r, ok := b.record(s.start); ok && r.kind != recEOF; r, ok = b.record(r.next) {
		if r.kind == recObj && len(r.body) >= kindAt+2 && u16(r.body, kindAt) == picture {
			n++
		}
	}
	return n
}

// least is the shortest body of each record that is a cell.
var least = map[int]int{
	recLabelSST: 10, recLabel: 8, recRString: 8, recNumber: 14, recRK: 10, recFormula: 14, recBoolErr: 8, recBlank: 6, recMulRK: 12, recMulBlank: 8,
}

func (r record) cells(found []place) ([]place, bool) {
	shortest, isCell := least[r.kind]
	if !isCell {
		return found, true
	}
	if len(r.body) < shortest {
		return found, false
	}
	p := place{row: binary.LittleEndian.Uint16(r.body), col: binary.LittleEndian.Uint16(r.body[2:]), at: uint32(r.at)}
	n := 1
	switch r.kind {
	case recMulRK:
		n = (len(r.body) - 6) / 6
	case recMulBlank:
		n = (len(r.body) - 6) / 2
	}
	for range n {
		found = append(found, p)
		if p.col++; p.col == 0 {
			return found, false
		}
	}
	return found, true
}

// cell is what the record holds for column col.
func (b *Book) cell(r record, col int) (Cell, bool) {
	switch r.kind {
	case recLabelSST:
		i := u32(r.body, 6)
		if int64(i) >= int64(len(b.shared)) {
			return Cell{}, false
		}
		return Cell{Text: b.shared[i]}, true
	case recLabel, recRString:
		s, ok := b.text(r, 6).string(2)
		return Cell{Text: s}, ok
	case recNumber:
		return number(math.Float64frombits(binary.LittleEndian.Uint64(r.body[6:])))
	case recRK:
		return number(rk(u32(r.body, 6)))
	case recMulRK:
		return number(rk(u32(r.body, 6+6*(col-u16(r.body, 2)))))
	case recBoolErr:
		return Cell{Text: boolErr(r.body[6], r.body[7] != 0)}, true
	case recFormula:
		return b.formula(r)
	}
	return Cell{}, true // blank
}

// number refuses what no cell can hold, so that nothing downstream meets it.
func number(x float64) (Cell, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Cell{}, true
	}
	return Cell{Value: x, Number: true}, true
}

// rk undoes Excel's short number: 30 bits of an integer or of a float's upper
// end, and whether it was a hundred times the value.
func rk(n uint32) float64 {
	x := float64(int32(n) >> 2)
	if n&2 == 0 {
		x = math.Float64frombits(uint64(n&^3) << 32)
	}
	if n&1 != 0 {
		x /= 100
	}
	return x
}

var errorNames = map[byte]string{0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

func boolErr(value byte, isError bool) string {
	switch {
	case isError:
		if name, ok := errorNames[value]; ok {
			return name
		}
		return "#N/A"
	case value != 0:
		return "TRUE"
	}
	return "FALSE"
}

// The kinds of results that are no number.
const (
	resultString = 0
	resultBool   = 1
	resultError  = 2
)

// formula is the last result; a text stands in a record of its own behind it.
func (b *Book) formula(r record) (Cell, bool) {
	result := r.body[6:14]
	if u16(result, 6) != 0xFFFF {
		return number(math.Float64frombits(binary.LittleEndian.Uint64(result)))
	}
	switch result[0] {
	case resultBool, resultError:
		return Cell{Text: boolErr(result[2], result[0] == resultError)}, true
	case resultString:
	default:
		return Cell{}, true
	}
	next, ok := b.record(r.next)
	for ok && (next.kind == recShared || next.kind == recArray || next.kind == recTable) {
		next, ok = b.record(next.next)
	}
	if !ok || next.kind != recString {
		return Cell{}, true
	}
	s, ok := b.text(next, 0).string(2)
	return Cell{Text: s}, ok
}
