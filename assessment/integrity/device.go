package integrity

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Hold is a stretch in which one browser held one person's attempt.
type Hold struct {
	Person  int64
	Session int64
	Device  string // opaque name of the browser
	Kind    string // in words
	From    time.Time
	To      time.Time // zero: until now
}

// Shared is a browser that held the attempts of several people.
type Shared struct {
	Kind     string
	Holds    []Hold        // of all of them, oldest first
	Together time.Duration // how long two people's attempts were on it at the same time
}

// SharedDevices finds browsers with attempts of several people in one session.
// One computer after another person's session is what computer rooms are for,
// and is not reported. now ends what still runs.
func SharedDevices(all []Hold, now time.Time) []Shared {
	type place struct {
		device  string
		session int64
	}
	by := map[place][]Hold{}
	for _, h := range all {
		if h.Device == "" {
			continue
		}
		if h.To.IsZero() {
			h.To = now
		}
		key := place{h.Device, h.Session}
		by[key] = append(by[key], h)
	}
	var out []Shared
	for holds := range maps.Values(by) {
		slices.SortFunc(holds, func(a, b Hold) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Person, b.Person)) })
		if !slices.ContainsFunc(holds, func(h Hold) bool { return h.Person != holds[0].Person }) {
			continue
		}
		out = append(out, Shared{Kind: holds[0].Kind, Holds: holds, Together: together(holds)})
	}
	slices.SortFunc(out, func(a, b Shared) int {
		return cmp.Or(cmp.Compare(b.Together, a.Together), a.Holds[0].From.Compare(b.Holds[0].From), cmp.Compare(a.Holds[0].Person, b.Holds[0].Person))
	})
	return out
}

// together is the longest time that holds of two people overlap.
func together(holds []Hold) time.Duration {
	var most time.Duration
	for i, a := range holds {
		for _, b := range holds[i+1:] {
			if a.Person == b.Person {
				continue
			}
			from, to := a.From, a.To
			if b.From.After(from) {
				from = b.From
			}
			if b.To.Before(to) {
				to = b.To
			}
			most = max(most, to.Sub(from))
		}
	}
	return most
}
