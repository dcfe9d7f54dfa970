package trainer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/web/kit/kittest"
	"cakap/questionbank"
	"cakap/scoring"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestFilterReadsWhatItWrites(t *testing.T) {
	want := questionbank.Filter{Text: "surel & 100%", Aspect: scoring.AdvancedMedia, Indicator: "A3.1", Type: questionbank.SJT, Level: questionbank.L3, Status: questionbank.Retired, Live: true}
	got, stale := filter(values(want).Get)
	if diff := cmp.Diff(want, got); diff != "" || stale {
		t.Errorf("stale %v: %s", stale, diff)
	}
}

func TestStaleFilterIsLeftOut(t *testing.T) {
	for _, name := range []string{"aspek", "indikator", "tipe", "level", "status"} {
		got, stale := filter(func(asked string) string {
			if asked == name {
				return "tidak-ada"
			}
			return ""
		})
		if !stale || got != (questionbank.Filter{}) {
			t.Errorf("%s: got %+v, stale %v", name, got, stale)
		}
	}
	if _, stale := filter(func(string) string { return "" }); stale {
		t.Error("an empty filter is stale")
	}
}

func TestChipsTakeOneFilterAway(t *testing.T) {
	got := chips(questionbank.Filter{Text: "a b", Status: questionbank.Draft})
	want := []chip{{"“a b”", "/bank?status=draft"}, {"Draf", "/bank?q=a+b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPager(t *testing.T) {
	texts := func(page, pages int) (all []string) {
		for _, l := range pager(questionbank.Filter{Text: "x"}, page, pages) {
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
		{5, 9, []string{"Sebelumnya", "1", "…", "4", "5", "6", "…", "9", "Berikutnya"}},
		{9, 9, []string{"Sebelumnya", "1", "…", "8", "9"}},
	} {
		if diff := cmp.Diff(tc.want, texts(tc.page, tc.pages)); diff != "" {
			t.Errorf("page %d of %d: %s", tc.page, tc.pages, diff)
		}
	}
	links := pager(questionbank.Filter{Text: "x"}, 2, 3)
	if got, want := links[len(links)-1].URL, "/bank?hal=3&q=x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDraftKeepsAnItem(t *testing.T) {
	items, err := questionbank.ShippedBank()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		dr := draftOf(item.Content)
		form := map[string]string{
			"type": string(dr.Type), "indicator": dr.Indicator, "level": string(dr.Level), "stimulus": dr.Stimulus, "stem": dr.Stem,
			"rationale": dr.Rationale, "basis": dr.Basis, "expires": dr.Expires, "digcomp": dr.Comp,
		}
		if dr.Shuffle {
			form["shuffle"] = "ya"
		}
		for _, o := range dr.Options {
			form[o.Field("option")], form[o.Field("reason")], form[o.Field("points")] = o.Text, o.Reason, o.Points
			if o.Key {
				form[o.Field("correct")] = "ya"
			}
		}
		got, err := readDraft(func(name string) string { return form[name] }).content()
		if err != nil {
			t.Fatalf("%s: %v", item.Code, err)
		}
		if got.Normalise().Hash() != item.Content.Hash() {
			t.Errorf("%s: %s", item.Code, cmp.Diff(item.Content, got.Normalise()))
		}
	}
}

func TestDraftRows(t *testing.T) {
	dr := draft{Type: questionbank.TrueFalse, Options: []optionDraft{{Letter: "A", Key: true}}}
	dr.fill()
	c, err := dr.content()
	if err != nil {
		t.Fatal(err)
	}
	want := []questionbank.Option{{ID: "A", Text: "Benar"}, {ID: "B", Text: "Salah"}}
	if diff := cmp.Diff(want, c.Choice().Options); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A"}, c.Choice().Correct); diff != "" {
		t.Error(diff)
	}

	gap := draft{Type: questionbank.Single, Options: []optionDraft{{Letter: "A", Text: "satu"}, {Letter: "B"}, {Letter: "C", Text: "tiga", Key: true}, {Letter: "D"}}}
	c, err = gap.content()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Choice().Options); got != 3 {
		t.Errorf("got %d options, want the empty one between others kept: 3", got)
	}
}

func TestPoints(t *testing.T) {
	for text, want := range map[string]scoring.Micro{"1": 1_000_000, "0,5": 500_000, "2.25": 2_250_000, "100": 100_000_000} {
		got, ok := parsePoints(text)
		if !ok || got != want {
			t.Errorf("%s: got %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "a", "-1", "1,2,3", "1e3", "0,1234567"} {
		if got, ok := parsePoints(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	for m, want := range map[scoring.Micro]string{0: "0", 500_000: "0,5", 3_000_000: "3", 10_000_000: "10"} {
		if got := formatPoints(m); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	dr := draft{Type: questionbank.SJT, Options: []optionDraft{{Letter: "A", Text: "satu", Points: "banyak"}}}
	if _, err := dr.content(); fault.Of(err) == nil || fault.Of(err).Field != "points_a" {
		t.Errorf("got %v, want a fault at points_a", err)
	}
}

func TestAllowed(t *testing.T) {
	person := func(roles ...access.Role) *access.Principal {
		p := &access.Principal{AccountID: 7}
		for _, r := range roles {
			p.Roles = append(p.Roles, access.Grant{Role: r})
		}
		return p
	}
	for _, tc := range []struct {
		name string
		p    *access.Principal
		r    questionbank.Revision
		want may
	}{
		{"a trainer and a draft", person(access.Trainer), questionbank.Revision{Status: questionbank.Draft, Author: 7}, may{Edit: true, Submit: true, Retire: true}},
		{"a reviewer and another's", person(access.Reviewer), questionbank.Revision{Status: questionbank.InReview, Author: 8}, may{Approve: true, Return: true}},
		{"a reviewer and the own", person(access.Trainer, access.Reviewer), questionbank.Revision{Status: questionbank.InReview, Author: 7}, may{Edit: true, Retire: true, OwnWork: true}},
		{"a shipped one nobody has read", person(access.Reviewer), questionbank.Revision{Status: questionbank.Approved, Provenance: questionbank.Shipped}, may{Approve: true}},
		{"a shipped one somebody has read", person(access.Reviewer), questionbank.Revision{Status: questionbank.Approved, Provenance: questionbank.Shipped, Reviewer: 8}, may{}},
		{"a retired one", person(access.Trainer), questionbank.Revision{Status: questionbank.Retired}, may{Edit: true}},
		{"an officer", person(access.Officer), questionbank.Revision{Status: questionbank.InReview}, may{}},
		{"an old revision", person(access.Trainer, access.Reviewer), questionbank.Revision{Ref: questionbank.Ref{Rev: 2}, Status: questionbank.InReview}, may{}},
	} {
		if got := allowed(tc.p, questionbank.Item{LatestRev: 0}, tc.r); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func TestPreviewHoldsNoKey(t *testing.T) {
	c := questionbank.Content{Type: questionbank.Single, Stem: "Apa **ini**?<script>", Interactions: []questionbank.Interaction{questionbank.NewChoice(questionbank.Single,
		[]questionbank.Option{{Text: "satu", Reason: "sebab"}, {Text: "dua"}}, []int{0})}}
	got, err := previewOf(c)
	if err != nil {
		t.Fatal(err)
	}
	want := preview{Stem: "Apa <strong>ini</strong>?", Options: []shown{{"A", "satu"}, {"B", "dua"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReportHeadline(t *testing.T) {
	items := func(outcomes ...questionbank.Outcome) (all []questionbank.ItemReport) {
		for _, o := range outcomes {
			all = append(all, questionbank.ItemReport{Type: "single", Outcome: o, Action: questionbank.ActionNew})
		}
		return all
	}
	ok, warned, bad := questionbank.Accepted, questionbank.Warned, questionbank.Rejected
	for _, tc := range []struct {
		found  questionbank.Report
		dryRun bool
		want   string
	}{
		{questionbank.Report{}, true, "Tidak ada soal di berkas ini"},
		{questionbank.Report{Items: items(ok, warned, bad)}, true, "2 dari 3 soal siap disimpan"},
		{questionbank.Report{Items: items(ok, warned, bad), Saved: true}, false, "2 soal tersimpan sebagai draf"},
		{questionbank.Report{Items: items(ok, bad)}, false, "Tidak ada yang disimpan: 1 soal ditolak"},
		{questionbank.Report{Items: []questionbank.ItemReport{{Outcome: ok, Action: questionbank.ActionSame}}, Saved: true}, false, "Tidak ada yang baru: soalnya sudah ada di bank"},
	} {
		if got := reported(tc.found, tc.dryRun).Headline; got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestReportListsOnlySoMuch(t *testing.T) {
	found := questionbank.Report{Items: make([]questionbank.ItemReport, maxVerdicts+20)}
	for i := range found.Items {
		found.Items[i].Outcome = questionbank.Rejected
	}
	r := reported(found, true)
	if len(r.Problems) != maxVerdicts || r.More != 20 {
		t.Errorf("got %d listed and %d more", len(r.Problems), r.More)
	}
	if diff := cmp.Diff([]bar{{"c-bad", "0.0%", "100.0%"}}, r.Bars); diff != "" {
		t.Error(diff)
	}
}
