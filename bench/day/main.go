// Command day is an exam day on the real server: thousands log in over ten
// minutes, start within one, answer forty items each within ten, a tenth of
// them through broken networks and changed phones, and submit. Afterwards it
// opens the database and compares every answer with what each phone believes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"cakap/assessment"
	"cakap/bench/rig"
)

type settings struct {
	engine      string
	binary      string
	people      int
	speed       float64
	connections int
	troubled    int
	strict      bool
}

// The plan of the day in minutes at speed 1.
const (
	loginWindow  = 10 * time.Minute
	startWindow  = time.Minute
	answerWindow = 10 * time.Minute
)

func main() {
	var s settings
	flag.StringVar(&s.engine, "engine", "sqlite", "sqlite or postgres")
	flag.StringVar(&s.binary, "binary", "bin/cakap", "the server")
	flag.IntVar(&s.people, "people", 5000, "people enrolled")
	flag.Float64Var(&s.speed, "speed", 1, "how many times faster than the plan; 12 makes the day pass in under two minutes")
	flag.IntVar(&s.connections, "connections", 2000, "connections the phones share")
	flag.IntVar(&s.troubled, "troubled", 10, "percent whose network breaks or whose phone changes")
	flag.BoolVar(&s.strict, "strict", false, "a missed limit of time or memory is a failure too")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "day:", err)
		os.Exit(1)
	}
}

func (s settings) fast(d time.Duration) time.Duration { return time.Duration(float64(d) / s.speed) }

func run(ctx context.Context, s settings) (err error) {
	place, err := rig.NewPlace(s.engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	fmt.Printf("%s: preparing %d people, their forms and codes…\n", s.engine, s.people)
	people, err := rig.Exam(ctx, place, s.people, assessment.Ringkas)
	if err != nil {
		return err
	}
	server, err := rig.Serve(ctx, s.binary, place)
	if err != nil {
		return err
	}
	d := &day{settings: s, server: server, wire: rig.NewWire(server.Address, s.connections)}
	fmt.Printf("log-ins over %s, starts within %s, 40 answers each within %s, %d %% with trouble\n",
		s.fast(loginWindow), s.fast(startWindow), s.fast(answerWindow), s.troubled)
	stop := server.Watch()
	before := rig.CPU(server.PID)
	phones := d.run(ctx, people)
	d.cpu = rig.CPU(server.PID) - before
	d.memory, d.peak = stop()
	d.wire.Close()
	if err := server.Stop(); err != nil {
		return err
	}
	found, err := compare(ctx, place, phones)
	if err != nil {
		return err
	}
	return d.report(found)
}
