package assessment

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Obstacle is what keeps a person in the waiting room.
type Obstacle string

// The obstacles, in the order in which they are told: somebody waits for one
// thing at a time.
const (
	NoObstacle  Obstacle = ""
	SessionOver Obstacle = "over"  // the window is past, or a proctor closed the session
	NotOpened   Obstacle = "event" // the officer has not opened the event yet
	BeforeBell  Obstacle = "bell"
	NotAdmitted Obstacle = "leave" // a proctor lets each person begin
	NotYourTurn Obstacle = "turn"  // starts are spread over the first seconds
)

// Waiting is where a person stands before the start. All spans count from the
// server's now, so that no clock of a phone matters.
type Waiting struct {
	Obstacle Obstacle
	Bell     time.Duration // until the window opens, 0 once it has
	Turn     time.Duration // until this person may begin, the window's and their own share of the spread
	Closes   time.Duration // until nobody may begin any more
	Token    bool          // the session asks for one
	Admit    bool          // a proctor lets each person begin
	Admitted bool          // and has
	Spread   time.Duration // over how long starts are spread
	UnderWay bool          // an attempt runs already
}

// freshWaiting is how old the note of a waiting person may get before it is
// written again: a proctor's page calls somebody waiting for a minute after it,
// and a room that waits must not be a load.
const freshWaiting = 25 * time.Second

// Wait tells a person in the waiting room what is still missing, and notes that
// they are there. It reads one row, for a room asks all the time.
func (s *Service) Wait(ctx context.Context, taker Taker, enrolment int64) (Waiting, error) {
	now := s.now()
	row, err := s.read.waitingRoom(ctx, enrolment)
	if err != nil {
		return Waiting{}, missing(err, "load waiting room", "assessment.not_enrolled")
	}
	if !taker.owns(Enrolment{ID: enrolment, Person: row.PersonID, Withdrawn: row.Withdrawn}) {
		return Waiting{}, fault.New(fault.NotFound, "assessment.not_enrolled")
	}
	w := row.waiting(enrolment, now)
	if w.UnderWay || w.Obstacle == SessionOver || now.Sub(instant(value(row.WaitingMS))) < freshWaiting {
		return w, nil
	}
	err = s.follows(ctx, enrolment, func(ctx context.Context, db storage.Querier) error {
		return store{db}.setWaiting(ctx, enrolment, now)
	})
	if err != nil && fault.KindOf(err) != fault.Unavailable { // saves go first; the next look notes it
		return Waiting{}, fmt.Errorf("note waiting: %w", err)
	}
	return w, nil
}

type waitingRow struct {
	PersonID   int64      `db:"person_id"`
	Withdrawn  bool       `db:"withdrawn"`
	WaitingMS  *int64     `db:"waiting_ms"`
	AdmittedMS *int64     `db:"admitted_ms"`
	OpensMS    int64      `db:"opens_ms"`
	ClosesMS   int64      `db:"closes_ms"`
	ClosedMS   *int64     `db:"closed_ms"`
	JitterS    int        `db:"jitter_s"`
	Admit      bool       `db:"admit"`
	Token      string     `db:"token"`
	State      EventState `db:"state"`
	UnderWay   int        `db:"under_way"`
}

func (r waitingRow) waiting(enrolment int64, now time.Time) Waiting {
	opens, spread := instant(r.OpensMS), time.Duration(r.JitterS)*time.Second
	w := Waiting{
		Bell: max(opens.Sub(now), 0), Turn: max(opens.Add(turnOf(enrolment, spread)).Sub(now), 0), Closes: max(instant(r.ClosesMS).Sub(now), 0),
		Token: r.Token != "", Admit: r.Admit, Admitted: r.AdmittedMS != nil, Spread: spread, UnderWay: r.UnderWay > 0,
	}
	switch {
	case w.UnderWay:
	case w.Closes == 0 || r.ClosedMS != nil || r.State == EventClosed:
		w.Obstacle = SessionOver
	case w.Bell > 0:
		w.Obstacle = BeforeBell
	case r.State != EventOpen:
		w.Obstacle = NotOpened
	case w.Admit && !w.Admitted:
		w.Obstacle = NotAdmitted
	case w.Turn > 0:
		w.Obstacle = NotYourTurn
	}
	return w
}

// turnOf is a person's own part of the spread: the same at every look, even over
// the room, and nothing anybody can choose (splitmix64 of the enrolment).
func turnOf(enrolment int64, spread time.Duration) time.Duration {
	if spread <= 0 {
		return 0
	}
	z := uint64(enrolment) + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return time.Duration((z^z>>31)%uint64(spread.Milliseconds()+1)) * time.Millisecond
}

// mayEnter refuses a start in a session whose proctor lets each person begin
// and has not. The spread of starts refuses nobody: it is for the button.
func (s *Service) mayEnter(ctx context.Context, in starting) error {
	if !in.Session.Admit {
		return nil
	}
	row, err := s.read.waitingRoom(ctx, in.Enrolment.ID)
	if err != nil {
		return fmt.Errorf("load admission: %w", err)
	}
	if row.AdmittedMS == nil {
		return fault.New(fault.Conflict, "assessment.not_admitted")
	}
	return nil
}

func (s store) waitingRoom(ctx context.Context, enrolment int64) (waitingRow, error) {
	var row waitingRow
	err := s.db.Get(ctx, &row, `
		SELECT e.person_id, e.withdrawn, e.waiting_ms, e.admitted_ms, n.opens_ms, n.closes_ms, n.closed_ms, n.jitter_s, n.admit, n.token, v.state,
			(SELECT count(*) FROM attempt a WHERE a.enrolment_id = e.id AND a.state IN ('open', 'closing')) AS under_way
		FROM enrolment e JOIN session n ON n.id = e.session_id JOIN event v ON v.id = e.event_id
		WHERE e.id = ?`, enrolment)
	return row, err
}

func (s store) setWaiting(ctx context.Context, enrolment int64, at time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE enrolment SET waiting_ms = ? WHERE id = ?`, at.UnixMilli(), enrolment)
	return err
}
