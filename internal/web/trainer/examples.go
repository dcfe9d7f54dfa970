package trainer

import (
	"html/template"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// examples are pages with everything on them, so that the test that executes
// every template goes through every branch.
func examples() map[string]kit.Page {
	both := &access.Principal{AccountID: 7, Name: "Bambang Wiratmoko", Roles: []access.Grant{{Role: access.Trainer}, {Role: access.Reviewer}}}
	return map[string]kit.Page{
		"daftar": exampleList(both), "telaah": exampleQueue(both), "butir": exampleItem(both), "ubah": exampleEditor(both), "impor": exampleImport(both),
	}
}

func exampleList(p *access.Principal) *listPage {
	f := questionbank.Filter{Text: "phishing", Aspect: scoring.EthicsSecurity, Indicator: "A4.2", Type: questionbank.Single, Level: questionbank.L2, Status: questionbank.Approved, Live: true, Page: 3}
	page := listing(f, questionbank.Page{
		Rows: []questionbank.Row{{
			Ref: questionbank.Ref{Item: 1, Rev: 2}, Code: "A4-017", Aspect: scoring.EthicsSecurity, Indicator: "A4.2", Type: questionbank.Single,
			Level: questionbank.L2, Status: questionbank.Draft, LiveRev: 1, Stem: "Anda menerima pesan dari nomor tak dikenal. Apa tindakan paling aman?", UpdatedMS: 1_760_000_000_000,
		}},
		Total: 401, ByStatus: map[questionbank.Status]int{questionbank.Approved: 401, questionbank.Draft: 3}, Page: 3, Pages: 9,
	})
	page.Base = kit.Base{Title: "Bank soal", Section: kit.SectionBank, Principal: p}
	page.Stale, page.Unchecked, page.All, page.Live = true, 160, 486, 391
	page.Cover = covers(questionbank.Coverage{{Indicator: "A1.1", Level: questionbank.L1, Type: questionbank.Single, N: 40}, {Indicator: "A4.2", Level: questionbank.L2, Type: questionbank.SJT, N: 12}})
	return page
}

func exampleQueue(p *access.Principal) *queuePage {
	r := row{ID: 1, Code: "A4-017", Rev: 2, Aspect: "A4", Indicator: "A4.2", Stem: "Anda menerima pesan …", Type: "Pilihan ganda", Level: "L2"}
	return &queuePage{Base: kit.Base{Title: "Antrean telaah", Section: kit.SectionReview, Principal: p}, Items: []waiting{{r, "Rina Kartika", 3}, {r, "Rina Kartika", 0}}, Own: 2, Unchecked: 160}
}

func exampleItem(p *access.Principal) *itemPage {
	return &itemPage{
		Base: kit.Base{Title: "Soal A4-017", Section: kit.SectionBank, Principal: p, Errors: kit.Errors{{Field: "comment", Text: "Tulis alasannya."}}},
		ID:   1, Code: "A4-017", Rev: 2, Latest: 3, Live: 1, Status: statusTag(questionbank.InReview), Subject: "A4.2 Mengenali phishing", Facts: []fact{{"Aspek", "A4 Etika dan keamanan"}},
		Preview: preview{Aspect: "Etika dan keamanan", Stimulus: "Bacaan", Stem: "Apa tindakan paling aman?", Options: []shown{{"A", "Membuka berkas"}, {"B", "Melapor"}}, Many: true},
		Options: []optionView{{Letter: "A", Text: "Membuka berkas"}, {Letter: "B", Text: "Melapor", Reason: "Tim TI dapat memeriksa.", Key: true, Points: "4"}}, Graded: true,
		Rationale: template.HTML("Berkas <strong>.apk</strong> memasang aplikasi."), Advice: []advice{{"stem", "Pokok soal terlalu panjang."}}, Similar: []questionbank.Similar{{Code: "A4-003", Share: 91}},
		Versions: []version{{Rev: 3, Status: statusTag(questionbank.Draft), Author: "Rina Kartika", Date: "3 Maret 2026", From: "ditulis di sini"}, {Rev: 2, Status: statusTag(questionbank.InReview), Live: true, Shown: true, Author: "Cakap", Date: "1 Maret 2026", From: "bawaan Cakap"}},
		Reviews:  []decision{{2, "Diminta revisi", "Sekar Widuri", "2 Maret 2026", "Samakan panjang pilihan."}},
		Comment:  "Kurang jelas", May: may{Edit: true, Submit: true, Approve: true, Return: true, Retire: true, OwnWork: true},
	}
}

func exampleEditor(p *access.Principal) *editPage {
	dr := draft{Type: questionbank.Single, Indicator: "A4.2", Level: questionbank.L2, Stem: "Apa tindakan paling aman?", Shuffle: true, Options: []optionDraft{{Letter: "A", Text: "Membuka berkas", Reason: "Berbahaya.", Key: true, Points: "1"}}}
	dr.fill()
	page := editing(dr)
	page.Base = kit.Base{Title: "Ubah soal A4-017", Section: kit.SectionBank, Principal: p, Errors: kit.Errors{
		{Field: "stem", Text: "Pokok soal kosong."}, {Field: "options", Text: "Pilihan kurang."}, {Field: "correct", Text: "Kunci belum ada."}, {Field: "option_b", Text: "Pilihan B kosong."},
		{Field: "type", Text: "Tipe keliru."}, {Field: "level", Text: "Level keliru."}, {Field: "indicator", Text: "Indikator kosong."}, {Field: "stimulus", Text: "Terlalu panjang."},
		{Field: "points", Text: "Bobot sama semua."}, {Field: "rationale", Text: "Terlalu panjang."}, {Field: "basis", Text: "Terlalu panjang."}, {Field: "expires", Text: "Tanggal keliru."}, {Field: "digcomp", Text: "Kode keliru."},
	}}
	page.ID, page.Code, page.Rev, page.Live, page.Shown, page.Previews = 1, "A4-017", 3, 2, true, true
	page.Preview, page.Advice, page.PhoneOK = preview{Aspect: "Etika dan keamanan", Stem: "Apa?", Options: []shown{{"A", "Melapor"}}}, []advice{{"stem", "Terlalu panjang."}}, true
	page.Similar = []questionbank.Similar{{Code: "A4-003", Share: 91}}
	return page
}

func exampleImport(p *access.Principal) *importPage {
	found := questionbank.Report{
		File: "soal.xlsx", Format: "xlsx", Saved: true, Messages: []*fault.Fault{fault.New(fault.Conflict, "questionbank.import.nothing_saved", 1)},
		Items: []questionbank.ItemReport{
			{N: 1, At: "Soal!A4", Type: "single", Title: "Apa tindakan paling aman?", Aspect: scoring.EthicsSecurity, Outcome: questionbank.Accepted, Action: questionbank.ActionNew, Code: "A4-1001"},
			{N: 2, At: "Soal!A5", Type: "sjt", Title: "Apa yang Anda lakukan?", Outcome: questionbank.Warned, Action: questionbank.ActionRevised, Code: "A4-017", Messages: []*fault.Fault{fault.New(fault.Invalid, "questionbank.import.level_assumed", "L2").Place("Soal!E5")}},
			{N: 3, At: "Soal!A6", Outcome: questionbank.Rejected, Messages: []*fault.Fault{fault.New(fault.Invalid, "questionbank.stem_empty").On("stem")}},
			{N: 4, At: "Soal!A7", Type: "single", Title: "Sudah ada", Outcome: questionbank.Accepted, Action: questionbank.ActionSame, Code: "A4-003"},
		},
	}
	page := &importPage{
		Base:    kit.Base{Title: "Impor soal", Section: kit.SectionImport, Principal: p, Errors: kit.Errors{{Field: "berkas", Text: "Berkas kosong."}, {Field: "mode", Text: "Pilih satu."}, {Field: "indikator", Text: "Tidak dikenal."}}},
		Aspects: aspectChoices(scoring.BasicMedia), Groups: indicatorGroups("A1.1"), Mode: modeReady, Formats: []string{"xlsx", "csv"}, MaxSize: questionbank.MaxFile,
		Report: reported(found, false),
	}
	page.Report.More, page.Report.Homeless = 12, 3
	return page
}
