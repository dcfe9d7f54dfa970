package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/storage"
)

// TransferState is how far a transfer is.
type TransferState string

// The states.
const (
	TransferAsked     TransferState = "asked"
	TransferAccepted  TransferState = "accepted"
	TransferRefused   TransferState = "refused"
	TransferWithdrawn TransferState = "withdrawn"
)

// Transfer is one agency's wish for a person whom another agency has. Until it
// is accepted the asker sees the number it typed itself and nothing more.
type Transfer struct {
	ID         int64
	PersonID   int64
	From, To   int64 // agencies
	Number     string
	Reason     string
	State      TransferState
	AskedAt    time.Time
	DecidedAt  time.Time // zero while asked
	Decision   string    // why it was refused
	PersonName string    // "" to who may not see it
	Incoming   bool      // the scope has the person, and so decides
}

// Wanted is what a request for transfers did.
type Wanted struct {
	Asked   int
	Already int // asked before, by whomever
}

// maxTransferReason is how long a reason may be, in characters.
const maxTransferReason = 300

// RequestTransfers asks the agencies that have these numbers for their people.
// A number that nobody has, or that the agency has itself, is refused. The
// audit entry is the asking agency's and names nobody.
func (s *Service) RequestTransfers(ctx context.Context, by By, agencyID int64, numbers []string, reason string) (Wanted, error) {
	var done Wanted
	if !by.Scope.Covers(agencyID) {
		return done, errAgencyNotFound()
	}
	reason, err := checkReason(reason)
	if err != nil {
		return done, err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		done = Wanted{}
		for _, number := range numbers {
			asked, err := (store{db}).askFor(ctx, by, agencyID, number, reason)
			if err != nil {
				return err
			}
			if asked {
				done.Asked++
			} else {
				done.Already++
			}
		}
		if done.Asked == 0 {
			return nil
		}
		return by.record(ctx, db, "transfer.ask", "agency", agencyID, agencyID, map[string]int{"people": done.Asked})
	})
	if fault.Of(err) == nil && err != nil {
		return Wanted{}, fmt.Errorf("request transfers: %w", err)
	}
	return done, err
}

func checkReason(reason string) (string, error) {
	text, ok := sheet.Clean(reason)
	if !ok || text == "" || len([]rune(text)) > maxTransferReason {
		return "", fault.New(fault.Invalid, "people.transfer_reason", maxTransferReason).On("reason")
	}
	return text, nil
}

func (s store) askFor(ctx context.Context, by By, agencyID int64, number, reason string) (asked bool, err error) {
	id, err := s.personIDOf(ctx, number)
	if errors.Is(err, storage.ErrNotFound) {
		return false, fault.New(fault.NotFound, "people.transfer_nobody").On("nip")
	}
	if err != nil {
		return false, err
	}
	p, err := s.person(ctx, id)
	if err != nil {
		return false, err
	}
	if p.AgencyID == agencyID {
		return false, fault.New(fault.Conflict, "people.transfer_ours").On("nip")
	}
	var open int
	if err := s.db.Get(ctx, &open, `SELECT count(*) FROM person_transfer WHERE person_id = ? AND state = 'asked'`, id); err != nil || open > 0 {
		return false, err
	}
	_, err = s.db.Exec(ctx, `
		INSERT INTO person_transfer (id, person_id, from_agency, to_agency, number, reason, state, asked_by, asked_ms)
		VALUES (?, ?, ?, ?, ?, ?, 'asked', ?, ?)`,
		storage.NewID(by.Now), id, p.AgencyID, agencyID, number, reason, by.Actor, by.Now.UnixMilli())
	return err == nil, err
}

// personIDOf finds by what was typed: any NIP somebody had, or a participant number.
func (s store) personIDOf(ctx context.Context, number string) (int64, error) {
	if nip, err := ParseNIP(number); err == nil {
		return s.personIDByNIP(ctx, nip)
	}
	return s.personIDByNumber(ctx, number)
}

type transferRow struct {
	ID         int64         `db:"id"`
	PersonID   int64         `db:"person_id"`
	FromAgency int64         `db:"from_agency"`
	ToAgency   int64         `db:"to_agency"`
	Number     string        `db:"number"`
	Reason     string        `db:"reason"`
	State      TransferState `db:"state"`
	AskedMS    int64         `db:"asked_ms"`
	DecidedMS  int64         `db:"decided_ms"`
	Decision   string        `db:"decision"`
	Name       string        `db:"name"`
	AgencyNow  int64         `db:"agency_now"`
}

// transfer is what a scope may see of a row.
func (r transferRow) transfer(scope access.Scope) Transfer {
	t := Transfer{
		ID: r.ID, PersonID: r.PersonID, From: r.FromAgency, To: r.ToAgency, Number: r.Number, Reason: r.Reason, State: r.State,
		AskedAt: time.UnixMilli(r.AskedMS), Decision: r.Decision, Incoming: scope.Covers(r.FromAgency),
	}
	if r.DecidedMS != 0 {
		t.DecidedAt = time.UnixMilli(r.DecidedMS)
	}
	if scope.Covers(r.AgencyNow) {
		t.PersonName = r.Name
	}
	if !t.Incoming {
		t.From = 0 // where somebody works is not the asker's to know
	}
	return t
}

// mostTransfers is how many transfers a list shows.
const mostTransfers = 200

// Transfers are the newest of those that leave or reach the scope's agencies,
// the undecided ones first.
func (s *Service) Transfers(ctx context.Context, scope access.Scope) ([]Transfer, error) {
	agencies := scope.Agencies
	if scope.All {
		agencies = []int64{0}
	}
	var all []Transfer
	seen := map[int64]bool{}
	for _, agency := range agencies {
		rows, err := store{s.db}.transfers(ctx, agency)
		if err != nil {
			return nil, fmt.Errorf("list transfers: %w", err)
		}
		for _, r := range rows {
			if !seen[r.ID] {
				all = append(all, r.transfer(scope))
			}
			seen[r.ID] = true
		}
	}
	return all, nil
}

func (s store) transfers(ctx context.Context, agencyID int64) (rows []transferRow, err error) {
	err = s.db.Select(ctx, &rows, `
		SELECT t.id, t.person_id, t.from_agency, t.to_agency, t.number, t.reason, t.state, t.asked_ms, COALESCE(t.decided_ms, 0) AS decided_ms,
		       t.decision, p.name, p.agency_id AS agency_now
		FROM person_transfer t
		JOIN person p ON p.id = t.person_id
		WHERE CAST(? AS BIGINT) = 0 OR t.from_agency = ? OR t.to_agency = ?
		ORDER BY CASE WHEN t.state = 'asked' THEN 0 ELSE 1 END, t.asked_ms DESC, t.id
		LIMIT ?`, agencyID, agencyID, agencyID, mostTransfers)
	return rows, err
}

func (s store) transfer(ctx context.Context, id int64) (r transferRow, err error) {
	err = s.db.Get(ctx, &r, `
		SELECT t.id, t.person_id, t.from_agency, t.to_agency, t.number, t.reason, t.state, t.asked_ms, COALESCE(t.decided_ms, 0) AS decided_ms,
		       t.decision, p.name, p.agency_id AS agency_now
		FROM person_transfer t
		JOIN person p ON p.id = t.person_id
		WHERE t.id = ?`, id)
	return r, err
}

// DecideTransfer accepts or refuses, as the agency that has the person; or
// withdraws, as the one that asked. What somebody was enrolled in stays with
// the agency of that day. A refusal says why.
func (s *Service) DecideTransfer(ctx context.Context, by By, id int64, to TransferState, why string) error {
	return s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		r, err := st.transfer(ctx, id)
		if errors.Is(err, storage.ErrNotFound) || err == nil && !by.Scope.Covers(r.FromAgency) && !by.Scope.Covers(r.ToAgency) {
			return fault.New(fault.NotFound, "people.transfer_not_found")
		}
		if err != nil {
			return fmt.Errorf("find transfer: %w", err)
		}
		agency := r.FromAgency
		switch to {
		case TransferWithdrawn:
			agency = r.ToAgency
		case TransferAccepted:
			why = ""
		case TransferRefused:
			if why, err = checkReason(why); err != nil {
				return err
			}
		default:
			return fault.New(fault.Invalid, "people.transfer_choice").On("decision")
		}
		if !by.Scope.Covers(agency) {
			return fault.New(fault.NotFound, "people.transfer_not_found")
		}
		if r.State != TransferAsked || r.AgencyNow != r.FromAgency {
			return fault.New(fault.Conflict, "people.transfer_decided")
		}
		if err := st.decide(ctx, by, r, to, why); err != nil {
			return fmt.Errorf("decide transfer: %w", err)
		}
		return by.record(ctx, db, "transfer."+string(to), "person", r.PersonID, agency, nil)
	})
}

func (s store) decide(ctx context.Context, by By, r transferRow, to TransferState, why string) error {
	_, err := s.db.Exec(ctx, `
		UPDATE person_transfer SET state = ?, decided_by = ?, decided_ms = ?, decision = ? WHERE id = ?`,
		string(to), by.Actor, by.Now.UnixMilli(), why, r.ID)
	if err != nil || to != TransferAccepted {
		return err
	}
	// The factor goes with the person, the note on it stays behind.
	_, err = s.db.Exec(ctx, `
		UPDATE person SET agency_id = ?, unit_id = NULL, extra_time_note = '', updated_ms = ? WHERE id = ?`,
		r.ToAgency, by.Now.UnixMilli(), r.PersonID)
	return err
}
