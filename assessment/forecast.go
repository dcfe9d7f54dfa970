package assessment

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"cakap/assessment/load"
	"cakap/internal/access"
	"cakap/internal/fault"
)

// NodeCapacity is what one machine was measured to carry, per second.
type NodeCapacity struct {
	Node       string
	MeasuredAt time.Time
	Saves      int // durable answers
	Starts     int // attempts begun, with their pages
	Logins     int // by start code
}

// staleAfter is how long a measurement is believed: machines, disks and
// versions change.
const staleAfter = 180 * 24 * time.Hour

var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// SetCapacity keeps what a node was measured to carry, in place of an earlier
// measurement of it.
func (s *Service) SetCapacity(ctx context.Context, actor Actor, n NodeCapacity) error {
	if !nodeName.MatchString(n.Node) || n.Saves < 1 || n.Starts < 1 || n.Logins < 1 {
		return fault.New(fault.Invalid, "assessment.capacity")
	}
	n.MeasuredAt = s.now()
	detail := map[string]any{"node": n.Node, "saves": n.Saves, "starts": n.Starts, "logins": n.Logins}
	return s.audited(ctx, actor, access.Entry{Action: "capacity.measure", ObjectKind: "system", Detail: detail}, func(st store, _ *access.Entry) error {
		return st.setCapacity(ctx, n)
	})
}

// Capacities lists the measured nodes by name.
func (s *Service) Capacities(ctx context.Context) ([]NodeCapacity, error) {
	all, err := s.read.capacities(ctx)
	if err != nil {
		return nil, fmt.Errorf("list capacities: %w", err)
	}
	return all, nil
}

// capacityOf is what the nodes carry together, on the careful side. A SQLite
// database has one node, whatever machines it was measured on before: the
// newest counts. Nodes of a PostgreSQL share the database, and each was
// measured with the database to itself, so answers (all of them the database's
// work) count as the best single node and no more; starts and log-ins, half of
// whose work is the node's own, count as half of the sum.
func capacityOf(engine string, nodes []NodeCapacity) load.Capacity {
	if len(nodes) == 0 {
		return load.Capacity{}
	}
	if engine != "postgres" {
		newest := slices.MaxFunc(nodes, func(a, b NodeCapacity) int { return a.MeasuredAt.Compare(b.MeasuredAt) })
		nodes = []NodeCapacity{newest}
	}
	var c load.Capacity
	var starts, logins float64
	for _, n := range nodes {
		c.Saves, c.Starts, c.Logins = max(c.Saves, float64(n.Saves)), max(c.Starts, float64(n.Starts)), max(c.Logins, float64(n.Logins))
		starts, logins = starts+float64(n.Starts)/2, logins+float64(n.Logins)/2
	}
	c.Starts, c.Logins = max(c.Starts, starts), max(c.Logins, logins)
	return c
}

// LoadForecast is the expected load of an event against what was measured.
type LoadForecast struct {
	Event    Event
	Sessions []SessionLoad
	Others   int // people of other events in the same hours, who are in the forecast
	Nodes    []NodeCapacity
	Stale    bool // the newest measurement is old
	Capacity load.Capacity
	load.Forecast
	Advice load.Advice
	Zero   time.Time // the instant that Forecast's times count from
}

// SessionLoad is one session in the forecast.
type SessionLoad struct {
	Session  Session
	Enrolled int
}

// Forecast simulates an event for those who may change it: its numbers count
// people of every agency.
func (s *Service) Forecast(ctx context.Context, actor Actor, event int64) (LoadForecast, error) {
	e, err := ownEvent(ctx, s.read, actor, event)
	if err != nil {
		return LoadForecast{}, err
	}
	f, plan, err := s.forecast(ctx, s.read, e)
	if err == nil && (f.Verdict() == load.Tight || f.Verdict() == load.Over) {
		f.Advice = load.Advise(plan)
	}
	return f, err
}

func (s *Service) forecast(ctx context.Context, st store, e Event) (f LoadForecast, plan load.Plan, err error) {
	f = LoadForecast{Event: e, Zero: e.OpensAt}
	if f.Nodes, err = st.capacities(ctx); err != nil {
		return f, plan, fmt.Errorf("list capacities: %w", err)
	}
	f.Capacity = capacityOf(s.db.Engine(), f.Nodes)
	for _, n := range f.Nodes {
		f.Stale = s.now().Sub(n.MeasuredAt) > staleAfter
		if !f.Stale {
			break
		}
	}
	sessions, err := st.sessions(ctx, e.ID)
	if err != nil {
		return f, plan, fmt.Errorf("list sessions: %w", err)
	}
	counts, err := st.sessionLoad(ctx, e.ID)
	if err != nil {
		return f, plan, fmt.Errorf("count sessions: %w", err)
	}
	for _, n := range sessions {
		f.Sessions = append(f.Sessions, SessionLoad{n, counts[n.ID].Enrolled})
		plan.Sessions = append(plan.Sessions, inPlan(e, n, counts[n.ID].Enrolled))
	}
	others, err := s.neighbours(ctx, st, e)
	if err != nil {
		return f, plan, err
	}
	for _, o := range others {
		f.Others += o.People
	}
	plan.Sessions = append(plan.Sessions, others...)
	plan.Capacity, plan.Seed = f.Capacity, uint64(e.ID)
	f.Forecast = load.Simulate(plan)
	return f, plan, nil
}

// inPlan is a session as the forecast sees it, in e's time.
func inPlan(e Event, n Session, people int) load.Session {
	return load.Session{
		Opens: n.OpensAt.Sub(e.OpensAt), Closes: n.ClosesAt.Sub(e.OpensAt), People: people,
		Items: e.Spec.Items(), Working: e.Spec.Duration(), Jitter: n.Jitter,
	}
}

// neighbours is the sessions of other events that use the same hours.
func (s *Service) neighbours(ctx context.Context, st store, e Event) ([]load.Session, error) {
	rows, err := st.sessionsBeside(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("list sessions of other events: %w", err)
	}
	var all []load.Session
	for _, r := range rows {
		spec, err := parseSpec(r.Spec)
		if err != nil {
			return nil, err
		}
		n := inPlan(e, r.session(), r.Enrolled)
		n.Items, n.Working = spec.Items(), spec.Duration()
		all = append(all, n)
	}
	return all, nil
}

type capacityRow struct {
	Node       string `db:"node"`
	MeasuredMS int64  `db:"measured_ms"`
	Saves      int    `db:"saves"`
	Starts     int    `db:"starts"`
	Logins     int    `db:"logins"`
}

func (s store) capacities(ctx context.Context) ([]NodeCapacity, error) {
	var rows []capacityRow
	err := s.db.Select(ctx, &rows, `SELECT node, measured_ms, saves, starts, logins FROM capacity ORDER BY node`)
	var all []NodeCapacity
	for _, r := range rows {
		all = append(all, NodeCapacity{r.Node, instant(r.MeasuredMS), r.Saves, r.Starts, r.Logins})
	}
	return all, err
}

func (s store) setCapacity(ctx context.Context, n NodeCapacity) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO capacity (node, measured_ms, saves, starts, logins) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (node) DO UPDATE SET measured_ms = excluded.measured_ms, saves = excluded.saves,
			starts = excluded.starts, logins = excluded.logins`,
		n.Node, n.MeasuredAt.UnixMilli(), n.Saves, n.Starts, n.Logins)
	return err
}

type besideRow struct {
	sessionRow
	Spec     string `db:"spec"`
	Enrolled int    `db:"enrolled"`
}

// sessionsBeside is the sessions, with people in them, of events that are not
// over and meet the window of e, with the hour of its log-ins.
func (s store) sessionsBeside(ctx context.Context, e Event) ([]besideRow, error) {
	var rows []besideRow
	err := s.db.Select(ctx, &rows, `
		SELECT n.id, n.event_id, n.name, n.opens_ms, n.closes_ms, n.place, n.token, n.capacity, n.jitter_s, n.admit, n.closed_ms, v.spec,
			(SELECT count(*) FROM enrolment e WHERE e.session_id = n.id AND NOT e.withdrawn) AS enrolled
		FROM session n JOIN event v ON v.id = n.event_id
		WHERE v.id <> ? AND v.state IN ('prepared', 'open') AND n.closed_ms IS NULL AND n.opens_ms < ? AND n.closes_ms > ?
		ORDER BY n.id`, e.ID, e.ClosesAt.UnixMilli(), e.OpensAt.Add(-time.Hour).UnixMilli())
	return rows, err
}

// RunningNow counts the attempts that run at the moment, in every event: while
// there are any, a server must not be measured.
func (s *Service) RunningNow(ctx context.Context) (int, error) {
	var n int
	if err := s.read.db.Get(ctx, &n, `SELECT count(*) FROM attempt WHERE state = 'open'`); err != nil {
		return 0, fmt.Errorf("count attempts: %w", err)
	}
	return n, nil
}
