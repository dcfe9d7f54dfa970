package assessment

import (
	"context"
	"fmt"
)

// OpenEvents is the codes of the events that are open now, whose participants
// may be sitting before items of the bank.
func (s *Service) OpenEvents(ctx context.Context) ([]string, error) {
	var codes []string
	if err := s.read.db.Select(ctx, &codes, `SELECT code FROM event WHERE state = 'open' ORDER BY code`); err != nil {
		return nil, fmt.Errorf("list open events: %w", err)
	}
	return codes, nil
}
