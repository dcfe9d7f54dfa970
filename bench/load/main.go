// Command load measures log-ins and whole attempts of the real server by HTTP,
// as browsers do them: the log-in, the pages, the start, a save for each of
// forty items, the submission.
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
	engine  string
	binary  string
	each    int
	logins  time.Duration
	clients int
}

func main() {
	var s settings
	flag.StringVar(&s.engine, "engine", "sqlite", "sqlite or postgres")
	flag.StringVar(&s.binary, "binary", "bin/cakap", "the server")
	flag.IntVar(&s.each, "attempts", 200, "whole attempts at each width")
	flag.DurationVar(&s.logins, "logins", 4*time.Second, "length of each log-in measurement")
	flag.IntVar(&s.clients, "clients", 32, "log-ins at once")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

var widths = []int{1, 10, 50}

func run(ctx context.Context, s settings) (err error) {
	place, err := rig.NewPlace(s.engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	people, err := rig.Exam(ctx, place, s.each*len(widths)+64, assessment.Ringkas)
	if err != nil {
		return err
	}
	staff, err := rig.Staff(ctx, place, 8)
	if err != nil {
		return err
	}
	server, err := rig.Serve(ctx, s.binary, place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	fmt.Printf("%s, %d people enrolled; server and generator share this machine\n", s.engine, len(people))
	if err := attempts(ctx, s, server, people[64:]); err != nil {
		return err
	}
	return logins(ctx, s, server, people, staff)
}

// attempts takes whole attempts without time to think, several at once.
func attempts(ctx context.Context, s settings, server *rig.Server, people []rig.Candidate) error {
	fmt.Printf("\nwhole attempts after log-in (start, page, 40 saves, review, submit, receipt)\n%8s %10s %10s %14s %10s %10s\n",
		"at once", "attempts/s", "saves/s", "CPU ms/save", "save p50", "save p99")
	for _, width := range widths {
		browsers, err := enter(ctx, server, people[:s.each])
		if err != nil {
			return err
		}
		people = people[s.each:]
		var saves rig.Histogram
		before, start := rig.CPU(server.PID), time.Now()
		if err := rig.Parallel(width, len(browsers), func(i int) error { return whole(ctx, browsers[i], &saves) }); err != nil {
			return err
		}
		took := time.Since(start)
		cpu := float64((rig.CPU(server.PID) - before).Microseconds()) / 1000
		fmt.Printf("%8d %10.1f %10.0f %14.3f %10s %10s\n", width, float64(len(browsers))/took.Seconds(), float64(saves.Count())/took.Seconds(),
			cpu/float64(saves.Count()), saves.At(0.5).Round(10*time.Microsecond), saves.At(0.99).Round(10*time.Microsecond))
	}
	fmt.Println("wanted: at most 0.5 ms of CPU for a saved answer; Moodle 4.5 takes 79 ms and saves 21-24 a second")
	return nil
}

// enter logs people in, ready to start.
func enter(ctx context.Context, server *rig.Server, people []rig.Candidate) ([]*rig.Browser, error) {
	browsers := make([]*rig.Browser, len(people))
	wire := rig.NewWire(server.Address, 64)
	return browsers, rig.Parallel(8, len(people), func(i int) error {
		browsers[i] = rig.NewBrowser(wire)
		if err := browsers[i].LogIn(ctx, people[i]); err != nil {
			return err
		}
		return browsers[i].Prepare(ctx)
	})
}

func whole(ctx context.Context, b *rig.Browser, saves *rig.Histogram) error {
	if err := b.Start(ctx); err != nil {
		return err
	}
	if err := b.Load(ctx); err != nil {
		return err
	}
	seq := b.Seq
	for n := 1; n <= b.Items; n++ {
		seq++
		start := time.Now()
		if _, err := b.Save(ctx, []rig.Answer{{Position: n, Seq: seq, Value: "A"}}, rig.Whole); err != nil {
			return err
		}
		saves.Add(time.Since(start))
	}
	return b.Submit(ctx, seq)
}
