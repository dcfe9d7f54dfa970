package questionbank

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/storage"
)

// reindexed is how many items one transaction makes known to the search.
const reindexed = 500

// Reindex makes known to the search, the comparison and the filters what they
// do not know yet: the items of an older release, or of a copied database. It
// runs at every start and costs nothing where there is nothing to do.
func Reindex(ctx context.Context, db *storage.DB, now time.Time) (int, error) {
	total := 0
	for {
		n := 0
		err := db.Tx(ctx, func(db storage.Querier) (err error) {
			n, err = store{db}.reindex(ctx, now)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("index the question bank: %w", err)
		}
		if total += n; n < reindexed {
			break
		}
	}
	if err := db.Tx(ctx, func(db storage.Querier) error { return store{db}.compact(ctx) }); err != nil {
		return total, fmt.Errorf("index the question bank: %w", err)
	}
	return total, nil
}

// reindex takes the next items that are not known.
func (s store) reindex(ctx context.Context, now time.Time) (int, error) {
	var rows []struct {
		ID      int64  `db:"id"`
		Code    string `db:"code"`
		Rev     int    `db:"latest_rev"`
		Content string `db:"content"`
	}
	if err := s.db.Select(ctx, &rows, `
		SELECT i.id, i.code, i.latest_rev, r.content
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev
		WHERE i.indexed_rev = 0 ORDER BY i.id LIMIT ?`, reindexed); err != nil {
		return 0, err
	}
	var words indexing
	for _, row := range rows {
		c, err := ParseContent(row.Content)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", row.Code, err)
		}
		_, own, err := s.tags(ctx, row.ID)
		if err != nil {
			return 0, err
		}
		words.put(row.ID, nil, terms(row.Code, c, own))
		if err := s.setTags(ctx, row.ID, c.Tags); err != nil {
			return 0, err
		}
		words.like(row.ID, pairsOf(c.Stem).bands())
		if _, err := s.db.Exec(ctx, `
			UPDATE item SET indexed_rev = ?, lang = ?, has_media = ?, cites = ? WHERE id = ?`,
			row.Rev, c.Lang, len(c.Media) > 0, c.Basis != "", row.ID); err != nil {
			return 0, err
		}
	}
	return len(rows), words.write(ctx, s, now)
}
