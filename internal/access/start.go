package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// startEarly lets people log in before their session opens, so that the bell
// finds them waiting.
const startEarly = 2 * time.Hour

// LoginStartCode lets a person in with the code on the exam card, for that one
// assessment and within the window of its session. It costs no password hash:
// the strict limit per person is what makes a short code safe.
func (s *Service) LoginStartCode(ctx context.Context, number, typed, ip string) (token string, p Principal, err error) {
	number = normalName(number)
	if number == "" || len(number) > maxUsername {
		return "", Principal{}, wrongStart()
	}
	code, err := codeOf(typed, StartLength)
	if err != nil {
		return "", Principal{}, err
	}
	now, subject := s.now(), s.subject("start", number)
	if err := s.ips.refuse(ip, now); err != nil {
		return "", Principal{}, err
	}
	if err := startCodeLimit.refuse(ctx, store{s.db}, subject, now); err != nil {
		return "", Principal{}, err
	}
	row, err := store{s.db}.startCode(ctx, s.keys.Code(StartPurpose, code))
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return "", Principal{}, fmt.Errorf("start code: %w", err)
	}
	// The number as of the enrolment stands on the card; it may have changed since.
	if err != nil || number != normalName(row.Enrolled) && number != normalName(row.Number) {
		s.ips.failed(ip, now)
		if err := startCodeLimit.take(ctx, s.db, subject, now); err != nil {
			return "", Principal{}, err
		}
		return "", Principal{}, wrongStart()
	}
	if err := row.admits(now); err != nil {
		return "", Principal{}, err
	}
	return s.enter(ctx, entrance{
		account:   accountRow{ID: row.AccountID, PersonID: row.PersonID, Name: row.Name, Active: row.Active},
		person:    personRow{ID: row.PersonID, AgencyID: row.AgencyID, Number: row.Number, Name: row.Name},
		enrolment: row.EnrolmentID, subject: subject, limit: startCodeLimit,
	})
}

func wrongStart() error { return fault.New(fault.Unauthentic, "access.start_code_wrong").On(FieldCode) }

// admits says why a right code does not let its person in now. Who began in
// time comes back in until the attempt ends, however late: a lost phone must
// not cost the rest of the answers.
func (r startRow) admits(now time.Time) error {
	switch {
	case !r.Active:
		return fault.New(fault.Forbidden, "access.account_shut")
	case now.Before(time.UnixMilli(r.OpensMS).Add(-startEarly)):
		return fault.New(fault.Conflict, "access.start_code_early").On(FieldCode)
	case now.After(time.UnixMilli(r.ClosesMS)) && !r.UnderWay:
		return fault.New(fault.Gone, "access.start_code_late").On(FieldCode)
	}
	return nil
}
