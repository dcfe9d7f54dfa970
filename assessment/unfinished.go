package assessment

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// UnitProgress is who of one OPD has not finished, for the message that its
// admin sends to the OPD's group. Names are there, numbers are not.
type UnitProgress struct {
	OPD      string // "" for people without a unit
	Agency   int64
	Enrolled int
	Done     int
	Idle     []string // have not begun, by name
	Working  []string
	Voided   []string // an officer cancelled the attempt and nobody has submitted another
}

// Unfinished is how many have not finished.
func (u UnitProgress) Unfinished() int { return len(u.Idle) + len(u.Working) + len(u.Voided) }

// Unfinished lists, per OPD, who of an event has not finished, of one agency
// or of all the actor's (0). OPDs where everybody has are there too, so that
// the numbers add up; the fullest lists come first.
func (s *Service) Unfinished(ctx context.Context, actor Actor, event, agency int64) (Event, []UnitProgress, error) {
	e, all, err := s.roll(ctx, actor, event, agency, 0)
	if err != nil {
		return Event{}, nil, err
	}
	sortByName(all)
	return e, byOPD(all), nil
}

func byOPD(people []Participant) []UnitProgress {
	type key struct {
		agency int64
		opd    string
	}
	units := map[key]*UnitProgress{}
	for _, p := range people {
		if p.Progress == Left {
			continue
		}
		k := key{p.Enrolment.Agency, p.Enrolment.OPD}
		u := units[k]
		if u == nil {
			u = &UnitProgress{OPD: k.opd, Agency: k.agency}
			units[k] = u
		}
		u.Enrolled++
		switch p.Progress {
		case Done, TimedOut:
			u.Done++
		case NotStarted, Present:
			u.Idle = append(u.Idle, p.Enrolment.Name)
		case Cancelled:
			u.Voided = append(u.Voided, p.Enrolment.Name)
		default:
			u.Working = append(u.Working, p.Enrolment.Name)
		}
	}
	all := make([]UnitProgress, 0, len(units))
	for _, u := range units {
		all = append(all, *u)
	}
	slices.SortFunc(all, func(a, b UnitProgress) int {
		return cmp.Or(cmp.Compare(b.Unfinished(), a.Unfinished()), strings.Compare(a.OPD, b.OPD), cmp.Compare(a.Agency, b.Agency))
	})
	return all
}
