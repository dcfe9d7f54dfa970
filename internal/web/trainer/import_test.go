package trainer

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/format/xlsx"
)

func TestReportHeadline(t *testing.T) {
	items := func(outcomes ...questionbank.Outcome) (all []questionbank.ItemReport) {
		for _, o := range outcomes {
			all = append(all, questionbank.ItemReport{Type: "single", Outcome: o, Action: questionbank.ActionNew, Content: questionbank.Content{Indicator: "A1.1"}})
		}
		return all
	}
	homeless := questionbank.ItemReport{Type: "single", Outcome: questionbank.Warned, Action: questionbank.ActionNew}
	ok, warned, bad := questionbank.Accepted, questionbank.Warned, questionbank.Rejected
	for _, tc := range []struct {
		items []questionbank.ItemReport
		want  string
	}{
		{nil, "Tidak ada soal di berkas ini"},
		{items(ok, warned, bad), "2 dari 3 soal siap disimpan"},
		{items(bad), "0 dari 1 soal siap disimpan"},
		{append(items(ok, warned), homeless), "2 dari 3 soal siap disimpan"},
		{[]questionbank.ItemReport{{Outcome: ok, Action: questionbank.ActionSame}}, "Tidak ada yang baru: soalnya sudah ada di bank"},
		{append(items(bad), questionbank.ItemReport{Outcome: ok, Action: questionbank.ActionSame}), "1 dari 2 soal siap disimpan"},
	} {
		if got := summed(questionbank.Report{Items: tc.items}).Headline; got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestReportBars(t *testing.T) {
	got := summed(questionbank.Report{Items: []questionbank.ItemReport{{Outcome: questionbank.Accepted}, {Outcome: questionbank.Rejected}, {Outcome: questionbank.Rejected}, {Outcome: questionbank.Skipped}}}).Bars
	if diff := cmp.Diff([]bar{{"c-bar", "0.0%", "25.0%"}, {"c-bad", "25.0%", "50.0%"}}, got); diff != "" {
		t.Error(diff)
	}
}

// A report shows fifty questions at a time, of all outcomes or of one.
func TestReportPages(t *testing.T) {
	report := &questionbank.Report{}
	for i := range 120 {
		item := questionbank.ItemReport{N: i + 1, Outcome: questionbank.Accepted}
		if i%2 == 1 {
			item.Outcome = questionbank.Rejected
		}
		report.Items = append(report.Items, item)
	}
	parsed := &questionbank.Parsed{Items: make([]questionbank.ParsedItem, 120)}
	for _, tc := range []struct {
		only        string
		page        int
		first, rows int
		current     string
	}{
		{"", 1, 1, 50, "Semua"},
		{"", 3, 101, 20, "Semua"},
		{"", 99, 101, 20, "Semua"},
		{onlyRejected, 2, 102, 10, "Ditolak"},
		{onlyWarned, 1, 0, 0, "Diperingatkan"},
		{"entah", -1, 1, 50, "Semua"},
	} {
		p := reported(questionbank.Upload{}, parsed, report, "/x", tc.only, tc.page)
		first, current := 0, ""
		if len(p.Rows) > 0 {
			first = p.Rows[0].N
		}
		for _, tab := range p.Tabs {
			if tab.Current {
				current += tab.Text
			}
		}
		if first != tc.first || len(p.Rows) != tc.rows || current != tc.current {
			t.Errorf("%q page %d: %d rows from %d under %q, want %d from %d under %q", tc.only, tc.page, len(p.Rows), first, current, tc.rows, tc.first, tc.current)
		}
	}
}

func TestMessagesOfAQuestionAreLimited(t *testing.T) {
	item := questionbank.ItemReport{At: "Soal!A4"}
	for range mostMessages + 3 {
		item.Messages = append(item.Messages, fault.New(fault.Invalid, "questionbank.stem_empty").Place("Soal!A4"))
	}
	got, more := placedMessages(item)
	if len(got) != mostMessages || more != 3 || got[0].At != "" {
		t.Errorf("got %d messages and %d more, the first at %q", len(got), more, got[0].At)
	}
}

func TestPaged(t *testing.T) {
	texts := func(page, pages int) (all []string) {
		for _, l := range paged(page, pages, func(n int) string { return fmt.Sprint(n) }) {
			all = append(all, l.Text)
		}
		return all
	}
	for _, tc := range []struct {
		page, pages int
		want        []string
	}{
		{1, 1, nil},
		{1, 3, []string{"1", "2", "3", "Berikutnya"}},
		{5, 200, []string{"Sebelumnya", "1", "…", "4", "5", "6", "…", "200", "Berikutnya"}},
	} {
		if diff := cmp.Diff(tc.want, texts(tc.page, tc.pages)); diff != "" {
			t.Errorf("page %d of %d: %s", tc.page, tc.pages, diff)
		}
	}
}

func TestChosen(t *testing.T) {
	refused := questionbank.ParsedItem{Rejects: []*fault.Fault{fault.New(fault.Invalid, "questionbank.stem_empty")}}
	parsed := &questionbank.Parsed{Items: []questionbank.ParsedItem{{Content: questionbank.Content{Stem: "satu", Indicator: "A1.1"}}, refused, {Content: questionbank.Content{Stem: "tiga"}}}}
	before := questionbank.UploadChoices{Skip: []int{1, 9}}
	form := map[string]string{"ind_1": "A1.1", "ind_2": "A2.1", "lewati_2": "ya", "ind_3": "A4.2"}
	got, err := chosen(before, parsed, []string{"1", "2", "3"}, func(name string) string { return form[name] })
	if err != nil {
		t.Fatal(err)
	}
	want := questionbank.UploadChoices{Skip: []int{2, 9}, Mended: map[int]questionbank.Content{3: {Stem: "tiga", Indicator: "A4.2"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1, 9}, before.Skip); diff != "" {
		t.Errorf("what was chosen before has changed: %s", diff)
	}
	for _, row := range []string{"0", "4", "x", "-1"} {
		if _, err := chosen(before, parsed, []string{row}, func(string) string { return "" }); err == nil {
			t.Errorf("row %s was taken", row)
		}
	}
	if _, err := chosen(before, parsed, []string{"1"}, func(string) string { return "Z9" }); err == nil {
		t.Error("an indicator that nobody knows was taken")
	}
}

// What a mended question has stored comes out of the file no more: areas on a
// picture that was made smaller would move twice.
func TestSettled(t *testing.T) {
	files := []questionbank.File{{Name: "a.png"}, {Name: "b.png"}}
	parsed := &questionbank.Parsed{Items: []questionbank.ParsedItem{{Files: files}, {Files: files}}}
	got := settled(parsed, map[int]questionbank.Content{2: {Media: []questionbank.Media{{Name: "a.png", SHA256: "00"}, {Name: "b.png"}}}, 7: {}})
	want := []questionbank.ParsedItem{{Files: files}, {Files: files[1:]}}
	if diff := cmp.Diff(want, got.Items); diff != "" {
		t.Error(diff)
	}
	if len(parsed.Items[1].Files) != 2 {
		t.Error("what was read has changed")
	}
}

func TestDiffering(t *testing.T) {
	found := xlsx.Mapping{Sheets: []xlsx.SheetMapping{{Name: "Soal", Header: 2, Columns: []xlsx.ColumnMapping{
		{Key: "Soal!A", Field: "stem"}, {Key: "Soal!B", Field: "correct"}, {Key: "Soal!C"}, {Key: "Soal!D", Field: "rationale"},
	}}}}
	form := map[string]string{"judul_0": "3", "kolom_0_0": "stem", "kolom_0_1": "", "kolom_0_2": "correct", "kolom_0_3": "rationale"}
	got := differing(found, map[string]string{"Lain!A": "stem"}, func(name string) string { return form[name] })
	want := map[string]string{"Lain!A": "stem", "Soal!#": "3", "Soal!B": unused, "Soal!C": "correct"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Checks are remembered for a few uploads of not too many bytes, the last ones.
func TestChecksAreFew(t *testing.T) {
	var cs checks
	ids := func() (all []int64) {
		for _, c := range cs.kept {
			all = append(all, c.upload)
		}
		return all
	}
	of := func(id int64, size int) { cs.of(questionbank.Upload{ID: id, Content: make([]byte, size)}) }
	for id := range int64(checksKept + 2) {
		of(id, 10)
	}
	of(3, 10)
	if diff := cmp.Diff([]int64{2, 4, 5, 3}, ids()); diff != "" {
		t.Error(diff)
	}
	of(9, checksBytes)
	if diff := cmp.Diff([]int64{9}, ids()); diff != "" {
		t.Errorf("too many bytes are remembered: %s", diff)
	}
	of(10, checksBytes+1)
	if diff := cmp.Diff([]int64{10}, ids()); diff != "" {
		t.Error(diff)
	}
	cs.forget(10)
	if len(cs.kept) != 0 {
		t.Errorf("%v is not forgotten", ids())
	}
}

// A check is made again when the choices change, and after a while; the file is
// read again only when it is to be read otherwise.
func TestChecksKnowWhatTheyWereMadeWith(t *testing.T) {
	now, reads := time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC), 0
	d := Deps{checks: &checks{}, Bank: &questionbank.Service{Now: func() time.Time { return now }, Formats: []questionbank.Format{{
		Name: "x", Read: func(questionbank.Input) (questionbank.Parsed, error) {
			reads++
			return questionbank.Parsed{Format: "x"}, nil
		},
	}}}}
	u := questionbank.Upload{ID: 1}
	look := func(what string, wantReads int, wantNew bool, before *questionbank.Report) *questionbank.Report {
		t.Helper()
		_, report, err := d.judged(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if reads != wantReads || (report != before) != wantNew {
			t.Errorf("%s: read %d times, judged anew %v; want %d and %v", what, reads, report != before, wantReads, wantNew)
		}
		return report
	}
	first := look("at first", 1, true, nil)
	look("again", 1, false, first)
	u.Skip = []int{3}
	second := look("with one left out", 1, true, first)
	d.checks.stale(u.ID)
	third := look("after saving", 1, true, second)
	now = now.Add(checkLife + time.Second)
	fourth := look("much later", 1, true, third)
	u.Columns = map[string]string{"Soal!A": "stem"}
	look("with other columns", 2, true, fourth)
}
