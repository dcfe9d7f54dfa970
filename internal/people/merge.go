package people

import (
	"context"
	"errors"
	"fmt"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Merge makes one of two records of one human. drop's numbers, account and
// enrolments become keep's; an enrolment keeps its agency, unit, answers and
// results as they were on the day. drop stays as a shell that no list shows.
// It is refused where both are in one event, since one of two results would
// have to go, and while drop is in the middle of an attempt.
func (s *Service) Merge(ctx context.Context, by By, keep, drop int64) error {
	if keep == drop {
		return fault.New(fault.Invalid, "people.merge_same").On("nip")
	}
	return s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		kept, err := st.covered(ctx, by, keep)
		if err != nil {
			return err
		}
		gone, err := st.covered(ctx, by, drop)
		if err != nil {
			return err
		}
		if err := st.mayMerge(ctx, keep, drop); err != nil {
			return err
		}
		if err := access.MergeAccounts(ctx, db, keep, drop, by.Now.UnixMilli()); err != nil {
			return err
		}
		if err := st.longerTime(ctx, kept, gone); err != nil {
			return fmt.Errorf("keep extra time: %w", err)
		}
		if err := st.merge(ctx, keep, drop, by.Now.UnixMilli()); err != nil {
			return fmt.Errorf("merge people: %w", err)
		}
		detail := map[string]int64{"merged": drop}
		if err := by.record(ctx, db, "person.merge", "person", keep, kept.AgencyID, detail); err != nil {
			return err
		}
		if gone.AgencyID == kept.AgencyID {
			return nil
		}
		return by.record(ctx, db, "person.merge", "person", drop, gone.AgencyID, map[string]int64{"into": keep})
	})
}

// longerTime leaves the larger of two accommodations, with its reason where it
// stays in its agency.
func (s store) longerTime(ctx context.Context, keep, drop Person) error {
	if drop.TimeFactor <= keep.TimeFactor {
		return nil
	}
	e, err := s.extraTime(ctx, drop.ID)
	if err != nil {
		return err
	}
	if keep.AgencyID != drop.AgencyID {
		e.Note = ""
	}
	if _, err := s.db.Exec(ctx, `UPDATE person SET time_factor_pct = ? WHERE id = ?`, e.Percent, keep.ID); err != nil {
		return err
	}
	return s.setExtraTimeReason(ctx, keep.ID, e)
}

// covered is a person of the scope's agencies.
func (s store) covered(ctx context.Context, by By, id int64) (Person, error) {
	p, err := s.person(ctx, id)
	switch {
	case errors.Is(err, storage.ErrNotFound), err == nil && !by.Scope.Covers(p.AgencyID):
		return Person{}, errPersonNotFound()
	case err != nil:
		return Person{}, fmt.Errorf("find person: %w", err)
	}
	return p, nil
}

func (s store) mayMerge(ctx context.Context, keep, drop int64) error {
	var both, under int
	err := s.db.Get(ctx, &both, `
		SELECT count(*) FROM enrolment a JOIN enrolment b ON b.event_id = a.event_id
		WHERE a.person_id = ? AND b.person_id = ?`, keep, drop)
	if err != nil {
		return fmt.Errorf("compare enrolments: %w", err)
	}
	if both > 0 {
		return fault.New(fault.Conflict, "people.merge_both").On("nip")
	}
	err = s.db.Get(ctx, &under, `
		SELECT count(*) FROM enrolment e JOIN attempt a ON a.enrolment_id = e.id
		WHERE e.person_id = ? AND a.state IN ('open', 'closing')`, drop)
	if err != nil {
		return fmt.Errorf("look for attempts: %w", err)
	}
	if under > 0 {
		return fault.New(fault.Conflict, "people.merge_running").On("nip")
	}
	return nil
}

func (s store) merge(ctx context.Context, keep, drop, nowMS int64) error {
	for _, query := range []string{
		`UPDATE enrolment SET person_id = ? WHERE person_id = ?`,
		`UPDATE person_nip SET person_id = ? WHERE person_id = ?`,
		`UPDATE person SET merged_into = ? WHERE merged_into = ?`, // those merged into drop before
	} {
		if _, err := s.db.Exec(ctx, query, keep, drop); err != nil {
			return err
		}
	}
	if _, err := s.db.Exec(ctx, `
		UPDATE person_transfer SET state = 'withdrawn', decided_ms = ? WHERE person_id = ? AND state = 'asked'`, nowMS, drop); err != nil {
		return err
	}
	// A shell keeps no number, so that keep may take any of them.
	_, err := s.db.Exec(ctx, `
		UPDATE person
		SET merged_into = ?, nip = NULL, participant_no = ?, active = FALSE, email = '', phone = '',
		    time_factor_pct = 100, extra_time_kind = '', extra_time_note = '', updated_ms = ?
		WHERE id = ?`, keep, fmt.Sprintf("gabung-%d", drop), nowMS, drop)
	return err
}
