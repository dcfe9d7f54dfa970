package rig

import (
	"fmt"
	"math/bits"
	"sync/atomic"
	"time"
)

// Histogram counts durations in buckets that are never wider than a sixty-fourth
// of what they hold, in constant memory and without a lock.
type Histogram struct {
	buckets [histogramSize]atomic.Int64
	count   atomic.Int64
	most    atomic.Int64
}

const (
	fineBits      = 6
	fine          = 1 << fineBits
	histogramSize = (64 - fineBits) * fine
)

// Add counts one duration.
func (h *Histogram) Add(d time.Duration) {
	us := uint64(max(d.Microseconds(), 0))
	h.buckets[bucket(us)].Add(1)
	h.count.Add(1)
	for {
		most := h.most.Load()
		if int64(us) <= most || h.most.CompareAndSwap(most, int64(us)) {
			return
		}
	}
}

func bucket(us uint64) int {
	if us < fine {
		return int(us)
	}
	shift := bits.Len64(us) - fineBits - 1
	return (shift+1)<<fineBits + int(us>>shift) - fine
}

// upper is the highest value in a bucket.
func upper(b int) uint64 {
	if b < 2*fine {
		return uint64(b)
	}
	shift := b>>fineBits - 1
	return uint64(b-shift<<fineBits+1)<<shift - 1
}

// Count is how many durations were added.
func (h *Histogram) Count() int64 { return h.count.Load() }

// Max is the longest.
func (h *Histogram) Max() time.Duration { return time.Duration(h.most.Load()) * time.Microsecond }

// At is the quantile q, 0 where nothing was added.
func (h *Histogram) At(q float64) time.Duration {
	want := int64(q*float64(h.Count())) + 1
	for i := range h.buckets {
		if want -= h.buckets[i].Load(); want <= 0 {
			return min(time.Duration(upper(i))*time.Microsecond, h.Max())
		}
	}
	return h.Max()
}

// Row is the count, p50, p95, p99 and the longest, in milliseconds.
func (h *Histogram) Row() string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%9d %9.1f %9.1f %9.1f %9.1f", h.Count(), ms(h.At(0.5)), ms(h.At(0.95)), ms(h.At(0.99)), ms(h.Max()))
}

// RowHead names the columns of Row.
const RowHead = "        n    p50 ms    p95 ms    p99 ms    max ms"
