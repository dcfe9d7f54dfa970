package kit

import "cakap/internal/access"

// MenuLink is one entry of the staff menu.
type MenuLink struct {
	Path, Text string
	Current    bool
}

// MenuGroup is a heading of the staff menu with its entries.
type MenuGroup struct {
	Title string
	Links []MenuLink
}

// Sections of the staff menu; a page names its own with Base.In.
const (
	SectionHome     = "home"
	SectionEvents   = "events"
	SectionWatch    = "watch"
	SectionPeople   = "people"
	SectionRoster   = "roster"
	SectionBank     = "bank"
	SectionImport   = "import"
	SectionReview   = "review"
	SectionNewItem  = "new-item"
	SectionMarking  = "marking"
	SectionAccounts = "accounts"
	SectionAgencies = "agencies"
	SectionAudit    = "audit"
	SectionSystem   = "system"
)

// menuEntry is a link and the action that its page needs.
type menuEntry struct {
	section, path, text string
	action              access.Action
}

var menu = []struct {
	title string
	links []menuEntry
}{
	{"Kegiatan", []menuEntry{
		{SectionEvents, "/kegiatan", "Kegiatan dan laporan", access.EventRead},
		{SectionWatch, "/pengawasan", "Pengawasan", access.SessionRun},
	}},
	{"Pegawai", []menuEntry{
		{SectionPeople, "/pegawai", "Daftar pegawai", access.RosterRead},
		{SectionRoster, "/pegawai/impor", "Impor pegawai", access.RosterImport},
	}},
	{"Soal", []menuEntry{
		{SectionBank, "/bank", "Bank soal", access.BankRead},
		{SectionNewItem, "/bank/baru", "Tulis soal", access.BankEdit},
		{SectionImport, "/bank/impor", "Impor soal", access.BankEdit},
		{SectionReview, "/bank/telaah", "Antrean telaah", access.BankReview},
		{SectionMarking, "/penilaian", "Penilaian uraian", access.EssayMark},
	}},
	{"Sistem", []menuEntry{
		{SectionAccounts, "/admin/akun", "Akun petugas", access.AccountManage},
		{SectionAgencies, "/admin/instansi", "Instansi", access.AgencyManage},
		{SectionAudit, "/admin/jejak", "Jejak audit", access.AuditRead},
		{SectionSystem, "/admin/sistem", "Keadaan sistem", access.SystemRead},
	}},
}

// Menu is the part of the staff menu that this person may use.
func (b *Base) Menu() []MenuGroup {
	var groups []MenuGroup
	for _, g := range menu {
		group := MenuGroup{Title: g.title}
		for _, l := range g.links {
			if access.Allow(b.Principal, l.action) == nil {
				group.Links = append(group.Links, MenuLink{Path: l.path, Text: l.text, Current: l.section == b.Section})
			}
		}
		if len(group.Links) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// Home is the page where a person begins, by role.
func Home(p *access.Principal) string {
	switch {
	case p == nil:
		return "/masuk"
	case access.Allow(p, access.AttemptTake) == nil:
		return "/beranda"
	case access.Allow(p, access.EventRead) == nil && !p.Has(access.Admin):
		if access.Allow(p, access.EventManage) != nil { // a proctor comes to run a session
			return "/pengawasan"
		}
		return "/kegiatan"
	case access.Allow(p, access.BankRead) == nil:
		return "/bank"
	default:
		return "/admin/sistem"
	}
}
