package proctor_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/access"
)

// A proctor's morning: reports, pauses, more time, a faulty item, the end.
func TestProctorsMorning(t *testing.T) {
	d := newDay(t, 3)
	first, second := d.begin(d.ids[0]), d.begin(d.ids[1])
	d.answer(first, 3)
	d.answer(second, 2)
	proctor := d.login("pengawas.a", access.Proctor, d.a.ID)
	list := proctor.get(200, "/pengawasan")
	list.says("Sesi pagi", "Asesmen Kenari", "Berlangsung")
	at := list.value(".tasks a")
	console := proctor.get(200, at)
	console.says("Pengawasan Sesi pagi", "Peserta 001", "Mengerjakan", "3/40", "Belum hadir")
	console.cards(0)
	console.silentAbout("Budi Kenari", "199001012015031001", "198505052010012002")
	base, _, _ := strings.Cut(at, "?")
	session := console.value("input[name=sesi]")

	key := console.value(`tr:contains("Peserta 001") input[name=p]`)
	form := proctor.get(200, base+"/tindakan?act=waktu&sesi="+session+"&p="+key)
	form.says("Tambah waktu", "Untuk 1 orang", "batas waktu 09.00 WIB")
	act := func(want int, fields ...string) *page {
		t.Helper()
		return proctor.post(want, base+"/tindakan", append([]string{"sesi", session}, fields...)...)
	}
	act(422, "act", "waktu", "p", key, "minutes", "banyak", "note", "Padam").says("jumlah menit dengan angka")
	act(422, "act", "waktu", "p", key, "minutes", "10", "cause", "Listrik padam").says("Tulis alasannya")
	act(422, "act", "waktu", "minutes", "10").says("Centang sedikitnya satu orang")
	act(404, "act", "waktu", "p", d.keys.Seal("enrolment", 77), "minutes", "10", "note", "x")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "waktu", "p", key, "minutes", "15", "cause", "Listrik padam", "note", "Sekring ruang satu").says("Waktu ditambah 15 menit untuk 1 orang. Batas waktu paling akhir sekarang 09.15 WIB", "+15 menit")

	whole := console.value(`a:contains("Jeda seruangan")`)
	proctor.get(200, whole).says("Untuk 2 orang", "Peserta 002")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "jeda", "semua", "ya", "cause", "Alasan lain", "note", "Alarm kebakaran").says("Pengerjaan 2 orang dijeda", "Dijeda")
	d.now = d.now.Add(10 * time.Minute)
	act(422, "act", "jeda", "p", key, "note", "lagi").says("Centang sedikitnya satu orang")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "lanjut", "semua", "ya").says("Pengerjaan 2 orang dilanjutkan")
	person := proctor.get(200, "/kegiatan/"+strings.Split(base, "/")[2]+"/peserta/"+key)
	person.says("Perubahan batas waktu", "Listrik padam: Sekring ruang satu", "Jeda", "HP Android, Chrome")

	d.must(d.exams.ReportItem(t.Context(), first, 2, "picture", "Gambarnya tidak tampil."))
	d.must(d.exams.ReportItem(t.Context(), second, 1, "unclear", ""))
	console = proctor.get(200, at)
	console.says("Gambar tidak tampil: butir", "Gambarnya tidak tampil.", "Soal nomor 2 pada naskah Peserta 001", "Masalah soal (2)", "Melaporkan masalah soal")
	console.cards(2)
	report := console.value(`.kasus:contains("Gambar tidak tampil") input[name=r]`)
	other := console.value(`.kasus:contains("Soal tidak jelas") input[name=r]`)
	proctor.post(422, base+"/masalah", "sesi", session, "r", report, "verdict", "faulty", "reason", "").says("Tulis alasannya")
	proctor.follow(base+"/masalah", "sesi", session, "r", report, "verdict", "faulty", "reason", "Gambar hilang dari soal").says("Petugas lain memutuskan")
	settled := proctor.follow(base+"/masalah", "sesi", session, "r", other, "verdict", "fine")
	settled.says("Laporan ditandai selesai")
	settled.cards(0)
	proctor.post(409, base+"/masalah", "sesi", session, "r", other, "verdict", "fine").says("sudah ditangani")
	proctor.get(200, base+"/butir").says("Menunggu keputusan", "Gambar hilang dari soal", "Laporan peserta1")

	proctor.follow(base+"/tindakan", "sesi", session, "act", "catat", "p", key, "cause", "health", "note", "Pusing pukul 08.20").says("Kejadian dicatat")
	proctor.post(422, base+"/catatan", "sesi", session, "kind", "power", "note", "").says("Tulis apa yang terjadi")
	proctor.follow(base+"/catatan", "sesi", session, "kind", "power", "note", "Padam pukul 08.05").says("Padam pukul 08.05", "Seluruh ruang", "Pusing pukul 08.20", "Kesehatan peserta")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "gawai", "p", key, "cause", "Gawai bermasalah", "note", "Layar retak").says("Kunci gawai 1 orang dibuka")

	proctor.post(409, base+"/tutup", "sesi", session).says("Masih ada 2 orang yang mengerjakan")
	proctor.get(200, base+"/tindakan?act=akhiri&sesi="+session+"&p="+key).says("tidak dapat dibatalkan")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "akhiri", "p", key, "cause", "Kesehatan peserta", "note", "Pulang").says("Pengerjaan 1 orang diakhiri", "Selesai")
	proctor.follow(base+"/tindakan", "sesi", session, "act", "akhiri", "semua", "ya", "p", console.value(`tr:contains("Peserta 002") input[name=p]`), "cause", "Alasan lain", "note", "Sesi berakhir").says("Pengerjaan 1 orang diakhiri")
	proctor.follow(base+"/tutup", "sesi", session, "act", "tutup").says("Sesi ditutup", "Buka lagi sesi")
	proctor.follow(base+"/tutup", "sesi", session, "act", "buka").says("Sesi dibuka lagi")

	proctor.get(403, base+"/butir/"+d.keys.Seal("item", 1))
	officer := d.login("petugas.a", access.Officer, d.a.ID)
	decision := officer.get(200, base+"/butir").value(`a:contains("Lihat dampak")`)
	officer.get(200, decision).says("Kab. Satu", "1 pengerjaan terkirim memuat butir ini", "Nilai akhir")
	officer.post(422, decision, "act", "keluarkan").says("Tulis alasannya")
	officer.follow(decision, "act", "keluarkan", "reason", "Gambar memang hilang").says("Butir dikeluarkan. 1 hasil dihitung ulang.", "Dikeluarkan dari skor", "Gambar memang hilang")
	officer.get(404, decision)
	officer.follow(base + "/hitung").says("0 hasil dihitung ulang")
	v, err := d.exams.Verify(t.Context())
	d.must(err)
	if len(v.Problems) != 0 || v.Results != 2 {
		t.Errorf("verify: %+v", v)
	}
}

// The person who proposed is told that another one decides.
func TestOwnProposalIsNotDecided(t *testing.T) {
	d := newDay(t, 1)
	officer := d.login("petugas.a", access.Officer, d.a.ID)
	var item, account int64
	d.must(d.db.Get(t.Context(), &item, `SELECT min(item_id) FROM event_pool WHERE event_id = ?`, d.event.ID))
	d.must(d.db.Get(t.Context(), &account, `SELECT id FROM account WHERE username = 'petugas.a'`))
	d.must(d.exams.ProposeFaulty(t.Context(), assessment.Actor{Account: account, Scope: access.Scope{All: true}}, d.event.ID, item, "Rusak."))
	at := "/pengawasan/" + d.keys.Seal("event", d.event.ID) + "/butir/" + d.keys.Seal("item", item)
	officer.get(200, at).says("Anda yang mengusulkan butir ini")
	officer.post(409, at, "act", "keluarkan", "reason", "Ya").says("orang lain yang harus memutuskan")
	other := d.login("petugas.b", access.Officer, d.b.ID)
	other.get(403, at) // takes part in the event, and does not run it
	other.get(200, "/pengawasan/"+d.keys.Seal("event", d.event.ID)).silentAbout("Peserta 001")
}

// A long number finds a person and stands in no address.
func TestFindPeople(t *testing.T) {
	d := newDay(t, 3)
	v := d.login("pengawas.a", access.Proctor, d.a.ID)
	at := "/pengawasan/" + d.keys.Seal("event", d.event.ID)
	to := v.post(http.StatusSeeOther, at+"/cari", "q", "19900101 201503 1 002").to
	if strings.Contains(to, "1990") {
		t.Errorf("a number in an address: %s", to)
	}
	v.get(200, to).says("Peserta (1)", "Peserta 002")
	v.follow(at+"/cari", "q", "199001012015031999").says("Tidak ada peserta sesi ini dengan nomor itu")
	v.follow(at+"/cari", "q", "peserta 003").says("Peserta (1)", "Peserta 003")
	v.get(200, at+"?q=199001012015031001").says("Peserta (3)")
	v.get(200, at+"?s=working").says("Tidak ada peserta pada pilihan ini")
	v.get(200, at+"?s=perhatian&h=99").says("Tidak ada peserta pada pilihan ini")
}

// Proctors let each person begin where the session asks for it.
func TestAdmitting(t *testing.T) {
	d := newDay(t, 2)
	d.exec(`UPDATE session SET admit = TRUE`)
	d.exec(`UPDATE enrolment SET waiting_ms = ?`, d.now.UnixMilli())
	v := d.login("pengawas.a", access.Proctor, d.a.ID)
	at := "/pengawasan/" + d.keys.Seal("event", d.event.ID)
	console := v.get(200, at)
	console.says("Menunggu izin", "Izinkan semua yang menunggu (2)")
	session := console.value("input[name=sesi]")
	v.get(200, console.value(`a:contains("Izinkan semua")`)).says("Untuk 2 orang")
	v.follow(at+"/tindakan", "sesi", session, "act", "izin", "semua", "ya").says("2 orang diizinkan mulai")
	d.begin(d.ids[0])
}

// A full room stays readable and light.
func TestFullRoom(t *testing.T) {
	d := newDay(t, 500)
	v := d.login("pengawas.a", access.Proctor, d.a.ID)
	at := "/pengawasan/" + d.keys.Seal("event", d.event.ID)
	console := v.get(200, at)
	console.says("Peserta (500)")
	if n := console.doc.Find(".kons tbody tr").Length(); n != 100 {
		t.Errorf("%d rows, want 100", n)
	}
	if d.bytes > 60<<10 {
		t.Errorf("%d bytes compressed", d.bytes)
	}
	t.Logf("a page of 100 of 500 people: %d bytes compressed", d.bytes)
	if n := v.get(200, at+"?h=5").doc.Find(".kons tbody tr").Length(); n != 100 {
		t.Errorf("page 5 has %d rows", n)
	}
}
