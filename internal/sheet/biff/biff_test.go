package biff_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/sheet/biff"
	"cakap/internal/sheet/sheettest"
)

// dump is a sheet as lines of "B3=text" or "B3:number".
func dump(b *biff.Book, s biff.Sheet) (string, error) {
	var out strings.Builder
	err := b.Cells(s, func(c biff.Cell) bool {
		if c.Number {
			fmt.Fprintf(&out, "%d,%d:%v\n", c.Row, c.Col, c.Value)
		} else {
			fmt.Fprintf(&out, "%d,%d=%s\n", c.Row, c.Col, c.Text)
		}
		return true
	})
	return out.String(), err
}

func open(t *testing.T, data []byte) *biff.Book {
	t.Helper()
	b, err := biff.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var rec = sheettest.Record

// workbook wraps the records of one sheet; globals stand before its name.
func workbook(globals, cells []byte) []byte {
	begin := func(kind uint16) []byte { return rec(0x0809, uint16(0x0600), kind, uint64(0), uint32(0)) }
	name := func(at uint32) []byte { return rec(0x85, at, byte(0), byte(0), byte(1), byte(0), "A") }
	at := len(begin(5)) + len(globals) + len(name(0)) + len(rec(10))
	stream := append(begin(5), globals...)
	stream = append(stream, name(uint32(at))...)
	stream = append(stream, rec(10)...)
	stream = append(stream, begin(0x10)...)
	return sheettest.OLE("Workbook", append(append(stream, cells...), rec(10)...))
}

func at(row, col int) []byte {
	return []byte{byte(row), byte(row >> 8), byte(col), byte(col >> 8), 0, 0}
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestCells(t *testing.T) {
	result := func(b ...byte) []byte { return append(b, make([]byte, 14-len(b))...) }
	globals := join(rec(0x22, uint16(1)), sheettest.SST("Satu", "Dúa 😀"))
	cells := join(
		rec(0x0201, at(0, 0)),
		rec(0x00FD, at(0, 1), uint32(1)),
		rec(0x0203, at(1, 0), math.Float64bits(2.5)),
		rec(0x00BD, at(1, 1), uint32(5<<2|2), uint16(0), uint32(uint32(150<<2|3)), uint16(2)), // 5 and 1.5
		rec(0x027E, at(1, 3), uint32(math.Float64bits(-8)>>32)),
		rec(0x0204, at(2, 0), uint16(3), byte(0), "abc"),
		rec(0x0205, at(2, 1), byte(1), byte(0)), rec(0x0205, at(2, 2), byte(42), byte(1)),
		rec(0x0006, at(3, 0), result(0, 0, 0, 0, 0, 0, 0xFF, 0xFF)), rec(0x04BC, uint16(0)), rec(0x0207, uint16(2), byte(0), "ya"),
		rec(0x0006, at(3, 1), math.Float64bits(7), uint16(0), uint32(0)),
		rec(0x0006, at(3, 2), result(1, 0, 1, 0, 0, 0, 0xFF, 0xFF)),
		rec(0x0006, at(3, 3), result(3, 0, 0, 0, 0, 0, 0xFF, 0xFF)),
		rec(0x0809, uint16(0x0600), uint16(0x20), uint64(0), uint32(0)), rec(0x0203, at(9, 9), math.Float64bits(1)), rec(10), // a chart
		rec(0x00BE, at(4, 0), uint16(0), uint16(1)),
		rec(0x0203, at(0, 0), math.Float64bits(1)), // out of order
		rec(0x0203, at(5, 0), math.Float64bits(math.NaN())),
	)
	b := open(t, workbook(globals, cells))
	got, err := dump(b, b.Sheets[0])
	want := "0,0=\n0,0:1\n0,1=Dúa 😀\n1,0:2.5\n1,1:5\n1,2:1.5\n1,3:-8\n2,0=abc\n2,1=TRUE\n2,2=#N/A\n3,0=ya\n3,1:7\n3,2=TRUE\n3,3=\n4,0=\n4,1=\n5,0=\n"
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("cells (-want +got):\n%s%v", diff, err)
	}
	if !b.Date1904 || b.Sheets[0].Name != "A" || b.Sheets[0].Hidden {
		t.Errorf("1904 %v, sheets %+v", b.Date1904, b.Sheets)
	}
}

// Strings are cut between records, in the middle of a letter's neighbourhood,
// and the rest may come in letters of another width.
func TestStringsAcrossRecords(t *testing.T) {
	long := strings.Repeat("panjang ", 4000)
	many := []string{"", long, "é", strings.Repeat("x", 8300), "akhir"}
	narrow := join(rec(0xFC, uint32(1), uint32(1), uint16(4), byte(0), "Sa"), rec(0x3C, byte(1), "t\x00u\x00"))
	rich := rec(0xFC, uint32(2), uint32(2), uint16(2), byte(0x0C), uint16(1), uint32(3), "ok", "runs", "pho", uint16(1), byte(0), "z")
	for _, tt := range []struct {
		name    string
		globals []byte
		want    []string
	}{
		{"long", sheettest.SST(many...), many}, {"narrow then wide", narrow, []string{"Satu"}}, {"runs and phonetics", rich, []string{"ok", "z"}},
		{"shorter than it says", rec(0xFC, uint32(9), uint32(9), uint16(1), byte(0), "a"), []string{"a"}},
	} {
		var cells []byte
		for i := range tt.want {
			cells = append(cells, rec(0xFD, at(i, 0), uint32(i))...)
		}
		b := open(t, workbook(tt.globals, cells))
		var got []string
		if err := b.Cells(b.Sheets[0], func(c biff.Cell) bool { got = append(got, c.Text); return true }); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	good := workbook(nil, nil)
	cutAt := func(n int) []byte { return good[:n] }
	loop := append([]byte(nil), good...)
	copy(loop[512+4*1:], []byte{1, 0, 0, 0}) // the directory follows itself
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, biff.ErrDamaged}, {"only a head", cutAt(512), biff.ErrDamaged}, {"no directory", cutAt(1024), biff.ErrDamaged},
		{"half a stream", cutAt(2000), biff.ErrDamaged}, {"a chain that bites its tail", loop, biff.ErrDamaged},
		{"Excel 95", sheettest.OLE("Book", nil), biff.ErrOld}, {"no BIFF8", sheettest.OLE("Workbook", rec(0x0809, uint16(0x0500), uint16(5))), biff.ErrOld},
		{"password", workbook(rec(0x2F, uint16(1)), nil), biff.ErrEncrypted},
		{"no sheet", sheettest.OLE("Workbook", join(rec(0x0809, uint16(0x0600), uint16(5)), rec(10))), biff.ErrDamaged},
		{"a string that is not there", workbook(rec(0xFC, uint32(1), uint32(1), uint16(9), byte(0), "a"), nil), biff.ErrDamaged},
	} {
		if _, err := biff.Open(tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	for name, cells := range map[string][]byte{
		"a shared string that is not there": rec(0xFD, at(0, 0), uint32(7)), "a short cell": rec(0x0203, at(0, 0)),
		"past the last column": rec(0xBE, []byte{0, 0, 0xFF, 0xFF}, make([]byte, 6)),
	} {
		b := open(t, workbook(nil, cells))
		if _, err := dump(b, b.Sheets[0]); !errors.Is(err, biff.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPicturesAreCounted(t *testing.T) {
	obj := func(kind uint16) []byte { return rec(0x5D, uint16(0x15), uint16(0x12), kind, make([]byte, 16)) }
	b := open(t, workbook(nil, join(obj(8), obj(25), rec(0x5D), obj(8)))) // 25 is a note
	if n := b.Pictures(b.Sheets[0]); n != 2 {
		t.Errorf("%d pictures, want 2", n)
	}
}

// What LibreOffice wrote of a sheet of ours.
func TestLibreOfficeFile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "libreoffice.xls"))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, data)
	got, err := dump(b, b.Sheets[0])
	want, readErr := os.ReadFile(filepath.Join("testdata", "libreoffice.txt"))
	if diff := cmp.Diff(string(want), got); diff != "" || err != nil || readErr != nil {
		t.Errorf("cells (-want +got):\n%s%v %v", diff, err, readErr)
	}
	if len(b.Sheets) != 2 || b.Sheets[1].Name != "Sembunyi" || !b.Sheets[1].Hidden {
		t.Errorf("sheets %+v", b.Sheets)
	}
}

// Damage anywhere ends in an error or in other cells, never in a panic.
func TestDamage(t *testing.T) {
	data := sheettest.XLS(sheettest.Sheet{Name: "Soal", Rows: [][]any{{"No", "Soal"}, {1, "Apa?"}, {2.5, true, sheettest.Inline("x")}}})
	for i := range 21 {
		readAll(data[:len(data)*i/21])
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		bad := append([]byte(nil), data...)
		for range len(bad) / 100 {
			bad[rng.IntN(len(bad))] = byte(rng.Uint32())
		}
		readAll(bad)
	}
}

func readAll(data []byte) int {
	b, err := biff.Open(data)
	if err != nil {
		return 0
	}
	n := 0
	for _, s := range b.Sheets {
		if err := b.Cells(s, func(biff.Cell) bool { n++; return n < 1_000_000 }); err != nil {
			return n
		}
	}
	return n
}

func FuzzOpen(f *testing.F) {
	f.Add(sheettest.XLS(sheettest.Sheet{Name: "Soal", Rows: [][]any{{"No", "Soal"}, {1, "Apa?"}, {2.5, true, sheettest.Inline("x")}}}))
	f.Add(workbook(rec(0x22, uint16(1)), rec(0xBD, at(0, 0), uint32(6), uint16(0), uint32(7), uint16(1))))
	if data, err := os.ReadFile(filepath.Join("testdata", "libreoffice.xls")); err == nil {
		f.Add(data)
	}
	corpus, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "corpus", "xlsx_soal", "*.xls"))
	for _, name := range corpus {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(_ *testing.T, data []byte) { readAll(data) })
}
