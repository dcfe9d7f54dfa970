package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// ActivationLife is how long an activation code lets somebody in.
const ActivationLife = 14 * 24 * time.Hour

// IssuedCode is an activation code as it is shown once, to be printed.
type IssuedCode struct {
	PersonID int64
	Code     string // grouped
	Expires  time.Time
}

// IssueActivation makes a fresh activation code for each person and ends those
// that were not used. A person outside the scope is not found. Somebody whose
// account is staff's gets none: or an officer could take over an administrator.
func (s *Service) IssueActivation(ctx context.Context, actor int64, scope Scope, people []int64) ([]IssuedCode, error) {
	now := s.now()
	expires := now.Add(ActivationLife)
	var issued []IssuedCode
	err := s.db.Tx(ctx, func(db storage.Querier) error {
		st, byAgency := store{db}, map[int64][]int64{}
		for _, id := range people {
			person, err := mayActivate(ctx, st, scope, id)
			if err != nil {
				return err
			}
			if err := st.dropCodes(ctx, id, now.UnixMilli()); err != nil {
				return err
			}
			code := NewCode(ActivationLength)
			if err := st.insertCode(ctx, s.keys.Code(ActivationPurpose, code), id, actor, now.UnixMilli(), expires.UnixMilli()); err != nil {
				return err
			}
			byAgency[person.AgencyID] = append(byAgency[person.AgencyID], id)
			issued = append(issued, IssuedCode{id, FormatCode(code), expires})
		}
		return recordIssued(ctx, db, actor, byAgency, now)
	})
	if err != nil {
		return nil, fmt.Errorf("issue activation codes: %w", err)
	}
	return issued, nil
}

func mayActivate(ctx context.Context, st store, scope Scope, id int64) (personRow, error) {
	person, err := st.person(ctx, id)
	switch {
	case errors.Is(err, storage.ErrNotFound) || err == nil && !scope.Covers(person.AgencyID):
		return personRow{}, fault.New(fault.NotFound, "error.not_found")
	case err != nil:
		return personRow{}, err
	case !person.Active:
		return personRow{}, fault.New(fault.Conflict, "access.person_inactive", person.Name)
	case person.Staff:
		return personRow{}, fault.New(fault.Conflict, "access.person_is_staff", person.Name)
	}
	return person, nil
}

// issuedAtOnce is how many people one audit entry names.
const issuedAtOnce = 500

func recordIssued(ctx context.Context, db storage.Querier, actor int64, byAgency map[int64][]int64, now time.Time) error {
	for _, agency := range slices.Sorted(maps.Keys(byAgency)) {
		for part := range slices.Chunk(byAgency[agency], issuedAtOnce) {
			e := Entry{At: now, Actor: actor, Action: "activation.issue", ObjectKind: "agency", ObjectID: agency, AgencyID: agency,
				Detail: map[string][]int64{"people": part}}
			if len(byAgency[agency]) == 1 { // found by the person's own trail
				e.ObjectKind, e.ObjectID, e.Detail = "person", part[0], nil
			}
			if err := Record(ctx, db, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Activate sets a password with a one-time code and lets the person in. Other
// sessions of the account end, in case somebody else had the old password.
func (s *Service) Activate(ctx context.Context, typed, password, ip string) (token string, p Principal, err error) {
	code, err := codeOf(typed, ActivationLength)
	if err != nil {
		return "", Principal{}, err
	}
	now, subject := s.now(), s.subject("activation", networkOf(ip))
	if err := s.ips.refuse(ip, now); err != nil {
		return "", Principal{}, err
	}
	if err := activationLimit.refuse(ctx, store{s.db}, subject, now); err != nil {
		return "", Principal{}, err
	}
	hash := s.keys.Code(ActivationPurpose, code)
	person, err := s.activationOf(ctx, hash, now)
	if errors.Is(err, storage.ErrNotFound) {
		s.ips.failed(ip, now)
		if err := activationLimit.take(ctx, s.db, subject, now); err != nil {
			return "", Principal{}, err
		}
		return "", Principal{}, fault.New(fault.Unauthentic, "access.code_wrong").On(FieldCode)
	}
	if err != nil {
		return "", Principal{}, fmt.Errorf("activate: %w", err)
	}
	if err := checkPassword(password, minPassword, person.Number, person.Name, person.AgencyName); err != nil {
		return "", Principal{}, err
	}
	stored, err := s.gate.hash(ctx, password)
	if err != nil {
		return "", Principal{}, err
	}
	account, err := s.activate(ctx, hash, person, stored)
	if err != nil {
		return "", Principal{}, fmt.Errorf("activate: %w", err)
	}
	return s.enter(ctx, entrance{account: account, subject: s.subject("account", account.Username)})
}

// activationOf is the person that a code activates; an unknown code is
// storage.ErrNotFound.
func (s *Service) activationOf(ctx context.Context, hash string, now time.Time) (personRow, error) {
	st := store{s.db}
	row, err := st.code(ctx, hash)
	if err != nil {
		return personRow{}, err
	}
	switch {
	case row.PersonID == 0:
		return personRow{}, storage.ErrNotFound
	case row.UsedMS != 0:
		return personRow{}, fault.New(fault.Gone, "access.code_used").On(FieldCode)
	case now.UnixMilli() >= row.ExpiresMS:
		return personRow{}, fault.New(fault.Gone, "access.code_expired").On(FieldCode)
	}
	person, err := st.person(ctx, row.PersonID)
	if err != nil {
		return personRow{}, err
	}
	if person.Staff { // became staff after the code was printed
		return personRow{}, fault.New(fault.Gone, "access.code_expired").On(FieldCode)
	}
	return person, nil
}

func (s *Service) activate(ctx context.Context, hash string, person personRow, stored string) (account accountRow, err error) {
	now := s.now()
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		st := store{db}
		used, err := st.useCode(ctx, hash, now.UnixMilli())
		if err != nil {
			return err
		}
		if !used { // another request was first
			return fault.New(fault.Gone, "access.code_used").On(FieldCode)
		}
		if account, err = ensureParticipant(ctx, st, person, now); err != nil {
			return err
		}
		return replacePassword(ctx, db, account, account.ID, stored, now)
	})
	return account, err
}

// replacePassword also ends every session that the old password opened.
func replacePassword(ctx context.Context, db storage.Querier, account accountRow, actor int64, stored string, now time.Time) error {
	st := store{db}
	if err := st.setPassword(ctx, account.ID, stored, now.UnixMilli()); err != nil {
		return err
	}
	if err := st.deleteSessionsOf(ctx, account.ID); err != nil {
		return err
	}
	return Record(ctx, db, Entry{At: now, Actor: actor, Action: "account.password", ObjectKind: "account", ObjectID: account.ID, AgencyID: account.PersonAgency})
}
