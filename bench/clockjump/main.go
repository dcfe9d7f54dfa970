// Command clockjump sets the clock of a running server back and forward, and
// starts it again with a clock that is behind. No deadline may move later, and
// where the clock leaps forward nobody's attempt is ended until an administrator
// has looked. The server reads the machine's clock through CAKAP_CLOCK_RIG: Go
// does so without libc, so no library can be put in between.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cakap/bench/rig"
	"cakap/bench/storm"
	"cakap/internal/access"
	"cakap/internal/storage"
)

func main() {
	engine := flag.String("engine", "sqlite", "sqlite or postgres")
	binary := flag.String("binary", "bin/cakap", "the server")
	flag.Parse()
	if err := run(context.Background(), *binary, *engine); err != nil {
		fmt.Fprintln(os.Stderr, "clockjump:", err)
		os.Exit(1)
	}
}

const (
	jump     = 600              // seconds, back and forward
	sweep    = 5 * time.Second  // how often a server looks
	patience = 90 * time.Second // for what must happen
)

// The attempts, by what is done with them.
const (
	watched = iota // its deadline is watched all along
	ending         // its deadline comes while the clock is behind
	spared         // its deadline lies within the leap forward
	attempts
)

func run(ctx context.Context, binary, engine string) (err error) {
	place, err := rig.NewPlace(engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	c := &clocks{place: place, binary: binary, file: filepath.Join(filepath.Dir(place.KeyFile), "offset")}
	if c.attempts, err = rig.Fill(ctx, place, attempts); err != nil {
		return err
	}
	if c.db, c.keys, err = place.Open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.db.Close()) }()
	if err := c.prepare(ctx); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{{"start", c.start}, {"back while it runs", c.back}, {"back at a start", c.restart}, {"forward while it runs", c.forward}, {"confirmed", c.confirm}} {
		if err := step.do(ctx); err != nil {
			if c.server != nil {
				err = errors.Join(fmt.Errorf("%w: %s", err, c.server.Said()), c.server.Kill())
			}
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return c.server.Stop()
}

// clocks is one run.
type clocks struct {
	place    rig.Place
	binary   string
	file     string // the offset of the machine's clock
	attempts []rig.Attempt
	db       *storage.DB
	keys     *access.Keys
	server   *storm.Server
	ends     time.Time // latest end of the watched attempt that was ever told
}

// username and password are the administrator's.
const (
	username = "rig.admin"
	password = "kereta malam ke Solo"
)

// prepare makes an administrator, and a grace that is shorter than the leap.
func (c *clocks) prepare(ctx context.Context) error {
	_, err := access.New(c.db, c.keys, time.Now).CreateAccount(ctx, 0, access.NewAccount{
		Username: username, Name: "Rig", Password: password, Grants: []access.Grant{{Role: access.Admin}},
	})
	if err != nil {
		return err
	}
	if _, err := c.db.Exec(ctx, `UPDATE attempt SET grace_ms = 60000`); err != nil {
		return err
	}
	return c.set(0)
}

// set makes the machine's clock wrong by so many seconds.
func (c *clocks) set(seconds int) error {
	tmp := c.file + ".new"
	if err := os.WriteFile(tmp, []byte(strconv.Itoa(seconds)), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, c.file)
}

func (c *clocks) begin(ctx context.Context) (err error) {
	c.server, err = storm.Begin(ctx, storm.Setup{Binary: c.binary, Place: c.place, Env: []string{"CAKAP_CLOCK_RIG=" + c.file}})
	return err
}

// start waits until the server has noted the time in the database.
func (c *clocks) start(ctx context.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	left, err := c.left(ctx)
	if err != nil {
		return err
	}
	c.ends = time.Now().Add(left + time.Second)
	return c.until(func() (bool, error) {
		var mark int64
		err := c.db.Get(ctx, &mark, `SELECT at_ms FROM clock_mark WHERE id = 1`)
		return mark > 0, err
	})
}

// back sets the clock back under the running server.
func (c *clocks) back(ctx context.Context) error {
	if err := c.deadline(ctx, ending, 8*time.Second); err != nil {
		return err
	}
	if err := c.set(-jump); err != nil {
		return err
	}
	if err := c.logs("the system clock jumped"); err != nil {
		return err
	}
	if err := c.noLater(ctx); err != nil {
		return err
	}
	err := c.until(func() (bool, error) {
		state, err := c.save(ctx, ending)
		return state == "closing", err
	})
	if err != nil {
		return fmt.Errorf("a deadline moved later: %w", err)
	}
	if err := c.saves(ctx, watched, "open"); err != nil {
		return fmt.Errorf("an answer in time: %w", err)
	}
	fmt.Printf("clock set back by %d s: deadlines stand, answers in time and late are told apart\n", jump)
	return nil
}

// restart starts a server whose machine has the wrong time.
func (c *clocks) restart(ctx context.Context) error {
	if err := c.server.Stop(); err != nil {
		return err
	}
	if err := c.begin(ctx); err != nil {
		return err
	}
	if err := c.logs("behind what the database has seen"); err != nil {
		return err
	}
	// What passed since the last note in the database nobody can know.
	c.ends = c.ends.Add(2 * sweep)
	if err := c.noLater(ctx); err != nil {
		return err
	}
	time.Sleep(2 * sweep) // likewise
	if err := c.saves(ctx, ending, "closing"); err != nil {
		return fmt.Errorf("an answer after the deadline: %w", err)
	}
	fmt.Printf("started with a clock %d s behind: the time goes on from what the database has seen\n", jump)
	return c.set(0)
}

// forward sets the clock forward past a deadline and its grace.
func (c *clocks) forward(ctx context.Context) error {
	if err := c.deadline(ctx, spared, jump/2*time.Second); err != nil {
		return err
	}
	time.Sleep(sweep + time.Second) // the clock is right again, and no alarm is left
	said := len(c.server.Said())
	if err := c.set(jump); err != nil {
		return err
	}
	err := c.until(func() (bool, error) { return strings.Contains(c.server.Said()[said:], "the system clock jumped"), nil })
	if err != nil {
		return fmt.Errorf("no alarm: %w", err)
	}
	time.Sleep(2*sweep + time.Second)
	if err := c.saves(ctx, spared, "open"); err != nil {
		return fmt.Errorf("an attempt was ended by a leap of the clock: %w", err)
	}
	if err := c.noLater(ctx); err != nil {
		return err
	}
	fmt.Printf("clock set forward by %d s: alarm, and nobody's attempt is ended\n", jump)
	return nil
}

// confirm takes the new time over, as an administrator who has looked.
func (c *clocks) confirm(ctx context.Context) error {
	if err := c.post(ctx); err != nil {
		return err
	}
	err := c.until(func() (bool, error) {
		var state string
		err := c.db.Get(ctx, &state, `SELECT state FROM attempt WHERE enrolment_id = ?`, c.attempts[spared].Enrolment)
		return state == "submitted", err
	})
	if err != nil {
		return fmt.Errorf("after the time was confirmed the attempt was not ended: %w", err)
	}
	fmt.Println("confirmed by an administrator: attempts whose time is over are ended again")
	return nil
}

// deadline moves an attempt's end to so much from now.
func (c *clocks) deadline(ctx context.Context, which int, in time.Duration) error {
	n, err := c.db.Exec(ctx, `UPDATE attempt SET deadline_ms = ? WHERE enrolment_id = ?`, time.Now().Add(in).UnixMilli(), c.attempts[which].Enrolment)
	if err == nil && n != 1 {
		err = fmt.Errorf("%d attempts were moved, want 1", n)
	}
	return err
}

// reply is what the server says of an attempt.
type reply struct {
	State string `json:"state"`
	Left  int    `json:"left"`
}

func (c *clocks) ask(ctx context.Context, which int, send func(*storm.Conn, *rig.Attempt) (storm.Reply, error)) (r reply, err error) {
	conn, err := storm.Dial(ctx, c.server.Address)
	if err != nil {
		return r, err
	}
	defer func() { _ = conn.Close() }() // it has done its work
	got, err := send(conn, &c.attempts[which])
	if err != nil {
		return r, err
	}
	if got.Status != http.StatusOK && got.Status != http.StatusConflict {
		return r, fmt.Errorf("status %d: %s", got.Status, got.Body)
	}
	return r, json.Unmarshal([]byte(got.Body), &r)
}

// left is the working time that remains of the watched attempt.
func (c *clocks) left(ctx context.Context) (time.Duration, error) {
	r, err := c.ask(ctx, watched, (*storm.Conn).Ask)
	return time.Duration(r.Left) * time.Second, err
}

func (c *clocks) save(ctx context.Context, which int) (string, error) {
	r, err := c.ask(ctx, which, (*storm.Conn).Save)
	return r.State, err
}

// saves sends an answer, and wants to hear that the attempt is in a state.
func (c *clocks) saves(ctx context.Context, which int, want string) error {
	state, err := c.save(ctx, which)
	if err == nil && state != want {
		err = fmt.Errorf("the attempt is %q, want %q", state, want)
	}
	return err
}

// noLater checks that the watched attempt does not end later than was ever told.
func (c *clocks) noLater(ctx context.Context) error {
	left, err := c.left(ctx)
	if err != nil {
		return err
	}
	if ends := time.Now().Add(left); ends.After(c.ends) {
		return fmt.Errorf("the deadline moved later by %s", ends.Sub(c.ends))
	}
	return nil
}

func (c *clocks) logs(text string) error {
	err := c.until(func() (bool, error) { return strings.Contains(c.server.Said(), text), nil })
	if err != nil {
		return fmt.Errorf("the log does not say %q: %w", text, err)
	}
	return nil
}

// until waits for something to become true.
func (c *clocks) until(is func() (bool, error)) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if yes, err := is(); yes || err != nil {
			return err
		}
	}
	return fmt.Errorf("it did not happen within %s", patience)
}
