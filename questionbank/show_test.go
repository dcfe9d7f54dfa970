package questionbank_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// A draft may wait for its picture and the picture's description; a participant
// may not.
func TestMediaLife(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		c := questionbanktest.Sample(questionbank.Hotspot)
		saved, err := s.Create(ctx, author, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, saved.Ref); keyOf(err) != "questionbank.media_missing" {
			t.Errorf("submitted without its picture: %v", err)
		}
		m, lost, err := s.SaveMedia(ctx, author, `C:\gambar\jendela.png`, questionbanktest.Picture())
		if err != nil || len(lost) > 0 || m.Name != "jendela.png" || m.SHA256 != questionbanktest.PictureSHA256 || m.Width != 100 || m.MIME != "image/png" {
			t.Fatalf("saved %+v, %v, %v", m, lost, err)
		}
		if _, _, err := s.SaveMedia(ctx, third, "lain.png", questionbanktest.Picture()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, `SELECT count(*) FROM media`); n != 1 {
			t.Errorf("the same picture is stored %d times", n)
		}
		c.Media = []questionbank.Media{m}
		next, err := s.Revise(ctx, author, saved.Ref, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, next.Ref); keyOf(err) != "questionbank.media_alt" {
			t.Errorf("submitted without a description: %v", err)
		}
		c.Media[0].Alt = "Jendela aplikasi"
		if next, err = s.Revise(ctx, author, next.Ref, c); err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, next.Ref); err != nil {
			t.Errorf("complete, and yet: %v", err)
		}
		uses, err := s.MediaUsage(ctx, m.SHA256)
		if err != nil || len(uses) != 2 || uses[1].Ref != next.Ref || uses[1].Code != saved.Code {
			t.Errorf("uses %v, %v", uses, err)
		}
		got, err := s.Media(ctx, m.SHA256)
		if err != nil || got.MIME != "image/png" || !slices.Equal(got.Data, questionbanktest.Picture()) {
			t.Errorf("media %s of %d bytes, %v", got.MIME, len(got.Data), err)
		}
		if _, err := s.Media(ctx, "0"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("media that is not there: %v", err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Media: true}); err != nil || page.Total != 1 || !page.Rows[0].Media {
			t.Errorf("items with media: %+v, %v", page, err)
		}
	})
}

func TestUsage(t *testing.T) {
	db := storagetest.SQLite(t)
	s := bank(t, db)
	item, err := s.ItemByCode(t.Context(), "A1-001")
	if err != nil {
		t.Fatal(err)
	}
	if u, err := s.Usage(t.Context(), item.ID); err != nil || u != (questionbank.Usage{}) {
		t.Errorf("unused: %+v, %v", u, err)
	}
	for _, q := range []string{
		`INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, created_by, created_ms) VALUES (1, 'b', 'b', '{}', 'ip-asn', 1, 0, 0)`,
		`INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms, grace_ms, zone, seed, release_policy, created_by, created_ms)
			VALUES (1, 'e', 'e', 0, 1, '{}', 'ip-asn', 1, 'open', 1000, 2000, 0, 'WIB', 1, 'manual', 0, 0)`,
	} {
		if _, err := db.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(t.Context(), `INSERT INTO event_pool (event_id, item_id, rev, exposed) VALUES (1, ?, 1, 7)`, item.ID); err != nil {
		t.Fatal(err)
	}
	if u, err := s.Usage(t.Context(), item.ID); err != nil || u.Events != 1 || u.Forms != 7 || u.Last.UnixMilli() != 1000 {
		t.Errorf("used: %+v, %v", u, err)
	}
	for use, want := range map[questionbank.Use]int{questionbank.Used: 1, questionbank.Unused: 159, questionbank.AnyUse: 160} {
		if page, err := s.List(t.Context(), questionbank.Filter{Used: use}); err != nil || page.Total != want {
			t.Errorf("%q: %d, %v", use, page.Total, err)
		}
	}
}

func TestDiff(t *testing.T) {
	a := content("Anda menerima surel. Apa langkah pertama Anda?")
	b := content("Anda menerima surel palsu. Apa langkah Anda?")
	b.Interactions[0].Options = append(b.Interactions[0].Options, questionbank.Option{ID: "D", Text: "Pilihan empat."})
	b.Interactions[0].Correct = []string{"C"}
	b.Expires = "2028-12-31"
	changes := questionbank.Diff(a, b)
	var fields []string
	for _, c := range changes {
		fields = append(fields, c.Field)
		var before, after string
		for _, s := range c.Segments {
			if s.Op != questionbank.Added {
				before += s.Text
			}
			if s.Op != questionbank.Removed {
				after += s.Text
			}
		}
		if before != c.Before || after != c.After {
			t.Errorf("%s: segments make %q and %q", c.Field, before, after)
		}
	}
	if want := []string{"stem", "option_d", "correct", "expires"}; !slices.Equal(fields, want) {
		t.Errorf("changed %v, want %v", fields, want)
	}
	want := []questionbank.Segment{
		{Op: questionbank.Kept, Text: "Anda menerima surel"}, {Op: questionbank.Added, Text: " palsu"}, {Op: questionbank.Kept, Text: ". Apa langkah"},
		{Op: questionbank.Removed, Text: " pertama"}, {Op: questionbank.Kept, Text: " Anda?"},
	}
	if diff := cmp.Diff(want, changes[0].Segments); diff != "" {
		t.Errorf("segments of the stem (-want +got):\n%s", diff)
	}
	for _, c := range questionbanktest.Samples() {
		if got := questionbank.Diff(c, c); len(got) > 0 {
			t.Errorf("%s differs from itself: %v", c.Type, got)
		}
		other := c
		other.Interactions = slices.Clone(c.Interactions)
		if len(other.Interactions) == 0 || other.Type == questionbank.Essay || other.Type == questionbank.Survey {
			continue
		}
		in := &other.Interactions[len(other.Interactions)-1]
		switch in.Rule {
		case scoring.TextList:
			in.Texts = append(slices.Clone(in.Texts), questionbank.TextAnswer{Text: "lain", Points: 1})
		case scoring.NumberList:
			in.Numbers = append(slices.Clone(in.Numbers), questionbank.Number{Value: "9", Points: 1})
		case scoring.Graded:
			in.Options = slices.Clone(in.Options)
			in.Options[0].Points += 7
		default:
			in.Correct = in.Correct[:len(in.Correct)-1]
		}
		if got := questionbank.Diff(c, other); len(got) != 1 {
			t.Errorf("%s: another key is %d changes: %v", c.Type, len(got), got)
		}
	}
}
