package admin

import (
	"cakap/internal/access"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// examples are pages with everything on them, so that the test that executes
// every template goes through every branch.
func examples() map[string]kit.Page {
	p := &access.Principal{AccountID: 1, Name: "Hartini Kusumaningrum", Roles: []access.Grant{{Role: access.Admin}}}
	base := func(title, section string, fields ...string) kit.Base {
		b := kit.Base{Title: title, Section: section, Principal: p}
		for _, f := range fields {
			b.Errors = append(b.Errors, kit.FieldError{Field: f, Text: "Isian ini belum benar."})
		}
		return b
	}
	row := accountRow{ID: 2, Name: "Rina Kartika", Username: "rina.kartika", Roles: []string{"Penulis soal, semua instansi"}, Active: true, Seen: "3 Maret 2026 08.30 WIB"}
	nip := accountRow{ID: 3, Name: "Budi Santoso", Username: "199001012015031001", Roles: []string{"Pengawas, Kab. Contoh"}, Person: true, NoPassword: true, Active: true}
	shut := accountRow{ID: 4, Name: "Siti Aminah", Username: "siti", Roles: []string{"Admin kepegawaian, Kab. Contoh"}}
	agencies := []option{{Value: "x", Text: "Kabupaten Contoh", Chosen: true}}
	agency := agencyRow{ID: 1, Code: "6401", Name: "Kabupaten Contoh", Kind: "Kabupaten", Zone: "WIB", Active: true, Units: 34, People: 5120, Staff: 12}
	form := formOf(people.Agency{Code: "6401", Name: "Kabupaten Contoh", ShortName: "Kab. Contoh", Kind: "regency", Zone: "WITA", Active: true})
	full := figures{Agencies: 3, Staff: 4, People: 5120, Items: 160, Events: 1, Open: 1, Attempts: 900, Running: 12, Sessions: 20, Trail: 12345}
	return map[string]kit.Page{
		"akun": &accountsPage{Base: base("Akun petugas", kit.SectionAccounts), Text: "rina", Role: "trainer", Shut: true, Roles: roleOptions(access.Trainer), Rows: []accountRow{row, nip, shut}, Total: 120, Pages: accountPages(access.AccountFilter{Text: "rina", Role: access.Trainer, Shut: true}, 2, 3)},
		"baru": &newAccountPage{Base: base("Buat akun petugas", kit.SectionAccounts, "nama", "akun", "peran", "sandi", "ulangi"), Name: "Rina", Username: "r", Roles: roleOptions(access.Officer), Agencies: agencies, Everywhere: true},
		"petugas": &accountPage{Base: base(row.Name, kit.SectionAccounts, "sandi", "ulangi", "peran"), Account: row, Created: "3 Maret 2026",
			Held: []option{{Value: "trainer/", Text: "Penulis soal, semua instansi", Chosen: true}}, Roles: roleOptions(), Agencies: agencies, Everywhere: true, Self: true},
		"instansi": &agenciesPage{Base: base("Instansi", kit.SectionAgencies, "code", "name", "short_name", "kind", "zone"), Rows: []agencyRow{agency, {ID: 2, Name: "Kota Contoh"}}, Form: form, May: true},
		"unit": &agencyPage{Base: base(agency.Name, kit.SectionAgencies, "code"), ID: 1, Agency: agency, Form: form, May: true, Loose: 3,
			Trees: []tree{{Name: "Dinas Pendidikan", People: 512, Below: []branch{{"Bidang SMA", 40, true}}}, {Name: "Inspektorat", People: 29, Hidden: true}}},
		"jejak": &trailPage{Base: base("Jejak audit", kit.SectionAudit), Actions: actionOptions("item.create"), Action: "item.create", Rows: []trailRow{
			{Seq: 91, When: "03-03-2026 08.30 WIB", Who: "Rina Kartika", Did: act("item.create"), Detail: "versi 1", Agency: "Kab. Contoh"}, {Seq: 90, When: "03-03-2026 08.29 WIB", Who: "Sistem", Did: act("bank.seed")},
		}, Older: trailAddress("item.create", 90), Newest: trailAddress("item.create", 0)},
		"sistem": &systemPage{Base: base("Keadaan sistem", kit.SectionSystem), Headline: "Jejak audit rusak", Facts: []fact{{"Versi Cakap", "1.0"}}, Nums: numbers(full), Steps: append(steps(full), steps(figures{})...),
			Left: 5, Chain: chain{Entries: 91, Checked: true, Broken: true, Text: "Jejak audit rusak."}, Backup: backupHint("sqlite"), Clock: &clockNote{"Jam mesin ini melompat 2 jam", "Perbaiki jamnya."}},
	}
}
