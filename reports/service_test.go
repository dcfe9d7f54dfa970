package reports_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/storage"
	"cakap/internal/storage/storagetest"
	"cakap/reports"
	"cakap/reports/reportstest"
	"cakap/scoring"

	"github.com/google/go-cmp/cmp"
)

// two agencies of one event; the second one's people carry its name.
func two() (a, b reports.Data) {
	a, b = reportstest.Data(60, 1), reportstest.Data(25, 2)
	b.Agency = reports.Agency{ID: 6401, Code: "6401", Name: "Pemerintah Kabupaten Cilacap", ShortName: "Kab. Cilacap"}
	for i := range b.Rows {
		b.Rows[i].Enrolment += 900000
		b.Rows[i].Name = fmt.Sprintf("ORANG-CILACAP %d", i)
		b.Rows[i].NIP = fmt.Sprintf("19700101199503%04d", 1000+i)
	}
	b.Seal()
	return a, b
}

var compare = cmp.Options{
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
}

func TestLoad(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		a, b := two()
		reportstest.Seed(t, db, a, b)
		service := reports.New(db)
		for _, want := range []reports.Data{a, b} {
			got, err := service.Load(t.Context(), want.Event.ID, want.Agency.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, compare); diff != "" {
				t.Fatalf("%s (-want +got)\n%s", want.Agency.Code, diff)
			}
		}
		agencies, err := service.Agencies(t.Context(), a.Event.ID)
		if err != nil || cmp.Diff([]reports.Agency{a.Agency, b.Agency}, agencies) != "" {
			t.Errorf("Agencies = %v, %v", agencies, err)
		}
	})
}

// Withdrawn people are gone, a second attempt counts by the rule, and closing
// the event moves the cut time.
func TestLoadSeesWhatChanges(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		a, _ := two()
		reportstest.Seed(t, db, a)
		service := reports.New(db)
		exec := func(query string, args ...any) {
			t.Helper()
			if _, err := db.Exec(t.Context(), query, args...); err != nil {
				t.Fatal(err)
			}
		}
		load := func() reports.Data {
			t.Helper()
			d, err := service.Load(t.Context(), a.Event.ID, a.Agency.ID)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		first := load()
		exec(`UPDATE enrolment SET withdrawn = TRUE WHERE id = ?`, a.Rows[0].Enrolment)
		if d := load(); len(d.Rows) != 59 || d.Hash == first.Hash {
			t.Errorf("after a withdrawal: %d rows, same hash %v", len(d.Rows), d.Hash == first.Hash)
		}
		var who *reports.Row
		for _, r := range a.Rows[1:] {
			if r.Scored() {
				who = r
			}
		}
		exec(`INSERT INTO form (enrolment_id, form_no, items, content, hash, exposure, drawn_ms) VALUES (?, 2, 40, '[]', '', '', 1)`, who.Enrolment)
		exec(`INSERT INTO attempt (enrolment_id, attempt_no, form_no, event_id, items, state, device_epoch, started_ms, deadline_ms, grace_ms, submitted_ms)
			VALUES (?, 2, 2, ?, 40, 'submitted', 1, 1800000000000, 1800003600000, 1, 1800001000000)`, who.Enrolment, a.Event.ID)
		exec(`INSERT INTO result (enrolment_id, attempt_no, version, current, event_id, form_hash, journal_hash, key_hash, rules_version,
				scheme_code, scheme_version, payload, reason, computed_ms)
			VALUES (?, 2, 1, TRUE, ?, '', '', '', '1', 'ip-asn', 1, '{"total":{"score":1234}}', 'submitted', 1800001000000)`, who.Enrolment, a.Event.ID)
		exec(`UPDATE result SET current = FALSE WHERE enrolment_id = ? AND attempt_no = 1`, who.Enrolment)
		d := load()
		for _, r := range d.Rows {
			if r.Enrolment == who.Enrolment && (r.Attempt != 2 || r.Result.Total.Score != 1234 || r.Taken != 2) {
				t.Errorf("the second attempt does not count: %+v", r)
			}
		}
		if !d.Cut.Equal(time.UnixMilli(1800001000000)) {
			t.Errorf("cut = %v, want the time of the last result", d.Cut)
		}
		exec(`INSERT INTO audit (seq, at_ms, actor_id, action, object_kind, object_id, detail, prev_hash, hash) VALUES (1, 1800009000000, 0, 'event.close', 'event', ?, '{}', '', '')`, a.Event.ID)
		exec(`INSERT INTO audit (seq, at_ms, actor_id, action, object_kind, object_id, detail, prev_hash, hash) VALUES (2, 1900009000000, 0, 'report.download', 'event', ?, '{}', '', '')`, a.Event.ID)
		if d := load(); !d.Cut.Equal(time.UnixMilli(1800009000000)) {
			t.Errorf("cut = %v, want the time of closing, not of a download", d.Cut)
		}
	})
}

func TestRefusals(t *testing.T) {
	db := storagetest.SQLite(t)
	a, b := two()
	reportstest.Seed(t, db, a)
	service := reports.New(db)
	for name, call := range map[string]func() error{
		"reports.event_not_found": func() error { _, err := service.Load(t.Context(), 1, a.Agency.ID); return err },
		"reports.agency_not_found": func() error {
			_, err := service.Load(t.Context(), a.Event.ID, b.Agency.ID)
			return err
		},
		"reports.agency_not_found ": func() error {
			_, err := service.WriteAll(t.Context(), io.Discard, a.Event.ID, []int64{a.Agency.ID, b.Agency.ID}, reports.Options{})
			return err
		},
		"reports.agency_not_found  ": func() error {
			_, err := service.WriteAll(t.Context(), io.Discard, a.Event.ID, nil, reports.Options{})
			return err
		},
		"reports.event_not_found ": func() error { _, err := service.Dashboard(t.Context(), 1, 1); return err },
	} {
		f := fault.Of(call())
		if f == nil || f.Kind != fault.NotFound || f.Key != strings.TrimSpace(name) || !locale.Has(f.Key) {
			t.Errorf("%s: got %v", name, f)
		}
	}
}

// The walls of DESIGN 4.4: nothing of B in any byte of A's workbook.
func TestWorkbookHoldsNobodyElse(t *testing.T) {
	db := storagetest.SQLite(t)
	a, b := two()
	reportstest.Seed(t, db, a, b)
	d, err := reports.New(db).Load(t.Context(), a.Event.ID, a.Agency.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range parts(t, write(t, d, reports.Options{})) {
		for _, bad := range []string{"ORANG-CILACAP", "Cilacap", "kode 6401", b.Rows[0].NIP, b.Hash} {
			if strings.Contains(part, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}

func TestWriteAll(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		a, b := two()
		reportstest.Seed(t, db, a, b)
		service := reports.New(db)
		run := func(ids ...int64) []byte {
			t.Helper()
			var out bytes.Buffer
			written, err := service.WriteAll(t.Context(), &out, a.Event.ID, ids, reports.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if written != (reports.Written{Agencies: 2, People: 85}) {
				t.Errorf("written = %+v", written)
			}
			return out.Bytes()
		}
		body := run(b.Agency.ID, a.Agency.ID)
		if !bytes.Equal(body, run(a.Agency.ID, b.Agency.ID, a.Agency.ID)) {
			t.Error("the zip depends on the order of the agencies, or on the run")
		}
		zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range zr.File {
			names = append(names, f.Name)
		}
		if diff := cmp.Diff([]string{a.FileName(), b.FileName(), reports.IndexName}, names); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		all := parts(t, body)
		if !bytes.Equal([]byte(all[a.FileName()]), write(t, a, reports.Options{})) {
			t.Error("a workbook in the zip differs from the one alone")
		}
		index := all[reports.IndexName]
		if !strings.HasPrefix(index, "\ufeff\"Berkas\";") || strings.Count(index, "\r\n") != 3 || !strings.Contains(index, a.Hash) || !strings.Contains(index, `"Pemerintah Kabupaten Cilacap";"25"`) {
			t.Errorf("index:\n%s", index)
		}
	})
}

func TestDashboard(t *testing.T) {
	db := storagetest.SQLite(t)
	a, b := two()
	reportstest.Seed(t, db, a, b)
	got, err := reports.New(db).Dashboard(t.Context(), a.Event.ID, a.Agency.ID)
	if err != nil {
		t.Fatal(err)
	}
	if want := (reports.Counts{Enrolled: 60, Present: 57, Working: 2, Done: 53, Voided: 2, Absent: 3}); got.Counts != want {
		t.Errorf("counts = %+v, want %+v", got.Counts, want)
	}
	if got.Of(scoring.LearningPlatform).N != 50 || got.Of(scoring.LearningPlatform).Insufficient != 3 {
		t.Errorf("A2 = %+v", got.Of(scoring.LearningPlatform))
	}
	if s := got.Of(scoring.Total); s.N != 52 || s.Unmarked != 1 || got.Of(scoring.EthicsSecurity).Unmarked != 1 || got.Of(scoring.BasicMedia).N != 53 {
		t.Errorf("with an essay that is not marked: %+v", s)
	}
	if len(got.Weakest) != 4 || got.Weakest[0] != scoring.AdvancedMedia || got.Standard != 3 {
		t.Errorf("weakest = %v, standard %d", got.Weakest, got.Standard)
	}
	if !got.Cut.Equal(a.Cut) || !strings.HasPrefix(got.Headline, "Pemerintah Provinsi Jawa Tengah berada pada tingkat Sedang") {
		t.Errorf("cut %v, headline %q", got.Cut, got.Headline)
	}
	var names []string
	for _, u := range got.Units {
		names = append(names, u.Name)
	}
	if diff := cmp.Diff([]string{"Badan Kepegawaian Daerah", "Dinas Kesehatan", "Dinas Pendidikan", "Inspektorat"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A mean of fewer than five people is not in the dashboard at all; an agency
// with one OPD is mapped by its units.
func TestDashboardSuppresses(t *testing.T) {
	d := reportstest.Data(60, 1)
	var rows []*reports.Row
	for _, r := range d.Rows {
		if r.OPD == "Dinas Kesehatan" {
			rows = append(rows, r)
		}
	}
	d.Rows = rows
	got := reports.DashboardOf(d)
	if len(got.Units) != 2 {
		t.Fatalf("units = %+v", got.Units)
	}
	small := got.Units[1]
	if small.Name != "UPTD Laboratorium" || small.Counts.Done != 3 || small.Cells != [5]reports.HeatCell{} {
		t.Errorf("three people are shown: %+v", small)
	}
	if big := got.Units[0]; !big.Cells[0].Shown || big.Cells[0].N != 5 || big.Cells[0].Level < 1 {
		t.Errorf("five people are not shown: %+v", big)
	}
	if empty := reports.DashboardOf(reportstest.Data(0, 1)); empty.Units != nil || empty.Weakest != nil || len(empty.Findings) != 1 {
		t.Errorf("nobody: %+v", empty)
	}
}
