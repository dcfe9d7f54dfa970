package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cakap/bench/rig"
)

// found is what the database holds against what the phones believe.
type found struct {
	acked      int // entries that a phone was told are safe
	lost       int // of those, not in the journal, or with another value
	duplicates int // entries more than once
	strangers  int // entries that no phone sent
	differ     int // positions whose last answer is another than the phone's
	open       int // attempts of who submitted that are not submitted
}

func compare(ctx context.Context, place rig.Place, phones []*phone) (f found, err error) {
	db, _, err := place.Open(ctx)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	type row struct {
		Enrolment int64  `db:"enrolment_id"`
		Position  int    `db:"position"`
		Seq       int64  `db:"seq"`
		Value     string `db:"value"`
	}
	journal := map[int64][]rig.Answer{}
	err = db.Stream(ctx, `SELECT enrolment_id, position, seq, value FROM answer`, nil, func(scan func(any) error) error {
		var r row
		err := scan(&r)
		journal[r.Enrolment] = append(journal[r.Enrolment], rig.Answer{Position: r.Position, Seq: r.Seq, Value: r.Value})
		return err
	})
	if err != nil {
		return f, err
	}
	var submitted []int64
	if err := db.Select(ctx, &submitted, `SELECT enrolment_id FROM attempt WHERE state = 'submitted'`); err != nil {
		return f, err
	}
	done := map[int64]bool{}
	for _, id := range submitted {
		done[id] = true
	}
	for _, p := range phones {
		f.add(p, journal[p.who.Enrolment])
		if p.done && !done[p.who.Enrolment] {
			f.open++
		}
	}
	return f, nil
}

// add compares one phone with its journal.
func (f *found) add(p *phone, rows []rig.Answer) {
	stored := map[int64]rig.Answer{}
	for _, r := range rows {
		if _, twice := stored[r.Seq]; twice {
			f.duplicates++
		}
		if p.sent[r.Seq] != r {
			f.strangers++
		}
		stored[r.Seq] = r
	}
	f.acked += len(p.acked)
	for seq := range p.acked {
		if stored[seq] != p.sent[seq] {
			f.lost++
		}
	}
	if mine, theirs := last(p.sent), last(stored); p.done {
		for position, a := range mine {
			if theirs[position].Value != a.Value {
				f.differ++
			}
		}
	}
}

// last is the answer of each position with the highest sequence.
func last(all map[int64]rig.Answer) map[int]rig.Answer {
	out := map[int]rig.Answer{}
	for _, a := range all {
		if a.Seq > out[a.Position].Seq {
			out[a.Position] = a
		}
	}
	return out
}

// The limits of DESIGN 10.
const (
	saveLimit   = 250 * time.Millisecond
	memoryLimit = 1 << 30
)

func (d *day) report(f found) error {
	fmt.Printf("\n%-22s %s\n", "", rig.RowHead)
	for _, h := range []struct {
		name string
		*rig.Histogram
	}{{"log-in", &d.logins}, {"start", &d.starts}, {"take page", &d.pages}, {"save", &d.saves}, {"submit, with its pages", &d.submits}} {
		fmt.Printf("%-22s %s\n", h.name, h.Row())
	}
	fmt.Printf("\nanswers acknowledged %d, lost %d, stored twice %d, never sent %d, positions that differ %d, submitted but open %d\n",
		f.acked, f.lost, f.duplicates, f.strangers, f.differ, f.open)
	fmt.Printf("errors %d, refused with 503 or 429 and repeated %d\n", d.faults, d.shed.Load())
	fmt.Printf("connections cut %d, silences %d, phones changed %d, old phones refused %d\n", d.cuts.Load(), d.silences.Load(), d.moves.Load(), d.oldRefused.Load())
	fmt.Printf("one save %d bytes both ways, one take page with its request %d bytes, in all %s sent and %s received\n",
		d.saveBytes.Load(), d.pageBytes.Load(), rig.MiB(d.wire.Sent.Load()), rig.MiB(d.wire.Received.Load()))
	steady := int64(0)
	if len(d.memory) > 0 {
		slices.Sort(d.memory)
		steady = d.memory[len(d.memory)/2]
	}
	fmt.Printf("server: %.3f ms of CPU for a saved answer with everything else, resident %s at the median and %s at most\n\n",
		float64(d.cpu.Microseconds())/1000/float64(max(d.saves.Count(), 1)), rig.MiB(steady), rig.MiB(d.peak))
	return d.verdict(f)
}

func (d *day) verdict(f found) error {
	var missed []error
	check := func(ok, hard bool, format string, args ...any) {
		word := "pass"
		if !ok {
			word = "FAIL"
			if hard || d.strict {
				missed = append(missed, fmt.Errorf(format, args...))
			}
		}
		fmt.Printf("%s  %s\n", word, fmt.Sprintf(format, args...))
	}
	check(d.faults == 0, true, "0 errors: %d %v", d.faults, d.first)
	check(f.lost+f.strangers+f.differ+f.open == 0, true, "every answer in the journal is what the phone believes")
	check(f.duplicates == 0, true, "0 stored twice: %d", f.duplicates)
	check(int(d.submits.Count()) == d.people, true, "%d of %d submitted", d.submits.Count(), d.people)
	check(d.saves.At(0.99) < saveLimit, false, "save p99 %s below %s", d.saves.At(0.99).Round(time.Millisecond), saveLimit)
	check(d.peak < memoryLimit, false, "resident at most %s, below 1 GiB", rig.MiB(d.peak))
	return errors.Join(missed...)
}
