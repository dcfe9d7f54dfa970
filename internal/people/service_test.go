package people

import (
	"fmt"
	"strings"
	"testing"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/sheet/sheettest"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

func refusal(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
		return
	}
	if !locale.Has(key) {
		t.Errorf("%s has no text", key)
	}
}

func TestSeedAgencies(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s := New(db)
		for i, want := range []int{2, 34, 0} {
			codes := []string{"6401", "6402"}
			if i > 0 {
				codes = nil
			}
			if got, err := s.SeedAgencies(t.Context(), admin, codes...); err != nil || got != want {
				t.Errorf("round %d added %d, %v; want %d", i, got, err, want)
			}
		}
		all, err := s.Agencies(t.Context(), admin.Scope)
		if err != nil || len(all) != 36 || all[0].Code != "6400" || all[35].Code != "6476" {
			t.Errorf("%d agencies, %v", len(all), err)
		}
		if n, err := access.VerifyChain(t.Context(), db); err != nil || n != 2 {
			t.Errorf("audit: %d entries, %v; want 2", n, err)
		}
	})
}

func TestAgencies(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		officer := By{Scope: access.Scope{Agencies: []int64{cilacap.ID}}, Now: today}
		a, err := s.CreateAgency(t.Context(), admin, Agency{Code: "9001", Name: "  Kementerian\u00a0Contoh ", ShortName: "Contoh", Kind: "ministry", Zone: "WIT"})
		if err != nil || a.Name != "Kementerian Contoh" || !a.Active {
			t.Fatalf("created %+v, %v", a, err)
		}
		_, err = s.CreateAgency(t.Context(), admin, a)
		refusal(t, err, fault.Conflict, "people.agency_exists")
		_, err = s.CreateAgency(t.Context(), officer, Agency{Code: "9002", Name: "X", ShortName: "X", Kind: "other", Zone: "WIB"})
		refusal(t, err, fault.Forbidden, "people.agency_forbidden")
		_, err = s.CreateAgency(t.Context(), admin, Agency{Code: "x y", Name: "=1", ShortName: "", Kind: "no", Zone: "UTC"})
		var fields []string
		for _, f := range fault.Of(err).Faults {
			fields = append(fields, f.Field)
		}
		if got, want := strings.Join(fields, " "), "code name short_name kind zone"; got != want {
			t.Errorf("refused fields %q, want %q", got, want)
		}
		a.Name, a.Active = "Kementerian Lain", false
		if err := s.UpdateAgency(t.Context(), admin, a); err != nil {
			t.Fatal(err)
		}
		if got, err := s.AgencyByCode(t.Context(), admin.Scope, "9001"); err != nil || got != a {
			t.Errorf("updated to %+v, %v", got, err)
		}
		refusal(t, s.UpdateAgency(t.Context(), admin, Agency{ID: 5, Code: "9003", Name: "X", ShortName: "X", Kind: "other", Zone: "WIB"}), fault.NotFound, "people.agency_not_found")
		refusal(t, s.UpdateAgency(t.Context(), admin, Agency{ID: a.ID, Code: "6401", Name: "X", ShortName: "X", Kind: "other", Zone: "WIB"}), fault.Conflict, "people.agency_exists")

		mine, err := s.Agencies(t.Context(), officer.Scope)
		if err != nil || len(mine) != 1 || mine[0] != cilacap {
			t.Errorf("an officer sees %+v, %v", mine, err)
		}
		_, err = s.Agency(t.Context(), officer.Scope, banyumas.ID)
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		_, err = s.AgencyByCode(t.Context(), officer.Scope, "6402")
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		_, err = s.Units(t.Context(), officer.Scope, banyumas.ID)
		refusal(t, err, fault.NotFound, "people.agency_not_found")
	})
}

func TestPeopleList(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		rows := [][]any{{"NIP", "NAMA", "UNIT KERJA", "KEDUDUKAN HUKUM"}}
		for i := range 90 {
			rows = append(rows, []any{fmt.Sprintf("199301212020121%03d", i+1), fmt.Sprintf("Pegawai %02d", 89-i), []string{"Dinas A", "Dinas A / Bidang", "Dinas A Baru"}[i%3], "Aktif"})
		}
		rows = append(rows,
			[]any{"199301212020122001", "émile 100%", "Dinas_A", "Pensiun"},
			[]any{"199009132025241001", "Zainal", nil, nil})
		mustImport(t, s, request(cilacap, sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: rows})))
		mustImport(t, s, request(banyumas, sheettest.Workbook(sheettest.Sheet{Name: "S", Rows: [][]any{{"NIP", "NAMA"}, {"199301212020121500", "Pegawai Banyumas"}}})))
		officer := access.Scope{Agencies: []int64{cilacap.ID}}
		units, err := s.Units(t.Context(), officer, cilacap.ID)
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		ids := map[string]int64{}
		for _, u := range units {
			paths = append(paths, u.Path)
			ids[u.Path] = u.ID
		}
		if got, want := strings.Join(paths, "; "), "Dinas A; Dinas A / Bidang; Dinas A Baru; Dinas_A"; got != want {
			t.Errorf("units in order %q, want %q", got, want)
		}
		for _, tt := range []struct {
			name   string
			scope  access.Scope
			filter Filter
			total  int
			first  string
		}{
			{"own agency by name", officer, Filter{}, 92, "émile 100%"},
			{"second page", officer, Filter{Page: 2}, 92, "Pegawai 39"},
			{"last page", officer, Filter{Page: 3}, 92, "Pegawai 79"},
			{"past the end", officer, Filter{Page: 99}, 92, "Pegawai 79"},
			{"everybody", admin.Scope, Filter{}, 93, "émile 100%"},
			{"one of all", admin.Scope, Filter{AgencyID: banyumas.ID}, 1, "Pegawai Banyumas"},
			{"nobody's scope", access.Scope{}, Filter{}, 0, ""},
			{"part of a name, any case", officer, Filter{Query: "ZAIN"}, 1, "Zainal"},
			{"a sign of LIKE is a letter", officer, Filter{Query: "100%"}, 1, "émile 100%"},
			{"an underscore too", officer, Filter{Query: "_"}, 0, ""},
			{"digits of a NIP", officer, Filter{Query: "20121 005"}, 1, "Pegawai 85"},
			{"another agency's NIP", officer, Filter{Query: "199301212020121500"}, 0, ""},
			{"kind", officer, Filter{Kind: PPPK}, 1, "Zainal"},
			{"active", officer, Filter{State: "active"}, 91, "Pegawai 00"},
			{"inactive", officer, Filter{State: "inactive"}, 1, "émile 100%"},
			{"unit with what is below it", officer, Filter{UnitID: ids["Dinas A"]}, 60, "Pegawai 01"},
			{"leaf", officer, Filter{UnitID: ids["Dinas A / Bidang"]}, 30, "Pegawai 01"},
			{"unit whose name is a pattern", officer, Filter{UnitID: ids["Dinas_A"]}, 1, "émile 100%"},
		} {
			page, err := s.People(t.Context(), tt.scope, tt.filter)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			first := ""
			if len(page.People) > 0 {
				first = page.People[0].Name
			}
			if page.Total != tt.total || first != tt.first || len(page.People) > PageSize {
				t.Errorf("%s: %d people from %q, want %d from %q", tt.name, page.Total, first, tt.total, tt.first)
			}
		}
		_, err = s.People(t.Context(), officer, Filter{AgencyID: banyumas.ID})
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		_, err = s.People(t.Context(), access.Scope{Agencies: []int64{banyumas.ID}}, Filter{UnitID: ids["Dinas A"]})
		refusal(t, err, fault.NotFound, "people.unit_not_found")
		_, err = s.People(t.Context(), officer, Filter{State: "order by"})
		refusal(t, err, fault.Malformed, "people.filter")
	})
}

func TestEditPeople(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		officer := By{Scope: access.Scope{Agencies: []int64{cilacap.ID}}, Actor: 3, Now: today}
		stranger := By{Scope: access.Scope{Agencies: []int64{banyumas.ID}}, Actor: 4, Now: today}
		p, err := s.AddPerson(t.Context(), officer, "19930121 202012 1 001", Person{AgencyID: cilacap.ID, Name: " Budi  Santoso ", Kind: CPNS, Grade: "iii c"})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Person(t.Context(), officer.Scope, p.ID); err != nil || got != p || p.Name != "Budi Santoso" || p.Kind != CPNS || p.Grade != "III/c" || p.BirthDate != "1993-01-21" {
			t.Errorf("added %+v, found %+v, %v", p, got, err)
		}
		_, err = s.AddPerson(t.Context(), stranger, "199301212020121001", Person{AgencyID: banyumas.ID, Name: "X"})
		refusal(t, err, fault.Conflict, "people.person_exists")
		_, err = s.AddPerson(t.Context(), stranger, "199301212020121002", Person{AgencyID: cilacap.ID, Name: "X"})
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		_, err = s.AddPerson(t.Context(), officer, "199301212020121002", Person{AgencyID: cilacap.ID, Name: "X", UnitID: 99})
		refusal(t, err, fault.Invalid, "people.unit_not_found")
		guest, err := s.AddPerson(t.Context(), officer, "", Person{AgencyID: cilacap.ID, Name: "Tamu", ParticipantNo: "C-1"})
		if err != nil || guest.Kind != NonASN {
			t.Errorf("guest %+v, %v", guest, err)
		}
		for _, tt := range []struct{ nip, name, field, key string }{
			{"", "X", "nip", "people.nip_empty"}, {"199301212020121000", "X", "nip", "people.nip_damaged"}, {"202001212020121001", "X", "nip", "people.nip_age"},
			{"199301212020121002", "\t=x", "name", "people.formula_start"}, {"199301212020121002", "\t", "name", "people.formula_start"},
			{"199301212020121002", "-", "name", "people.formula_start"}, {"199301212020121002", "...", "name", "people.name_empty"}, {"199301212020121002", "x\x00", "name", "people.control"},
		} {
			_, err := s.AddPerson(t.Context(), officer, tt.nip, Person{AgencyID: cilacap.ID, Name: tt.name})
			refusal(t, err, fault.Invalid, tt.key)
			if f := fault.Of(err); f != nil && f.Field != tt.field {
				t.Errorf("%s is about field %q, want %q", tt.key, f.Field, tt.field)
			}
		}

		for name, change := range map[string]func(By) error{
			"active": func(by By) error { _, err := s.Deactivate(t.Context(), by, []int64{p.ID}); return err },
			"time factor": func(by By) error {
				return s.SetExtraTime(t.Context(), by, p.ID, ExtraTime{Percent: 150, Kind: ForVision})
			},
			"NIP": func(by By) error { return s.ChangeNIP(t.Context(), by, p.ID, "199301212026211001") },
		} {
			refusal(t, change(stranger), fault.NotFound, "people.person_not_found")
			if got, err := s.Person(t.Context(), officer.Scope, p.ID); err != nil || name == "active" && !got.Active {
				t.Errorf("%s: a stranger changed %+v, %v", name, got, err)
			}
			if err := change(officer); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := s.Person(t.Context(), officer.Scope, p.ID)
		if err != nil || got.Active || got.TimeFactor != 150 || got.NIP != "199301212026211001" || got.Kind != PPPK {
			t.Errorf("after the changes %+v, %v", got, err)
		}
		refusal(t, s.SetExtraTime(t.Context(), officer, p.ID, ExtraTime{Percent: 99, Kind: ForOther}), fault.Invalid, "people.time_factor")
		_, err = s.Deactivate(t.Context(), officer, []int64{1})
		refusal(t, err, fault.NotFound, "people.person_not_found")
		refusal(t, s.ChangeNIP(t.Context(), officer, 1, "199301212026211009"), fault.NotFound, "people.person_not_found")
		refusal(t, s.ChangeNIP(t.Context(), officer, guest.ID, "199301212026211001"), fault.Conflict, "people.person_exists")
		refusal(t, s.ChangeNIP(t.Context(), officer, guest.ID, "1"), fault.Invalid, "people.nip_length")
		_, err = s.Person(t.Context(), stranger.Scope, p.ID)
		refusal(t, err, fault.NotFound, "people.person_not_found")
		_, err = s.PersonByNumber(t.Context(), stranger.Scope, "199301212026211001")
		refusal(t, err, fault.NotFound, "people.person_not_found")
		if found, err := s.PersonByNumber(t.Context(), officer.Scope, "C-1"); err != nil || found.ID != guest.ID {
			t.Errorf("by number: %+v, %v", found, err)
		}
		auditHasNoNIP(t, db)
	})
}

func auditHasNoNIP(t *testing.T, db *storage.DB) {
	t.Helper()
	n, err := access.VerifyChain(t.Context(), db)
	if err != nil || n < 5 {
		t.Errorf("audit: %d entries, %v", n, err)
	}
	var details []string
	if err := db.Select(t.Context(), &details, `SELECT detail FROM audit`); err != nil {
		t.Fatal(err)
	}
	for _, d := range details {
		if strings.Contains(d, "1993012") || strings.Contains(d, "Budi") {
			t.Errorf("the audit trail names a person: %s", d)
		}
	}
}
