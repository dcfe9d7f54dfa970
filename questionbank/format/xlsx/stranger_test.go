package xlsx

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cakap/internal/fault"
	"cakap/internal/sheet/sheettest"
	"cakap/questionbank"
	"cakap/questionbank/format/conformance"
	"cakap/questionbank/questionbanktest"
)

// shown is an item as a line: place, type, options, key, and what was said.
func shown(p questionbank.ParsedItem) string {
	var b strings.Builder
	c := p.Content.Normalise()
	fmt.Fprintf(&b, "%s %s %q", p.At, p.Type, c.Stem)
	for _, in := range c.Interactions {
		if len(c.Interactions) > 1 {
			b.WriteString(" |")
		}
		for _, o := range in.Options {
			fmt.Fprintf(&b, " %s=%s", o.ID, o.Text)
		}
		for _, o := range in.Targets {
			fmt.Fprintf(&b, " %s=%s", o.ID, o.Text)
		}
		for _, t := range in.Texts {
			fmt.Fprintf(&b, " ~%s", formatText(t))
		}
		for _, n := range in.Numbers {
			fmt.Fprintf(&b, " #%s", formatNumber(n))
		}
		fmt.Fprintf(&b, " %v", in.Correct)
		if in.Many && in.Kind == questionbank.PairsKind {
			b.WriteString("+")
		}
	}
	for _, m := range c.Media {
		b.WriteString(" @" + m.Name)
	}
	for _, f := range append(p.Rejects, p.Warnings...) {
		fmt.Fprintf(&b, " !%s@%s", strings.TrimPrefix(strings.TrimPrefix(f.Key, "questionbank."), "import."), f.At)
	}
	return b.String()
}

func lines2(parsed questionbank.Parsed) string {
	all := make([]string, len(parsed.Items))
	for i, p := range parsed.Items {
		all[i] = shown(p)
	}
	for _, f := range parsed.Messages {
		all = append(all, "! "+strings.TrimPrefix(f.Key, "questionbank.")+" "+f.At)
	}
	return strings.Join(all, "\n")
}

// The layouts of formats.md 1.7, each with a row that shows what is theirs.
func TestLayouts(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows [][]any
		want string
	}{
		{"letter key, small, and an empty one", [][]any{{"Pertanyaan", "A", "B", "C", "D", "E", "Jawaban"}, {"Apa itu x?", "a1", "b1", "c1", "d1", "e1", "b"}, {"Apa itu y?", "a1", "b1", "c1", "d1", "e1", nil}},
			`S!A2 single "Apa itu x?" A=a1 B=b1 C=c1 D=d1 E=e1 [B]` + "\n" + `S!A3 single "Apa itu y?" A=a1 B=b1 C=c1 D=d1 E=e1 [] !key_empty@S!G3`},
		{"number key", [][]any{{"soal", "jawab1", "jawab2", "jawab3", "jawab4", "jawab5", "kunci_jawaban"}, {"Apa itu x?", 2.25, "b", "c", "d", "d", 5}},
			`S!A2 single "Apa itu x?" A=2.25 B=b C=c D=d E=d [E]`},
		{"media columns and Jenis", [][]any{{"No Soal", "Soal", "PilA", "PilB", "jawab", "Jenis", "file1", "fileA"}, {1, "Apa itu x?", "a", "b", "A", 1, "x.jpg", "y.jpg"}, {2, "Jelaskan x.", nil, nil, nil, 2, nil, nil}, {3}},
			`S!B2 single "Apa itu x?" A=a B=b [A] !media_missing@S!G2 !media_missing@S!H2` + "\n" + `S!B3 essay "Jelaskan x." []`},
		{"flags beside options", [][]any{{"Questiontext", "Option 1", "Correct 1", "Option 2", "Correct 2", "Option 3", "Correct 3"}, {"Apa itu x?", "a", nil, "b", "X", "c", nil}, {"Apa itu y?", "a", "v", "b", "X", "c", "-"}},
			`S!A2 single "Apa itu x?" A=a B=b C=c [B]` + "\n" + `S!A3 multiple "Apa itu y?" A=a B=b C=c [A B]`},
		{"kprim", [][]any{{"Question text", "Statement 1", "True/False 1", "Statement 2", "True/False 2"}, {"Nilai ini.", "Satu", false, "Dua", true}, {"Nilai itu.", "Satu", "R", "Dua", true}},
			`S!A2 matrix "Nilai ini." A=Satu B=Dua 1=Benar 2=Salah [A 2 B 1]` + "\n" + `S!A3 matrix "Nilai itu." A=Satu B=Dua 1=Benar 2=Salah [] !xlsx.pairs_unreadable@S baris 3`},
		{"JSON in a cell", [][]any{{"question", "options", "answer"}, {"Apa itu x?", `["a","b","c"]`, `["2","3"]`}, {"Apa itu y?", `["a","b"]`, `"1"`}},
			`S!A2 multiple "Apa itu x?" A=a B=b C=c [B C]` + "\n" + `S!A3 single "Apa itu y?" A=a B=b [A]`},
		{"options in lines", [][]any{{"soal", "pilihan", "kunci"}, {"Apa itu x?", "A. a\nB. b\nC. c", "C"}}, `S!A2 single "Apa itu x?" A=a B=b C=c [C]`},
		{"match with letters and numbers", [][]any{{"tipe", "soal", "a", "b", "pasangan", "kunci"}, {"Menjodohkan", "Jodohkan.", "x", "y", "satu\ndua\ntiga", "A-3, B-1"}, {"3", "Jodohkan lagi.", "x", "y", "satu;dua", "1-B; 2-A"}, {"matching", "Jodohkan.", "x", "y", "satu\ndua", "A-9"}},
			`S!B2 match "Jodohkan." A=x B=y 1=satu 2=dua 3=tiga [A 3 B 1]` + "\n" + `S!B3 match "Jodohkan lagi." A=x B=y 1=satu 2=dua [A 2 B 1]` + "\n" + `S!B4 match "Jodohkan." A=x B=y 1=satu 2=dua [] !xlsx.pairs_unreadable@S!F4`},
		{"match in one cell", [][]any{{"tipe", "soal", "a", "b", "kunci"}, {"MATCHING", "Jodohkan.", "x :: satu", "y :: dua", nil}, {"JODOH", "Jodohkan.", nil, nil, "x -> satu\ny -> satu"}, {"JODOH", "Jodohkan.", "x", "y", "1-A"}},
			`S!B2 match "Jodohkan." A=x B=y 1=satu 2=dua [A 1 B 2]` + "\n" + `S!B3 match "Jodohkan." A=x B=y 1=satu [A 1 B 1]` + "\n" + `S!B4 match "Jodohkan." A=x B=y [] !xlsx.targets_empty@S baris 4`},
		{"a table of many keys", [][]any{{"tipe", "soal", "a", "b", "pasangan", "kunci"}, {"TABEL", "Tandai.", "x", "y", "satu\ndua\ntiga", "A-1,3; B-2"}, {"TABEL", "Tandai.", "x", "y", nil, "B, S"}},
			`S!B2 matrix "Tandai." A=x B=y 1=satu 2=dua 3=tiga [A 1 A 3 B 2]+` + "\n" + `S!B3 matrix "Tandai." A=x B=y 1=Benar 2=Salah [A 1 B 2]`},
		{"orders", [][]any{{"tipe", "soal", "a", "b", "c", "kunci"}, {"ORDERING", "Urutkan.", "x", "y", "z", "C, A, B"}, {"URUT", "Urutkan.", "x", "y", "z", nil}, {"URUT", "Urutkan.", "x", "y", "z", "3-1-2"}, {"URUT", "Urutkan.", "x", "y", "z", "AAB"}},
			`S!B2 order "Urutkan." A=x B=y C=z [C A B]` + "\n" + `S!B3 order "Urutkan." A=x B=y C=z [A B C]` + "\n" + `S!B4 order "Urutkan." A=x B=y C=z [C A B]` + "\n" + `S!B5 order "Urutkan." A=x B=y C=z [] !xlsx.sequence_unreadable@S!F5`},
		{"texts", [][]any{{"tipe", "soal", "kunci"}, {"ISIAN", "Ibu kota?", "Jakarta; DKI Jakarta | Batavia (50%)"}, {"4", "Ibu kota?", "Jakarta"}, {"ISIAN", "Ibu kota?", nil}, {"ISIAN", "Ibu kota?", `["Jakarta","DKI"]`}},
			`S!B2 short "Ibu kota?" ~Jakarta ~DKI Jakarta ~Batavia (50%) []` + "\n" + `S!B3 short "Ibu kota?" ~Jakarta []` + "\n" + `S!B4 short "Ibu kota?" [] !xlsx.answer_empty@S!C4` + "\n" + `S!B5 short "Ibu kota?" ~Jakarta ~DKI []`},
		{"numbers", [][]any{{"tipe", "soal", "kunci"}, {"ANGKA", "Berapa?", "3,5±0,1; 7..9 (50%)"}, {"NUMERICAL_INPUT", "Berapa?", 12}, {"ANGKA", "Berapa?", "100 +/- 5%"}, {"ANGKA", "Berapa?", "tujuh"}, {"ANGKA", "Berapa?", "1 sampai 2"}},
			`S!B2 numeric "Berapa?" #3.5±0.1 #7..9 (50%) []` + "\n" + `S!B3 numeric "Berapa?" #12 []` + "\n" + `S!B4 numeric "Berapa?" #100±5% []` + "\n" + `S!B5 numeric "Berapa?" [] !number_unreadable@S!C5` + "\n" + `S!B6 numeric "Berapa?" #1..2 []`},
		{"gaps", [][]any{{"tipe", "soal", "a", "b", "kunci"}, {"RUMPANG", "Pakai ____ dan ____.", "HTTP | HTTPS", nil, "1: B\n2: Format; berkas"}, {"CLOZE", "Ada ___ bit.", nil, nil, "8"}, {"RUMPANG", "Tanpa rumpang.", nil, nil, "x"}, {"RUMPANG", "Ada ___ dan ___.", nil, nil, "1: x"}},
			`S!B2 cloze "Pakai [[1]] dan [[2]]." | A=HTTP B=HTTPS [B] | ~Format ~berkas []` + "\n" + `S!B3 cloze "Ada [[1]] bit." #8 []` + "\n" + `S!B4 cloze "Tanpa rumpang." !xlsx.gaps_missing@S!B4` + "\n" + `S!B5 cloze "Ada [[1]] dan [[2]]." | ~x [] | [] !xlsx.gap_key@S!E5`},
		{"essays, surveys and texts", [][]any{{"tipe", "soal", "a", "b", "kunci", "bobot"}, {"URAIAN", "Jelaskan.", nil, nil, "bebas", 5}, {"ANGKET", "Seberapa?", "x", "y", nil, nil}, {"ANGKET", "Saran?", nil, nil, "A", nil}, {"INFO", "Bacalah.", nil, nil, nil, "lima"}},
			`S!B2 essay "Jelaskan." [] !xlsx.essay_key@S!E2` + "\n" + `S!B3 survey "Seberapa?" A=x B=y []` + "\n" + `S!B4 survey "Saran?" [] !xlsx.survey_key@S!E4` + "\n" + `S!B5 info "Bacalah." !xlsx.worth_unreadable@S!F5`},
		{"a column twice", [][]any{{"soal", "a", "b", "kunci", "soal"}, {"Apa itu x?", "1", "2", "A", "lain"}}, `S!A2 single "Apa itu x?" A=1 B=2 [A]` + "\n" + `! import.column_twice S!E1`},
		{"markup is a question", [][]any{{"soal", "a", "b", "kunci"}, {"Apa guna <form action=\"x\">?", "<b>", "</b>", "A"}}, `S!A2 single "Apa guna \\<form action=\"x\">?" A=<b> B=</b> [A]`},
		{"capitals tell options apart", [][]any{{"soal", "a", "b", "kunci"}, {"Apa itu x?", "srikandi", "Srikandi", "Srikandi"}}, `S!A2 single "Apa itu x?" A=srikandi B=Srikandi [B]`},
	} {
		parsed, err := read("soal.xlsx", sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: tt.rows}))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, lines2(parsed)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if old, err := read("soal.xls", sheettest.XLS(sheettest.Sheet{Name: "S", Rows: tt.rows})); err != nil || lines2(old) != lines2(parsed) {
			t.Errorf("%s: the same as .xls: %v\n%s", tt.name, err, lines2(old))
		}
	}
}

// qaRows is a question over several rows, as ZYA CBT has it, with a block that
// holds nothing and one without a key.
func qaRows() [][]any {
	return [][]any{
		{"FORM SOAL PILIHAN GANDA"}, {"Petunjuk: isi kolom yang kosong"}, {},
		{"No", "Kode", "Isi Soal / Jawaban", nil, "Status Jawaban", "Tingkat"},
		{1, "Q", "Apa kepanjangan SPBE?", nil, nil, 1}, {nil, "A", "Sistem Pemerintahan Berbasis Elektronik", nil, 1, nil}, {nil, "A", "Surat Perintah", nil, 0, nil}, {nil, nil, "yang Berbeda", nil, nil, nil}, {nil, "A", "Salah semua", nil, 0, nil},
		{2, "Q", nil, nil, nil, 1}, {nil, "A", nil, nil, 0, nil}, {nil, "A", nil, nil, 0, nil},
		{3, "Q", "Mana yang benar di sini?", nil, nil, 1}, {nil, "A", "Satu", nil, 0, nil}, {nil, "A", "Dua", nil, nil, nil},
		{4, "Q", "Pilih dua.", nil, nil, 1}, {nil, "A", "Satu", nil, 1, nil}, {nil, "A", "Dua", nil, 1, nil}, {nil, "A", "Tiga", nil, 0, nil},
	}
}

func TestQuestionOverSeveralRows(t *testing.T) {
	parsed, err := read("form.xlsx", sheettest.Workbook(sheettest.Sheet{Name: "Form", Rows: qaRows()}))
	if err != nil {
		t.Fatal(err)
	}
	want := `Form!C5 single "Apa kepanjangan SPBE?" A=Sistem Pemerintahan Berbasis Elektronik B=Surat Perintah yang Berbeda C=Salah semua [A]` + "\n" +
		`Form!C13 single "Mana yang benar di sini?" A=Satu B=Dua [] !key_empty@Form!C13` + "\n" +
		`Form!C16 multiple "Pilih dua." A=Satu B=Dua C=Tiga [A B]`
	if diff := cmp.Diff(want, lines2(parsed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m, err := Preview(questionbank.Input{Name: "form.xlsx", Content: sheettest.Workbook(sheettest.Sheet{Name: "Form", Rows: qaRows()})})
	if err != nil || m.Sheets[0].Layout != "qa" || m.Sheets[0].Header != 4 {
		t.Errorf("the preview says %+v, %v", m, err)
	}
}

// What the user says of the columns comes before what their titles say.
func TestMapping(t *testing.T) {
	rows := [][]any{{"Bank", nil}, {"Teks", "Satu", "Dua", "Benar", "Soal", "Kunci"}, {"Apa itu x?", "a", "b", "B", "catatan", "A"}}
	file := sheettest.Workbook(sheettest.Sheet{Name: "Bank!1", Rows: rows})
	chosen := map[string]string{"Bank!1!A": fStem, "Bank!1!B": "option_a", "Bank!1!C": "option_b", "Bank!1!D": fCorrect, "Bank!1!E": "-", "Bank!1!F": "-"}
	for _, tt := range []struct {
		name    string
		content []byte
		columns map[string]string
		want    string
	}{
		{"titles only", file, nil, `'Bank!1'!E3 short "catatan" ~A []`},
		{"all said", file, chosen, `'Bank!1'!A3 single "Apa itu x?" A=a B=b [B]`},
		{"one said", file, map[string]string{"Bank!1!A": fStem}, `'Bank!1'!A3 short "Apa itu x?" ~A []`},
		{"no known title, in a text file", []byte("x;y;z;k\nApa itu x?;a;b;B\n"), map[string]string{"!A": fStem, "B": "option_a", "!C": "option_b", "!D": fCorrect}, `baris 2 kolom x single "Apa itu x?" A=a B=b [B]`},
		{"no titles at all", []byte("Apa itu x?;a;b;B\nApa itu y?;a;b;A\n"), map[string]string{"!#": "0", "!A": fStem, "!B": "option_a", "!C": "option_b", "!D": fCorrect},
			`baris 1 kolom A single "Apa itu x?" A=a B=b [B]` + "\n" + `baris 2 kolom A single "Apa itu y?" A=a B=b [A]`},
	} {
		parsed, err := Read(questionbank.Input{Name: "x", Content: tt.content, Columns: tt.columns})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, lines2(parsed)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	for key, bad := range map[string]map[string]string{
		"mapping_column": {"Bank!1!?": fStem}, "mapping_stem": {"Bank!1!E": "-"},
	} {
		if _, err := Read(questionbank.Input{Content: file, Columns: bad}); fault.Of(err) == nil || !strings.Contains(fmt.Sprint(fault.Of(err).Key, fault.Of(err).Cause), key) {
			t.Errorf("%v: %v, want %s", bad, err, key)
		}
	}
	if _, err := Read(questionbank.Input{Content: file, Columns: map[string]string{"Bank!1!A": "nama"}}); fault.Of(err) == nil {
		t.Errorf("an unknown field: %v", err)
	}
	m, err := Preview(questionbank.Input{Content: file})
	if err != nil || len(m.Sheets) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	want := SheetMapping{Name: "Bank!1", Header: 2, Layout: "rows", Columns: []ColumnMapping{
		{"Bank!1!A", "A", "Teks", "", []string{"Apa itu x?"}}, {"Bank!1!B", "B", "Satu", "", []string{"a"}}, {"Bank!1!C", "C", "Dua", "", []string{"b"}},
		{"Bank!1!D", "D", "Benar", "", []string{"B"}}, {"Bank!1!E", "E", "Soal", fStem, []string{"catatan"}}, {"Bank!1!F", "F", "Kunci", fCorrect, []string{"A"}},
	}}
	if diff := cmp.Diff(want, m.Sheets[0]); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
	seen := map[string]bool{}
	for _, f := range Fields() {
		if seen[f.Name] || f.Label == "" || aliases[f.Name] == nil {
			t.Errorf("field %q twice, without a label or unknown to the reader", f.Name)
		}
		seen[f.Name] = true
	}
}

// illustrated is a stranger's workbook with pictures on its cells.
func illustrated(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for i, row := range [][]any{{"Soal", "A", "B", "Kunci"}, {"Apa gambar ini?", "a", "b", "A"}, {"Mana yang lingkaran?", "a", nil, "B"}, {}, {"", nil, nil, nil}} {
		if err := f.SetSheetRow("Sheet1", cell(0, i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []string{"A2", "B3", "C3", "A9"} {
		err := f.AddPictureFromBytes("Sheet1", at, &excelize.Picture{Extension: ".png", File: questionbanktest.Picture(), Format: &excelize.GraphicOptions{AltText: "Bagan " + at}})
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesOnCells(t *testing.T) {
	parsed, err := read("soal.xlsx", illustrated(t))
	if err != nil {
		t.Fatal(err)
	}
	want := `Sheet1!A2 single "Apa gambar ini?\n\n![Bagan A2](media:image1.png)" A=a B=b [A] @image1.png` + "\n" +
		"Sheet1!A3 single \"Mana yang lingkaran?\" A=a\n\n![Bagan B3](media:image1.png) B=![Bagan C3](media:image1_2.png) [B] @image1.png @image1_2.png" + "\n" +
		`! xlsx.picture_lost Sheet1!A9`
	if diff := cmp.Diff(want, lines2(parsed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, n := range []int{1, 2} {
		for _, f := range parsed.Items[i].Files {
			if !bytes.Equal(f.Data, questionbanktest.Picture()) {
				t.Errorf("%s is another file", f.Name)
			}
		}
		if len(parsed.Items[i].Files) != n {
			t.Errorf("item %d has %d files", i, len(parsed.Items[i].Files))
		}
	}
}

// A stranger's sheet may come in a .zip with what it names.
func TestFilesAroundASheet(t *testing.T) {
	rows := sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: [][]any{
		{"Soal", "A", "B", "Kunci", "file1", "fileA", "fileB"}, {"Apa ini?", "a", nil, "B", "Foto Satu.PNG", "", "b.png"}, {"Apa itu?", "a", "b", "B", "hilang.png", nil, nil},
	}})
	picture := string(questionbanktest.Picture())
	parsed, err := read("soal.zip", sheettest.Zip(map[string]string{"x/soal.xlsx": string(rows), "x/gambar/Foto Satu.PNG": picture, "x/b.png": picture, "x/lain.png": picture, "__MACOSX/x/._soal.xlsx": "x"}))
	if err != nil {
		t.Fatal(err)
	}
	want := "S!A2 single \"Apa ini?\\n\\n![](media:Foto_Satu.PNG)\" A=a B=![](media:b.png) [B] @Foto_Satu.PNG @b.png !alt_missing@S baris 2 !alt_missing@S baris 2\n" +
		`S!A3 single "Apa itu?" A=a B=b [B] !media_missing@S!E3` + "\n" + `! xlsx.files_unused `
	if diff := cmp.Diff(want, lines2(parsed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name  string
		parts map[string]string
		key   string
		kind  fault.Kind
	}{
		{"two sheets", map[string]string{"a.xlsx": "x", "b.csv": "y"}, "questionbank.xlsx.zip_many", fault.Invalid},
		{"a QTI package", map[string]string{"imsmanifest.xml": "<x/>", "a.csv": "soal;kunci\nx;y"}, "sheet.unsupported", fault.Unsupported},
		{"a Word file", map[string]string{"word/document.xml": "<x/>"}, "sheet.unsupported", fault.Unsupported},
		{"a broken sheet", map[string]string{"a.xlsx": "PK\x03\x04"}, "sheet.damaged", fault.Invalid},
	} {
		_, err := read("x.zip", sheettest.Zip(tt.parts))
		if f := fault.Of(err); f == nil || f.Key != tt.key || f.Kind != tt.kind {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
		}
	}
}

const corpus = "../../../../shared/corpus"

func TestCorpus(t *testing.T) {
	if _, err := os.Stat(filepath.Join(corpus, "xlsx_soal")); err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	rows, err := conformance.Run(corpus, Read)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, row := range rows {
		if !strings.HasPrefix(row.File, "xlsx_soal/") {
			continue
		}
		if n++; !row.Equal {
			t.Errorf("%s: %s; got %s, want %s", row.File, row.Why, row.GotTypes, row.WantTypes)
		}
	}
	if n != 4 {
		t.Errorf("%d files of the corpus", n)
	}
}
