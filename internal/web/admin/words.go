package admin

import (
	"encoding/json"
	"strings"

	"cakap/internal/access"
	"cakap/internal/locale"
)

// staffRoles are the roles an administrator gives, in the order of the form.
var staffRoles = [...]access.Role{access.Trainer, access.Reviewer, access.Officer, access.Proctor, access.Admin}

func roleName(r access.Role) string {
	switch r {
	case access.Trainer:
		return "Penulis soal"
	case access.Reviewer:
		return "Penelaah soal"
	case access.Officer:
		return "Admin kepegawaian"
	case access.Proctor:
		return "Pengawas"
	case access.Admin:
		return "Admin sistem"
	case access.Participant:
		return "Peserta"
	default:
		return string(r)
	}
}

func roleHint(r access.Role) string {
	switch r {
	case access.Trainer:
		return "menulis dan mengimpor soal; tidak melihat nilai orang"
	case access.Reviewer:
		return "menelaah soal orang lain"
	case access.Officer:
		return "mengelola pegawai, kegiatan, dan laporan; tidak melihat kunci"
	case access.Proctor:
		return "memantau kegiatan dan memberi kode mulai"
	default:
		return "mengelola akun, instansi, dan jejak audit; tidak melihat nilai maupun kunci"
	}
}

// acts is what each action of the audit trail means, as the rest of a sentence
// that begins with who did it.
var acts = map[string]string{ //nolint:gosec // words about passwords, no password
	"account.create":         "membuat akun petugas",
	"account.active":         "mengaktifkan atau menonaktifkan akun",
	"account.roles":          "mengubah peran akun",
	"account.password":       "mengganti kata sandi akun",
	"account.login":          "masuk",
	"clock.confirm":          "mengukuhkan jam server",
	"activation.issue":       "menerbitkan kode aktivasi",
	"agency.seed":            "menambah instansi dari daftar acuan",
	"agency.create":          "membuat instansi",
	"agency.update":          "mengubah instansi",
	"person.add":             "menambah pegawai",
	"person.active":          "mengaktifkan atau menonaktifkan pegawai",
	"person.nip":             "mengganti NIP pegawai",
	"person.time_factor":     "mengubah tambahan waktu pegawai",
	"person.change":          "mengubah data pegawai",
	"person.merge":           "menggabungkan dua data pegawai",
	"transfer.ask":           "meminta mutasi pegawai",
	"transfer.accepted":      "menerima mutasi pegawai",
	"transfer.refused":       "menolak mutasi pegawai",
	"transfer.withdrawn":     "membatalkan permintaan mutasi",
	"roster.import":          "mengimpor daftar pegawai",
	"roster.report":          "mengunduh hasil pemeriksaan daftar pegawai",
	"bank.seed":              "memasang soal bawaan",
	"bank.import":            "mengimpor soal",
	"bank.import_undo":       "membatalkan impor soal",
	"bank.export":            "mengekspor soal dengan kuncinya",
	"item.create":            "menulis soal",
	"item.revise":            "mengubah soal",
	"item.submitted":         "mengajukan soal untuk telaah",
	"item.approved":          "menyetujui soal",
	"item.changes_wanted":    "meminta revisi soal",
	"item.retired":           "memensiunkan soal",
	"item.tag":               "menandai soal dengan tag",
	"item.flagged":           "menandai soal bermasalah",
	"item.unflagged":         "mencabut tanda bermasalah soal",
	"paper.print":            "mencetak berkas asesmen",
	"integrity.read":         "membuka daftar perlu diperiksa",
	"blueprint.create":       "membuat kisi-kisi",
	"event.create":           "membuat kegiatan",
	"event.change":           "mengubah kegiatan",
	"event.prepare":          "menyiapkan paket soal kegiatan",
	"event.unprepare":        "membatalkan penyiapan paket soal",
	"event.open":             "membuka kegiatan",
	"event.close":            "menutup kegiatan",
	"event.release":          "mengumumkan hasil kegiatan",
	"session.create":         "membuat sesi",
	"session.change":         "mengubah sesi",
	"session.remove":         "menghapus sesi",
	"enrolment.spread":       "membagi ulang peserta ke sesi",
	"capacity.measure":       "mengukur kemampuan server",
	"enrolment.add":          "mendaftarkan peserta",
	"enrolment.time_factor":  "mengubah waktu pengerjaan peserta",
	"code.issue":             "menerbitkan kode mulai",
	"attempt.take_over":      "memindahkan pengerjaan ke gawai lain",
	"attempt.credit":         "mengganti waktu yang hilang",
	"attempt.accept_late":    "menerima jawaban susulan",
	"attempt.answer_file":    "mengunggah berkas jawaban",
	"attempt.end":            "mengakhiri pengerjaan",
	"attempt.release_device": "melepas gawai dari pengerjaan",
	"attempt.resume":         "melanjutkan pengerjaan yang dijeda",
	"attempt.pause":          "menjeda pengerjaan",
	"attempt.void":           "membatalkan pengerjaan",
	"enrolment.admit":        "mengizinkan peserta mulai",
	"session.close":          "menutup sesi",
	"session.reopen":         "membuka lagi sesi yang ditutup",
	"incident.add":           "mencatat kejadian untuk berita acara",
	"report.settle":          "menangani laporan masalah soal",
	"faulty.propose":         "mengusulkan butir keluar dari skor",
	"faulty.decide":          "memutuskan usulan butir bermasalah",
	"faulty.rescore":         "menghitung ulang hasil tanpa butir bermasalah",
	"essay.mark":             "menilai jawaban uraian",
	"report.download":        "mengunduh laporan",
}

// act is an action in words; one that this release does not know shows itself.
func act(action string) string {
	if text, ok := acts[action]; ok {
		return text
	}
	return "melakukan " + action
}

// details names the parts of an entry's detail that a person can use, in the
// order they are read. The others, hashes and ids, stay in the database.
var details = []struct{ key, name string }{
	{"code", "kode"}, {"format", "format"}, {"rev", "versi"}, {"rows", "baris"}, {"items", "soal"}, {"people", "orang"}, {"forms", "paket"}, {"codes", "kode"},
	{"accepted", "diterima"}, {"warned", "diperingatkan"}, {"rejected", "ditolak"}, {"added", "ditambah"}, {"created", "dibuat"}, {"new", "baru"},
	{"changed", "berubah"}, {"updated", "diperbarui"}, {"revised", "direvisi"}, {"same", "sama"}, {"missing", "tidak ada lagi"},
	{"percent", "persen waktu"}, {"minutes", "menit"}, {"count", "buah"}, {"active", ""},
}

// detail is the readable part of an entry's JSON: "12 diterima, 1 ditolak".
func detail(stored string) string {
	var values map[string]any
	if json.Unmarshal([]byte(stored), &values) != nil {
		return ""
	}
	var parts []string
	for _, d := range details {
		switch v := values[d.key].(type) {
		case bool:
			if d.key == "active" {
				parts = append(parts, map[bool]string{true: "diaktifkan", false: "dinonaktifkan"}[v])
			}
		case float64:
			switch {
			case d.key == "rev":
				parts = append(parts, d.name+" "+locale.Int(int(v)))
			case v != 0:
				parts = append(parts, locale.Int(int(v))+" "+d.name)
			}
		case string:
			parts = append(parts, d.name+" "+v)
		}
	}
	return strings.Join(parts, ", ")
}

// kinds are the kinds of agencies, as the form lists them.
var kinds = []struct{ Value, Text string }{
	{"province", "Provinsi"}, {"regency", "Kabupaten"}, {"city", "Kota"}, {"ministry", "Kementerian atau lembaga"}, {"other", "Lainnya"},
}

func kindName(kind string) string {
	for _, k := range kinds {
		if k.Value == kind {
			return k.Text
		}
	}
	return kind
}
