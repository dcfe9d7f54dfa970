package xlsx

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/questionbank"
	"cakap/questionbank/format/pack"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// samples is the items of every type with codes.
func samples() questionbank.Export {
	bank := questionbank.Export{Media: func(hash string) ([]byte, error) {
		if hash != questionbanktest.PictureSHA256 {
			return nil, errors.New("no such file")
		}
		return questionbanktest.Picture(), nil
	}}
	for _, c := range questionbanktest.Samples() {
		bank.Items = append(bank.Items, questionbank.Exported{Code: "A1-" + string(c.Type), Content: c})
	}
	return bank
}

// filled does what the import does with the files of an item.
func filled(t *testing.T, p questionbank.ParsedItem) questionbank.Content {
	t.Helper()
	c := p.Content.Normalise()
	for i := range c.Media {
		m := &c.Media[i]
		for _, f := range p.Files {
			if f.Name != m.Name {
				continue
			}
			sum := sha256.Sum256(f.Data)
			m.SHA256, m.MIME, m.Size = hex.EncodeToString(sum[:]), "image/png", len(f.Data)
			if size, err := png.DecodeConfig(bytes.NewReader(f.Data)); err == nil {
				m.Width, m.Height = size.Width, size.Height
			}
		}
	}
	return c
}

func sameItems(t *testing.T, bank questionbank.Export, parsed questionbank.Parsed) {
	t.Helper()
	if len(parsed.Items) != len(bank.Items) || len(parsed.Messages) > 0 {
		t.Fatalf("read %d items of %d, messages %v", len(parsed.Items), len(bank.Items), parsed.Messages)
	}
	for i, p := range parsed.Items {
		want := bank.Items[i]
		if len(p.Rejects)+len(p.Warnings) > 0 {
			t.Errorf("%s: rejects %v, warnings %v", want.Code, p.Rejects, p.Warnings)
		}
		if diff := cmp.Diff(string(want.Content.JSON()), string(filled(t, p).JSON())); diff != "" || p.Code != want.Code || p.Type != string(want.Content.Type) {
			t.Errorf("%s came back as %s %s (-written +read):\n%s", want.Code, p.Code, p.Type, diff)
		}
	}
}

func export(t *testing.T, bank questionbank.Export) []byte {
	t.Helper()
	var b, again bytes.Buffer
	losses, err := WriteExport(&b, bank)
	if err != nil || len(losses) > 0 {
		t.Fatalf("export: %v, losses %v", err, losses)
	}
	if _, err := WriteExport(&again, bank); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("two exports of the same items differ, %v", err)
	}
	return b.Bytes()
}

func TestEveryTypeComesBack(t *testing.T) {
	bank := samples()
	if got := Extension(bank); got != ".zip" {
		t.Errorf("an export with a picture is called %q", got)
	}
	parsed, err := read("soal.zip", export(t, bank))
	if err != nil {
		t.Fatal(err)
	}
	sameItems(t, bank, parsed)
	for _, p := range parsed.Items {
		if !json.Valid(p.Raw) || !strings.Contains(string(p.Raw), "Soal!G") {
			t.Errorf("%s: raw %s", p.Code, p.Raw)
		}
	}
}

// hard is content that no plain column can say.
func hard() questionbank.Export {
	single := questionbanktest.Sample(questionbank.Single)
	single.Feedback = &questionbank.Feedback{Correct: "Tepat.", Hints: []string{"Ingat."}}
	single.Ext = map[string]json.RawMessage{"moodle": json.RawMessage(`{"penalty":"0.3"}`)}
	single.Worth, single.Lang = 3*scoring.Point, "en"
	wide := questionbanktest.Sample(questionbank.Order)
	wide.Interactions[0].Options, wide.Interactions[0].Correct = nil, nil
	for i := range questionbank.MaxRows {
		wide.Interactions[0].Options = append(wide.Interactions[0].Options, questionbank.Option{Text: "Langkah " + questionbank.OptionID(i)})
		wide.Interactions[0].Correct = append(wide.Interactions[0].Correct, questionbank.OptionID(questionbank.MaxRows-1-i))
	}
	short := questionbanktest.Sample(questionbank.Short)
	short.Interactions[0].Texts = []questionbank.TextAnswer{
		{Text: "a;b|c", Points: scoring.Point}, {Text: "5 * 3 (50%)", Points: scoring.Point / 3}, {Text: `C:\*`, Wild: true, Points: 0}, {Text: "URL", Case: true, Points: scoring.Point},
	}
	numeric := questionbanktest.Sample(questionbank.Numeric)
	numeric.Interactions[0].Numbers = []questionbank.Number{
		{Value: "100", Tolerance: "0.05", Relative: true, Points: scoring.Point}, {Low: "-3", High: "-1.5", OpenLow: true, Points: 500_000}, {Any: true, Points: 0},
	}
	rich := questionbanktest.Sample(questionbank.Multiple)
	rich.Interactions[0].Options[0].Text, rich.Interactions[0].Options[0].Rich = "**tebal**\n\nbaris", true
	rich.Interactions[0].Options[3].Fixed = true
	long := questionbanktest.Sample(questionbank.Single)
	long.Stimulus, long.Rationale = strings.Repeat("é panjang ", 1600), strings.Repeat("b", 16_000)
	for i := range long.Interactions[0].Options {
		long.Interactions[0].Options[i].Reason = strings.Repeat("alasan 😀 ", 1500)
	}
	odd := questionbanktest.Sample(questionbank.Info)
	odd.Stem, odd.Title, odd.Tags = "'=1+1 \u00e9", "=HYPERLINK(\"x\")", []string{"@a", "a,b"}
	bank := questionbank.Export{}
	for i, c := range []questionbank.Content{single, wide, short, numeric, rich, long, odd} {
		bank.Items = append(bank.Items, questionbank.Exported{Code: "x-" + string(rune('1'+i)), Content: c.Normalise()})
	}
	return bank
}

func TestWhatNoColumnSaysComesBack(t *testing.T) {
	bank := hard()
	file := export(t, bank)
	if got := Extension(bank); got != ".xlsx" {
		t.Errorf("an export without files is called %q", got)
	}
	parsed, err := read("soal.xlsx", file)
	if err != nil {
		t.Fatal(err)
	}
	sameItems(t, bank, parsed)
}

func TestCSVComesBack(t *testing.T) {
	bank := hard()
	for _, item := range samples().Items {
		if len(item.Content.Media) == 0 {
			bank.Items = append(bank.Items, item)
		}
	}
	var b bytes.Buffer
	losses, err := WriteCSV(&b, bank)
	if err != nil || len(losses) > 0 {
		t.Fatalf("%v, losses %v", err, losses)
	}
	for i, line := range strings.Split(b.String(), "\n") {
		for _, cell := range strings.Split(line, ";") {
			if cell = strings.Trim(cell, `"`); i > 0 && cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) && strings.Count(line, ";") > 20 {
				t.Errorf("line %d has a formula: %q", i+1, cell)
			}
		}
	}
	parsed, err := read("soal.csv", b.Bytes())
	if err != nil || parsed.Format != "csv" {
		t.Fatalf("%s, %v", parsed.Format, err)
	}
	sameItems(t, bank, parsed)
	if losses, err = WriteCSV(&bytes.Buffer{}, samples()); err != nil || len(losses) != 1 || losses[0].At != "A1-hotspot" {
		t.Errorf("an export with a picture loses %v, %v", losses, err)
	}
}

// The simple types and most of the others need no hidden data: what people see
// is the whole item.
func TestPlainColumnsSayIt(t *testing.T) {
	// Reasons of targets, reasons and shares of gaps, and lines have no column.
	needs := map[questionbank.Type]bool{questionbank.Match: true, questionbank.Matrix: true, questionbank.Cloze: true, questionbank.Essay: true}
	for _, c := range questionbanktest.Samples() {
		cells, fits := values(Item{Content: c})
		if got := cells[dataField(0)] != ""; got != needs[c.Type] || !fits {
			t.Errorf("%s needs data: %v, want %v\n%v\n%s\n%s", c.Type, got, needs[c.Type], cells, reread(cells).JSON(), c.JSON())
		}
	}
}

// An option that is a picture needs no hidden data either.
func TestPictureInAnOption(t *testing.T) {
	c := questionbanktest.Sample(questionbank.Single)
	c.Interactions[0].Options[1].Text, c.Interactions[0].Options[1].Rich = "![Bagan](media:bagan.png)", true
	c.Media = []questionbank.Media{{Name: "bagan.png", Alt: "Bagan"}}
	if cells, _ := values(Item{Content: c.Normalise()}); cells[dataField(0)] != "" || cells[fMedia] != "bagan.png" || cells[fAlt] != "Bagan" {
		t.Errorf("cells %v", cells)
	}
	cells := visible(c) // and one that no text shows comes below the stem
	cells[optionField(1)] = "Lembar sebar"
	if got := reread(cells); !strings.HasSuffix(got.Stem, "\n\n![Bagan](media:bagan.png)") || got.Interactions[0].Options[1].Rich {
		t.Errorf("stem %q", got.Stem)
	}
}

// edit changes cells of the entry sheet as somebody in Excel does.
func edit(t *testing.T, file []byte, set map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for ref, text := range set {
		if err := f.SetCellStr(sheetItems, ref, text); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A changed row counts as it is seen, and says what it lost. Saving the file in
// Excel without a change loses nothing.
func TestEditedRowWins(t *testing.T) {
	bank := hard()
	bank.Items = bank.Items[:1]
	file := export(t, bank)
	parsed, err := read("soal.xlsx", edit(t, file, map[string]string{"A4": ""}))
	if err != nil || len(parsed.Items[0].Warnings) > 0 || parsed.Items[0].Content.Feedback == nil || parsed.Items[0].Code != "" {
		t.Errorf("a row without its code: %+v, %v", parsed.Items[0].Warnings, err)
	}
	parsed, err = read("soal.xlsx", edit(t, file, map[string]string{"G4": "Pokok soal yang baru?"}))
	if err != nil {
		t.Fatal(err)
	}
	p := parsed.Items[0]
	if p.Content.Stem != "Pokok soal yang baru?" || p.Content.Feedback != nil || len(p.Warnings) != 1 {
		t.Fatalf("stem %q, warnings %v", p.Content.Stem, p.Warnings)
	}
	f := p.Warnings[0]
	text := locale.Text(f.Key, f.Args...)
	for _, want := range []string{"umpan balik", "data aplikasi asal", "bahasa", "nilai butir"} {
		if f.Key != "questionbank.xlsx.data_lost" || f.At != "Soal!G4" || !strings.Contains(text, want) {
			t.Errorf("%s at %s does not speak of %q: %s", f.Key, f.At, want, text)
		}
	}
	parsed, err = read("soal.xlsx", edit(t, file, map[string]string{"AI4": "v1 rusak {"}))
	if err != nil || len(parsed.Items[0].Warnings) != 1 || parsed.Items[0].Warnings[0].Key != "questionbank.xlsx.data_unreadable" {
		t.Errorf("broken data: %v, %v", parsed.Items[0].Warnings, err)
	}
}

// The examples beside the entry sheet are rows that import as they stand.
func TestExamplesImport(t *testing.T) {
	rows, err := exampleRows()
	if err != nil || len(rows) != len(questionbank.Types) {
		t.Fatalf("%d examples, %v", len(rows), err)
	}
	var b bytes.Buffer
	if err := writeRows(&b, rows); err != nil {
		t.Fatal(err)
	}
	parsed, err := read("contoh.xlsx", b.Bytes())
	if err != nil || len(parsed.Items) != len(rows) {
		t.Fatalf("%d items, %v", len(parsed.Items), err)
	}
	for i, p := range parsed.Items {
		var said []string
		for _, f := range append(p.Rejects, p.Warnings...) {
			said = append(said, f.Key)
		}
		if want := map[bool][]string{true: {"questionbank.xlsx.media_absent"}}[p.Type == "hotspot"]; !cmp.Equal(said, want) || p.Type != string(questionbank.Types[i]) {
			t.Errorf("%s: %v", p.Type, said)
		}
		c := p.Content.Normalise()
		if err := c.Validate(); err != nil || c.Indicator == "" {
			t.Errorf("%s: %v in %s", p.Type, err, c.JSON())
		}
	}
}

// Two items may call different files alike.
func TestFilesOfOneName(t *testing.T) {
	bank := samples()
	bank.Media = func(hash string) ([]byte, error) {
		if hash == "" {
			return nil, errors.New("gone")
		}
		return []byte(hash), nil
	}
	hotspot := questionbanktest.Sample(questionbank.Hotspot)
	bank.Items = nil
	for i, hash := range []string{"satu", "dua", "satu", ""} {
		c := hotspot
		c.Media = []questionbank.Media{{Name: "jendela.png", SHA256: hash, Alt: "Jendela", MIME: "image/png"}}
		bank.Items = append(bank.Items, questionbank.Exported{Code: "A1/" + string(rune('a'+i)), Content: c})
	}
	var b bytes.Buffer
	losses, err := WriteExport(&b, bank)
	if err != nil || len(losses) != 1 || losses[0].At != "A1/d" || losses[0].Key != "questionbank.xlsx.media_unread" {
		t.Fatalf("losses %v, %v", losses, err)
	}
	p, err := pack.Open(b.Bytes())
	if err != nil || !cmp.Equal(p.Names(), []string{"media/A1_b/jendela.png", "media/jendela.png", "soal.xlsx"}) {
		t.Fatalf("entries %v, %v", p.Names(), err)
	}
	parsed, err := read("soal.zip", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"satu", "dua", "satu"} {
		if got := parsed.Items[i].Files; len(got) != 1 || string(got[0].Data) != want {
			t.Errorf("item %d got %q, want %q", i, got, want)
		}
	}
}

func TestEveryMessageHasItsText(t *testing.T) {
	for _, key := range []string{
		"answer_empty", "area_unreadable", "csv_media", "data_lost", "data_unreadable", "essay_key", "files_unused", "gap_key", "gaps_missing", "item_large",
		"mapping_column", "mapping_stem", "media_absent", "media_unread", "pairs_unreadable", "picture_lost", "pictures_old", "rubric_points",
		"seconds_unreadable", "sequence_unreadable", "survey_key", "targets_empty", "type_unknown", "worth_unreadable", "zip_many",
	} {
		if !locale.Has("questionbank.xlsx." + key) {
			t.Errorf("%s has no text", key)
		}
	}
	if fault.Of(invalid("x")) == nil {
		t.Error("invalid makes no fault")
	}
}
