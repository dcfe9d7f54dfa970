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
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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

// A streamed sheet loses what is set on it in the wrong order, in silence.
func TestPrintSettings(t *testing.T) {
	for paper, size := range map[reports.Paper]int{reports.F4: 14, reports.A4: 9} {
		body := write(t, reportstest.Data(60, 1), reports.Options{Paper: paper})
		f := open(t, body)
		xml := parts(t, body)
		for i, sheet := range sheets {
			layout, err := f.GetPageLayout(sheet)
			if err != nil {
				t.Fatal(err)
			}
			orientation := "landscape"
			if sheet == "Sampul" {
				orientation = "portrait"
			}
			if *layout.Size != size || *layout.Orientation != orientation || *layout.FitToWidth != 1 {
				t.Errorf("%s: paper %d, %s, %d wide", sheet, *layout.Size, *layout.Orientation, *layout.FitToWidth)
			}
			part := xml[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)]
			for _, want := range []string{`fitToPage="true"`, `showGridLines="false"`, "<pageMargins", "<oddFooter>", "Halaman &amp;P dari &amp;N"} {
				if !strings.Contains(part, want) {
					t.Errorf("%s lacks %s", sheet, want)
				}
			}
			if strings.Contains(part, `<dimension ref="A1"`) {
				t.Errorf("%s has no dimension", sheet)
			}
			if sheet != "Sampul" && (!strings.Contains(part, "RAHASIA - data pribadi") || !strings.Contains(part, "Pemerintah Provinsi Jawa Tengah&amp;C")) {
				t.Errorf("%s: no confidential header", sheet)
			}
			if columns := columnNumbers(part); len(columns) < 3 || !slices.IsSorted(columns) {
				t.Errorf("%s: columns %v do not rise", sheet, columns)
			}
			if strings.Contains(part, `<v></v>`) || strings.Contains(part, `<t></t>`) {
				t.Errorf("%s has empty texts, which count as filled", sheet)
			}
		}
		for sheet, wants := range map[int][]string{
			4: {`topLeftCell="D5" xSplit="3" ySplit="4"`, `<autoFilter ref="$A$4:$X$64"`, `<ignoredError sqref="B5:B64" numberStoredAsText="true"`},
			3: {`xSplit="2" ySplit="4"`},
			7: {`<autoFilter ref="$A$19:$N$`, "<ignoredErrors>"},
			8: {`<autoFilter ref="$A$4:$K$`, "<ignoredErrors>"},
			9: {`xSplit="1" ySplit="1"`, `<autoFilter ref="$A$1:$M$`, `<ignoredError sqref="A2:A`},
			1: {"<hyperlinks>", `location="&#39;Nilai Pegawai&#39;!A1"`},
		} {
			part := xml[fmt.Sprintf("xl/worksheets/sheet%d.xml", sheet)]
			for _, want := range wants {
				if !strings.Contains(part, want) {
					t.Errorf("sheet %d lacks %s", sheet, want)
				}
			}
		}
	}
}

func columnNumbers(part string) []int {
	var all []int
	for _, m := range regexp.MustCompile(`<col min="(\d+)"`).FindAllStringSubmatch(part, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			panic(err) // the pattern has digits alone
		}
		all = append(all, n)
	}
	return all
}

func TestDefinedNames(t *testing.T) {
	f := open(t, write(t, reportstest.Data(60, 1), reports.Options{}))
	got := map[string]string{}
	for _, n := range f.GetDefinedName() {
		got[n.Scope+"|"+n.Name] = n.RefersTo
	}
	for name, want := range map[string]string{
		"Workbook|Skor_A1": "'Nilai Pegawai'!$I$5:$I$64", "Workbook|Skor_A4": "'Nilai Pegawai'!$R$5:$R$64", "Workbook|Skor_Total": "'Nilai Pegawai'!$U$5:$U$64",
		"Workbook|Ambang_1": "'Kamus Data'!$B$6", "Workbook|Ambang_4": "'Kamus Data'!$B$9",
		"Nilai Pegawai|_xlnm.Print_Titles": "'Nilai Pegawai'!$3:$4", "Nilai Pegawai|_xlnm.Print_Area": "'Nilai Pegawai'!$A$1:$X$64",
		"Ringkasan|_xlnm.Print_Area": "'Ringkasan'!$A$1:$M$38", "Tidak Hadir|_xlnm.Print_Titles": "'Tidak Hadir'!$4:$4",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	for i, want := range []string{"61", "71", "81", "91"} {
		if got := cell(t, f, "Kamus Data", fmt.Sprintf("B%d", 6+i)); got != want {
			t.Errorf("Ambang_%d = %s, want %s", i+1, got, want)
		}
	}
}

func TestCharts(t *testing.T) {
	xml := parts(t, write(t, reportstest.Data(60, 1), reports.Options{}))
	for part, wants := range map[string][]string{
		"xl/charts/chart1.xml": {"Ringkasan!$C$10:$C$13", "Ringkasan!$A$10:$A$13", "Ringkasan!$O$10:$O$13", "Ringkasan!$R$10:$R$13", "<c:lineChart>", "<c:barChart>", `<c:max val="100"`},
		"xl/charts/chart2.xml": {"Ringkasan!$H$10:$H$13", "Ringkasan!$L$10:$L$13", `percentStacked`, "F0BD92", "97C3CF"},
		"xl/charts/chart3.xml": {"&#39;Per Aspek&#39;!$B$14:$B$23"},
		"xl/charts/chart6.xml": {"&#39;Per Aspek&#39;!$E$14:$E$23"},
	} {
		text, ok := xml[part]
		if !ok {
			t.Errorf("%s is missing", part)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) && !strings.Contains(text, strings.ReplaceAll(want, "<c:", "<")) {
				t.Errorf("%s lacks %s", part, want)
			}
		}
	}
	if _, ok := xml["xl/charts/chart7.xml"]; ok {
		t.Error("there are more than six charts")
	}
	for name, part := range xml {
		if strings.HasPrefix(name, "xl/charts/") && strings.Count(part, `typeface="Calibri"`) < 3 {
			t.Errorf("%s leaves its fonts to chance", name)
		}
	}
}

func TestProperties(t *testing.T) {
	d := reportstest.Data(60, 1)
	f := open(t, write(t, d, reports.Options{}))
	p, err := f.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	cut := d.Cut.Truncate(2 * time.Second).Format(time.RFC3339)
	if p.Identifier != d.Hash || p.Created != cut || p.Modified != cut || !strings.Contains(p.Subject, d.Agency.Name) || p.Language != "id-ID" || p.Title == "" {
		t.Errorf("properties = %+v", p)
	}
	rows, err := f.GetRows("Sampul")
	if err != nil {
		t.Fatal(err)
	}
	cover := fmt.Sprint(rows)
	code := strings.ToUpper(d.Hash[:4] + "-" + d.Hash[4:8] + "-" + d.Hash[8:12] + "-" + d.Hash[12:16])
	for _, want := range []string{code, d.Hash, "IP-ASN (5 tingkat), versi 1", "5 Maret 2026", "WIB", "60 orang terdaftar", "2 Maret 2026 – 6 Maret 2026", "NIP …"} {
		if !strings.Contains(cover, want) {
			t.Errorf("the cover does not say %q", want)
		}
	}
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

// LibreOffice must open the workbook and print it on the pages planned for it.
func TestLibreOfficePages(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: the workbook is not printed")
	}
	pdfinfo, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Skip("pdfinfo is not installed: pages are not counted")
	}
	dir := t.TempDir()
	cases := []struct {
		name  string
		data  reports.Data
		paper reports.Paper
		pages [2]string
	}{
		{"sixty", reportstest.Data(60, 1), reports.F4, [2]string{"15", "612 x 936 pts"}},
		{"nobody", reportstest.Data(0, 1), reports.A4, [2]string{"13", "595.304 x 841.89 pts (A4)"}},
	}
	args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "pdf", "--outdir", dir}
	for _, tt := range cases {
		file := filepath.Join(dir, tt.name+".xlsx")
		if err := os.WriteFile(file, write(t, tt.data, reports.Options{Paper: tt.paper}), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.CommandContext(t.Context(), office, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, tt := range cases {
		out, err := exec.CommandContext(t.Context(), pdfinfo, filepath.Join(dir, tt.name+".pdf")).Output()
		if err != nil {
			t.Fatal(err)
		}
		for i, field := range []string{"Pages", "Page size"} {
			got := regexp.MustCompile(field + `: *(.*)`).FindSubmatch(out)
			if got == nil || string(got[1]) != tt.pages[i] {
				t.Errorf("%s: %s = %q, want %s", tt.name, field, got, tt.pages[i])
			}
		}
	}
}
