package questionbank

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// MaxBulk is how many items one step may be asked for.
const MaxBulk = 500

// Result is what became of one item of many. Err is nil where the step was
// taken, a fault where the item's state does not allow it.
type Result struct {
	Ref
	Err error
}

// SubmitMany submits each; one that cannot be does not hold up the others.
func (s *Service) SubmitMany(ctx context.Context, actor int64, refs []Ref) ([]Result, error) {
	return many(refs, func(ref Ref) error { return s.Submit(ctx, actor, ref) })
}

// RetireMany retires each.
func (s *Service) RetireMany(ctx context.Context, actor int64, refs []Ref, comment string) ([]Result, error) {
	return many(refs, func(ref Ref) error { return s.Retire(ctx, actor, ref, comment) })
}

// TagMany gives tags to each item, and takes others away. The tags are the
// item's own and no part of a revision, so nothing is reviewed anew; a tag that
// the content itself holds is taken away by revising it.
func (s *Service) TagMany(ctx context.Context, actor int64, refs []Ref, give, take []string) ([]Result, error) {
	give, err := cleanTags(give)
	if err != nil {
		return nil, err
	}
	if take, err = cleanTags(take); err != nil {
		return nil, err
	}
	return many(refs, func(ref Ref) error { return s.tag(ctx, actor, ref.Item, give, take) })
}

// many takes a step for each; only what is no refusal ends it.
func many(refs []Ref, step func(Ref) error) ([]Result, error) {
	if len(refs) > MaxBulk {
		return nil, fault.New(fault.Invalid, "questionbank.bulk_many", MaxBulk)
	}
	results := make([]Result, 0, len(refs))
	for _, ref := range refs {
		err := step(ref)
		if err != nil && fault.Of(err) == nil {
			return results, err
		}
		results = append(results, Result{Ref: ref, Err: err})
	}
	return results, nil
}

const maxTag = 60

func cleanTags(tags []string) ([]string, error) {
	var clean []string
	for _, tag := range tags {
		tag = cleanLine(tag)
		if tag == "" || utf8.RuneCountInString(tag) > maxTag || hasControl(tag) {
			return nil, fault.New(fault.Invalid, "questionbank.tag_long", maxTag).On("tag")
		}
		clean = append(clean, tag)
	}
	return clean, nil
}

func (s *Service) tag(ctx context.Context, actor, id int64, give, take []string) error {
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		row, err := st.item(ctx, id)
		if err != nil {
			return notFound(err)
		}
		r, err := st.revision(ctx, Ref{Item: id, Rev: row.LatestRev})
		if err != nil {
			return err
		}
		for _, tag := range take {
			if slices.Contains(r.Content.Tags, tag) {
				return fault.New(fault.Conflict, "questionbank.tag_content", tag).On("tag")
			}
		}
		_, before, err := st.tags(ctx, id)
		if err != nil {
			return err
		}
		if err := st.addTags(ctx, id, give, true); err != nil {
			return err
		}
		for _, tag := range take {
			if _, err := db.Exec(ctx, `DELETE FROM item_tag WHERE tag = ? AND item_id = ?`, tag, id); err != nil {
				return err
			}
		}
		_, after, err := st.tags(ctx, id)
		if err != nil || slices.Equal(before, after) {
			return err
		}
		var words indexing
		words.put(id, terms(row.Code, r.Content, before), terms(row.Code, r.Content, after))
		if err := words.write(ctx, st, s.Now()); err != nil {
			return err
		}
		return record(ctx, db, s.Now(), actor, "item.tag", id, detail{"give": give, "take": take})
	})
	if err != nil {
		return fmt.Errorf("tag item: %w", err)
	}
	return nil
}

// Tag is a tag with how many items have it.
type Tag struct {
	Name string `db:"tag"`
	N    int    `db:"n"`
}

// Tags lists the tags in use, the commonest first.
func (s *Service) Tags(ctx context.Context, limit int) ([]Tag, error) {
	tags := []Tag{}
	if err := s.DB.Select(ctx, &tags, `
		SELECT tag, count(*) AS n FROM item_tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ?`, limit); err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	return tags, nil
}

// ItemTags lists the tags of one item; own are those that its content does not
// hold.
func (s *Service) ItemTags(ctx context.Context, item int64) (all, own []string, err error) {
	if all, own, err = (store{s.DB}).tags(ctx, item); err != nil {
		return nil, nil, fmt.Errorf("list tags of item: %w", err)
	}
	return all, own, nil
}

// Authors lists the accounts that wrote a latest revision, 0 for the shipped.
func (s *Service) Authors(ctx context.Context) ([]int64, error) {
	ids := []int64{}
	if err := s.DB.Select(ctx, &ids, `SELECT DISTINCT author_id FROM item ORDER BY author_id`); err != nil {
		return nil, fmt.Errorf("list authors: %w", err)
	}
	return ids, nil
}
