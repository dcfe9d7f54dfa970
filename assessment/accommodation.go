package assessment

import (
	"context"
	"errors"
	"fmt"

	"cakap/internal/access"
	"cakap/internal/storage"
)

// Accommodated counts what ApplyAccommodation did.
type Accommodated struct {
	Applied int // enrolments whose next attempt has the person's time
	Running int // under way: CreditOutage moves their deadline
}

// ApplyAccommodation brings the working time stored with a person to their
// enrolments in events that are not over, wherever no attempt is under way: the
// next attempt has it. One that runs keeps its deadline, which only an act with
// a reason moves. Enrolments made later copy the factor by themselves, so the
// call may come as often as one likes.
func (s *Service) ApplyAccommodation(ctx context.Context, actor Actor, person int64) (Accommodated, error) {
	var out Accommodated
	entry := access.Entry{Action: "enrolment.time_factor", ObjectKind: "person", ObjectID: person}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		agency, percent, err := st.personTime(ctx, person)
		if err == nil && !actor.Scope.Covers(agency) {
			err = storage.ErrNotFound
		}
		if err != nil {
			return missing(err, "load person", "assessment.no_person")
		}
		if out, err = st.accommodate(ctx, person, percent); err != nil {
			return fmt.Errorf("apply accommodation: %w", err)
		}
		if out.Applied == 0 {
			return errNothing
		}
		// How many, not how much: the factor is a hint at somebody's health.
		entry.AgencyID, entry.Detail = agency, map[string]any{"count": out.Applied}
		return nil
	})
	if errors.Is(err, errNothing) {
		return out, nil
	}
	return out, err
}

func (s store) personTime(ctx context.Context, person int64) (agency int64, percent int, err error) {
	var row struct {
		AgencyID int64 `db:"agency_id"`
		Percent  int   `db:"time_factor_pct"`
	}
	err = s.db.Get(ctx, &row, `SELECT agency_id, time_factor_pct FROM person WHERE id = ? AND merged_into IS NULL`, person)
	return row.AgencyID, row.Percent, err
}

func (s store) accommodate(ctx context.Context, person int64, percent int) (out Accommodated, err error) {
	n, err := s.db.Exec(ctx, `
		UPDATE enrolment SET time_factor_pct = ?
		WHERE person_id = ? AND NOT withdrawn AND time_factor_pct <> ?
			AND event_id IN (SELECT id FROM event WHERE state <> 'closed')
			AND NOT EXISTS (
				SELECT 1 FROM attempt AS a WHERE a.enrolment_id = enrolment.id AND a.state IN ('open', 'closing')
			)`, percent, person, percent)
	if err != nil {
		return out, err
	}
	out.Applied = int(n)
	err = s.db.Get(ctx, &out.Running, `
		SELECT count(*) FROM enrolment AS e JOIN attempt AS a ON a.enrolment_id = e.id
		WHERE e.person_id = ? AND a.state IN ('open', 'closing')`, person)
	return out, err
}
