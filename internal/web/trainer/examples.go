package trainer

import (
	"maps"

	"cakap/internal/access"
	"cakap/internal/web/kit"
	"cakap/internal/web/question"
	"cakap/questionbank"
)

// examples are pages with everything on them, so that the test that executes
// every template goes through every branch.
func examples() map[string]kit.Page {
	both := &access.Principal{AccountID: 7, Name: "Bambang Wiratmoko", Roles: []access.Grant{{Role: access.Trainer}, {Role: access.Reviewer}}}
	all := map[string]kit.Page{"ubah": exampleEditor(both)}
	maps.Copy(all, bankExamples(both))
	maps.Copy(all, importExamples(both))
	return all
}

func exampleEditor(p *access.Principal) *editPage {
	dr := draft{Type: questionbank.Hotspot, Indicator: "A4.2", Level: questionbank.L2, Stem: "Tunjuk tombolnya.", Shuffle: true, Wrong: "Coba lagi.", Image: "a.png",
		Options: []rowDraft{{Text: "Tombol", Reason: "Menutup.", Key: true, Points: "1", Area: "rect 1,1,9,9"}},
		Media:   []mediaDraft{{Media: questionbank.Media{Name: "a.png", SHA256: "00", MIME: "image/png", Alt: "Jendela", Width: 100, Height: 20, Size: 900}}, {Media: questionbank.Media{Name: "b.mp3", MIME: "audio/mpeg"}}}}
	dr.fill()
	page := editorOf(place{Heading: "Ubah soal A4-017", Action: "/bank/x/ubah", Back: "/bank/x", Code: "A4-017", Rev: 3, Live: 2, Save: "Simpan draf", Submits: true, Hint: "Soal nomor 3 dari berkas."}, dr)
	page.Base = kit.Base{Title: "Ubah soal A4-017", Section: kit.SectionBank, Principal: p}
	for _, field := range []string{"stem", "options", "correct", "option_b", "type", "level", "indicator", "stimulus", "points", "rationale", "basis", "expires", "digcomp", "image", "media", "media_file", "part_1.answers"} {
		page.Errors = append(page.Errors, kit.FieldError{Field: field, Text: "Ada yang keliru."})
	}
	page.Shown, page.Previews, page.Notice, page.Other = true, true, "Baris ditambah.", "Pokok soal lain"
	page.Preview, page.Advice, page.PhoneOK = examplePreview(), []advice{{"stem", "Terlalu panjang."}}, true
	page.Similar = []questionbank.Similar{{Code: "A4-003", Share: 91}}
	return page
}

func examplePreview() preview {
	return preview{Aspect: "Etika dan keamanan", View: question.View{Stimulus: "Bacaan", Stem: "Apa tindakan paling aman?", Note: "Pilih semua.", Parts: []question.Part{
		{Kind: questionbank.ChoiceKind, ID: "q1", Field: "jawab", Many: true, Options: []question.Option{{Letter: "A", Text: "Membuka berkas"}, {Letter: "B", Text: "Melapor"}}},
	}}}
}
