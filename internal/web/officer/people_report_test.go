package officer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
)

func TestRosterReport(t *testing.T) {
	report := people.Report{
		File: "pegawai.xlsx", DryRun: true,
		Rows: []*people.Row{
			{N: 5, At: "Pegawai!B5", Person: people.Person{Name: "Siti"}, Status: people.Warned, Action: people.ActionNew, Messages: []*fault.Fault{fault.New(fault.Invalid, "people.phone").Place("Pegawai!H5")}},
			{N: 6, At: "Pegawai!B6", Status: people.Rejected, Messages: []*fault.Fault{fault.New(fault.Invalid, "people.name_empty").Place("Pegawai!B6")}},
			{N: 7, Person: people.Person{Name: "Budi"}, Status: people.Accepted, Action: people.ActionChanged, Changes: []people.Change{{Field: "grade", Old: "", New: "III/c"}}},
			{N: 8, Person: people.Person{Name: "Wati"}, Status: people.Rejected, Elsewhere: true},
			{N: 9, Person: people.Person{Name: "Tono"}, Status: people.Accepted, Action: people.ActionChanged, Moved: true},
		},
		Counts:  people.Counts{Rows: 5, Accepted: 2, Warned: 1, Rejected: 2, New: 1, Changed: 2, Missing: 1},
		Missing: []people.Person{{ID: 4, Name: "Hilang"}},
	}
	got := rosterReportOf(report, "", 1, "/x")
	if got.Headline != "3 dari 5 baris siap disimpan" || got.Show != showFindings || got.Mode != modeGood {
		t.Errorf("%+v", got)
	}
	if len(got.Findings) != 3 || got.Findings[0].Tag.Text != "Ditolak" || got.Findings[2].At != "Pegawai!B5" {
		t.Errorf("findings %+v", got.Findings)
	}
	if want := "Pegawai!H5: " + locale.Text("people.phone"); got.Findings[2].Texts[0] != want {
		t.Errorf("text %q, want %q", got.Findings[2].Texts[0], want)
	}
	var kinds []string
	for _, f := range got.Filters {
		kinds = append(kinds, fmt.Sprint(f.Show, f.Count))
	}
	if diff := cmp.Diff([]string{"periksa3", "instansi1", "baru1", "berubah1", "pindah1", "hilang1"}, kinds); diff != "" {
		t.Error(diff)
	}
	changed := rosterReportOf(report, showChanged, 1, "/x")
	if len(changed.Rows) != 1 || changed.Rows[0].Who != "Budi" || changed.Rows[0].Changes[0] != "golongan: kosong → III/c" {
		t.Errorf("%+v", changed.Rows)
	}
	if missing := rosterReportOf(report, showMissing, 1, "/x"); len(missing.absent) != 1 || missing.absent[0].Name != "Hilang" {
		t.Errorf("%+v", missing.absent)
	}
	for _, tt := range []struct {
		counts people.Counts
		want   string
	}{
		{people.Counts{Rows: 2, Accepted: 2, Same: 2}, "Tidak ada yang perlu disimpan"},
		{people.Counts{Rows: 2, Accepted: 1, Rejected: 1, Same: 1}, "1 dari 2 baris masih ditolak"},
	} {
		if got, _ := headlineOf(tt.counts); got != tt.want {
			t.Errorf("headline %q, want %q", got, tt.want)
		}
	}
}

func TestRosterReportIsPaged(t *testing.T) {
	var report people.Report
	for n := range rosterShown + 5 {
		report.Rows = append(report.Rows, &people.Row{N: n, Status: people.Accepted, Action: people.ActionNew})
	}
	for _, tt := range []struct{ page, rows int }{{1, rosterShown}, {2, 5}, {99, 5}, {-1, rosterShown}} {
		if got := rosterReportOf(report, showNew, tt.page, "/x"); len(got.Rows) != tt.rows || len(got.Pages) == 0 {
			t.Errorf("page %d: %d rows, want %d", tt.page, len(got.Rows), tt.rows)
		}
	}
	if got := rosterReportOf(people.Report{}, "tidak-ada", 1, "/x"); got.Show != showSame || got.Filters != nil {
		t.Errorf("an empty report: %+v", got)
	}
}

// The table names nobody's whole number, and no cell of it starts a formula.
func TestRosterTable(t *testing.T) {
	body, err := rosterTable(people.Report{
		Rows: []*people.Row{{
			N: 2, At: "S!A2", Person: people.Person{Name: "=HYPERLINK(1)", NIP: "199301212020121001"}, Status: people.Accepted, Action: people.ActionChanged,
			Changes: []people.Change{{Field: "position", Old: "", New: "Analis; \"utama\""}},
		}},
		Missing: []people.Person{{Name: "Hilang", NIP: "199301212020122002"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffBaris;Tempat;NIP (akhir);Nama;Kelompok;Keadaan;Perubahan;Catatan\n" +
		"2;S!A2;;'=HYPERLINK(1);Berubah;Siap;\"jabatan: kosong → Analis; \"\"utama\"\"\";\n" +
		";;···2002;Hilang;Tidak ada di berkas;Tetap tersimpan;;\n"
	if diff := cmp.Diff(want, string(body)); diff != "" {
		t.Error(diff)
	}
}

func TestIssuedCodes(t *testing.T) {
	var chosen []people.Person
	var codes []access.IssuedCode
	for n := range mostMessages + 2 {
		chosen = append(chosen, people.Person{ID: int64(n), Name: fmt.Sprintf("Pegawai %03d", n), UnitID: int64(n % 2)})
		codes = append(codes, access.IssuedCode{PersonID: int64(n), Code: fmt.Sprintf("KODE-%03d", n)})
	}
	units := map[int64]string{0: "Dinas B", 1: "Dinas A"}
	codes = append(codes, access.IssuedCode{PersonID: 999, Code: "KODE-ASING"}) // of nobody chosen
	page := issuedOf(chosen, units, codes, "Halo {nama}, {tautan} {kode} {berlaku}", "https://x/aktivasi")
	if page.Slips[0].Unit != "Dinas A" || page.Slips[0].Name != "Pegawai 001" || page.Apart != 2 || page.Slips[mostMessages].Message != "" {
		t.Errorf("slips begin with %+v, %d apart", page.Slips[0], page.Apart)
	}
	if got, want := page.Slips[0].Message, "Halo Pegawai 001, https://x/aktivasi KODE-001 "+page.Expires; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	if lines := strings.Split(page.List, "\n"); len(lines) != mostMessages+3 || strings.Count(lines[1], "\t") != 4 {
		t.Errorf("%d lines, the second %q", len(lines), lines[1])
	}
	if strings.Contains(page.General, "KODE-") || strings.Contains(page.General, "{") {
		t.Errorf("the message for a group: %s", page.General)
	}
}
