package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"cakap/bench/storm"
)

// soon is how long after the database is back the first answer must be saved.
const soon = 5 * time.Second

// watch notes what the clients hear while the database is away.
type watch struct {
	away, bare, other atomic.Int64 // 503s, those without Retry-After, other refusals
	saved             atomic.Int64 // when an answer was last acknowledged, Unix nanoseconds
}

func (w *watch) hear(r storm.Reply) {
	switch r.Status {
	case http.StatusOK:
		w.saved.Store(time.Now().UnixNano())
	case http.StatusServiceUnavailable:
		w.away.Add(1)
		if r.RetryAfter == "" {
			w.bare.Add(1)
		}
	case http.StatusTooManyRequests:
	default:
		w.other.Add(1)
	}
}

// restart stops PostgreSQL under a server that goes on: meanwhile clients are
// told to come back, afterwards the server finds its way by itself.
func (r *crash) restart(ctx context.Context) (err error) {
	place, attempts, err := r.fill(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	server, err := storm.Begin(ctx, storm.Setup{Binary: r.binary, Place: place})
	if err != nil {
		return err
	}
	var (
		ledger storm.Ledger
		tally  storm.Tally
		heard  watch
	)
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s := storm.Storm{Clients: r.clients, Attempts: attempts, Pause: 5 * time.Millisecond, Reply: heard.hear}
		s.Run(stop, server.Address, &ledger, &tally)
	}()
	back, err := r.away(ctx)
	if err == nil {
		back, err = heard.recovery(back)
	}
	cancel()
	<-ended
	if err := errors.Join(err, server.Stop()); err != nil {
		return fmt.Errorf("%w: %s", err, server.Said())
	}
	lost, err := ledger.Missing(ctx, place)
	if err != nil {
		return err
	}
	fmt.Printf("postgres: stopped for %s under load, %d acknowledged, %d × 503, %d unknown; lost %d; the first answer %s after it was back\n",
		r.outage, tally.Acked.Load(), heard.away.Load(), tally.Unknown.Load(), lost, time.Duration(back).Round(time.Millisecond))
	switch {
	case lost > 0:
		return errors.New("acknowledged answers are missing")
	case heard.away.Load() == 0 || heard.bare.Load() > 0 || heard.other.Load() > 0:
		return fmt.Errorf("while PostgreSQL was away: %d × 503, of them %d without Retry-After, and %d other refusals; want 503 with Retry-After and nothing else",
			heard.away.Load(), heard.bare.Load(), heard.other.Load())
	case time.Duration(back) > soon:
		return fmt.Errorf("the server needed more than %s", soon)
	}
	return nil
}

// away takes PostgreSQL away for a while and tells when it was back.
func (r *crash) away(ctx context.Context) (int64, error) {
	time.Sleep(time.Second)
	if err := r.cluster.Stop(ctx); err != nil {
		return 0, err
	}
	time.Sleep(r.outage)
	err := r.cluster.Start(ctx)
	return time.Now().UnixNano(), err
}

// recovery waits for the first answer after back and tells how long it took.
func (w *watch) recovery(back int64) (int64, error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if saved := w.saved.Load(); saved > back {
			time.Sleep(time.Second) // what the recovered server acknowledges is counted, too
			return saved - back, nil
		}
	}
	return 0, errors.New("the server did not recover within 30 s")
}
