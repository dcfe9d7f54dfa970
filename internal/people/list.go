package people

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"cakap/internal/access"
	"cakap/internal/fault"
	"cakap/internal/storage"
)

// Filter narrows a list of people; zero fields do not.
type Filter struct {
	AgencyID int64
	UnitID   int64  // with everything below it
	Query    string // part of a name, or digits of a NIP or participant number
	Kind     Kind
	State    string // "active", "inactive" or "" for both
	Page     int    // from 1; 0 is 1

	unitPath string
}

// PageSize is how many people a page of a list has.
const PageSize = chunk

// Page is a part of a list, in the order of names.
type Page struct {
	People []Person
	Total  int // of the whole list
	Number int // from 1
	Pages  int // at least 1
}

// People is a page of the people the scope covers, by name. Names are sorted
// here and not in SQL: engines order "É" and spaces differently.
func (s *Service) People(ctx context.Context, scope access.Scope, f Filter) (Page, error) {
	if f.State != "" && f.State != "active" && f.State != "inactive" {
		return Page{}, fault.New(fault.Malformed, "people.filter")
	}
	st := store{s.db}
	agencies, err := st.listed(ctx, scope, &f)
	if err != nil {
		return Page{}, err
	}
	var all []indexed
	for _, id := range agencies {
		f.AgencyID = id
		some, err := st.search(ctx, f)
		if err != nil {
			return Page{}, fmt.Errorf("list people: %w", err)
		}
		all = append(all, some...)
	}
	sortByName(all)
	page := Page{Total: len(all), Number: max(f.Page, 1), Pages: max((len(all)+PageSize-1)/PageSize, 1)}
	page.Number = min(page.Number, page.Pages)
	all = all[(page.Number-1)*PageSize : min(page.Number*PageSize, len(all))]
	if page.People, err = st.inOrder(ctx, all); err != nil {
		return Page{}, fmt.Errorf("list people: %w", err)
	}
	return page, nil
}

// listed are the agencies to search, one by one; a 0 stands for all of them.
func (s store) listed(ctx context.Context, scope access.Scope, f *Filter) ([]int64, error) {
	if f.UnitID != 0 {
		u, err := s.unit(ctx, f.UnitID)
		if errors.Is(err, storage.ErrNotFound) || err == nil && (!scope.Covers(u.AgencyID) || f.AgencyID != 0 && f.AgencyID != u.AgencyID) {
			return nil, fault.New(fault.NotFound, "people.unit_not_found")
		}
		if err != nil {
			return nil, fmt.Errorf("find unit: %w", err)
		}
		f.AgencyID, f.unitPath = u.AgencyID, u.Path
	}
	switch {
	case f.AgencyID != 0 && !scope.Covers(f.AgencyID):
		return nil, errAgencyNotFound()
	case f.AgencyID != 0:
		return []int64{f.AgencyID}, nil
	case scope.All:
		return []int64{0}, nil
	default:
		return scope.Agencies, nil
	}
}

func sortByName(all []indexed) {
	keys := collator()
	type keyed struct {
		indexed
		key []byte
	}
	sorted := make([]keyed, len(all))
	for i, p := range all {
		sorted[i] = keyed{p, keys(p.Name)}
	}
	slices.SortFunc(sorted, func(a, b keyed) int {
		return cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.ID, b.ID))
	})
	for i := range sorted {
		all[i] = sorted[i].indexed
	}
}

func (s store) inOrder(ctx context.Context, wanted []indexed) ([]Person, error) {
	ids := make([]int64, len(wanted))
	for i, w := range wanted {
		ids[i] = w.ID
	}
	found, err := s.peopleByID(ctx, ids)
	slices.SortFunc(found, func(a, b Person) int {
		return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID))
	})
	return found, err
}

// Person is one person.
func (s *Service) Person(ctx context.Context, scope access.Scope, id int64) (Person, error) {
	p, err := store{s.db}.person(ctx, id)
	switch {
	case errors.Is(err, storage.ErrNotFound), err == nil && !scope.Covers(p.AgencyID):
		return Person{}, errPersonNotFound()
	case err != nil:
		return Person{}, fmt.Errorf("find person: %w", err)
	}
	return p, nil
}

// PersonByNumber finds by a NIP, also a former one, or a participant number.
func (s *Service) PersonByNumber(ctx context.Context, scope access.Scope, number string) (Person, error) {
	var id int64
	nip, err := ParseNIP(number)
	if err == nil {
		id, err = store{s.db}.personIDByNIP(ctx, nip)
	} else {
		id, err = store{s.db}.personIDByNumber(ctx, number)
	}
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return Person{}, errPersonNotFound()
	case err != nil:
		return Person{}, fmt.Errorf("find person: %w", err)
	}
	return s.Person(ctx, scope, id)
}

// FormerNumbers are the NIPs that somebody had before the present one, the
// latest first.
func (s *Service) FormerNumbers(ctx context.Context, scope access.Scope, id int64) ([]NIP, error) {
	p, err := s.Person(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	var all []NIP
	err = s.db.Select(ctx, &all, `SELECT nip FROM person_nip WHERE person_id = ? AND nip <> ? ORDER BY since_ms DESC, nip`, id, string(p.NIP))
	if err != nil {
		return nil, fmt.Errorf("list numbers: %w", err)
	}
	return all, nil
}
