package assessment

import "cakap/internal/fault"

// roomy refuses what would begin a new attempt while the disk is nearly full:
// what is left belongs to the answers of those who have begun.
func (s *Service) roomy() error {
	if s.low != nil && s.low() {
		return fault.New(fault.Unavailable, "assessment.no_room")
	}
	return nil
}
