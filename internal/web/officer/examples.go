package officer

import (
	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/web/kit"
	"cakap/reports"
)

// Views are the templates of this package, each with an example that a test
// executes.
func Views() kit.Views {
	all := map[string]kit.Page{}
	for _, examples := range []map[string]kit.Page{eventExamples(), planExamples(), watchExamples(), peopleExamples()} {
		for stem, page := range examples {
			all[stem] = page
		}
	}
	return kit.Views{Name: "officer", Layout: "staff", FS: files, Examples: all}
}

// exampleBase is a page of an officer and proctor of every agency.
func exampleBase(title string, errs ...kit.FieldError) kit.Base {
	return kit.Base{
		Title: title, Errors: errs,
		Principal: &access.Principal{AccountID: 1, Name: "Hartini Kusumaningrum", Roles: []access.Grant{{Role: access.Officer}, {Role: access.Proctor}}},
	}
}

func exampleHead() eventHead {
	return eventHead{ID: 1, Name: "Asesmen Literasi Digital 2026", Code: "LD-2026-01", Tabs: []tab{
		{"/kegiatan/x", "Ringkasan", true}, {"/kegiatan/x/peserta", "Peserta", false},
	}}
}

func exampleChoices(texts ...string) []choice {
	var all []choice
	for i, text := range texts {
		all = append(all, choice{Value: text, Text: text, On: i == 0})
	}
	return all
}

func examplePages() []pageLink {
	return pageLinks("/x", kit.QueryOf("q", "siti"), 4, 9)
}

func eventExamples() map[string]kit.Page {
	form := eventForm{
		Code: "LD-2026-01", Name: "Asesmen", Opens: "2026-11-23T08:00", Closes: "2026-11-23T16:00", Zone: "WITA", Release: "manual",
		Blueprints: exampleChoices("Ringkas", "Lengkap"), Owners: exampleChoices("Kab. Contoh"), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"),
		OwnersAcross: true, Policy: policyFormOf(assessment.Spec{Attempts: 2, AttemptRule: assessment.BestAttempt, CooldownDays: 7, Delivery: assessment.DeliverOne, Phones: true}), Essays: true, Markings: exampleChoices("Satu orang", "Dua orang"), Extra: exampleChoices("A1-0900, angket: Seberapa sering?", "A1-0901, bacaan: Petunjuk"),
	}
	card := eventCard{ID: 1, Name: "Asesmen", Code: "LD-2026-01", Window: "23 November 2026", Tag: eventTag(assessment.EventOpen), Enrolled: 1284, Working: 12, Done: 40, Next: "Pantau"}
	return map[string]kit.Page{
		"kegiatan": &eventsPage{Base: exampleBase("Kegiatan"), Now: []eventCard{card}, Past: []eventCard{card}},
		"baru": &newEventPage{
			Base: exampleBase("Buat kegiatan", kit.FieldError{Field: "closes", Text: "Waktu selesai harus sesudah waktu mulai."}),
			Form: form, Releases: releaseChoices("manual"), Zones: zones(),
		},
		"ubah": &editPage{Base: exampleBase("Ubah kegiatan", kit.FieldError{Field: "name", Text: "Isi nama."}), ID: 1, Code: "LD-2026-01", Form: form, Releases: releaseChoices("at"), Zones: zones(), Unmarked: 3},
		"ringkasan": &eventPage{
			Base: exampleBase("Asesmen", kit.FieldError{Field: "session_name", Text: "Isi nama."}), eventHead: exampleHead(), Tag: eventTag(assessment.EventClosed), Window: "23 November 2026",
			Steps: []stage{{"Peserta", "done"}, {"Siapkan paket", "now"}, {"Buka", ""}}, Next: step{"Rilis hasil", "Peserta menunggu.", "/rilis", true},
			Counts:  assessment.Counts{Enrolled: 1284, Present: 3, Working: 12, Silent: 1, Done: 40, TimedOut: 2, Voided: 1, Late: 1},
			Waiting: 1231, Late: 1, Unmarked: 7, Essays: "disertakan, dinilai dua orang", Extra: 2, Blueprint: "Ringkas", Items: 40, Minutes: 60, Scheme: "Lima tingkat", Release: "Dirilis oleh petugas",
			Agencies: []string{"Kab. Contoh"}, Manages: true, Open: true,
			Policy: "sekali", Sessions: []sessionRow{
				{ID: 1, Name: "Sesi 1", Window: "23 November 2026, 09.00–12.00 WIB", Place: "Ruang 1", Token: "ABCD", People: "42 dari 40 tempat", Full: true, Proctors: "Rina", Start: "Serentak saat bel", Ended: true},
				{ID: 2, Name: "Sesi 2", Window: "24 November 2026", People: "0 orang", Start: "Dalam 20 detik sesudah bel", Empty: true},
			},
			Session: sessionForm{ID: "x", Name: "Sesi 1", Proctors: exampleChoices("Rina", "Sari"), Admit: true, Removable: true},
		},
		"pemeriksaan": &preflightPage{
			Base: exampleBase("Pemeriksaan"), eventHead: exampleHead(), Headline: "Boleh dibuka, 1 hal perlu diperhatikan", Warned: 1, Ready: true, Prepared: true, Draft: true,
			Checks: []checkRow{{Tag: tag{"check", "Baik"}, Text: "Jam server wajar."}, {tag{"tri warn", "Perhatikan"}, "Belum ada pengawas.", "#sesi", "Tunjuk pengawas"}},
			People: []clashRow{{1, "Siti", "Sesi 1", "Uji coba, Sesi 2"}}, More: 2, Proctors: []clashRow{{0, "Rina", "Sesi 1", "Sesi 2"}},
		},
		"laporan": exampleReport(),
	}
}

func exampleReport() *reportPage {
	return &reportPage{
		Base: exampleBase("Laporan"), eventHead: exampleHead(), Agency: "x", AgencyName: "Kab. Contoh", Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"),
		Headline: "Kab. Contoh berada pada tingkat Sedang", Cut: "23 November 2026 10.15 WIB", Running: true,
		Counts: reports.Counts{Enrolled: 1284, Done: 1232, Absent: 52}, Share: "96", Mean: "72,4", MeanSE: "0,6", SD: "11,4", Standard: "Sedang", Above: 752, AbovePct: "61",
		Levels: []levelName{{"h1", "Rendah", "di bawah 61"}, {"h3", "Sedang", "dari 61"}},
		Aspects: []aspectRow{
			{ID: "dA1", Code: "A1", Name: "Media digital dasar", Shown: true, Mean: "74,0 ± 0,7", Text: "Rendah 26 %, Sedang 74 %", Parts: []levelPart{
				{"c-v1", "0%", "26%", "13.0%", 26, true}, {"c-v3", "26%", "74%", "63.0%", 74, true}, {"c-v5", "100%", "0%", "100.0%", 0, false},
			}},
			{ID: "dT", Name: "Nilai akhir"},
		},
		Units:    []unitRow{{"Dinas Arsip", "214", []heatCell{{"A1", "h3", "78"}, {"A2", "h0", "n<5"}}}},
		Findings: []string{"1.232 dari 1.284 peserta selesai."}, Weakest: []weakRow{{"Media digital lanjut", "62,0"}}, Missing: 52,
	}
}

func watchExamples() map[string]kit.Page {
	rows := []participantRow{
		{1, "Yudi Prasetyawan", "···6604", "Dinas Sosial", "Sesi 1", progressTag(assessment.Silent), "21:40", "2 mnt lalu", true, 0, true},
		{2, "Dewi Anggrahini", "", "", "", progressTag(assessment.Done), "", "", false, 3, false},
	}
	return map[string]kit.Page{
		"peserta": &participantsPage{
			Base: exampleBase("Peserta", kit.FieldError{Field: "agencies", Text: "Pilih instansi."}), eventHead: exampleHead(), Text: "siti",
			Progress: progressChoices(assessment.Done), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"), Sessions: exampleChoices("Sesi 1", "Sesi 2"),
			Total: 412, Rows: rows, Pages: examplePages(), Narrowed: true,
			Enrol: enrolForm{Shown: true, Agencies: exampleChoices("Kab. Contoh"), Units: exampleChoices("Dinas Arsip"), Agency: "Kab. Contoh", Pick: exampleChoices("Kab. Contoh", "Kota Contoh"), Spread: spreads("", "Semua ke sesi ini"), List: "1990"},
			Bulk:  bulkForm{Shown: true, Act: "pindah", Reason: "Cuti", Factor: "150"}, Codes: true, Manages: true, Spread: spreads(assessment.SpreadEven, ""),
		},
		"orang": &participantPage{
			Base: exampleBase("Yudi Prasetyawan", kit.FieldError{Field: "reason", Text: "Tulis alasannya."}), eventHead: exampleHead(), Enrolment: 1, Number: "19900312 201503 1 001",
			Unit: "Dinas Sosial", Position: "Analis", Session: "Sesi 1", Where: "23 November 2026", Factor: 150, Code: true, Withdrawn: false,
			Attempts: []attemptRow{{1, tag{"ex bad", "Dibatalkan"}, "09.00", "10.00", "10.01", 15, 20, 40, 2, "5 mnt lalu", "", "Listrik padam"}, {No: 2, Tag: tag{"half act", "Mengerjakan"}, Left: "12:00", Items: 40}},
			Credits:  []creditRow{{1, "Jeda", "09.00", "10.00", "10.15", "23 November 2026 09.40 WIB", 15, "Listrik padam"}}, Devices: []deviceRow{{1, "HP Android, Chrome", "09.00", true, true}},
			Running: 2, Voidable: 2, Failed: "waktu", Typed: actForm{Minutes: "0"},
		},
		"kartu": &cardsPage{Base: exampleBase("Kartu peserta"), eventHead: exampleHead(), Enrolled: 40, Without: 3, Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"), Sessions: exampleChoices("Sesi 1", "Sesi 2"), Again: true, Message: "*Asesmen*"},
		"cetak": &printPage{Base: exampleBase("Cetak kartu"), eventHead: exampleHead(), Back: "/kegiatan/x/kartu", Cards: []examCard{
			{"Siti Aminah, S.Kom.", "19900312 201503 2 001", "Dinas Arsip", "Kab. Contoh", "Sesi 1", "23 November 2026", "Ruang 1", "ABCD-EFGH-JK"},
		}, Table: "Nama\tNIP", Messages: []cardText{{"pesan-1", "Siti", "Yth. Siti"}}, Texts: "Yth. Siti"},
		"susulan": &latePage{
			Base: exampleBase("Jawaban susulan", kit.FieldError{Field: "p", Text: "Centang sedikitnya satu orang."}), eventHead: exampleHead(), Ready: 1, Reason: "Listrik",
			Rows: []lateRow{{"x.1", 1, "Siti", "···2001", "Dinas Arsip", 4, "10.03", "2:10", true, true}, {"x.2", 2, "Budi", "···1001", "", 1, "10.03", "0:10", false, false}},
		},
	}
}
