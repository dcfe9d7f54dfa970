package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"cakap/internal/storage"
)

// AV-07: whoever starts a server on a full disk reads what is wrong and what to
// do, whichever part met it first. bench/diskfull does it on a disk.
func TestAvailabilityAV07(t *testing.T) {
	for _, c := range []struct {
		err  error
		full bool
	}{
		{fmt.Errorf("storage: open: %w", fmt.Errorf("%w: disk I/O error", storage.ErrFull)), true},
		{fmt.Errorf("make database file: %w", &os.PathError{Op: "open", Path: "cakap.db", Err: syscall.ENOSPC}), true},
		{errors.Join(storage.ErrFull, errors.New("close")), true},
		{fmt.Errorf("storage: open: %w", storage.ErrBusy), false},
		{&os.PathError{Op: "open", Path: "cakap.db", Err: syscall.EACCES}, false},
	} {
		got := explain(c.err)
		if told := strings.Contains(got, "the disk is full") && strings.Contains(got, "Free at least 64 MB"); told != c.full {
			t.Errorf("%v is explained as %q; a full disk: want %v", c.err, got, c.full)
		}
		if !strings.Contains(got, c.err.Error()) {
			t.Errorf("%v is explained as %q, without the cause", c.err, got)
		}
	}
}
