package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
)

// Crowds that ask without a pause, far beyond what the machine can answer.
const (
	pagers    = 256
	codes     = 64
	passwords = 96
	savesRate = 200
)

// mixed lets people open pages and log in without end, while some save.
func (t *storm) mixed(ctx context.Context, staff []string) error {
	fmt.Printf("\n%d open their home page, %d log in by start code and %d by password without a pause; %d saves a second beside them\n",
		pagers, codes, passwords, savesRate)
	wire := rig.NewWire(t.server.Address, pagers+codes+passwords+8)
	defer wire.Close()
	browsers := make([]*rig.Browser, 32)
	err := rig.Parallel(8, len(browsers), func(i int) error {
		browsers[i] = rig.NewBrowser(wire)
		return browsers[i].Enter(ctx, t.attempts[i].Candidate)
	})
	if err != nil {
		return err
	}
	quiet, err := t.step(ctx, savesRate, 32, t.each)
	if err != nil {
		return err
	}
	end := time.Now().Add(t.each)
	var all sync.WaitGroup
	var n atomic.Int64
	pages := crowd(&all, end, pagers, func() error { return browsers[n.Add(1)%32].Get(ctx, "/beranda") })
	byCode := crowd(&all, end, codes, func() error {
		return rig.NewBrowser(wire).Enter(ctx, t.attempts[int(n.Add(1))%len(t.attempts)].Candidate)
	})
	byPassword := crowd(&all, end, passwords, func() error {
		return rig.NewBrowser(wire).EnterPassword(ctx, staff[int(n.Add(1))%len(staff)], rig.Password)
	})
	beside, err := t.step(ctx, savesRate, 32, t.each)
	all.Wait()
	if err != nil {
		return err
	}
	fmt.Println(head)
	quiet.row("saves alone")
	beside.row("saves beside")
	fmt.Printf("%-22s %s   refused\n", "", rig.RowHead)
	for _, c := range []struct {
		name string
		*counts
	}{{"home pages", pages}, {"log-ins by start code", byCode}, {"log-ins by password", byPassword}} {
		fmt.Printf("%-22s %s %9d (p99 %s)\n", c.name, c.good.Row(), c.shed.Count(), c.shed.At(0.99).Round(time.Millisecond))
		t.check(c.faults.Load() == 0, true, "%s: every refusal says when to come back (%d others, such as %v)", c.name, c.faults.Load(), c.first.Load())
	}
	t.check(beside.refused.Load() == 0 && beside.strange.Load() == 0, true, "no save was refused because of pages and log-ins (%d were)", beside.refused.Load()+beside.strange.Load())
	t.check(beside.latency.At(0.99) < latencyLimit, false, "saves beside pages and log-ins p99 %s (limit %s; alone %s)",
		beside.latency.At(0.99).Round(time.Millisecond), latencyLimit, quiet.latency.At(0.99).Round(time.Millisecond))
	return nil
}

// counts are what became of a crowd's requests.
type counts struct {
	good, shed rig.Histogram
	faults     atomic.Int64
	first      atomic.Value
}

func crowd(all *sync.WaitGroup, end time.Time, n int, ask func() error) *counts {
	c := &counts{}
	for range n {
		all.Go(func() {
			for time.Now().Before(end) {
				start := time.Now()
				err := ask()
				switch busy, _ := rig.Shed(err); {
				case err == nil:
					c.good.Add(time.Since(start))
				case busy:
					c.shed.Add(time.Since(start))
				default:
					c.faults.Add(1)
					c.first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	return c
}
