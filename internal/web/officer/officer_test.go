package officer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cakap/assessment"
	"cakap/internal/access"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
	"cakap/internal/web/kit/kittest"
	"cakap/reports"
	"cakap/scoring"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

var (
	opens  = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // 08.00 WIB
	closes = opens.Add(8 * time.Hour)
)

func event(state assessment.EventState, change func(*assessment.Event)) assessment.Event {
	e := assessment.Event{ID: 1, Owner: 7, State: state, OpensAt: opens, ClosesAt: closes, Zone: "WIB", Release: assessment.ReleaseManual}
	if change != nil {
		change(&e)
	}
	return e
}

func holder(roles ...access.Grant) *access.Principal {
	return &access.Principal{AccountID: 1, Roles: roles}
}

func TestNextStep(t *testing.T) {
	owner := rightsOf(holder(access.Grant{Role: access.Officer, AgencyID: 7}))
	guest := rightsOf(holder(access.Grant{Role: access.Officer, AgencyID: 8}))
	admin := rightsOf(holder(access.Grant{Role: access.Admin}))
	proctor := rightsOf(holder(access.Grant{Role: access.Proctor, AgencyID: 7}))
	during, after := opens.Add(time.Hour), closes
	for _, tt := range []struct {
		name     string
		event    assessment.Event
		enrolled int
		late     int
		may      rights
		now      time.Time
		want     string
	}{
		{"a draft without people", event(assessment.EventDraft, nil), 0, 0, owner, during, "/peserta#daftar"},
		{"a guest enrols too", event(assessment.EventDraft, nil), 0, 0, guest, during, "/peserta#daftar"},
		{"a draft with people", event(assessment.EventDraft, nil), 5, 0, owner, during, "/siapkan"},
		{"a guest cannot prepare", event(assessment.EventDraft, nil), 5, 0, guest, during, ""},
		{"an admin only looks", event(assessment.EventDraft, nil), 5, 0, admin, during, ""},
		{"an admin enrols nobody", event(assessment.EventDraft, nil), 0, 0, admin, during, ""},
		{"prepared", event(assessment.EventPrepared, nil), 5, 0, owner, during, "/pemeriksaan"},
		{"open", event(assessment.EventOpen, nil), 5, 0, owner, during, "/pantau"},
		{"a proctor watches", event(assessment.EventOpen, nil), 5, 0, proctor, during, "/pantau"},
		{"the time is over", event(assessment.EventOpen, nil), 5, 0, owner, after, "/tutup"},
		{"a proctor cannot close", event(assessment.EventOpen, nil), 5, 0, proctor, after, ""},
		{"late answers come before the release", event(assessment.EventClosed, nil), 5, 2, owner, after, "/susulan"},
		{"to release", event(assessment.EventClosed, nil), 5, 0, owner, after, "/rilis"},
		{"a guest cannot release", event(assessment.EventClosed, nil), 5, 0, guest, after, "/laporan"},
		{"released", event(assessment.EventClosed, func(e *assessment.Event) { e.ReleasedAt = opens }), 5, 0, owner, after, "/laporan"},
		{"a proctor sees no report", event(assessment.EventClosed, nil), 5, 0, proctor, after, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := nextStep(tt.event, tt.enrolled, tt.late, tt.may, tt.now); got.Path != tt.want || got.Text == "" {
				t.Errorf("got %+v, want path %q", got, tt.want)
			}
		})
	}
}

func TestStages(t *testing.T) {
	for _, tt := range []struct {
		name  string
		event assessment.Event
		n     int
		now   time.Time
		want  string
	}{
		{"new", event(assessment.EventDraft, nil), 0, opens, "Peserta"},
		{"enrolled", event(assessment.EventDraft, nil), 1, opens, "Siapkan paket"},
		{"prepared", event(assessment.EventPrepared, nil), 1, opens, "Pemeriksaan"},
		{"open", event(assessment.EventOpen, nil), 1, opens, "Pantau"},
		{"over", event(assessment.EventOpen, nil), 1, closes, "Tutup"},
		{"closed", event(assessment.EventClosed, nil), 1, closes, "Rilis"},
		{"released", event(assessment.EventClosed, func(e *assessment.Event) { e.Release = assessment.ReleaseAtOnce }), 1, closes, "Laporan"},
	} {
		now := ""
		seen := false
		for _, s := range stages(tt.event, assessment.Counts{Enrolled: tt.n}, tt.now) {
			switch {
			case s.State == "now":
				now, seen = s.Text, true
			case (s.State == "done") == seen:
				t.Errorf("%s: step %q is %q", tt.name, s.Text, s.State)
			}
		}
		if now != tt.want {
			t.Errorf("%s: stands at %q, want %q", tt.name, now, tt.want)
		}
	}
}

func TestTimesAsTyped(t *testing.T) {
	for _, text := range []string{"2026-11-23T08:00", "2026-11-23T08:00:00", "23-11-2026 08.00"} {
		if got, ok := parseLocal(text, "WIB"); !ok || !got.Equal(opens) {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	if _, ok := parseLocal("besok", "WIB"); ok {
		t.Error("a word passed as a time")
	}
	if got := localTime(opens, "WIT"); got != "2026-11-23T10:00" {
		t.Errorf("in WIT it is %q", got)
	}
	_, errs := eventForm{Opens: "besok", Closes: "2026-11-23T08:00", Zone: "WIB"}.event()
	if errs.For("opens") == "" || errs.For("closes") != "" {
		t.Errorf("errors %+v", errs)
	}
}

func TestChangeNamesOnlyWhatDiffers(t *testing.T) {
	e := event(assessment.EventDraft, func(e *assessment.Event) { e.Name, e.OpensAt = "Asesmen", opens.Add(13*time.Second) })
	form := eventForm{Name: "Asesmen", Opens: "2026-11-23T08:00", Closes: "2026-11-23T17:00", Zone: "WIB", Release: "manual"}
	got, errs := form.change(e, false)
	if len(errs) > 0 || got.Name != nil || got.OpensAt != nil || got.Zone != nil || got.Release != nil {
		t.Errorf("errors %v, change %+v", errs, got)
	}
	if got.ClosesAt == nil || !got.ClosesAt.Equal(opens.Add(9*time.Hour)) {
		t.Errorf("closes %v", got.ClosesAt)
	}
	form.Release = "at_once"
	got, errs = form.change(e, true)
	if len(errs) > 0 || got.Release == nil || got.ClosesAt != nil {
		t.Errorf("closed: errors %v, change %+v", errs, got)
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"one day", locale.WindowIn(opens, closes, "WIB"), "23 November 2026, 08.00–16.00 WIB"},
		{"two days", locale.WindowIn(opens, opens.Add(24*time.Hour), "WITA"), "23 November 2026 09.00 sampai 24 November 2026 09.00 WITA"},
		{"a NIP", people.Grouped("199003122015032001"), "19900312 201503 2 001"},
		{"another number", people.Grouped("KONTRAK-17"), "KONTRAK-17"},
		{"the end of a NIP", kit.LastFour("199003122015032001"), "···2001"},
		{"a short number", kit.LastFour("12"), "12"},
		{"seconds", ago(opens, opens.Add(5*time.Second)), "5 dtk lalu"},
		{"minutes", ago(opens, opens.Add(125*time.Second)), "2 mnt lalu"},
		{"never", ago(time.Time{}, opens), "belum pernah"},
		{"remaining", kit.Left(62 * time.Second), "1:02"},
		{"past", kit.Left(-time.Second), "0:00"},
		{"a birthday", birthDate("1990-03-12"), "12 Maret 1990"},
		{"no birthday", birthDate(""), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// A NIP must not reach an address, however it was typed.
func TestNumbersStayOutOfAddresses(t *testing.T) {
	for text, want := range map[string]bool{"siti": false, "2001": false, "199003122015032001": true, "1990 0312 2015": true, "Siti 19900312": true} {
		if got := kit.LongNumber(text); got != want {
			t.Errorf("longNumber(%q) = %v", text, got)
		}
	}
}

func TestPageLinks(t *testing.T) {
	if got := pageLinks("/x", nil, 1, 1); got != nil {
		t.Errorf("one page has links: %v", got)
	}
	got := pageLinks("/x", kit.QueryOf("q", "a b", "s", ""), 4, 9)
	want := []pageLink{
		{"/x?h=1&q=a+b", "1", false}, {Text: "…"}, {"/x?h=3&q=a+b", "3", false}, {"/x?h=4&q=a+b", "4", true}, {"/x?h=5&q=a+b", "5", false},
		{Text: "…"}, {"/x?h=9&q=a+b", "9", false}, {"/x?h=5&q=a+b", "Berikutnya", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPreflightWords(t *testing.T) {
	checks := []assessment.Check{
		{Name: "clock", Verdict: assessment.Pass, Key: "assessment.check.clock.pass"},
		{Name: "backup", Verdict: assessment.Warn, Key: "assessment.check.backup.bad"},
	}
	page := preflightOf(assessment.EventPrepared, checks)
	if !page.Ready || page.Headline != "Boleh dibuka, 1 hal perlu diperhatikan" {
		t.Errorf("%+v", page)
	}
	if preflightOf(assessment.EventDraft, checks).Ready {
		t.Error("a draft may be opened")
	}
	page = preflightOf(assessment.EventPrepared, append(checks, assessment.Check{Verdict: assessment.Fail, Key: "assessment.check.clock.bad"}))
	if page.Ready || page.Bad != 1 {
		t.Errorf("%+v", page)
	}
	if got, want := page.Checks[2].Text, locale.Text("assessment.check.clock.bad"); got != want {
		t.Errorf("text %q", got)
	}
}

func scheme() scoring.Scheme {
	return scoring.Scheme{Code: "X", Version: 1, Bands: []scoring.Band{{Name: "Rendah", Colour: "v1"}, {Name: "Sedang", Lower: 6100, Colour: "v3"}, {Name: "Tinggi", Lower: 8100, Colour: "v5"}}}
}

// A group of fewer than five shows neither its mean nor its levels nor its size.
func TestReportSuppressesSmallGroups(t *testing.T) {
	large := reports.Stats{N: 10, Mean: 72.44, SE: 1.06, SD: 3.3, Levels: []int{2, 5, 3}}
	small := reports.Stats{N: 4, Mean: 99.9, Levels: []int{0, 0, 4}}
	page := reportOf(reports.Dashboard{
		Event: reports.Event{Zone: locale.Zone("WIB")}, Scheme: scheme(), Standard: 2, All: [5]reports.Stats{large, small, large, large, large},
		Units: []reports.HeatRow{
			{Name: "Besar", Counts: reports.Counts{Done: 10}, Cells: [5]reports.HeatCell{{Shown: true, N: 10, Mean: 72.4, Level: 2}}},
			{Name: "Kecil", Counts: reports.Counts{Done: 4}},
		},
		Weakest: []scoring.Aspect{scoring.BasicMedia},
	})
	if page.Mean != "72,4" || page.MeanSE != "1,1" || page.Above != 8 || page.AbovePct != "80" || page.Standard != "Sedang" {
		t.Errorf("%+v", page)
	}
	a2 := page.Aspects[1]
	if a2.Shown || a2.Mean != "" || a2.Parts != nil || a2.Text != "" {
		t.Errorf("four people are shown: %+v", a2)
	}
	want := []levelPart{{"c-v1", "0%", "20%", "10.0%", 20, true}, {"c-v3", "20%", "50%", "45.0%", 50, true}, {"c-v5", "70%", "30%", "85.0%", 30, true}}
	if diff := cmp.Diff(want, page.Aspects[0].Parts); diff != "" {
		t.Error(diff)
	}
	if got := page.Units[0]; got.N != "10" || got.Cells[0] != (heatCell{"A1", "h3", "72"}) || got.Cells[1].Text != "n<5" {
		t.Errorf("%+v", got)
	}
	if got := page.Units[1]; got.N != "<5" || got.Cells[0].Class != "h0" {
		t.Errorf("%+v", got)
	}
}

func TestEveryRouteHasItsAction(t *testing.T) {
	for _, r := range Routes(Deps{}) {
		if r.Action == "" {
			t.Errorf("%s %s is public", r.Method, r.Path)
		}
	}
}
