package people

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet"
	"cakap/internal/sheet/sheettest"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// thousands is a SIASN export of n people and 70 columns, with faults planted
// among them, and their places.
func thousands(n int) (content []byte, planted map[int]string) {
	header := []any{"PNS ID", "NIP BARU", "NAMA", "TANGGAL LAHIR", "JENIS KELAMIN", "GOL AKHIR NAMA", "JABATAN NAMA", "UNOR ID", "UNOR NAMA", "EMAIL GOV"}
	for i := len(header); i < 70; i++ {
		header = append(header, fmt.Sprintf("LAIN %d", i))
	}
	rows := [][]any{{"DATA UTAMA PEGAWAI"}, {}, header}
	planted = map[int]string{}
	for i := range n {
		born := day(1970, 1, 1).AddDate(0, 0, i*2)
		nip := fmt.Sprintf("%s%s%d%03d", born.Format("20060102"), born.AddDate(25, 0, 0).Format("200601"), i%2+1, i%900+1)
		row := []any{i, nip, fmt.Sprintf("PEGAWAI NOMOR %d", i), born.Format("02-01-2006"), []string{"M", "F"}[i%2], "III/c", "Guru Ahli Muda", fmt.Sprintf("unor-%d", i%300), fmt.Sprintf("Unit %d", i%300), nil}
		for c := len(row); c < 70; c++ {
			row = append(row, []any{"Islam", i * c, nil, "Jalan Merdeka Barat Nomor 17"}[c%4])
		}
		at := len(rows) + 1
		switch {
		case i == 0:
		case i%500 == 1:
			row[1], planted[at] = nip[:15], "nip_length"
		case i%500 == 2:
			row[1], planted[at] = nip[:15]+"000", "nip_damaged"
		case i%500 == 3:
			row[1], planted[at] = sheettest.Raw(nip[:1]+"."+nip[1:15]+"E+17"), "nip_damaged"
		case i%500 == 4:
			row[1], planted[at] = nip[:12]+"13"+nip[14:], "nip_month"
		case i%500 == 5:
			row[1] = nip[:12] + "21" + nip[14:] // PPPK
			row[5] = "IX"
		case i%500 == 6:
			row[3], planted[at] = "01-01-1960", "birth_mismatch"
		case i%500 == 7:
			row[1], planted[at] = "\u00a0"+nip, "nip_hidden"
		case i%500 == 8:
			row[1], planted[at] = rows[at-2][1], "duplicate"
			planted[at-1] = "nip_hidden"
		case i%500 == 9:
			row[2], planted[at] = "=1+1", "formula_start"
		case i%500 == 10:
			row[4], planted[at] = []string{"F", "M"}[i%2], "sex_mismatch"
		}
		rows = append(rows, row)
	}
	rows = append(rows, []any{sheettest.Styled{}, sheettest.Styled{}}, []any{sheettest.Styled{}})
	return sheettest.Workbook(sheettest.Sheet{Name: "Data", Rows: rows, Merge: []string{"A1:H1"}}), planted
}

func TestFiveThousandRows(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		content, planted := thousands(5000)
		start := time.Now()
		report := mustImport(t, s, request(cilacap, content))
		t.Logf("5,000 rows of 70 columns, %d kB, in %v on %s", len(content)>>10, time.Since(start).Round(time.Millisecond), db.Engine())
		if len(report.Rows) != 5000 || !report.Saved {
			t.Fatalf("%d rows, saved %v", len(report.Rows), report.Saved)
		}
		wrong := 0
		for _, r := range report.Rows {
			got := strings.Join(keys(r.Messages), " ")
			want := planted[r.N]
			also := want != "" && strings.Contains(got, "duplicate") && strings.Contains(got, want)
			if got != want && !also && wrong < 10 {
				wrong++
				t.Errorf("row %d: %q, want %q", r.N, got, want)
			}
			for _, f := range r.Messages {
				column := map[string]string{"birth_mismatch": "D", "sex_mismatch": "E", "formula_start": "C"}[key(f)]
				if column == "" {
					column = "B"
				}
				if want := fmt.Sprintf("Data!%s%d", column, r.N); f.At != want {
					t.Errorf("%s at %s, want %s", f.Key, f.At, want)
				}
			}
		}
		if got := fmt.Sprint(keys(report.Messages)); got != "[header_at columns_dropped blank_rows units_new]" {
			t.Errorf("about the file: %s", got)
		}
		page, err := s.People(t.Context(), admin.Scope, Filter{AgencyID: cilacap.ID})
		if err != nil || page.Total != report.Counts.New {
			t.Errorf("%d people in the database, want %d (%v)", page.Total, report.Counts.New, err)
		}
	})
}

func BenchmarkRosterImport5000(b *testing.B) {
	content, _ := thousands(5000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "cakap.db"))
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Migrate(b.Context()); err != nil {
			b.Fatal(err)
		}
		s, cilacap, _ := setup(b, db)
		b.StartTimer()
		report := mustImport(b, s, request(cilacap, content))
		b.StopTimer()
		if !report.Saved {
			b.Fatal("not saved")
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// Whatever the file, reading it ends in a fault or in rows that may be saved.
func FuzzParseRoster(f *testing.F) {
	f.Add([]byte("NIP;NAMA;L/P;TGL LAHIR;GOL;UNIT KERJA;EMAIL;HP;KEDUDUKAN HUKUM;STATUS ASN\n199301212020121001;Budi, S.Sos;L;21-01-1993;III/c;A / B;a@b.id;0812345678;Aktif;PNS\n'199009132025241001;=x;?;x;y;--z;w;v;u;PPPK\n"))
	f.Add([]byte("NO PESERTA,NAMA\nC-1,Ani\nC-1,Ani\n"))
	f.Add(sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: faulty()}))
	f.Fuzz(func(t *testing.T, content []byte) {
		book, err := sheet.OpenBytes("x", content, sheet.Limits{Unzipped: 8 << 20})
		if err != nil {
			return
		}
		roster, err := ParseRoster(book, today)
		if err != nil {
			if f := fault.Of(err); f == nil || !locale.Has(f.Key) {
				t.Fatalf("not a fault with a text: %v", err)
			}
			return
		}
		m := match(&roster, known{agency: Agency{ID: 1, Name: "Pemerintah Kabupaten Cilacap"}, units: newUnitTree(1, nil, func() int64 { return 1 })})
		_ = m.missing()
		for _, r := range roster.Rows {
			for _, f := range r.Messages {
				if !locale.Has(f.Key) || f.At == "" || strings.Contains(render(f), "%!") {
					t.Fatalf("row %d: %s at %q reads %q", r.N, f.Key, f.At, render(f))
				}
			}
			p := r.Person
			if r.Status != Rejected && (p.Name == "" || p.Kind == "" || p.NIP == "" && p.ParticipantNo == "" || sheet.FormulaStart(p.Name)) {
				t.Fatalf("row %d would be saved as %+v", r.N, p)
			}
		}
	})
}
