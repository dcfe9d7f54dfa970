package main

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func of(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }

// TestApply: sectors, not writes, are what reaches a disk or does not.
func TestApply(t *testing.T) {
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, c := range []struct {
		name  string
		image []byte
		op    operation
		keep  []bool
		want  []byte
	}{
		{"all", of('a', 1024), operation{op: opWrite, data: of('b', 1024)}, []bool{true, true}, of('b', 1024)},
		{"none", of('a', 1024), operation{op: opWrite, data: of('b', 1024)}, []bool{false, false}, of('a', 1024)},
		{"the second", of('a', 1024), operation{op: opWrite, data: of('b', 1024)}, []bool{false, true}, join(of('a', 512), of('b', 512))},
		{"across a border", of('a', 1024), operation{op: opWrite, at: 500, data: of('b', 24)}, []bool{true, false}, join(of('a', 500), of('b', 12), of('a', 512))},
		{"behind the end, with a hole", of('a', 512), operation{op: opWrite, at: 512, data: of('b', 1024)}, []bool{false, true}, join(of('a', 512), of(0, 512), of('b', 512))},
		{"cut off", of('a', 1024), operation{op: opTruncate, at: 10}, []bool{true}, of('a', 10)},
		{"not cut off yet", of('a', 1024), operation{op: opTruncate, at: 10}, []bool{false}, of('a', 1024)},
		{"made longer", of('a', 10), operation{op: opTruncate, at: 20}, []bool{true}, join(of('a', 10), of(0, 10))},
	} {
		asked := 0
		got := apply(bytes.Clone(c.image), c.op, func() bool { asked++; return c.keep[asked-1] })
		if diff := cmp.Diff(c.want, got); diff != "" || asked != len(c.keep) {
			t.Errorf("%s: asked %d times, want %d (-want +got):\n%s", c.name, asked, len(c.keep), diff)
		}
	}
}

// TestFlushed: what was flushed stays, whatever the cut does to the rest.
func TestFlushed(t *testing.T) {
	c := cutter{tape: tape{names: map[uint32]string{1: "db"}}, files: map[string]*file{"db": {durable: of('a', 1024), there: true}}}
	c.play(operation{op: opWrite, file: 1, data: of('b', 1024)})
	c.play(operation{op: opSync, file: 1})
	c.play(operation{op: opWrite, file: 1, at: 512, data: of('c', 512)})
	seen := map[byte]bool{}
	for seed := range uint64(100) {
		got := c.files["db"].after(rand.New(rand.NewPCG(seed, 1)))
		if !bytes.Equal(got[:512], of('b', 512)) {
			t.Fatalf("a flushed sector holds %q", got[0])
		}
		seen[got[512]] = true
	}
	if diff := cmp.Diff(map[byte]bool{'b': true, 'c': true}, seen); diff != "" {
		t.Errorf("a sector that was not flushed (-want +got):\n%s", diff)
	}
	c.play(operation{op: opUnlink, file: 1})
	if c.files["db"].there {
		t.Error("a removed file is still there")
	}
}
