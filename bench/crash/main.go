// Command crash kills the server during a save storm, again and again, and
// looks after each kill whether an answer that was acknowledged is missing. A
// control run with a writer that answers before it commits must lose some: a
// rig that finds nothing there would prove nothing.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"cakap/bench/rig"
	"cakap/internal/storage"
	"cakap/internal/web/participant"
)

func main() {
	kills := flag.Int("kills", 50, "how often the server is killed")
	engine := flag.String("engine", "sqlite", "sqlite or postgres")
	clients := flag.Int("clients", 32, "connections that save at once")
	binary := flag.String("binary", "bin/cakap", "the server")
	flag.Parse()
	if err := run(context.Background(), *binary, *engine, *kills, *clients); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, engine string, kills, clients int) error {
	honest, err := storm(ctx, binary, engine, kills, clients, false)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d kills, %d acknowledged, %d unknown, %d refused; lost %d; restart ready in at most %s\n",
		engine, honest.kills, honest.acked, honest.unknown, honest.refused, honest.lost, honest.slowest.Round(time.Millisecond))
	broken, err := storm(ctx, binary, engine, max(kills/5, 5), clients, true)
	if err != nil {
		return fmt.Errorf("control run: %w", err)
	}
	fmt.Printf("control, a writer that answers before it commits: %d kills, %d acknowledged, lost %d\n", broken.kills, broken.acked, broken.lost)
	switch {
	case honest.lost > 0:
		return errors.New("acknowledged answers are missing")
	case broken.lost == 0:
		return errors.New("the rig did not notice the broken writer, so it proves nothing")
	}
	fmt.Println("0 acknowledged answers lost, and the rig sees what it must")
	return nil
}

type tally struct {
	kills, acked, unknown, refused, lost int
	slowest                              time.Duration // from start to ready
}

// entry names one acknowledged answer.
type entry struct{ enrolment, seq int64 }

// storm is one database that lives through all kills.
func storm(ctx context.Context, binary, engine string, kills, clients int, broken bool) (t tally, err error) {
	place, err := rig.NewPlace(engine)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	attempts, err := rig.Fill(ctx, place, clients)
	if err != nil {
		return t, err
	}
	ledger := map[entry]bool{}
	for t.kills < kills {
		acked, err := t.once(ctx, binary, place, attempts, broken)
		if err != nil {
			return t, err
		}
		for _, e := range acked {
			ledger[e] = true
		}
		t.acked += len(acked)
		lost, err := missing(ctx, place, ledger)
		if err != nil {
			return t, err
		}
		t.kills++
		if t.lost = lost; broken && lost > 0 {
			return t, nil // seen; more kills would say the same
		}
	}
	return t, nil
}

// once starts the server, storms it, kills it, and returns what was acknowledged.
func (t *tally) once(ctx context.Context, binary string, place rig.Place, attempts []rig.Attempt, broken bool) (acked []entry, err error) {
	start := time.Now()
	server, address, err := begin(ctx, binary, place, broken)
	if err != nil {
		return nil, err
	}
	t.slowest = max(t.slowest, time.Since(start))
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range attempts {
		all.Go(func() {
			mine, unknown, refused := saveUntil(stop, address, &attempts[i])
			mu.Lock()
			defer mu.Unlock()
			acked = append(acked, mine...)
			t.unknown += unknown
			t.refused += refused
		})
	}
	time.Sleep(time.Duration(30+rand.IntN(370)) * time.Millisecond)
	err = server.Process.Signal(syscall.SIGKILL)
	cancel()
	_ = server.Wait() // it was killed
	all.Wait()
	return acked, err
}

// begin starts the server and waits until it is ready.
func begin(ctx context.Context, binary string, place rig.Place, broken bool) (*exec.Cmd, string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, binary, "serve", "--listen", address, "--database", place.Database, "--key-file", place.KeyFile) //nolint:gosec // our own binary
	var said bytes.Buffer
	cmd.Stderr = &said
	if broken {
		cmd.Env = append(os.Environ(), "CAKAP_CRASH_RIG=ack-before-commit")
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	client := http.Client{Timeout: time.Second}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
		if err != nil {
			return nil, "", err
		}
		r, err := client.Do(req)
		if err != nil {
			continue
		}
		if err := r.Body.Close(); err != nil {
			return nil, "", err
		}
		if r.StatusCode == http.StatusOK {
			return cmd, address, nil
		}
	}
	_ = cmd.Process.Kill() // it is of no use any more
	return nil, "", fmt.Errorf("the server did not become ready: %s", said.String())
}

// saveUntil saves one answer after the other. A request without an answer may
// be stored or not: it is unknown, and the same entry is sent again later.
func saveUntil(ctx context.Context, address string, a *rig.Attempt) (acked []entry, unknown, refused int) {
	c, err := rig.Dial(ctx, address)
	if err != nil {
		return nil, 0, 0
	}
	defer func() { _ = c.Close() }() // the server is gone anyway
	for ctx.Err() == nil {
		status, err := c.Save(participant.SavePath, a)
		switch {
		case err != nil:
			return acked, unknown + 1, refused
		case status == http.StatusOK:
			acked = append(acked, entry{a.Enrolment, a.Seq})
		default:
			refused++
			time.Sleep(10 * time.Millisecond)
		}
	}
	return acked, unknown, refused
}

// missing counts the ledger's entries that the database does not hold.
func missing(ctx context.Context, place rig.Place, ledger map[entry]bool) (lost int, err error) {
	db, _, err := place.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if db.Engine() == "sqlite" {
		var verdict string
		if err := db.Get(ctx, &verdict, `PRAGMA quick_check`); err != nil || verdict != "ok" {
			return 0, fmt.Errorf("the database is damaged: %s: %w", verdict, err)
		}
	}
	return absent(ctx, db, ledger)
}

func absent(ctx context.Context, db *storage.DB, ledger map[entry]bool) (int, error) {
	found := 0
	err := db.Stream(ctx, `SELECT enrolment_id, seq FROM answer`, nil, func(scan func(any) error) error {
		var row struct {
			Enrolment int64 `db:"enrolment_id"`
			Seq       int64 `db:"seq"`
		}
		if err := scan(&row); err != nil {
			return err
		}
		if ledger[entry{row.Enrolment, row.Seq}] {
			found++
		}
		return nil
	})
	return len(ledger) - found, err
}
