package people

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/sheet"
	"cakap/internal/storage"
)

// Service is the use cases of this package. Every one that names an agency or
// a person takes the scope of who asks; what the scope does not cover is not
// found, exactly like what does not exist.
type Service struct{ db *storage.DB }

// New makes the service on a database.
func New(db *storage.DB) *Service { return &Service{db: db} }

func errAgencyNotFound() error { return fault.New(fault.NotFound, "people.agency_not_found") }

func errPersonNotFound() error { return fault.New(fault.NotFound, "people.person_not_found") }

// By says who acts, and when.
type By struct {
	Scope access.Scope
	Actor int64 // account; 0 is the system
	Now   time.Time
}

func (b By) record(ctx context.Context, db storage.Querier, action, kind string, id, agencyID int64, detail any) error {
	return access.Record(ctx, db, access.Entry{
		At: b.Now, Actor: b.Actor, Action: action, ObjectKind: kind, ObjectID: id, AgencyID: agencyID, Detail: detail,
	})
}

// SeedAgencies adds those of the reference list that are not there yet: the
// ones with these codes, or all without any. It may run at every start.
func (s *Service) SeedAgencies(ctx context.Context, by By, codes ...string) (added int, err error) {
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		present, err := store{db}.agencies(ctx)
		if err != nil {
			return err
		}
		for _, a := range ReferenceAgencies() {
			there := slices.ContainsFunc(present, func(p Agency) bool { return p.Code == a.Code })
			if there || len(codes) > 0 && !slices.Contains(codes, a.Code) {
				continue
			}
			a.ID = storage.NewID(by.Now)
			if err := (store{db}).addAgency(ctx, a, by.Now); err != nil {
				return err
			}
			added++
		}
		if added == 0 {
			return nil
		}
		return by.record(ctx, db, "agency.seed", "agency", 0, 0, map[string]int{"added": added})
	})
	if err != nil {
		return 0, fmt.Errorf("seed agencies: %w", err)
	}
	return added, nil
}

// CreateAgency adds an agency; only who covers all agencies may.
func (s *Service) CreateAgency(ctx context.Context, by By, a Agency) (Agency, error) {
	a, err := checkAgency(by, a)
	if err != nil {
		return Agency{}, err
	}
	a.ID, a.Active = storage.NewID(by.Now), true
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		if err := (store{db}).addAgency(ctx, a, by.Now); err != nil {
			return err
		}
		return by.record(ctx, db, "agency.create", "agency", a.ID, a.ID, a)
	})
	return a, agencyError("create agency", err)
}

// UpdateAgency changes an agency, also whether it is in use.
func (s *Service) UpdateAgency(ctx context.Context, by By, a Agency) error {
	a, err := checkAgency(by, a)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(db storage.Querier) error {
		if err := (store{db}).updateAgency(ctx, a); err != nil {
			return err
		}
		return by.record(ctx, db, "agency.update", "agency", a.ID, a.ID, a)
	})
	return agencyError("update agency", err)
}

func agencyError(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, storage.ErrConflict):
		return fault.New(fault.Conflict, "people.agency_exists").On("code")
	case errors.Is(err, storage.ErrNotFound):
		return errAgencyNotFound()
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

var agencyCode = regexp.MustCompile(`^[0-9A-Za-z-]{2,20}$`)

func checkAgency(by By, a Agency) (Agency, error) {
	if !by.Scope.All {
		return a, fault.New(fault.Forbidden, "people.agency_forbidden")
	}
	a.Code = strings.TrimSpace(a.Code)
	var faults []*fault.Fault
	if !agencyCode.MatchString(a.Code) {
		faults = append(faults, fault.New(fault.Invalid, "people.agency_code").On("code"))
	}
	for _, f := range []struct {
		text  *string
		field string
	}{{&a.Name, "name"}, {&a.ShortName, "short_name"}} {
		text, ok := sheet.Clean(*f.text)
		if !ok || text == "" || len([]rune(text)) > 150 || sheet.FormulaStart(text) {
			faults = append(faults, fault.New(fault.Invalid, "people.agency_name").On(f.field))
		}
		*f.text = text
	}
	if !slices.Contains([]string{"province", "regency", "city", "ministry", "other"}, a.Kind) {
		faults = append(faults, fault.New(fault.Invalid, "people.agency_kind").On("kind"))
	}
	if !slices.Contains([]string{"WIB", "WITA", "WIT"}, a.Zone) {
		faults = append(faults, fault.New(fault.Invalid, "people.agency_zone").On("zone"))
	}
	return a, fault.Join(faults)
}

// Agencies are those the scope covers, by code.
func (s *Service) Agencies(ctx context.Context, scope access.Scope) ([]Agency, error) {
	all, err := store{s.db}.agencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list agencies: %w", err)
	}
	return slices.DeleteFunc(all, func(a Agency) bool { return !scope.Covers(a.ID) }), nil
}

// AgencyNames are the names of all agencies by id: which agencies there are is
// known to everybody.
func (s *Service) AgencyNames(ctx context.Context) (map[int64]string, error) {
	all, err := store{s.db}.agencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list agencies: %w", err)
	}
	names := make(map[int64]string, len(all))
	for _, a := range all {
		names[a.ID] = a.Name
	}
	return names, nil
}

// Agency is one agency.
func (s *Service) Agency(ctx context.Context, scope access.Scope, id int64) (Agency, error) {
	a, err := store{s.db}.agency(ctx, id)
	return coveredAgency(scope, a, err)
}

// AgencyByCode is the agency with a code of BKN.
func (s *Service) AgencyByCode(ctx context.Context, scope access.Scope, code string) (Agency, error) {
	a, err := store{s.db}.agencyByCode(ctx, code)
	return coveredAgency(scope, a, err)
}

func coveredAgency(scope access.Scope, a Agency, err error) (Agency, error) {
	switch {
	case errors.Is(err, storage.ErrNotFound), err == nil && !scope.Covers(a.ID):
		return Agency{}, errAgencyNotFound()
	case err != nil:
		return Agency{}, fmt.Errorf("find agency: %w", err)
	}
	return a, nil
}

// Units is an agency's tree, every parent before its children, siblings by name.
func (s *Service) Units(ctx context.Context, scope access.Scope, agencyID int64) ([]Unit, error) {
	if !scope.Covers(agencyID) {
		return nil, errAgencyNotFound()
	}
	all, err := store{s.db}.units(ctx, agencyID)
	if err != nil {
		return nil, fmt.Errorf("list units: %w", err)
	}
	sortTree(all)
	return all, nil
}

// sortTree compares paths name by name, so that "Dinas A / Z" stands before
// "Dinas A Baru": a plain comparison would mix the trees.
func sortTree(units []Unit) {
	keys := collator()
	parts := make(map[int64][][]byte, len(units))
	for _, u := range units {
		for _, name := range strings.Split(u.Path, pathSign) {
			parts[u.ID] = append(parts[u.ID], keys(name))
		}
	}
	slices.SortFunc(units, func(a, b Unit) int {
		return slices.CompareFunc(parts[a.ID], parts[b.ID], bytes.Compare)
	})
}

// collator makes sort keys for Indonesian names. It is made per use, because a
// collate.Collator is not for two goroutines.
func collator() func(string) []byte {
	c, buf := collate.New(language.Indonesian), &collate.Buffer{}
	return func(name string) []byte { return c.KeyFromString(buf, name) }
}
