package questionbank_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
)

const third = int64(13)

// submitted is a new item that waits for its review.
func submitted(t *testing.T, s *questionbank.Service, c questionbank.Content) questionbank.Saved {
	t.Helper()
	saved, err := s.Create(t.Context(), author, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Submit(t.Context(), author, saved.Ref); err != nil {
		t.Fatal(err)
	}
	return saved
}

// The words of a reviewer's suggestion are his, whoever copies them: he cannot
// approve them, and neither can the one who took them over.
func TestSuggestion(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		better := content("Anda menerima tautan dari nomor yang tidak dikenal. Apa langkah pertama Anda?")
		form := questionbank.ReviewForm{
			Marks:      &questionbank.ReviewMarks{Materi: questionbank.Mark{OK: true}, Konstruksi: questionbank.Mark{OK: true}, Bahasa: questionbank.Mark{Note: "Terlalu panjang."}},
			Suggestion: &better,
		}
		for _, copied := range []bool{false, true} {
			saved := submitted(t, s, content(fmt.Sprintf("Pokok soal yang pertama dan agak berbelit %v, apa?", copied)))
			if err := s.Review(ctx, reviewer, saved.Ref, questionbank.VerdictApproved, form); keyOf(err) != "questionbank.review_not_ok" {
				t.Errorf("approved though a mark says no: %v", err)
			}
			if err := s.Review(ctx, reviewer, saved.Ref, questionbank.VerdictChangesWanted, form); err != nil {
				t.Fatal(err)
			}
			item, err := s.Item(ctx, saved.Item)
			if err != nil {
				t.Fatal(err)
			}
			review := item.Reviews[0]
			if review.Suggestion == nil || review.Suggestion.Stem != better.Stem || review.Marks == nil || review.Marks.Bahasa.Note != "Terlalu panjang." || !review.Marks.Materi.OK {
				t.Errorf("the review keeps %+v", review)
			}
			var next questionbank.Saved
			if copied {
				next, err = s.Revise(ctx, author, saved.Ref, better)
			} else {
				next, err = s.AdoptSuggestion(ctx, author, review.ID, saved.Ref)
			}
			if err != nil || next.Rev != 2 {
				t.Fatalf("adopt: %+v, %v", next, err)
			}
			if err := s.Submit(ctx, author, next.Ref); err != nil {
				t.Fatal(err)
			}
			if err := s.Approve(ctx, reviewer, next.Ref, ""); keyOf(err) != "questionbank.own_suggestion" {
				t.Errorf("the reviewer approves his own words (copied %v): %v", copied, err)
			}
			if err := s.Approve(ctx, author, next.Ref, ""); keyOf(err) != "questionbank.own_work" {
				t.Errorf("the adopter approves: %v", err)
			}
			const approve = `UPDATE item_revision SET status = 'approved', reviewer_id = ?, reviewed_ms = 1 WHERE item_id = ? AND rev = 2`
			if _, err := db.Exec(ctx, approve, reviewer, saved.Item); !errors.Is(err, storage.ErrInvalid) {
				t.Errorf("the database lets the suggester approve: %v", err)
			}
			if err := s.Approve(ctx, third, next.Ref, ""); err != nil {
				t.Errorf("a third person cannot approve: %v", err)
			}
			if item, err = s.Item(ctx, saved.Item); err != nil || item.Latest().SuggestedBy != reviewer || item.Latest().Author != author {
				t.Errorf("after the adoption: %+v, %v", item.Latest(), err)
			}
			if i := slices.IndexFunc(item.Reviews, func(r questionbank.Review) bool { return r.Suggestion != nil }); item.Reviews[i].AdoptedRev != 2 {
				t.Errorf("the suggestion does not know that it was adopted: %+v", item.Reviews[i])
			}
		}
		other := submitted(t, s, content("Soal yang lain sama sekali, bagaimana?"))
		if _, err := s.AdoptSuggestion(ctx, author, 1, other.Ref); keyOf(err) != "questionbank.no_suggestion" {
			t.Errorf("a suggestion that is not there: %v", err)
		}
		bad := content("x")
		err := s.Review(ctx, reviewer, other.Ref, questionbank.VerdictChangesWanted, questionbank.ReviewForm{Suggestion: &bad})
		if keyOf(err) != "questionbank.stem_short" {
			t.Errorf("a suggestion that could not be saved: %v", err)
		}
	})
}

// A shipped item in use can be sent back; it then leaves new forms, and a
// revision of it goes the usual way.
func TestShippedSentBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		item, err := s.ItemByCode(ctx, "A3-004")
		if err != nil {
			t.Fatal(err)
		}
		ref := item.Latest().Ref
		if err := s.RequestChanges(ctx, reviewer, ref, "Aplikasinya tidak dipakai di daerah kami."); err != nil {
			t.Fatal(err)
		}
		page, err := s.List(ctx, questionbank.Filter{Status: questionbank.ChangesWanted})
		if err != nil || page.Total != 1 || page.Rows[0].LiveRev != 0 {
			t.Errorf("sent back: %+v, %v", page, err)
		}
		saved, err := s.Revise(ctx, author, ref, content("Soal baru untuk daerah kami, apa bedanya?"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, saved.Ref); err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, reviewer, saved.Ref, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.RequestChanges(ctx, third, saved.Ref, "x"); keyOf(err) != "questionbank.state_approved" {
			t.Errorf("an approved revision is sent back: %v", err)
		}
		if err := questionbank.Seed(ctx, db, start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if item, err = s.Item(ctx, item.ID); err != nil || item.LiveRev != 2 {
			t.Errorf("the seed brought it back: %d, %v", item.LiveRev, err)
		}
	})
}

func TestFlagAndReminders(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		approved := func(stem, expires, basis string) questionbank.Saved {
			c := content(stem)
			c.Expires, c.Basis = expires, basis
			saved := submitted(t, s, c)
			if err := s.Approve(ctx, reviewer, saved.Ref, ""); err != nil {
				t.Fatal(err)
			}
			return saved
		}
		old := approved("Apa yang berlaku sampai kemarin dulu saja?", "2026-11-20", "")
		soon := approved("Sampai kapan sertifikat ini masih berlaku?", "2026-12-31", "")
		rule := approved("Siapa yang menandatangani surat edaran itu?", "2030-01-01", "SE 12/2024")
		if _, err := db.Exec(ctx, `UPDATE item SET cites = FALSE WHERE provenance = 'shipped'`); err != nil {
			t.Fatal(err)
		}
		if err := s.Flag(ctx, third, soon.Ref, " "); keyOf(err) != "questionbank.comment_empty" {
			t.Errorf("flagged without a word: %v", err)
		}
		if err := s.Flag(ctx, third, soon.Ref, "Opsi C juga benar."); err != nil {
			t.Fatal(err)
		}
		codes := func(rows []questionbank.Row) (all []string) {
			for _, r := range rows {
				if r.Provenance != questionbank.Shipped {
					all = append(all, r.Code)
				}
			}
			return all
		}
		r, err := s.Reminders(ctx, start)
		if err != nil {
			t.Fatal(err)
		}
		if got := codes(r.Expired); !slices.Equal(got, []string{old.Code}) {
			t.Errorf("expired %v", got)
		}
		if got := codes(r.Expiring); !slices.Equal(got, []string{soon.Code}) {
			t.Errorf("expiring %v", got)
		}
		if got := codes(r.Flagged); !slices.Equal(got, []string{soon.Code}) {
			t.Errorf("flagged %v", got)
		}
		if len(codes(r.Rules)) != 0 {
			t.Errorf("rules %v before a year has passed", codes(r.Rules))
		}
		if r, err = s.Reminders(ctx, start.AddDate(1, 1, 0)); err != nil || !slices.Equal(codes(r.Rules), []string{rule.Code}) {
			t.Errorf("a rule nobody looked at for a year: %v, %v", r.Rules, err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Flagged: true}); err != nil || page.Total != 1 || page.Rows[0].FlaggedMS == 0 {
			t.Errorf("list of flagged: %+v, %v", page, err)
		}
		if err := s.Unflag(ctx, reviewer, soon.Ref, "Sudah diperiksa: hanya B yang benar."); err != nil {
			t.Fatal(err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Flagged: true}); err != nil || page.Total != 0 {
			t.Errorf("still flagged: %+v, %v", page, err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Expiring: "2026-12-31", NotAuthor: 0, Author: author, Sort: questionbank.ByExpires}); err != nil || !slices.Equal(codes(page.Rows), []string{old.Code, soon.Code}) {
			t.Errorf("expiring list: %v, %v", codes(page.Rows), err)
		}
	})
}

// One item of many that cannot be submitted does not hold up the others.
func TestMany(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		var refs []questionbank.Ref
		for i := range 3 {
			saved, err := s.Create(ctx, author, content(fmt.Sprintf("Soal beramai-ramai yang ke-%d, bagaimana?", i)))
			if err != nil {
				t.Fatal(err)
			}
			refs = append(refs, saved.Ref)
		}
		if err := s.Submit(ctx, author, refs[1]); err != nil {
			t.Fatal(err)
		}
		keys := func(results []questionbank.Result, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, r := range results {
				all = append(all, strings.TrimPrefix(keyOf(r.Err), "questionbank."))
			}
			return strings.Join(all, " ")
		}
		if got := keys(s.SubmitMany(ctx, author, refs)); got != " state_in_review " {
			t.Errorf("submitted %q", got)
		}
		if got := keys(s.TagMany(ctx, author, refs, []string{" Pelatihan  Dasar "}, nil)); got != "  " {
			t.Errorf("tagged %q", got)
		}
		page, err := s.List(ctx, questionbank.Filter{Tag: "Pelatihan Dasar"})
		if err != nil || page.Total != 3 {
			t.Errorf("by tag: %d, %v", page.Total, err)
		}
		if page, err := s.List(ctx, questionbank.Filter{Text: "pelatihan dasar beramai"}); err != nil || page.Total != 3 {
			t.Errorf("a tag is not found by the search: %d, %v", page.Total, err)
		}
		tags, err := s.Tags(ctx, 10)
		if want := []questionbank.Tag{{Name: "Pelatihan Dasar", N: 3}}; err != nil || !cmp.Equal(tags, want) {
			t.Errorf("tags %v, %v", tags, err)
		}
		tagged := content("Soal yang menyebut tagnya sendiri, apa?")
		tagged.Tags = []string{"isi"}
		saved, err := s.Create(ctx, author, tagged)
		if err != nil {
			t.Fatal(err)
		}
		if got := keys(s.TagMany(ctx, author, []questionbank.Ref{saved.Ref, refs[0]}, nil, []string{"isi"})); got != "tag_content " {
			t.Errorf("took away %q", got)
		}
		if got := keys(s.TagMany(ctx, author, refs, nil, []string{"Pelatihan Dasar"})); got != "  " {
			t.Errorf("took away %q", got)
		}
		if page, err := s.List(ctx, questionbank.Filter{Text: "pelatihan dasar beramai"}); err != nil || page.Total != 0 {
			t.Errorf("a tag is found that is gone: %d, %v", page.Total, err)
		}
		if got := keys(s.RetireMany(ctx, reviewer, append(refs, questionbank.Ref{Item: 1, Rev: 1}), "Ganda.")); got != "   no_item" {
			t.Errorf("retired %q", got)
		}
		if _, err := s.SubmitMany(ctx, author, make([]questionbank.Ref, questionbank.MaxBulk+1)); keyOf(err) != "questionbank.bulk_many" {
			t.Errorf("too many: %v", err)
		}
		if _, err := s.TagMany(ctx, author, refs, []string{strings.Repeat("x", 61)}, nil); keyOf(err) != "questionbank.tag_long" {
			t.Errorf("a long tag: %v", err)
		}
	})
}

// What the search finds follows the latest revision.
func TestSearchFollows(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		found := func(text string) int {
			t.Helper()
			page, err := s.List(ctx, questionbank.Filter{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		c := content("Kafétaria mana yang memakai gajahsumatra sebagai lambang?")
		c.Title, c.Stimulus = "lumbalumba", "Bacaan tentang **trenggiling** dan sebagainya."
		saved, err := s.Create(ctx, author, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"gajahsumatra", "GAJAHSUM", "kafetaria gajah", "lumbalumba", "trenggiling", saved.Code, strings.ToLower(saved.Code)} {
			if n := found(word); n != 1 {
				t.Errorf("%q finds %d, want 1", word, n)
			}
		}
		c.Stem = "Kantor mana yang memakai badakjawa sebagai lambang?"
		if _, err := s.Revise(ctx, author, saved.Ref, c); err != nil {
			t.Fatal(err)
		}
		for word, want := range map[string]int{"gajahsumatra": 0, "badakjawa": 1, "kafetaria": 0, "badakjawa lambang trenggiling": 1} {
			if n := found(word); n != want {
				t.Errorf("after the revision %q finds %d, want %d", word, n, want)
			}
		}
		before := count(t, db, `SELECT count(*) FROM item_band`)
		// A database that was copied or migrated knows no words; Reindex finds them.
		for _, clear := range []string{`DELETE FROM item_term`, `DELETE FROM item_band`, `UPDATE item SET indexed_rev = 0`} {
			if _, err := db.Exec(ctx, clear); err != nil {
				t.Fatal(err)
			}
		}
		if n := found("badakjawa"); n != 0 {
			t.Fatalf("the test clears nothing: %d", n)
		}
		if n, err := questionbank.Reindex(ctx, db, start); err != nil || n != 161 {
			t.Errorf("indexed %d, %v", n, err)
		}
		if n := found("badakjawa"); n != 1 {
			t.Errorf("after Reindex %d", n)
		}
		if got := count(t, db, `SELECT count(*) FROM item_band`); got != before {
			t.Errorf("%d bands after Reindex, want %d", got, before)
		}
		if n, err := questionbank.Reindex(ctx, db, start); err != nil || n != 0 {
			t.Errorf("a second Reindex does %d, %v", n, err)
		}
	})
}

// Words that many edits have scattered are put together, and found as before.
func TestReindexGathers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		for i := range 70 {
			saved, err := s.Create(ctx, author, content(fmt.Sprintf("Kata kumbangkayu muncul dalam soal %d, apa artinya?", i)))
			if err != nil {
				t.Fatal(err)
			}
			if i%10 == 0 {
				if _, err := s.Revise(ctx, author, saved.Ref, content(fmt.Sprintf("Kata itu tidak muncul dalam soal %d, apa sebabnya?", i))); err != nil {
					t.Fatal(err)
				}
			}
		}
		rows := func() int {
			return count(t, db, `SELECT count(*) FROM item_term WHERE term = ?`, []byte("kumbangkayu"))
		}
		if n := rows(); n != 77 {
			t.Errorf("%d postings before", n)
		}
		if _, err := questionbank.Reindex(ctx, db, start); err != nil {
			t.Fatal(err)
		}
		page, err := s.List(ctx, questionbank.Filter{Text: "kumbangkayu", PageSize: 200})
		if err != nil || page.Total != 63 || rows() != 1 {
			t.Errorf("%d found in %d postings, %v", page.Total, rows(), err)
		}
	})
}
