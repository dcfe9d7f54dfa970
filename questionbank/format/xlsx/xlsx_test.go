package xlsx

import (
	"bytes"
	"context"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cakap/internal/testtool"
	"cakap/questionbank"
)

func sequence(items []Item) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func write(t *testing.T, items []Item) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, len(items), sequence(items)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func shipped(t *testing.T) []Item {
	t.Helper()
	bank, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	items := make([]Item, len(bank))
	for i, item := range bank {
		items[i] = Item{Code: item.Code, Content: item.Content}
	}
	return items
}

// odd is content at the edges of what the template carries.
func odd() []Item {
	options := func(texts ...string) []questionbank.Option {
		all := make([]questionbank.Option, len(texts))
		for i, text := range texts {
			all[i].Text = text
		}
		return all
	}
	fixed := questionbank.NewChoice(questionbank.Single, options("=SUM(A1:A3)", "-5", "1.0", "@nama", "'kutip", "2,25"), []int{5})
	fixed.Shuffle = false
	graded := options("Satu kata.", "Dua kata.", "Tiga kata.")
	graded[0].Points, graded[1].Points, graded[2].Points = 500_000, 2_250_000, 0
	graded[1].Reason = "Baris satu.\nBaris dua."
	base := questionbank.Content{Indicator: "A3.1", Level: questionbank.L1, Stem: "“Kutipan” di awal, **tebal**, 2 * 3?\n\nBaris lain?"}
	single, sjt, tf := base, base, base
	single.Type, single.Interactions = questionbank.Single, []questionbank.Interaction{fixed}
	single.Stimulus, single.DigComp, single.Basis = "| a | b |\n|---|---|\n| 1 | 2 |", []string{"5.4"}, "UU 27/2022 Pasal 16"
	sjt.Type, sjt.Interactions = questionbank.SJT, []questionbank.Interaction{questionbank.NewChoice(questionbank.SJT, graded, nil)}
	sjt.Expires = "2027-01-31"
	tf.Type, tf.Interactions = questionbank.TrueFalse, []questionbank.Interaction{questionbank.NewChoice(questionbank.TrueFalse, options(questionbank.TrueText, questionbank.FalseText), []int{0})}
	items := []Item{{"odd-1", single}, {"odd-2", sjt}, {"odd-3", tf}}
	for i := range items {
		items[i].Content = items[i].Content.Normalise()
	}
	return items
}

func TestRoundTrip(t *testing.T) {
	items := append(shipped(t), odd()...)
	parsed, err := read("bank.xlsx", write(t, items))
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed.Items) != len(items) || len(parsed.Messages) != 0 {
		t.Fatalf("read %d items of %d, messages %v", len(parsed.Items), len(items), parsed.Messages)
	}
	for i, p := range parsed.Items {
		if len(p.Rejects)+len(p.Warnings) > 0 {
			t.Errorf("%s at %s: rejects %v, warnings %v", items[i].Code, p.At, p.Rejects, p.Warnings)
		}
		if err := items[i].Content.Validate(); err != nil {
			t.Errorf("%s is not valid to begin with: %v", items[i].Code, err)
		}
		if diff := cmp.Diff(string(items[i].Content.JSON()), string(p.Content.Normalise().JSON())); diff != "" || p.Code != items[i].Code {
			t.Errorf("%s came back as %s (-written +read):\n%s", items[i].Code, p.Code, diff)
		}
	}
}

func TestSameItemsGiveSameBytes(t *testing.T) {
	items := shipped(t)[:20]
	first := write(t, items)
	for range 3 {
		if !bytes.Equal(first, write(t, items)) {
			t.Fatal("two workbooks of the same items differ")
		}
	}
}

// The template must hold what people lean on, in the file and not in a library's
// memory: excelize loses settings made at the wrong moment without a word.
func TestTemplateHoldsItsHelp(t *testing.T) {
	var b bytes.Buffer
	if err := Template(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := f.GetSheetList(); !cmp.Equal(got, []string{"Petunjuk", "Soal", "Contoh", "Daftar"}) {
		t.Errorf("sheets %v", got)
	}
	if visible, err := f.GetSheetVisible(sheetLists); err != nil || visible {
		t.Errorf("the lists are visible: %v, %v", visible, err)
	}
	validations, err := f.GetDataValidations(sheetItems)
	if err != nil || len(validations) != 5+8 {
		t.Errorf("%d validations, %v", len(validations), err)
	}
	indirect := false
	for _, v := range validations {
		indirect = indirect || v.Formula1 == `INDIRECT("dft_Ind_"&LEFT($B4,2))` && v.Sqref == "C4:C503"
	}
	if !indirect {
		t.Error("the list of indicators does not follow the aspect")
	}
	if marks, err := f.GetConditionalFormats(sheetItems); err != nil || len(marks["AH4:AH503"]) != 1 {
		t.Errorf("PERIKSA is tinted in %v, %v", marks, err)
	}
	if names := f.GetDefinedName(); len(names) != 8 {
		t.Errorf("defined names %v", names)
	}
	if dim, err := f.GetSheetDimension(sheetItems); err != nil || dim != "A1:AH503" {
		t.Errorf("dimension %q, %v", dim, err)
	}
	if formula, err := f.GetCellFormula(sheetItems, "AH4"); err != nil || !strings.Contains(formula, "SUMPRODUCT") || strings.Contains(formula, "COUNTIF") {
		t.Errorf("PERIKSA %q, %v", formula, err)
	}
	rows, err := f.GetRows(sheetExample)
	if err != nil || len(rows) != firstRow-1+len(questionbank.Types) {
		t.Errorf("%d rows of examples, %v", len(rows), err)
	}
	if parsed, err := read("templat.xlsx", b.Bytes()); err != nil || len(parsed.Items) != 0 || len(parsed.Messages) != 1 {
		t.Errorf("an empty template reads as %d items, %v, %v", len(parsed.Items), parsed.Messages, err)
	}
}

// PERIKSA in a program that people use: LibreOffice recalculates the sheet.
func TestCheckFormulaInLibreOffice(t *testing.T) {
	office := testtool.Path(t, "soffice")
	if testing.Short() {
		t.Skip("LibreOffice takes seconds")
	}
	items := shipped(t)[:6]
	bad := items[0]
	bad.Content.Rationale = ""
	bad.Content.Level = ""
	bad.Content.Interactions = []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, bad.Content.Choice().Options, []int{0, 1})}
	dir := t.TempDir()
	file := filepath.Join(dir, "bank.xlsx")
	if err := os.WriteFile(file, write(t, append(items, bad)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // it may wait for ever on a machine without memory
	defer cancel()
	cmd := exec.CommandContext(ctx, office, "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--convert-to", `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2`, "--outdir", dir, file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	body, err := os.ReadFile(filepath.Join(dir, "bank-Soal.csv"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(body)
	for _, want := range []string{"Level kosong. Kunci PG harus satu huruf. Pembahasan kosong. Pokok soal ganda."} {
		if !strings.Contains(text, want) {
			t.Errorf("PERIKSA does not say %q", want)
		}
	}
	if n := strings.Count(text, "kosong. "); n != 2 {
		t.Errorf("PERIKSA complains %d times of something empty, want 2 (the one bad row)", n)
	}
}

func read(name string, content []byte) (questionbank.Parsed, error) {
	return Read(questionbank.Input{Name: name, Content: content})
}
