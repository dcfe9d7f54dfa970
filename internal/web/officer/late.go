package officer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/web/kit"
)

// latePage lists late answers that nobody has decided about.
type latePage struct {
	kit.Base
	eventHead
	Rows   []lateRow
	Ready  int // may be decided now
	Reason string
	Chosen []string // ticked before a refusal
}

// lateRow is an attempt with late answers. ID names enrolment and attempt.
type lateRow struct {
	ID        string
	Enrolment int64
	Name      string
	Number    string
	Unit      string
	Entries   int
	Last      string
	After     string // how long after the deadline
	Ready     bool   // submitted, so they may be accepted
	On        bool
}

func lateRowOf(id string, l assessment.LateAttempt, zone *time.Location) lateRow {
	return lateRow{
		ID: id, Enrolment: l.Enrolment, Name: l.Who.Name, Number: kit.LastFour(l.Who.NIP), Unit: l.Who.UnitPath, Entries: l.Entries,
		Last: locale.DateTime(l.LastAt.In(zone)), After: kit.Left(l.LastAt.Sub(l.Deadline)), Ready: l.State == assessment.Submitted,
	}
}

func (p pages) late(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	page, err := p.latePage(c, id, nil)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/susulan", page), nil
}

func (p pages) latePage(c *kit.Ctx, id int64, chosen []string) (*latePage, error) {
	d, err := p.Assessment.Event(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	all, err := p.Assessment.LateAnswers(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	page := &latePage{Base: c.Base("Jawaban susulan").In(kit.SectionEvents), eventHead: headOf(c, d.Event, "/susulan"), Chosen: chosen}
	for _, l := range all {
		row := lateRowOf(attemptName(c, l.AttemptID), l, locale.Zone(d.Event.Zone))
		row.On = slices.Contains(chosen, row.ID)
		if row.Ready {
			page.Ready++
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// attemptName is an attempt in a form: the sealed enrolment and the number.
func attemptName(c *kit.Ctx, id assessment.AttemptID) string {
	return c.Seal(kindEnrolment, id.Enrolment) + "." + strconv.Itoa(id.No)
}

func (p pages) parseAttempt(name string) (assessment.AttemptID, error) {
	sealed, no, _ := strings.Cut(name, ".")
	id, err := p.Keys.Open(kindEnrolment, sealed)
	if err != nil {
		return assessment.AttemptID{}, err
	}
	n, err := strconv.Atoi(no)
	if err != nil || n < 1 {
		return assessment.AttemptID{}, fault.New(fault.NotFound, "error.not_found")
	}
	return assessment.AttemptID{Enrolment: id, No: n}, nil
}

// acceptLate decides one attempt after the other, each in its own
// transaction: what was accepted stays accepted where a later one is refused.
func (p pages) acceptLate(c *kit.Ctx) (kit.Response, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return nil, err
	}
	chosen, reason := c.FormAll("p"), c.Form("reason")
	open, err := p.Assessment.LateAnswers(c.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	accepted, err := p.accept(c, chosen, reason, open)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page, err := p.latePage(c, id, chosen)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Reason = errs, reason
		return kit.Refused("officer/susulan", page), nil
	}
	c.Flash(fmt.Sprintf("%d jawaban susulan diterima dan nilainya dihitung ulang.", accepted))
	return kit.Redirect(eventPath(c, id, "/susulan")), nil
}

func (p pages) accept(c *kit.Ctx, chosen []string, reason string, open []assessment.LateAttempt) (int, error) {
	if len(chosen) == 0 {
		return 0, fault.New(fault.Invalid, "officer.nobody_chosen").On("p")
	}
	total := 0
	for _, name := range chosen {
		id, err := p.parseAttempt(name)
		if err != nil {
			return total, err
		}
		if !slices.ContainsFunc(open, func(l assessment.LateAttempt) bool { return l.AttemptID == id }) {
			return total, fault.New(fault.Conflict, "assessment.nothing_late")
		}
		n, err := p.Assessment.AcceptLate(c.Context(), actor(c), id, reason)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
