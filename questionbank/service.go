package questionbank

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// Service is what people do with the bank. Every change is one transaction
// with its audit entry; who may do what is the policy's affair (access), but
// that nobody approves his own work is decided here and again by the database.
type Service struct {
	DB      *storage.DB
	Now     func() time.Time
	Formats []Format // of files that can be imported, in the order they are tried
}

// Saved is a revision just saved, and what to tell its author.
type Saved struct {
	Ref
	Code    string
	Similar []Similar // items that ask nearly the same
}

const maxComment = 2000

// Create saves a new item as a draft and gives it the next code of its aspect.
func (s *Service) Create(ctx context.Context, actor int64, c Content) (Saved, error) {
	c = c.Normalise()
	if err := c.Validate(); err != nil {
		return Saved{}, err
	}
	var saved Saved
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		code, err := nextCode(ctx, st, c.Aspect())
		if err != nil {
			return err
		}
		r := Revision{Code: code, Content: c, Provenance: Authored, Author: actor, Created: s.Now()}
		if r.Ref, err = create(ctx, st, r); err != nil {
			return err
		}
		saved = Saved{Ref: r.Ref, Code: code}
		return record(ctx, db, s.Now(), actor, "item.create", r.Item, detail{"rev": r.Rev, "hash": c.Hash()})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("create item: %w", err)
	}
	return s.similar(ctx, saved, c)
}

// create inserts an item with its first revision, a draft unless r says more.
func create(ctx context.Context, st store, r Revision) (Ref, error) {
	now := r.Created.UnixMilli()
	r.Ref = Ref{Item: storage.NewID(r.Created), Rev: 1}
	if r.Status == "" {
		r.Status = Draft
	}
	row := itemRow{ID: r.Item, Code: r.Code, Aspect: r.Content.Aspect(), LatestRev: 1, CreatedBy: r.Author, CreatedMS: now, UpdatedMS: now}
	if r.Status == Approved {
		row.LiveRev = &r.Rev
	}
	if err := st.insertItem(ctx, row); err != nil {
		if errors.Is(err, storage.ErrConflict) {
			return Ref{}, fault.New(fault.Conflict, "questionbank.code_taken", r.Code).On("code").Because(err)
		}
		return Ref{}, err
	}
	return r.Ref, st.insertRevision(ctx, r)
}

// firstOwnNumber leaves the numbers below it to items that ship with the
// product, so that a later release never meets a code an agency gave.
const firstOwnNumber = 1001

// nextCode is the next free running number of an aspect: "A1-1001".
func nextCode(ctx context.Context, st store, a scoring.Aspect) (string, error) {
	prefix := a.Code() + "-"
	codes, err := st.codes(ctx, prefix)
	if err != nil {
		return "", err
	}
	next := firstOwnNumber
	for _, code := range codes {
		if n, err := strconv.Atoi(strings.TrimPrefix(code, prefix)); err == nil && n >= next {
			next = n + 1
		}
	}
	return prefix + strconv.Itoa(next), nil
}

// Revise saves new content of an item as its next revision, a draft; base is
// the revision the author started from. The revision in use stays in use until
// the new one is approved.
func (s *Service) Revise(ctx context.Context, actor int64, base Ref, c Content) (Saved, error) {
	c = c.Normalise()
	if err := c.Validate(); err != nil {
		return Saved{}, err
	}
	var saved Saved
	err := s.DB.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		latest, err := st.revision(ctx, base)
		if err != nil {
			return notFound(err)
		}
		if latest.Hash == c.Hash() {
			return fault.New(fault.Conflict, "questionbank.unchanged")
		}
		r := Revision{Ref: base, Code: latest.Code, Content: c, Provenance: Authored, Author: actor, Created: s.Now()}
		if r.Ref, err = revise(ctx, st, r); err != nil {
			return err
		}
		saved = Saved{Ref: r.Ref, Code: r.Code}
		return record(ctx, db, s.Now(), actor, "item.revise", r.Item, detail{"rev": r.Rev, "hash": c.Hash()})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("revise item: %w", err)
	}
	return s.similar(ctx, saved, c)
}

// revise adds the revision after r.Rev, a draft unless r says more.
func revise(ctx context.Context, st store, r Revision) (Ref, error) {
	moved, err := st.advance(ctx, r.Item, r.Rev, r.Content.Aspect(), r.Created.UnixMilli())
	if err != nil {
		return Ref{}, err
	}
	if moved == 0 {
		return Ref{}, fault.New(fault.Conflict, "questionbank.changed_meanwhile")
	}
	r.Rev++
	if r.Status == "" {
		r.Status = Draft
	}
	return r.Ref, st.insertRevision(ctx, r)
}

// similar looks for items that ask nearly the same as the one just saved.
func (s *Service) similar(ctx context.Context, saved Saved, c Content) (Saved, error) {
	found, err := s.Similar(ctx, saved.Code, c.Stem)
	saved.Similar = found
	return saved, err
}

// Similar lists the items whose stem is nearly the same as stem, the most
// similar first. code is the item being edited, "" for a new one.
func (s *Service) Similar(ctx context.Context, code, stem string) ([]Similar, error) {
	var own Stems
	own.Add("", stem)
	var found []Similar
	err := store{s.DB}.stems(ctx, func(other, text string) {
		if like, ok := own.Like(other, text); ok && other != code {
			found = append(found, Similar{Code: other, Share: like.Share})
		}
	})
	if err != nil {
		return nil, fmt.Errorf("look for similar items: %w", err)
	}
	slices.SortStableFunc(found, func(a, b Similar) int { return b.Share - a.Share })
	return found[:min(len(found), 5)], nil
}

// Submit asks for the review of the latest revision.
func (s *Service) Submit(ctx context.Context, actor int64, ref Ref) error {
	return s.decide(ctx, actor, ref, VerdictSubmitted, "", func(st store, r Revision) (int64, error) {
		if r.Status != Draft && r.Status != ChangesWanted {
			return 0, nil
		}
		return st.setStatus(ctx, ref, r.Status, InReview)
	})
}

// Approve makes the latest revision live. The reviewer must not be its author.
// A shipped revision is live already; approving it records the agency's own
// review.
func (s *Service) Approve(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.decide(ctx, actor, ref, VerdictApproved, comment, func(st store, r Revision) (int64, error) {
		if r.Author == actor {
			return 0, fault.New(fault.Forbidden, "questionbank.own_work")
		}
		if r.Status != InReview && (r.Status != Approved || r.Provenance != Shipped) {
			return 0, nil
		}
		n, err := st.approve(ctx, ref, r.Status, actor, s.Now().UnixMilli())
		if n == 0 || err != nil {
			return n, err
		}
		return n, st.setLive(ctx, ref.Item, &ref.Rev, s.Now().UnixMilli())
	})
}

// RequestChanges sends the latest revision back to its author, saying why.
func (s *Service) RequestChanges(ctx context.Context, actor int64, ref Ref, comment string) error {
	if strings.TrimSpace(comment) == "" {
		return fault.New(fault.Invalid, "questionbank.comment_empty").On("comment")
	}
	return s.decide(ctx, actor, ref, VerdictChangesWanted, comment, func(st store, r Revision) (int64, error) {
		if r.Author == actor {
			return 0, fault.New(fault.Forbidden, "questionbank.own_work")
		}
		return st.setStatus(ctx, ref, InReview, ChangesWanted)
	})
}

// Retire takes an item out of use. Forms that hold it keep it.
func (s *Service) Retire(ctx context.Context, actor int64, ref Ref, comment string) error {
	return s.decide(ctx, actor, ref, VerdictRetired, comment, func(st store, r Revision) (int64, error) {
		if r.Status == Retired {
			return 0, nil
		}
		if err := st.retireAll(ctx, ref.Item, ref.Rev); err != nil {
			return 0, err
		}
		return 1, st.setLive(ctx, ref.Item, nil, s.Now().UnixMilli())
	})
}

// decide is the shape of every step of a revision's life: load, let move
// decide and save (0 means that the state does not allow it), write the review
// history and the audit trail.
func (s *Service) decide(ctx context.Context, actor int64, ref Ref, v Verdict, comment string, move func(store, Revision) (int64, error)) error {
	comment = cleanText(comment)
	if utf8.RuneCountInString(comment) > maxComment || hasControl(comment) {
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
		if err := st.insertReview(ctx, ref.Item, Review{Rev: ref.Rev, Reviewer: actor, Verdict: v, Comment: comment, At: now}); err != nil {
			return err
		}
		return record(ctx, db, now, actor, "item."+string(v), ref.Item, detail{"rev": ref.Rev, "from": r.Status, "hash": r.Hash})
	})
	if err != nil {
		return fmt.Errorf("%s item: %w", v, err)
	}
	return nil
}

// Item loads an item with its revisions and its review history.
func (s *Service) Item(ctx context.Context, id int64) (Item, error) {
	st := store{s.DB}
	row, err := st.item(ctx, id)
	if err != nil {
		return Item{}, fmt.Errorf("load item: %w", notFound(err))
	}
	return s.load(ctx, row)
}

// ItemByCode loads an item by its code.
func (s *Service) ItemByCode(ctx context.Context, code string) (Item, error) {
	row, err := store{s.DB}.itemByCode(ctx, strings.TrimSpace(code))
	if err != nil {
		return Item{}, fmt.Errorf("load item: %w", notFound(err))
	}
	return s.load(ctx, row)
}

func (s *Service) load(ctx context.Context, row itemRow) (Item, error) {
	st := store{s.DB}
	item := row.item()
	var err error
	if item.Revisions, err = st.revisions(ctx, row.ID); err != nil {
		return Item{}, fmt.Errorf("load item: %w", err)
	}
	if item.Reviews, err = st.reviews(ctx, row.ID); err != nil {
		return Item{}, fmt.Errorf("load item: %w", err)
	}
	return item, nil
}

func notFound(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.NotFound, "questionbank.no_item").Because(err)
	}
	return err
}

type detail map[string]any

// record writes the audit entry of a change to an item, or to the bank where
// item is 0.
func record(ctx context.Context, db storage.Querier, now time.Time, actor int64, action string, item int64, d detail) error {
	kind := "item"
	if item == 0 {
		kind = "bank"
	}
	return access.Record(ctx, db, access.Entry{At: now, Actor: actor, Action: action, ObjectKind: kind, ObjectID: item, Detail: d})
}
