package reports

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cakap/scoring"

	"github.com/google/go-cmp/cmp"
)

var ipASN = scoring.Scheme{Code: "ip-asn", Version: 1, Name: "IP-ASN", Bands: []scoring.Band{
	{Name: "Sangat Rendah", Colour: "v1"}, {Name: "Rendah", Lower: 6100, Colour: "v2"}, {Name: "Sedang", Lower: 7100, Colour: "v3"},
	{Name: "Tinggi", Lower: 8100, Colour: "v4"}, {Name: "Sangat Tinggi", Lower: 9100, Colour: "v5"},
}}

// scored makes a row with one score in every aspect and in total.
func scored(mark scoring.Mark) *Row {
	r := &Row{Status: Done, Attempt: 1, Taken: 1, Version: 1}
	s := scoring.AspectScore{Items: 10, Answered: 10, Score: mark, SE: 500, Verdict: scoring.Supported, Level: ipASN.Level(mark)}
	for i, a := range scoring.Aspects {
		s.Aspect = a
		r.Result.Aspects[i] = s
	}
	s.Aspect = scoring.Total
	r.Result.Total = s
	return r
}

func few(r *Row, a scoring.Aspect) *Row {
	r.Result.Aspects[a-1].Verdict, r.Result.Aspects[a-1].Level, r.Result.Aspects[a-1].Answered = scoring.FewAnswers, 0, 4
	return r
}

func TestTheAttemptThatCounts(t *testing.T) {
	payload := func(mark scoring.Mark) string {
		body, err := json.Marshal(scored(mark).Result)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	done := func(no int, mark scoring.Mark) attemptRow {
		return attemptRow{No: no, State: "submitted", StartedMS: int64(no) * 1000, SubmittedMS: int64(no)*1000 + 5, ComputedMS: int64(no)*1000 + 6, EndedBy: "participant", Version: 1, Payload: payload(mark)}
	}
	open := attemptRow{No: 3, State: "open", StartedMS: 3000}
	voided := attemptRow{No: 1, State: "voided", StartedMS: 1000, VoidReason: "curang"}
	lost := attemptRow{No: 1, State: "submitted", StartedMS: 1000}
	for _, tt := range []struct {
		name     string
		attempts []attemptRow
		rule     string
		status   Status
		attempt  int
		score    scoring.Mark
		note     string
	}{
		{"none, event open", nil, "last", NotStarted, 0, 0, "Belum mengikuti"},
		{"one", []attemptRow{done(1, 8000)}, "last", Done, 1, 8000, ""},
		{"last by default", []attemptRow{done(1, 8000), done(2, 6000)}, "", Done, 2, 6000, "Percobaan ke-2 dari 2"},
		{"best", []attemptRow{done(1, 8000), done(2, 6000)}, "best", Done, 1, 8000, "Percobaan ke-1 dari 2"},
		{"best, equal scores", []attemptRow{done(1, 8000), done(2, 8000)}, "best", Done, 1, 8000, "Percobaan ke-1 dari 2"},
		{"first", []attemptRow{done(1, 5000), done(2, 6000)}, "first", Done, 1, 5000, "Percobaan ke-1 dari 2"},
		{"a voided one never counts", []attemptRow{voided, done(2, 6000)}, "first", Done, 2, 6000, "Percobaan ke-2 dari 2"},
		{"only voided", []attemptRow{voided}, "last", Voided, 0, 0, "Dibatalkan: curang"},
		{"under way", []attemptRow{voided, open}, "last", Working, 0, 0, "Sedang mengerjakan"},
		{"again under way", []attemptRow{done(1, 8000), open}, "last", Done, 1, 8000, "Percobaan ke-1 dari 2; Sedang mengulang"},
		{"closing", []attemptRow{{No: 1, State: "closing", StartedMS: 1}}, "last", Working, 0, 0, "Sedang mengerjakan"},
		{"result missing", []attemptRow{lost}, "last", Unscored, 0, 0, "Menunggu penilaian"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := rowOf(personRow{Enrolment: 1, CreatedMS: 500}, tt.attempts, tt.rule)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != tt.status || r.Attempt != tt.attempt || r.Taken != len(tt.attempts) {
				t.Errorf("status %d, attempt %d of %d, want %d, %d of %d", r.Status, r.Attempt, r.Taken, tt.status, tt.attempt, len(tt.attempts))
			}
			if got := r.Result.Total.Score; got != tt.score {
				t.Errorf("score = %d, want %d", got, tt.score)
			}
			if got := note(r, false); got != tt.note {
				t.Errorf("note = %q, want %q", got, tt.note)
			}
		})
	}
}

func TestADamagedResultIsAnError(t *testing.T) {
	if _, err := rowOf(personRow{Enrolment: 1}, []attemptRow{{No: 1, State: "submitted", Payload: "{"}}, "last"); err == nil {
		t.Error("a payload that is no JSON was accepted")
	}
}

func TestNotes(t *testing.T) {
	none := scored(8000)
	none.Result.Aspects[2].Verdict = scoring.NoItems
	late := scored(8000)
	late.EndedBy = "deadline"
	again := scored(8000)
	again.Version, again.Reason = 2, "kunci soal diperbaiki"
	marked, corrected, accepted := scored(8000), scored(8000), scored(8000)
	marked.Version, marked.Reason = 2, "marked"
	corrected.Version, corrected.Reason = 3, "mark corrected"
	accepted.Version, accepted.Reason = 2, "late answers accepted: jaringan putus"
	large := few(scored(8000), scoring.BasicMedia)
	large.Result.Total.Verdict = scoring.LargeError
	for _, tt := range []struct {
		name   string
		row    *Row
		closed bool
		want   string
	}{
		{"absent", &Row{}, true, "Tidak hadir"},
		{"not yet", &Row{}, false, "Belum mengikuti"},
		{"ordinary", scored(8000), true, ""},
		{"time ran out", late, true, "Waktu habis"},
		{"superseded", again, true, "Nilai diperbarui: kunci soal diperbaiki"},
		{"essays are marked", marked, true, ""},
		{"a mark was corrected", corrected, true, "Nilai diperbarui: nilai uraian dikoreksi penilainya"},
		{"late answers", accepted, true, "Nilai diperbarui: jawaban susulan diterima, jaringan putus"},
		{"essays are not marked", unmarked(scored(8000), scoring.EthicsSecurity), true, "Menunggu penilaian 2 uraian"},
		{"aspect not in the form", none, true, "Belum cukup bukti: A3 (tidak diujikan)"},
		{"few answers and a large error", large, true, "Belum cukup bukti: A1 (4 dari 10 soal dijawab), nilai akhir (galat terlalu besar)"},
		{"voided without a reason", &Row{Status: Voided}, true, "Dibatalkan"},
	} {
		if got := note(tt.row, tt.closed); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	rows := []*Row{scored(6000), scored(7000), scored(8000), scored(9000), scored(10000), few(scored(100), scoring.BasicMedia), {Status: Working}, {}}
	got := Describe(rows, scoring.BasicMedia, ipASN)
	want := Stats{
		N: 5, Insufficient: 1, Mean: 80, SD: math.Sqrt(250), SE: math.Sqrt(50), Min: 60, P10: 64, Q1: 70, Median: 80, Q3: 90, P90: 96, Max: 100,
		Levels: []int{1, 1, 1, 1, 1}, Bins: [10]int{6: 1, 7: 1, 8: 1, 9: 2},
	}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Describe(rows[5:], scoring.BasicMedia, ipASN); got.N != 0 || got.Level(ipASN) != 0 || got.Insufficient != 1 {
		t.Errorf("nobody with evidence: %+v", got)
	}
	if got := Describe(rows[:1], scoring.Total, ipASN); got.SD != 0 || got.SE != 0 || got.Median != 60 || got.Shown() {
		t.Errorf("one person: %+v", got)
	}
	if got := (Stats{N: 9, Mean: 70.96}).Level(ipASN); got != 3 {
		t.Errorf("a mean printed as 71,0 is at level %d, want 3", got)
	}
	if got := (Stats{Levels: []int{1, 2, 3, 4, 5}}).AtLeast(3); got != 12 {
		t.Errorf("AtLeast(3) = %d, want 12", got)
	}
}

func TestPercentsAddUp(t *testing.T) {
	for _, tt := range []struct{ counts, want []int }{
		{[]int{1, 1, 1}, []int{34, 33, 33}}, {[]int{0, 0}, []int{0, 0}}, {[]int{0, 7}, []int{0, 100}}, {[]int{1, 199}, []int{1, 99}}, {[]int{2, 3, 1}, []int{33, 50, 17}},
	} {
		if diff := cmp.Diff(tt.want, Percents(tt.counts)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", tt.counts, diff)
		}
	}
}

func TestUnits(t *testing.T) {
	in := func(opd, path string) *Row { r := scored(8000); r.OPD, r.UnitPath = opd, path; return r }
	rows := []*Row{in("Dinas B", "Dinas B / Bidang 2"), in("", ""), in("Dinas B", "Dinas B / Bidang 1"), in("Badan A", "Badan A"), in("Dinas B", "Dinas B")}
	sortRows(rows)
	type unit struct {
		Name  string
		N     int
		Parts []string
	}
	var got []unit
	for _, u := range Units(rows, ipASN) {
		x := unit{Name: u.Name, N: u.Counts.Enrolled}
		for _, p := range u.Parts {
			x.Parts = append(x.Parts, p.Name)
		}
		got = append(got, x)
	}
	want := []unit{{noUnit, 1, nil}, {"Badan A", 1, nil}, {"Dinas B", 3, []string{"Dinas B", "Bidang 1", "Bidang 2"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOrderIsIndonesianAndStable(t *testing.T) {
	var rows []*Row
	for i, name := range []string{"Émile", "andi", "Zainal", "Ani", "Andi", "A. Di", "Ani"} {
		rows = append(rows, &Row{Enrolment: int64(i), NIP: string(rune('9' - i)), Name: name})
	}
	other := slices.Clone(rows)
	slices.Reverse(other)
	sortRows(rows)
	sortRows(other)
	if diff := cmp.Diff(rows, other); diff != "" {
		t.Errorf("the order depends on how rows came:\n%s", diff)
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
	}
	if diff := cmp.Diff([]string{"A. Di", "andi", "Andi", "Ani", "Ani", "Émile", "Zainal"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGroups(t *testing.T) {
	for grade, want := range map[string]string{
		"I/d": "Golongan I", "III/c": "Golongan III", "iv/a": "Golongan IV", "IX": "PPPK IX–XII", "I": "PPPK I–IV", "V": "PPPK V–VIII", "XVII": "PPPK XIII–XVII",
		"": unknown, "V/a": unknown, "abc": unknown,
	} {
		if got := gradeGroup(grade); got != want {
			t.Errorf("gradeGroup(%q) = %q, want %q", grade, got, want)
		}
	}
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for birth, want := range map[string]string{
		"1996-03-02": "30–39 tahun", "1996-03-03": "Di bawah 30 tahun", "1976-03-02": "50 tahun ke atas", "1950-01-01": "50 tahun ke atas",
		"1986-03-02": "40–49 tahun", "2009-01-01": "Di bawah 30 tahun", "": unknown, "2030-01-01": unknown,
	} {
		if got := ageGroup(birth, day); got != want {
			t.Errorf("ageGroup(%q) = %q, want %q", birth, got, want)
		}
	}
}

func TestNeeds(t *testing.T) {
	clear := scored(5000)
	clear.Result.Aspects[1].Score = 8000
	clear.Result.Aspects[2].Score = 4000
	near := scored(8000)
	near.Result.Aspects[3].Score = 7000 // 71 lies within its error of 5
	unknownAspect := few(scored(8000), scoring.BasicMedia)
	unknownAspect.Result.Aspects[0].Score = 100
	got := Needs([]*Row{clear, near, unknownAspect, scored(9000), {}}, ipASN, 3)
	if len(got) != 2 {
		t.Fatalf("%d people need training, want 2: %+v", len(got), got)
	}
	type short struct {
		Gap      [4]scoring.Mark
		Aspects  int
		Worst    scoring.Aspect
		Priority Priority
	}
	var brief []short
	for _, n := range got {
		brief = append(brief, short{n.Gap, n.Aspects, n.Worst, n.Priority})
	}
	want := []short{
		{[4]scoring.Mark{2100, 0, 3100, 2100}, 3, scoring.AdvancedMedia, High},
		{[4]scoring.Mark{3: 100}, 1, scoring.EthicsSecurity, Middle},
	}
	if diff := cmp.Diff(want, brief); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, tt := range []struct {
		below, all int
		want       Priority
	}{{0, 10, Low}, {1, 10, Low}, {1, 4, Middle}, {2, 4, High}, {0, 0, Low}} {
		var rows []*Row
		for i := range tt.all {
			mark := scoring.Mark(8000)
			if i < tt.below {
				mark = 5000
			}
			rows = append(rows, scored(mark))
		}
		n := NeedOf(Describe(rows, scoring.BasicMedia, ipASN), scoring.BasicMedia, ipASN, 3)
		if n.Priority != tt.want || n.Below != tt.below || n.Assessed != tt.all {
			t.Errorf("%d of %d below: %+v, want %s", tt.below, tt.all, n, tt.want)
		}
	}
	for bands, want := range map[int]int{2: 2, 3: 2, 4: 3, 5: 3} {
		if got := StandardLevel(scoring.Scheme{Bands: make([]scoring.Band, bands)}); got != want {
			t.Errorf("StandardLevel of %d bands = %d, want %d", bands, got, want)
		}
	}
}

// A sentence must not claim a difference that chance explains.
func TestFindingsAreCareful(t *testing.T) {
	var rows []*Row
	for i := range 12 {
		r := scored(scoring.Mark(5000 + 400*i))
		r.Result.Aspects[2].Score -= 10
		rows = append(rows, r)
	}
	d := Data{Agency: Agency{Name: "Instansi"}, Scheme: ipASN, Rows: rows}
	all := summarise("Instansi", rows, ipASN)
	text := strings.Join(Findings(all, Units(rows, ipASN), d, 3), "\n")
	if !strings.Contains(text, "masih dalam batas galat") || strings.Contains(text, "Aspek terkuat") {
		t.Errorf("a difference of 0.1 is called one:\n%s", text)
	}
	if few := Headline(summarise("", rows[:4], ipASN), d); !strings.Contains(few, "belum dapat ditafsirkan") || strings.Contains(few, "tingkat") {
		t.Errorf("four people are judged: %s", few)
	}
}

func TestHash(t *testing.T) {
	make := func(change func(*Data)) string {
		d := Data{Event: Event{Code: "E"}, Agency: Agency{Code: "6400"}, Scheme: ipASN, Rows: []*Row{scored(8000), scored(7000)}}
		d.Rows[0].NIP, d.Rows[1].NIP = "199001012015031001", "199001012015031002"
		change(&d)
		d.Seal()
		return d.Hash
	}
	base := make(func(*Data) {})
	for name, change := range map[string]func(*Data){
		"score":   func(d *Data) { d.Rows[1].Result.Aspects[3].Score++ },
		"error":   func(d *Data) { d.Rows[1].Result.Total.SE++ },
		"status":  func(d *Data) { d.Rows[1].Status = Voided },
		"attempt": func(d *Data) { d.Rows[1].Attempt = 2 },
		"agency":  func(d *Data) { d.Agency.Code = "6401" },
		"scheme":  func(d *Data) { d.Scheme.Version = 2 },
		"person":  func(d *Data) { d.Rows = d.Rows[:1] },
		"swapped": func(d *Data) { d.Rows[0].NIP, d.Rows[1].NIP = d.Rows[1].NIP, d.Rows[0].NIP },
	} {
		if make(change) == base {
			t.Errorf("the hash does not see a change of %s", name)
		}
	}
	same := make(func(d *Data) { slices.Reverse(d.Rows); d.Rows[0].Name, d.Rows[0].OPD = "Zz", "Zz" })
	if same != base {
		t.Error("the hash depends on order or names")
	}
}

func TestFileNameIsSafe(t *testing.T) {
	d := Data{Agency: Agency{Code: "../64 00"}, Event: Event{Code: "LD/2026:é"}}
	d.Seal()
	if got := d.FileName(); strings.ContainsAny(got, "/\\: é") || !strings.HasPrefix(got, "Rekap_LiterasiDigital_..-64-00_LD-2026--_") || len(got) != len("Rekap_LiterasiDigital_..-64-00_LD-2026--_12345678.xlsx") {
		t.Errorf("FileName = %q", got)
	}
}

func TestHeaderText(t *testing.T) {
	if got := headerText("R&D  Kota", 90); got != "R&&D Kota" {
		t.Errorf("got %q", got)
	}
	got := headerText(strings.Repeat("&", 100), 90)
	if n := utf8.RuneCountInString(got); n > 90 || strings.Count(got, "&")%2 != 0 {
		t.Errorf("%d characters, %d ampersands: %q", n, strings.Count(got, "&"), got)
	}
}

func TestLines(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width float64
		want  int
	}{
		{"", 10, 1}, {"Sedang", 10, 1}, {"Kepala Subbagian Umum dan Kepegawaian", 24, 2}, {strings.Repeat("m", 100), 20, 9},
	} {
		if got := lines(tt.text, tt.width, 11); got != tt.want {
			t.Errorf("lines(%q, %v) = %d, want %d", tt.text, tt.width, got, tt.want)
		}
	}
}

// The index is opened in Excel by a double click: nothing in it may run.
func TestIndexIsSafe(t *testing.T) {
	x := newIndex()
	x.body.Reset()
	x.line("=1+1", `Dinas "A"; =cmd`, "biasa", "-2", "")
	if got, want := x.body.String(), "\"'=1+1\";\"'Dinas \"\"A\"\"; =cmd\";\"biasa\";\"'-2\";\"\"\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Reports name the aspects as the framework does.
func TestAspectNames(t *testing.T) {
	body, err := os.ReadFile("../questionbank/framework.json")
	if err != nil {
		t.Fatal(err)
	}
	var framework struct {
		Aspects []struct{ Code, Name string }
	}
	if err := json.Unmarshal(body, &framework); err != nil {
		t.Fatal(err)
	}
	for i, a := range scoring.Aspects {
		if got, want := aspectName(a), framework.Aspects[i].Name; got != want || framework.Aspects[i].Code != a.Code() {
			t.Errorf("%s = %q, the framework says %q", a.Code(), got, want)
		}
	}
}
