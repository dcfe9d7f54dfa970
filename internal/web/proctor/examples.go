package proctor

import (
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/web/kit"
)

// Views are the templates of this package, each with an example that a test
// executes.
func Views() kit.Views {
	return kit.Views{Name: "proctor", Layout: "staff", FS: files, Examples: map[string]kit.Page{
		"awal":   &sessionsPage{Base: exampleBase("Pengawasan"), Own: []sessionCard{{"/x", "Asesmen", "Sesi 1", "23 November 2026", "Ruang 1", tag{"half act", "Berlangsung"}}}},
		"konsol": exampleConsole(), "tindakan": exampleAct(),
		"catatan": &notesPage{
			Base: exampleBase("Catatan kejadian", kit.FieldError{Field: "note", Text: "Tulis apa yang terjadi."}), head: exampleHead(), Room: "Sesi 1", Kinds: incidentChoices("power"),
			Rows: []noteRow{{"23 November 2026 09.14 WIB", "Listrik padam", "Padam empat menit.", "", "", "Hartini"}, {"09.20", "Kesehatan peserta", "Pusing.", "Budi", "···1001", ""}},
		},
		"butir": &itemsPage{
			Base: exampleBase("Butir bermasalah"), head: exampleHead(), Stale: 12,
			Rows: []itemRow{{"/x", "A1-0001", "Manakah peramban web?", faultyTag(assessment.FaultyProposed), "Gambar hilang.", "Hartini, 23 November 2026", "", "", 3},
				{"", "A1-0002", "Apa itu sandi?", faultyTag(assessment.FaultyApproved), "Dua kunci.", "Hartini", "Budi", "Benar.", 0}},
		},
		"putusan": &itemPage{
			Base: exampleBase("Putuskan butir A1-0001", kit.FieldError{Field: "reason", Text: "Isi alasan."}), head: exampleHead(), Sealed: "x", Own: true, Sum: 40, Moved: 2,
			Item: itemRow{Code: "A1-0001", Stem: "Manakah peramban web?", Reason: "Gambar hilang.", Proposed: "Hartini", Reports: 3},
			Rows: []impactRow{impactRowOf(assessment.AgencyImpact{Attempts: 40, Total: assessment.Moved{Levels: 2, Without: 1}}, "Kab. Contoh")},
		},
	}}
}

func exampleBase(title string, errs ...kit.FieldError) kit.Base {
	return kit.Base{
		Title: title, Errors: errs,
		Principal: &access.Principal{AccountID: 1, Name: "Hartini Kusumaningrum", Roles: []access.Grant{{Role: access.Officer}, {Role: access.Proctor}}},
	}
}

func exampleHead() head {
	return head{ID: 1, Name: "Asesmen Literasi Digital 2026", Zone: "WIB", Session: "x"}
}

var exampleNow = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func exampleConsole() *consolePage {
	seen := assessment.Console{
		Event: assessment.Event{ID: 1, Name: "Asesmen", Zone: "WIB"}, At: exampleNow,
		Session: assessment.Session{ID: 1, Name: "Sesi 1", Place: "Ruang 1", Token: "ABCD", Admit: true, OpensAt: exampleNow.Add(-time.Hour), ClosesAt: exampleNow.Add(time.Hour)},
		Counts:  map[assessment.Standing]int{assessment.AtWork: 1, assessment.AtDoor: 1},
	}
	page := consoleOf(seen)
	page.Base, page.head = exampleBase("Pengawasan Sesi 1", kit.FieldError{Field: "reason", Text: "Isi alasan."}), exampleHead()
	page.Chips = chips(seen, attention, func(string) string { return "/x" })
	page.Sessions = []choice{{"a", "Sesi 1", true}, {"b", "Sesi 2", false}}
	page.Rooms = []room{{"/x", "Sesi 1", 40, 1, 30, 2, 7}}
	page.Pages = pageLinks("/x", kit.QueryOf(), 1, 5)
	page.Whole = []wholeAct{{"/x", "Tambah waktu seruangan", 30}}
	page.Total = 2
	page.Rows = []row{
		{"k1", "Siti Aminah, S.Kom.", "···2001", "Dinas Arsip", standingTag(assessment.AtWork), concerns[assessment.HasReport], true, "12/40", "42:18", 10, "3 dtk lalu", 1, 1, []rowAct{{"/x", "Tambah waktu"}}},
		{"k2", "Budi", "···1001", "", standingTag(assessment.AtDoor), "", false, "", "", 0, "", 0, 0, nil},
	}
	page.Reports = []reportCard{{"r1", "A1-0001", "Manakah peramban web?", 12, reportKinds[assessment.PictureMissing], "Gambarnya tidak muncul.", "Siti Aminah", "···2001", "Dinas Arsip", "1 mnt lalu", faultyTag(assessment.FaultyProposed)}}
	page.Failed, page.Typed = "r1", "Gambar"
	return page
}

func exampleAct() *actPage {
	page := actView(&actForm{
		actKind: acts[1], minutes: "10", cause: causes[0], note: "Padam", passed: 1,
		seen: assessment.Console{Event: assessment.Event{Zone: "WIB"}},
		people: []assessment.Watched{{Standing: assessment.AtWork, Participant: assessment.Participant{
			Enrolment: assessment.Enrolment{Name: "Budi", NIP: "199001012015031001"}, Attempt: assessment.Attempt{State: assessment.Open, Deadline: exampleNow},
		}}},
	})
	page.Base, page.head = exampleBase("Tambah waktu", kit.FieldError{Field: "note", Text: "Isi keterangan."}), exampleHead()
	return page
}
