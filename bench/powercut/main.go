// Command powercut looks at what a disk may hold after the power went off. A
// child process saves answers through the real service and SQLite while a
// preloaded library records each file operation, and each acknowledgement among
// them. The record is then cut at random points: what was flushed is kept, of
// the rest a random half of the 512-byte sectors is dropped, and the database
// that is left must be whole and hold every acknowledged answer. A control run
// with synchronous=NORMAL must lose some.
//
// The model: operations on folders are durable at once, there is one disk, and
// its cache does not lie.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"cakap/bench/rig"
)

//go:embed libcut/libcut.c
var library []byte

func main() {
	if os.Getenv(childEnv) != "" {
		if err := child(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "powercut child:", err)
			os.Exit(1)
		}
		return
	}
	cuts := flag.Int("cuts", 500, "how often the power goes off")
	saves := flag.Int("saves", 4000, "answers that are saved")
	seed := flag.Uint64("seed", 0, "of the cuts; 0 is another one each time")
	flag.Parse()
	if err := run(context.Background(), *cuts, *saves, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "powercut:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cuts, saves int, seed uint64) error {
	full, err := storm(ctx, "FULL", cuts, saves, seed)
	if err != nil {
		return err
	}
	normal, err := storm(ctx, "NORMAL", max(cuts/5, 20), saves, seed)
	if err != nil {
		return fmt.Errorf("control run: %w", err)
	}
	switch {
	case full.lost > 0 || full.corrupt > 0:
		return fmt.Errorf("acknowledged answers are missing after %d cuts, the database is damaged after %d", full.lost, full.corrupt)
	case normal.lost == 0:
		return errors.New("the rig did not notice what synchronous=NORMAL loses, so it proves nothing")
	}
	fmt.Println("0 acknowledged answers lost, 0 databases damaged, and the rig sees what it must")
	return nil
}

// storm records one run and cuts it.
func storm(ctx context.Context, synchronous string, cuts, saves int, seed uint64) (v verdict, err error) {
	place, err := rig.NewPlace("sqlite")
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	attempts, err := rig.Fill(ctx, place, 300)
	if err != nil {
		return v, err
	}
	work, err := os.MkdirTemp("", "cakap-cut-")
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	before, err := os.ReadFile(place.Database)
	if err != nil {
		return v, err
	}
	log := filepath.Join(work, "log")
	if err := recordRun(ctx, place, work, log, job{Synchronous: synchronous, Saves: saves, Attempts: attempts}); err != nil {
		return v, err
	}
	tape, err := readTape(log)
	if err != nil {
		return v, err
	}
	c := cutter{tape: tape, seed: seed, work: work, keyFile: place.KeyFile, name: filepath.Base(place.Database)}
	v, err = c.run(ctx, before, cuts)
	if err == nil {
		fmt.Printf("synchronous=%s: %s; %d cuts: %d lose acknowledged answers (at most %d), %d leave a damaged database\n",
			synchronous, tape.describe(), cuts, v.lost, v.most, v.corrupt)
	}
	return v, err
}

// recordRun runs the child under the library.
func recordRun(ctx context.Context, place rig.Place, work, log string, j job) error {
	source, shim := filepath.Join(work, "libcut.c"), filepath.Join(work, "libcut.so")
	if err := os.WriteFile(source, library, 0o600); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "gcc", "-O1", "-Wall", "-shared", "-fPIC", "-o", shim, source, "-ldl", "-lpthread").CombinedOutput(); err != nil { //nolint:gosec // our own file
		return fmt.Errorf("gcc: %w: %s", err, out)
	}
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		return err
	}
	folder, err := filepath.Abs(filepath.Dir(place.Database))
	if err != nil {
		return err
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	j.Database, j.KeyFile, j.Log = place.Database, place.KeyFile, log
	cmd := exec.CommandContext(ctx, self) //nolint:gosec // ourselves
	cmd.Env = append(os.Environ(), childEnv+"=1", "LD_PRELOAD="+shim, "CUT_DIR="+folder, "CUT_LOG="+log)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = errors.Join(json.NewEncoder(in).Encode(j), in.Close())
	return errors.Join(err, cmd.Wait())
}
