package sheet_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/sheet/sheettest"
)

func open(t testing.TB, content []byte) *sheet.Book {
	t.Helper()
	b, err := sheet.OpenBytes("berkas", content, sheet.Limits{})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return b
}

// dump shows a sheet as "C17 text", numbers marked with "#".
func dump(t testing.TB, b *sheet.Book, s sheet.Sheet) []string {
	t.Helper()
	var out []string
	for row, err := range b.Rows(s) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range row.Cells {
			if c.Text == "" {
				continue
			}
			mark := " "
			if c.Number {
				mark = " #"
			}
			out = append(out, c.Ref()+mark+c.Text)
		}
	}
	return out
}

func key(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	return fmt.Sprint(err)
}

func TestWorkbookCells(t *testing.T) {
	b := open(t, sheettest.Workbook(
		sheettest.Sheet{Name: "Rahasia", Hidden: true, Rows: [][]any{{"x"}}},
		sheettest.Sheet{Name: "Data & Pegawai", Start: 3, Rows: [][]any{
			{"NIP", nil, "a<b>\"&'", true},
			{},
			{sheettest.Raw("1.99301212020121E+17"), sheettest.Raw("199301212020121001"), sheettest.Raw("8.1234567890000003E+10"), sheettest.Raw("0.10000000000000001")},
			{sheettest.Inline(" tepi "), time.Date(1993, 1, 21, 0, 0, 0, 0, time.UTC), "baris\ndua", sheettest.Styled{}, "\x0b"},
		}},
	))
	if got, want := fmt.Sprint(b.Sheets()), "Data & Pegawai"; !strings.Contains(got, want) || !b.Sheets()[0].Hidden || b.Sheets()[1].Hidden {
		t.Errorf("sheets = %v", got)
	}
	want := []string{
		"A3 NIP", "C3 a<b>\"&'", "D3 TRUE",
		"A5 #1.99301212020121E+17", "B5 #199301212020121001", "C5 #81234567890", "D5 #0.1",
		"A6  tepi ", "B6 #33990", "C6 baris\ndua", "E6 \x0b",
	}
	if diff := cmp.Diff(want, dump(t, b, b.Sheets()[1])); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if got, want := b.At(b.Sheets()[1], 17, 28), "'Data & Pegawai'!AC17"; got != want {
		t.Errorf("At = %q, want %q", got, want)
	}
}

// What other programs write: prefixes, no references, rich and phonetic text,
// comments, CDATA, an absolute target, the 1904 epoch.
func TestForeignWorkbook(t *testing.T) {
	content := sheettest.Zip(map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/xl/wb.xml"/></Relationships>`,
		"xl/wb.xml":                  `<?xml version="1.0"?><x:workbook xmlns:x="x" xmlns:r="r"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="A" r:id="r1"/></x:sheets></x:workbook>`,
		"xl/_rels/wb.xml.rels":       `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/s.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="ss.xml"/></Relationships>`,
		"xl/ss.xml":                  `<x:sst><x:si><x:r><x:rPr><x:b/></x:rPr><x:t>Budi </x:t></x:r><x:r><x:t>Santoso</x:t></x:r><x:rPh><x:t>hidden</x:t></x:rPh></x:si><x:si/><x:si><x:t><![CDATA[<&>]]>&#x41;&#66;&unknown;</x:t></x:si></x:sst>`,
		"xl/worksheets/s.xml":        `<x:worksheet a='>'><!-- > --><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c t="s"><x:f>A1&amp;""</x:f><x:v>2</x:v></x:c><x:c><x:v>32528</x:v></x:c></x:row><x:row/><x:row><x:c/><x:c t="str"><x:f>1</x:f><x:v>=SUM</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData><x:row><x:c><x:v>9</x:v></x:c></x:row></x:worksheet>`,
		"xl/worksheets/unrelated.ml": `no matter`,
	})
	b := open(t, content)
	want := []string{"A1 Budi Santoso", "C1 <&>AB&unknown;", "D1 #32528", "B3 =SUM", "C3 #REF!"}
	if diff := cmp.Diff(want, dump(t, b, b.Sheets()[0])); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	for row := range b.Rows(b.Sheets()[0]) {
		if got, _ := row.Cell(3).Date(); got.Format(time.DateOnly) != "1993-01-21" {
			t.Errorf("1904 serial = %v", got)
		}
		break
	}
}

// sample is a workbook by excelize itself, streamed, n rows of 70 columns.
func sample(t testing.TB, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for r := 1; r <= n; r++ {
		row := make([]any, 70)
		for c := range row {
			switch c % 5 {
			case 0:
				row[c] = fmt.Sprintf("19930121202012%04d", r)
			case 1:
				row[c] = r * c
			case 2:
				row[c] = float64(r) / 7
			case 3:
				row[c] = "Dinas Pendidikan & Kebudayaan"
			}
		}
		if err := w.SetRow(sheet.Ref(r, 0), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readExcelize(t testing.TB, content []byte) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], cells)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// A workbook read by this package and by excelize holds the same text. Only
// long numbers and booleans are written differently, on purpose.
func TestReadsLikeExcelize(t *testing.T) {
	files := map[string][]byte{
		"streamed": sample(t, 50),
		"ours":     sheettest.Workbook(sheettest.Sheet{Name: "A", Rows: [][]any{{"x", nil, sheettest.Inline("y")}, {}, {nil, 12}}}),
	}
	for _, pattern := range []string{"../../../shared/corpus/xlsx_soal/*.xlsx", "../../../shared/mockups/workbook/*.xlsx"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = content
		}
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			want := readExcelize(t, content)
			b := open(t, content)
			cells := 0
			for _, s := range b.Sheets() {
				for row, err := range b.Rows(s) {
					if err != nil {
						t.Fatal(err)
					}
					for i, c := range row.Cells {
						theirs := ""
						if rows := want[s.Name]; row.N <= len(rows) && i < len(rows[row.N-1]) {
							theirs = rows[row.N-1][i]
						}
						if c.Number && len(theirs) > 15 || c.Text == "TRUE" || c.Text == "FALSE" {
							continue
						}
						if c.Text != theirs {
							t.Errorf("%s = %q, excelize reads %q", b.At(s, row.N, i), c.Text, theirs)
						}
						cells++
					}
				}
			}
			if cells < 3 {
				t.Errorf("compared only %d cells", cells)
			}
		})
	}
}

func BenchmarkRows(b *testing.B) {
	content := sample(b, 5000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		book := open(b, content)
		for _, err := range book.Rows(book.Sheets()[0]) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkExcelizeRows(b *testing.B) {
	content := sample(b, 5000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		readExcelize(b, content)
	}
}

func utf16Bytes(s string, order binary.ByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		out = append(out, 0, 0)
		order.PutUint16(out[len(out)-2:], u)
	}
	return out
}

func TestTextFiles(t *testing.T) {
	for _, tt := range []struct {
		name, content, format, encoding string
		want                            []string
	}{
		{"semicolon with BOM", "\ufeffNIP;NAMA\r\n1;Budi, S.Sos\r\n2;Ani, M.Pd\r\n", "csv", "utf-8", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 Budi, S.Sos", "A3 2", "B3 Ani, M.Pd"}},
		{"comma, quoted", "NIP,NAMA\n1,\"Budi, \"\"S.Sos\"\"\"\n", "csv", "utf-8", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 Budi, \"S.Sos\""}},
		{"tab", "NIP\tNAMA\n1\tBudi, S.Sos\n", "tsv", "utf-8", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 Budi, S.Sos"}},
		{"Excel's hint", "sep=|\nNIP|NAMA\n1|A;B;C\n", "csv", "utf-8", []string{"A2 NIP", "B2 NAMA", "A3 1", "B3 A;B;C"}},
		{"UTF-16 LE", string(utf16Bytes("NIP;NAMA\n1;Né\n", binary.LittleEndian)), "csv", "utf-16le", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 Né"}},
		{"UTF-16 BE", string(utf16Bytes("NIP;NAMA\n1;Né\n", binary.BigEndian)), "csv", "utf-16be", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 Né"}},
		{"Windows-1252", "NIP;NAMA\n1;Ren\xe9\n", "csv", "windows-1252", []string{"A1 NIP", "B1 NAMA", "A2 1", "B2 René"}},
		{"lines inside a cell keep the count", "NIP;NAMA\n\n1;\"a\nb\"\n2;c\n", "csv", "utf-8", []string{"A1 NIP", "B1 NAMA", "A3 1", "B3 a\nb", "A5 2", "B5 c"}},
		{"one column", "NIP\n1\n", "csv", "utf-8", []string{"A1 NIP", "A2 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, []byte(tt.content))
			if b.Format != tt.format || b.Encoding != tt.encoding {
				t.Errorf("%s in %s, want %s in %s", b.Format, b.Encoding, tt.format, tt.encoding)
			}
			if diff := cmp.Diff(tt.want, dump(t, b, b.Sheets()[0])); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongTextIsUTF8AcrossBlocks(t *testing.T) {
	for shift := range 4 {
		content := strings.Repeat("a", shift) + strings.Repeat("é€", 40_000)
		if b := open(t, []byte(content)); b.Encoding != "utf-8" {
			t.Errorf("shift %d: read as %s", shift, b.Encoding)
		}
		if b := open(t, []byte(content+"\xe9")); b.Encoding != "windows-1252" {
			t.Errorf("shift %d: broken tail read as %s", shift, b.Encoding)
		}
	}
}
