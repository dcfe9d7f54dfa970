// Package seed puts into a database what every installation has: the framework,
// the shipped bank, the shipped blueprints and the reference list of agencies.
package seed

import (
	"context"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/storage"
	"cakap/questionbank"
)

// All seeds whatever is not there yet; it may run at every start. The order is
// that of what stands on what.
func All(ctx context.Context, db *storage.DB, p *people.Service, now time.Time) error {
	if err := questionbank.Seed(ctx, db, now); err != nil {
		return err
	}
	if err := assessment.Seed(ctx, db, now); err != nil {
		return err
	}
	_, err := p.SeedAgencies(ctx, people.By{Scope: access.Scope{All: true}, Now: now})
	return err
}
