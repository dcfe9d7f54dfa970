package people

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/sheet/sheettest"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// Numbers of people born on 21 January 1993, and of a namesake of the first.
const (
	nipBudi    = "199301212020121001" // PNS
	nipSiti    = "199301212020122002"
	niBudiPPPK = "199301212021211001" // the same birthday and sex, as a PPPK
	nipElse    = "198505052010012002"
)

// roster is a workbook of one sheet.
func roster(rows ...[]any) []byte {
	return sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: rows})
}

func groups(r Report) []string {
	var all []string
	for _, row := range r.Rows {
		all = append(all, fmt.Sprintf("%d %s", row.N, row.Group()))
	}
	return all
}

func byNumber(t *testing.T, s *Service, number string) Person {
	t.Helper()
	p, err := s.PersonByNumber(t.Context(), admin.Scope, number)
	if err != nil {
		t.Fatalf("%s: %v", mask(number), err)
	}
	return p
}

func tally(t *testing.T, db *storage.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Get(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

// Everything an update can mean, in one file.
func TestRosterUpdateGroups(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		mustImport(t, s, request(cilacap, roster(
			[]any{"NIP", "NAMA", "JABATAN", "UNIT KERJA"},
			[]any{niBudiPPPK, "Budi", "Guru", "Dinas A"},
			[]any{nipSiti, "Siti", "Guru", "Dinas A"},
			[]any{"199301212020122003", "Sri", "Guru", "Dinas A"},
			[]any{"199301212020122004", "Same", "Guru", "Dinas A"},
			[]any{"199301212020122005", "Gone", "Guru", "Dinas A"},
		)))
		mustImport(t, s, request(banyumas, roster([]any{"NIP", "NAMA"}, []any{nipElse, "Rahasia Banyumas"})))
		file := roster(
			[]any{"NIP", "NAMA", "JABATAN", "UNIT KERJA"},
			[]any{nipBudi, "BUDI", "Guru", "Dinas A"},
			[]any{nipSiti, "Siti", "Kepala", "Dinas B"},
			[]any{"199301212020122003", "Sri", "Kepala", "Dinas A"},
			[]any{"199301212020122004", "Same", "Guru", "Dinas A"},
			[]any{nipElse, "Salah Ketik", "Guru", "Dinas A"},
			[]any{"199301212020122009", "Fresh", "Guru", "Dinas A"},
			[]any{"123", "Broken", "Guru", "Dinas A"},
		)
		by := admin
		u := Upload{AgencyID: cilacap.ID, File: "baru.xlsx", Content: file}
		id, err := s.KeepUpload(t.Context(), by, u)
		if err != nil {
			t.Fatal(err)
		}
		if u, err = s.Upload(t.Context(), by, id); err != nil {
			t.Fatal(err)
		}
		report, err := s.CheckUpload(t.Context(), by, u)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"2 twin", "3 moved", "4 changed", "5 same", "6 transfer", "7 new", "8 rejected"}
		if diff := cmp.Diff(want, groups(report)); diff != "" {
			t.Error(diff)
		}
		if c := report.Counts; c.Moved != 1 || c.Transfers != 1 || c.Twins != 1 || c.Missing != 1 || c.Rejected != 3 {
			t.Errorf("counts %+v", c)
		}
		if len(report.Missing) != 1 || report.Missing[0].Name != "Gone" {
			t.Errorf("missing %+v; Budi is not, he may be there by his new number", report.Missing)
		}
		if text := show(report); strings.Contains(text, "Rahasia") || strings.Contains(text, "Banyumas") {
			t.Errorf("the report shows the other agency's data:\n%s", text)
		}
		if key := report.Rows[0].Messages[0].Key; key != "people.twin_undecided" {
			t.Errorf("an undecided twin is told %s", key)
		}

		// Nobody half decides: the good rows go in, the open question stays.
		saved, err := s.SaveUpload(t.Context(), by, u, true)
		if err != nil || !saved.Saved {
			t.Fatalf("saved %v, %v", saved.Saved, err)
		}
		if _, err := s.PersonByNumber(t.Context(), by.Scope, nipBudi); fault.Of(err) == nil {
			t.Error("an undecided row was saved")
		}
		if gone := byNumber(t, s, "199301212020122005"); !gone.Active {
			t.Error("who is missing was deactivated by the import")
		}
		refusal(t, s.Choose(t.Context(), by, id, map[int]Choice{2: "maybe"}), fault.Invalid, "people.twin_choice")
		if err := s.Choose(t.Context(), by, id, map[int]Choice{2: JoinPerson}); err != nil {
			t.Fatal(err)
		}
		if u, err = s.Upload(t.Context(), by, id); err != nil {
			t.Fatal(err)
		}
		old := byNumber(t, s, niBudiPPPK)
		if report, err = s.SaveUpload(t.Context(), by, u, true); err != nil || report.Counts.Changed != 1 {
			t.Fatalf("joined %+v, %v", report.Counts, err)
		}
		now := byNumber(t, s, nipBudi)
		if now.ID != old.ID || now.NIP != nipBudi || now.Kind != PNS || byNumber(t, s, niBudiPPPK).ID != old.ID {
			t.Errorf("joined into %+v, was %+v", now, old)
		}
		if n := tally(t, db, `SELECT count(*) FROM audit WHERE action = 'person.nip' AND object_id = ?`, old.ID); n != 1 {
			t.Errorf("%d audit entries of the new number, want 1", n)
		}
		if done, err := s.Deactivate(t.Context(), by, []int64{report.Missing[0].ID}); err != nil || done != 1 || byNumber(t, s, "199301212020122005").Active {
			t.Errorf("deactivated %d, %v", done, err)
		}
		auditHasNoNIP(t, db)
	})
}

func TestTwinsThatAreNone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		mustImport(t, s, request(cilacap, roster(
			[]any{"NIP", "NAMA", "KEDUDUKAN HUKUM"},
			[]any{niBudiPPPK, "Budi", "Aktif"},
			[]any{"199301212021211005", "Dua Kali", "Aktif"}, []any{"199301212021211006", "Dua Kali", "Aktif"},
			[]any{"199301212021211007", "Pensiunan", "Pensiun"},
		)))
		for _, tt := range []struct {
			name  string
			rows  [][]any
			twins int
		}{
			{"one", [][]any{{nipBudi, "Budi"}}, 1},
			{"another sex", [][]any{{nipSiti, "Budi"}}, 0},
			{"another name", [][]any{{nipBudi, "Buda"}}, 0},
			{"another birthday", [][]any{{"199301222020121001", "Budi"}}, 0},
			{"two of them", [][]any{{nipBudi, "Dua Kali"}}, 0},
			{"inactive", [][]any{{nipBudi, "Pensiunan"}}, 0},
			{"the file has the old number too", [][]any{{nipBudi, "Budi"}, {niBudiPPPK, "Budi"}}, 0},
			{"two rows for one person", [][]any{{nipBudi, "Budi"}, {"199301212020121002", "Budi"}}, 1},
		} {
			u := Upload{AgencyID: cilacap.ID, File: "x.xlsx", Content: roster(append([][]any{{"NIP", "NAMA"}}, tt.rows...)...), Choices: map[int]Choice{}}
			report, err := s.CheckUpload(t.Context(), admin, u)
			if err != nil || report.Counts.Twins != tt.twins {
				t.Errorf("%s: %d twins, %v; want %d", tt.name, report.Counts.Twins, err, tt.twins)
			}
			// Somebody decides that they are two people.
			for _, r := range report.Rows {
				if r.Twin != nil {
					u.Choices[r.N] = NewPerson
				}
			}
			if report, err = s.CheckUpload(t.Context(), admin, u); err != nil || report.Counts.Rejected != 0 {
				t.Errorf("%s: decided, and still %d rejected, %v", tt.name, report.Counts.Rejected, err)
			}
		}
	})
}

func TestUploadsBelongToTheirAgency(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		mine := By{Scope: access.Scope{Agencies: []int64{cilacap.ID}}, Actor: 8, Now: today}
		other := By{Scope: access.Scope{Agencies: []int64{banyumas.ID}}, Actor: 9, Now: today}
		u := Upload{AgencyID: cilacap.ID, File: "a.xlsx", Content: roster([]any{"NIP", "NAMA"}, []any{nipBudi, "Budi"})}
		_, err := s.KeepUpload(t.Context(), other, u)
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		id, err := s.KeepUpload(t.Context(), mine, u)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Upload(t.Context(), other, id)
		refusal(t, err, fault.NotFound, "people.upload_gone")
		refusal(t, s.Choose(t.Context(), other, id, map[int]Choice{2: NewPerson}), fault.NotFound, "people.upload_gone")
		refusal(t, s.DropUpload(t.Context(), other, id), fault.NotFound, "people.upload_gone")
		colleague := mine
		colleague.Actor = 10
		if _, err := s.Upload(t.Context(), colleague, id); err != nil {
			t.Errorf("a colleague: %v", err)
		}
		tomorrow := mine
		tomorrow.Now = today.Add(uploadLife + 1)
		_, err = s.Upload(t.Context(), tomorrow, id)
		refusal(t, err, fault.NotFound, "people.upload_gone")
		// Questions wait in the same table and are no roster.
		if _, err := db.Exec(t.Context(), `INSERT INTO import_upload (id, actor_id, file, content, choices, created_ms) VALUES (5, 8, 'soal.xlsx', ?, '{}', ?)`, []byte("x"), today.UnixMilli()); err != nil {
			t.Fatal(err)
		}
		_, err = s.Upload(t.Context(), admin, 5)
		refusal(t, err, fault.NotFound, "people.upload_gone")
		if err := s.DropUpload(t.Context(), mine, id); err != nil || tally(t, db, `SELECT count(*) FROM import_upload`) != 1 {
			t.Errorf("dropped: %v", err)
		}
	})
}

// TE-05: the number of another agency's person is refused without a word about
// them, and that agency decides.
func TestTransfer(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		a := By{Scope: access.Scope{Agencies: []int64{cilacap.ID}}, Actor: 8, Now: today}
		b := By{Scope: access.Scope{Agencies: []int64{banyumas.ID}}, Actor: 9, Now: today}
		mustImport(t, s, request(banyumas, roster([]any{"NIP", "NAMA", "UNIT KERJA"}, []any{nipElse, "Rahasia", "Dinas B"})))
		ask := func(by By, agency int64, number string) (Wanted, error) {
			return s.RequestTransfers(t.Context(), by, agency, []string{number}, "SK 12/2026")
		}
		for _, tt := range []struct {
			what, number, reason string
			agency               int64
			kind                 fault.Kind
			key                  string
		}{
			{"for another agency", nipElse, "SK", banyumas.ID, fault.NotFound, "people.agency_not_found"},
			{"without a reason", nipElse, " ", cilacap.ID, fault.Invalid, "people.transfer_reason"},
			{"nobody", nipBudi, "SK", cilacap.ID, fault.NotFound, "people.transfer_nobody"},
		} {
			_, err := s.RequestTransfers(t.Context(), a, tt.agency, []string{tt.number}, tt.reason)
			refusal(t, err, tt.kind, tt.key)
		}
		_, err := ask(b, banyumas.ID, nipElse)
		refusal(t, err, fault.Conflict, "people.transfer_ours")
		for i, want := range []Wanted{{Asked: 1}, {Already: 1}} {
			if got, err := ask(a, cilacap.ID, nipElse); err != nil || got != want {
				t.Errorf("request %d: %+v, %v; want %+v", i, got, err, want)
			}
		}
		list := func(by By) Transfer {
			t.Helper()
			all, err := s.Transfers(t.Context(), by.Scope)
			if err != nil || len(all) != 1 {
				t.Fatalf("%d transfers, %v", len(all), err)
			}
			return all[0]
		}
		seen := list(a)
		if seen.PersonName != "" || seen.From != 0 || seen.Incoming || seen.Number != nipElse {
			t.Errorf("the asker sees %+v", seen)
		}
		theirs := list(b)
		if theirs.PersonName != "Rahasia" || !theirs.Incoming || theirs.To != cilacap.ID {
			t.Errorf("the agency that decides sees %+v", theirs)
		}
		if others, err := s.Transfers(t.Context(), access.Scope{}); err != nil || len(others) != 0 {
			t.Errorf("nobody's scope sees %+v, %v", others, err)
		}
		decide := func(by By, to TransferState, why string) error {
			return s.DecideTransfer(t.Context(), by, seen.ID, to, why)
		}
		refusal(t, decide(a, TransferAccepted, ""), fault.NotFound, "people.transfer_not_found")
		refusal(t, decide(b, TransferWithdrawn, ""), fault.NotFound, "people.transfer_not_found")
		refusal(t, decide(b, TransferRefused, ""), fault.Invalid, "people.transfer_reason")
		refusal(t, decide(b, "", ""), fault.Invalid, "people.transfer_choice")
		if err := decide(b, TransferRefused, "Belum ada SK"); err != nil {
			t.Fatal(err)
		}
		refusal(t, decide(b, TransferAccepted, ""), fault.Conflict, "people.transfer_decided")
		if p := byNumber(t, s, nipElse); p.AgencyID != banyumas.ID {
			t.Error("a refused transfer moved the person")
		}
		if got, err := ask(a, cilacap.ID, nipElse); err != nil || got.Asked != 1 {
			t.Fatalf("asked again %+v, %v", got, err)
		}
		person := byNumber(t, s, nipElse)
		enrolled(t, db, 1, 101, person.ID, banyumas.ID)
		if err := s.SetExtraTime(t.Context(), b, person.ID, ExtraTime{150, ForVision, "catatan Banyumas"}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Transfers(t.Context(), b.Scope)
		if err != nil || len(all) != 2 || all[0].State != TransferAsked {
			t.Fatalf("%+v, %v", all, err)
		}
		if err := s.DecideTransfer(t.Context(), b, all[0].ID, TransferAccepted, ""); err != nil {
			t.Fatal(err)
		}
		p := byNumber(t, s, nipElse)
		if p.ID != person.ID || p.AgencyID != cilacap.ID || p.UnitID != 0 || p.TimeFactor != 150 {
			t.Errorf("moved %+v", p)
		}
		if n := tally(t, db, `SELECT count(*) FROM enrolment WHERE id = 101 AND agency_id = ?`, banyumas.ID); n != 1 {
			t.Error("the enrolment moved along: it belongs to the agency of that day")
		}
		if e, err := s.ExtraTime(t.Context(), a.Scope, p.ID); err != nil || e != (ExtraTime{150, ForVision, ""}) {
			t.Errorf("the note went along: %+v, %v", e, err)
		}
		if after, err := s.Transfers(t.Context(), b.Scope); err != nil || after[0].PersonName != "" && after[1].PersonName != "" {
			t.Errorf("the agency of old still sees %+v, %v", after, err)
		}
		auditHasNoNIP(t, db)
		if n := tally(t, db, `SELECT count(*) FROM audit WHERE actor_id = 8 AND agency_id = ?`, banyumas.ID); n != 0 {
			t.Errorf("%d acts of Cilacap's officer stand with Banyumas", n)
		}
	})
}
