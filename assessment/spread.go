package assessment

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Spread says how people are dealt over several sessions. All three fill the
// sessions to the same height, as far as their places allow.
type Spread string

// The ways of spreading.
const (
	SpreadEven Spread = "even" // one here, one there
	SpreadUnit Spread = "unit" // people of a unit stay together
	SpreadName Spread = "name" // by name: A to H here, I to R there
)

// Valid reports whether the way is one of the three.
func (s Spread) Valid() bool { return s == SpreadEven || s == SpreadUnit || s == SpreadName }

// spreadee is a person as the dealing sees one.
type spreadee struct {
	ID   int64
	Name string
	Unit int64
}

// room is a session as the dealing sees one.
type room struct {
	Session int64
	Taken   int
	Places  int // 0: no limit
}

func (r room) free() int {
	if r.Places == 0 {
		return math.MaxInt32
	}
	return max(r.Places-r.Taken, 0)
}

// levels is how many of n people go into each room so that the rooms end up
// equally full, and how many find no place.
func levels(n int, rooms []room) (quota []int, missing int) {
	quota = make([]int, len(rooms))
	for range n {
		best := -1
		for i, r := range rooms {
			if quota[i] < r.free() && (best < 0 || r.Taken+quota[i] < rooms[best].Taken+quota[best]) {
				best = i
			}
		}
		if best < 0 {
			missing++
			continue
		}
		quota[best]++
	}
	return quota, missing
}

// deal gives everybody a session, or says how many find no place.
func deal(how Spread, people []spreadee, rooms []room) (where map[int64]int64, missing int) {
	quota, missing := levels(len(people), rooms)
	if missing > 0 {
		return nil, missing
	}
	where = make(map[int64]int64, len(people))
	switch how {
	case SpreadUnit:
		dealUnits(people, rooms, quota, where)
	case SpreadName:
		people = byName(people)
		for i, r := range rooms {
			for _, p := range people[:quota[i]] {
				where[p.ID] = r.Session
			}
			people = people[quota[i]:]
		}
	default:
		next := 0
		for _, p := range people {
			for quota[next%len(rooms)] == 0 {
				next++
			}
			quota[next%len(rooms)]--
			where[p.ID] = rooms[next%len(rooms)].Session
			next++
		}
	}
	return where, 0
}

// dealUnits puts the largest unit where the most is left to fill, and splits
// one only where no room takes it whole.
func dealUnits(people []spreadee, rooms []room, quota []int, where map[int64]int64) {
	units := map[int64][]spreadee{}
	for _, p := range people {
		units[p.Unit] = append(units[p.Unit], p)
	}
	groups := make([][]spreadee, 0, len(units))
	for _, group := range units {
		groups = append(groups, group)
	}
	slices.SortFunc(groups, func(a, b []spreadee) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0].Unit, b[0].Unit))
	})
	free := make([]int, len(rooms))
	for i, r := range rooms {
		free[i] = r.free()
	}
	put := func(i int, group []spreadee) {
		for _, p := range group {
			where[p.ID] = rooms[i].Session
		}
		free[i] -= len(group)
		quota[i] -= len(group)
	}
	for _, group := range groups {
		if i := roomiest(quota, free, len(group)); i >= 0 {
			put(i, group)
			continue
		}
		for len(group) > 0 {
			i := roomiest(free, free, 1)
			n := min(free[i], len(group))
			put(i, group[:n])
			group = group[n:]
		}
	}
}

// roomiest is the room with the most left of want that still takes n people.
func roomiest(want, free []int, n int) int {
	best := -1
	for i := range want {
		if free[i] >= n && (best < 0 || want[i] > want[best]) {
			best = i
		}
	}
	return best
}

// byName sorts as Indonesians sort.
func byName(people []spreadee) []spreadee {
	c := collate.New(language.Indonesian, collate.IgnoreCase)
	var buf collate.Buffer
	keys := make(map[int64]string, len(people))
	for _, p := range people {
		keys[p.ID] = string(c.KeyFromString(&buf, p.Name))
		buf.Reset()
	}
	return slices.SortedFunc(slices.Values(people), func(a, b spreadee) int {
		return cmp.Or(cmp.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.ID, b.ID))
	})
}
