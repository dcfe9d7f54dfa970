// Command crash kills the server during a save storm, again and again, and
// looks after each kill whether an answer that was acknowledged is missing. On
// PostgreSQL, in a cluster of its own, it then kills the database with it, and
// at last stops the database alone under a server that goes on. A control run
// with a writer that answers before it commits must lose some: a rig that finds
// nothing there would prove nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"cakap/bench/rig"
	"cakap/bench/storm"
)

func main() {
	var r crash
	flag.IntVar(&r.kills, "kills", 50, "how often the server is killed")
	flag.StringVar(&r.engine, "engine", "sqlite", "sqlite or postgres")
	flag.IntVar(&r.clients, "clients", 32, "connections that save at once")
	flag.StringVar(&r.binary, "binary", "bin/cakap", "the server")
	flag.DurationVar(&r.outage, "outage", 10*time.Second, "how long PostgreSQL is away in the last run")
	flag.Parse()
	if err := r.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// crash is one call of the rig.
type crash struct {
	binary, engine string
	kills, clients int
	outage         time.Duration
	cluster        *storm.Cluster // nil on SQLite
}

func (r *crash) run(ctx context.Context) (err error) {
	if r.engine == "postgres" {
		if r.cluster, err = storm.NewCluster(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.cluster.Close(ctx)) }()
		if err := os.Setenv("CAKAP_TEST_POSTGRES", r.cluster.URL()); err != nil {
			return err
		}
	}
	if err := r.honest(ctx, "the server", r.server); err != nil {
		return err
	}
	if r.cluster != nil {
		if err := r.honest(ctx, "the server and every process of PostgreSQL", r.everything); err != nil {
			return err
		}
		if err := r.restart(ctx); err != nil {
			return err
		}
	}
	broken, err := r.storm(ctx, max(r.kills/5, 5), r.server, "CAKAP_CRASH_RIG=ack-before-commit")
	if err != nil {
		return fmt.Errorf("control run: %w", err)
	}
	fmt.Printf("control, a writer that answers before it commits: %d kills, %d acknowledged, lost %d\n", broken.kills, broken.Acked.Load(), broken.lost)
	if broken.lost == 0 {
		return errors.New("the rig did not notice the broken writer, so it proves nothing")
	}
	fmt.Println("0 acknowledged answers lost, and the rig sees what it must")
	return nil
}

// honest is a run in which nothing may be lost.
func (r *crash) honest(ctx context.Context, victim string, kill func(*storm.Server) error) error {
	t, err := r.storm(ctx, r.kills, kill)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d kills of %s, %d acknowledged, %d unknown, %d refused; lost %d; ready again in at most %s\n", r.engine, t.kills, victim,
		t.Acked.Load(), t.Unknown.Load(), t.Refused.Load(), t.lost, t.slowest.Round(time.Millisecond))
	if t.lost > 0 {
		return errors.New("acknowledged answers are missing")
	}
	return nil
}

// server kills the server alone.
func (r *crash) server(s *storm.Server) error { return s.Kill() }

// everything kills the database first: the server must not see it coming.
func (r *crash) everything(s *storm.Server) error {
	return errors.Join(r.cluster.Kill(), s.Kill())
}

// tally is what a storm saw.
type tally struct {
	storm.Tally
	kills, lost int
	slowest     time.Duration // from start to ready
}

// storm is one database that lives through all kills.
func (r *crash) storm(ctx context.Context, kills int, kill func(*storm.Server) error, env ...string) (t *tally, err error) {
	place, attempts, err := r.fill(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	t = &tally{}
	var ledger storm.Ledger
	for t.kills < kills {
		if err := r.once(ctx, t, storm.Setup{Binary: r.binary, Place: place, Env: env}, attempts, &ledger, kill); err != nil {
			return t, err
		}
		t.kills++
		if t.lost, err = ledger.Missing(ctx, place); err != nil || t.lost > 0 {
			return t, err // seen; more kills would say the same
		}
	}
	return t, nil
}

// fill makes the database. Each client has several attempts, since a server
// slows down an attempt that is answered faster than people can.
func (r *crash) fill(ctx context.Context) (rig.Place, []rig.Attempt, error) {
	place, err := rig.NewPlace(r.engine)
	if err != nil {
		return place, nil, err
	}
	attempts, err := rig.Fill(ctx, place, 8*r.clients)
	if err != nil {
		return place, nil, errors.Join(err, place.Close())
	}
	return place, attempts, nil
}

// once starts the server, storms it and kills it.
func (r *crash) once(ctx context.Context, t *tally, setup storm.Setup, attempts []rig.Attempt, ledger *storm.Ledger, kill func(*storm.Server) error) error {
	start := time.Now()
	server, err := storm.Begin(ctx, setup)
	if err != nil {
		return err
	}
	t.slowest = max(t.slowest, time.Since(start))
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s := storm.Storm{Clients: r.clients, Attempts: attempts, Stop: true}
		s.Run(stop, server.Address, ledger, &t.Tally)
	}()
	time.Sleep(time.Duration(30+rand.IntN(370)) * time.Millisecond)
	err = kill(server)
	cancel()
	<-ended
	if err == nil && r.cluster != nil {
		err = r.revive(ctx)
	}
	return err
}

// revive starts PostgreSQL where it was killed.
func (r *crash) revive(ctx context.Context) error {
	up, err := r.cluster.Running()
	if err != nil || up {
		return err
	}
	return r.cluster.Start(ctx)
}
