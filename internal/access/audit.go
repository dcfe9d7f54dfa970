package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cakap/internal/storage"
)

// Entry is one act worth keeping. Detail is any JSON value without a NIP, a
// name or an answer; the objects are named by id.
type Entry struct {
	At         time.Time
	Actor      int64 // account; 0 is the system itself
	Action     string
	ObjectKind string
	ObjectID   int64
	AgencyID   int64 // 0 where it concerns no single agency
	Detail     any
}

// auditRow is an entry as it is stored and hashed.
type auditRow struct {
	Seq        int64  `db:"seq" json:"seq"`
	AtMS       int64  `db:"at_ms" json:"at_ms"`
	ActorID    int64  `db:"actor_id" json:"actor_id"`
	Action     string `db:"action" json:"action"`
	ObjectKind string `db:"object_kind" json:"object_kind"`
	ObjectID   int64  `db:"object_id" json:"object_id"`
	AgencyID   int64  `db:"agency_id" json:"agency_id"`
	Detail     string `db:"detail" json:"detail"`
	PrevHash   string `db:"prev_hash" json:"prev_hash"`
	Hash       string `db:"hash" json:"-"`
}

func (r auditRow) sum() (string, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// Record appends e to the audit chain. Call it with the transaction that does
// the act, so that neither exists without the other. Writers queue on the one
// row of audit_head, which keeps the chain a chain on every engine.
func Record(ctx context.Context, db storage.Querier, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	row := auditRow{
		AtMS: e.At.UnixMilli(), ActorID: e.Actor, Action: e.Action,
		ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, AgencyID: e.AgencyID, Detail: string(detail),
	}
	var head chainHead
	if err := db.Get(ctx, &head, `UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash`); err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	row.Seq, row.PrevHash = head.Seq, head.Hash
	if row.Hash, err = row.sum(); err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	_, err = db.Exec(ctx, `
		INSERT INTO audit (seq, at_ms, actor_id, action, object_kind, object_id, agency_id, detail, prev_hash, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		row.Seq, row.AtMS, row.ActorID, row.Action, row.ObjectKind, row.ObjectID, row.AgencyID, row.Detail, row.PrevHash, row.Hash)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	if _, err := db.Exec(ctx, `UPDATE audit_head SET hash = ? WHERE id = 1`, row.Hash); err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return nil
}

// ErrChain is an audit trail that somebody changed behind the program's back.
var ErrChain = errors.New("the audit chain is broken")

// VerifyChain walks the whole trail and returns its length. A changed, missing
// or added entry is ErrChain with the number where the chain breaks. It may run
// while others write: the head read before the walk must be in it, and the one
// read after must not be behind it.
func VerifyChain(ctx context.Context, db storage.Querier) (entries int64, err error) {
	first, err := head(ctx, db)
	if err != nil {
		return 0, err
	}
	prev, atHead := "", ""
	err = db.Stream(ctx, `
		SELECT seq, at_ms, actor_id, action, object_kind, object_id, agency_id, detail, prev_hash, hash
		FROM audit ORDER BY seq`, nil, func(scan func(any) error) error {
		var row auditRow
		if err := scan(&row); err != nil {
			return err
		}
		entries++
		sum, err := row.sum()
		if err != nil {
			return err
		}
		if row.Seq != entries || row.PrevHash != prev || row.Hash != sum {
			return fmt.Errorf("%w at entry %d", ErrChain, entries)
		}
		if prev = row.Hash; row.Seq == first.Seq {
			atHead = row.Hash
		}
		return nil
	})
	if err != nil {
		return entries, fmt.Errorf("verify audit chain: %w", err)
	}
	last, err := head(ctx, db)
	if err != nil {
		return entries, err
	}
	switch {
	case entries < first.Seq || atHead != first.Hash:
		return entries, fmt.Errorf("%w: its last entries are missing or not its own", ErrChain)
	case entries > last.Seq:
		return entries, fmt.Errorf("%w at entry %d, which was never recorded", ErrChain, last.Seq+1)
	}
	return entries, nil
}

type chainHead struct {
	Seq  int64
	Hash string
}

func head(ctx context.Context, db storage.Querier) (h chainHead, err error) {
	if err = db.Get(ctx, &h, `SELECT seq, hash FROM audit_head WHERE id = 1`); err != nil {
		err = fmt.Errorf("read head of audit chain: %w", err)
	}
	return h, err
}
