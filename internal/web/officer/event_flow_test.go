package officer_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"cakap/internal/access"
)

// held is an office whose agency A has an event that was made in the browser.
func held(t *testing.T, n int) (o *office, v *visitor, at string) {
	t.Helper()
	o = newOffice(t)
	v = o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.imported("pegawai.csv", csv(n, false))
	form := v.get(200, "/kegiatan/baru")
	made := v.post(303, "/kegiatan/baru", "name", "Asesmen 2026", "code", "ld-2026-01", "blueprint", form.value(t, "#blueprint option"),
		"owner", form.value(t, "#owner option"), "agencies", form.value(t, "input[name=agencies]"),
		"opens", "2026-11-23T08:00", "closes", "2026-11-23T12:00", "zone", "WIB", "release", "manual")
	return o, v, made.header.Get("Location")
}

func TestEventFormKeepsWhatWasTyped(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	form := v.get(200, "/kegiatan/baru")
	got := v.post(422, "/kegiatan/baru", "name", "Asesmen", "code", "x", "blueprint", form.value(t, "#blueprint option"), "owner", form.value(t, "#owner option"),
		"opens", "2026-11-23T12:00", "closes", "2026-11-23T08:00", "zone", "WITA", "release", "at")
	got.says(t, "Kode harus 3-24 karakter", "Waktu selesai harus sesudah waktu mulai", "Isi tanggal dan jam hasil dirilis")
	if got.value(t, "#name") != "Asesmen" || got.value(t, "#closes") != "2026-11-23T08:00" {
		t.Error("what was typed is gone")
	}
	v.post(422, "/kegiatan/baru", "name", "Asesmen", "opens", "besok").says(t, "Isi tanggal dan jam")
	admin := o.login("admin.x", access.Grant{Role: access.Admin})
	admin.get(200, "/kegiatan")
	admin.get(403, "/kegiatan/baru")
}

func TestEventFromEnrolmentToReport(t *testing.T) {
	o, v, at := held(t, 6)
	planned(t, v, at)
	code := opened(t, v, at, 6)
	one := watched(t, o, v, at, code)
	lateAccepted(t, o, v, at)
	reported(t, o, v, at)

	v.post(303, one+"/batalkan", "reason", "Salah orang", "again", "ya")
	v.get(200, one).says(t, "Dibatalkan", "Salah orang")
	o.now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	v.again()
	v.get(200, at).says(t, "Tutup kegiatan")
	v.post(303, at+"/tutup")
	v.post(409, at+"/tutup")
	v.get(200, at).says(t, "Rilis hasil")
	v.post(303, at+"/rilis")
	v.post(409, at+"/rilis").says(t, "sudah dirilis")
	v.get(200, at).says(t, "Lihat laporan")
	v.get(200, at+"/ubah").says(t, "Kegiatan sudah ditutup")
}

// planned enrols people, changes the event and gives it another session.
func planned(t *testing.T, v *visitor, at string) {
	t.Helper()
	v.get(200, at).says(t, "Daftarkan peserta", "Sesi 1", "Kabupaten Satu")
	v.get(200, at+"/pemeriksaan").says(t, "harus diperbaiki")
	v.post(409, at+"/siapkan").says(t, "Belum ada peserta")
	people := v.get(200, at+"/peserta")
	people.says(t, "Belum ada peserta", "Dinas Arsip")
	v.post(422, at+"/peserta").says(t, "Pilih instansi atau unit")
	v.post(303, at+"/peserta", "units", people.value(t, "input[name=units]"))
	v.get(200, at+"/peserta").says(t, "6 orang didaftarkan", "6 peserta", "Pegawai A")

	v.get(200, at+"/ubah")
	v.post(303, at+"/ubah", "name", "Asesmen Akhir Tahun", "opens", "2026-11-23T08:00", "closes", "2026-11-23T16:00", "zone", "WIB", "release", "manual")
	v.post(303, at+"/sesi", "session_name", "Sesi 2", "session_opens", "2026-11-23T13:00", "session_closes", "2026-11-23T15:00", "place", "Aula", "session_token", "arsip")
	v.post(422, at+"/sesi", "session_name", "Sesi 3", "session_opens", "2026-11-24T13:00", "session_closes", "2026-11-24T15:00").says(t, "Waktu sesi harus berada di dalam")
	overview := v.get(200, at)
	overview.says(t, "Asesmen Akhir Tahun", "Aula", "ARSIP")
	edit := overview.value(t, `a[href*="?sesi="]`)
	session := v.get(200, edit).value(t, "input[name=session]")
	v.post(303, at+"/sesi", "session", session, "session_name", "Sesi pagi", "session_opens", "2026-11-23T08:00", "session_closes", "2026-11-23T12:00")
	v.get(200, at).says(t, "Sesi pagi")

}

// opened prepares and opens the event, and returns the first code of its cards.
func opened(t *testing.T, v *visitor, at string, people int) string {
	t.Helper()
	if to := v.post(303, at+"/siapkan").header.Get("Location"); to != at+"/pemeriksaan" {
		t.Errorf("preparing leads to %s", to)
	}
	v.get(200, at+"/pemeriksaan").says(t, fmt.Sprintf("Paket soal siap: %d naskah", people), "Boleh dibuka", "Kembalikan ke draf")
	v.post(303, at+"/draf")
	v.post(409, at+"/buka").says(t, "belum disiapkan")
	v.post(303, at+"/siapkan")
	v.post(303, at+"/buka")
	v.get(200, "/kegiatan").says(t, "Berlangsung", fmt.Sprintf("%d peserta", people))

	cards := v.post(200, at+"/kartu")
	cards.says(t, fmt.Sprintf("%d kartu siap dicetak", people), "19900101 201503 1 001")
	v.post(409, at+"/kartu").says(t, "sudah mempunyai kode mulai")
	code := regexp.MustCompile(`>([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2})<`).FindSubmatch(cards.body)
	if code == nil {
		t.Fatal("no code on the cards")
	}
	return string(code[1])
}

// watched lets the first person start and fall silent, adds time and ends the
// attempt; it returns the person's page.
func watched(t *testing.T, o *office, v *visitor, at, code string) string {
	t.Helper()
	o.now = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)
	taker := &visitor{o, "", map[string]*http.Cookie{}}
	taker.post(303, "/masuk/kode", "nip", "199001012015031001", "kode", code)
	home := taker.get(200, "/beranda")
	start := home.value(t, `a[href^="/ikut/"]`)
	id := strings.Split(start, "/")[2]
	taker.get(200, "/ikut/"+id)
	taker.get(200, "/ikut/"+id+"/tata-tertib")
	taker.post(303, "/ikut/"+id+"/mulai", "setuju", "ya")

	v.again()
	console := v.get(303, at+"/pantau").header.Get("Location")
	v.get(200, console+"?s=working").says(t, "Peserta (1)", "Pegawai A")
	o.now = o.now.Add(5 * time.Minute)
	silent := v.get(200, console+"?s=silent")
	silent.says(t, "Peserta (1)", "Senyap", "5 mnt lalu")
	one := silent.value(t, `a[href*="/peserta/"]`)
	v.get(200, one).says(t, "Pegawai A", "sisa 115:00")
	v.post(422, one+"/waktu", "minutes", "sepuluh", "reason", "Listrik padam").says(t, "jumlah menit dengan angka")
	v.post(422, one+"/waktu", "minutes", "10").says(t, "Tulis alasannya")
	v.post(303, one+"/waktu", "minutes", "10", "reason", "Listrik padam")
	v.get(200, one).says(t, "Waktu ditambah 10 menit", "sisa 125:00", "+10 menit")
	v.post(303, one+"/akhiri", "reason", "Sakit")
	v.post(409, one+"/akhiri", "reason", "Sakit").says(t, "Tidak ada percobaan yang sedang berlangsung")
	v.get(200, one).says(t, "Diakhiri petugas")
	v.post(200, one+"/kode").says(t, "1 kartu siap dicetak")
	found := v.post(303, at+"/cari", "q", "199001012015031001").header.Get("Location")
	if found != one {
		t.Errorf("the number leads to %s, not %s", found, one)
	}
	return one
}

// lateAccepted decides about an answer that came too late.
func lateAccepted(t *testing.T, o *office, v *visitor, at string) {
	t.Helper()
	v.get(200, at+"/susulan").says(t, "Tidak ada jawaban susulan")
	v.post(422, at+"/susulan", "reason", "x").says(t, "Centang sedikitnya satu orang")
	_, err := o.db.Exec(t.Context(), `
		INSERT INTO late_answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
		SELECT enrolment_id, attempt_no, 1, 1, 'A', FALSE, CAST(? AS BIGINT) FROM attempt`, o.now.UnixMilli())
	o.must(err)
	late := v.get(200, at+"/susulan")
	late.says(t, "1 peserta mempunyai jawaban susulan")
	ticked := late.value(t, "input[name=p]")
	refused := v.post(422, at+"/susulan", "p", ticked)
	refused.says(t, "Tulis alasannya")
	refused.value(t, "input[name=p][checked]")
	v.post(409, at+"/susulan", "p", ticked+"0", "reason", "Jaringan putus")
	v.post(404, at+"/susulan", "p", "x.1", "reason", "Jaringan putus")
	v.post(303, at+"/susulan", "p", ticked, "reason", "Jaringan putus")
	v.get(200, at+"/susulan").says(t, "1 jawaban susulan diterima")
}

// reported downloads both kinds of report; each leaves an audit entry.
func reported(t *testing.T, o *office, v *visitor, at string) {
	t.Helper()
	v.get(200, at+"/laporan").says(t, "Kabupaten Satu", "Unduh laporan Excel")
	file := v.get(200, at+"/laporan/"+v.get(200, at+"/laporan").value(t, `form[action$="/unduh"]`)[len(at+"/laporan/"):])
	if !strings.Contains(file.header.Get("Content-Disposition"), "Rekap_LiterasiDigital_6401_LD-2026-01_") || !bytes.HasPrefix(file.body, []byte("PK")) {
		t.Errorf("the workbook: %v", file.header)
	}
	all := v.get(200, at+"/laporan/semua/unduh?kertas=a4")
	if z, err := zip.NewReader(bytes.NewReader(all.body), int64(len(all.body))); err != nil || len(z.File) != 2 {
		t.Errorf("the zip: %v", err)
	}
	var downloads int
	o.must(o.db.Get(t.Context(), &downloads, `SELECT count(*) FROM audit WHERE action = 'report.download'`))
	if downloads != 2 {
		t.Errorf("%d downloads in the trail, want 2", downloads)
	}
}

func TestOtherAgenciesAreWalls(t *testing.T) {
	o, v, at := held(t, 2)
	v.post(303, at+"/peserta", "agencies", v.get(200, at+"/peserta").value(t, "input[name=agencies]"))
	v.post(303, at+"/siapkan")
	one := at + "/peserta/" + strings.Split(v.get(200, at+"/peserta").value(t, `tbody a[href*="/peserta/"]`), "/")[4]
	report := v.get(200, at+"/laporan").value(t, `form[action$="/unduh"]`)

	other := o.login("petugas.b", access.Grant{Role: access.Officer, AgencyID: o.b.ID}, access.Grant{Role: access.Proctor, AgencyID: o.b.ID})
	for _, path := range []string{
		at, at + "/ubah", at + "/pemeriksaan", at + "/peserta", one, at + "/kartu", at + "/pantau", at + "/susulan", at + "/laporan", report, at + "/laporan/semua/unduh",
	} {
		other.get(404, path)
	}
	for _, path := range []string{
		at + "/ubah", at + "/sesi", at + "/siapkan", at + "/draf", at + "/buka", at + "/tutup", at + "/rilis", at + "/peserta", at + "/cari", one + "/waktu",
		one + "/akhiri", one + "/batalkan", one + "/kode", at + "/kartu", at + "/susulan",
	} {
		other.post(404, path, "agencies", "", "minutes", "5", "reason", "x", "q", "199001012015031001", "p", "x.1", "name", "x")
	}
	proctor := o.login("pengawas.a", access.Grant{Role: access.Proctor, AgencyID: o.a.ID})
	proctor.get(200, at)
	proctor.get(200, one)
	proctor.get(403, at+"/laporan")
	proctor.post(403, one+"/batalkan", "reason", "x")
	proctor.get(403, "/pegawai")
}
