package participant

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
	"cakap/scoring"
)

func takenOver() error { return fault.New(fault.Conflict, "assessment.taken_over") }

// takePage is the whole form in one document: a question and its form each.
type takePage struct {
	kit.Base
	client
	EventName string
	Groups    []group
	Asked     int // questions that ask for an answer
	Done      int
	Parts     int // of those done, the ones answered in part
	Doubts    int
	Reports   []choice // what may be wrong with a question
}

// choice is an option of a list in a form.
type choice struct{ Value, Text string }

// reportKinds are the kinds of reports in a participant's words.
var reportKinds = []choice{
	{string(assessment.PictureMissing), "Gambar tidak muncul"}, {string(assessment.Unclear), "Teks tidak jelas"},
	{string(assessment.BadOption), "Pilihan jawaban bermasalah"}, {string(assessment.OtherFault), "Lainnya"},
}

// client is what the script needs to save: nothing in it tells a key.
type client struct {
	ID      string // sealed enrolment
	Attempt string // name of the outbox on the phone
	Bearer  string
	SaveURL string
	LastSeq int64
	Epoch   int // which holder of the attempt this device is
	Left    int // seconds
	Half    int // seconds that are left when half of the time is over
	Paused  bool
	State   assessment.State
	Total   int
	At      int64  // the server's clock when the page was made: a page out of a cache has an old one
	File    string // the token of an answer file
	Code    string // what people call the attempt when they ask a proctor

	Sequential bool
	Whole      bool // of a sequential attempt: a part is more than one question
	First      int  // position of the part on the page
	Last       bool // nothing comes behind it
}

// Clock is the time left as "42:18", for the page without its script.
func (c client) Clock() string {
	d := time.Duration(c.Left) * time.Second
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Minutes is the time left in words.
func (c client) Minutes() int { return (c.Left + 59) / 60 }

var aspectNames = map[scoring.Aspect][2]string{
	scoring.BasicMedia:       {"Penggunaan media digital dasar", "Media digital dasar"},
	scoring.LearningPlatform: {"Pengelolaan platform pembelajaran digital", "Platform pembelajaran"},
	scoring.AdvancedMedia:    {"Penggunaan media digital lanjut", "Media digital lanjut"},
	scoring.EthicsSecurity:   {"Etika dan keamanan", "Etika dan keamanan"},
	scoring.Total:            {"Pertanyaan tambahan", "Pertanyaan tambahan"},
}

// extraCode stands for the code of an aspect where there is none.
const extraCode = "X"

// take shows the form to the browser that holds the attempt; another browser
// of the same person is asked whether to take over.
func (p pages) take(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	paper, err := p.Assessment.Paper(c.Context(), taker(c), id, c.Device())
	if err != nil {
		return p.notHere(c, id, err)
	}
	page := &takePage{Base: c.Base("Soal 1 dari " + strconv.Itoa(paper.Total())), client: p.client(c, id, paper), EventName: paper.Event.Name}
	page.Scripts, page.Reports = []string{"soal.js"}, reportKinds
	if err := p.fill(page, paper); err != nil {
		return nil, err
	}
	if n := len(paper.Items); paper.Sequential && n > 0 {
		page.Title = fmt.Sprintf("Soal %d dari %d", paper.Items[0].Position, page.Total)
	}
	return kit.HTML("participant/soal", page), nil
}

func (p pages) client(c *kit.Ctx, id int64, paper assessment.Paper) client {
	t, a := paper.Ticket, paper.Attempt
	cl := client{
		ID: c.Seal(enrolment, id), Attempt: c.Seal("outbox", id) + "." + strconv.Itoa(t.No), SaveURL: SavePath,
		Bearer:  p.Keys.Bearer(t.Bearer()),
		LastSeq: paper.LastSeq, Epoch: t.Epoch, Left: int(paper.Left.Seconds()), Half: int(a.Deadline.Sub(a.StartedAt).Seconds() / 2),
		Paused: a.Paused(), State: a.State, Total: paper.Total(), At: c.Now().UnixMilli(), File: assessment.AnswerFileToken(p.Keys, t),
		Sequential: paper.Sequential, Whole: len(paper.Items) > 1, First: 1, Last: paper.Last(),
	}
	if paper.Sequential {
		cl.First = paper.Reached
	}
	cl.Code = attemptCode(cl.Attempt)
	return cl
}

// attemptCode is a short name of an attempt that can be read out aloud. It
// opens nothing.
func attemptCode(outbox string) string {
	sum := sha256.Sum256([]byte(outbox))
	code := base32.StdEncoding.EncodeToString(sum[:5])
	return code[:4] + "-" + code[4:8]
}

func (p pages) fill(page *takePage, paper assessment.Paper) error {
	for _, item := range paper.Items {
		q, err := p.asked(item, page.Total)
		if err != nil {
			return err
		}
		if page.Sequential {
			q.within(paper)
		}
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Code != q.Aspect {
			page.Groups = append(page.Groups, group{Code: q.Aspect, Name: q.Name, Short: aspectNames[item.Aspect][1]})
		}
		g := &page.Groups[len(page.Groups)-1]
		g.Questions = append(g.Questions, q)
		if q.Fill != assessment.Unasked {
			g.Asked++
			page.Asked++
		}
		if q.Fill > assessment.Empty {
			g.Done++
			page.Done++
		}
		if q.Fill == assessment.Partly {
			page.Parts++
		}
		if q.Doubt {
			page.Doubts++
		}
	}
	return nil
}

// Open is how many questions have no answer. A text to read asks for none.
func (p *takePage) Open() int { return p.Asked - p.Done }

// otherPage asks whether this device shall take the attempt over.
type otherPage struct {
	kit.Base
	ID string
}

// notHere sends people where they can go on: to the receipt of what they
// submitted, to the preparation of what they have not begun, or to the
// question whether to take over.
func (p pages) notHere(c *kit.Ctx, id int64, err error) (kit.Response, error) {
	is := func(key string) bool { f := fault.Of(err); return f != nil && f.Key == key }
	switch {
	case is("assessment.other_device"):
		return kit.HTML("participant/alih", &otherPage{c.Base("Asesmen dibuka di perangkat lain"), c.Seal(enrolment, id)}), nil
	case is("assessment.device_free"): // a proctor let go of the old device: nobody is to be asked
		return p.takeOver(c)
	case is("assessment.not_started"):
		return kit.Redirect("/ikut/" + c.Seal(enrolment, id)), nil
	case is("assessment.submitted"):
		return kit.Redirect("/beranda"), nil
	}
	return nil, err
}

func (p pages) takeOver(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	if _, err := p.Assessment.TakeOver(c.Context(), taker(c), id, c.Device(), c.Browser()); err != nil {
		return nil, err
	}
	return kit.Redirect("/ikut/" + c.Seal(enrolment, id) + "/soal"), nil
}

// saveForm keeps the answer of a question's own form, for browsers without
// JavaScript: the server gives the sequence number.
func (p pages) saveForm(c *kit.Ctx) (kit.Response, error) {
	received := c.Now()
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(c.Form("n"))
	if err != nil {
		return nil, fault.New(fault.Malformed, "error.malformed").Because(err)
	}
	ticket, item, err := p.Assessment.TicketItem(c.Context(), taker(c), id, c.Device(), n)
	if err != nil {
		return p.notHere(c, id, err)
	}
	value, clash := posted(item, c.FormAll)
	if c.Form("kosong") != "" {
		value, clash = "", false
	}
	if err := p.pace.allow(ticket.AttemptID, received); err != nil {
		return nil, err
	}
	outcome, err := p.Assessment.SaveForm(c.Context(), ticket, received, n, value, c.Form("ragu") != "")
	if err != nil {
		return nil, err
	}
	switch {
	case outcome == assessment.Late:
		c.Flash("Waktu habis. Jawaban terakhir dicatat sebagai susulan.")
	case clash:
		c.Flash(fmt.Sprintf("Soal %d tersimpan sebagian: dua butir mendapat nomor urut yang sama. Periksa lagi urutannya.", n))
	default:
		c.Flash(fmt.Sprintf("Jawaban soal %d tersimpan di server pukul %s.", n, received.In(locale.Zone("WIB")).Format("15.04.05")))
	}
	here := "/ikut/" + c.Seal(enrolment, id)
	switch to := c.Form("ke"); to {
	case "tinjau":
		return kit.Redirect(here + "/tinjau"), nil
	case onward:
		return p.advanceFrom(c, id, ticket, received)
	default:
		next, err := strconv.Atoi(to)
		if err == nil {
			n = next
		}
	}
	return kit.Redirect(here + "/soal#q" + strconv.Itoa(n)), nil
}

// reviewPage lists what was answered before it is handed in.
type reviewPage struct {
	takePage
	Missing int // entries that the phone numbered and the server does not have
}

func (p pages) review(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	return p.reviewWith(c, id, 0, nil)
}

func (p pages) reviewWith(c *kit.Ctx, id int64, missing int, refused kit.Errors) (kit.Response, error) {
	paper, err := p.Assessment.Paper(c.Context(), taker(c), id, c.Device())
	if err != nil {
		return p.notHere(c, id, err)
	}
	page := &reviewPage{Missing: missing}
	page.Base, page.client, page.EventName = c.Base("Periksa jawaban sebelum mengirim"), p.client(c, id, paper), paper.Event.Name
	page.Scripts, page.Errors = []string{"soal.js"}, refused
	if err := p.fill(&page.takePage, paper); err != nil {
		return nil, err
	}
	if len(refused) > 0 || missing > 0 {
		return kit.Refused("participant/tinjau", page), nil
	}
	return kit.HTML("participant/tinjau", page), nil
}

// submit hands the attempt in. The phone names the last number it gave, so
// that nothing still on its way can be left out.
func (p pages) submit(c *kit.Ctx) (kit.Response, error) {
	received := c.Now()
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	ticket, err := p.Assessment.Ticket(c.Context(), taker(c), id, c.Device())
	if err != nil {
		return p.notHere(c, id, err)
	}
	var last int64
	if v := c.Form("terakhir"); v != "" {
		if last, err = strconv.ParseInt(v, 10, 64); err != nil {
			return nil, fault.New(fault.Malformed, "error.malformed").Because(err)
		}
	}
	if c.Form("sadar") == "" && c.Form("kosong") == "perlu" {
		return p.reviewWith(c, id, 0, kit.Errors{{Field: "sadar", Text: "Centang bahwa Anda tahu masih ada soal yang belum dijawab, atau jawab dahulu."}})
	}
	without, err := numbers(c.Form("tanpa"))
	if err != nil {
		return nil, err
	}
	receipt, missing, err := p.Assessment.Submit(c.Context(), ticket, received, assessment.Submission{LastSeq: last, Without: without})
	if len(missing) > 0 {
		return p.reviewWith(c, id, len(missing), nil)
	}
	if err != nil {
		return nil, err
	}
	return kit.Redirect(fmt.Sprintf("/ikut/%s/bukti/%d", c.Seal(enrolment, id), receipt.No)), nil
}

var errNoNumber = errors.New("no attempt number")

// attemptID is the attempt that an address names.
func attemptID(c *kit.Ctx) (assessment.AttemptID, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return assessment.AttemptID{}, err
	}
	no, err := strconv.Atoi(c.Param("no"))
	if err != nil || no < 1 || no > 1000 {
		return assessment.AttemptID{}, fault.New(fault.NotFound, "error.not_found").Because(errNoNumber)
	}
	return assessment.AttemptID{Enrolment: id, No: no}, nil
}

// numbers reads the sequences a phone gave up, with spaces between.
func numbers(text string) ([]int64, error) {
	var all []int64
	for word := range strings.FieldsSeq(text) {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Malformed, "error.malformed").Because(err)
		}
		all = append(all, n)
	}
	return all, nil
}
