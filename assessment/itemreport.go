package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
	"cakap/questionbank"
)

// ReportKind is what a participant says is wrong with an item.
type ReportKind string

// The kinds of reports.
const (
	PictureMissing ReportKind = "picture"
	Unclear        ReportKind = "unclear"
	BadOption      ReportKind = "option"
	OtherFault     ReportKind = "other"
)

// ReportKinds is every kind, in the order forms list them.
var ReportKinds = [...]ReportKind{PictureMissing, Unclear, BadOption, OtherFault}

const (
	mostReports   = 10  // of one attempt
	maxReportNote = 300 // letters
)

// ReportItem keeps what the participant who holds the attempt says of an item
// ("Laporkan masalah soal"). It changes no answer and no score. The same words
// sent twice while nobody has looked are one report.
func (s *Service) ReportItem(ctx context.Context, t Ticket, position int, kind, note string) error {
	note = strings.TrimSpace(note)
	if !slices.Contains(ReportKinds[:], ReportKind(kind)) {
		return fault.New(fault.Invalid, "assessment.report_kind").On("kind")
	}
	if !written(note, maxReportNote, "\n\t") {
		return fault.New(fault.Invalid, "assessment.report_note", maxReportNote).On("note")
	}
	a, err := s.read.attempt(ctx, t.AttemptID)
	if err != nil {
		return missing(err, "load attempt", "assessment.not_started")
	}
	f, err := s.read.form(ctx, a.Enrolment, a.FormNo)
	if err != nil {
		return fmt.Errorf("load form: %w", err)
	}
	if position < 1 || position > len(f.Items) {
		return fault.New(fault.Invalid, "assessment.report_position", len(f.Items)).On("position")
	}
	r := reporting{ticket: t, position: position, ref: f.Items[position-1].Ref, kind: ReportKind(kind), note: note, at: s.now()}
	if err := s.follows(ctx, t.Enrolment, r.run); err != nil {
		return fmt.Errorf("keep report: %w", err)
	}
	return r.refusal
}

// reporting is a report inside a shared transaction.
type reporting struct {
	ticket   Ticket
	position int
	ref      questionbank.Ref
	kind     ReportKind
	note     string
	at       time.Time
	refusal  error
}

func (r *reporting) run(ctx context.Context, db storage.Querier) error {
	st := store{db}
	r.refusal = nil
	have, err := st.reportsOf(ctx, r.ticket.AttemptID)
	if err != nil {
		return err
	}
	for _, h := range have {
		if h.Position == r.position && h.Kind == r.kind && h.Note == r.note && h.SeenMS == nil {
			return nil
		}
	}
	if len(have) >= mostReports {
		r.refusal = fault.New(fault.Conflict, "assessment.reports_used", mostReports)
		return nil
	}
	done, err := st.addReport(ctx, *r)
	if err == nil && !done {
		r.refusal = fault.New(fault.Conflict, "assessment.report_closed")
	}
	return err
}

// ItemReport is a report as proctors see it: what the participant sees of the
// item, and nothing of its key.
type ItemReport struct {
	AttemptID
	ID       int64
	Position int
	Session  int64
	questionbank.Ref
	Code    string
	Stem    string // plain text
	Kind    ReportKind
	Note    string
	Who     Enrolment // name, number, unit
	At      time.Time
	SeenAt  time.Time // zero until somebody dealt with it
	Verdict ReportVerdict
	Faulty  FaultyState // of the item in this event, "" where nobody proposed it
}

// ReportVerdict is what a proctor makes of a report.
type ReportVerdict string

// The verdicts.
const (
	VerdictFine   ReportVerdict = "fine"   // the person can go on
	VerdictFaulty ReportVerdict = "faulty" // the item should leave the score
)

// ItemReports lists the reports of a session (0: of the event), those nobody
// has dealt with first, the newest of them on top.
func (s *Service) ItemReports(ctx context.Context, actor Actor, event, session int64) ([]ItemReport, error) {
	if _, err := eventFor(ctx, s.read, actor, event); err != nil {
		return nil, err
	}
	rows, err := s.read.reports(ctx, event, session)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(r reportRow) bool { return !actor.Scope.Covers(r.AgencyID) })
	refs := make([]questionbank.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Ref
	}
	contents, err := questionbank.Revisions(ctx, s.db, refs)
	if err != nil {
		return nil, err
	}
	all := make([]ItemReport, len(rows))
	for i, r := range rows {
		all[i] = r.report()
		all[i].Stem = questionbank.Plain(contents[r.Ref].Delivery().Stem)
	}
	return all, nil
}

// SettleReport says what became of a report. "faulty" also proposes that the
// item leaves the score, and settles every open report of the item that the
// actor can see.
func (s *Service) SettleReport(ctx context.Context, actor Actor, event int64, id AttemptID, report int64, verdict ReportVerdict, reason string) error {
	if verdict != VerdictFine && verdict != VerdictFaulty {
		return fault.New(fault.Malformed, "error.malformed")
	}
	if verdict == VerdictFaulty {
		if err := reasoned(reason); err != nil {
			return err
		}
	}
	now := s.now()
	entry := access.Entry{Action: "report.settle", ObjectKind: "event", ObjectID: event}
	return s.audited(ctx, actor, entry, func(st store, entry *access.Entry) error {
		e, err := eventFor(ctx, st, actor, event)
		if err != nil {
			return err
		}
		open, err := st.reports(ctx, event, 0)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(r reportRow) bool { return !actor.Scope.Covers(r.AgencyID) })
		i := slices.IndexFunc(open, func(r reportRow) bool { return r.attemptID() == id && r.ID == report })
		switch {
		case i < 0:
			return fault.New(fault.NotFound, "assessment.no_report")
		case open[i].SeenMS != nil:
			return fault.New(fault.Conflict, "assessment.report_settled")
		}
		one, settled := open[i], 0
		for _, r := range open {
			same := r.attemptID() == id && r.ID == report || verdict == VerdictFaulty && r.Item == one.Item && r.SeenMS == nil
			if !same {
				continue
			}
			if err := st.settleReport(ctx, r.attemptID(), r.ID, verdict, actor.Account, now); err != nil {
				return err
			}
			settled++
		}
		entry.AgencyID = one.AgencyID
		entry.Detail = map[string]any{"item": one.Item, "verdict": verdict, "count": settled}
		if verdict != VerdictFaulty {
			return nil
		}
		return st.proposeOnce(ctx, e, one.Item, reason, actor.Account, now)
	})
}

type reportRow struct {
	EnrolmentID int64 `db:"enrolment_id"`
	AttemptNo   int   `db:"attempt_no"`
	ID          int64 `db:"id"`
	Position    int   `db:"position"`
	SessionID   int64 `db:"session_id"`
	questionbank.Ref
	Kind     ReportKind    `db:"kind"`
	Note     string        `db:"note"`
	AtMS     int64         `db:"at_ms"`
	SeenMS   *int64        `db:"seen_ms"`
	Verdict  ReportVerdict `db:"verdict"`
	Code     string        `db:"code"`
	Faulty   FaultyState   `db:"faulty"`
	AgencyID int64         `db:"agency_id"`
	Name     string        `db:"name"`
	NIP      string        `db:"nip"`
	UnitPath string        `db:"unit_path"`
}

func (r reportRow) attemptID() AttemptID { return AttemptID{r.EnrolmentID, r.AttemptNo} }

func (r reportRow) report() ItemReport {
	return ItemReport{
		AttemptID: r.attemptID(), ID: r.ID, Position: r.Position, Session: r.SessionID, Ref: r.Ref, Code: r.Code, Kind: r.Kind, Note: r.Note,
		Who: Enrolment{ID: r.EnrolmentID, Session: r.SessionID, Agency: r.AgencyID, Name: r.Name, NIP: r.NIP, UnitPath: r.UnitPath},
		At:  instant(r.AtMS), SeenAt: instant(value(r.SeenMS)), Verdict: r.Verdict, Faulty: r.Faulty,
	}
}

func (s store) reports(ctx context.Context, event, session int64) ([]reportRow, error) {
	var rows []reportRow
	err := s.db.Select(ctx, &rows, `
		SELECT r.enrolment_id, r.attempt_no, r.id, r.position, r.session_id, r.item_id, r.rev, r.kind, r.note, r.at_ms, r.seen_ms, r.verdict,
			i.code, COALESCE(f.state, '') AS faulty, e.agency_id, e.name, e.nip, e.unit_path
		FROM item_report r JOIN enrolment e ON e.id = r.enrolment_id JOIN item i ON i.id = r.item_id
		LEFT JOIN faulty_item f ON f.event_id = r.event_id AND f.item_id = r.item_id
		WHERE r.event_id = ? AND (CAST(? AS BIGINT) = 0 OR r.session_id = ?)
		ORDER BY CASE WHEN r.seen_ms IS NULL THEN 0 ELSE 1 END, r.at_ms DESC, r.id DESC`, event, session, session)
	return rows, err
}

// openReports counts the reports nobody has dealt with, by enrolment.
func (s store) openReports(ctx context.Context, event, session int64) (map[int64]int, error) {
	var rows []struct {
		EnrolmentID int64 `db:"enrolment_id"`
		N           int   `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `
		SELECT enrolment_id, count(*) AS n FROM item_report
		WHERE event_id = ? AND session_id = ? AND seen_ms IS NULL GROUP BY enrolment_id`, event, session)
	by := make(map[int64]int, len(rows))
	for _, r := range rows {
		by[r.EnrolmentID] = r.N
	}
	return by, err
}

func (s store) reportsOf(ctx context.Context, id AttemptID) ([]reportRow, error) {
	var rows []reportRow
	err := s.db.Select(ctx, &rows, `
		SELECT enrolment_id, attempt_no, id, position, session_id, item_id, rev, kind, note, at_ms, seen_ms, verdict FROM item_report
		WHERE enrolment_id = ? AND attempt_no = ? ORDER BY id`, id.Enrolment, id.No)
	return rows, err
}

// addReport inserts the report if the attempt is under way and this device
// holds it.
func (s store) addReport(ctx context.Context, r reporting) (bool, error) {
	n, err := s.db.Exec(ctx, `
		INSERT INTO item_report (enrolment_id, attempt_no, id, position, event_id, session_id, item_id, rev, kind, note, at_ms)
		SELECT a.enrolment_id, a.attempt_no, ?, ?, e.event_id, e.session_id, ?, ?, ?, ?, ?
		FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id
		WHERE a.enrolment_id = ? AND a.attempt_no = ? AND a.device_epoch = ? AND a.state IN ('open', 'closing')`,
		storage.NewID(r.at), r.position, r.ref.Item, r.ref.Rev, r.kind, r.note, r.at.UnixMilli(),
		r.ticket.Enrolment, r.ticket.No, r.ticket.Epoch)
	return n == 1, err
}

func (s store) settleReport(ctx context.Context, id AttemptID, report int64, verdict ReportVerdict, actor int64, at time.Time) error {
	_, err := s.db.Exec(ctx, `
		UPDATE item_report SET seen_ms = ?, seen_by = ?, verdict = ?
		WHERE enrolment_id = ? AND attempt_no = ? AND id = ? AND seen_ms IS NULL`,
		at.UnixMilli(), actor, verdict, id.Enrolment, id.No, report)
	return err
}
