package questionbank

import (
	"context"
	"slices"
	"strings"

	"cakap/scoring"
)

// where is the filter in SQL, but for its words: only what is asked stands in
// it, so that the engine can choose the index that fits.
func (f Filter) where() (string, []any) {
	var b strings.Builder
	var args []any
	b.WriteString(everything)
	add := func(asked bool, condition string, values ...any) {
		if asked {
			b.WriteString(" AND " + condition)
			args = append(args, values...)
		}
	}
	lang := f.Lang
	if lang == "id" {
		lang = ""
	}
	add(f.Aspect != scoring.Total, "i.aspect = ?", f.Aspect)
	add(f.Indicator != "", "i.indicator = ?", f.Indicator)
	add(f.Type != "", "i.type = ?", f.Type)
	add(f.Level != "", "i.level = ?", f.Level)
	add(f.Status != "", "i.status = ?", f.Status)
	add(f.Author != 0, "i.author_id = ?", f.Author)
	add(f.NotAuthor != 0, "i.author_id <> ?", f.NotAuthor)
	add(f.Lang != "", "i.lang IN (?, ?)", lang, f.Lang)
	add(f.Expiring != "", "i.expires_on <> '' AND i.expires_on <= ?", f.Expiring)
	add(f.Live, "i.live_rev IS NOT NULL")
	add(f.Flagged, "i.flagged_ms > 0")
	add(f.Media, "i.has_media")
	add(f.Cites, "i.cites")
	add(f.Tag != "", "i.id IN (SELECT t.item_id FROM item_tag t WHERE t.tag = ?)", f.Tag)
	add(f.Batch != 0, "i.id IN (SELECT r.item_id FROM item_revision r WHERE r.batch_id = ?)", f.Batch)
	add(f.Used == Used, "i.id IN (SELECT p.item_id FROM event_pool p WHERE p.exposed > 0)")
	add(f.Used == Unused, "i.id NOT IN (SELECT p.item_id FROM event_pool p WHERE p.exposed > 0)")
	return b.String(), args
}

// everything is the filter that asks nothing.
const everything = " WHERE TRUE"

// listAll is the list without a question: the engine counts and cuts.
func (s store) listAll(ctx context.Context, f Filter, size int, p *Page) error {
	every := f
	every.Status = ""
	where, args := every.where()
	var counts []struct {
		Status Status `db:"status"`
		N      int    `db:"n"`
	}
	// A planner that knows no figures would walk the index of the states and
	// look at each item rather than use the filter's own; coalesce hides it.
	group := " GROUP BY i.status"
	if len(args) > 0 || where != everything {
		group = " GROUP BY coalesce(i.status, '')"
	}
	if err := s.db.Select(ctx, &counts, `SELECT max(i.status) AS status, count(*) AS n FROM item i`+where+group, args...); err != nil {
		return err
	}
	for _, c := range counts {
		p.ByStatus[c.Status] = c.N
	}
	offset := p.turn(f, size)
	where, args = f.where()
	var ids []int64
	if err := s.db.Select(ctx, &ids, `SELECT i.id FROM item i`+where+f.Sort.order()+" LIMIT ? OFFSET ?", append(args, size, offset)...); err != nil {
		return err
	}
	var err error
	p.Rows, err = s.rows(ctx, ids)
	return err
}

// How a question is answered. Up to fewHits items are read by their ids, so
// that every count is exact. Of more, the list is walked in its order until
// enoughHits belong to it: with that many, they come often.
const (
	fewHits    = 5000
	enoughHits = 1000
)

// listFound is the list of what a question finds.
func (s store) listFound(ctx context.Context, f Filter, size int, p *Page) error {
	hits, err := s.search(ctx, question(f.Text))
	if err != nil {
		return err
	}
	every := f
	every.Status = ""
	var rows []hit
	if len(hits) <= fewHits {
		rows, err = s.hitsByID(ctx, every, hits)
	} else {
		rows, p.More, err = s.hitsInOrder(ctx, every, hits)
	}
	if err != nil {
		return err
	}
	var ids []int64
	for _, row := range rows {
		p.ByStatus[row.Status]++
		if f.Status == "" || f.Status == row.Status {
			ids = append(ids, row.ID)
		}
	}
	if p.More && f.Status != "" {
		if ids, err = s.ofStatus(ctx, f, hits); err != nil {
			return err
		}
		p.ByStatus[f.Status] = len(ids)
	}
	offset := p.turn(f, size)
	p.Rows, err = s.rows(ctx, ids[offset:min(offset+size, len(ids))])
	return err
}

// ofStatus walks one status alone: a rare one would not be met among the first
// of all.
func (s store) ofStatus(ctx context.Context, f Filter, hits []int64) ([]int64, error) {
	rows, _, err := s.hitsInOrder(ctx, f, hits)
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids, err
}

// hit is what a found item is counted and sorted by.
type hit struct {
	ID      int64  `db:"id"`
	Code    string `db:"code"`
	Status  Status `db:"status"`
	Updated int64  `db:"updated_ms"`
	Expires string `db:"expires_on"`
}

// idChunk is how many ids one query names.
const idChunk = 250

// holders is the places of n values.
func holders(n int) string { return "?" + strings.Repeat(", ?", n-1) }

func (s store) hitsByID(ctx context.Context, f Filter, ids []int64) ([]hit, error) {
	where, args := f.where()
	var all []hit
	for chunk := range slices.Chunk(ids, idChunk) {
		var rows []hit
		if err := s.db.Select(ctx, &rows, `SELECT i.id, i.code, i.status, i.updated_ms, i.expires_on FROM item i`+where+" AND i.id IN ("+holders(len(chunk))+")", slices.Concat(args, anys(chunk))...); err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, f.Sort.compare)
	return all, nil
}

// compare is order for rows in memory.
func (o Sort) compare(a, b hit) int {
	byID := int(min(max(a.ID-b.ID, -1), 1))
	switch o {
	case ByNewest:
		return firstOf(compareInt(b.Updated, a.Updated), -byID)
	case ByOldest:
		return firstOf(compareInt(a.Updated, b.Updated), byID)
	case ByExpires:
		if (a.Expires == "") != (b.Expires == "") {
			return strings.Compare(b.Expires, a.Expires) // what never expires comes last
		}
		return firstOf(strings.Compare(a.Expires, b.Expires), byID)
	default:
		return strings.Compare(a.Code, b.Code)
	}
}

func compareInt(a, b int64) int { return int(min(max(a-b, -1), 1)) }

func firstOf(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// hitsInOrder walks the list until enough of it are hits; more says that there
// may be others.
func (s store) hitsInOrder(ctx context.Context, f Filter, hits []int64) (found []hit, more bool, err error) {
	where, args := f.where()
	const step = 4 * enoughHits
	for offset := 0; ; offset += step {
		var rows []hit
		if err := s.db.Select(ctx, &rows, `SELECT i.id, i.status FROM item i`+where+f.Sort.order()+" LIMIT ? OFFSET ?", append(args[:len(args):len(args)], step, offset)...); err != nil {
			return nil, false, err
		}
		for _, row := range rows {
			if _, ok := slices.BinarySearch(hits, row.ID); ok {
				found = append(found, row)
			}
			if len(found) >= enoughHits {
				return found, true, nil
			}
		}
		if len(rows) < step {
			return found, false, nil
		}
	}
}

// all is the ids of everything that a filter finds, in its order.
func (s store) all(ctx context.Context, f Filter) ([]int64, error) {
	where, args := f.where()
	var ids []int64
	if err := s.db.Select(ctx, &ids, `SELECT i.id FROM item i`+where+f.Sort.order(), args...); err != nil {
		return nil, err
	}
	if strings.TrimSpace(f.Text) == "" {
		return ids, nil
	}
	hits, err := s.search(ctx, question(f.Text))
	return slices.DeleteFunc(ids, func(id int64) bool {
		_, ok := slices.BinarySearch(hits, id)
		return !ok
	}), err
}

// rows loads lines of the list in the order of the ids.
func (s store) rows(ctx context.Context, ids []int64) ([]Row, error) {
	rows := make([]Row, 0, len(ids))
	for chunk := range slices.Chunk(ids, idChunk) {
		var some []Row
		if err := s.db.Select(ctx, &some, `
			SELECT i.id AS item_id, i.latest_rev AS rev, i.code, i.aspect, i.indicator, i.type, i.level, i.status,
				coalesce(i.live_rev, 0) AS live_rev, r.stem, i.provenance, i.lang, i.expires_on, i.cites, i.has_media, i.flagged_ms,
				i.author_id, i.checked_ms, i.updated_ms
			FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev`+" WHERE i.id IN ("+holders(len(chunk))+")", anys(chunk)...); err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	place := make(map[int64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(rows, func(a, b Row) int { return place[a.Item] - place[b.Item] })
	return rows, nil
}

// walk visits the latest revisions of items in the order of the ids.
func (s store) walk(ctx context.Context, ids []int64, each func(Revision) error) error {
	for chunk := range slices.Chunk(ids, idChunk) {
		var rows []revisionRow
		if err := s.db.Select(ctx, &rows, `
			SELECT r.item_id, r.rev, i.code, r.status, r.content, r.content_hash, r.phone_ok, r.provenance, r.source,
				r.author_id, r.reviewer_id, r.reviewed_ms, r.suggested_by, r.batch_id, r.created_ms
			FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev`+" WHERE i.id IN ("+holders(len(chunk))+")", anys(chunk)...); err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b revisionRow) int { return slices.Index(chunk, a.Item) - slices.Index(chunk, b.Item) })
		for _, row := range rows {
			r, err := row.revision()
			if err != nil {
				return err
			}
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}
