package questionbank

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cakap/internal/storage"
	"cakap/scoring"
)

// store is the SQL of items, on a pool or inside a transaction.
type store struct{ db storage.Querier }

type itemRow struct {
	ID        int64          `db:"id"`
	Code      string         `db:"code"`
	Aspect    scoring.Aspect `db:"aspect"`
	LatestRev int            `db:"latest_rev"`
	LiveRev   *int           `db:"live_rev"`
	CreatedBy int64          `db:"created_by"`
	CreatedMS int64          `db:"created_ms"`
	UpdatedMS int64          `db:"updated_ms"`
}

func (r itemRow) item() Item {
	i := Item{ID: r.ID, Code: r.Code, Aspect: r.Aspect, LatestRev: r.LatestRev, Created: time.UnixMilli(r.CreatedMS), Updated: time.UnixMilli(r.UpdatedMS)}
	if r.LiveRev != nil {
		i.LiveRev = *r.LiveRev
	}
	return i
}

func (s store) item(ctx context.Context, id int64) (itemRow, error) {
	var row itemRow
	err := s.db.Get(ctx, &row, `
		SELECT id, code, aspect, latest_rev, live_rev, created_by, created_ms, updated_ms FROM item WHERE id = ?`, id)
	return row, err
}

func (s store) itemByCode(ctx context.Context, code string) (itemRow, error) {
	var row itemRow
	err := s.db.Get(ctx, &row, `
		SELECT id, code, aspect, latest_rev, live_rev, created_by, created_ms, updated_ms FROM item WHERE code = ?`, code)
	return row, err
}

func (s store) insertItem(ctx context.Context, d draft, live *int) error {
	now := d.Created.UnixMilli()
	_, err := s.db.Exec(ctx, `
		INSERT INTO item (id, code, aspect, latest_rev, live_rev, created_by, created_ms, updated_ms, status, type, indicator, level,
			author_id, lang, expires_on, cites, has_media, provenance, checked_ms, indexed_rev)
		VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		d.Item, d.Code, d.Content.Aspect(), live, d.Author, now, now, d.Status, d.Content.Type, d.Content.Indicator, d.Content.Level,
		d.Author, d.Content.Lang, d.Content.Expires, d.Content.Basis != "", len(d.Content.Media) > 0, d.Provenance, now)
	return err
}

// advance moves an item to its next revision unless somebody was faster; the
// count says whether it moved. What was noted about the old text is settled.
func (s store) advance(ctx context.Context, d draft, from int) (int64, error) {
	now := d.Created.UnixMilli()
	return s.db.Exec(ctx, `
		UPDATE item SET latest_rev = latest_rev + 1, indexed_rev = latest_rev + 1, flagged_ms = 0, aspect = ?, updated_ms = ?, status = ?,
			type = ?, indicator = ?, level = ?, author_id = ?, lang = ?, expires_on = ?, cites = ?, has_media = ?, provenance = ?, checked_ms = ?
		WHERE id = ? AND latest_rev = ?`,
		d.Content.Aspect(), now, d.Status, d.Content.Type, d.Content.Indicator, d.Content.Level, d.Author, d.Content.Lang, d.Content.Expires,
		d.Content.Basis != "", len(d.Content.Media) > 0, d.Provenance, now, d.Item, from)
}

func (s store) setLive(ctx context.Context, id int64, rev *int, now int64) error {
	_, err := s.db.Exec(ctx, `UPDATE item SET live_rev = ?, updated_ms = ? WHERE id = ?`, rev, now, id)
	return err
}

// touch records a change of the latest revision's standing.
func (s store) touch(ctx context.Context, id, now int64) error {
	_, err := s.db.Exec(ctx, `
		UPDATE item SET updated_ms = ?,
			status = (SELECT r.status FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev),
			checked_ms = (SELECT coalesce(r.reviewed_ms, r.created_ms) FROM item_revision r WHERE r.item_id = item.id AND r.rev = item.latest_rev)
		WHERE id = ?`, now, id)
	return err
}

type revisionRow struct {
	Ref
	Code       string     `db:"code"`
	Status     Status     `db:"status"`
	Content    string     `db:"content"`
	Hash       string     `db:"content_hash"`
	PhoneOK    bool       `db:"phone_ok"`
	Provenance Provenance `db:"provenance"`
	Source     string     `db:"source"`
	AuthorID   int64      `db:"author_id"`
	ReviewerID *int64     `db:"reviewer_id"`
	ReviewedMS *int64     `db:"reviewed_ms"`
	Suggester  *int64     `db:"suggested_by"`
	BatchID    *int64     `db:"batch_id"`
	CreatedMS  int64      `db:"created_ms"`
}

func (r revisionRow) revision() (Revision, error) {
	c, err := ParseContent(r.Content)
	if err != nil {
		return Revision{}, err
	}
	rev := Revision{
		Ref: r.Ref, Code: r.Code, Status: r.Status, Content: c, Hash: r.Hash, PhoneOK: r.PhoneOK,
		Provenance: r.Provenance, Author: r.AuthorID, Created: time.UnixMilli(r.CreatedMS),
	}
	if r.Source != "" {
		if err := json.Unmarshal([]byte(r.Source), &rev.Source); err != nil {
			return Revision{}, fmt.Errorf("questionbank: source of %s/%d: %w", r.Code, r.Rev, err)
		}
	}
	if r.ReviewerID != nil && r.ReviewedMS != nil {
		rev.Reviewer, rev.Reviewed = *r.ReviewerID, time.UnixMilli(*r.ReviewedMS)
	}
	if r.Suggester != nil {
		rev.SuggestedBy = *r.Suggester
	}
	if r.BatchID != nil {
		rev.Batch = *r.BatchID
	}
	return rev, nil
}

func (s store) revision(ctx context.Context, ref Ref) (Revision, error) {
	var row revisionRow
	err := s.db.Get(ctx, &row, `
		SELECT r.item_id, r.rev, i.code, r.status, r.content, r.content_hash, r.phone_ok, r.provenance, r.source,
			r.author_id, r.reviewer_id, r.reviewed_ms, r.suggested_by, r.batch_id, r.created_ms
		FROM item_revision r JOIN item i ON i.id = r.item_id
		WHERE r.item_id = ? AND r.rev = ?`, ref.Item, ref.Rev)
	if err != nil {
		return Revision{}, err
	}
	return row.revision()
}

func (s store) revisions(ctx context.Context, item int64) ([]Revision, error) {
	var rows []revisionRow
	if err := s.db.Select(ctx, &rows, `
		SELECT r.item_id, r.rev, i.code, r.status, r.content, r.content_hash, r.phone_ok, r.provenance, r.source,
			r.author_id, r.reviewer_id, r.reviewed_ms, r.suggested_by, r.batch_id, r.created_ms
		FROM item_revision r JOIN item i ON i.id = r.item_id
		WHERE r.item_id = ? ORDER BY r.rev DESC`, item); err != nil {
		return nil, err
	}
	all := make([]Revision, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = row.revision(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s store) insertRevision(ctx context.Context, d draft) error {
	source := ""
	if d.Source != (Source{}) {
		b, err := json.Marshal(d.Source)
		if err != nil {
			return err
		}
		source = string(b)
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO item_revision (item_id, rev, status, type, indicator, level, stem, content, content_hash, phone_ok,
			rule, expires_on, provenance, source, author_id, suggested_by, batch_id, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Item, d.Rev, d.Status, d.Content.Type, d.Content.Indicator, d.Content.Level, Plain(d.Content.Stem),
		d.body, d.Hash, d.Content.PhoneOK(), d.Content.Basis, d.Content.Expires,
		d.Provenance, source, d.Author, optional(d.SuggestedBy), optional(d.batch), d.Created.UnixMilli())
	return err
}

// optional is nothing for 0.
func optional(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// setStatus moves a revision from a state it was read in; the count says
// whether nobody was faster.
func (s store) setStatus(ctx context.Context, ref Ref, from, to Status) (int64, error) {
	return s.db.Exec(ctx, `UPDATE item_revision SET status = ? WHERE item_id = ? AND rev = ? AND status = ?`,
		to, ref.Item, ref.Rev, from)
}

// approve names the reviewer in the same statement, so that the two-person
// constraint judges the whole change.
func (s store) approve(ctx context.Context, ref Ref, from Status, reviewer, now int64) (int64, error) {
	return s.db.Exec(ctx, `
		UPDATE item_revision SET status = 'approved', reviewer_id = ?, reviewed_ms = ?
		WHERE item_id = ? AND rev = ? AND status = ? AND reviewer_id IS NULL`, reviewer, now, ref.Item, ref.Rev, from)
}

func (s store) retireAll(ctx context.Context, item int64, latest int) error {
	_, err := s.db.Exec(ctx, `
		UPDATE item_revision SET status = 'retired' WHERE item_id = ? AND (status = 'approved' OR rev = ?)`, item, latest)
	return err
}

// codes lists codes that begin with prefix, the longest and then highest first.
func (s store) codes(ctx context.Context, prefix string) ([]string, error) {
	var codes []string
	err := s.db.Select(ctx, &codes, `
		SELECT code FROM item WHERE code LIKE ? ORDER BY length(code) DESC, code DESC LIMIT 100`, prefix+"%")
	return codes, err
}
