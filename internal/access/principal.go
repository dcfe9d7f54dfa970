package access

// Role is what somebody is to an agency.
type Role string

// The roles. One account may hold several, each for its own agencies.
const (
	Participant Role = "participant"
	Trainer     Role = "trainer"
	Reviewer    Role = "reviewer"
	Officer     Role = "officer"
	Proctor     Role = "proctor"
	Admin       Role = "admin"
)

// Roles is every role, in the order pages list them.
var Roles = [...]Role{Participant, Trainer, Reviewer, Officer, Proctor, Admin}

// Grant is a role for one agency, or for every one where AgencyID is 0.
type Grant struct {
	Role     Role
	AgencyID int64
}

// Principal is who asks. A nil *Principal is nobody.
type Principal struct {
	AccountID   int64
	PersonID    int64 // 0 for staff who are no participants
	EnrolmentID int64 // where the way in was a start code: the one assessment it opens
	Name        string
	Roles       []Grant
}

// Has reports whether the principal holds a role for any agency.
func (p *Principal) Has(role Role) bool {
	if p == nil {
		return false
	}
	for _, g := range p.Roles {
		if g.Role == role {
			return true
		}
	}
	return false
}

// Scope is the agencies on which the principal may do an action: those of the
// grants whose role allows it, and no others.
func (p *Principal) Scope(a Action) Scope {
	var s Scope
	if p == nil {
		return s
	}
	for _, g := range p.Roles {
		switch {
		case !allows(g.Role, a):
		case g.AgencyID == 0:
			s.All = true
		default:
			s.Agencies = append(s.Agencies, g.AgencyID)
		}
	}
	return s
}
