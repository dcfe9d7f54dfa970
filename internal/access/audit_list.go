package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cakap/internal/storage"
)

// Recorded is an entry of the audit trail as a page shows it.
type Recorded struct {
	Seq        int64  `db:"seq"`
	AtMS       int64  `db:"at_ms"`
	ActorID    int64  `db:"actor_id"`
	ActorName  string `db:"actor_name"` // "" is the system itself
	Action     string `db:"action"`
	ObjectKind string `db:"object_kind"`
	ObjectID   int64  `db:"object_id"`
	AgencyID   int64  `db:"agency_id"`
	Detail     string `db:"detail"` // JSON
}

// At is when it happened.
func (r Recorded) At() time.Time { return time.UnixMilli(r.AtMS).UTC() }

// EntryFilter narrows the audit trail. The zero value of a field asks for
// nothing, save Scope: without one the list is empty, and a scope of some
// agencies shows what concerns one of them and nothing else.
type EntryFilter struct {
	Scope      Scope
	AgencyID   int64
	Actor      int64
	Action     string
	ObjectKind string
	ObjectID   int64
	From, To   time.Time // from, and before
	Before     int64     // entries older than this one: the next page
	Limit      int       // 0: fifty
}

const (
	entriesPage = 50
	mostEntries = 500
)

// Entries lists the audit trail, newest first. Page on with Before set to the
// last Seq: a trail that grows meanwhile shifts nothing.
func Entries(ctx context.Context, db storage.Querier, f EntryFilter) ([]Recorded, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = entriesPage
	}
	limit = min(limit, mostEntries)
	var found []Recorded
	for _, agency := range f.agencies() {
		part, err := store{db}.entries(ctx, f, agency, limit)
		if err != nil {
			return nil, fmt.Errorf("list audit entries: %w", err)
		}
		found = append(found, part...)
	}
	slices.SortFunc(found, func(a, b Recorded) int { return cmp.Compare(b.Seq, a.Seq) })
	return found[:min(limit, len(found))], nil
}

// Entries lists the audit trail as the function of this name does.
func (s *Service) Entries(ctx context.Context, f EntryFilter) ([]Recorded, error) {
	return Entries(ctx, s.db, f)
}

// everyAgency stands for no condition on the agency.
const everyAgency = -1

// agencies are those to ask for, one by one: each is a walk along an index,
// and together they are never more than an administrator's few agencies.
func (f EntryFilter) agencies() []int64 {
	switch {
	case f.AgencyID != 0 && f.Scope.Covers(f.AgencyID):
		return []int64{f.AgencyID}
	case f.AgencyID != 0:
		return nil
	case f.Scope.All:
		return []int64{everyAgency}
	}
	own := slices.Clone(f.Scope.Agencies)
	slices.Sort(own)
	return slices.Compact(own)
}

func (s store) entries(ctx context.Context, f EntryFilter, agency int64, limit int) (rows []Recorded, err error) {
	before, from, to := f.Before, int64(0), int64(1<<62)
	if before <= 0 {
		before = 1 << 62
	}
	if !f.From.IsZero() {
		from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMilli()
	}
	if agency == everyAgency {
		err = s.db.Select(ctx, &rows, `
			SELECT e.seq, e.at_ms, e.actor_id, COALESCE(a.name, '') AS actor_name, e.action, e.object_kind, e.object_id, e.agency_id, e.detail
			FROM audit AS e LEFT JOIN account AS a ON a.id = e.actor_id
			WHERE e.seq < ? AND e.at_ms >= ? AND e.at_ms < ?
				AND (CAST(? AS BIGINT) = 0 OR e.actor_id = ?) AND (CAST(? AS TEXT) = '' OR e.action = ?)
				AND (CAST(? AS TEXT) = '' OR e.object_kind = ?) AND (CAST(? AS BIGINT) = 0 OR e.object_id = ?)
			ORDER BY e.seq DESC LIMIT ?`,
			before, from, to, f.Actor, f.Actor, f.Action, f.Action, f.ObjectKind, f.ObjectKind, f.ObjectID, f.ObjectID, limit)
		return rows, err
	}
	err = s.db.Select(ctx, &rows, `
		SELECT e.seq, e.at_ms, e.actor_id, COALESCE(a.name, '') AS actor_name, e.action, e.object_kind, e.object_id, e.agency_id, e.detail
		FROM audit AS e LEFT JOIN account AS a ON a.id = e.actor_id
		WHERE e.agency_id = ? AND e.seq < ? AND e.at_ms >= ? AND e.at_ms < ?
			AND (CAST(? AS BIGINT) = 0 OR e.actor_id = ?) AND (CAST(? AS TEXT) = '' OR e.action = ?)
			AND (CAST(? AS TEXT) = '' OR e.object_kind = ?) AND (CAST(? AS BIGINT) = 0 OR e.object_id = ?)
		ORDER BY e.seq DESC LIMIT ?`,
		agency, before, from, to, f.Actor, f.Actor, f.Action, f.Action, f.ObjectKind, f.ObjectKind, f.ObjectID, f.ObjectID, limit)
	return rows, err
}
