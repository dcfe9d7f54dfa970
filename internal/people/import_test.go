package people

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet/sheettest"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(f *fault.Fault) string { return locale.Text(f.Key, f.Args...) }

// admin may do everything, on the day of the tests.
var admin = By{Scope: access.Scope{All: true}, Actor: 7, Now: today}

// setup is a service with the agencies Cilacap and Banyumas.
func setup(t testing.TB, db *storage.DB) (s *Service, cilacap, banyumas Agency) {
	t.Helper()
	s = New(db)
	if _, err := s.SeedAgencies(t.Context(), admin, "6401", "6402"); err != nil {
		t.Fatal(err)
	}
	var err error
	if cilacap, err = s.AgencyByCode(t.Context(), admin.Scope, "6401"); err != nil {
		t.Fatal(err)
	}
	if banyumas, err = s.AgencyByCode(t.Context(), admin.Scope, "6402"); err != nil {
		t.Fatal(err)
	}
	return s, cilacap, banyumas
}

func request(a Agency, content []byte) ImportRequest {
	return ImportRequest{FileName: "pegawai.xlsx", File: bytes.NewReader(content), Size: int64(len(content)), AgencyID: a.ID, By: admin, SkipRejected: true}
}

func mustImport(t testing.TB, s *Service, req ImportRequest) Report {
	t.Helper()
	report, err := s.Import(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// show writes a report so that a person can judge it.
func show(report Report) string {
	v := report.Verdict(render)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s saved=%v\n", v.Format, v.Encoding, v.Saved)
	for _, m := range v.FileMessages {
		fmt.Fprintf(&b, "  [%s] %s: %s\n", m.Code, m.At, m.Text)
	}
	for _, r := range v.Rows {
		fmt.Fprintf(&b, "%d %s %s %q %s %s\n", r.N, r.At, r.NIPMasked, r.Name, r.Status, r.Action)
		for _, m := range r.Messages {
			fmt.Fprintf(&b, "  [%s] %s: %s\n", m.Code, m.At, m.Text)
		}
		for _, c := range r.Changes {
			fmt.Fprintf(&b, "  %s: %q -> %q\n", c.Field, c.Old, c.New)
		}
		for _, c := range r.Candidates {
			fmt.Fprintf(&b, "  mungkin %q %s same name %v\n", c.Name, c.NIPMasked, c.SameName)
		}
	}
	fmt.Fprintf(&b, "%+v\n", v.Counts)
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update rewrites it:\n%s", file, diff)
	}
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Each file imports into its own database; what is saved is listed below the verdicts.
func TestRosterLayouts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content []byte
	}{
		{"siasn", sheettest.Workbook(sheettest.Sheet{Name: "Data Utama", Rows: [][]any{
			{"PNS ID", "NIP BARU", "NIP LAMA", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TANGGAL LAHIR", "JENIS KELAMIN", "AGAMA NAMA", "NIK", "NOMOR HP", "EMAIL GOV",
				"KEDUDUKAN HUKUM ID", "KEDUDUKAN HUKUM NAMA", "STATUS CPNS PNS", "TMT CPNS", "GOL AKHIR NAMA", "JENIS JABATAN NAMA", "JABATAN NAMA", "UNOR ID", "UNOR NAMA", "INSTANSI KERJA NAMA", "SATUAN KERJA KERJA NAMA"},
			{"a1", "199301212020121001", nil, "BUDI SANTOSO", "Dr.", "S.Sos., M.Si.", "21-01-1993", "M", "ISLAM", "3301010000000001", 81234567890, "Budi@cilacap.go.id",
				"01", "Aktif", "P", "01-12-2020", "III/c", "Fungsional Tertentu", "Analis Kepegawaian", "8ae4828a01", "Bidang Mutasi", "Pemerintah Kab. Cilacap", "Pemerintah Kabupaten Cilacap"},
			{"a2", "'198505052010012002", nil, "SITI AMINAH", "-", "-", day(1985, 5, 5), "F", "ISLAM", nil, "+62 812-3456-7890", "-",
				"02", "Cuti di Luar Tanggungan Negara", "P", "01-01-2010", "Penata Tk. I, III/d", "Struktural", "Kepala Seksi", "8ae4828a02", "--Seksi Mutu", "Pemerintah Kab. Cilacap", "Pemerintah Kabupaten Cilacap"},
			{"a3", "199009132025242014", nil, "RINI", nil, "S.Pd.", "13-09-1990", "M", nil, nil, "12", "bukan surel",
				"71", "PPPK Aktif", nil, "-", "IX", "Fungsional Tertentu", "Guru", "8ae4828a03", "Bidang Mutasi", "Pemerintah Kab. Brebes", "Pemerintah Kabupaten Cilacap"},
			{"a4", "200002292024031001", nil, "CATUR", nil, nil, "28-02-2000", "L", nil, nil, nil, nil, "01", "Aktif", "C", "01-04-2024", "IX", nil, "Pengadministrasi", "8ae4828a01", "Bidang Mutasi", "Pemerintah Kab. Cilacap", nil},
		}})},
		{"duk", sheettest.Workbook(
			sheettest.Sheet{Name: "Petunjuk", Rows: [][]any{{"Isi NIP dan NAMA pada lembar DUK"}}},
			sheettest.Sheet{Name: "DUK", Merge: []string{"A1:H1", "D4:E4", "F4:G4"}, Rows: [][]any{
				{"DAFTAR URUT KEPANGKATAN"}, {"PEMERINTAH KABUPATEN CILACAP"}, {},
				{"NO", "NAMA", "NIP BARU", "PANGKAT", nil, "JABATAN", nil, "SATKER", "TGL LAHIR"},
				{nil, nil, nil, "GOLRU", "TMT", "NAMA", "TMT", nil, nil},
				{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"},
				{1, "Drs. Agus Salim, M.M.", "19700817 199503 1 002", "Pembina (IV/a)", day(2015, 4, 1), "Sekretaris", day(2020, 1, 1), "Dinas Pendidikan / Sekretariat", "17 Agustus 1970"},
				{2, "Wati", "197501011998022001", "IVa", nil, "Kasubbag", nil, "Dinas Pendidikan / Sekretariat / Subbag Umum", 27395},
				{sheettest.Styled{}, sheettest.Styled{}},
				{sheettest.Styled{}},
				{nil, nil, nil, nil, nil, nil, nil, "Cilacap, 3 Maret 2026"},
			}})},
		{"short", []byte("\ufeffNama;NIP;Telepon;Jabatan\r\nBudi Santoso, S.Sos;199301212020121001;0812 3456 7890;Analis\r\nA N I F U D I N;'199009132025241001;;-\r\n;;;\r\n")},
		{"tab", []byte("NIP\tNama\tJabatan\tGolongan\tUnit Kerja\tOPD\n199301212020121001\tRen\xe9\tAnalis\tIIId\tBidang A\tBKPSDM\n")},
		{"nonasn", sheettest.Workbook(sheettest.Sheet{Name: "Peserta", Rows: [][]any{
			{"NIP/NIPTTK", "Nomor Peserta", "Nama", "Jenis Peserta", "L/P"},
			{nil, "C-001", "Perangkat Desa Satu", "Non-ASN", "P"},
			{"199009132025241001", nil, "Dewi", "PPPK Paruh Waktu", "L"},
			{"199301212020121001", nil, "Budi", "PPPK", "x"},
			{nil, nil, "Tanpa Nomor", nil, nil},
		}})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, cilacap, _ := setup(t, storagetest.SQLite(t))
			report := mustImport(t, s, request(cilacap, tt.content))
			golden(t, tt.name, show(report)+saved(t, s, cilacap))
		})
	}
}

// saved lists an agency's units and people as the database has them.
func saved(t *testing.T, s *Service, a Agency) string {
	t.Helper()
	var b strings.Builder
	units, err := s.Units(t.Context(), admin.Scope, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	path := map[int64]string{}
	for _, u := range units {
		path[u.ID] = u.Path
		fmt.Fprintf(&b, "unit %d %s (%s)\n", u.Level, u.Path, u.ExternalID)
	}
	page, err := s.People(t.Context(), admin.Scope, Filter{AgencyID: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range page.People {
		fmt.Fprintf(&b, "%s %s%s | %s | %s | %s %s | %s | %s (%s) | %s | %s %s | %s | active %v\n", p.Kind, p.NIP.Masked(), p.ParticipantNo, p.TitleFront, p.Name, p.TitleBack,
			p.Sex+" "+Sex(p.BirthDate), p.Grade, p.Position, p.PositionKind, path[p.UnitID], p.Email, p.Phone, p.LegalStatus, p.Active)
	}
	return b.String()
}

// faulty is a sheet with every fault that officers meet, one per row.
func faulty() [][]any {
	return [][]any{
		{"NIP", "NAMA", "TANGGAL LAHIR", "L/P", "GOL", "UNIT KERJA"},
		{"199301212020121001", "Budi Santoso", "21-01-1993", "L", "III/c", "Bidang A"},
		{"199301212020121", "Lima Belas Angka", nil, nil, nil, nil},
		{"199301212020121000", "Budi Santoso", nil, nil, nil, nil},
		{sheettest.Raw("1.99301212020121E+17"), "Budi Lain", nil, nil, nil, nil},
		{sheettest.Raw("199301212020121001"), "Bilangan Utuh", nil, nil, nil, nil},
		{"1,99301E+17", "Teks Ilmiah", nil, nil, nil, nil},
		{"199301212020131001", "Bulan Tiga Belas", nil, nil, nil, nil},
		{"199302302020121001", "Tanggal Tiga Puluh", nil, nil, nil, nil},
		{"199301212020123001", "Kelamin Tiga", nil, nil, nil, nil},
		{"202001212020121001", "Anak Enam Tahun", nil, nil, nil, nil},
		{"199301212031121001", "Tahun Depan", nil, nil, nil, nil},
		{"199009132025242014", "Rini PPPK", "13/09/1990", "P", "IX", nil},
		{"198001012005011001", "Kembar Satu", nil, nil, nil, nil},
		{"198001012005011001", "Kembar Dua", nil, nil, nil, nil},
		{"198001012005011002", "Kembar Sama", nil, nil, nil, nil},
		{"'198001012005011002", "Kembar Sama", nil, nil, nil, nil},
		{"198202022006022001", "Salah Lahir", "02-02-1983", "L", nil, nil},
		{"198202022006022002", "Lahir Kacau", "31-02-1982", "?", "III/x", nil},
		{"\u00a019820202\u200b2006022003", "Spasi Khusus", nil, nil, nil, nil},
		{"198202022006022004", `=HYPERLINK("http://x","y")`, nil, nil, nil, nil},
		{"198202022006022005", "+cmd|' /C calc'!A0", nil, nil, nil, nil},
		{"198202022006022006", "\x0bKendali", nil, nil, nil, nil},
		{"198202022006022007", strings.Repeat("Panjang ", 5000), nil, nil, nil, nil},
		{"198202022006022008", nil, nil, nil, nil, "@SUM(A1)"},
		{"19820202200602200A", "Ada Huruf", nil, nil, nil, nil},
		{nil, "Tanpa NIP", nil, nil, nil, nil},
		{"131110468", "NIP Lama", nil, nil, nil, nil},
		{"198303032008011009", "Milik Banyumas", nil, nil, nil, nil},
		{"198202022006022010", "Golongan PPPK", nil, nil, "IX", nil},
		{"196001011985031001", "Sudah Tua", nil, nil, nil, nil},
		{sheettest.Styled{}, sheettest.Styled{}},
	}
}

func TestPlantedFaults(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		other := [][]any{{"NIP", "NAMA", "JABATAN"}, {"198303032008011009", "Rahasia Banyumas", "Jabatan Rahasia"}}
		mustImport(t, s, request(banyumas, sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: other})))
		first := [][]any{{"NIP", "NAMA"}, {"199301212020121001", "Budi Santoso"}}
		mustImport(t, s, request(cilacap, sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: first})))

		report := mustImport(t, s, request(cilacap, sheettest.Workbook(sheettest.Sheet{Name: "Pegawai", Rows: faulty()})))
		text := show(report)
		golden(t, "faults", text)
		if strings.Contains(text, "Rahasia") {
			t.Error("the report shows data of another agency")
		}
		p, err := s.PersonByNumber(t.Context(), admin.Scope, "198303032008011009")
		if err != nil || p.AgencyID != banyumas.ID || p.Name != "Rahasia Banyumas" {
			t.Errorf("the other agency's person is now %+v, %v", p, err)
		}
		if _, err := access.VerifyChain(t.Context(), db); err != nil {
			t.Error(err)
		}
	})
}

func TestReportIsJSON(t *testing.T) {
	s, cilacap, _ := setup(t, storagetest.SQLite(t))
	req := request(cilacap, sheettest.Workbook(sheettest.Sheet{Name: "Pegawai", Rows: faulty()[:3]}))
	req.DryRun = true
	body, err := json.MarshalIndent(mustImport(t, s, req).Verdict(render), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", string(body)+"\n")
}

func TestImportTwiceChangesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		content := sheettest.Workbook(sheettest.Sheet{Name: "Pegawai", Rows: faulty()})
		first := mustImport(t, s, request(cilacap, content))
		before := saved(t, s, cilacap)
		again := mustImport(t, s, request(cilacap, content))
		if again.Counts.New != 0 || again.Counts.Changed != 0 || again.Counts.Same != first.Counts.New || again.Counts.Missing != 0 || again.Counts.Units != 0 {
			t.Errorf("second import: %+v after %+v", again.Counts, first.Counts)
		}
		if diff := cmp.Diff(before, saved(t, s, cilacap)); diff != "" {
			t.Errorf("second import changed (-before +after):\n%s", diff)
		}
	})
}

func TestChangesAreListedAndNothingIsCleared(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		file := func(rows ...[]any) []byte { return sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: rows}) }
		header := []any{"NIP", "NAMA", "JABATAN", "GOL", "UNIT KERJA", "NO HP", "KEDUDUKAN HUKUM", "STATUS CPNS PNS"}
		mustImport(t, s, request(cilacap, file(header,
			[]any{"199301212020121001", "BUDI SANTOSO", "Analis", "III/b", "Bidang A", "08123456789", "Aktif", "C"},
			[]any{"198505052010012002", "Siti", "Guru", "III/c", "Bidang A", nil, "Aktif", "P"})))
		report := mustImport(t, s, request(cilacap, file(header,
			[]any{"199301212020121001", "Budi Santoso", "Analis Muda", "III/c", "Bidang B", nil, "Pensiun", "P"})))
		want := []Change{
			{"grade", "III/b", "III/c"}, {"position", "Analis", "Analis Muda"}, {"legal_status", "01", "99"},
			{"kind", "CPNS", "PNS"}, {"unit", "Bidang A", "Bidang B"}, {"active", "aktif", "tidak aktif"},
		}
		if diff := cmp.Diff(want, report.Rows[0].Changes); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		if report.Counts.Missing != 1 {
			t.Errorf("missing %d, want Siti", report.Counts.Missing)
		}
		p, err := s.PersonByNumber(t.Context(), admin.Scope, "199301212020121001")
		if err != nil {
			t.Fatal(err)
		}
		if p.Phone != "08123456789" || p.Name != "BUDI SANTOSO" || p.Grade != "III/c" || p.Active || p.Kind != PNS {
			t.Errorf("after the import: %+v", p)
		}
		// Without a word on it, a CPNS who became PNS stays PNS.
		again := mustImport(t, s, request(cilacap, file([]any{"NIP", "NAMA"}, []any{"199301212020121001", "Budi Santoso"})))
		if again.Rows[0].Action != ActionSame {
			t.Errorf("changes %+v", again.Rows[0].Changes)
		}
	})
}

func TestRejectedRowsHoldBackTheRest(t *testing.T) {
	s, cilacap, _ := setup(t, storagetest.SQLite(t))
	req := request(cilacap, sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: faulty()[:3]}))
	for _, tt := range []struct {
		dry, skip, saved bool
		people           int
	}{{true, true, false, 0}, {false, false, false, 0}, {false, true, true, 1}} {
		req.DryRun, req.SkipRejected = tt.dry, tt.skip
		report := mustImport(t, s, req)
		page, err := s.People(t.Context(), admin.Scope, Filter{AgencyID: cilacap.ID})
		if err != nil {
			t.Fatal(err)
		}
		units, err := s.Units(t.Context(), admin.Scope, cilacap.ID)
		if err != nil {
			t.Fatal(err)
		}
		if report.Saved != tt.saved || page.Total != tt.people || len(units) != tt.people {
			t.Errorf("dry %v, skip %v: saved %v, %d people, %d units", tt.dry, tt.skip, report.Saved, page.Total, len(units))
		}
		held := strings.Contains(show(report), "[held_back]")
		if want := !tt.dry && !tt.skip; held != want {
			t.Errorf("dry %v, skip %v: says held back %v, want %v", tt.dry, tt.skip, held, want)
		}
	}
}

func TestImportRefusals(t *testing.T) {
	s, cilacap, banyumas := setup(t, storagetest.SQLite(t))
	good := sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: faulty()[:2]})
	officer := By{Scope: access.Scope{Agencies: []int64{banyumas.ID}}, Now: today}
	for _, tt := range []struct {
		name    string
		content []byte
		agency  int64
		by      By
		key     string
	}{
		{"another agency's officer", good, cilacap.ID, officer, "people.agency_not_found"},
		{"no such agency", good, 12345, admin, "people.agency_not_found"},
		{"no scope", good, cilacap.ID, By{Now: today}, "people.agency_not_found"},
		{"no sheet at all", []byte("%PDF-1.7"), cilacap.ID, admin, "sheet.unsupported"},
		{"no header", []byte("a;b\n1;2\n"), cilacap.ID, admin, "sheet.no_header"},
		{"no rows", []byte("NIP;NAMA\n;;\n"), cilacap.ID, admin, "people.no_rows"},
	} {
		req := request(cilacap, tt.content)
		req.AgencyID, req.By = tt.agency, tt.by
		report, err := s.Import(t.Context(), req)
		if f := fault.Of(err); f == nil || f.Key != tt.key || !locale.Has(tt.key) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.key)
		}
		if report.Saved || len(report.Rows) != 0 {
			t.Errorf("%s: %+v", tt.name, report)
		}
		if told := len(report.Messages) > 0 || strings.Contains(tt.key, "agency"); !told {
			t.Errorf("%s: the report does not say why", tt.name)
		}
	}
}

func TestFormerNIPFindsThePerson(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		file := func(rows ...[]any) []byte {
			return sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: append([][]any{{"NIP", "NAMA", "TGL LAHIR"}}, rows...)})
		}
		const pppk, pns = "199009132025241001", "199009132026011001"
		mustImport(t, s, request(cilacap, file([]any{pppk, "Dewi", nil})))
		p, err := s.PersonByNumber(t.Context(), admin.Scope, pppk)
		if err != nil {
			t.Fatal(err)
		}
		hint := mustImport(t, s, func() ImportRequest {
			r := request(cilacap, file([]any{pns, "DEWI", nil}))
			r.DryRun = true
			return r
		}())
		if got := fmt.Sprint(keys(hint.Rows[0].Messages)); got != "[maybe_same]" {
			t.Errorf("a namesake born the same day: %s", got)
		}
		if err := s.ChangeNIP(t.Context(), admin, p.ID, pns); err != nil {
			t.Fatal(err)
		}
		report := mustImport(t, s, request(cilacap, file([]any{pppk, "Dewi", nil})))
		if r := report.Rows[0]; fmt.Sprint(keys(r.Messages)) != "[nip_old]" || r.Action != ActionSame {
			t.Errorf("by the former NIP: %v %s", keys(r.Messages), r.Action)
		}
		for _, number := range []string{pppk, pns} {
			got, err := s.PersonByNumber(t.Context(), admin.Scope, number)
			if err != nil || got.ID != p.ID || got.NIP != pns || got.Kind != PNS {
				t.Errorf("%s finds %+v, %v", number, got, err)
			}
		}
		both := mustImport(t, s, request(cilacap, file([]any{pns, "Dewi", nil}, []any{pppk, "Dewi", nil})))
		for _, r := range both.Rows {
			if r.Status != Rejected || r.Action != "" {
				t.Errorf("row %d: %s %s", r.N, r.Status, r.Action)
			}
		}
		theirs := mustImport(t, s, request(banyumas, file([]any{pppk, "Dewi", nil})))
		if got := fmt.Sprint(keys(theirs.Rows[0].Messages)); got != "[other_agency]" {
			t.Errorf("another agency's former NIP: %s", got)
		}
	})
}
