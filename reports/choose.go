package reports

import (
	"encoding/json"
	"fmt"
	"time"

	"cakap/scoring"
)

// rowOf makes a person's row: of all attempts, in order, the one that counts
// by the event's rule.
func rowOf(p personRow, attempts []attemptRow, rule string) (*Row, error) {
	r := &Row{
		Enrolment: p.Enrolment, NIP: p.NIP, Name: p.Name, Kind: p.Kind, Sex: p.Sex, BirthDate: p.BirthDate,
		Grade: p.Grade, Position: p.Position, PositionKind: p.PositionKind, OPD: p.OPD, UnitPath: p.UnitPath,
		Session: p.Session, SessionAt: time.UnixMilli(p.SessionMS), Place: p.Place, Taken: len(attempts),
	}
	changed := p.CreatedMS
	for _, a := range attempts {
		changed = max(changed, a.StartedMS, a.SubmittedMS, a.ComputedMS)
		if err := r.consider(a, rule); err != nil {
			return r, fmt.Errorf("result of enrolment %d, attempt %d: %w", p.Enrolment, a.No, err)
		}
	}
	r.ChangedAt = time.UnixMilli(changed)
	return r, nil
}

// consider weighs the next attempt against what the row holds. A scored one
// goes before one under way, that before one not scored, that before a voided one.
func (r *Row) consider(a attemptRow, rule string) error {
	switch {
	case a.State == "open" || a.State == "closing":
		r.Retaking = r.Status == Done
		if r.Status != Done {
			r.Status, r.StartedAt = Working, time.UnixMilli(a.StartedMS)
		}
	case a.State == "submitted" && a.Payload != "":
		next := *r
		if err := json.Unmarshal([]byte(a.Payload), &next.Result); err != nil {
			return err
		}
		if r.Status == Done && !replaces(better(next.Result.Total, r.Result.Total), rule) {
			return nil
		}
		next.Status, next.Attempt, next.StartedAt = Done, a.No, time.UnixMilli(a.StartedMS)
		next.EndedBy, next.Version, next.Reason, next.VoidReason = a.EndedBy, a.Version, a.Reason, ""
		*r = next
	case a.State == "submitted":
		if r.Status == NotStarted || r.Status == Voided {
			r.Status, r.StartedAt = Unscored, time.UnixMilli(a.StartedMS)
		}
	default:
		if r.Status == NotStarted || r.Status == Voided {
			r.Status, r.StartedAt, r.VoidReason = Voided, time.UnixMilli(a.StartedMS), a.VoidReason
		}
	}
	return nil
}

// better reports whether a score is better than an earlier one. Nobody knows how
// good an unmarked one is: it counts until it is marked, so that no better score
// is printed before it is certain.
func better(s, than scoring.AspectScore) bool {
	if than.Verdict == scoring.Unmarked {
		return false
	}
	return s.Verdict == scoring.Unmarked || s.Score > than.Score
}

// replaces reports whether a later scored attempt counts instead of an earlier one.
func replaces(better bool, rule string) bool {
	switch rule {
	case "best":
		return better
	case "first":
		return false
	default:
		return true
	}
}
