package questionbank_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/scoring"
)

var start = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

const (
	author   = int64(11)
	reviewer = int64(12)
)

// bank is a seeded bank whose clock moves a second at every look.
func bank(t *testing.T, db *storage.DB) *questionbank.Service {
	t.Helper()
	if err := questionbank.Seed(t.Context(), db, start); err != nil {
		t.Fatal(err)
	}
	now := start
	var mu sync.Mutex
	return &questionbank.Service{DB: db, Formats: []questionbank.Format{xlsx.Format()}, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}}
}

func content(stem string) questionbank.Content {
	options := []questionbank.Option{{Text: "Pilihan satu."}, {Text: "Pilihan dua."}, {Text: "Pilihan tiga."}}
	return questionbank.Content{
		Type: questionbank.Single, Indicator: "A2.3", Level: questionbank.L3, Stem: stem,
		Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single, options, []int{1})},
	}
}

func keyOf(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	return ""
}

func count(t *testing.T, db *storage.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.Get(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeedTwiceIsSeedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		row, err := s.ItemByCode(ctx, "A1-001")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Retire(ctx, reviewer, row.Latest().Ref, ""); err != nil {
			t.Fatal(err)
		}
		if err := questionbank.Seed(ctx, db, start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		got := []int{
			count(t, db, `SELECT count(*) FROM indicator`), count(t, db, `SELECT count(*) FROM level_scheme`), count(t, db, `SELECT count(*) FROM item`),
			count(t, db, `SELECT count(*) FROM item_revision`), count(t, db, `SELECT count(*) FROM audit WHERE action = 'bank.seed'`),
		}
		if want := []int{24, 3, 160, 160, 1}; !slices.Equal(got, want) {
			t.Errorf("indicators, schemes, items, revisions, audit = %v, want %v", got, want)
		}
		if item, err := s.Item(ctx, row.ID); err != nil || item.LiveRev != 0 || item.Latest().Status != questionbank.Retired {
			t.Errorf("a retired item came back: live %d, %v", item.LiveRev, err)
		}
		if n, err := questionbank.ShippedUnreviewed(ctx, db); err != nil || n != 159 {
			t.Errorf("shipped without a review: %d, %v", n, err)
		}
		scheme, err := questionbank.DefaultScheme(ctx, db)
		if err != nil || scheme.Code != "ip-asn" || len(scheme.Bands) != 5 || scheme.Level(8100) != 4 {
			t.Errorf("default scheme %+v, %v", scheme, err)
		}
		if same, err := questionbank.LevelScheme(ctx, db, "ip-asn", 1); err != nil || !cmp.Equal(same, scheme) {
			t.Errorf("scheme by name %+v, %v", same, err)
		}
		if _, err := questionbank.LevelScheme(ctx, db, "ip-asn", 9); keyOf(err) != "questionbank.no_scheme" {
			t.Errorf("unknown version: %v", err)
		}
	})
}

// The whole life of an item: who may take which step, what new forms see after
// it, and that each step is in the history and the audit trail.
func TestLife(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		saved, err := s.Create(ctx, author, content("Anda menyiapkan ruang kelas daring. Apa langkah pertamanya?"))
		if err != nil || saved.Code != "A2-1001" || saved.Rev != 1 {
			t.Fatalf("created %+v, %v", saved, err)
		}
		live := func() int {
			t.Helper()
			items, err := questionbank.LiveItems(ctx, db)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range items {
				if item.Item == saved.Item {
					return item.Rev
				}
			}
			return 0
		}
		second := questionbank.Ref{Item: saved.Item, Rev: 2}
		for _, step := range []struct {
			name string
			do   func() error
			key  string
			live int
		}{
			{"approve a draft", func() error { return s.Approve(ctx, reviewer, saved.Ref, "") }, "questionbank.state_draft", 0},
			{"submit", func() error { return s.Submit(ctx, author, saved.Ref) }, "", 0},
			{"submit again", func() error { return s.Submit(ctx, author, saved.Ref) }, "questionbank.state_in_review", 0},
			{"approve one's own", func() error { return s.Approve(ctx, author, saved.Ref, "") }, "questionbank.own_work", 0},
			{"send one's own back", func() error { return s.RequestChanges(ctx, author, saved.Ref, "x") }, "questionbank.own_work", 0},
			{"send back without a word", func() error { return s.RequestChanges(ctx, reviewer, saved.Ref, " ") }, "questionbank.comment_empty", 0},
			{"send back", func() error { return s.RequestChanges(ctx, reviewer, saved.Ref, "Pengecoh C terlalu mudah.") }, "", 0},
			{"revise", func() error {
				_, err := s.Revise(ctx, author, saved.Ref, content("Anda menyiapkan ruang kelas daring. Apa langkah kedua Anda?"))
				return err
			}, "", 0},
			{"revise what is old", func() error { _, err := s.Revise(ctx, author, saved.Ref, content("Lain sekali?")); return err }, "questionbank.changed_meanwhile", 0},
			{"submit what is old", func() error { return s.Submit(ctx, author, saved.Ref) }, "questionbank.changed_meanwhile", 0},
			{"revise to the same", func() error {
				_, err := s.Revise(ctx, author, second, content("Anda menyiapkan ruang kelas daring. Apa langkah kedua Anda?"))
				return err
			}, "questionbank.unchanged", 0},
			{"submit the second", func() error { return s.Submit(ctx, author, second) }, "", 0},
			{"approve the second", func() error { return s.Approve(ctx, reviewer, second, "Baik.") }, "", 2},
			{"approve it again", func() error { return s.Approve(ctx, reviewer, second, "") }, "questionbank.state_approved", 2},
			{"revise what is live", func() error { _, err := s.Revise(ctx, author, second, content("Versi ketiga, lain?")); return err }, "", 2},
			{"retire", func() error { return s.Retire(ctx, reviewer, questionbank.Ref{Item: saved.Item, Rev: 3}, "Usang.") }, "", 0},
			{"retire again", func() error { return s.Retire(ctx, reviewer, questionbank.Ref{Item: saved.Item, Rev: 3}, "") }, "questionbank.state_retired", 0},
			{"an item that is not there", func() error { return s.Submit(ctx, author, questionbank.Ref{Item: 1, Rev: 1}) }, "questionbank.no_item", 0},
		} {
			if err := step.do(); keyOf(err) != step.key || (err != nil) != (step.key != "") {
				t.Errorf("%s: err = %v, want %q", step.name, err, step.key)
			}
			if got := live(); got != step.live {
				t.Errorf("%s: live revision %d, want %d", step.name, got, step.live)
			}
		}
		checkHistory(t, s, saved.Item)
		// create, 2 revisions, 5 decisions and the seed
		if n, err := access.VerifyChain(ctx, db); err != nil || n != 9 {
			t.Errorf("audit chain has %d entries, %v", n, err)
		}
		found, err := questionbank.Revisions(ctx, db, []questionbank.Ref{saved.Ref, second, second})
		if err != nil || len(found) != 2 || found[second].Stem != "Anda menyiapkan ruang kelas daring. Apa langkah kedua Anda?" {
			t.Errorf("revisions of old forms: %v, %v", found, err)
		}
		if _, err := questionbank.Revisions(ctx, db, []questionbank.Ref{{Item: saved.Item, Rev: 9}}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a revision that is not there: %v", err)
		}
	})
}

// checkHistory looks at what TestLife leaves behind.
func checkHistory(t *testing.T, s *questionbank.Service, id int64) {
	t.Helper()
	item, err := s.Item(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var status []questionbank.Status
	for _, r := range item.Revisions {
		status = append(status, r.Status)
	}
	if want := []questionbank.Status{questionbank.Retired, questionbank.Retired, questionbank.ChangesWanted}; !slices.Equal(status, want) {
		t.Errorf("revisions, newest first: %v, want %v", status, want)
	}
	var verdicts []questionbank.Verdict
	for _, r := range item.Reviews {
		verdicts = append(verdicts, r.Verdict)
	}
	want := []questionbank.Verdict{"retired", "approved", "submitted", "changes_wanted", "submitted"}
	if !slices.Equal(verdicts, want) || item.Reviews[3].Comment != "Pengecoh C terlalu mudah." {
		t.Errorf("history %v, want %v", verdicts, want)
	}
}

// The database itself refuses one person's approval of his own work, whatever
// program asks.
func TestDatabaseWantsTwoPeople(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		saved, err := s.Create(ctx, author, content("Siapa yang menyetujui soal ini nanti?"))
		if err != nil {
			t.Fatal(err)
		}
		const approve = `UPDATE item_revision SET status = 'approved', reviewer_id = ?, reviewed_ms = 1 WHERE item_id = ?`
		for _, who := range []any{author, nil} {
			if _, err := db.Exec(ctx, approve, who, saved.Item); !errors.Is(err, storage.ErrInvalid) {
				t.Errorf("approved by %v: %v", who, err)
			}
		}
		if _, err := db.Exec(ctx, approve, reviewer, saved.Item); err != nil {
			t.Errorf("approved by another: %v", err)
		}
	})
}

// An agency's own review of a shipped item is recorded once and by name.
func TestOwnReviewOfShipped(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		item, err := s.ItemByCode(ctx, "A4-007")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, reviewer, item.Latest().Ref, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, author, item.Latest().Ref, ""); keyOf(err) != "questionbank.state_approved" {
			t.Errorf("a second own review: %v", err)
		}
		item, err = s.Item(ctx, item.ID)
		if err != nil || item.Latest().Reviewer != reviewer || item.Latest().Provenance != questionbank.Shipped || item.LiveRev != 1 {
			t.Errorf("after the review: %+v, %v", item.Latest(), err)
		}
		if n, err := questionbank.ShippedUnreviewed(ctx, db); err != nil || n != 159 {
			t.Errorf("shipped without a review: %d, %v", n, err)
		}
	})
}

// Two reviewers decide at once: one decision stands.
func TestOneDecisionStands(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		saved, err := s.Create(ctx, author, content("Keputusan siapa yang berlaku di sini?"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Submit(ctx, author, saved.Ref); err != nil {
			t.Fatal(err)
		}
		results := make([]error, 8)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				if i%2 == 0 {
					results[i] = s.Approve(context.WithoutCancel(ctx), reviewer+int64(i), saved.Ref, "")
				} else {
					results[i] = s.RequestChanges(context.WithoutCancel(ctx), reviewer+int64(i), saved.Ref, "ubah")
				}
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if fault.KindOf(err) != fault.Conflict {
				t.Errorf("the others get %v, want a conflict", err)
			}
		}
		if won != 1 {
			t.Errorf("%d decisions were taken, want 1", won)
		}
	})
}

func TestListAndCoverage(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		saved, err := s.Create(ctx, author, content("Unduhan 100% selesai, tetapi _berkas_ tidak terbuka. Apa sebabnya?"))
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name   string
			filter questionbank.Filter
			want   int
		}{
			{"all", questionbank.Filter{}, 161},
			{"aspect", questionbank.Filter{Aspect: scoring.BasicMedia}, 40},
			{"aspect and status", questionbank.Filter{Aspect: scoring.LearningPlatform, Status: questionbank.Draft}, 1},
			{"type", questionbank.Filter{Type: questionbank.SJT}, 12},
			{"level", questionbank.Filter{Level: questionbank.L2, Aspect: scoring.EthicsSecurity}, 16},
			{"text in any case", questionbank.Filter{Text: "UNDUHAN 100%"}, 1},
			{"words in any order, begun only", questionbank.Filter{Text: "terbuk unduhan"}, 1},
			{"a word that is not there", questionbank.Filter{Text: "unduhan gajah"}, 0},
			{"two letters are a whole word", questionbank.Filter{Text: "unduhan be"}, 0},
			{"in an option", questionbank.Filter{Text: "pilihan tiga", Status: questionbank.Draft}, 1},
			{"nothing but signs", questionbank.Filter{Text: "%"}, 0},
			{"code", questionbank.Filter{Text: "a3-01"}, 10},
			{"not one's own", questionbank.Filter{Status: questionbank.Draft, NotAuthor: author}, 0},
			{"another's", questionbank.Filter{Status: questionbank.Draft, NotAuthor: reviewer}, 1},
			{"live", questionbank.Filter{Live: true}, 160},
			{"indicator", questionbank.Filter{Indicator: "A2.3", Status: questionbank.Draft}, 1},
		} {
			page, err := s.List(ctx, tt.filter)
			if err != nil || page.Total != tt.want || len(page.Rows) != min(tt.want, 50) {
				t.Errorf("%s: total %d, rows %d, %v, want %d", tt.name, page.Total, len(page.Rows), err, tt.want)
			}
		}
		page, err := s.List(ctx, questionbank.Filter{Page: 9})
		if err != nil || page.Page != 4 || page.Pages != 4 || len(page.Rows) != 11 || page.ByStatus[questionbank.Draft] != 1 {
			t.Errorf("a page beyond the last: %d of %d with %d rows, %v, %v", page.Page, page.Pages, len(page.Rows), page.ByStatus, err)
		}
		if row := page.Rows[0]; row.LiveRev != 1 || row.Provenance != questionbank.Shipped || row.Stem == "" {
			t.Errorf("row %+v", row)
		}
		coverage, err := questionbank.LiveCoverage(ctx, db)
		if err != nil || coverage.Count(scoring.Total, "", "") != 160 || coverage.Count(scoring.AdvancedMedia, "", questionbank.L1) != 12 || coverage.Count(scoring.Total, "A2.3", "") < 6 {
			t.Errorf("coverage %v, %v", coverage, err)
		}
		items, err := questionbank.LiveItems(ctx, db)
		if err != nil || len(items) != 160 {
			t.Fatalf("%d live items, %v", len(items), err)
		}
		for _, item := range items {
			if !item.Key.Valid() || item.Options != item.Key.Options || !item.PhoneOK || item.Reviewed || item.Shuffle == (item.Type == questionbank.TrueFalse) {
				t.Errorf("live item %+v", item)
			}
		}
		twin, err := s.Similar(ctx, "", "Unduhan 100% selesai, tetapi berkas tidak terbuka. Apa penyebabnya?")
		if err != nil || len(twin) != 1 || twin[0].Code != saved.Code {
			t.Errorf("similar: %v, %v", twin, err)
		}
	})
}

// Codes that authors get at the same moment differ, or one is told to repeat.
func TestCodesInParallel(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		s := bank(t, db)
		var wg sync.WaitGroup
		codes := make([]string, 6)
		for i := range codes {
			wg.Go(func() {
				for {
					saved, err := s.Create(ctx, author, content("Pertanyaan yang sama dari banyak penulis?"))
					if fault.KindOf(err) == fault.Conflict {
						continue
					}
					if err != nil {
						t.Error(err)
					}
					codes[i] = saved.Code
					return
				}
			})
		}
		wg.Wait()
		slices.Sort(codes)
		if want := []string{"A2-1001", "A2-1002", "A2-1003", "A2-1004", "A2-1005", "A2-1006"}; !slices.Equal(codes, want) {
			t.Errorf("codes %v, want %v", codes, want)
		}
	})
}
