package xlsx

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/sheet/sheettest"
	"cakap/questionbank"
)

// reportOf is what the service would say of rows that cannot be read.
func reportOf(t *testing.T, content []byte) questionbank.Report {
	t.Helper()
	parsed, err := read("x.xlsx", content)
	if err != nil {
		t.Fatal(err)
	}
	var r questionbank.Report
	for _, p := range parsed.Items {
		r.Items = append(r.Items, questionbank.ItemReport{At: p.At, Messages: append(p.Rejects, p.Warnings...)})
	}
	return r
}

func annotate(t *testing.T, content []byte) *excelize.File {
	t.Helper()
	report := reportOf(t, content)
	render := func(f *fault.Fault) string { return f.Key }
	var b, again bytes.Buffer
	if err := Annotate(&b, "x.xlsx", content, report, render); err != nil {
		t.Fatal(err)
	}
	if err := Annotate(&again, "x.xlsx", content, report, render); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("two annotated copies differ, %v", err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func value(t *testing.T, f *excelize.File, name, ref string) string {
	t.Helper()
	v, err := f.GetCellValue(name, ref)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// stranger is a sheet with a good row and one without a key.
var stranger = [][]any{
	{"BANK SOAL"},
	{"Soal", "A", "B", "C", "Kunci"},
	{"Soal yang benar di sini?", "x", "y", "z", "A"},
	{"Soal tanpa kunci di sini?", "x", "y", "z", nil},
}

func checkStranger(t *testing.T, f *excelize.File, name string) {
	t.Helper()
	for ref, want := range map[string]string{"F2": "CATATAN", "F3": "", "F4": "questionbank.key_empty", "A4": "Soal tanpa kunci di sini?", "E3": "A"} {
		if got := value(t, f, name, ref); got != want {
			t.Errorf("%s!%s is %q, want %q", name, ref, got, want)
		}
	}
}

func TestAnnotateStranger(t *testing.T) {
	const name = "Soal kelas A"
	in := excelize.NewFile()
	if err := in.SetSheetName("Sheet1", name); err != nil {
		t.Fatal(err)
	}
	for i, row := range stranger {
		if err := in.SetSheetRow(name, cell(0, i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := in.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	f := annotate(t, b.Bytes())
	checkStranger(t, f, name)
	for ref, tinted := range map[string]bool{"E4": true, "E3": false, "A4": false} {
		id, err := f.GetCellStyle(name, ref)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if got := err == nil && len(style.Fill.Color) == 1 && style.Fill.Color[0] == tintColour; got != tinted {
			t.Errorf("%s tinted: %v, %v, want %v", ref, got, err, tinted)
		}
	}
}

// Some programs write workbooks without a part of styles; notes come all the same.
func TestAnnotateWithoutStyles(t *testing.T) {
	f := annotate(t, sheettest.Workbook(sheettest.Sheet{Name: "Soal", Rows: stranger}))
	checkStranger(t, f, "Soal")
}

func TestAnnotateTemplate(t *testing.T) {
	item := shipped(t)[0]
	item.Content.Interactions = slices.Clone(item.Content.Interactions)
	item.Content.Interactions[0].Correct = nil
	f := annotate(t, write(t, []Item{shipped(t)[1], item}))
	if got := value(t, f, sheetItems, "AH5"); !strings.Contains(got, "questionbank.key_empty") {
		t.Errorf("PERIKSA says %q", got)
	}
	if got, err := f.GetCellFormula(sheetItems, "AH4"); err != nil || got == "" {
		t.Errorf("PERIKSA of a good row lost its formula: %v", err)
	}
}

// Of what excelize cannot open, or has no sheets, a new workbook holds the values.
func TestAnnotateCopies(t *testing.T) {
	for _, tt := range []struct {
		name, sheet string
		content     []byte
	}{
		{"x.xls", "Bank soal", sheettest.XLS(sheettest.Sheet{Name: "Bank soal", Rows: stranger}, sheettest.Sheet{Name: "Rahasia", Hidden: true, Rows: [][]any{{"x"}}})},
		{"x.csv", "Soal", []byte("BANK SOAL\nSoal;A;B;C;Kunci\nSoal yang benar di sini?;x;y;z;A\nSoal tanpa kunci di sini?;x;y;z;\n")},
	} {
		f := annotate(t, tt.content)
		checkStranger(t, f, tt.sheet)
		if list := f.GetSheetList(); list[0] != tt.sheet {
			t.Errorf("%s: sheets %v", tt.name, list)
		}
		if visible, err := f.GetSheetVisible("Rahasia"); tt.name == "x.xls" && (err != nil || visible) {
			t.Errorf("the hidden sheet is shown: %v, %v", visible, err)
		}
	}
	tinted := annotate(t, sheettest.XLS(sheettest.Sheet{Name: "A", Rows: stranger}))
	id, err := tinted.GetCellStyle("A", "E4")
	if style, styleErr := tinted.GetStyle(id); err != nil || styleErr != nil || len(style.Fill.Color) != 1 || style.Fill.Color[0] != tintColour {
		t.Errorf("the cell of the fault has no tint: %+v, %v, %v", style, err, styleErr)
	}
}

func TestAnnotateRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, content, key string
	}{
		{"x.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.old_xls"}, {"x.xlsx", "%PDF-1.7", "sheet.unsupported"},
	} {
		err := Annotate(&bytes.Buffer{}, tt.name, []byte(tt.content), questionbank.Report{}, nil)
		if f := fault.Of(err); f == nil || f.Key != tt.key {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
		}
	}
}
