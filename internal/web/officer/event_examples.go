package officer

import (
	"time"

	"cakap/assessment"
	"cakap/assessment/load"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
)

// planExamples are the pages of planning that event_*.go holds.
func planExamples() map[string]kit.Page {
	list := listPageOf(assessment.List{
		People: []assessment.ListPerson{{Line: 1, Person: 1, Name: "Siti Aminah", Unit: "Dinas Arsip"}}, Already: 2, Twice: 1,
		Bad: []assessment.ListLine{{Line: 3, Masked: "••••1001", Fault: fault.New(fault.NotFound, "assessment.list_unknown")}},
	})
	list.Base, list.eventHead, list.Hidden, list.More = exampleBase("Periksa daftar"), exampleHead(), 4, 2
	event := assessment.Event{Name: "Asesmen Literasi Digital 2026", Zone: "WITA", OpensAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), ClosesAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	slow := &unfinishedPage{Base: exampleBase("Belum selesai"), eventHead: exampleHead(), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh")}
	slow.fill(event, []assessment.UnitProgress{
		{OPD: "Dinas Arsip", Agency: 1, Enrolled: 40, Done: 36, Idle: []string{"Siti Aminah", "Budi"}, Working: []string{"Cici"}, Voided: []string{"Dedi"}},
		{Agency: 2, Enrolled: 3, Idle: []string{"Euis"}}, {OPD: "Dinas Sosial", Agency: 1, Enrolled: 12, Done: 12},
	}, map[int64]string{1: "Kab. Contoh", 2: "Kota Contoh"})
	busy := loadPageOf(exampleLoad(event))
	busy.Base, busy.eventHead = exampleBase("Simulasi beban"), exampleHead()
	return map[string]kit.Page{"daftar": list, "belum": slow, "beban": busy}
}

// exampleLoad is more than the server carries, so that every part is shown.
func exampleLoad(e assessment.Event) assessment.LoadForecast {
	f := assessment.LoadForecast{
		Event: e, Zero: e.OpensAt, Others: 120, Stale: true, Capacity: load.Capacity{Saves: 2000, Starts: 100, Logins: 500},
		Nodes:    []assessment.NodeCapacity{{Node: "simpul-1", MeasuredAt: e.OpensAt.AddDate(-1, 0, 0), Saves: 2000, Starts: 100, Logins: 500}},
		Sessions: []assessment.SessionLoad{{Session: assessment.Session{Name: "Sesi 1", OpensAt: e.OpensAt, ClosesAt: e.ClosesAt, Jitter: 20 * time.Second}, Enrolled: 5000}},
		Advice:   load.Advice{Jitter: 2 * time.Minute, Waves: 3},
	}
	f.Forecast = load.Forecast{
		Logins: 8, Starts: 180, Saves: 90, Submits: 4, Peak: 1.9, PeakAt: time.Hour, Wait99: 4 * time.Second, Step: time.Minute,
		Series: []load.Point{{Logins: 2, Use: 0.1}, {Starts: 180, Saves: 20, Use: 1.9}, {Saves: 90, Use: 0.3}, {}},
	}
	return f
}
