package officer_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
)

// approve puts an item of a type into the bank and returns its code.
func (o *office) approve(kind questionbank.Type) string {
	o.t.Helper()
	bank := &questionbank.Service{DB: o.db, Now: func() time.Time { return o.now }}
	saved, err := bank.Create(o.t.Context(), 11, questionbanktest.Sample(kind))
	o.must(err)
	o.must(bank.Submit(o.t.Context(), 11, saved.Ref))
	o.must(bank.Approve(o.t.Context(), 12, saved.Ref, "Baik."))
	return saved.Code
}

// An officer asks for essays, two markers and what ends the forms; the event
// keeps it, and the check speaks of it.
func TestEventWithEssaysAndExtras(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.get(200, "/kegiatan/baru").says(t, "Sertakan uraian", "Belum ada angket atau bacaan yang disetujui")
	survey, info := o.approve(questionbank.Survey), o.approve(questionbank.Info)
	o.approve(questionbank.Essay)

	form := v.get(200, "/kegiatan/baru")
	form.says(t, survey+", angket: ", info+", bacaan: ", "Dua orang")
	fields := []string{
		"name", "Asesmen", "code", "LD-2026-07", "blueprint", form.value(t, "#blueprint option"), "owner", form.value(t, "#owner option"),
		"agencies", form.value(t, "input[name=agencies]"), "opens", "2026-11-23T08:00", "zone", "WIB", "release", "manual",
		"essays", "ya", "marking", "two", "extra", survey, "extra", info,
	}
	again := v.post(422, "/kegiatan/baru", append(fields, "closes", "2026-11-23T07:00")...)
	for _, ticked := range []string{"input[name=essays][checked]", "input[value=two][checked]", "input[value='" + survey + "'][checked]", "input[value='" + info + "'][checked]"} {
		again.value(t, ticked)
	}
	wrong := v.post(422, "/kegiatan/baru", append(fields, "closes", "2026-11-23T12:00", "extra", "TIDAK-ADA")...)
	wrong.says(t, "Soal tambahan TIDAK-ADA tidak ada di bank")
	at := v.post(303, "/kegiatan/baru", append(fields, "closes", "2026-11-23T12:00")...).header.Get("Location")
	page := v.get(200, at)
	page.says(t, "disertakan, dinilai dua orang", "2 di antaranya tidak dinilai", "Daftarkan peserta")
	if strings.Contains(text(page.body), "menunggu penilai") {
		t.Error("answers wait before anybody has come")
	}
	v.get(200, at+"/pemeriksaan").says(t, "2 soal tambahan (angket atau bacaan) siap", "Baru 0 akun penelaah yang dapat menilai uraian, diperlukan 3")
	var spec string
	o.must(o.db.Get(t.Context(), &spec, `SELECT spec FROM event`))
	for _, want := range []string{`"essays":true`, `"marking":"two"`, `"extra":["` + survey + `","` + info + `"]`} {
		if !strings.Contains(spec, want) {
			t.Errorf("the event froze %s, without %s", spec, want)
		}
	}
}

// While an essay waits for its marker the page says so, and results go out only
// by a tick.
func TestReleaseNeedsATickForUnmarkedEssays(t *testing.T) {
	o, v, at := held(t, 1)
	v.post(303, at+"/peserta", "agencies", v.get(200, at+"/peserta").value(t, "input[name=agencies]"))
	code := opened(t, v, at, 1)
	o.now = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)
	taker := &visitor{o, "", map[string]*http.Cookie{}}
	taker.post(303, "/masuk/kode", "nip", "199001012015031001", "kode", code)
	id := strings.Split(taker.get(200, "/beranda").value(t, `a[href^="/ikut/"]`), "/")[2]
	taker.post(303, "/ikut/"+id+"/mulai", "setuju", "ya")
	taker.post(303, "/ikut/"+id+"/kirim", "sadar", "1")
	_, err := o.db.Exec(t.Context(), `
		INSERT INTO essay_script (id, enrolment_id, attempt_no, position, seq, event_id, agency_id, item_id, rev, stage, created_ms)
		SELECT 1, a.enrolment_id, a.attempt_no, 1, 1, a.event_id, e.agency_id, (SELECT min(item_id) FROM item_revision), 1, 'first', 0
		FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id`)
	o.must(err)
	o.now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	v.again()
	v.post(303, at+"/tutup")
	v.get(200, at).says(t, "1 jawaban uraian menunggu penilai", "Masih ada 1 jawaban uraian yang belum dinilai", "Saya tahu sebagian nilai belum lengkap")
	v.post(409, at+"/rilis").says(t, "1 jawaban uraian belum dinilai. Tunggu sampai selesai, atau centang")
	v.get(200, at+"/ubah").says(t, "Bila hasil menjadi terlihat sekarang")
	v.post(409, at+"/ubah", "release", "at_once").says(t, "1 jawaban uraian belum dinilai")
	var visible int
	o.must(o.db.Get(t.Context(), &visible, `SELECT count(*) FROM event WHERE released_ms IS NOT NULL OR release_policy <> ?`, string(assessment.ReleaseManual)))
	if visible > 0 {
		t.Fatal("results are out without the tick")
	}
	v.post(303, at+"/ubah", "release", "at_once", "unmarked", "ya")
	v.post(303, at+"/ubah", "release", "manual")
	v.post(303, at+"/rilis", "unmarked", "ya")
	o.must(o.db.Get(t.Context(), &visible, `SELECT count(*) FROM event WHERE released_ms IS NOT NULL`))
	if visible != 1 {
		t.Error("the tick did not release")
	}
}
