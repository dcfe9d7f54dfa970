// Command drain tells the server to stop, again and again, while answers are
// saved, as an update in the middle of an exam does. The clients stand behind a
// stand-in for a load balancer, which opens connections only while /readyz says
// yes. Every second time the database is held meanwhile, so that requests wait
// in the server when it closes its door. Every request must be answered, with
// 200 or an honest 503; readiness goes first; and nothing acknowledged may be
// missing afterwards.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"cakap/bench/rig"
	"cakap/bench/storm"
	"cakap/internal/storage"
)

func main() {
	var d drain
	flag.IntVar(&d.rounds, "rounds", 50, "how often the server is told to stop")
	flag.IntVar(&d.rate, "rate", 200, "saves per second")
	flag.StringVar(&d.engine, "engine", "sqlite", "sqlite or postgres")
	flag.StringVar(&d.binary, "binary", "bin/cakap", "the server")
	flag.DurationVar(&d.delay, "delay", 500*time.Millisecond, "how long the server serves on while it is not ready")
	flag.Parse()
	if err := d.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "drain:", err)
		os.Exit(1)
	}
}

const (
	clients = 32
	health  = 20 * time.Millisecond // between two looks at /readyz
	most    = 10 * time.Second      // from the signal to the end
)

type drain struct {
	binary, engine string
	rounds, rate   int
	delay          time.Duration

	tally   storm.Tally
	ledger  storm.Ledger
	broken  atomic.Int64 // requests without an answer
	unclean atomic.Int64 // answers that are neither 200 nor an honest 503
	closing atomic.Int64 // when the door closes in a round that holds the database, Unix nanoseconds
	late    atomic.Int64 // answers that came after that
	reason  atomic.Value // of the last broken request
	slowest time.Duration
}

func (d *drain) run(ctx context.Context) (err error) {
	place, err := rig.NewPlace(d.engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	attempts, err := rig.Fill(ctx, place, 4*clients)
	if err != nil {
		return err
	}
	for round := range d.rounds {
		if err := d.round(ctx, place, attempts, round%2 == 1); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
	}
	lost, err := d.ledger.Missing(ctx, place)
	if err != nil {
		return err
	}
	fmt.Printf("%s: told to stop %d times at %d saves/s: %d acknowledged, %d × 503, %d answered behind the closed door, %d without an answer, %d unclean; lost %d; gone after at most %s\n",
		d.engine, d.rounds, d.rate, d.tally.Acked.Load(), d.tally.Refused.Load(), d.late.Load(), d.broken.Load(), d.unclean.Load(), lost, d.slowest.Round(time.Millisecond))
	switch {
	case lost > 0:
		return errors.New("acknowledged answers are missing")
	case d.broken.Load() > 0:
		return fmt.Errorf("requests were cut off: %v", d.reason.Load())
	case d.unclean.Load() > 0:
		return errors.New("answers were neither 200 nor 503 with Retry-After")
	case d.rounds > 1 && d.late.Load() == 0:
		return errors.New("no request waited in the server when it closed its door, so the rig proves nothing")
	case d.slowest > most:
		return fmt.Errorf("the server took more than %s to stop", most)
	}
	return nil
}

// round is one life of the server.
func (d *drain) round(ctx context.Context, place rig.Place, attempts []rig.Attempt, held bool) error {
	server, err := storm.Begin(ctx, storm.Setup{Binary: d.binary, Place: place, Args: []string{"--drain-delay", d.delay.String()}})
	if err != nil {
		return err
	}
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	var open atomic.Bool
	open.Store(true)
	d.closing.Store(0)
	s := storm.Storm{
		Clients: clients, Attempts: attempts, Pause: time.Second * clients / time.Duration(d.rate), Connect: open.Load, Reply: d.hear,
		Broken: func(err error) { d.broken.Add(1); d.reason.Store(err.Error()) },
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(stop, server.Address, &d.ledger, &d.tally)
	}()
	time.Sleep(400 * time.Millisecond)
	var release func() error
	if held {
		if release, err = d.hold(ctx, place); err != nil {
			return errors.Join(err, server.Kill())
		}
	}
	err = d.stop(ctx, server, &open)
	if release != nil {
		err = errors.Join(err, release())
	}
	cancel()
	<-ended
	if err != nil {
		return fmt.Errorf("%w: %s", err, server.Said())
	}
	return folded(place)
}

// hold keeps the database from the server until a while after it has closed
// its door.
func (d *drain) hold(ctx context.Context, place rig.Place) (release func() error, err error) {
	db, _, err := place.Open(ctx)
	if err != nil {
		return nil, err
	}
	held, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Tx(ctx, func(db storage.Querier) error {
			defer close(held)
			if storage.IsPostgres(place.Database) {
				if _, err := db.Exec(ctx, `LOCK TABLE answer IN EXCLUSIVE MODE`); err != nil {
					return err
				}
			}
			d.closing.Store(time.Now().Add(d.delay).UnixNano())
			held <- struct{}{}
			time.Sleep(d.delay + 500*time.Millisecond)
			return nil
		})
	}()
	<-held
	return func() error { return errors.Join(<-done, db.Close()) }, nil
}

func (d *drain) hear(r storm.Reply) {
	if closing := d.closing.Load(); closing > 0 && time.Now().UnixNano() > closing+int64(50*time.Millisecond) {
		d.late.Add(1)
	}
	switch {
	case r.Status == http.StatusOK, r.Status == http.StatusTooManyRequests:
	case r.Status == http.StatusServiceUnavailable && r.RetryAfter != "":
	default:
		d.unclean.Add(1)
	}
}

// stop sends the signal and plays the load balancer: the first "not ready"
// closes the door to new connections.
func (d *drain) stop(ctx context.Context, server *storm.Server, open *atomic.Bool) error {
	start := time.Now()
	if err := server.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	for open.Load() {
		switch status := server.Get(ctx, "/readyz"); status {
		case http.StatusOK:
			time.Sleep(health)
		case http.StatusServiceUnavailable:
			open.Store(false)
		default:
			return fmt.Errorf("readiness did not go first: status %d", status)
		}
	}
	if err := server.Wait(); err != nil {
		return fmt.Errorf("the server did not end well: %w", err)
	}
	d.slowest = max(d.slowest, time.Since(start))
	return nil
}

// folded checks that SQLite's log was folded back before the end.
func folded(place rig.Place) error {
	if storage.IsPostgres(place.Database) {
		return nil
	}
	if info, err := os.Stat(place.Database + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("the log was left with %d bytes", info.Size())
	}
	return nil
}
