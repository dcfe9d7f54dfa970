package questionbank

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// explained asks SQLite how it would run each query, and runs it.
type explained struct {
	storage.Querier
	steps *[]string
}

func (e explained) explain(ctx context.Context, query string, args []any) error {
	return e.Querier.Stream(ctx, `EXPLAIN QUERY PLAN `+query, args, func(scan func(any) error) error {
		var row struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		err := scan(&row)
		*e.steps = append(*e.steps, row.Detail)
		return err
	})
}

func (e explained) Select(ctx context.Context, into any, query string, args ...any) error {
	if err := e.explain(ctx, query, args); err != nil {
		return err
	}
	return e.Querier.Select(ctx, into, query, args...)
}

func (e explained) Stream(ctx context.Context, query string, args []any, row func(func(any) error) error) error {
	if err := e.explain(ctx, query, args); err != nil {
		return err
	}
	return e.Querier.Stream(ctx, query, args, row)
}

// The search, the comparison and the selective filters find their rows by an
// index, however large the bank is; the whole list reads the narrow table of
// items and never the contents.
func TestListUsesIndexes(t *testing.T) {
	db := storagetest.SQLite(t)
	ctx := t.Context()
	if err := Seed(ctx, db, time.Unix(1_800_000_000, 0)); err != nil {
		t.Fatal(err)
	}
	var steps []string
	st := store{explained{db, &steps}}
	var page Page
	list := func(f Filter) func() error {
		return func() error {
			page = Page{Page: 1, ByStatus: map[Status]int{}}
			if f.Text != "" {
				return st.listFound(ctx, f, 50, &page)
			}
			return st.listAll(ctx, f, 50, &page)
		}
	}
	for _, tt := range []struct {
		name   string
		run    func() error
		want   string // an index that is used
		forbid []string
	}{
		{"words", list(Filter{Text: "kata sandi"}), "sqlite_autoindex_item_term_1 (term>? AND term<?)", []string{"SCAN"}},
		{"words and a filter", list(Filter{Text: "surel", Type: Single, Status: Approved}), "item_term_1 (term>? AND term<?)", []string{"SCAN"}},
		{"code", list(Filter{Text: "A1-001"}), "item_term_1 (term>? AND term<?)", []string{"SCAN"}},
		{"tag", list(Filter{Tag: "satwa"}), "item_tag_1 (tag=?)", []string{"SCAN"}},
		{"indicator", list(Filter{Indicator: "A1.4"}), "item_indicator (indicator=?)", []string{"SCAN"}},
		{"queue", list(Filter{Status: InReview, Sort: ByOldest}), "item_status (status=?)", []string{"SCAN r"}},
		{"flagged", list(Filter{Flagged: true}), "item_flagged", []string{"SCAN"}},
		{"everything", list(Filter{}), "", []string{"SCAN r"}},
		{"a page far behind", list(Filter{Page: 3}), "", []string{"SCAN r"}},
		{"similar", func() error {
			_, err := st.similar(ctx, "", pairsOf("Sandi yang mana paling kuat untuk akun dinas?"))
			return err
		}, "item_band_1 (band=?)", []string{"SCAN item_band", "SCAN r", "SCAN i"}},
	} {
		steps = nil
		if err := tt.run(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		all := strings.Join(steps, "\n")
		if !strings.Contains(all, tt.want) {
			t.Errorf("%s does not use %s:\n%s", tt.name, tt.want, all)
		}
		for _, bad := range tt.forbid {
			if slices.ContainsFunc(steps, func(s string) bool { return strings.HasPrefix(s, bad) && !strings.HasPrefix(s, "SCAN near") }) {
				t.Errorf("%s: %s in\n%s", tt.name, bad, all)
			}
		}
	}
}
