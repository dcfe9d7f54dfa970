package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// mostSilent is how many silent people a monitor names; it counts them all.
const mostSilent = 50

// Monitor counts where the people of an event stand, those of the actor's
// agencies; session narrows it (0: all). The database counts, so a page that
// asks every few seconds costs a few milliseconds whatever the event's size.
func (s *Service) Monitor(ctx context.Context, actor Actor, event, session int64) (Live, error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return Live{}, err
	}
	sessions, err := s.read.sessions(ctx, event)
	if err != nil {
		return Live{}, fmt.Errorf("list sessions: %w", err)
	}
	live := Live{Event: e, At: s.now()}
	rows, err := s.read.liveCounts(ctx, event, live.At)
	if err != nil {
		return Live{}, fmt.Errorf("count participants: %w", err)
	}
	for _, n := range sessions {
		if session != 0 && session != n.ID {
			continue
		}
		one := SessionCounts{Session: n}
		for _, r := range rows {
			if r.SessionID == n.ID && actor.Scope.Covers(r.AgencyID) {
				one.sum(r)
				live.Total.sum(r)
			}
		}
		live.Sessions = append(live.Sessions, one)
	}
	live.Silent, err = s.silent(ctx, actor, event, session, live.At)
	return live, err
}

// silent names the working people who have said nothing for longest.
func (s *Service) silent(ctx context.Context, actor Actor, event, session int64, now time.Time) ([]Participant, error) {
	rows, err := s.read.silentRows(ctx, event, now)
	if err != nil {
		return nil, fmt.Errorf("list silent participants: %w", err)
	}
	var people []Participant
	for _, r := range rows {
		if !actor.Scope.Covers(r.AgencyID) || session != 0 && r.SessionID != session {
			continue
		}
		people = append(people, Participant{
			Enrolment: Enrolment{ID: r.EnrolmentID, Event: event, Session: r.SessionID, Agency: r.AgencyID, Name: r.Name, UnitPath: r.UnitPath},
			Progress:  Silent, SeenAt: instant(r.SeenMS),
			Attempt: Attempt{AttemptID: AttemptID{r.EnrolmentID, r.AttemptNo}, Event: event, State: Open, StartedAt: instant(r.StartedMS), Deadline: instant(r.DeadlineMS)},
		})
	}
	slices.SortStableFunc(people, func(a, b Participant) int { return a.SeenAt.Compare(b.SeenAt) })
	return people[:min(len(people), mostSilent)], nil
}

type liveRow struct {
	SessionID int64 `db:"session_id"`
	AgencyID  int64 `db:"agency_id"`
	Enrolled  int   `db:"enrolled"`
	Present   int   `db:"present"`
	Working   int   `db:"working"`
	Silent    int   `db:"silent"`
	Closing   int   `db:"closing"`
	Done      int   `db:"done"`
	TimedOut  int   `db:"timed_out"`
	Voided    int   `db:"voided"`
	Late      int   `db:"late"`
}

func (c *Counts) sum(r liveRow) {
	c.Enrolled += r.Enrolled
	c.Present += r.Present
	c.Working += r.Working
	c.Silent += r.Silent
	c.Closing += r.Closing
	c.Done += r.Done
	c.TimedOut += r.TimedOut
	c.Voided += r.Voided
	c.Late += r.Late
}

// liveCounts counts by session and agency, by the same rules as
// Participant.progress; a test holds the two together.
func (s store) liveCounts(ctx context.Context, event int64, now time.Time) ([]liveRow, error) {
	call, quiet := now.Add(-NetworkAllowance).UnixMilli(), now.Add(-silentAfter).UnixMilli()
	var rows []liveRow
	err := s.db.Select(ctx, &rows, `
		SELECT e.session_id, e.agency_id, count(*) AS enrolled,
			COALESCE(sum(CASE WHEN a.state IS NULL AND e.notice_ms IS NOT NULL THEN 1 ELSE 0 END), 0) AS present,
			COALESCE(sum(CASE WHEN a.state IN ('open', 'closing') AND (a.deadline_ms >= ? OR a.paused_ms IS NOT NULL) THEN 1 ELSE 0 END), 0) AS working,
			COALESCE(sum(CASE WHEN a.state IN ('open', 'closing') AND a.deadline_ms >= ? AND a.seen_ms < ? AND a.started_ms < ?
				AND a.paused_ms IS NULL THEN 1 ELSE 0 END), 0) AS silent,
			COALESCE(sum(CASE WHEN a.state IN ('open', 'closing') AND a.deadline_ms < ? AND a.paused_ms IS NULL THEN 1 ELSE 0 END), 0) AS closing,
			COALESCE(sum(CASE WHEN a.state = 'submitted' THEN 1 ELSE 0 END), 0) AS done,
			COALESCE(sum(CASE WHEN a.state = 'submitted' AND a.ended_by <> 'participant' THEN 1 ELSE 0 END), 0) AS timed_out,
			COALESCE(sum(CASE WHEN a.state = 'voided' THEN 1 ELSE 0 END), 0) AS voided,
			COALESCE(sum(CASE WHEN EXISTS (SELECT 1 FROM late_answer l WHERE l.enrolment_id = a.enrolment_id
				AND l.attempt_no = a.attempt_no AND l.accepted_ms IS NULL) THEN 1 ELSE 0 END), 0) AS late
		FROM enrolment e
		LEFT JOIN attempt a ON a.enrolment_id = e.id
			AND a.attempt_no = (SELECT max(b.attempt_no) FROM attempt b WHERE b.enrolment_id = e.id)
		WHERE e.event_id = ? AND NOT e.withdrawn
		GROUP BY e.session_id, e.agency_id`, call, call, quiet, quiet, call, event)
	return rows, err
}

type silentRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	AttemptNo   int    `db:"attempt_no"`
	AgencyID    int64  `db:"agency_id"`
	SessionID   int64  `db:"session_id"`
	Name        string `db:"name"`
	UnitPath    string `db:"unit_path"`
	StartedMS   int64  `db:"started_ms"`
	DeadlineMS  int64  `db:"deadline_ms"`
	SeenMS      int64  `db:"seen_ms"`
}

func (s store) silentRows(ctx context.Context, event int64, now time.Time) ([]silentRow, error) {
	call, quiet := now.Add(-NetworkAllowance).UnixMilli(), now.Add(-silentAfter).UnixMilli()
	var rows []silentRow
	err := s.db.Select(ctx, &rows, `
		SELECT a.enrolment_id, a.attempt_no, e.agency_id, e.session_id, e.name, e.unit_path, a.started_ms, a.deadline_ms,
			CASE WHEN a.seen_ms > a.started_ms THEN a.seen_ms ELSE a.started_ms END AS seen_ms
		FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id
		WHERE a.event_id = ? AND a.state IN ('open', 'closing') AND a.deadline_ms >= ? AND a.seen_ms < ? AND a.started_ms < ?
			AND a.paused_ms IS NULL AND NOT e.withdrawn`, event, call, quiet, quiet)
	return rows, err
}
