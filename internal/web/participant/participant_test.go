package participant

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/internal/web/kit/kittest"
	"cakap/questionbank"
	"cakap/scoring"
)

func TestViews(t *testing.T) { kittest.CheckViews(t, Views()) }

func TestWindow(t *testing.T) {
	zone := locale.Zone("WITA")
	opens := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	for _, tt := range []struct {
		closes      time.Time
		want, until string
	}{
		{opens.Add(3 * time.Hour), "Senin, 23 November 2026, 09.00–12.00 WITA", "12.00 WITA"},
		{opens.Add(49 * time.Hour), "23 November 2026 09.00 WITA sampai 25 November 2026 10.00 WITA", "25 November 2026 10.00 WITA"},
	} {
		if got := window(opens, tt.closes); got != tt.want {
			t.Errorf("window = %q, want %q", got, tt.want)
		}
		if got := until(opens, tt.closes); got != tt.until {
			t.Errorf("until = %q, want %q", got, tt.until)
		}
	}
}

func TestGreeting(t *testing.T) {
	for hour, want := range map[int]string{0: "Selamat pagi", 4: "Selamat siang", 8: "Selamat sore", 12: "Selamat malam"} { // UTC, seven hours behind
		if got := greeting(time.Date(2026, 1, 1, hour, 30, 0, 0, time.UTC)); got != want {
			t.Errorf("%d.30 UTC: %q, want %q", hour, got, want)
		}
	}
}

func TestClientClock(t *testing.T) {
	for left, want := range map[int]string{0: "0:00", 59: "0:59", 2538: "42:18", 7325: "2:02:05"} {
		if got := (client{Left: left}).Clock(); got != want {
			t.Errorf("%d s: %q, want %q", left, got, want)
		}
	}
}

func TestQuestionInWords(t *testing.T) {
	q := asked{N: 2, Total: 2, Value: "AD", Letters: true, Fill: assessment.Full, Doubt: true}
	if got, want := q.Spoken(), ", ragu-ragu, terjawab, pilihan A dan D"; got != want {
		t.Errorf("Spoken = %q, want %q", got, want)
	}
	if q.Class() != "done doubt" || q.Prev() != 1 || q.Next() != "tinjau" || !q.Review() {
		t.Errorf("class %q, prev %d, next %s", q.Class(), q.Prev(), q.Next())
	}
	for _, tt := range []struct {
		q                   asked
		spoken, cell, class string
	}{
		{asked{Fill: assessment.Empty}, ", belum dijawab", "", ""},
		{asked{Fill: assessment.Unasked}, ", bacaan tanpa jawaban", "i", ""},
		{asked{Fill: assessment.Partly, Value: "B,"}, ", terjawab sebagian", "½", "done"},
		{asked{Fill: assessment.Full, Value: "URL"}, ", terjawab", "✓", "done"},
		{asked{Fill: assessment.Full, Value: "B", Letters: true}, ", terjawab, pilihan B", "B", "done"},
	} {
		if tt.q.Spoken() != tt.spoken || tt.q.Cell() != tt.cell || tt.q.Class() != tt.class {
			t.Errorf("%+v: %q, %q, %q", tt.q, tt.q.Spoken(), tt.q.Cell(), tt.q.Class())
		}
	}
}

var scheme = scoring.Scheme{Bands: []scoring.Band{{Name: "Rendah", Advice: "Mulai dari dasar."}, {Name: "Sedang", Lower: 6000, Advice: "Lanjutkan."}, {Name: "Tinggi", Lower: 8000}}}

// result scores right of ten items in each aspect.
func result(right, answered int) scoring.Result {
	var all []scoring.Response
	for _, a := range scoring.Aspects {
		for i := range 10 {
			r := scoring.Response{Aspect: a, State: scoring.Omitted, Max: scoring.Point}
			if i < answered {
				r.State = scoring.Answered
			}
			if i < right {
				r.Points = scoring.Point
			}
			all = append(all, r)
		}
	}
	return scoring.Compute(all, scheme, scoring.DefaultEvidence)
}

func TestResultPage(t *testing.T) {
	page := newResultPage(kit.Base{}, assessment.Scores{Scheme: scheme, Result: result(7, 10)})
	if want := "Literasi digital Anda berada pada tingkat Sedang, paling kuat pada media digital dasar"; page.Headline != want {
		t.Errorf("headline %q, want %q", page.Headline, want)
	}
	first := page.Aspects[0]
	if len(page.Aspects) != 4 || first.Score != "70,0" || first.Level != "Sedang" || first.Touches != "Rendah dan Tinggi" || first.Advice != "Lanjutkan." || first.Bar == "" {
		t.Errorf("%+v", first)
	}
	if page.Bounds != "Sedang 60, Tinggi 80" {
		t.Errorf("bounds %q", page.Bounds)
	}
}

// Without evidence no level is named anywhere on the page.
func TestResultWithoutEvidence(t *testing.T) {
	page := newResultPage(kit.Base{}, assessment.Scores{Scheme: scheme, Result: result(4, 4)})
	if !strings.HasPrefix(page.Headline, "Belum cukup bukti") {
		t.Errorf("headline %q", page.Headline)
	}
	for _, a := range page.Aspects {
		if a.Supported || a.Level != "" || a.Advice != "" || a.Why != "Hanya 4 dari 10 soal terjawab, jadi tingkat tidak disebut." {
			t.Errorf("%+v", a)
		}
	}
}

// While essays wait for their markers, no score and no level is named.
func TestResultWithEssaysToMark(t *testing.T) {
	all := []scoring.Response{{Aspect: scoring.BasicMedia, State: scoring.Pending, Max: scoring.Point}}
	for range 10 {
		all = append(all, scoring.Response{Aspect: scoring.BasicMedia, State: scoring.Answered, Points: scoring.Point, Max: scoring.Point})
	}
	page := newResultPage(kit.Base{}, assessment.Scores{Scheme: scheme, Result: scoring.Compute(all, scheme, scoring.DefaultEvidence)})
	if a := page.Aspects[0]; !a.Waiting || a.Level != "" || a.Bar != "" || a.Why != "1 jawaban uraian masih menunggu penilai." {
		t.Errorf("%+v", a)
	}
	if !page.Total.Waiting || page.Total.Bar != "" || !strings.HasPrefix(page.Headline, "Nilai Anda belum lengkap") {
		t.Errorf("%q, %+v", page.Headline, page.Total)
	}
}

func TestPracticeItemsHaveTheirRightLetters(t *testing.T) {
	for i, item := range practiceItems {
		for _, letter := range item.Right {
			if place := int(letter[0] - 'A'); place < 0 || place >= len(item.Options) {
				t.Errorf("practice item %d: %q is no option", i+1, letter)
			}
		}
		if item.Many != (len(item.Right) > 1) {
			t.Errorf("practice item %d: %d right letters, many is %v", i+1, len(item.Right), item.Many)
		}
	}
}

func TestNumbers(t *testing.T) {
	if got, err := numbers(" 5 17  6 "); err != nil || !slices.Equal(got, []int64{5, 17, 6}) {
		t.Errorf("numbers = %v, %v", got, err)
	}
	if got, err := numbers(""); err != nil || got != nil {
		t.Errorf("nothing is %v, %v", got, err)
	}
	for _, bad := range []string{"x", "1,2", "1e3", "99999999999999999999"} {
		if _, err := numbers(bad); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q is read: %v", bad, err)
		}
	}
}

// More options than asked for are kept; the person is told.
func TestTooManyOptionsAreToldNotRefused(t *testing.T) {
	p := pages{texts: &sync.Map{}}
	part := questionbank.DeliveryPart{Kind: questionbank.ChoiceKind, Many: true, Max: 2, Options: []questionbank.DeliveryOption{{Text: "Satu"}, {Text: "Dua"}, {Text: "Tiga"}}}
	free, matrix := part, part
	free.Max = 0
	matrix.Kind = questionbank.PairsKind
	for _, tt := range []struct {
		name  string
		value string
		part  questionbank.DeliveryPart
		want  bool
	}{
		{"none", "", part, false}, {"as many as asked", "AC", part, false}, {"one more", "ABC", part, true}, {"no limit", "ABC", free, false}, {"rows", "AB,ABC", matrix, false},
	} {
		q, err := p.asked(assessment.PaperItem{Position: 1, Aspect: scoring.BasicMedia, Value: tt.value, Delivery: questionbank.Delivery{Stem: "Pilih", Parts: []questionbank.DeliveryPart{tt.part}}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if q.Over() != tt.want || q.Value != tt.value {
			t.Errorf("%s: over %v, value %q", tt.name, q.Over(), q.Value)
		}
	}
}
