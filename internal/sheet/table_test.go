package sheet_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/locale"
	"cakap/internal/sheet"
	"cakap/internal/sheet/sheettest"
)

var aliases = sheet.Aliases{
	"nip":      {"NIP BARU", "NIP", "NIP/NI PPPK"},
	"name":     {"NAMA", "NAMA LENGKAP"},
	"position": {"JABATAN NAMA", "JABATAN"},
	"grade":    {"GOL/RUANG", "PANGKAT GOL"},
	"unit":     {"UNIT KERJA"},
}

func TestFindTable(t *testing.T) {
	duk := [][]any{
		{"DAFTAR URUT KEPANGKATAN"},
		{"PEMERINTAH KABUPATEN CILACAP"},
		{},
		{"NO", "NAMA", "NIP", "PANGKAT", nil, "JABATAN", nil, "PENDIDIKAN", nil, "KET"},
		{nil, nil, nil, "GOL", "TMT", "NAMA", "TMT", "NAMA", "TAHUN"},
		{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		{1, "Budi", "'1", "III/c", nil, "Guru", nil, "S1"},
		{},
		{"NO", "NAMA", "NIP", "PANGKAT", nil, "JABATAN"},
		{2, "Ani", "2", "III/d"},
	}
	for _, tt := range []struct {
		name        string
		rows        [][]any
		first, last int
		want        []string // "field place text" of every data row
		ignored     string
		duplicates  int
	}{
		{"plain", [][]any{{"NIP", "Nama Lengkap"}, {"1", "Budi"}}, 1, 1, []string{"name S!B2 Budi", "nip S!A2 1"}, "", 0},
		{"signs, spaces and NBSP in titles", [][]any{{" NIP *", "Nama\u00a0 :", "gol.\nruang", "Unit_Kerja"}, {"1", "B", "c", "d"}}, 1, 1,
			[]string{"grade S!C2 c", "name S!B2 B", "nip S!A2 1", "unit S!D2 d"}, "", 0},
		{"hint in parentheses", [][]any{{"NIP (18 angka)", "NAMA (tanpa gelar)"}, {"1", "B"}}, 1, 1, []string{"name S!B2 B", "nip S!A2 1"}, "", 0},
		{"the better alias wins", [][]any{{"NIP LAMA", "NIP", "NIP BARU", "NAMA"}, {"0", "1", "2", "B"}}, 1, 1, []string{"name S!D2 B", "nip S!C2 2"}, "NIP LAMA", 0},
		{"the first of equals", [][]any{{"NIP", "NAMA", "nip"}, {"1", "B", "2"}}, 1, 1, []string{"name S!B2 B", "nip S!A2 1"}, "", 1},
		{"titles above, merged header, column numbers, repeated header", duk, 4, 5,
			[]string{"grade S!D7 III/c", "name S!B7 Budi", "nip S!C7 '1", "position S!F7 Guru", "grade S!D10 III/d", "name S!B10 Ani", "nip S!C10 2"},
			"NO, TMT, JABATAN TMT, TAHUN, KET", 0},
		{"data that looks like a title stays data", [][]any{{"NIP", "NAMA"}, {"1", "NAMA"}}, 1, 1, []string{"name S!B2 NAMA", "nip S!A2 1"}, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, sheettest.Workbook(
				sheettest.Sheet{Name: "Petunjuk", Rows: [][]any{{"Isi NIP dan nama"}}},
				sheettest.Sheet{Name: "Lama", Hidden: true, Rows: [][]any{{"NIP", "NAMA", "JABATAN", "UNIT KERJA", "GOL RUANG"}}},
				sheettest.Sheet{Name: "S", Rows: tt.rows},
			))
			table, err := b.FindTable(aliases, "nip", "name")
			if err != nil {
				t.Fatal(err)
			}
			if table.First != tt.first || table.Last != tt.last {
				t.Errorf("header in rows %d-%d, want %d-%d", table.First, table.Last, tt.first, tt.last)
			}
			var got []string
			for r, err := range table.Rows() {
				if err != nil {
					t.Fatal(err)
				}
				for _, field := range []string{"grade", "name", "nip", "position", "unit"} {
					if c := r.Cell(field); !c.Blank() {
						got = append(got, field+" "+r.At(field)+" "+c.Text)
					}
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if got := strings.Join(table.Ignored, ", "); got != tt.ignored {
				t.Errorf("ignored titles %q, want %q", got, tt.ignored)
			}
			if len(table.Duplicates) != tt.duplicates {
				t.Errorf("duplicates %+v, want %d", table.Duplicates, tt.duplicates)
			}
		})
	}
}

func TestNoTable(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"no header", []byte("a;b\n1;2\n"), "Baris judul kolom tidak ditemukan. Beri judul kolom NIP BARU, NAMA"},
		{"a column is missing", sheettest.Workbook(sheettest.Sheet{Name: "S", Start: 4, Rows: [][]any{{"NIP", "JABATAN"}}}), "S!A4: Kolom NAMA tidak ada."},
		{"all hidden", sheettest.Workbook(sheettest.Sheet{Name: "S", Hidden: true, Rows: [][]any{{"NIP", "NAMA"}}}), "Semua lembar di berkas ini disembunyikan."},
	} {
		_, err := open(t, tt.content).FindTable(aliases, "nip", "name")
		if got := locale.Fault(err); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %q, want %q…", tt.name, got, tt.want)
		}
	}
}

func TestPlacesInTextFiles(t *testing.T) {
	table, err := open(t, []byte("NIP;Nama\n1;B\n")).FindTable(aliases, "nip|name")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ got, want string }{
		{table.At(2, "name"), "baris 2 kolom Nama"}, {table.At(2, "unit"), "baris 2"}, {table.Line(3), "baris 3"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestDate(t *testing.T) {
	for _, tt := range []struct {
		text   string
		number bool
		want   string // "" for no date
	}{
		{"33990", true, "1993-01-21"}, {"33990.75", true, "1993-01-21"}, {"33990", false, "1993-01-21"},
		{"21-01-1993", false, "1993-01-21"}, {"21/1/1993", false, "1993-01-21"}, {"21.01.1993", false, "1993-01-21"},
		{"1993-01-21", false, "1993-01-21"}, {"1993-01-21T00:00:00", false, "1993-01-21"}, {" 21-01-1993 00:00:00 ", false, "1993-01-21"},
		{"3 Maret 2026", false, "2026-03-03"}, {"3 Mar 2026", false, "2026-03-03"}, {"17 Agustus 1945", false, "1945-08-17"}, {"1 Nopember 1990", false, "1990-11-01"},
		{"01-Peb-1990", false, "1990-02-01"}, {"'21-01-1993", false, "1993-01-21"},
		{"01/21/1993", false, ""}, {"30-02-1993", false, ""}, {"21-01-93", false, ""}, {"", false, ""}, {"-", false, ""},
		{"5", true, ""}, {"19930121", true, ""}, {"21 Foo 1993", false, ""}, {"123456", false, ""},
	} {
		got := ""
		if at, ok := (sheet.Cell{Text: tt.text, Number: tt.number}).Date(); ok {
			got = at.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("Date(%q, number %v) = %q, want %q", tt.text, tt.number, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct {
		raw, want string
		ok        bool
	}{
		{"Budi Santoso", "Budi Santoso", true},
		{"  Budi \t\n Santoso\u00a0", "Budi Santoso", true},
		{"'1993", "1993", true}, {" ' 1993", "1993", true}, {"’1993", "1993", true}, {"O'Brien", "O'Brien", true}, {"'", "", true},
		{"Bu\u200bdi\ufeff", "Budi", true}, {"\u202eBudi", "Budi", true}, {"e\u0301", "é", true},
		{"Budi\x00", "", false}, {"Bu\x0bdi", "", false}, {"Ren\xe9", "", false}, {"\ue000x", "", false}, {"\ufffd", "", false},
		{"", "", true}, {" ", "", true},
	} {
		if got, ok := sheet.Clean(tt.raw); got != tt.want || ok != tt.ok {
			t.Errorf("Clean(%q) = %q, %v; want %q, %v", tt.raw, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFormulaStart(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want bool
	}{
		{`=HYPERLINK("x")`, true}, {"+cmd", true}, {"-1", true}, {"@SUM", true}, {"\tx", true}, {"\rx", true},
		{" =x", true}, {"'=x", true}, {"\u200b=x", true}, {"＝x", true},
		{"Budi", false}, {"", false}, {"a=b", false}, {"\x00=", false},
	} {
		if got := sheet.FormulaStart(tt.raw); got != tt.want {
			t.Errorf("FormulaStart(%q) = %v, want %v", tt.raw, got, tt.want)
		}
	}
}

func TestRef(t *testing.T) {
	for _, tt := range []struct {
		row, column int
		want        string
	}{{1, 0, "A1"}, {17, 25, "Z17"}, {2, 26, "AA2"}, {3, 16383, "XFD3"}, {3, 701, "ZZ3"}, {3, -1, "?3"}} {
		if got := sheet.Ref(tt.row, tt.column); got != tt.want {
			t.Errorf("Ref(%d, %d) = %q, want %q", tt.row, tt.column, got, tt.want)
		}
	}
}

func TestColumnOf(t *testing.T) {
	for _, column := range []int{0, 25, 26, 701, 702, 16383} {
		if got, ok := sheet.ColumnOf(sheet.Letters(column)); !ok || got != column {
			t.Errorf("%s is column %d, %v, want %d", sheet.Letters(column), got, ok, column)
		}
	}
	for _, bad := range []string{"", "A1", "!", "AAAA", "é"} {
		if got, ok := sheet.ColumnOf(bad); ok {
			t.Errorf("%q is column %d", bad, got)
		}
	}
}

// A table whose columns somebody named takes its titles from the row they said,
// and reads what stands below.
func TestTableAt(t *testing.T) {
	b := open(t, sheettest.Workbook(sheettest.Sheet{Name: "A", Rows: [][]any{{"x", "y"}, {"Entah", nil, "Lain"}, {"satu", "dua", "tiga"}}}))
	table, err := b.TableAt(b.Sheets()[0], 2, map[int]string{0: "stem", 1: "key"})
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Fields(); len(got) != 2 || got[0] != "stem" || table.HeaderTitle("stem") != "Entah" || table.HeaderTitle("key") != "B" {
		t.Errorf("fields %v, titles %q and %q", got, table.HeaderTitle("stem"), table.HeaderTitle("key"))
	}
	if at, ok := table.Column("key"); !ok || at != 1 {
		t.Errorf("key is column %d, %v", at, ok)
	}
	for r, err := range table.Rows() {
		if err != nil || r.Cell("stem").Text != "satu" || r.At("key") != "A!B3" {
			t.Errorf("read %q at %s, %v", r.Cell("stem").Text, r.At("key"), err)
		}
	}
}
