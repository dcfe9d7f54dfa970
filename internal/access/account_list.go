package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"cakap/internal/fault"
)

// Account is a staff account as administrators see it.
type Account struct {
	ID          int64
	Username    string
	Name        string
	Active      bool
	Person      bool // it belongs to a civil servant's record
	HasPassword bool
	CreatedAt   time.Time
	SeenAt      time.Time // of its running sessions; zero where it has none
	Grants      []Grant
	Agencies    []string // short names of the grants' agencies, "" for every one
}

// AccountFilter narrows a list of staff accounts. The zero value of a field
// asks for nothing, save Scope: without one the list is empty.
type AccountFilter struct {
	Scope    Scope
	Text     string // in the name or the user name
	Role     Role
	AgencyID int64 // with a grant for this very agency
	Shut     bool  // only those that were shut out
	Limit    int   // 0: all
	Offset   int
}

// StaffAccounts lists every account that is more than a participant's, by
// name. It is the list of names for authors and actors; a page of accounts is
// Accounts, which keeps to a scope.
func (s *Service) StaffAccounts(ctx context.Context) ([]Account, error) {
	rows, err := store{s.db}.staffAccounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	var all []Account
	for _, r := range rows {
		if n := len(all); n == 0 || all[n-1].ID != r.ID {
			all = append(all, r.value())
		}
		last := &all[len(all)-1]
		last.Grants = append(last.Grants, Grant{r.Role, r.AgencyID})
		last.Agencies = append(last.Agencies, r.AgencyName)
	}
	sortByName(all)
	return all, nil
}

func (r staffRow) value() Account {
	a := Account{
		ID: r.ID, Username: r.Username, Name: r.Name, Active: r.Active,
		Person: r.PersonID != 0, HasPassword: r.HasPassword, CreatedAt: time.UnixMilli(r.CreatedMS).UTC(),
	}
	if r.SeenMS != 0 {
		a.SeenAt = time.UnixMilli(r.SeenMS).UTC()
	}
	return a
}

func sortByName(all []Account) {
	c := collate.New(language.Indonesian, collate.IgnoreCase)
	slices.SortStableFunc(all, func(a, b Account) int {
		if n := c.CompareString(a.Name, b.Name); n != 0 {
			return n
		}
		return strings.Compare(a.Username, b.Username)
	})
}

// Accounts lists the staff accounts that the scope may manage, by name, and
// how many there are besides the page. Staff are hundreds where participants
// are tens of thousands, so they are chosen and sorted here.
func (s *Service) Accounts(ctx context.Context, f AccountFilter) (page []Account, total int, err error) {
	all, err := s.StaffAccounts(ctx)
	if err != nil {
		return nil, 0, err
	}
	all = slices.DeleteFunc(all, func(a Account) bool { return !f.matches(a) })
	total = len(all)
	from := min(max(f.Offset, 0), total)
	to := total
	if f.Limit > 0 {
		to = min(from+f.Limit, total)
	}
	return all[from:to], total, nil
}

func (f AccountFilter) matches(a Account) bool {
	if !manages(f.Scope, a.Grants) || f.Shut && a.Active {
		return false
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" &&
		!strings.Contains(strings.ToLower(a.Name), text) && !strings.Contains(a.Username, text) {
		return false
	}
	if f.Role != "" && !slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == f.Role }) {
		return false
	}
	return f.AgencyID == 0 || slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.AgencyID == f.AgencyID })
}

// Account is one staff account within the scope; any other is not found.
func (s *Service) Account(ctx context.Context, scope Scope, id int64) (Account, error) {
	all, _, err := s.Accounts(ctx, AccountFilter{Scope: scope})
	if err != nil {
		return Account{}, err
	}
	i := slices.IndexFunc(all, func(a Account) bool { return a.ID == id })
	if i < 0 {
		return Account{}, fault.New(fault.NotFound, "error.not_found")
	}
	return all[i], nil
}
