package trainer

import (
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit"
	"cakap/questionbank"
	"cakap/scoring"
)

// bankExamples are the pages of the bank with everything on them.
func bankExamples(p *access.Principal) map[string]kit.Page {
	return map[string]kit.Page{
		"daftar": exampleList(p), "telaah": exampleQueue(p), "butir": exampleItem(p), "massal": exampleBulk(p), "ekspor": exampleExport(p),
		"banding": exampleCompare(p), "tinjau": exampleReminders(p),
	}
}

func inBank(title string, p *access.Principal) kit.Base {
	return kit.Base{Title: title, Section: kit.SectionBank, Principal: p}
}

// unsealed stands for the seals of a request.
func unsealed(kind string, _ int64) string { return kind }

func exampleRow() questionbank.Row {
	return questionbank.Row{
		Ref: questionbank.Ref{Item: 1, Rev: 2}, Code: "A4-017", Aspect: scoring.EthicsSecurity, Indicator: "A4.2", Type: questionbank.Single,
		Level: questionbank.L2, Status: questionbank.Draft, LiveRev: 1, Stem: "Anda menerima pesan dari nomor tak dikenal. Apa tindakan paling aman?",
		FlaggedMS: 1_760_000_000_000, UpdatedMS: 1_760_000_000_000, Media: true, Expires: "2026-12-31",
	}
}

func exampleList(p *access.Principal) *listPage {
	l := lens{seal: unsealed, today: time.UnixMilli(1_760_000_000_000), Filter: questionbank.Filter{
		Text: "phishing", Aspect: scoring.EthicsSecurity, Indicator: "A4.2", Type: questionbank.Single, Level: questionbank.L2, Status: questionbank.Approved,
		Author: 7, Batch: 3, Tag: "uji", Lang: "en", Used: questionbank.Used, Live: true, Media: true, Page: 3,
	}}.because(dueExpired)
	page := listing(l, questionbank.Page{
		Rows: []questionbank.Row{exampleRow()}, Total: 401, More: true, Page: 3, Pages: 9,
		ByStatus: map[questionbank.Status]int{questionbank.Approved: 401, questionbank.Draft: 3},
	})
	page.Base = inBank("Bank soal", p)
	page.Stale, page.Unchecked, page.All, page.Live, page.Due, page.Rows[0].Uses = true, 160, 486, 391, 4, 12
	page.Chips = l.chips("Rina Kartika")
	page.Authors, page.Tags = []choice{{"author", "Rina Kartika", true}}, []choice{{"uji", "uji", true}}
	page.Cover = covers(questionbank.Coverage{
		{Indicator: "A1.1", Level: questionbank.L1, Type: questionbank.Single, N: 40}, {Indicator: "A4.2", Level: questionbank.L2, Type: questionbank.SJT, N: 12},
	}, []assessment.Blueprint{{Code: "RINGKAS", Name: "Asesmen Ringkas (40 soal)", Spec: assessment.Spec{Cells: []assessment.Cell{{Aspect: scoring.BasicMedia, Count: 3}, {Aspect: scoring.EthicsSecurity, Level: questionbank.L1, Count: 3}}}}})
	return page
}

func exampleQueue(p *access.Principal) *queuePage {
	r := listed(exampleRow())
	return &queuePage{
		Base: kit.Base{Title: "Antrean telaah", Section: kit.SectionReview, Principal: p}, Own: 2, Unchecked: 160, First: "/bank/x", More: 4,
		Items: []waiting{{r, "/bank/x", "Rina Kartika", 3}, {r, "/bank/x", "Rina Kartika", 0}},
	}
}

func exampleItem(p *access.Principal) *itemPage {
	base := inBank("Soal A4-017", p)
	for _, field := range []string{"comment", "materi", "alasan", "masalah"} {
		base.Errors = append(base.Errors, kit.FieldError{Field: field, Text: "Tulis alasannya."})
	}
	review := emptyReview()
	review.Marks[0].Value, review.Marks[1].Value, review.Comment = markOK, markBad, "Kurang jelas"
	said := decision{ID: 5, Rev: 3, What: "Diminta revisi", Who: "Sekar Widuri", Date: "2 Maret 2026 10.00", Comment: "Samakan panjang pilihan.", Marks: []fact{{"Materi", "baik"}}, Suggests: true}
	taken := said
	taken.Adopted = 3
	return &itemPage{
		Base: base, ID: 1, Code: "A4-017", Rev: 3, Latest: 3, Live: 1, Status: statusTag(questionbank.InReview), Subject: "A4.2 Mengenali phishing", Facts: []fact{{"Aspek", "A4 Etika dan keamanan"}},
		Preview: examplePreview(), Graded: true,
		Keys: []keyPart{{Title: "Bagian 1", Rule: "Nilai mengikuti bobot pilihan.", Rows: []keyRow{
			{Letter: "A", Text: "Membuka berkas", Asked: true}, {Letter: "B", Text: "Melapor", Reason: "Tim TI dapat memeriksa.", Best: true, Points: "4"}, {Letter: "C", Text: "Menunggu", Key: true, Answer: "→ Aman"},
		}}},
		Rationale: "Berkas <strong>.apk</strong> memasang aplikasi.", Feedback: []fact{{"Bila salah", "Baca lagi."}}, Advice: []advice{{"stem", "Pokok soal terlalu panjang."}},
		Similar: []questionbank.Similar{{Code: "A4-003", Share: 91}}, Uses: usage{Forms: 12, Events: 2, Last: "1 Maret 2026"}, Reminders: []string{"Tanggal tinjaunya sudah lewat."},
		Flagged: &said, Raw: true, Tags: []string{"uji", "2026"}, Queue: &inQueue{N: 2, Of: 9, Prev: 3, Next: 4}, Review: review, Reason: "Usang", Problem: "Kuncinya keliru",
		History: history{
			Versions: []version{{Rev: 3, Status: statusTag(questionbank.Draft), Author: "Rina Kartika", Date: "3 Maret 2026", From: "ditulis di sini", Shown: true}, {Rev: 2, Status: statusTag(questionbank.InReview), Live: true, Author: "Cakap", Date: "1 Maret 2026", From: "bawaan Cakap"}},
			Reviews:  []decision{said, taken},
		},
		May: may{Edit: true, Submit: true, Approve: true, Return: true, Retire: true, Flag: true, OwnWork: true},
	}
}

func exampleBulk(p *access.Principal) *bulkPage {
	page := &bulkPage{Base: inBank("Pensiunkan", p), selection: selection{Picks: []string{"A4-017:2"}, Query: "q=x"}, Act: bulkActs[1], Changed: true, Tag: "uji"}
	page.tell([]target{{Code: "A4-017", Stem: "Apa?"}, {Code: "A4-018"}, {}, {}, {}, {}})
	page.Errors = kit.Errors{{Field: "tag", Text: "Tulis tagnya."}}
	return page
}

func exampleExport(p *access.Principal) *exportPage {
	name, hint := writtenName("gift")
	page := &exportPage{Base: inBank("Ekspor soal", p), selection: selection{Whole: true, Query: "aspek=A4"}, N: 12, Format: "gift", Formats: []formatChoice{{choice{"gift", name, true}, hint}}}
	page.check([]*fault.Fault{fault.New(fault.Invalid, "questionbank.stem_empty").Place("A4-017"), fault.New(fault.Invalid, "questionbank.stem_empty")})
	page.Rest = 3
	page.Errors = kit.Errors{{Field: "format", Text: "Pilih format."}, {Field: "alasan", Text: "Isi alasannya."}}
	page.Live = []string{"LD-2026-01", "LD-2026-02"}
	return page
}

func exampleCompare(p *access.Principal) *comparePage {
	a := questionbank.Content{Type: questionbank.Single, Stem: "Apa tindakan paling aman?"}
	b := questionbank.Content{Type: questionbank.Single, Stem: "Apa tindakan paling tepat?", Rationale: strings.Repeat("Sebab. ", 3)}
	return &comparePage{
		Base: inBank("Bandingkan", p), ID: 1, Code: "A4-017", Choices: []int{3, 2, 1}, Changes: changesOf(a, b), Suggestion: 5, MayAdopt: true, Comment: "Samakan.",
		Before: side{Name: "Versi 2", Rev: 2, Status: statusTag(questionbank.InReview), Who: "Rina Kartika", Preview: examplePreview()},
		After:  side{Name: "Usulan Sekar Widuri", Preview: examplePreview()},
	}
}

func exampleReminders(p *access.Principal) *remindPage {
	rows := []questionbank.Row{exampleRow()}
	return &remindPage{inBank("Perlu ditinjau", p), remind(questionbank.Reminders{Expired: rows, Expiring: rows, Rules: rows, Flagged: rows, More: true})}
}
