package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
)

// drawChunk is how many enrolments are drawn in one transaction: few enough
// that an answer of another event never waits long behind it.
const drawChunk = 500

// Prepared counts what a preparation did.
type Prepared struct {
	Forms int
	Items int // in the frozen pool
}

// Prepare freezes the pool and draws the form of every enrolment, in the order
// of enrolment, then moves the event from draft to prepared. It works in
// chunks; one that was interrupted goes on where it stopped, with the same
// forms.
func (s *Service) Prepare(ctx context.Context, actor Actor, event int64) (Prepared, error) {
	now := s.now()
	out, err := s.freeze(ctx, actor, event)
	if err != nil {
		return Prepared{}, err
	}
	var d *drawer
	for {
		var n int
		err := s.db.Tx(ctx, func(db storage.Querier) error {
			st := store{db}
			e, err := s.drawing(ctx, st, actor, event)
			if err != nil {
				return err
			}
			if d, err = s.continued(ctx, st, e, d); err != nil {
				return err
			}
			n, err = s.drawSome(ctx, st, d, e, now, drawChunk)
			return err
		})
		if err != nil {
			return Prepared{}, fmt.Errorf("prepare: %w", err)
		}
		out.Forms += n
		if n == 0 {
			break
		}
	}
	return out, s.finishPrepare(ctx, actor, event, out)
}

// drawing loads a draft event for drawing and keeps others from drawing.
func (s *Service) drawing(ctx context.Context, st store, actor Actor, event int64) (Event, error) {
	if err := st.lockEvent(ctx, event); err != nil {
		return Event{}, missing(err, "lock event", "assessment.no_event")
	}
	e, err := ownEvent(ctx, st, actor, event)
	if err == nil && e.State != EventDraft {
		return Event{}, fault.New(fault.Conflict, "assessment.event_state")
	}
	return e, err
}

// freeze keeps the revisions there are to draw from, once.
func (s *Service) freeze(ctx context.Context, actor Actor, event int64) (out Prepared, err error) {
	live, err := questionbank.LiveItems(ctx, s.db)
	if err != nil {
		return out, err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		e, err := s.drawing(ctx, st, actor, event)
		if err != nil {
			return err
		}
		n, err := st.counts(ctx, event)
		if err != nil {
			return err
		}
		if n.Enrolled == 0 {
			return fault.New(fault.Conflict, "assessment.nobody_enrolled")
		}
		frozen, err := st.pool(ctx, event)
		if err != nil || len(frozen) > 0 {
			out.Items = len(frozen)
			return err
		}
		pool := poolOf(usable(live, e))
		if short := Coverage(e.Spec, pool); len(short) > 0 {
			return fault.New(fault.Conflict, "assessment.bank_short", short[0].Cell.String(), short[0].Lacks())
		}
		if missing := lacking(e.Spec, pool); len(missing) > 0 {
			return fault.New(fault.Conflict, "assessment.extra_missing", missing[0])
		}
		out.Items = len(pool)
		return st.addPool(ctx, event, pool)
	})
	return out, err
}

// usable leaves out items that expire before the event ends, those too large
// for a phone where phones are allowed, and those of types that the event does
// not draw: essays unless its blueprint has them, and what is not scored unless
// the blueprint names it.
func usable(live []questionbank.LiveItem, e Event) []questionbank.LiveItem {
	last := e.ClosesAt.Format(time.DateOnly)
	var kept []questionbank.LiveItem
	for _, l := range live {
		wanted := e.Spec.draws(l.Type, l.Key.ByHand()) || !l.Type.Drawable() && slices.Contains(e.Spec.Extra, l.Code)
		if wanted && (l.Expires == "" || l.Expires >= last) && (l.PhoneOK || !e.Spec.Phones) {
			kept = append(kept, l)
		}
	}
	return kept
}

// lacking is the extras of spec that pool does not have.
func lacking(spec Spec, pool []PoolItem) []string {
	var missing []string
	for _, code := range spec.Extra {
		if !slices.ContainsFunc(pool, func(p PoolItem) bool { return p.Code == code && !p.Type.Drawable() }) {
			missing = append(missing, code)
		}
	}
	return missing
}

func (s *Service) finishPrepare(ctx context.Context, actor Actor, event int64, out Prepared) error {
	entry := access.Entry{Action: "event.prepare", ObjectKind: "event", ObjectID: event, Detail: map[string]any{"forms": out.Forms, "items": out.Items}}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := s.drawing(ctx, st, actor, event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		// Somebody may have been enrolled since the last chunk.
		if _, err := s.drawMissing(ctx, st, e, s.now(), drawChunk); err != nil {
			return err
		}
		_, err = st.moveEvent(ctx, event, EventDraft, EventPrepared)
		return err
	})
}

// Unprepare takes a prepared event back to draft: its forms are thrown away,
// to be drawn again from the bank as it is then. Nobody has seen them.
func (s *Service) Unprepare(ctx context.Context, actor Actor, event int64) error {
	entry := access.Entry{Action: "event.unprepare", ObjectKind: "event", ObjectID: event}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		if err := st.lockEvent(ctx, event); err != nil {
			return missing(err, "lock event", "assessment.no_event")
		}
		e, err := ownEvent(ctx, st, actor, event)
		if err != nil {
			return err
		}
		entry.AgencyID = e.Owner
		n, err := st.counts(ctx, event)
		if err != nil {
			return err
		}
		if e.State != EventPrepared && e.State != EventDraft || n.Attempts > 0 {
			return fault.New(fault.Conflict, "assessment.event_state")
		}
		if err := st.clearDraws(ctx, event); err != nil {
			return err
		}
		_, err = st.moveEvent(ctx, event, e.State, EventDraft)
		return err
	})
}

// continued returns the drawer of an event at the place the stored draws have
// reached; d is kept where nobody else has drawn meanwhile.
func (s *Service) continued(ctx context.Context, st store, e Event, d *drawer) (*drawer, error) {
	last, err := st.lastForm(ctx, e.ID)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("find the last draw: %w", err)
	}
	if d != nil && d.next == last.DrawNo+1 {
		return d, nil
	}
	pool, err := s.frozenPool(ctx, st, e.ID)
	if err != nil {
		return nil, err
	}
	d = newDrawer(e.Spec, e.Seed, pool, "", 1)
	if last.Hash != "" {
		d.chain = last.Exposure
		d.follow(last)
	}
	return d, nil
}

// frozenPool is the event's pool with what a draw needs to know of each item.
func (s *Service) frozenPool(ctx context.Context, st store, event int64) ([]PoolItem, error) {
	rows, err := st.pool(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("load pool: %w", err)
	}
	refs := make([]questionbank.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Ref
	}
	contents, err := questionbank.Revisions(ctx, st.db, refs)
	if err != nil {
		return nil, err
	}
	pool := make([]PoolItem, len(rows))
	for i, r := range rows {
		c := contents[r.Ref]
		pool[i] = PoolItem{
			Ref: r.Ref, Code: r.Code, Type: c.Type, Aspect: c.Aspect(), Indicator: c.Indicator, Level: c.Level,
			ByHand: c.ByHand(), Parts: c.DrawParts(), Exposed: r.Exposed,
		}
	}
	return pool, nil
}

// drawMissing draws for every enrolment that has no form yet.
func (s *Service) drawMissing(ctx context.Context, st store, e Event, now time.Time, chunk int) (int, error) {
	d, err := s.continued(ctx, st, e, nil)
	if err != nil {
		return 0, err
	}
	total := 0
	for {
		n, err := s.drawSome(ctx, st, d, e, now, max(chunk, 1))
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// drawSome draws all the forms of the next few enrolments and returns how many
// enrolments it served.
func (s *Service) drawSome(ctx context.Context, st store, d *drawer, e Event, now time.Time, most int) (int, error) {
	ids, err := st.undrawn(ctx, e.ID, most)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	before := make([]int, len(d.pool))
	for i, item := range d.pool {
		before[i] = item.Exposed
	}
	for _, id := range ids {
		var forms []Form
		for no := 1; no <= e.Spec.Attempts; no++ {
			f, err := d.draw(id, no, forms)
			if err != nil {
				return 0, err
			}
			f.DrawnAt = now
			if err := st.addForm(ctx, f); err != nil {
				return 0, fmt.Errorf("save form: %w", err)
			}
			forms = append(forms, f)
		}
	}
	return len(ids), saveExposure(ctx, st, d, e.ID, before)
}

func saveExposure(ctx context.Context, st store, d *drawer, event int64, before []int) error {
	for i, item := range d.pool {
		if item.Exposed != before[i] {
			if err := st.setExposed(ctx, event, item.Item, item.Exposed); err != nil {
				return fmt.Errorf("save exposure: %w", err)
			}
		}
	}
	return nil
}

// drawAnother draws one more form for an enrolment, behind those it has.
func (s *Service) drawAnother(ctx context.Context, st store, e Event, enrolment int64, now time.Time) error {
	if err := st.lockEvent(ctx, e.ID); err != nil {
		return err
	}
	d, err := s.continued(ctx, st, e, nil)
	if err != nil {
		return err
	}
	earlier, err := st.forms(ctx, enrolment)
	if err != nil {
		return err
	}
	before := make([]int, len(d.pool))
	for i, item := range d.pool {
		before[i] = item.Exposed
	}
	f, err := d.draw(enrolment, len(earlier)+1, earlier)
	if err != nil {
		return err
	}
	f.DrawnAt = now
	if err := st.addForm(ctx, f); err != nil {
		return fmt.Errorf("save form: %w", err)
	}
	return saveExposure(ctx, st, d, e.ID, before)
}
