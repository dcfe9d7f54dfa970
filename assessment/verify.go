package assessment

import (
	"context"
	"errors"
	"fmt"

	"cakap/scoring"
)

// Verified is what a verification found.
type Verified struct {
	Results  int // recomputed from journal, form and versions
	Forms    int // drawn again from pool, seed and exposure
	Problems []Problem
}

// Problem is something that is not as it was.
type Problem struct {
	Attempt AttemptID // No is 0 where it is about a form; then FormNo counts
	FormNo  int
	What    string // "answers changed", for logs and commands
}

// String names the problem without naming the person.
func (p Problem) String() string {
	if p.Attempt.No == 0 {
		return fmt.Sprintf("form %d of enrolment %d: %s", p.FormNo, p.Attempt.Enrolment, p.What)
	}
	return fmt.Sprintf("attempt %d of enrolment %d: %s", p.Attempt.No, p.Attempt.Enrolment, p.What)
}

// verifyPage bounds the memory and keeps read transactions short.
const verifyPage = 500

// Verify recomputes every current result and draws every form again. Results
// of other scoring rules than this release's are only checked by their hashes.
func (s *Service) Verify(ctx context.Context) (Verified, error) {
	var v Verified
	unscored, err := s.read.unscored(ctx)
	if err != nil {
		return v, fmt.Errorf("verify: %w", err)
	}
	for _, id := range unscored {
		v.Problems = append(v.Problems, Problem{Attempt: id, What: "submitted without a result"})
	}
	for after := (AttemptID{}); ; {
		rows, err := s.read.resultsAfter(ctx, after, verifyPage)
		if err != nil {
			return v, fmt.Errorf("verify: %w", err)
		}
		for _, r := range rows {
			after = AttemptID{r.EnrolmentID, r.AttemptNo}
			what, err := s.verifyResult(ctx, r)
			if err != nil {
				return v, fmt.Errorf("verify: %w", err)
			}
			v.Results++
			if what != "" {
				v.Problems = append(v.Problems, Problem{Attempt: after, What: what})
			}
		}
		if len(rows) < verifyPage {
			break
		}
	}
	return v, s.verifyForms(ctx, &v)
}

// verifyResult says what differs, "" for nothing.
func (s *Service) verifyResult(ctx context.Context, r resultRow) (string, error) {
	a, m, err := s.scorable(ctx, AttemptID{r.EnrolmentID, r.AttemptNo})
	if err != nil {
		return "", err
	}
	rows, err := s.read.journal(ctx, a.AttemptID)
	if err != nil {
		return "", err
	}
	if m.scheme.Code != r.SchemeCode || m.scheme.Version != r.SchemeVersion {
		if m.scheme, err = s.bank.scheme(ctx, r.SchemeCode, r.SchemeVersion); err != nil {
			return "", err
		}
	}
	whole := m
	if m, err = s.read.excluding(ctx, m, a.Event); err != nil {
		return "", err
	}
	marks, err := s.read.marked(ctx, m, a.AttemptID, rows)
	if err != nil {
		return "", err
	}
	again, err := m.result(a, a.EndedBy, rows, marks)
	if err != nil {
		return "", err
	}
	switch {
	case again.FormHash != r.FormHash || hashText(content(m.form.Items)) != r.FormHash:
		return "the form changed", nil
	case again.JournalHash != r.JournalHash:
		return "the answers changed", nil
	case again.KeyHash != r.KeyHash:
		behind, err := s.behind(ctx, whole, a.Event, r.KeyHash)
		if behind {
			return "an item left the scores after this one was computed; it has not been computed again yet", err
		}
		return "the keys changed", err
	case r.RulesVersion == scoring.RulesVersion && again.Payload != r.Payload:
		return "the score changed", nil
	}
	return "", nil
}

// behind reports whether hash is of the keys as they stood before some of the
// event's items left the scores: such a result was right in its day.
func (s *Service) behind(ctx context.Context, whole marking, event int64, hash string) (bool, error) {
	items, err := s.read.excluded(ctx, event)
	if err != nil {
		return false, err
	}
	for n := range items {
		m, err := whole.exclude(items[:n])
		if err != nil {
			return false, err
		}
		if m.hash == hash {
			return true, nil
		}
	}
	return false, nil
}

// verifyForms draws every form of every event again.
func (s *Service) verifyForms(ctx context.Context, v *Verified) error {
	events, err := s.read.events(ctx)
	if err != nil {
		return fmt.Errorf("verify forms: %w", err)
	}
	for _, e := range events {
		if err := s.verifyDraws(ctx, e, v); err != nil {
			return fmt.Errorf("verify forms of %s: %w", e.Code, err)
		}
	}
	return nil
}

func (s *Service) verifyDraws(ctx context.Context, e Event, v *Verified) error {
	pool, err := s.frozenPool(ctx, s.read, e.ID)
	if err != nil || len(pool) == 0 {
		return err
	}
	stored := make(map[int64]int, len(pool))
	for i, item := range pool {
		stored[item.Item] = item.Exposed
		pool[i].Exposed = 0
	}
	d := newDrawer(e.Spec, e.Seed, pool, "", 1)
	several, err := s.read.severalForms(ctx, e.ID)
	if err != nil {
		return err
	}
	earlier := map[int64][]Form{}
	err = s.read.eachForm(ctx, e.ID, func(f Form, text string) error {
		v.Forms++
		again, err := d.draw(f.Enrolment, f.No, earlier[f.Enrolment])
		if err != nil {
			return err
		}
		if several[f.Enrolment] { // the person's next form avoids these items
			earlier[f.Enrolment] = append(earlier[f.Enrolment], f)
		}
		if again.Hash != f.Hash || again.Exposure != f.Exposure || again.DrawNo != f.DrawNo || hashText(text) != f.Hash {
			v.Problems = append(v.Problems, Problem{Attempt: AttemptID{Enrolment: f.Enrolment}, FormNo: f.No, What: "another form than was drawn"})
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) { // what follows rests on it and would differ too
		return nil
	}
	if err != nil {
		return err
	}
	for _, item := range d.pool {
		if item.Exposed != stored[item.Item] {
			v.Problems = append(v.Problems, Problem{What: fmt.Sprintf("item %d of event %s is counted %d times, forms hold it %d times", item.Item, e.Code, stored[item.Item], item.Exposed)})
		}
	}
	return nil
}

var errStop = errors.New("stop")
