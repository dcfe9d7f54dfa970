package sheet

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/sheet/biff"
)

// Limits bound what a file may cost. The zero value of a field is its default.
type Limits struct {
	Bytes    int64 // the file as uploaded; 64 MiB
	Unzipped int64 // all parts of a workbook together; 1 GiB, streamed and never held
	Rows     int   // rows with something in them, per sheet; 200,000
	Columns  int   // 500
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Unzipped == 0 {
		l.Unzipped = 1 << 30
	}
	if l.Rows == 0 {
		l.Rows = 200_000
	}
	if l.Columns == 0 {
		l.Columns = 500
	}
	return l
}

// Book is an opened spreadsheet. It keeps reading from the source it was
// opened on, so that must outlive it; there is nothing to close.
type Book struct {
	Name     string // of the file, for messages
	Format   string // "xlsx", "xls", "csv" or "tsv"
	Encoding string // "utf-8", "utf-16le", "utf-16be" or "windows-1252"; of a text file only

	sheets []Sheet
	limits Limits
	source source
}

// Sheet is one sheet of a book. A text file has one, without a name.
type Sheet struct {
	Name   string
	Hidden bool
	part   string     // of an .xlsx
	old    biff.Sheet // of an .xls
}

// Row is one row with at least one cell. N counts from 1 as the spreadsheet
// program shows it; in a text file it is the line. Cells are dense from column
// A and hold until the next row is read; Clone a row to keep it.
type Row struct {
	N     int
	Cells []Cell
}

// Cell is the cell in a column, blank where the row has none.
func (r Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{row: r.N, col: column}
	}
	return r.Cells[column]
}

// Blank reports whether no cell of the row holds anything to see.
func (r Row) Blank() bool {
	for i := range r.Cells {
		if !r.Cells[i].Blank() {
			return false
		}
	}
	return true
}

// Clone is a copy that outlives the iteration.
func (r Row) Clone() Row {
	return Row{N: r.N, Cells: append([]Cell(nil), r.Cells...)}
}

type source interface {
	rows(s Sheet, limits Limits) iter.Seq2[Row, error]
}

// OpenBytes opens a file that is in memory already.
func OpenBytes(name string, content []byte, limits Limits) (*Book, error) {
	return Open(name, bytes.NewReader(content), int64(len(content)), limits)
}

// Open looks at what the file is, whatever it is called, and refuses what it
// cannot read with the way out: "Simpan sebagai .xlsx".
func Open(name string, r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	limits = limits.withDefaults()
	switch {
	case size == 0:
		return nil, fault.New(fault.Invalid, "sheet.empty")
	case size > limits.Bytes:
		return nil, fault.New(fault.TooLarge, "sheet.too_big", strconv.FormatInt(limits.Bytes>>20, 10))
	}
	head := make([]byte, min(size, 8<<10))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	b := &Book{Name: name, limits: limits}
	var err error
	switch kind := sniff(head); kind {
	case "zip":
		err = b.openWorkbook(r, size)
	case "ole2":
		err = b.openXLS(r, size)
	case "html":
		err = fault.New(fault.Unsupported, "sheet.html")
	case "text":
		err = b.openText(r, size, head)
	default:
		err = fault.New(fault.Unsupported, "sheet.unsupported")
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

func sniff(head []byte) string {
	trimmed := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(bomUTF8)), " \t\r\n"))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return "zip"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "ole2"
	case bytes.HasPrefix(trimmed, []byte("<")):
		// Many local systems export an HTML table and call it .xls.
		return "html"
	case bytes.HasPrefix(trimmed, []byte("%pdf")), bytes.HasPrefix(trimmed, []byte(`{\rtf`)):
		return ""
	case utf16BOM(head) != "":
		return "text"
	case bytes.IndexByte(head, 0) >= 0:
		return ""
	default:
		return "text"
	}
}

// Sheets are the sheets in their order, hidden ones too.
func (b *Book) Sheets() []Sheet { return append([]Sheet(nil), b.sheets...) }

// Rows streams a sheet from top to bottom. Rows without any cell are left out,
// rows with only blank cells are not: a caller can count them. The error, if
// any, comes last and is a fault.
func (b *Book) Rows(s Sheet) iter.Seq2[Row, error] { return b.source.rows(s, b.limits) }

// At names a cell as its file's readers know it: "Pegawai!C17" in a workbook,
// "baris 17" in a text file, where columns have no letters.
func (b *Book) At(s Sheet, row, column int) string {
	if !b.Lettered() {
		return "baris " + strconv.Itoa(row)
	}
	ref := Ref(row, column)
	if s.Name == "" {
		return ref
	}
	return quoteSheet(s.Name) + "!" + ref
}

// Lettered reports whether the file's columns have letters, as a workbook's do
// and those of a text file do not.
func (b *Book) Lettered() bool { return b.Format == "xlsx" || b.Format == "xls" }

func quoteSheet(name string) string {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return "'" + strings.ReplaceAll(name, "'", "''") + "'"
		}
	}
	return name
}
