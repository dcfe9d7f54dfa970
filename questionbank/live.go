package questionbank

import (
	"context"
	"fmt"
	"slices"

	"cakap/internal/storage"
	"cakap/scoring"
)

// LiveItems is every approved revision that new forms may use, in the order of
// the items' codes.
func LiveItems(ctx context.Context, q storage.Querier) ([]LiveItem, error) {
	var items []LiveItem
	err := q.Stream(ctx, `
		SELECT i.id AS item_id, r.rev, i.code, i.aspect, r.phone_ok, r.expires_on, r.provenance,
			r.reviewer_id IS NOT NULL AS reviewed, r.content
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.live_rev
		WHERE r.status = 'approved'
		ORDER BY i.code`, nil, func(scan func(any) error) error {
		var row liveRow
		if err := scan(&row); err != nil {
			return err
		}
		item, err := row.live()
		items = append(items, item)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list live items: %w", err)
	}
	return items, nil
}

type liveRow struct {
	Ref
	Code       string         `db:"code"`
	Aspect     scoring.Aspect `db:"aspect"`
	PhoneOK    bool           `db:"phone_ok"`
	Expires    string         `db:"expires_on"`
	Provenance Provenance     `db:"provenance"`
	Reviewed   bool           `db:"reviewed"`
	Content    string         `db:"content"`
}

func (r liveRow) live() (LiveItem, error) {
	c, err := ParseContent(r.Content)
	if err != nil {
		return LiveItem{}, err
	}
	return LiveItem{
		Ref: r.Ref, Code: r.Code, Aspect: r.Aspect, Indicator: c.Indicator, Level: c.Level, Type: c.Type,
		Options: len(c.Choice().Options), Shuffle: c.Choice().Shuffle, PhoneOK: r.PhoneOK, Expires: r.Expires,
		Provenance: r.Provenance, Reviewed: r.Reviewed, Key: c.Key(), Parts: c.DrawParts(),
	}, nil
}

// DrawPart is what a form must know of one interaction to put it in order.
type DrawPart struct {
	Kind     Kind
	Many     bool
	Options  int
	Targets  int
	Shuffle  bool  // the options may be ordered anew
	Mix      bool  // the targets too
	Fixed    []int // options that stay in their place
	Sequence []int // the right order of an order interaction, which no form may show
}

// DrawParts is that of each interaction. Entries to be put in order are always
// mixed, and so are the targets of a match: the author's order is the key's.
// The columns of a matrix are a scale and areas are numbered on their picture;
// both stay as they are.
func (c Content) DrawParts() []DrawPart {
	parts := make([]DrawPart, len(c.Interactions))
	for i, in := range c.Interactions {
		p := DrawPart{Kind: in.Kind, Many: in.Many, Options: len(in.Options), Targets: len(in.Targets), Shuffle: in.Shuffle}
		for n, o := range in.Options {
			if o.Fixed {
				p.Fixed = append(p.Fixed, n)
			}
		}
		switch in.Kind {
		case OrderKind:
			p.Shuffle, p.Sequence = true, in.Key().Correct
		case PairsKind:
			p.Mix = !in.Many && in.Image == "" && c.Type != Matrix
		}
		parts[i] = p
	}
	return parts
}

// Drawable reports whether a blueprint's cells may ask for items of the type:
// what is not scored stands in a form by name only.
func (t Type) Drawable() bool { return t != Survey && t != Info }

// refChunk is how many items one query of Revisions names.
const refChunk = 25

// Revisions loads the content of the revisions that forms name, whatever has
// become of the items since. A revision that is not there is an error: forms
// never outlive what they show.
func Revisions(ctx context.Context, q storage.Querier, refs []Ref) (map[Ref]Content, error) {
	wanted := map[Ref]bool{}
	var ids []int64
	for _, ref := range refs {
		wanted[ref] = true
		ids = append(ids, ref.Item)
	}
	slices.Sort(ids)
	found := make(map[Ref]Content, len(wanted))
	for chunk := range slices.Chunk(slices.Compact(ids), refChunk) {
		args := make([]any, refChunk)
		for i := range args {
			args[i] = chunk[min(i, len(chunk)-1)] // an id named twice is found once
		}
		var rows []struct {
			Ref
			Content string `db:"content"`
		}
		if err := q.Select(ctx, &rows, `
			SELECT item_id, rev, content FROM item_revision
			WHERE item_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...); err != nil {
			return nil, fmt.Errorf("load revisions: %w", err)
		}
		for _, row := range rows {
			if !wanted[row.Ref] {
				continue
			}
			content, err := ParseContent(row.Content)
			if err != nil {
				return nil, err
			}
			found[row.Ref] = content
		}
	}
	for ref := range wanted {
		if _, ok := found[ref]; !ok {
			return nil, fmt.Errorf("load revision %d of item %d: %w", ref.Rev, ref.Item, storage.ErrNotFound)
		}
	}
	return found, nil
}
