package trainer

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/questionbank"
	"cakap/questionbank/questionbanktest"
	"cakap/scoring"
)

var march = time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)

// plainLens seals by writing the kind and the number.
func plainLens(f questionbank.Filter) lens {
	return lens{Filter: f, today: march, seal: func(kind string, id int64) string { return kind + string(rune('a'+id)) }}
}

func TestLensReadsWhatItWrites(t *testing.T) {
	whole := questionbank.Filter{
		Text: "surel & 100%", Aspect: scoring.AdvancedMedia, Indicator: "A3.1", Type: questionbank.Matrix, Level: questionbank.L3, Status: questionbank.Retired,
		Author: 7, Batch: 3, Tag: "uji, coba", Lang: "en", Used: questionbank.Unused, Media: true, Live: true, Sort: questionbank.ByNewest,
	}
	for _, reason := range append([]due{anyReason}, reasons...) {
		want := plainLens(whole).because(reason)
		got, stale := plainLens(questionbank.Filter{}).read(want.values().Get, known{authors: []int64{1, 7}, batches: []int64{3}})
		if diff := cmp.Diff(want.Filter, got.Filter); diff != "" || stale || got.Due != reason {
			t.Errorf("%q: stale %v, reason %q: %s", reason, stale, got.Due, diff)
		}
	}
}

func TestReasonsNarrow(t *testing.T) {
	for reason, want := range map[due]questionbank.Filter{
		anyReason:  {},
		dueExpired: {Live: true, Expiring: "2026-03-02"},
		dueSoon:    {Live: true, Expiring: "2026-05-02"},
		dueRule:    {Live: true, Cites: true},
		dueFlagged: {Flagged: true},
	} {
		if diff := cmp.Diff(want, plainLens(questionbank.Filter{}).because(reason).Filter); diff != "" {
			t.Errorf("%q: %s", reason, diff)
		}
	}
}

func TestStaleFilterIsLeftOut(t *testing.T) {
	for _, name := range []string{"aspek", "indikator", "tipe", "level", "status", "urut", "penulis", "impor", "dipakai", "tinjau"} {
		got, stale := plainLens(questionbank.Filter{}).read(url.Values{name: {"tidak-ada"}}.Get, known{authors: []int64{7}})
		if !stale || got.Filter != (questionbank.Filter{}) {
			t.Errorf("%s: got %+v, stale %v", name, got.Filter, stale)
		}
	}
	if _, stale := plainLens(questionbank.Filter{}).read(url.Values{}.Get, known{}); stale {
		t.Error("an empty filter is stale")
	}
}

func TestChipsTakeOneFilterAway(t *testing.T) {
	got := plainLens(questionbank.Filter{Text: "a b", Status: questionbank.Draft, Author: 2}).chips("Rina")
	want := []chip{{"“a b”", "/bank?penulis=authorc&status=draft"}, {"Draf", "/bank?penulis=authorc&q=a+b"}, {"Ditulis Rina", "/bank?q=a+b&status=draft"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPager(t *testing.T) {
	l := plainLens(questionbank.Filter{Text: "x"})
	texts := func(page, pages int) (all []string) {
		for _, l := range l.pager(page, pages) {
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
	links := l.pager(2, 3)
	if got, want := links[len(links)-1].URL, "/bank?hal=3&q=x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPicks(t *testing.T) {
	want := pick{"A4/1-x.y", 3}
	if got, ok := parsePick(want.String()); !ok || got != want {
		t.Errorf("got %+v %v, want %+v", got, ok, want)
	}
	for _, text := range []string{"", "A1-001", "A1-001:", ":1", "A1-001:0", "A1-001:-1", "A1-001:x"} {
		if got, ok := parsePick(text); ok {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func TestCoverageNamesWhatIsMissing(t *testing.T) {
	cov := questionbank.Coverage{
		{Indicator: "A1.1", Level: questionbank.L1, Type: questionbank.Single, N: 2},
		{Indicator: "A1.1", Level: questionbank.L2, Type: questionbank.Essay, N: 9},
		{Indicator: "A1.2", Level: questionbank.L2, Type: questionbank.Survey, N: 9},
	}
	plan := assessment.Blueprint{Name: "Asesmen Ringkas (40 soal, 60 menit)", Spec: assessment.Spec{Cells: []assessment.Cell{
		{Aspect: scoring.BasicMedia, Level: questionbank.L1, Count: 3}, {Aspect: scoring.BasicMedia, Level: questionbank.L2, Count: 4}, {Aspect: scoring.EthicsSecurity, Count: 1},
	}}}
	got := covers(cov, []assessment.Blueprint{plan})
	var texts []string
	for _, c := range got {
		texts = append(texts, c.Code+": "+c.Enough())
		for _, n := range c.Short() {
			texts[len(texts)-1] += n.Text()
		}
	}
	want := []string{
		"A1: Asesmen Ringkas: kurang 5 soal (A1 L1 1, A1 L2 4)", "A2: Cukup untuk Asesmen Ringkas",
		"A3: Cukup untuk Asesmen Ringkas", "A4: Asesmen Ringkas: kurang 1 soal (A4 1)",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if slices.Contains(got[0].Missing, "A1.1") || !slices.Contains(got[0].Missing, "A1.3") {
		t.Errorf("the empty indicators of A1 are %v", got[0].Missing)
	}
	plan.Spec.Essays = true
	if n := covers(cov, []assessment.Blueprint{plan})[0].Needs[0].Short; n != 1 {
		t.Errorf("with essays %d are missing, want 1", n)
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
		{"a trainer and a draft", person(access.Trainer), questionbank.Revision{Status: questionbank.Draft, Author: 7}, may{Edit: true, Submit: true, Retire: true, Flag: true}},
		{"a reviewer and another's", person(access.Reviewer), questionbank.Revision{Status: questionbank.InReview, Author: 8}, may{Approve: true, Return: true, Flag: true}},
		{"a reviewer and the own", person(access.Trainer, access.Reviewer), questionbank.Revision{Status: questionbank.InReview, Author: 7}, may{Edit: true, Retire: true, Flag: true, OwnWork: true}},
		{"a shipped one nobody has read", person(access.Reviewer), questionbank.Revision{Status: questionbank.Approved, Provenance: questionbank.Shipped}, may{Approve: true, Return: true, Flag: true}},
		{"a shipped one somebody has read", person(access.Reviewer), questionbank.Revision{Status: questionbank.Approved, Provenance: questionbank.Shipped, Reviewer: 8}, may{Flag: true}},
		{"a retired one", person(access.Trainer), questionbank.Revision{Status: questionbank.Retired}, may{Edit: true}},
		{"an old revision", person(access.Trainer, access.Reviewer), questionbank.Revision{Ref: questionbank.Ref{Rev: 2}, Status: questionbank.InReview}, may{}},
	} {
		if got := allowed(tc.p, questionbank.Item{LatestRev: 0}, tc.r); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func TestReviewNeedsEveryMark(t *testing.T) {
	form := map[string]string{"materi": markOK, "bahasa": markBad, "bahasa_catatan": "Baku."}
	_, err := readReview(func(name string) string { return form[name] }).marks()
	if f := fault.Of(err); f == nil || f.Field != "konstruksi" && (len(f.Faults) == 0 || f.Faults[0].Field != "konstruksi") {
		t.Errorf("got %v, want a fault at konstruksi", err)
	}
	form["konstruksi"] = markOK
	got, err := readReview(func(name string) string { return form[name] }).marks()
	want := &questionbank.ReviewMarks{Materi: questionbank.Mark{OK: true}, Konstruksi: questionbank.Mark{OK: true}, Bahasa: questionbank.Mark{Note: "Baku."}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// The keys of every type can be read: every right answer stands in the page.
func TestKeysOfEveryType(t *testing.T) {
	wants := map[questionbank.Type][]string{questionbank.Match: {"→ "}, questionbank.Matrix: {"→ "}, questionbank.Order: {"1. "}, questionbank.Essay: {"Rubrik"}}
	for _, c := range questionbanktest.Samples() {
		keys, err := keysOf(c)
		if err != nil {
			t.Fatalf("%s: %v", c.Title, err)
		}
		var b strings.Builder
		marked := 0
		for _, k := range keys {
			b.WriteString(k.Title + k.Rule)
			for _, r := range k.Rows {
				b.WriteString(r.Letter + ". " + string(r.Text) + r.Answer + r.Points)
				if r.Key || r.Best {
					marked++
				}
			}
		}
		if len(c.Interactions) > 0 && b.Len() == 0 {
			t.Errorf("%s (%s): nothing of the key is shown", c.Title, c.Type)
		}
		for _, want := range wants[c.Type] {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s (%s): %q is not shown: %s", c.Title, c.Type, want, b.String())
			}
		}
		if slices.Contains([]questionbank.Type{questionbank.Single, questionbank.Multiple, questionbank.TrueFalse, questionbank.SJT, questionbank.Short, questionbank.Numeric, questionbank.Hotspot}, c.Type) && marked == 0 {
			t.Errorf("%s (%s): no row is marked as right", c.Title, c.Type)
		}
	}
}

func TestFieldNames(t *testing.T) {
	for field, want := range map[string]string{
		"stem": "Pokok soal", "option_b": "Pilihan B", "option_reason_c": "Alasan pilihan C", "target_a": "Pasangan 1", "part_2.answer_a": "Bagian 2: Jawaban diterima 1",
		"feedback_wrong": "Umpan balik bila salah", "rubric_b": "Rubrik 2", "media.peta.png": "Berkas peta.png", "sesuatu": "sesuatu",
	} {
		if got := fieldName(field); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
	// No field that a difference can name is shown by its name in the program.
	for _, c := range questionbanktest.Samples() {
		for _, ch := range questionbank.Diff(questionbank.Content{}, c) {
			if name := fieldName(ch.Field); name == ch.Field || strings.Contains(name, "_") && !strings.HasPrefix(name, "Berkas") {
				t.Errorf("%s: %s is shown as %q", c.Type, ch.Field, name)
			}
		}
	}
}

func TestFlagged(t *testing.T) {
	name := func(int64) string { return "Rina" }
	review := func(rev int, v questionbank.Verdict) questionbank.Review {
		return questionbank.Review{Rev: rev, Verdict: v, Comment: "Kuncinya keliru."}
	}
	flag, unflag, submit, approve := questionbank.VerdictFlagged, questionbank.VerdictUnflagged, questionbank.VerdictSubmitted, questionbank.VerdictApproved
	for _, tc := range []struct {
		what    string
		reviews []questionbank.Review
		want    bool
	}{
		{"none", nil, false},
		{"a note", []questionbank.Review{review(2, flag), review(2, approve)}, true},
		{"a note and a submission since", []questionbank.Review{review(2, submit), review(2, flag)}, true},
		{"looked into", []questionbank.Review{review(2, unflag), review(2, flag)}, false},
		{"approved since", []questionbank.Review{review(2, approve), review(2, flag)}, false},
		{"of an old revision", []questionbank.Review{review(1, flag)}, false},
	} {
		if got := flagged(questionbank.Item{LatestRev: 2, Reviews: tc.reviews}, name); (got != nil) != tc.want {
			t.Errorf("%s: got %+v, want %v", tc.what, got, tc.want)
		}
	}
}

func TestReminded(t *testing.T) {
	live := questionbank.Item{LatestRev: 1, LiveRev: 1}
	for _, tc := range []struct {
		what string
		item questionbank.Item
		c    questionbank.Content
		want []string
	}{
		{"nothing", live, questionbank.Content{}, nil},
		{"expired", live, questionbank.Content{Expires: "2026-03-02"}, []string{"Tanggal tinjaunya, 2 Maret 2026, sudah lewat. Periksa apakah isinya masih berlaku, lalu perbarui tanggalnya."}},
		{"today", live, questionbank.Content{Expires: "2026-03-03"}, []string{"Tanggal tinjaunya 3 Maret 2026."}},
		{"far", live, questionbank.Content{Expires: "2027-03-03"}, nil},
		{"a rule", live, questionbank.Content{Basis: "UU 27/2022"}, []string{"Kuncinya bertumpu pada UU 27/2022, terakhir diperiksa 3 Maret 2026. Pastikan aturan itu masih berlaku."}},
		{"not in use", questionbank.Item{LatestRev: 1}, questionbank.Content{Expires: "2020-01-01", Basis: "UU"}, nil},
	} {
		got := reminded(tc.item, questionbank.Revision{Ref: questionbank.Ref{Rev: 1}, Content: tc.c, Created: march}, march)
		if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", tc.what, diff)
		}
	}
}

func TestLossReport(t *testing.T) {
	got := lossReport("soal.gift", 3, []*fault.Fault{fault.New(fault.Invalid, "questionbank.stem_empty").Place("A4-017")})
	want := "soal.gift: 3 soal.\n1 bagian tidak terbawa sepenuhnya:\n\nA4-017\tPokok soal kosong. Tulis pertanyaannya.\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := lossReport("soal.gift", 3, nil); !strings.Contains(got, "Semua isi soal terbawa") {
		t.Errorf("without losses: %q", got)
	}
}

func TestOriginalExt(t *testing.T) {
	for _, tc := range []struct{ file, raw, want string }{
		{"Soal.GIFT", "::x::", ".gift"}, {"soal.zip", "<?xml version=\"1.0\"?><x/>", ".xml"}, {"soal.docx", "1. Apa?", ".txt"}, {"a.csv", "x;y", ".csv"},
	} {
		if got := originalExt(questionbank.Source{File: tc.file}, []byte(tc.raw)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.file, got, tc.want)
		}
	}
}
