package officer_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"cakap/internal/access"
)

// sessions, bulk acts and lists of an event, as an officer works with them.
func TestPlanningInTheBrowser(t *testing.T) {
	o, v, at := held(t, 6)
	o.login("pengawas.a", access.Grant{Role: access.Proctor, AgencyID: o.a.ID})
	o.login("pengawas.b", access.Grant{Role: access.Proctor, AgencyID: o.b.ID})
	planSessions(t, v, at)
	planPeople(t, v, at)
	planCodes(t, o, v, at)
}

func planSessions(t *testing.T, v *visitor, at string) {
	t.Helper()
	page := v.get(200, at)
	page.says(t, "pengawas.a", "Dalam 20 detik sesudah bel", "Kesempatan")
	page.silent(t, "pengawas.b")
	proctor := page.value(t, "#proctors input")
	second := []string{"session_name", "Sesi 2", "session_opens", "2026-11-23T10:00", "session_closes", "2026-11-23T12:00", "place", "Aula"}
	v.post(422, at+"/sesi", append(second, "capacity", "banyak")...).says(t, "bilangan bulat")
	v.post(422, at+"/sesi", append(second, "jitter", "100000")...).says(t, "Jeda mulai paling lama")
	v.post(303, at+"/sesi", append(second, "capacity", "2", "jitter", "0", "admit", "ya", "proctors", proctor)...)
	page = v.get(200, at)
	page.says(t, "0 dari 2 tempat", "Diizinkan pengawas satu per satu", "Aula")
	v.post(303, at+"/sesi", "session_name", "Sesi 3", "session_opens", "2026-11-23T08:00", "session_closes", "2026-11-23T12:00")
	edit := v.get(200, page.value(t, `a[href*="?sesi="]`))
	if edit.value(t, "#jitter") != "20" {
		t.Errorf("jitter = %q", edit.value(t, "#jitter"))
	}
	last := v.get(200, at).all(t, `a[href*="?sesi="]`, "href")
	third := v.get(200, strings.Split(last[1], "#")[0]) // sorted by beginning: Sesi 1, Sesi 3, Sesi 2
	third.says(t, "Hapus sesi ini", "Ubah Sesi 3")
	v.post(303, at+"/sesi/hapus", "session", third.value(t, "input[name=session]"))
	v.get(200, at).silent(t, "Sesi 3")
}

func planPeople(t *testing.T, v *visitor, at string) {
	t.Helper()
	v.post(422, at+"/daftar", "list", " ").says(t, "Tempel satu NIP per baris")
	preview := v.post(200, at+"/daftar", "list", "NIP\n'19900101 201503 1 001\n1,99001E+17\n199001012015032002\n199508172020121005")
	preview.says(t, "2 orang akan didaftarkan", "Belum ada yang tersimpan", "rusak oleh Excel", "Tidak ditemukan")
	v.post(422, at+"/daftar", "list", "199001012015031001", "spread", "merata", "simpan", "ya").says(t, "Pilih cara membagi")
	v.post(303, at+"/daftar", "list", "199001012015031001\n199001012015032002", "simpan", "ya")
	v.get(200, at+"/peserta").says(t, "2 orang didaftarkan", "2 peserta")
	agency := v.get(200, at+"/peserta").value(t, "input[name=agencies]")
	v.post(303, at+"/peserta", "agencies", agency, "spread", "even")
	people := v.get(200, at+"/peserta")
	people.says(t, "4 orang didaftarkan, 2 sudah terdaftar", "6 peserta", "Bagi ke sesi")
	ticks := people.all(t, "tbody input[name=ikut]", "value")
	if len(ticks) != 6 {
		t.Fatalf("%d people to tick", len(ticks))
	}
	sessions := people.all(t, "#session option", "value")
	v.post(422, at+"/massal", "aksi", "pindah", "session", sessions[1]).says(t, "Belum ada yang dicentang")
	v.post(409, at+"/massal", "aksi", "pindah", "session", sessions[1], "ikut", ticks[0], "ikut", ticks[1], "ikut", ticks[2], "ikut", ticks[3]).says(t, "Tempat tidak cukup")
	v.post(422, at+"/massal", "aksi", "waktu", "time_factor", "x", "ikut", ticks[0]).says(t, "bilangan bulat")
	v.post(303, at+"/massal", "aksi", "waktu", "time_factor", "150", "ikut", ticks[0])
	v.get(200, at+"/peserta").says(t, "Waktu 1 orang menjadi 150 %")
	v.post(422, at+"/massal", "aksi", "keluarkan", "ikut", ticks[0]).says(t, "alasan")
	v.post(303, at+"/massal", "aksi", "keluarkan", "reason", "Cuti", "ikut", ticks[0])
	gone := v.get(200, at+"/peserta?s=withdrawn")
	gone.says(t, "Daftarkan lagi")
	v.post(303, at+"/massal", "aksi", "kembali", "ikut", gone.value(t, "tbody input[name=ikut]"))
	v.get(200, at+"/peserta").says(t, "1 didaftarkan kembali")
	v.post(422, at+"/massal", "aksi", "hapus", "ikut", ticks[0]).says(t, "Pilih tindakannya")
	v.post(422, at+"/massal", "ikut", ticks[0], "aksi", "", "time_factor", "150").says(t, "menekan salah satu tombol") // Enter in a field acts on nobody
	v.post(422, at+"/bagi", "spread", "acak").says(t, "Pilih cara membagi")
	v.post(303, at+"/bagi", "spread", "name", "sessions", sessions[0])
	v.get(200, at).says(t, "6 orang", "0 dari 2 tempat")
}

func planCodes(t *testing.T, o *office, v *visitor, at string) {
	t.Helper()
	check := v.get(200, at+"/pemeriksaan")
	check.says(t, "Kemampuan server belum diukur", "Simulasi beban", "Buat kode mulai")
	v.get(200, at+"/beban").says(t, "Kemampuan server belum diukur", "cakap doctor --measure", "Sesi 1: 6 orang")
	v.get(200, at+"/kartu").says(t, "Pesan untuk grup WhatsApp", "Kode mulai bersifat pribadi")
	ticks := v.get(200, at+"/peserta").all(t, "tbody input[name=ikut]", "value")
	v.post(422, at+"/kartu", "tercentang", "ya").says(t, "Belum ada yang dicentang")
	cards := v.post(200, at+"/kartu", "tercentang", "ya", "ikut", ticks[0], "ikut", ticks[1])
	cards.says(t, "2 kartu siap dicetak", "Tabel 2 kode", "Yth. ", "'19900101")
	v.post(409, at+"/kartu", "tercentang", "ya", "ikut", ticks[0]).says(t, "sudah punya kode")

	v.post(303, at+"/siapkan")
	v.post(303, at+"/buka")
	o.now = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)
	v.again()
	slow := v.get(200, at+"/belum")
	slow.says(t, "6 dari 6 peserta belum selesai", "Belum mulai (6):", "1. Pegawai A", "Salin")
	slow.silent(t, "19900101", "201503")
}

// What an event allows is decided on its form, until forms are drawn.
func TestPolicyOnTheForm(t *testing.T) {
	_, v, at := held(t, 2)
	base := []string{"name", "Asesmen 2026", "opens", "2026-11-23T08:00", "closes", "2026-11-23T12:00", "zone", "WIB", "release", "manual"}
	v.post(422, at+"/ubah", append(base, "policy", "ya", "attempts", "3", "attempt_rule", "best", "delivery", "one", "cooldown_days", "-1")...).says(t, "bilangan bulat")
	v.post(422, at+"/ubah", append(base, "policy", "ya", "attempts", "3", "attempt_rule", "mean", "delivery", "one")...)
	v.post(303, at+"/ubah", append(base, "policy", "ya", "attempts", "3", "attempt_rule", "best", "delivery", "one", "cooldown_days", "7")...)
	v.get(200, at).says(t, "paling banyak 3 kali, dihitung yang nilainya tertinggi; jeda 7 hari; soal satu per satu; bukan untuk ponsel")
	page := v.get(200, at+"/ubah")
	if got := page.value(t, "#attempts option[selected]"); got != "3" {
		t.Errorf("the form offers %q attempts", got)
	}
	people := v.get(200, at+"/peserta")
	v.post(303, at+"/peserta", "agencies", people.value(t, "input[name=agencies]"))
	v.post(303, at+"/siapkan")
	v.get(200, at+"/ubah").says(t, "tidak dapat diubah lagi")
	v.post(409, at+"/ubah", append(base, "policy", "ya", "attempts", "2", "attempt_rule", "best", "delivery", "one", "cooldown_days", "7")...).says(t, "naskah sudah diundi")
}

// silent fails where words are on the page.
func (a answer) silent(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(string(a.body), w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// all is an attribute of everything that a selector finds.
func (a answer) all(t *testing.T, selector, attribute string) []string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(attribute, "") })
}
