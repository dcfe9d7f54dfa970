package questionbank_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet/sheettest"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/scoring"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func text(f *fault.Fault) string { return locale.Text(f.Key, f.Args...) }

// verdicts is a report as a reviewer reads it.
func verdicts(r questionbank.Report) string {
	var b strings.Builder
	j := r.JSON(text)
	fmt.Fprintf(&b, "## %s (%s %s) %+v\n", j.File, j.Format, j.Encoding, j.Counts)
	for _, m := range j.FileMessages {
		fmt.Fprintf(&b, "! %s %s: %s\n", m.At, m.Code, m.Text)
	}
	for i, item := range j.Items {
		fmt.Fprintf(&b, "%d %s %s %s %s %s %q\n", item.N, item.At, item.Type, item.Aspect, item.Status, r.Items[i].Action, item.Title)
		for _, m := range item.Messages {
			fmt.Fprintf(&b, "    %s %s: %s\n", m.At, m.Code, m.Text)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func export(t *testing.T, s *questionbank.Service, f questionbank.Filter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := xlsx.Export(t.Context(), &b, s, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A whole bank goes out and into another database: every item arrives with its
// code and, byte for byte, its content. Bringing it in again changes nothing.
func TestExportImportWithoutLoss(t *testing.T) {
	from := bank(t, storagetest.SQLite(t))
	file := export(t, from, questionbank.Filter{})
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		to := bank(t, db)
		if _, err := db.Exec(ctx, `UPDATE item SET code = 'x-' || code`); err != nil { // as if it had other items
			t.Fatal(err)
		}
		req := questionbank.ImportRequest{File: "bank.xlsx", Content: file, Actor: author}
		report, err := to.Import(ctx, req)
		c := report.Counts()
		if err != nil || c.Items != 160 || c.Rejected != 0 || !report.Saved {
			t.Fatalf("import: %+v, %v", c, err)
		}
		for _, item := range report.Items[:3] {
			if item.Action != questionbank.ActionNew || item.Messages[0].Key != "questionbank.import.similar" {
				t.Errorf("%s: %s, %v", item.Code, item.Action, item.Messages)
			}
		}
		want := map[string]string{}
		if err := from.Export(ctx, questionbank.Filter{}, func(r questionbank.Revision) error {
			want[r.Code] = string(r.Content.JSON())
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		if err := to.Export(ctx, questionbank.Filter{Status: questionbank.Draft}, func(r questionbank.Revision) error {
			got[r.Code] = string(r.Content.JSON())
			if r.Provenance != questionbank.Imported || r.Source.File != "bank.xlsx" || !strings.HasPrefix(r.Source.At, "Soal!G") || r.Author != author {
				t.Errorf("%s comes from %+v by %d", r.Code, r.Source, r.Author)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("contents (-out +in):\n%s", diff)
		}
		before := count(t, db, `SELECT count(*) FROM item_revision`)
		report, err = to.Import(ctx, req)
		if err != nil || report.Counts().Accepted != 160 {
			t.Errorf("again: %+v, %v", report.Counts(), err)
		}
		for _, item := range report.Items {
			if item.Action != questionbank.ActionSame {
				t.Errorf("again: %s is %s", item.Code, item.Action)
			}
		}
		if after := count(t, db, `SELECT count(*) FROM item_revision`); after != before {
			t.Errorf("importing again made %d revisions", after-before)
		}
	})
}

// A changed row of an exported template becomes the next revision, a draft;
// what is live stays live.
func TestChangedRowIsARevision(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		item, err := s.ItemByCode(ctx, "A1-003")
		if err != nil {
			t.Fatal(err)
		}
		c := item.Latest().Content
		c.Rationale = "Pembahasan yang baru."
		var b bytes.Buffer
		err = xlsx.Write(&b, 1, func(yield func(xlsx.Item, error) bool) { yield(xlsx.Item{Code: "A1-003", Content: c}, nil) })
		if err != nil {
			t.Fatal(err)
		}
		req := questionbank.ImportRequest{File: "ubah.xlsx", Content: b.Bytes(), Actor: author, DryRun: true}
		report, err := s.Import(ctx, req)
		if err != nil || report.Saved || report.Items[0].Action != questionbank.ActionRevised {
			t.Fatalf("dry run: %+v, %v", report, err)
		}
		if item, err = s.Item(ctx, item.ID); err != nil || item.LatestRev != 1 {
			t.Fatalf("the dry run saved revision %d, %v", item.LatestRev, err)
		}
		req.DryRun = false
		if _, err = s.Import(ctx, req); err != nil {
			t.Fatal(err)
		}
		item, err = s.Item(ctx, item.ID)
		if err != nil || item.LatestRev != 2 || item.LiveRev != 1 || item.Latest().Status != questionbank.Draft || item.Latest().Content.Rationale != c.Rationale {
			t.Errorf("after the import: %+v, %v", item, err)
		}
		if err := questionbank.Seed(ctx, db, start); err != nil {
			t.Fatal(err)
		}
		if item, err = s.Item(ctx, item.ID); err != nil || item.LatestRev != 2 {
			t.Errorf("seeding again added a revision: %d, %v", item.LatestRev, err)
		}
	})
}

// strangers are sheets in the layouts of other Indonesian test programs, with
// the faults that such sheets have. They are ours; only the columns are theirs.
func strangers() map[string][]byte {
	candy := sheettest.Sheet{Name: "Sheet1", Rows: [][]any{
		{"No Soal", "Soal", "PilA", "PilB", "PilC", "PilD", "PilE", "jawab", "Jenis", "file1", "fileA"},
		{1, "Jum'at ini kantor tutup pukul berapa?", "11.00", "11.30", "14.00", "15.30", "16.00", "a", 1, "foto1.jpg", ""},
		{2, "Sel mana yang memuat rumus =A1*B1 dan <b>tebal</b>?", "C1", "C2", "C3", "C4", "C5", 3, 1, "", ""},
		{3, nil, nil, nil, nil, nil, nil, nil, 1},
		{4},
		{5, "Jelaskan langkah mencadangkan data kantor Anda.", nil, nil, nil, nil, nil, nil, 2},
		{6, "Aplikasi mana yang termasuk SPBE?", "Srikandi", "srikandi", "Permainan", "Kalkulator", nil, "E", 1},
		{7, "Mana opsi yang kembar di sini?", "Sama", "Sama", "Lain", nil, nil, "A", 1},
		{8, "Soal tanpa kunci di sini?", "Satu", "Dua", "Tiga", nil, nil, nil, 1},
		{9, "Soal dengan opsi berlubang?", "Satu", nil, "Tiga", "Empat", nil, "C", 1},
		{10, "Kunci ditulis sebagai isi opsi?", "Satu", "Dua", "Tiga", nil, nil, "Dua", 1},
		{11, "=HYPERLINK(\"http://x\")", "Satu", "Dua", "Tiga", nil, nil, "A", 1},
		{12, "Pilih dua jawaban yang benar berikut ini!", "A. Satu", "B. Dua", "C. Tiga", "D. Empat", nil, "A, dan D", 2},
		{13, "Jum'at ini kantor tutup pukul berapa ?", "11.00", "11.30", "14.00", "15.30", "16.00", "A", 1},
	}}
	rafli := sheettest.Sheet{Name: "Sheet1", Start: 3, Rows: [][]any{
		{"BANK SOAL LITERASI DIGITAL"},
		{},
		{"Soal", "nomer bab", "opsi A", "opsi B", "opsi C", "opsi D", "jawaban benar", "alasan jawaban"},
		{"Berapa panjang NIP seorang PNS?", 2, "15 angka", "16 angka", "18 angka", "20 angka", "C", "NIP terdiri atas 18 angka."},
	}}
	garuda := sheettest.Sheet{Name: "AKM", Rows: [][]any{
		{"NO", "JENIS SOAL", "ASPEK", "INDIKATOR", "LEVEL", "PERTANYAAN", "OPSI 1", "OPSI 2", "OPSI 3", "OPSI 4", "OPSI 5", "KUNCI JAWABAN"},
		{1, "PG", "A4", "A4.2", "L1", "Apa tanda khas pesan pengelabuan?", "Mendesak", "Ramah", "Pendek", "Resmi", "Sopan", "A"},
		{2, "PG Kompleks", "Etika dan Keamanan", "A4.1", "2", "Mana cara mengamankan akun dinas?", "OTP", "Sandi unik", "Sandi bersama", "Sandi di meja", nil, `["1","2"]`},
		{3, "Benar/Salah", nil, nil, nil, "Kode OTP boleh diberikan kepada petugas bank.", nil, nil, nil, nil, nil, "Salah"},
		{4, "Benar/Salah", nil, nil, nil, "Sandi yang panjang lebih sukar ditebak.", nil, nil, nil, nil, nil, "B"},
		{5, "Menjodohkan", nil, nil, nil, "Jodohkan istilah dengan artinya.", "x", "y", nil, nil, nil, "1-A"},
		{6, "Isian", nil, nil, nil, "Kepanjangan SPBE adalah …", nil, nil, nil, nil, nil, "Sistem"},
		{7, "Teka-teki", "A1", "A4.1", "L9", "Tipe apakah soal yang ini?", "Satu", "Dua", nil, nil, nil, "B"},
	}}
	flags := sheettest.Sheet{Name: "MC", Rows: [][]any{
		{"INTERN", nil, nil, "These columns are exported", nil, nil, nil, nil, nil},
		{"Chapter", "Keywords", "Author", "Questiontext", "Option 1", "Correct 1", "Option 2", "Correct 2", "Option 3", "Correct 3"},
		{"Bab 1", "media", "AB", "<p>Peramban &amp; mesin pencari: mana yang peramban?</p>", "<p>Firefox</p>", "X", "<p>Google</p>", nil, "<p>Bing</p>", nil},
		{"Bab 1", "media", "AB", "Mana yang termasuk peramban web?", "Firefox", "✓", "Chrome", "v", "Bing", "-"},
	}}
	kprim := sheettest.Sheet{Name: "KPRIM", Rows: [][]any{
		{"Question text", "Statement 1", "True/False 1", "Statement 2", "True/False 2"},
		{"Nilai tiap pernyataan ini.", "Satu", false, "Dua", true},
	}}
	return map[string][]byte{
		"candy.xlsx":  sheettest.Workbook(candy),
		"rafli.xlsx":  sheettest.Workbook(rafli),
		"garuda.xlsx": sheettest.Workbook(garuda),
		"bendera.xls": sheettest.Workbook(flags, kprim),
		"kosong.xlsx": sheettest.Workbook(sheettest.Sheet{Name: "A", Rows: [][]any{{"Soal", "A", "B", "Kunci"}}}),
		"lain.xlsx":   sheettest.Workbook(sheettest.Sheet{Name: "A", Rows: [][]any{{"NIP", "Nama"}, {"1", "B"}}}),
		"koma.csv": []byte("soal;a;b;c;kunci;pembahasan\r\n" +
			"Simpan berkas dengan nama apa?;rapat.docx;\"rapat; final.docx\";2026-03-03_rapat.docx;3;Tanggal di depan\r\n"),
	}
}

func TestStrangersSheets(t *testing.T) {
	s := bank(t, storagetest.SQLite(t))
	var all strings.Builder
	files := strangers()
	for _, name := range []string{"candy.xlsx", "rafli.xlsx", "garuda.xlsx", "bendera.xls", "kosong.xlsx", "lain.xlsx", "koma.csv"} {
		report, err := s.Import(t.Context(), questionbank.ImportRequest{File: name, Content: files[name], Aspect: scoring.LearningPlatform, DryRun: true, Actor: author})
		if (err != nil) != (name == "lain.xlsx") {
			t.Errorf("%s: %v", name, err)
		}
		all.WriteString(verdicts(report))
	}
	golden(t, "strangers.txt", all.String())
}

// The collected files of other programs, where they are at hand.
func TestCorpus(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "corpus", "xlsx_soal")
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	s := bank(t, storagetest.SQLite(t))
	var all strings.Builder
	for _, entry := range names {
		body, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		report, err := s.Import(t.Context(), questionbank.ImportRequest{File: entry.Name(), Content: body, DryRun: true, Actor: author})
		if err != nil && fault.KindOf(err) != fault.Unsupported {
			t.Errorf("%s: %v", entry.Name(), err)
		}
		all.WriteString(verdicts(report))
	}
	golden(t, "corpus.txt", all.String())
}

func TestAspectIsNeededToSave(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		req := questionbank.ImportRequest{File: "rafli.xlsx", Content: strangers()["rafli.xlsx"], Actor: author}
		has := func(r questionbank.Report, outcome questionbank.Outcome, key string) {
			t.Helper()
			item := r.Items[0]
			for _, m := range item.Messages {
				if m.Key == key && item.Outcome == outcome {
					return
				}
			}
			t.Errorf("%s with %v, want %s with %s", item.Outcome, item.Messages, outcome, key)
		}
		dry := req
		dry.DryRun = true
		r, err := s.Import(ctx, dry)
		if err != nil {
			t.Fatal(err)
		}
		has(r, questionbank.Warned, "questionbank.import.no_aspect")
		if r, err = s.Import(ctx, req); err != nil {
			t.Fatal(err)
		}
		has(r, questionbank.Rejected, "questionbank.import.aspect_needed")
		req.Aspect, req.Indicator = scoring.BasicMedia, "A1.6"
		if r, err = s.Import(ctx, req); err != nil || r.Items[0].Code != "A1-1001" {
			t.Fatalf("with an indicator: %+v, %v", r.Items[0], err)
		}
		has(r, questionbank.Warned, "questionbank.import.level_assumed")
		if r, err = s.Import(ctx, req); err != nil {
			t.Fatal(err)
		}
		has(r, questionbank.Accepted, "questionbank.import.same")
		if n := count(t, db, `SELECT count(*) FROM item`); n != 161 {
			t.Errorf("%d items, want the shipped ones and one", n)
		}
		if n := count(t, db, `SELECT count(*) FROM audit WHERE action = 'bank.import'`); n != 3 {
			t.Errorf("%d imports in the audit trail, want 3: a dry run is none", n)
		}
	})
}

func TestAllOrNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		req := questionbank.ImportRequest{File: "candy.xlsx", Content: strangers()["candy.xlsx"], Aspect: scoring.BasicMedia, AllOrNothing: true, Actor: author}
		r, err := s.Import(ctx, req)
		if err != nil || r.Saved || len(r.Messages) != 1 || r.Messages[0].Key != "questionbank.import.nothing_saved" {
			t.Errorf("all or nothing: saved %v, %v, %v", r.Saved, r.Messages, err)
		}
		if n := count(t, db, `SELECT count(*) FROM item`); n != 160 {
			t.Errorf("%d items after nothing was saved", n)
		}
		req.AllOrNothing = false
		if r, err = s.Import(ctx, req); err != nil || !r.Saved {
			t.Fatalf("%v", err)
		}
		if want, n := r.Counts().Accepted+r.Counts().Warned, count(t, db, `SELECT count(*) FROM item`)-160; n != want || n == 0 {
			t.Errorf("%d items saved, want %d", n, want)
		}
	})
}

// The public JSON has exactly the names that DESIGN section 9 promises.
func TestReportJSON(t *testing.T) {
	s := bank(t, storagetest.SQLite(t))
	r, err := s.Import(t.Context(), questionbank.ImportRequest{File: "rafli.xlsx", Content: strangers()["rafli.xlsx"], Indicator: "A1.1", DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(r.JSON(text), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", string(got)+"\n")
	r, err = s.Import(t.Context(), questionbank.ImportRequest{File: "x.xlsx", Content: []byte("PK\x03\x04bukan"), DryRun: true})
	if fault.Of(err) == nil || len(r.JSON(text).FileMessages) != 1 || r.JSON(text).Items == nil {
		t.Errorf("an unreadable file: %+v, %v", r.JSON(text), err)
	}
	if _, err := s.Import(t.Context(), questionbank.ImportRequest{File: "x", Format: "gift"}); keyOf(err) != "questionbank.import.format_unknown" {
		t.Errorf("an unknown format: %v", err)
	}
	if _, err := s.Import(t.Context(), questionbank.ImportRequest{File: "x", Content: make([]byte, questionbank.MaxFile+1)}); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("a file too large: %v", err)
	}
}
