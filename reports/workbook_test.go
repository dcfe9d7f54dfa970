package reports_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/reports"
	"cakap/reports/reportstest"
	"cakap/scoring"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sheets = []string{"Sampul", "Ringkasan", "Rekap Unit", "Nilai Pegawai", "Per Aspek", "Kelompok", "Kebutuhan Pelatihan", "Tidak Hadir", "Unggah SIASN", "Kamus Data"}

func write(t testing.TB, d reports.Data, opts reports.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := reports.WriteAgency(t.Context(), &b, d, opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, body []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func cell(t testing.TB, f *excelize.File, sheet, at string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func parts(t testing.TB, body []byte) map[string]string {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range zr.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[file.Name] = string(content)
	}
	return all
}

// Every cell of every sheet, as a person reads it in a diff.
func TestGoldenCells(t *testing.T) {
	f := open(t, write(t, reportstest.Data(60, 1), reports.Options{}))
	if diff := cmp.Diff(sheets, f.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got)\n%s", diff)
	}
	for _, sheet := range sheets {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, row := range rows {
			b.WriteString(strings.TrimRight(strings.Join(row, "\t"), "\t") + "\n")
		}
		golden(t, sheet+".tsv", b.String())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// DESIGN 13 fixes these columns.
func TestColumnsOfNilaiPegawai(t *testing.T) {
	f := open(t, write(t, reportstest.Data(3, 1), reports.Options{}))
	rows, err := f.GetRows("Nilai Pegawai")
	if err != nil {
		t.Fatal(err)
	}
	want := "No · NIP · Nama · Status · Gol. · Jabatan · Unit Kerja · Tanggal · A1 · ± · Tingkat · A2 · ± · Tingkat · A3 · ± · Tingkat · A4 · ± · Tingkat · Nilai Akhir · ± · Tingkat · Keterangan"
	if got := strings.Join(rows[3], " · "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Every head of every table is explained.
func TestKamusDataExplainsEveryColumn(t *testing.T) {
	f := open(t, write(t, reportstest.Data(60, 1), reports.Options{}))
	explained := map[string]bool{}
	rows, err := f.GetRows("Kamus Data")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row) > 2 && row[2] != "" {
			explained[row[0]+"/"+row[1]] = true
		}
	}
	for sheet, head := range map[string]int{"Ringkasan": 9, "Rekap Unit": 4, "Nilai Pegawai": 4, "Per Aspek": 4, "Kelompok": 4, "Kebutuhan Pelatihan": 19, "Tidak Hadir": 4, "Unggah SIASN": 1} {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows[head-1]) < 5 {
			t.Errorf("%s: row %d is no head: %v", sheet, head, rows[head-1])
		}
		for _, name := range rows[head-1] {
			if name != "" && !strings.HasPrefix(name, "Batas ") && !explained[sheet+"/"+name] {
				t.Errorf("%s: column %q is not explained", sheet, name)
			}
		}
	}
}

func TestSameDataSameBytes(t *testing.T) {
	first := write(t, reportstest.Data(300, 5), reports.Options{})
	for range 6 { // Go's maps are shuffled anew each time
		if !bytes.Equal(first, write(t, reportstest.Data(300, 5), reports.Options{})) {
			t.Fatal("the same data gave other bytes")
		}
	}
	if bytes.Equal(first, write(t, reportstest.Data(300, 6), reports.Options{})) {
		t.Error("other data gave the same bytes")
	}
	zr, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	cut := reportstest.Data(300, 5).Cut
	var names []string
	for _, file := range zr.File {
		names = append(names, file.Name)
		if age := cut.Sub(file.Modified); age < 0 || age > 2*time.Second {
			t.Errorf("%s is of %v, want the cut time %v", file.Name, file.Modified, cut)
		}
	}
	if names[0] != "[Content_Types].xml" || !slices.IsSorted(names) {
		t.Errorf("parts are not in order: %v", names)
	}
}

func TestFormats(t *testing.T) {
	d := reportstest.Data(60, 1)
	f := open(t, write(t, d, reports.Options{}))
	const sheet = "Nilai Pegawai"
	i := slices.IndexFunc(d.Rows, (*reports.Row).Scored)
	row := 5 + i
	for _, tt := range []struct{ column, format string }{
		{"B", "@"}, {"C", "@"}, {"F", "@"}, {"G", "@"}, {"H", "dd-mm-yyyy"}, {"I", "0.0"}, {"J", "0.0"}, {"K", "@"}, {"U", "0.0"}, {"X", "@"},
	} {
		at := fmt.Sprintf("%s%d", tt.column, row)
		style := styleOf(t, f, sheet, at)
		got := "General"
		if style.CustomNumFmt != nil {
			got = *style.CustomNumFmt
		} else if style.NumFmt == 49 {
			got = "@"
		}
		if got != tt.format {
			t.Errorf("%s: format %q, want %q", at, got, tt.format)
		}
		if style.Font.Family != "Calibri" {
			t.Errorf("%s: font %q", at, style.Font.Family)
		}
	}
	kinds := map[string]excelize.CellType{"A": excelize.CellTypeUnset, "B": excelize.CellTypeInlineString, "H": excelize.CellTypeUnset, "I": excelize.CellTypeUnset}
	for column, want := range kinds {
		at := fmt.Sprintf("%s%d", column, row)
		if got, err := f.GetCellType(sheet, at); err != nil || got != want {
			t.Errorf("%s: type %v, %v, want %v", at, got, err, want)
		}
	}
	if got, err := f.GetCellValue(sheet, fmt.Sprintf("H%d", row)); err != nil || !regexp.MustCompile(`^0[2-5]-03-2026$`).MatchString(got) {
		t.Errorf("date shows as %q, %v", got, err)
	}
	level := d.Rows[i].Result.Aspects[0].Level
	if got, want := styleOf(t, f, sheet, fmt.Sprintf("K%d", row)).Fill.Color, []string{"F0BD92", "F7DFC4", "F1ECE0", "C9E0E5", "97C3CF"}[level-1]; len(got) != 1 || got[0] != want {
		t.Errorf("level %d is tinted %v, want %s", level, got, want)
	}
}

func styleOf(t *testing.T, f *excelize.File, sheet, at string) *excelize.Style {
	t.Helper()
	id, err := f.GetCellStyle(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style
}

// What people call themselves never becomes a formula, and a very long name
// does not break the sheet.
func TestTextsAreNeverFormulas(t *testing.T) {
	d := reportstest.Data(12, 1)
	evil := []string{"=HYPERLINK(\"http://x.test\",\"a\")", "+62811", "-1+1", "@SUM(A1)", "\t=1", strings.Repeat("Nama Panjang ", 16), "a&b<c>\"d\"", "satu\ndua", "\x01kendali"}
	for i, name := range evil {
		d.Rows[i].Name, d.Rows[i].Position, d.Rows[i].UnitPath, d.Rows[i].OPD = name, name, name, name
		d.Rows[i].Status, d.Rows[i].VoidReason = reports.Voided, name
	}
	d.Agency.Name, d.Event.Name = "=1+1 & Co", "=2+2"
	d.Seal()
	body := write(t, d, reports.Options{})
	for name, part := range parts(t, body) {
		if strings.HasPrefix(name, "xl/worksheets/") && strings.Contains(part, "<f>") {
			t.Errorf("%s holds a formula", name)
		}
	}
	f := open(t, body)
	seen := map[string]bool{}
	for row := 5; row < 5+12; row++ {
		seen[cell(t, f, "Nilai Pegawai", fmt.Sprintf("C%d", row))] = true
	}
	for _, name := range evil[:5] {
		if !seen[name] {
			t.Errorf("%q is not in the sheet as it was typed", name)
		}
	}
	i := slices.IndexFunc(d.Rows, func(r *reports.Row) bool { return strings.HasPrefix(r.Name, "Nama Panjang") })
	if h, err := f.GetRowHeight("Nilai Pegawai", 5+i); err != nil || h < 80 {
		t.Errorf("a name of 208 letters has a row of %v points, %v", h, err)
	}
}

// The shapes an agency can have before, during and after an event.
func TestEdges(t *testing.T) {
	all := func(change func(*reports.Row)) reports.Data {
		d := reportstest.Data(8, 3)
		for i := range d.Rows {
			change(d.Rows[i])
		}
		d.Seal()
		return d
	}
	absent := func(r *reports.Row) { r.Status, r.Taken, r.Result = reports.NotStarted, 0, scoring.Result{} }
	noA3 := func(r *reports.Row) {
		r.Result.Aspects[2] = scoring.AspectScore{Aspect: scoring.AdvancedMedia, Verdict: scoring.NoItems}
	}
	unclosed := all(absent)
	unclosed.Event.Closed = false
	for _, tt := range []struct {
		name      string
		data      reports.Data
		sheet, at string
		want      string
	}{
		{"nobody", reportstest.Data(0, 1), "Nilai Pegawai", "A5", "Belum ada peserta terdaftar"},
		{"nobody, headline", reportstest.Data(0, 1), "Ringkasan", "A3", "Belum ada peserta dari Pemerintah Provinsi Jawa Tengah pada kegiatan ini"},
		{"nobody, training", reportstest.Data(0, 1), "Kebutuhan Pelatihan", "A17", "Tidak ada pegawai di bawah standar, atau belum ada nilai"},
		{"all absent", all(absent), "Nilai Pegawai", "X5", "Tidak hadir"},
		{"all absent, no score", all(absent), "Nilai Pegawai", "I5", ""},
		{"all absent, list", all(absent), "Tidak Hadir", "A12", "8"},
		{"all absent, mean", all(absent), "Ringkasan", "C10", ""},
		{"not yet", unclosed, "Nilai Pegawai", "X5", "Belum mengikuti"},
		{"nobody absent", all(func(r *reports.Row) { r.Status, r.Taken = reports.Working, 1 }), "Tidak Hadir", "A5", "Semua peserta sudah mengikuti asesmen"},
		{"one person, error of the mean", reportstest.Data(1, 3), "Ringkasan", "D10", ""},
		{"one person, unit", reportstest.Data(1, 3), "Rekap Unit", "H5", "n<5"},
		{"aspect without items", all(noA3), "Nilai Pegawai", "Q6", "Belum cukup bukti"},
		{"aspect without items, score", all(noA3), "Nilai Pegawai", "O6", ""},
		{"aspect without items, mean", all(noA3), "Ringkasan", "C12", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, write(t, tt.data, reports.Options{}))
			if got := cell(t, f, tt.sheet, tt.at); got != tt.want {
				t.Errorf("%s!%s = %q, want %q", tt.sheet, tt.at, got, tt.want)
			}
		})
	}
}

func TestCancelledWorkbook(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := reports.WriteAgency(ctx, io.Discard, reportstest.Data(10, 1), reports.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want context.Canceled", err)
	}
}
