package trainer_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/questionbank/format/gift"
	"cakap/questionbank/format/text"
	"cakap/questionbank/format/xlsx"
)

func TestList(t *testing.T) {
	d := newDesk(t)
	if err := assessment.Seed(t.Context(), d.bank.DB, d.bank.Now()); err != nil {
		t.Fatal(err)
	}
	writer := d.visitor(t, "rina", access.Trainer)
	doc := writer.get(http.StatusOK, "/bank")
	wants(t, doc, ".sub", "160 soal")
	wants(t, doc, ".cover", "Cukup untuk Asesmen Lengkap")
	if n := doc.Find("form table tbody tr").Length(); n != 50 {
		t.Errorf("%d rows on a page, want 50", n)
	}
	if stem := strings.TrimSpace(doc.Find("tbody th a[href^='/bank/']").First().Text()); len([]rune(stem)) > 80 {
		t.Errorf("the stem is shown with %d letters: %q", len([]rune(stem)), stem)
	}
	doc = writer.get(http.StatusOK, "/bank?aspek=A2&hal=99&status=entah")
	wants(t, doc, ".notice.warn", "tidak dikenal")
	wants(t, doc, ".bulk b", "40 soal")
	if n := doc.Find(".chips li").Length(); n != 2 {
		t.Errorf("%d chips, want the aspect and the way to clear", n)
	}
	wants(t, writer.get(http.StatusOK, "/bank?q=tidak-ada-yang-begini"), ".empty", "Tidak ada soal yang cocok")
	doc = writer.get(http.StatusOK, "/bank?penulis=bukan-siapa-siapa")
	wants(t, doc, ".notice.warn", "tidak dikenal")

	writer.post(http.StatusSeeOther, "/bank/baru", item())
	author, _ := writer.get(http.StatusOK, "/bank").Find("#penulis option").Eq(1).Attr("value")
	doc = writer.get(http.StatusOK, "/bank?penulis="+author)
	wants(t, doc, ".bulk b", "1 soal")
	wants(t, doc, ".chips", "Ditulis Petugas rina")
	wants(t, writer.get(http.StatusOK, "/bank?dipakai=sudah"), ".empty", "Tidak ada soal yang cocok")
	d.visitor(t, "hartini", access.Officer).get(http.StatusForbidden, "/bank")
}

// picks are what the boxes of the list's first rows stand for.
func (v *visitor) picks(target string, n int) []string {
	v.t.Helper()
	var all []string
	v.get(http.StatusOK, target).Find(`[name="pilih"]`).Each(func(i int, box *goquery.Selection) {
		if value, _ := box.Attr("value"); i < n {
			all = append(all, value)
		}
	})
	if len(all) != n {
		v.t.Fatalf("%s: %d boxes, want %d", target, len(all), n)
	}
	return all
}

func TestBulk(t *testing.T) {
	d := newDesk(t)
	writer, reviewer := d.visitor(t, "rina", access.Trainer), d.visitor(t, "sekar", access.Reviewer)
	writer.post(http.StatusSeeOther, "/bank/baru", item())
	other := item()
	other.Set("stem", "Teman sekantor meminjam kartu akses Anda. Apa yang sebaiknya Anda lakukan?")
	writer.post(http.StatusSeeOther, "/bank/baru", other)
	drafts := writer.picks("/bank?status=draft", 2)
	shipped := writer.picks("/bank?aspek=A1", 1)

	form := url.Values{"aksi": {"ajukan"}, "pilih": append(slices.Clone(drafts), shipped...), "cakupan": {"pilihan"}, "saring": {"status=draft"}}
	doc := writer.read(writer.post(http.StatusOK, "/bank/massal", form))
	wants(t, doc, "h1", "Ajukan 3 soal ke telaah?")
	if page, err := d.bank.List(t.Context(), questionbank.Filter{Status: questionbank.InReview}); err != nil || page.Total != 0 {
		t.Fatalf("asking submitted %d items, %v", page.Total, err)
	}
	form.Set("langkah", "jalan")
	form.Set("n", "3")
	doc = writer.read(writer.post(http.StatusOK, "/bank/massal", form))
	wants(t, doc, "h1", "2 soal diajukan ke telaah")
	wants(t, doc, "table", "sudah disetujui")
	if href, _ := doc.Find(`a.btn`).Attr("href"); href != "/bank?status=draft" {
		t.Errorf("back leads to %s", href)
	}

	tags := url.Values{"aksi": {"tag"}, "cakupan": {"semua"}, "saring": {"status=in_review"}, "langkah": {"jalan"}, "n": {"2"}}
	doc = writer.read(writer.post(http.StatusUnprocessableEntity, "/bank/massal", tags))
	if doc.Find("#tag-e").Length() != 1 {
		t.Error("no tag at all was not refused at its field")
	}
	tags.Set("tag", "gelombang 1, uji")
	wants(t, writer.read(writer.post(http.StatusOK, "/bank/massal", tags)), "h1", "Tag 2 soal diubah")
	wants(t, writer.get(http.StatusOK, "/bank?tag=gelombang+1"), ".bulk b", "2 soal")

	tags.Set("n", "7") // the filter finds others than the person was told
	wants(t, writer.read(writer.post(http.StatusOK, "/bank/massal", tags)), ".notice.warn", "Jumlah soal berubah")
	tags.Set("saring", "status=in_review&tipe=entah")
	writer.read(writer.post(http.StatusUnprocessableEntity, "/bank/massal", tags))

	retire := url.Values{"aksi": {"pensiun"}, "pilih": drafts, "langkah": {"jalan"}, "n": {"2"}, "comment": {"Usang."}}
	wants(t, writer.read(writer.post(http.StatusOK, "/bank/massal", retire)), "h1", "2 soal dipensiunkan")
	wants(t, writer.get(http.StatusOK, "/bank?status=retired"), ".bulk b", "2 soal")

	wants(t, writer.read(writer.post(http.StatusUnprocessableEntity, "/bank/massal", url.Values{"aksi": {"pensiun"}})), ".errs", "Tidak ada soal yang dipilih")
	writer.post(http.StatusBadRequest, "/bank/massal", url.Values{"aksi": {"hapus"}})
	writer.post(http.StatusBadRequest, "/bank/massal", url.Values{"aksi": {"pensiun"}, "pilih": {"x"}})
	reviewer.post(http.StatusForbidden, "/bank/massal", retire)
	if reviewer.get(http.StatusOK, "/bank").Find(`.bulk [value="pensiun"]`).Length() != 0 {
		t.Error("a reviewer is offered what only trainers may")
	}
}

func TestExport(t *testing.T) {
	d := newDesk(t)
	d.bank.Formats = []questionbank.Format{xlsx.Format(), gift.Format(), text.Aiken()}
	writer := d.visitor(t, "rina", access.Reviewer)
	wants(t, writer.get(http.StatusOK, "/bank/ekspor?aspek=A2"), "h1", "Ekspor 40 soal")

	form := url.Values{"aksi": {"periksa"}, "cakupan": {"semua"}, "saring": {"aspek=A2"}, "format": {"xlsx"}}
	doc := writer.read(writer.post(http.StatusOK, "/bank/ekspor", form))
	wants(t, doc, "h2", "Semua isi terbawa")
	exports := func() int {
		entries, err := d.access.Entries(t.Context(), access.EntryFilter{Scope: access.Scope{All: true}, Action: "bank.export"})
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	if n := exports(); n != 0 {
		t.Errorf("a check left %d entries of an export in the audit trail", n)
	}
	form.Set("aksi", "unduh")
	rec := writer.post(http.StatusOK, "/bank/ekspor", form)
	if got := rec.Header().Get("Content-Disposition"); got != "attachment; filename=BankSoal_Cakap_20260303.xlsx" {
		t.Errorf("the file comes as %q", got)
	}
	parsed, err := xlsx.Read(questionbank.Input{Name: "soal.xlsx", Content: rec.Body.Bytes()})
	if err != nil || len(parsed.Items) != 40 {
		t.Errorf("the export holds %d items, %v; want 40", len(parsed.Items), err)
	}
	if n := exports(); n != 1 {
		t.Errorf("%d entries of the export in the audit trail", n)
	}

	form.Set("format", "aiken")
	form.Set("aksi", "periksa")
	doc = writer.read(writer.post(http.StatusOK, "/bank/ekspor", form))
	wants(t, doc, "h2", "tidak terbawa")
	wants(t, doc, "tbody tr", "A2-")
	form.Set("aksi", "unduh-laporan")
	packed := writer.post(http.StatusOK, "/bank/ekspor", form).Body.Bytes()
	if report := unzip(t, packed)["laporan.txt"]; !strings.Contains(report, "A2-0") {
		t.Errorf("the report says %q", report)
	}

	chosen := url.Values{"aksi": {"ekspor"}, "pilih": writer.picks("/bank?aspek=A3", 2), "cakupan": {"pilihan"}}
	wants(t, writer.read(writer.post(http.StatusOK, "/bank/ekspor", chosen)), "h1", "Ekspor 2 soal")
	chosen.Set("aksi", "unduh")
	chosen.Set("format", "gift")
	body := writer.post(http.StatusOK, "/bank/ekspor", chosen).Body.String()
	if n := strings.Count(body, "::A3-"); n != 2 && strings.Count(body, "A3-00") < 2 {
		t.Errorf("the GIFT file holds %d of the two chosen: %.300s", n, body)
	}
	for name, bad := range map[string]url.Values{
		"no format":     {"aksi": {"unduh"}, "cakupan": {"semua"}},
		"unread format": {"aksi": {"unduh"}, "cakupan": {"semua"}, "format": {"docx"}},
		"nothing":       {"aksi": {"unduh"}, "format": {"gift"}},
		"none found":    {"aksi": {"unduh"}, "format": {"gift"}, "cakupan": {"semua"}, "saring": {"q=tidakadayangbegini"}},
	} {
		if doc := writer.read(writer.post(http.StatusUnprocessableEntity, "/bank/ekspor", bad)); doc.Find(".errs").Length() != 1 {
			t.Errorf("%s: no summary of what is wrong", name)
		}
	}
	if _, err := xlsx.Read(questionbank.Input{Name: "templat.xlsx", Content: writer.do(http.StatusOK, http.MethodGet, "/bank/templat", "", nil).Body.Bytes()}); err != nil {
		t.Error(err)
	}
}

func unzip(t *testing.T, body []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

// submitted writes an item with a stem and asks for its review.
func (v *visitor) submitted(stem string) (at string) {
	v.t.Helper()
	form := item()
	form.Set("stem", stem)
	form.Set("aksi", "ajukan")
	return v.post(http.StatusSeeOther, "/bank/baru", form).Header().Get("Location")
}

func TestReviewGoesOnWithTheNext(t *testing.T) {
	d := newDesk(t)
	writer, reviewer := d.visitor(t, "rina", access.Trainer), d.visitor(t, "sekar", access.Reviewer)
	first := writer.submitted("Sebuah surel meminta kata sandi kantor Anda. Apa yang Anda lakukan lebih dulu?")
	second := writer.submitted("Teman sekantor meminjam kartu akses Anda. Apa yang sebaiknya Anda lakukan?")

	wants(t, reviewer.get(http.StatusOK, "/bank/telaah"), "h1", "2 soal menunggu")
	doc := reviewer.get(http.StatusOK, first)
	if next, _ := doc.Find(`a[rel="next"]`).Attr("href"); next != second {
		t.Errorf("the next is %s, want %s", next, second)
	}
	lanjut, _ := doc.Find(`[name="lanjut"]`).Attr("value")
	form := marks("1", "baik", "")
	form.Del("bahasa")
	form.Set("lanjut", lanjut)
	doc = reviewer.read(reviewer.post(http.StatusUnprocessableEntity, first+"/setujui", form))
	if doc.Find("#bahasa-e").Length() != 1 || doc.Find(`#materi [value="baik"][checked]`).Length() != 1 {
		t.Error("a missing mark is not refused at its block, or the others were forgotten")
	}
	form.Set("bahasa", "perbaikan")
	form.Set("bahasa_catatan", "Kurang baku.")
	doc = reviewer.read(reviewer.post(http.StatusUnprocessableEntity, first+"/setujui", form)) // not fit, so not approved
	wants(t, doc, "#bahasa-e", "belum dapat disetujui")
	if next := reviewer.post(http.StatusSeeOther, first+"/perlu-revisi", form).Header().Get("Location"); next != second {
		t.Errorf("after the decision comes %s, want %s", next, second)
	}
	wants(t, writer.get(http.StatusOK, first), "#riwayat", "Bahasa: perlu perbaikan: Kurang baku.")

	writer.post(http.StatusForbidden, second+"/tolak", marks("1", "baik", "x"))
	reviewer.read(reviewer.post(http.StatusUnprocessableEntity, second+"/tolak", marks("1", "baik", "")))
	reviewer.post(http.StatusSeeOther, second+"/tolak", marks("1", "baik", "Di luar kerangka."))
	wants(t, reviewer.get(http.StatusOK, second), "h1 + .row .tag", "Pensiun")
	doc = reviewer.read(reviewer.post(http.StatusConflict, second+"/tolak", marks("1", "baik", "x"))) // somebody decided meanwhile
	wants(t, doc, ".errs", "Pensiun")
	wants(t, reviewer.get(http.StatusOK, "/bank/telaah"), ".empty", "Begitu penulis mengajukan")
}

func TestReviewerAndTheShippedBank(t *testing.T) {
	d := newDesk(t)
	reviewer := d.visitor(t, "sekar", access.Reviewer)
	at, _ := reviewer.get(http.StatusOK, "/bank/telaah").Find(".notice a").Attr("href")
	doc := reviewer.get(http.StatusOK, at)
	wants(t, doc, "nav", "Soal bawaan yang belum ditelaah")
	next, _ := doc.Find(`a[rel="next"]`).Attr("href")
	if next == "" || next == at {
		t.Fatalf("the next shipped item is %q", next)
	}
	reviewer.post(http.StatusSeeOther, at+"/perlu-revisi", marks("1", "perbaikan", "Aturannya sudah diganti."))
	wants(t, reviewer.get(http.StatusOK, at), "h1 + .row .tag", "Perlu revisi")
	reviewer.post(http.StatusSeeOther, next+"/tolak", marks("1", "perbaikan", "Tidak berlaku lagi."))
	live := questionbank.Filter{Live: true}
	if page, err := d.bank.List(t.Context(), live); err != nil || page.Total != 158 {
		t.Errorf("%d items are live, %v; want 158", page.Total, err)
	}
}

func TestSuggestion(t *testing.T) {
	d := newDesk(t)
	writer, reviewer, third := d.visitor(t, "rina", access.Trainer), d.visitor(t, "sekar", access.Reviewer), d.visitor(t, "wayan", access.Reviewer)
	at := writer.submitted("Sebuah surel meminta kata sandi kantor Anda. Apa yang Anda lakukan lebih dulu?")
	writer.get(http.StatusForbidden, at+"/usul")
	wants(t, reviewer.get(http.StatusOK, at+"/usul"), "h1", "Usulkan perbaikan")
	same := item()
	same.Set("stem", "Sebuah surel meminta kata sandi kantor Anda. Apa yang Anda lakukan lebih dulu?")
	same.Set("rev", "1")
	reviewer.read(reviewer.post(http.StatusConflict, at+"/usul", same))
	better := item()
	better.Set("stem", "Sebuah surel meminta kata sandi akun kantor Anda. Apa langkah pertama Anda?")
	better.Set("rev", "1")
	reviewer.post(http.StatusSeeOther, at+"/usul", better)

	doc := writer.get(http.StatusOK, at)
	wants(t, doc, "h1 + .row .tag", "Perlu revisi")
	wants(t, doc, ".notice", "Petugas sekar mengusulkan perbaikan")
	look, _ := doc.Find(`a[href*="usul="]`).First().Attr("href")
	doc = writer.get(http.StatusOK, look)
	wants(t, doc, ".diff ins", "langkah")
	wants(t, doc, ".diff del", "Anda lakukan")
	if reviewer.get(http.StatusOK, look).Find(`form[action$="/pakai-usul"]`).Length() != 0 {
		t.Error("a reviewer is offered to adopt")
	}
	usul, _ := doc.Find(`[name="usul"]`).Attr("value")
	writer.post(http.StatusNotFound, at+"/pakai-usul", url.Values{"rev": {"1"}, "usul": {"palsu"}})
	writer.post(http.StatusSeeOther, at+"/pakai-usul", url.Values{"rev": {"1"}, "usul": {usul}})
	doc = writer.get(http.StatusOK, at)
	wants(t, doc, "h1", "versi 2")
	wants(t, doc, "h1 + .row .tag", "Draf")
	wants(t, doc, "#riwayat", "dipakai di versi 2")
	wants(t, doc, ".facts", "Petugas sekar")
	writer.post(http.StatusSeeOther, at+"/ajukan", url.Values{"rev": {"2"}})
	reviewer.post(http.StatusForbidden, at+"/setujui", marks("2", "baik", "")) // its words are the reviewer's own
	third.post(http.StatusSeeOther, at+"/setujui", marks("2", "baik", ""))

	doc = third.get(http.StatusOK, at+"/banding?dari=1&ke=2")
	wants(t, doc, "h1", "Versi 1 dan Versi 2")
	if n := doc.Find(".phone").Length(); n != 2 {
		t.Errorf("%d previews, want both", n)
	}
	doubled := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		id, _ := e.Attr("id")
		if doubled[id] {
			t.Errorf("the id %q stands twice", id)
		}
		doubled[id] = true
	})
	wants(t, third.get(http.StatusOK, at+"/banding?dari=2&ke=2"), ".sub", "Tidak ada yang berbeda")
	third.get(http.StatusNotFound, at+"/banding?dari=1&ke=9")
	third.get(http.StatusNotFound, at+"/banding?usul=palsu")
}

func TestFlagsAndReminders(t *testing.T) {
	d := newDesk(t)
	reviewer := d.visitor(t, "sekar", access.Reviewer)
	at, _ := reviewer.get(http.StatusOK, "/bank?q=A1-001").Find("tbody th a[href^='/bank/']").Last().Attr("href")
	wants(t, reviewer.get(http.StatusOK, "/bank/tinjau"), "main", "perlu ditinjau")
	doc := reviewer.read(reviewer.post(http.StatusUnprocessableEntity, at+"/masalah", url.Values{"rev": {"1"}}))
	if doc.Find("#masalah-e").Length() != 1 {
		t.Error("a note without a word was not refused at its field")
	}
	reviewer.post(http.StatusSeeOther, at+"/masalah", url.Values{"rev": {"1"}, "masalah": {"Kuncinya keliru."}})
	wants(t, reviewer.get(http.StatusOK, at), ".notice.warn", "Kuncinya keliru.")
	wants(t, reviewer.get(http.StatusOK, "/bank/tinjau"), "#masalah", "A1-001")
	wants(t, reviewer.get(http.StatusOK, "/bank?tinjau=masalah"), ".bulk b", "1 soal")
	reviewer.post(http.StatusSeeOther, at+"/masalah", url.Values{"rev": {"1"}, "aksi": {"cabut"}})
	if doc := reviewer.get(http.StatusOK, at); strings.Contains(doc.Find(".notice").Text(), "keliru") {
		t.Error("the note stands after it was taken back")
	}
	reviewer.do(http.StatusSeeOther, http.MethodGet, at+"/asli", "", nil) // it came with no file
	wants(t, reviewer.get(http.StatusOK, at), ".notice.ok", "Tulisan asli")
}

func TestOriginal(t *testing.T) {
	d := newDesk(t)
	const raw = "::Surel::Apa yang {=ini ~itu}"
	c := questionbank.Content{Type: questionbank.Single, Indicator: "A4.2", Level: questionbank.L2, Stem: "Apa yang sebaiknya dilakukan lebih dahulu?", Interactions: []questionbank.Interaction{
		questionbank.NewChoice(questionbank.Single, []questionbank.Option{{Text: "ini"}, {Text: "itu"}}, []int{0}),
	}}
	parsed := questionbank.Parsed{Format: "gift", Items: []questionbank.ParsedItem{{At: "baris 1", Type: "single", Content: c, Raw: []byte(raw)}}}
	report, err := d.bank.Import(t.Context(), questionbank.ImportRequest{File: "bank.gift", Parsed: &parsed, Actor: 1})
	if err != nil || report.Counts().Rejected > 0 {
		t.Fatalf("%v: %+v", err, report.Items)
	}
	reviewer := d.visitor(t, "sekar", access.Reviewer)
	at, _ := reviewer.get(http.StatusOK, "/bank?status=draft").Find("tbody th a[href^='/bank/']").Attr("href")
	doc := reviewer.get(http.StatusOK, at)
	wants(t, doc, ".facts", "impor bank.gift, baris 1")
	href, _ := doc.Find(`a[href*="/asli"]`).Attr("href")
	rec := reviewer.do(http.StatusOK, http.MethodGet, href, "", nil)
	if got := rec.Body.String(); got != raw {
		t.Errorf("the original is %q, want %q", got, raw)
	}
	if got := rec.Header().Get("Content-Disposition"); got != "attachment; filename=A4-1001_v1.gift" {
		t.Errorf("it comes as %q", got)
	}
}
