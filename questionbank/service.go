package questionbank

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

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
		var words indexing
		d := newDraft(Revision{Code: code, Content: c, Provenance: Authored, Author: actor, Created: s.Now()})
		ref, err := create(ctx, st, d, &words)
		if err != nil {
			return err
		}
		if err := words.write(ctx, st, d.Created); err != nil {
			return err
		}
		saved = Saved{Ref: ref, Code: code}
		return record(ctx, db, s.Now(), actor, "item.create", ref.Item, detail{"rev": ref.Rev, "hash": d.Hash})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("create item: %w", err)
	}
	return s.similar(ctx, saved, c)
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
	err := s.DB.Tx(ctx, func(db storage.Querier) (err error) {
		saved, err = s.revise(ctx, store{db}, actor, base, c)
		return err
	})
	if err != nil {
		return Saved{}, fmt.Errorf("revise item: %w", err)
	}
	return s.similar(ctx, saved, c)
}

func (s *Service) revise(ctx context.Context, st store, actor int64, base Ref, c Content) (Saved, error) {
	latest, err := st.revision(ctx, base)
	if err != nil {
		return Saved{}, notFound(err)
	}
	d := newDraft(Revision{Code: latest.Code, Content: c, Provenance: Authored, Author: actor, Created: s.Now()})
	if latest.Hash == d.Hash {
		return Saved{}, fault.New(fault.Conflict, "questionbank.unchanged")
	}
	var words indexing
	ref, err := revise(ctx, st, latest, d, &words)
	if err != nil {
		return Saved{}, err
	}
	if err := words.write(ctx, st, d.Created); err != nil {
		return Saved{}, err
	}
	return Saved{Ref: ref, Code: latest.Code}, record(ctx, st.db, s.Now(), actor, "item.revise", ref.Item, detail{"rev": ref.Rev, "hash": d.Hash})
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
	found, err := store{s.DB}.similar(ctx, code, pairsOf(stem))
	if err != nil {
		return nil, fmt.Errorf("look for similar items: %w", err)
	}
	return found[:min(len(found), 5)], nil
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
