package people

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
)

// enrolled puts a person into an event, past the service that would.
func enrolled(t *testing.T, db *storage.DB, event, enrolment, person, agency int64) {
	t.Helper()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if tally(t, db, `SELECT count(*) FROM level_scheme`) == 0 {
		run(`INSERT INTO level_scheme (code, version, name, bands, created_ms) VALUES ('test', 1, 'test', '[]', 0)`)
		run(`INSERT INTO blueprint (id, code, name, spec, scheme_code, scheme_version, created_by, created_ms) VALUES (1, 'b', 'b', '{}', 'test', 1, 0, 0)`)
	}
	if tally(t, db, `SELECT count(*) FROM event WHERE id = ?`, event) == 0 {
		run(`INSERT INTO event (id, code, name, owner_id, blueprint_id, spec, scheme_code, scheme_version, state, opens_ms, closes_ms, grace_ms, zone, seed, release_policy, created_by, created_ms)
			VALUES (?, ?, 'e', 0, 1, '{}', 'test', 1, 'open', 0, 1, 0, 'WIB', 1, 'at_once', 0, 0)`, event, fmt.Sprint(event))
		run(`INSERT INTO session (id, event_id, name, opens_ms, closes_ms) VALUES (?, ?, 's', 0, 1)`, event*10, event)
	}
	run(`INSERT INTO enrolment (id, event_id, session_id, person_id, agency_id, nip, name, kind, draw_order, created_ms) VALUES (?, ?, ?, ?, ?, 'x', 'x', 'PNS', ?, 0)`,
		enrolment, event, event*10, person, agency, enrolment)
}

func TestMerge(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, banyumas := setup(t, db)
		accounts := access.New(db, access.NewKeys(make([]byte, 32)), func() time.Time { return today })
		mustImport(t, s, request(cilacap, roster([]any{"NIP", "NAMA"}, []any{nipBudi, "Budi"}, []any{nipSiti, "Siti"})))
		mustImport(t, s, request(banyumas, roster([]any{"NIP", "NAMA"}, []any{niBudiPPPK, "Budi"})))
		keep, drop, siti := byNumber(t, s, nipBudi), byNumber(t, s, niBudiPPPK), byNumber(t, s, nipSiti)
		if err := s.SetExtraTime(t.Context(), admin, drop.ID, ExtraTime{125, ForMotor, "catatan"}); err != nil {
			t.Fatal(err)
		}
		enrolled(t, db, 1, 101, drop.ID, banyumas.ID)
		enrolled(t, db, 2, 102, keep.ID, cilacap.ID)
		officer := By{Scope: access.Scope{Agencies: []int64{cilacap.ID}}, Actor: 8, Now: today}
		refusal(t, s.Merge(t.Context(), officer, keep.ID, drop.ID), fault.NotFound, "people.person_not_found")
		refusal(t, s.Merge(t.Context(), admin, keep.ID, keep.ID), fault.Invalid, "people.merge_same")
		enrolled(t, db, 1, 103, siti.ID, cilacap.ID)
		refusal(t, s.Merge(t.Context(), admin, siti.ID, drop.ID), fault.Conflict, "people.merge_both")

		password(t, accounts, keep.ID, "ikan terbang rendah")
		password(t, accounts, drop.ID, "kereta hijau malam")
		if err := s.Merge(t.Context(), admin, keep.ID, drop.ID); err != nil {
			t.Fatal(err)
		}
		for _, number := range []string{nipBudi, niBudiPPPK} {
			if p := byNumber(t, s, number); p.ID != keep.ID || p.NIP != nipBudi || p.TimeFactor != 125 {
				t.Errorf("%s finds %+v", mask(number), p)
			}
			if _, p, err := accounts.Login(t.Context(), number, "ikan terbang rendah", "203.0.113.7"); err != nil || p.PersonID != keep.ID {
				t.Errorf("%s lets in %+v, %v", mask(number), p, err)
			}
		}
		if e, err := s.ExtraTime(t.Context(), admin.Scope, keep.ID); err != nil || e != (ExtraTime{125, ForMotor, ""}) {
			t.Errorf("extra time %+v, %v: the note of another agency stays there", e, err)
		}
		_, err := s.Person(t.Context(), admin.Scope, drop.ID)
		refusal(t, err, fault.NotFound, "people.person_not_found")
		if page, err := s.People(t.Context(), admin.Scope, Filter{Query: "Budi"}); err != nil || page.Total != 1 {
			t.Errorf("%d people called Budi, %v", page.Total, err)
		}
		if n := tally(t, db, `SELECT count(*) FROM enrolment WHERE person_id = ?`, keep.ID); n != 2 {
			t.Errorf("%d enrolments, want both", n)
		}
		if n := tally(t, db, `SELECT count(*) FROM enrolment WHERE id = 101 AND agency_id = ?`, banyumas.ID); n != 1 {
			t.Error("the enrolment left its agency of that day")
		}
		// The number that went is free for nobody else, and a new roster knows it.
		report := mustImport(t, s, request(cilacap, roster([]any{"NIP", "NAMA"}, []any{niBudiPPPK, "Budi"})))
		if report.Counts.New != 0 || report.Counts.Rejected != 0 {
			t.Errorf("the old number in a roster: %+v", report.Counts)
		}
		if err := s.ChangeNIP(t.Context(), admin, keep.ID, niBudiPPPK); err != nil {
			t.Errorf("back to the old number: %v", err)
		}
		var trail []string
		if err := db.Select(t.Context(), &trail, `SELECT action FROM audit WHERE object_kind = 'person' AND object_id IN (?, ?) ORDER BY seq`, keep.ID, drop.ID); err != nil {
			t.Fatal(err)
		}
		if n := len(trail) - len(slices.DeleteFunc(slices.Clone(trail), func(a string) bool { return a == "person.merge" })); n != 2 {
			t.Errorf("%d entries of the merge in %v, want one for each agency", n, trail)
		}
		auditHasNoNIP(t, db)
	})
}

func TestMergeWaitsForAnAttempt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		s, cilacap, _ := setup(t, db)
		mustImport(t, s, request(cilacap, roster([]any{"NIP", "NAMA"}, []any{nipBudi, "Budi"}, []any{niBudiPPPK, "Budi"})))
		keep, drop := byNumber(t, s, nipBudi), byNumber(t, s, niBudiPPPK)
		enrolled(t, db, 1, 101, drop.ID, cilacap.ID)
		for _, query := range []string{
			`INSERT INTO form (enrolment_id, form_no, items, content, hash, exposure, drawn_ms) VALUES (101, 1, 1, '[]', '', '', 0)`,
			`INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device_epoch, started_ms, deadline_ms, grace_ms) VALUES (101, 1, 1, 1, 1, 'open', 1, 0, 1, 0)`,
		} {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		refusal(t, s.Merge(t.Context(), admin, keep.ID, drop.ID), fault.Conflict, "people.merge_running")
		if byNumber(t, s, niBudiPPPK).ID != drop.ID {
			t.Error("a refused merge moved a number")
		}
	})
}

func password(t *testing.T, accounts *access.Service, person int64, secret string) {
	t.Helper()
	codes, err := accounts.IssueActivation(context.Background(), 0, access.Scope{All: true}, []int64{person})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := accounts.Activate(context.Background(), codes[0].Code, secret, "203.0.113.7"); err != nil {
		t.Fatal(err)
	}
}
