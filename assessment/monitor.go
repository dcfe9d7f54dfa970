package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"cakap/internal/fault"
)

// Progress is where a person stands in an event, in the words of lists.
type Progress string

// The states of a person in an event.
const (
	NotStarted Progress = "not_started"
	Present    Progress = "present" // has seen the notice, has not begun
	Working    Progress = "working"
	Silent     Progress = "silent"  // working, nothing heard for a while
	TimeIsUp   Progress = "closing" // past the deadline, not submitted yet
	Done       Progress = "done"
	TimedOut   Progress = "timed_out" // submitted by the server
	Cancelled  Progress = "voided"
	Left       Progress = "withdrawn"
)

// silentAfter is how long a working person may say nothing before a proctor
// should look.
const silentAfter = time.Minute

// Participant is one line of an officer's list.
type Participant struct {
	Enrolment Enrolment
	Session   string
	Progress  Progress
	Attempt   Attempt // the newest; No is 0 where there is none
	SeenAt    time.Time
	Late      int // late answers nobody has decided about

	WaitingAt  time.Time // last seen in the waiting room
	AdmittedAt time.Time // when a proctor let them begin; zero until then
}

// ParticipantFilter narrows a list. Zero fields narrow nothing.
type ParticipantFilter struct {
	Text     string // part of the name, NIP or unit
	Agency   int64
	Session  int64
	Progress Progress
	Page     int // from 1
	PerPage  int // 0 is all
}

// ParticipantPage is a page of a list, sorted by name as Indonesians sort.
type ParticipantPage struct {
	Rows  []Participant
	Total int
}

type participantRow struct {
	enrolmentRow
	AttemptNo   *int    `db:"attempt_no"`
	State       *State  `db:"state"`
	StartedMS   *int64  `db:"started_ms"`
	DeadlineMS  *int64  `db:"deadline_ms"`
	SubmittedMS *int64  `db:"submitted_ms"`
	SeenMS      *int64  `db:"seen_ms"`
	EndedBy     *Ending `db:"ended_by"`
	VoidReason  *string `db:"void_reason"`
	PausedMS    *int64  `db:"paused_ms"`
	Items       *int    `db:"items"`
	CreditedMS  *int64  `db:"credited_ms"`
	Epoch       *int    `db:"device_epoch"`
	WaitingMS   *int64  `db:"waiting_ms"`
	AdmittedMS  *int64  `db:"admitted_ms"`
	Late        int     `db:"late"`
}

// participants is everybody of an event with the newest attempt, of one agency
// and session or of all (0).
func (s store) participants(ctx context.Context, event, agency, session int64) ([]participantRow, error) {
	var rows []participantRow
	err := s.db.Select(ctx, &rows, `
		SELECT e.id, e.event_id, e.session_id, e.person_id, e.agency_id, e.unit_id, e.unit_path, e.opd_name, e.nip, e.name, e.kind,
			e.sex, e.birth_date, e.grade, e.position, e.position_kind, e.time_factor_pct, e.start_code_hash, e.draw_order,
			e.notice_ms, e.withdrawn, a.attempt_no, a.state, a.started_ms, a.deadline_ms, a.submitted_ms, a.seen_ms, a.ended_by, a.void_reason,
			a.paused_ms, a.items, a.credited_ms, a.device_epoch, e.waiting_ms, e.admitted_ms,
			(SELECT count(*) FROM late_answer l WHERE l.enrolment_id = a.enrolment_id AND l.attempt_no = a.attempt_no
				AND l.accepted_ms IS NULL) AS late
		FROM enrolment e
		LEFT JOIN attempt a ON a.enrolment_id = e.id
			AND a.attempt_no = (SELECT max(b.attempt_no) FROM attempt b WHERE b.enrolment_id = e.id)
		WHERE e.event_id = ? AND (CAST(? AS BIGINT) = 0 OR e.agency_id = ?) AND (CAST(? AS BIGINT) = 0 OR e.session_id = ?)
		ORDER BY e.id`, event, agency, agency, session, session)
	return rows, err
}

func (r participantRow) participant(now time.Time) Participant {
	p := Participant{Enrolment: r.enrolment(), Late: r.Late, WaitingAt: instant(value(r.WaitingMS)), AdmittedAt: instant(value(r.AdmittedMS))}
	if r.AttemptNo != nil {
		p.Attempt = Attempt{
			AttemptID: AttemptID{r.ID, *r.AttemptNo}, Event: r.EventID, State: value(r.State), StartedAt: instant(value(r.StartedMS)),
			Deadline: instant(value(r.DeadlineMS)), SubmittedAt: instant(value(r.SubmittedMS)), EndedBy: value(r.EndedBy),
			VoidReason: value(r.VoidReason), PausedAt: instant(value(r.PausedMS)), Items: value(r.Items), DeviceEpoch: value(r.Epoch),
			Credited: time.Duration(value(r.CreditedMS)) * time.Millisecond,
		}
		p.SeenAt = instant(max(value(r.SeenMS), value(r.StartedMS)))
	}
	p.Progress = p.progress(now)
	return p
}

func (p Participant) progress(now time.Time) Progress {
	a := p.Attempt
	switch {
	case p.Enrolment.Withdrawn:
		return Left
	case a.No == 0 && !p.Enrolment.NoticeAt.IsZero():
		return Present
	case a.No == 0:
		return NotStarted
	case a.State == Voided:
		return Cancelled
	case a.State == Submitted && a.EndedBy == ByParticipant:
		return Done
	case a.State == Submitted:
		return TimedOut
	case a.Paused(): // nobody expects to hear of them
		return Working
	case now.After(a.LastCall()):
		return TimeIsUp
	case now.Sub(p.SeenAt) > silentAfter:
		return Silent
	}
	return Working
}

// roll loads everybody of the event whom the actor may see.
func (s *Service) roll(ctx context.Context, actor Actor, event, agency, session int64) (Event, []Participant, error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return Event{}, nil, err
	}
	agencies := []int64{agency}
	switch {
	case agency != 0 && !actor.Scope.Covers(agency):
		return Event{}, nil, fault.New(fault.NotFound, "assessment.no_agency")
	case agency == 0 && !actor.Scope.All:
		agencies = actor.reach(e)
	}
	names, err := s.read.sessions(ctx, event)
	if err != nil {
		return Event{}, nil, fmt.Errorf("list sessions: %w", err)
	}
	now := s.now()
	var all []Participant
	for _, id := range agencies {
		rows, err := s.read.participants(ctx, event, id, session)
		if err != nil {
			return Event{}, nil, fmt.Errorf("list participants: %w", err)
		}
		for _, r := range rows {
			p := r.participant(now)
			if i := slices.IndexFunc(names, func(n Session) bool { return n.ID == r.SessionID }); i >= 0 {
				p.Session = names[i].Name
			}
			all = append(all, p)
		}
	}
	return e, all, nil
}

// Participants is a page of the people of an event whom the actor may see.
func (s *Service) Participants(ctx context.Context, actor Actor, event int64, f ParticipantFilter) (ParticipantPage, error) {
	_, all, err := s.roll(ctx, actor, event, f.Agency, f.Session)
	if err != nil {
		return ParticipantPage{}, err
	}
	all = slices.DeleteFunc(all, func(p Participant) bool { return !f.matches(p) })
	sortByName(all)
	page := ParticipantPage{Rows: all, Total: len(all)}
	if f.PerPage > 0 {
		from := min(max(f.Page-1, 0)*f.PerPage, len(all))
		page.Rows = all[from:min(from+f.PerPage, len(all))]
	}
	return page, nil
}

func (f ParticipantFilter) matches(p Participant) bool {
	if f.Progress == "" && p.Progress == Left {
		return false
	}
	same := f.Progress == p.Progress || f.Progress == Working && p.Progress == Silent
	if f.Progress != "" && !same {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(f.Text))
	if text == "" {
		return true
	}
	en := p.Enrolment
	return strings.Contains(strings.ToLower(en.Name), text) || strings.Contains(strings.ToLower(en.UnitPath), text) ||
		strings.Contains(en.NIP, strings.ReplaceAll(text, " ", ""))
}

func sortByName(people []Participant) {
	c := collate.New(language.Indonesian, collate.IgnoreCase)
	var buf collate.Buffer
	keys := make(map[int64]string, len(people))
	for _, p := range people {
		keys[p.Enrolment.ID] = string(c.KeyFromString(&buf, p.Enrolment.Name))
		buf.Reset()
	}
	slices.SortFunc(people, func(a, b Participant) int {
		return cmp.Or(cmp.Compare(keys[a.Enrolment.ID], keys[b.Enrolment.ID]), cmp.Compare(a.Enrolment.ID, b.Enrolment.ID))
	})
}

// Absentees is everybody of an event who never began, sorted by name.
func (s *Service) Absentees(ctx context.Context, actor Actor, event, agency int64) ([]Participant, error) {
	_, all, err := s.roll(ctx, actor, event, agency, 0)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p Participant) bool { return p.Progress != NotStarted && p.Progress != Present })
	sortByName(all)
	return all, nil
}

// Counts are the numbers of a session, or of a whole event.
type Counts struct {
	Enrolled int
	Present  int // seen the notice, not begun
	Working  int // Silent among them
	Silent   int
	Closing  int
	Done     int // TimedOut among them
	TimedOut int
	Voided   int
	Late     int // people with late answers to decide about
}

func (c *Counts) add(p Participant) {
	if p.Progress == Left {
		return
	}
	c.Enrolled++
	if p.Late > 0 {
		c.Late++
	}
	switch p.Progress {
	case Present:
		c.Present++
	case Silent:
		c.Silent++
		c.Working++
	case Working:
		c.Working++
	case TimeIsUp:
		c.Closing++
	case TimedOut:
		c.TimedOut++
		c.Done++
	case Done:
		c.Done++
	case Cancelled:
		c.Voided++
	}
}

// NotStarted is who is still missing.
func (c Counts) NotStarted() int { return c.Enrolled - c.Working - c.Closing - c.Done - c.Voided }

// SessionCounts are the numbers of one session.
type SessionCounts struct {
	Session Session
	Counts
}

// Live is what a proctor watches. It reads; the writer never notices.
type Live struct {
	Event    Event
	Total    Counts
	Sessions []SessionCounts
	Silent   []Participant // whom to look after, longest silence first
	At       time.Time
}
