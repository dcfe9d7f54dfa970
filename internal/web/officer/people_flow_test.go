package officer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cakap/assessment"
	"cakap/internal/access"
)

// follow opens where an answer leads.
func (v *visitor) follow(a answer) answer {
	v.o.t.Helper()
	return v.get(200, a.header.Get("Location"))
}

// imported uploads a roster and saves what is right of it.
func (v *visitor) imported(name, content string, fields ...string) string {
	v.o.t.Helper()
	at := v.upload(http.StatusSeeOther, "/pegawai/impor", name, content, fields...).header.Get("Location")
	v.follow(v.post(http.StatusSeeOther, at, "mode", "siap"))
	return at
}

// found leads to the person with a number.
func (v *visitor) found(number string) string {
	v.o.t.Helper()
	return v.post(http.StatusSeeOther, "/pegawai/cari", "q", number).header.Get("Location")
}

func TestRosterImportFlow(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.get(200, "/pegawai").says(t, "Belum ada pegawai")
	v.get(200, "/pegawai/impor").says(t, "Kabupaten Satu")

	at := v.upload(303, "/pegawai/impor", "pegawai.csv", csv(6, true)).header.Get("Location")
	v.get(200, at).says(t, "6 dari 7 baris siap disimpan", "Ditolak", "Simpan 6 baris yang siap")
	v.follow(v.post(303, at, "mode", "semua")).says(t, "Belum ada yang disimpan: 1 baris ditolak")
	v.get(200, "/pegawai").says(t, "Belum ada pegawai")
	v.follow(v.post(303, at, "mode", "siap")).says(t, "6 pegawai tersimpan: 6 baru", "1 dari 7 baris masih ditolak")
	again := v.upload(303, "/pegawai/impor", "pegawai.csv", csv(6, false)).header.Get("Location")
	v.get(200, again).says(t, "Tidak ada yang perlu disimpan")
	v.follow(v.post(303, again, "mode", "semua")).says(t, "Tidak ada yang berubah")
	table := v.get(200, at+"/unduh")
	if kind := table.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") || strings.Contains(string(table.body), "199001012015031001") {
		t.Errorf("the table is %s, or holds a whole NIP", kind)
	}
	for _, bad := range []struct {
		name, content string
		want          int
	}{
		{"", "", 422}, {"kosong.xlsx", "", 422}, {"gambar.xlsx", "\x89PNG\r\n\x1a\n\x00\x00", 415}, {"rusak.xlsx", "PK\x03\x04xxxx", 422}, {"biasa.csv", "a;b\n1;2\n", 422},
	} {
		v.upload(bad.want, "/pegawai/impor", bad.name, bad.content).says(t, "Ada yang perlu diperbaiki")
	}
	v.post(303, again+"/buang")
	v.get(404, again)

	list := v.get(200, "/pegawai")
	list.says(t, "6 pegawai", "Dinas Arsip", "Belum ada kode")
	if strings.Contains(string(list.body), "199001012015031001") {
		t.Error("the list shows a whole NIP")
	}
	found := v.found("19900101 201503 1 001")
	if strings.Contains(found, "1990") {
		t.Errorf("a NIP in an address: %s", found)
	}
	one := v.get(200, found)
	one.says(t, "19900101 201503 1 001", "Dinas Arsip")
	v.post(422, found+"/waktu", "time_factor", "50", "extra_time_kind", "vision").says(t, "100 dan 400")
	v.post(422, found+"/waktu", "time_factor", "banyak").says(t, "dalam persen")
	v.post(422, found+"/waktu", "time_factor", "150").says(t, "Pilih alasan tambahan waktu")
	v.follow(v.post(303, found+"/waktu", "time_factor", "150", "extra_time_kind", "vision", "extra_time_note", "Surat 7")).says(t, "Waktu pengerjaan disimpan")
	v.post(303, found, "name", "Pegawai A", "unit", "Dinas Arsip")
	v.get(200, found).says(t, "tidak aktif")
	v.post(422, found, "name", "Pegawai A", "unit", "Dinas Karangan", "active", "ya").says(t, "Unit kerja tidak ditemukan")
	v.post(303, found, "name", "Pegawai A", "unit", "dinas arsip", "position", "Arsiparis", "active", "ya")
	v.get(200, found).says(t, "Arsiparis")
	v.post(422, found+"/nip", "nip", "12")
	v.post(303, found+"/nip", "nip", "199001012015031009")
	v.get(200, found).says(t, "19900101 201503 1 009", "NIP sebelumnya", "19900101 201503 1 001")
	v.post(422, "/pegawai/cari", "q", "199001012015031777").says(t, "tidak ditemukan")
	if to := v.post(303, "/pegawai/cari", "q", "pegawai b").header.Get("Location"); to != "/pegawai?q=pegawai+b" {
		t.Errorf("search leads to %s", to)
	}
	v.get(200, "/pegawai?q=pegawai+b").says(t, "1 pegawai cocok")

	other := o.login("petugas.b", access.Grant{Role: access.Officer, AgencyID: o.b.ID})
	other.get(404, found)
	other.post(404, found, "name", "X")
	other.post(404, found+"/waktu", "time_factor", "150")
	other.post(404, found+"/gabung", "lain", "199001012015032002")
	other.get(404, at)
	other.post(404, at, "mode", "siap")
	other.get(404, at+"/unduh")
	other.post(422, "/pegawai/cari", "q", "199001012015031009")
	other.get(200, "/pegawai").says(t, "Belum ada pegawai")

	admin := o.login("admin.x", access.Grant{Role: access.Admin})
	admin.get(200, "/pegawai").says(t, "Kab. Satu")
	admin.upload(422, "/pegawai/impor", "pegawai.csv", csv(2, false)).says(t, "Pilih instansi pemilik berkas")
}

func TestAddPersonByHand(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.imported("pegawai.csv", csv(1, false))
	v.get(200, "/pegawai/baru").says(t, "Tambah pegawai")
	v.post(422, "/pegawai/baru", "nip", "12", "name", "Baru").says(t, "seharusnya 18")
	v.post(409, "/pegawai/baru", "nip", "199001012015031001", "name", "Ganda").says(t, "sudah terdaftar")
	v.post(422, "/pegawai/baru", "nip", "199001012015031050", "name", "Baru", "unit", "Entah").says(t, "Unit kerja tidak ditemukan")
	v.follow(v.post(303, "/pegawai/baru", "nip", "199001012015031050", "name", "Baru", "title_back", "S.Kom.", "unit", "Dinas Arsip", "grade", "III/a")).
		says(t, "Baru, S.Kom.", "Dinas Arsip", "III/a", "1 Januari 1990")
	v.follow(v.post(303, "/pegawai/baru", "participant_no", "C-001", "name", "Perangkat Desa")).says(t, "C-001", "Non-ASN")
}

// A roster of next year: somebody under a new number, somebody who has left,
// and somebody of another agency.
func TestRosterUpdateFlow(t *testing.T) {
	o := newOffice(t)
	a := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	b := o.login("petugas.b", access.Grant{Role: access.Officer, AgencyID: o.b.ID})
	a.imported("lama.csv", "NIP;NAMA;UNIT KERJA\n199001012021211001;Budi;Dinas A\n199001012015032002;Siti;Dinas A\n199001012015032003;Wati;Dinas A\n")
	b.imported("b.csv", "NIP;NAMA\n198505052010012002;Rahasia Kabupaten Dua\n")
	budi := a.found("199001012021211001")
	// A file of the whole agency: Budi as a PNS, Siti in another unit, Wati gone.
	at := a.upload(303, "/pegawai/impor", "baru.csv",
		"NIP;NAMA;UNIT KERJA;TAMBAHAN WAKTU %\n199001012026031001;Budi;Dinas A;\n199001012015032002;Siti;Dinas B;25\n198505052010012002;Pindahan;Dinas A;\n").header.Get("Location")
	report := a.get(200, at)
	report.says(t, "Mungkin orang yang sama", "Di instansi lain", "Pindah unit", "Tidak ada di berkas")
	if strings.Contains(string(report.body), "Rahasia") || strings.Contains(string(report.body), "Kabupaten Dua") {
		t.Error("the report names the other agency's person")
	}
	a.get(200, at+"?tampil=pindah").says(t, "unit kerja: Dinas A → Dinas B", "waktu pengerjaan: 100 % → 125 %")
	a.get(200, at+"?tampil=kembar").says(t, "Baris 2: Budi, NIP ··· 202603 1 001", "Mungkin orang yang sama dengan Budi, NIP ··· 202121 1 001")
	a.get(200, at+"?tampil=instansi").says(t, "Pindahan", "Minta mutasi")
	a.get(200, at+"?tampil=hilang").says(t, "Wati")
	a.post(422, at+"/putuskan", "tampil", "kembar").says(t, "Pilih sedikitnya satu keputusan")
	a.follow(a.post(303, at+"/putuskan", "t2", "join", "t3", "join")).says(t, "1 keputusan dicatat")
	a.follow(a.post(303, at, "mode", "siap")).says(t, "2 pegawai tersimpan: 0 baru, 2 diperbarui")
	if now := a.found("199001012026031001"); now != a.found("199001012021211001") {
		t.Errorf("Budi's two numbers lead to %s and elsewhere", now)
	}
	a.get(200, budi).says(t, "19900101 202603 1 001", "PNS", "NIP sebelumnya")

	a.post(422, at+"/nonaktif", "tampil", "hilang").says(t, "Centang sedikitnya satu orang")
	wati := a.get(200, at+"?tampil=hilang").value(t, "input[name=hilang]")
	a.follow(a.post(303, at+"/nonaktif", "hilang", wati)).says(t, "1 pegawai dinonaktifkan")
	a.get(200, a.found("199001012015032003")).says(t, "tidak aktif")

	a.post(422, at+"/mutasi", "tampil", "instansi", "reason", "SK 1").says(t, "Centang sedikitnya satu orang")
	a.post(422, at+"/mutasi", "tampil", "instansi", "baris", "4").says(t, "Tulis alasannya")
	asked := a.follow(a.post(303, at+"/mutasi", "baris", "4", "baris", "3", "reason", "SK 1/2026"))
	asked.says(t, "1 permintaan mutasi dikirim", "Menunggu", "···2002")
	if strings.Contains(text(asked.body), "Rahasia") {
		t.Error("the asker sees the name")
	}
	inbox := b.get(200, "/pegawai/mutasi")
	inbox.says(t, "Rahasia Kabupaten Dua", "Kabupaten Satu", "SK 1/2026")
	decide := inbox.value(t, `form[action^="/pegawai/mutasi/"]`)
	a.post(404, decide, "decision", "accepted")
	b.post(422, decide, "decision", "refused").says(t, "Tulis alasannya")
	b.follow(b.post(303, decide, "decision", "accepted")).says(t, "Mutasi diterima")
	a.get(200, a.found("198505052010012002")).says(t, "Rahasia Kabupaten Dua", "Kabupaten Satu")
	if rest := b.get(200, "/pegawai"); strings.Contains(text(rest.body), "Rahasia") {
		t.Error("the agency of old still lists the person")
	}
	a.post(409, "/pegawai/mutasi", "nip", "199001012015032002", "reason", "SK").says(t, "sudah ada di instansi Anda")
	a.post(422, "/pegawai/mutasi", "nip", "123", "reason", "SK").says(t, "Tidak ada pegawai")
}

func TestMergeFlow(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.imported("pegawai.csv", "NIP;NAMA\n199001012021211001;Budi\n199001012026031001;Budi Santoso\n")
	keep := v.found("199001012026031001")
	v.post(422, keep+"/gabung", "lain", "199001012026031001").says(t, "orang yang sama")
	v.post(422, keep+"/gabung", "lain", "199001012015039999").says(t, "tidak ditemukan")
	shown := v.post(200, keep+"/gabung", "lain", "199001012021211001")
	shown.says(t, "Gabungkan ke data ini?", "tidak dapat dibatalkan")
	v.get(200, "/pegawai").says(t, "2 pegawai")
	v.follow(v.post(303, keep+"/gabung", "kembaran", shown.value(t, "input[name=kembaran]"))).says(t, "Dua data digabung", "NIP sebelumnya")
	v.get(200, "/pegawai").says(t, "1 pegawai")
	if to := v.found("199001012021211001"); to != keep {
		t.Errorf("the other number leads to %s", to)
	}
}

func TestActivationCodesFlow(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.get(200, "/pegawai/kode").says(t, "Belum ada pegawai")
	v.imported("pegawai.csv", csv(6, false))
	page := v.get(200, "/pegawai/kode")
	page.says(t, "0 dari 6 pegawai sudah dapat masuk", "Dinas Arsip", "{nama}")
	agency, unit := page.value(t, "input[name=agency]"), page.value(t, "#unit option:nth-child(2)")

	v.post(422, "/pegawai/kode").says(t, "Centang sedikitnya satu orang")
	person := v.get(200, "/pegawai").value(t, `input[name=p]`)
	codes := v.post(200, "/pegawai/kode", "p", person)
	codes.says(t, "1 kode aktivasi", "Kode ini tampil sekali saja", "/aktivasi")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(codes.body)))
	o.must(err)
	code := doc.Find(".slip b.mono").First().Text()
	if list, own, group := doc.Find("#daftar-kode").Text(), doc.Find("#pesan-0").Text(), doc.Find("#teks-grup").Text(); !strings.Contains(list, code) ||
		!strings.Contains(own, code) || strings.Contains(group, code) {
		t.Errorf("code %q in list %q, own message %q, group message %q", code, list, own, group)
	}
	if strings.Contains(string(codes.body), "wa.me") {
		t.Error("the page links out")
	}

	// The other five, then nobody is left; one of them sets a password.
	rest := v.post(200, "/pegawai/kode/massal", "agency", agency, "unit", unit, "siapa", "belum", "pesan", "Sandi {kode} untuk {nama}")
	rest.says(t, "5 kode aktivasi", "untuk Pegawai")
	v.post(422, "/pegawai/kode/massal", "agency", agency, "siapa", "belum").says(t, "Tidak ada orang dalam pilihan ini")
	v.post(422, "/pegawai/kode/massal", "agency", agency, "siapa", "semua", "pesan", "tanpa").says(t, "harus memuat {kode}")
	_, _, err = o.access.Activate(t.Context(), code, "pisang goreng hangat", "203.0.113.7")
	o.must(err)
	v.get(200, "/pegawai/kode").says(t, "1 dari 6 pegawai sudah dapat masuk")
	v.get(200, "/pegawai").says(t, "Aktif", "Kode dibuat")
	v.post(200, "/pegawai/kode/massal", "agency", agency, "siapa", "tanpa").says(t, "5 kode aktivasi")
	v.post(200, "/pegawai/kode/massal", "agency", agency, "siapa", "semua").says(t, "6 kode aktivasi")

	other := o.login("petugas.b", access.Grant{Role: access.Officer, AgencyID: o.b.ID})
	other.post(404, "/pegawai/kode", "p", person)
	other.post(404, "/pegawai/kode/massal", "agency", agency, "siapa", "semua")
	other.get(404, "/pegawai/kode?instansi="+agency)
	proctor := o.login("pengawas.a", access.Grant{Role: access.Proctor, AgencyID: o.a.ID})
	proctor.get(200, "/pegawai/kode").says(t, "Dinas Arsip")
	admin := o.login("admin.x", access.Grant{Role: access.Admin})
	admin.post(403, "/pegawai/kode", "p", person)
	admin.get(403, "/pegawai/kode")
}

// An accommodation is stored once and reaches an event that is planned already.
func TestExtraTimeReachesEvents(t *testing.T) {
	o := newOffice(t)
	v := o.login("petugas.a", access.Grant{Role: access.Officer, AgencyID: o.a.ID})
	v.imported("pegawai.csv", csv(2, false))
	as := assessment.Actor{Scope: access.Scope{All: true}}
	plan, err := o.exams.BlueprintByCode(t.Context(), "RINGKAS")
	o.must(err)
	e, err := o.exams.CreateEvent(t.Context(), as, assessment.NewEvent{
		Code: "W-1", Name: "Waktu", Owner: o.a.ID, Blueprint: plan.ID, Agencies: []int64{o.a.ID}, OpensAt: o.now, ClosesAt: o.now.Add(4 * 3600e9),
		Zone: "WIB", Release: assessment.ReleaseManual, Sessions: []assessment.NewSession{{Name: "S", OpensAt: o.now, ClosesAt: o.now.Add(4 * 3600e9)}},
	})
	o.must(err)
	_, err = o.exams.Enrol(t.Context(), as, assessment.EnrolRequest{Event: e.ID, Agencies: []int64{o.a.ID}})
	o.must(err)
	found := v.found("199001012015031001")
	v.follow(v.post(303, found+"/waktu", "time_factor", "150", "extra_time_kind", "motor", "extra_time_note", "Surat rahasia 9")).says(t, "Berlaku untuk 1 pendaftaran")
	if got := v.get(200, found).value(t, "#extra_time_note"); got != "Surat rahasia 9" {
		t.Errorf("the note is %q on the person's page", got)
	}
	factors := map[int]int{}
	all, err := o.exams.Participants(t.Context(), as, e.ID, assessment.ParticipantFilter{})
	o.must(err)
	for _, one := range all.Rows {
		factors[one.Enrolment.TimeFactorPct]++
	}
	if factors[150] != 1 || factors[100] != 1 {
		t.Errorf("factors %v", factors)
	}
	// A roster does it too.
	v.imported("tambahan.csv", "NIP;NAMA;TAMBAHAN WAKTU %\n199001012015032002;Pegawai B;100\n")
	if n := count(o, `SELECT count(*) FROM enrolment WHERE time_factor_pct = 200`); n != 1 {
		t.Errorf("%d enrolments have the roster's time", n)
	}
	if n := count(o, `SELECT count(*) FROM audit WHERE detail LIKE '%150%' OR detail LIKE '%rahasia%' OR detail LIKE '%motor%'`); n != 0 {
		t.Errorf("%d audit entries say how much time or why", n)
	}
}

func count(o *office, query string) (n int) {
	o.t.Helper()
	o.must(o.db.Get(o.t.Context(), &n, query))
	return n
}
