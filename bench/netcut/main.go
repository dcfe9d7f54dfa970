// Command netcut cuts the connection at every byte of a save's request and of
// its reply, and lets the client send the same entry again, as a phone does. In
// the end each entry must be in the journal exactly once, as it was sent.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"

	"cakap/bench/rig"
	"cakap/bench/storm"
	"cakap/internal/storage"
)

func main() {
	cuts := flag.Int("cuts", 0, "how often the connection is cut, spread evenly; 0 is once at every byte")
	engine := flag.String("engine", "sqlite", "sqlite or postgres")
	binary := flag.String("binary", "bin/cakap", "the server")
	flag.Parse()
	if err := run(context.Background(), *binary, *engine, *cuts); err != nil {
		fmt.Fprintln(os.Stderr, "netcut:", err)
		os.Exit(1)
	}
}

// people is how many attempts take turns: the server slows down one that
// answers faster than a person can.
const people = 40

func run(ctx context.Context, binary, engine string, cuts int) (err error) {
	place, err := rig.NewPlace(engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	attempts, err := rig.Fill(ctx, place, people)
	if err != nil {
		return err
	}
	server, err := storm.Begin(ctx, storm.Setup{Binary: binary, Place: place})
	if err != nil {
		return err
	}
	c := cutting{attempts: attempts}
	err = c.through(ctx, server.Address, cuts)
	if err := errors.Join(err, server.Stop()); err != nil {
		return err
	}
	found, err := c.compare(ctx, place)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d cuts (%d bytes of request, %d of reply), %d entries, %d sent again; %d rows, %d lost, %d duplicates, %d differ\n",
		engine, c.cuts, c.up, c.down, c.entries, c.again, found.rows, found.lost, found.twice, found.differ)
	switch {
	case found.lost > 0 || found.twice > 0 || found.differ > 0 || found.rows != c.entries:
		return errors.New("the journal is not what the clients sent")
	case c.again < c.cuts/2:
		return errors.New("hardly a cut made a client send again, so the rig proves nothing")
	}
	return nil
}

// cutting is the clients' side.
type cutting struct {
	attempts              []rig.Attempt
	entries               int // stored, as the clients know
	cuts, up, down, again int
	proxy                 *proxy
}

// through saves one entry per cut.
func (c *cutting) through(ctx context.Context, server string, cuts int) error {
	p, err := newProxy(ctx, server)
	if err != nil {
		return err
	}
	defer p.close()
	c.proxy = p
	if err := c.measure(ctx); err != nil {
		return err
	}
	total := c.up + c.down
	if cuts <= 0 {
		cuts = total
	}
	for i := range cuts {
		at := i * total / cuts
		if cuts > total {
			at = i % total
		}
		if err := c.cut(ctx, at, i%2 == 1); err != nil {
			return fmt.Errorf("cut %d: %w", i, err)
		}
		c.cuts++
	}
	return nil
}

// measure saves one entry without a cut and counts the bytes.
func (c *cutting) measure(ctx context.Context) error {
	c.proxy.arm(limits{-1, -1, false})
	if err := c.until(ctx, &c.attempts[0]); err != nil {
		return err
	}
	c.up, c.down = c.proxy.counted()
	return nil
}

// cut sends the next entry over a connection that ends after so many bytes,
// counted over request and reply, and then until it is stored.
func (c *cutting) cut(ctx context.Context, at int, reset bool) error {
	a := &c.attempts[c.cuts%len(c.attempts)]
	limit := limits{up: at, down: -1, reset: reset}
	if at >= c.up {
		limit = limits{up: -1, down: at - c.up, reset: reset}
	}
	c.proxy.arm(limit)
	conn, err := storm.Dial(ctx, c.proxy.address())
	if err != nil {
		return err
	}
	r, err := conn.Save(a)
	_ = conn.Close() // the proxy has closed it
	c.proxy.arm(limits{-1, -1, false})
	switch {
	case err != nil:
		c.again++
		return c.until(ctx, a)
	case r.Status != http.StatusOK:
		return fmt.Errorf("status %d: %s", r.Status, r.Body)
	}
	c.entries++ // a reply may be whole before its last byte is cut
	return nil
}

// until saves over whole connections.
func (c *cutting) until(ctx context.Context, a *rig.Attempt) error {
	conn, err := storm.Dial(ctx, c.proxy.address())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it has done its work
	r, err := conn.Save(a)
	if err != nil {
		return err
	}
	if r.Status != http.StatusOK {
		return fmt.Errorf("status %d: %s", r.Status, r.Body)
	}
	c.entries++
	return nil
}

// findings are what the journal holds, against what was sent.
type findings struct{ rows, lost, twice, differ int }

func (c *cutting) compare(ctx context.Context, place rig.Place) (f findings, err error) {
	db, _, err := place.Open(ctx)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for i := range c.attempts {
		if err := f.add(ctx, db, &c.attempts[i]); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f *findings) add(ctx context.Context, db *storage.DB, a *rig.Attempt) error {
	var rows []struct {
		Seq      int64  `db:"seq"`
		Position int    `db:"position"`
		Value    string `db:"value"`
	}
	if err := db.Select(ctx, &rows, `SELECT seq, position, value FROM answer WHERE enrolment_id = ? ORDER BY seq`, a.Enrolment); err != nil {
		return err
	}
	f.rows += len(rows)
	seen := map[int64]int{}
	for _, r := range rows {
		seen[r.Seq]++
		if r.Position != storm.Position(a, r.Seq) || r.Value != storm.Value(r.Seq) {
			f.differ++
		}
	}
	for seq := int64(1); seq <= a.Seq; seq++ {
		switch n := seen[seq]; {
		case n == 0:
			f.lost++
		case n > 1:
			f.twice += n - 1
		}
	}
	return nil
}
