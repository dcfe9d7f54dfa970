package assessment

import (
	"context"
	"fmt"
	"strings"

	"cakap/internal/access"
	"cakap/scoring"
)

// rescoreChunk is how many results one transaction supersedes: few, so that
// saves of other events hardly wait.
const rescoreChunk = 20

// holderPage is how many attempts are looked at in one read.
const holderPage = 500

// Rescored is how far the computing has come.
type Rescored struct {
	Done int // results superseded by this call
	Left int // results that still stand as they were before
}

// Rescore supersedes the results of an event that were computed before an item
// left its scores, most of them in one call. Each step is a transaction of its
// own that looks again before it writes, so it may be stopped anywhere, run
// twice, or run after a crash: what is done stays done, and Verify names what
// is not.
func (s *Service) Rescore(ctx context.Context, actor Actor, event int64, most int) (Rescored, error) {
	e, err := ownEvent(ctx, s.read, actor, event)
	if err != nil {
		return Rescored{}, err
	}
	stale, err := s.stale(ctx, e)
	if err != nil {
		return Rescored{}, err
	}
	out := Rescored{Left: len(stale)}
	for len(stale) > 0 && out.Done < most {
		part := stale[:min(rescoreChunk, len(stale), most-out.Done)]
		stale = stale[len(part):]
		done, err := s.rescore(ctx, actor, e, part)
		if err != nil {
			return out, err
		}
		out.Done, out.Left = out.Done+done, out.Left-len(part)
	}
	return out, nil
}

// Stale counts the results of an event that Rescore has yet to supersede.
func (s *Service) Stale(ctx context.Context, actor Actor, event int64) (int, error) {
	e, err := eventFor(ctx, s.read, actor, event)
	if err != nil {
		return 0, err
	}
	ids, err := s.stale(ctx, e)
	return len(ids), err
}

// stale is the attempts whose result still counts an item that is out. The
// hash of the keys in the result says so.
func (s *Service) stale(ctx context.Context, e Event) ([]AttemptID, error) {
	items, err := s.read.excluded(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	var ids []AttemptID
	seen := map[AttemptID]bool{}
	for _, item := range items {
		err := s.eachHolder(ctx, e, item, func(h holder) error {
			if seen[h.id()] {
				return nil
			}
			seen[h.id()] = true
			m, err := h.marking.exclude(items)
			if err == nil && m.hash != h.KeyHash {
				ids = append(ids, h.id())
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// rescore supersedes the results of a few attempts and says of how many: one
// that another call has superseded meanwhile is left alone.
func (s *Service) rescore(ctx context.Context, actor Actor, e Event, ids []AttemptID) (int, error) {
	done, now := 0, s.now()
	entry := access.Entry{Action: "faulty.rescore", ObjectKind: "event", ObjectID: e.ID, AgencyID: e.Owner}
	err := s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		done = 0
		if err := st.lockEvent(ctx, e.ID); err != nil {
			return err
		}
		reason, err := st.exclusionReason(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, m, err := s.scorable(ctx, id)
			if err != nil {
				return err
			}
			again, err := st.excluding(ctx, m, e.ID)
			if err != nil {
				return err
			}
			row, err := st.result(ctx, id)
			if err != nil {
				return err
			}
			if row.KeyHash == again.hash {
				continue
			}
			if err := st.score(ctx, m, a, a.EndedBy, reason, now); err != nil {
				return err
			}
			done++
		}
		entry.Detail = map[string]any{"count": done}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("compute again: %w", err)
	}
	return done, nil
}

// exclusionReason is why results are superseded, by the codes of the items.
func (s store) exclusionReason(ctx context.Context, event int64) (string, error) {
	var codes []string
	err := s.db.Select(ctx, &codes, `
		SELECT i.code FROM faulty_item f JOIN item i ON i.id = f.item_id
		WHERE f.event_id = ? AND f.state = 'approved' ORDER BY f.decided_ms, f.item_id`, event)
	return "butir " + strings.Join(codes, ", ") + " dikeluarkan", err
}

// holder is an attempt with a result, whose form holds an item.
type holder struct {
	resultRow
	State    State  `db:"state"`
	EndedBy  Ending `db:"ended_by"`
	FormNo   int    `db:"form_no"`
	Content  string `db:"content"`
	AgencyID int64  `db:"agency_id"`

	marking marking
}

func (h holder) id() AttemptID { return AttemptID{h.EnrolmentID, h.AttemptNo} }

// eachHolder calls visit with every attempt of the event that has a result and
// the item on its form.
func (s *Service) eachHolder(ctx context.Context, e Event, item int64, visit func(holder) error) error {
	for after := (AttemptID{}); ; {
		rows, err := s.read.holders(ctx, e.ID, item, after, holderPage)
		if err != nil {
			return fmt.Errorf("list attempts with an item: %w", err)
		}
		for _, h := range rows {
			after = h.id()
			f := Form{Enrolment: h.EnrolmentID, No: h.FormNo, Hash: h.FormHash}
			if f.Items, err = parseContent(h.Content); err != nil {
				return err
			}
			if h.marking, err = s.bank.marking(ctx, f, e); err != nil {
				return err
			}
			if err := visit(h); err != nil {
				return err
			}
		}
		if len(rows) < holderPage {
			return nil
		}
	}
}

// compute scores a holder without some items, and keeps nothing.
func (s *Service) compute(ctx context.Context, h holder, rows []Row, items []int64) (scoring.Result, error) {
	m, err := h.marking.exclude(items)
	if err != nil {
		return scoring.Result{}, err
	}
	marks, err := s.read.marked(ctx, m, h.id(), rows)
	if err != nil {
		return scoring.Result{}, err
	}
	return scoring.Compute(responses(m.form, m.keys, rows, h.EndedBy, marks), m.scheme, m.need), nil
}

// holders finds them by the text of the form: the item's number stands in it
// as form.go writes it.
func (s store) holders(ctx context.Context, event, item int64, after AttemptID, most int) ([]holder, error) {
	var rows []holder
	err := s.db.Select(ctx, &rows, `
		SELECT r.enrolment_id, r.attempt_no, r.version, r.event_id, r.form_hash, r.journal_hash, r.key_hash, r.rules_version, r.scheme_code,
			r.scheme_version, r.payload, r.reason, r.computed_ms, a.state, a.ended_by, a.form_no, f.content, e.agency_id
		FROM result r
		JOIN attempt a ON a.enrolment_id = r.enrolment_id AND a.attempt_no = r.attempt_no
		JOIN form f ON f.enrolment_id = a.enrolment_id AND f.form_no = a.form_no
		JOIN enrolment e ON e.id = r.enrolment_id
		WHERE r.event_id = ? AND r.current AND f.content LIKE ? AND (r.enrolment_id > ? OR r.enrolment_id = ? AND r.attempt_no > ?)
		ORDER BY r.enrolment_id, r.attempt_no LIMIT ?`,
		event, fmt.Sprintf(`%%{"item":%d,%%`, item), after.Enrolment, after.Enrolment, after.No, most)
	return rows, err
}
