package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
	"cakap/internal/web/participant"
)

// step is one rate of saves.
type step struct {
	offered           int // that were due
	accepted, refused atomic.Int64
	late              atomic.Int64 // not sent: no connection was free for a second
	strange           atomic.Int64 // a reply that is neither 200 nor a refusal that says when to come back
	latency, fromDue  rig.Histogram
	refusal           rig.Histogram
	took              time.Duration
	cpu               time.Duration
	memory            int64
}

func (s *step) goodput() float64 { return float64(s.accepted.Load()) / s.took.Seconds() }

const head = "              offered/s     sent/s accepted/s  refused/s  not sent    p50 ms    p99 ms  p99 from due  refusal p99  resident"

func (s *step) row(name string) {
	per := func(n int64) float64 { return float64(n) / s.took.Seconds() }
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("%-12s %10.0f %10.0f %10.0f %10.0f %9d %9.1f %9.1f %13.1f %12.1f %9s\n", name, per(int64(s.offered)),
		per(s.accepted.Load()+s.refused.Load()), s.goodput(), per(s.refused.Load()), s.late.Load(),
		ms(s.latency.At(0.5)), ms(s.latency.At(0.99)), ms(s.fromDue.At(0.99)), ms(s.refusal.At(0.99)), rig.MiB(s.memory))
}

// peakConnections fill the writer's groups without a queue worth the name.
const peakConnections = 256

// saves finds the capacity, overloads it, and looks how the server recovers.
func (t *storm) saves(ctx context.Context) error {
	fmt.Println(head)
	if _, err := t.step(ctx, 0, peakConnections, 2*time.Second); err != nil { // warms up
		return err
	}
	// The peak is taken before and after, for a shared machine changes its mind.
	before, err := t.step(ctx, 0, peakConnections, t.each)
	if err != nil {
		return err
	}
	before.row("capacity")
	capacity := before.goodput()
	var steps []*step
	factors := []float64{1, 3, 8}
	for _, factor := range factors {
		s, err := t.step(ctx, factor*capacity, t.connections, t.each)
		if err != nil {
			return err
		}
		s.row(fmt.Sprintf("%g times", factor))
		steps = append(steps, s)
	}
	recovered, err := t.recover(ctx)
	if err != nil {
		return err
	}
	after, err := t.step(ctx, 0, peakConnections, t.each)
	if err != nil {
		return err
	}
	after.row("capacity")
	fmt.Println("not sent: no connection was free within a second of the due time; the generator shares the machine")
	peak := (before.goodput() + after.goodput()) / 2
	for i, s := range steps {
		if factors[i] == 1 {
			continue
		}
		t.check(s.goodput() >= goodputShare*peak, false, "at %g times: goodput %.0f/s is %.2f of the peak %.0f/s (wanted %.2f)", factors[i], s.goodput(), s.goodput()/peak, peak, goodputShare)
		t.check(s.latency.At(0.99) < latencyLimit, false, "at %g times: accepted saves p99 %s (limit %s)", factors[i], s.latency.At(0.99).Round(time.Millisecond), latencyLimit)
		t.check(s.strange.Load() == 0, true, "at %g times: every reply is 200, or 503 with Retry-After (%d others)", factors[i], s.strange.Load())
	}
	top := steps[len(steps)-1]
	t.check(float64(top.memory) < memoryGrowth*float64(steps[0].memory), false, "memory: %s at %g times, %s at one (limit %g times as much)", rig.MiB(top.memory), factors[len(factors)-1], rig.MiB(steps[0].memory), memoryGrowth)
	t.check(recovered < recoverLimit, false, "after the storm saves are quick again within %s (limit %s)", recovered.Round(time.Millisecond), recoverLimit)
	return nil
}

// step saves at a rate, or as fast as replies come where it is 0.
func (t *storm) step(ctx context.Context, rate float64, connections int, length time.Duration) (*step, error) {
	s := &step{}
	clients := make([]*rig.Client, connections)
	for i := range clients {
		c, err := rig.Dial(ctx, t.server.Address)
		if err != nil {
			return nil, err
		}
		defer func() { _ = c.Close() }()
		clients[i] = c
	}
	var next atomic.Int64
	var all sync.WaitGroup
	before, start := rig.CPU(t.server.PID), time.Now()
	end := start.Add(length)
	for i, c := range clients {
		all.Go(func() {
			for turn := i; ; turn += connections {
				due := time.Now()
				if rate > 0 {
					due = start.Add(time.Duration(float64(next.Add(1)-1) / rate * float64(time.Second)))
				}
				if !due.Before(end) || !time.Now().Before(end.Add(time.Second)) {
					return
				}
				time.Sleep(time.Until(due))
				if time.Since(due) > time.Second {
					s.late.Add(1)
					continue
				}
				if !t.save(c, s, &t.attempts[turn%len(t.attempts)], due) {
					return
				}
			}
		})
	}
	time.Sleep(length)
	s.memory, _ = rig.Memory(t.server.PID)
	all.Wait()
	s.took, s.cpu = length, rig.CPU(t.server.PID)-before
	s.offered = int(rate * length.Seconds())
	if rate == 0 {
		s.offered = int(s.accepted.Load() + s.refused.Load())
	}
	return s, nil
}

// save sends one answer; false means that the connection is gone.
func (t *storm) save(c *rig.Client, s *step, a *rig.Attempt, due time.Time) bool {
	sent := time.Now()
	status, err := c.Save(participant.SavePath, a)
	switch {
	case err != nil:
		s.strange.Add(1)
		return false
	case status == 200:
		s.accepted.Add(1)
		s.latency.Add(time.Since(sent))
		s.fromDue.Add(time.Since(due))
	case (status == 503 || status == 429) && c.RetryAfter:
		s.refused.Add(1)
		s.refusal.Add(time.Since(sent))
	default:
		s.strange.Add(1)
	}
	return true
}

// recover is how long after a storm it takes until ten saves in a row are
// accepted within fifty milliseconds each.
func (t *storm) recover(ctx context.Context) (time.Duration, error) {
	c, err := rig.Dial(ctx, t.server.Address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close() }()
	start := time.Now()
	for good := 0; good < 10 && time.Since(start) < 2*recoverLimit; {
		sent := time.Now()
		status, err := c.Save(participant.SavePath, &t.attempts[0])
		if err != nil {
			return 0, err
		}
		if good++; status != 200 || time.Since(sent) > 50*time.Millisecond {
			good = 0
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(start), nil
}
