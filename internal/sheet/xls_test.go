package sheet_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/sheet/sheettest"
)

// An old workbook reads as a new one with the same cells does: also what Excel
// has damaged looks alike, so that it is caught alike.
func TestOldWorkbookReadsLikeNew(t *testing.T) {
	sheets := []sheettest.Sheet{
		{Name: "Pegawai", Start: 2, Rows: [][]any{
			{"NIP", "Nama", nil, "Tanggal"},
			{sheettest.Raw("1.99301212020121E+17"), sheettest.Inline("Budi, S.Sos"), nil, 47118},
			{"199301212020121001", strings.Repeat("panjang ", 1500), true, -3},
			{0.1, 2.25, 81234567890.0, 1e14},
			{sheettest.Raw("1E+15"), sheettest.Raw("0.10000000000000001"), false, sheettest.Raw("123456789012345678")},
		}},
		{Name: "Sembunyi", Hidden: true, Rows: [][]any{{"x"}}},
	}
	old, recent := open(t, sheettest.XLS(sheets...)), open(t, sheettest.Workbook(sheets...))
	if old.Format != "xls" || !old.Lettered() || len(old.Sheets()) != 2 || !old.Sheets()[1].Hidden {
		t.Fatalf("format %s, sheets %+v", old.Format, old.Sheets())
	}
	for i, s := range recent.Sheets() {
		got, want := dump(t, old, old.Sheets()[i]), dump(t, recent, s)
		if s.Name == "Pegawai" { // the two spell what no digit can be trusted of differently
			for j := range got {
				got[j] = strings.ReplaceAll(got[j], "1.2345678901234568E+17", "123456789012345678")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-xlsx +xls):\n%s", s.Name, diff)
		}
	}
	if at := old.At(old.Sheets()[0], 3, 1); at != "Pegawai!B3" {
		t.Errorf("a place is called %q", at)
	}
}

func TestOldWorkbookTable(t *testing.T) {
	b := open(t, sheettest.XLS(sheettest.Sheet{Name: "Data", Rows: [][]any{{"DAFTAR PEGAWAI"}, {"No", "NIP", "Nama"}, {1, "199301212020121001", "Budi"}}}))
	table, err := b.FindTable(sheet.Aliases{"nip": {"nip"}, "name": {"nama"}}, "nip", "name")
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range table.Rows() {
		if err != nil || r.Cell("name").Text != "Budi" || r.At("nip") != "Data!B3" {
			t.Errorf("%q at %s, %v", r.Cell("name").Text, r.At("nip"), err)
		}
	}
}

// Dates of a Macintosh workbook count from 1904.
func TestOldWorkbookDates(t *testing.T) {
	b := open(t, sheettest.XLS(sheettest.Sheet{Name: "A", Rows: [][]any{{47118}}}))
	for row := range b.Rows(b.Sheets()[0]) {
		if day, ok := row.Cell(0).Date(); !ok || day.Format(time.DateOnly) != "2028-12-31" {
			t.Errorf("47118 is %v, %v", day, ok)
		}
	}
}

func TestOldWorkbookLimits(t *testing.T) {
	data := sheettest.XLS(sheettest.Sheet{Name: "A", Rows: [][]any{{"a"}, {"b"}, {"c", nil, nil, "d"}}})
	for _, tt := range []struct {
		limits  sheet.Limits
		key, at string
	}{
		{sheet.Limits{Rows: 3, Columns: 4}, "", ""}, {sheet.Limits{Rows: 2}, "sheet.rows", ""}, {sheet.Limits{Columns: 3}, "sheet.columns", "D3"},
	} {
		b, err := sheet.OpenBytes("x.xls", data, tt.limits)
		if err != nil {
			t.Fatal(err)
		}
		got, at := "", ""
		for _, err := range b.Rows(b.Sheets()[0]) {
			if err != nil {
				got, at = key(err), fault.Of(err).At
			}
		}
		if got != tt.key || at != tt.at {
			t.Errorf("%+v: %q at %q, want %q at %q", tt.limits, got, at, tt.key, tt.at)
		}
	}
	b := open(t, data)
	n := 0
	for range b.Rows(b.Sheets()[0]) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("a reader that stops got %d rows", n)
	}
}
