package questionbank

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/scoring"
)

// settle decides what becomes of every question that can be used, and saves it
// where write is true.
func (im *importer) settle(ctx context.Context, st store, write bool) error {
	if err := im.know(ctx, st); err != nil {
		return err
	}
	// SQLite's driver pays dearly for statements that could be cancelled, so
	// whether to go on is asked between the questions.
	stop := ctx.Err
	ctx = context.WithoutCancel(ctx)
	for _, q := range im.questions {
		if q.item.Outcome == Rejected || q.item.Outcome == Skipped {
			continue
		}
		if err := stop(); err != nil {
			return err
		}
		if err := im.one(ctx, st, q, write); err != nil {
			return fmt.Errorf("%s: %w", q.item.At, cmp.Or(stop(), err)) // a transaction that was cancelled only says that it is over
		}
	}
	if !write {
		return nil
	}
	now := im.service.Now()
	if err := im.words.write(ctx, st, now); err != nil {
		return err
	}
	counts := im.counts()
	if im.batch != 0 {
		if err := st.closeBatch(ctx, im.batch, counts); err != nil {
			return err
		}
	}
	return record(ctx, st.db, now, im.req.Actor, "bank.import", 0, detail{
		"sha256": im.digest, "format": im.format, "batch": im.batch,
		"items": counts.Items, "accepted": counts.Accepted, "warned": counts.Warned, "rejected": counts.Rejected})
}

func (im *importer) counts() Counts {
	r := Report{}
	for _, q := range im.questions {
		r.Items = append(r.Items, q.item)
	}
	return r.Counts()
}

// one saves a question and completes its report.
func (im *importer) one(ctx context.Context, st store, q *arrival, write bool) error {
	if first, twice := im.hashes[q.draft.Hash]; twice && q.code == "" {
		q.item.Code, q.item.Action, q.item.Ref = first.item.Code, ActionSame, first.item.Ref
		q.item.Messages = append(q.item.Messages, fault.New(fault.Conflict, "questionbank.import.same_here", first.item.At))
		return nil
	}
	im.hashes[q.draft.Hash] = q
	if err := im.save(ctx, st, q, write); err != nil {
		return err
	}
	if q.item.Action == ActionSame {
		// What is there already was looked at when it came.
		q.item.Messages = append(q.item.Messages, fault.New(fault.Conflict, "questionbank.import.same", q.item.Code))
		return nil
	}
	if len(q.warnings) > 0 {
		q.item.Outcome, q.item.Messages = Warned, append(q.item.Messages, q.warnings...)
	}
	return nil
}

// save makes a new item, or a new revision of the one it names, unless the
// bank holds it already.
func (im *importer) save(ctx context.Context, st store, q *arrival, write bool) error {
	q.draft.Created = im.service.Now()
	if q.code != "" {
		row, err := st.itemByCode(ctx, q.code)
		if err == nil {
			return im.update(ctx, st, row, q, write)
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	} else if row, ok := im.known[q.draft.Hash]; ok {
		q.item.Code, q.item.Action, q.item.Ref = row.Code, ActionSame, row.Ref
		return nil
	}
	return im.fresh(ctx, st, q, write)
}

// fresh saves a question as a new item, with the code it gives itself or the
// next free one.
func (im *importer) fresh(ctx context.Context, st store, q *arrival, write bool) error {
	q.item.Action = ActionNew
	if q.draft.Content.Indicator == "" {
		return nil // a dry run without an aspect: judged, never saved
	}
	if q.draft.Code = q.code; q.code == "" {
		var err error
		if q.draft.Code, err = im.code(ctx, st, q.draft.Content.Aspect()); err != nil {
			return err
		}
	}
	q.item.Code = q.draft.Code
	if !write {
		return nil
	}
	if err := im.accompany(ctx, st, q); err != nil {
		return err
	}
	var err error
	q.item.Ref, err = create(ctx, st, q.draft, &im.words)
	return err
}

// ownCode is what Cakap calls items; whoever writes such a code means the item.
var ownCode = regexp.MustCompile(`^A[1-4]-[0-9]+$`)

// sameItem is the percentage of word pairs below which a stem under a
// stranger's code is another question, and no new wording of the old one.
const sameItem = 30

func (im *importer) update(ctx context.Context, st store, row itemRow, q *arrival, write bool) error {
	latest, err := st.revision(ctx, Ref{Item: row.ID, Rev: row.LatestRev})
	if err != nil {
		return err
	}
	q.item.Code, q.draft.Code = row.Code, row.Code
	if latest.Hash == q.draft.Hash {
		q.item.Action, q.item.Ref = ActionSame, latest.Ref
		return nil
	}
	if !ownCode.MatchString(row.Code) && q.draft.pairs.share(pairsOf(latest.Content.Stem)) < sameItem {
		// "Q1" of one stranger's file is not "Q1" of another's.
		q.warnings = append(q.warnings, fault.New(fault.Conflict, "questionbank.import.code_of_another", q.code))
		q.code, q.draft.Code, q.item.Code = "", "", ""
		return im.fresh(ctx, st, q, write)
	}
	if q.item.Action = ActionRevised; !write {
		return nil
	}
	if err := im.accompany(ctx, st, q); err != nil {
		return err
	}
	q.item.Ref, err = revise(ctx, st, latest, q.draft, &im.words)
	return err
}

// accompany saves what a question needs to be there first: its files, and the
// record of the import it belongs to.
func (im *importer) accompany(ctx context.Context, st store, q *arrival) error {
	for _, m := range q.media {
		if err := st.insertMedia(ctx, m, im.req.Actor, q.draft.Created); err != nil {
			return err
		}
	}
	if im.batch == 0 {
		im.batch = storage.NewID(q.draft.Created)
		b := ImportBatch{ID: im.batch, File: im.req.File, Format: im.format, Actor: im.req.Actor, Created: q.draft.Created}
		if err := st.insertBatch(ctx, b, im.digest); err != nil {
			return err
		}
	}
	q.draft.batch = im.batch
	return nil
}

// code gives running numbers, leaving out those the file itself uses; the bank
// is asked once per aspect.
func (im *importer) code(ctx context.Context, st store, a scoring.Aspect) (string, error) {
	prefix := a.Code() + "-"
	if im.next[a] == 0 {
		code, err := nextCode(ctx, st, a)
		if err != nil {
			return "", err
		}
		if im.next[a], err = strconv.Atoi(strings.TrimPrefix(code, prefix)); err != nil {
			return "", err
		}
	}
	for {
		code := prefix + strconv.Itoa(im.next[a])
		im.next[a]++
		if !im.taken[code] {
			return code, nil
		}
	}
}

// coded is an item whose latest revision has exactly a content.
type coded struct {
	Ref
	Code string `db:"code"`
	Hash string `db:"content_hash"`
}

// know looks up which questions the bank holds word for word, many at a time.
func (im *importer) know(ctx context.Context, st store) error {
	im.known = map[string]coded{}
	for chunk := range slices.Chunk(im.questions, idChunk) {
		var hashes []any
		for _, q := range chunk {
			if q.item.Outcome == Accepted && q.code == "" {
				hashes = append(hashes, q.draft.Hash)
			}
		}
		if len(hashes) == 0 {
			continue
		}
		var rows []coded
		if err := st.db.Select(ctx, &rows, `
			SELECT r.item_id, r.rev, i.code, r.content_hash
			FROM item_revision r JOIN item i ON i.id = r.item_id AND i.latest_rev = r.rev`+" WHERE r.content_hash IN ("+holders(len(hashes))+")", hashes...); err != nil {
			return err
		}
		for _, row := range rows {
			if first, twice := im.known[row.Hash]; !twice || row.Code < first.Code {
				im.known[row.Hash] = row
			}
		}
	}
	return nil
}
