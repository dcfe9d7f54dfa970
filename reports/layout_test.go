package reports_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cakap/internal/testtool"
	"cakap/reports"
	"cakap/reports/reportstest"
)

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

// LibreOffice must open the workbook and print it on the pages planned for it.
func TestLibreOfficePages(t *testing.T) {
	office, pdfinfo := testtool.Path(t, "soffice"), testtool.Path(t, "pdfinfo")
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
