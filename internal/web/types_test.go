package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

// everyType is the server with an open event whose forms hold an item of every
// type, and the one participant at the bell.
type everyType struct {
	*world
	base    string // "/ikut/…"
	me      *browser
	picture string // hash of the one picture
}

func newEveryType(t *testing.T) everyType {
	t.Helper()
	w := emptyWorld(t, secure)
	ctx, now := t.Context(), w.clock()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(questionbank.Seed(ctx, w.db, now))
	check(assessment.Seed(ctx, w.db, now))
	_, err := w.db.Exec(ctx, `UPDATE item SET live_rev = NULL`)
	check(err)
	bank := &questionbank.Service{DB: w.db, Now: w.clock}
	spec := assessment.Spec{
		Minutes: 60, Delivery: assessment.DeliverAll, Attempts: 1, AttemptRule: assessment.LastAttempt, Essays: true, Evidence: scoring.DefaultEvidence,
	}
	drawn := 0
	var picture string
	for _, c := range questionbanktest.Samples() {
		for i, m := range c.Media {
			stored, _, err := bank.SaveMedia(ctx, 11, m.Name, questionbanktest.Picture())
			check(err)
			stored.Alt = m.Alt
			c.Media[i], picture = stored, stored.SHA256
		}
		saved, err := bank.Create(ctx, 11, c)
		check(err)
		check(bank.Submit(ctx, 11, saved.Ref))
		check(bank.Approve(ctx, 12, saved.Ref, "Baik."))
		if c.Type.Drawable() {
			drawn++
			continue
		}
		item, err := bank.Item(ctx, saved.Item)
		check(err)
		spec.Extra = append(spec.Extra, item.Code)
	}
	spec.Cells = []assessment.Cell{{Aspect: scoring.BasicMedia, Count: drawn}}

	all := access.Scope{All: true}
	staff, by, as := people.New(w.db), people.By{Scope: all, Now: now}, assessment.Actor{Scope: all}
	a, err := staff.CreateAgency(ctx, by, people.Agency{Code: "9901", Name: ofA[2], ShortName: ofA[2], Kind: "city", Zone: "WIB", Active: true})
	check(err)
	_, err = staff.AddPerson(ctx, by, nipA, people.Person{AgencyID: a.ID, Name: ofA[0], Kind: "PNS"})
	check(err)
	plan, err := w.exams.BlueprintByCode(ctx, assessment.Ringkas)
	check(err)
	plan, err = w.exams.CreateBlueprint(ctx, as, assessment.Blueprint{Code: "SEMUA", Name: "Semua jenis", Spec: spec, SchemeCode: plan.SchemeCode, SchemeVersion: plan.SchemeVersion})
	check(err)
	e, err := w.exams.CreateEvent(ctx, as, assessment.NewEvent{
		Code: "SEMUA-1", Name: "Semua jenis soal", Owner: a.ID, Blueprint: plan.ID, Agencies: []int64{a.ID}, OpensAt: bell, ClosesAt: bell.Add(4 * time.Hour), Zone: "WIB",
	})
	check(err)
	_, err = w.exams.Enrol(ctx, as, assessment.EnrolRequest{Event: e.ID, Agencies: e.Agencies})
	check(err)
	_, err = w.exams.Prepare(ctx, as, e.ID)
	check(err)
	codes, err := w.exams.IssueStartCodes(ctx, as, assessment.CodeRequest{Event: e.ID})
	check(err)
	check(w.exams.Open(ctx, as, e.ID, assessment.Surroundings{}))
	w.wait(time.Hour)

	b := w.browser(t)
	b.post("/masuk/kode", "nip", nipA, "kode", codes[0].Code)
	x := everyType{w, "/ikut/" + w.keys.Seal("enrolment", codes[0].Enrolment.ID), b, picture}
	if got := x.me.post(x.base + "/mulai"); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("start: status %d: %s", got.StatusCode, got.body)
	}
	return x
}

// sound fails where a page is not fit for its reader, or tells what it must not.
func (x everyType) sound(t *testing.T, p page, want int, secrets ...string) page {
	t.Helper()
	if p.StatusCode != want {
		t.Fatalf("status %d, want %d: %.300s", p.StatusCode, want, p.body)
	}
	if want/100 == 3 {
		return p
	}
	for _, f := range p.faults(t) {
		t.Error(f)
	}
	for _, s := range secrets {
		if strings.Contains(p.body, s) {
			t.Errorf("the page holds %q", s)
		}
	}
	return p
}

// filled is the fields of a question's form, every control answered; half
// leaves all but the first of its rows or gaps alone.
func filled(form *goquery.Selection, half bool) []string {
	n, _ := form.Find("[name=n]").Attr("value")
	fields := []string{"n", n, "ke", n}
	seen, place := map[string]bool{}, 0
	form.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		if !strings.HasPrefix(name, "jawab") || seen[name] || half && len(seen) > 0 {
			return
		}
		seen[name] = true
		value := "Isian & <contoh>"
		switch goquery.NodeName(s) {
		case "select":
			value = s.Find("option").Eq(1).AttrOr("value", "")
			if s.Closest("[data-part=order]").Length() > 0 {
				place++
				value = strconv.Itoa(place)
			}
		case "input":
			if kind := s.AttrOr("type", ""); kind == "radio" || kind == "checkbox" {
				value = s.AttrOr("value", "")
			}
		}
		fields = append(fields, name, value)
	})
	return fields
}

// Without any script an item of every type is shown, answered, answered again
// in part, reviewed and handed in; and nothing a participant gets tells a key.
func TestEveryTypeWithoutScript(t *testing.T) {
	x := newEveryType(t)
	secrets := []string{questionbanktest.Canary, "jendela.png", "Tombol kanan", "uniform resource", "Contoh "}
	take := x.sound(t, x.me.get(x.base+"/soal"), 200, secrets...)
	for _, name := range keyNames.FindAllString(take.body, -1) {
		t.Errorf("the page has a field %s", name)
	}
	if w, most := take.weight(t), budget("/ikut/:id/soal", access.Participant); w > most {
		t.Errorf("the page takes %d bytes, more than %d", w, most)
	}
	doc := take.doc(t)
	if n := doc.Find("section.q").Length(); n != len(questionbank.Types) {
		t.Fatalf("%d questions, want %d", n, len(questionbank.Types))
	}
	for _, want := range []string{
		"[data-part=choice]", "[data-part=spot] [name=jawab]", "[data-part=pairs] select", "[data-part=pairs] [type=checkbox]", "[data-part=order] select", "textarea[data-part=text]",
		".stem select.gap", `.stem input.gap[inputmode=decimal]`, ".map svg [data-for]", `.map img[src="/media/` + x.picture + `"][alt="Jendela aplikasi"]`, `input[inputmode=decimal]:not(.gap)`,
	} {
		if doc.Find(want).Length() == 0 {
			t.Errorf("nothing on the page is %s", want)
		}
	}
	if got := x.me.get("/media/" + x.picture); got.StatusCode != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") {
		t.Errorf("the picture: status %d, %s", got.StatusCode, got.Header.Get("Content-Type"))
	}
	if got := doc.Find(".qlist .vh").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Text() == ", belum dijawab" }).Length(); got != len(questionbank.Types)-1 {
		t.Errorf("%d questions ask for an answer, want all but the text to read", got)
	}
	answer := func(half bool) *goquery.Document {
		t.Helper()
		doc.Find("section.q form").Each(func(_ int, form *goquery.Selection) {
			if fields := filled(form, half); len(fields) > 4 {
				x.sound(t, x.me.post(x.base+"/soal", fields...), http.StatusSeeOther)
			}
		})
		return x.sound(t, x.me.get(x.base+"/soal"), 200, secrets...).doc(t)
	}
	spoken := func(doc *goquery.Document) map[string]int {
		said := map[string]int{}
		doc.Find(".qlist .cells .vh").Each(func(_ int, s *goquery.Selection) { said[s.Text()]++ })
		return said
	}
	doc = answer(false)
	for text, n := range spoken(doc) {
		if strings.Contains(text, "belum") || strings.Contains(text, "sebagian") {
			t.Errorf("%d times %q after every answer", n, text)
		}
	}
	if got := doc.Find("textarea").Text(); got != "Isian & <contoh>" {
		t.Errorf("the essay came back as %q", got)
	}
	// The matrix, the match, the order and the cloze lose all but their first row.
	doc = answer(true)
	if got := spoken(doc)[", terjawab sebagian"]; got != 4 {
		t.Errorf("%d questions are answered in part, want 4: %v", got, spoken(doc))
	}
	review := x.sound(t, x.me.get(x.base+"/tinjau"), 200, secrets...)
	if !strings.Contains(review.body, "13 terjawab (4 baru sebagian)") || strings.Contains(review.body, "belum dijawab") {
		t.Errorf("the review says something else: %.600s", review.doc(t).Find(".sub").Text())
	}
	x.sound(t, x.me.post(x.base+"/kirim"), http.StatusSeeOther)
	receipt := x.sound(t, x.me.get(x.base+"/bukti/1"), 200, secrets...)
	if !strings.Contains(receipt.body, "13") {
		t.Error("the receipt does not count the answers")
	}
}

// Two entries on one place: the second has none, and the person is told.
func TestOrderWithTwoOnOnePlace(t *testing.T) {
	x := newEveryType(t)
	form := x.me.get(x.base + "/soal").doc(t).Find("[data-part=order]").Closest("form")
	n, _ := form.Find("[name=n]").Attr("value")
	x.sound(t, x.me.post(x.base+"/soal", "n", n, "ke", n, "jawab-1", "2", "jawab-2", "2", "jawab-3", "1", "jawab-4", "9"), http.StatusSeeOther)
	got := x.me.get(x.base + "/soal")
	if want := fmt.Sprintf("Soal %s tersimpan sebagian: dua butir mendapat nomor urut yang sama", n); !strings.Contains(got.body, want) {
		t.Errorf("the page does not say %q", want)
	}
	var value string
	if err := x.db.Get(t.Context(), &value, `SELECT value FROM answer`); err != nil || value != "CA--" {
		t.Errorf("the journal holds %q, %v", value, err)
	}
}

// The outbox sends the same values; a long essay fits, and one too long does not.
func TestEveryTypeByOutbox(t *testing.T) {
	x := newEveryType(t)
	doc := x.me.get(x.base + "/soal").doc(t)
	bearer, _ := doc.Find("[data-bearer]").Attr("data-bearer")
	seq := 0
	save := func(selector, value string) int {
		t.Helper()
		seq++
		n, ok := doc.Find(selector).Closest("form").Find("[name=n]").Attr("value")
		if !ok {
			t.Fatalf("nothing is %s", selector)
		}
		b := x.browser(t)
		b.header.Set("Authorization", "Bearer "+bearer)
		body := fmt.Sprintf(`{"a":[{"n":%s,"s":%d,"v":%q,"d":false}]}`, n, seq, value)
		return b.send("POST", "/api/jawaban", "application/json", strings.NewReader(body)).StatusCode
	}
	for _, tt := range []struct {
		selector, value string
		want            int
	}{
		{"[data-part=order]", "DCBA", 200}, {"[data-part=order]", "DCB-", 200}, {"[data-part=order]", "DDBA", 422},
		{"[data-part=pairs] select", "A,B", 200}, {"[data-part=pairs] select", "AB,", 422}, {"[data-part=pairs] [type=checkbox]", "AC,B", 200},
		{".stem select.gap", "A\nFormat\n2,5", 200}, {".stem select.gap", "A\nFormat", 422},
		{"textarea", strings.Repeat("é", assessment.MaxEssay), 200}, {"textarea", strings.Repeat("é", assessment.MaxEssay+1), 422},
		{"input[inputmode=decimal]:not(.gap)", "-1,5", 200}, {"[data-part=spot]", "B", 200}, {"[data-part=spot]", "AB", 422},
	} {
		if got := save(tt.selector, tt.value); got != tt.want {
			t.Errorf("%s: %.40q: status %d, want %d", tt.selector, tt.value, got, tt.want)
		}
	}
}

// A reviewer marks an essay without ever reading whose it is; others have no
// way in.
func TestMarkingEssays(t *testing.T) {
	x := newEveryType(t)
	form := x.me.get(x.base + "/soal").doc(t).Find("textarea").Closest("form")
	x.me.post(x.base+"/soal", filled(form, false)...)
	x.sound(t, x.me.post(x.base+"/kirim", "sadar", "1"), http.StatusSeeOther)
	x.staff(t, "penilai", access.Reviewer, 0)
	b := x.browser(t)
	b.login("penilai", staffPassword)
	named := append([]string{nipA}, ofA...)

	queue := x.sound(t, b.get("/penilaian"), 200, named...)
	if !strings.Contains(queue.body, "1 jawaban uraian menunggu nilai Anda") {
		t.Fatalf("the queue is empty: %s", queue.doc(t).Find("main").Text())
	}
	start := queue.doc(t).Find("main form")
	event, _ := start.Find("[name=kegiatan]").Attr("value")
	item, _ := start.Find("[name=soal]").Attr("value")
	at := x.sound(t, b.post("/penilaian", "kegiatan", event, "soal", item), http.StatusSeeOther).location()
	script := x.sound(t, b.get(at), 200, named...)
	for _, want := range []string{"Isian &amp; &lt;contoh&gt;", "Ciri alamat (0–4)", questionbanktest.Canary, "Penilaian pertama"} {
		if !strings.Contains(script.body, want) {
			t.Errorf("the marker does not see %q", want)
		}
	}
	refused := x.sound(t, b.post(at, "pa", "5", "pb", "dua"), http.StatusUnprocessableEntity, named...)
	if n := refused.doc(t).Find("[aria-invalid]").Length(); n != 2 {
		t.Errorf("%d fields are marked as wrong, want 2", n)
	}
	if to := x.sound(t, b.post(at, "pa", "3", "pb", "6", "comment", "Tepat."), http.StatusSeeOther).location(); to != "/penilaian" {
		t.Errorf("after the last answer the marker is led to %q", to)
	}
	done := x.sound(t, b.get("/penilaian"), 200, named...)
	if !strings.Contains(done.body, "Nilai 9 dari 10 tersimpan.") || !strings.Contains(done.body, "Tidak ada jawaban yang menunggu nilai Anda") {
		t.Errorf("the queue says %s", done.doc(t).Find("main").Text())
	}
	if again := x.sound(t, b.get(at), 200, named...); !strings.Contains(again.body, "Anda sudah menilai jawaban ini") {
		t.Error("the own mark does not show")
	}
	var payload string
	if err := x.db.Get(t.Context(), &payload, `SELECT payload FROM result WHERE current`); err != nil || strings.Contains(payload, "pending") || !strings.Contains(payload, `"points":900000`) {
		t.Errorf("the result is %s, %v", payload, err)
	}
	if got := x.me.get(at); got.StatusCode != http.StatusForbidden {
		t.Errorf("the participant gets status %d", got.StatusCode)
	}
}
