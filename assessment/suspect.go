package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cakap/assessment/integrity"
	"cakap/internal/access"
	"cakap/questionbank"
	"cakap/scoring"
)

// Suspect is a person whom an officer should look at. It holds counts and no
// answer, so it tells nothing of a key.
type Suspect struct {
	Who     Enrolment
	Session string
	Attempt int
}

// FastSuspect answered faster than people read.
type FastSuspect struct {
	Suspect
	integrity.Speed
}

// BurstSuspect changed many answers in a short time.
type BurstSuspect struct {
	Suspect
	integrity.Burst
}

// PairSuspect is two people with the same wrong answers.
type PairSuspect struct {
	A, B Suspect
	integrity.Pair
}

// DeviceSuspect is one browser with attempts of several people in a session.
type DeviceSuspect struct {
	Kind     string
	People   []Suspect
	Since    time.Time
	Together time.Duration
}

// Suspects is what stands out in an event, or in one session of it. Nothing of
// it changes a score or ends an attempt: a person looks and decides.
type Suspects struct {
	Event    Event
	Sessions []Session
	Attempts int // looked at
	Pairs    int // compared
	TooMany  bool
	Fast     []FastSuspect
	Alike    []PairSuspect
	Devices  []DeviceSuspect
	Bursts   []BurstSuspect
}

// sitting is an attempt with everything the analysis looks at.
type sitting struct {
	Suspect
	session int64
	ended   time.Time
	wrong   []integrity.Wrong
	integrity.Sitting
}

// Suspects looks at the attempts of an event's session (0: of every session,
// each by itself) that were not voided, of the people the actor may see. Opening
// it is audited: it is about named people.
func (s *Service) Suspects(ctx context.Context, actor Actor, event, session int64) (Suspects, error) {
	e, people, err := s.roll(ctx, actor, event, 0, session)
	if err != nil {
		return Suspects{}, err
	}
	out := Suspects{Event: e}
	if out.Sessions, err = s.read.sessions(ctx, event); err != nil {
		return Suspects{}, fmt.Errorf("list sessions: %w", err)
	}
	if session != 0 && !slices.ContainsFunc(out.Sessions, func(n Session) bool { return n.ID == session }) {
		_, err := sessionOf(ctx, s.read, event, session)
		return Suspects{}, missing(err, "load session", "assessment.no_session")
	}
	for _, n := range out.Sessions {
		if session != 0 && n.ID != session {
			continue
		}
		if err := s.suspectsOf(ctx, &out, n, people); err != nil {
			return Suspects{}, err
		}
	}
	out.sort()
	detail := map[string]any{"session": session, "fast": len(out.Fast), "alike": len(out.Alike), "devices": len(out.Devices), "bursts": len(out.Bursts)}
	entry := access.Entry{Action: "integrity.read", ObjectKind: "event", ObjectID: e.ID, Detail: detail}
	return out, s.audited(ctx, actor, entry, func(store, *access.Entry) error { return nil })
}

// sort puts the most striking first.
func (o *Suspects) sort() {
	slices.SortStableFunc(o.Fast, func(a, b FastSuspect) int { return cmp.Compare(b.Fast, a.Fast) })
	slices.SortStableFunc(o.Alike, func(a, b PairSuspect) int { return cmp.Compare(a.Chance, b.Chance) })
	slices.SortStableFunc(o.Devices, func(a, b DeviceSuspect) int { return cmp.Compare(b.Together, a.Together) })
	slices.SortStableFunc(o.Bursts, func(a, b BurstSuspect) int { return cmp.Compare(b.Changed, a.Changed) })
}

// suspectsOf adds what stands out in one session. People are compared within
// their session: that bounds the work, and they sat together.
func (s *Service) suspectsOf(ctx context.Context, out *Suspects, n Session, people []Participant) error {
	byID := map[int64]Participant{}
	for _, p := range people {
		if p.Enrolment.Session == n.ID && !p.Enrolment.Withdrawn {
			byID[p.Enrolment.ID] = p
		}
	}
	all, err := s.sittings(ctx, out.Event, n, byID)
	if err != nil {
		return err
	}
	out.Attempts += len(all)
	wrong := make([][]integrity.Wrong, len(all))
	for i, one := range all {
		wrong[i] = one.wrong
		if pace := integrity.PaceOf(one.Sitting); pace.Odd() {
			out.Fast = append(out.Fast, FastSuspect{one.Suspect, pace})
		}
		if burst := integrity.BurstOf(one.Sitting); burst.Odd() {
			out.Bursts = append(out.Bursts, BurstSuspect{one.Suspect, burst})
		}
	}
	if len(all) > integrity.MostPeople {
		out.TooMany = true
	} else {
		out.Pairs += len(all) * (len(all) - 1) / 2
		for _, p := range integrity.Similar(wrong) {
			if all[p.A].Who.Person != all[p.B].Who.Person {
				out.Alike = append(out.Alike, PairSuspect{all[p.A].Suspect, all[p.B].Suspect, p})
			}
		}
	}
	return s.devicesOf(ctx, out, n, byID)
}

// sittings loads the attempts of a session with their journals.
func (s *Service) sittings(ctx context.Context, e Event, n Session, byID map[int64]Participant) ([]sitting, error) {
	heads, err := s.read.sessionAttempts(ctx, e.ID, n.ID)
	if err != nil {
		return nil, fmt.Errorf("list attempts of a session: %w", err)
	}
	rows, err := s.read.sessionJournal(ctx, e.ID, n.ID)
	if err != nil {
		return nil, fmt.Errorf("read journals of a session: %w", err)
	}
	journals := map[AttemptID][]Row{}
	for _, r := range rows {
		id := AttemptID{r.EnrolmentID, r.AttemptNo}
		journals[id] = append(journals[id], r.Row)
	}
	var all []sitting
	for _, h := range heads {
		p, mine := byID[h.EnrolmentID]
		id := AttemptID{h.EnrolmentID, h.AttemptNo}
		if !mine || len(journals[id]) == 0 {
			continue
		}
		form, err := s.read.form(ctx, h.EnrolmentID, h.FormNo)
		if err != nil {
			return nil, fmt.Errorf("load form: %w", err)
		}
		items, err := s.bank.of(ctx, form)
		if err != nil {
			return nil, err
		}
		one := sitting{Suspect: Suspect{Who: p.Enrolment, Session: n.Name, Attempt: h.AttemptNo}, session: n.ID, ended: instant(value(h.SubmittedMS))}
		one.Sitting = integrity.Sitting{Floor: floorsOf(items), Ended: one.ended}
		for _, r := range journals[id] {
			one.Entries = append(one.Entries, integrity.Entry{Position: r.Position, Seq: r.Seq, Value: r.Value, At: instant(r.ReceivedMS)})
		}
		one.wrong = wrongOf(form, items, journals[id])
		all = append(all, one)
	}
	return all, nil
}

// floorsOf is how long each position takes to read, by the letters on it.
func floorsOf(items []bankItem) map[int]time.Duration {
	floors := map[int]time.Duration{}
	for i, item := range items {
		floors[i+1] = integrity.Floor(readingLength(item.delivery))
	}
	return floors
}

func readingLength(d questionbank.Delivery) int {
	n := utf8.RuneCountInString(d.Stimulus) + utf8.RuneCountInString(d.Stem)
	for _, part := range d.Parts {
		n += utf8.RuneCountInString(part.Prompt)
		for _, o := range slices.Concat(part.Options, part.Targets) {
			n += utf8.RuneCountInString(o.Text)
		}
	}
	return n
}

// wrongOf is the answers that earned less than all points, of the items a key
// decides.
func wrongOf(form Form, items []bankItem, rows []Row) []integrity.Wrong {
	var all []integrity.Wrong
	for position, row := range latest(rows) {
		if position < 1 || position > len(items) {
			continue
		}
		key, at := items[position-1].key, form.Items[position-1]
		if row.Value == "" || !key.Scored() || key.ByHand() {
			continue
		}
		if answer := at.answer(row.Value); key.Mark(answer) < key.Max {
			all = append(all, integrity.Wrong{Item: fmt.Sprint(at.Ref), Answer: authored(row.Value, at)})
		}
	}
	return all
}

// authored is an answer in the author's numbering and in the author's order,
// so that the order on display does not tell two people's answers apart; what
// was typed is in small letters.
func authored(value string, item FormItem) string {
	a := item.answer(value)
	parts := item.Parts()
	if len(parts) == 1 {
		a = sortedAnswer(a, parts[0].Kind)
	}
	for i := range a.Parts {
		a.Parts[i] = sortedAnswer(a.Parts[i], parts[i].Kind)
	}
	return strings.ToLower(strings.Join(strings.Fields(fmt.Sprintf("%v", a)), " "))
}

func sortedAnswer(a scoring.Answer, kind questionbank.Kind) scoring.Answer {
	if kind != questionbank.OrderKind { // there the order is the answer
		slices.Sort(a.Chosen)
	}
	for _, row := range a.Pairs {
		slices.Sort(row)
	}
	return a
}

// devicesOf adds browsers that held attempts of several people in a session.
func (s *Service) devicesOf(ctx context.Context, out *Suspects, n Session, byID map[int64]Participant) error {
	rows, err := s.read.sessionDevices(ctx, out.Event.ID, n.ID)
	if err != nil {
		return fmt.Errorf("list devices of a session: %w", err)
	}
	var holds []integrity.Hold
	who := map[int64]Suspect{}
	for i, r := range rows {
		p, mine := byID[r.EnrolmentID]
		if !mine {
			continue
		}
		h := integrity.Hold{Person: p.Enrolment.Person, Session: n.ID, Device: r.Device, Kind: r.Kind, From: instant(r.SinceMS), To: instant(value(r.SubmittedMS))}
		if i+1 < len(rows) && rows[i+1].EnrolmentID == r.EnrolmentID && rows[i+1].AttemptNo == r.AttemptNo {
			h.To = instant(rows[i+1].SinceMS)
		}
		holds = append(holds, h)
		who[p.Enrolment.Person] = Suspect{Who: p.Enrolment, Session: n.Name, Attempt: r.AttemptNo}
	}
	for _, shared := range integrity.SharedDevices(holds, s.now()) {
		one := DeviceSuspect{Kind: shared.Kind, Since: shared.Holds[0].From, Together: shared.Together}
		seen := map[int64]bool{}
		for _, h := range shared.Holds {
			if !seen[h.Person] {
				seen[h.Person] = true
				one.People = append(one.People, who[h.Person])
			}
		}
		out.Devices = append(out.Devices, one)
	}
	return nil
}

type sessionAttemptRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	AttemptNo   int    `db:"attempt_no"`
	FormNo      int    `db:"form_no"`
	SubmittedMS *int64 `db:"submitted_ms"`
}

func (s store) sessionAttempts(ctx context.Context, event, session int64) ([]sessionAttemptRow, error) {
	var rows []sessionAttemptRow
	err := s.db.Select(ctx, &rows, `
		SELECT a.enrolment_id, a.attempt_no, a.form_no, a.submitted_ms
		FROM enrolment e JOIN attempt a ON a.enrolment_id = e.id
		WHERE e.event_id = ? AND e.session_id = ? AND a.state <> 'voided'
		ORDER BY a.enrolment_id, a.attempt_no`, event, session)
	return rows, err
}

type sessionJournalRow struct {
	EnrolmentID int64 `db:"enrolment_id"`
	AttemptNo   int   `db:"attempt_no"`
	Row
}

func (s store) sessionJournal(ctx context.Context, event, session int64) ([]sessionJournalRow, error) {
	var rows []sessionJournalRow
	err := s.db.Select(ctx, &rows, `
		SELECT w.enrolment_id, w.attempt_no, w.position, w.seq, w.value, w.doubt, w.received_ms, w.late
		FROM enrolment e JOIN answer w ON w.enrolment_id = e.id
		WHERE e.event_id = ? AND e.session_id = ?
		ORDER BY w.enrolment_id, w.attempt_no, w.seq, w.position`, event, session)
	return rows, err
}

type sessionDeviceRow struct {
	EnrolmentID int64  `db:"enrolment_id"`
	AttemptNo   int    `db:"attempt_no"`
	Device      string `db:"device"`
	Kind        string `db:"kind"`
	SinceMS     int64  `db:"since_ms"`
	SubmittedMS *int64 `db:"submitted_ms"`
}

func (s store) sessionDevices(ctx context.Context, event, session int64) ([]sessionDeviceRow, error) {
	var rows []sessionDeviceRow
	err := s.db.Select(ctx, &rows, `
		SELECT d.enrolment_id, d.attempt_no, d.device, d.kind, d.since_ms, a.submitted_ms
		FROM enrolment e
		JOIN attempt_device d ON d.enrolment_id = e.id
		JOIN attempt a ON a.enrolment_id = d.enrolment_id AND a.attempt_no = d.attempt_no
		WHERE e.event_id = ? AND e.session_id = ?
		ORDER BY d.enrolment_id, d.attempt_no, d.epoch`, event, session)
	return rows, err
}
