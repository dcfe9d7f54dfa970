package rig

import (
	"testing"
	"time"
)

func TestHistogram(t *testing.T) {
	var h Histogram
	for n := 1; n <= 10_000; n++ {
		h.Add(time.Duration(n) * time.Millisecond)
	}
	for _, tt := range []struct {
		q    float64
		want time.Duration
	}{{0, time.Millisecond}, {0.5, 5 * time.Second}, {0.95, 9500 * time.Millisecond}, {0.99, 9900 * time.Millisecond}, {1, 10 * time.Second}} {
		got := h.At(tt.q)
		if got < tt.want || float64(got) > float64(tt.want)*(1+1.0/fine)+float64(2*time.Millisecond) {
			t.Errorf("At(%v) = %v, want %v or a sixty-fourth more", tt.q, got, tt.want)
		}
	}
	if h.Count() != 10_000 || h.Max() != 10*time.Second {
		t.Errorf("count %d, max %v", h.Count(), h.Max())
	}
}

func TestHistogramBuckets(t *testing.T) {
	last := -1
	for _, us := range []uint64{0, 1, 63, 64, 65, 127, 128, 129, 130, 255, 256, 1000, 1 << 20, 1<<20 + 1, 1 << 40} {
		b := bucket(us)
		if b < last {
			t.Errorf("bucket(%d) = %d, below the one of a shorter time", us, b)
		}
		if u := upper(b); u < us || us >= fine && float64(u) > float64(us)*(1+1.0/fine) {
			t.Errorf("upper(bucket(%d)) = %d", us, u)
		}
		last = b
	}
	var empty Histogram
	if empty.At(0.99) != 0 {
		t.Error("an empty histogram has a quantile")
	}
}
