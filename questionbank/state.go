package questionbank

import "cakap/internal/fault"

// stateFault says why a revision in state s cannot take the step that was asked.
func stateFault(s Status) error {
	switch s {
	case Draft:
		return fault.New(fault.Conflict, "questionbank.state_draft")
	case InReview:
		return fault.New(fault.Conflict, "questionbank.state_in_review")
	case ChangesWanted:
		return fault.New(fault.Conflict, "questionbank.state_changes_wanted")
	case Approved:
		return fault.New(fault.Conflict, "questionbank.state_approved")
	default:
		return fault.New(fault.Conflict, "questionbank.state_retired")
	}
}
