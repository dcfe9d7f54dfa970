// Command diskfull fills the disk under a server that saves answers. Below the
// reserve the server says so; on a full disk saves are refused with 503
// error.full while reads go on; a few seconds after there is space again it
// saves without a restart; nothing acknowledged is missing. Then it is started
// on a full disk: once with the ballast beside the database, which lets it
// start, and once without, which must end with a clear message.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"cakap/bench/rig"
	"cakap/bench/storm"
	"cakap/internal/storage"
)

func main() {
	binary := flag.String("binary", "bin/cakap", "the server")
	long := flag.Duration("full", 3*time.Second, "how long the disk stays full")
	flag.Parse()
	if err := run(context.Background(), *binary, *long); err != nil {
		fmt.Fprintln(os.Stderr, "diskfull:", err)
		os.Exit(1)
	}
}

const (
	clients = 16
	soon    = 5 * time.Second // from free space to the first saved answer
)

func run(ctx context.Context, binary string, long time.Duration) (err error) {
	d, err := newDisk(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	place := rig.Place{Database: filepath.Join(d.dir(), "cakap.db"), KeyFile: filepath.Join(d.dir(), "cakap.key")}
	attempts, err := rig.Fill(ctx, place, 8*clients)
	if err != nil {
		return err
	}
	r := &fullness{disk: d, setup: storm.Setup{Binary: binary, Place: place, Env: d.env()}, attempts: attempts, long: long}
	if err := r.underLoad(ctx); err != nil {
		return err
	}
	if _, mounted := d.(memory); !mounted {
		fmt.Println("the reserve and the start on a full disk were left out: only root can mount a small disk")
		return nil
	}
	return r.starts(ctx)
}

// fullness is one run.
type fullness struct {
	disk     disk
	setup    storm.Setup
	attempts []rig.Attempt
	long     time.Duration

	ledger storm.Ledger
	tally  storm.Tally
	saved  atomic.Int64 // when an answer was last acknowledged, Unix nanoseconds
	full   atomic.Int64 // refusals with error.full
	other  atomic.Int64 // other refusals
}

func (r *fullness) hear(reply storm.Reply) {
	switch {
	case reply.Status == http.StatusOK:
		r.saved.Store(time.Now().UnixNano())
	case reply.Status == http.StatusServiceUnavailable && reply.RetryAfter != "" && strings.Contains(reply.Body, `"error.full"`):
		r.full.Add(1)
	case reply.Status == http.StatusTooManyRequests:
	default:
		r.other.Add(1)
	}
}

// underLoad fills the disk while answers are saved, and frees it again.
func (r *fullness) underLoad(ctx context.Context) error {
	server, err := storm.Begin(ctx, r.setup)
	if err != nil {
		return err
	}
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s := storm.Storm{Clients: clients, Attempts: r.attempts[clients:], Pause: 5 * time.Millisecond, Reply: r.hear}
		s.Run(stop, server.Address, &r.ledger, &r.tally)
	}()
	back, err := r.stages(ctx, server)
	cancel()
	<-ended
	if err := errors.Join(err, server.Stop()); err != nil {
		return fmt.Errorf("%w: %s", err, server.Said())
	}
	lost, err := r.ledger.Missing(ctx, r.setup.Place)
	if err != nil {
		return err
	}
	fmt.Printf("disk full for %s under load: %d acknowledged, %d × 503 error.full, %d other refusals, %d without an answer; lost %d; the first answer %s after there was space\n",
		r.long, r.tally.Acked.Load(), r.full.Load(), r.other.Load(), r.tally.Unknown.Load(), lost, back.Round(time.Millisecond))
	switch {
	case lost > 0:
		return errors.New("acknowledged answers are missing")
	case r.other.Load() > 0 || r.tally.Unknown.Load() > 0:
		return errors.New("a save was refused otherwise than with 503 error.full")
	case back > soon:
		return fmt.Errorf("the server needed more than %s", soon)
	}
	return nil
}

func (r *fullness) stages(ctx context.Context, server *storm.Server) (time.Duration, error) {
	time.Sleep(time.Second)
	if err := r.low(server); err != nil {
		return 0, err
	}
	if err := r.disk.leave(0); err != nil {
		return 0, err
	}
	if err := until(func() bool { return r.full.Load() > 0 }); err != nil {
		return 0, fmt.Errorf("no save was refused on a full disk: %w", err)
	}
	time.Sleep(r.long)
	if err := r.reads(ctx, server); err != nil {
		return 0, err
	}
	if err := r.disk.empty(); err != nil {
		return 0, err
	}
	free := time.Now().UnixNano()
	err := until(func() bool { return r.saved.Load() > free })
	return time.Duration(r.saved.Load() - free), err
}

// low leaves less than the reserve: the server says so and goes on saving.
func (r *fullness) low(server *storm.Server) error {
	if _, mounted := r.disk.(memory); !mounted {
		return nil
	}
	if err := r.disk.leave(storage.Reserve / 2); err != nil {
		return err
	}
	if err := until(func() bool { return strings.Contains(server.Said(), "new attempts are refused") }); err != nil {
		return fmt.Errorf("the server did not notice that the disk is nearly full: %w", err)
	}
	before := r.tally.Acked.Load()
	if err := until(func() bool { return r.tally.Acked.Load() > before+100 }); err != nil {
		return fmt.Errorf("saves did not go on below the reserve: %w", err)
	}
	if n := r.full.Load(); n > 0 {
		return fmt.Errorf("%d saves were refused while there was space", n)
	}
	return nil
}

// reads asks for a page and for an attempt's state.
func (r *fullness) reads(ctx context.Context, server *storm.Server) error {
	if status := server.Get(ctx, "/masuk"); status != http.StatusOK {
		return fmt.Errorf("the log-in page answers %d on a full disk", status)
	}
	conn, err := storm.Dial(ctx, server.Address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it has done its work
	for i := range clients {            // those that do not save
		reply, err := conn.Ask(&r.attempts[i])
		if err != nil {
			return fmt.Errorf("read an attempt's state on a full disk: %w", err)
		}
		if reply.Status != http.StatusOK {
			return fmt.Errorf("an attempt's state cannot be read on a full disk: status %d", reply.Status)
		}
	}
	return nil
}

// starts begins servers on a full disk.
func (r *fullness) starts(ctx context.Context) error {
	if err := r.disk.leave(0); err != nil {
		return err
	}
	server, err := storm.Begin(ctx, r.setup)
	if err != nil {
		return fmt.Errorf("with the ballast beside the database: %w", err)
	}
	if err := server.Stop(); err != nil {
		return err
	}
	if _, err := os.Stat(storage.BallastFile(r.setup.Place.Database)); err == nil {
		return errors.New("the server started on a full disk and the ballast is still there, so the disk was not full")
	}
	if err := r.disk.leave(0); err != nil {
		return err
	}
	if server, err = storm.Launch(ctx, r.setup); err != nil {
		return err
	}
	if err := server.Wait(); err == nil || !strings.Contains(server.Said(), "the disk is full") {
		return fmt.Errorf("a start on a full disk ended well (%t) and said %q; want a status of failure and a clear message", err == nil, server.Said())
	}
	fmt.Printf("started on a full disk: with ballast it serves; without it ends: %s\n", strings.TrimSpace(server.Said()))
	if err := r.disk.empty(); err != nil {
		return err
	}
	if server, err = storm.Begin(ctx, r.setup); err != nil {
		return fmt.Errorf("after there was space: %w", err)
	}
	return server.Stop()
}

// until waits for something to become true.
func until(is func() bool) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if is() {
			return nil
		}
	}
	return errors.New("it did not happen within a minute")
}
