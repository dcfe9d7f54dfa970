//go:build unix

package storage

import "syscall"

// freeSpace is what an ordinary user may still write to a folder's disk.
func freeSpace(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
