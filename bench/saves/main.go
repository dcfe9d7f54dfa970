// Command saves measures durable answer saves: the running service and a bare
// handler with the same group commit and nothing else, in turns within one run,
// and prints their ratio.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/bench/rig"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/web"
	"cakap/internal/web/ceiling"
	"cakap/internal/web/participant"
	"cakap/questionbank"
	"cakap/reports"
)

type settings struct {
	engine  string
	people  int
	clients int
	rounds  int
	each    time.Duration
	child   string
	keyFile string
}

func main() {
	var s settings
	flag.StringVar(&s.engine, "engine", "sqlite", "sqlite or postgres")
	flag.IntVar(&s.people, "people", 1500, "attempts under way; one may save twenty times a second")
	flag.IntVar(&s.clients, "clients", 64, "connections that save at once")
	flag.IntVar(&s.rounds, "rounds", 4, "turns of each side")
	flag.DurationVar(&s.each, "each", 3*time.Second, "length of a turn")
	flag.StringVar(&s.child, "child", "", "internal: serve this database")
	flag.StringVar(&s.keyFile, "key-file", "", "internal")
	flag.Parse()
	run := measure
	if s.child != "" {
		run = serve
	}
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "saves:", err)
		os.Exit(1)
	}
}

// serve is the child: the service and the ceiling on two ports of one process.
func serve(ctx context.Context, s settings) error {
	p := rig.Place{Database: s.child, KeyFile: s.keyFile}
	db, keys, err := p.Open(ctx)
	if err != nil {
		return err
	}
	writer := assessment.NewWriter(db, time.Now, commit.For(db.Engine()))
	log, clock := slog.New(slog.DiscardHandler), assessment.NewClock()
	server, err := web.New(web.Config{Now: clock.Now, Log: log, Version: "bench"}, web.Services{
		DB: db, Keys: keys, Access: access.New(db, keys, clock.Now), People: people.New(db), Bank: &questionbank.Service{DB: db, Now: clock.Now}, Reports: reports.New(db),
		Assessment: assessment.New(assessment.Options{DB: db, Writer: writer, Keys: keys, Now: clock.Now, Log: log}),
	})
	if err != nil {
		return err
	}
	for _, h := range []http.Handler{server, ceiling.Handler(writer)} {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Println(l.Addr())
		go func() { _ = (&http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}).Serve(l) }()
	}
	_, err = io.Copy(io.Discard, os.Stdin) // the parent closes it
	writer.Close()
	return errors.Join(err, db.Close())
}

// side is one of the two that are compared.
type side struct {
	name    string
	address string
	path    func(*rig.Attempt) string
	saved   int
	failed  int
	waits   []time.Duration
	cpu     time.Duration
	took    time.Duration
}

func measure(ctx context.Context, s settings) (err error) {
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
	child := exec.CommandContext(ctx, os.Args[0], "-child", place.Database, "-key-file", place.KeyFile) //nolint:gosec // ourselves
	child.Stderr = os.Stderr
	stop, err := child.StdinPipe()
	if err != nil {
		return err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	if err := child.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop.Close(), child.Wait()) }()
	lines := bufio.NewScanner(out)
	address := func() string { lines.Scan(); return lines.Text() }
	service := &side{name: "service", address: address(), path: func(*rig.Attempt) string { return participant.SavePath }}
	bare := &side{name: "ceiling", address: address(), path: func(a *rig.Attempt) string { return "/" + strconv.FormatInt(a.Enrolment, 10) }}
	for round := range s.rounds + 1 {
		for _, d := range []*side{service, bare} {
			if err := d.turn(ctx, s, attempts, child.Process.Pid, round > 0); err != nil {
				return err
			}
		}
	}
	return report(s, service, bare)
}

// turn loads one side for a while; the first round only warms up.
func (d *side) turn(ctx context.Context, s settings, attempts []rig.Attempt, pid int, counts bool) error {
	before, start := rig.CPU(pid), time.Now()
	end := start.Add(s.each)
	var mu sync.Mutex
	var all sync.WaitGroup
	var first error
	for i := range s.clients {
		all.Go(func() {
			saved, failed, waits, err := d.load(ctx, attempts, i, s.clients, end)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && first == nil {
				first = err
			}
			if counts {
				d.saved, d.failed, d.waits = d.saved+saved, d.failed+failed, append(d.waits, waits...)
			}
		})
	}
	all.Wait()
	if counts {
		d.cpu += rig.CPU(pid) - before
		d.took += time.Since(start)
	}
	return first
}

// load is one connection; it owns every s.clients-th attempt.
func (d *side) load(ctx context.Context, attempts []rig.Attempt, i, step int, end time.Time) (saved, failed int, waits []time.Duration, err error) {
	c, err := rig.Dial(ctx, d.address)
	if err != nil {
		return 0, 0, nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for n := i; ; n += step {
		if n >= len(attempts) {
			n = i
		}
		start := time.Now()
		if start.After(end) {
			return saved, failed, waits, nil
		}
		a := &attempts[n]
		status, err := c.Save(d.path(a), a)
		if err != nil {
			return saved, failed, waits, err
		}
		if status != http.StatusOK {
			failed++
			if failed > 1000 {
				return saved, failed, waits, fmt.Errorf("%s answers %d again and again", d.name, status)
			}
			continue
		}
		saved++
		waits = append(waits, time.Since(start))
	}
}

func (d *side) perSecond() float64 { return float64(d.saved) / d.took.Seconds() }

func report(s settings, service, bare *side) error {
	fmt.Printf("\n%-8s %10s %10s %10s %10s %12s\n", "", "saves/s", "p50 ms", "p99 ms", "refused", "CPU ms/save")
	for _, d := range []*side{service, bare} {
		slices.Sort(d.waits)
		at := func(q float64) float64 {
			if len(d.waits) == 0 {
				return 0
			}
			return float64(d.waits[int(q*float64(len(d.waits)-1))].Microseconds()) / 1000
		}
		fmt.Printf("%-8s %10.0f %10.2f %10.2f %10d %12.4f\n", d.name, d.perSecond(), at(0.5), at(0.99), d.failed, float64(d.cpu.Milliseconds())/float64(max(d.saved, 1)))
	}
	if bare.saved == 0 || service.saved == 0 {
		return errors.New("nothing was saved")
	}
	fmt.Printf("\nratio service/ceiling = %.2f (wanted: at least 0.70), %s, %d connections, durable commits\n", service.perSecond()/bare.perSecond(), s.engine, s.clients)
	return nil
}
