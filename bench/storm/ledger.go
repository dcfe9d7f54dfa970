// Package storm is what the fault rigs share: the product as a child process,
// clients that save answers while something is broken under them, the ledger of
// what was acknowledged, and a PostgreSQL cluster that may be killed.
package storm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"cakap/bench/rig"
)

// Ack names one acknowledged answer.
type Ack struct{ Enrolment, Seq int64 }

// Ledger is what the clients were told is safe. Its methods may be called by
// any number of goroutines.
type Ledger struct {
	mu   sync.Mutex
	acks map[Ack]bool
}

// Add notes an acknowledgement.
func (l *Ledger) Add(a Ack) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.acks == nil {
		l.acks = map[Ack]bool{}
	}
	l.acks[a] = true
}

// Missing counts the acknowledged answers that the database does not hold. On
// SQLite a damaged file is an error.
func (l *Ledger) Missing(ctx context.Context, place rig.Place) (lost int, err error) {
	db, _, err := place.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if db.Engine() == "sqlite" {
		var verdict string
		if err := db.Get(ctx, &verdict, `PRAGMA quick_check`); err != nil || verdict != "ok" {
			return 0, fmt.Errorf("the database is damaged: %s: %w", verdict, err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	found := 0
	err = db.Stream(ctx, `SELECT enrolment_id, seq FROM answer`, nil, func(scan func(any) error) error {
		var row struct {
			Enrolment int64 `db:"enrolment_id"`
			Seq       int64 `db:"seq"`
		}
		if err := scan(&row); err != nil {
			return err
		}
		if l.acks[Ack{row.Enrolment, row.Seq}] {
			found++
		}
		return nil
	})
	return len(l.acks) - found, err
}
