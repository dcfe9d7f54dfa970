package assessment

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cakap/internal/storage"
)

// Swept counts what a sweep did.
type Swept struct {
	Closing   int // attempts whose last call is over
	Submitted int // attempts whose grace is over, scored
}

// A sweep handles the oldest few thousand; what is left comes a few seconds later.
const (
	sweepMost     = 5000
	sweepParallel = 32 // enough at once to fill the writer's groups
)

// Sweep closes and submits the attempts whose time is over. Any number of
// nodes may sweep: each attempt's own statement decides who does it.
func (s *Service) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var done Swept
	ids, err := s.read.pastLastCall(ctx, now, sweepMost)
	if err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	if done.Closing, err = s.each(ctx, ids, func(id AttemptID) (bool, error) { return s.beginClosing(ctx, id, now) }); err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	if ids, err = s.read.pastGrace(ctx, now, sweepMost); err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	if done.Submitted, err = s.each(ctx, ids, func(id AttemptID) (bool, error) { return s.submitDue(ctx, id, now, store.submitDue) }); err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	if ids, err = s.read.forgotten(ctx, now, sweepMost); err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	ended, err := s.each(ctx, ids, func(id AttemptID) (bool, error) { return s.submitDue(ctx, id, now, store.submitForgotten) })
	if done.Submitted += ended; err != nil {
		return done, fmt.Errorf("sweep: %w", err)
	}
	return done, nil
}

// each runs act on all ids, several at a time, and counts the true ones. One
// attempt's trouble does not keep the others waiting.
func (s *Service) each(ctx context.Context, ids []AttemptID, act func(AttemptID) (bool, error)) (int, error) {
	var (
		mu     sync.Mutex
		wait   sync.WaitGroup
		count  int
		faults []error
	)
	tickets := make(chan struct{}, sweepParallel)
	for _, id := range ids {
		if ctx.Err() != nil {
			faults = append(faults, ctx.Err())
			break
		}
		tickets <- struct{}{}
		wait.Go(func() {
			defer func() { <-tickets }()
			did, err := act(id)
			mu.Lock()
			defer mu.Unlock()
			if did {
				count++
			}
			if err != nil && len(faults) < 10 {
				faults = append(faults, err)
			}
		})
	}
	wait.Wait()
	return count, errors.Join(faults...)
}

func (s *Service) beginClosing(ctx context.Context, id AttemptID, now time.Time) (did bool, err error) {
	var moved bool
	err = s.follows(ctx, id.Enrolment, func(ctx context.Context, db storage.Querier) (err error) {
		moved, err = store{db}.beginClosing(ctx, id, now)
		return err
	})
	return err == nil && moved, err
}

// submitDue submits and scores an attempt where the statement decides so.
func (s *Service) submitDue(ctx context.Context, id AttemptID, now time.Time, due func(store, context.Context, AttemptID, time.Time) (bool, error)) (bool, error) {
	a, m, err := s.scorable(ctx, id)
	if err != nil {
		return false, err
	}
	var did bool
	err = s.follows(ctx, id.Enrolment, func(ctx context.Context, db storage.Querier) error {
		st := store{db}
		did = false
		ended, err := due(st, ctx, id, now)
		if err != nil || !ended {
			return err
		}
		did = true
		return st.score(ctx, m, a, ByDeadline, "submitted", now)
	})
	return err == nil && did, err
}

// Sweeps sweeps every interval until ctx ends, and notes the time in the
// database. While the clock is in doubt it submits nothing by itself and says
// so once: a clock that jumped forward would end everybody's attempt.
func (s *Service) Sweeps(ctx context.Context, clock *Clock, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	keeper := timekeeper{service: s, clock: clock}
	alarmed := NoDoubt
	for {
		select {
		case <-ctx.Done():
			// Who starts next with a slow clock goes on from here.
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), interval)
			defer cancel()
			if _, err := keeper.tick(last); err != nil {
				s.log.Warn("the time of the stop was not noted", "error", err.Error())
			}
			return
		case <-ticker.C:
		}
		trusted, err := keeper.tick(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("sweep attempts", "error", err.Error())
		}
		doubt, by := clock.Doubt()
		if doubt != alarmed && (doubt == DoubtJump || doubt == DoubtPeer) {
			s.log.Error(alarms[doubt], "by", by.String())
		}
		alarmed = doubt
		if !trusted {
			continue
		}
		clock.Follow(interval / 100)
		s.sweepOnce(ctx, clock.Now())
	}
}

// alarms say what to do about a clock in doubt.
var alarms = map[Doubt]string{
	DoubtJump: "the system clock jumped; attempts are not submitted automatically until an administrator confirms the time",
	DoubtPeer: "the clock is ahead of another server's; this one does not submit attempts automatically until an administrator confirms the time",
}

func (s *Service) sweepOnce(ctx context.Context, now time.Time) {
	done, err := s.Sweep(ctx, now)
	if err != nil && ctx.Err() == nil {
		s.log.Error("sweep attempts", "error", err.Error())
	}
	if done.Submitted > 0 {
		s.log.Info("attempts submitted at their deadline", "count", done.Submitted)
	}
}
