package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/bench/rig"
	"cakap/internal/access"
	"cakap/internal/storage"
)

// childEnv makes this program the child that is recorded.
const childEnv = "CAKAP_CUT_CHILD"

// savers is how many goroutines save at once: few, so that the record has many
// transactions and not a few large ones.
const savers = 8

// job is what the child is told.
type job struct {
	Database, KeyFile, Log string
	Synchronous            string
	Saves                  int
	Attempts               []rig.Attempt
}

// child saves answers and notes in the log, after each call returned, that the
// answer is acknowledged.
func child(ctx context.Context) (err error) {
	var j job
	if err := json.NewDecoder(os.Stdin).Decode(&j); err != nil {
		return err
	}
	log, err := os.OpenFile(j.Log, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	keys, err := access.LoadKeys(j.KeyFile, false)
	if err != nil {
		return err
	}
	db, err := storage.Open(ctx, j.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := weaken(ctx, db, j.Synchronous); err != nil {
		return err
	}
	writer := assessment.NewWriter(db, time.Now, commit.For(db.Engine()))
	defer writer.Close()
	as := assessment.New(assessment.Options{DB: db, Writer: writer, Keys: keys, Log: slog.New(slog.DiscardHandler)})
	return saveAll(ctx, as, keys, log, j)
}

// weaken is the control run's: storage itself opens with FULL and nothing else.
// The pragma reaches the one connection that writes.
func weaken(ctx context.Context, db *storage.DB, synchronous string) error {
	if synchronous == "FULL" {
		return nil
	}
	_, err := db.Exec(ctx, `PRAGMA synchronous = NORMAL`)
	return err
}

func saveAll(ctx context.Context, as *assessment.Service, keys *access.Keys, log *os.File, j job) error {
	var (
		next   atomic.Int64
		wait   sync.WaitGroup
		mu     sync.Mutex
		faults []error
	)
	share := len(j.Attempts) / savers
	for i := range savers {
		mine := j.Attempts[i*share : (i+1)*share]
		wait.Go(func() {
			for turn := 0; next.Add(1) <= int64(j.Saves); turn++ {
				if err := saveOne(ctx, as, keys, log, &mine[turn%len(mine)]); err != nil {
					mu.Lock()
					faults = append(faults, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	wait.Wait()
	return errors.Join(faults...)
}

func saveOne(ctx context.Context, as *assessment.Service, keys *access.Keys, log *os.File, a *rig.Attempt) error {
	bearer, err := keys.ParseBearer(a.Bearer)
	if err != nil {
		return err
	}
	seq := a.Seq + 1
	entry := assessment.Entry{Position: int(seq)%a.Items + 1, Seq: seq, Value: string(rune('A' + seq&1))}
	if _, err := as.Save(ctx, assessment.TicketOf(bearer), time.Now(), []assessment.Entry{entry}); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	a.Seq = seq
	_, err = log.Write(ackRecord(a.Enrolment, seq))
	return err
}

// ackRecord has the shape of the library's records.
func ackRecord(enrolment, seq int64) []byte {
	b := make([]byte, headerSize, headerSize+8)
	binary.LittleEndian.PutUint32(b, opAck)
	binary.LittleEndian.PutUint64(b[8:], uint64(enrolment))
	binary.LittleEndian.PutUint32(b[16:], 8)
	return binary.LittleEndian.AppendUint64(b, uint64(seq))
}
