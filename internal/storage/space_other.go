//go:build !unix

package storage

import "errors"

// freeSpace is not known here; the guard says so and nothing is refused.
func freeSpace(string) (int64, error) {
	return 0, errors.New("the free space cannot be read on this system")
}
