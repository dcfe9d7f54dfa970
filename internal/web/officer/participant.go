package officer

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"cakap/assessment"
	"cakap/internal/fault"
	"cakap/internal/locale"
	"cakap/internal/people"
	"cakap/internal/web/kit"
)

// participantPage is one person of an event, with what may be done for them.
type participantPage struct {
	kit.Base
	eventHead
	Enrolment int64
	Number    string // grouped
	Unit      string
	Position  string
	Session   string
	Where     string // of the session
	Factor    int    // per cent of the usual working time; 100 is the usual
	Code      bool
	Withdrawn bool
	Attempts  []attemptRow
	Credits   []creditRow
	Devices   []deviceRow
	Running   int // number of the attempt under way, 0 for none
	Voidable  int // number of the newest attempt that may be voided, 0 for none

	Failed string // which of the forms was refused
	Typed  actForm
}

// attemptRow is an attempt in words.
type attemptRow struct {
	No        int
	Tag       tag
	Started   string
	Deadline  string
	Submitted string
	Credited  int // minutes
	Answered  int
	Items     int
	Late      int
	Heard     string
	Left      string
	Reason    string // why it was voided
}

// creditRow is one move of a deadline: the start stays, and both ends are told.
type creditRow struct {
	No                       int
	Kind                     string
	Started, Old, New, Given string
	More                     int // minutes
	Reason                   string
}

// deviceRow is a browser that held an attempt.
type deviceRow struct {
	No      int
	Browser string
	Since   string
	Now     bool
	Same    bool // it held an attempt of another person too
}

// actForm is what was typed into the form of an act.
type actForm struct {
	Minutes, Reason string
	Again           bool
}

// enrolmentOf opens both ids of the address; a person of another event is not there.
func (p pages) enrolmentOf(c *kit.Ctx) (assessment.Person, error) {
	id, err := c.ID(kindEvent, "id")
	if err != nil {
		return assessment.Person{}, err
	}
	enrolment, err := c.ID(kindEnrolment, "enrolment")
	if err != nil {
		return assessment.Person{}, err
	}
	one, err := p.Assessment.Enrolment(c.Context(), actor(c), enrolment)
	if err == nil && one.Event.ID != id {
		err = fault.New(fault.NotFound, "assessment.no_enrolment")
	}
	return one, err
}

func (p pages) participant(c *kit.Ctx) (kit.Response, error) {
	one, err := p.enrolmentOf(c)
	if err != nil {
		return nil, err
	}
	page, err := p.participantPage(c, one)
	if err != nil {
		return nil, err
	}
	return kit.HTML("officer/orang", page), nil
}

func participantPageOf(c *kit.Ctx, one assessment.Person) *participantPage {
	page := personView(one, c.Now())
	page.Base = c.Base(one.Enrolment.Name).In(kit.SectionEvents)
	page.eventHead = headOf(c, one.Event, "/peserta")
	return page
}

// participantPage is the page with what other tables know of the person.
func (p pages) participantPage(c *kit.Ctx, one assessment.Person) (*participantPage, error) {
	page := participantPageOf(c, one)
	credits, err := p.Assessment.Credits(c.Context(), actor(c), one.Enrolment.ID)
	if err != nil {
		return nil, err
	}
	devices, err := p.Assessment.Devices(c.Context(), actor(c), one.Enrolment.ID)
	if err != nil {
		return nil, err
	}
	page.history(credits, devices, locale.Zone(one.Event.Zone))
	return page, nil
}

// history is how the deadlines moved and which devices held the attempts.
func (page *participantPage) history(credits []assessment.Credit, devices []assessment.DeviceHold, zone *time.Location) {
	for _, k := range credits {
		row := creditRow{
			No: k.No, Kind: "Tambahan waktu", Started: locale.Clock(k.Started.In(zone)), Old: locale.Clock(k.Old.In(zone)), New: locale.Clock(k.New.In(zone)),
			Given: locale.DateTime(k.At.In(zone)), More: int(k.More().Round(time.Minute).Minutes()), Reason: k.Reason,
		}
		if k.Kind == assessment.CreditForPause {
			row.Kind = "Jeda"
		}
		page.Credits = append(page.Credits, row)
	}
	for _, d := range devices {
		page.Devices = append(page.Devices, deviceRow{No: d.No, Browser: cmp.Or(d.Browser, "peramban tidak dikenal"), Since: locale.DateTime(d.Since.In(zone)), Now: d.Now, Same: d.Same})
	}
}

// personView is the part of the page that depends on the person alone.
func personView(one assessment.Person, now time.Time) *participantPage {
	en, zone := one.Enrolment, locale.Zone(one.Event.Zone)
	page := &participantPage{
		Enrolment: en.ID, Number: people.Grouped(en.NIP), Unit: en.UnitPath, Position: en.Position, Session: one.Session.Name,
		Where: locale.WindowIn(one.Session.OpensAt, one.Session.ClosesAt, one.Event.Zone), Factor: en.TimeFactorPct, Code: en.HasStartCode, Withdrawn: en.Withdrawn,
	}
	if one.Session.Place != "" {
		page.Where += ", " + one.Session.Place
	}
	for _, a := range one.Attempts {
		row := attemptRow{
			No: a.No, Tag: attemptTag(a.Attempt), Started: locale.DateTime(a.StartedAt.In(zone)), Deadline: locale.Clock(a.Deadline.In(zone)),
			Credited: int(a.Credited.Minutes()), Answered: a.Answered, Items: a.Items, Late: a.Late, Reason: a.VoidReason,
		}
		if !a.LastAt.IsZero() {
			row.Heard = ago(a.LastAt, now)
		}
		if !a.SubmittedAt.IsZero() {
			row.Submitted = locale.DateTime(a.SubmittedAt.In(zone))
		}
		if a.Paused() {
			row.Tag = tag{"box warn", "Dijeda"}
		}
		if a.UnderWay() {
			row.Left, page.Running = kit.Left(a.Left(now)), a.No
		}
		page.Voidable = 0
		if a.State != assessment.Voided {
			page.Voidable = a.No
		}
		page.Attempts = append(page.Attempts, row)
	}
	return page
}

// onAttempt runs an act of the person's page and shows a refusal in its form.
func (p pages) onAttempt(c *kit.Ctx, form string, no func(*participantPage) int, do func(ctx context.Context, id assessment.AttemptID, typed actForm) (string, error)) (kit.Response, error) {
	one, err := p.enrolmentOf(c)
	if err != nil {
		return nil, err
	}
	page, err := p.participantPage(c, one)
	if err != nil {
		return nil, err
	}
	typed := actForm{Minutes: c.Form("minutes"), Reason: c.Form("reason"), Again: c.Form("again") != ""}
	id := assessment.AttemptID{Enrolment: one.Enrolment.ID, No: no(page)}
	text, err := do(c.Context(), id, typed)
	if err != nil {
		errs, err := inPlace(err)
		if err != nil {
			return nil, err
		}
		page.Errors, page.Failed, page.Typed = errs, form, typed
		return kit.Refused("officer/orang", page), nil
	}
	c.Flash(text)
	return kit.Redirect(eventPath(c, one.Event.ID, "/peserta/"+c.Seal(kindEnrolment, one.Enrolment.ID))), nil
}

func running(page *participantPage) int  { return page.Running }
func voidable(page *participantPage) int { return page.Voidable }

func (p pages) addTime(c *kit.Ctx) (kit.Response, error) {
	return p.onAttempt(c, "waktu", running, func(ctx context.Context, id assessment.AttemptID, typed actForm) (string, error) {
		minutes, err := strconv.Atoi(typed.Minutes)
		if err != nil {
			return "", fault.New(fault.Invalid, "officer.minutes").On("minutes")
		}
		more := time.Duration(min(max(minutes, 0), 24*60)) * time.Minute
		_, err = p.Assessment.CreditOutage(ctx, actor(c), []assessment.AttemptID{id}, more, typed.Reason)
		return fmt.Sprintf("Waktu ditambah %d menit.", minutes), err
	})
}

func (p pages) end(c *kit.Ctx) (kit.Response, error) {
	return p.onAttempt(c, "akhiri", running, func(ctx context.Context, id assessment.AttemptID, typed actForm) (string, error) {
		if id.No == 0 {
			return "", fault.New(fault.Conflict, "assessment.none_under_way")
		}
		return "Pengerjaan diakhiri. Jawaban yang sudah tersimpan dinilai.", p.Assessment.End(ctx, actor(c), id, typed.Reason)
	})
}

func (p pages) void(c *kit.Ctx) (kit.Response, error) {
	return p.onAttempt(c, "batalkan", voidable, func(ctx context.Context, id assessment.AttemptID, typed actForm) (string, error) {
		if id.No == 0 {
			return "", fault.New(fault.Conflict, "assessment.nothing_to_void")
		}
		return "Percobaan dibatalkan dan tidak dihitung.", p.Assessment.Void(ctx, actor(c), id, typed.Reason, typed.Again)
	})
}
