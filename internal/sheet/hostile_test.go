package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet"
	"cakap/internal/sheet/sheettest"
)

const cfb = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		b.WriteByte(0)
	}
	return b.String()
}

// entry makes an archive whose only fault is one header.
func entry(h zip.FileHeader) string {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if _, err := z.CreateHeader(&h); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.String()
}

func parts(sheetXML string) map[string]string {
	return map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>`,
		"xl/s.xml":                   sheetXML,
	}
}

func TestRefusals(t *testing.T) {
	many := map[string]string{}
	for i := range 5001 {
		many[fmt.Sprintf("a%d", i)] = ""
	}
	symlink := zip.FileHeader{Name: "xl/workbook.xml"}
	symlink.SetMode(fs.ModeSymlink | 0o777)
	twice := func() string {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, name := range []string{"xl/workbook.xml", "XL/Workbook.xml"} {
			if _, err := z.Create(name); err != nil {
				panic(err)
			}
		}
		if err := z.Close(); err != nil {
			panic(err)
		}
		return out.String()
	}
	for _, tt := range []struct {
		name, content, key string
		kind               fault.Kind
	}{
		{"empty", "", "sheet.empty", fault.Invalid},
		{"old Excel", cfb + strings.Repeat("\x00", 600) + wide("Workbook"), "sheet.old_xls", fault.Unsupported},
		{"password", cfb + strings.Repeat("\x00", 600) + wide("EncryptedPackage"), "sheet.encrypted", fault.Unsupported},
		{"old Word", cfb + wide("WordDocument"), "sheet.unsupported", fault.Unsupported},
		{"HTML called xls", "\n <HTML><table><tr><td>NIP", "sheet.html", fault.Unsupported},
		{"Excel 2003 XML", "\ufeff<?xml version=\"1.0\"?><Workbook/>", "sheet.html", fault.Unsupported},
		{"PDF", "%PDF-1.7", "sheet.unsupported", fault.Unsupported},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00", "sheet.unsupported", fault.Unsupported},
		{"Word", string(sheettest.Zip(map[string]string{"word/document.xml": "<x/>"})), "sheet.unsupported", fault.Unsupported},
		{"OpenDocument", string(sheettest.Zip(map[string]string{"content.xml": "<x/>", "mimetype": "y"})), "sheet.ods", fault.Unsupported},
		{"binary workbook", string(sheettest.Zip(map[string]string{"xl/workbook.bin": ""})), "sheet.xlsb", fault.Unsupported},
		{"half a zip", string(sheettest.Workbook(sheettest.Sheet{Name: "A"})[:300]), "sheet.damaged", fault.Invalid},
		{"path upwards", entry(zip.FileHeader{Name: "../../etc/x"}), "sheet.damaged", fault.Invalid},
		{"path inside upwards", entry(zip.FileHeader{Name: "xl/../../x"}), "sheet.damaged", fault.Invalid},
		{"absolute path", entry(zip.FileHeader{Name: "/etc/x"}), "sheet.damaged", fault.Invalid},
		{"drive", entry(zip.FileHeader{Name: "c:x"}), "sheet.damaged", fault.Invalid},
		{"backslash", entry(zip.FileHeader{Name: `xl\workbook.xml`}), "sheet.damaged", fault.Invalid},
		{"symbolic link", entry(symlink), "sheet.damaged", fault.Invalid},
		{"encrypted entry", entry(zip.FileHeader{Name: "xl/workbook.xml", Flags: 1}), "sheet.encrypted", fault.Invalid},
		{"name twice", twice(), "sheet.damaged", fault.Invalid},
		{"5,001 entries", string(sheettest.Zip(many)), "sheet.bomb", fault.TooLarge},
		{"no sheet", string(sheettest.Zip(map[string]string{"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<R/>"})), "sheet.damaged", fault.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := sheet.OpenBytes("x", []byte(tt.content), sheet.Limits{})
			if got := key(err); got != tt.key || fault.KindOf(err) != tt.kind {
				t.Errorf("got %s (kind %d), want %s (kind %d)", got, fault.KindOf(err), tt.key, tt.kind)
			}
			if !locale.Has(tt.key) {
				t.Errorf("%s has no text", tt.key)
			}
		})
	}
}

func TestRowRefusals(t *testing.T) {
	row := `<row><c><v>1</v></c></row>`
	limits := sheet.Limits{Rows: 3, Columns: 5}
	for _, tt := range []struct{ name, sheet, key, at string }{
		{"fine", "<sheetData>" + strings.Repeat(row, 3) + strings.Repeat(`<row><c s="1"/></row>`, 9) + "</sheetData>", "", ""},
		{"too many rows", "<sheetData>" + strings.Repeat(row, 4) + "</sheetData>", "sheet.rows", ""},
		{"blank cells far right", `<sheetData><row><c r="ZZ1" s="3"/></row></sheetData>`, "", ""},
		{"text far right", `<sheetData><row><c r="F1"><v>1</v></c></row></sheetData>`, "sheet.columns", "F1"},
		{"row four billion", `<sheetData><row r="4294967296"/></sheetData>`, "sheet.damaged", ""},
		{"row nought", `<sheetData><row r="0"/></sheetData>`, "sheet.damaged", ""},
		{"a cell that never began", `<sheetData><row r="1"></c></row></sheetData>`, "sheet.damaged", ""},
		{"column past the end", `<sheetData><row><c r="AAAA1"/></row></sheetData>`, "sheet.damaged", ""},
		{"no such shared string", `<sheetData><row><c t="s"><v>7</v></c></row></sheetData>`, "sheet.damaged", ""},
		{"DTD", `<!DOCTYPE x [<!ENTITY a "b">]><sheetData/>`, "sheet.damaged", ""},
		{"cut", `<sheetData><row><c r="A1"`, "sheet.damaged", ""},
		{"no name", `<sheetData>< />`, "sheet.damaged", ""},
		{"tag of 17 MiB", `<sheetData><row x="` + strings.Repeat("a", 17<<20), "sheet.bomb", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := sheet.OpenBytes("x", sheettest.Zip(parts(tt.sheet)), limits)
			if err != nil {
				t.Fatal(err)
			}
			var last error
			for _, err := range b.Rows(b.Sheets()[0]) {
				last = err
			}
			f := fault.Of(last)
			if f == nil {
				if tt.key != "" || last != nil {
					t.Errorf("got %v, want %s", last, tt.key)
				}
				return
			}
			if f.Key != tt.key || f.At != tt.at {
				t.Errorf("got %s at %q, want %s at %q", f.Key, f.At, tt.key, tt.at)
			}
			if !locale.Has(f.Key) {
				t.Errorf("%s has no text", f.Key)
			}
		})
	}
}

// 512 MiB in half a megabyte is refused by the archive's directory alone.
func TestBombIsNeverUnpacked(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	// Half a megabyte that says it unpacks to 512 MiB; packing that much here
	// would take longer than all other tests.
	f, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: 515 << 10, UncompressedSize64: 512 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(make([]byte, 515<<10)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = sheet.OpenBytes("x", out.Bytes(), sheet.Limits{})
	runtime.ReadMemStats(&after)
	if got := key(err); got != "sheet.bomb" {
		t.Errorf("got %s", got)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("refusing it allocated %d bytes", used)
	}
}

func TestFileSizeLimit(t *testing.T) {
	_, err := sheet.OpenBytes("x", make([]byte, 3<<20), sheet.Limits{Bytes: 2 << 20})
	if got := key(err); got != "sheet.too_big" {
		t.Errorf("got %s", got)
	}
	if got, want := locale.Fault(err), "Berkas lebih besar dari 2 MB."; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q…", got, want)
	}
}

// checkClean: clean text stays as it is, but that a second apostrophe goes too.
func checkClean(t *testing.T, raw string) {
	t.Helper()
	text, ok := sheet.Clean(raw)
	if !ok || strings.HasPrefix(text, "'") || strings.HasPrefix(text, "`") || strings.HasPrefix(text, "‘") || strings.HasPrefix(text, "’") {
		return
	}
	if again, ok := sheet.Clean(text); !ok || again != text {
		t.Fatalf("Clean(%q) = %q, then %q", raw, text, again)
	}
}

// Whatever the bytes, opening and reading ends in rows or in a fault.
func FuzzOpen(f *testing.F) {
	f.Add(sheettest.Workbook(sheettest.Sheet{Name: "A", Rows: [][]any{{"NIP", "NAMA"}, {"'1", sheettest.Inline("x"), 3, true}}}))
	f.Add(sheettest.Zip(parts(`<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>&#x41;_x000D_</t></is></c></row></sheetData>`)))
	f.Add([]byte("NIP;NAMA\n1;\"a\nb\"\n"))
	f.Add([]byte("sep=;\nNIP;NAMA"))
	f.Add([]byte("\xff\xfeN\x00I\x00"))
	f.Add([]byte(cfb))
	f.Add(sheettest.XLS(sheettest.Sheet{Name: "A", Rows: [][]any{{"NIP", "NAMA"}, {"1", sheettest.Inline("x"), 3, true}}}))
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := sheet.OpenBytes("x", content, sheet.Limits{Unzipped: 8 << 20})
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		for _, s := range b.Sheets() {
			for row, err := range b.Rows(s) {
				if err != nil {
					if fault.Of(err) == nil {
						t.Fatalf("not a fault: %v", err)
					}
					break
				}
				for _, c := range row.Cells {
					c.Date()
					checkClean(t, c.Text)
				}
			}
			_, _ = b.TableIn(s, sheet.Aliases{"nip": {"NIP"}, "name": {"NAMA"}}, "nip")
		}
	})
}
