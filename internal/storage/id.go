package storage

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"
)

// idEpoch is the start of the ids' clock; 41 bits of milliseconds last until 2093.
var idEpoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// lastID keeps ids of one process distinct: an import makes thousands within
// a millisecond, where 22 random bits alone would soon repeat.
var lastID struct {
	sync.Mutex
	id int64
}

// NewID makes a positive 63-bit id: 41 bits of time, so that rows made together
// lie together, then 22 bits that start at random in each millisecond, so that
// nodes need no coordination. Ids never appear in a URL; access.Keys seals them.
func NewID(at time.Time) int64 {
	id := (at.UnixMilli()-idEpoch)<<22 | int64(random()&(1<<22-1))
	lastID.Lock()
	defer lastID.Unlock()
	if id>>22 <= lastID.id>>22 {
		id = lastID.id + 1 + int64(random()&7)
	}
	lastID.id = id
	return id
}

func random() uint32 {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported system
	}
	return binary.BigEndian.Uint32(b[:])
}
