package integrity

import (
	"time"

	"cakap/assessment"
	"cakap/assessment/integrity"
	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/internal/web/officer"
)

// Views are the templates of this package, each with an example that a test
// executes.
func Views() kit.Views {
	who := &access.Principal{AccountID: 1, Name: "Hartini Kusumaningrum", Roles: []access.Grant{{Role: access.Officer}}}
	found := exampleSuspects()
	groups := groupsOf(found, locale.Zone("WIB"), func(s assessment.Suspect) person { return person{"/x", s.Who.Name, s.Who.UnitPath} })
	groups[0].More = 3
	return kit.Views{Name: "integrity", Layout: "staff", FS: files, Examples: map[string]kit.Page{"periksa": &page{
		Base: kit.Base{Title: "Perlu diperiksa", Principal: who}, EventHead: officer.ExampleHead(), Headline: headline(groups), Attempts: 1284,
		Pairs: 823_686, TooMany: true, Sessions: []choice{{"a", "Sesi 1", true}, {"b", "Sesi 2", false}}, Groups: groups,
	}}}
}

func exampleSuspects() assessment.Suspects {
	one := assessment.Suspect{Who: assessment.Enrolment{ID: 1, Name: "Pegawai Satu", UnitPath: "Dinas Pendidikan"}, Session: "Sesi 1"}
	two := assessment.Suspect{Who: assessment.Enrolment{ID: 2, Name: "Pegawai Dua"}, Session: "Sesi 1"}
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	return assessment.Suspects{
		Fast:  []assessment.FastSuspect{{Suspect: one, Speed: integrity.Speed{Measured: 38, Fast: 21, Median: 1400 * time.Millisecond}}},
		Alike: []assessment.PairSuspect{{A: one, B: two, Pair: integrity.Pair{Shared: 14, Same: 13, Expected: 5.6, Chance: 1e-9, Corrected: 4.1e-5}}},
		Devices: []assessment.DeviceSuspect{
			{Kind: "HP Android, Chrome", People: []assessment.Suspect{one, two}, Since: at, Together: 12 * time.Minute}, {People: []assessment.Suspect{one, two}, Since: at},
		},
		Bursts: []assessment.BurstSuspect{{Suspect: two, Burst: integrity.Burst{Changed: 9, From: at, To: at.Add(80 * time.Second), Last: true}}},
	}
}
