package questionbank_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

// parsed is what a reader makes of questions with these stems, each at its line.
func parsed(stems ...string) questionbank.Parsed {
	p := questionbank.Parsed{Format: "tes"}
	for i, stem := range stems {
		p.Items = append(p.Items, questionbank.ParsedItem{
			At: fmt.Sprintf("baris %d", i+1), Type: "single", Content: content(stem), Raw: []byte("mentah " + stem),
			Places: map[string]string{"stem": fmt.Sprintf("baris %d", i+1)},
		})
	}
	return p
}

func outcomes(r questionbank.Report) string {
	var all []string
	for _, item := range r.Items {
		one := string(item.Outcome)
		for _, m := range item.Messages {
			one += " " + strings.TrimPrefix(strings.TrimPrefix(m.Key, "questionbank."), "import.")
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

// What stands twice in a file, or in the bank, is said with its place or code.
func TestImportFindsTwins(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		p := parsed(
			"Anda diminta mengirim data pegawai lewat surel. Apa langkah yang paling tepat?",
			"Anda diminta mengirim data pegawai lewat surel. Apa langkah yang paling tepat?",
			"Anda diminta mengirim data pegawai lewat surel kantor. Apa langkah yang paling tepat?",
			"Bagaimana menyusun nama berkas agar mudah ditemukan kembali oleh rekan?",
		)
		req := questionbank.ImportRequest{File: "soal.txt", Parsed: &p, Actor: author, DryRun: true}
		for _, dry := range []bool{true, false} {
			req.DryRun = dry
			r, err := s.Import(ctx, req)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := outcomes(r), "accepted, accepted same_here, warned similar, accepted"; got != want {
				t.Errorf("dry %v: %s, want %s", dry, got, want)
			}
			if f := r.Items[1].Messages[0]; f.Args[0] != "baris 1" {
				t.Errorf("the twin is at %v", f.Args)
			}
			if f := r.Items[2].Messages[0]; f.Args[0] != "baris 1" || f.At != "baris 3" {
				t.Errorf("similar to %v at %s", f.Args, f.At)
			}
			if dry && count(t, db, `SELECT count(*) FROM import_batch`)+count(t, db, `SELECT count(*) FROM item`) != 160 {
				t.Error("a dry run saved something")
			}
		}
		if n := count(t, db, `SELECT count(*) FROM item`); n != 163 {
			t.Errorf("%d items, want three more than shipped", n)
		}
		r, err := s.Import(ctx, req)
		if err != nil || outcomes(r) != "accepted same, accepted same_here, accepted same, accepted same" || r.Batch != 0 {
			t.Errorf("again: %s, batch %d, %v", outcomes(r), r.Batch, err)
		}
		near := parsed("Bagaimana menyusun nama berkas agar mudah ditemukan kembali oleh atasan?")
		req.Parsed = &near
		if r, err = s.Import(ctx, req); err != nil || outcomes(r) != "warned similar" || r.Items[0].Messages[0].Args[0] != "A2-1003" {
			t.Errorf("near one of the bank: %s, %v", outcomes(r), err)
		}
		raw, err := s.Raw(ctx, r.Items[0].Ref)
		if err != nil || string(raw) != "mentah "+near.Items[0].Content.Stem {
			t.Errorf("raw %q, %v", raw, err)
		}
	})
}

// What somebody mended in the browser is judged again and saved instead.
func TestImportMended(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		p := parsed("Soal pertama yang benar, apa isinya?", "Soal kedua tanpa kunci, apa isinya?", "Soal ketiga yang tidak dimaui, apa isinya?", "Soal keempat, apa isinya?")
		p.Items[1].Content.Interactions[0].Correct = nil
		p.Items[1].Rejects = []*fault.Fault{fault.New(fault.Invalid, "questionbank.key_empty").On("correct")}
		p.Items[3].Content.Indicator = ""
		req := questionbank.ImportRequest{File: "soal.txt", Parsed: &p, Actor: author, AllOrNothing: true}
		r, err := s.Import(ctx, req)
		if err != nil || r.Saved || outcomes(r) != "accepted, rejected key_empty, accepted, rejected aspect_needed" {
			t.Fatalf("before: %s, %v", outcomes(r), err)
		}
		mended := r.Items[1].Content
		mended.Interactions[0].Correct = []string{"C"}
		req.Mended, req.Skip, req.Indicators = map[int]questionbank.Content{2: mended}, []int{3}, map[int]string{4: "A4.1"}
		r, err = s.Import(ctx, req)
		if err != nil || !r.Saved || outcomes(r) != "accepted, accepted, skipped, accepted" {
			t.Fatalf("after: %s, %v", outcomes(r), err)
		}
		if c := r.Counts(); c.Items != 4 || c.Skipped != 1 || c.Accepted != 3 {
			t.Errorf("counts %+v", c)
		}
		item, err := s.ItemByCode(ctx, r.Items[1].Code)
		if err != nil || item.Latest().Content.Choice().Correct[0] != "C" || item.Latest().Source.At != "baris 2" || item.Latest().Batch != r.Batch {
			t.Errorf("mended: %+v, %v", item.Latest(), err)
		}
		if r.Items[3].Code != "A4-1001" || r.Items[3].Ref.Item == 0 {
			t.Errorf("with an indicator of its own: %+v", r.Items[3])
		}
		req.Mended[2] = content("x")
		req.DryRun = true
		if r, err = s.Import(ctx, req); err != nil || r.Items[1].Outcome != questionbank.Rejected {
			t.Errorf("mended badly: %s, %v", outcomes(r), err)
		}
	})
}

// An import can be taken back whole, and only while nobody has gone on.
func TestUndoImport(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		old, err := s.Create(ctx, author, content("Soal lama tentang kambinghutan, apa isinya?"))
		if err != nil {
			t.Fatal(err)
		}
		state := func() []int {
			var n []int
			for _, q := range []string{
				`SELECT count(*) FROM item`, `SELECT count(*) FROM item_revision`, `SELECT count(*) FROM item_band`, `SELECT count(*) FROM item_tag`,
				`SELECT count(*) FROM item_raw`, `SELECT count(*) FROM item_media`,
			} {
				n = append(n, count(t, db, q))
			}
			return n
		}
		before := state()
		p := parsed("Soal baru tentang musangpandan, apa isinya?", "Soal lama tentang rusatimor, apa isinya?")
		p.Items[0].Content.Tags = []string{"satwa"}
		p.Items[1].Code = old.Code
		req := questionbank.ImportRequest{File: "soal.txt", Parsed: &p, Actor: author}
		r, err := s.Import(ctx, req)
		if err != nil || r.Batch == 0 || r.Items[1].Action != questionbank.ActionRevised {
			t.Fatalf("%s, %v", outcomes(r), err)
		}
		batch, err := s.ImportBatch(ctx, r.Batch)
		if err != nil || batch.Items != 2 || batch.Accepted != 2 || batch.File != "soal.txt" || batch.Actor != author || !batch.Open(s.Now()) {
			t.Errorf("batch %+v, %v", batch, err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Batch: r.Batch}); err != nil || page.Total != 2 {
			t.Errorf("of the batch: %d, %v", page.Total, err)
		}
		if n, err := s.UndoImport(ctx, reviewer, r.Batch); err != nil || n != 2 {
			t.Fatalf("undone %d, %v", n, err)
		}
		if diff := cmp.Diff(before, state()); diff != "" {
			t.Errorf("something is left (-before +after):\n%s", diff)
		}
		for text, want := range map[string]int{"musangpandan": 0, "rusatimor": 0, "kambinghutan": 1} {
			if page, err := s.List(ctx, questionbank.Filter{Text: text}); err != nil || page.Total != want {
				t.Errorf("%q finds %d, want %d, %v", text, page.Total, want, err)
			}
		}
		if item, err := s.Item(ctx, old.Item); err != nil || item.LatestRev != 1 || len(item.Revisions) != 1 {
			t.Errorf("the old item: %+v, %v", item, err)
		}
		if _, err := s.UndoImport(ctx, reviewer, r.Batch); keyOf(err) != "questionbank.undo_gone" {
			t.Errorf("undone twice: %v", err)
		}
		if r, err = s.Import(ctx, req); err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, r.Items[0].Ref); err != nil {
			t.Fatal(err)
		}
		if _, err := s.UndoImport(ctx, author, r.Batch); keyOf(err) != "questionbank.undo_touched" {
			t.Errorf("undone though submitted: %v", err)
		}
		if _, err := s.UndoImport(ctx, author, 1); keyOf(err) != "questionbank.undo_gone" {
			t.Errorf("undone though it never was: %v", err)
		}
		late := *s
		late.Now = func() time.Time { return start.Add(48 * time.Hour) }
		if _, err := late.UndoImport(ctx, author, r.Batch); keyOf(err) != "questionbank.undo_late" {
			t.Errorf("undone after two days: %v", err)
		}
		if all, err := s.ImportBatches(ctx, 10); err != nil || len(all) != 2 || all[0].ID != r.Batch || all[1].UndoneBy != reviewer {
			t.Errorf("imports %+v, %v", all, err)
		}
		if _, err := access.VerifyChain(ctx, db); err != nil {
			t.Error(err)
		}
	})
}

func wide(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Files that come with questions are prepared; what cannot be shown rejects
// the question that needs it, and no other.
func TestImportMedia(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		with := func(stem, name, alt string, data []byte) questionbank.ParsedItem {
			c := content(stem + " " + questionbank.MediaLink(name, alt))
			c.Media = []questionbank.Media{{Name: name, Alt: alt}}
			item := questionbank.ParsedItem{At: "baris 9", Type: "single", Content: c}
			if data != nil {
				item.Files = []questionbank.File{{Name: name, Data: data}}
			}
			return item
		}
		unused := with("Soal dengan lampiran yang tidak dipakai, apa isinya?", "lampiran.pdf", "", []byte("%PDF-1.7"))
		unused.Content.Stem = "Soal dengan lampiran yang tidak dipakai, apa isinya?"
		spot := questionbanktest.Sample(questionbank.Hotspot)
		spot.Media = []questionbank.Media{{Name: "jendela.png", Alt: "Jendela aplikasi"}}
		spot.Interactions[0].Options = []questionbank.Option{
			{Text: "Kiri", Shape: &questionbank.Shape{Form: "rect", Coords: []int{0, 10, 401, 41}}},
			{Text: "Kanan", Shape: &questionbank.Shape{Form: "circle", Coords: []int{3000, 20, 10}}},
		}
		p := questionbank.Parsed{Format: "tes", Items: []questionbank.ParsedItem{
			with("Apa nama bagian pada gambar pertama ini?", "a.png", "Bilah alat", questionbanktest.Picture()),
			with("Apa nama bagian pada gambar kedua di sini?", "b.png", "", questionbanktest.Picture()),
			with("Apa yang terlihat pada gambar bervektor itu?", "c.svg", "x", []byte("<svg/>")),
			with("Apa yang terlihat pada gambar yang hilang?", "d.png", "x", nil),
			unused,
			{At: "baris 9", Type: "hotspot", Content: spot, Files: []questionbank.File{{Name: "jendela.png", Data: wide(t, 4000, 100)}}},
		}}
		r, err := s.Import(ctx, questionbank.ImportRequest{File: "soal.zip", Parsed: &p, Actor: author})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := outcomes(r), "accepted, warned alt_missing, rejected media.svg, warned media_missing, warned media_unused, accepted"; got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		want := questionbank.Media{Name: "a.png", Alt: "Bilah alat", SHA256: questionbanktest.PictureSHA256, MIME: "image/png", Width: 100, Height: 20, Size: len(questionbanktest.Picture())}
		item, err := s.ItemByCode(ctx, r.Items[0].Code)
		if err != nil || !cmp.Equal(item.Latest().Content.Media, []questionbank.Media{want}) {
			t.Errorf("media %+v, %v", item.Latest().Content.Media, err)
		}
		if err := s.Submit(ctx, author, r.Items[1].Ref); keyOf(err) != "questionbank.media_alt" {
			t.Errorf("submitted without a description: %v", err)
		}
		if err := s.Submit(ctx, author, r.Items[3].Ref); keyOf(err) != "questionbank.media_missing" {
			t.Errorf("submitted without a picture: %v", err)
		}
		item, err = s.ItemByCode(ctx, r.Items[5].Code)
		if err != nil {
			t.Fatal(err)
		}
		options := item.Latest().Content.Choice().Options
		if got := [][]int{options[0].Shape.Coords, options[1].Shape.Coords}; !cmp.Equal(got, [][]int{{0, 5, 201, 21}, {1500, 10, 5}}) {
			t.Errorf("the areas did not shrink with their picture: %v", got)
		}
		if spot.Interactions[0].Options[0].Shape.Coords[2] != 401 {
			t.Error("the caller's areas were changed")
		}
		if n := count(t, db, `SELECT count(*) FROM media`); n != 2 {
			t.Errorf("%d files are stored, want 2", n)
		}
	})
}

// While an import is cancelled nothing of it stays.
func TestImportCancelled(t *testing.T) {
	db := storagetest.SQLite(t)
	s := bank(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	clock := s.Now
	s.Now = func() time.Time { cancel(); return clock() }
	p := parsed("Soal satu yang tidak selesai, apa isinya?", "Soal dua yang tidak selesai, bagaimana?")
	if _, err := s.Import(ctx, questionbank.ImportRequest{Parsed: &p, Actor: author}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := count(t, db, `SELECT count(*) FROM item`); n != 160 {
		t.Errorf("%d items", n)
	}
}

// Every order of the list, with a question and without, is the same order.

// "Q1" of one file is not "Q1" of another, unless it asks the same.
func TestImportForeignCodes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s := bank(t, db)
		take := func(stem string) questionbank.ItemReport {
			t.Helper()
			p := parsed(stem)
			p.Items[0].Code = "Q1"
			r, err := s.Import(t.Context(), questionbank.ImportRequest{File: "soal.xml", Parsed: &p, Actor: author})
			if err != nil || !r.Saved {
				t.Fatalf("%s: %v", outcomes(r), err)
			}
			return r.Items[0]
		}
		first := take("Bagaimana menyusun nama berkas agar mudah ditemukan kembali oleh rekan?")
		if first.Code != "Q1" || first.Action != questionbank.ActionNew {
			t.Errorf("first: %+v", first)
		}
		if same := take("Bagaimana menyusun nama berkas agar mudah ditemukan kembali oleh atasan?"); same.Action != questionbank.ActionRevised || same.Ref.Item != first.Ref.Item {
			t.Errorf("a new wording: %+v", same)
		}
		other := take("Apa yang Anda periksa sebelum membuka lampiran surel dari luar kantor?")
		if other.Action != questionbank.ActionNew || other.Code == "Q1" || other.Ref.Item == first.Ref.Item || other.Messages[0].Key != "questionbank.import.code_of_another" {
			t.Errorf("another question: %+v", other)
		}
	})
}
