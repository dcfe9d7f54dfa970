package reports

import (
	"context"
	"fmt"
	"slices"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Service reads what reports need. Its callers have decided which agencies the
// reader may see; what is not among an event's agencies does not exist here.
type Service struct{ read store }

// New makes a Service.
func New(db storage.Querier) *Service { return &Service{store{db}} }

// Agencies lists the agencies of an event, by code.
func (s *Service) Agencies(ctx context.Context, event int64) ([]Agency, error) {
	if _, _, err := s.read.event(ctx, event); err != nil {
		return nil, fmt.Errorf("agencies of event: %w", err)
	}
	all, err := s.read.agencies(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("agencies of event: %w", err)
	}
	return all, nil
}

// Load reads one agency's part of an event.
func (s *Service) Load(ctx context.Context, event, agency int64) (Data, error) {
	d, err := s.load(ctx, event, agency)
	if err != nil {
		return Data{}, fmt.Errorf("load report: %w", err)
	}
	return d, nil
}

func (s *Service) load(ctx context.Context, event, agency int64) (Data, error) {
	var d Data
	var err error
	if d.Event, d.Scheme, err = s.read.event(ctx, event); err != nil {
		return d, err
	}
	all, err := s.read.agencies(ctx, event)
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(all, func(a Agency) bool { return a.ID == agency })
	if i < 0 {
		return d, fault.New(fault.NotFound, "reports.agency_not_found")
	}
	d.Agency = all[i]
	if d.Rows, err = s.read.rows(ctx, d.Event, agency); err != nil {
		return d, err
	}
	d.Seal()
	return d, nil
}

// Dashboard reads the figures of the officer's first page.
func (s *Service) Dashboard(ctx context.Context, event, agency int64) (Dashboard, error) {
	d, err := s.Load(ctx, event, agency)
	if err != nil {
		return Dashboard{}, err
	}
	return DashboardOf(d), nil
}
