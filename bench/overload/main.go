// Command overload asks the real server for more than it can do: saves at one,
// three and eight times of what it was measured to carry, on a schedule that
// does not wait for replies, and then pages and log-ins without end beside a
// few saves. What the server accepts must stay fast, and the rest must be told
// when to come back.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"cakap/bench/rig"
)

type settings struct {
	engine      string
	binary      string
	people      int
	connections int
	each        time.Duration
	strict      bool
}

// The limits of DESIGN 10.
const (
	goodputShare = 0.9
	latencyLimit = 500 * time.Millisecond
	recoverLimit = 5 * time.Second
	memoryGrowth = 1.5
)

func main() {
	var s settings
	flag.StringVar(&s.engine, "engine", "sqlite", "sqlite or postgres")
	flag.StringVar(&s.binary, "binary", "bin/cakap", "the server")
	flag.IntVar(&s.people, "people", 3000, "attempts under way; one may save twenty times a second")
	flag.IntVar(&s.connections, "connections", 6000, "connections, each with one request at a time")
	flag.DurationVar(&s.each, "each", 6*time.Second, "length of a step")
	flag.BoolVar(&s.strict, "strict", false, "a missed limit of time or memory is a failure too")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "overload:", err)
		os.Exit(1)
	}
}

// storm is one run.
type storm struct {
	settings
	server   *rig.Server
	attempts []rig.Attempt
	missed   []error
}

func run(ctx context.Context, s settings) (err error) {
	place, err := rig.NewPlace(s.engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	fmt.Printf("%s: filling %d attempts…\n", s.engine, s.people)
	attempts, err := rig.Fill(ctx, place, s.people)
	if err != nil {
		return err
	}
	staff, err := rig.Staff(ctx, place, 4)
	if err != nil {
		return err
	}
	server, err := rig.Serve(ctx, s.binary, place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	t := &storm{settings: s, server: server, attempts: attempts}
	if err := t.saves(ctx); err != nil {
		return err
	}
	if err := t.mixed(ctx, staff); err != nil {
		return err
	}
	return errors.Join(t.missed...)
}

// check prints a limit and whether it was met; a hard one fails the run.
func (t *storm) check(ok, hard bool, format string, args ...any) {
	word := "pass"
	if !ok {
		word = "FAIL"
		if hard || t.strict {
			t.missed = append(t.missed, fmt.Errorf(format, args...))
		}
	}
	fmt.Printf("%s  %s\n", word, fmt.Sprintf(format, args...))
}
