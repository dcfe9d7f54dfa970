package assessment

import (
	"context"
	"fmt"
	"time"
)

// SessionCredit is a move of a deadline as the minutes of a session tell it.
type SessionCredit struct {
	Who    Enrolment // ID, agency, name and number alone
	Kind   CreditKind
	More   time.Duration
	Reason string
	At     time.Time
}

// SessionCredits lists the time that was given in a session, oldest first, to
// people of the actor's agencies.
func (s *Service) SessionCredits(ctx context.Context, actor Actor, event, session int64) ([]SessionCredit, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	rows, err := s.read.sessionCredits(ctx, event, session)
	if err != nil {
		return nil, fmt.Errorf("list credits of a session: %w", err)
	}
	var all []SessionCredit
	for _, r := range rows {
		if actor.Scope.Covers(r.AgencyID) {
			all = append(all, SessionCredit{
				Who: Enrolment{ID: r.EnrolmentID, Agency: r.AgencyID, Name: r.Name, NIP: r.NIP}, Kind: r.Kind,
				More: time.Duration(r.NewDeadlineMS-r.OldDeadlineMS) * time.Millisecond, Reason: r.Reason, At: instant(r.AtMS),
			})
		}
	}
	return all, nil
}

type sessionCreditRow struct {
	EnrolmentID   int64      `db:"enrolment_id"`
	AgencyID      int64      `db:"agency_id"`
	Name          string     `db:"name"`
	NIP           string     `db:"nip"`
	Kind          CreditKind `db:"kind"`
	OldDeadlineMS int64      `db:"old_deadline_ms"`
	NewDeadlineMS int64      `db:"new_deadline_ms"`
	Reason        string     `db:"reason"`
	AtMS          int64      `db:"at_ms"`
}

func (s store) sessionCredits(ctx context.Context, event, session int64) ([]sessionCreditRow, error) {
	var rows []sessionCreditRow
	err := s.db.Select(ctx, &rows, `
		SELECT c.enrolment_id, e.agency_id, e.name, e.nip, c.kind, c.old_deadline_ms, c.new_deadline_ms, c.reason, c.at_ms
		FROM enrolment e JOIN time_credit c ON c.enrolment_id = e.id
		WHERE e.event_id = ? AND e.session_id = ?
		ORDER BY c.at_ms, c.enrolment_id, c.id`, event, session)
	return rows, err
}
