package questionbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cakap/internal/storage"
)

func (s store) insertReview(ctx context.Context, item int64, r Review) error {
	var form, suggestion, hash string
	if r.Marks != nil {
		b, err := json.Marshal(r.Marks)
		if err != nil {
			return err
		}
		form = string(b)
	}
	if r.Suggestion != nil {
		suggestion, hash = string(r.Suggestion.JSON()), r.Suggestion.Hash()
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO item_review (id, item_id, rev, reviewer_id, verdict, comment, form, suggestion, suggestion_hash, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		storage.NewID(r.At), item, r.Rev, r.Reviewer, r.Verdict, r.Comment, form, suggestion, hash, r.At.UnixMilli())
	return err
}

type reviewRow struct {
	ID         int64   `db:"id"`
	ItemID     int64   `db:"item_id"`
	Rev        int     `db:"rev"`
	ReviewerID int64   `db:"reviewer_id"`
	Verdict    Verdict `db:"verdict"`
	Comment    string  `db:"comment"`
	Form       string  `db:"form"`
	Suggestion string  `db:"suggestion"`
	AdoptedRev *int    `db:"adopted_rev"`
	CreatedMS  int64   `db:"created_ms"`
}

func (r reviewRow) review() (Review, error) {
	review := Review{ID: r.ID, Rev: r.Rev, Reviewer: r.ReviewerID, Verdict: r.Verdict, Comment: r.Comment, At: time.UnixMilli(r.CreatedMS)}
	if r.Form != "" {
		review.Marks = &ReviewMarks{}
		if err := json.Unmarshal([]byte(r.Form), review.Marks); err != nil {
			return Review{}, fmt.Errorf("questionbank: form of review %d: %w", r.ID, err)
		}
	}
	if r.Suggestion != "" {
		c, err := ParseContent(r.Suggestion)
		if err != nil {
			return Review{}, err
		}
		review.Suggestion = &c
	}
	if r.AdoptedRev != nil {
		review.AdoptedRev = *r.AdoptedRev
	}
	return review, nil
}

func (s store) reviews(ctx context.Context, item int64) ([]Review, error) {
	var rows []reviewRow
	if err := s.db.Select(ctx, &rows, `
		SELECT id, item_id, rev, reviewer_id, verdict, comment, form, suggestion, adopted_rev, created_ms FROM item_review
		WHERE item_id = ? ORDER BY created_ms DESC, id DESC`, item); err != nil {
		return nil, err
	}
	all := make([]Review, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.review(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s store) review(ctx context.Context, id int64) (reviewRow, error) {
	var row reviewRow
	err := s.db.Get(ctx, &row, `
		SELECT id, item_id, rev, reviewer_id, verdict, comment, form, suggestion, adopted_rev, created_ms FROM item_review
		WHERE id = ?`, id)
	return row, err
}

// suggester is the reviewer who proposed exactly this content for the item, 0
// for none: also where the author copied it by hand.
func (s store) suggester(ctx context.Context, d draft) (int64, error) {
	var id int64
	err := s.db.Get(ctx, &id, `
		SELECT reviewer_id FROM item_review WHERE item_id = ? AND suggestion_hash = ? AND reviewer_id <> ? ORDER BY id LIMIT 1`,
		d.Item, d.Hash, d.Author)
	if errors.Is(err, storage.ErrNotFound) {
		return 0, nil
	}
	return id, err
}

// suggested reports whether a person proposed exactly this content.
func (s store) suggested(ctx context.Context, actor int64, r Revision) (bool, error) {
	var n int
	err := s.db.Get(ctx, &n, `
		SELECT count(*) FROM item_review WHERE item_id = ? AND suggestion_hash = ? AND reviewer_id = ?`, r.Item, r.Hash, actor)
	return n > 0, err
}

// adopt notes in the suggestions that a revision is what they proposed.
func (s store) adopt(ctx context.Context, d draft) error {
	_, err := s.db.Exec(ctx, `
		UPDATE item_review SET adopted_rev = ? WHERE item_id = ? AND suggestion_hash = ? AND adopted_rev IS NULL`, d.Rev, d.Item, d.Hash)
	return err
}

// flag notes when a fault was found in an item; 0 takes the note back.
func (s store) flag(ctx context.Context, item, at int64) error {
	_, err := s.db.Exec(ctx, `UPDATE item SET flagged_ms = ? WHERE id = ?`, at, item)
	return err
}

// missingMedia names the files of a content that are not stored.
func (s store) missingMedia(ctx context.Context, c Content) ([]string, error) {
	var names []string
	for _, m := range c.Media {
		var n int
		if err := s.db.Get(ctx, &n, `SELECT count(*) FROM media WHERE sha256 = ?`, m.SHA256); err != nil {
			return nil, err
		}
		if n == 0 {
			names = append(names, m.Name)
		}
	}
	return names, nil
}
