package participant

import (
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
)

func TestPace(t *testing.T) {
	var p pace
	now := time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)
	one, two := assessment.AttemptID{Enrolment: 1, No: 1}, assessment.AttemptID{Enrolment: 1, No: 2}
	for n := range saveBurst {
		if err := p.allow(one, now); err != nil {
			t.Fatalf("save %d of the burst: %v", n+1, err)
		}
	}
	f := fault.Of(p.allow(one, now))
	if f == nil || f.Kind != fault.TooMany || f.Args[0] != 1 {
		t.Fatalf("save %d: %v", saveBurst+1, f)
	}
	if err := p.allow(two, now); err != nil {
		t.Errorf("another attempt: %v", err)
	}
	if err := p.allow(one, now.Add(saveEvery)); err != nil {
		t.Errorf("a twentieth of a second later: %v", err)
	}
	if err := p.allow(one, now.Add(saveEvery)); err == nil {
		t.Error("the second one at that instant is allowed")
	}
	allowed := 0
	for ms := range 10_000 { // 1000 a second for ten seconds
		if p.allow(one, now.Add(time.Second+time.Duration(ms)*time.Millisecond)) == nil {
			allowed++
		}
	}
	if allowed < 200 || allowed > 200+saveBurst {
		t.Errorf("%d of 10,000 in ten seconds", allowed)
	}
}

// What it remembers is bounded, and forgetting lets people work.
func TestPaceForgets(t *testing.T) {
	var p pace
	now := time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)
	for n := range 3 * paceShards * paceMost {
		if n == 2*paceShards*paceMost {
			now = now.Add(time.Minute)
		}
		if err := p.allow(assessment.AttemptID{Enrolment: int64(n), No: 1}, now); err != nil {
			t.Fatalf("attempt %d: %v", n, err)
		}
	}
	for i := range p.shards {
		if n := len(p.shards[i].whole); n > paceMost {
			t.Fatalf("a shard holds %d", n)
		}
	}
}

func BenchmarkPace(b *testing.B) {
	var p pace
	now := time.Now()
	n := int64(0)
	for b.Loop() {
		n++
		_ = p.allow(assessment.AttemptID{Enrolment: n % 5000, No: 1}, now.Add(time.Duration(n)*time.Millisecond))
	}
}
