package assessment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/scoring"
)

// FaultyState is how far it has come with an item that should leave the scores
// of an event.
type FaultyState string

// A faulty item is proposed by one person and decided about by another. A
// rejected one may be proposed again; an approved one stays out.
const (
	FaultyProposed FaultyState = "proposed"
	FaultyApproved FaultyState = "approved"
	FaultyRejected FaultyState = "rejected"
)

// FaultyItem is an item that somebody wants out of the scores of an event.
type FaultyItem struct {
	Item         int64
	Code         string
	Stem         string // plain text, nothing of the key
	State        FaultyState
	Reason       string
	ProposedBy   int64
	ProposedName string
	ProposedAt   time.Time
	DecidedBy    int64
	DecidedName  string
	DecidedAt    time.Time // zero until then
	Decision     string    // the reason of whoever decided
	Reports      int       // how often participants reported the item
}

// FaultyItems lists the items of an event that were proposed, those to decide
// about first.
func (s *Service) FaultyItems(ctx context.Context, actor Actor, event int64) ([]FaultyItem, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	rows, err := s.read.faultyItems(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("list faulty items: %w", err)
	}
	refs := make([]questionbank.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Ref
	}
	contents, err := questionbank.Revisions(ctx, s.db, refs)
	if err != nil {
		return nil, err
	}
	all := make([]FaultyItem, len(rows))
	for i, r := range rows {
		all[i] = FaultyItem{
			Item: r.Item, Code: r.Code, Stem: questionbank.Plain(contents[r.Ref].Delivery().Stem), State: r.State, Reason: r.Reason,
			ProposedBy: r.ProposedBy, ProposedName: r.ProposedName, ProposedAt: instant(r.ProposedMS),
			DecidedBy: r.DecidedBy, DecidedName: r.DecidedName, DecidedAt: instant(value(r.DecidedMS)), Decision: r.Decision, Reports: r.Reports,
		}
	}
	return all, nil
}

// ProposeFaulty proposes that an item leaves the scores of an event. Nothing
// changes until another person approves.
func (s *Service) ProposeFaulty(ctx context.Context, actor Actor, event, item int64, reason string) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	now := s.now()
	entry := access.Entry{Action: "faulty.propose", ObjectKind: "event", ObjectID: event, Detail: map[string]any{"item": item}}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := eventFor(ctx, st, actor, event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		f, err := st.faultyItem(ctx, event, item)
		if err == nil && f.State != FaultyRejected {
			return fault.New(fault.Conflict, "assessment.faulty_known")
		}
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		return st.proposeOnce(ctx, e, item, reason, actor.Account, now)
	})
}

// proposeOnce proposes an item of the event, unless it is proposed or out.
func (s store) proposeOnce(ctx context.Context, e Event, item int64, reason string, account int64, at time.Time) error {
	var n int
	if err := s.db.Get(ctx, &n, `SELECT count(*) FROM event_pool WHERE event_id = ? AND item_id = ?`, e.ID, item); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "assessment.no_pool_item")
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO faulty_item (event_id, item_id, state, reason, proposed_by, proposed_ms) VALUES (?, ?, 'proposed', ?, ?, ?)
		ON CONFLICT (event_id, item_id) DO UPDATE SET state = 'proposed', reason = excluded.reason, proposed_by = excluded.proposed_by,
			proposed_ms = excluded.proposed_ms, decided_by = 0, decided_ms = NULL, decision = ''
		WHERE faulty_item.state = 'rejected'`, e.ID, item, reason, account, at.UnixMilli())
	return err
}

// DecideFaulty approves or rejects a proposal. Who proposed does not decide;
// the table refuses it too. After an approval every new score of the event is
// computed without the item, and Rescore supersedes those that stand.
func (s *Service) DecideFaulty(ctx context.Context, actor Actor, event, item int64, approve bool, reason string) error {
	if err := reasoned(reason); err != nil {
		return err
	}
	state := FaultyRejected
	if approve {
		state = FaultyApproved
	}
	now := s.now()
	entry := access.Entry{Action: "faulty.decide", ObjectKind: "event", ObjectID: event, Detail: map[string]any{"item": item, "state": state}}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		f, err := st.faultyItem(ctx, event, item)
		switch {
		case err != nil:
			return missing(err, "load faulty item", "assessment.no_faulty")
		case f.State != FaultyProposed:
			return fault.New(fault.Conflict, "assessment.faulty_decided")
		case f.ProposedBy == actor.Account:
			return fault.New(fault.Conflict, "assessment.faulty_own")
		}
		done, err := st.decideFaulty(ctx, event, item, state, actor.Account, reason, now)
		if err == nil && !done {
			return fault.New(fault.Conflict, "assessment.faulty_decided")
		}
		return err
	})
}

type faultyRow struct {
	questionbank.Ref
	Code         string      `db:"code"`
	State        FaultyState `db:"state"`
	Reason       string      `db:"reason"`
	ProposedBy   int64       `db:"proposed_by"`
	ProposedName string      `db:"proposed_name"`
	ProposedMS   int64       `db:"proposed_ms"`
	DecidedBy    int64       `db:"decided_by"`
	DecidedName  string      `db:"decided_name"`
	DecidedMS    *int64      `db:"decided_ms"`
	Decision     string      `db:"decision"`
	Reports      int         `db:"reports"`
}

func (s store) faultyItems(ctx context.Context, event int64) ([]faultyRow, error) {
	var rows []faultyRow
	err := s.db.Select(ctx, &rows, `
		SELECT f.item_id, p.rev, i.code, f.state, f.reason, f.proposed_by, COALESCE(a.name, '') AS proposed_name, f.proposed_ms,
			f.decided_by, COALESCE(b.name, '') AS decided_name, f.decided_ms, f.decision,
			(SELECT count(*) FROM item_report r WHERE r.event_id = f.event_id AND r.item_id = f.item_id) AS reports
		FROM faulty_item f JOIN event_pool p ON p.event_id = f.event_id AND p.item_id = f.item_id JOIN item i ON i.id = f.item_id
		LEFT JOIN account a ON a.id = f.proposed_by LEFT JOIN account b ON b.id = f.decided_by
		WHERE f.event_id = ?
		ORDER BY CASE WHEN f.state = 'proposed' THEN 0 ELSE 1 END, f.proposed_ms DESC, f.item_id`, event)
	return rows, err
}

func (s store) faultyItem(ctx context.Context, event, item int64) (faultyRow, error) {
	var row faultyRow
	err := s.db.Get(ctx, &row, `
		SELECT item_id, state, reason, proposed_by, proposed_ms, decided_by, decided_ms, decision
		FROM faulty_item WHERE event_id = ? AND item_id = ?`, event, item)
	return row, err
}

func (s store) decideFaulty(ctx context.Context, event, item int64, state FaultyState, actor int64, reason string, at time.Time) (bool, error) {
	n, err := s.db.Exec(ctx, `
		UPDATE faulty_item SET state = ?, decided_by = ?, decided_ms = ?, decision = ?
		WHERE event_id = ? AND item_id = ? AND state = 'proposed'`, state, actor, at.UnixMilli(), reason, event, item)
	return n == 1, err
}

// excluded is the items that are out of the scores of an event, in the order
// in which they left.
func (s store) excluded(ctx context.Context, event int64) ([]int64, error) {
	var items []int64
	err := s.db.Select(ctx, &items, `
		SELECT item_id FROM faulty_item WHERE event_id = ? AND state = 'approved' ORDER BY decided_ms, item_id`, event)
	if err != nil {
		return nil, fmt.Errorf("list excluded items: %w", err)
	}
	return items, nil
}

// excluding is the marking without the items that are out of the event's
// scores. It is asked inside the transaction that scores.
func (s store) excluding(ctx context.Context, m marking, event int64) (marking, error) {
	items, err := s.excluded(ctx, event)
	if err != nil {
		return marking{}, err
	}
	return m.exclude(items)
}

// Moved is how many people an exclusion would move to another level.
type Moved struct {
	Levels  int // that change, to none as well
	Without int // of them, those whose level the rest does not support
}

// AgencyImpact is what an exclusion would change in one agency.
type AgencyImpact struct {
	Agency   int64 // 0: the agencies that the actor does not cover, together
	Attempts int   // submitted, with the item on the form
	Total    Moved
	Aspects  [4]Moved
}

// FaultyImpact says what leaving an item out would change, by agency: it
// computes every submitted attempt that holds it with the item and without.
func (s *Service) FaultyImpact(ctx context.Context, actor Actor, event, item int64) ([]AgencyImpact, error) {
	e, err := ownEvent(ctx, s.read, actor, event)
	if err != nil {
		return nil, err
	}
	out, err := s.read.excluded(ctx, event)
	if err != nil {
		return nil, err
	}
	before := slices.DeleteFunc(out, func(i int64) bool { return i == item })
	by := map[int64]*AgencyImpact{}
	err = s.eachHolder(ctx, e, item, func(h holder) error {
		if h.State != Submitted {
			return nil
		}
		rows, err := s.read.journal(ctx, h.id())
		if err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		old, err := s.compute(ctx, h, rows, before)
		if err != nil {
			return err
		}
		next, err := s.compute(ctx, h, rows, append(slices.Clone(before), item))
		if err != nil {
			return err
		}
		agency := h.AgencyID
		if !actor.Scope.Covers(agency) {
			agency = 0
		}
		if by[agency] == nil {
			by[agency] = &AgencyImpact{Agency: agency}
		}
		by[agency].add(old, next)
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]AgencyImpact, 0, len(by))
	for _, one := range by {
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b AgencyImpact) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), cmp.Compare(a.Agency, b.Agency))
	})
	return all, nil
}

func (i *AgencyImpact) add(old, next scoring.Result) {
	i.Attempts++
	i.Total.add(old.Total, next.Total)
	for n := range i.Aspects {
		i.Aspects[n].add(old.Aspects[n], next.Aspects[n])
	}
}

func (m *Moved) add(old, next scoring.AspectScore) {
	if old.Level == next.Level {
		return
	}
	m.Levels++
	if next.Level == 0 {
		m.Without++
	}
}
