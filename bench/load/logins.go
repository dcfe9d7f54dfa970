package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
)

// logins measures both ways in, each while some people save.
func logins(ctx context.Context, s settings, server *rig.Server, people []rig.Candidate, staff []string) error {
	savers, err := enter(ctx, server, people[:16])
	if err != nil {
		return err
	}
	for _, b := range savers {
		if err := errors.Join(b.Start(ctx), b.Load(ctx)); err != nil {
			return err
		}
	}
	fmt.Printf("\nlog-ins, %d at once, with 50 saves a second beside them\n%-14s %10s %10s %10s %10s %12s %10s %12s\n",
		s.clients, "", "log-ins/s", "p50", "p99", "shed/s", "shed p99", "in vain", "saves p99")
	for _, way := range []struct {
		name  string
		enter func(b *rig.Browser, i int) error
	}{
		{"none", nil},
		{"by start code", func(b *rig.Browser, i int) error { return b.Enter(ctx, people[64+i%(len(people)-64)]) }},
		{"by password", func(b *rig.Browser, i int) error {
			return b.EnterPassword(ctx, staff[i%len(staff)], rig.Password)
		}},
	} {
		if err := storm(ctx, s, server, savers, way.name, way.enter); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
	}
	fmt.Println("wanted: 1,000 log-ins a second by start code; passwords one at a time, the others refused within 10 ms; saves as without log-ins")
	return nil
}

func storm(ctx context.Context, s settings, server *rig.Server, savers []*rig.Browser, name string, enter func(*rig.Browser, int) error) error {
	wire := rig.NewWire(server.Address, 2*s.clients)
	defer wire.Close()
	var saves, good, shed rig.Histogram
	var inVain atomic.Int64 // waited for a turn that did not come
	var n, faults atomic.Int64
	var first atomic.Value
	end := time.Now().Add(s.logins)
	var all sync.WaitGroup
	all.Go(func() {
		if err := steady(ctx, savers, end, &saves); err != nil {
			faults.Add(1)
			first.CompareAndSwap(nil, err.Error())
		}
	})
	clients := s.clients
	if enter == nil {
		clients = 0
	} else if name == "by password" {
		clients = 3 * s.clients // more than may wait, so that some are refused
	}
	for range clients {
		all.Go(func() {
			for time.Now().Before(end) {
				start := time.Now()
				err := enter(rig.NewBrowser(wire), int(n.Add(1)))
				switch busy, _ := rig.Shed(err); {
				case err == nil:
					good.Add(time.Since(start))
				case busy && time.Since(start) > time.Second:
					inVain.Add(1)
				case busy:
					shed.Add(time.Since(start))
					time.Sleep(20 * time.Millisecond)
				default:
					faults.Add(1)
					first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	all.Wait()
	per := func(h *rig.Histogram) float64 { return float64(h.Count()) / s.logins.Seconds() }
	fmt.Printf("%-14s %10.0f %10s %10s %10.0f %12s %10d %12s\n", name, per(&good), good.At(0.5), good.At(0.99), per(&shed), shed.At(0.99), inVain.Load(), saves.At(0.99))
	if faults.Load() > 0 {
		return fmt.Errorf("%d faults, the first: %v", faults.Load(), first.Load())
	}
	return nil
}

// steady saves fifty answers a second until end; a late one counts from when
// it was due.
func steady(ctx context.Context, savers []*rig.Browser, end time.Time, saves *rig.Histogram) error {
	for n, due := 0, time.Now(); due.Before(end); n, due = n+1, due.Add(20*time.Millisecond) {
		time.Sleep(time.Until(due))
		b := savers[n%len(savers)]
		b.Seq++
		if _, err := b.Save(ctx, []rig.Answer{{Position: int(b.Seq)%b.Items + 1, Seq: b.Seq, Value: "B"}}, rig.Whole); err != nil {
			return err
		}
		saves.Add(time.Since(due))
	}
	return nil
}
