package access

import "slices"

// Scope is the set of agencies a principal may act on. The zero value covers
// nothing, so a forgotten scope shows nothing.
type Scope struct {
	All      bool
	Agencies []int64
}

// Covers reports whether the scope reaches an agency.
func (s Scope) Covers(agencyID int64) bool {
	return s.All || slices.Contains(s.Agencies, agencyID)
}

// Single is the one agency of the scope, where it has exactly one.
func (s Scope) Single() (int64, bool) {
	if s.All || len(s.Agencies) != 1 {
		return 0, false
	}
	return s.Agencies[0], true
}
