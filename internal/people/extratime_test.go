package people

import (
	"strings"
	"testing"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

func TestParseExtraTime(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int // 0: refused
	}{
		{"25", 125}, {"+25%", 125}, {"25 %", 125}, {"0", 100}, {"33,3", 133}, {"300", 400}, {"5", 105}, {"3%", 103},
		{"0.25", 125}, {"0,25", 125}, {"1", 0}, {"1.5", 0}, {"2", 0},
		{"1,5x", 150}, {"2 kali", 200}, {"x2", 200}, {"4x", 400}, {"1x", 100},
		{"301", 0}, {"-5", 0}, {"-0,2", 0}, {"5x", 0}, {"0,5x", 0}, {"tanpa batas", 0}, {"%", 0}, {"NaN", 0}, {"Inf", 0}, {"1e9", 0},
	} {
		got, err := parseExtraTime(tt.text)
		if got != tt.want || (err != nil) != (tt.want == 0) {
			t.Errorf("%q is %d, %v; want %d", tt.text, got, err, tt.want)
		}
	}
}

func TestExtraTimeInARoster(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		head := []any{"NIP", "NAMA", "TAMBAHAN WAKTU %"}
		report := mustImport(t, s, request(cilacap, roster(head, []any{nipBudi, "Budi", 25}, []any{nipSiti, "Siti", "tanpa batas"})))
		if len(report.Retimed) != 0 || report.Rows[1].Status != Warned || report.Rows[1].Messages[0].Key != "people.extra_time" {
			t.Errorf("new people: %v, %+v", report.Retimed, report.Rows[1].Messages)
		}
		if budi, siti := byNumber(t, s, nipBudi), byNumber(t, s, nipSiti); budi.TimeFactor != 125 || siti.TimeFactor != 100 {
			t.Errorf("saved %d and %d", budi.TimeFactor, siti.TimeFactor)
		}
		// A blank cell leaves it, a nought takes it away, and only that is told.
		report = mustImport(t, s, request(cilacap, roster(head, []any{nipBudi, "Budi", nil}, []any{nipSiti, "Siti", "1,5x"})))
		if len(report.Retimed) != 1 || report.Retimed[0] != byNumber(t, s, nipSiti).ID || byNumber(t, s, nipBudi).TimeFactor != 125 {
			t.Errorf("changed %v", report.Retimed)
		}
		report = mustImport(t, s, request(cilacap, roster(head, []any{nipBudi, "Budi", 0})))
		if len(report.Retimed) != 1 || byNumber(t, s, nipBudi).TimeFactor != 100 {
			t.Errorf("taken away %v", report.Retimed)
		}
	})
}

func TestExtraTimeStaysPrivate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		mustImport(t, s, request(cilacap, roster([]any{"NIP", "NAMA"}, []any{nipBudi, "Budi"})))
		budi := byNumber(t, s, nipBudi)
		for _, tt := range []struct {
			e   ExtraTime
			key string
		}{
			{ExtraTime{150, "", "tanpa alasan"}, "people.extra_time_kind"},
			{ExtraTime{150, "diagnosis", ""}, "people.extra_time_kind"},
			{ExtraTime{401, ForOther, ""}, "people.time_factor"},
			{ExtraTime{150, ForOther, strings.Repeat("x", maxNote+1)}, "people.extra_time_note"},
		} {
			refusal(t, s.SetExtraTime(t.Context(), admin, budi.ID, tt.e), fault.Invalid, tt.key)
		}
		want := ExtraTime{150, ForHearing, "surat kenari"}
		if err := s.SetExtraTime(t.Context(), admin, budi.ID, want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ExtraTime(t.Context(), admin.Scope, budi.ID); err != nil || got != want {
			t.Errorf("kept %+v, %v; want %+v", got, err, want)
		}
		_, err := s.ExtraTime(t.Context(), access.Scope{Agencies: []int64{banyumas.ID}}, budi.ID)
		refusal(t, err, fault.NotFound, "people.person_not_found")
		if n := tally(t, db, `SELECT count(*) FROM audit WHERE detail LIKE '%kenari%' OR detail LIKE '%hearing%' OR detail LIKE '%150%'`); n != 0 {
			t.Errorf("%d audit entries tell why or how much", n)
		}
		if n := tally(t, db, `SELECT count(*) FROM audit WHERE action = 'person.time_factor'`); n != 1 {
			t.Errorf("%d audit entries, want one", n)
		}
		// The usual time needs no reason and keeps none.
		if err := s.SetExtraTime(t.Context(), admin, budi.ID, ExtraTime{100, ForHearing, "surat kenari"}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ExtraTime(t.Context(), admin.Scope, budi.ID); err != nil || got != (ExtraTime{Percent: 100}) {
			t.Errorf("kept %+v, %v", got, err)
		}
	})
}

func TestChangePerson(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		mustImport(t, s, request(cilacap, roster([]any{"NIP", "NAMA", "OPD", "UNIT KERJA"},
			[]any{nipBudi, "Budi", "Dinas A", "Sekretariat"}, []any{nipSiti, "Siti", "Dinas B", "Sekretariat"}, []any{"199301212020122005", "Wati", "Dinas C", nil})))
		budi := byNumber(t, s, nipBudi)
		edit := Edit{Name: "Budi Santoso", Unit: "dinas b / sekretariat", Position: "Analis", Grade: "IIIc", Active: true}
		if err := s.ChangePerson(t.Context(), admin, budi.ID, edit); err != nil {
			t.Fatal(err)
		}
		got := byNumber(t, s, nipBudi)
		if got.UnitID != byNumber(t, s, nipSiti).UnitID || got.Name != "Budi Santoso" || got.Grade != "III/c" || !got.Active || got.NIP != nipBudi || got.BirthDate != budi.BirthDate {
			t.Errorf("changed to %+v", got)
		}
		var detail string
		if err := db.Get(t.Context(), &detail, `SELECT detail FROM audit WHERE action = 'person.change'`); err != nil || detail != `{"fields":["name","position","grade","unit"]}` {
			t.Errorf("audit detail %s, %v", detail, err)
		}
		entries := tally(t, db, `SELECT count(*) FROM audit`)
		if err := s.ChangePerson(t.Context(), admin, budi.ID, edit); err != nil || tally(t, db, `SELECT count(*) FROM audit`) != entries {
			t.Errorf("the same edit again is an act: %v", err)
		}
		for _, tt := range []struct{ unit, key string }{{"Sekretariat", "people.unit_several"}, {"Dinas D", "people.unit_unknown"}} {
			edit.Unit = tt.unit
			refusal(t, s.ChangePerson(t.Context(), admin, budi.ID, edit), fault.Invalid, tt.key)
		}
		edit.Unit, edit.Active = "Dinas C", false
		if err := s.ChangePerson(t.Context(), admin, budi.ID, edit); err != nil || byNumber(t, s, nipBudi).Active {
			t.Errorf("not deactivated: %v", err)
		}
		stranger := By{Scope: access.Scope{Agencies: []int64{banyumas.ID}}, Now: today}
		refusal(t, s.ChangePerson(t.Context(), stranger, budi.ID, edit), fault.NotFound, "people.person_not_found")
		_, err := s.FindUnit(t.Context(), stranger.Scope, cilacap.ID, "Dinas C")
		refusal(t, err, fault.NotFound, "people.agency_not_found")
		_, err = s.Deactivate(t.Context(), stranger, []int64{byNumber(t, s, nipSiti).ID})
		refusal(t, err, fault.NotFound, "people.person_not_found")
		auditHasNoNIP(t, db)
	})
}
