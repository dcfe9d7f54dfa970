package questionbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/internal/storage"
)

// Seed brings the framework, the level schemes and the shipped items of this
// release into the database. It changes nothing that is there already: running
// it twice is running it once, and an item that an agency has revised or
// retired stays as the agency left it. Then it makes the search whole (Reindex).
func Seed(ctx context.Context, db *storage.DB, now time.Time) error {
	schemes, err := PresetSchemes()
	if err != nil {
		return err
	}
	items, err := ShippedBank()
	if err != nil {
		return err
	}
	err = db.Tx(ctx, func(db storage.Querier) error {
		if err := seedIndicators(ctx, db, StandardFramework()); err != nil {
			return err
		}
		if err := seedSchemes(ctx, db, schemes, now); err != nil {
			return err
		}
		added, revised, err := seedItems(ctx, db, items, now)
		if err != nil || added+revised == 0 {
			return err
		}
		return record(ctx, db, now, 0, "bank.seed", 0, detail{"added": added, "revised": revised})
	})
	if err != nil {
		return fmt.Errorf("seed the question bank: %w", err)
	}
	_, err = Reindex(ctx, db, now)
	return err
}

func seedIndicators(ctx context.Context, db storage.Querier, f Framework) error {
	for i, ind := range f.Indicators {
		if _, err := db.Exec(ctx, `
			INSERT INTO indicator (code, aspect, name, uri, digcomp, framework, position) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (code) DO NOTHING`,
			ind.Code, ind.Aspect(), ind.Name, ind.URI, strings.Join(ind.DigComp, " "), f.Version, i+1); err != nil {
			return err
		}
	}
	return nil
}

func seedSchemes(ctx context.Context, db storage.Querier, schemes []PresetScheme, now time.Time) error {
	for _, s := range schemes {
		bands, err := json.Marshal(s.Bands)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, `
			INSERT INTO level_scheme (code, version, name, bands, is_default, created_ms) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (code, version) DO NOTHING`,
			s.Code, s.Version, s.Name, string(bands), s.Default, now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

func seedItems(ctx context.Context, db storage.Querier, items []ShippedItem, now time.Time) (added, revised int, err error) {
	st := store{db}
	var words indexing
	for _, shipped := range items {
		row, err := st.itemByCode(ctx, shipped.Code)
		d := newDraft(Revision{Code: shipped.Code, Content: shipped.Content, Status: Approved, Provenance: Shipped, Created: now})
		switch {
		case errors.Is(err, storage.ErrNotFound):
			if _, err := create(ctx, st, d, &words); err != nil {
				return 0, 0, err
			}
			added++
			continue
		case err != nil:
			return 0, 0, err
		}
		all, err := st.revisions(ctx, row.ID)
		if err != nil {
			return 0, 0, err
		}
		if !stillOurs(all, d.Hash) {
			continue
		}
		ref, err := revise(ctx, st, all[0], d, &words)
		if err != nil {
			return 0, 0, err
		}
		if err := st.setLive(ctx, row.ID, &ref.Rev, now.UnixMilli()); err != nil {
			return 0, 0, err
		}
		revised++
	}
	return added, revised, words.write(ctx, st, now)
}

// stillOurs reports whether a release may add its own newer revision: nobody
// has touched the item, and it does not have that content yet.
func stillOurs(revisions []Revision, hash string) bool {
	return !slices.ContainsFunc(revisions, func(r Revision) bool {
		return r.Provenance != Shipped || r.Status == Retired || r.Hash == hash
	})
}
