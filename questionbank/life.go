package questionbank

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

const maxComment = 2000

// Ready returns what keeps a valid draft from being used: what may be added
// later, but not after a participant has seen the item. Submit and Approve ask.
func (c Content) Ready() error {
	var v checks
	for _, m := range c.Media {
		switch {
		case m.SHA256 == "":
			v.add(fault.New(fault.Invalid, "questionbank.media_missing", m.Name).On("media"))
		case strings.HasPrefix(m.MIME, "image/") && m.Alt == "":
			v.add(fault.New(fault.Invalid, "questionbank.media_alt", m.Name).On("media"))
		}
	}
	return fault.Join(v)
}

// Submit asks for the review of the latest revision.
func (s *Service) Submit(ctx context.Context, actor int64, ref Ref) error {
	return s.decide(ctx, actor, ref, Review{Verdict: VerdictSubmitted}, func(st store, r Revision) (int64, error) {
		if r.Status != Draft && r.Status != ChangesWanted {
			return 0, nil
		}
		if err := st.ready(ctx, r.Content); err != nil {
			return 0, err
		}
		return st.setStatus(ctx, ref, r.Status, InReview)
	})
}

// ready is Ready, and that the files are there.
func (s store) ready(ctx context.Context, c Content) error {
	if err := c.Ready(); err != nil {
		return err
	}
	names, err := s.missingMedia(ctx, c)
	if err != nil || len(names) == 0 {
		return err
	}
	return fault.New(fault.Invalid, "questionbank.media_missing", names[0]).On("media")
}

// Review decides about the latest revision: verdict is VerdictApproved or
// VerdictChangesWanted. The reviewer must be neither its author nor the one who
// proposed its words. Approving makes it live; a shipped revision is live
// already, and approving it records the agency's own review. One that is sent
// back says why, and a shipped one leaves new forms.
func (s *Service) Review(ctx context.Context, actor int64, ref Ref, verdict Verdict, form ReviewForm) error {
	review, err := form.review(verdict)
	if err != nil {
		return err
	}
	return s.decide(ctx, actor, ref, review, func(st store, r Revision) (int64, error) {
		if r.Author == actor {
			return 0, fault.New(fault.Forbidden, "questionbank.own_work")
		}
		if verdict == VerdictApproved {
			return s.approve(ctx, st, actor, r)
		}
		if r.Status == Approved && r.Provenance == Shipped && r.Reviewer == 0 {
			if err := st.setLive(ctx, ref.Item, nil, s.Now().UnixMilli()); err != nil {
				return 0, err
			}
			return st.setStatus(ctx, ref, Approved, ChangesWanted)
		}
		return st.setStatus(ctx, ref, InReview, ChangesWanted)
	})
}

// Approve is Review with nothing but a comment.
func (s *Service) Approve(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.Review(ctx, actor, ref, VerdictApproved, ReviewForm{Comment: comment})
}

// RequestChanges is Review that sends back, with nothing but a comment.
func (s *Service) RequestChanges(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.Review(ctx, actor, ref, VerdictChangesWanted, ReviewForm{Comment: comment})
}

func (s *Service) approve(ctx context.Context, st store, actor int64, r Revision) (int64, error) {
	if r.Status != InReview && (r.Status != Approved || r.Provenance != Shipped) {
		return 0, nil
	}
	own, err := st.suggested(ctx, actor, r)
	if err != nil {
		return 0, err
	}
	if own || r.SuggestedBy == actor {
		return 0, fault.New(fault.Forbidden, "questionbank.own_suggestion")
	}
	if err := st.ready(ctx, r.Content); err != nil {
		return 0, err
	}
	n, err := st.approve(ctx, r.Ref, r.Status, actor, s.Now().UnixMilli())
	if n == 0 || err != nil {
		return n, err
	}
	if err := st.flag(ctx, r.Item, 0); err != nil {
		return 0, err
	}
	return n, st.setLive(ctx, r.Item, &r.Rev, s.Now().UnixMilli())
}

// review checks the form before anything is read.
func (f ReviewForm) review(verdict Verdict) (Review, error) {
	r := Review{Verdict: verdict, Comment: f.Comment, Suggestion: f.Suggestion}
	said := strings.TrimSpace(f.Comment) != "" || f.Suggestion != nil
	if f.Marks != nil {
		marks := *f.Marks
		r.Marks = &marks
		for _, m := range []struct {
			field string
			mark  *Mark
		}{{"materi", &marks.Materi}, {"konstruksi", &marks.Konstruksi}, {"bahasa", &marks.Bahasa}} {
			m.mark.Note = cleanText(m.mark.Note)
			if utf8.RuneCountInString(m.mark.Note) > maxComment || hasControl(m.mark.Note) {
				return Review{}, fault.New(fault.Invalid, "questionbank.comment_long", maxComment).On(m.field)
			}
			if verdict == VerdictApproved && !m.mark.OK {
				return Review{}, fault.New(fault.Invalid, "questionbank.review_not_ok").On(m.field)
			}
			said = said || m.mark.Note != ""
		}
	}
	if verdict != VerdictApproved && !said {
		return Review{}, fault.New(fault.Invalid, "questionbank.comment_empty").On("comment")
	}
	if f.Suggestion != nil {
		c := f.Suggestion.Normalise()
		if err := c.Validate(); err != nil {
			return Review{}, err
		}
		r.Suggestion = &c
	}
	return r, nil
}

// AdoptSuggestion makes a reviewer's suggestion the next revision, of which the
// adopter is the author; base is the revision he was looking at. Neither he nor
// the reviewer can approve it.
func (s *Service) AdoptSuggestion(ctx context.Context, actor, review int64, base Ref) (Saved, error) {
	var saved Saved
	var content Content
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		row, err := st.review(ctx, review)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err != nil || row.Suggestion == "" || row.ItemID != base.Item {
			return fault.New(fault.NotFound, "questionbank.no_suggestion")
		}
		if content, err = ParseContent(row.Suggestion); err != nil {
			return err
		}
		saved, err = s.revise(ctx, st, actor, base, content)
		return err
	})
	if err != nil {
		return Saved{}, fmt.Errorf("adopt suggestion: %w", err)
	}
	return s.similar(ctx, saved, content)
}

// Retire takes an item out of use. Forms that hold it keep it.
func (s *Service) Retire(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.decide(ctx, actor, ref, Review{Verdict: VerdictRetired, Comment: comment}, func(st store, r Revision) (int64, error) {
		if r.Status == Retired {
			return 0, nil
		}
		if err := st.retireAll(ctx, ref.Item, ref.Rev); err != nil {
			return 0, err
		}
		return 1, st.setLive(ctx, ref.Item, nil, s.Now().UnixMilli())
	})
}

// Flag notes a fault that somebody found in an item, whatever its state. The
// item stays as it is; lists show the note until the item is revised, approved
// again, or Unflag says that it is well.
func (s *Service) Flag(ctx context.Context, actor int64, ref Ref, comment string) error {
	if strings.TrimSpace(comment) == "" {
		return fault.New(fault.Invalid, "questionbank.comment_empty").On("comment")
	}
	return s.decide(ctx, actor, ref, Review{Verdict: VerdictFlagged, Comment: comment}, func(st store, r Revision) (int64, error) {
		if r.Status == Retired {
			return 0, nil
		}
		return 1, st.flag(ctx, ref.Item, s.Now().UnixMilli())
	})
}

// Unflag takes the note back, saying what was found.
func (s *Service) Unflag(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.decide(ctx, actor, ref, Review{Verdict: VerdictUnflagged, Comment: comment}, func(st store, _ Revision) (int64, error) {
		return 1, st.flag(ctx, ref.Item, 0)
	})
}

// decide is the shape of every step of a revision's life: load, let move
// decide and save (0 means that the state does not allow it), write the review
// history and the audit trail.
func (s *Service) decide(ctx context.Context, actor int64, ref Ref, review Review, move func(store, Revision) (int64, error)) error {
	v := review.Verdict
	review.Comment = cleanText(review.Comment)
	if utf8.RuneCountInString(review.Comment) > maxComment || hasControl(review.Comment) {
		return fault.New(fault.Invalid, "questionbank.comment_long", maxComment).On("comment")
	}
	now := s.Now()
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		item, err := st.item(ctx, ref.Item)
		if err != nil {
			return notFound(err)
		}
		r, err := st.revision(ctx, ref)
		if err != nil {
			return notFound(err)
		}
		if item.LatestRev != ref.Rev {
			return fault.New(fault.Conflict, "questionbank.changed_meanwhile")
		}
		n, err := move(st, r)
		if err != nil {
			return err
		}
		if n == 0 {
			return stateFault(r.Status)
		}
		if err := st.touch(ctx, ref.Item, now.UnixMilli()); err != nil {
			return err
		}
		review.Rev, review.Reviewer, review.At = ref.Rev, actor, now
		if err := st.insertReview(ctx, ref.Item, review); err != nil {
			return err
		}
		return record(ctx, db, now, actor, "item."+string(v), ref.Item, detail{"rev": ref.Rev, "from": r.Status, "hash": r.Hash})
	})
	if err != nil {
		return fmt.Errorf("%s item: %w", v, err)
	}
	return nil
}
