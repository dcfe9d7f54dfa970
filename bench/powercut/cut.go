package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"cakap/bench/rig"
	ledger "cakap/bench/storm"
)

const sector = 512

// file is one file as the disk holds it, and what was not flushed yet.
type file struct {
	durable []byte
	pending []operation
	there   bool
}

// apply does one operation on an image. keep says of each sector whether it
// reached the disk.
func apply(image []byte, o operation, keep func() bool) []byte {
	if o.op == opTruncate {
		switch {
		case !keep():
		case int(o.at) <= len(image):
			image = image[:o.at]
		default:
			image = append(image, make([]byte, int(o.at)-len(image))...)
		}
		return image
	}
	for data, at := o.data, int(o.at); len(data) > 0; {
		n := min(sector-at%sector, len(data))
		if keep() {
			if at+n > len(image) {
				image = append(image, make([]byte, at+n-len(image))...)
			}
			copy(image[at:], data[:n])
		}
		data, at = data[n:], at+n
	}
	return image
}

func (f *file) flush() {
	for _, o := range f.pending {
		f.durable = apply(f.durable, o, func() bool { return true })
	}
	f.pending = nil
}

// after is what the disk holds when the power goes off now.
func (f *file) after(r *rand.Rand) []byte {
	image := slices.Clone(f.durable)
	chance := []int{0, 4, 4, 4, 4, 8}[r.IntN(6)] // mostly a half, sometimes nothing or everything
	for _, o := range f.pending {
		image = apply(image, o, func() bool { return r.IntN(8) < chance })
	}
	return image
}

// verdict counts the cuts that did harm.
type verdict struct {
	lost, most, corrupt int
}

// cutter plays the tape and cuts it.
type cutter struct {
	tape    tape
	seed    uint64
	work    string
	keyFile string
	name    string // of the database

	files map[string]*file
	acked ledger.Ledger
}

// run cuts at random points, in order, so that the tape is played once.
func (c *cutter) run(ctx context.Context, before []byte, cuts int) (v verdict, err error) {
	if c.seed == 0 {
		c.seed = rand.Uint64()
	}
	r := rand.New(rand.NewPCG(c.seed, 1))
	points := make([]int, cuts)
	for i := range points {
		points[i] = 1 + r.IntN(len(c.tape.ops))
	}
	slices.Sort(points)
	c.files = map[string]*file{c.name: {durable: before, there: true}}
	played := 0
	for _, point := range points {
		for ; played < point; played++ {
			c.play(c.tape.ops[played])
		}
		lost, err := c.cut(ctx, r)
		switch {
		case errors.Is(err, errDamaged):
			v.corrupt++
			fmt.Printf("damaged: cut at operation %d of seed %d: %v\n", point, c.seed, err)
		case err != nil:
			return v, err
		case lost > 0:
			v.lost++
			v.most = max(v.most, lost)
		}
	}
	return v, nil
}

// play does one operation.
func (c *cutter) play(o operation) {
	if o.op == opAck {
		c.acked.Add(o.ack())
		return
	}
	name := c.tape.names[o.file]
	f := c.files[name]
	if f == nil {
		f = &file{}
		c.files[name] = f
	}
	switch o.op {
	case opSync:
		f.flush()
	case opUnlink:
		*f = file{}
	default:
		f.there = true
		f.pending = append(f.pending, o)
	}
}

var errDamaged = errors.New("the database is damaged")

// cut makes the files that the disk holds now, and looks at them.
func (c *cutter) cut(ctx context.Context, r *rand.Rand) (lost int, err error) {
	dir, err := os.MkdirTemp(c.work, "disk-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for name, f := range c.files {
		if !f.there {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), f.after(r), 0o600); err != nil {
			return 0, err
		}
	}
	place := rig.Place{Database: filepath.Join(dir, c.name), KeyFile: c.keyFile}
	if err := whole(ctx, place); err != nil {
		return 0, err
	}
	return c.acked.Missing(ctx, place)
}

// whole opens the database as the server does and checks all of it.
func whole(ctx context.Context, place rig.Place) error {
	db, _, err := place.Open(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	var said []string
	err = db.Select(ctx, &said, `PRAGMA integrity_check`)
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	if len(said) != 1 || said[0] != "ok" {
		return fmt.Errorf("%w: %v", errDamaged, said)
	}
	return nil
}
