package admin

import (
	"context"
	"fmt"

	"cakap/internal/storage"
)

// figures are how much of everything there is.
type figures struct {
	Agencies int `db:"agencies"`
	Staff    int `db:"staff"` // active accounts of staff
	People   int `db:"people"`
	Items    int `db:"items"` // that new forms may use
	Events   int `db:"events"`
	Open     int `db:"open_events"`
	Attempts int `db:"attempts"`
	Running  int `db:"running"`
	Sessions int `db:"sessions"` // log-ins that have not ended
	Trail    int `db:"trail"`
}

func count(ctx context.Context, db storage.Querier, nowMS int64) (figures, error) {
	var f figures
	err := db.Get(ctx, &f, `
		SELECT (SELECT count(*) FROM agency WHERE active) AS agencies,
			(SELECT count(*) FROM account AS a WHERE a.active AND EXISTS (SELECT 1 FROM account_role AS r WHERE r.account_id = a.id AND r.role <> 'participant')) AS staff,
			(SELECT count(*) FROM person WHERE active) AS people,
			(SELECT count(*) FROM item WHERE live_rev IS NOT NULL) AS items,
			(SELECT count(*) FROM event) AS events,
			(SELECT count(*) FROM event WHERE state = 'open') AS open_events,
			(SELECT count(*) FROM attempt) AS attempts,
			(SELECT count(*) FROM attempt WHERE state = 'open') AS running,
			(SELECT count(*) FROM login_session WHERE expires_ms > ?) AS sessions,
			(SELECT seq FROM audit_head WHERE id = 1) AS trail`, nowMS)
	if err != nil {
		return figures{}, fmt.Errorf("count what there is: %w", err)
	}
	return f, nil
}

// size is how many units and people an agency has.
type size struct {
	AgencyID int64 `db:"agency_id"`
	Units    int   `db:"units"`
	People   int   `db:"people"`
	Staff    int   `db:"staff"`
}

func sizes(ctx context.Context, db storage.Querier) (map[int64]size, error) {
	var rows []size
	err := db.Select(ctx, &rows, `
		SELECT a.id AS agency_id, (SELECT count(*) FROM unit AS u WHERE u.agency_id = a.id) AS units,
			(SELECT count(*) FROM person AS p WHERE p.agency_id = a.id AND p.active) AS people,
			(SELECT count(DISTINCT r.account_id) FROM account_role AS r WHERE r.agency_id = a.id) AS staff
		FROM agency AS a`)
	if err != nil {
		return nil, fmt.Errorf("count units and people: %w", err)
	}
	all := make(map[int64]size, len(rows))
	for _, r := range rows {
		all[r.AgencyID] = r
	}
	return all, nil
}

// headcount is how many active people each unit of an agency has itself.
func headcount(ctx context.Context, db storage.Querier, agencyID int64) (map[int64]int, error) {
	var rows []struct {
		UnitID int64 `db:"unit_id"`
		N      int   `db:"n"`
	}
	err := db.Select(ctx, &rows, `
		SELECT unit_id, count(*) AS n FROM person WHERE agency_id = ? AND unit_id IS NOT NULL AND active GROUP BY unit_id`, agencyID)
	if err != nil {
		return nil, fmt.Errorf("count people by unit: %w", err)
	}
	all := make(map[int64]int, len(rows))
	for _, r := range rows {
		all[r.UnitID] = r.N
	}
	return all, nil
}
