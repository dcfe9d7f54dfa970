package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

//go:embed libfull/libfull.c
var library []byte

// diskSize is that of the disk in memory: the reserve, the ballast, and space
// in which a server may live.
const diskSize = 192 << 20

// disk is a place that can be filled up.
type disk interface {
	dir() string
	env() []string // what a server on it needs
	leave(free int64) error
	empty() error
	close() error
}

// newDisk is a file system in memory where we may mount one, and a preloaded
// library that plays a full disk where we may not.
func newDisk(ctx context.Context) (disk, error) {
	root, err := os.MkdirTemp("", "cakap-disk-")
	if err != nil {
		return nil, err
	}
	if os.Getuid() == 0 {
		if err := syscall.Mount("none", root, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err == nil {
			return memory{root}, nil
		}
	}
	s := shim{root: root}
	source := filepath.Join(root, "libfull.c")
	if err := errors.Join(os.WriteFile(source, library, 0o600), os.Mkdir(s.dir(), 0o700)); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, "gcc", "-O1", "-Wall", "-shared", "-fPIC", "-o", s.library(), source, "-ldl").CombinedOutput(); err != nil { //nolint:gosec // our own file
		return nil, fmt.Errorf("gcc: %w: %s", err, out)
	}
	return s, nil
}

// memory is a tmpfs.
type memory struct{ root string }

func (m memory) dir() string { return m.root }

func (memory) env() []string { return nil }

func (m memory) filler() string { return filepath.Join(m.root, "filler") }

// leave fills the disk until so many bytes are free.
func (m memory) leave(free int64) (err error) {
	f, err := os.OpenFile(m.filler(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for block := make([]byte, 1<<20); len(block) >= 512; {
		var s syscall.Statfs_t
		if err := syscall.Statfs(m.root, &s); err != nil {
			return err
		}
		if left := int64(s.Bavail)*s.Bsize - free; left <= 0 {
			return nil
		} else if left < int64(len(block)) {
			block = block[:left]
		}
		if _, err := f.Write(block); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				return err
			}
			block = block[:len(block)/2] // the server writes, too
		}
	}
	return nil
}

func (m memory) empty() error {
	if err := os.Remove(m.filler()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (m memory) close() error {
	return errors.Join(syscall.Unmount(m.root, syscall.MNT_DETACH), os.RemoveAll(m.root))
}

// shim is an ordinary folder and a library that says it is full. It knows full
// and not full, and nothing of how much is free.
type shim struct{ root string }

func (s shim) dir() string     { return filepath.Join(s.root, "disk") }
func (s shim) library() string { return filepath.Join(s.root, "libfull.so") }
func (s shim) mark() string    { return filepath.Join(s.root, "full") }

func (s shim) env() []string {
	return []string{"LD_PRELOAD=" + s.library(), "FULL_DIR=" + s.dir(), "FULL_MARK=" + s.mark()}
}

func (s shim) leave(free int64) error {
	if free > 0 {
		return nil
	}
	return os.WriteFile(s.mark(), nil, 0o600)
}

func (s shim) empty() error {
	if err := os.Remove(s.mark()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (s shim) close() error { return os.RemoveAll(s.root) }
