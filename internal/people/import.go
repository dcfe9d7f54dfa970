package people

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/storage"
)

// ImportRequest is a roster to bring in.
type ImportRequest struct {
	FileName string
	File     io.ReaderAt
	Size     int64

	AgencyID int64
	By       By

	DryRun bool // only report
	// SkipRejected saves the good rows although others were rejected. Without
	// it one rejected row holds everything back: nobody gets half a roster
	// without having said so.
	SkipRejected bool
	// Choices says of rows, by number, whether somebody under a new number is
	// the person known under an old one. HoldTwins keeps rows back that nobody
	// decided about; without it they are saved as somebody new, with a warning.
	Choices   map[int]Choice
	HoldTwins bool
}

// Import reads a roster, judges every row and saves what it says in one
// transaction. A blank cell changes nothing, nobody is ever deleted, and the
// same file twice changes nothing the second time. Where the file cannot be
// read the error is a fault, and the report holds it as a file message too.
func (s *Service) Import(ctx context.Context, req ImportRequest) (Report, error) {
	report := Report{File: req.FileName, DryRun: req.DryRun}
	if !req.By.Scope.Covers(req.AgencyID) {
		return report, errAgencyNotFound()
	}
	roster, err := readRoster(req, &report)
	if err != nil {
		if f := fault.Of(err); f != nil {
			report.Messages = append(report.Messages, f)
		}
		return report, err
	}
	save := func(db storage.Querier) error {
		m, err := store{db}.match(ctx, req, &roster)
		if err != nil {
			return err
		}
		report.Rows, report.Messages, report.Counts = roster.Rows, roster.Messages, count(roster.Rows)
		report.Missing = m.missing()
		report.Counts.Missing, report.Counts.Units = len(report.Missing), len(m.units.added)
		if req.DryRun {
			return nil
		}
		if report.Counts.Rejected > 0 && !req.SkipRejected {
			report.Messages = append(report.Messages, fault.New(fault.Invalid, "people.held_back", report.Counts.Rejected))
			return nil
		}
		if err := (store{db}).save(ctx, req, m, &report); err != nil {
			return err
		}
		report.Saved = true
		return nil
	}
	if req.DryRun {
		err = save(s.db) // reads only, so no writer has to wait for it
	} else {
		err = s.db.Tx(ctx, save)
	}
	switch {
	case errors.Is(err, storage.ErrConflict):
		// Somebody else registered one of these people since they were matched.
		report.Saved = false
		return report, fault.New(fault.Conflict, "people.import_race").Because(err)
	case err != nil:
		report.Saved = false
		return report, fmt.Errorf("import roster: %w", err)
	}
	return report, nil
}

func readRoster(req ImportRequest, report *Report) (Roster, error) {
	book, err := sheet.Open(req.FileName, req.File, req.Size, sheet.Limits{})
	if err != nil {
		return Roster{}, err
	}
	report.Format, report.Encoding = book.Format, book.Encoding
	return ParseRoster(book, req.By.Now)
}

// match loads what is known about the agency and decides every row.
func (s store) match(ctx context.Context, req ImportRequest, roster *Roster) (*matcher, error) {
	agency, err := s.agency(ctx, req.AgencyID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errAgencyNotFound()
	}
	if err != nil {
		return nil, err
	}
	k := known{agency: agency, history: map[NIP]int64{}, choices: req.Choices, hold: req.HoldTwins}
	if k.people, err = s.people(ctx, agency.ID); err != nil {
		return nil, err
	}
	owners, err := s.nips(ctx, agency.ID)
	if err != nil {
		return nil, err
	}
	for _, o := range owners {
		k.history[o.NIP] = o.PersonID
	}
	units, err := s.units(ctx, agency.ID)
	if err != nil {
		return nil, err
	}
	k.units = newUnitTree(agency.ID, units, func() int64 { return storage.NewID(req.By.Now) })
	if k.elsewhere, err = s.elsewhere(ctx, agency.ID, strangers(roster, k), numbers(roster)); err != nil {
		return nil, err
	}
	return match(roster, k), nil
}

// strangers are the NIPs that the agency does not know.
func strangers(roster *Roster, k known) []string {
	var all []string
	for _, r := range roster.Rows {
		if _, ours := k.history[r.Person.NIP]; !ours && r.Person.NIP != "" && r.Status != Rejected {
			all = append(all, string(r.Person.NIP))
		}
	}
	return all
}

func numbers(roster *Roster) []string {
	var all []string
	for _, r := range roster.Rows {
		if r.Person.ParticipantNo != "" && r.Status != Rejected {
			all = append(all, r.Person.ParticipantNo)
		}
	}
	return all
}

// save writes what was decided, with its audit entry.
func (s store) save(ctx context.Context, req ImportRequest, m *matcher, report *Report) error {
	for _, u := range m.units.added {
		if err := s.addUnit(ctx, *u, req.By.Now); err != nil {
			return fmt.Errorf("add unit: %w", err)
		}
	}
	for _, u := range m.units.adopted {
		if err := s.setUnitExternal(ctx, *u); err != nil {
			return fmt.Errorf("name unit: %w", err)
		}
	}
	for _, r := range report.Rows {
		var err error
		switch r.Action {
		case ActionNew:
			r.Person.ID = storage.NewID(req.By.Now)
			err = s.addPerson(ctx, r.Person, req.By.Now)
		case ActionChanged:
			err = s.saveChanged(ctx, req.By, r)
			if r.timed {
				report.Retimed = append(report.Retimed, r.personID)
			}
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", r.N, err)
		}
	}
	return req.By.record(ctx, s.db, "roster.import", "agency", req.AgencyID, req.AgencyID, report.Counts)
}
