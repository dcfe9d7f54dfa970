package participant

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// advance leaves a part of a sequential form for good. The script sends the
// part's answers before; a browser without it sends the last of them with the
// same button, see saveForm.
func (p pages) advance(c *kit.Ctx) (kit.Response, error) {
	received := c.Now()
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	ticket, err := p.Assessment.Ticket(c.Context(), taker(c), id, c.Device())
	if err != nil {
		return p.notHere(c, id, err)
	}
	return p.advanceFrom(c, id, ticket, received)
}

// staying are the refusals after which the person stays where they are.
var staying = []string{"assessment.paused", "assessment.deadline_passed", "assessment.locked_item"}

func (p pages) advanceFrom(c *kit.Ctx, id int64, t assessment.Ticket, received time.Time) (kit.Response, error) {
	from, err := strconv.Atoi(c.Form("dari"))
	if err != nil {
		return nil, fault.New(fault.Malformed, "error.malformed").Because(err)
	}
	here := "/ikut/" + c.Seal(enrolment, id)
	reached, err := p.Assessment.Advance(c.Context(), t, received, from)
	if f := fault.Of(err); f != nil && slices.Contains(staying, f.Key) {
		c.Flash(locale.Fault(f))
		return kit.Redirect(here + "/soal"), nil
	}
	if err != nil {
		return nil, err
	}
	if reached == from { // the last part
		return kit.Redirect(here + "/tinjau"), nil
	}
	return kit.Redirect(fmt.Sprintf("%s/soal#q%d", here, reached)), nil
}

// report passes on what a participant says of a question ("Laporkan masalah
// soal"). The answer stays as it is and the person goes on.
func (p pages) report(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(enrolment, "id")
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(c.Form("n"))
	if err != nil {
		return nil, fault.New(fault.Malformed, "error.malformed").Because(err)
	}
	ticket, _, err := p.Assessment.TicketItem(c.Context(), taker(c), id, c.Device(), n)
	if err != nil {
		return p.notHere(c, id, err)
	}
	if err := p.Assessment.ReportItem(c.Context(), ticket, n, c.Form("jenis"), c.Form("catatan")); err != nil {
		return nil, err
	}
	if c.Form("diam") != "" { // the script stays on the page
		return kit.JSON(http.StatusOK, struct{}{}), nil
	}
	c.Flash(fmt.Sprintf("Laporan soal %d diterima pengawas. Jawaban Anda tidak berubah; lanjutkan mengerjakan.", n))
	return kit.Redirect("/ikut/" + c.Seal(enrolment, id) + "/soal#q" + strconv.Itoa(n)), nil
}
