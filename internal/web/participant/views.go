package participant

import (
	"html/template"
	"time"

	"cakap/assessment"
	"cakap/internal/web/kit"
	"cakap/internal/web/question"
	"cakap/scoring"
)

// Views are the templates of this package, each with an example that walks
// through its branches.
func Views() kit.Views {
	start := task{ID: "x", Name: "Pemetaan literasi digital 2026", Action: assessment.ActStart, Status: statuses[assessment.ActStart], Window: "Senin, 23 November 2026, 09.00–12.00 WIB", Until: "12.00 WIB", Place: "Daring, Sesi 1", Minutes: 60, Items: 40, Attempt: "ke-1 dari 1"}
	resume, done, wait := start, start, start
	resume.Action, resume.Left = assessment.ActResume, 12
	done.Action, done.ResultNo, done.Again = assessment.ActResult, 1, true
	wait.Action, wait.ResultOn = assessment.ActWait, "1 Desember 2026 08.00 WIB"
	locked := start
	locked.Sequential = "Soal disajikan satu per satu."
	waiting := assessment.Waiting{Obstacle: assessment.BeforeBell, Bell: time.Minute, Turn: 80 * time.Second, Closes: time.Hour, Token: true, Admit: true, Spread: 20 * time.Second}
	take := exampleTake(takePage{
		Base: kit.Base{Title: "Soal 1 dari 2", Scripts: []string{"soal.js"}, Flash: "Jawaban soal 1 tersimpan."}, EventName: "Pemetaan",
		client:  client{ID: "x", Attempt: "y.1", Bearer: "b", SaveURL: SavePath, LastSeq: 3, Left: 2538, State: assessment.Open, Total: 2, Paused: true, Code: "ABCD-EFGH", Sequential: true, Whole: true, First: 1},
		Reports: reportKinds,
	})
	review := reviewPage{takePage: take, Missing: 2}
	review.Errors = kit.Errors{{Field: "sadar", Text: "Centang dahulu."}}
	receipt := assessment.Receipt{AttemptID: assessment.AttemptID{No: 1}, EndedBy: assessment.ByDeadline, Items: 40, Answered: 39, Late: 1, Reference: "ABCD-EFGH-IJKL", Fingerprint: "0123 4567", Visible: true}
	bar := template.HTML("<svg></svg>")
	return kit.Views{Name: "participant", Layout: "participant", FS: files, Examples: map[string]kit.Page{
		"beranda":   &homePage{Base: kit.Base{Title: "Beranda"}, Greeting: "Selamat pagi", Person: "Arsiparis", Next: &resume, Tasks: []task{start, resume, done, wait}, Results: []task{done}},
		"identitas": &identityPage{Base: kit.Base{Title: "Periksa data diri"}, Task: start, Enrolment: assessment.Enrolment{Name: "Contoh", NIP: "199001012015031001", Position: "Arsiparis", UnitPath: "Dinas Arsip"}},
		"aturan":    &rulesPage{Base: kit.Base{Title: "Tata tertib"}, Task: locked},
		"tunggu":    &waitPage{Base: kit.Base{Title: "Ruang tunggu", Errors: kit.Errors{{Field: "token", Text: "Token keliru."}}}, Task: start, Enrolment: assessment.Enrolment{Name: "Contoh", NIP: "199001012015031001"}, Waiting: waiting, Open: true, Clock: "09.00 WIB", Typed: "x"},
		"latihan":   &practicePage{Base: kit.Base{Title: "Latihan"}, For: "x", Done: true, Items: []practiceView{{N: 1, Item: practiceItems[0], Options: []question.Option{{Letter: "A", Text: "Minggu", Chosen: true}}, Checked: true}}},
		"soal":      &take,
		"tinjau":    &review,
		"alih":      &otherPage{kit.Base{Title: "Perangkat lain"}, "x"},
		"bukti":     &receiptPage{Base: kit.Base{Title: "Bukti kirim"}, ID: "x", Outbox: "y.1", Receipt: receipt, At: time.Unix(0, 0)},
		"hasil": &resultPage{
			Base: kit.Base{Title: "Hasil"}, EventName: "Pemetaan", At: time.Unix(0, 0), Headline: "Literasi digital Anda berada pada tingkat Sedang", Bounds: "Rendah 61", Answered: 39, Items: 40,
			Total: scoreView{Supported: true, Score: "77", SE: "3", Level: "Sedang", Bar: bar},
			Aspects: []scoreView{
				{Code: "A1", Name: "Dasar", Supported: true, Score: "84", SE: "5", Level: "Tinggi", Touches: "Sedang", Advice: "Pertahankan.", Bar: bar},
				{Code: "A2", Name: "Platform", Why: whyNot(scoring.AspectScore{Verdict: scoring.FewAnswers, Answered: 4, Items: 10})},
				{Code: "A3", Name: "Lanjut", Waiting: true, Why: whyNot(scoring.AspectScore{Verdict: scoring.Unmarked, Pending: 2})},
			},
		},
	}}
}
