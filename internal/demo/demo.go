// Package demo fills an empty database with a believable small province: four
// agencies, two hundred invented civil servants, the shipped bank, one open
// event that most have taken, and an account for each role. `cakap demo`, the
// browser tests and the benchmarks stand on it.
package demo

import (
	"context"
	"fmt"
	"time"

	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/seed"
	"cakap/internal/storage"
)

// Services are the domain packages the demonstration is made with.
type Services struct {
	DB     *storage.DB
	Keys   *access.Keys
	Access *access.Service
	People *people.Service
}

// Password is the one of every demonstration account. It is printed on the
// screen; a demonstration holds no real person.
const Password = "peraga-cakap-2026"

// Login is an account that the demonstration made.
type Login struct {
	Role     string // in Indonesian, for the screen
	Name     string
	Username string
}

// Made is what Build made.
type Made struct {
	Logins    []Login
	EventID   int64
	EventName string
	StartCode string // of one participant who has not started
	Number    string // that participant's NIP
}

// agencyCodes are the four agencies; the first is the officer's own.
var agencyCodes = []string{"6402", "6400", "6474", "6403"}

const perAgency = 50

// Build fills db. now is the moment of the demonstration: the event opened the
// day before and stays open for a week.
func Build(ctx context.Context, s Services, now time.Time) (Made, error) {
	var made Made
	if err := seed.All(ctx, s.DB, s.People, now); err != nil {
		return made, err
	}
	ids, err := agencies(ctx, s.People)
	if err != nil {
		return made, err
	}
	by := people.By{Scope: access.Scope{All: true}, Now: now}
	for i, id := range ids {
		roster := Roster(i, perAgency, now)
		report, err := s.People.Import(ctx, people.ImportRequest{
			FileName: "peraga.csv", File: roster, Size: roster.Size(), AgencyID: id, By: by,
		})
		if err != nil {
			return made, fmt.Errorf("demo roster: %w", err)
		}
		if !report.Saved {
			return made, fmt.Errorf("demo roster: %d rows were rejected", report.Counts.Rejected)
		}
	}
	if made.Logins, err = staff(ctx, s.Access, ids); err != nil {
		return made, err
	}
	return event(ctx, s, made, ids, now)
}

func agencies(ctx context.Context, p *people.Service) ([]int64, error) {
	var ids []int64
	for _, code := range agencyCodes {
		a, err := p.AgencyByCode(ctx, access.Scope{All: true}, code)
		if err != nil {
			return nil, fmt.Errorf("demo agency %s: %w", code, err)
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// staff makes an account per role.
func staff(ctx context.Context, a *access.Service, agencies []int64) ([]Login, error) {
	own := agencies[0]
	accounts := []struct {
		role, username, name string
		grants               []access.Grant
	}{
		{"Admin sistem", "admin", "Admin Peraga", []access.Grant{{Role: access.Admin}}},
		{"Admin kepegawaian provinsi (semua instansi)", "bkd.provinsi", "Hartini Kusumaningrum", []access.Grant{{Role: access.Officer}}},
		{"Admin kepegawaian satu instansi", "kepegawaian", "Slamet Widodo", []access.Grant{{Role: access.Officer, AgencyID: own}}},
		{"Pengawas", "pengawas", "Dwi Lestari", []access.Grant{{Role: access.Proctor, AgencyID: own}}},
		{"Widyaiswara (penulis soal)", "widyaiswara", "Bambang Wiratmoko", []access.Grant{{Role: access.Trainer}}},
		{"Penelaah soal", "penelaah", "Rina Marlina", []access.Grant{{Role: access.Reviewer}}},
	}
	var logins []Login
	for _, n := range accounts {
		_, err := a.CreateAccount(ctx, 0, access.NewAccount{Username: n.username, Name: n.name, Password: Password, Grants: n.grants})
		if err != nil {
			return nil, fmt.Errorf("demo account %s: %w", n.username, err)
		}
		logins = append(logins, Login{n.role, n.name, n.username})
	}
	return logins, nil
}
