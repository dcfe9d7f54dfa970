package papers

import (
	"cakap/internal/access"
	"cakap/internal/web/kit"
	"cakap/internal/web/officer"
)

// Views are the templates of this package, each with an example that a test
// executes.
func Views() kit.Views {
	who := &access.Principal{AccountID: 1, Name: "Hartini Kusumaningrum", Roles: []access.Grant{{Role: access.Officer}, {Role: access.Proctor}}}
	page := &listPage{
		Base:      kit.Base{Title: "Berkas cetak", Principal: who, Errors: kit.Errors{{Text: "Semua peserta sudah mempunyai kode."}}},
		EventHead: officer.ExampleHead(), Enrolled: 1284, Without: 3, Cards: true, Again: true,
		Sessions: []choice{{"a", "Sesi 1"}, {"b", "Sesi 2"}}, Agencies: []choice{{"a", "Kab. Contoh"}, {"b", "Kota Contoh"}},
		Violations: []choice{{"a", "Pegawai Satu, 24 November 2026 09.12 WIB"}},
	}
	return kit.Views{Name: "papers", Layout: "staff", FS: files, Examples: map[string]kit.Page{"berkas": page}}
}
