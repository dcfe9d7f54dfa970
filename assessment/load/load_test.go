package load

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// bell is 5,000 people of a session with a bell, an hour of 40 items.
func bell(people int, jitter time.Duration) Session {
	return Session{Opens: 2 * time.Hour, Closes: 3 * time.Hour, People: people, Items: 40, Working: time.Hour, Jitter: jitter}
}

func TestSimulateIsRepeatable(t *testing.T) {
	p := Plan{Sessions: []Session{bell(500, time.Minute)}, Capacity: Capacity{Saves: 1000, Starts: 100, Logins: 500}, Seed: 7}
	if diff := cmp.Diff(Simulate(p), Simulate(p)); diff != "" {
		t.Errorf("two runs differ\n%s", diff)
	}
	if got := Simulate(Plan{}); got.Verdict() != Unknown || got.Series != nil {
		t.Errorf("nobody: %+v", got)
	}
}

// What goes in comes out: everybody logs in, starts and submits once, and
// answers no more than there are items and changes.
func TestDemandAddsUp(t *testing.T) {
	s := bell(2000, 20*time.Second)
	f := Simulate(Plan{Sessions: []Session{s}, Seed: 1})
	var sum Point
	for _, p := range f.Series {
		sum.Logins += p.Logins * f.Step.Seconds()
		sum.Starts += p.Starts * f.Step.Seconds()
		sum.Saves += p.Saves * f.Step.Seconds()
		sum.Submits += p.Submits * f.Step.Seconds()
	}
	for what, n := range map[string]float64{"logins": sum.Logins, "starts": sum.Starts, "submits": sum.Submits} {
		if n < 1999.5 || n > 2000.5 {
			t.Errorf("%s = %.1f, want 2000", what, n)
		}
	}
	if per := sum.Saves / 2000; per < 36 || per > 46 {
		t.Errorf("%.1f saves per person, want about 40 and the changes", per)
	}
	if f.Verdict() != Unknown || f.Peak != 0 {
		t.Errorf("without a capacity: %v %v", f.Verdict(), f.Peak)
	}
}

func TestTheBellIsTheRush(t *testing.T) {
	c := Capacity{Saves: 2000, Starts: 200, Logins: 500}
	for _, tc := range []struct {
		name    string
		session Session
		want    Verdict
	}{
		{"few people", bell(400, 20*time.Second), Fine},
		{"5,000 at once", bell(5000, 0), Over},
		{"5,000 over ten minutes", bell(5000, 10*time.Minute), Fine},
		{"5,000 through a day", Session{Opens: 0, Closes: 10 * time.Hour, People: 5000, Items: 40, Working: time.Hour, Jitter: 2 * time.Minute}, Fine},
	} {
		f := Simulate(Plan{Sessions: []Session{tc.session}, Capacity: c, Seed: 3})
		if got := f.Verdict(); got != tc.want {
			t.Errorf("%s: %s (peak %.2f), want %s", tc.name, got, f.Peak, tc.want)
		}
		if tc.want == Over && (f.Wait99 < time.Second || f.PeakAt < tc.session.Opens-10*time.Second || f.PeakAt > tc.session.Opens+10*time.Second) {
			t.Errorf("%s: waits %s, peak at %s; want a queue at the bell (%s)", tc.name, f.Wait99, f.PeakAt, tc.session.Opens)
		}
		if tc.want == Fine && f.Wait99 > time.Second {
			t.Errorf("%s: waits %s", tc.name, f.Wait99)
		}
	}
}

func TestAdviceHelps(t *testing.T) {
	p := Plan{Sessions: []Session{bell(5000, 20*time.Second)}, Capacity: Capacity{Saves: 2000, Starts: 100, Logins: 500}, Seed: 3}
	if v := Simulate(p).Verdict(); v != Over {
		t.Fatalf("the plan is %s, want over", v)
	}
	a := Advise(p)
	if a.Jitter == 0 || a.Waves == 0 {
		t.Fatalf("advice = %+v", a)
	}
	if !p.with(func(s *Session) { s.Jitter = a.Jitter }).fits() || p.with(func(s *Session) { s.Jitter = a.Jitter / 5 }).fits() {
		t.Errorf("jitter %s is not the one that helps", a.Jitter)
	}
	if p.Sessions[0].Jitter != 20*time.Second || p.Sessions[0].People != 5000 {
		t.Errorf("the plan was changed: %+v", p.Sessions[0])
	}
	p.Capacity = Capacity{Saves: 10, Starts: 1, Logins: 1}
	if a := Advise(p); a != (Advice{}) {
		t.Errorf("a hopeless machine: %+v", a)
	}
}

// A week is no more memory than an hour, by longer ticks.
func TestLongEvents(t *testing.T) {
	week := Session{Opens: 0, Closes: 7 * 24 * time.Hour, People: 300, Items: 40, Working: time.Hour}
	d := newDay([]Session{week})
	if n := len(d.counts[0]); n > maxTicks+1 || d.tick != time.Second {
		t.Errorf("%d ticks of %s", n, d.tick)
	}
	if f := Simulate(Plan{Sessions: []Session{week}, Capacity: Capacity{Saves: 1000, Starts: 100, Logins: 100}}); f.Verdict() != Fine {
		t.Errorf("verdict %s, peak %.2f", f.Verdict(), f.Peak)
	}
}

func BenchmarkSimulate(b *testing.B) {
	p := Plan{Sessions: []Session{bell(5000, time.Minute)}, Capacity: Capacity{Saves: 2000, Starts: 200, Logins: 500}}
	for b.Loop() {
		Simulate(p)
	}
}
