package questionbank

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cakap/internal/storage"
)

// indexing collects what changes in the search and the comparison, so that an
// import writes every word once and not once for each item, and the bands in
// the order in which they lie.
type indexing struct {
	add, gone map[string][]int64
	bands     []bandOf
}

type bandOf struct{ band, item int64 }

// put notes that an item is now found by the words now, no longer by all of before.
func (x *indexing) put(id int64, before, now []string) {
	if x.add == nil {
		x.add, x.gone = map[string][]int64{}, map[string][]int64{}
	}
	for _, t := range now {
		if _, known := slices.BinarySearch(before, t); !known {
			x.add[t] = append(x.add[t], id)
		}
	}
	for _, t := range before {
		if _, still := slices.BinarySearch(now, t); !still {
			x.gone[t] = append(x.gone[t], id)
		}
	}
}

// like notes the bands of an item's stem.
func (x *indexing) like(id int64, bands []int64) {
	for _, b := range bands {
		x.bands = append(x.bands, bandOf{b, id})
	}
}

// write saves the changes. What goes is written before what comes, in the
// order of the words, so that two writers never wait for each other.
func (x *indexing) write(ctx context.Context, st store, now time.Time) error {
	for _, half := range []struct {
		gone bool
		ids  map[string][]int64
	}{{true, x.gone}, {false, x.add}} {
		all := make([]string, 0, len(half.ids))
		for t := range half.ids {
			all = append(all, t)
		}
		slices.Sort(all)
		seq := storage.NewID(now)
		for _, t := range all {
			ids := half.ids[t]
			slices.Sort(ids)
			if err := st.insertTerm(ctx, t, seq, half.gone, postings(slices.Compact(ids))); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(x.bands, func(a, b bandOf) int { return cmp.Or(cmp.Compare(a.band, b.band), cmp.Compare(a.item, b.item)) })
	for chunk := range slices.Chunk(x.bands, bandCount) {
		if err := st.insertBands(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

func (s store) insertTerm(ctx context.Context, term string, seq int64, gone bool, items []byte) error {
	_, err := s.db.Exec(ctx, `INSERT INTO item_term (term, seq, gone, items) VALUES (?, ?, ?, ?)`, []byte(term), seq, gone, items)
	return err
}

type termRow struct {
	Term  []byte `db:"term"`
	Seq   int64  `db:"seq"`
	Gone  bool   `db:"gone"`
	Items []byte `db:"items"`
}

// found is the ids, ascending, of the items with a word from low up to high.
func (s store) found(ctx context.Context, low, high string) ([]int64, error) {
	var all, ofTerm []int64
	var term string
	err := s.db.Stream(ctx, `
		SELECT term, seq, gone, items FROM item_term WHERE term >= ? AND term < ? ORDER BY term, seq`,
		[]any{[]byte(low), []byte(high)}, func(scan func(any) error) error {
			var row termRow
			if err := scan(&row); err != nil {
				return err
			}
			if string(row.Term) != term {
				all, ofTerm, term = append(all, ofTerm...), ofTerm[:0], string(row.Term)
			}
			var err error
			ofTerm, err = row.apply(ofTerm)
			return err
		})
	all = append(all, ofTerm...)
	slices.Sort(all)
	return slices.Compact(all), err
}

// apply adds a posting's items to those of the earlier ones, or takes them out.
func (r termRow) apply(ids []int64) ([]int64, error) {
	if !r.Gone {
		return appendPosting(ids, r.Items)
	}
	gone, err := appendPosting(nil, r.Items)
	return without(ids, gone), err
}

// search finds the items that a question names, ascending; every chunk of it
// must be found.
func (s store) search(ctx context.Context, asked []wanted) ([]int64, error) {
	var hits []int64
	for i, w := range asked {
		ids, err := s.searchOne(ctx, w)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			ids = both(hits, ids)
		}
		if hits = ids; len(hits) == 0 {
			return nil, nil
		}
	}
	return hits, nil
}

func (s store) searchOne(ctx context.Context, w wanted) ([]int64, error) {
	var hits []int64
	for i, word := range w.words {
		high := word + "\xff" // no word holds that byte, so this is behind all that begin with it
		if len([]rune(word)) < minPrefix {
			high = word + "\x00"
		}
		ids, err := s.found(ctx, word, high)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			ids = both(hits, ids)
		}
		hits = ids
	}
	if w.code == "" {
		return hits, nil
	}
	coded, err := s.found(ctx, w.code, w.code+"\xff")
	if len(coded) > 0 {
		hits = append(hits, coded...)
		slices.Sort(hits)
		hits = slices.Compact(hits)
	}
	return hits, err
}

// compact puts the postings of words that many single edits have scattered
// into one each.
func (s store) compact(ctx context.Context) error {
	var scattered []struct {
		Term []byte `db:"term"`
		N    int    `db:"n"`
	}
	if err := s.db.Select(ctx, &scattered, `
		SELECT term, count(*) AS n FROM item_term GROUP BY term HAVING count(*) > ? ORDER BY term LIMIT 5000`, mostPostings); err != nil {
		return err
	}
	for _, w := range scattered {
		var rows []termRow
		if err := s.db.Select(ctx, &rows, `SELECT term, seq, gone, items FROM item_term WHERE term = ? ORDER BY seq`, w.Term); err != nil {
			return err
		}
		var ids []int64
		for _, r := range rows {
			var err error
			if ids, err = r.apply(ids); err != nil {
				return err
			}
		}
		slices.Sort(ids)
		last := rows[len(rows)-1].Seq
		if _, err := s.db.Exec(ctx, `DELETE FROM item_term WHERE term = ? AND seq < ?`, w.Term, last); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `UPDATE item_term SET gone = FALSE, items = ? WHERE term = ? AND seq = ?`, postings(slices.Compact(ids)), w.Term, last); err != nil {
			return err
		}
	}
	return nil
}

// mostPostings is how many postings a word may have before they become one.
const mostPostings = 64

// insertBands inserts up to bandCount rows; the last one stands in for those
// that fail to that number.
func (s store) insertBands(ctx context.Context, rows []bandOf) error {
	args := make([]any, 0, 2*bandCount)
	for i := range bandCount {
		row := rows[min(i, len(rows)-1)]
		args = append(args, row.band, row.item)
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO item_band (band, item_id) VALUES (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?),
			(?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?), (?, ?)
		ON CONFLICT (band, item_id) DO NOTHING`, args...)
	return err
}

func (s store) deleteBands(ctx context.Context, item int64, bands []int64) error {
	if len(bands) == 0 {
		return nil
	}
	_, err := s.db.Exec(ctx, `
		DELETE FROM item_band WHERE band IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AND item_id = ?`, append(anys(bands), item)...)
	return err
}

// neighbours is the items that share most bands with a stem.
func (s store) neighbours(ctx context.Context, bands []int64) ([]int64, error) {
	var ids []int64
	err := s.db.Select(ctx, &ids, `
		SELECT item_id FROM (
			SELECT item_id FROM item_band WHERE band IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) LIMIT ?
		) AS near GROUP BY item_id ORDER BY count(*) DESC, item_id LIMIT ?`, append(anys(bands), 32*crowd, crowd)...)
	return ids, err
}

// similar lists the items whose stem is alike, the most similar first.
func (s store) similar(ctx context.Context, code string, pairs pairSet) ([]Similar, error) {
	bands := pairs.bands()
	if len(bands) == 0 {
		return nil, nil
	}
	ids, err := s.neighbours(ctx, bands)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var found []Similar
	for chunk := range slices.Chunk(ids, refChunk) {
		args := make([]any, refChunk)
		for i := range args {
			args[i] = chunk[min(i, len(chunk)-1)]
		}
		var rows []struct {
			Code string `db:"code"`
			Stem string `db:"stem"`
		}
		if err := s.db.Select(ctx, &rows, `
			SELECT i.code, r.stem FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev
			WHERE i.status <> 'retired' AND i.id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			if share := pairs.share(pairsOf(row.Stem)); share >= SimilarShare && row.Code != code {
				found = append(found, Similar{Code: row.Code, Share: share})
			}
		}
	}
	slices.SortFunc(found, func(a, b Similar) int {
		if a.orBetter(b) == b {
			return 1
		}
		return -1
	})
	return found, nil
}

// similarToEach finds for each question of a file the item that is most like
// it; one query asks for the bands of all. Where a band is a template's phrase
// that thousands share, each is asked for by itself.
func (s store) similarToEach(ctx context.Context, questions []*arrival) ([]Similar, error) {
	best := make([]Similar, len(questions))
	of := map[int64][]int{} // band → questions that have it
	var bands []int64
	for i, q := range questions {
		for _, b := range q.draft.pairs.bands() {
			if len(of[b]) == 0 {
				bands = append(bands, b)
			}
			of[b] = append(of[b], i)
		}
	}
	if len(bands) == 0 {
		return best, nil
	}
	var hits []struct {
		Band int64 `db:"band"`
		Item int64 `db:"item_id"`
	}
	const most = 4000
	if err := s.db.Select(ctx, &hits, `SELECT band, item_id FROM item_band`+" WHERE band IN ("+holders(len(bands))+") LIMIT ?", append(anys(bands), most)...); err != nil {
		return nil, err
	}
	asked := map[int]bool{}
	for _, h := range hits {
		for _, i := range of[h.Band] {
			asked[i] = true
		}
	}
	for i, q := range questions {
		if !asked[i] && len(hits) < most {
			continue
		}
		found, err := s.similar(ctx, q.code, q.draft.pairs)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			best[i] = found[0]
		}
	}
	return best, nil
}

func anys(ids []int64) []any {
	out := make([]any, len(ids), len(ids)+2)
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// setTags makes the tags of a content the item's, beside its own.
func (s store) setTags(ctx context.Context, item int64, tags []string) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM item_tag WHERE item_id = ? AND NOT own`, item); err != nil {
		return err
	}
	return s.addTags(ctx, item, tags, false)
}

func (s store) addTags(ctx context.Context, item int64, tags []string, own bool) error {
	for _, tag := range tags {
		if _, err := s.db.Exec(ctx, `
			INSERT INTO item_tag (tag, item_id, own) VALUES (?, ?, ?) ON CONFLICT (tag, item_id) DO NOTHING`, tag, item, own); err != nil {
			return err
		}
	}
	return nil
}

// tags lists an item's tags; own are those that its content does not name.
func (s store) tags(ctx context.Context, item int64) (all, own []string, err error) {
	var rows []struct {
		Tag string `db:"tag"`
		Own bool   `db:"own"`
	}
	err = s.db.Select(ctx, &rows, `SELECT tag, own FROM item_tag WHERE item_id = ? ORDER BY tag`, item)
	for _, r := range rows {
		all = append(all, r.Tag)
		if r.Own {
			own = append(own, r.Tag)
		}
	}
	return all, own, err
}
