// Package load forecasts the day of an event: when people log in, start,
// answer and submit, and whether a server of a measured capacity carries that.
// It is arithmetic on numbers; the same plan and seed give the same forecast.
//
// What it assumes of people is written at the constants. It errs on the side of
// a rush: everybody of a session that has no time to spare starts at its bell.
package load

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// What people do.
const (
	// early is how long before the bell people begin to log in; they come ever
	// more often towards it.
	early = time.Hour
	// reaction is the longest a person takes to press the button once it is
	// there, besides the jitter.
	reaction = 5 * time.Second
	// slack is how much longer than the working time a window may be and still
	// be a session with a bell. In a longer one rush percent of the people come
	// at its beginning, the others whenever they like.
	slack = 30 * time.Minute
	rush  = 30
	// pace is the share of the working time, in percent, that a usual person
	// needs; changed is how many of a hundred answers are changed once.
	pace    = 75
	changed = 15
	// submitCost is a submission in saves: it freezes and scores an attempt.
	submitCost = 5
)

// Session is a group of people with one window.
type Session struct {
	Opens   time.Duration // since an instant of the caller's, the same for all
	Closes  time.Duration
	People  int
	Items   int
	Working time.Duration
	Jitter  time.Duration
}

// Capacity is what a server was measured to carry, each by itself, per second.
type Capacity struct {
	Saves  float64
	Starts float64
	Logins float64
}

// Known reports whether anything was measured.
func (c Capacity) Known() bool { return c.Saves > 0 && c.Starts > 0 && c.Logins > 0 }

// Plan is what to forecast.
type Plan struct {
	Sessions []Session
	Capacity Capacity // unknown: the demand alone is forecast
	Seed     uint64
}

// Forecast is what the day will be like.
type Forecast struct {
	Logins  float64 // per second, the busiest ten seconds of each kind
	Starts  float64
	Saves   float64
	Submits float64
	Peak    float64       // share of the capacity in the busiest ten seconds; 0 where that is unknown
	PeakAt  time.Duration // since the caller's instant
	Wait99  time.Duration // 99 of 100 requests wait no longer for their turn
	Series  []Point       // for a chart
	From    time.Duration // where the series begins
	Step    time.Duration // between its points
}

// Point is the demand of one stretch of the series.
type Point struct {
	Logins, Starts, Saves, Submits float64 // per second
	Use                            float64 // share of the capacity
}

// Verdict is what a share of the capacity means.
type Verdict string

// The verdicts.
const (
	Unknown Verdict = "unknown" // nothing was measured
	Fine    Verdict = "fine"    // under 70 %
	Tight   Verdict = "tight"
	Over    Verdict = "over" // more than the server carries
)

// comfortable is the share of the capacity that leaves room for what nobody
// foresaw: a node that is restarted, a network that comes back.
const comfortable = 0.7

// Verdict judges the busiest ten seconds.
func (f Forecast) Verdict() Verdict {
	switch {
	case f.Peak == 0:
		return Unknown
	case f.Peak < comfortable:
		return Fine
	case f.Peak <= 1:
		return Tight
	}
	return Over
}

// kinds of demand, as rows of a day.
const (
	logins = iota
	starts
	saves
	submits
	kinds
)

// maxTicks bounds the memory of a forecast: a tick is a tenth of a second
// unless the event lasts so long that it has to be more.
const (
	finest   = 100 * time.Millisecond
	maxTicks = 2_000_000
)

// day is the demand by tick.
type day struct {
	from   time.Duration
	tick   time.Duration
	counts [kinds][]float32
}

func newDay(sessions []Session) day {
	from, to := time.Duration(math.MaxInt64), time.Duration(math.MinInt64)
	for _, s := range sessions {
		from, to = min(from, s.Opens-early), max(to, s.Closes+s.Working+time.Minute)
	}
	d := day{from: from, tick: finest}
	for (to-from)/d.tick > maxTicks {
		d.tick *= 10
	}
	for k := range d.counts {
		d.counts[k] = make([]float32, (to-from)/d.tick+1)
	}
	return d
}

func (d *day) add(kind int, at time.Duration) {
	i := (at - d.from) / d.tick
	d.counts[kind][min(max(i, 0), time.Duration(len(d.counts[kind])-1))]++
}

// people lets everybody of a session have their day.
func (d *day) people(s Session, random *rand.Rand) {
	between := func(most time.Duration) time.Duration { return time.Duration(random.Float64() * float64(most)) }
	spare := s.Closes - s.Opens - s.Working
	for range s.People {
		start := s.Opens + between(s.Jitter) + between(reaction)
		login := s.Opens - time.Duration(math.Pow(random.Float64(), 2)*float64(early))
		if spare > slack && random.IntN(100) >= rush {
			start = s.Opens + between(spare)
			login = start - between(10*time.Minute)
		}
		d.add(logins, login)
		d.add(starts, start)
		d.answers(s, start, random)
	}
}

// answers is one attempt: thinking times are lognormal, as studies of response
// times find them, and people differ in pace as items do in length.
func (d *day) answers(s Session, start time.Duration, random *rand.Rand) {
	end := start + s.Working
	own := math.Exp(0.25 * random.NormFloat64())
	mean := float64(s.Working) * pace / 100 / float64(max(s.Items, 1)) * own
	at := start
	for range s.Items {
		at += time.Duration(mean * math.Exp(0.6*random.NormFloat64()-0.18))
		if at > end {
			break
		}
		d.add(saves, at)
		if random.IntN(100) < changed {
			d.add(saves, min(at+time.Duration(mean*random.Float64()), end))
		}
	}
	d.add(submits, min(at+10*time.Second, end))
}

// Simulate forecasts a plan.
func Simulate(p Plan) Forecast {
	sessions := slices.DeleteFunc(slices.Clone(p.Sessions), func(s Session) bool { return s.People <= 0 || s.Closes <= s.Opens })
	if len(sessions) == 0 {
		return Forecast{}
	}
	d := newDay(sessions)
	random := rand.New(rand.NewPCG(p.Seed, uint64(len(sessions)))) //nolint:gosec // a forecast, not a secret
	for _, s := range sessions {
		d.people(s, random)
	}
	return d.forecast(p.Capacity)
}

func (d day) forecast(c Capacity) Forecast {
	window := max(int(10*time.Second/d.tick), 1)
	second := float64(time.Second) / float64(d.tick)
	f := Forecast{From: d.from}
	for kind, to := range map[int]*float64{logins: &f.Logins, starts: &f.Starts, saves: &f.Saves, submits: &f.Submits} {
		most, _ := busiest(d.counts[kind], window)
		*to = most * second
	}
	if c.Known() {
		work := d.work(c)
		most, at := busiest(work, window)
		f.Peak = most * second
		f.PeakAt = d.from + time.Duration(at)*d.tick
		f.Wait99 = d.wait(work)
	}
	f.Step, f.Series = d.series(c)
	return f
}

// busiest is the highest mean of so many ticks in a row, and where they begin.
func busiest(counts []float32, window int) (most float64, at int) {
	window = min(window, len(counts))
	sum := 0.0
	for i, n := range counts {
		sum += float64(n)
		if i >= window {
			sum -= float64(counts[i-window])
		}
		if i >= window-1 && sum > most {
			most, at = sum, i-window+1
		}
	}
	return most / float64(window), at
}

// work is the seconds of work that arrive in each tick.
func (d day) work(c Capacity) []float32 {
	all := make([]float32, len(d.counts[0]))
	for i := range all {
		all[i] = d.counts[logins][i]/float32(c.Logins) + d.counts[starts][i]/float32(c.Starts) +
			(d.counts[saves][i]+submitCost*d.counts[submits][i])/float32(c.Saves)
	}
	return all
}

// wait is what 99 of 100 requests wait at most: the work that stands before
// them when they come, done one after the other.
func (d day) wait(work []float32) time.Duration {
	tick := d.tick.Seconds()
	queue, waits, total := 0.0, map[int]float64{}, 0.0
	for i, w := range work {
		n := 0.0
		for kind := range kinds {
			n += float64(d.counts[kind][i])
		}
		if n > 0 {
			waits[int((queue+float64(w)/2)*1000)] += n
			total += n
		}
		queue = max(queue+float64(w)-tick, 0)
	}
	below := 0.0
	for _, ms := range slices.Sorted(maps.Keys(waits)) {
		if below += waits[ms]; below >= 0.99*total {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return 0
}

// points is how many stretches a chart has at most.
const points = 240

func (d day) series(c Capacity) (time.Duration, []Point) {
	n := len(d.counts[0])
	ticks := (n + points - 1) / points
	step := time.Duration(ticks) * d.tick
	var all []Point
	for from := 0; from < n; from += ticks {
		var sum [kinds]float64
		for kind := range kinds {
			for _, v := range d.counts[kind][from:min(from+ticks, n)] {
				sum[kind] += float64(v) / step.Seconds()
			}
		}
		p := Point{Logins: sum[logins], Starts: sum[starts], Saves: sum[saves], Submits: sum[submits]}
		if c.Known() {
			p.Use = p.Logins/c.Logins + p.Starts/c.Starts + (p.Saves+submitCost*p.Submits)/c.Saves
		}
		all = append(all, p)
	}
	return step, all
}

// Advice is what would bring a plan under 70 % of the capacity; zero fields
// help too little. Either is enough.
type Advice struct {
	Jitter time.Duration // spread the starts of every session so far
	Waves  int           // let the people of every session come in so many, one after the other
}

// Advise tries what an officer can do about a plan that is too much.
func Advise(p Plan) Advice {
	var a Advice
	for _, jitter := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute} {
		if p.with(func(s *Session) { s.Jitter = max(s.Jitter, jitter) }).fits() {
			a.Jitter = jitter
			break
		}
	}
	for waves := 2; waves <= 8; waves++ {
		if p.with(func(s *Session) { s.People = (s.People + waves - 1) / waves }).fits() {
			a.Waves = waves
			break
		}
	}
	return a
}

func (p Plan) with(change func(*Session)) Plan {
	p.Sessions = slices.Clone(p.Sessions)
	for i := range p.Sessions {
		change(&p.Sessions[i])
	}
	return p
}

func (p Plan) fits() bool { return Simulate(p).Verdict() == Fine }
