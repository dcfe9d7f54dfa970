package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cakap/internal/fault"
	"cakap/internal/storage"
)

// NewAccount is an account that an administrator makes: for staff, or for a
// civil servant who shall have a role besides.
type NewAccount struct {
	Username string // may be empty for a person, whose number it then is
	Name     string // may be empty for a person
	Password string
	PersonID int64
	Grants   []Grant
}

var usernamePattern = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,38}[a-z0-9]$`)

// CreateAccount makes an account. The actor is the account of an administrator
// whose agencies cover every grant, or 0 for the system itself.
func (s *Service) CreateAccount(ctx context.Context, actor int64, n NewAccount) (int64, error) {
	a, err := s.prepare(ctx, n)
	if err != nil {
		return 0, err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		if err := mayManage(ctx, store{db}, actor, n.Grants, a.PersonAgency); err != nil {
			return err
		}
		return insertAccount(ctx, db, actor, a, n.Grants, s.now())
	})
	if err != nil {
		return 0, fmt.Errorf("create account: %w", err)
	}
	return a.ID, nil
}

// prepare checks a new account and hashes its password, outside any transaction.
func (s *Service) prepare(ctx context.Context, n NewAccount) (accountRow, error) {
	a := accountRow{ID: storage.NewID(s.now()), PersonID: n.PersonID, Username: normalName(n.Username), Name: strings.TrimSpace(n.Name), Active: true}
	var faults []*fault.Fault
	if n.PersonID != 0 {
		person, err := store{s.db}.person(ctx, n.PersonID)
		if err != nil {
			return accountRow{}, notFoundIs(err, fault.New(fault.NotFound, "error.not_found"))
		}
		a.PersonAgency, a.Name = person.AgencyID, person.Name
		if a.Username == "" {
			a.Username = normalName(person.Number)
		}
		if a.Username != normalName(person.Number) && !usernamePattern.MatchString(a.Username) {
			faults = append(faults, fault.New(fault.Invalid, "access.username_bad").On(FieldUsername))
		}
	} else if !usernamePattern.MatchString(a.Username) {
		faults = append(faults, fault.New(fault.Invalid, "access.username_bad").On(FieldUsername))
	}
	if badName(a.Name) {
		faults = append(faults, fault.New(fault.Invalid, "access.name_bad").On(FieldName))
	}
	if f := checkGrants(n.Grants, n.PersonID != 0); f != nil {
		faults = append(faults, f)
	}
	if f := fault.Of(checkPassword(n.Password, leastFor(n.Grants), a.Username, a.Name)); f != nil {
		faults = append(faults, f)
	}
	if err := fault.Join(faults); err != nil {
		return accountRow{}, err
	}
	var err error
	a.PasswordHash, err = s.gate.hash(ctx, n.Password)
	return a, err
}

// badName refuses what is no name, and what a spreadsheet would run as a formula.
func badName(name string) bool {
	return name == "" || utf8.RuneCountInString(name) > 200 || strings.ContainsAny(name[:1], "=+-@") ||
		!utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl)
}

func leastFor(grants []Grant) int {
	if staff(grants) {
		return minStaffPassword
	}
	return minPassword
}

// checkGrants refuses an empty set, an unknown role, and a participant who is
// nobody or is bound to one agency: people take part wherever they are enrolled.
func checkGrants(grants []Grant, person bool) *fault.Fault {
	if len(grants) == 0 {
		return fault.New(fault.Invalid, "access.role_missing").On(FieldRoles)
	}
	for _, g := range grants {
		if !slices.Contains(Roles[:], g.Role) || g.AgencyID < 0 {
			return fault.New(fault.Invalid, "access.role_unknown", string(g.Role)).On(FieldRoles)
		}
		if g.Role == Participant && (!person || g.AgencyID != 0) {
			return fault.New(fault.Invalid, "access.role_participant").On(FieldRoles)
		}
	}
	return nil
}

// insertAccount saves a new account with its roles and its audit entry.
func insertAccount(ctx context.Context, db storage.Querier, actor int64, a accountRow, grants []Grant, now time.Time) error {
	st := store{db}
	if err := st.insertAccount(ctx, a, now.UnixMilli()); err != nil {
		if errors.Is(err, storage.ErrConflict) {
			return fault.New(fault.Conflict, "access.username_taken").On(FieldUsername).Because(err)
		}
		return err
	}
	if err := saveGrants(ctx, st, a.ID, grants); err != nil {
		return err
	}
	return Record(ctx, db, Entry{At: now, Actor: actor, Action: "account.create", ObjectKind: "account", ObjectID: a.ID,
		AgencyID: agencyOf(grants), Detail: map[string]any{"roles": grants}})
}

func saveGrants(ctx context.Context, st store, account int64, grants []Grant) error {
	for _, g := range grants {
		if g.AgencyID != 0 {
			there, err := st.agencyExists(ctx, g.AgencyID)
			if err != nil {
				return err
			}
			if !there {
				return fault.New(fault.Invalid, "access.agency_unknown").On(FieldRoles)
			}
		}
		if err := st.grant(ctx, account, g); err != nil {
			return err
		}
	}
	return nil
}

// agencyOf is the agency that grants are about, 0 where it is not just one.
func agencyOf(grants []Grant) int64 {
	agency := int64(0)
	for _, g := range grants {
		if g.Role == Participant {
			continue
		}
		if g.AgencyID == 0 || agency != 0 && agency != g.AgencyID {
			return 0
		}
		agency = g.AgencyID
	}
	return agency
}

// mayManage lets an administrator act on an account with these grants, whose
// person is of an agency. What lies outside the actor's agencies is not found.
// The actor's roles are read now: a page opened yesterday proves nothing.
func mayManage(ctx context.Context, st store, actor int64, grants []Grant, personAgency int64) error {
	if actor == 0 {
		return nil
	}
	a, err := st.account(ctx, actor)
	if err != nil {
		return notFoundIs(err, fault.New(fault.Unauthentic, "error.unauthentic"))
	}
	roles, err := st.roles(ctx, actor)
	if err != nil {
		return err
	}
	p := &Principal{AccountID: actor, Roles: roles}
	if err := Allow(p, AccountManage); err != nil {
		return err
	}
	scope := p.Scope(AccountManage)
	if !a.Active || !manages(scope, grants) || personAgency != 0 && !scope.Covers(personAgency) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return nil
}

// manages reports whether the scope covers every grant that is more than a
// participant's. A grant for all agencies needs a scope of all.
func manages(scope Scope, grants []Grant) bool {
	for _, g := range grants {
		if g.Role != Participant && !scope.All && (g.AgencyID == 0 || !scope.Covers(g.AgencyID)) {
			return false
		}
	}
	return true
}

// notFoundIs turns a missing row into the refusal that says what was missing;
// another error stays what it is, none is the refusal too.
func notFoundIs(err error, refusal *fault.Fault) error {
	if err == nil || errors.Is(err, storage.ErrNotFound) {
		return refusal
	}
	return err
}
