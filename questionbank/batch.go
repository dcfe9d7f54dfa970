package questionbank

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// undoHours is how long an import can be taken back.
const undoHours = 24

// ImportBatch is an import that saved something.
type ImportBatch struct {
	ID       int64
	File     string
	Format   string
	Actor    int64
	Items    int // questions in the file
	Accepted int
	Warned   int
	Rejected int
	Created  time.Time
	Undone   time.Time // zero unless it was taken back
	UndoneBy int64
}

// Open reports whether the day in which it can be taken back has not passed.
func (b ImportBatch) Open(now time.Time) bool {
	return b.Undone.IsZero() && now.Sub(b.Created) <= undoHours*time.Hour
}

type batchRow struct {
	ID        int64  `db:"id"`
	File      string `db:"file"`
	Format    string `db:"format"`
	ActorID   int64  `db:"actor_id"`
	Items     int    `db:"items"`
	Accepted  int    `db:"accepted"`
	Warned    int    `db:"warned"`
	Rejected  int    `db:"rejected"`
	CreatedMS int64  `db:"created_ms"`
	UndoneMS  *int64 `db:"undone_ms"`
	UndoneBy  *int64 `db:"undone_by"`
}

func (r batchRow) batch() ImportBatch {
	b := ImportBatch{
		ID: r.ID, File: r.File, Format: r.Format, Actor: r.ActorID, Items: r.Items, Accepted: r.Accepted, Warned: r.Warned,
		Rejected: r.Rejected, Created: time.UnixMilli(r.CreatedMS),
	}
	if r.UndoneMS != nil && r.UndoneBy != nil {
		b.Undone, b.UndoneBy = time.UnixMilli(*r.UndoneMS), *r.UndoneBy
	}
	return b
}

// ImportBatches lists imports, the newest first.
func (s *Service) ImportBatches(ctx context.Context, limit int) ([]ImportBatch, error) {
	var rows []batchRow
	if err := s.DB.Select(ctx, &rows, `
		SELECT id, file, format, actor_id, items, accepted, warned, rejected, created_ms, undone_ms, undone_by
		FROM import_batch ORDER BY created_ms DESC, id DESC LIMIT ?`, limit); err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	all := make([]ImportBatch, len(rows))
	for i, r := range rows {
		all[i] = r.batch()
	}
	return all, nil
}

// ImportBatch loads one import.
func (s *Service) ImportBatch(ctx context.Context, id int64) (ImportBatch, error) {
	row, err := store{s.DB}.batch(ctx, id)
	if err != nil {
		return ImportBatch{}, fmt.Errorf("load import: %w", err)
	}
	return row.batch(), nil
}

// UndoImport takes back all that an import saved, within a day and while
// nobody has changed, submitted or reviewed any of it. It returns how many
// questions went. This is the one place where revisions are deleted: drafts
// that nobody but their author has seen.
func (s *Service) UndoImport(ctx context.Context, actor, id int64) (int, error) {
	n := 0
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st, now := store{db}, s.Now()
		row, err := st.batch(ctx, id)
		if err != nil {
			return err
		}
		switch b := row.batch(); {
		case !b.Undone.IsZero():
			return fault.New(fault.Conflict, "questionbank.undo_gone")
		case !b.Open(now):
			return fault.New(fault.Conflict, "questionbank.undo_late", undoHours)
		}
		if err := st.untouched(ctx, id); err != nil {
			return err
		}
		if n, err = st.undo(ctx, id, now); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, `UPDATE import_batch SET undone_ms = ?, undone_by = ? WHERE id = ?`, now.UnixMilli(), actor, id); err != nil {
			return err
		}
		return record(ctx, db, now, actor, "bank.import_undo", 0, detail{"batch": id, "items": n})
	})
	if err != nil {
		return 0, fmt.Errorf("undo import: %w", err)
	}
	return n, nil
}

func (s store) insertBatch(ctx context.Context, b ImportBatch, digest string) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO import_batch (id, file, format, sha256, actor_id, items, accepted, warned, rejected, created_ms)
		VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, ?)`, b.ID, b.File, b.Format, digest, b.Actor, b.Created.UnixMilli())
	return err
}

// closeBatch writes what the import came to.
func (s store) closeBatch(ctx context.Context, id int64, c Counts) error {
	_, err := s.db.Exec(ctx, `UPDATE import_batch SET items = ?, accepted = ?, warned = ?, rejected = ? WHERE id = ?`,
		c.Items, c.Accepted, c.Warned, c.Rejected, id)
	return err
}

func (s store) batch(ctx context.Context, id int64) (batchRow, error) {
	var row batchRow
	err := s.db.Get(ctx, &row, `
		SELECT id, file, format, actor_id, items, accepted, warned, rejected, created_ms, undone_ms, undone_by
		FROM import_batch WHERE id = ?`, id)
	if errors.Is(err, storage.ErrNotFound) {
		return batchRow{}, fault.New(fault.NotFound, "questionbank.undo_gone")
	}
	return row, err
}

// untouched refuses where somebody has gone on with a question of an import.
func (s store) untouched(ctx context.Context, id int64) error {
	var touched []string
	if err := s.db.Select(ctx, &touched, `
		SELECT i.code FROM item_revision r JOIN item i ON i.id = r.item_id
		WHERE r.batch_id = ? AND (r.status <> 'draft' OR i.latest_rev <> r.rev
			OR EXISTS (SELECT 1 FROM item_review v WHERE v.item_id = r.item_id AND v.rev = r.rev))
		ORDER BY i.code`, id); err != nil {
		return err
	}
	if len(touched) > 0 {
		return fault.New(fault.Conflict, "questionbank.undo_touched", len(touched), touched[0])
	}
	return nil
}

func (s store) undo(ctx context.Context, id int64, now time.Time) (int, error) {
	var refs []Ref
	if err := s.db.Select(ctx, &refs, `SELECT item_id, rev FROM item_revision WHERE batch_id = ? ORDER BY item_id`, id); err != nil {
		return 0, err
	}
	var words indexing
	for _, ref := range refs {
		if err := s.undoOne(ctx, ref, now, &words); err != nil {
			return 0, err
		}
	}
	return len(refs), words.write(ctx, s, now)
}

func (s store) undoOne(ctx context.Context, ref Ref, now time.Time, words *indexing) error {
	r, err := s.revision(ctx, ref)
	if err != nil {
		return err
	}
	_, own, err := s.tags(ctx, ref.Item)
	if err != nil {
		return err
	}
	was := terms(r.Code, r.Content, own)
	if err := s.deleteBands(ctx, ref.Item, pairsOf(r.Content.Stem).bands()); err != nil {
		return err
	}
	if ref.Rev > 1 {
		before, err := s.revision(ctx, Ref{Item: ref.Item, Rev: ref.Rev - 1})
		if err != nil {
			return err
		}
		words.put(ref.Item, was, terms(r.Code, before.Content, own))
		words.like(ref.Item, pairsOf(before.Content.Stem).bands())
		if err := s.restore(ctx, before, now); err != nil {
			return err
		}
		return s.deleteRevision(ctx, ref)
	}
	words.put(ref.Item, was, nil)
	if err := s.deleteRevision(ctx, ref); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `DELETE FROM item_tag WHERE item_id = ?`, ref.Item); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `DELETE FROM item WHERE id = ?`, ref.Item)
	return err
}

func (s store) deleteRevision(ctx context.Context, ref Ref) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM item_media WHERE item_id = ? AND rev = ?`, ref.Item, ref.Rev); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `DELETE FROM item_raw WHERE item_id = ? AND rev = ?`, ref.Item, ref.Rev); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `DELETE FROM item_revision WHERE item_id = ? AND rev = ?`, ref.Item, ref.Rev)
	return err
}

// restore makes an item's earlier revision the latest again.
func (s store) restore(ctx context.Context, r Revision, now time.Time) error {
	c := r.Content
	if err := s.setTags(ctx, r.Item, c.Tags); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `
		UPDATE item SET latest_rev = ?, indexed_rev = ?, aspect = ?, status = ?, type = ?, indicator = ?, level = ?, author_id = ?, lang = ?,
			expires_on = ?, cites = ?, has_media = ?, provenance = ? WHERE id = ?`,
		r.Rev, r.Rev, c.Aspect(), r.Status, c.Type, c.Indicator, c.Level, r.Author, c.Lang, c.Expires, c.Basis != "", len(c.Media) > 0, r.Provenance, r.Item)
	if err != nil {
		return err
	}
	return s.touch(ctx, r.Item, now.UnixMilli())
}
