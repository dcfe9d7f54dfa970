package participant

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"cakap/assessment"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// waitPage is the waiting room (ruang tunggu): what is ready, what is still
// missing, and the start.
type waitPage struct {
	kit.Base
	Task      task
	Enrolment assessment.Enrolment
	Waiting   assessment.Waiting
	Open      bool   // an attempt may still begin, now or later
	Clock     string // when the window opens, in the event's zone
	Typed     string // the token, after a refusal
}

// MaskedNIP is the number as the page shows it.
func (p *waitPage) MaskedNIP() string { return kit.Masked(p.Enrolment.NIP) }

// Ready reports whether nothing is missing.
func (p *waitPage) Ready() bool { return p.Waiting.Obstacle == assessment.NoObstacle }

// Why is what the person waits for.
func (p *waitPage) Why() string { return why(p.Waiting) }

// Bell, Turn and Closes are whole seconds for the script, never short of the
// real span.
func (p *waitPage) Bell() int   { return whole(p.Waiting.Bell) }
func (p *waitPage) Turn() int   { return whole(p.Waiting.Turn) }
func (p *waitPage) Closes() int { return whole(p.Waiting.Closes) }

// Late is the minutes in which a start is still possible, once that is soon.
func (p *waitPage) Late() int {
	if p.Waiting.Bell > 0 || p.Waiting.Closes > 2*time.Hour {
		return 0
	}
	return int(p.Waiting.Closes.Minutes())
}

// Refresh is after how many seconds a browser without the script looks again,
// so that the proctor sees the person waiting. 0 where nothing is waited for:
// then a token may be typed, and would be gone.
func (p *waitPage) Refresh() int {
	switch {
	case !p.Open || p.Ready():
		return 0
	case p.Waiting.Obstacle == assessment.BeforeBell || p.Waiting.Obstacle == assessment.NotYourTurn:
		return min(max(p.Turn(), 2), 30)
	}
	return 15
}

func whole(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

var whyWaiting = map[assessment.Obstacle]string{
	assessment.NoObstacle:  "Semua siap. Waktu mulai berjalan setelah Anda menekan tombol.",
	assessment.BeforeBell:  "Sesi belum dibuka. Tombol menyala sendiri saat waktunya tiba.",
	assessment.NotOpened:   "Menunggu petugas membuka kegiatan. Halaman ini memeriksa sendiri.",
	assessment.NotAdmitted: "Menunggu izin pengawas. Halaman ini memeriksa sendiri.",
	assessment.NotYourTurn: "Sesi sudah dibuka. Peserta mulai bergiliran supaya server tidak penuh; waktu Anda tidak berkurang.",
	assessment.SessionOver: "Waktu untuk mulai sudah berakhir. Hubungi pengawas atau petugas instansi Anda.",
}

func why(w assessment.Waiting) string { return whyWaiting[w.Obstacle] }

// waiting shows the waiting room; who has begun goes to the questions.
func (p pages) waiting(c *kit.Ctx) (kit.Response, error) {
	page, err := p.waitPage(c)
	if err != nil {
		return nil, err
	}
	if page.Waiting.UnderWay {
		return kit.Redirect("/ikut/" + page.Task.ID + "/soal"), nil
	}
	return kit.HTML("participant/tunggu", page), nil
}

func (p pages) waitPage(c *kit.Ctx) (*waitPage, error) {
	e, t, err := p.entry(c)
	if err != nil {
		return nil, err
	}
	w, err := p.Assessment.Wait(c.Context(), taker(c), e.Enrolment.ID)
	if err != nil {
		return nil, err
	}
	page := &waitPage{
		Base: c.Base("Ruang tunggu"), Task: t, Enrolment: e.Enrolment, Waiting: w,
		Open:  e.Again || slices.Contains([]assessment.Action{assessment.ActStart, assessment.ActWait}, e.Action),
		Clock: locale.Clock(e.Session.OpensAt.In(locale.Zone(e.Event.Zone))),
	}
	if w.Obstacle == assessment.SessionOver {
		page.Open = false
	}
	page.Scripts = []string{"tunggu.js"}
	return page, nil
}

// knocked is what the page of somebody who waits is told, again and again.
type knocked struct {
	Obstacle assessment.Obstacle `json:"o"`
	Why      string              `json:"why"`
	Bell     int                 `json:"bell"` // seconds
	Turn     int                 `json:"turn"`
	Closes   int                 `json:"closes"`
	Now      int64               `json:"now"` // the server's clock, to compare the phone's with
	UnderWay bool                `json:"going,omitempty"`
}

// knock answers the waiting room's script, and notes that the person is there.
func (p pages) knock(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	w, err := p.Assessment.Wait(c.Context(), taker(c), id)
	if err != nil {
		return nil, err
	}
	c.Quiet()
	return kit.JSON(http.StatusOK, knocked{w.Obstacle, why(w), whole(w.Bell), whole(w.Turn), whole(w.Closes), c.Now().UnixMilli(), w.UnderWay}), nil
}

// Spread is how long starts are spread, in words, or "".
func (p *waitPage) Spread() string {
	if p.Waiting.Spread <= 0 {
		return ""
	}
	return fmt.Sprintf("Peserta mulai bergiliran dalam %d detik sesudah sesi dibuka.", whole(p.Waiting.Spread))
}
