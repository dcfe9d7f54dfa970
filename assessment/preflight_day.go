package assessment

import (
	"context"
	"fmt"
	"math"

	"cakap/assessment/load"
	"cakap/questionbank"
)

// The checks of this file are about the day itself: rooms, people, ways in and
// the load. Those about items and forms are in preflight.go.

// inspectDay loads what these checks look at.
func (s *Service) inspectDay(ctx context.Context, st store, e Event, in *inspection) (err error) {
	if in.overfull, err = st.overfull(ctx, e.ID); err != nil {
		return fmt.Errorf("count places: %w", err)
	}
	people, err := st.clashes(ctx, e)
	if err != nil {
		return err
	}
	in.clashes = len(people)
	if in.doubled, err = st.doubleBooked(ctx, e); err != nil {
		return err
	}
	if in.shutOut, err = st.shutOut(ctx, e.ID); err != nil {
		return fmt.Errorf("count who cannot log in: %w", err)
	}
	f, _, err := s.forecast(ctx, st, e)
	in.forecast, in.stale = f.Forecast, f.Stale
	return err
}

// rooms looks at places and proctors of the sessions.
func (in inspection) rooms() []Check {
	var unwatched, unadmitted []string
	for _, n := range in.sessions {
		if n.Place != "" && len(n.Proctors) == 0 {
			unwatched = append(unwatched, n.Name)
		}
		if n.Admit && len(n.Proctors) == 0 {
			unadmitted = append(unadmitted, n.Name)
		}
	}
	return []Check{
		named(Fail, "capacity", len(in.overfull), func() string { return in.overfull[0].Name }),
		named(Warn, "proctors", len(unwatched), func() string { return unwatched[0] }),
		named(Warn, "admit", len(unadmitted), func() string { return unadmitted[0] }),
		named(Warn, "proctor_rooms", len(in.doubled), func() string { return in.doubled[0].Name }),
	}
}

// named is a check that says how many are wrong, and the first of them.
func named(bad Verdict, name string, n int, first func() string) Check {
	if n == 0 {
		return verdict(bad, name, true)
	}
	return verdict(bad, name, false, n, first())
}

func (in inspection) media() Check {
	return named(Fail, "media", len(in.gaps), func() string { return in.gaps[0] })
}

func (in inspection) overlaps() Check { return verdict(Warn, "overlaps", in.clashes == 0, in.clashes) }

// wayIn finds people who can get in by no door at all.
func (in inspection) wayIn() Check { return verdict(Warn, "way_in", in.shutOut == 0, in.shutOut) }

// load compares the busiest moment with what was measured.
func (in inspection) load() Check {
	percent := int(math.Round(in.forecast.Peak * 100))
	switch in.forecast.Verdict() {
	case load.Unknown:
		return Check{Name: "load", Verdict: Warn, Key: "assessment.check.load.unknown"}
	case load.Over:
		return verdict(Fail, "load", false, percent)
	case load.Tight:
		return Check{Name: "load", Verdict: Warn, Key: "assessment.check.load.tight", Args: []any{percent}}
	}
	if in.stale {
		return Check{Name: "load", Verdict: Warn, Key: "assessment.check.load.stale", Args: []any{percent}}
	}
	return verdict(Fail, "load", true, percent)
}

// shutOut counts the people of an event without a start code whose account has
// no password either.
func (s store) shutOut(ctx context.Context, event int64) (int, error) {
	var n int
	err := s.db.Get(ctx, &n, `
		SELECT count(*) FROM enrolment e
		WHERE e.event_id = ? AND NOT e.withdrawn AND e.start_code_hash IS NULL
			AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = e.person_id AND a.active AND a.password_hash <> '')`, event)
	return n, err
}

// mediaGaps is the codes of items that show a picture which is not stored.
func (s store) mediaGaps(ctx context.Context, pool []PoolItem) ([]string, error) {
	refs := make([]questionbank.Ref, len(pool))
	for i, p := range pool {
		refs[i] = p.Ref
	}
	contents, err := questionbank.Revisions(ctx, s.db, refs)
	if err != nil {
		return nil, err
	}
	var hashes []string
	if err := s.db.Select(ctx, &hashes, `SELECT sha256 FROM media`); err != nil {
		return nil, fmt.Errorf("list media: %w", err)
	}
	stored := make(map[string]bool, len(hashes))
	for _, h := range hashes {
		stored[h] = true
	}
	var gaps []string
	for _, p := range pool {
		if lacksMedia(contents[p.Ref], stored) {
			gaps = append(gaps, p.Code)
		}
	}
	return gaps, nil
}

// lacksMedia reports whether a text names a file that the content does not
// have, or has and nobody stored.
func lacksMedia(c questionbank.Content, stored map[string]bool) bool {
	have := map[string]bool{}
	for _, m := range c.Media {
		have[m.Name] = true
		if !stored[m.SHA256] {
			return true
		}
	}
	for _, name := range c.MediaNames() {
		if !have[name] {
			return true
		}
	}
	return false
}
