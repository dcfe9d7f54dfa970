package rig

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"cakap/assessment"
	"cakap/assessment/commit"
	"cakap/internal/access"
	"cakap/internal/demo"
	"cakap/internal/people"
	"cakap/internal/seed"
)

// Candidate is somebody enrolled, with the code on their card.
type Candidate struct {
	Enrolment int64
	Person    int64
	NIP       string
	Code      string
}

// Exam makes n people who are enrolled in an open event of a blueprint, with
// forms drawn and codes issued, and nobody has begun.
func Exam(ctx context.Context, p Place, n int, blueprint string) (all []Candidate, err error) {
	err = found(ctx, p, n, func(as *assessment.Service, _ *access.Keys, agency int64, now time.Time) error {
		codes, err := open(ctx, as, agency, now, blueprint)
		for _, c := range codes {
			all = append(all, Candidate{c.Enrolment.ID, c.Enrolment.Person, c.Enrolment.NIP, c.Code})
		}
		return err
	})
	return all, err
}

// Staff makes n accounts of trainers that log in with Password.
func Staff(ctx context.Context, p Place, n int) (names []string, err error) {
	db, keys, err := p.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	svc := access.New(db, keys, nil)
	for i := range n {
		name := fmt.Sprintf("petugas.%04d", i+1)
		_, err := svc.CreateAccount(ctx, 0, access.NewAccount{Username: name, Name: "Petugas", Password: Password, Grants: []access.Grant{{Role: access.Trainer}}})
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// Password is that of every account that Staff makes.
const Password = "kereta malam ke Solo"

// Fill makes n people with an attempt under way each.
func Fill(ctx context.Context, p Place, n int) (all []Attempt, err error) {
	err = found(ctx, p, n, func(as *assessment.Service, keys *access.Keys, agency int64, now time.Time) error {
		codes, err := open(ctx, as, agency, now, assessment.Lengkap) // two hours: longer than any rig runs
		if err != nil {
			return err
		}
		all, err = start(ctx, as, keys, codes)
		return err
	})
	return all, err
}

// found makes an installation with n people in one agency.
func found(ctx context.Context, p Place, n int, then func(*assessment.Service, *access.Keys, int64, time.Time) error) (err error) {
	db, keys, err := p.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	now, svc := time.Now(), people.New(db)
	if err := seed.All(ctx, db, svc, now); err != nil {
		return err
	}
	agency, err := roster(ctx, svc, n, now)
	if err != nil {
		return err
	}
	writer := assessment.NewWriter(db, time.Now, commit.For(db.Engine()))
	defer writer.Close()
	as := assessment.New(assessment.Options{DB: db, Writer: writer, Keys: keys, Log: slog.New(slog.DiscardHandler)})
	return then(as, keys, agency, now)
}

func roster(ctx context.Context, svc *people.Service, n int, now time.Time) (agency int64, err error) {
	a, err := svc.AgencyByCode(ctx, access.Scope{All: true}, "6400")
	if err != nil {
		return 0, err
	}
	file := demo.Roster(0, n, now)
	report, err := svc.Import(ctx, people.ImportRequest{
		FileName: "rig.csv", File: file, Size: file.Size(), AgencyID: a.ID, SkipRejected: true, By: people.By{Scope: access.Scope{All: true}, Now: now},
	})
	if err != nil || !report.Saved {
		return 0, fmt.Errorf("rig roster: saved %v: %w", report.Saved, err)
	}
	return a.ID, nil
}

// open opens an event for the agency, with forms and codes for everybody. The
// rigs spread the starts themselves, so the session asks nobody to wait.
func open(ctx context.Context, as *assessment.Service, agency int64, now time.Time, code string) ([]assessment.StartCode, error) {
	actor := assessment.Actor{Scope: access.Scope{All: true}}
	blueprint, err := as.BlueprintByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	opens, closes := now.Add(-time.Hour), now.Add(24*time.Hour)
	e, err := as.CreateEvent(ctx, actor, assessment.NewEvent{
		Code: "RIG", Name: "Rig", Owner: agency, Blueprint: blueprint.ID, OpensAt: opens, ClosesAt: closes,
		Sessions: []assessment.NewSession{{Name: "Sesi 1", OpensAt: opens, ClosesAt: closes, Jitter: -1}},
	})
	if err != nil {
		return nil, err
	}
	if _, err := as.Enrol(ctx, actor, assessment.EnrolRequest{Event: e.ID, Agencies: []int64{agency}}); err != nil {
		return nil, err
	}
	if _, err := as.Prepare(ctx, actor, e.ID); err != nil {
		return nil, err
	}
	codes, err := as.IssueStartCodes(ctx, actor, assessment.CodeRequest{Event: e.ID})
	if err != nil {
		return nil, err
	}
	return codes, as.Open(ctx, actor, e.ID, assessment.Surroundings{BackupAge: -1})
}

// start starts everybody's attempt, many at once, so that they share commits.
func start(ctx context.Context, as *assessment.Service, keys *access.Keys, codes []assessment.StartCode) ([]Attempt, error) {
	all := make([]Attempt, len(codes))
	return all, Parallel(64, len(codes), func(i int) error {
		en := codes[i].Enrolment
		taker := assessment.Taker{Person: en.Person}
		if _, err := as.Start(ctx, taker, en.ID, "rig", "", ""); err != nil {
			return err
		}
		t, err := as.Ticket(ctx, taker, en.ID, "rig")
		all[i] = Attempt{
			Candidate: Candidate{en.ID, en.Person, en.NIP, codes[i].Code}, Items: len(t.Shape), Bearer: keys.Bearer(t.Bearer()),
		}
		return err
	})
}

// Parallel runs n pieces of work, width at once, and stops at the first fault.
func Parallel(width, n int, work func(i int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	var once sync.Once
	var first error
	for range width {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					once.Do(func() { first = err })
					next.Store(int64(n))
					return
				}
			}
		})
	}
	all.Wait()
	return first
}
