package integrity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var bell = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// journal builds entries from "position=value@second" in the order of their
// sequence.
func journal(t *testing.T, text string) []Entry {
	t.Helper()
	var all []Entry
	for i, word := range strings.Fields(text) {
		what, second, _ := strings.Cut(word, "@")
		e := Entry{Seq: int64(i + 1)}
		var after float64
		if _, err := fmt.Sscanf(second, "%f", &after); err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		place, value, _ := strings.Cut(what, "=")
		if _, err := fmt.Sscan(place, &e.Position); err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		e.Value, e.At = value, bell.Add(time.Duration(after*1000)*time.Millisecond)
		all = append(all, e)
	}
	return all
}

func floors(n int) map[int]time.Duration {
	all := map[int]time.Duration{}
	for i := range n {
		all[i+1] = 5 * time.Second
	}
	return all
}

func TestFloor(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 3 * time.Second, 199: 3 * time.Second, 200: 5 * time.Second, 1000: 5 * time.Second, 1001: 10 * time.Second} {
		if got := Floor(n); got != want {
			t.Errorf("%d characters: %v, want %v", n, got, want)
		}
	}
}

func TestPace(t *testing.T) {
	for _, tt := range []struct {
		name, journal string
		want          Speed
		odd           bool
	}{
		{"nobody", "", Speed{}, false},
		{"calm", "1=A@0 2=B@20 3=C@45 4=A@70", Speed{Measured: 3}, false},
		{"a race", "1=A@0 2=B@1 3=C@2 4=A@3.5 5=B@4.5 6=C@5.5", Speed{Measured: 5, Fast: 5, Median: time.Second}, true},
		{"four quick ones are too few", "1=A@0 2=B@1 3=C@2 4=A@3 5=B@4", Speed{Measured: 4, Fast: 4, Median: time.Second}, false},
		{"quick ones among many calm", "1=A@0 2=A@1 3=A@2 4=A@3 5=A@4 6=A@5 7=A@30 8=A@60 9=A@90 10=A@120 11=A@150 12=A@180 13=A@210 14=A@240 15=A@270 16=A@300 17=A@330 18=A@360 19=A@390 20=A@420 21=A@450 22=A@480",
			Speed{Measured: 21, Fast: 5, Median: time.Second}, false},
		{"what was sent together says nothing", "1=A@0 2=B@60 3=C@60 4=A@60 5=B@60 6=C@60 7=A@60", Speed{}, false},
		{"nor does the first after it", "1=A@0 2=B@60 3=C@60 4=A@61 5=B@90", Speed{Measured: 1}, false},
		{"changes are not measured", "1=A@0 1=B@1 1=C@2 2=A@20 1=A@21 1=B@22", Speed{Measured: 1}, false},
		{"an empty answer is none", "1=A@0 2=@1 3=@2 4=@3 5=@4 6=@5", Speed{}, false},
		{"an item without a floor is not measured", "1=A@0 99=A@1 98=B@2", Speed{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := PaceOf(Sitting{Entries: journal(t, tt.journal), Floor: floors(30)})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got.Odd() != tt.odd {
				t.Errorf("odd is %v", got.Odd())
			}
		})
	}
}

func TestBurst(t *testing.T) {
	first := "1=A@0 2=A@60 3=A@120 4=A@180 5=A@240 6=A@300 7=A@360 "
	for _, tt := range []struct {
		name, journal string
		changed       int
		odd, last     bool
	}{
		{"no change", first, 0, false, false},
		{"six at once, at the end", first + "1=B@1000 2=B@1010 3=B@1020 4=B@1030 5=B@1040 6=B@1050", 6, true, true},
		{"six at once, long before", first + "1=B@400 2=B@410 3=B@420 4=B@430 5=B@440 6=B@450", 6, true, false},
		{"six spread out", first + "1=B@400 2=B@500 3=B@600 4=B@700 5=B@800 6=B@900", 2, false, false},
		{"to and fro on one", first + "1=B@1000 1=A@1005 1=B@1010 1=C@1015 1=A@1020 1=B@1025", 1, false, true},
		{"kept on the phone and sent later", first + "1=B@1000 2=B@1000 3=B@1000 4=B@1000 5=B@1000 6=B@1000", 0, false, false},
		{"taken back and given again", first + "1=@1000 2=@1001 3=@1002 1=A@1003 2=A@1004 3=A@1005", 0, false, false},
		{"taken back and given otherwise", first + "1=@1000 1=B@1001", 1, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := BurstOf(Sitting{Entries: journal(t, tt.journal), Ended: bell.Add(1100 * time.Second)})
			if got.Changed != tt.changed || got.Odd() != tt.odd || got.Last != tt.last {
				t.Errorf("got %+v, odd %v", got, got.Odd())
			}
		})
	}
}

// honest people guess by themselves: on each of 40 items a third are wrong, and
// wrong answers fall on three distractors unevenly.
func honest(r *rand.Rand, n int) [][]Wrong {
	all := make([][]Wrong, n)
	for i := range all {
		for item := range 40 {
			if r.Float64() < 0.35 {
				answer := "B"
				if u := r.Float64(); u > 0.8 {
					answer = "D"
				} else if u > 0.5 {
					answer = "C"
				}
				all[i] = append(all[i], Wrong{fmt.Sprint(item), answer})
			}
		}
	}
	return all
}

// Among people who do not know of each other, pairs are found in fewer than one
// of a thousand rooms; 60 rooms must find none, for a fixed seed.
func TestHonestRooms(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for room := range 60 {
		if got := Similar(honest(r, 60)); len(got) > 0 {
			t.Errorf("room %d: %+v", room, got)
		}
	}
}

func TestCopyIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	all := honest(r, 60)
	for len(all[3]) < 14 { // a source with mistakes enough to copy
		all[3] = honest(r, 1)[0]
	}
	all[41] = append([]Wrong(nil), all[3]...)
	got := Similar(all)
	if len(got) != 1 || got[0].A != 3 || got[0].B != 41 {
		t.Fatalf("got %+v", got)
	}
	p := got[0]
	if p.Same != len(all[3]) || p.Shared != p.Same || p.Expected >= float64(p.Same) || p.Corrected >= pairAlpha || p.Chance > p.Corrected {
		t.Errorf("got %+v", p)
	}
}

// A wrong key makes everybody wrong in the same way; that proves nothing.
func TestWrongKeyIsNoProof(t *testing.T) {
	var all [][]Wrong
	for range 30 {
		var one []Wrong
		for item := range 12 {
			one = append(one, Wrong{fmt.Sprint(item), "A"})
		}
		all = append(all, one)
	}
	if got := Similar(all); len(got) > 0 {
		t.Errorf("%d pairs, want none", len(got))
	}
}

// The exact tail against the binomial it is where all chances are equal, and
// against every outcome counted by hand where they are not.
func TestTail(t *testing.T) {
	binomial := func(n, k int, p float64) float64 {
		sum := 0.0
		for i := k; i <= n; i++ {
			c := 1.0
			for j := range i {
				c = c * float64(n-j) / float64(j+1)
			}
			sum += c * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
		}
		return sum
	}
	equal := []float64{.3, .3, .3, .3, .3, .3, .3, .3, .3, .3}
	for k := range 12 {
		if got, want := tail(equal, k), binomial(10, k, .3); math.Abs(got-want) > 1e-12 {
			t.Errorf("at least %d: %g, want %g", k, got, want)
		}
	}
	mixed := []float64{.1, .9, .5, .25}
	for k := range 5 {
		want := 0.0
		for mask := range 16 {
			p, n := 1.0, 0
			for i, c := range mixed {
				if mask>>i&1 == 1 {
					p, n = p*c, n+1
				} else {
					p *= 1 - c
				}
			}
			if n >= k {
				want += p
			}
		}
		if got := tail(mixed, k); math.Abs(got-want) > 1e-12 {
			t.Errorf("at least %d of mixed: %g, want %g", k, got, want)
		}
	}
}

func TestSharedDevices(t *testing.T) {
	at := func(minutes int) time.Time { return bell.Add(time.Duration(minutes) * time.Minute) }
	now := at(120)
	for _, tt := range []struct {
		name     string
		holds    []Hold
		people   []int64
		together time.Duration
	}{
		{"one person", []Hold{{1, 1, "a", "HP", at(0), at(30)}, {1, 1, "a", "HP", at(30), at(60)}}, nil, 0},
		{"the next session on the same computer", []Hold{{1, 1, "a", "PC", at(0), at(60)}, {2, 2, "a", "PC", at(70), at(110)}}, nil, 0},
		{"one after the other within a session", []Hold{{1, 1, "a", "PC", at(0), at(20)}, {2, 1, "a", "PC", at(25), at(60)}}, []int64{1, 2}, 0},
		{"at the same time", []Hold{{2, 1, "a", "HP", at(10), time.Time{}}, {1, 1, "a", "HP", at(0), at(40)}}, []int64{1, 2}, 30 * time.Minute},
		{"two devices", []Hold{{1, 1, "a", "HP", at(0), at(60)}, {2, 1, "b", "HP", at(0), at(60)}}, nil, 0},
		{"a device let go of has no name", []Hold{{1, 1, "", "", at(0), at(60)}, {2, 1, "", "", at(0), at(60)}}, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var people []int64
			var together time.Duration
			for _, s := range SharedDevices(tt.holds, now) {
				for _, h := range s.Holds {
					people = append(people, h.Person)
				}
				together = s.Together
			}
			if diff := cmp.Diff(tt.people, people); diff != "" || together != tt.together {
				t.Errorf("together %v, -want +got:\n%s", together, diff)
			}
		})
	}
}

func BenchmarkSimilar500(b *testing.B) {
	all := honest(rand.New(rand.NewPCG(1, 1)), 500)
	for b.Loop() {
		Similar(all)
	}
}
