package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
)

// MarkingGroup is the answers to one essay in one event.
type MarkingGroup struct {
	Event Event
	questionbank.Ref
	Stem  string // plain text
	Total int
	Done  int
	Mine  int // those the marker who asks can mark now
	Third int // of Mine, those on which two markers differ
}

// MarkingQueue lists what there is to mark in the events of the actor's
// agencies, what waits first.
func (s *Service) MarkingQueue(ctx context.Context, actor Actor) ([]MarkingGroup, error) {
	rows, err := s.read.queue(ctx, actor.Account)
	if err != nil {
		return nil, fmt.Errorf("list scripts: %w", err)
	}
	var groups []MarkingGroup
	for _, r := range rows {
		if !actor.Scope.Covers(r.AgencyID) {
			continue
		}
		i := slices.IndexFunc(groups, func(g MarkingGroup) bool { return g.Event.ID == r.EventID && g.Ref == r.Ref })
		if i < 0 {
			e, err := s.read.event(ctx, r.EventID)
			if err != nil {
				return nil, fmt.Errorf("load event: %w", err)
			}
			i, groups = len(groups), append(groups, MarkingGroup{Event: e, Ref: r.Ref})
		}
		g := &groups[i]
		g.Total, g.Done, g.Mine, g.Third = g.Total+r.Total, g.Done+r.Done, g.Mine+r.Mine, g.Third+r.Third
	}
	refs := make([]questionbank.Ref, len(groups))
	for i, g := range groups {
		refs[i] = g.Ref
	}
	contents, err := questionbank.Revisions(ctx, s.db, refs)
	if err != nil {
		return nil, err
	}
	for i := range groups {
		groups[i].Stem = questionbank.Plain(contents[groups[i].Ref].Stem)
	}
	slices.SortStableFunc(groups, func(a, b MarkingGroup) int { return min(b.Mine, 1) - min(a.Mine, 1) })
	return groups, nil
}

// claimTime is how long an answer stays with the marker who opened it.
const claimTime = 20 * time.Minute

// NextScript gives the marker an answer that nobody else has on the screen, 0
// where none is left.
func (s *Service) NextScript(ctx context.Context, actor Actor, event, item int64) (int64, error) {
	const page = 100
	now := s.now()
	for after := int64(0); ; {
		rows, err := s.read.waiting(ctx, event, item, actor.Account, after, page)
		if err != nil {
			return 0, fmt.Errorf("find a script: %w", err)
		}
		for _, r := range rows {
			after = r.ID
			if !actor.Scope.Covers(r.AgencyID) {
				continue
			}
			got, err := s.read.claim(ctx, r.ID, actor.Account, now, now.Add(-claimTime))
			if err != nil {
				return 0, fmt.Errorf("claim script: %w", err)
			}
			if got {
				return r.ID, nil
			}
		}
		if len(rows) < page {
			return 0, nil
		}
	}
}

// Script is an answer as its marker sees it: nothing in it names the person.
type Script struct {
	ID        int64
	Event     Event
	Item      int64
	Delivery  questionbank.Delivery
	Ref       questionbank.Ref
	Texts     []string // what the person wrote, of each essay of the item
	Rationale string
	Rubric    []questionbank.Criterion
	Whole     int // points of the rubric
	Stage     Stage
	Own       *Mark  // what the marker gave before
	Others    []Mark // for the third person: what the two gave
}

// Script loads an answer for marking. Who wrote the item does not mark it: a
// second pair of eyes reads both the question and the answers.
func (s *Service) Script(ctx context.Context, actor Actor, id int64) (Script, error) {
	row, err := s.read.script(ctx, id)
	if err == nil && !actor.Scope.Covers(row.AgencyID) {
		err = storage.ErrNotFound
	}
	if err != nil {
		return Script{}, missing(err, "load script", "assessment.no_script")
	}
	own, err := s.read.wrote(ctx, actor.Account, row.Item)
	if err != nil {
		return Script{}, fmt.Errorf("find the author: %w", err)
	}
	if own {
		return Script{}, fault.New(fault.Forbidden, "assessment.own_item")
	}
	e, err := s.read.event(ctx, row.EventID)
	if err != nil {
		return Script{}, fmt.Errorf("load event: %w", err)
	}
	contents, err := questionbank.Revisions(ctx, s.db, []questionbank.Ref{row.Ref})
	if err != nil {
		return Script{}, err
	}
	rows, err := s.read.journal(ctx, AttemptID{row.EnrolmentID, row.AttemptNo})
	if err != nil {
		return Script{}, fmt.Errorf("read journal: %w", err)
	}
	marks, err := s.read.marks(ctx, row.ID, row.Seq)
	if err != nil {
		return Script{}, err
	}
	c := contents[row.Ref]
	out := Script{
		ID: id, Event: e, Item: row.Item, Ref: row.Ref, Delivery: c.Delivery(), Texts: essays(c, latest(rows)[row.Position].Value),
		Rationale: c.Rationale, Rubric: rubric(c), Whole: whole(rubric(c)), Stage: row.Stage,
	}
	for _, m := range marks {
		if m.Marker == actor.Account {
			out.Own = &m
		} else if row.Stage == ThirdMark {
			out.Others = append(out.Others, m)
		}
	}
	if out.Own != nil && out.Own.Place < 3 {
		out.Others = nil // who marked first does not read the second
	}
	return out, nil
}

// essays is the texts of a value that a marker reads.
func essays(c questionbank.Content, value string) []string {
	k := c.Key()
	if len(k.Parts) == 0 {
		return []string{value}
	}
	var texts []string
	for i, v := range Split(value, len(k.Parts)) {
		if k.Parts[i].ByHand() {
			texts = append(texts, v)
		}
	}
	return texts
}

// MarkScript keeps a marker's points, each within its criterion. It follows the
// event's rule of one or two markers; where the last answer of the attempt is
// decided by it, or was before, the result is superseded. A marker may correct
// the own mark until results are released.
func (s *Service) MarkScript(ctx context.Context, actor Actor, id int64, points []int, comment string) (Stage, error) {
	script, err := s.Script(ctx, actor, id)
	if err != nil {
		return "", err
	}
	comment = strings.TrimSpace(comment)
	if err := fits(points, script.Rubric, comment); err != nil {
		return "", err
	}
	row, err := s.read.script(ctx, id)
	if err != nil {
		return "", missing(err, "load script", "assessment.no_script")
	}
	a, m, err := s.scorable(ctx, AttemptID{row.EnrolmentID, row.AttemptNo})
	if err != nil {
		return "", err
	}
	w := keeping{script: script, marking: m, attempt: a, mark: Mark{Marker: actor.Account, Points: points, Comment: comment}}
	entry := access.Entry{Action: "essay.mark", ObjectKind: "script", ObjectID: id, AgencyID: row.AgencyID}
	err = s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error { return w.keep(ctx, st, entry, s.now()) })
	return w.stage, err
}

// keeping is one mark inside its transaction.
type keeping struct {
	script  Script
	marking marking
	attempt Attempt
	mark    Mark
	stage   Stage
}

func (w *keeping) keep(ctx context.Context, st store, entry *access.Entry, now time.Time) error {
	row, err := st.holdScript(ctx, w.script.ID)
	if err != nil {
		return missing(err, "load script", "assessment.no_script")
	}
	if w.marking, err = st.excluding(ctx, w.marking, w.attempt.Event); err != nil {
		return err
	}
	given, err := st.marks(ctx, row.ID, row.Seq)
	if err != nil {
		return err
	}
	journal, err := st.journal(ctx, w.attempt.AttemptID)
	if err != nil {
		return err
	}
	before, err := st.marked(ctx, w.marking, w.attempt.AttemptID, journal)
	if err != nil {
		return err
	}
	if given, err = w.put(given, row.Stage, now); err != nil {
		return err
	}
	if err := st.addMark(ctx, row.ID, row.Seq, w.mark, now); err != nil {
		return fmt.Errorf("save mark: %w", err)
	}
	_, w.stage = decide(given, w.marking.by, w.script.Whole)
	if err := st.setStage(ctx, row.ID, w.stage); err != nil {
		return fmt.Errorf("move script: %w", err)
	}
	entry.Detail = map[string]any{"place": w.mark.Place, "version": w.mark.version, "points": w.mark.Total(), "of": w.script.Whole, "stage": w.stage}
	after, err := st.marked(ctx, w.marking, w.attempt.AttemptID, journal)
	if err != nil || before == nil && after == nil {
		return err
	}
	reason := "marked"
	if before != nil {
		reason = "mark corrected"
	}
	return st.score(ctx, w.marking, w.attempt, w.attempt.EndedBy, reason, now)
}

// put gives the mark its place among those given.
func (w *keeping) put(given []Mark, stage Stage, now time.Time) ([]Mark, error) {
	i := slices.IndexFunc(given, func(m Mark) bool { return m.Marker == w.mark.Marker })
	if i >= 0 {
		if stage == Decided && w.script.Event.ResultsVisible(now) {
			return nil, fault.New(fault.Conflict, "assessment.mark_released")
		}
		w.mark.Place, w.mark.version = given[i].Place, given[i].version+1
		given[i] = w.mark
		return given, nil
	}
	if stage == Decided {
		return nil, fault.New(fault.Conflict, "assessment.script_decided")
	}
	w.mark.Place, w.mark.version = len(given)+1, 1
	return append(given, w.mark), nil
}
