package participant

import (
	"fmt"
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// homePage shows the one thing to do now, then everything else.
type homePage struct {
	kit.Base
	Greeting string
	Person   string // position and unit of the newest enrolment
	Next     *task
	Tasks    []task
	Results  []task
}

// task is one enrolment in words.
type task struct {
	ID       string
	Name     string
	Action   assessment.Action
	Status   string
	Window   string // "Senin, 23 November 2026, 09.00–12.00 WIB"
	Until    string // "12.00 WIB"
	Place    string
	Minutes  int
	Items    int
	Left     int // minutes of the attempt under way
	Again    bool
	ResultNo int
	ResultOn string // when results will be there
	Attempt  string // "ke-1 dari 1"

	Sequential string // what cannot be gone back to, or ""
}

var statuses = map[assessment.Action]string{
	assessment.ActWait:   "Belum dibuka",
	assessment.ActStart:  "Siap dimulai",
	assessment.ActResume: "Sedang dikerjakan",
	assessment.ActEnding: "Waktu habis, sedang ditutup",
	assessment.ActDone:   "Terkirim, menunggu hasil",
	assessment.ActResult: "Hasil tersedia",
	assessment.ActMissed: "Terlewat",
	assessment.ActVoided: "Dibatalkan",
}

func (p pages) home(c *kit.Ctx) (kit.Response, error) {
	entries, err := p.Assessment.Home(c.Context(), taker(c))
	if err != nil {
		return nil, err
	}
	page := &homePage{Base: c.Base("Beranda"), Greeting: greeting(c.Now())}
	for i, e := range entries {
		t := taskOf(c.Seal(enrolment, e.Enrolment.ID), e)
		if i == 0 {
			page.Person = e.Enrolment.Position
			if e.Enrolment.UnitPath != "" {
				page.Person += ", " + e.Enrolment.UnitPath
			}
		}
		if page.Next == nil && urgent(e.Action) {
			page.Next = &t
		}
		page.Tasks = append(page.Tasks, t)
		if t.Action == assessment.ActResult {
			page.Results = append(page.Results, t)
		}
	}
	return kit.HTML("participant/beranda", page), nil
}

func urgent(a assessment.Action) bool {
	return a == assessment.ActResume || a == assessment.ActStart
}

// greeting follows the clock of western Indonesia; a greeting that is an hour
// off harms nobody.
func greeting(now time.Time) string {
	switch h := now.In(locale.Zone("WIB")).Hour(); {
	case h < 11:
		return "Selamat pagi"
	case h < 15:
		return "Selamat siang"
	case h < 18:
		return "Selamat sore"
	default:
		return "Selamat malam"
	}
}

func taskOf(id string, e assessment.HomeEntry) task {
	zone := locale.Zone(e.Event.Zone)
	opens, closes := e.Session.OpensAt.In(zone), e.Session.ClosesAt.In(zone)
	t := task{
		ID: id, Name: e.Event.Name, Action: e.Action, Status: statuses[e.Action], Window: window(opens, closes), Until: until(opens, closes),
		Place: place(e.Session), Minutes: int(e.Working.Minutes()), Items: e.Event.Spec.Items(), Left: int(e.Left.Minutes()),
		Again: e.Again, ResultNo: e.Result.No,
		Attempt: fmt.Sprintf("ke-%d dari %d", min(len(e.Attempts)+1, max(e.Event.Spec.Attempts, 1)), max(e.Event.Spec.Attempts, 1)),
	}
	switch e.Event.Spec.Delivery {
	case assessment.DeliverOne:
		t.Sequential = "Soal disajikan satu per satu. Setelah lanjut, soal sebelumnya tidak dapat dibuka lagi."
	case assessment.DeliverAspect:
		t.Sequential = "Soal disajikan per aspek. Setelah lanjut ke aspek berikutnya, aspek sebelumnya tidak dapat dibuka lagi."
	}
	if !e.ResultsAt.IsZero() {
		t.ResultOn = locale.DateTime(e.ResultsAt.In(zone))
	}
	return t
}

// window is a session's time; one of several days names both.
func window(opens, closes time.Time) string {
	if opens.YearDay() == closes.YearDay() && opens.Year() == closes.Year() {
		return fmt.Sprintf("%s, %s–%s", locale.DayDate(opens), opens.Format("15.04"), locale.Clock(closes))
	}
	return fmt.Sprintf("%s sampai %s", locale.DateTime(opens), locale.DateTime(closes))
}

func until(opens, closes time.Time) string {
	if opens.YearDay() == closes.YearDay() && opens.Year() == closes.Year() {
		return locale.Clock(closes)
	}
	return locale.DateTime(closes)
}

func place(s assessment.Session) string {
	if s.Place == "" {
		return "Daring, " + s.Name
	}
	return s.Place + ", " + s.Name
}
