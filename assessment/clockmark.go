package assessment

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cakap/internal/storage"
)

// A server that was off for longer than longStop while attempts ran does not
// end them for the first lookAround: a person may see that its clock is wrong,
// or credit the outage.
const (
	longStop   = time.Hour
	lookAround = 15 * time.Minute
)

// ResumeClock compares a starting server's clock with the highest instant that
// its database has seen (ADR 14). A clock that is behind goes on from there, so
// that no restart moves a deadline later. One that is far ahead is believed, for
// a server may have been off overnight; but where attempts ran out meanwhile
// they are not ended at once.
func ResumeClock(ctx context.Context, db *storage.DB, clock *Clock, log *slog.Logger) error {
	st := store{db}
	mark, err := st.clockMark(ctx)
	if err != nil {
		return fmt.Errorf("read the clock mark: %w", err)
	}
	now := clock.Now()
	clock.Resume(mark)
	if behind := mark.Sub(now); behind > MaxDrift {
		log.Error("the machine's clock is behind what the database has seen; the time goes on from there, and attempts are not submitted automatically until an administrator confirms the time",
			"behind", behind.String(), "seen", mark.Format(time.RFC3339))
	}
	if mark.IsZero() || now.Sub(mark) < longStop {
		return nil
	}
	n, err := st.ranOut(ctx, mark, now)
	if err != nil {
		return fmt.Errorf("count attempts that ran out: %w", err)
	}
	if n > 0 {
		clock.hold(lookAround)
		log.Warn("the server was off while attempts ran; they are submitted after a while, or when an administrator confirms the time",
			"off", now.Sub(mark).String(), "attempts", n, "wait", lookAround.String())
	}
	return nil
}

func (s store) clockMark(ctx context.Context) (time.Time, error) {
	var ms int64
	err := s.db.Get(ctx, &ms, `SELECT at_ms FROM clock_mark WHERE id = 1`)
	return instant(ms), err
}

// ranOut counts the attempts under way whose deadline lies between two instants.
func (s store) ranOut(ctx context.Context, from, to time.Time) (int, error) {
	var n int
	err := s.db.Get(ctx, &n, `
		SELECT count(*) FROM attempt
		WHERE state IN ('open', 'closing') AND deadline_ms > ? AND deadline_ms <= ? AND paused_ms IS NULL`, from.UnixMilli(), to.UnixMilli())
	return n, err
}

// raiseMark notes an instant if the database has seen none later.
func (s store) raiseMark(ctx context.Context, at time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE clock_mark SET at_ms = ? WHERE id = 1 AND at_ms < ?`, at.UnixMilli(), at.UnixMilli())
	return err
}

// SetClockMark notes the instant that a person confirmed, even an earlier one.
func SetClockMark(ctx context.Context, db storage.Querier, at time.Time) error {
	if _, err := db.Exec(ctx, `UPDATE clock_mark SET at_ms = ? WHERE id = 1`, at.UnixMilli()); err != nil {
		return fmt.Errorf("set the clock mark: %w", err)
	}
	return nil
}

// timekeeper is what a server knows of the mark from one sweep to the next.
type timekeeper struct {
	service *Service
	clock   *Clock
	known   time.Time // the mark as it was read or written last
	rounds  int
	early   int // how often on end another server told an earlier time
}

// settling is how many rounds a server only looks at the mark after its start:
// by then every other one that lives has moved it.
const settling = 3

// tick looks whether another server moved the mark meanwhile, and how far this
// one's clock is ahead of it, then notes the time. It reports whether attempts
// may be ended now.
func (k *timekeeper) tick(ctx context.Context) (bool, error) {
	mark, err := k.service.read.clockMark(ctx)
	if err != nil {
		return false, fmt.Errorf("read the clock mark: %w", err)
	}
	if k.rounds > 0 && !mark.Equal(k.known) { // somebody else moved it
		k.compare(k.clock.Now().Sub(mark))
	}
	k.known = mark
	doubt, _ := k.clock.Doubt()
	if k.rounds++; k.rounds < settling {
		return false, nil
	}
	if doubt == DoubtPeer || doubt == DoubtStop {
		return false, nil // what may be wrong is not passed on to the others
	}
	if now := k.clock.Now().Truncate(time.Millisecond); now.After(mark) {
		if err := k.service.read.raiseMark(ctx, now); err != nil {
			return false, fmt.Errorf("note the time: %w", err)
		}
		k.known = now
	}
	return doubt == NoDoubt, nil
}

// compare judges how far this clock is ahead of another server's. Once is no
// proof: a server that had to wait for the database notes a time of before.
func (k *timekeeper) compare(ahead time.Duration) {
	if k.early++; ahead <= MaxDrift {
		k.early = 0
	}
	if k.early != 1 {
		k.clock.leads(max(ahead, 0))
	}
}
