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
	Text      string // words, each of which may be the beginning of one; or a code
	Aspect    scoring.Aspect
	Indicator string
	Type      Type
	Level     Level
	Status    Status
	Author    int64
	NotAuthor int64 // leaves out this author's own, for a reviewer's queue
	Tag       string
	Lang      string // "id" asks for those in Indonesian
	Expiring  string // yyyy-mm-dd: to be looked at again on that day or before
	Used      Use
	Live      bool  // only items with a revision in use
	Flagged   bool  // somebody noted a fault
	Media     bool  // with a picture, sound or film
	Cites     bool  // the key rests on a rule
	Batch     int64 // of one import
	Sort      Sort
	Page      int // from 1
	PageSize  int // 50 unless told, at most 200
}

// Use tells items apart by whether a form has held them.
type Use string

// The uses.
const (
	AnyUse Use = ""
	Used   Use = "used"
	Unused Use = "unused"
)

// Sort is the order of a list.
type Sort string

// The orders.
const (
	ByCode    Sort = ""
	ByNewest  Sort = "newest" // changed last
	ByOldest  Sort = "oldest" // waiting longest
	ByExpires Sort = "expires"
)

// Sorts is every order.
var Sorts = [...]Sort{ByCode, ByNewest, ByOldest, ByExpires}

// order is the order in SQL; the id makes it one order.
func (o Sort) order() string {
	switch o {
	case ByNewest:
		return " ORDER BY i.updated_ms DESC, i.id DESC"
	case ByOldest:
		return " ORDER BY i.updated_ms, i.id"
	case ByExpires:
		return " ORDER BY CASE WHEN i.expires_on = '' THEN 1 ELSE 0 END, i.expires_on, i.id"
	default:
		return " ORDER BY i.code"
	}
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
	Lang       string         `db:"lang"`
	Expires    string         `db:"expires_on"`
	Cites      bool           `db:"cites"`
	Media      bool           `db:"has_media"`
	FlaggedMS  int64          `db:"flagged_ms"` // 0 for no note
	Author     int64          `db:"author_id"`
	CheckedMS  int64          `db:"checked_ms"`
	UpdatedMS  int64          `db:"updated_ms"`
}

// Updated is when anything about the item last changed.
func (r Row) Updated() time.Time { return time.UnixMilli(r.UpdatedMS) }

// Checked is when a person last wrote or approved the latest revision.
func (r Row) Checked() time.Time { return time.UnixMilli(r.CheckedMS) }

// Page is one page of the list with what the filter found in all.
type Page struct {
	Rows     []Row
	Total    int            // of the filter, its status included
	ByStatus map[Status]int // of the filter, its status left aside
	More     bool           // the words are so common that counting ended: Total and ByStatus are at least that
	Page     int
	Pages    int
}

const (
	pageSize    = 50
	maxPageSize = 200
)

// List is a page of items.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	size := pageSize
	if f.PageSize > 0 {
		size = min(f.PageSize, maxPageSize)
	}
	p := Page{Page: max(f.Page, 1), ByStatus: map[Status]int{}, Rows: []Row{}}
	st := store{s.DB}
	list := st.listAll
	if strings.TrimSpace(f.Text) != "" {
		list = st.listFound
	}
	if err := list(ctx, f, size, &p); err != nil {
		return Page{}, fmt.Errorf("list items: %w", err)
	}
	return p, nil
}

// turn sets the pages and brings the current one within them; it returns the
// place of its first row.
func (p *Page) turn(f Filter, size int) (offset int) {
	p.Total = 0
	for status, n := range p.ByStatus {
		if f.Status == "" || f.Status == status {
			p.Total += n
		}
	}
	p.Pages = max((p.Total+size-1)/size, 1)
	p.Page = min(p.Page, p.Pages)
	return (p.Page - 1) * size
}

// Export walks over the latest revision of every item the filter finds, in the
// order of the list, one at a time; Page and PageSize do not count.
func (s *Service) Export(ctx context.Context, f Filter, each func(Revision) error) error {
	ids, err := store{s.DB}.all(ctx, f)
	if err == nil {
		err = store{s.DB}.walk(ctx, ids, each)
	}
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
	// Most live revisions are the latest, and of those the items know all.
	if err := q.Select(ctx, &cells, `
		SELECT live.indicator, live.level, live.type, count(*) AS n FROM (
			SELECT i.indicator, i.level, i.type FROM item i WHERE i.live_rev = i.latest_rev AND i.status = 'approved'
			UNION ALL
			SELECT r.indicator, r.level, r.type FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.live_rev
			WHERE i.live_rev <> i.latest_rev AND r.status = 'approved'
		) AS live
		GROUP BY live.indicator, live.level, live.type ORDER BY live.indicator, live.level, live.type`); err != nil {
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
		SELECT count(*) FROM item_revision r JOIN item i ON r.item_id = i.id AND r.rev = i.live_rev
		WHERE r.status = 'approved' AND r.provenance = 'shipped' AND r.reviewer_id IS NULL`)
	if err != nil {
		return 0, fmt.Errorf("count shipped items without a review: %w", err)
	}
	return n, nil
}
