package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
	"cakap/scoring"
)

// Taker is the civil servant who acts: a person, narrowed to one enrolment
// where the way in was a start code.
type Taker struct {
	Person int64
	Only   int64 // 0: every enrolment of the person
}

func (t Taker) owns(e Enrolment) bool {
	return e.Person == t.Person && (t.Only == 0 || t.Only == e.ID) && !e.Withdrawn
}

// Ticket is what an attempt's signed bearer carries: with it an answer is
// saved without reading anything first.
type Ticket struct {
	AttemptID
	Person int64
	Epoch  int    // of the device that holds the attempt
	Shape  string // see ValidValue
}

// TicketOf reads a ticket out of a verified bearer.
func TicketOf(b access.Bearer) Ticket {
	return Ticket{AttemptID: AttemptID{b.Enrolment, b.Attempt}, Person: b.Person, Epoch: b.Epoch, Shape: b.Shape}
}

// Bearer is the ticket as access.Keys signs it.
func (t Ticket) Bearer() access.Bearer {
	return access.Bearer{Enrolment: t.Enrolment, Attempt: t.No, Epoch: t.Epoch, Person: t.Person, Shape: t.Shape}
}

// Started is an attempt under way.
type Started struct {
	Attempt Attempt
	Created bool // by this call
	Holds   bool // the caller's device holds it; otherwise only TakeOver gives a ticket
}

// Start begins an attempt, or returns the one under way: of any number of
// parallel starts one creates it and the others get the same. device is an
// opaque name of the browser and browser its kind, for people to read; token
// is the session's, where it asks for one.
func (s *Service) Start(ctx context.Context, taker Taker, enrolment int64, device, browser, token string) (Started, error) {
	now := s.now()
	in, err := s.starting(ctx, taker, enrolment)
	if err != nil {
		return Started{}, err
	}
	if a, ok := underWay(in.Attempts); ok {
		return Started{Attempt: a, Holds: a.Device == device}, nil
	}
	if err := s.roomy(); err != nil {
		return Started{}, err
	}
	in.Token = token
	want, err := in.decide(device, now)
	if err == nil {
		err = s.mayEnter(ctx, in)
	}
	if err == nil {
		want, err = s.begins(ctx, in.Event.Spec, want)
	}
	if err != nil {
		return Started{}, err
	}
	var started Started
	err = s.follows(ctx, enrolment, func(ctx context.Context, db storage.Querier) error {
		st := store{db}
		created, err := st.start(ctx, want)
		if err == nil && created {
			err = st.noteDevice(ctx, want.AttemptID, want.DeviceEpoch, device, browser, now)
		}
		if err != nil {
			return err
		}
		all, err := st.attempts(ctx, enrolment)
		if err != nil {
			return err
		}
		a, _ := underWay(all)
		started = Started{Attempt: a, Created: created, Holds: a.Device == device}
		return nil
	})
	if err != nil {
		return Started{}, fmt.Errorf("start attempt: %w", err)
	}
	if started.Attempt.No == 0 { // another start won, and that attempt is over already
		return Started{}, fault.New(fault.Conflict, "assessment.attempts_used")
	}
	return started, nil
}

func underWay(attempts []Attempt) (Attempt, bool) {
	i := slices.IndexFunc(attempts, Attempt.UnderWay)
	if i < 0 {
		return Attempt{}, false
	}
	return attempts[i], true
}

// starting loads everything a participant's next step depends on.
func (s *Service) starting(ctx context.Context, taker Taker, enrolment int64) (starting, error) {
	en, err := s.ownEnrolment(ctx, taker, enrolment)
	if err != nil {
		return starting{}, err
	}
	return s.startingOf(ctx, en)
}

func (s *Service) startingOf(ctx context.Context, en Enrolment) (in starting, err error) {
	in.Enrolment = en
	if in.Event, err = s.read.event(ctx, en.Event); err != nil {
		return in, fmt.Errorf("load event: %w", err)
	}
	if in.Session, err = s.read.session(ctx, en.Session); err != nil {
		return in, fmt.Errorf("load session: %w", err)
	}
	if in.Attempts, err = s.read.attempts(ctx, en.ID); err != nil {
		return in, fmt.Errorf("list attempts: %w", err)
	}
	if in.Forms, err = s.read.countForms(ctx, en.ID); err != nil {
		return in, fmt.Errorf("count forms: %w", err)
	}
	return in, nil
}

func (s *Service) ownEnrolment(ctx context.Context, taker Taker, id int64) (Enrolment, error) {
	en, err := s.read.enrolment(ctx, id)
	if err != nil {
		return Enrolment{}, missing(err, "load enrolment", "assessment.not_enrolled")
	}
	if !taker.owns(en) {
		return Enrolment{}, fault.New(fault.NotFound, "assessment.not_enrolled")
	}
	return en, nil
}

// Ticket gives the device that holds the attempt under way its ticket.
func (s *Service) Ticket(ctx context.Context, taker Taker, enrolment int64, device string) (Ticket, error) {
	a, f, err := s.held(ctx, taker, enrolment, device)
	if err != nil {
		return Ticket{}, err
	}
	return ticket(taker, a, f), nil
}

func ticket(taker Taker, a Attempt, f Form) Ticket {
	return Ticket{AttemptID: a.AttemptID, Person: taker.Person, Epoch: a.DeviceEpoch, Shape: f.Shape()}
}

// TicketItem is Ticket with what the form asks at a position, for an answer
// that arrives in fields of a page rather than as a value.
func (s *Service) TicketItem(ctx context.Context, taker Taker, enrolment int64, device string, position int) (Ticket, FormItem, error) {
	a, f, err := s.held(ctx, taker, enrolment, device)
	if err != nil {
		return Ticket{}, FormItem{}, err
	}
	if position < 1 || position > len(f.Items) {
		return Ticket{}, FormItem{}, fault.New(fault.Invalid, "assessment.bad_position")
	}
	if !a.takes(position) {
		return Ticket{}, FormItem{}, fault.New(fault.Conflict, "assessment.locked_item")
	}
	return ticket(taker, a, f), f.Items[position-1], nil
}

// held loads the attempt under way and its form, for the device that holds it.
// Nobody sees an item before the row of the start is committed. Another device
// hears assessment.other_device, and must ask before it takes over, or
// assessment.device_free, where a proctor let go of the old one: then it calls
// TakeOver at once.
func (s *Service) held(ctx context.Context, taker Taker, enrolment int64, device string) (Attempt, Form, error) {
	if _, err := s.ownEnrolment(ctx, taker, enrolment); err != nil {
		return Attempt{}, Form{}, err
	}
	all, err := s.read.attempts(ctx, enrolment)
	if err != nil {
		return Attempt{}, Form{}, fmt.Errorf("list attempts: %w", err)
	}
	a, ok := underWay(all)
	switch {
	case !ok && len(all) > 0 && all[len(all)-1].State == Submitted:
		return Attempt{}, Form{}, fault.New(fault.Conflict, "assessment.submitted")
	case !ok:
		return Attempt{}, Form{}, fault.New(fault.NotFound, "assessment.not_started")
	case a.Device != device:
		free, err := s.free(ctx, a, device)
		if err == nil && free {
			err = fault.New(fault.Conflict, "assessment.device_free")
		}
		if err == nil {
			err = fault.New(fault.Conflict, "assessment.other_device")
		}
		return Attempt{}, Form{}, err
	}
	f, err := s.read.form(ctx, enrolment, a.FormNo)
	if err != nil {
		return Attempt{}, Form{}, fmt.Errorf("load form: %w", err)
	}
	return a, f, nil
}

// Paper is an attempt as its taker sees it. Where it is sequential, Items holds
// only the part that takes answers now: one item, or those of one aspect. The
// positions run from 1 to Attempt.Items all the same.
type Paper struct {
	Event      Event
	Attempt    Attempt
	Ticket     Ticket
	Items      []PaperItem
	LastSeq    int64         // highest the server has; the device goes on from there
	Left       time.Duration // working time that remains; the server's clock alone counts
	Sequential bool          // what is before Items is locked, what is behind not shown yet
	Reached    int           // where Sequential: the first position of Items, which Advance leaves
}

// Total is how many positions the whole form has.
func (p Paper) Total() int { return p.Attempt.Items }

// Last reports whether nothing comes behind Items: the way on is to submit.
func (p Paper) Last() bool { return !p.Sequential || p.Attempt.ReachedTo >= p.Attempt.Items }

// PaperItem is one position: the item without anything that could tell its
// key, its options in this form's order, and the answer so far.
type PaperItem struct {
	Position int
	Aspect   scoring.Aspect        // Total for what ends the form and counts for none
	Ref      questionbank.Ref      // for caches; not for the page
	Delivery questionbank.Delivery // options and targets in the order on display
	Order    []int                 // the author's number of each option of the first part on display
	Value    string                // as the journal has it
	Doubt    bool
}

// Fill is how far the position is answered.
func (p PaperItem) Fill() Fill { return fill(p.Delivery.Parts, p.Value) }

// Values are those of the item's parts.
func (p PaperItem) Values() []string { return Split(p.Value, len(p.Delivery.Parts)) }

// Paper loads the attempt under way for the device that holds it.
func (s *Service) Paper(ctx context.Context, taker Taker, enrolment int64, device string) (Paper, error) {
	a, f, err := s.held(ctx, taker, enrolment, device)
	if err != nil {
		return Paper{}, err
	}
	event, err := s.read.event(ctx, a.Event)
	if err != nil {
		return Paper{}, fmt.Errorf("load event: %w", err)
	}
	items, err := s.bank.of(ctx, f)
	if err != nil {
		return Paper{}, err
	}
	rows, err := s.read.journal(ctx, a.AttemptID)
	if err != nil {
		return Paper{}, fmt.Errorf("read journal: %w", err)
	}
	late, err := s.read.lateRows(ctx, a.AttemptID)
	if err != nil {
		return Paper{}, fmt.Errorf("read late answers: %w", err)
	}
	p := Paper{
		Event: event, Attempt: a, Ticket: ticket(taker, a, f), Items: make([]PaperItem, 0, len(f.Items)),
		LastSeq: max(lastSeq(rows), lastSeq(late)), Left: a.Left(s.now()), Sequential: a.Sequential, Reached: a.Reached,
	}
	last := latest(rows)
	for i, item := range f.Items {
		if !a.takes(i + 1) {
			continue
		}
		p.Items = append(p.Items, PaperItem{
			Position: i + 1, Aspect: item.Aspect, Ref: item.Ref, Delivery: displayed(items[i].delivery, item.Parts()),
			Order: item.Options, Value: last[i+1].Value, Doubt: last[i+1].Doubt,
		})
	}
	return p, nil
}

// displayed puts a delivery's options and targets in the order of a form.
func displayed(d questionbank.Delivery, parts []FormPart) questionbank.Delivery {
	d.Parts = slices.Clone(d.Parts)
	for i := range d.Parts {
		if i < len(parts) {
			d.Parts[i].Options = inOrder(d.Parts[i].Options, parts[i].Options)
			d.Parts[i].Targets = inOrder(d.Parts[i].Targets, parts[i].Targets)
		}
	}
	return d
}

func inOrder(options []questionbank.DeliveryOption, order []int) []questionbank.DeliveryOption {
	shown := make([]questionbank.DeliveryOption, len(order))
	for place, number := range order {
		shown[place] = options[number]
	}
	return shown
}

// Status is where an attempt stands, for a page that asks now and then.
type Status struct {
	State  State
	Left   time.Duration
	Holder bool // the ticket's device still holds the attempt
	Paused bool // the clock stands still; Left does not shrink
}

// Status reads an attempt by its ticket.
func (s *Service) Status(ctx context.Context, t Ticket) (Status, error) {
	a, err := s.read.attempt(ctx, t.AttemptID)
	if err != nil {
		return Status{}, missing(err, "load attempt", "assessment.not_started")
	}
	now := s.now()
	st := Status{State: a.State, Left: a.Left(now), Holder: a.DeviceEpoch == t.Epoch, Paused: a.Paused()}
	if a.State == Open && a.over(now) {
		st.State = Closing // the sweep will say so in a moment
	}
	return st, nil
}
