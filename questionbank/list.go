package questionbank

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cakap/internal/storage"
	"cakap/scoring"
)

// Filter narrows a list of items; the zero value of a field asks for all. It
// looks at each item's latest revision.
type Filter struct {
	Text      string // in the stem or the code
	Aspect    scoring.Aspect
	Indicator string
	Type      Type
	Level     Level
	Status    Status
	NotAuthor int64 // leaves out this author's own, for a reviewer's queue
	Live      bool  // only items with a revision in use
	Page      int   // from 1
	PageSize  int   // 50 unless told, at most 200
}

// Row is one line of the list of items.
type Row struct {
	Ref
	Code       string         `db:"code"`
	Aspect     scoring.Aspect `db:"aspect"`
	Indicator  string         `db:"indicator"`
	Type       Type           `db:"type"`
	Level      Level          `db:"level"`
	Status     Status         `db:"status"`
	LiveRev    int            `db:"live_rev"` // 0 for none
	Stem       string         `db:"stem"`     // plain text
	Provenance Provenance     `db:"provenance"`
	Expires    string         `db:"expires_on"`
	Author     int64          `db:"author_id"`
	UpdatedMS  int64          `db:"updated_ms"`
}

// Updated is when anything about the item last changed.
func (r Row) Updated() time.Time { return time.UnixMilli(r.UpdatedMS) }

// Page is one page of the list with what the filter found in all.
type Page struct {
	Rows     []Row
	Total    int            // of the filter, its status included
	ByStatus map[Status]int // of the filter, its status left aside
	Page     int
	Pages    int
}

const (
	pageSize    = 50
	maxPageSize = 200
)

// likePattern finds text anywhere, taking the wildcards of LIKE as letters.
func likePattern(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(Plain(text))) + "%"
}

func (f Filter) args() []any {
	text := likePattern(f.Text)
	return []any{text, text, f.Aspect, f.Aspect, f.Indicator, f.Indicator, f.Type, f.Type, f.Level, f.Level, f.NotAuthor, f.NotAuthor, f.Live}
}

// List is a page of items in the order of their codes.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	size := pageSize
	if f.PageSize > 0 {
		size = min(f.PageSize, maxPageSize)
	}
	p := Page{Page: max(f.Page, 1), ByStatus: map[Status]int{}}
	st := store{s.DB}
	if err := st.countByStatus(ctx, f, p.ByStatus); err != nil {
		return Page{}, fmt.Errorf("count items: %w", err)
	}
	for status, n := range p.ByStatus {
		if f.Status == "" || f.Status == status {
			p.Total += n
		}
	}
	p.Pages = max((p.Total+size-1)/size, 1)
	p.Page = min(p.Page, p.Pages)
	var err error
	if p.Rows, err = st.list(ctx, f, size, (p.Page-1)*size); err != nil {
		return Page{}, fmt.Errorf("list items: %w", err)
	}
	return p, nil
}

func (s store) countByStatus(ctx context.Context, f Filter, into map[Status]int) error {
	var rows []struct {
		Status Status `db:"status"`
		N      int    `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT r.status, count(*) AS n
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev
		WHERE (lower(r.stem) LIKE ? ESCAPE '\' OR lower(i.code) LIKE ? ESCAPE '\')
			AND (CAST(? AS BIGINT) = 0 OR i.aspect = ?) AND (CAST(? AS TEXT) = '' OR r.indicator = ?)
			AND (CAST(? AS TEXT) = '' OR r.type = ?) AND (CAST(? AS TEXT) = '' OR r.level = ?)
			AND (CAST(? AS BIGINT) = 0 OR r.author_id <> ?) AND (NOT CAST(? AS BOOLEAN) OR i.live_rev IS NOT NULL)
		GROUP BY r.status`, f.args()...)
	for _, r := range rows {
		into[r.Status] = r.N
	}
	return err
}

func (s store) list(ctx context.Context, f Filter, limit, offset int) ([]Row, error) {
	rows := []Row{}
	err := s.db.Select(ctx, &rows, `
		SELECT i.id AS item_id, r.rev, i.code, i.aspect, r.indicator, r.type, r.level, r.status,
			coalesce(i.live_rev, 0) AS live_rev, r.stem, r.provenance, r.expires_on, r.author_id, i.updated_ms
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev
		WHERE (lower(r.stem) LIKE ? ESCAPE '\' OR lower(i.code) LIKE ? ESCAPE '\')
			AND (CAST(? AS BIGINT) = 0 OR i.aspect = ?) AND (CAST(? AS TEXT) = '' OR r.indicator = ?)
			AND (CAST(? AS TEXT) = '' OR r.type = ?) AND (CAST(? AS TEXT) = '' OR r.level = ?)
			AND (CAST(? AS BIGINT) = 0 OR r.author_id <> ?) AND (NOT CAST(? AS BOOLEAN) OR i.live_rev IS NOT NULL)
			AND (CAST(? AS TEXT) = '' OR r.status = ?)
		ORDER BY i.code LIMIT ? OFFSET ?`, append(f.args(), f.Status, f.Status, limit, offset)...)
	return rows, err
}

// Export walks over the latest revision of every item the filter finds, in the
// order of the codes, one at a time; Page and PageSize do not count.
func (s *Service) Export(ctx context.Context, f Filter, each func(Revision) error) error {
	err := s.DB.Stream(ctx, `
		SELECT r.item_id, r.rev, i.code, r.status, r.content, r.content_hash, r.phone_ok, r.provenance, r.source,
			r.author_id, r.reviewer_id, r.reviewed_ms, r.created_ms
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.latest_rev
		WHERE (lower(r.stem) LIKE ? ESCAPE '\' OR lower(i.code) LIKE ? ESCAPE '\')
			AND (CAST(? AS BIGINT) = 0 OR i.aspect = ?) AND (CAST(? AS TEXT) = '' OR r.indicator = ?)
			AND (CAST(? AS TEXT) = '' OR r.type = ?) AND (CAST(? AS TEXT) = '' OR r.level = ?)
			AND (CAST(? AS BIGINT) = 0 OR r.author_id <> ?) AND (NOT CAST(? AS BOOLEAN) OR i.live_rev IS NOT NULL)
			AND (CAST(? AS TEXT) = '' OR r.status = ?)
		ORDER BY i.code`, append(f.args(), f.Status, f.Status), func(scan func(any) error) error {
		var row revisionRow
		if err := scan(&row); err != nil {
			return err
		}
		r, err := row.revision()
		if err != nil {
			return err
		}
		return each(r)
	})
	if err != nil {
		return fmt.Errorf("export items: %w", err)
	}
	return nil
}

// Cell is one cell of the coverage: how many items new forms may use.
type Cell struct {
	Indicator string `db:"indicator"`
	Level     Level  `db:"level"`
	Type      Type   `db:"type"`
	N         int    `db:"n"`
}

// Coverage is how many live items there are per indicator, level and type.
type Coverage []Cell

// LiveCoverage counts the live items.
func LiveCoverage(ctx context.Context, q storage.Querier) (Coverage, error) {
	var cells []Cell
	if err := q.Select(ctx, &cells, `
		SELECT r.indicator, r.level, r.type, count(*) AS n
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.live_rev
		WHERE r.status = 'approved'
		GROUP BY r.indicator, r.level, r.type ORDER BY r.indicator, r.level, r.type`); err != nil {
		return nil, fmt.Errorf("count live items: %w", err)
	}
	return cells, nil
}

// Count adds up the cells of an aspect, an indicator and a level; the zero
// value of each asks for all.
func (c Coverage) Count(a scoring.Aspect, indicator string, l Level) int {
	n := 0
	for _, cell := range c {
		if (a == scoring.Total || AspectOf(cell.Indicator) == a) && (indicator == "" || cell.Indicator == indicator) && (l == "" || cell.Level == l) {
			n += cell.N
		}
	}
	return n
}

// ShippedUnreviewed counts the live revisions that came with the product and
// that nobody of the agency has reviewed yet. An agency may ask for none
// before an event opens.
func ShippedUnreviewed(ctx context.Context, q storage.Querier) (int, error) {
	var n int
	err := q.Get(ctx, &n, `
		SELECT count(*) FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.live_rev
		WHERE r.status = 'approved' AND r.provenance = 'shipped' AND r.reviewer_id IS NULL`)
	if err != nil {
		return 0, fmt.Errorf("count shipped items without a review: %w", err)
	}
	return n, nil
}
