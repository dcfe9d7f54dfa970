package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"cakap/internal/fault"
	"cakap/internal/sheet/sheettest"
	"cakap/questionbank"
)

// fixtures are files of every kind that is read.
func fixtures(tb testing.TB) map[string][]byte {
	tb.Helper()
	rows := [][]any{{"tipe", "soal", "a", "b", "pasangan", "kunci"}, {"PG", "Apa?", "x", "y", nil, "A"}, {"JODOH", "Jodohkan.", "x", "y", "1\n2", "A-1"}, {"ANGKA", "Berapa?", nil, nil, nil, "7..9"}}
	var zipped, csv bytes.Buffer
	if _, err := WriteExport(&zipped, samples()); err != nil {
		tb.Fatal(err)
	}
	if _, err := WriteCSV(&csv, samples()); err != nil {
		tb.Fatal(err)
	}
	return map[string][]byte{
		"rows.xlsx": sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: rows}), "rows.xls": sheettest.XLS(sheettest.Sheet{Name: "S", Rows: rows}),
		"qa.xlsx": sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: qaRows()}), "own.zip": zipped.Bytes(), "own.csv": csv.Bytes(),
	}
}

// try reads, previews and judges; only faults may come of it.
func try(tb testing.TB, name string, content []byte) {
	tb.Helper()
	in := questionbank.Input{Name: name, Content: content}
	parsed, err := Read(in)
	if err != nil && fault.Of(err) == nil {
		tb.Fatalf("%s: an internal error: %v", name, err)
	}
	if _, err := Preview(in); err != nil && fault.Of(err) == nil {
		tb.Fatalf("%s: an internal error of the preview: %v", name, err)
	}
	for _, p := range parsed.Items {
		c := p.Content.Normalise()
		c.Indicator, c.Level = "A1.1", questionbank.L1
		if len(p.Rejects) == 0 && c.Validate() == nil && !c.Key().Valid() {
			tb.Fatalf("%s: accepted without a key that scores: %s", name, c.JSON())
		}
	}
}

// Damage anywhere ends in a refusal or in other questions, never in a panic.
func TestDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, data := range fixtures(t) {
		for i := range 21 {
			try(t, name, data[:len(data)*i/21])
		}
		for range 40 {
			bad := bytes.Clone(data)
			for range len(bad) / 100 {
				bad[rng.IntN(len(bad))] = byte(rng.Uint32())
			}
			try(t, name, bad)
		}
	}
}

// unpacked is the parts of a workbook.
func unpacked(tb testing.TB, file []byte) map[string]string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		parts[f.Name] = string(body)
	}
	return parts
}

// Damage to the parts themselves, which packing would hide from the bytes flipped
// above. A cell that ended without having begun was found so.
func TestDamageInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, file := range [][]byte{fixtures(t)["qa.xlsx"], illustrated(t)} {
		good := unpacked(t, file)
		for name, body := range good {
			for range 25 {
				bad := []byte(body)
				for range 1 + len(bad)/200 {
					at := rng.IntN(len(bad))
					switch n := rng.IntN(len(bad) - at); rng.IntN(3) {
					case 0:
						bad[at] = byte(rng.Uint32())
					case 1:
						bad = append(bad[:at], bad[at+n/20:]...) // a piece goes
					default:
						bad = append(bad[:at+n/20], bad[at:]...) // a piece comes twice
					}
				}
				parts := maps.Clone(good)
				parts[name] = string(bad)
				try(t, name, sheettest.Zip(parts))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for name, data := range fixtures(f) {
		if name != "own.zip" { // large, and its parts are the same
			f.Add(data)
		}
	}
	names, _ := filepath.Glob(filepath.Join(corpus, "xlsx_soal", "*"))
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { try(t, "x", data) })
}

// FuzzData: whatever stands in the hidden cells, it comes to an item or to a word.
func FuzzData(f *testing.F) {
	for _, item := range hard().Items {
		cells, _ := values(Item(item))
		f.Add(cells[dataField(0)])
	}
	f.Fuzz(func(t *testing.T, data string) {
		cells := visible(questionbank.Content{Type: questionbank.Single, Stem: "Apa?"})
		cells[dataField(0)] = data
		r := row{record: cells, own: true}
		p := r.item()
		c := p.Content.Normalise()
		if err := c.Validate(); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
	})
}

// many is a bank of n questions in our template.
func many(tb testing.TB, n int) []byte {
	tb.Helper()
	bank, err := questionbank.ShippedBank()
	if err != nil {
		tb.Fatal(err)
	}
	rows := make([]texts, n)
	for i := range rows {
		rows[i] = visible(bank[i%len(bank)].Content)
		rows[i][fCode] = fmt.Sprintf("A1-%d", i)
	}
	var b bytes.Buffer
	if err := writeRows(&b, rows); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// BenchmarkRead is the promise of three seconds for 10,000 questions.
func BenchmarkRead(b *testing.B) {
	data := many(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if parsed, err := read("besar.xlsx", data); err != nil || len(parsed.Items) != 10_000 {
			b.Fatalf("%d items, %v", len(parsed.Items), err)
		}
	}
}
