package trainer

import (
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
	"cakap/scoring"
)

// importExamples are the pages of an import with everything on them.
func importExamples(p *access.Principal) map[string]kit.Page {
	base := func(title string) kit.Base {
		return kit.Base{Title: title, Section: kit.SectionImport, Principal: p, Errors: kit.Errors{
			{Field: "berkas", Text: "Berkas kosong."}, {Field: "teks", Text: "Pilih salah satu."}, {Field: "indikator", Text: "Tidak dikenal."}, {Field: "kolom", Text: "Kolom pokok soal belum dipilih."},
		}}
	}
	start := &importPage{
		Base: base("Impor soal"), Aspects: aspectChoices(scoring.BasicMedia), Groups: indicatorGroups("A1.1"), Text: "1. Apa?", MaxSize: questionbank.MaxFile,
		Kinds: []choice{{Value: "gift", Text: formatName("gift"), Chosen: true}}, Names: []string{formatName("xlsx"), formatName("docx")},
	}
	report := exampleReport()
	report.Base = base("Periksa impor")
	columns := &columnsPage{Base: base("Atur kolom"), Here: "/bank/impor/x", File: "soal.xlsx", Chosen: true, Lost: 2, Sheets: sheetViews(xlsx.Mapping{Sheets: []xlsx.SheetMapping{
		{Name: "Soal", Header: 1, Layout: "rows", Columns: []xlsx.ColumnMapping{{Key: "Soal!A", Letters: "A", Title: "Pertanyaan", Field: "stem", Samples: []string{"Apa?", "Mengapa?"}}, {Key: "Soal!B", Letters: "B"}}},
		{Layout: "unknown"},
	}})}
	look := &lookPage{
		Base: base("Soal nomor 2"), N: 2, Of: 3, At: "baris 12", Type: "Pilihan ganda", Tag: outcomeTag(questionbank.Rejected), Preview: examplePreview(),
		Options: []optionView{{Letter: "A", Text: "Melapor", Reason: "Tim dapat memeriksa.", Key: true, Points: "1"}}, Rationale: "Sebabnya <strong>begini</strong>.",
		Messages: []placed{{"baris 13", "Kunci belum ada."}, {"", "Pokok soal kosong."}}, Back: "/bank/impor/x", Mend: "/bank/impor/x/soal/2", Prev: "/bank/impor/x/soal/1/lihat", Next: "/bank/impor/x/soal/3/lihat",
	}
	done := &donePage{
		Base: base("Impor tersimpan"), ImportBatch: questionbank.ImportBatch{File: "soal.docx", Items: 50, Accepted: 40, Warned: 7, Rejected: 3, Created: time.UnixMilli(1_760_000_000_000)},
		Here: "/bank/impor/hasil/x", When: "3 Maret 2026 08.00 WIB", Saved: 47, MayUndo: true, Until: "4 Maret 2026 08.00 WIB", Rest: "/bank/impor/x?hasil=ditolak", Listed: "/bank?impor=x", Drafts: 45,
		Rows:  []savedRow{{"A1-101", "/bank/y", "Apa tindakan paling aman?", "Pilihan ganda", statusTag(questionbank.Draft)}},
		Pager: paged(2, 5, func(int) string { return "/bank/impor/hasil/x" }),
	}
	return map[string]kit.Page{"impor": start, "imporperiksa": report, "imporkolom": columns, "imporlihat": look, "imporselesai": done}
}

func exampleReport() *reportPage {
	single := questionbank.Content{Type: questionbank.Single, Stem: "Apa?", Indicator: "A4.1"}
	var long []*fault.Fault
	for range mostMessages + 1 {
		long = append(long, fault.New(fault.Invalid, "questionbank.stem_empty").On("stem"))
	}
	found := &questionbank.Report{
		File: "soal.xlsx", Format: "xlsx", Messages: []*fault.Fault{fault.New(fault.Conflict, "questionbank.import.nothing_saved", 1)},
		Items: []questionbank.ItemReport{
			{N: 1, At: "Soal!A4", Type: "single", Title: "Apa tindakan paling aman?", Aspect: scoring.EthicsSecurity, Outcome: questionbank.Accepted, Action: questionbank.ActionNew, Code: "A4-1001", Content: single},
			{N: 2, At: "Soal!A5", Type: "sjt", Title: "Apa yang Anda lakukan?", Outcome: questionbank.Warned, Action: questionbank.ActionRevised, Code: "A4-017", Messages: []*fault.Fault{fault.New(fault.Invalid, "questionbank.import.level_assumed", "L2").Place("Soal!E5")}},
			{N: 3, At: "Soal!A6", Type: string(questionbank.Unsupported), Outcome: questionbank.Rejected, Messages: long},
			{N: 4, At: "Soal!A7", Type: "single", Title: "Sudah ada", Outcome: questionbank.Accepted, Action: questionbank.ActionSame, Code: "A4-003"},
			{N: 5, At: "Soal!A8", Type: "single", Title: "Tidak perlu", Outcome: questionbank.Skipped},
		},
	}
	u := questionbank.Upload{UploadChoices: questionbank.UploadChoices{Aspect: scoring.EthicsSecurity, Mended: map[int]questionbank.Content{1: single}}}
	page := reported(u, &questionbank.Parsed{Format: "xlsx", Items: make([]questionbank.ParsedItem, 5)}, found, "/bank/impor/x", "", 1)
	page.Pager, page.Mapped = paged(2, 5, func(int) string { return "/bank/impor/x" }), true
	return page
}
