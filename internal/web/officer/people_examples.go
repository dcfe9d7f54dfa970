package officer

import (
	"time"

	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

func peopleExamples() map[string]kit.Page {
	expires := time.Date(2026, 12, 7, 0, 0, 0, 0, time.UTC)
	someone := people.Person{ID: 1, Name: "Siti Aminah", TitleBack: "S.Kom.", NIP: "199003122015032001", UnitID: 3}
	codes := issuedOf([]people.Person{someone}, map[int64]string{3: "Dinas Arsip"}, []access.IssuedCode{{PersonID: 1, Code: "ABCD-EFGH-JKMN", Expires: expires}}, usualMessage, "https://cakap.contoh.go.id/aktivasi")
	codes.Base, codes.Left, codes.Apart = exampleBase("Kode aktivasi"), 3, 2
	form := personForm{
		NIP: "12", Name: "Siti Aminah", TitleBack: "S.Kom.", Unit: "Dinas Arsip", Position: "Arsiparis", Grade: "III/c", Email: "siti@contoh.go.id",
		Active: true, Kinds: exampleChoices("PNS", "PPPK"), Units: []string{"Dinas Arsip", "Dinas Arsip / Bidang A"},
	}
	return map[string]kit.Page{
		"pegawai": &peoplePage{
			Base: exampleBase("Daftar pegawai", kit.FieldError{Field: "q", Text: "NIP ini tidak ditemukan."}), Text: "siti", State: "active", Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"),
			Units: exampleChoices("Dinas Arsip"), Kinds: exampleChoices("PNS", "PPPK"), Total: 412, Narrowed: true, Codes: true, Pages: examplePages(),
			Rows: []personRow{{1, "Siti Aminah, S.Kom.", "···2001", "PNS", "Kab. Contoh", "Dinas Arsip", "Arsiparis", true, activationTag(access.CodeIssued)}, {ID: 2, Name: "Budi", Number: "···1001", Kind: "PPPK"}},
		},
		"pegawai-satu": &personPage{
			Base: exampleBase("Siti Aminah, S.Kom.", kit.FieldError{Field: "time_factor", Text: "Isi waktu."}), ID: 1, Number: "19900312 201503 2 001", Kind: "PNS", Agency: "Kab. Contoh",
			Former: []string{"19900312 2024 21 2 001"}, Unit: "Dinas Arsip", Position: "Arsiparis", Grade: "III/c", Birth: "12 Maret 1990", Email: "siti@contoh.go.id", Phone: "0812",
			Account: activationTag(access.CodeExpired), Form: form, Time: timeForm{"150", timeReasons(people.ForVision), "Surat 12/2026"},
			Twin: &twinCard{2, "Siti Aminah", "19900312 2024 21 2 001", "Kab. Contoh", "Dinas Arsip", "12 Maret 1990"}, Change: true, Codes: true,
		},
		"pegawai-baru": &newPersonPage{Base: exampleBase("Tambah pegawai", kit.FieldError{Field: "nip", Text: "NIP ini 2 angka."}), Form: form, Agencies: exampleChoices("Kab. Contoh", "Kota Contoh")},
		"kode":         codes,
		"kode-massal": &codesPage{
			Base: exampleBase("Kode aktivasi", kit.FieldError{Field: "siapa", Text: "Tidak ada orang."}), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"), Agency: "Kab. Contoh", AgencyID: "x",
			Total: activationCounts{None: 3, Issued: 2, Used: 40, Expired: 1, All: 46}, Rows: []activationCounts{{Name: "Dinas Arsip", None: 3, Issued: 2, Used: 40, Expired: 1, All: 46}},
			Units: exampleChoices("Dinas Arsip"), Whom: exampleChoices("belum", "tanpa"), Message: usualMessage, General: generalMessage,
		},
		"mutasi": &transfersPage{
			Base: exampleBase("Mutasi pegawai", kit.FieldError{Field: "nip", Text: "Tidak ada."}), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh"), NIP: "1990", Reason: "SK",
			Incoming: []transferRow{{1, "Siti Aminah", "···2001", "Kab. Contoh", "Kota Contoh", "SK 12", transferTag(people.TransferAsked), "3 Maret 2026", "", true}},
			Outgoing: []transferRow{{2, "", "···1001", "", "Kab. Contoh", "SK 13", transferTag(people.TransferRefused), "3 Maret 2026", "Belum ada SK", false}, {ID: 3, To: "Kab. Contoh", Open: true}},
		},
		"impor":       &rosterPage{Base: exampleBase("Impor pegawai", kit.FieldError{Field: "berkas", Text: "Pilih berkas."}), Agencies: exampleChoices("Kab. Contoh", "Kota Contoh")},
		"impor-hasil": exampleRoster(),
	}
}

func exampleRoster() *rosterReportPage {
	n := people.Counts{Rows: 120, Accepted: 112, Warned: 5, Rejected: 3, New: 100, Changed: 7, Same: 10, Missing: 2, Units: 1}
	page := &rosterReportPage{
		Base: exampleBase("117 dari 120 baris siap disimpan"), ID: 1, File: "data utama.xlsx", Counts: n, Good: 117, Fresh: 107, Mode: modeGood, Bars: barsOf(n),
		Messages: []string{"Judul kolom dibaca dari baris 4."}, Show: showTwins, Pages: examplePages(),
		Findings: []finding{{"Pegawai!B14", tag{"ex bad", "Ditolak"}, "Budi (••••1001)", []string{"NIP rusak oleh Excel.", "Nama kosong."}, []string{"Budi Santoso (••••1001)"}}},
		Rows:     []rosterRow{{4, "Siti Aminah", "···2001", "Dinas Arsip", []string{"jabatan: kosong → Arsiparis"}, "Siti Aminah, NIP ···2009", "join"}},
		Missing:  []personRow{{ID: 3, Name: "Wati", Number: "···2003", Kind: "PNS"}},
	}
	page.Headline, page.Sub = headlineOf(n)
	page.Filters = []rosterFilter{{showTwins, "?tampil=kembar", tag{"half warn", "Mungkin orang yang sama"}, 1, true}, {showSame, "?tampil=sama", tag{"check", "Sama"}, 10, false}}
	return page
}
