package participant

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/reports/chart"
	"cakap/scoring"
)

// receiptPage is what a participant keeps after handing in.
type receiptPage struct {
	kit.Base
	ID      string
	Outbox  string // name of the outbox that the phone may now forget
	Receipt assessment.Receipt
	At      time.Time
}

func (p pages) receipt(c *kit.Ctx) (kit.Response, error) {
	id, err := attemptID(c)
	if err != nil {
		return nil, err
	}
	r, err := p.Assessment.Receipt(c.Context(), taker(c), id)
	if err != nil {
		return nil, err
	}
	page := &receiptPage{
		Base: c.Base("Bukti kirim"), ID: c.Seal(enrolment, id.Enrolment), Receipt: r,
		Outbox: fmt.Sprintf("%s.%d", c.Seal("outbox", id.Enrolment), id.No), At: r.SubmittedAt.In(locale.Zone(r.Event.Zone)),
	}
	page.Scripts = []string{"soal.js"}
	return kit.HTML("participant/bukti", page), nil
}

// resultPage says where a person stands, with how sure that is.
type resultPage struct {
	kit.Base
	EventName string
	At        time.Time
	Headline  string
	Total     scoreView
	Aspects   []scoreView
	Answered  int
	Items     int
	Bounds    string // "Rendah 61, Sedang 71, …"
}

// scoreView is one score in words and as a bar.
type scoreView struct {
	Code, Name string
	Score      string // "84,2": one decimal, as the workbook has it, so that no rounding hides a level
	SE         string // "5,1"
	Supported  bool
	Waiting    bool // essays are not marked yet
	Level      string
	Touches    string // levels that the error band reaches besides
	Why        string // why no level is named
	Advice     string
	Bar        template.HTML
}

func (p pages) result(c *kit.Ctx) (kit.Response, error) {
	id, err := attemptID(c)
	if err != nil {
		return nil, err
	}
	s, err := p.Assessment.Scores(c.Context(), taker(c), id)
	if err != nil {
		return nil, err
	}
	page := newResultPage(c.Base("Hasil asesmen"), s)
	return kit.HTML("participant/hasil", page), nil
}

func newResultPage(base kit.Base, s assessment.Scores) *resultPage {
	page := &resultPage{
		Base: base, EventName: s.Event.Name, At: s.Attempt.SubmittedAt.In(locale.Zone(s.Event.Zone)),
		Total: viewOf(s.Result.Total, s.Scheme), Answered: s.Result.Total.Answered + s.Result.Total.Pending, Items: s.Result.Total.Items,
	}
	for _, a := range scoring.Aspects {
		page.Aspects = append(page.Aspects, viewOf(s.Result.Of(a), s.Scheme))
	}
	var bounds []string
	for _, b := range s.Scheme.Bands[1:] {
		bounds = append(bounds, fmt.Sprintf("%s %s", b.Name, locale.Number(b.Lower.Percent(), 0)))
	}
	page.Bounds = strings.Join(bounds, ", ")
	page.Headline = headline(s)
	return page
}

// headline is the finding as a sentence: the level, and the strongest aspect.
func headline(s assessment.Scores) string {
	total := s.Result.Total
	if total.Verdict == scoring.Unmarked {
		return "Nilai Anda belum lengkap: jawaban uraian masih dinilai"
	}
	if total.Verdict != scoring.Supported {
		return "Belum cukup bukti untuk menyebut tingkat literasi digital Anda"
	}
	band, _ := s.Scheme.Band(total.Level)
	text := "Literasi digital Anda berada pada tingkat " + band.Name
	best := scoring.AspectScore{Score: -1}
	for _, a := range s.Result.Aspects {
		if a.Verdict == scoring.Supported && a.Score > best.Score {
			best = a
		}
	}
	if best.Score >= 0 {
		text += ", paling kuat pada " + strings.ToLower(aspectNames[best.Aspect][1])
	}
	return text
}

func viewOf(s scoring.AspectScore, scheme scoring.Scheme) scoreView {
	v := scoreView{
		Code: s.Aspect.Code(), Name: aspectNames[s.Aspect][0], Supported: s.Verdict == scoring.Supported,
		Score: locale.Number(s.Score.Percent(), 1), SE: locale.Number(s.SE.Percent(), 1), Why: whyNot(s),
	}
	if s.Aspect == scoring.Total {
		v.Name = "Nilai akhir"
	}
	if band, ok := scheme.Band(s.Level); ok {
		v.Level, v.Advice = band.Name, band.Advice
		v.Touches = touches(s, scheme)
	}
	v.Waiting = s.Verdict == scoring.Unmarked
	if s.Verdict != scoring.NoItems && !v.Waiting { // half a score says nothing
		v.Bar = template.HTML(chart.Score("b"+v.Code, v.Name, s, scheme)) //nolint:gosec // chart escapes every text
	}
	return v
}

func touches(s scoring.AspectScore, scheme scoring.Scheme) string {
	var names []string
	for _, level := range []int{s.LevelLow, s.LevelHigh} {
		if band, ok := scheme.Band(level); ok && level != s.Level {
			names = append(names, band.Name)
		}
	}
	return strings.Join(names, " dan ")
}

func whyNot(s scoring.AspectScore) string {
	switch s.Verdict {
	case scoring.FewAnswers:
		return fmt.Sprintf("Hanya %d dari %d soal terjawab, jadi tingkat tidak disebut.", s.Answered, s.Items)
	case scoring.LargeError:
		return "Galat nilainya terlalu besar, jadi tingkat tidak disebut."
	case scoring.NoItems:
		return "Tidak ada soal untuk aspek ini."
	case scoring.Unmarked:
		return fmt.Sprintf("%d jawaban uraian masih menunggu penilai.", s.Pending)
	default:
		return ""
	}
}
