package assessment

import (
	"context"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/questionbank"
)

// Extra is an item that may end the forms of an event and scores nothing.
type Extra struct {
	Code string            `db:"code"`
	Type questionbank.Type `db:"type"`
	Stem string            `db:"stem"` // plain text
}

// mostOffered is how many extras a page offers; a command may name any.
const mostOffered = 200

// Extras lists the approved survey and info items of the bank, by code.
func (s *Service) Extras(ctx context.Context) ([]Extra, error) {
	all, err := s.read.extras(ctx, mostOffered)
	if err != nil {
		return nil, fmt.Errorf("list extras: %w", err)
	}
	return all, nil
}

// takes refuses a spec that no event can have, and codes of extras that the
// bank does not know. What happens to them later is for the preflight to say.
func (s *Service) takes(ctx context.Context, spec Spec, codes []string) error {
	if err := spec.Validate(); err != nil || len(codes) == 0 {
		return err
	}
	known, err := s.read.extras(ctx, -1)
	if err != nil {
		return fmt.Errorf("list extras: %w", err)
	}
	var faults []*fault.Fault
	for _, code := range codes {
		if !slices.ContainsFunc(known, func(e Extra) bool { return e.Code == code }) {
			faults = append(faults, fault.New(fault.Invalid, "assessment.extra_unknown", code).On("extra"))
		}
	}
	return fault.Join(faults)
}

// extras reads the narrow table first: a bank may hold 100,000 items. A
// negative number is every one.
func (s store) extras(ctx context.Context, most int) ([]Extra, error) {
	if most < 0 {
		most = 1 << 30
	}
	var all []Extra
	err := s.db.Select(ctx, &all, `
		SELECT i.code, r.type, r.stem
		FROM item i JOIN item_revision r ON r.item_id = i.id AND r.rev = i.live_rev
		WHERE i.type IN ('survey', 'info') AND r.type IN ('survey', 'info') AND r.status = 'approved'
		ORDER BY i.code LIMIT ?`, most)
	return all, err
}

// warned counts the unmarked answers of an event, and refuses where there are
// some and the officer has not said that this is known.
func (s store) warned(ctx context.Context, event int64, known bool) (int, error) {
	by, err := s.unmarked(ctx, event)
	if err != nil {
		return 0, fmt.Errorf("count unmarked answers: %w", err)
	}
	n := 0
	for _, one := range by {
		n += one
	}
	if n > 0 && !known {
		return n, fault.New(fault.Conflict, "assessment.unmarked", n).On("unmarked")
	}
	return n, nil
}
